//! Decisions by agent, as `session/state.json` and
//! `knowledge/decisions/active.json` hold them.
//!
//! Agents edit these lists themselves, in whatever shape: ours are the entries
//! that name their run.

use serde_json::{Value, json};

use super::record::{Record, Status};
use super::state::keep_newest;
use super::value::text;
use crate::order;

/// Our entries for one agent.
const DECISIONS_MAX: usize = 12;
/// Agents with entries of ours; those that decided longest ago leave first.
const AGENTS_MAX: usize = 16;

/// Merges a record into `active.json`: only what passed is in force.
pub fn merge_active(file: &mut Value, record: &Record) {
    let Some(fields) = file.as_object_mut() else { return };
    fields.entry("version").or_insert(json!(1));
    fields.entry("updated").or_insert_with(|| json!(record.timestamp));
    let all = fields.entry("decisions").or_insert_with(|| json!({}));
    let before = all.clone();
    let entries = match record.status {
        Status::Completed => record.decision_entries(),
        Status::Pending => Vec::new(),
    };
    merge(all, record, &entries);
    // A run that decided nothing is not worth a write.
    if *all != before {
        fields.insert("updated".to_owned(), json!(record.timestamp));
    }
}

/// Replaces what the record's run has in `all`, which is an object by agent
/// (or, in older files, one list for all agents).
pub(super) fn merge(all: &mut Value, record: &Record, entries: &[Value]) {
    match all {
        Value::Array(list) => {
            let mut entries = entries.to_vec();
            for entry in entries.iter_mut().filter_map(Value::as_object_mut) {
                entry.insert("agent".to_owned(), json!(record.agent));
            }
            replace_own(list, record, &entries, DECISIONS_MAX * AGENTS_MAX);
        }
        Value::Object(by_agent) => {
            match by_agent.get_mut(&record.agent) {
                Some(own) => merge_own(own, record, entries),
                None if entries.is_empty() => {}
                None => {
                    by_agent.insert(record.agent.clone(), json!({"decisions": entries}));
                }
            }
            drop_oldest_agents(by_agent);
        }
        _ => {}
    }
}

fn merge_own(own: &mut Value, record: &Record, entries: &[Value]) {
    if own.is_string() {
        *own = json!({"note": own});
    }
    let list = match own {
        Value::Object(fields) if entries.is_empty() && !fields.contains_key("decisions") => return,
        Value::Object(fields) => fields.entry("decisions").or_insert_with(|| json!([])),
        other => other,
    };
    if let Some(list) = list.as_array_mut() {
        replace_own(list, record, entries, DECISIONS_MAX);
    }
}

fn replace_own(list: &mut Vec<Value>, record: &Record, entries: &[Value], ours_max: usize) {
    list.retain(|entry| !record.run.owns(entry));
    list.extend_from_slice(entries);
    keep_newest(list, ours_max);
}

/// Only agents with nothing but our own entries leave.
fn drop_oldest_agents(by_agent: &mut serde_json::Map<String, Value>) {
    let is_ours = |own: &Value| {
        let list = own.get("decisions").and_then(Value::as_array);
        own.as_object().is_some_and(|fields| fields.len() == 1)
            && list.is_some_and(|list| list.iter().all(|entry| entry.get("session_id").is_some()))
    };
    let newest = |own: &Value| {
        let last = own.get("decisions").and_then(Value::as_array).and_then(|list| list.last());
        last.map(|entry| text(entry, "timestamp").to_owned()).unwrap_or_default()
    };
    let mut ours: Vec<(String, String)> = by_agent
        .iter()
        .filter(|(_, own)| is_ours(own))
        .map(|(agent, own)| (newest(own), agent.clone()))
        .collect();
    if ours.len() > AGENTS_MAX {
        order::by(&mut ours, Ord::cmp);
        let over = ours.len() - AGENTS_MAX;
        for (_, agent) in ours.iter().take(over) {
            by_agent.shift_remove(agent);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::record::tests::{failed, record};

    const DECIDED: &str = "Done.\n## Decisions\n- Use PostgreSQL\n";

    fn decisions(list: &Value) -> Vec<&str> {
        list.as_array().unwrap().iter().map(|entry| text(entry, "decision")).collect()
    }

    #[test]
    fn keeps_whatever_shape_the_agents_gave_their_part() {
        let check = |own: Value, pointer: &str, ours_at: usize| {
            let mut file = json!({"decisions": {"a": own, "b": {"x": 1}}});
            merge_active(&mut file, &record("a", "1", DECIDED));
            merge_active(&mut file, &record("a", "1", DECIDED));
            let list = file.pointer(pointer).and_then(Value::as_array).unwrap();
            assert_eq!(list.len(), ours_at + 1, "{file}");
            assert_eq!(text(&list[ours_at], "decision"), "Use PostgreSQL");
            assert_eq!(file["decisions"]["b"], json!({"x": 1}));
        };
        check(json!({}), "/decisions/a/decisions", 0);
        check(json!({"api": "REST"}), "/decisions/a/decisions", 0);
        check(json!(["REST"]), "/decisions/a", 1);
        check(json!("REST"), "/decisions/a/decisions", 0);
    }

    #[test]
    fn decisions_of_a_failed_run_are_not_in_force() {
        let mut file = json!({});
        merge_active(&mut file, &record("a", "1", DECIDED));
        assert_eq!(decisions(&file["decisions"]["a"]["decisions"]), ["Use PostgreSQL"]);
        merge_active(&mut file, &failed("a", "1", "no report"));
        assert_eq!(decisions(&file["decisions"]["a"]["decisions"]), [""; 0]);
    }

    #[test]
    fn an_older_list_for_all_agents_stays_one() {
        let mut file = json!({"decisions": [{"agent": "x", "decision": "old"}]});
        merge_active(&mut file, &record("a", "1", DECIDED));
        assert_eq!(decisions(&file["decisions"]), ["old", "Use PostgreSQL"]);
        assert_eq!(file["decisions"][1]["agent"], "a");
    }

    #[test]
    fn many_agents_do_not_make_it_grow() {
        let mut file = json!({"decisions": {"theirs": {"api": "REST"}}});
        for number in 0..100 {
            merge_active(&mut file, &record(&format!("agent-{number}"), "1", DECIDED));
        }
        let by_agent = file["decisions"].as_object().unwrap();
        assert_eq!(by_agent.len(), AGENTS_MAX + 1);
        assert!(by_agent.contains_key("theirs") && by_agent.contains_key("agent-99"));
    }
}
