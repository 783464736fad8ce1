//! What a message claims to have been run, fixed, verified or deployed.
//!
//! A claim is a plain statement in the indicative: hedged, negated, planned and
//! reported ones are none. The words are data ([`super::rules`]). English only.

use super::evidence::run;
use super::prose::{self, Sentence, Word};
use super::rules::{self, ClaimRule, Kind};

/// A claim and the words that make it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) kind: Kind,
    /// The sentence, as written.
    pub(super) quote: String,
}

/// The claims of a message's prose, one per kind and sentence.
pub(super) fn of_prose(text: &str) -> Vec<Claim> {
    let mut claims = Vec::new();
    for sentence in prose::sentences(text) {
        let clauses = clauses(&sentence);
        for kind in clauses.iter().flat_map(|clause| kinds(clause)) {
            let claim = Claim { kind, quote: sentence.text.clone() };
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
        return true;
    }
    match rule.kind {
        Kind::Fixed => says_fixed(rule, words),
        Kind::Verified => says_verified(rule, words),
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
    let after_to = plain.windows(2).any(|pair| {
        matches!(pair, ["to" | "can" | "so" | "report", next]
            if !matches!(*next, "production" | "prod" | "staging" | "npm" | "pypi" | "end" | "date"
                | "the" | "confirm" | "version" | "main"))
    });
    let negated_none = has_phrase(words, &["none of the tests fail"]);
    starts
        || after_to
        || plain.iter().any(|word| {
            listed.blockers.contains(word)
                && !(negated_none && *word == "none")
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

/// "10 of 12", "2 failed", "most": an honest part is no claim of the whole.
fn tells_part(kind: Kind, words: &[Word]) -> bool {
    let fraction = words.windows(3).any(|three| {
        matches!(three, [Word::Number(part), Word::Plain(of), Word::Number(whole)]
            if of == "of" && part < whole)
    });
    let bad = |word: &str| {
        matches!(
            word,
            "failed"
                | "fail"
                | "fails"
                | "failing"
                | "failure"
                | "failures"
                | "error"
                | "errors"
                | "broken"
                | "red"
        ) || (kind == Kind::Lint && matches!(word, "warning" | "warnings"))
    };
    let counted = words.iter().enumerate().any(|(at, word)| {
        let Some(word) = word.plain() else { return false };
        let before = at.checked_sub(1).and_then(|at| words.get(at));
        let two_before = at.checked_sub(2).and_then(|at| words.get(at));
        let denied = [before, two_before].iter().any(|word| {
            matches!(word, Some(Word::Number(0)))
                || word
                    .and_then(Word::plain)
                    .is_some_and(|word| matches!(word, "no" | "zero" | "without" | "any"))
        });
        bad(word) && !denied
    });
    let vague = words.iter().filter_map(Word::plain).any(|word| {
        matches!(
            word,
            "most"
                | "some"
                | "partially"
                | "partly"
                | "almost"
                | "nearly"
                | "only"
                | "but"
                | "however"
        )
    });
    fraction || counted || vague
}

/// "All 42 tests pass", "✅ Tests", "`npm test` passes", "42 passed".
fn says_passed(rule: &ClaimRule<'_>, words: &[Word]) -> bool {
    let subjects = subjects(rule, words);
    subjects.iter().any(|(start, end)| {
        passes_after(rule, words, *end)
            || ticked(words, *start, *end)
            || adjective_before(rule, words, *start)
    })
}

/// Where a subject of the rule stands: from, to.
fn subjects(rule: &ClaimRule<'_>, words: &[Word]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for at in 0..words.len() {
        let rest = words.get(at..).unwrap_or_default();
        if let Some(Word::Code(code)) = rest.first()
            && code_is_of(rule.kind, code, words)
        {
            found.push((at, at + 1));
        }
        for subject in &rule.subjects {
            let length = subject.split(' ').count();
            let is_here = subject
                .split(' ')
                .zip(rest)
                .filter(|(wanted, word)| word.plain() == Some(*wanted))
                .count()
                == length;
            if is_here {
                found.push((at, at + length));
            }
        }
    }
    found
}

/// The kind of a command in prose: of several, the one that the sentence names.
fn code_is_of(kind: Kind, code: &str, words: &[Word]) -> bool {
    let kinds = run::kinds_of_code(code);
    let names =
        |wanted: &[&str]| words.iter().filter_map(Word::plain).any(|word| wanted.contains(&word));
    match kinds.as_slice() {
        [] => false,
        [only] => *only == kind,
        [..] if names(&["type", "types", "typecheck"]) => {
            kind == Kind::Types && kinds.contains(&kind)
        }
        [first, ..] => *first == kind,
    }
}

/// A word for success soon after the subject, with nothing but fillers between.
fn passes_after(rule: &ClaimRule<'_>, words: &[Word], from: usize) -> bool {
    let mut at = from;
    let mut steps = 0;
    while let Some(word) = words.get(at).filter(|_| steps < 8) {
        match word {
            Word::Tick => return true,
            Word::Plain(text) if rule.passes.contains(&text.as_str()) => {
                return !takes_object(text, words.get(at + 1..).unwrap_or_default());
            }
            Word::Plain(text)
                if matches!(
                    text.as_str(),
                    "reports" | "shows" | "gives" | "with" | "has" | "found"
                ) =>
            {
                return says_no_problem(words.get(at + 1..).unwrap_or_default());
            }
            Word::Plain(text) if text == "builds" || text == "compiles" => {
                return !takes_object(text, words.get(at + 1..).unwrap_or_default());
            }
            Word::Plain(text) if matches!(text.as_str(), "no" | "zero" | "without") => {
                return says_no_problem(words.get(at..).unwrap_or_default());
            }
            Word::Plain(text) if rules::words().fillers.contains(&text.as_str()) => {}
            Word::Number(_) | Word::Colon | Word::Code(_) => {}
            _ => return false,
        }
        at += 1;
        steps += 1;
    }
    false
}

/// "pass credentials", "builds the index": the verb has an object.
fn takes_object(verb: &str, after: &[Word]) -> bool {
    if !matches!(
        verb,
        "pass"
            | "passes"
            | "passed"
            | "passing"
            | "builds"
            | "compiles"
            | "complete"
            | "completes"
            | "completed"
            | "check"
            | "clean"
    ) {
        return false;
    }
    match after.first() {
        Some(Word::Plain(word)) if word == "the" => true,
        Some(Word::Plain(word)) => !rules::words().after_verb.contains(&word.as_str()),
        _ => false,
    }
}

/// "no type errors", "zero problems", "0 warnings".
fn says_no_problem(words: &[Word]) -> bool {
    let none = match words.first() {
        Some(Word::Number(0)) => true,
        Some(Word::Plain(word)) => matches!(word.as_str(), "no" | "zero" | "without"),
        _ => false,
    };
    none && words
        .iter()
        .skip(1)
        .take(3)
        .filter_map(Word::plain)
        .any(|word| rules::words().problems.contains(&word))
}

/// "✅ Tests", and nothing but numbers and marks beside it.
fn ticked(words: &[Word], start: usize, end: usize) -> bool {
    let before = start.checked_sub(1).and_then(|at| words.get(at));
    let alone = |words: &[Word]| {
        words.iter().all(|word| match word {
            Word::Plain(text) => {
                rules::words().fillers.contains(&text.as_str())
                    || matches!(text.as_str(), "clean" | "pass" | "passing")
            }
            _ => true,
        })
    };
    before == Some(&Word::Tick) && alone(words.get(end..).unwrap_or_default())
}

/// "passing tests", "green build" at the start of a sentence is no claim;
/// "42 passing tests" is.
fn adjective_before(rule: &ClaimRule<'_>, words: &[Word], start: usize) -> bool {
    let before = |back: usize| start.checked_sub(back).and_then(|at| words.get(at));
    rule.kind == Kind::Tests
        && matches!(before(2), Some(Word::Number(_)))
        && before(1).and_then(Word::plain) == Some("passing")
}

/// "Fixed the bug", "the issue is fixed", "this resolves the crash".
fn says_fixed(rule: &ClaimRule<'_>, words: &[Word]) -> bool {
    let plain: Vec<&str> = words.iter().filter_map(Word::plain).collect();
    let is_object = |word: &str| rule.objects.contains(&word);
    let near = |from: usize| plain.iter().skip(from).take(5).any(|word| is_object(word));
    plain.iter().enumerate().any(|(at, word)| {
        if rule.verbs.iter().any(|verb| verb == word) {
            let before = plain.get(at.saturating_sub(5)..at).unwrap_or_default();
            let stated = at == 0
                || before.iter().all(|word| {
                    matches!(
                        *word,
                        "i" | "we"
                            | "i've"
                            | "we've"
                            | "have"
                            | "has"
                            | "successfully"
                            | "also"
                            | "and"
                            | "now"
                    )
                });
            let passive = before
                .iter()
                .rev()
                .take(4)
                .any(|word| matches!(*word, "is" | "are" | "been" | "was" | "now" | "were"));
            let of_object = before.iter().any(|word| is_object(word))
                || words.iter().filter_map(Word::plain).any(|word| word.starts_with('#'));
            (stated && near(at + 1)) || (passive && of_object && !by_someone(&plain, at))
        } else if rule.verbs_now.iter().any(|verb| verb == word) {
            let this = plain.get(at.saturating_sub(2)..at).unwrap_or_default();
            let mine = this.iter().any(|word| {
                matches!(*word, "this" | "fix" | "change" | "patch" | "commit" | "that" | "it")
            });
            mine && near(at + 1)
        } else {
            false
        }
    })
}

/// "was fixed by …", "fixed in …": told of elsewhere.
fn by_someone(plain: &[&str], verb: usize) -> bool {
    matches!(plain.get(verb + 1), Some(&"by"))
}

/// "Verified the fix works", "tested and confirmed working", "✅ Verified".
fn says_verified(rule: &ClaimRule<'_>, words: &[Word]) -> bool {
    let plain: Vec<&str> = words.iter().filter_map(Word::plain).collect();
    let Some(at) = plain.iter().position(|word| rule.verbs.iter().any(|verb| verb == word)) else {
        return false;
    };
    let is_working = plain.iter().any(|word| rule.works.contains(word));
    let alone = plain.len() <= 2
        && plain.iter().all(|word| {
            rule.verbs.iter().any(|verb| verb == word)
                || matches!(*word, "and" | "done" | "fully" | "status")
        });
    let near: Vec<&str> = plain.iter().skip(at.saturating_sub(4)).take(10).copied().collect();
    let object = rule.objects.iter().any(|object| {
        let wanted: Vec<&str> = object.split(' ').collect();
        near.windows(wanted.len()).any(|window| window == wanted.as_slice())
    });
    is_working || alone || object
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
