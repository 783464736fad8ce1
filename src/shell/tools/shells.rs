//! `bash -c`, `sh -s`, `bash script`, and code piped into a shell.

use std::rc::Rc;

use super::super::machine::{Call, Machine, Outcome};
use super::super::text;

/// Any Bourne shell. Its directory and variables are its own.
pub(super) fn shell(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut command = false;
    let mut stdin = false;
    let mut at = 1;
    while let Some(word) = call.words.get(at) {
        if word == "--" || word == "-" {
            at += 1;
            stdin |= word == "-" && call.words.len() == at;
            break;
        }
        let (flags, long) = match (word.strip_prefix("--"), word.strip_prefix(['-', '+'])) {
            (Some(long), _) => ("", Some(long)),
            (None, Some(flags)) if !flags.is_empty() => (flags, None),
            _ => break,
        };
        at += 1;
        match long {
            Some("rcfile" | "init-file") => at += 1,
            Some("version" | "help") => return Outcome::of(call.state),
            Some(_) => {}
            None => {
                command |= flags.contains('c') && !word.starts_with('+');
                stdin |= flags.contains('s');
                if flags.contains(['o', 'O']) {
                    at += 1;
                }
                if flags.contains('n') && !command && flags != "norc" {
                    // Only reads its script.
                    return Outcome::of(call.state);
                }
            }
        }
    }
    let words = call.words.get(at..).unwrap_or_default().to_vec();
    let before = call.state.clone();
    let mut inner = call.clone();
    inner.state.aliases = Rc::default();
    inner.state.options = super::super::state::Options::default();
    let mut file = false;
    let code = if command {
        let Some((code, rest)) = words.split_first() else { return Outcome::failure(before) };
        inner.state.name = rest.first().map_or("bash", String::as_str).into();
        set_arguments(&mut inner, rest.get(1..).unwrap_or_default());
        vec![code.clone()]
    } else if let (Some((script, rest)), false) = (words.split_first(), stdin) {
        inner.state.name = script.as_str().into();
        set_arguments(&mut inner, rest);
        match script.as_str() {
            "/dev/stdin" | "/dev/fd/0" | "/proc/self/fd/0" => {
                call.stdin.clone().unwrap_or_default()
            }
            script => {
                file = !script.starts_with("/dev/");
                let content = machine.content(script, &call.state);
                if content.iter().any(|code| text::is_hole(code)) && !script.starts_with("/dev/fd/")
                {
                    machine.opaque();
                    return Outcome::of(before);
                }
                content
            }
        }
    } else {
        set_arguments(&mut inner, &words);
        match call.stdin.clone() {
            Some(code) => {
                inner.stdin = None;
                code
            }
            None => return Outcome::silent(before),
        }
    };
    let io = inner.io();
    let mut done: Option<Outcome> = None;
    for code in code {
        let jumps = machine.jumps.len();
        let run = |it: &mut Machine<'_>| it.text(&code, inner.state.clone(), &io);
        let mut outcome = if file { machine.in_file(run) } else { run(machine) };
        if machine.jumps.len() > jumps {
            machine.jumps.truncate(jumps);
            outcome = outcome.or(Outcome::of(before.clone()));
        }
        let outcome = outcome.apart(&before);
        done = Some(match done {
            Some(other) => other.or(outcome),
            None => outcome,
        });
    }
    done.unwrap_or_else(|| Outcome::silent(before))
}

fn set_arguments(call: &mut Call, words: &[String]) {
    call.state.arguments = Rc::new(words.iter().map(|word| vec![word.clone()]).collect());
}
