//! What `boundary-guard` does with each event.
//!
//! [`decide`] is the decision, [`reason`] its words, [`ledger`] its record;
//! here they meet the client's events. What git says really changed is
//! [`audit`]'s.

mod account;
mod added;
mod arguments;
mod attribution;
mod audit;
mod baseline;
mod check;
pub mod decide;
mod explain;
pub mod ledger;
mod lint;
mod log;
mod patch;
mod reason;
mod recording;
mod replay;
mod suppressed;
mod tools;
mod undo;
mod violation;

use anyhow::bail;

use crate::agent::{self, Definition};
use crate::config::Config;
use crate::hook::{
    Command, Event, EventKind, Executable, OnFailure, Place, Printed, Reply, ToolCall, printable,
};
use crate::project::Project;
use decide::{Case, decide};
use ledger::Outcome;
use violation::Judge;

/// The executable.
pub const EXECUTABLE: Executable = Executable {
    name: "boundary-guard",
    help: HELP,
    on_failure: OnFailure::Refuse,
    on_event,
    on_command,
};

const HELP: &str = "\
boundary-guard: refuses tool calls outside an agent's boundaries

usage: boundary-guard < EVENT.json
       boundary-guard check [--json] --agent NAME (--path PATH… | --command CMD)
                            [--tool TOOL] [--cwd DIR] [--project DIR]
       boundary-guard audit [--json] [--agent NAME] [--session ID] [--project DIR]
       boundary-guard explain [--json] (FILE | NAME | --command CMD) [--project DIR]
       boundary-guard lint [--json] [DIR]
       boundary-guard log [--json] [--agent NAME] [--decision allow|warn|deny]
                          [--since TIME] [--until TIME] [--project DIR]
       boundary-guard replay [--json] [--agent NAME] (TRANSCRIPT… | --all) [--project DIR]
       boundary-guard doctor [--json] [--project DIR]
       boundary-guard setup [--json] --project DIR [--uninstall]

examples:
  boundary-guard check --agent backend-system-architect --path frontend/page.tsx
  boundary-guard check --agent backend-system-architect --command 'echo x > frontend/page.tsx'
  boundary-guard explain backend-system-architect
  boundary-guard lint
  boundary-guard log --decision deny --since 2026-01-31
  boundary-guard replay --all
";

fn on_event(event: &Event, place: &Place) -> anyhow::Result<Reply> {
    match &event.kind {
        EventKind::PreToolUse(call) => before_tool(event, call, place),
        EventKind::SubagentStart | EventKind::SessionStart(_) => at_start(event, place),
        EventKind::SubagentStop(_) | EventKind::Stop(_) => at_stop(event, place),
        EventKind::Other => Ok(Reply::Silence),
    }
}

fn at_start(event: &Event, place: &Place) -> anyhow::Result<Reply> {
    match governing(event, place)? {
        Some((project, _, definition)) => audit::begin(event, &project, &definition),
        None => Ok(Reply::Silence),
    }
}

fn at_stop(event: &Event, place: &Place) -> anyhow::Result<Reply> {
    let Some((project, config, definition)) = governing(event, place)? else {
        return Ok(Reply::Silence);
    };
    let judge = Judge { project: &project, definition: &definition, config: &config, place };
    audit::end(event, judge)
}

/// What governs the run that starts or stops.
fn governing(
    event: &Event,
    place: &Place,
) -> anyhow::Result<Option<(Project, Config, Definition)>> {
    let project = Project::of_event(event, place)?;
    let named = agent::of_event(event, &project, place)?;
    let config = config(event, &project, named.is_some())?;
    let definition = match named {
        Some(definition) => Some(config.tuned(definition)),
        None => governing_main(event, &config),
    };
    Ok(definition.map(|definition| (project, config, definition)))
}

fn before_tool(event: &Event, call: &ToolCall, place: &Place) -> anyhow::Result<Reply> {
    let project = Project::of_event(event, place)?;
    let named = agent::of_event(event, &project, place)?;
    let config = config(event, &project, named.is_some())?;
    let definition = if let Some(definition) = named {
        config.tuned(definition)
    } else if let Some(main) = governing_main(event, &config) {
        audit::begin_main(event, &project, &main);
        main
    } else {
        audit::witness(event, call, &project, place);
        return Ok(ungoverned(event, call, &project));
    };
    let case = Case { call, definition: &definition, project: &project, config: &config, place };
    let decision = decide(case);
    if !decision.is_notable() {
        return Ok(Reply::Silence);
    }
    let earlier = match decision.refusal() {
        Some(_) => ledger::earlier_refusal(event, case, &decision),
        None => None,
    };
    let undoes = decision.refusal().is_some() && undo::undoes(event, &project, &decision);
    let mut line = ledger::line(event, case, &decision);
    if undoes {
        line.decision = Outcome::Warn;
    }
    let recorded = ledger::append(&project, &line);
    let unrecorded = recorded.err().map(|error| printable(&format!("{error:#}")));
    if undoes {
        return Ok(Reply::Silence);
    }
    if decision.refusal().is_some() {
        return Ok(Reply::Deny { reason: reason::refusal(case, &decision, earlier.as_ref()) });
    }
    // A verdict stands without its record, but the user is told.
    Ok(match (decision.findings.is_empty(), unrecorded) {
        (true, None) => Reply::Silence,
        (true, Some(error)) => {
            Reply::Notice { message: format!("boundary-guard: not recorded: {error}") }
        }
        (false, _) => Reply::Notice { message: reason::warning(case, &decision) },
    })
}

/// The configuration; a broken one refuses every governed agent.
///
/// The main session may mend it, unless it seems to govern the main session.
fn config(event: &Event, project: &Project, governed: bool) -> anyhow::Result<Config> {
    let loaded = Config::load(project);
    if governed || event.agent_id.is_some() || loaded.is_ok() {
        return loaded;
    }
    let path = Config::path(project);
    let text = if path.is_file() { std::fs::read_to_string(path)? } else { return loaded };
    if text.contains("\"main\"") { loaded } else { Ok(Config::default()) }
}

fn governing_main(event: &Event, config: &Config) -> Option<Definition> {
    let named = event.agent_type.as_ref().is_some_and(|name| !name.is_empty());
    if named || event.agent_id.is_some() { None } else { config.main() }
}

/// An agent with a name and no definition: nothing to enforce, but it is said, once per run.
fn ungoverned(event: &Event, call: &ToolCall, project: &Project) -> Reply {
    let Some(name) = event.agent_type.as_deref().filter(|name| !name.is_empty()) else {
        return Reply::Silence;
    };
    if tools::effect(call) == tools::Effect::Reads || ledger::knows_ungoverned(event, project) {
        return Reply::Silence;
    }
    let line = ledger::ungoverned(event, project, name, &call.name);
    let recorded = ledger::append(project, &line);
    if agent::BUILT_IN.contains(&name) && recorded.is_ok() {
        return Reply::Silence;
    }
    let name = printable(name);
    Reply::Notice {
        message: format!(
            "boundary-guard: no definition of `{name}` was found, nothing is enforced"
        ),
    }
}

fn on_command(command: &Command<'_>) -> anyhow::Result<Printed> {
    let name = command.args.first().map(|name| name.to_string_lossy().into_owned());
    match name.as_deref().unwrap_or_default() {
        "audit" => audit::run(command),
        "check" => check::run(command),
        "explain" => explain::run(command),
        "lint" => lint::run(command),
        "log" => log::run(command),
        "replay" => replay::run(command),
        "doctor" => crate::setup::doctor(command),
        "setup" => crate::setup::run(command),
        other => bail!("unknown command `{}`\nhint: `--help` lists the commands", printable(other)),
    }
}
