//! A shell command taken apart into the programs that it runs.
//!
//! Only as far as evidence needs it: which programs with which words, whether
//! the exit code of each can be seen, where its output goes. What a command
//! writes to is [`crate::shell`]'s.

use super::scan::{Link, Raw, Scanner};
use super::variables::Variables;
use super::wrapper;

/// Longer commands are read no further.
const COMMAND_BYTES_MAX: usize = 64 * 1024;

/// More parts are not looked at.
const PARTS_MAX: usize = 400;

/// Commands within commands (`$(…)`, `bash -c`) are followed so deep.
const DEPTH_MAX: usize = 6;

/// One program that a command runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    /// The program and its arguments, unquoted, without wrappers; `$NAME` stays.
    pub(super) words: Vec<String>,
    /// A here-document or here-string.
    pub(super) stdin: Option<String>,
    /// Files that its output is redirected to.
    pub(super) files: Vec<String>,
    /// Its output is thrown away.
    pub(super) discards: bool,
    /// Its output goes into another program.
    pub(super) piped: bool,
    pub(super) exit: Exit,
}

/// What can be told of the exit code of a part from that of the whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Exit {
    /// Success of the whole is success of this part.
    #[default]
    Shown,
    /// Another part decides.
    Masked,
    /// It is printed: what stands before it in the output.
    Printed(String),
    /// Words printed after success, and after failure.
    Told { success: String, failure: Option<String> },
    /// Nobody waits for it.
    Background,
}

/// The programs of a command, in order, nested ones before their hosts.
pub(super) fn parts(command: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    add_parts(command, 0, &mut Variables::default(), &mut parts);
    super::variables::unroll(parts, PARTS_MAX)
}

fn add_parts(command: &str, depth: usize, known: &mut Variables, parts: &mut Vec<Part>) {
    if depth > DEPTH_MAX || command.len() > COMMAND_BYTES_MAX {
        return;
    }
    let scanned = Scanner::new(command).scan();
    let exits = exits(&scanned);
    for (mut raw, exit) in scanned.into_iter().zip(exits) {
        for inner in &raw.nested {
            add_parts(inner, depth + 1, known, parts);
        }
        if parts.len() >= PARTS_MAX {
            return;
        }
        known.fill_in(&mut raw.part.words);
        known.learn(&raw.part.words);
        let words = wrapper::strip(raw.part.words);
        if let Some(script) = wrapper::inline_shell(&words) {
            let from = parts.len();
            add_parts(&script, depth + 1, known, parts);
            for part in parts.iter_mut().skip(from).filter(|_| exit != Exit::Shown) {
                part.exit = exit.clone();
            }
        } else if !words.is_empty() || !raw.part.files.is_empty() {
            let piped = raw.link == Link::Pipe;
            parts.push(Part { words, piped, exit, ..raw.part });
        }
    }
}

/// What can be told of each part's exit code.
fn exits(raws: &[Raw]) -> Vec<Exit> {
    let set = |wanted: &str| {
        raws.iter().any(|raw| {
            raw.part.words.first().is_some_and(|word| word == "set")
                && raw.part.words.iter().any(|word| word.contains(wanted))
        })
    };
    let strict = Strictness { stops: set("-e") || set("errexit"), pipes: set("pipefail") };
    (0..raws.len()).map(|at| exit_of(raws.get(at..).unwrap_or_default(), strict)).collect()
}

/// `set -e` and `set -o pipefail`.
#[derive(Clone, Copy)]
struct Strictness {
    stops: bool,
    pipes: bool,
}

/// The exit code of the first of the parts that are left.
fn exit_of(rest: &[Raw], strict: Strictness) -> Exit {
    if rest.first().is_some_and(|raw| raw.is_condition) {
        return Exit::Masked;
    }
    let mut told = None;
    for (at, raw) in rest.iter().enumerate() {
        let next = rest.get(at + 1).map(|next| &next.part);
        match raw.link {
            Link::End => return Exit::Shown,
            Link::Background if at == 0 => return Exit::Background,
            Link::Pipe if strict.pipes => {}
            Link::Pipe => return exit_by_print(next, rest, at),
            Link::And => {
                if let Some(words) = next.and_then(echoed) {
                    told.get_or_insert(words);
                }
            }
            Link::Or if next.is_some_and(fails) => {}
            Link::Or => {
                return match told {
                    Some(success) => Exit::Told { success, failure: next.and_then(echoed) },
                    None => Exit::Masked,
                };
            }
            Link::Then | Link::Background => match next.and_then(echoed) {
                Some(text) if text.contains("$?") => {
                    let before = text.split("$?").next().unwrap_or_default();
                    return Exit::Printed(before.to_owned());
                }
                _ if strict.stops => {}
                _ if told.is_some() => {
                    let success = told.unwrap_or_default();
                    return Exit::Told { success, failure: None };
                }
                _ => return Exit::Masked,
            },
        }
    }
    Exit::Shown
}

/// A pipe hides the code, unless `PIPESTATUS` is printed after it.
fn exit_by_print(next: Option<&Part>, rest: &[Raw], at: usize) -> Exit {
    let printed = rest.iter().skip(at + 1).filter_map(|raw| echoed(&raw.part));
    let mut before = printed.filter_map(|text| {
        text.contains("PIPESTATUS").then(|| text.split('$').next().unwrap_or_default().to_owned())
    });
    match (next, before.next()) {
        (Some(_), Some(before)) => Exit::Printed(before),
        _ => Exit::Masked,
    }
}

/// What `echo` or `printf` prints.
fn echoed(part: &Part) -> Option<String> {
    let (program, words) = part.words.split_first()?;
    matches!(program.as_str(), "echo" | "printf").then(|| {
        let words: Vec<&str> =
            words.iter().map(String::as_str).filter(|word| !matches!(*word, "-e" | "-n")).collect();
        words.join(" ")
    })
}

/// `exit 1`, `return 1`, `false`.
fn fails(part: &Part) -> bool {
    match part.words.first().map(String::as_str) {
        Some("exit" | "return") => part.words.get(1).is_some_and(|code| code != "0"),
        Some("false") => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(command: &str, expected: &[(&str, Exit)]) {
        let shown: Vec<(String, Exit)> =
            parts(command).into_iter().map(|part| (part.words.join(" "), part.exit)).collect();
        let expected: Vec<(String, Exit)> =
            expected.iter().map(|(words, exit)| ((*words).to_owned(), exit.clone())).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn splits_at_operators_and_minds_quotes() {
        use Exit::{Masked, Shown};
        check("cd sub && pytest -q", &[("cd sub", Shown), ("pytest -q", Shown)]);
        check("echo 'a; b' \"c && d\"", &[("echo a; b c && d", Shown)]);
        check("a | b", &[("a", Masked), ("b", Shown)]);
        check("a; b", &[("a", Masked), ("b", Shown)]);
        check("a\nb\n", &[("a", Masked), ("b", Shown)]);
        check("# curl x\nls", &[("ls", Shown)]);
        check(
            "set -euo pipefail; a | b; c",
            &[("set -euo pipefail", Shown), ("a", Shown), ("b", Shown), ("c", Shown)],
        );
        check("a || exit 1; b", &[("a", Masked), ("exit 1", Masked), ("b", Shown)]);
        check("a || exit 1", &[("a", Shown), ("exit 1", Shown)]);
        check("(a; b) || true", &[("a", Masked), ("b", Masked), ("true", Shown)]);
        check("if a; then b; fi", &[("a", Masked), ("b", Shown)]);
        check(
            "for p in x y; do a $p; done",
            &[("for p in x y", Masked), ("a x", Shown), ("a y", Shown)],
        );
        check("", &[]);
    }

    #[test]
    fn knows_who_hides_an_exit_code_and_who_tells_it() {
        let told = |success: &str, failure: Option<&str>| Exit::Told {
            success: success.into(),
            failure: failure.map(Into::into),
        };
        check("a || true", &[("a", Exit::Masked), ("true", Exit::Shown)]);
        check("a & b", &[("a", Exit::Background), ("b", Exit::Shown)]);
        check(
            "a; echo \"exit: $?\"",
            &[("a", Exit::Printed("exit: ".into())), ("echo exit: $?", Exit::Shown)],
        );
        let parts = parts("a && echo OK || echo BAD");
        assert_eq!(parts.first().map(|part| &part.exit), Some(&told("OK", Some("BAD"))));
    }

    #[test]
    fn follows_commands_within_commands() {
        check(
            "x=$(curl -s \"$URL\"); echo $x",
            &[("curl -s $URL", Exit::Shown), ("echo $x", Exit::Shown)],
        );
        check("bash -lc 'cd a && pytest'", &[("cd a", Exit::Shown), ("pytest", Exit::Shown)]);
        check(
            "timeout 60 bash -c \"pytest\" || true",
            &[("pytest", Exit::Masked), ("true", Exit::Shown)],
        );
        check("CI=1 timeout -k 5 60 uv run --with x -- pytest -q", &[("pytest -q", Exit::Shown)]);
    }

    #[test]
    fn reads_documents_and_redirections() {
        let found = parts("python3 - <<'EOF' > out.txt 2>&1\nprint(1)\nEOF\nls >/dev/null");
        assert_eq!(found[0].stdin.as_deref(), Some("print(1)\n"));
        assert_eq!(found[0].files, ["out.txt"]);
        assert!(found[1].discards);
    }

    #[test]
    fn survives_what_is_no_command() {
        for text in
            ["$(", "'", "\"$(", "<<", "<<EOF", ">", "`", "a <<EOF\nb", "${", "&&&&||;;", "\\"]
        {
            let _ = parts(text);
        }
        assert_eq!(parts(&"$(".repeat(50_000)), []);
    }
}
