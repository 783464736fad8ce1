//! `replay`: what the policy would have refused in past sessions.
//!
//! Runs the same decision as the hook over recorded tool calls, against the
//! files as they are now; nothing is run or written.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::bail;
use serde::Serialize;

use super::decide::{Case, decide};
use super::recording::{self, Recorded};
use super::{check, reason};
use crate::agent::{self, Definition};
use crate::cli::{Args, Takes};
use crate::config::Config;
use crate::hook::{Command, Place, Printed, clip, printable};
use crate::project::Project;

const TAKES: Takes = Takes { flags: &["json", "all"], values: &["agent", "project"] };

/// How many refusals the text form lists; `--json` lists all.
const SHOWN: usize = 50;
const REASON_CHARS_MAX: usize = 400;

#[derive(Default, Serialize)]
struct Summary {
    transcripts: usize,
    calls: usize,
    governed: usize,
    refused: usize,
    warned: usize,
    agents: BTreeMap<String, PerAgent>,
    refusals: Vec<Refused>,
}

#[derive(Default, Serialize)]
struct PerAgent {
    calls: usize,
    refused: usize,
    warned: usize,
    rules: BTreeMap<String, usize>,
}

#[derive(Serialize)]
struct Refused {
    transcript: PathBuf,
    line: usize,
    agent: String,
    tool: String,
    decision: &'static str,
    rule: String,
    reason: String,
}

struct Replay<'a> {
    project: Project,
    config: Config,
    place: &'a Place,
    /// The one agent that every call is taken for, if asked.
    agent: Option<String>,
    definitions: BTreeMap<String, Option<Definition>>,
    summary: Summary,
}

pub(super) fn run(command: &Command<'_>) -> anyhow::Result<Printed> {
    let args = Args::parse(command.args.get(1..).unwrap_or_default(), TAKES)?;
    let project = args.project(command.place)?;
    let mut transcripts: Vec<PathBuf> = args.rest.iter().map(PathBuf::from).collect();
    if args.flag("all") {
        transcripts.extend(of_project(&project, command.place)?);
    }
    if transcripts.is_empty() {
        bail!(
            "nothing to replay\nhint: name transcripts, or give `--all` for those of this project"
        );
    }
    let mut replay = Replay {
        config: Config::load(&project)?,
        project,
        place: command.place,
        agent: args.text("agent")?,
        definitions: BTreeMap::new(),
        summary: Summary::default(),
    };
    for transcript in &transcripts {
        replay.transcript(transcript)?;
    }
    let summary = &replay.summary;
    Ok(Printed::ok(if args.flag("json") {
        format!("{}\n", serde_json::to_string_pretty(summary)?)
    } else {
        as_text(summary)
    }))
}

/// Where the client keeps the transcripts of sessions started in this project.
fn of_project(project: &Project, place: &Place) -> anyhow::Result<Vec<PathBuf>> {
    let client = place.claude_config_dir.clone();
    let client = client.or_else(|| place.home.as_ref().map(|home| home.join(".claude")));
    let Some(client) = client else {
        bail!("the home folder is not known\nhint: name the transcripts");
    };
    let root = project.root.to_string_lossy();
    let name: String =
        root.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let folder = client.join("projects").join(name);
    let found = recording::below(&folder);
    if found.is_empty() {
        bail!("there is no transcript in `{}`", folder.display());
    }
    Ok(found)
}

impl Replay<'_> {
    fn transcript(&mut self, path: &Path) -> anyhow::Result<()> {
        let moved = Moved::between(recording::started_in(path), &self.project);
        let mut outcome = Ok(());
        recording::calls(path, |recorded| {
            if outcome.is_ok() {
                outcome = self.call(path, moved.applied(recorded));
            }
        })?;
        self.summary.transcripts += 1;
        outcome
    }

    fn call(&mut self, transcript: &Path, recorded: Recorded) -> anyhow::Result<()> {
        self.summary.calls += 1;
        let name = self.agent.clone().or(recorded.agent);
        let Some(definition) = self.definition(name)? else {
            return Ok(());
        };
        let cwd = recorded.cwd.as_deref().unwrap_or(&self.project.root);
        let project = Project::by_hand(cwd, Some(&self.project.root))?;
        let case = Case {
            call: &recorded.call,
            definition: &definition,
            project: &project,
            config: &self.config,
            place: self.place,
        };
        let decision = decide(case);
        self.summary.governed += 1;
        let of_agent = self.summary.agents.entry(definition.name.clone()).or_default();
        of_agent.calls += 1;
        let Some(first) = decision.findings.first() else {
            return Ok(());
        };
        *of_agent.rules.entry(first.rule.clone()).or_default() += 1;
        let reason = if decision.refusal().is_some() {
            of_agent.refused += 1;
            self.summary.refused += 1;
            reason::refusal(case, &decision, None)
        } else {
            of_agent.warned += 1;
            self.summary.warned += 1;
            reason::warning(case, &decision)
        };
        self.summary.refusals.push(Refused {
            transcript: transcript.to_owned(),
            line: recorded.line,
            agent: definition.name.clone(),
            tool: recorded.call.name.clone(),
            decision: check::outcome(&decision),
            rule: first.rule.clone(),
            reason,
        });
        Ok(())
    }

    /// What governs an agent, read once; the main session without a name is
    /// governed by the configuration's `main`.
    fn definition(&mut self, name: Option<String>) -> anyhow::Result<Option<Definition>> {
        let key = name.unwrap_or_default();
        if let Some(known) = self.definitions.get(&key) {
            return Ok(known.clone());
        }
        let found = if key.is_empty() {
            self.config.main()
        } else {
            agent::find(&key, &self.project, self.place)?.map(|read| self.config.tuned(read))
        };
        self.definitions.insert(key, found.clone());
        Ok(found)
    }
}

/// A transcript recorded in another folder is replayed as if in this one.
struct Moved {
    /// Text to replace, longest first, by the project's root.
    from: Vec<String>,
    to: String,
}

impl Moved {
    fn between(started: Option<PathBuf>, project: &Project) -> Self {
        const WORKTREES: &str = "/.claude/worktrees/";
        let to = project.root.to_string_lossy().into_owned();
        let mut from = Vec::new();
        let started =
            started.filter(|started| !started.exists() || !started.starts_with(&project.root));
        if let Some(started) = started.map(|path| path.to_string_lossy().into_owned()) {
            // A worktree that is gone was a checkout of the whole project.
            if let Some((root, _)) = started.split_once(WORKTREES) {
                from.extend([started.clone(), root.to_owned()]);
            } else {
                from.push(started);
            }
        }
        Self { from, to }
    }

    fn applied(&self, mut recorded: Recorded) -> Recorded {
        if self.from.is_empty() {
            return recorded;
        }
        let mut text = recorded.call.input.to_string();
        let mut cwd = recorded.cwd.map(|cwd| cwd.to_string_lossy().into_owned());
        for from in &self.from {
            text = text.replace(from, &self.to);
            cwd = cwd.map(|cwd| cwd.replace(from, &self.to));
        }
        if let Ok(input) = serde_json::from_str(&text) {
            recorded.call.input = input;
        }
        Recorded { cwd: cwd.map(PathBuf::from), ..recorded }
    }
}

fn as_text(summary: &Summary) -> String {
    let mut text = format!(
        "{} transcripts, {} tool calls, {} of them by governed agents: {} would be refused, {} warned about\n",
        summary.transcripts, summary.calls, summary.governed, summary.refused, summary.warned
    );
    for (name, of_agent) in &summary.agents {
        let _ = writeln!(
            text,
            "\n{}: {} of {} calls refused, {} warned about",
            printable(name),
            of_agent.refused,
            of_agent.calls,
            of_agent.warned
        );
        for (rule, count) in &of_agent.rules {
            let _ = writeln!(text, "  {count:>6}  {}", printable(rule));
        }
    }
    if !summary.refusals.is_empty() {
        text.push('\n');
    }
    for refused in summary.refusals.iter().take(SHOWN) {
        let _ = writeln!(
            text,
            "{}:{} {} {}: {}",
            printable(&refused.transcript.to_string_lossy()),
            refused.line,
            printable(&refused.agent),
            printable(&refused.tool),
            clip(&refused.reason.replace('\n', " "), REASON_CHARS_MAX)
        );
    }
    if let Some(more) = summary.refusals.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        let _ = writeln!(text, "… and {more} more; `--json` lists all");
    }
    text
}
