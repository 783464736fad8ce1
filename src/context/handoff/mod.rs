//! One receiver's share of a run, from `ready` over `delivered` to `done`.
//!
//! One file for each pair of agents holds the newest handoff between them.
//! Every step here is a pure change of that file's object; it is made under the
//! file's lock, which is what lets exactly one run claim it.

pub mod claim;
pub mod pairs;
pub mod prepare;
pub mod tell;
pub mod wants;

use serde_json::Value;
use time::{Duration, OffsetDateTime};

use super::clock;
use super::value::text;

/// After this a handoff that nobody claimed is old news.
pub const EXPIRES_AFTER: Duration = Duration::days(7);

/// After this a run that claimed a handoff and never ended well is taken for
/// gone: killed, or given up. Another run may claim it.
pub const CLAIM_LAPSES_AFTER: Duration = Duration::days(1);

/// Where a handoff stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waits for a run of its receiver; also when the one that had it is gone.
    Ready,
    /// One run of its receiver has it.
    Delivered,
    /// The run that had it passed.
    Done,
    /// The run that wrote it failed its verdict.
    Blocked,
    /// Waited too long.
    Expired,
}

impl State {
    /// As the files spell it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Delivered => "delivered",
            Self::Done => "done",
            Self::Blocked => "blocked",
            Self::Expired => "expired",
        }
    }

    /// The state of a handoff at a moment; `None` for what is no handoff.
    pub fn of(handoff: &Value, now: OffsetDateTime) -> Option<Self> {
        let expires = clock::parse(text(handoff, "expires"));
        let is_over = expires.is_some_and(|expires| expires <= now);
        let claimed = handoff.get("claimed_by").and_then(|by| clock::parse(text(by, "timestamp")));
        let has_lapsed = claimed.is_some_and(|at| now - at >= CLAIM_LAPSES_AFTER);
        match text(handoff, "state") {
            "ready" | "blocked" if is_over => Some(Self::Expired),
            "ready" => Some(Self::Ready),
            "delivered" if has_lapsed && is_over => Some(Self::Expired),
            "delivered" if has_lapsed => Some(Self::Ready),
            "delivered" => Some(Self::Delivered),
            "done" => Some(Self::Done),
            "blocked" => Some(Self::Blocked),
            _ => None,
        }
    }
}
