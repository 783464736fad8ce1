//! `scan`: the red-flag rules over files, for CI and for trying them.
//!
//! Walks what it is given and prints what [`crate::flags`] says; judges nothing
//! itself. With `--diff` only lines that are new since a revision count.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::cli::{Args, Takes};
use crate::config::Config;
use crate::flags::custom::Custom;
use crate::flags::{self, Finding, Severity};
use crate::hook::{Command, Printed, printable};
use crate::order;
use crate::repo;

const TAKES: Takes = Takes { flags: &["json"], values: &["diff", "project", "cwd"] };
/// Folders that are never walked into.
const SKIPPED: [&str; 2] = [".git", ".hg"];
/// Folders within folders, at most.
const DEPTH_MAX: usize = 64;

/// A finding with its file, as given on the command line.
struct Found {
    file: String,
    finding: Finding,
}

/// The project's own rules, whose globs begin at its working tree.
struct Rules {
    here: PathBuf,
    tree: PathBuf,
    custom: Custom,
}

impl Rules {
    fn of(args: &Args, command: &Command<'_>) -> anyhow::Result<Self> {
        let here = command.place.cwd.clone().context("the working directory is gone")?;
        let project = args.project(command.place)?;
        let custom = Config::load(&project)?.flags().clone();
        Ok(Self { here, tree: project.tree, custom })
    }
}

pub(super) fn run(command: &Command<'_>) -> anyhow::Result<Printed> {
    let args = Args::parse(command.args.get(1..).unwrap_or_default(), TAKES)?;
    let rules = Rules::of(&args, command)?;
    let found = match args.text("diff")? {
        Some(rev) => scan_added(&args, &rules, &rev)?,
        None => scan_paths(&args, &rules)?,
    };
    let blocked = found.iter().any(|found| found.finding.severity == Severity::Block);
    let text = if args.flag("json") { as_json(&found)? } else { as_text(&found) };
    Ok(Printed { text, code: u8::from(blocked) })
}

/// Every file under the paths, whole.
fn scan_paths(args: &Args, rules: &Rules) -> anyhow::Result<Vec<Found>> {
    if args.rest.is_empty() {
        bail!("nothing to scan\nhint: `output-validator scan [--json] [--diff REV] PATH…`");
    }
    let mut found = Vec::new();
    for path in &args.rest {
        let path = PathBuf::from(path);
        if std::fs::symlink_metadata(&path).is_err() {
            bail!("there is no `{}`", printable(&path.to_string_lossy()));
        }
        for file in files_under(path) {
            found.extend(in_file(&file, None, rules));
        }
    }
    Ok(found)
}

/// The lines that are new since `rev`, in the files under the paths (all, when none is given).
fn scan_added(args: &Args, rules: &Rules, rev: &str) -> anyhow::Result<Vec<Found>> {
    let Rules { here, tree, .. } = rules;
    let wanted: Vec<PathBuf> =
        args.rest.iter().map(|path| crate::project::tidy(&here.join(path))).collect();
    let mut found = Vec::new();
    for (path, lines) in repo::added_lines(tree, rev)? {
        let path = tree.join(path);
        if wanted.is_empty() || wanted.iter().any(|wanted| path.starts_with(wanted)) {
            let shown = path.strip_prefix(here).unwrap_or(&path);
            found.extend(in_file(shown, Some(&lines), rules));
        }
    }
    Ok(found)
}

fn in_file(path: &Path, added: Option<&BTreeSet<usize>>, rules: &Rules) -> Vec<Found> {
    let file = printable(&path.to_string_lossy());
    let absolute = crate::project::tidy(&rules.here.join(path));
    let inside = absolute.strip_prefix(&rules.tree).unwrap_or(path);
    let findings = match flags::read_text(path) {
        Ok(Some(text)) => {
            let (mut findings, own) = match added {
                Some(lines) => (
                    flags::in_added_lines(path, &text, lines),
                    rules.custom.in_added_lines(inside, &text, lines),
                ),
                None => (flags::in_file(path, &text), rules.custom.in_file(inside, &text)),
            };
            findings.extend(own);
            order::by_key(&mut findings, |finding| finding.line);
            findings
        }
        Ok(None) => Vec::new(),
        Err(skipped) => vec![skipped],
    };
    findings.into_iter().map(|finding| Found { file: file.clone(), finding }).collect()
}

/// Every regular file at or under a path, in order; links are not followed.
fn files_under(path: PathBuf) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut left = vec![(path, 0)];
    while let Some((path, depth)) = left.pop() {
        let Ok(meta) = std::fs::symlink_metadata(&path) else { continue };
        if meta.is_file() {
            files.push(path);
        } else if meta.is_dir() && depth < DEPTH_MAX {
            let entries = std::fs::read_dir(&path).into_iter().flatten().flatten();
            let mut inner: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
            inner.retain(|path| !SKIPPED.iter().any(|name| path.ends_with(name)));
            inner.sort();
            inner.reverse();
            left.extend(inner.into_iter().map(|path| (path, depth + 1)));
        }
    }
    files
}

fn as_json(found: &[Found]) -> anyhow::Result<String> {
    let findings: Vec<Value> = found
        .iter()
        .map(|Found { file, finding }| {
            json!({
                "rule": finding.rule,
                "severity": finding.severity.name(),
                "file": file,
                "line": finding.line,
                "message": printable(&finding.message),
            })
        })
        .collect();
    let text = serde_json::to_string_pretty(&json!({ "findings": findings }))
        .context("could not write the findings")?;
    Ok(text + "\n")
}

fn as_text(found: &[Found]) -> String {
    let mut text = String::new();
    for Found { file, finding } in found {
        let Finding { rule, severity, line, message } = finding;
        let _ = writeln!(text, "{file}:{line}: {} {rule}: {}", severity.name(), printable(message));
    }
    let blocking = found.iter().filter(|found| found.finding.severity == Severity::Block).count();
    text + &format!("{} findings, {blocking} of them blocking\n", found.len())
}
