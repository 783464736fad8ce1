//! What a message claims to have been run, fixed, verified or deployed.
//!
//! A claim is a plain statement in the indicative: hedged, negated, planned and
//! reported ones are none. The words are data ([`super::rules`]). English only.

use super::done::{says_fixed, says_verified};
use super::evidence::run;
use super::passed::{count, says_passed, tells_part};
use super::prose::{self, Sentence, Word};
use super::rules::{self, ClaimRule, Kind};

/// A claim and the words that make it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) kind: Kind,
    /// The sentence, as written.
    pub(super) quote: String,
    /// How many tests it says passed.
    pub(super) count: Option<u64>,
}

/// The claims of a message's prose, one per kind and sentence.
pub(super) fn of_prose(text: &str) -> Vec<Claim> {
    let mut claims = Vec::new();
    for sentence in prose::sentences(text) {
        let clauses = clauses(&sentence);
        for kind in clauses.iter().flat_map(|clause| kinds(clause)) {
            let count = (kind == Kind::Tests).then(|| count(&sentence.words)).flatten();
            let claim = Claim { kind, quote: sentence.text.clone(), count };
            if !claims.contains(&claim) {
                claims.push(claim);
            }
        }
    }
    claims
}

/// The kinds that a criterion of a definition asks for: "All tests pass".
pub(super) fn of_criterion(text: &str) -> Vec<Kind> {
    let rules = rules::all().claims.iter();
    let passing = rules
        .filter(|rule| matches!(rule.kind, Kind::Tests | Kind::Build | Kind::Lint | Kind::Types));
    let sentences = prose::sentences(text);
    let kinds = passing.filter(|rule| sentences.iter().any(|one| says(rule, &one.words)));
    kinds.map(|rule| rule.kind).collect()
}

/// A sentence at its commas, where the parts are claims or blocks of their own.
fn clauses(sentence: &Sentence) -> Vec<Vec<Word>> {
    vec![sentence.words.iter().filter(|word| **word != Word::Comma).cloned().collect()]
}

fn kinds(words: &[Word]) -> Vec<Kind> {
    if is_blocked(words) {
        return Vec::new();
    }
    let rules = rules::all().claims.iter();
    rules.filter(|rule| says(rule, words)).map(|rule| rule.kind).collect()
}

/// Whether the words say what the rule looks for.
fn says(rule: &ClaimRule<'_>, words: &[Word]) -> bool {
    if has_phrase(words, &rule.phrases) {
        return rule.kind != Kind::Deploy || !is_delivered_by_others(words);
    }
    match rule.kind {
        Kind::Fixed => says_fixed(rule, words),
        Kind::Verified => says_verified(rule, words),
        Kind::Deploy if says_delivered(words) => true,
        Kind::Deploy => code_succeeds(rule, words, &["succeeded", "succeeds", "successfully"]),
        _ => says_passed(rule, words) && !tells_part(rule.kind, words),
    }
}

/// Words that make a sentence no claim, wherever they stand, or at its start.
fn is_blocked(words: &[Word]) -> bool {
    let listed = rules::words();
    let plain: Vec<&str> = words.iter().filter_map(Word::plain).collect();
    let starts = match plain.first() {
        Some(_) if words.first() == Some(&Word::Tick) => false,
        Some(first) => listed.orders.contains(first) && !is_label(words),
        None => false,
    };
    let after_to = plain.windows(2).enumerate().any(|(at, pair)| {
        let goes_on = at
            .checked_sub(1)
            .and_then(|at| plain.get(at))
            .is_some_and(|word| matches!(*word, "continue" | "continues" | "continued"));
        !goes_on
            && matches!(pair, ["to" | "can" | "so" | "report", next]
            if !matches!(*next, "production" | "prod" | "staging" | "npm" | "pypi" | "end" | "date"
                | "the" | "confirm" | "version" | "main"))
    });
    let told_of = plain.windows(2).any(|pair| {
        matches!(
            pair,
            [
                "checks"
                    | "check"
                    | "verifies"
                    | "asserts"
                    | "requires"
                    | "means"
                    | "reports"
                    | "report"
                    | "states"
                    | "notes"
                    | "mentions"
                    | "promises"
                    | "demands"
                    | "say",
                "that" | "its" | "their"
            ]
        )
    });
    let negated_none =
        has_phrase(words, &["none of the tests fail", "none failed", "none failing", "none fail"]);
    let told_when = plain.windows(2).any(|pair| {
        matches!(
            pair,
            ["when", "the" | "all" | "every" | "its" | "both" | "tests" | "checks"]
                | ["prints" | "displays" | "renders" | "logs" | "outputs", _]
        )
    });
    // "3 skipped" counts; "lint was skipped" is no claim.
    let counted = |wanted: &str| {
        words
            .windows(2)
            .any(|pair| matches!(pair, [Word::Number(_), Word::Plain(word)] if word == wanted))
    };
    starts
        || after_to
        || told_of
        || told_when
        || plain.iter().any(|word| {
            listed.blockers.contains(word)
                && !(negated_none && *word == "none")
                && !(*word == "skipped" && counted(word))
                && (*word != "used" || plain.windows(2).any(|pair| pair == ["used", "to"]))
        })
}

/// "Build: green", "Fix: verified": a label, no order.
fn is_label(words: &[Word]) -> bool {
    matches!(words.get(1), Some(Word::Colon))
        || words
            .get(1)
            .and_then(Word::plain)
            .is_some_and(|word| rules::words().states.contains(&word))
}

/// "Published v2.1.0 to npm": by the author, to where others get it.
fn says_delivered(words: &[Word]) -> bool {
    const TARGETS: &[&str] = &[
        "npm",
        "pypi",
        "crates.io",
        "production",
        "prod",
        "staging",
        "rubygems",
        "maven",
        "registry",
        "dockerhub",
        "ghcr",
        "vercel",
        "netlify",
        "heroku",
        "nuget",
    ];
    let plain: Vec<&str> = words.iter().filter_map(Word::plain).collect();
    let verb = plain.iter().position(|word| {
        matches!(*word, "deployed" | "published" | "shipped" | "released" | "rolled" | "pushed")
    });
    let Some(verb) = verb else { return false };
    let stated = plain.iter().take(verb).all(|word| {
        matches!(
            *word,
            "i" | "we"
                | "i've"
                | "we've"
                | "have"
                | "has"
                | "been"
                | "successfully"
                | "also"
                | "and"
                | "now"
                | "built"
                | "was"
                | "were"
                | "it"
                | "then"
        )
    });
    let after = plain.get(verb + 1..).unwrap_or_default();
    let targeted = after.windows(2).take(7).any(|pair| {
        matches!(pair, ["to" | "on", target] if TARGETS.contains(target))
            || matches!(pair, ["the", target] if *target == "registry")
    });
    stated && targeted && !is_delivered_by_others(words)
}

/// "Is deployed by the platform team": told of others.
fn is_delivered_by_others(words: &[Word]) -> bool {
    words
        .iter()
        .filter_map(Word::plain)
        .collect::<Vec<_>>()
        .windows(2)
        .any(|pair| matches!(pair, ["deployed" | "published" | "released" | "shipped", "by"]))
}

/// "`vercel deploy` deployed successfully".
fn code_succeeds(rule: &ClaimRule<'_>, words: &[Word], successes: &[&str]) -> bool {
    let code = words.iter().any(
        |word| matches!(word, Word::Code(code) if run::kinds_of_code(code).contains(&rule.kind)),
    );
    code && words.iter().filter_map(Word::plain).any(|word| successes.contains(&word))
}

fn has_phrase(words: &[Word], phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| contains(words, phrase))
}

/// The words of the phrase, one after the other.
fn contains(words: &[Word], phrase: &str) -> bool {
    let length = phrase.split(' ').count();
    words.windows(length).any(|window| {
        window.iter().zip(phrase.split(' ')).all(|(word, wanted)| match word {
            Word::Plain(text) => text == wanted,
            Word::Number(number) => wanted.parse() == Ok(*number),
            _ => false,
        })
    })
}

impl Word {
    pub(super) fn plain(&self) -> Option<&str> {
        match self {
            Self::Plain(text) => Some(text),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_of_a_rule_is_a_claim_and_no_counterexample_is() {
        let mut wrong = Vec::new();
        for rule in &rules::all().claims {
            let is_claim = |text: &str| {
                let prose = super::super::blocks::of_message(text).prose;
                of_prose(&prose).iter().any(|claim| claim.kind == rule.kind)
            };
            wrong.extend(
                rule.examples
                    .iter()
                    .filter(|text| !is_claim(text))
                    .map(|text| format!("no {:?}: {text}", rule.kind)),
            );
            wrong.extend(
                rule.others
                    .iter()
                    .filter(|text| is_claim(text))
                    .map(|text| format!("{:?}: {text}", rule.kind)),
            );
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
