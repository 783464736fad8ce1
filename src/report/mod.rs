//! Is the final report what the definition asks for, and is it true.
//!
//! One function, [`judge`], computes the verdict on a run; the three stop
//! hooks run at the same time and each calls it, none reads another's result.

use crate::agent::Definition;
use crate::config::Config;
use crate::hook::Event;
use crate::project::Project;

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
    pub severity: crate::flags::Severity,
    /// The JSON path, file:line or quote.
    pub place: String,
    /// What was expected, what was found, what to do.
    pub message: String,
}

impl Verdict {
    /// Whether the run may stop as it is.
    pub fn passes(&self) -> bool {
        !self.findings.iter().any(|finding| finding.severity == crate::flags::Severity::Block)
    }
}

/// Judges the run that a Stop or SubagentStop event ends.
pub fn judge(
    _event: &Event,
    _definition: &Definition,
    _project: &Project,
    _config: &Config,
) -> Verdict {
    Verdict::default()
}
