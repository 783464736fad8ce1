//! What we may answer, and how it is spelled on the wire.
//!
//! Every reply becomes JSON here and nowhere else. Nothing is ever allowed
//! explicitly: an `allow` would skip the user's own permission prompts.

use serde_json::{Value, json};

use super::event::{Event, EventKind};
use super::text::{REPLY_CHARS_MAX, clip};

/// The answer to one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Nothing to say: empty stdout, exit 0.
    Silence,
    /// PreToolUse: the tool must not run, and why.
    Deny {
        /// Read by the agent.
        reason: String,
    },
    /// Stop and SubagentStop: the agent must go on, and why.
    Block {
        /// Read by the agent.
        reason: String,
    },
    /// SubagentStart and SessionStart: facts for the agent to know.
    Context {
        /// At most [`REPLY_CHARS_MAX`] characters reach the model whole.
        text: String,
    },
    /// Any event: a line for the person at the terminal.
    Notice {
        /// Read by the user, not by the agent.
        message: String,
    },
}

/// The bytes and the exit code that the client sees.
pub(super) struct Wire {
    pub(super) stdout: String,
    pub(super) stderr: String,
    pub(super) code: u8,
}

impl Reply {
    pub(super) fn to_wire(&self, event: &Event) -> Wire {
        match self {
            Self::Silence => Wire { stdout: String::new(), stderr: String::new(), code: 0 },
            // JSON, stderr and exit 2 together refuse on every client and
            // version known; Claude Code shows the model the JSON reason only.
            Self::Deny { reason } => Wire {
                stdout: line(&json!({"hookSpecificOutput": {
                    "hookEventName": event.name(),
                    "permissionDecision": "deny",
                    "permissionDecisionReason": clip(reason, REPLY_CHARS_MAX),
                }})),
                stderr: clip(reason, REPLY_CHARS_MAX),
                code: 2,
            },
            Self::Block { reason } => Wire {
                stdout: line(&json!({
                    "decision": "block",
                    "reason": clip(reason, REPLY_CHARS_MAX),
                })),
                stderr: String::new(),
                code: 0,
            },
            Self::Context { text } => match event.kind {
                EventKind::SubagentStart | EventKind::SessionStart(_) => Wire {
                    stdout: line(&json!({"hookSpecificOutput": {
                        "hookEventName": event.name(),
                        "additionalContext": clip(text, REPLY_CHARS_MAX),
                    }})),
                    stderr: String::new(),
                    code: 0,
                },
                // On a stop, context would start another turn and lose the report.
                _ => Self::Silence.to_wire(event),
            },
            Self::Notice { message } => Wire {
                stdout: line(&json!({"systemMessage": clip(message, REPLY_CHARS_MAX)})),
                stderr: String::new(),
                code: 0,
            },
        }
    }
}

fn line(value: &Value) -> String {
    format!("{value}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(event: &str, reply: &Reply, stdout: &str, stderr: &str, code: u8) {
        let event = Event::parse(event).expect("an event");
        let wire = reply.to_wire(&event);
        assert_eq!((wire.stdout.as_str(), wire.stderr.as_str(), wire.code), (stdout, stderr, code));
    }

    const PRE: &str = r#"{"hook_event_name":"PreToolUse","tool_name":"Write"}"#;
    const STOP: &str = r#"{"hook_event_name":"SubagentStop"}"#;
    const START: &str = r#"{"hook_event_name":"SubagentStart"}"#;

    #[test]
    fn spells_each_reply() {
        check(PRE, &Reply::Silence, "", "", 0);
        check(
            PRE,
            &Reply::Deny { reason: "no".into() },
            "{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"permissionDecision\":\"deny\",\"permissionDecisionReason\":\"no\"}}\n",
            "no",
            2,
        );
        check(
            STOP,
            &Reply::Block { reason: "again".into() },
            "{\"decision\":\"block\",\"reason\":\"again\"}\n",
            "",
            0,
        );
        check(
            START,
            &Reply::Context { text: "facts".into() },
            "{\"hookSpecificOutput\":{\"hookEventName\":\"SubagentStart\",\"additionalContext\":\"facts\"}}\n",
            "",
            0,
        );
        check(STOP, &Reply::Notice { message: "x".into() }, "{\"systemMessage\":\"x\"}\n", "", 0);
    }

    #[test]
    fn context_on_a_stop_is_silence() {
        check(STOP, &Reply::Context { text: "facts".into() }, "", "", 0);
    }
}
