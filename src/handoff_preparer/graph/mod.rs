//! `handoff-preparer graph`: the pipeline of all definitions.
//!
//! Reads every definition and handoff once and draws what it found; the formats
//! only spell it.

mod cycles;
mod dot;
mod html;
mod layers;
mod layout;
mod mermaid;
mod pipeline;
mod svg;

use anyhow::bail;

use crate::agent;
use crate::cli::{Args, Takes};
use crate::context::handoff::pairs;
use crate::context::{Shelf, clock};
use crate::hook::{Command, Printed, printable};
use pipeline::Pipeline;

const TAKES: Takes = Takes { flags: &["json"], values: &["format", "project", "cwd"] };

pub(super) fn run(command: &Command<'_>) -> anyhow::Result<Printed> {
    let args = Args::parse(command.args.get(1..).unwrap_or_default(), TAKES)?;
    let project = args.project(command.place)?;
    let definitions = agent::all(&project, command.place);
    let handoffs = pairs::all(&Shelf::of(&project))?;
    let now = clock::now();
    let pipeline = Pipeline::of(definitions, &handoffs, &project.root, now);
    let format = args.text("format")?;
    let format = match format.as_deref() {
        None if args.flag("json") => "json",
        None => "mermaid",
        Some(format) => format,
    };
    Ok(Printed::ok(match format {
        "mermaid" => mermaid::draw(&pipeline),
        "dot" => dot::draw(&pipeline),
        "html" => html::draw(&pipeline, &handoffs, now),
        "json" => format!("{}\n", serde_json::to_string_pretty(&pipeline.to_json())?),
        other => bail!(
            "unknown format `{}`, expected one of `mermaid`, `dot`, `html`, `json`",
            printable(other)
        ),
    }))
}
