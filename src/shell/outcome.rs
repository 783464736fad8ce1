//! What a command left behind: a state if it succeeded, one if it failed, and what it printed.

use super::state::{State, either};
use super::text::{self, Values};

/// What a command left behind.
pub(super) struct Outcome {
    /// The state if it succeeded; none if it cannot.
    pub(super) ok: Option<State>,
    /// The state if it failed; none if it cannot.
    pub(super) fail: Option<State>,
    /// What it printed.
    pub(super) out: Values,
}

impl Outcome {
    /// It may succeed or fail, prints something unknown and leaves the shell as it was.
    pub(super) fn of(state: State) -> Self {
        Outcome { ok: Some(state.clone()), fail: Some(state), out: text::unknown() }
    }

    /// As [`Outcome::of`], but it prints nothing.
    pub(super) fn silent(state: State) -> Self {
        Outcome::of(state).printing(vec![String::new()])
    }

    pub(super) fn sure(state: State) -> Self {
        Outcome { ok: Some(state), fail: None, out: vec![String::new()] }
    }

    pub(super) fn failure(state: State) -> Self {
        Outcome { ok: None, fail: Some(state), out: vec![String::new()] }
    }

    /// Nothing after it runs.
    pub(super) fn gone() -> Self {
        Outcome { ok: None, fail: None, out: vec![String::new()] }
    }

    pub(super) fn printing(mut self, out: Values) -> Self {
        self.out = out;
        self
    }

    /// The state whatever its exit code.
    pub(super) fn after(self) -> (Option<State>, Values) {
        (either(self.ok, self.fail), self.out)
    }

    /// As a subshell: its directory and variables are not kept.
    pub(super) fn apart(self, state: &State) -> Self {
        let ended = self.ok.is_none() && self.fail.is_none();
        Outcome {
            ok: (ended || self.ok.is_some()).then(|| state.clone()),
            fail: (ended || self.fail.is_some()).then(|| state.clone()),
            out: self.out,
        }
    }

    /// Either of two runs.
    pub(super) fn or(self, other: Outcome) -> Self {
        let mut out = self.out;
        text::add_all(&mut out, other.out);
        Outcome { ok: either(self.ok, other.ok), fail: either(self.fail, other.fail), out }
    }
}
