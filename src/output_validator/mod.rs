//! What `output-validator` does with each event.

mod attempts;
mod check;
mod explain;
mod scan;

use anyhow::bail;

use crate::agent::Definition;
use crate::config::Config;
use crate::hook::{
    Command, Event, EventKind, Executable, OnFailure, Place, Printed, Reply, printable,
};
use crate::project::Project;
use crate::{agent, report};

use attempts::Attempt;

/// The executable.
pub const EXECUTABLE: Executable = Executable {
    name: "output-validator",
    help: HELP,
    on_failure: OnFailure::Report,
    on_event,
    on_command,
};

const HELP: &str = "\
output-validator: checks an agent's final report

A report is held against the Output Format, the red flags and the success
criteria of the agent's definition, and its claims against the transcript.

usage: output-validator < EVENT.json        as a Stop or SubagentStop hook
       output-validator check [--json] [--agent NAME] [--transcript FILE] [MESSAGE-FILE|-]
       output-validator explain [--json] NAME
       output-validator scan [--json] [--diff REV] PATH…

  check    judges a message; exit 1 when an agent would be sent back for it
  explain  lists what is checked of an agent's reports, and what is not
  scan     looks for red flags in files; exit 1 when one would be refused

  --project DIR   the project, if it is not the one around the working directory

example: output-validator check --agent api-designer --transcript run.jsonl report.md
";

fn on_event(event: &Event, place: &Place) -> anyhow::Result<Reply> {
    if !ends_a_run(event) || is_internal(event) || report::is_premature(event) {
        return Ok(Reply::Silence);
    }
    let project = Project::of_event(event, place)?;
    let Some(definition) = definition(event, &project, place)? else {
        return Ok(Reply::Silence);
    };
    let config = Config::load(&project)?;
    let verdict = report::judge(event, &definition, &project, &config);
    if verdict.passes() {
        // A report that is delivered is judged once more when its run stops.
        if event.stop().is_some() {
            attempts::forget(event, &project)?;
        }
        return Ok(Reply::Silence);
    }
    let attempts_max = config.stop_blocks_max();
    let attempt = attempts::count(event, &project, attempts_max)?;
    Ok(match (attempt, &event.kind) {
        (Attempt::LetGo, _) => Reply::Notice {
            message: report::of_surrender(&verdict, &definition.name, attempts_max),
        },
        (Attempt::SendBack(attempt), EventKind::PreToolUse(_)) => Reply::Deny {
            reason: report::of_block(&verdict, &definition.name, attempt, attempts_max),
        },
        (Attempt::SendBack(attempt), _) => Reply::Block {
            reason: report::of_block(&verdict, &definition.name, attempt, attempts_max),
        },
    })
}

/// The whole definition; before a tool call [`agent::of_event`] reads its lane only.
fn definition(
    event: &Event,
    project: &Project,
    place: &Place,
) -> anyhow::Result<Option<Definition>> {
    match (&event.kind, &event.agent_type) {
        (EventKind::PreToolUse(_), Some(name)) => agent::find(name, project, place),
        _ => agent::of_event(event, project, place),
    }
}

/// A stop, or the tool by which a subagent delivers its report.
fn ends_a_run(event: &Event) -> bool {
    match &event.kind {
        EventKind::Stop(_) | EventKind::SubagentStop(_) => true,
        EventKind::PreToolUse(call) => call.name == report::HANDBACK_TOOL,
        _ => false,
    }
}

/// The client's own helpers stop with an empty agent name.
fn is_internal(event: &Event) -> bool {
    event.agent_type.as_deref() == Some("")
}

fn on_command(command: &Command<'_>) -> anyhow::Result<Printed> {
    let name = command.args.first().map(|name| name.to_string_lossy().into_owned());
    match name.as_deref().unwrap_or_default() {
        "check" => check::run(command),
        "explain" => explain::run(command),
        "scan" => scan::run(command),
        other => bail!("unknown command `{}`\nhint: `--help` lists the commands", printable(other)),
    }
}
