//! `context-publisher show [AGENT]`: what is published, for a person.

use std::fmt::Write;

use anyhow::bail;
use serde_json::Value;

use crate::cli::{Args, Takes};
use crate::context::{Shelf, clock};
use crate::hook::{Command, Printed, clip, printable};
use crate::store;

const TAKES: Takes = Takes { flags: &["json"], values: &["project", "cwd"] };

pub(super) fn run(command: &Command<'_>) -> anyhow::Result<Printed> {
    let args = Args::parse(command.args.get(1..).unwrap_or_default(), TAKES)?;
    let shelf = Shelf::of(&args.project(command.place)?);
    let agent = args.rest.first().map(|agent| agent.to_string_lossy().into_owned());
    let path = agent.as_ref().map_or_else(|| shelf.state(), |agent| shelf.agent(agent));
    let Some(json) = store::read_json(&path)? else {
        match agent {
            Some(agent) => bail!("`{}` has published nothing", printable(&agent)),
            None => return Ok(Printed::ok("nothing is published yet\n".to_owned())),
        }
    };
    if args.flag("json") {
        return Ok(Printed::ok(format!("{}\n", serde_json::to_string_pretty(&json)?)));
    }
    Ok(Printed::ok(match agent {
        Some(_) => of_agent(&json),
        None => of_state(&json),
    }))
}

fn of_agent(json: &Value) -> String {
    let mut out = format!("{}\n", run_line(json));
    for (title, key) in [
        ("blockers", "blockers"),
        ("decisions", "decisions"),
        ("next steps", "nextSteps"),
        ("changed files", "changed_files"),
    ] {
        push_list(&mut out, title, json.get(key));
    }
    if let Some(context) = json.get("context").and_then(Value::as_object) {
        out.push_str("context\n");
        for (key, value) in context {
            let _ = writeln!(out, "  {}: {}", shown(key), shown(&line(value)));
        }
    }
    push_runs(&mut out, "earlier runs", json.get("earlier"));
    out
}

fn of_state(json: &Value) -> String {
    let mut out = String::new();
    push_runs(&mut out, "pending", json.get("tasks_pending"));
    push_runs(&mut out, "completed", json.get("tasks_completed"));
    let by_agent = json.get("agent_decisions").and_then(Value::as_object);
    for (agent, own) in by_agent.into_iter().flatten() {
        let list = own.get("decisions").unwrap_or(own);
        push_list(&mut out, &format!("decisions of {}", shown(agent)), Some(list));
    }
    out
}

fn push_runs(out: &mut String, title: &str, runs: Option<&Value>) {
    let Some(runs) = runs.and_then(Value::as_array).filter(|runs| !runs.is_empty()) else {
        return;
    };
    let _ = writeln!(out, "{title}");
    for run in runs.iter().rev() {
        let _ = writeln!(out, "  {}", run_line(run));
    }
}

fn push_list(out: &mut String, title: &str, list: Option<&Value>) {
    let items: Vec<String> = match list {
        Some(Value::Array(items)) => items.iter().map(line).collect(),
        Some(Value::Null) | None => Vec::new(),
        Some(other) => vec![line(other)],
    };
    if !items.is_empty() {
        let _ = writeln!(out, "{title}");
    }
    for item in items {
        let _ = writeln!(out, "  - {}", shown(&item));
    }
}

/// One run in one line: who, how, when, what.
pub(super) fn run_line(run: &Value) -> String {
    let text = |key: &str| run.get(key).and_then(Value::as_str).unwrap_or_default();
    let what = if text("task").is_empty() { text("summary") } else { text("task") };
    let who = [text("agent"), text("status")];
    let mut parts: Vec<String> = who.iter().map(|part| shown(part)).collect();
    parts.push(clock::age(text("timestamp"), clock::now()));
    parts.push(shown(what));
    let blockers = run.get("blockers").and_then(Value::as_array).into_iter().flatten();
    let blockers: Vec<String> = blockers.map(line).collect();
    if !blockers.is_empty() {
        parts.push(shown(&format!("blockers: {}", blockers.join("; "))));
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

fn line(value: &Value) -> String {
    let decision = value.get("decision").and_then(Value::as_str);
    let text = value.as_str().or(decision);
    text.map_or_else(|| value.to_string(), str::to_owned)
}

fn shown(foreign: &str) -> String {
    printable(&clip(foreign, 300))
}
