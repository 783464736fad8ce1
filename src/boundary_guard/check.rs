//! `check`: one decision, by hand.

use std::ffi::OsString;
use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::decide::{Case, Decision, decide};
use super::reason;
use crate::agent;
use crate::cli::{Args, Takes};
use crate::config::{Config, MAIN, Mode};
use crate::hook::{Command, Printed, ToolCall, printable};
use crate::order;
use crate::project::Project;
use crate::shell::WriteKind;

const TAKES: Takes = Takes {
    flags: &["json"],
    values: &["agent", "path", "command", "tool", "input", "cwd", "project"],
};

pub(super) fn run(command: &Command<'_>) -> anyhow::Result<Printed> {
    let args = Args::parse(command.args.get(1..).unwrap_or_default(), TAKES)?;
    if let Some(rest) = args.rest.first() {
        bail!("unexpected argument `{}`", printable(&rest.to_string_lossy()));
    }
    let place = command.place;
    let project = args.project(place)?;
    let config = Config::load(&project)?;
    let name = args.text("agent")?.context("`--agent` is missing\nhint: whose lane is it?")?;
    let definition = match agent::find(&name, &project, place)? {
        Some(definition) => config.tuned(definition),
        None => match config.main().filter(|_| name == MAIN) {
            Some(main) => main,
            None => return Err(unknown_agent(&name, &project, command)),
        },
    };
    let mut all = Decision::default();
    let mut reasons = Vec::new();
    for call in calls(&args)? {
        let case = Case {
            call: &call,
            definition: &definition,
            project: &project,
            config: &config,
            place,
        };
        let decision = decide(case);
        if decision.refusal().is_some() {
            reasons.push(reason::refusal(case, &decision, None));
        } else if !decision.findings.is_empty() {
            reasons.push(reason::warning(case, &decision));
        }
        all.findings.extend(decision.findings);
        all.changes.extend(decision.changes);
        all.unknown.extend(decision.unknown);
    }
    order::by_key(&mut all.findings, |finding| finding.mode != Mode::Enforce);
    let text = if args.flag("json") {
        format!("{}\n", as_json(&all, &reasons))
    } else {
        as_text(&all, &reasons)
    };
    Ok(Printed { text, code: u8::from(all.refusal().is_some()) })
}

/// The tool calls that the arguments stand for.
fn calls(args: &Args) -> anyhow::Result<Vec<ToolCall>> {
    let call = |name: &str, input: Value| ToolCall { name: name.to_owned(), input, id: None };
    let tool = args.text("tool")?;
    let mut calls = Vec::new();
    for path in args.paths("path") {
        let path = utf8(path.as_os_str())?;
        let field =
            if tool.as_deref() == Some("NotebookEdit") { "notebook_path" } else { "file_path" };
        calls.push(call(tool.as_deref().unwrap_or("Write"), json!({ field: path })));
    }
    if let Some(command) = args.text("command")? {
        calls.push(call(tool.as_deref().unwrap_or("Bash"), json!({ "command": command })));
    }
    if let Some(input) = args.text("input")? {
        let input = serde_json::from_str(&input).context("`--input` is not JSON")?;
        let tool = tool.context("`--input` needs `--tool`")?;
        calls.push(call(&tool, input));
    }
    if calls.is_empty() {
        bail!(
            "nothing to check\nhint: give `--path PATH`, `--command CMD` or `--tool TOOL --input JSON`"
        );
    }
    Ok(calls)
}

fn utf8(text: &std::ffi::OsStr) -> anyhow::Result<String> {
    let text: OsString = text.to_owned();
    text.into_string().map_err(|text| {
        anyhow::anyhow!("the path `{}` is not UTF-8", printable(&text.to_string_lossy()))
    })
}

fn unknown_agent(name: &str, project: &Project, command: &Command<'_>) -> anyhow::Error {
    const KNOWN_SHOWN: usize = 20;
    let all = agent::all(project, command.place);
    let mut names: Vec<String> = all
        .iter()
        .filter_map(|(_, read)| read.as_ref().ok())
        .map(|read| printable(&read.name))
        .collect();
    names.sort();
    names.truncate(KNOWN_SHOWN);
    let known = if names.is_empty() {
        format!("no definition was found in `{}`", display(&project.root.join(".claude/agents")))
    } else {
        format!("known: `{}`", names.join("`, `"))
    };
    anyhow::anyhow!("no agent is called `{}`\nhint: {known}", printable(name))
}

fn display(path: &Path) -> String {
    printable(&path.to_string_lossy())
}

fn as_json(decision: &Decision, reasons: &[String]) -> Value {
    let first = decision.findings.first();
    let writes: Vec<Value> = decision
        .changes
        .iter()
        .map(|change| json!({"path": change.path, "kind": kind(change.kind), "certain": change.certain}))
        .collect();
    json!({
        "decision": outcome(decision),
        "rule": first.map(|finding| finding.rule.clone()),
        "reason": (!reasons.is_empty()).then(|| reasons.join("\n")),
        "writes": writes,
        "unknown": decision.unknown,
    })
}

fn as_text(decision: &Decision, reasons: &[String]) -> String {
    let mut text = format!("{}\n", outcome(decision));
    for reason in reasons {
        text.push_str(reason);
        text.push('\n');
    }
    for change in &decision.changes {
        let sure = if change.certain { "" } else { " (perhaps)" };
        let _ = writeln!(text, "  {} {}{sure}", kind(change.kind), printable(&change.path));
    }
    for part in &decision.unknown {
        let _ = writeln!(text, "  cannot be told: {}", printable(part));
    }
    text
}

/// `allow`, `warn` or `deny`.
pub(super) fn outcome(decision: &Decision) -> &'static str {
    match decision.findings.first().map(|finding| finding.mode) {
        None => "allow",
        Some(Mode::Enforce) => "deny",
        Some(Mode::Warn | Mode::Off) => "warn",
    }
}

fn kind(kind: WriteKind) -> &'static str {
    match kind {
        WriteKind::Write | WriteKind::Replace => "write",
        WriteKind::Delete => "delete",
        WriteKind::Attributes => "attributes",
        WriteKind::MakeFolder => "mkdir",
        WriteKind::Link => "link",
    }
}
