//! Whether what a message claims is shown by what was run.
//!
//! The latest runs after the last change of the code decide. A failure is made
//! good only by a run that is at least as wide.

use super::Finding;
use super::claims::Claim;
use super::evidence::outcome::Outcome;
use super::evidence::{Evidence, Ran};
use super::rules::Kind;
use crate::flags::Severity;
use crate::hook::{clip, printable};

/// Characters of a claim that are quoted back.
const QUOTE_CHARS: usize = 120;

/// The findings about claims that nothing shows; one per kind.
pub(super) fn findings(claims: &[Claim], evidence: &Evidence, can_run: bool) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut judged = Vec::new();
    for claim in claims {
        if judged.contains(&claim.kind) {
            continue;
        }
        judged.push(claim.kind);
        // Who cannot run anything may still have mended something.
        if !can_run && matches!(claim.kind, Kind::Fixed | Kind::Verified) {
            continue;
        }
        let why = lack(claim.kind, evidence).or_else(|| fewer(claim.count?, evidence));
        if let Some(why) = why {
            findings.push(Finding {
                rule: "claim-unsupported".to_owned(),
                severity: Severity::Block,
                place: format!("\"{}\"", printable(&clip(&claim.quote, QUOTE_CHARS))),
                message: format!(
                    "the message says that {}, but {why}; run it now and report what it shows, or take the claim back",
                    claim.kind.claim()
                ),
            });
        }
    }
    findings
}

/// What is lacking to show it; `None` when it is shown.
pub(super) fn lack(kind: Kind, evidence: &Evidence) -> Option<String> {
    let edited = evidence.last_edit();
    let any_run = matches!(kind, Kind::Fixed | Kind::Verified);
    if any_run && edited.is_none() {
        return None;
    }
    let runs: Vec<&Ran> = evidence.runs.iter().filter(|ran| is_of(kind, ran)).collect();
    let from = match (kind, edited) {
        (Kind::Deploy, _) | (_, None) => 0,
        (_, Some(edit)) => edit.at + 1,
    };
    let fresh: Vec<&Ran> = runs.iter().filter(|ran| ran.at >= from).copied().collect();
    let what = kind.run();
    let Some(last) = fresh.last() else {
        return Some(match (runs.last(), edited) {
            (Some(ran), Some(edit)) => format!(
                "{} was changed after the last run of {}",
                code(&edit.what),
                code(&ran.command)
            ),
            _ => format!("the transcript shows no {}", what.trim_start_matches("a ")),
        });
    };
    let shown = |ran: &&&Ran| {
        ran.outcome == Outcome::Passed
            || (ran.outcome == Outcome::Hidden && (any_run || kind == Kind::Deploy))
    };
    if any_run {
        return (!fresh.iter().any(|ran| shown(&ran))).then(|| ending(last));
    }
    if let Some(failed) = fresh.iter().enumerate().find_map(|(at, ran)| {
        let later = fresh.get(at + 1..).unwrap_or_default();
        (ran.outcome == Outcome::Failed && !is_made_good(ran, later)).then_some(ran)
    }) {
        let rest =
            if std::ptr::eq(*failed, *last) { "" } else { ", and only a part of it was run again" };
        return Some(format!("{} failed{rest}", code(&failed.command)));
    }
    (!fresh.iter().any(|ran| shown(&ran))).then(|| ending(last))
}

/// What is lacking to so many tests; `None` where a run does not say how many.
fn fewer(claimed: u64, evidence: &Evidence) -> Option<String> {
    let from = evidence.last_edit().map_or(0, |edit| edit.at + 1);
    let runs = evidence.runs.iter().filter(|ran| {
        ran.at >= from && ran.outcome == Outcome::Passed && ran.run.shows.contains(&Kind::Tests)
    });
    let counts: Vec<u64> = runs.map(|ran| ran.passed).collect::<Option<_>>()?;
    let shown = counts.iter().fold(0, |sum: u64, count| sum.saturating_add(*count));
    (!counts.is_empty() && shown < claimed)
        .then(|| format!("it speaks of {claimed} and the runs show {shown}"))
}

/// Whether a run speaks about the kind at all.
fn is_of(kind: Kind, ran: &Ran) -> bool {
    if ran.outcome == Outcome::NotRun {
        return false;
    }
    match kind {
        Kind::Fixed | Kind::Verified | Kind::All => true,
        _ => {
            ran.run.shows.contains(&kind)
                || (ran.run.implies.contains(&kind) && ran.outcome == Outcome::Passed)
        }
    }
}

/// Whether later runs passed what failed: the same, or a whole run of its family.
fn is_made_good(failed: &Ran, later: &[&Ran]) -> bool {
    later.iter().any(|ran| {
        let same_family = ran.run.family == failed.run.family
            || ran.run.family == "any"
            || failed.run.family == "any";
        ran.outcome == Outcome::Passed
            && (ran.command == failed.command || (same_family && !ran.run.narrow))
    })
}

/// How a run that shows nothing ended.
fn ending(ran: &Ran) -> String {
    let command = code(&ran.command);
    match ran.outcome {
        Outcome::Failed => format!("{command} failed"),
        Outcome::Empty => format!("{command} had nothing to check"),
        Outcome::Background => {
            format!("{command} ran in the background and its result was not read")
        }
        Outcome::Unanswered => format!("{command} gave no result"),
        Outcome::Hidden | Outcome::Passed | Outcome::NotRun => {
            format!("nobody could see how {command} ended")
        }
    }
}

fn code(text: &str) -> String {
    format!("`{}`", printable(text).trim_matches('`'))
}
