//! Which programs check something, and what: tests, build, lint, types.
//!
//! The programs are data ([`super::super::rules`]). How a run ended is
//! [`super::outcome`]'s.

use super::super::rules::{self, Kind, RunRule};
use super::command::Part;
use super::wrapper;

/// A program that checks something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Run {
    /// What its success and its failure show; empty: it only runs something.
    pub(in super::super) shows: Vec<Kind>,
    /// What its success shows as well.
    pub(in super::super) implies: Vec<Kind>,
    /// Runs of one family stand for each other; `any` for all of them.
    pub(in super::super) family: String,
    /// It runs a part only: a filter, a file.
    pub(in super::super) narrow: bool,
}

/// The runs of a whole command.
#[cfg(test)]
pub(in super::super) fn of_command(command: &str) -> Vec<Run> {
    super::command::parts(command).iter().filter_map(of_part).collect()
}

/// The kind that a piece of code stands for in prose: `npm run lint`.
pub(in super::super) fn kinds_of_code(code: &str) -> Vec<Kind> {
    let parts = super::command::parts(code);
    parts.iter().filter_map(of_part).flat_map(|run| run.shows).collect()
}

/// The run that a part of a command is; `None` when it checks nothing.
pub(super) fn of_part(part: &Part) -> Option<Run> {
    let (program, arguments) = part.words.split_first()?;
    let program = plain_name(program);
    if arguments.iter().any(|word| matches!(word.as_str(), "--version" | "--help" | "-h")) {
        return None;
    }
    if matches!(program, "make" | "gmake")
        && let Some(run) = of_script(program, arguments)
    {
        return Some(run);
    }
    let mut best: Option<(usize, Run)> = None;
    for rule in &rules::all().runs {
        for command in &rule.commands {
            if let Some((words, rest)) = matches(command, program, arguments)
                && best.as_ref().is_none_or(|(most, _)| words > *most)
            {
                best = Some((words, of_rule(rule, program, rest)));
            }
        }
    }
    best.map(|(_, run)| run).or_else(|| of_script(program, arguments)).or_else(|| {
        let trivial = part.words.is_empty() || is_trivial(program, arguments);
        (!trivial).then(|| Run {
            shows: Vec::new(),
            implies: Vec::new(),
            family: program.to_owned(),
            narrow: false,
        })
    })
}

/// `/usr/bin/python3.11` is `python`, `./gradlew` is `gradlew`.
fn plain_name(program: &str) -> &str {
    let name = wrapper::name(program);
    let stem = name.strip_suffix(".exe").or_else(|| name.strip_suffix(".cmd")).unwrap_or(name);
    let bare = stem.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    if matches!(bare, "python" | "pip" | "node" | "ruby" | "php" | "py.test") { bare } else { stem }
}

/// How many words of the rule's command match, and the arguments after them.
fn matches<'a>(
    command: &str,
    program: &str,
    arguments: &'a [String],
) -> Option<(usize, &'a [String])> {
    // Nearly all rules are of other programs: told by the first bytes.
    if !command.starts_with(program) {
        return None;
    }
    let mut wanted = command.split(' ');
    if wanted.next()? != program {
        return None;
    }
    let (mut rest, mut count) = (arguments, 1);
    for word in wanted {
        let at = if word.starts_with('-') {
            rest.iter().position(|argument| argument == word)?
        } else if takes_tasks(program) {
            rest.iter().position(|argument| is_task(argument, word))?
        } else {
            positional(rest, word)?
        };
        rest = rest.get(at + 1..)?;
        count += 1;
    }
    Some((count, rest))
}

/// Programs that do several tasks in one call: `gradlew clean test`.
fn takes_tasks(program: &str) -> bool {
    matches!(program, "mvn" | "mvnw" | "gradle" | "gradlew" | "sbt" | "rake" | "rails" | "lein")
}

/// `:app:test` is the task `test` of a part, `testDebugUnitTest` one of its kinds.
fn is_task(argument: &str, task: &str) -> bool {
    let name = argument.rsplit(':').next().unwrap_or(argument);
    name == task
        || (task == "test" && name.starts_with("test") && name.ends_with("Test"))
        || (task == "compileJava" && name.starts_with("compile"))
}

/// The place of a word that must be the next argument; options and what may be
/// their values are passed over.
fn positional(arguments: &[String], word: &str) -> Option<usize> {
    let mut after_option = false;
    for (at, argument) in arguments.iter().enumerate() {
        if argument == word {
            return Some(at);
        }
        let option = argument.starts_with(['-', '+']);
        if !option && !after_option {
            return None;
        }
        after_option = option && !argument.contains('=');
    }
    None
}

fn of_rule(rule: &RunRule<'_>, program: &str, rest: &[String]) -> Run {
    let mut shows = vec![rule.kind];
    shows.extend(&rule.shows);
    let family = match rule.kind {
        Kind::Lint if rule.family != "js" => program.to_owned(),
        _ => rule.family.to_owned(),
    };
    Run { shows, implies: rule.implies.clone(), family, narrow: is_narrow(rest) }
}

/// Arguments that choose a part of the whole.
fn is_narrow(arguments: &[String]) -> bool {
    const FILTERS: &[&str] = &[
        "-k",
        "-t",
        "-m",
        "-run",
        "--run",
        "--testNamePattern",
        "--grep",
        "-g",
        "--filter",
        "--test",
        "--tests",
        "-p",
        "--package",
        "--lf",
    ];
    const WHOLE: &[&str] = &[
        ".", "./", "./...", "...", "tests", "tests/", "test", "test/", "src", "src/", "all", "run",
    ];
    let mut after_option = false;
    arguments.iter().any(|argument| {
        let option = argument.starts_with('-');
        let name = argument.split('=').next().unwrap_or_default();
        let positional = !option && !after_option && !WHOLE.contains(&argument.as_str());
        after_option = option && name == argument && argument.len() > 2;
        FILTERS.contains(&name) || positional
    })
}

/// A script of the project: `npm run lint:fix`, `make test`, `./run_tests.sh`.
fn of_script(program: &str, arguments: &[String]) -> Option<Run> {
    let name = match program {
        "npm" | "pnpm" | "yarn" | "bun" | "deno" | "composer" | "hatch" | "pdm" | "rye" => {
            let run = |word: &String| matches!(word.as_str(), "run" | "run-script" | "task");
            let after = arguments.iter().position(run).map_or(0, |at| at + 1);
            arguments.iter().skip(after).find(|word| !word.starts_with('-'))?
        }
        "make" | "gmake" | "just" | "task" | "rake" | "invoke" | "inv" | "mage" | "moon" => {
            return of_tasks(arguments);
        }
        "python" | "node" | "ruby" | "php" | "perl" | "deno-run" | "tsx" | "ts-node" | "bash"
        | "sh" | "zsh" => arguments.iter().find(|word| !word.starts_with('-'))?,
        _ if has_script_ending(program) => return script_run(program),
        _ => return None,
    };
    script_run(wrapper::name(name))
}

/// All that the named tasks show together: `make clean lint test`.
fn of_tasks(arguments: &[String]) -> Option<Run> {
    let named = arguments.iter().filter(|word| !word.starts_with('-') && !word.contains('='));
    let mut runs = named.filter_map(|word| script_run(wrapper::name(word)));
    let mut all = runs.next()?;
    for run in runs {
        all.shows.extend(run.shows);
    }
    Some(all)
}

fn has_script_ending(program: &str) -> bool {
    matches!(program.rsplit_once('.'), Some((_, "sh" | "py" | "js" | "mjs" | "ts" | "rb" | "pl")))
}

fn script_run(name: &str) -> Option<Run> {
    let words: Vec<String> = name
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .map(str::to_ascii_lowercase)
        .collect();
    // `npm run lint:fix` and `format` change files; `install` checks nothing.
    if words.iter().any(|word| matches!(word.as_str(), "fix" | "format" | "install" | "dev")) {
        return None;
    }
    let has = |wanted: &str| words.iter().any(|word| word == wanted);
    let mut shows: Vec<Kind> = rules::all()
        .scripts
        .iter()
        .filter(|rule| rule.words.iter().any(|word| has(word)))
        .map(|rule| rule.kind)
        .collect();
    if has("type") && (has("check") || has("checks")) {
        shows.push(Kind::Types);
    }
    if shows.len() > 1 {
        shows.retain(|kind| *kind != Kind::All);
    }
    if shows.contains(&Kind::All) {
        shows = vec![Kind::Tests, Kind::Build, Kind::Lint, Kind::Types];
    }
    (!shows.is_empty()).then(|| Run {
        shows,
        implies: Vec::new(),
        family: "any".to_owned(),
        narrow: false,
    })
}

/// Whether the success of a program shows nothing about the work.
fn is_trivial(program: &str, arguments: &[String]) -> bool {
    let bare = arguments.iter().all(|argument| argument.starts_with('-'));
    let package_manager = matches!(program, "npm" | "pnpm" | "yarn" | "bun");
    let listed = &rules::words().shows_nothing;
    (bare && package_manager)
        || wrapper::is_assignment(program)
        || listed.iter().any(|command| matches(command, program, arguments).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(command: &str, shows: &[Kind], narrow: bool) {
        let runs = of_command(command);
        let last = runs.last().unwrap_or_else(|| panic!("`{command}` is no run"));
        assert_eq!((last.shows.as_slice(), last.narrow), (shows, narrow), "{command}");
    }

    #[test]
    fn tells_what_is_checked_and_how_much() {
        check("pytest -q", &[Kind::Tests], false);
        check("pytest -q -k core", &[Kind::Tests], true);
        check("pytest tests/test_a.py", &[Kind::Tests], true);
        check("pytest tests/", &[Kind::Tests], false);
        check("cargo test core", &[Kind::Tests], true);
        check("go test ./... -run TestCore", &[Kind::Tests], true);
        check("go vet ./...", &[Kind::Lint, Kind::Types], false);
        check("npm --prefix web run test:unit", &[Kind::Tests], false);
        check("cd a && npm run lint", &[Kind::Lint], false);
        check("npm run type-check", &[Kind::Types], false);
        check("./scripts/run_tests.sh", &[Kind::Tests], false);
        check("./gradlew clean :app:test --info", &[Kind::Tests], false);
        check("mvn -B clean verify", &[Kind::Tests], false);
        check("make clean lint test", &[Kind::Lint, Kind::Tests], false);
        check("make check", &[Kind::Tests, Kind::Build, Kind::Lint, Kind::Types], false);
        check("uv run python scripts/smoke.py", &[Kind::Tests], false);
        check("cargo run", &[], false);
        check("curl -sf localhost/health", &[], false);
    }

    #[test]
    fn knows_what_checks_nothing() {
        for command in [
            "ls",
            "git status",
            "npm install",
            "pytest --version",
            "echo pytest",
            "npm run lint:fix",
            "",
        ] {
            assert!(of_command(command).iter().all(|run| run.shows.is_empty()), "{command}");
        }
        assert_eq!(of_command("ls; git add . && cat x | grep y"), []);
    }
}
