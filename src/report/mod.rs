//! Is the final report what the definition asks for, and is it true.
//!
//! One function, [`judge`], computes the verdict on a run; the three stop
//! hooks run at the same time and each calls it, none reads another's result.

mod blocks;
mod claims;
mod contract;
mod criteria;
mod done;
mod endpoints;
mod evidence;
mod explain;
mod flagged;
mod infer;
mod lenient;
mod message;
mod passed;
mod prose;
mod reason;
mod route;
mod rules;
mod shape;
mod source;
mod support;

use crate::agent::{Definition, Tools};
use crate::config::{Config, Mode};
use crate::flags::Severity;
use crate::hook::{Event, EventKind};
use crate::order;
use crate::project::Project;

pub use explain::{Explained, explain};
pub use reason::{FINDINGS_MAX, of_block, of_surrender};
pub use source::{Freshness, Source};

use message::Text;

/// The tool by which a subagent delivers its report in some modes of the client.
pub const HANDBACK_TOOL: &str = "SubagentHandback";

/// The verdict on a run.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// What is wrong, most severe first; empty when the run passes.
    pub findings: Vec<Finding>,
    /// What the definition asks for and no machine checks.
    pub not_checked: Vec<String>,
    /// The lines of this run that allow a rule: `file:line: rule: reason`.
    pub allowed: Vec<String>,
    /// The report text that was judged; `None` when the run gave none.
    pub message: Option<String>,
    /// The JSON report found in the message.
    pub report: Option<serde_json::Value>,
}

/// One thing wrong with a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id, such as `report-missing`.
    pub rule: String,
    /// `block` findings send the agent back.
    pub severity: Severity,
    /// The JSON path, file:line or quote.
    pub place: String,
    /// What was expected, what was found, what to do.
    pub message: String,
}

impl Verdict {
    /// Whether the run may stop as it is.
    pub fn passes(&self) -> bool {
        !self.findings.iter().any(|finding| finding.severity == Severity::Block)
    }
}

/// Judges the run that a Stop or SubagentStop event ends.
pub fn judge(
    event: &Event,
    definition: &Definition,
    project: &Project,
    config: &Config,
) -> Verdict {
    let source = Source { tree: Some(project.tree.clone()), ..Source::of_event(event) };
    judge_source(&source, definition, config)
}

/// Judges a message and its transcript, wherever they come from.
pub fn judge_source(source: &Source, definition: &Definition, config: &Config) -> Verdict {
    let first = source.message.as_deref().map(|text| Judged::of(text, source, definition, config));
    let handback = match &first {
        Some(judged) => judged.evidence.handback.clone(),
        None => source.evidence(&[]).handback,
    };
    let handed_back = handback.map(|text| Judged::of(&text, source, definition, config));
    let judged = match (first, handed_back) {
        // The message beside a report that was handed back says that it was.
        (Some(first), Some(other)) if first.verdict.blocks() < other.verdict.blocks() => first,
        (_, Some(other)) => other,
        (Some(first), None) => first,
        (None, None) => match message::last_resort(source) {
            Text::Given(text) => Judged::of(&text, source, definition, config),
            Text::Empty => Judged::without(message::empty()),
            Text::Absent => Judged::without(message::absent()),
        },
    };
    let mut verdict = judged.verdict;
    settle(&mut verdict, definition, config);
    verdict
}

/// Whether a stop is too early to judge: the main session waits for subagents.
pub fn is_premature(event: &Event) -> bool {
    let EventKind::Stop(stop) = &event.kind else {
        return false;
    };
    stop.background_tasks.iter().any(|task| {
        let other = event.agent_id.as_ref() != Some(&task.id);
        task.kind == "subagent" && task.status == "running" && other
    })
}

/// A verdict and what it rests on.
struct Judged {
    verdict: Verdict,
    evidence: evidence::Evidence,
}

impl Judged {
    /// Judges one text as the final message.
    fn of(text: &str, source: &Source, definition: &Definition, config: &Config) -> Self {
        if text.trim().is_empty() {
            return Self::without(message::empty());
        }
        let mut verdict = Verdict { message: Some(text.to_owned()), ..Verdict::default() };
        let parts = blocks::of_message(text);
        let (asked, unread) = contract::asked_by(definition);
        for example in unread {
            verdict.not_checked.push(format!("the example at line {} names no keys", example.line));
        }
        let outcome = contract::check(&asked, &parts.blocks, definition);
        let is_whole = !outcome.findings.iter().any(contract::is_absence);
        verdict.findings.extend(outcome.findings);
        verdict.report = outcome.report;
        let claimed = endpoints::claimed(verdict.report.as_ref());
        let evidence = source.evidence(&claimed);
        // Without its report a message is judged when the report is there.
        if is_whole {
            let claims = claims::of_prose(&parts.prose);
            judge_evidence(&mut verdict, &claimed, &claims, &evidence, definition);
        }
        let tree = source.tree.as_deref();
        let flagged = flagged::look(definition, config.flags(), text, &evidence.files, tree);
        verdict.findings.extend(flagged.findings);
        verdict.allowed = flagged.allowed;
        verdict.not_checked.extend(criteria::unchecked(definition));
        Self { verdict, evidence }
    }

    fn without(finding: Finding) -> Self {
        let verdict = Verdict { findings: vec![finding], ..Verdict::default() };
        Self { verdict, evidence: evidence::Evidence::default() }
    }
}

impl Verdict {
    fn blocks(&self) -> usize {
        self.findings.iter().filter(|finding| finding.severity == Severity::Block).count()
    }
}

/// What is claimed, against what the transcript shows.
fn judge_evidence(
    verdict: &mut Verdict,
    claimed: &[route::Route],
    claims: &[claims::Claim],
    evidence: &evidence::Evidence,
    definition: &Definition,
) {
    if let Some(gap) = &evidence.gap {
        verdict.not_checked.push(format!("claims and endpoints: {gap}"));
        return;
    }
    let can_run = can_run_commands(&definition.tools);
    if can_run && criteria::asks_for_requests(definition) {
        verdict.findings.extend(endpoints::findings(claimed, evidence));
    } else if !claimed.is_empty() {
        verdict.not_checked.push("whether the endpoints of the report answer".to_owned());
    }
    verdict.findings.extend(support::findings(claims, evidence, can_run));
    for finding in criteria::findings(definition, evidence, can_run) {
        let known = |other: &Finding| other.rule == finding.rule && other.place == finding.place;
        if !verdict.findings.iter().any(known) {
            verdict.findings.push(finding);
        }
    }
}

/// Whether an agent has a tool that runs commands.
fn can_run_commands(tools: &Tools) -> bool {
    const SHELLS: &[&str] = &["Bash", "Execute", "Shell", "PowerShell", "execute"];
    let is_shell =
        |tool: &String| SHELLS.contains(&tool.split('(').next().unwrap_or_default().trim());
    match tools {
        Tools::All => true,
        Tools::AllBut(without) => !without.iter().any(is_shell),
        Tools::Only(tools) => tools.iter().any(|tool| is_shell(tool) || tool == "*"),
    }
}

/// What the configuration makes of the findings, most severe first.
fn settle(verdict: &mut Verdict, definition: &Definition, config: &Config) {
    let mode = |rule: &str| {
        // The guard knows red flags as `flag.ID`; here either name moves them.
        let own = config.mode(rule, &definition.name);
        let flag = config.mode(&format!("flag.{rule}"), &definition.name);
        if own == Mode::Enforce { flag } else { own }
    };
    verdict.findings.retain_mut(|finding| match mode(&finding.rule) {
        Mode::Enforce => true,
        Mode::Warn => {
            finding.severity = Severity::Warn;
            true
        }
        Mode::Off => false,
    });
    order::by_key(&mut verdict.findings, |finding| std::cmp::Reverse(finding.severity));
}
