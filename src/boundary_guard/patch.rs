//! The files that a patch names in its headers.
//!
//! Reads `*** Begin Patch` (`*** Add File:` and its siblings) and unified
//! diffs; applies nothing.

use std::path::PathBuf;

use serde_json::Value;

use super::tools::{Added, Effect, Planned};
use crate::hook::ToolCall;
use crate::shell::WriteKind;

/// The line that a patch of its own form starts with.
pub(super) const BEGIN: &str = "*** Begin Patch";

/// How many files one patch may touch.
const FILES_MAX: usize = 4_096;

/// What an apply_patch call would do.
pub(super) fn effect(call: &ToolCall) -> Effect {
    let fields = ["command", "input", "patch", "diff", "patch_text"];
    let values = fields.iter().filter_map(|field| call.input.get(field));
    let mut planned = Vec::new();
    for value in values.chain(call.input.is_string().then_some(&call.input)) {
        match value {
            Value::String(text) => read(text, &mut planned),
            Value::Array(parts) => {
                for part in parts.iter().filter_map(Value::as_str) {
                    read(part, &mut planned);
                }
            }
            _ => {}
        }
    }
    if planned.is_empty() {
        return Effect::Malformed(format!("the `{}` call names no file in its patch", call.name));
    }
    if planned.len() > FILES_MAX {
        return Effect::Malformed(format!("the patch touches more than {FILES_MAX} files"));
    }
    Effect::Writes(planned)
}

/// Reads one patch and adds what it changes.
pub(super) fn read(text: &str, planned: &mut Vec<Planned>) {
    for line in text.lines() {
        if planned.len() > FILES_MAX {
            return;
        }
        if let Some((path, kind)) = header(line) {
            let added = (kind == WriteKind::Write)
                .then(|| Added { before: Some(String::new()), after: String::new() });
            planned.push(Planned { path: PathBuf::from(path), kind, added });
            continue;
        }
        let Some(added) = planned.last_mut().and_then(|planned| planned.added.as_mut()) else {
            continue;
        };
        let (side, line) = match (line.strip_prefix('+'), line.strip_prefix('-')) {
            (Some(line), _) => (Some(&mut added.after), line),
            (_, Some(line)) => (added.before.as_mut(), line),
            _ => continue,
        };
        if let Some(side) = side {
            side.push_str(line);
            side.push('\n');
        }
    }
}

/// The file that a header line names, and what happens to it.
fn header(line: &str) -> Option<(&str, WriteKind)> {
    let line = line.trim_end();
    let own = [
        ("*** Add File:", WriteKind::Write),
        ("*** Update File:", WriteKind::Write),
        ("*** Delete File:", WriteKind::Delete),
        ("*** Move to:", WriteKind::Write),
        ("*** Rename File:", WriteKind::Delete),
        ("rename from ", WriteKind::Delete),
        ("rename to ", WriteKind::Write),
        ("copy to ", WriteKind::Write),
    ];
    let spelled = line.trim_start();
    for (prefix, kind) in own {
        if let Some(path) = spelled.strip_prefix(prefix) {
            return Some((path.trim(), kind)).filter(|(path, _)| !path.is_empty());
        }
    }
    let (path, kind) = match (line.strip_prefix("+++ "), line.strip_prefix("--- ")) {
        (Some(path), _) => (path, WriteKind::Write),
        (_, Some(path)) => (path, WriteKind::Delete),
        _ => return None,
    };
    let path = path.split('\t').next().unwrap_or_default().trim().trim_matches('"');
    let path = path.strip_prefix("a/").or_else(|| path.strip_prefix("b/")).unwrap_or(path);
    (!path.is_empty() && path != "/dev/null").then_some((path, kind))
}
