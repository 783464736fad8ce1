//! Is the final report what the definition asks for, and is it true.
//!
//! One function, [`judge`], computes the verdict on a run; the three stop
//! hooks run at the same time and each calls it, none reads another's result.

mod blocks;
mod contract;
mod lenient;
mod message;
mod reason;
mod shape;

use crate::agent::Definition;
use crate::config::{Config, Mode};
use crate::flags::Severity;
use crate::hook::Event;
use crate::project::Project;

pub use reason::{FINDINGS_MAX, of_block, of_surrender};

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
    _project: &Project,
    config: &Config,
) -> Verdict {
    let mut verdict = Verdict::default();
    let text = message::of_event(event);
    match &text {
        Text::Absent => verdict.findings.push(message::absent()),
        Text::Empty => verdict.findings.push(message::empty()),
        Text::Given(text) => judge_text(text, definition, &mut verdict),
    }
    verdict.message = text.into_given();
    settle(&mut verdict, definition, config);
    verdict
}

/// Whether a stop is too early to judge: the main session waits for subagents.
pub fn is_premature(event: &Event) -> bool {
    let crate::hook::EventKind::Stop(stop) = &event.kind else {
        return false;
    };
    stop.background_tasks.iter().any(|task| {
        task.kind == "subagent"
            && task.status == "running"
            && event.agent_id.as_ref() != Some(&task.id)
    })
}

fn judge_text(text: &str, definition: &Definition, verdict: &mut Verdict) {
    let parts = blocks::of_message(text);
    let (asked, unread) = contract::asked_by(definition);
    for example in unread {
        verdict.not_checked.push(format!("the example at line {} names no keys", example.line));
    }
    let outcome = contract::check(&asked, &parts.blocks, definition);
    verdict.findings.extend(outcome.findings);
    verdict.report = outcome.report;
}

/// What the configuration makes of the findings, most severe first.
fn settle(verdict: &mut Verdict, definition: &Definition, config: &Config) {
    verdict.findings.retain_mut(|finding| match config.mode(&finding.rule, &definition.name) {
        Mode::Enforce => true,
        Mode::Warn => {
            finding.severity = Severity::Warn;
            true
        }
        Mode::Off => false,
    });
    verdict.findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
}
