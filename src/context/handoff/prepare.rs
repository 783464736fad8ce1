//! A handoff made from a record, and merged over the one before.

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::wants;
use super::{EXPIRES_AFTER, State};
use crate::agent::{Handoffs, Item, Receiver};
use crate::context::clock::stamp;
use crate::context::record::{Record, Status};
use crate::context::value::{bounded, text};

/// The largest context in one handoff; the receiver reads 9,000 characters.
const CONTEXT_BYTES_MAX: usize = 12 * 1024;
const PROSE_MAX: usize = 10;

/// Whether a receiver has a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// A definition of that name was found.
    ByDefinition,
    /// None was; an agent given inline may still bear the name.
    ByNameOnly,
}

/// The handoff of a record to one receiver.
pub fn handoff(
    record: &Record,
    receiver: &Receiver,
    known: Known,
    handoffs: &Handoffs,
    now: OffsetDateTime,
) -> Value {
    let found = wants::find(&receiver.wants, &record.context);
    let state = match record.status {
        Status::Completed => State::Ready,
        Status::Pending => State::Blocked,
    };
    // What stands on a line of givers is no receiver.
    let is_giver = |item: &&Item| handoffs.from.iter().any(|giver| giver.line == item.line);
    let prose = handoffs.prose.iter().filter(|item| !is_giver(item)).take(PROSE_MAX);
    let prose: Vec<&str> = prose.map(|item| item.text.as_str()).collect();
    let mut json = json!({
        "version": 1,
        "from": record.agent,
        "to": receiver.agent,
        "state": state.word(),
        "session_id": record.run.session_id,
        "agent_id": record.run.agent_id,
        "timestamp": record.timestamp,
        "expires": stamp(now + EXPIRES_AFTER),
        "reason": receiver.reason,
        "receiver_known": known == Known::ByDefinition,
        "summary": record.summary,
        "context_provided": found.provided,
        "not_found": found.missing,
        "context": bounded(&wants::wanted_first(&record.context, &found), CONTEXT_BYTES_MAX),
        "changed_files": record.changed_files,
        "decisions": record.decisions,
        "blockers": record.blockers,
        "nextSteps": record.next_steps,
        "also_named": prose,
    });
    if let (Some(fields), Some(commit)) = (json.as_object_mut(), &record.commit) {
        fields.insert("commit".to_owned(), json!(commit));
    }
    json
}

/// Puts a fresh handoff in the place of the pair's last one.
///
/// The same run saying the same again changes nothing. A failed run does not
/// take away what another left ready: that stays claimable as `undelivered`.
pub fn merge(file: &mut Value, fresh: Value, now: OffsetDateTime) {
    let before = file.clone();
    let same_run = text(&before, "session_id") == text(&fresh, "session_id")
        && text(&before, "agent_id") == text(&fresh, "agent_id");
    if same_run && content(&before) == content(&fresh) && is_settled(&before, &fresh) {
        return;
    }
    let undelivered = match State::of(&fresh, now) {
        Some(State::Blocked) if !same_run && State::of(&before, now) == Some(State::Ready) => {
            Some(without_undelivered(&before))
        }
        Some(State::Blocked) => before.get("undelivered").cloned(),
        _ => None,
    };
    let Some(fields) = file.as_object_mut() else { return };
    for key in ["undelivered", "claimed_by", "done_at", "commit"] {
        fields.shift_remove(key);
    }
    if let Value::Object(fresh) = fresh {
        fields.extend(fresh);
    }
    if let Some(undelivered) = undelivered {
        fields.insert("undelivered".to_owned(), undelivered);
    }
}

/// Whether the file already says of its run what the fresh handoff would.
fn is_settled(before: &Value, fresh: &Value) -> bool {
    let blocked = |handoff: &Value| text(handoff, "state") == State::Blocked.word();
    blocked(before) == blocked(fresh)
}

fn content(handoff: &Value) -> Value {
    let keys =
        ["reason", "summary", "context", "changed_files", "decisions", "blockers", "nextSteps"];
    keys.iter().map(|key| handoff.get(*key).cloned().unwrap_or_default()).collect()
}

fn without_undelivered(handoff: &Value) -> Value {
    let mut handoff = handoff.clone();
    if let Some(fields) = handoff.as_object_mut() {
        fields.shift_remove("undelivered");
    }
    handoff
}

#[cfg(test)]
pub(in crate::context) mod tests {
    use super::*;
    use crate::context::clock::parse;
    use crate::context::record::tests::{failed, record};

    pub(in crate::context) fn noon() -> OffsetDateTime {
        parse("2026-11-20T12:00:00Z").unwrap()
    }

    pub(in crate::context) fn handoff_of(record: &Record) -> Value {
        let receiver =
            Receiver { agent: "b".into(), reason: "API ready".into(), ..Receiver::default() };
        handoff(record, &receiver, Known::ByDefinition, &Handoffs::default(), noon())
    }

    fn merged(file: &Value, record: &Record) -> Value {
        let mut file = file.clone();
        merge(&mut file, handoff_of(record), noon());
        file
    }

    #[test]
    fn a_newer_handoff_supersedes_the_older_one() {
        let first = merged(&json!({"note": "by hand"}), &record("a", "1", "First."));
        assert_eq!(text(&first, "state"), "ready");
        let second = merged(&first, &record("a", "2", "Second."));
        assert_eq!((text(&second, "summary"), text(&second, "note")), ("Second.", "by hand"));
        assert_eq!(second.get("undelivered"), None);
    }

    #[test]
    fn the_same_stop_again_changes_nothing_but_a_passing_one_unblocks() {
        let blocked = merged(&json!({}), &failed("a", "1", "no report"));
        assert_eq!(text(&blocked, "state"), "blocked");
        assert_eq!(merged(&blocked, &failed("a", "1", "no report")), blocked);
        let ready = merged(&blocked, &record("a", "1", "Done."));
        assert_eq!((text(&ready, "state"), &ready["blockers"]), ("ready", &json!([])));
        let mut delivered = ready.clone();
        delivered["state"] = json!("delivered");
        assert_eq!(merged(&delivered, &record("a", "1", "Done.")), delivered);
        assert_eq!(text(&merged(&delivered, &record("a", "1", "More.")), "state"), "ready");
    }

    #[test]
    fn a_failed_run_does_not_take_away_what_another_left_ready() {
        let ready = merged(&json!({}), &record("a", "1", "Done."));
        let blocked = merged(&ready, &failed("a", "2", "no report"));
        assert_eq!(text(&blocked, "state"), "blocked");
        assert_eq!(text(&blocked["undelivered"], "summary"), "Done.");
        let again = merged(&blocked, &failed("a", "3", "still none"));
        assert_eq!(text(&again["undelivered"], "summary"), "Done.");
        assert_eq!(merged(&again, &record("a", "4", "All.")).get("undelivered"), None);
    }
}
