//! `session/state.json`: a record merged into what everybody reads first.
//!
//! What others wrote into the file stays; of our own entries the oldest leave
//! when there are too many, since the history holds them all.

use serde_json::{Map, Value, json};

use super::decisions;
use super::record::{Record, Status};
use super::value::text;

/// Our entries in each list of tasks. More would make every publication pay
/// for all earlier ones.
pub const TASKS_MAX: usize = 16;
const SESSIONS_MAX: usize = 8;

/// Merges a record into the state, replacing what its run had there.
pub fn merge(state: &mut Value, record: &Record) {
    let Some(fields) = state.as_object_mut() else { return };
    fields.entry("version").or_insert(json!(1));
    fields.insert("session_id".to_owned(), json!(record.run.session_id));
    fields.insert("updated".to_owned(), json!(record.timestamp));
    merge_session(fields, record);
    let all = fields.entry("agent_decisions").or_insert_with(|| json!({}));
    decisions::merge(all, record, &record.decision_entries());
    merge_task(fields, "tasks_completed", record, Status::Completed);
    merge_task(fields, "tasks_pending", record, Status::Pending);
}

fn merge_task(fields: &mut Map<String, Value>, key: &str, record: &Record, status: Status) {
    let list = fields.entry(key).or_insert_with(|| json!([]));
    // Somebody's own shape: it stays, and our part of it is empty.
    let Some(list) = list.as_array_mut() else { return };
    list.retain(|entry| !record.run.owns(entry));
    if record.status == status {
        list.push(record.to_task());
    }
    keep_newest(list, TASKS_MAX);
}

/// Leaves what is not ours, and the newest of what is.
pub(super) fn keep_newest(list: &mut Vec<Value>, ours_max: usize) {
    let is_ours =
        |entry: &Value| entry.get("session_id").is_some() && entry.get("agent_id").is_some();
    let mut over = list.iter().filter(|entry| is_ours(entry)).count().saturating_sub(ours_max);
    list.retain(|entry| {
        let leaves = over > 0 && is_ours(entry);
        over -= usize::from(leaves);
        !leaves
    });
}

fn merge_session(fields: &mut Map<String, Value>, record: &Record) {
    let list = fields.entry("sessions").or_insert_with(|| json!([]));
    let Some(list) = list.as_array_mut() else { return };
    let id = record.run.session_id.as_str();
    let known = list.iter().position(|session| text(session, "session_id") == id);
    let mut session = known.map_or_else(
        || json!({"session_id": id, "started": record.timestamp}),
        |at| list.remove(at),
    );
    if let Some(session) = session.as_object_mut() {
        session.insert("updated".to_owned(), json!(record.timestamp));
    }
    list.push(session);
    let over = list.len().saturating_sub(SESSIONS_MAX);
    list.drain(..over);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::record::tests::{failed, record};

    fn tasks(state: &Value, key: &str) -> Vec<String> {
        let list = state[key].as_array().unwrap();
        list.iter()
            .map(|task| format!("{}/{}", text(task, "agent"), text(task, "agent_id")))
            .collect()
    }

    #[test]
    fn a_run_has_one_entry_and_moves_from_pending_to_completed() {
        let mut state = json!({});
        merge(&mut state, &failed("a", "1", "no report"));
        merge(&mut state, &failed("a", "1", "no report"));
        merge(&mut state, &record("b", "2", "Done."));
        assert_eq!(tasks(&state, "tasks_pending"), ["a/1"]);
        assert_eq!(state["tasks_pending"][0]["blockers"], json!(["no report"]));
        merge(&mut state, &record("a", "1", "Done."));
        assert_eq!(tasks(&state, "tasks_pending"), [""; 0]);
        assert_eq!(tasks(&state, "tasks_completed"), ["b/2", "a/1"]);
        merge(&mut state, &failed("a", "1", "later failure"));
        assert_eq!(tasks(&state, "tasks_completed"), ["b/2"]);
    }

    #[test]
    fn what_others_wrote_stays_and_ours_is_bounded() {
        let theirs = json!({"task": "by hand"});
        let mut state = json!({"tasks_completed": [theirs], "quality_gates": {"x": 1}});
        for number in 0..100 {
            merge(&mut state, &record("a", &number.to_string(), "Done."));
        }
        assert_eq!(state["tasks_completed"].as_array().unwrap().len(), TASKS_MAX + 1);
        assert_eq!(state["tasks_completed"][0], theirs);
        assert_eq!(state["tasks_completed"][TASKS_MAX]["agent_id"], "99");
        assert_eq!(state["quality_gates"], json!({"x": 1}));
        assert_eq!(state["sessions"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn a_list_that_somebody_made_something_else_of_is_left_alone() {
        let mut state = json!({"tasks_completed": "see the wiki", "agent_decisions": 7});
        merge(&mut state, &record("a", "1", "Done."));
        assert_eq!(state["tasks_completed"], "see the wiki");
        assert_eq!(state["agent_decisions"], 7);
    }
}
