//! `explain`: what would be checked of an agent's reports, and what not.

use std::fmt::Write;

use anyhow::{Context, bail};
use serde_json::json;

use crate::agent;
use crate::cli::{Args, Takes};
use crate::hook::{Command, Printed, printable};
use crate::report;

const TAKES: Takes = Takes { flags: &["json"], values: &["project", "cwd"] };

pub(super) fn run(command: &Command<'_>) -> anyhow::Result<Printed> {
    let args = Args::parse(command.args.get(1..).unwrap_or_default(), TAKES)?;
    let [name] = args.rest.as_slice() else {
        bail!("which agent?\nhint: `output-validator explain NAME`");
    };
    let name = name.to_str().context("the agent's name is not UTF-8")?;
    let project = args.project(command.place)?;
    let definition = agent::find(name, &project, command.place)?
        .with_context(|| format!("no definition of `{}` was found", printable(name)))?;
    let explained = report::explain(&definition);
    if args.flag("json") {
        let value = json!({
            "agent": definition.name,
            "file": definition.file,
            "checked": explained.checked,
            "not_checked": explained.not_checked,
        });
        return Ok(Printed::ok(serde_json::to_string_pretty(&value)? + "\n"));
    }
    let mut text = format!(
        "{} ({})\n",
        printable(&definition.name),
        printable(&definition.file.to_string_lossy())
    );
    list(&mut text, "checked", &explained.checked);
    list(&mut text, "not checked", &explained.not_checked);
    Ok(Printed::ok(text))
}

fn list(text: &mut String, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "{title}:");
    for line in lines {
        let _ = writeln!(text, "  - {line}");
    }
}
