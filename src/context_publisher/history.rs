//! `context-publisher history [AGENT]`: the last publication of each run.

use anyhow::Context;
use serde_json::Value;

use super::show::run_line;
use crate::cli::{Args, Takes};
use crate::context::{Shelf, history};
use crate::hook::{Command, Printed};

const TAKES: Takes = Takes { flags: &["json"], values: &["runs", "project", "cwd"] };
const RUNS: usize = 20;

pub(super) fn run(command: &Command<'_>) -> anyhow::Result<Printed> {
    let args = Args::parse(command.args.get(1..).unwrap_or_default(), TAKES)?;
    let shelf = Shelf::of(&args.project(command.place)?);
    let agent = args.rest.first().map(|agent| agent.to_string_lossy().into_owned());
    let runs_max = match args.text("runs")? {
        Some(count) => count.parse().with_context(|| format!("`{count}` is no number of runs"))?,
        None => RUNS,
    };
    let runs = history::runs(&shelf, agent.as_deref(), runs_max)?;
    if args.flag("json") {
        let all = serde_json::to_string_pretty(&Value::Array(runs))?;
        return Ok(Printed::ok(format!("{all}\n")));
    }
    if runs.is_empty() {
        return Ok(Printed::ok("nothing is published yet\n".to_owned()));
    }
    let lines: Vec<String> = runs.iter().map(|run| format!("{}\n", run_line(run))).collect();
    Ok(Printed::ok(lines.concat()))
}
