//! The machine that a command is followed on: what it found, what it may still spend.
//!
//! Every effect of every command goes through [`Machine::write`] and its
//! neighbours; the rooms that know commands only say what they do.

use std::path::PathBuf;
use std::rc::Rc;

use super::disk::Disk;
pub(super) use super::outcome::Outcome;
use super::state::State;
use super::target;
use super::text::{self, Values};
use super::{Analysis, Setting, Step, Unnamed, Write, WriteKind};

/// Most steps for one command: a simple command, a loop's round, a substitution.
const STEPS: u32 = 10_000;
/// Deepest nesting of commands, functions and shells while following a command.
pub(super) const DEPTH: u32 = 60;
/// Most paths that are kept.
const WRITES: usize = 2_000;
/// Most parts that `explain` shows.
const SHOWN: usize = 400;

/// The machine.
pub(super) struct Machine<'a> {
    pub(super) setting: &'a Setting<'a>,
    pub(super) analysis: Analysis,
    pub(super) disk: Disk,
    /// The text that spans refer to.
    pub(super) source: Rc<str>,
    /// The simple command at hand, for messages.
    pub(super) part: String,
    /// How many branches deep: an effect is certain only in none.
    pub(super) maybe: u32,
    /// States at `break`, `continue` and `return`.
    pub(super) jumps: Vec<State>,
    steps: u32,
    depth: u32,
    /// A limit was met: the rest is not followed.
    pub(super) exhausted: Option<&'static str>,
    pub(super) pipes: u32,
    /// Inside files that already are project code: what cannot be told there is left to the audit.
    pub(super) lenient: u32,
}

/// A simple command after expansion.
#[derive(Clone)]
pub(super) struct Call {
    /// Name and arguments.
    pub(super) words: Vec<String>,
    pub(super) state: State,
    pub(super) stdin: Stdin,
    /// Whether somebody reads its output.
    pub(super) wanted: bool,
}

/// What a command reads: nothing that matters, or text that may be known.
pub(super) type Stdin = Option<Values>;

/// How much was found before a part ran.
pub(super) struct Seen {
    part: String,
    writes: usize,
    unnamed: usize,
    opaque: usize,
    steps: usize,
}

impl<'a> Machine<'a> {
    pub(super) fn new(setting: &'a Setting<'a>, source: &str) -> Self {
        Machine {
            setting,
            analysis: Analysis::default(),
            disk: Disk::default(),
            source: source.into(),
            part: String::new(),
            maybe: 0,
            jumps: Vec::new(),
            steps: 0,
            depth: 0,
            exhausted: None,
            pipes: 0,
            lenient: 0,
        }
    }

    /// Counts one step; false when there are none left.
    pub(super) fn step(&mut self) -> bool {
        self.steps += 1;
        if self.steps > STEPS {
            self.exhausted = Some("it would take too many steps to follow");
        }
        self.exhausted.is_none()
    }

    /// Runs `follow` on the text of a file.
    pub(super) fn in_file<T>(&mut self, follow: impl FnOnce(&mut Self) -> T) -> T {
        self.lenient += 1;
        let result = follow(self);
        self.lenient -= 1;
        result
    }

    /// Counts what reading nested code costs: it is kept as long as it is followed.
    pub(super) fn spend(&mut self, code: &str) {
        let steps = u32::try_from(code.len() / 32).unwrap_or(u32::MAX);
        self.steps = self.steps.saturating_add(steps);
    }

    /// Counts what joining two states costs.
    pub(super) fn charge(&mut self, state: &State) {
        let variables = u32::try_from(state.variables.len()).unwrap_or(u32::MAX);
        self.steps = self.steps.saturating_add(variables / 8);
    }

    /// Runs `follow` one level deeper; none past the limit.
    pub(super) fn deeper<T>(&mut self, follow: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEPTH {
            self.exhausted = Some("commands run commands too deeply to follow");
            return None;
        }
        self.depth += 1;
        let result = follow(self);
        self.depth -= 1;
        Some(result)
    }

    /// Runs `follow` as something that may not happen.
    pub(super) fn maybe<T>(&mut self, follow: impl FnOnce(&mut Self) -> T) -> T {
        self.maybe += 1;
        let result = follow(self);
        self.maybe -= 1;
        result
    }

    /// A path is changed, as spelled by the command in each possible directory.
    pub(super) fn write(&mut self, state: &State, target: &str, kind: WriteKind) {
        self.change(state, target, kind, false);
    }

    /// A folder is changed with all below it.
    pub(super) fn write_tree(&mut self, state: &State, target: &str, kind: WriteKind) {
        self.change(state, target, kind, true);
    }

    fn change(&mut self, state: &State, target: &str, kind: WriteKind, subtree: bool) {
        if target.is_empty() {
            return;
        }
        for dir in state.dirs.iter() {
            self.change_in(dir, target, kind, subtree);
        }
    }

    /// A path is changed, as spelled relative to `dir`.
    pub(super) fn change_in(&mut self, dir: &str, target: &str, kind: WriteKind, subtree: bool) {
        if target::is_device(target) {
            return;
        }
        for path in target::spellings(&mut self.disk, dir, target, kind.follows_links()) {
            match target::named(&path, self.setting.tree) {
                Ok((path, below)) => self.record(path, kind, subtree || below),
                Err(why) => self.unnamed(why),
            }
        }
    }

    fn record(&mut self, path: PathBuf, kind: WriteKind, subtree: bool) {
        let certain = self.maybe == 0;
        let writes = &mut self.analysis.writes;
        if writes.len() >= WRITES {
            self.exhausted = Some("it writes more paths than can be followed");
            return;
        }
        let recent = writes.iter_mut().rev().take(16);
        for write in recent {
            if write.path == path && write.kind == kind && write.subtree == subtree {
                write.certain |= certain;
                return;
            }
        }
        let part = self.part.clone();
        writes.push(Write { path, kind, certain, subtree, part });
    }

    /// A write whose path cannot be told.
    pub(super) fn unnamed(&mut self, why: impl Into<String>) {
        if self.lenient > 0 {
            self.opaque();
            return;
        }
        let unnamed = Unnamed { part: self.part.clone(), why: why.into() };
        if self.analysis.unnamed.len() < SHOWN && !self.analysis.unnamed.contains(&unnamed) {
            self.analysis.unnamed.push(unnamed);
        }
    }

    /// A part whose effect cannot be seen.
    pub(super) fn opaque(&mut self) {
        let part = self.part.clone();
        if self.analysis.opaque.len() < SHOWN && !self.analysis.opaque.contains(&part) {
            self.analysis.opaque.push(part);
        }
    }

    /// How much was found so far.
    pub(super) fn seen(&self) -> Seen {
        let found = &self.analysis;
        Seen {
            part: self.part.clone(),
            writes: found.writes.len(),
            unnamed: found.unnamed.len(),
            opaque: found.opaque.len(),
            steps: found.steps.len(),
        }
    }

    /// Notes for `explain` what a part did since `seen`, unless its own parts said it.
    pub(super) fn note(&mut self, dirs: &[String], seen: &Seen) {
        let found = &mut self.analysis;
        if found.steps.len() >= SHOWN {
            return;
        }
        if found.steps.len() > seen.steps {
            return;
        }
        let mut effects: Vec<String> = Vec::new();
        for write in found.writes.iter().skip(seen.writes) {
            effects.push(write.to_string());
        }
        for unnamed in found.unnamed.iter().skip(seen.unnamed) {
            effects.push(format!("changes a path that cannot be told: {}", unnamed.why));
        }
        if found.opaque.len() > seen.opaque {
            effects.push("runs code that is not seen".to_owned());
        }
        if effects.is_empty() {
            effects.push("changes nothing".to_owned());
        }
        let dirs = dirs.iter().filter(|dir| text::is_known(dir)).map(PathBuf::from).collect();
        found.steps.push(Step { part: seen.part.clone(), dirs, effect: effects.join("; ") });
    }

    /// The home folder as text.
    pub(super) fn home(&self) -> Values {
        match self.setting.home.and_then(|home| home.to_str()) {
            Some(home) => vec![home.to_owned()],
            None => text::unknown(),
        }
    }

    /// The folder for temporary files.
    pub(super) fn tmp(&self) -> &str {
        self.setting.tmp.and_then(|tmp| tmp.to_str()).unwrap_or("/tmp")
    }
}
