//! `explain`: the policy of a definition as it was read.
//!
//! Says what is enforced, by which line, and what is not and why. It reads
//! through the same functions as the hook; the fields of `--json` are a
//! contract, written down in `docs/explain.md`.

mod command;
mod json;
mod text;

use std::path::Path;

use anyhow::{Context, bail};

use crate::agent::{self, Definition};
use crate::cli::{Args, Takes};
use crate::config::{Config, MAIN};
use crate::hook::{Command, Printed, printable};
use crate::project::Project;

const TAKES: Takes = Takes { flags: &["json"], values: &["command", "cwd", "project"] };

pub(super) fn run(command: &Command<'_>) -> anyhow::Result<Printed> {
    let args = Args::parse(command.args.get(1..).unwrap_or_default(), TAKES)?;
    let place = command.place;
    let project = args.project(place)?;
    if let Some(line) = args.text("command")? {
        return Ok(command::explain(&line, &project, place, args.flag("json")));
    }
    let [subject] = args.rest.as_slice() else {
        bail!("which definition?\nhint: `boundary-guard explain NAME`, or a file");
    };
    let here = place.cwd.clone().unwrap_or_default();
    let definition = definition(&subject.to_string_lossy(), &here, &project, command)?;
    let text = if args.flag("json") {
        let json = serde_json::to_string_pretty(&json::of(&definition))
            .context("could not write the explanation as JSON")?;
        format!("{json}\n")
    } else {
        text::of(&definition)
    };
    Ok(Printed::ok(text))
}

/// The definition of a file, or of the agent of this name.
fn definition(
    subject: &str,
    here: &Path,
    project: &Project,
    command: &Command<'_>,
) -> anyhow::Result<Definition> {
    let file = here.join(subject);
    let config = Config::load(project);
    let definition = if file.is_file() {
        agent::load(&file)?
    } else {
        match agent::find(subject, project, command.place)? {
            Some(definition) => definition,
            None if subject == MAIN => {
                config.as_ref().ok().and_then(Config::main).with_context(|| unknown(subject))?
            }
            None => bail!(unknown(subject)),
        }
    };
    // A broken configuration is the guard's to refuse; the definition stands.
    Ok(match config {
        Ok(config) => config.tuned(definition),
        Err(_) => definition,
    })
}

fn unknown(subject: &str) -> String {
    format!(
        "no file and no agent is called `{}`\nhint: `boundary-guard lint` lists what is wrong with the definitions that exist",
        printable(subject)
    )
}

/// The file as it is shown.
fn shown(file: &Path) -> String {
    printable(&file.to_string_lossy())
}
