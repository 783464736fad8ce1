//! Following a parsed script: lists, chains and pipelines.
//!
//! Every statement takes a state to the state if it succeeds and the state if it
//! fails, so that `cd a && b`, `cd a || exit` and `if cd a` come out right.

mod compound;
mod dispatch;
mod loops;
mod redirect;
mod simple;
mod test;

pub(super) use dispatch::quote;
pub(super) use simple::put_element;

use std::rc::Rc;

use super::machine::{Machine, Outcome, Stdin};
use super::parse::tree::{Item, Joint, Pipeline, Script, Substitution};
use super::parse::{self};
use super::state::{State, either};
use super::text::{self, Values};

/// What a command reads and whether somebody reads what it prints.
#[derive(Clone, Default)]
pub(super) struct Io {
    pub(super) stdin: Stdin,
    pub(super) wanted: bool,
}

impl Machine<'_> {
    /// Follows a list of commands.
    pub(super) fn script(&mut self, script: &Script, state: State, io: &Io) -> Outcome {
        let mut outcome = Outcome::sure(state);
        let mut items = script.items.iter();
        while let Some(item) = items.next() {
            let errexit = outcome.ok.as_ref().is_some_and(|state| state.options.errexit);
            let before = if errexit && outcome.ok.is_some() {
                outcome.ok.take()
            } else {
                either(outcome.ok.take(), outcome.fail.take())
            };
            let Some(state) = before else { return Outcome::gone().printing(outcome.out) };
            let next = self.item(item, state, io);
            let out = if io.wanted { text::join(outcome.out, &next.out) } else { Values::new() };
            outcome = Outcome { out, ..next };
            if self.exhausted.is_some() && items.len() > 0 {
                break;
            }
        }
        outcome
    }

    fn item(&mut self, item: &Item, state: State, io: &Io) -> Outcome {
        if item.background {
            let own = self.chain(item, state.clone(), io);
            return Outcome::sure(state).printing(own.out);
        }
        self.chain(item, state, io)
    }

    fn chain(&mut self, item: &Item, state: State, io: &Io) -> Outcome {
        let mut outcome = self.pipeline(&item.first, state, io);
        for (joint, pipeline) in &item.rest {
            let (runs, skips) = match joint {
                Joint::And => (outcome.ok.take(), outcome.fail.take()),
                Joint::Or => (outcome.fail.take(), outcome.ok.take()),
            };
            let Some(runs) = runs else {
                match joint {
                    Joint::And => outcome.fail = skips,
                    Joint::Or => outcome.ok = skips,
                }
                continue;
            };
            let next = if let Some(skips) = &skips {
                self.charge(skips);
                self.maybe(|it| it.pipeline(pipeline, runs, io))
            } else {
                self.pipeline(pipeline, runs, io)
            };
            let mut out = outcome.out.clone();
            for value in text::join(std::mem::take(&mut outcome.out), &next.out) {
                text::add(&mut out, value);
            }
            if skips.is_none() && out.len() > 1 {
                out.remove(0);
            }
            outcome = match joint {
                Joint::And => Outcome { ok: next.ok, fail: either(skips, next.fail), out },
                Joint::Or => Outcome { ok: either(skips, next.ok), fail: next.fail, out },
            };
        }
        outcome
    }

    fn pipeline(&mut self, pipeline: &Pipeline, state: State, io: &Io) -> Outcome {
        let outcome = match pipeline.commands.as_slice() {
            [] => Outcome::sure(state),
            [only] => self.command(only, state, io),
            [before @ .., last] => {
                let mut stdin = io.stdin.clone();
                for command in before {
                    let own = Io { stdin, wanted: true };
                    let outcome = self.command(command, state.clone(), &own);
                    stdin = Some(outcome.out);
                }
                let own = Io { stdin, wanted: io.wanted };
                self.command(last, state.clone(), &own).apart(&state)
            }
        };
        if pipeline.negated {
            Outcome { ok: outcome.fail, fail: outcome.ok, out: outcome.out }
        } else {
            outcome
        }
    }

    /// What a substitution prints, its effects recorded.
    pub(super) fn captured(&mut self, inner: &Substitution, state: &State, stdin: Stdin) -> Values {
        if !self.step() {
            return text::unknown();
        }
        let part = self.part.clone();
        let io = Io { stdin, wanted: true };
        let outcome = self.deeper(|it| match &inner.source {
            Some(source) => {
                it.in_source(Rc::clone(source), |it| it.script(&inner.script, state.clone(), &io))
            }
            None => it.script(&inner.script, state.clone(), &io),
        });
        self.part = part;
        outcome.map_or_else(text::unknown, |outcome| outcome.out)
    }

    /// Runs `follow` while spans refer to another text.
    pub(super) fn in_source<T>(
        &mut self,
        source: Rc<str>,
        follow: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let outer = std::mem::replace(&mut self.source, source);
        let result = follow(self);
        self.source = outer;
        result
    }

    /// Follows the text of a nested shell, `eval` or a script.
    pub(super) fn text(&mut self, code: &str, state: State, io: &Io) -> Outcome {
        self.spend(code);
        if !self.step() {
            return Outcome::silent(state);
        }
        if text::has_hole(code) && text::known_prefix(code).trim().is_empty() {
            self.unnamed("the code that a shell runs is only known when it runs");
            return Outcome::of(state);
        }
        let part = self.part.clone();
        let followed = self.deeper(|it| {
            let parsed = parse::parse(code);
            let outcome =
                it.in_source(code.into(), |it| it.script(&parsed.script, state.clone(), io));
            if let Some(stop) = parsed.stop {
                let rest = code.get(stop.unread..).unwrap_or(code);
                if super::unread::may_write(rest) {
                    it.unnamed(format!(
                        "part of the code that it runs cannot be read: {}",
                        stop.why
                    ));
                } else {
                    it.opaque();
                }
            }
            outcome
        });
        self.part = part;
        followed.unwrap_or_else(|| Outcome::of(state))
    }

    /// As [`Machine::hidden`], of each possible value.
    pub(super) fn hidden_all(&mut self, values: &[String], state: &State) {
        for value in values {
            self.hidden(value, state);
        }
    }

    /// Follows the substitutions hidden in text that bash expands a second time.
    pub(super) fn hidden(&mut self, value: &str, state: &State) {
        if !(value.contains("$(") || value.contains('`')) {
            return;
        }
        let code = format!(": {value}");
        self.text(&code, state.clone(), &Io::default());
    }
}
