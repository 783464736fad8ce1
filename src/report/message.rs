//! The text that a run ends with, where the client does not tell it.
//!
//! What the text must hold is [`super::contract`]'s.

use super::{Finding, Source};
use crate::flags::Severity;
use crate::transcript;

/// The final message of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// The run ended without any text.
    Absent,
    /// The run ended with blank text.
    Empty,
    Given(String),
}

/// The transcript's last text, if nothing but the end follows it.
pub(super) fn last_resort(source: &Source) -> Text {
    let words = source.transcript.as_deref().and_then(|path| transcript::last_words(path).ok());
    match words.filter(|words| words.is_final).and_then(|words| words.text) {
        Some(text) if text.trim().is_empty() => Text::Empty,
        Some(text) => Text::Given(text),
        None => Text::Absent,
    }
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
