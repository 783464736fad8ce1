//! The lines that allow a red flag, for the audit: a suppression that nobody
//! counts is a rule that is off.
//!
//! Only lines that are new since a run began, or since the last commit where no
//! run is audited. What such a line looks like is [`crate::flags`]'.

use std::path::Path;

use serde_json::{Value, json};

use super::baseline::Baseline;
use crate::hook::printable;
use crate::project::Project;
use crate::{flags, repo};

/// As many lines are listed; the rest is counted.
const LISTED_MAX: usize = 100;

/// What allows a rule, and how many there are.
#[derive(Debug, Default)]
pub(super) struct Suppressed {
    listed: Vec<Line>,
    count: usize,
}

#[derive(Debug)]
struct Line {
    file: String,
    number: usize,
    rule: String,
    reason: Option<String>,
}

impl Suppressed {
    /// The lines of the runs' working trees; of the project's without a run.
    ///
    /// A tree that cannot be compared has none: the runs' own reports say why.
    pub(super) fn of<'a>(runs: impl Iterator<Item = &'a Baseline>, project: &Project) -> Self {
        let mut trees: Vec<(&Path, &str)> = Vec::new();
        for tree in runs.flat_map(|run| &run.trees) {
            if !trees.iter().any(|(root, _)| *root == tree.root) {
                trees.push((&tree.root, tree.history.head.as_deref().unwrap_or("HEAD")));
            }
        }
        if trees.is_empty() {
            trees.push((&project.tree, "HEAD"));
        }
        let mut found = Self::default();
        for (root, since) in trees {
            found.look(root, since);
        }
        found
    }

    fn look(&mut self, root: &Path, since: &str) {
        for (path, lines) in repo::added_lines(root, since).unwrap_or_default() {
            let Ok(Some(text)) = flags::read_text(&root.join(&path)) else { continue };
            let new = flags::allowances(&text).into_iter().filter(|one| lines.contains(&one.line));
            for one in new {
                self.count += 1;
                if self.listed.len() < LISTED_MAX {
                    let file = path.to_string_lossy().into_owned();
                    let (number, rule, reason) = (one.line, one.rule, one.reason);
                    self.listed.push(Line { file, number, rule, reason });
                }
            }
        }
    }

    /// One line for the count and one for each; nothing when there is none.
    pub(super) fn as_text(&self) -> String {
        if self.count == 0 {
            return String::new();
        }
        let lines = self.listed.iter().map(|one| {
            let reason = one.reason.as_deref().unwrap_or("no reason, so it does not count");
            let place = format!("{}:{}: {}: {reason}", one.file, one.number, one.rule);
            format!("  {}\n", printable(&place))
        });
        let more = self.count - self.listed.len();
        let more = if more > 0 { format!("  … and {more} more\n") } else { String::new() };
        let noun = if self.count == 1 { "line allows" } else { "lines allow" };
        format!("{} new {noun} a red flag\n{}{more}", self.count, lines.collect::<String>())
    }

    pub(super) fn as_json(&self) -> Value {
        let lines = self.listed.iter().map(|one| {
            json!({"file": one.file, "line": one.number, "rule": one.rule, "reason": one.reason})
        });
        json!({"count": self.count, "lines": lines.collect::<Vec<Value>>()})
    }
}
