//! `lint`: all definitions of a project, checked against each other and the tree.
//!
//! Ends with exit code 1 when there is a problem, for CI; notes do not count.

mod tree;

use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::agent::{self, Containment, Definition};
use crate::cli::{Args, Takes};
use crate::hook::{Command, Place, Printed, printable};
use crate::order;
use crate::project::Project;
use tree::Tree;

const TAKES: Takes = Takes { flags: &["json"], values: &["cwd", "project"] };

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    kind: &'static str,
    weight: Weight,
    agent: String,
    /// Relative to the project where it lies there.
    file: String,
    /// 1-based; 0 when it is about the whole project.
    line: usize,
    message: String,
}

/// Whether a finding fails the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Problem,
    Note,
}

pub(super) fn run(command: &Command<'_>) -> anyhow::Result<Printed> {
    let args = Args::parse(command.args.get(1..).unwrap_or_default(), TAKES)?;
    let project = project(&args, command.place)?;
    let definitions = agent::all(&project, command.place);
    let mut findings = Vec::new();
    let mut read = Vec::new();
    for (file, definition) in &definitions {
        match definition {
            Ok(definition) => read.push(definition),
            Err(error) => findings.push(unreadable(file, error, &project)),
        }
    }
    let tree = Tree::of(&project);
    for definition in &read {
        let mut of_one = of_definition(definition, &read, &project);
        of_one.extend(tree.dead_globs(definition, &project, command.place));
        findings.extend(of_one);
    }
    findings.extend(tree.owners(&read, &project, command.place));
    order::by(&mut findings, |a, b| (a.weight, &a.file, a.line).cmp(&(b.weight, &b.file, b.line)));
    let problems = findings.iter().filter(|finding| finding.weight == Weight::Problem).count();
    let text = if args.flag("json") {
        format!("{}\n", as_json(&findings, definitions.len()))
    } else {
        as_text(&findings, definitions.len(), problems)
    };
    Ok(Printed { text, code: u8::from(problems > 0) })
}

/// The project of `lint [DIR]`.
fn project(args: &Args, place: &Place) -> anyhow::Result<Project> {
    match args.rest.as_slice() {
        [] => args.project(place),
        [dir] => {
            let here = place.cwd.clone().context("the working directory is gone")?;
            let dir = here.join(dir);
            if !dir.is_dir() {
                bail!("`{}` is no folder", printable(&dir.to_string_lossy()));
            }
            Project::by_hand(&dir, Some(&dir))
        }
        _ => bail!("one folder at most\nhint: `boundary-guard lint DIR`"),
    }
}

fn unreadable(file: &Path, error: &anyhow::Error, project: &Project) -> Finding {
    Finding {
        kind: "unreadable",
        weight: Weight::Problem,
        agent: file.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        file: shown(file, project),
        line: 1,
        message: format!("{error:#}; this agent is refused every write"),
    }
}

/// What is wrong with one definition, seen beside the others.
fn of_definition(definition: &Definition, all: &[&Definition], project: &Project) -> Vec<Finding> {
    let finding = |kind, line, message: String| Finding {
        kind,
        weight: Weight::Problem,
        agent: definition.name.clone(),
        file: shown(&definition.file, project),
        line,
        message,
    };
    let mut found: Vec<Finding> = Vec::new();
    for warning in &definition.warnings {
        found.push(finding("warning", warning.line, warning.text.clone()));
    }
    let known = |name: &str| name == "*" || all.iter().any(|other| other.name == name);
    let handoffs = &definition.handoffs;
    for receiver in handoffs.to.iter().chain(&handoffs.from).filter(|to| !known(&to.agent)) {
        let message = format!("no definition is called `{}`", receiver.agent);
        found.push(finding("unknown-agent", receiver.line, message));
    }
    let same = all.iter().filter(|other| other.name == definition.name).count();
    if same > 1 {
        let message = format!("{same} definitions are called `{}`", definition.name);
        found.push(finding("same-name", 1, message));
    }
    if definition.boundaries.containment == Containment::Open
        && !definition.boundaries.allowed.is_empty()
    {
        let message = "the allow-list has prose, so it shuts nothing out".to_owned();
        let line = definition.boundaries.allowed.first().map_or(1, |rule| rule.line);
        found.push(Finding { weight: Weight::Note, ..finding("open", line, message) });
    }
    found
}

fn shown(file: &Path, project: &Project) -> String {
    printable(&file.strip_prefix(&project.root).unwrap_or(file).to_string_lossy())
}

fn as_json(findings: &[Finding], definitions: usize) -> Value {
    let findings = findings.iter().map(|finding| {
        json!({
            "kind": finding.kind,
            "severity": word(finding.weight),
            "agent": finding.agent,
            "file": finding.file,
            "line": finding.line,
            "message": finding.message,
        })
    });
    json!({ "definitions": definitions, "findings": findings.collect::<Vec<_>>() })
}

fn as_text(findings: &[Finding], definitions: usize, problems: usize) -> String {
    let mut text = String::new();
    for finding in findings {
        let place = match finding.line {
            0 => finding.file.clone(),
            line => format!("{}:{line}", finding.file),
        };
        let message = printable(&finding.message);
        let _ = writeln!(text, "{place}: {}: {message} [{}]", word(finding.weight), finding.kind);
    }
    let notes = findings.len() - problems;
    let _ = writeln!(text, "{definitions} definitions, {problems} problems, {notes} notes");
    text
}

fn word(weight: Weight) -> &'static str {
    match weight {
        Weight::Problem => "problem",
        Weight::Note => "note",
    }
}
