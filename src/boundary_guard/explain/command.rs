//! `explain --command`: what a shell command was understood to do.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::hook::{Place, Printed, printable};
use crate::project::Project;
use crate::shell::{self, Analysis, Setting, WriteKind};

/// What the analyser saw, part by part.
pub(super) fn explain(line: &str, project: &Project, place: &Place, json: bool) -> Printed {
    let setting = Setting {
        cwd: &project.cwd,
        tree: &project.tree,
        home: place.home.as_deref(),
        tmp: place.tmp_dir.as_deref(),
    };
    let analysis = shell::analyse(line, &setting);
    Printed::ok(if json { format!("{}\n", as_json(&analysis)) } else { as_text(&analysis) })
}

fn as_json(analysis: &Analysis) -> Value {
    let steps = analysis
        .steps
        .iter()
        .map(|step| json!({"part": step.part, "dirs": step.dirs, "effect": step.effect}));
    let writes = analysis.writes.iter().map(|write| {
        json!({
            "path": write.path,
            "kind": kind(write.kind),
            "certain": write.certain,
            "subtree": write.subtree,
            "part": write.part,
        })
    });
    let unnamed = analysis.unnamed.iter();
    json!({
        "steps": steps.collect::<Vec<_>>(),
        "writes": writes.collect::<Vec<_>>(),
        "unnamed": unnamed.map(|one| json!({"part": one.part, "why": one.why})).collect::<Vec<_>>(),
        "opaque": analysis.opaque,
        "unparsed": analysis.unparsed.as_ref().map(|unparsed| {
            json!({"why": unparsed.why, "may_write": unparsed.may_write})
        }),
    })
}

fn as_text(analysis: &Analysis) -> String {
    let mut text = String::new();
    for step in &analysis.steps {
        let _ = writeln!(text, "{}\n  {}", printable(&step.part), printable(&step.effect));
    }
    for write in &analysis.writes {
        let path = printable(&write.path.to_string_lossy());
        let sure = if write.certain { "" } else { " (perhaps)" };
        let below = if write.subtree { " and all below" } else { "" };
        let _ = writeln!(text, "{} {path}{below}{sure}", kind(write.kind));
    }
    for unnamed in &analysis.unnamed {
        let (part, why) = (printable(&unnamed.part), printable(&unnamed.why));
        let _ = writeln!(text, "writes, but where cannot be told: {part} ({why})");
    }
    for part in &analysis.opaque {
        let _ = writeln!(text, "left to the audit: {}", printable(part));
    }
    if let Some(unparsed) = &analysis.unparsed {
        let _ = writeln!(text, "not understood: {}", printable(&unparsed.why));
    }
    if text.is_empty() {
        text.push_str("writes nothing\n");
    }
    text
}

fn kind(kind: WriteKind) -> &'static str {
    match kind {
        WriteKind::Write => "writes",
        WriteKind::Delete => "deletes",
        WriteKind::Attributes => "changes attributes of",
        WriteKind::MakeFolder => "makes",
        WriteKind::Link => "links",
        WriteKind::Replace => "replaces",
    }
}
