//! The explanation as JSON; `docs/explain.md` documents every field.

use serde_json::{Value, json};

use super::shown;
use crate::agent::{Concept, Containment, Contract, Definition, Item, Receiver, Rule, Side, Tools};

/// The policy of a definition.
pub(super) fn of(definition: &Definition) -> Value {
    let boundaries = &definition.boundaries;
    let handoffs = &definition.handoffs;
    let coordination = &definition.coordination;
    json!({
        "agent": definition.name,
        "file": shown(&definition.file),
        "tools": tools(&definition.tools),
        "read_only": boundaries.read_only.is_some(),
        "read_only_because": boundaries.read_only.as_ref().map(item),
        "containment": match boundaries.containment {
            Containment::Closed => "closed",
            Containment::Open => "open",
        },
        "except": exceptions(&boundaries.forbidden, &boundaries.allowed),
        "allowed": rules(&boundaries.allowed, false),
        "forbidden": rules(&boundaries.forbidden, false),
        "residual": rules(&boundaries.forbidden, true),
        "concepts": boundaries.concepts.iter().map(concept).collect::<Vec<_>>(),
        "implicit": implicit(definition),
        "advisory": items(&boundaries.advisory),
        "technology": items(&definition.technology),
        "coordination": {
            "reads": items(&coordination.reads),
            "writes": items(&coordination.writes),
            "context_files": items(&coordination.context_files),
        },
        "contracts": definition.contracts.iter().map(contract).collect::<Vec<_>>(),
        "red_flags": items(&definition.red_flags),
        "success_criteria": items(&definition.success_criteria),
        "hands_off_to": names(&handoffs.to),
        "receives_from": names(&handoffs.from),
        "handoffs": handoffs.to.iter().map(receiver).collect::<Vec<_>>(),
        "delegates": handoffs.delegates.iter().map(receiver).collect::<Vec<_>>(),
        "handoff_prose": items(&handoffs.prose),
        "warnings": items(&definition.warnings),
    })
}

fn tools(tools: &Tools) -> Value {
    match tools {
        Tools::All => json!("all"),
        Tools::AllBut(denied) => json!({ "all_but": denied }),
        Tools::Only(named) => json!({ "only": named }),
    }
}

fn item(item: &Item) -> Value {
    json!({ "text": item.text, "line": item.line })
}

fn items(list: &[Item]) -> Vec<Value> {
    list.iter().map(item).collect()
}

fn rules(list: &[Rule], residual: bool) -> Vec<Value> {
    let wanted = list.iter().filter(|rule| rule.residual == residual);
    wanted
        .map(|rule| {
            let mut value = json!({ "glob": rule.glob, "line": rule.line });
            if let (Some(owner), Some(map)) = (&rule.owner, value.as_object_mut()) {
                map.insert("owner".to_owned(), json!(owner));
            }
            value
        })
        .collect()
}

fn exceptions(forbidden: &[Rule], allowed: &[Rule]) -> Vec<Value> {
    let of = |list: &[Rule], side: &str| -> Vec<Value> {
        let carved = list.iter().flat_map(|rule| {
            rule.except.iter().map(move |glob| {
                json!({ "glob": glob, "of": rule.glob, "side": side, "line": rule.line })
            })
        });
        carved.collect()
    };
    let mut found = of(forbidden, "forbidden");
    found.extend(of(allowed, "allowed"));
    found
}

/// What the definition itself tells the agent to write.
fn implicit(definition: &Definition) -> Vec<Value> {
    let files = &definition.coordination;
    let told = files.writes.iter().chain(&files.context_files);
    told.map(|item| json!({ "glob": item.text, "line": item.line })).collect()
}

fn concept(concept: &Concept) -> Value {
    json!({
        "text": concept.text,
        "line": concept.line,
        "concept": concept.id,
        "side": match concept.side {
            Side::Allowed => "allowed",
            Side::Forbidden => "forbidden",
        },
        "owner": concept.owner,
        "globs": concept.globs,
        "except": concept.except,
        "content": concept.content,
    })
}

fn contract(contract: &Contract) -> Value {
    json!({ "label": contract.label, "line": contract.line })
}

fn names(list: &[Receiver]) -> Vec<&str> {
    list.iter().map(|receiver| receiver.agent.as_str()).collect()
}

fn receiver(receiver: &Receiver) -> Value {
    json!({
        "agent": receiver.agent,
        "reason": receiver.reason,
        "wants": receiver.wants,
        "line": receiver.line,
    })
}
