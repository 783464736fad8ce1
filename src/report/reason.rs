//! What an agent is told when its report is sent back, and the user when not.

use std::fmt::Write;

use super::{Finding, Verdict};
use crate::flags::Severity;

/// As many findings are told at once.
pub const FINDINGS_MAX: usize = 5;

/// Why the agent is sent back, for its eyes: attempt `attempt` of `attempts_max`.
pub fn of_block(verdict: &Verdict, agent: &str, attempt: u32, attempts_max: u32) -> String {
    let mut text = format!(
        "lanekeeper: the report of `{agent}` is not accepted yet (sent back {attempt} of at most {attempts_max} times).\n"
    );
    list(&mut text, &blocking(verdict));
    text.push_str(
        "Mend this, then end with the complete corrected report: your next message replaces this \
         one, so it must hold everything that was right as well. If something cannot be done or \
         verified, say so in the report instead of claiming it.",
    );
    text
}

/// What the user reads when the attempts are used up.
pub fn of_surrender(verdict: &Verdict, agent: &str, attempts_max: u32) -> String {
    let mut text = format!(
        "lanekeeper: `{agent}` stopped with a report that failed its checks, after {attempts_max} requests to mend it:\n"
    );
    list(&mut text, &blocking(verdict));
    text.trim_end().to_owned()
}

fn blocking(verdict: &Verdict) -> Vec<&Finding> {
    verdict.findings.iter().filter(|finding| finding.severity == Severity::Block).collect()
}

fn list(text: &mut String, findings: &[&Finding]) {
    for (at, finding) in findings.iter().take(FINDINGS_MAX).enumerate() {
        let _ =
            writeln!(text, "{}. [{}] {}: {}", at + 1, finding.rule, finding.place, finding.message);
    }
    let more = findings.len().saturating_sub(FINDINGS_MAX);
    if more > 0 {
        let _ = writeln!(text, "… and {more} more.");
    }
}
