//! Commands that set variables and options.

use std::rc::Rc;

use super::super::WriteKind;
use super::super::machine::{Call, Machine, Outcome};
use super::super::run::put_element;
use super::super::state::{State, Variable};
use super::super::text::{self, HOLE, Values};

/// `export`, `declare`, `local`, `readonly`, `typeset`: `name=value` arguments are set.
pub(super) fn declare(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut state = call.state;
    let lower = call.words.iter().any(|word| word == "-l");
    let upper = call.words.iter().any(|word| word == "-u");
    let numeric = call.words.iter().any(|word| word.starts_with('-') && word.contains('i'));
    for word in call.words.iter().skip(1).filter(|word| !word.starts_with('-')) {
        let Some((name, value)) = word.split_once('=') else {
            machine.hidden(word, &state);
            continue;
        };
        machine.hidden(name, &state);
        let value = match (lower, upper) {
            (true, _) => value.to_lowercase(),
            (_, true) => value.to_uppercase(),
            _ => value.to_owned(),
        };
        if numeric {
            machine.hidden(&value, &state);
        }
        match name.strip_suffix('+') {
            Some(name) => {
                let before = match state.variables.get(name) {
                    Some(Variable::Scalar(before)) => before.clone(),
                    _ => vec![String::new()],
                };
                state.set(name, text::join(before, &[value]));
            }
            None => state.set(name, vec![value]),
        }
    }
    Outcome::sure(state)
}

/// `read`: the line that is known, split over its variables.
pub(super) fn read(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut state = call.state;
    let mut names: Vec<String> = Vec::new();
    let mut array = None;
    let mut words = call.words.iter().skip(1);
    while let Some(word) = words.next() {
        match word.strip_prefix('-') {
            Some(flags) if !flags.is_empty() => {
                let takes = flags.chars().position(|flag| "adinNptu".contains(flag));
                if let Some(at) = takes {
                    let flag = flags.chars().nth(at);
                    let own: String = flags.chars().skip(at + 1).collect();
                    let value = if own.is_empty() { words.next().cloned() } else { Some(own) };
                    if flag == Some('a') {
                        array = value;
                    }
                }
            }
            _ => names.push(word.clone()),
        }
    }
    machine.hidden_all(&names, &state);
    let Some(stdin) = call.stdin else {
        let all = names.iter().chain(array.iter());
        all.for_each(|name| state.set(name, text::unknown()));
        return Outcome::silent(state);
    };
    let lines: Vec<&str> =
        stdin.iter().map(|text| text.split(['\n', '\0']).next().unwrap_or_default()).collect();
    let separators = state.separators().to_owned();
    if let Some(array) = array {
        let line = lines.first().copied().unwrap_or_default();
        let elements = line.split(|char| separators.contains(char)).filter(|part| !part.is_empty());
        state.put(&array, Variable::List(elements.map(|part| vec![part.to_owned()]).collect()));
        return Outcome::silent(state);
    }
    if names.is_empty() {
        names.push("REPLY".to_owned());
    }
    spread(&mut state, &names, &lines, &separators);
    Outcome::silent(state)
}

/// The fields of each possible line over the names; the last takes the rest.
fn spread(state: &mut State, names: &[String], lines: &[&str], separators: &str) {
    let mut values: Vec<Values> = vec![Values::new(); names.len()];
    for line in lines {
        let vague = text::has_hole(line) && names.len() > 1;
        let mut rest =
            line.trim_matches(|char: char| char.is_ascii_whitespace() && separators.contains(char));
        for index in 0..names.len() {
            let last = index + 1 == names.len();
            let (field, after) = match rest.find(|char| separators.contains(char)) {
                Some(at) if !last => {
                    let (field, after) = rest.split_at(at);
                    let mut chars = after.chars();
                    chars.next();
                    let after = chars.as_str();
                    (
                        field,
                        after.trim_start_matches(|char: char| {
                            char.is_ascii_whitespace() && separators.contains(char)
                        }),
                    )
                }
                _ => (rest, ""),
            };
            rest = after;
            let field = if vague && text::has_hole(line) && !text::is_known(field)
                || vague && field.is_empty()
            {
                HOLE.to_string()
            } else {
                field.to_owned()
            };
            if let Some(values) = values.get_mut(index) {
                text::add(values, field);
            }
        }
    }
    for (name, values) in names.iter().zip(values) {
        match name.split_once('[') {
            Some((name, key)) => put_element(state, name, key.trim_end_matches(']'), values),
            None => state.set(name, values),
        }
    }
}

/// `mapfile`: the lines as a list; `-C` runs its code.
pub(super) fn mapfile(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut name = "MAPFILE".to_owned();
    let mut words = call.words.iter().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "-C" => {
                if let Some(code) = words.next() {
                    let state = call.state.clone();
                    machine.maybe(|it| it.text(&format!("{code} {HOLE}"), state, &call.io()));
                }
            }
            "-c" | "-d" | "-n" | "-O" | "-s" | "-u" => {
                words.next();
            }
            word if !word.starts_with('-') => word.clone_into(&mut name),
            _ => {}
        }
    }
    let mut state = call.state;
    let list = match call.stdin.as_deref() {
        Some([text]) if !text::has_hole(text) => {
            text.lines().take(200).map(|line| vec![line.to_owned()]).collect()
        }
        Some(texts) => {
            let mut any = Values::new();
            texts
                .iter()
                .flat_map(|text| text.lines())
                .for_each(|line| text::add(&mut any, line.to_owned()));
            vec![if any.is_empty() { text::unknown() } else { any }]
        }
        None => vec![text::unknown()],
    };
    state.put(&name, Variable::List(list));
    Outcome::sure(state)
}

/// `set`: options, and new positional parameters after `--`.
pub(super) fn set(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut state = call.state;
    let mut words = call.words.iter().skip(1);
    while let Some(word) = words.next() {
        let on = word.starts_with('-');
        match word.as_str() {
            "--" => {
                state.arguments = Rc::new(words.map(|word| vec![word.clone()]).collect());
                break;
            }
            "-o" | "+o" => match words.next().map(String::as_str) {
                Some("noclobber") => state.options.noclobber = on,
                Some("errexit") => state.options.errexit = on,
                Some("xtrace") if on => traced(machine, &state),
                _ => {}
            },
            word if word.starts_with(['-', '+']) => {
                let flags = word.get(1..).unwrap_or_default();
                if flags.contains('e') {
                    state.options.errexit = on;
                }
                if flags.contains('C') {
                    state.options.noclobber = on;
                }
                if flags.contains('x') && on {
                    traced(machine, &state);
                }
                if flags.ends_with('o') {
                    words.next();
                }
            }
            word => {
                let first = vec![word.to_owned()];
                let rest = words.map(|word| vec![word.clone()]);
                state.arguments = Rc::new([first].into_iter().chain(rest).collect());
                break;
            }
        }
    }
    Outcome::sure(state)
}

/// Tracing expands `PS4` before every command.
fn traced(machine: &mut Machine<'_>, state: &State) {
    if let Some(Variable::Scalar(values)) = state.variables.get("PS4").cloned() {
        machine.hidden_all(&values, state);
    }
}

/// `shopt`
pub(super) fn shopt(_machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut state = call.state;
    let off = call.words.iter().any(|word| word == "-u");
    for word in &call.words {
        match word.as_str() {
            "expand_aliases" => state.options.aliases = !off,
            "globstar" => state.options.globstar = !off,
            "nullglob" => state.options.nullglob = !off,
            _ => {}
        }
    }
    Outcome::sure(state)
}

/// `shift`
pub(super) fn shift(_machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut state = call.state;
    let by = call.words.get(1).map_or(Ok(1), |word| word.parse::<usize>()).unwrap_or(1);
    if by > state.arguments.len() {
        return Outcome::failure(state);
    }
    Rc::make_mut(&mut state.arguments).drain(..by);
    Outcome::sure(state)
}

/// `unset`
pub(super) fn unset(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut state = call.state;
    for word in call.words.iter().skip(1).filter(|word| !word.starts_with('-')) {
        if state.variables.contains_key(word.split('[').next().unwrap_or_default()) {
            machine.hidden(word, &state);
        }
        if Rc::make_mut(&mut state.functions).remove(word).is_none() {
            state.put(word, Variable::Unset);
        }
    }
    Outcome::sure(state)
}

/// `let`
pub(super) fn let_(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut state = call.state;
    for word in call.words.iter().skip(1) {
        machine.evaluate(word, &mut state);
    }
    Outcome::silent(state)
}

/// `history -w FILE`, or what `HISTFILE` names.
pub(super) fn history(machine: &mut Machine<'_>, call: Call) -> Outcome {
    if let Some("-w" | "-a") = call.arguments().first().map(String::as_str) {
        let files = match (call.arguments().get(1), call.state.variables.get("HISTFILE")) {
            (Some(file), _) => vec![file.clone()],
            (None, Some(Variable::Scalar(files))) => files.clone(),
            (None, _) => Vec::new(),
        };
        for file in files {
            machine.write(&call.state, &file, WriteKind::Write);
        }
    }
    Outcome::of(call.state)
}
