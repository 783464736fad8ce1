//! `boundary-guard doctor`: why a hook would not run.
//!
//! Hooks die unseen: a wrong path, an untrusted folder, a missing file. This
//! looks at everything between the client and the executables that can be seen
//! from outside, and says what is wrong with a remedy. What a definition means
//! is `lint`'s affair.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::{Value, json};

use super::registered::{Registration, Settings, of_event};
use super::settings;
use crate::agent;
use crate::cli::{Args, Takes};
use crate::hook::{Command, Place, Printed, printable};
use crate::project::Project;
use crate::store;

const TAKES: Takes = Takes { flags: &["json"], values: &["project"] };
const INSTALL: &str = "`./install.sh --project DIR` enters it";

/// How a thing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Ok,
    /// It runs, but not as well as it could.
    Warn,
    /// Something is not enforced.
    Fail,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    state: State,
    what: String,
    hint: &'static str,
}

impl Finding {
    fn ok(what: String) -> Self {
        Self { state: State::Ok, what, hint: "" }
    }

    fn warn(what: String, hint: &'static str) -> Self {
        Self { state: State::Warn, what, hint }
    }

    fn fail(what: String, hint: &'static str) -> Self {
        Self { state: State::Fail, what, hint }
    }
}

/// Runs `doctor [--json] [--project DIR]`; exit 1 when something is not enforced.
pub fn run(command: &Command<'_>) -> anyhow::Result<Printed> {
    let args = Args::parse(command.args.get(1..).unwrap_or_default(), TAKES)?;
    let project = args.project(command.place)?;
    let findings = look(&project, command.place)?;
    let code = u8::from(findings.iter().any(|finding| finding.state == State::Fail));
    let text = if args.flag("json") { as_json(&findings) } else { as_text(&findings) };
    Ok(Printed { text, code })
}

fn look(project: &Project, place: &Place) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut registrations = Vec::new();
    for path in settings_files(project, place) {
        match Settings::read(&path) {
            Ok(Some(settings)) => {
                if settings.all_hooks_disabled {
                    let what = format!("`{}` switches all hooks off", path.display());
                    findings.push(Finding::fail(what, "remove `disableAllHooks`"));
                }
                registrations.extend(settings.registrations);
            }
            Ok(None) => {}
            Err(error) => {
                let what = printable(&format!("{error:#}"));
                findings.push(Finding::fail(what, "the client ignores this file"));
            }
        }
    }
    for (event, groups) in settings::entries()? {
        let wanted = of_event(Path::new(""), &event, &groups);
        findings.extend(wanted.iter().map(|wanted| registered(wanted, &registrations)));
    }
    let guards = registrations.iter().filter(|found| found.is_guard_before_tools());
    findings.extend(guards.filter(|found| !found.fails_closed).map(|found| {
        let what = format!("the guard in `{}` has no `onFailure: block`", found.file.display());
        Finding::warn(what, "without it a crash or a timeout lets the call through")
    }));
    findings.extend(executables(&registrations, project, place));
    findings.extend(trust(project, place));
    findings.extend(definitions(project, place));
    Ok(findings)
}

/// The settings files that the client merges, of the project and of the user.
fn settings_files(project: &Project, place: &Place) -> Vec<PathBuf> {
    let of_project = project.root.join(".claude");
    let of_user = place.claude_config_dir.clone();
    let of_user = of_user.or_else(|| Some(place.home.as_ref()?.join(".claude")));
    let mut files = vec![of_project.join("settings.json"), of_project.join("settings.local.json")];
    files.extend(of_user.map(|folder| folder.join("settings.json")));
    files
}

fn registered(wanted: &Registration, registrations: &[Registration]) -> Finding {
    let Registration { event, name, .. } = wanted;
    let same = registrations.iter().filter(|found| found.event == *event && found.name == *name);
    let same: Vec<_> = same.collect();
    match same.iter().filter(|found| found.covers(wanted)).collect::<Vec<_>>().as_slice() {
        [] if same.is_empty() => {
            Finding::fail(format!("`{name}` is not registered for {event}"), INSTALL)
        }
        [] => Finding::fail(
            format!("`{name}` is registered for some of {event} only"),
            "remove the `matcher`: other tools write files as well",
        ),
        [one] => Finding::ok(format!("`{name}` runs on {event} (`{}`)", one.file.display())),
        several => Finding::warn(
            format!("`{name}` is registered {} times for {event}", several.len()),
            "remove all but one",
        ),
    }
}

/// The files that the registrations name: there, executable, of this build.
fn executables(registrations: &[Registration], project: &Project, place: &Place) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen = Vec::new();
    for found in registrations {
        let Some(path) = found.path(project) else { continue };
        if seen.contains(&path) {
            continue;
        }
        let shown = printable(&path.to_string_lossy());
        if !path.is_file() {
            findings.push(Finding::fail(format!("`{shown}` is missing"), INSTALL));
        } else if !is_executable(&path) {
            findings.push(Finding::fail(format!("`{shown}` is not executable"), "chmod +x it"));
        } else if found.name == "boundary-guard" && is_other_build(&path, place) {
            let what = format!("`{shown}` is another build than the one that looks");
            findings.push(Finding::warn(what, "`./install.sh --project DIR` brings it up to date"));
        }
        seen.push(path);
    }
    findings
}

fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o111 != 0)
}

fn is_other_build(path: &Path, place: &Place) -> bool {
    let own = place.executable.as_ref().map(std::fs::read);
    matches!((own, std::fs::read(path)), (Some(Ok(own)), Ok(theirs)) if own != theirs)
}

/// An interactive client holds hooks back until the folder is trusted.
fn trust(project: &Project, place: &Place) -> Option<Finding> {
    let file = place.home.as_ref()?.join(".claude.json");
    let known = store::read_json(&file).ok().flatten()?;
    let of_project = known.get("projects")?.get(project.root.to_string_lossy().as_ref());
    let trusted = of_project.and_then(|known| known.get("hasTrustDialogAccepted"));
    let root = printable(&project.root.to_string_lossy());
    Some(if trusted == Some(&Value::Bool(true)) {
        Finding::ok(format!("`{root}` is trusted"))
    } else {
        let hint = "start `claude` there once and accept; until then hooks wait in a terminal, \
                    and those of agent files do not run";
        Finding::warn(format!("`{root}` is not trusted yet"), hint)
    })
}

/// Definitions that cannot be read, and those whose own hooks do not run.
fn definitions(project: &Project, place: &Place) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, definition) in agent::all(project, place) {
        let file = printable(&file.to_string_lossy());
        match definition.with_context(|| format!("`{file}` cannot be read")) {
            Ok(definition) => {
                let hooks = definition.warnings.iter().filter(|item| item.text.contains("hook"));
                findings.extend(hooks.map(|item| {
                    let what = format!("`{file}:{}`: {}", item.line, printable(&item.text));
                    Finding::warn(what, "")
                }));
            }
            Err(error) => findings.push(Finding::fail(
                printable(&format!("{error:#}")),
                "its agent is refused every tool call until it can be read",
            )),
        }
    }
    findings
}

fn as_json(findings: &[Finding]) -> String {
    let findings: Vec<_> = findings
        .iter()
        .map(|finding| {
            json!({"state": word(finding.state), "what": finding.what, "hint": finding.hint})
        })
        .collect();
    format!("{:#}\n", json!(findings))
}

fn as_text(findings: &[Finding]) -> String {
    let mut text = String::new();
    for Finding { state, what, hint } in findings {
        let _ = writeln!(text, "{:<5}{what}", word(*state));
        if !hint.is_empty() {
            let _ = writeln!(text, "     hint: {hint}");
        }
    }
    text
}

fn word(state: State) -> &'static str {
    match state {
        State::Ok => "ok",
        State::Warn => "warn",
        State::Fail => "FAIL",
    }
}
