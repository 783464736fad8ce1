//! Tool calls out of the client's transcripts, one line at a time.
//!
//! Reads only what a decision needs: who called what, where. Lines that are
//! no JSON, or hold no tool call, are passed over.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Deserialize;
use serde_json::Value;

use crate::hook::ToolCall;

/// How deep below a folder of transcripts is searched, and how many are taken.
const DEPTH_MAX: usize = 6;
const TRANSCRIPTS_MAX: usize = 100_000;

/// One recorded tool call.
#[derive(Debug)]
pub(super) struct Recorded {
    /// 1-based line of the transcript.
    pub(super) line: usize,
    /// The agent that called; `None` in the main session.
    pub(super) agent: Option<String>,
    /// The working directory of the call.
    pub(super) cwd: Option<PathBuf>,
    pub(super) call: ToolCall,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "attributionAgent")]
    agent: Option<String>,
    cwd: Option<PathBuf>,
    message: Option<Message>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    content: Value,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(rename = "agentType")]
    agent: Option<String>,
}

/// Hands every tool call of a transcript to `each`, in order.
pub(super) fn calls(path: &Path, mut each: impl FnMut(Recorded)) -> anyhow::Result<()> {
    let shown = || format!("could not read the transcript `{}`", path.display());
    let mut reader = BufReader::new(File::open(path).with_context(shown)?);
    let of_file = agent_beside(path);
    let (mut text, mut line) = (Vec::new(), 0);
    loop {
        text.clear();
        if reader.read_until(b'\n', &mut text).with_context(shown)? == 0 {
            return Ok(());
        }
        line += 1;
        if memchr::memmem::find(&text, b"\"tool_use\"").is_none() {
            continue;
        }
        let Ok(entry) = serde_json::from_slice::<Entry>(&text) else {
            continue;
        };
        let Some(Value::Array(blocks)) = entry.message.map(|message| message.content) else {
            continue;
        };
        for block in blocks {
            let Some(call) = tool_use(block) else {
                continue;
            };
            let agent = entry.agent.clone().or_else(|| of_file.clone());
            each(Recorded { line, agent, cwd: entry.cwd.clone(), call });
        }
    }
}

/// The working directory that a transcript starts in.
pub(super) fn started_in(path: &Path) -> Option<PathBuf> {
    const LINES_LOOKED_AT: usize = 50;
    let reader = BufReader::new(File::open(path).ok()?);
    let lines = reader.split(b'\n').take(LINES_LOOKED_AT).map_while(Result::ok);
    let mut entries = lines.filter_map(|line| serde_json::from_slice::<Entry>(&line).ok());
    entries.find_map(|entry| entry.cwd)
}

/// Every transcript below a folder, in the order of their names.
pub(super) fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if depth < DEPTH_MAX {
                    open.push((path, depth + 1));
                }
            } else if path.extension().is_some_and(|extension| extension == "jsonl") {
                found.push(path);
            }
        }
        if found.len() >= TRANSCRIPTS_MAX {
            break;
        }
    }
    found.sort();
    found
}

/// The agent that the client notes beside a subagent's transcript.
fn agent_beside(path: &Path) -> Option<String> {
    let bytes = std::fs::read(path.with_extension("meta.json")).ok()?;
    serde_json::from_slice::<Meta>(&bytes).ok()?.agent
}

fn tool_use(mut block: Value) -> Option<ToolCall> {
    if block.get("type")?.as_str()? != "tool_use" {
        return None;
    }
    let name = block.get("name")?.as_str()?.to_owned();
    let id = block.get("id").and_then(Value::as_str).map(str::to_owned);
    let input = block.get_mut("input").map(Value::take).unwrap_or_default();
    Some(ToolCall { name, input, id })
}
