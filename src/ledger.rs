//! The ledger: one line per decision on a governed agent's writes.
//!
//! JSON lines under `.claude/logs/lanekeeper/` of the main checkout. The guard
//! writes them; its `log` and its audit, the shared context and the handoffs
//! read what a run was allowed to write.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::project::Project;
use crate::store;

/// The ledger rotates at this size; one older file is kept beside it.
const LEDGER_BYTES_MAX: u64 = 8 * 1024 * 1024;

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
    /// It happened, outside the lane, and was not undone.
    Violation,
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
    /// Whether parts of the command could not be seen through.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unknown: bool,
    /// The command, secrets redacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

/// Where the ledger of a project lies.
pub fn path(project: &Project) -> PathBuf {
    project.main.join(".claude/logs/lanekeeper/ledger.jsonl")
}

/// Adds a line.
pub fn append(project: &Project, line: &Line) -> anyhow::Result<()> {
    store::append_line(&path(project), &serde_json::to_string(line)?, LEDGER_BYTES_MAX)
}

/// Every line that can be read, oldest first; lines that cannot are skipped.
pub fn read(project: &Project) -> Vec<Line> {
    files(project).iter().flat_map(|path| lines(&tail(path, LEDGER_BYTES_MAX * 2))).collect()
}

/// The paths whose writes a run was allowed, each once, in the ledger's spelling: for
/// telling apart who changed what when several agents share a working tree.
pub fn allowed_writes(project: &Project, session: &str, run: &str) -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    for file in files(project) {
        let text = tail(&file, LEDGER_BYTES_MAX * 2);
        let all = text.split(|byte| *byte == b'\n');
        // Most lines are of other runs, and need no parsing.
        let near = all.filter(|line| memchr::memmem::find(line, run.as_bytes()).is_some());
        for line in near.filter_map(|line| serde_json::from_slice::<Line>(line).ok()) {
            let allowed = matches!(line.decision, Outcome::Allow | Outcome::Warn);
            if allowed && line.session == session && line.run == run {
                let fresh = line.paths.into_iter().filter(|path| !paths.contains(path));
                paths.append(&mut fresh.collect());
            }
        }
    }
    paths
}

/// The older file first.
fn files(project: &Project) -> [PathBuf; 2] {
    let path = path(project);
    [path.with_extension("1.jsonl"), path]
}

/// The lines of a text that are lines of the ledger.
pub(crate) fn lines(text: &[u8]) -> Vec<Line> {
    let lines = text.split(|byte| *byte == b'\n');
    lines.filter_map(|line| serde_json::from_slice(line).ok()).collect()
}

/// The end of a file; empty when there is none that can be read.
pub(crate) fn tail(path: &Path, bytes_max: u64) -> Vec<u8> {
    store::tail(path, bytes_max).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_paths_of_one_run_each_once() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let project =
            Project { root: root.clone(), tree: root.clone(), main: root.clone(), cwd: root };
        let line = |run: &str, decision: &str, paths: &str| {
            let text = format!(
                r#"{{"time":"","session":"s1","run":"{run}","decision":"{decision}","paths":{paths}}}"#
            );
            append(&project, &serde_json::from_str(&text).unwrap()).unwrap();
        };
        line("r1", "allow", r#"["a","b"]"#);
        line("r2", "allow", r#"["c"]"#);
        line("r1", "deny", r#"["d"]"#);
        line("r1", "warn", r#"["b","e"]"#);
        assert_eq!(allowed_writes(&project, "s1", "r1"), ["a", "b", "e"]);
        assert_eq!(allowed_writes(&project, "s2", "r1"), [""; 0]);
        assert_eq!(read(&project).len(), 4);
    }
}
