//! How often a run was sent back, so that no agent is asked for ever.
//!
//! One small file per session and run. The client's `stop_hook_active` is no
//! substitute: it is one bit, and was seen absent.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::hook::Event;
use crate::project::Project;
use crate::store;

/// As many characters of an id are kept in a file name.
const ID_CHARS_MAX: usize = 64;

/// What to do with a run that fails its checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attempt {
    /// Send it back; this is the how-manieth time.
    SendBack(u32),
    /// It was sent back as often as is allowed.
    LetGo,
}

/// Counts one more failed stop of the run that the event ends.
///
/// Errors when the count cannot be kept: without one nobody may be sent back.
pub(super) fn count(
    event: &Event,
    project: &Project,
    attempts_max: u32,
) -> anyhow::Result<Attempt> {
    store::update_json(&file(event, project), |record| {
        let before = record.get("sent_back").and_then(Value::as_u64).unwrap_or_default();
        let before = u32::try_from(before).unwrap_or(u32::MAX);
        let attempt =
            if before < attempts_max { Attempt::SendBack(before + 1) } else { Attempt::LetGo };
        let (sent_back, outcome) = match attempt {
            Attempt::SendBack(attempt) => (attempt, "sent back"),
            Attempt::LetGo => (before, "failed"),
        };
        if let Some(record) = record.as_object_mut() {
            let agent = event.agent_type.as_deref().unwrap_or_default();
            record.insert("agent".into(), json!(agent));
            record.insert("sent_back".into(), json!(sent_back));
            record.insert("outcome".into(), json!(outcome));
        }
        Ok(attempt)
    })
}

/// Forgets the count of a run that passes: it may be resumed with a new task.
pub(super) fn forget(event: &Event, project: &Project) -> anyhow::Result<()> {
    store::remove(&file(event, project))
}

fn file(event: &Event, project: &Project) -> PathBuf {
    let name = format!("{}-{}.json", file_part(&event.session_id), file_part(event.run_id()));
    project.main.join(".claude/logs/lanekeeper/attempts").join(name)
}

/// An id as part of a file name; ids that had to be changed stay distinct.
fn file_part(id: &str) -> String {
    let kept: String = id
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
        .take(ID_CHARS_MAX)
        .collect();
    if kept == id && !id.is_empty() {
        return kept;
    }
    // FNV-1a: stable between builds, and good enough to tell odd ids apart.
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{kept}_{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_safe_in_file_names_and_stay_distinct() {
        assert_eq!(file_part("a0f9d0e4-27_5"), "a0f9d0e4-27_5");
        assert_eq!(file_part("../../etc/passwd").get(..10), Some("etcpasswd_"));
        assert_ne!(file_part("a/b"), file_part("a.b"));
        assert!(file_part(&"x".repeat(10_000)).len() < 100);
        assert!(!file_part("").is_empty());
    }
}
