//! Commands that run other commands in the same shell.

use std::rc::Rc;

use super::super::machine::{Call, Machine, Outcome};
use super::super::text;

/// `eval`
pub(super) fn eval(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let code = call.arguments().join(" ");
    let io = call.io();
    machine.text(&code, call.state, &io)
}

/// `source` and `.`
pub(super) fn source(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let arguments = call.arguments().to_vec();
    let arguments = arguments.as_slice();
    let arguments = if arguments.first().is_some_and(|word| word == "--") {
        arguments.get(1..).unwrap_or_default()
    } else {
        arguments
    };
    let Some((name, rest)) = arguments.split_first() else { return Outcome::failure(call.state) };
    let content = match name.as_str() {
        "/dev/stdin" | "/dev/fd/0" | "/proc/self/fd/0" => call.stdin.clone().unwrap_or_default(),
        name if machine.is_foreign(name, &call.state) => text::unknown(),
        name => machine.content(name, &call.state),
    };
    if content.iter().any(|code| text::is_hole(code)) {
        machine.opaque();
        return Outcome::of(call.state);
    }
    let io = call.io();
    let outer = Rc::clone(&call.state.arguments);
    let mut state = call.state;
    if !rest.is_empty() {
        state.arguments = Rc::new(rest.iter().map(|word| vec![word.clone()]).collect());
    }
    let jumps = machine.jumps.len();
    let mut outcome = Outcome::sure(state);
    for code in content {
        let Some(state) = super::super::state::either(outcome.ok, outcome.fail) else {
            return Outcome::gone();
        };
        outcome = machine.text(&code, state, &io);
    }
    for jump in machine.jumps.split_off(jumps.min(machine.jumps.len())) {
        outcome = outcome.or(Outcome::silent(jump));
    }
    for state in [outcome.ok.as_mut(), outcome.fail.as_mut()].into_iter().flatten() {
        state.arguments = Rc::clone(&outer);
    }
    outcome
}

/// `exec`: the command replaces the shell.
pub(super) fn exec(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut skip = 1;
    while let Some(word) = call.words.get(skip) {
        match word.as_str() {
            "-a" => skip += 2,
            word if word.starts_with('-') => skip += 1,
            _ => break,
        }
    }
    if call.words.len() <= skip {
        return Outcome::sure(call.state);
    }
    let outcome = machine.program(call.without(skip));
    // Where the command cannot be found bash goes on only in an interactive shell.
    Outcome { ok: None, fail: outcome.fail, out: outcome.out }
}

/// `command`: no functions; `-v` only asks.
pub(super) fn command(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let flags = call.arguments().iter().take_while(|word| word.starts_with('-')).count();
    if call.arguments().iter().take(flags).any(|flag| flag.contains(['v', 'V'])) {
        let out =
            call.words.get(1 + flags).map_or_else(text::unknown, |name| vec![format!("{name}\n")]);
        return Outcome::of(call.state).printing(out);
    }
    machine.program(call.without(1 + flags))
}

/// `trap`: its code may run at any later time.
pub(super) fn trap(machine: &mut Machine<'_>, call: Call) -> Outcome {
    if let Some(code) = super::operand(&call.words)
        && call.words.len() > 2
        && code != "-"
        && !code.is_empty()
    {
        let code = code.clone();
        machine.maybe(|it| it.text(&code, call.state.clone(), &super::super::run::Io::default()));
    }
    Outcome::sure(call.state)
}

/// `alias`: counts once `expand_aliases` is on.
pub(super) fn alias(_machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut state = call.state;
    for word in call.words.iter().skip(1) {
        if let Some((name, value)) = word.split_once('=') {
            Rc::make_mut(&mut state.aliases).insert(name.to_owned(), value.to_owned());
        }
    }
    Outcome::sure(state)
}

/// `complete -C` and `compgen -C`: only the second runs its command.
pub(super) fn complete(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut words = call.words.iter();
    while let Some(word) = words.next() {
        match (word.as_str(), call.name()) {
            ("-C" | "-F", "compgen" | "complete") | ("-W", "compgen") => {
                if let Some(code) = words.next() {
                    let code = if word == "-W" { format!(": {code}") } else { code.clone() };
                    let io = super::super::run::Io::default();
                    machine.maybe(|it| it.text(&code, call.state.clone(), &io));
                }
            }
            _ => {}
        }
    }
    Outcome::of(call.state)
}

/// `hash -p PATH NAME`: the name now means that program.
pub(super) fn hash(_machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut state = call.state;
    if let [_, flag, path, names @ ..] = call.words.as_slice()
        && flag == "-p"
    {
        for name in names {
            Rc::make_mut(&mut state.aliases).insert(name.clone(), path.clone());
        }
        state.options.aliases = true;
    }
    Outcome::sure(state)
}
