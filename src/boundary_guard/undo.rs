//! The way back that a run is let go after an audit sent it back.
//!
//! What is to be undone is told by [`super::audit`]; here a refused call is
//! held to it.

use super::baseline::{self, Run, Told, Undo};
use super::decide::{Change, Decision, What};
use super::violation::Violation;
use crate::config::Mode;
use crate::hook::Event;
use crate::project::Project;
use crate::repo::Was;
use crate::shell::WriteKind;

/// What a run is told of a violation, under both names that a refusal may use.
pub(super) fn told(found: &Violation) -> [Told; 2] {
    let undo = match found.change.was {
        Was::Absent => Undo::Remove,
        Was::Committed | Was::Staged(_) => Undo::Restore,
        Was::Loose => Undo::ByHand,
    };
    [&found.path, &found.refusal.path].map(|path| Told { path: path.clone(), undo })
}

/// Whether a refused call does nothing but undo what an audit asked this run to undo.
///
/// All of it must be known, and each path may only go the way back: a new one
/// goes, one that git holds comes from git, only other work is edited by hand.
/// Once the violation is in the ledger nothing is undone any more.
pub(super) fn undoes(event: &Event, project: &Project, decision: &Decision) -> bool {
    let Ok(Some(baseline)) = baseline::of(project, Run::of(event)) else { return false };
    let (Some(told), true) = (&baseline.told, decision.unknown.is_empty()) else { return false };
    let mut refusing = decision.findings.iter().filter(|finding| finding.mode == Mode::Enforce);
    refusing.all(|finding| {
        let What::Lane(refusal, part) = &finding.what else { return false };
        let Some(told) = told.iter().find(|told| told.path == refusal.path) else { return false };
        let part = part.as_deref().unwrap_or_default();
        let of_it = |change: &&Change| change.path == refusal.path;
        let named = decision.changes.iter().any(|change| of_it(&change));
        let mut changes = decision.changes.iter().filter(|change| !named || of_it(change));
        !baseline.recorded.contains(&told.path)
            && changes.all(|change| match (told.undo, change.kind) {
                (_, WriteKind::Attributes) => true,
                (Undo::Remove, kind) => kind == WriteKind::Delete,
                (Undo::Restore, kind) => kind != WriteKind::Delete && comes_from_git(part),
                (Undo::ByHand, kind) => kind != WriteKind::Delete,
            })
    })
}

/// Whether a part of a command puts back what git holds.
fn comes_from_git(part: &str) -> bool {
    let mut words = part.split_whitespace();
    words.next() == Some("git")
        && match words.next() {
            Some("restore" | "checkout") => true,
            Some("cat-file") => words.next() == Some("blob"),
            _ => false,
        }
}
