//! `cp`, `mv`, `ln`, `install`, `rsync`: from operands to one operand.

use super::super::WriteKind;
use super::super::disk::{Found, Made};
use super::super::machine::Machine;
use super::super::state::State;
use super::super::table::Arguments;
use super::super::target;
use super::super::text::{self, NAME};

impl Machine<'_> {
    /// `rsync a b`, `cpx 'a/*' b`: whole folders into the last operand.
    pub(super) fn mirror(
        &mut self,
        role: &str,
        operands: &[String],
        given: &Arguments,
        state: &State,
    ) {
        let [sources @ .., goal] = operands else { return };
        let remote = goal.split('/').next().is_some_and(|first| first.contains(':'));
        if !remote && !sources.is_empty() {
            self.write_tree(state, goal, WriteKind::Write);
        }
        if role == "mirrors" && given.named(&["--remove-source-files"]) {
            for source in sources {
                self.write_tree(state, source, WriteKind::Delete);
            }
        }
    }

    /// `cp`, `mv`, `ln`, `install`: into a folder, or onto a name.
    pub(super) fn transfer(
        &mut self,
        role: &str,
        operands: &[String],
        given: &Arguments,
        state: &State,
    ) {
        if given.has("folders") {
            self.each("folders", operands, state);
            return;
        }
        let target = given.values("target").into_iter().next();
        let whole = given.named(&["-T", "--no-target-directory"]);
        let (sources, goal, folder) = match (&target, operands) {
            (Some(target), sources) => (sources, target.as_str(), true),
            (None, [only]) if role == "links" => (std::slice::from_ref(only), ".", true),
            (None, [sources @ .., goal]) if !sources.is_empty() => {
                let into = goal.ends_with('/') || sources.len() > 1 || goal == "." || goal == "..";
                let unfollowed = given.named(&["-n", "--no-dereference"]) && role == "links";
                let link = unfollowed
                    && state.dirs.iter().any(|dir| self.disk.is_link(&target::absolute(dir, goal)));
                (sources, goal.as_str(), !whole && !link && (into || self.is_folder(state, goal)))
            }
            _ => return,
        };
        let kind = match role {
            "links" => WriteKind::Link,
            "moves" => WriteKind::Replace,
            _ if given.named(&["-s", "--symbolic-link", "-l", "--link"]) => WriteKind::Link,
            _ if given.named(&["--remove-destination"]) => WriteKind::Replace,
            _ => WriteKind::Write,
        };
        let deep = given.named(&["-r", "-R", "-a", "--recursive", "--archive"]);
        for source in sources {
            let goal = if folder {
                let base = source.trim_end_matches('/').rsplit('/').next().unwrap_or(source);
                let base = if text::has_hole(base) { format!("{NAME}") } else { base.to_owned() };
                let base =
                    if given.named(&["--parents"]) { source.as_str() } else { base.as_str() };
                format!("{}/{base}", goal.trim_end_matches('/'))
            } else {
                goal.to_owned()
            };
            let goal = if goal.is_empty() { "/".to_owned() } else { goal };
            let subtree =
                role != "links" && (deep || role == "moves" && self.is_folder(state, source));
            if subtree {
                self.write_tree(state, &goal, kind);
            } else {
                self.write(state, &goal, kind);
            }
            if role == "moves" {
                let below = self.is_folder(state, source);
                if below {
                    self.write_tree(state, source, WriteKind::Delete);
                } else {
                    self.write(state, source, WriteKind::Delete);
                }
            }
            self.placed(role, kind, source, &goal, state, given);
        }
    }

    /// Remembers what now is at `goal`.
    fn placed(
        &mut self,
        role: &str,
        kind: WriteKind,
        source: &str,
        goal: &str,
        state: &State,
        given: &Arguments,
    ) {
        for dir in state.dirs.iter() {
            let path = target::absolute(dir, goal);
            let symbolic = role == "links" && given.named(&["-s", "--symbolic"])
                || role == "copies" && given.named(&["-s", "--symbolic-link"]);
            let made = if symbolic {
                Made::Link(source.to_owned())
            } else {
                let from = target::absolute(dir, source);
                match self.disk.find(&from) {
                    Some(Found::Folder) if kind == WriteKind::Write => Made::Folder,
                    Some(Found::Folder) => continue,
                    _ => Made::Copy(from),
                }
            };
            if text::is_known(source) && path != target::absolute(dir, source) {
                self.disk.make(&path, made);
            }
        }
    }
}
