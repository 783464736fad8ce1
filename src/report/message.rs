//! The text that a run ends with, and where it comes from.
//!
//! What the text must hold is [`super::contract`]'s.

use super::Finding;
use crate::flags::Severity;
use crate::hook::{Event, EventKind};

/// The final message of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// The run ended without any text.
    Absent,
    /// The run ended with blank text.
    Empty,
    Given(String),
}

impl Text {
    fn of(text: &str) -> Self {
        if text.trim().is_empty() { Self::Empty } else { Self::Given(text.to_owned()) }
    }

    pub(super) fn into_given(self) -> Option<String> {
        match self {
            Self::Given(text) => Some(text),
            Self::Absent | Self::Empty => None,
        }
    }
}

/// The final message of the run that an event ends.
pub(super) fn of_event(event: &Event) -> Text {
    match &event.kind {
        EventKind::PreToolUse(call) => handed_back(&call.input),
        EventKind::Stop(stop) | EventKind::SubagentStop(stop) => {
            stop.last_message.as_deref().map_or(Text::Absent, Text::of)
        }
        _ => Text::Absent,
    }
}

/// The report that a subagent delivers through its tool for that.
fn handed_back(input: &serde_json::Value) -> Text {
    input.get("message").and_then(|message| message.as_str()).map_or(Text::Absent, Text::of)
}

pub(super) fn absent() -> Finding {
    finding("message-missing", "the run ended without a final message")
}

pub(super) fn empty() -> Finding {
    finding("message-empty", "the final message is blank")
}

fn finding(rule: &str, message: &str) -> Finding {
    Finding {
        rule: rule.to_owned(),
        severity: Severity::Block,
        place: "the final message".to_owned(),
        message: format!("{message}; end with the complete report as text"),
    }
}
