//! `boundary-guard setup`: the hooks entered into a project's settings, and taken out again.
//!
//! `install.sh` puts the executables into the project; this enters them into
//! `.claude/settings.json` without touching what else is there, and remembers
//! what the file was, so that `--uninstall` can put it back to the byte. The
//! hooks themselves are data: `hooks/hooks.json`, the same file that a plugin has.

mod doctor;
mod json_text;
mod registered;
mod settings;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::cli::{Args, Takes};
use crate::hook::{Command, Printed, printable};
use crate::store;

pub use doctor::run as doctor;
pub use settings::{entries, merge, strip};

/// Where the executables lie in a project.
pub const FOLDER: &str = ".claude/hooks/agent";

/// The four executables.
pub const EXECUTABLES: [&str; 4] =
    ["boundary-guard", "output-validator", "context-publisher", "handoff-preparer"];

const TAKES: Takes = Takes { flags: &["uninstall", "json"], values: &["project"] };
const SETTINGS: &str = ".claude/settings.json";
/// What the settings were before; beside the executables, out of the agents' reach.
const RECORD: &str = ".claude/hooks/agent/.lanekeeper.json";

/// What became of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Written,
    Removed,
    Unchanged,
}

/// Runs `setup --project DIR [--uninstall]`.
pub fn run(command: &Command<'_>) -> anyhow::Result<Printed> {
    let args = Args::parse(command.args.get(1..).unwrap_or_default(), TAKES)?;
    let here = command.place.cwd.clone().context("the working directory is gone")?;
    let project = args.path("project").context("`setup` needs `--project DIR`")?;
    let project = here.join(project);
    if !project.is_dir() {
        bail!("`{}` is no folder", project.display());
    }
    let outcome = if args.flag("uninstall") { leave(&project)? } else { enter(&project)? };
    let path = printable(&project.join(SETTINGS).to_string_lossy());
    let did = match outcome {
        Outcome::Written => "written",
        Outcome::Removed => "removed",
        Outcome::Unchanged => "unchanged",
    };
    Ok(Printed::ok(if args.flag("json") {
        format!("{}\n", json!({"settings": path, "outcome": did}))
    } else {
        format!("{path}: {did}\n")
    }))
}

fn enter(project: &Path) -> anyhow::Result<Outcome> {
    for name in EXECUTABLES {
        let path = project.join(FOLDER).join(name);
        if !path.is_file() {
            bail!(
                "`{}` is missing\nhint: `install.sh --project DIR` puts it there and runs this",
                path.display()
            );
        }
    }
    let now = read_settings(project)?;
    let after = merge(now.as_deref()).with_context(|| unreadable(project))?;
    if now.as_deref() == Some(after.as_str()) {
        return Ok(Outcome::Unchanged);
    }
    // An upgrade starts from what the file would be without us.
    let before = match &now {
        Some(text) => undone(project, text)?,
        None => None,
    };
    let after = merge(before.as_deref()).with_context(|| unreadable(project))?;
    let record = json!({"settings_before": before, "settings_after": after});
    let record = serde_json::to_vec_pretty(&record).context("could not print JSON")?;
    store::replace(&project.join(RECORD), &record)?;
    store::replace(&project.join(SETTINGS), after.as_bytes())?;
    Ok(Outcome::Written)
}

fn leave(project: &Path) -> anyhow::Result<Outcome> {
    let path = project.join(SETTINGS);
    let outcome = match read_settings(project)? {
        None => Outcome::Unchanged,
        Some(now) => match undone(project, &now).with_context(|| unreadable(project))? {
            Some(before) if before == now => Outcome::Unchanged,
            Some(before) => {
                store::replace(&path, before.as_bytes())?;
                Outcome::Written
            }
            None => {
                store::remove(&path)?;
                Outcome::Removed
            }
        },
    };
    store::remove(&project.join(RECORD))?;
    Ok(outcome)
}

/// The settings without our entries; `None` when there would be no file.
fn undone(project: &Path, now: &str) -> anyhow::Result<Option<String>> {
    let record = store::read_json(&project.join(RECORD))?.unwrap_or(Value::Null);
    let text = |key: &str| record.get(key).and_then(Value::as_str);
    if text("settings_after") == Some(now) {
        return Ok(text("settings_before").map(str::to_owned));
    }
    // Somebody edited the file since: only our entries go.
    let rest = strip(now)?;
    let made_by_us = !record.is_null() && text("settings_before").is_none();
    let empty = serde_json::from_str::<Value>(&rest).is_ok_and(|rest| rest == json!({}));
    Ok((!(made_by_us && empty)).then_some(rest))
}

fn read_settings(project: &Path) -> anyhow::Result<Option<String>> {
    let path = project.join(SETTINGS);
    let bytes = store::read(&path, store::FILE_BYTES_MAX)?;
    let text = bytes.map(String::from_utf8).transpose();
    text.with_context(|| format!("`{}` is not UTF-8 and was left as it is", path.display()))
}

fn unreadable(project: &Path) -> String {
    let path: PathBuf = project.join(SETTINGS);
    format!("`{}` was left as it is", path.display())
}
