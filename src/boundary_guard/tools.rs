//! What a tool call would do to files, told by its name and arguments.
//!
//! Known tools by their exact fields (Claude Code 2.1.328, and the names that
//! other clients and older versions use); any other by its path-like
//! arguments. Whether a write is allowed is [`crate::lane`]'s.

use std::path::PathBuf;

use serde_json::Value;

use super::arguments;
use super::patch;
use crate::hook::ToolCall;
use crate::shell::WriteKind;

/// What a call would do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It changes no file that could be named.
    Reads,
    /// It changes these files.
    Writes(Vec<Planned>),
    /// It runs a command.
    Runs(Language, String),
    /// It writes, but its input does not say where; what is wrong.
    Malformed(String),
}

/// The language of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Posix,
    PowerShell,
}

/// One file that a call changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Planned {
    pub(super) path: PathBuf,
    pub(super) kind: WriteKind,
    /// The text that it adds, if the call says so.
    pub(super) added: Option<Added>,
}

/// Text that replaces other text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Added {
    /// What the call itself says was there; `None`: the file's present text.
    pub(super) before: Option<String>,
    pub(super) after: String,
}

/// How a known tool is called.
enum Known {
    Reads,
    /// One file, named by the first of these fields.
    File(&'static [&'static str]),
    /// A command, in the first of these fields.
    Command(&'static [&'static str]),
    /// As `Command`, but the field may be absent.
    MayRun(&'static str),
    PowerShell,
    Patch,
    /// A folder that is written when the field is there.
    MayWrite(&'static str),
    Cron,
    /// `command: view` reads, any other command writes `path`.
    TextEditor,
}

const FILE: &[&str] = &["file_path", "filePath", "path", "absolute_path"];
const NOTEBOOK: &[&str] = &["notebook_path", "file_path", "target_notebook"];
const COMMAND: &[&str] = &["command", "cmd"];

fn known(name: &str) -> Option<Known> {
    Some(match name {
        "Read"
        | "Glob"
        | "Grep"
        | "LS"
        | "LSP"
        | "WebFetch"
        | "WebSearch"
        | "Agent"
        | "Task"
        | "TodoWrite"
        | "TodoRead"
        | "Skill"
        | "ToolSearch"
        | "AskUserQuestion"
        | "SendMessage"
        | "SubagentHandback"
        | "TaskCreate"
        | "TaskGet"
        | "TaskList"
        | "TaskStop"
        | "TaskUpdate"
        | "TaskOutput"
        | "BashOutput"
        | "KillShell"
        | "ExitPlanMode"
        | "EnterPlanMode"
        | "EnterWorktree"
        | "ExitWorktree"
        | "ListAgents"
        | "ListMcpResourcesTool"
        | "ReadMcpResourceTool"
        | "ReadMcpResourceDirTool"
        | "ReadNotifications"
        | "ReportFindings"
        | "PushNotification"
        | "ScheduleWakeup"
        | "SendUserFile"
        | "SendUserMessage"
        | "SetGoal"
        | "WaitForMcpServers"
        | "Workflow"
        | "CronDelete"
        | "CronList"
        | "EndConversation"
        | "SendFeedback"
        | "RemoteTrigger"
        | "ShareOnboardingGuide"
        | "Projects"
        | "read_file"
        | "view_image"
        | "update_plan" => Known::Reads,
        "Write" | "Create" | "write_file" | "create_file" | "Edit" | "MultiEdit" | "replace"
        | "edit_file" | "edit" => Known::File(FILE),
        "NotebookEdit" | "notebook_edit" => Known::File(NOTEBOOK),
        "Bash" | "Execute" | "Shell" | "shell" | "local_shell" | "exec_command"
        | "run_shell_command" => Known::Command(COMMAND),
        "Monitor" => Known::MayRun("command"),
        "PowerShell" => Known::PowerShell,
        "ApplyPatch" | "apply_patch" => Known::Patch,
        "Artifact" => Known::MayWrite("out_dir"),
        "CronCreate" => Known::Cron,
        "str_replace_editor" | "str_replace_based_edit_tool" => Known::TextEditor,
        _ => return None,
    })
}

/// What the call would do.
pub(super) fn effect(call: &ToolCall) -> Effect {
    let input = &call.input;
    let Some(known) = known(&call.name) else {
        return arguments::effect(call);
    };
    match known {
        Known::File(fields) => file(call, fields),
        Known::Command(fields) => match command(input, fields) {
            Some(command) => Effect::Runs(Language::Posix, command),
            None => missing(&call.name, fields),
        },
        Known::MayRun(field) => match input.get(field) {
            None | Some(Value::Null) => Effect::Reads,
            Some(_) => match command(input, &[field]) {
                Some(command) => Effect::Runs(Language::Posix, command),
                None => missing(&call.name, &[field]),
            },
        },
        Known::PowerShell => match command(input, COMMAND) {
            Some(command) => Effect::Runs(Language::PowerShell, command),
            None => missing(&call.name, COMMAND),
        },
        Known::Patch => patch::effect(call),
        Known::MayWrite(field) => match input.get(field) {
            None | Some(Value::Null) => Effect::Reads,
            Some(Value::String(path)) => writes(path, WriteKind::Write, None),
            Some(_) => missing(&call.name, &[field]),
        },
        Known::Cron if input.get("durable") == Some(&Value::Bool(true)) => {
            writes(".claude/scheduled_tasks.json", WriteKind::Write, None)
        }
        Known::Reads | Known::Cron => Effect::Reads,
        Known::TextEditor => match input.get("command").and_then(Value::as_str) {
            Some("view") => Effect::Reads,
            _ => file(call, FILE),
        },
    }
}

/// Says that a writing tool was called without the field that names its target.
pub(super) fn missing(tool: &str, fields: &[&str]) -> Effect {
    let field = fields.first().copied().unwrap_or_default();
    Effect::Malformed(format!("the `{tool}` call has no text in `{field}`"))
}

fn file(call: &ToolCall, fields: &[&str]) -> Effect {
    let named: Vec<&Value> =
        fields.iter().filter_map(|field| call.input.get(field)).filter(|v| !v.is_null()).collect();
    // A call that names two files says which it writes to nobody.
    let mut planned = Vec::with_capacity(1);
    for value in named {
        match value.as_str() {
            Some(path) if !path.is_empty() => planned.push(path),
            _ => return missing(&call.name, fields),
        }
    }
    planned.dedup();
    let Some((first, others)) = planned.split_first() else {
        return missing(&call.name, fields);
    };
    let mut files: Vec<Planned> =
        additions(&call.input).map(|added| planned_file(first, Some(added))).collect();
    if files.is_empty() {
        files.push(planned_file(first, None));
    }
    files.extend(others.iter().map(|path| planned_file(path, None)));
    Effect::Writes(files)
}

fn planned_file(path: &str, added: Option<Added>) -> Planned {
    Planned { path: PathBuf::from(path), kind: WriteKind::Write, added }
}

fn writes(path: &str, kind: WriteKind, added: Option<Added>) -> Effect {
    Effect::Writes(vec![Planned { path: PathBuf::from(path), kind, added }])
}

/// The texts that a call adds: whole contents, or replacements.
pub(super) fn additions(input: &Value) -> impl Iterator<Item = Added> {
    let whole = ["content", "file_text", "new_source", "contents"];
    let whole = whole.into_iter().filter_map(|field| text(input, field));
    let whole = whole.map(|after| Added { before: None, after: after.to_owned() });
    let edits = input.get("edits").and_then(Value::as_array).map(Vec::as_slice);
    let edits = std::iter::once(input).chain(edits.unwrap_or_default());
    whole.chain(edits.filter_map(replacement))
}

fn replacement(edit: &Value) -> Option<Added> {
    let after = ["new_string", "new_str", "newText", "insert_text"];
    let after = after.into_iter().find_map(|field| text(edit, field))?;
    let before = ["old_string", "old_str", "oldText"];
    let before = before.into_iter().find_map(|field| text(edit, field)).unwrap_or_default();
    Some(Added { before: Some(before.to_owned()), after: after.to_owned() })
}

fn text<'v>(input: &'v Value, field: &str) -> Option<&'v str> {
    input.get(field).and_then(Value::as_str)
}

/// A command given as text, or as a list of words.
pub(super) fn command(input: &Value, fields: &[&str]) -> Option<String> {
    match fields.iter().find_map(|field| input.get(field))? {
        Value::String(command) => Some(command.clone()),
        Value::Array(words) => {
            let words: Option<Vec<&str>> = words.iter().map(Value::as_str).collect();
            words.filter(|words| !words.is_empty()).map(|words| quoted(&words))
        }
        _ => None,
    }
}

/// Words as one shell command that means the same.
pub(super) fn quoted(words: &[&str]) -> String {
    let quote = |word: &&str| format!("'{}'", word.replace('\'', "'\\''"));
    words.iter().map(quote).collect::<Vec<_>>().join(" ")
}
