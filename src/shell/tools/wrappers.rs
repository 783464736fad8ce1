//! Programs that run another command and have a syntax of their own.

use super::super::WriteKind;
use super::super::machine::{Call, Machine, Outcome};
use super::super::{target, text};

/// `env`: assignments, `-C`, `-S`.
pub(super) fn env(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let before = call.state.clone();
    let mut call = call;
    let mut at = 1;
    while let Some(word) = call.words.get(at).cloned() {
        at += 1;
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (word.clone(), None),
        };
        match name.as_str() {
            "--" => break,
            "-C" | "--chdir" => {
                let dir = value.or_else(|| {
                    at += 1;
                    call.words.get(at - 1).cloned()
                });
                let dir = dir.unwrap_or_default();
                let dirs =
                    call.state.dirs.iter().map(|from| target::absolute(from, &dir)).collect();
                call.state.enter(dirs);
            }
            "-u" | "--unset" if value.is_none() => at += 1,
            "-S" | "--split-string" => {
                let code = value.or_else(|| {
                    at += 1;
                    call.words.get(at - 1).cloned()
                });
                let rest = call.words.get(at..).unwrap_or_default().iter();
                let rest: Vec<String> = rest.map(|word| super::super::run::quote(word)).collect();
                let code = format!("{} {}", code.unwrap_or_default(), rest.join(" "));
                let io = call.io();
                return machine.text(&code, call.state, &io).apart(&before);
            }
            _ if word.starts_with("-S") => {
                let rest = call.words.get(at..).unwrap_or_default().iter();
                let rest: Vec<String> = rest.map(|word| super::super::run::quote(word)).collect();
                let code = format!("{} {}", word.get(2..).unwrap_or_default(), rest.join(" "));
                let io = call.io();
                return machine.text(&code, call.state, &io).apart(&before);
            }
            name if name.starts_with('-') => {}
            name => {
                let Some(value) = value else {
                    at -= 1;
                    break;
                };
                call.state.set(name, vec![value]);
            }
        }
    }
    if call.words.len() <= at {
        return Outcome::of(before);
    }
    let ran = machine.deeper(|it| it.program(call.without(at)));
    ran.unwrap_or_else(|| Outcome::silent(before.clone())).apart(&before)
}

/// The value of `-c` or `--command`, spelled together or apart.
fn command_option(call: &Call) -> Option<String> {
    let mut words = call.words.iter().skip(1);
    while let Some(word) = words.next() {
        if let Some(code) = word.strip_prefix("--command=") {
            return Some(code.to_owned());
        }
        if word == "--command"
            || word.starts_with('-') && !word.starts_with("--") && word.ends_with('c')
        {
            return words.next().cloned();
        }
    }
    None
}

/// `su -c`
pub(super) fn su(machine: &mut Machine<'_>, call: Call) -> Outcome {
    match command_option(&call) {
        Some(code) => {
            let io = call.io();
            machine.text(&code, call.state.clone(), &io).apart(&call.state)
        }
        None => Outcome::of(call.state),
    }
}

/// `watch`: its operands are shell text.
pub(super) fn watch(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut at = 1;
    while let Some(word) = call.words.get(at).filter(|word| word.starts_with('-')) {
        at += if matches!(word.as_str(), "-n" | "--interval" | "-q") { 2 } else { 1 };
    }
    let code = call.words.get(at..).unwrap_or_default().join(" ");
    let io = call.io();
    let state = call.state;
    machine.text(&code, state.clone(), &io).apart(&state)
}

/// `script`: runs `-c`, and writes what it saw into its operand.
pub(super) fn script(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let code = command_option(&call);
    let file = call
        .words
        .iter()
        .skip(1)
        .find(|word| !word.starts_with('-') && Some(*word) != code.as_ref());
    let file = file.map_or("typescript", String::as_str);
    machine.write(&call.state, file, WriteKind::Write);
    if let Some(code) = code {
        let io = call.io();
        return machine.text(&code, call.state.clone(), &io).apart(&call.state);
    }
    Outcome::of(call.state)
}

/// `flock FILE -c CODE`, `flock FILE COMMAND`.
pub(super) fn flock(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut at = 1;
    while let Some(word) = call.words.get(at).filter(|word| word.starts_with('-')) {
        at += if matches!(word.as_str(), "-w" | "--timeout" | "-E" | "--wait") { 2 } else { 1 };
    }
    if let Some(file) =
        call.words.get(at).filter(|word| !word.chars().all(|char| char.is_ascii_digit()))
        && !machine.exists(&call.state, file)
    {
        machine.write(&call.state, file, WriteKind::Write);
    }
    let state = call.state.clone();
    if matches!(call.words.get(at + 1).map(String::as_str), Some("-c" | "--command")) {
        let code = call.words.get(at + 2).cloned().unwrap_or_default();
        let io = call.io();
        return machine.text(&code, call.state, &io).apart(&state);
    }
    if call.words.len() <= at + 1 {
        return Outcome::of(state);
    }
    machine.program(call.without(at + 1)).apart(&state)
}

/// `ssh`: the command runs elsewhere, but `ProxyCommand` and `LocalCommand` run here.
pub(super) fn ssh(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let io = super::super::run::Io::default();
    for word in call.arguments() {
        for key in ["ProxyCommand", "LocalCommand", "KnownHostsCommand"] {
            let word = word.strip_prefix("-o").unwrap_or(word);
            let Some(rest) = word.strip_prefix(key) else { continue };
            let code = rest.trim_start_matches(['=', ' ']);
            machine.maybe(|it| it.text(code, call.state.clone(), &io));
        }
    }
    let mut words = call.arguments().iter();
    while let Some(word) = words.next() {
        if let Some(file) = word.strip_prefix("-E") {
            let file = if file.is_empty() { words.next().map(String::as_str) } else { Some(file) };
            machine.write(&call.state, file.unwrap_or_default(), WriteKind::Write);
        }
    }
    // The other machine may be this one.
    machine.opaque();
    Outcome::of(call.state).printing(text::unknown())
}
