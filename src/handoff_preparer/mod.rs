//! What `handoff-preparer` does with each event.
//!
//! On a stop it ends what the run had claimed and prepares a handoff for each
//! receiver; on a start it delivers what waits for the agent, to one run only.

mod graph;
mod list;
mod receivers;
mod show;

use anyhow::{Context, bail};
use time::OffsetDateTime;

use crate::agent::Definition;
use crate::context::handoff::claim::Claim;
use crate::context::handoff::{claim, pairs, prepare, tell};
use crate::context::publish::set_aside_notice;
use crate::context::{Did, Governed, Record, Run, Shelf, Status, clock};
use crate::hook::{
    Command, Event, EventKind, Executable, OnFailure, Place, Printed, Reply, printable,
};
use crate::project::Project;
use crate::{ledger, repo, report, store};

/// The executable.
pub const EXECUTABLE: Executable = Executable {
    name: "handoff-preparer",
    help: HELP,
    on_failure: OnFailure::Report,
    on_event,
    on_command,
};

const HELP: &str = "\
handoff-preparer: prepares a handoff for each next agent, and delivers it

usage:
  handoff-preparer < EVENT.json            the hook: Stop and SubagentStop prepare,
                                           SubagentStart and SessionStart deliver
  handoff-preparer list                    every handoff and where it stands
  handoff-preparer show FROM TO            one handoff
  handoff-preparer graph                   the pipeline of all definitions

options:
  --json             JSON instead of text
  --format FORMAT    graph: mermaid (default), dot, html, json
  --project DIR      the project, when it is not the present folder's
  --help, --version

example:
  handoff-preparer graph --format html > pipeline.html
";

fn on_event(event: &Event, place: &Place) -> anyhow::Result<Reply> {
    if event.agent_type.as_deref() == Some("") || report::is_premature(event) {
        return Ok(Reply::Silence);
    }
    match &event.kind {
        EventKind::Stop(_) | EventKind::SubagentStop(_) => on_stop(event, place),
        EventKind::SubagentStart | EventKind::SessionStart(_) => on_start(event, place),
        _ => Ok(Reply::Silence),
    }
}

fn on_stop(event: &Event, place: &Place) -> anyhow::Result<Reply> {
    let now = clock::now();
    let Some(governed) = Governed::of(event, place)? else {
        // Nobody can judge an agent without a definition: its stop is its word.
        if let Some(name) = name_of(event, None) {
            let shelf = Shelf::of(&Project::of_event(event, place)?);
            finish_claimed(&shelf, &name, &Run::of(event), now)?;
        }
        return Ok(Reply::Silence);
    };
    let Governed { definition, project, .. } = &governed;
    let did = Did {
        files: ledger::allowed_writes(project, &event.session_id, event.run_id()),
        commit: repo::head_commit(&project.tree),
    };
    let record = Record::of_stop(event, &governed, &did, now);
    let shelf = Shelf::of(project);
    // A file in the way of one handoff is told after the others are written.
    let mut outcome = match record.status {
        Status::Completed => finish_claimed(&shelf, &definition.name, &record.run, now),
        Status::Pending => Ok(()),
    };
    let mut set_aside = Vec::new();
    for (receiver, known) in receivers::of(definition, &record, project, place) {
        let fresh = prepare::handoff(&record, &receiver, known, &definition.handoffs, now);
        let path = shelf.handoff(&record.agent, &receiver.agent);
        let updated = store::update_json_noting(&path, |file| {
            prepare::merge(file, fresh, now);
            Ok(())
        })
        .with_context(|| format!("could not hand off to `{}`", printable(&receiver.agent)));
        match updated {
            Ok(updated) => set_aside.extend(updated.set_aside),
            Err(error) => outcome = outcome.and(Err(error)),
        }
    }
    outcome.map(|()| set_aside_notice(EXECUTABLE.name, &set_aside))
}

/// Ends what the run had claimed at its start, in every file that can be read.
fn finish_claimed(
    shelf: &Shelf,
    agent: &str,
    run: &Run,
    now: OffsetDateTime,
) -> anyhow::Result<()> {
    let mut outcome = Ok(());
    for path in pairs::addressed_to(shelf, agent)? {
        outcome = outcome.and(store::update_json(&path, |file| {
            claim::finish(file, run, now);
            Ok(())
        }));
    }
    outcome
}

fn on_start(event: &Event, place: &Place) -> anyhow::Result<Reply> {
    let definition = Governed::of(event, place)?.map(|governed| governed.definition);
    let Some(name) = name_of(event, definition.as_ref()) else {
        return Ok(Reply::Silence);
    };
    let shelf = Shelf::of(&Project::of_event(event, place)?);
    let (run, now) = (Run::of(event), clock::now());
    let (mut claims, mut failed) = (Vec::new(), Vec::new());
    for path in pairs::addressed_to(&shelf, &name)? {
        let claimed = store::update_json(&path, |file| {
            let mut claims = if forgot(event) { claim::held(file, &run) } else { Vec::new() };
            claims.extend(claim::claim(file, &run, now));
            Ok(claims)
        });
        match claimed {
            Ok(claimed) => claims.extend(claimed),
            Err(error) => failed.push(error),
        }
    }
    // What was claimed is this run's alone now: it is told whatever failed beside it.
    if claims.is_empty() && !failed.is_empty() {
        return Err(failed.swap_remove(0));
    }
    claims.extend(failed.iter().map(|error| Claim::Unreadable(format!("{error:#}"))));
    Ok(tell::facts(&name, claims, now).map_or(Reply::Silence, |text| Reply::Context { text }))
}

/// Whether the run lost what it was told at its start.
fn forgot(event: &Event) -> bool {
    matches!(&event.kind, EventKind::SessionStart(start) if start.source == "compact")
}

/// The name that handoffs are addressed to: the definition's, else the
/// client's without the plugin it came from.
fn name_of(event: &Event, definition: Option<&Definition>) -> Option<String> {
    let given = || event.agent_type.as_deref().and_then(|name| name.rsplit(':').next());
    let name = definition.map(|definition| definition.name.as_str()).or_else(given);
    name.filter(|name| !name.is_empty()).map(str::to_owned)
}

fn on_command(command: &Command<'_>) -> anyhow::Result<Printed> {
    let name = command.args.first().map(|name| name.to_string_lossy().into_owned());
    match name.as_deref().unwrap_or_default() {
        "list" => list::run(command),
        "show" => show::run(command),
        "graph" => graph::run(command),
        other => bail!("unknown command `{}`\nhint: `--help` lists the commands", printable(other)),
    }
}
