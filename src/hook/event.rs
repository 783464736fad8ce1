//! What the client tells us: one struct per event, only the fields we read.
//!
//! Unknown fields are ignored and everything but the event's name is optional,
//! because clients add and drop fields between versions.

use std::path::PathBuf;

use anyhow::{Context, bail};
use serde::Deserialize;
use serde_json::Value;

/// One hook event of Claude Code (fields: `code.claude.com/docs/en/hooks`).
#[derive(Clone, Debug, Default)]
pub struct Event {
    /// One per session, shared by all its subagents.
    pub session_id: String,
    /// The main session's transcript, also inside a subagent. May not exist.
    pub transcript_path: Option<PathBuf>,
    /// The working directory of the call; follows `cd` and isolated worktrees.
    pub cwd: Option<PathBuf>,
    /// `default`, `plan`, `acceptEdits`, …: an open set.
    pub permission_mode: Option<String>,
    /// Present only inside a subagent.
    pub agent_id: Option<String>,
    /// The agent's name. Present and empty for the client's internal helpers.
    pub agent_type: Option<String>,
    /// What happened.
    pub kind: EventKind,
}

/// What happened, with the fields that only this event has.
#[derive(Clone, Debug, Default)]
pub enum EventKind {
    /// A tool is about to run.
    PreToolUse(ToolCall),
    /// A subagent starts, or is resumed under the same `agent_id`.
    SubagentStart,
    /// A session starts, is resumed, cleared or compacted.
    SessionStart(SessionStart),
    /// The main session is about to stop.
    Stop(Stop),
    /// A subagent is about to stop.
    SubagentStop(Stop),
    /// An event that none of the executables acts on.
    #[default]
    Other,
}

/// A tool call before it runs.
#[derive(Clone, Debug, Default)]
pub struct ToolCall {
    /// `Write`, `Bash`, `mcp__server__tool`, …
    pub name: String,
    /// Whatever the tool takes; foreign data.
    pub input: Value,
    /// Links the call to the transcript.
    pub id: Option<String>,
}

/// The start of a session.
#[derive(Clone, Debug, Default)]
pub struct SessionStart {
    /// `startup`, `resume`, `clear`, `compact`, `fork`: an open set.
    pub source: String,
}

/// The end of a turn, before it is final.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    /// Whether this stop follows one that a hook refused.
    pub hook_active: bool,
    /// The final message; absent when it holds no text.
    pub last_message: Option<String>,
    /// The subagent's own transcript. May not exist, may lag.
    pub agent_transcript_path: Option<PathBuf>,
    /// What still runs in the session, this subagent itself included.
    pub background_tasks: Vec<BackgroundTask>,
}

/// Something that runs in the background of the session.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BackgroundTask {
    /// For a subagent, its `agent_id`.
    pub id: String,
    /// `shell`, `subagent`, `monitor`, …: an open set.
    #[serde(rename = "type")]
    pub kind: String,
    /// `running`, …: an open set.
    pub status: String,
}

impl Event {
    /// Reads an event from the JSON text of one object.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let raw: Raw = serde_json::from_str(text).context("stdin is not a valid hook event")?;
        let Some(name) = raw.hook_event_name else {
            bail!("the event has no `hook_event_name`");
        };
        let stop = || Stop {
            hook_active: raw.stop_hook_active.unwrap_or_default(),
            last_message: raw.last_assistant_message.clone(),
            agent_transcript_path: raw.agent_transcript_path.clone(),
            background_tasks: raw.background_tasks.clone().unwrap_or_default(),
        };
        let kind = match name.as_str() {
            "PreToolUse" => EventKind::PreToolUse(ToolCall {
                name: raw.tool_name.context("the PreToolUse event has no `tool_name`")?,
                input: raw.tool_input.unwrap_or_default(),
                id: raw.tool_use_id,
            }),
            "SubagentStart" => EventKind::SubagentStart,
            "SessionStart" => {
                EventKind::SessionStart(SessionStart { source: raw.source.unwrap_or_default() })
            }
            "Stop" => EventKind::Stop(stop()),
            "SubagentStop" => EventKind::SubagentStop(stop()),
            _ => EventKind::Other,
        };
        Ok(Self {
            session_id: raw.session_id.unwrap_or_default(),
            transcript_path: raw.transcript_path,
            cwd: raw.cwd,
            permission_mode: raw.permission_mode,
            agent_id: raw.agent_id.filter(|id| !id.is_empty()),
            agent_type: raw.agent_type,
            kind,
        })
    }

    /// The name that replies must repeat in `hookEventName`.
    pub fn name(&self) -> &'static str {
        match self.kind {
            EventKind::PreToolUse(_) => "PreToolUse",
            EventKind::SubagentStart => "SubagentStart",
            EventKind::SessionStart(_) => "SessionStart",
            EventKind::Stop(_) => "Stop",
            EventKind::SubagentStop(_) => "SubagentStop",
            EventKind::Other => "",
        }
    }

    /// The stop that this event is, of the main session or of a subagent.
    pub fn stop(&self) -> Option<&Stop> {
        match &self.kind {
            EventKind::Stop(stop) | EventKind::SubagentStop(stop) => Some(stop),
            _ => None,
        }
    }

    /// The run that this event belongs to: the subagent's id, or `main`.
    pub fn run_id(&self) -> &str {
        self.agent_id.as_deref().unwrap_or("main")
    }
}

/// The wire form; flat, as the client sends it.
#[derive(Deserialize)]
struct Raw {
    hook_event_name: Option<String>,
    session_id: Option<String>,
    transcript_path: Option<PathBuf>,
    cwd: Option<PathBuf>,
    permission_mode: Option<String>,
    agent_id: Option<String>,
    agent_type: Option<String>,
    tool_name: Option<String>,
    tool_input: Option<Value>,
    tool_use_id: Option<String>,
    source: Option<String>,
    stop_hook_active: Option<bool>,
    last_assistant_message: Option<String>,
    agent_transcript_path: Option<PathBuf>,
    background_tasks: Option<Vec<BackgroundTask>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignores_unknown_fields_and_defaults_absent_ones() {
        let event = Event::parse(
            r#"{"hook_event_name":"SubagentStop","future":{"a":1},"stop_hook_active":null}"#,
        )
        .expect("an event");
        assert_eq!(event.name(), "SubagentStop");
        assert_eq!(event.run_id(), "main");
        assert!(event.stop().is_some_and(|stop| !stop.hook_active));
    }

    #[test]
    fn an_event_that_nobody_acts_on_is_no_error() {
        let event = Event::parse(r#"{"hook_event_name":"FutureEvent"}"#).expect("an event");
        assert!(matches!(event.kind, EventKind::Other));
    }
}
