//! To whom a run hands off: those its definition names, and those its message
//! names among the next steps.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::agent::{self, Definition, Receiver};
use crate::context::Record;
use crate::context::handoff::prepare::Known;
use crate::hook::{Place, clip};
use crate::project::Project;

const RECEIVERS_MAX: usize = 32;
/// Words of the next steps that are looked up as agents' names.
const LOOKUPS_MAX: usize = 8;

/// Each receiver once, under the name that its definition has.
pub(super) fn of(
    definition: &Definition,
    record: &Record,
    project: &Project,
    place: &Place,
) -> Vec<(Receiver, Known)> {
    let known_as = |name: &str| {
        let found = agent::find(name, project, place).ok().flatten();
        found.map(|found| found.name)
    };
    let mut seen = BTreeSet::from([definition.name.clone()]);
    let mut receivers = Vec::new();
    // "For all agents" is what the shared context is for.
    for receiver in definition.handoffs.to.iter().filter(|receiver| receiver.agent != "*") {
        let name = known_as(&receiver.agent);
        let known = if name.is_some() { Known::ByDefinition } else { Known::ByNameOnly };
        let agent = name.unwrap_or_else(|| receiver.agent.clone());
        if receivers.len() < RECEIVERS_MAX && seen.insert(agent.clone()) {
            receivers.push((Receiver { agent, ..receiver.clone() }, known));
        }
    }
    for (word, step) in named_in(&record.next_steps) {
        if seen.contains(&word) {
            continue;
        }
        if let Some(agent) = known_as(&word)
            && seen.insert(agent.clone())
        {
            let reason = clip(&step, 200);
            receivers
                .push((Receiver { agent, reason, ..Receiver::default() }, Known::ByDefinition));
        }
    }
    receivers
}

/// Words with a hyphen, which is how agents are named, each with its step.
fn named_in(steps: &[Value]) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for step in steps.iter().filter_map(Value::as_str) {
        let words = step.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'));
        for word in words.filter(|word| word.trim_matches('-').contains('-')) {
            if found.len() < LOOKUPS_MAX && !found.iter().any(|(known, _)| known == word) {
                found.push((word.to_owned(), step.to_owned()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn looks_for_agents_among_the_next_steps() {
        let steps = [
            json!("security-auditor should review; then security-auditor again"),
            json!("`database-admin`: create the scripts"),
            json!("write tests - soon"),
        ];
        let words: Vec<String> = named_in(&steps).into_iter().map(|(word, _)| word).collect();
        assert_eq!(words, ["security-auditor", "database-admin"]);
    }
}
