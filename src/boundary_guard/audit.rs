//! The audit: what git says really changed while a run worked.
//!
//! The state is recorded when the run starts and compared when it stops. What
//! lies outside the lane sends the run back once; what is left then is
//! recorded. Nothing is ever reverted here. Comparing is [`crate::repo`]'s,
//! judging [`super::violation`]'s, the words [`super::account`]'s.

use std::fmt::Write;

use anyhow::bail;
use serde_json::{Value, json};

use super::baseline::{self, Baseline, Recorded, Run};
use super::decide::{Case, decide};
use super::ledger::{self, Outcome};
use super::suppressed::Suppressed;
use super::violation::{self, Findings, Judge, Violation};
use super::{account, tools, undo};
use crate::agent::{self, Definition};
use crate::cli::{Args, Takes};
use crate::config::{Config, MAIN, Mode};
use crate::hook::{Command, Event, EventKind, Place, Printed, Reply, ToolCall, printable};
use crate::project::Project;

/// The rule under which the ledger has it that nothing is compared.
const OFF: &str = "audit.off";
/// The rule under which the ledger has what an audit found.
const OUTSIDE: &str = "audit.outside";

/// A run starts: its working tree is recorded.
pub(super) fn begin(
    event: &Event,
    project: &Project,
    definition: &Definition,
) -> anyhow::Result<Reply> {
    let run = Run::of(event);
    // A compacted or resumed session is the same run.
    if matches!(event.kind, EventKind::SessionStart(_)) && baseline::exists(project, run) {
        return Ok(Reply::Silence);
    }
    baseline::prune(project);
    match baseline::record(project, run, &definition.name)? {
        Recorded::Yes => Ok(Reply::Silence),
        Recorded::NoRepository => {
            let why = "the project is in no git repository";
            Ok(off(event, project, definition, why))
        }
    }
}

/// The first tool call of a main session that is governed begins its run.
pub(super) fn begin_main(event: &Event, project: &Project, definition: &Definition) {
    if !baseline::exists(project, Run::of(event)) {
        // A verdict must not depend on this; the stop will say that it failed.
        let _ = baseline::record(project, Run::of(event), &definition.name);
    }
}

/// A run stops: what changed outside its lane sends it back once.
pub(super) fn end(event: &Event, judge: Judge<'_>) -> anyhow::Result<Reply> {
    let (project, run) = (judge.project, Run::of(event));
    let Some(baseline) = baseline::of(project, run)? else {
        return Ok(match event.kind {
            // A main session without a tool call has nothing to compare.
            EventKind::Stop(_) => Reply::Silence,
            _ => off(event, project, judge.definition, "no state was recorded when it started"),
        });
    };
    let findings = violation::find(judge, &baseline)?;
    let enforced: Vec<&Violation> =
        findings.violations.iter().filter(|found| found.mode == Mode::Enforce).collect();
    if !enforced.is_empty() && baseline.told.is_none() && judge.config.stop_blocks_max() > 0 {
        let told = enforced.iter().copied().flat_map(undo::told).collect();
        baseline::tell(project, &baseline, told)?;
        return Ok(Reply::Block { reason: account::block(judge, &baseline, &findings, &enforced) });
    }
    let paths: Vec<String> = findings.violations.iter().map(|found| found.path.clone()).collect();
    let is_new = paths.iter().any(|path| !baseline.recorded.contains(path));
    if is_new {
        record(event, judge, &findings)?;
    }
    match event.kind {
        // The next turn of the main session is another run.
        EventKind::Stop(_) => baseline::forget(project, run)?,
        _ => baseline::stop(project, &baseline, paths)?,
    }
    if !is_new {
        return Ok(Reply::Silence);
    }
    Ok(Reply::Notice { message: account::notice(judge, &findings) })
}

/// Says once per session that nothing is compared, and why.
fn off(event: &Event, project: &Project, definition: &Definition, why: &str) -> Reply {
    if ledger::has(event, project, OFF) {
        return Reply::Silence;
    }
    let mut line = ledger::ungoverned(event, project, &definition.name, event.name());
    OFF.clone_into(&mut line.rule);
    line.decision = Outcome::Warn;
    // It is said even when it cannot be recorded.
    let _ = ledger::append(project, &line);
    Reply::Notice {
        message: format!(
            "boundary-guard: what `{}` changes is not audited: {why}",
            printable(&definition.name)
        ),
    }
}

fn record(event: &Event, judge: Judge<'_>, findings: &Findings) -> anyhow::Result<()> {
    let name = &judge.definition.name;
    let mut line = ledger::ungoverned(event, judge.project, name, event.name());
    OUTSIDE.clone_into(&mut line.rule);
    line.decision = Outcome::Violation;
    line.paths = findings
        .violations
        .iter()
        .map(|found| found.path.clone())
        .take(ledger::PATHS_MAX)
        .collect();
    ledger::append(judge.project, &line)
}

/// Remembers what a run without boundaries writes while others are audited, so
/// that it is not laid to their charge.
pub(super) fn witness(event: &Event, call: &ToolCall, project: &Project, place: &Place) {
    if tools::effect(call) == tools::Effect::Reads || !baseline::any(project) {
        return;
    }
    let (definition, config) = (Definition::default(), Config::default());
    let case = Case { call, definition: &definition, project, config: &config, place };
    let decision = decide(case);
    if decision.changes.is_empty() && decision.unknown.is_empty() {
        return;
    }
    let agent = event.agent_type.as_deref().unwrap_or(MAIN);
    let mut line = ledger::line(event, case, &decision);
    agent.clone_into(&mut line.agent);
    line.decision = Outcome::Ungoverned;
    line.rule.clear();
    // At worst another run is asked about it.
    let _ = ledger::append(project, &line);
}

const TAKES: Takes = Takes { flags: &["json"], values: &["agent", "session", "cwd", "project"] };

/// `boundary-guard audit`: the runs that are being audited, compared now.
pub(super) fn run(command: &Command<'_>) -> anyhow::Result<Printed> {
    let args = Args::parse(command.args.get(1..).unwrap_or_default(), TAKES)?;
    if let Some(rest) = args.rest.first() {
        bail!("unexpected argument `{}`", printable(&rest.to_string_lossy()));
    }
    let project = args.project(command.place)?;
    let config = Config::load(&project)?;
    let (agent, session) = (args.text("agent")?, args.text("session")?);
    let wanted =
        |given: &Option<String>, has: &str| given.as_deref().is_none_or(|given| given == has);
    let baselines = baseline::all(&project)
        .into_iter()
        .filter(|baseline| wanted(&agent, &baseline.agent) && wanted(&session, &baseline.session));
    let mut reports = Vec::new();
    for baseline in baselines {
        let report = compare(&baseline, &project, &config, command.place);
        reports.push((baseline, report));
    }
    let bad = reports
        .iter()
        .any(|(_, report)| report.as_ref().is_ok_and(|found| !found.violations.is_empty()));
    let suppressed = Suppressed::of(reports.iter().map(|(baseline, _)| baseline), &project);
    let text = if args.flag("json") {
        let all: Vec<Value> =
            reports.iter().map(|(baseline, report)| as_json(baseline, report)).collect();
        let all = json!({ "runs": all, "allowed": suppressed.as_json() });
        format!("{}\n", serde_json::to_string_pretty(&all)?)
    } else {
        as_text(&reports) + &suppressed.as_text()
    };
    Ok(Printed { text, code: u8::from(bad) })
}

fn compare(
    baseline: &Baseline,
    project: &Project,
    config: &Config,
    place: &Place,
) -> anyhow::Result<Findings> {
    // The lane is that of the working tree that the run works in.
    let tree = baseline.trees.first().map(|tree| tree.root.clone());
    let is_linked = baseline.trees.len() > 1;
    let project = match tree {
        Some(tree) if is_linked => Project { cwd: tree.clone(), tree, ..project.clone() },
        _ => project.clone(),
    };
    let definition = match agent::find(&baseline.agent, &project, place)? {
        Some(definition) => config.tuned(definition),
        None => match config.main().filter(|_| baseline.agent == MAIN) {
            Some(main) => main,
            None => bail!("there is no definition of `{}`", printable(&baseline.agent)),
        },
    };
    let judge = Judge { project: &project, definition: &definition, config, place };
    violation::find(judge, baseline)
}

fn as_json(baseline: &Baseline, report: &anyhow::Result<Findings>) -> Value {
    let mut value = json!({
        "agent": baseline.agent,
        "session": baseline.session,
        "run": baseline.run,
        "since": account::time(baseline.started),
    });
    let Some(fields) = value.as_object_mut() else { return value };
    match report {
        Ok(found) => {
            let outside = found.violations.iter().map(|violation| {
                json!({
                    "path": violation.path,
                    "change": account::how(&violation.change.how),
                    "rule": violation.refusal.why.rule(),
                    "linkedTo": violation.linked,
                })
            });
            fields.insert("changed".to_owned(), json!(found.changed));
            fields.insert("outside".to_owned(), outside.collect());
            fields.insert("notCompared".to_owned(), json!(found.gaps));
        }
        Err(error) => {
            fields.insert("error".to_owned(), json!(format!("{error:#}")));
        }
    }
    value
}

fn as_text(reports: &[(Baseline, anyhow::Result<Findings>)]) -> String {
    if reports.is_empty() {
        return "no run is being audited\n".to_owned();
    }
    let mut text = String::new();
    for (baseline, report) in reports {
        let _ = writeln!(
            text,
            "{} (run {}, since {})",
            printable(&baseline.agent),
            printable(&baseline.run),
            account::time(baseline.started)
        );
        match report {
            Ok(found) => {
                let _ = writeln!(
                    text,
                    "  {} changed, {} outside the lane",
                    found.changed,
                    found.violations.len()
                );
                for violation in &found.violations {
                    let _ = writeln!(text, "  {}", account::line(violation));
                }
                for gap in &found.gaps {
                    let _ = writeln!(text, "  not compared: {}", printable(gap));
                }
            }
            Err(error) => {
                let _ = writeln!(text, "  not compared: {}", printable(&format!("{error:#}")));
            }
        }
    }
    text
}
