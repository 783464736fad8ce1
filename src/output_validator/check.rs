//! `check`: a verdict on a message, by hand.
//!
//! The same function judges as in the hook; only what the hook takes from the
//! event comes from the arguments.

use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, bail};
use serde_json::json;

use crate::agent::{self, Definition};
use crate::cli::{Args, Takes};
use crate::config::Config;
use crate::flags::Severity;
use crate::hook::{Command, EVENT_BYTES_MAX, Printed, printable};
use crate::report::{self, Freshness, Source, Verdict};
use crate::store;

const TAKES: Takes = Takes { flags: &["json"], values: &["agent", "transcript", "project", "cwd"] };

pub(super) fn run(command: &Command<'_>) -> anyhow::Result<Printed> {
    let args = Args::parse(command.args.get(1..).unwrap_or_default(), TAKES)?;
    let project = args.project(command.place)?;
    let definition = match args.text("agent")? {
        Some(name) => agent::find(&name, &project, command.place)?.with_context(|| {
            format!(
                "no definition of `{}` was found\nhint: `explain` lists what is read",
                printable(&name)
            )
        })?,
        // Without an agent there is no contract; claims are checked all the same.
        None => Definition { name: "main".to_owned(), ..Definition::default() },
    };
    let here = command.place.cwd.clone().unwrap_or_default();
    let transcript = args.path("transcript").map(|path| here.join(path));
    if let Some(path) = transcript.as_deref().filter(|path| !path.is_file()) {
        bail!("there is no transcript `{}`", path.display());
    }
    let source = Source {
        message: message(command, &args, &here)?,
        transcript,
        tree: Some(project.tree.clone()),
        freshness: Freshness::Settled,
    };
    let config = Config::load(&project)?;
    let verdict = report::judge_source(&source, &definition, &config);
    let text = if args.flag("json") { as_json(&verdict)? } else { as_text(&verdict) };
    Ok(Printed { text, code: u8::from(!verdict.passes()) })
}

/// The message of the file named last, of stdin for `-`; without either the
/// transcript's last text is judged.
fn message(command: &Command<'_>, args: &Args, here: &Path) -> anyhow::Result<Option<String>> {
    let bytes = match args.rest.as_slice() {
        [] if args.path("transcript").is_some() => return Ok(None),
        [] => bail!("no message\nhint: name a file, or `-` for stdin"),
        [one] if one == "-" => (command.stdin)()?,
        [one] => {
            let path = here.join(one);
            let limit = u64::try_from(EVENT_BYTES_MAX).unwrap_or(u64::MAX);
            let bytes = store::read(&path, limit)?;
            bytes.with_context(|| format!("there is no file `{}`", path.display()))?
        }
        _ => bail!("more than one message"),
    };
    String::from_utf8(bytes).map(Some).context("the message is not UTF-8")
}

fn as_json(verdict: &Verdict) -> anyhow::Result<String> {
    let findings: Vec<_> = verdict
        .findings
        .iter()
        .map(|finding| {
            json!({
                "rule": finding.rule,
                "severity": name(finding.severity),
                "where": finding.place,
                "message": finding.message,
            })
        })
        .collect();
    let value = json!({
        "verdict": if verdict.passes() { "pass" } else { "block" },
        "findings": findings,
        "not_checked": verdict.not_checked,
        "allowed": verdict.allowed,
    });
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

fn as_text(verdict: &Verdict) -> String {
    let mut text = String::new();
    for finding in &verdict.findings {
        let _ = writeln!(
            text,
            "{} [{}] {}: {}",
            name(finding.severity),
            finding.rule,
            finding.place,
            finding.message
        );
    }
    for line in &verdict.not_checked {
        let _ = writeln!(text, "not checked: {}", printable(line));
    }
    for line in &verdict.allowed {
        let _ = writeln!(text, "allowed: {}", printable(line));
    }
    text.push_str(if verdict.passes() {
        "the report passes\n"
    } else {
        "the agent would be sent back\n"
    });
    text
}

fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Block => "block",
        Severity::Warn => "warn",
    }
}
