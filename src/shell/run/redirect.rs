//! Redirections: the files that they write, and the text that flows through them.

use super::super::Added;
use super::super::WriteKind;
use super::super::disk::{Found, Made};
use super::super::machine::{Machine, Outcome, Stdin};
use super::super::parse::tree::{Command, Operator, Redirect};
use super::super::state::{State, Variable};
use super::super::target;
use super::super::text::{self, NAME, Values};
use std::path::PathBuf;

/// Longest text that is kept for the red flags, in bytes.
const ADDED: usize = 256 * 1024;

/// Where a command's input comes from and its output goes to.
#[derive(Default)]
pub(super) struct Plumbing {
    /// What it reads instead.
    pub(super) stdin: Stdin,
    /// The files that take its output, absolute, and whether it is appended.
    files: Vec<(String, bool)>,
    /// The output goes somewhere else than to the reader.
    taken: bool,
}

impl Plumbing {
    /// Whether its output is needed for a file.
    pub(super) fn takes_output(&self) -> bool {
        !self.files.is_empty()
    }
}

impl Machine<'_> {
    /// Follows the redirections of a command.
    pub(super) fn redirects(&mut self, command: &Command, state: &mut State) -> Plumbing {
        let mut plumbing = Plumbing::default();
        if command.redirects.is_empty() {
            return plumbing;
        }
        self.part = command.span.of(&self.source).to_owned();
        for redirect in &command.redirects {
            self.redirect(redirect, state, &mut plumbing);
        }
        plumbing
    }

    fn redirect(&mut self, redirect: &Redirect, state: &mut State, plumbing: &mut Plumbing) {
        let descriptor = redirect.descriptor.as_deref();
        if let Some(name) = descriptor.and_then(|text| text.strip_prefix('{')) {
            state.set(name.trim_end_matches('}'), vec![NAME.to_string()]);
        }
        let input = match redirect.operator {
            Operator::Read => Some(self.read_target(redirect, state)),
            Operator::HereString => {
                let values = self.expand_text(&redirect.target, state);
                Some(Some(text::join(values, &["\n".to_owned()])))
            }
            Operator::Heredoc => {
                let body = redirect.body.get();
                Some(body.map(|body| self.expand_text(&body.body, state)))
            }
            Operator::DuplicateIn => {
                let from = self.expand_text(&redirect.target, state);
                let from = from.first().map(|from| format!("<{from}"));
                match from.and_then(|from| state.variables.get(&from).cloned()) {
                    Some(Variable::Scalar(values)) => Some(Some(values)),
                    _ => return,
                }
            }
            _ => None,
        };
        if let Some(input) = input {
            match descriptor {
                None | Some("0") => plumbing.stdin = input.or_else(|| plumbing.stdin.take()),
                Some(other) => state.set(&format!("<{other}"), input.unwrap_or_else(text::unknown)),
            }
            return;
        }
        let standard = matches!(descriptor, None | Some("1"));
        for target in self.write_targets(redirect, state) {
            let both = matches!(
                redirect.operator,
                Operator::Both | Operator::AppendBoth | Operator::DuplicateOut
            );
            if redirect.operator == Operator::DuplicateOut && is_descriptor(&target) {
                plumbing.taken |= standard && target != "1";
                continue;
            }
            if self.is_kept(redirect.operator, &target, state) {
                continue;
            }
            self.write(state, &target, WriteKind::Write);
            if standard || both {
                plumbing.taken = true;
                let appended = matches!(redirect.operator, Operator::Append | Operator::AppendBoth);
                if redirect.operator != Operator::ReadWrite {
                    for dir in state.dirs.iter() {
                        plumbing.files.push((target::absolute(dir, &target), appended));
                    }
                }
            }
        }
    }

    /// The file names after an operator; one that becomes several words is an error in bash.
    fn write_targets(&mut self, redirect: &Redirect, state: &mut State) -> Values {
        let lists = self.expand_fields(&redirect.target, state);
        let mut targets = Values::new();
        for fields in lists {
            if let [target] = fields.as_slice() {
                text::add(&mut targets, target.clone());
            }
        }
        targets
    }

    /// Under `noclobber` a file that exists stays as it is.
    fn is_kept(&mut self, operator: Operator, target: &str, state: &State) -> bool {
        state.options.noclobber
            && matches!(operator, Operator::Write | Operator::Both)
            && state
                .dirs
                .iter()
                .all(|dir| self.disk.find(&target::absolute(dir, target)) == Some(Found::File))
    }

    fn read_target(&mut self, redirect: &Redirect, state: &mut State) -> Stdin {
        let lists = self.expand_fields(&redirect.target, state);
        let name = lists.into_iter().next().and_then(|fields| fields.into_iter().next())?;
        if matches!(name.as_str(), "/dev/stdin" | "/dev/fd/0") {
            return None;
        }
        Some(self.content(&name, state))
    }

    /// What is in a file, as far as it is known.
    pub(in crate::shell) fn content(&mut self, name: &str, state: &State) -> Values {
        if name == "/dev/null" {
            return vec![String::new()];
        }
        let mut content = Values::new();
        for dir in state.dirs.iter() {
            let read = self.disk.read(&target::absolute(dir, name)).unwrap_or_else(text::unknown);
            text::add_all(&mut content, read);
        }
        content
    }

    /// The outcome with its output moved to the files that take it.
    pub(super) fn plumbed(&mut self, outcome: Outcome, plumbing: &Plumbing) -> Outcome {
        if !plumbing.taken {
            return outcome;
        }
        for (path, appended) in &plumbing.files {
            self.put(path, outcome.out.clone(), *appended);
        }
        outcome.printing(vec![String::new()])
    }

    /// Remembers text that goes into a file.
    pub(in crate::shell) fn put(&mut self, path: &str, out: Values, appended: bool) {
        if target::is_device(path) {
            return;
        }
        if let Some(text) = out.iter().find(|text| !text.is_empty() && !text::is_hole(text)) {
            let kept: usize = self.analysis.added.iter().map(|added| added.text.len()).sum();
            if kept + text.len() <= ADDED {
                let known = text::is_known(path).then(|| PathBuf::from(path));
                self.analysis.added.push(Added { path: known, text: text::shown(text) });
            }
        }
        let content = if appended {
            let before = self.disk.read(path).unwrap_or_else(|| vec![String::new()]);
            text::join(before, &out)
        } else {
            out
        };
        self.disk.make(path, Made::Text(content));
    }
}

/// Whether the word after `>&` is a descriptor.
fn is_descriptor(target: &str) -> bool {
    target == "-"
        || target.contains([text::HOLE, NAME])
        || target.trim_end_matches('-').chars().all(|char| char.is_ascii_digit())
}
