//! `history/runs.jsonl`: every publication, one line each, for ever.
//!
//! The state files hold the newest entries only; a publication after 100,000
//! others costs what the first did because the rest is here.

use std::collections::HashSet;
use std::path::PathBuf;

use anyhow::Context;
use serde_json::Value;

use super::record::Record;
use super::shelf::Shelf;
use super::value::{bounded, text};
use crate::store;

/// A file of the history is closed when it would grow beyond this.
const SEGMENT_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// One line's share of the context.
const CONTEXT_BYTES_MAX: usize = 2 * 1024;

/// Adds a record; it is on the disk when this returns.
pub fn append(shelf: &Shelf, record: &Record) -> anyhow::Result<()> {
    let mut json = record.to_json();
    if let Some(context) = json.get_mut("context") {
        *context = bounded(context, CONTEXT_BYTES_MAX);
    }
    store::archive_line(&shelf.history(), &json.to_string(), SEGMENT_BYTES_MAX)
}

/// The last publication of each run, newest first, at most `runs_max`.
pub fn runs(shelf: &Shelf, agent: Option<&str>, runs_max: usize) -> anyhow::Result<Vec<Value>> {
    let mut seen = HashSet::new();
    let mut runs = Vec::new();
    for segment in segments(shelf)? {
        let Some(bytes) = store::read(&segment, SEGMENT_BYTES_MAX * 2)? else { continue };
        let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
        for line in lines.into_iter().rev() {
            if runs.len() >= runs_max {
                return Ok(runs);
            }
            // A killed writer may have left half a line.
            let Ok(run) = serde_json::from_slice::<Value>(line) else { continue };
            if agent.is_some_and(|agent| text(&run, "agent") != agent) {
                continue;
            }
            let id = format!("{}\n{}", text(&run, "session_id"), text(&run, "agent_id"));
            if seen.insert(id) {
                runs.push(run);
            }
        }
    }
    Ok(runs)
}

/// The files of the history, newest first.
fn segments(shelf: &Shelf) -> anyhow::Result<Vec<PathBuf>> {
    let current = shelf.history();
    let Some(folder) = current.parent() else { return Ok(Vec::new()) };
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => {
            return Err(error).with_context(|| format!("could not list `{}`", folder.display()));
        }
    };
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let is_segment = |path: &PathBuf| path.extension().is_some_and(|end| end == "jsonl");
    let mut segments: Vec<PathBuf> = paths.filter(is_segment).collect();
    // `runs-1763632000.jsonl` sorts before `runs.jsonl`.
    segments.sort();
    segments.reverse();
    Ok(segments)
}
