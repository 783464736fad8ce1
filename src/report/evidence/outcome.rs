//! How a run ended, from its exit code and from what it printed.
//!
//! A summary that the program prints about itself outweighs everything else;
//! then the exit code, where it can be seen; then words that tell of a failure.

use super::super::rules::{self, Kind};
use super::command::Exit;
use crate::transcript::Ending;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Outcome {
    Passed,
    Failed,
    /// It ran, and there was nothing to check.
    Empty,
    /// Nobody could see how it ended.
    Hidden,
    /// It ran in the background and nobody looked.
    Background,
    /// The transcript holds no answer to it.
    Unanswered,
    /// The program was not there or the call was refused: it never ran.
    NotRun,
}

/// What the agent was shown of a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown<'a> {
    /// The output without the client's line about the exit code.
    pub(super) output: &'a str,
    pub(super) ending: Ending,
    /// From the client's line, where there is one.
    pub(super) code: Option<i32>,
}

impl<'a> Shown<'a> {
    /// Takes the client's line "Exit code N" off.
    pub(super) fn of(text: &'a str, ending: Ending) -> Self {
        let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
        let line = line.strip_prefix("Error: ").unwrap_or(line);
        let code = line.strip_prefix("Exit code ").and_then(|code| code.trim().parse().ok());
        Self { output: if code.is_some() { rest } else { text }, ending, code }
    }

    /// The call was refused before anything ran.
    pub(super) fn is_refusal(&self) -> bool {
        self.ending == Ending::Error && self.code.is_none()
    }
}

/// How a run of these kinds ended.
pub(super) fn of(shown: &Shown<'_>, exit: &Exit, kinds: &[Kind]) -> Outcome {
    if shown.is_refusal() {
        return Outcome::NotRun;
    }
    if shown.ending == Ending::Interrupted {
        return Outcome::Failed;
    }
    if *exit == Exit::Background {
        return Outcome::Background;
    }
    let output = without_colour(shown.output);
    if never_ran(&output, shown.code) {
        return Outcome::NotRun;
    }
    match told_by(exit, &output) {
        Some(true) => {
            return if tells_failure(&output, kinds) { Outcome::Failed } else { Outcome::Passed };
        }
        Some(false) => return Outcome::Failed,
        None => {}
    }
    let summary = Summary::of(&output);
    let failed = shown.ending == Ending::Error;
    match summary {
        Summary::Failed => Outcome::Failed,
        Summary::Empty => Outcome::Empty,
        // Another part of the command may have failed, but here none can hide it.
        Summary::Passed if failed && *exit == Exit::Shown => Outcome::Failed,
        Summary::Passed => Outcome::Passed,
        Summary::None if failed || tells_failure(&output, kinds) => Outcome::Failed,
        Summary::None if *exit == Exit::Shown => Outcome::Passed,
        Summary::None => Outcome::Hidden,
    }
}

/// Output near the client's limit may have lost its middle.
const COUNTED_BYTES_MAX: usize = 20_000;

/// How many tests the output says passed, at most; `None` when it does not say
/// or when a part of it may be missing.
pub(super) fn passed_count(shown: &Shown<'_>, piped: bool) -> Option<u64> {
    if piped || shown.output.len() > COUNTED_BYTES_MAX {
        return None;
    }
    let output = without_colour(shown.output);
    let counts = output.lines().filter_map(|line| {
        let lower = line.to_ascii_lowercase();
        counts(&summary_words(&lower)).0
    });
    counts.reduce(u64::saturating_add)
}

/// What words that the command prints after success or failure tell.
fn told_by(exit: &Exit, output: &str) -> Option<bool> {
    match exit {
        Exit::Printed(before) => {
            let at = if before.trim().is_empty() { 0 } else { output.rfind(before.trim())? };
            let rest = output.get(at..)?.trim_start_matches(before.trim());
            let line = if before.trim().is_empty() { rest.lines().last()? } else { rest };
            let code: String = line.trim_start().chars().take_while(char::is_ascii_digit).collect();
            code.parse::<u32>().ok().map(|code| code == 0)
        }
        Exit::Told { success, failure } => {
            let has = |words: &str| !words.trim().is_empty() && output.contains(words.trim());
            match failure {
                Some(failure) if has(failure) && !has(success) => Some(false),
                _ => has(success).then_some(true),
            }
        }
        _ => None,
    }
}

/// What a program says about itself in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Summary {
    Passed,
    Failed,
    Empty,
    None,
}

impl Summary {
    fn of(output: &str) -> Self {
        let mut seen = Self::None;
        for line in output.lines() {
            match Self::of_line(line) {
                Self::Failed => return Self::Failed,
                Self::Passed => seen = Self::Passed,
                Self::Empty if seen == Self::None => seen = Self::Empty,
                Self::Empty | Self::None => {}
            }
        }
        seen
    }

    fn of_line(line: &str) -> Self {
        let lower = line.trim().to_ascii_lowercase();
        let words = summary_words(&lower);
        if lower.contains("no tests ran")
            || lower.contains("no tests found")
            || lower.contains("no test files")
            || lower.contains("no tests to run")
            || lower.contains("no tests were")
            || lower.contains("collected 0 items")
            || lower.contains("no test specified")
        {
            return Self::Empty;
        }
        // A test's own line may count things; only lines of counts are summaries.
        let (passed, failed) = counts(&words);
        match (passed, failed) {
            (_, Some(failed)) if failed > 0 => Self::Failed,
            (Some(0), _) => Self::Empty,
            (Some(_), _) | (None, Some(0)) => Self::Passed,
            _ if is_success_line(&lower) => Self::Passed,
            _ => Self::None,
        }
    }
}

fn summary_words(line: &str) -> Vec<&str> {
    line.split(|letter: char| {
        letter.is_whitespace() || matches!(letter, ',' | ';' | '(' | ')' | '|' | '=')
    })
    .filter(|word| !word.is_empty())
    .collect()
}

/// "3 passed, 1 failed", "Failures: 0", "8 examples, 0 failures".
fn counts(words: &[&str]) -> (Option<u64>, Option<u64>) {
    let (mut passed, mut failed) = (None, None);
    for (at, word) in words.iter().enumerate() {
        let name = word.trim_matches(|letter: char| !letter.is_ascii_alphanumeric());
        let before = at.checked_sub(1).and_then(|at| words.get(at)).and_then(|word| number(word));
        // "# fail 0", "ℹ pass 12": counts of one word to a line.
        let marked = at == 1
            && words.len() == 3
            && words.first().is_some_and(|mark| !mark.contains(char::is_alphanumeric));
        let after = (marked || word.ends_with(':'))
            .then(|| words.get(at + 1).and_then(|word| number(word)));
        let Some(count) = after.flatten().or(before) else { continue };
        match name {
            "passed" | "passing" | "pass" | "examples" | "ok" | "succeeded" | "successful" => {
                passed = Some(passed.unwrap_or(0) + count);
            }
            "run" if word.ends_with(':') => passed = Some(passed.unwrap_or(0) + count),
            "failed" | "failing" | "failures" | "failure" | "fail" | "errored" => {
                failed = Some(failed.unwrap_or(0) + count);
            }
            "errors" | "error" if word.ends_with(':') || passed.is_some() || failed.is_some() => {
                failed = Some(failed.unwrap_or(0) + count);
            }
            _ => {}
        }
    }
    (passed, failed)
}

fn number(word: &str) -> Option<u64> {
    let digits = word.trim_matches(|letter: char| !letter.is_ascii_alphanumeric());
    digits.parse().ok()
}

/// Whole lines by which programs tell of success.
fn is_success_line(line: &str) -> bool {
    let line =
        line.trim_start_matches(|letter: char| !letter.is_ascii_alphanumeric() && letter != '*');
    rules::words().success_lines.iter().any(|start| line.starts_with(start))
        || line.contains("build success")
        || line.starts_with("ok  ")
        || line.starts_with("ok\t")
        || line == "ok"
        || line.starts_with("ok (")
        || line.starts_with("built in ")
        || line.starts_with("found 0 errors")
        || line.starts_with("0 errors, 0 warnings")
        || (line.starts_with("finished `") && line.contains("profile"))
}

/// Words that tell of a failure where no summary and no exit code does.
fn tells_failure(output: &str, kinds: &[Kind]) -> bool {
    let checks_code = kinds.iter().any(|kind| matches!(kind, Kind::Lint | Kind::Types));
    output.lines().any(|line| {
        let line = line.trim();
        let lower = line.to_ascii_lowercase();
        failure_line(line, &lower) || (checks_code && is_diagnostic(&lower))
    })
}

fn failure_line(line: &str, lower: &str) -> bool {
    lower == "fail"
        || lower.starts_with("fail\t")
        || rules::words().failure_lines.iter().any(|start| lower.starts_with(start))
        || rules::words().failure_parts.iter().any(|words| lower.contains(words))
        || line.starts_with("--- FAIL")
        || lower.contains(": error ts")
        || counted_errors(lower)
}

/// "2 errors", "Found 3 errors": a count above zero.
fn counted_errors(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().take(12).collect();
    words.windows(2).any(|pair| match pair {
        [count, name] => {
            number(count).is_some_and(|count| count > 0)
                && matches!(
                    name.trim_matches(|letter: char| !letter.is_ascii_alphanumeric()),
                    "errors" | "error" | "problems" | "problem" | "violations" | "offenses"
                )
        }
        _ => false,
    })
}

/// `src/a.py:12:1: F401 …`, `4:1  warning  …`, `warning: unused`.
fn is_diagnostic(line: &str) -> bool {
    let starts_with_place = {
        let place = line.split_whitespace().next().unwrap_or_default().trim_end_matches(':');
        let mut parts = place.rsplit(':');
        let is_number = |part: Option<&str>| part.is_some_and(|part| number(part).is_some());
        // Three numbers are a time of day.
        is_number(parts.next()) && is_number(parts.next()) && !is_number(parts.next())
    };
    let warns = line.starts_with("warning:") || line.starts_with("warning[");
    let vet = line.starts_with("vet: ");
    starts_with_place || warns || vet
}

fn never_ran(output: &str, code: Option<i32>) -> bool {
    const WORDS: &[&str] = &[
        "command not found",
        "no module named pytest",
        "missing script",
        "not recognized as an",
        "no such file or directory (os error 2)",
        "unknown command: \"test\"",
        "no module named mypy",
    ];
    let head: String = output.chars().take(400).collect::<String>().to_ascii_lowercase();
    code.is_some_and(|code| matches!(code, 126 | 127))
        || (code.is_some() && WORDS.iter().any(|words| head.contains(words)))
}

/// The text without terminal colours.
fn without_colour(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains('\u{1b}') {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            let _ = letters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            out.push(letter);
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(output: &str, expected: Outcome) {
        ended(output, Ending::Normal, &Exit::Shown, expected);
    }

    #[track_caller]
    fn ended(output: &str, ending: Ending, exit: &Exit, expected: Outcome) {
        let shown = Shown::of(output, ending);
        assert_eq!(of(&shown, exit, &[Kind::Tests, Kind::Lint]), expected, "{output}");
    }

    #[test]
    fn believes_what_programs_say_of_themselves() {
        check("12 passed in 0.30s", Outcome::Passed);
        check("1 failed, 11 passed in 0.3s", Outcome::Failed);
        check("test result: ok. 12 passed; 0 failed; 0 ignored", Outcome::Passed);
        check("test result: FAILED. 1 passed; 1 failed; 0 ignored", Outcome::Failed);
        check(
            "running 0 tests\n\ntest result: ok. 0 passed; 0 failed\nrunning 2 tests\ntest result: ok. 2 passed; 0 failed",
            Outcome::Passed,
        );
        check("test result: ok. 0 passed; 0 failed", Outcome::Empty);
        check("Tests:       4 passed, 4 total", Outcome::Passed);
        check("Tests run: 8, Failures: 0, Errors: 0, Skipped: 0", Outcome::Passed);
        check("Tests run: 8, Failures: 1, Errors: 0, Skipped: 0", Outcome::Failed);
        check("Passed!  - Failed:     0, Passed:     8, Skipped: 0", Outcome::Passed);
        check("8 examples, 0 failures", Outcome::Passed);
        check("  9 passing (30ms)\n  1 failing", Outcome::Failed);
        check("ok  \texample.com/shop\t0.012s", Outcome::Passed);
        check("--- FAIL: TestCore (0.00s)\nFAIL", Outcome::Failed);
        check("collected 0 items", Outcome::Empty);
        check("?   \tdemo\t[no test files]", Outcome::Empty);
        check("Failed to compile\n2 errors", Outcome::Failed);
        check("", Outcome::Passed);
        check("handles errors and failed logins ✓", Outcome::Passed);
    }

    #[test]
    fn minds_who_hides_an_exit_code() {
        ended("", Ending::Normal, &Exit::Masked, Outcome::Hidden);
        ended("12 passed in 1s", Ending::Normal, &Exit::Masked, Outcome::Passed);
        ended("Exit code 1\n12 passed in 1s", Ending::Error, &Exit::Shown, Outcome::Failed);
        ended("Exit code 1", Ending::Error, &Exit::Shown, Outcome::Failed);
        ended(
            "Exit code 127\nsh: pytest: command not found",
            Ending::Error,
            &Exit::Shown,
            Outcome::NotRun,
        );
        ended("hook error: no", Ending::Error, &Exit::Shown, Outcome::NotRun);
        ended("[Request interrupted]", Ending::Interrupted, &Exit::Shown, Outcome::Failed);
        ended("exit: 0", Ending::Normal, &Exit::Printed("exit: ".into()), Outcome::Passed);
        ended("x\nexit: 2", Ending::Normal, &Exit::Printed("exit: ".into()), Outcome::Failed);
        let told = Exit::Told { success: "OK".into(), failure: Some("BAD".into()) };
        ended("OK", Ending::Normal, &told, Outcome::Passed);
        ended("BAD", Ending::Normal, &told, Outcome::Failed);
    }

    #[test]
    fn findings_of_a_linter_are_failures() {
        check("src/app/core.py:12:1: F401 'os' imported but unused", Outcome::Failed);
        check("src/a.js\n  4:1  warning  Unexpected console", Outcome::Failed);
        check("All checks passed!", Outcome::Passed);
        check("\n0 problems", Outcome::Passed);
    }
}
