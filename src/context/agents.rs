//! `agents/<agent>.json`: the last run of one agent, for those who read from it.

use serde_json::{Value, json};

use super::record::{Record, Status};
use super::value::text;

/// Earlier runs that are remembered by one line each.
const EARLIER_MAX: usize = 4;

/// Puts a record in the place of the agent's last one.
///
/// Fields that others added stay. The last run that passed stays readable
/// below `last_completed` while a failed one is on top, and the runs before
/// under `earlier`, so that parallel runs of one agent do not hide each other.
pub fn merge(file: &mut Value, record: &Record) {
    let Some(fields) = file.as_object_mut() else { return };
    let before = Value::Object(fields.clone());
    let ours = ["blockers", "commit", "last_completed", "earlier"];
    for key in ours {
        fields.shift_remove(key);
    }
    if let Value::Object(fresh) = record.to_json() {
        fields.extend(fresh);
    }
    if record.status == Status::Pending
        && let Some(passed) = last_completed(&before, record)
    {
        fields.insert("last_completed".to_owned(), passed);
    }
    let earlier = earlier(&before, record);
    if !earlier.is_empty() {
        fields.insert("earlier".to_owned(), Value::Array(earlier));
    }
}

fn last_completed(before: &Value, record: &Record) -> Option<Value> {
    let passed = match text(before, "status") {
        "completed" => Some(before),
        _ => before.get("last_completed"),
    };
    let mut passed = passed.filter(|passed| !record.run.owns(passed))?.clone();
    let fields = passed.as_object_mut()?;
    fields.shift_remove("earlier");
    fields.shift_remove("last_completed");
    Some(passed)
}

fn earlier(before: &Value, record: &Record) -> Vec<Value> {
    let line = |run: &Value| {
        json!({
            "session_id": run.get("session_id"),
            "agent_id": run.get("agent_id"),
            "timestamp": run.get("timestamp"),
            "status": run.get("status"),
            "summary": run.get("summary"),
        })
    };
    let last = before.get("session_id").is_some().then(|| line(before));
    let older = before.get("earlier").and_then(Value::as_array).into_iter().flatten().cloned();
    let all = last.into_iter().chain(older).filter(|run| !record.run.owns(run));
    all.take(EARLIER_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::record::tests::{failed, record};

    #[test]
    fn a_failed_run_does_not_hide_the_last_good_one() {
        let mut file = json!({"note": "by hand"});
        merge(&mut file, &record("a", "1", "First."));
        merge(&mut file, &failed("a", "2", "no report"));
        assert_eq!((text(&file, "status"), text(&file, "note")), ("pending", "by hand"));
        assert_eq!(text(&file["last_completed"], "summary"), "First.");
        merge(&mut file, &failed("a", "2", "still none"));
        assert_eq!(text(&file["last_completed"], "summary"), "First.");
        merge(&mut file, &record("a", "2", "Second."));
        assert_eq!(file.get("last_completed"), None);
        assert_eq!(file.get("blockers"), None);
        assert_eq!(file["earlier"].as_array().unwrap().len(), 1);
        assert_eq!(text(&file["earlier"][0], "agent_id"), "1");
    }
}
