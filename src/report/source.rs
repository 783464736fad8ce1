//! Where a verdict takes its message and its transcript from.

use std::path::PathBuf;

use super::evidence::Evidence;
use super::route::Route;
use crate::hook::{Event, EventKind};
use crate::transcript;

/// A final message and the transcript of its run.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The final message as the client tells it.
    pub message: Option<String>,
    /// The transcript, which may not exist.
    pub transcript: Option<PathBuf>,
    /// The working tree of the run, for red flags in what it added.
    pub tree: Option<PathBuf>,
    /// Whether the run is still being written down, or long over.
    pub freshness: Freshness,
}

/// How far a transcript can be trusted to be whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Freshness {
    /// A hook: the client writes the transcript behind the event.
    #[default]
    Live,
    /// By hand: what is not in it did not happen.
    Settled,
}

impl Source {
    /// What a hook event tells.
    pub fn of_event(event: &Event) -> Self {
        let own = |session: &PathBuf| {
            let agent = event.agent_id.as_deref()?;
            transcript::of_subagent(session, agent)
        };
        let session = event.transcript_path.as_ref();
        let (message, transcript) = match &event.kind {
            EventKind::PreToolUse(call) => {
                let message = call.input.get("message").and_then(|message| message.as_str());
                let transcript = match event.agent_id {
                    Some(_) => session.and_then(own),
                    None => session.cloned(),
                };
                (message.map(str::to_owned), transcript)
            }
            EventKind::SubagentStop(stop) => {
                let own = stop.agent_transcript_path.clone().or_else(|| session.and_then(own));
                (stop.last_message.clone(), own)
            }
            EventKind::Stop(stop) => (stop.last_message.clone(), session.cloned()),
            _ => (None, None),
        };
        Self { message, transcript, tree: None, freshness: Freshness::Live }
    }

    /// What the transcript shows.
    pub(super) fn evidence(&self, claimed: &[Route]) -> Evidence {
        let Some(path) = &self.transcript else { return Evidence::none() };
        let mut evidence = Evidence::read(path, claimed);
        if evidence.gap.is_none() && self.lags() {
            evidence.gap = Some("the transcript does not hold the final message yet".to_owned());
        }
        evidence
    }

    /// Whether the transcript ends before the message that the client told.
    fn lags(&self) -> bool {
        let (Some(path), Some(message), Freshness::Live) =
            (&self.transcript, &self.message, self.freshness)
        else {
            return false;
        };
        let words = transcript::last_words(path).unwrap_or_default();
        let (said, message) = (words.text.unwrap_or_default(), message.trim().to_owned());
        let said = said.trim();
        said.is_empty() || !(message.ends_with(said) || said.ends_with(&message))
    }
}
