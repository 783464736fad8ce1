//! The ledger: one line per decision on a governed agent's writes.
//!
//! JSON lines under `.claude/logs/lanekeeper/` of the main checkout, for `log`,
//! for the audit, and to recognise a refused write that is tried again.

use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::decide::{Case, Decision};
use crate::config::Mode;
use crate::flags;
use crate::hook::{Event, clip};
use crate::project::Project;
use crate::store;

/// The ledger rotates at this size; one older file is kept beside it.
const LEDGER_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// How much of its end is read to recognise a repeated attempt.
const TAIL_BYTES: u64 = 64 * 1024;

const COMMAND_CHARS_MAX: usize = 500;
const PATHS_MAX: usize = 100;

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It went through.
    Allow,
    /// It went through with a warning.
    Warn,
    /// It was refused.
    Deny,
    /// An agent without a definition: nothing was enforced.
    Ungoverned,
}

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// RFC 3339, UTC.
    pub time: String,
    /// The session.
    #[serde(default)]
    pub session: String,
    /// The run: the subagent's id, or `main`.
    #[serde(default)]
    pub run: String,
    /// The agent's name.
    #[serde(default)]
    pub agent: String,
    /// The tool.
    #[serde(default)]
    pub tool: String,
    /// What was decided.
    pub decision: Outcome,
    /// The rule that decided.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// Where the writes would land, relative to `tree`, else absolute.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    /// The working tree, when it is not the main checkout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tree: Option<PathBuf>,
    /// The command, secrets redacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

/// A write that was refused before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// The path.
    pub path: String,
    /// The tool that it was tried with.
    pub tool: String,
}

/// Where the ledger of a project lies.
pub fn path(project: &Project) -> PathBuf {
    project.main.join(".claude/logs/lanekeeper/ledger.jsonl")
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
        command: None,
    }
}

/// Adds a line.
pub fn append(project: &Project, line: &Line) -> anyhow::Result<()> {
    store::append_line(&path(project), &serde_json::to_string(line)?, LEDGER_BYTES_MAX)
}

/// Every line that can be read, oldest first; lines that cannot are skipped.
pub fn read(project: &Project) -> Vec<Line> {
    let path = path(project);
    let older = path.with_extension("1.jsonl");
    [older, path].iter().flat_map(|path| lines(&tail(path, LEDGER_BYTES_MAX * 2))).collect()
}

/// The paths whose writes a run was allowed, in the ledger's spelling: for
/// telling apart who changed what when several agents share a working tree.
pub fn allowed_writes(project: &Project, session: &str, run: &str) -> Vec<String> {
    let of_run = read(project).into_iter().filter(|line| {
        line.session == session
            && line.run == run
            && matches!(line.decision, Outcome::Allow | Outcome::Warn)
    });
    of_run.flat_map(|line| line.paths).collect()
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

/// Whether the ledger already says that this run is not governed.
pub(super) fn knows_ungoverned(event: &Event, project: &Project) -> bool {
    lines(&tail(&path(project), TAIL_BYTES)).iter().any(|line| {
        line.decision == Outcome::Ungoverned
            && line.session == event.session_id
            && line.run == event.run_id()
    })
}

fn lines(text: &[u8]) -> Vec<Line> {
    let lines = text.split(|byte| *byte == b'\n');
    lines.filter_map(|line| serde_json::from_slice(line).ok()).collect()
}

/// The end of a file; empty when there is none.
fn tail(path: &Path, bytes_max: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let Ok(mut file) = std::fs::File::open(path) else {
        return bytes;
    };
    let length = file.metadata().map_or(0, |meta| meta.len());
    if file.seek(SeekFrom::Start(length.saturating_sub(bytes_max))).is_ok() {
        let _ = file.take(bytes_max).read_to_end(&mut bytes);
    }
    bytes
}
