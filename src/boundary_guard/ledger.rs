//! What the guard writes into the ledger, and looks up there before it decides.
//!
//! The file itself is [`crate::ledger`]'s.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::decide::{Case, Decision};
use crate::config::Mode;
use crate::flags;
use crate::hook::{Event, clip};
pub use crate::ledger::{Line, Outcome, allowed_writes, append, path, read};
use crate::ledger::{lines, tail};
use crate::project::Project;

/// How much of its end is read to recognise a repeated attempt.
const TAIL_BYTES: u64 = 64 * 1024;

const COMMAND_CHARS_MAX: usize = 500;
/// How many paths one line names.
pub(super) const PATHS_MAX: usize = 100;

/// A write that was refused before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// The path.
    pub path: String,
    /// The tool that it was tried with.
    pub tool: String,
}

/// The line for a decision.
pub fn line(event: &Event, case: Case<'_>, decision: &Decision) -> Line {
    let worst = decision.findings.first();
    let paths = decision.changes.iter().take(PATHS_MAX).map(|change| change.path.clone());
    let command = decision.command.as_deref();
    Line {
        decision: match worst.map(|finding| finding.mode) {
            None => Outcome::Allow,
            Some(Mode::Enforce) => Outcome::Deny,
            Some(Mode::Warn | Mode::Off) => Outcome::Warn,
        },
        rule: worst.map(|finding| finding.rule.clone()).unwrap_or_default(),
        paths: paths.collect(),
        unknown: !decision.unknown.is_empty(),
        command: command.map(|text| clip(&flags::redact(text), COMMAND_CHARS_MAX)),
        ..bare(event, case.project, &case.definition.name, &case.call.name)
    }
}

/// The line for an agent that has a name and no definition.
pub fn ungoverned(event: &Event, project: &Project, agent: &str, tool: &str) -> Line {
    bare(event, project, agent, tool)
}

fn bare(event: &Event, project: &Project, agent: &str, tool: &str) -> Line {
    let now = OffsetDateTime::now_utc().replace_nanosecond(0);
    let now = now.unwrap_or(OffsetDateTime::UNIX_EPOCH).format(&Rfc3339);
    Line {
        time: now.unwrap_or_default(),
        session: event.session_id.clone(),
        run: event.run_id().to_owned(),
        agent: agent.to_owned(),
        tool: tool.to_owned(),
        decision: Outcome::Ungoverned,
        rule: String::new(),
        paths: Vec::new(),
        tree: (project.tree != project.main).then(|| project.tree.clone()),
        unknown: false,
        command: None,
    }
}

/// The same path, refused to the same run before, through another tool.
pub(super) fn earlier_refusal(
    event: &Event,
    case: Case<'_>,
    decision: &Decision,
) -> Option<Earlier> {
    let wanted = |path: &String| decision.changes.iter().any(|change| change.path == *path);
    let recent = lines(&tail(&path(case.project), TAIL_BYTES));
    recent.into_iter().rev().find_map(|line| {
        let same_run = line.session == event.session_id && line.run == event.run_id();
        if !same_run || line.decision != Outcome::Deny || line.tool == case.call.name {
            return None;
        }
        let path = line.paths.into_iter().find(wanted)?;
        Some(Earlier { path, tool: line.tool })
    })
}

/// Whether the ledger's end has this rule for the session.
pub(super) fn has(event: &Event, project: &Project, rule: &str) -> bool {
    let recent = lines(&tail(&path(project), TAIL_BYTES));
    recent.iter().any(|line| line.rule == rule && line.session == event.session_id)
}

/// Whether the ledger already says that this run is not governed.
pub(super) fn knows_ungoverned(event: &Event, project: &Project) -> bool {
    lines(&tail(&path(project), TAIL_BYTES)).iter().any(|line| {
        line.decision == Outcome::Ungoverned
            && line.session == event.session_id
            && line.run == event.run_id()
    })
}
