//! The audit in words: what changed outside the lane, and how it is undone
//! without losing anybody's work.

use std::fmt::Write;
use std::path::Path;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::baseline::Baseline;
use super::violation::{Findings, Judge, Violation};
use crate::hook::{clip, printable};
use crate::lane::{self, Why};
use crate::repo::{How, Was};

/// How many paths are named; the rest is counted.
const PATHS_SHOWN: usize = 20;
/// How many paths one command is spelled out for.
const PATHS_IN_COMMAND: usize = 8;
const PATH_CHARS_MAX: usize = 200;
const COMMIT_CHARS: usize = 12;

/// Sends a run back, for the agent.
pub(super) fn block(
    judge: Judge<'_>,
    baseline: &Baseline,
    findings: &Findings,
    violations: &[&Violation],
) -> String {
    let mut text = format!(
        "[audit.outside] {} outside the boundaries of `{}` since it started:\n",
        count(violations.len()),
        printable(&judge.definition.name)
    );
    for violation in violations.iter().take(PATHS_SHOWN) {
        let _ = write!(text, "- {}", line(violation));
        owners(judge, violation, &mut text);
        text.push('\n');
    }
    more(violations.len(), &mut text);
    history(findings, &mut text);
    text.push_str("Undo them without losing work; nothing is undone for you:\n");
    undo(baseline, violations, &mut text);
    text.push_str(
        "You may change exactly these paths now, to bring them back. What needs to change there, \
         hand to its owner in your report. If a change is not yours, leave it and say so. \
         Then give your complete report again: the next message replaces this one.",
    );
    text
}

/// What remains at the second stop, for the user.
pub(super) fn notice(judge: Judge<'_>, findings: &Findings) -> String {
    let violations = &findings.violations;
    let mut text = format!(
        "boundary-guard: `{}` stopped with {} outside its boundaries, recorded as a violation:",
        printable(&judge.definition.name),
        count(violations.len())
    );
    for violation in violations.iter().take(PATHS_SHOWN) {
        let _ = write!(text, "\n- {}", line(violation));
    }
    text.push('\n');
    more(violations.len(), &mut text);
    text.trim_end().to_owned()
}

/// One path and what became of it.
pub(super) fn line(violation: &Violation) -> String {
    let mut text = format!("{}: {}", path(&violation.path), how(&violation.change.how));
    match (&violation.linked, &violation.refusal.why) {
        (Some(other), _) => {
            let _ = write!(text, ", and is the same file as {} (a hard link)", path(other));
        }
        (None, Why::Protected(what)) => {
            let _ = write!(text, ", protected ({what})");
        }
        (None, Why::OtherTree) => text.push_str(", in another working tree of the project"),
        _ => {}
    }
    text
}

/// What became of a path.
pub(super) fn how(how: &How) -> String {
    match how {
        How::Added => "new".to_owned(),
        How::Modified => "modified".to_owned(),
        How::Mode => "its mode changed".to_owned(),
        How::Deleted => "deleted".to_owned(),
        How::FolderMade => "a new folder".to_owned(),
        How::FolderGone => "the folder is gone".to_owned(),
        How::Committed(commit) => format!("changed in commit {}", short(commit)),
        How::Stashed(commit) => format!("changed in stash {}", short(commit)),
    }
}

/// A moment in nanoseconds since 1970, in UTC.
pub(super) fn time(nanoseconds: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp(nanoseconds.div_euclid(1_000_000_000));
    time.ok().and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_default()
}

fn count(number: usize) -> String {
    if number == 1 { "1 change".to_owned() } else { format!("{number} changes") }
}

fn more(number: usize, text: &mut String) {
    if let Some(more) = number.checked_sub(PATHS_SHOWN).filter(|more| *more > 0) {
        let _ = writeln!(text, "… and {more} more: `boundary-guard audit` lists them all");
    }
}

fn owners(judge: Judge<'_>, violation: &Violation, text: &mut String) {
    let named = violation.refusal.owner.clone();
    let found = match named {
        Some(owner) => vec![owner],
        None if matches!(violation.refusal.why, Why::Forbidden | Why::NotAllowed) => {
            let relative = Path::new(&violation.path);
            lane::owners(relative, &judge.definition.name, judge.project, judge.place)
        }
        None => Vec::new(),
    };
    let found: Vec<String> =
        found.iter().take(3).map(|owner| format!("`{}`", printable(owner))).collect();
    if !found.is_empty() {
        let _ = write!(text, " (belongs to {})", found.join(", "));
    }
}

fn history(findings: &Findings, text: &mut String) {
    let Some((before, now)) = &findings.history else { return };
    if before.branch != now.branch {
        let name = |branch: &Option<String>| match branch {
            Some(branch) => format!("`{}`", printable(branch)),
            None => "a detached commit".to_owned(),
        };
        let _ = write!(
            text,
            "The checkout went from {} to {}",
            name(&before.branch),
            name(&now.branch)
        );
        if let Some(branch) = &before.branch {
            let _ = write!(
                text,
                "; `git switch {}` brings back what only the switch changed",
                printable(branch)
            );
        }
        text.push_str(".\n");
    }
    if before.stash != now.stash {
        let advice = if now.stash.is_some() {
            "`git stash list` shows it, and `git stash pop` brings back what it took away"
        } else {
            "an earlier stash is gone: tell the user"
        };
        let _ = writeln!(text, "The stash changed: {advice}.");
    }
}

/// One command or sentence per kind of change.
fn undo(baseline: &Baseline, violations: &[&Violation], text: &mut String) {
    let head = baseline.trees.first().and_then(|tree| tree.history.head.as_deref()).map(short);
    let of = |wanted: &dyn Fn(&Violation) -> bool| -> Vec<&str> {
        let found = violations.iter().filter(|violation| wanted(violation));
        found.map(|violation| violation.path.as_str()).collect()
    };
    let in_history =
        |violation: &Violation| matches!(violation.change.how, How::Committed(_) | How::Stashed(_));
    let committed =
        of(&|violation| violation.change.was == Was::Committed && !in_history(violation));
    if let (false, Some(head)) = (committed.is_empty(), &head) {
        let paths = words(&committed);
        let _ = writeln!(
            text,
            "- as committed before: `git diff {head} -- {paths} > /tmp/outside.patch` keeps a copy, then `git restore --source={head} -- {paths}`"
        );
    }
    for violation in violations {
        if let (Was::Staged(oid), false) = (&violation.change.was, in_history(violation)) {
            let path = words(&[&violation.path]);
            let _ =
                writeln!(text, "- as staged before: `git cat-file blob {} > {path}`", short(oid));
        }
    }
    let new = of(&|violation| violation.change.was == Was::Absent && !in_history(violation));
    if !new.is_empty() {
        let _ =
            writeln!(text, "- new: move them away instead of deleting, `mv {} /tmp/`", words(&new));
    }
    let loose = of(&|violation| violation.change.was == Was::Loose && !in_history(violation));
    if !loose.is_empty() {
        let _ = writeln!(
            text,
            "- {} held uncommitted work before you started: take back your own edit by hand, never `git restore` or `git checkout`; if that cannot be done, tell the user",
            words(&loose)
        );
    }
    if violations.iter().any(|violation| matches!(violation.change.how, How::Committed(_)))
        && let Some(head) = &head
    {
        let _ = writeln!(
            text,
            "- committed: `git reset --soft {head}` takes the commits back and keeps every file as it is (not when they are pushed)"
        );
    }
    if violations.iter().any(|violation| matches!(violation.change.how, How::Stashed(_))) {
        text.push_str(
            "- stashed: leave the stash, and say in the report that it holds these paths\n",
        );
    }
}

/// Paths as words of a command.
fn words(paths: &[&str]) -> String {
    let mut words: Vec<String> = paths
        .iter()
        .take(PATHS_IN_COMMAND)
        .map(|path| {
            let path = printable(path);
            let plain = path.chars().all(|c| c.is_alphanumeric() || "/._-+@".contains(c));
            if plain { path } else { format!("'{}'", path.replace('\'', "'\\''")) }
        })
        .collect();
    if paths.len() > PATHS_IN_COMMAND {
        words.push("…".to_owned());
    }
    words.join(" ")
}

fn short(commit: &str) -> String {
    commit.chars().take(COMMIT_CHARS).collect()
}

fn path(path: &str) -> String {
    format!("`{}`", clip(&printable(path), PATH_CHARS_MAX))
}
