//! "The tests pass" in its many forms: a subject, and that it passes.
//!
//! The words are data ([`super::rules`]).

use super::evidence::run;
use super::prose::Word;
use super::rules::{self, ClaimRule, Kind};

/// "10 of 12", "2 failed", "most": an honest part is no claim of the whole.
pub(super) fn tells_part(kind: Kind, words: &[Word]) -> bool {
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
                    .is_some_and(|word| matches!(word, "no" | "zero" | "without" | "any" | "none"))
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
pub(super) fn says_passed(rule: &ClaimRule<'_>, words: &[Word]) -> bool {
    let subjects = subjects(rule, words);
    subjects.iter().filter(|(start, _)| !is_of_old(words, *start)).any(|(start, end)| {
        passes_after(rule, words, *end)
            || ticked(words, *start, *end)
            || adjective_before(rule, words, *start, *end)
    })
}

/// How many tests a claim speaks of: "all 42 tests pass", "42 passed".
pub(super) fn count(words: &[Word]) -> Option<u64> {
    let counts = words.iter().enumerate().filter_map(|(at, word)| {
        let Word::Number(count) = word else { return None };
        let after = words.get(at + 1..).unwrap_or_default().iter().take(2);
        let named = after
            .filter_map(Word::plain)
            .any(|word| matches!(word, "tests" | "specs" | "passed" | "passing" | "examples"));
        named.then_some(*count)
    });
    counts.max()
}

/// "The old build": what was there before is no claim about what is there now.
fn is_of_old(words: &[Word], subject: usize) -> bool {
    let before = subject.checked_sub(1).and_then(|at| words.get(at)).and_then(Word::plain);
    matches!(before, Some("old" | "previous" | "former" | "original" | "prior"))
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
            Word::Plain(text) if matches!(text.as_str(), "exits" | "exited" | "returns") => {
                return ends_well(words.get(at + 1..).unwrap_or_default());
            }
            Word::Plain(text) if text == "good" => {
                return at.checked_sub(1).and_then(|at| words.get(at)).and_then(Word::plain)
                    == Some("all");
            }
            Word::Number(0) if says_no_problem(words.get(at..).unwrap_or_default()) => return true,
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

/// "exits 0", "exited with status 0", "exits cleanly".
fn ends_well(after: &[Word]) -> bool {
    for word in after.iter().take(4) {
        match word {
            Word::Number(code) => return *code == 0,
            Word::Plain(word) => match word.as_str() {
                "zero" | "cleanly" | "successfully" => return true,
                "with" | "a" | "code" | "status" | "exit" => {}
                _ => return false,
            },
            _ => return false,
        }
    }
    false
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

/// "42 passing tests", "zero lint errors", "no failures in the test suite".
fn adjective_before(rule: &ClaimRule<'_>, words: &[Word], start: usize, end: usize) -> bool {
    let before = |back: usize| start.checked_sub(back).and_then(|at| words.get(at));
    let passing = rule.kind == Kind::Tests
        && matches!(before(2), Some(Word::Number(_)))
        && before(1).and_then(Word::plain) == Some("passing");
    let is_none = |word: Option<&Word>| match word {
        Some(Word::Number(0)) => true,
        Some(Word::Plain(word)) => matches!(word.as_str(), "no" | "zero"),
        _ => false,
    };
    let is_problem = |word: Option<&Word>| {
        word.and_then(Word::plain).is_some_and(|word| rules::words().problems.contains(&word))
    };
    let free = is_none(before(1)) && is_problem(words.get(end));
    let none_in = (3..6).any(|back| {
        is_none(before(back))
            && is_problem(before(back - 1))
            && before(back - 2).and_then(Word::plain) == Some("in")
    });
    passing || free || none_in
}
