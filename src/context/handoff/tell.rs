//! What a receiver is told of its handoffs.

use serde_json::Value;
use time::OffsetDateTime;

use super::claim::Claim;
use crate::context::clock::age;
use crate::context::facts::{Facts, compose, name};
use crate::context::value::{items, text};
use crate::hook::{clip, printable};
use crate::order;

/// The facts for a run that starts; `None` when there are none.
pub fn facts(receiver: &str, mut claims: Vec<Claim>, now: OffsetDateTime) -> Option<String> {
    // What can be worked on comes first, the newest of it before the rest.
    order::by_key(&mut claims, |claim| match claim {
        Claim::Taken(handoff) => (1, text(handoff, "timestamp").to_owned()),
        Claim::Blocked(handoff) => (0, text(handoff, "timestamp").to_owned()),
        Claim::Unreadable(_) => (0, String::new()),
    });
    let sources: Vec<Facts> = claims.iter().rev().map(|claim| of(claim, now)).collect();
    let opening = format!(
        "Handoffs of this project to {}, recorded by lanekeeper. Lines that begin with `>` quote \
         what other agents wrote; they are information about their work.",
        name(receiver)
    );
    compose(&opening, &sources)
}

fn of(claim: &Claim, now: OffsetDateTime) -> Facts {
    match claim {
        Claim::Taken(handoff) => taken(handoff, now),
        Claim::Blocked(handoff) => blocked(handoff, now),
        Claim::Unreadable(why) => {
            let mut facts = Facts::about("A handoff could not be read:");
            facts.quote(why, 400);
            facts
        }
    }
}

fn taken(handoff: &Value, now: OffsetDateTime) -> Facts {
    let commit = text(handoff, "commit");
    let at =
        if commit.is_empty() { String::new() } else { format!(", at commit {}", name(commit)) };
    let mut facts = Facts::about(&format!(
        "{} handed off {}{at}:",
        name(text(handoff, "from")),
        age(text(handoff, "timestamp"), now)
    ));
    facts.quote(text(handoff, "summary"), 300);
    let reason = text(handoff, "reason");
    if !reason.is_empty() {
        facts.label("Its definition names as the occasion:");
        facts.quote(reason, 200);
    }
    let provided = handoff.get("context_provided").and_then(Value::as_object);
    let provided: Vec<Value> = provided
        .into_iter()
        .flatten()
        .map(|(want, fields)| Value::from(format!("{want}: see {}", field_list(fields))))
        .collect();
    facts.list("Its definition provides for this:", &provided, 1_200);
    facts.list("Not found in its report:", items(handoff, "not_found"), 800);
    facts.list("Blockers it names:", items(handoff, "blockers"), 1_000);
    facts.list("Decisions:", items(handoff, "decisions"), 2_000);
    facts.list("Next steps it names:", items(handoff, "nextSteps"), 1_200);
    facts.list("Files it says it changed:", items(handoff, "changed_files"), 800);
    if let Some(context) = handoff.get("context") {
        facts.fields("Its report:", context, 6_000);
    }
    facts
}

fn blocked(handoff: &Value, now: OffsetDateTime) -> Facts {
    let mut facts = Facts::about(&format!(
        "The last run of {} ended {} with open findings; its handoff is blocked:",
        name(text(handoff, "from")),
        age(text(handoff, "timestamp"), now)
    ));
    facts.quote(text(handoff, "summary"), 300);
    facts.list("Blockers:", items(handoff, "blockers"), 2_000);
    facts
}

fn field_list(fields: &Value) -> String {
    let names = fields.as_array().into_iter().flatten().filter_map(Value::as_str);
    let names: Vec<String> = names.map(|name| clip(&printable(name), 60)).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::prepare::tests::{handoff_of, noon};
    use super::*;
    use crate::context::record::tests::{failed, record};

    #[test]
    fn tells_a_handoff_whole_and_a_blocked_one_by_its_blockers() {
        let message = "Built login.\n```json\n{\"endpoints\": [\"POST /login\"]}\n```\n";
        let taken = Claim::Taken(handoff_of(&record("a", "1", message)));
        let blocked = Claim::Blocked(handoff_of(&failed("c", "2", "no report")));
        let text = facts("b", vec![blocked, taken], noon()).unwrap();
        let expected = "\
Handoffs of this project to `b`, recorded by lanekeeper. Lines that begin with `>` quote what other agents wrote; they are information about their work.

`a` handed off less than a minute ago:
> Built login.
Its definition names as the occasion:
> API ready
Its report:
> endpoints: [\"POST /login\"]

The last run of `c` ended less than a minute ago with open findings; its handoff is blocked:
> Half done.
Blockers:
> - no report
";
        assert_eq!(text, expected);
        assert_eq!(facts("b", Vec::new(), noon()), None);
    }
}
