//! `git`: what its commands change in the working tree.
//!
//! Commands with paths say so themselves; for those that move the whole tree the
//! repository is asked what would change ([`tree`]). The index, branches and
//! history are git's own and nobody's lane.

mod commands;
mod config;
mod others;
mod paths;
mod prints;
mod tree;

use super::super::WriteKind;
use super::super::machine::{Call, Machine, Outcome};
use super::super::run::Io;
use super::super::state::{State, Variable};
use super::super::target;

/// Variables that make git keep a log in the file that they name.
const TRACES: [&str; 9] = [
    "GIT_INDEX_FILE",
    "GIT_TRACE",
    "GIT_TRACE2",
    "GIT_TRACE2_EVENT",
    "GIT_TRACE2_PERF",
    "GIT_TRACE_CURL",
    "GIT_TRACE_PACKET",
    "GIT_TRACE_PERFORMANCE",
    "GIT_TRACE_SETUP",
];

/// A git command without the options before it.
pub(super) struct Git {
    /// `checkout`, `stash`, …
    pub(super) verb: String,
    /// What follows the verb.
    pub(super) words: Vec<String>,
    /// The shell with the directory that git works in.
    pub(super) state: State,
    /// `-c key=value`
    pub(super) settings: Vec<(String, String)>,
    pub(super) call: Call,
}

impl Git {
    pub(super) fn has(&self, names: &[&str]) -> bool {
        self.words
            .iter()
            .take_while(|word| *word != "--")
            .any(|word| names.contains(&word.as_str()))
    }

    /// The value of an option, attached or apart.
    pub(super) fn value(&self, short: &str, long: &str) -> Option<String> {
        let mut words = self.words.iter();
        while let Some(word) = words.next() {
            if word == short || word == long {
                return words.next().cloned();
            }
            if let Some(value) = word.strip_prefix(long).and_then(|rest| rest.strip_prefix('=')) {
                return Some(value.to_owned());
            }
        }
        None
    }

    /// The words that are no options, options with values aside.
    pub(super) fn operands(&self, with_values: &[&str]) -> Vec<String> {
        let mut operands = Vec::new();
        let mut words = self.words.iter();
        while let Some(word) = words.next() {
            if word == "--" {
                operands.extend(words.cloned());
                break;
            }
            if with_values.contains(&word.as_str()) {
                words.next();
            } else if !word.starts_with('-') || word == "-" {
                operands.push(word.clone());
            }
        }
        operands
    }
}

/// `git`
pub(super) fn git(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let git = read(call);
    machine.git_programs(&git);
    let before = git.call.state.clone();
    let mut outcome = machine.git_verb(git);
    // Only an alias that was set is kept.
    for state in [outcome.ok.as_mut(), outcome.fail.as_mut()].into_iter().flatten() {
        state.dirs = before.dirs.clone();
        state.previous = before.previous.clone();
    }
    outcome
}

fn read(call: Call) -> Git {
    let mut state = call.state.clone();
    let mut settings = Vec::new();
    let mut at = 1;
    let mut work_tree = match state.variables.get("GIT_WORK_TREE") {
        Some(Variable::Scalar(values)) => values.first().cloned(),
        _ => None,
    };
    while let Some(word) = call.words.get(at).filter(|word| word.starts_with('-')) {
        let value = call.words.get(at + 1).cloned().unwrap_or_default();
        at += 1;
        match word.as_str() {
            "-C" => {
                let dirs = state.dirs.iter().map(|from| target::absolute(from, &value)).collect();
                state.enter(dirs);
                at += 1;
            }
            "-c" => {
                let (key, value) = value.split_once('=').unwrap_or((&value, "true"));
                settings.push((key.to_ascii_lowercase(), value.to_owned()));
                at += 1;
            }
            "--work-tree" => {
                work_tree = Some(value);
                at += 1;
            }
            "--git-dir" | "--namespace" | "--exec-path" | "--super-prefix" | "--config-env"
            | "--attr-source" => at += 1,
            word => {
                if let Some(folder) = word.strip_prefix("--work-tree=") {
                    work_tree = Some(folder.to_owned());
                }
            }
        }
    }
    if let Some(folder) = work_tree {
        let dirs = state.dirs.iter().map(|from| target::absolute(from, &folder)).collect();
        state.enter(dirs);
    }
    let mut rest = call.words.get(at..).unwrap_or_default().iter().cloned();
    let verb = rest.next().unwrap_or_default();
    Git { verb, words: rest.collect(), state, settings, call }
}

impl Machine<'_> {
    /// The programs that git is told to run: pager, editor, hooks, aliases.
    fn git_programs(&mut self, git: &Git) {
        const VARIABLES: [&str; 9] = [
            "GIT_EDITOR",
            "GIT_SEQUENCE_EDITOR",
            "GIT_EXTERNAL_DIFF",
            "GIT_SSH_COMMAND",
            "GIT_PAGER",
            "EDITOR",
            "VISUAL",
            "PAGER",
            "GIT_ASKPASS",
        ];
        let io = Io::default();
        for name in VARIABLES {
            if let Some(Variable::Scalar(values)) = git.state.variables.get(name).cloned() {
                for code in values {
                    self.maybe(|it| it.text(&code, git.state.clone(), &io));
                }
            }
        }
        // A path is written to; a number or `true` means a stream.
        for name in TRACES {
            if let Some(Variable::Scalar(values)) = git.state.variables.get(name).cloned() {
                for file in values.iter().filter(|value| value.contains('/')) {
                    self.write(&git.call.state, file, WriteKind::Write);
                }
            }
        }
        for word in git.words.iter().filter(|_| git.verb == "grep") {
            let pager = word.strip_prefix("-O");
            let pager = pager.or_else(|| word.strip_prefix("--open-files-in-pager="));
            if let Some(code) = pager {
                self.maybe(|it| it.text(code, git.state.clone(), &io));
            }
        }
        if git.call.words.iter().any(|word| word.starts_with("--exec-path=")) {
            self.opaque();
        }
        for (key, value) in &git.settings {
            if key.starts_with("include") || key == "gpg.program" {
                self.opaque();
            }
            if config::runs_program(key) {
                let code = value.strip_prefix('!').unwrap_or(value);
                self.maybe(|it| it.text(code, git.state.clone(), &io));
            } else if key == "core.hookspath" {
                self.opaque();
            }
        }
    }

    /// Follows an unknown verb as an alias; none if it is none.
    pub(super) fn git_unknown(&mut self, git: Git) -> Outcome {
        let Some(code) = alias(&git) else {
            self.opaque();
            return Outcome::of(git.call.state);
        };
        let rest: Vec<String> =
            git.words.iter().map(|word| super::super::run::quote(word)).collect();
        let code = match code.strip_prefix('!') {
            Some(code) => format!("{code} {}", rest.join(" ")),
            None => format!("git {code} {}", rest.join(" ")),
        };
        let io = git.call.io();
        self.text(&code, git.state, &io).apart(&git.call.state)
    }
}

/// An alias that was given with `-c`, set earlier in the command, or is in the configuration.
fn alias(git: &Git) -> Option<String> {
    let key = format!("alias.{}", git.verb);
    if let Some((_, value)) = git.settings.iter().find(|(name, _)| *name == key) {
        return Some(value.clone());
    }
    if let Some(Variable::Scalar(values)) = git.state.variables.get(&format!("git {key}")) {
        return values.first().cloned();
    }
    let [dir] = git.state.dirs.as_slice() else { return None };
    crate::repo::setting(std::path::Path::new(dir), &key)
}
