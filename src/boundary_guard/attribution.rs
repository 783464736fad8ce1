//! Who else may have made a change: other runs that worked at the same time.
//!
//! The ledger says what each run was allowed to write. A change that another
//! run accounts for is not laid to this one's charge.

use std::path::{Path, PathBuf};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::baseline::Baseline;
use super::ledger::{self, Line, Outcome};
use crate::agent;
use crate::hook::Place;
use crate::lane::{Lane, Target};
use crate::project::Project;
use crate::shell::WriteKind;

/// What other runs did since a run began.
pub(super) struct Others<'a> {
    project: &'a Project,
    place: &'a Place,
    lines: Vec<Line>,
    /// Every recorded call of the run itself was seen through, while another
    /// run made one that was not.
    is_clear: bool,
}

impl<'a> Others<'a> {
    pub(super) fn since(baseline: &Baseline, project: &'a Project, place: &'a Place) -> Self {
        // The ledger counts whole seconds.
        let started = baseline.started.div_euclid(1_000_000_000);
        let lines = ledger::read(project).into_iter().filter(|line| {
            let time = OffsetDateTime::parse(&line.time, &Rfc3339);
            line.decision != Outcome::Deny
                && time.is_ok_and(|time| time.unix_timestamp() >= started)
        });
        let (own, others): (Vec<_>, Vec<_>) =
            lines.partition(|line| line.session == baseline.session && line.run == baseline.run);
        let unseen = |lines: &[Line]| lines.iter().any(|line| line.unknown);
        let is_clear = !own.is_empty() && !unseen(&own) && unseen(&others);
        Self { project, place, lines: others, is_clear }
    }

    /// Whether another run accounts for a change of this absolute path.
    pub(super) fn account_for(&self, path: &Path, kind: WriteKind) -> bool {
        self.is_clear
            || self.lines.iter().any(|line| {
                let tree = line.tree.as_ref().unwrap_or(&self.project.main);
                let wrote = line.paths.iter().any(|written| path.starts_with(tree.join(written)));
                wrote || (line.unknown && self.might_have(line, tree, path, kind))
            })
    }

    /// Whether a command that could not be seen through may be the cause: its
    /// run may write there, or nothing says that it may not.
    fn might_have(&self, line: &Line, tree: &Path, path: &Path, kind: WriteKind) -> bool {
        if line.decision == Outcome::Ungoverned {
            return path.starts_with(tree);
        }
        let project =
            Project { tree: tree.to_owned(), cwd: tree.to_owned(), ..self.project.clone() };
        let Ok(Some(definition)) = agent::find(&line.agent, &project, self.place) else {
            return false;
        };
        let drawn = Lane::new(&definition, &project, self.place);
        drawn.judge(Target { path, kind, subtree: false }).refusal.is_none()
    }
}

/// The place of a path in a working tree.
pub(super) fn absolute(root: &Path, path: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    root.join(std::ffi::OsStr::from_bytes(path))
}
