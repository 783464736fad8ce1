//! Agents without a file: given with `--agents`, or managed.
//!
//! Their text is in the transcript: the client notes the system prompt of
//! every subagent there before its first turn, the definition's body first.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{BUILT_IN, Definition, Tools};
use crate::hook::Event;

/// How much of a transcript is searched; the prompt stands in its first lines.
const HEAD_BYTES_MAX: u64 = 2 * 1024 * 1024;

/// The definition in the transcript of the event's run, if it is there.
pub(super) fn of_event(name: &str, event: &Event) -> anyhow::Result<Option<Definition>> {
    if BUILT_IN.contains(&name) {
        return Ok(None);
    }
    let Some(transcript) = transcript(event) else {
        return Ok(None);
    };
    let Some(snapshot) = read(&transcript).as_deref().and_then(snapshot) else {
        return Ok(None);
    };
    let Some(body) = snapshot.system_prompt.into_iter().next() else {
        return Ok(None);
    };
    let mut definition = Definition::parse(&body, &transcript)?;
    name.clone_into(&mut definition.name);
    definition.warnings.retain(|warning| warning.line > 1);
    if let (Tools::All, Some(tools)) = (&definition.tools, snapshot.tools) {
        definition.tools = Tools::Only(tools.into_iter().map(|tool| tool.name).collect());
        let denied = super::tools::none_writes(&definition.tools);
        definition.boundaries.read_only = definition.boundaries.read_only.or(denied);
    }
    Ok(Some(definition))
}

/// The subagent's own transcript; it lies beside the session's.
fn transcript(event: &Event) -> Option<PathBuf> {
    if let Some(path) = event.stop().and_then(|stop| stop.agent_transcript_path.clone()) {
        return Some(path);
    }
    let session = event.transcript_path.as_ref()?;
    match &event.agent_id {
        Some(id) if !id.contains(['/', '\\']) => {
            Some(session.with_extension("").join("subagents").join(format!("agent-{id}.jsonl")))
        }
        Some(_) => None,
        None => Some(session.clone()),
    }
}

fn read(transcript: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(transcript).ok()?.take(HEAD_BYTES_MAX).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

#[derive(Deserialize)]
struct Line {
    attachment: Snapshot,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Snapshot {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    system_prompt: Vec<String>,
    #[serde(default)]
    tools: Option<Vec<Tool>>,
}

#[derive(Deserialize)]
struct Tool {
    name: String,
}

/// The last snapshot of the head; the first may lack the tools.
fn snapshot(transcript: &[u8]) -> Option<Snapshot> {
    let lines = transcript.split(|byte| *byte == b'\n');
    let noted = lines.filter(|line| memchr::memmem::find(line, b"\"prompt_snapshot\"").is_some());
    noted
        .filter_map(|line| serde_json::from_slice::<Line>(line).ok())
        .map(|line| line.attachment)
        .rfind(|snapshot| snapshot.kind == "prompt_snapshot")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_without_a_file_is_read_from_its_transcript() {
        let dir = tempfile::tempdir().unwrap();
        let session = dir.path().join("s.jsonl");
        let own = dir.path().join("s/subagents/agent-a1.jsonl");
        std::fs::create_dir_all(own.parent().unwrap()).unwrap();
        let line = serde_json::json!({"attachment": {
            "type": "prompt_snapshot",
            "systemPrompt": ["## Boundaries\n- Allowed: docs/**\n", "Notes"],
            "tools": [{"name": "Write"}, {"name": "Read"}],
        }});
        std::fs::write(&own, format!("{{\"type\":\"user\"}}\n{line}\n")).unwrap();
        let event = serde_json::json!({
            "hook_event_name": "PreToolUse", "tool_name": "Write", "agent_id": "a1",
            "agent_type": "writer", "transcript_path": session,
        });
        let event = Event::parse(&event.to_string()).unwrap();
        let definition = of_event("writer", &event).unwrap().unwrap();
        assert_eq!(definition.name, "writer");
        assert_eq!(definition.boundaries.allowed[0].glob, "docs/**");
        assert_eq!(definition.tools, Tools::Only(vec!["Write".into(), "Read".into()]));
        assert!(of_event("Explore", &event).unwrap().is_none());
    }
}
