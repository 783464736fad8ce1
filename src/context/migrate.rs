//! `shared-context.json` of the older hooks, taken over once.

use serde_json::{Value, json};

/// Adds to the state what the older file has and the state has not.
///
/// The older file stays where it is: hooks that still write it are not ours.
pub(super) fn merge(state: &mut Value, older: &Value, shown: &str) {
    let (Some(state), Some(older)) = (state.as_object_mut(), older.as_object()) else {
        return;
    };
    for (key, value) in older {
        let Some(present) = state.get_mut(key) else {
            state.insert(key.clone(), value.clone());
            continue;
        };
        match (present, value) {
            (Value::Array(present), Value::Array(older)) => {
                let fresh = older.iter().filter(|item| !present.contains(item)).cloned();
                let mut all: Vec<Value> = fresh.collect();
                all.append(present);
                *present = all;
            }
            (Value::Object(present), Value::Object(older)) => {
                for (key, value) in older {
                    present.entry(key).or_insert_with(|| value.clone());
                }
            }
            _ => {}
        }
    }
    state.insert("migrated_from".to_owned(), json!(shown));
}

/// Whether the older file was taken over before.
pub(super) fn is_done(state: &Value) -> bool {
    state.get("migrated_from").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_state_has_wins_and_nothing_is_lost() {
        let mut state =
            json!({"session_id": "new", "tasks_completed": [2], "agent_decisions": {"b": 1}});
        let older = json!({
            "session_id": "old", "tasks_completed": [1, 2], "agent_decisions": {"a": 0, "b": 0},
            "codebase": {"x": 1},
        });
        merge(&mut state, &older, "shared-context.json");
        let expected = json!({
            "session_id": "new", "tasks_completed": [1, 2], "agent_decisions": {"b": 1, "a": 0},
            "codebase": {"x": 1}, "migrated_from": "shared-context.json",
        });
        assert_eq!(state, expected);
        assert!(is_done(&state));
    }
}
