//! What `context-publisher` does with each event.
//!
//! On a stop it publishes the run; on a start it tells what the agent reads
//! from. What an entry holds and says is [`crate::context`]'s affair.

mod history;
mod show;

use anyhow::{Context, bail};

use crate::agent::Definition;
use crate::context::delivery::{self, Reader};
use crate::context::publish::{publish, set_aside_notice};
use crate::context::{Did, Governed, Record, Run, Shelf, clock, coordination};
use crate::hook::{
    Command, Event, EventKind, Executable, OnFailure, Place, Printed, Reply, printable,
};
use crate::project::Project;
use crate::{ledger, repo, report, store};

/// The executable.
pub const EXECUTABLE: Executable = Executable {
    name: "context-publisher",
    help: HELP,
    on_failure: OnFailure::Report,
    on_event,
    on_command,
};

const HELP: &str = "\
context-publisher: publishes what an agent did into the shared context

usage:
  context-publisher < EVENT.json           the hook: Stop and SubagentStop publish,
                                           SubagentStart and SessionStart are told
  context-publisher show [AGENT]           the state, or what one agent published
  context-publisher history [AGENT]        the last publication of each run

options:
  --json             JSON instead of text
  --runs N           history: at most N runs (20)
  --project DIR      the project, when it is not the present folder's
  --help, --version

example:
  context-publisher show backend-system-architect
";

fn on_event(event: &Event, place: &Place) -> anyhow::Result<Reply> {
    match &event.kind {
        EventKind::Stop(_) | EventKind::SubagentStop(_) => on_stop(event, place),
        EventKind::SubagentStart | EventKind::SessionStart(_) => on_start(event, place),
        _ => Ok(Reply::Silence),
    }
}

fn on_stop(event: &Event, place: &Place) -> anyhow::Result<Reply> {
    if report::is_premature(event) {
        return Ok(Reply::Silence);
    }
    let Some(governed) = Governed::of(event, place)? else {
        return Ok(Reply::Silence);
    };
    let project = &governed.project;
    let did = Did {
        files: ledger::allowed_writes(project, &event.session_id, event.run_id()),
        commit: repo::head_commit(&project.tree),
    };
    let record = Record::of_stop(event, &governed, &did, clock::now());
    let set_aside = publish(&Shelf::of(project), &record)?;
    write_coordination(&governed.definition, project, &record)?;
    Ok(set_aside_notice(EXECUTABLE.name, &set_aside))
}

fn on_start(event: &Event, place: &Place) -> anyhow::Result<Reply> {
    let Some(Governed { definition, project, .. }) = Governed::of(event, place)? else {
        return Ok(Reply::Silence);
    };
    let reader = Reader {
        definition: &definition,
        project: &project,
        run: &Run::of(event),
        now: clock::now(),
    };
    let told = delivery::for_agent(&reader, &Shelf::of(&project));
    Ok(told.map_or(Reply::Silence, |text| Reply::Context { text }))
}

/// Our part of the Markdown files by which the agents coordinate.
fn write_coordination(
    definition: &Definition,
    project: &Project,
    record: &Record,
) -> anyhow::Result<()> {
    for file in coordination::written_by(definition) {
        let part = coordination::part(record);
        store::update_text(&project.main.join(&file), |before| {
            Some(coordination::with_part(before, &part))
        })
        .with_context(|| format!("could not publish to `{}`", file.display()))?;
    }
    Ok(())
}

fn on_command(command: &Command<'_>) -> anyhow::Result<Printed> {
    let name = command.args.first().map(|name| name.to_string_lossy().into_owned());
    match name.as_deref().unwrap_or_default() {
        "show" => show::run(command),
        "history" => history::run(command),
        other => bail!("unknown command `{}`\nhint: `--help` lists the commands", printable(other)),
    }
}
