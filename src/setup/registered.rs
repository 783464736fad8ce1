//! Which of the four executables a settings file registers, and how.
//!
//! Reads any form that the client runs, ours and the older ones.

use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::Value;

use super::EXECUTABLES;
use crate::project::Project;
use crate::store;

/// What one settings file says about hooks.
pub(super) struct Settings {
    /// Whether `disableAllHooks` is set.
    pub(super) all_hooks_disabled: bool,
    pub(super) registrations: Vec<Registration>,
}

/// One executable on one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Registration {
    /// The settings file.
    pub(super) file: PathBuf,
    pub(super) event: String,
    /// One of the four.
    pub(super) name: &'static str,
    /// Whether a failure to run counts as a refusal.
    pub(super) fails_closed: bool,
    /// Which tools or agents the group is for; empty for all.
    pub(super) matcher: String,
    command: String,
}

impl Settings {
    /// Reads a settings file; `None` when there is none. Errors name the path.
    pub(super) fn read(file: &Path) -> anyhow::Result<Option<Self>> {
        let Some(json) = store::read_json(file).with_context(|| format!("`{}`", file.display()))?
        else {
            return Ok(None);
        };
        let all_hooks_disabled = json.get("disableAllHooks") == Some(&Value::Bool(true));
        let events = json.get("hooks").and_then(Value::as_object).into_iter().flatten();
        let registrations = events.flat_map(|(event, groups)| of_event(file, event, groups));
        Ok(Some(Self { all_hooks_disabled, registrations: registrations.collect() }))
    }
}

impl Registration {
    /// Whether this is what stands between an agent and a file.
    pub(super) fn is_guard_before_tools(&self) -> bool {
        self.event == "PreToolUse" && self.name == "boundary-guard"
    }

    /// Whether it runs wherever `wanted` would.
    pub(super) fn covers(&self, wanted: &Self) -> bool {
        self.matcher.is_empty() || self.matcher == wanted.matcher
    }

    /// The file that the command names, when it is a path.
    pub(super) fn path(&self, project: &Project) -> Option<PathBuf> {
        let root = project.root.to_string_lossy();
        let command = self.command.trim_matches('"');
        let command = command
            .replace("${CLAUDE_PROJECT_DIR}", &root)
            .replace("$CLAUDE_PROJECT_DIR", &root)
            .replace('"', "");
        let path = PathBuf::from(command);
        path.is_absolute().then_some(path)
    }
}

/// The registrations of one event's groups.
pub(super) fn of_event(file: &Path, event: &str, groups: &Value) -> Vec<Registration> {
    let mut found = Vec::new();
    for group in groups.as_array().into_iter().flatten() {
        let matcher = group.get("matcher").and_then(Value::as_str).unwrap_or_default();
        for hook in group.get("hooks").and_then(Value::as_array).into_iter().flatten() {
            let command = hook.get("command").and_then(Value::as_str).unwrap_or_default();
            let Some(name) = executable(command) else { continue };
            found.push(Registration {
                file: file.to_owned(),
                event: event.to_owned(),
                name,
                fails_closed: hook.get("onFailure").and_then(Value::as_str) == Some("block"),
                matcher: if matches!(matcher, "*" | ".*") { "" } else { matcher }.to_owned(),
                command: command.to_owned(),
            });
        }
    }
    found
}

/// The executable that a command runs: its last path component, `.sh` or not.
fn executable(command: &str) -> Option<&'static str> {
    let last = command.trim_matches(['"', ' ']).rsplit('/').next()?;
    let name = last.strip_suffix(".sh").unwrap_or(last);
    EXECUTABLES.into_iter().find(|executable| *executable == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_an_executable_in_every_form() {
        let check = |command: &str, name: Option<&str>| assert_eq!(executable(command), name);
        check("${CLAUDE_PROJECT_DIR}/.claude/hooks/agent/boundary-guard", Some("boundary-guard"));
        check(
            "\"$CLAUDE_PROJECT_DIR\"/.claude/hooks/agent/output-validator.sh",
            Some("output-validator"),
        );
        check("\"$CLAUDE_PROJECT_DIR/x/handoff-preparer.sh\"", Some("handoff-preparer"));
        check("context-publisher", Some("context-publisher"));
        check("my-boundary-guard", None);
        check("", None);
    }
}
