//! `sed`, `awk`, `ed`, `ex`, `vim`: their scripts may write, and so may they.

use super::super::WriteKind;
use super::super::machine::{Call, Machine, Outcome};
use super::super::scripts;
use super::super::text::{self, Values};

/// `sed`
pub(super) fn sed(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut scripts: Vec<String> = Vec::new();
    let mut files: Vec<String> = Vec::new();
    let (mut in_place, mut follows, mut given) = (false, false, false);
    let words = call.arguments().to_vec();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--" => {
                files.extend(words.by_ref().cloned());
            }
            "--follow-symlinks" => follows = true,
            "--expression" | "--file" => {
                given = true;
                let value = words.next().cloned().unwrap_or_default();
                scripts.extend(script(machine, &call, word == "--file", &value));
            }
            word if word.starts_with("--") => {
                let (name, value) = word.split_once('=').unwrap_or((word, ""));
                match name {
                    "--in-place" => in_place = true,
                    "--expression" | "--file" => {
                        given = true;
                        scripts.extend(script(machine, &call, name == "--file", value));
                    }
                    name if name.len() > 4 && "--in-place".starts_with(name) => in_place = true,
                    _ => {}
                }
            }
            word if word.starts_with('-') && word.len() > 1 => {
                for (at, letter) in word.char_indices().skip(1) {
                    let rest = word.get(at + 1..).unwrap_or_default();
                    match letter {
                        'i' | 'I' => {
                            in_place = true;
                            break;
                        }
                        'e' | 'f' | 'l' => {
                            let value = if rest.is_empty() {
                                words.next().cloned()
                            } else {
                                Some(rest.to_owned())
                            };
                            if letter != 'l' {
                                given = true;
                                scripts.extend(script(
                                    machine,
                                    &call,
                                    letter == 'f',
                                    &value.unwrap_or_default(),
                                ));
                            }
                            break;
                        }
                        _ => {}
                    }
                }
            }
            word => files.push(word.to_owned()),
        }
    }
    if !given && !files.is_empty() {
        // On a Mac the suffix of `-i` is a word of its own, often an empty one.
        if files.first().is_some_and(String::is_empty) {
            files.remove(0);
        }
        if !files.is_empty() {
            scripts.push(files.remove(0));
        }
    }
    if in_place {
        for file in &files {
            machine.write(
                &call.state,
                file,
                if follows { WriteKind::Write } else { WriteKind::Replace },
            );
        }
    }
    for script in &scripts {
        if text::is_hole(script) {
            machine.opaque();
            continue;
        }
        let mut effects = scripts::sed(script);
        if let Some(lines) = line_commands(script, &call, &files) {
            effects.opaque = false;
            let io = super::super::run::Io::default();
            for line in lines {
                machine.text(&line, call.state.clone(), &io);
            }
        }
        machine.effects(effects, &call.state);
    }
    Outcome::of(call.state)
}

fn script(machine: &mut Machine<'_>, call: &Call, file: bool, value: &str) -> Values {
    match (file, value) {
        (true, "-" | "/dev/stdin") => call.stdin.clone().unwrap_or_default(),
        (true, name) => machine.content(name, &call.state),
        (false, script) => vec![script.to_owned()],
    }
}

/// `s/.*/command/e` replaces every line whole: the replacement is the command.
fn line_commands(script: &str, _call: &Call, _files: &[String]) -> Option<Vec<String>> {
    let rest = script.trim().strip_prefix('s')?;
    let mark = rest.chars().next()?;
    let mut parts: Vec<String> = vec![String::new()];
    let mut chars = rest.chars().skip(1);
    while let Some(char) = chars.next() {
        let last = parts.last_mut()?;
        if char == '\\' {
            match chars.next()? {
                next if next == mark => last.push(next),
                next => last.extend(['\\', next]),
            }
        } else if char == mark {
            parts.push(String::new());
        } else {
            last.push(char);
        }
    }
    let [pattern, replacement, flags] = parts.as_slice() else { return None };
    (matches!(pattern.as_str(), ".*" | "^.*$" | "^.*" | ".*$")
        && flags.contains('e')
        && !replacement.contains(['&', '\\']))
    .then(|| vec![replacement.clone()])
}

/// `awk`
pub(super) fn awk(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut program: Option<Values> = None;
    let mut variables: Vec<(String, String)> = Vec::new();
    let mut files: Vec<String> = Vec::new();
    let mut in_place = false;
    let all = call.arguments().to_vec();
    let mut words = all.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            _ if program.is_some() && !word.starts_with('-') => files.push(word.clone()),
            "--" => {}
            "-F" | "--field-separator" => drop(words.next()),
            "-v" | "--assign" => variables.extend(words.next().and_then(|word| pair(word))),
            "-f" | "--file" | "-e" | "--source" => {
                let value = words.next().cloned().unwrap_or_default();
                let own = script(machine, &call, matches!(word.as_str(), "-f" | "--file"), &value);
                program = Some(match program {
                    Some(before) => text::join(text::join(before, &["\n".to_owned()]), &own),
                    None => own,
                });
            }
            "-i" | "--include" => in_place |= words.next().is_some_and(|word| word == "inplace"),
            word if word.starts_with("-v") => {
                variables.extend(pair(word.get(2..).unwrap_or_default()));
            }
            word if word.starts_with('-') && word.len() > 1 => {}
            word => program = Some(vec![word.to_owned()]),
        }
    }
    if in_place {
        for file in &files {
            machine.write(&call.state, file, WriteKind::Replace);
        }
    }
    for program in program.unwrap_or_default() {
        if text::is_hole(&program) {
            machine.opaque();
            continue;
        }
        let effects = scripts::awk(&program, &files, &variables);
        machine.effects(effects, &call.state);
    }
    Outcome::of(call.state)
}

fn pair(word: &str) -> Option<(String, String)> {
    word.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()))
}

/// `ed`, `ex`, `vim`: commands from `-c` and the input; `w` writes.
pub(super) fn ed(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut commands: Vec<String> = Vec::new();
    let mut files: Vec<String> = Vec::new();
    let words = call.arguments().to_vec();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "-p" | "-u" => drop(words.next()),
            "-S" => {
                let content = words.next().map(|name| machine.content(name, &call.state));
                commands.extend(content.into_iter().flatten());
            }
            word if word.starts_with('+') && word.len() > 1 => {
                commands.push(word.get(1..).unwrap_or_default().to_owned());
            }
            word if word.starts_with('-') && !word.starts_with("--") && word.ends_with('c') => {
                commands.extend(words.next().cloned());
            }
            word if word.starts_with('-') => {}
            word => files.push(word.to_owned()),
        }
    }
    commands.extend(call.stdin.clone().unwrap_or_default());
    let io = super::super::run::Io::default();
    for line in commands.iter().flat_map(|text| text.split(['\n', '|'])) {
        let command = line.trim().trim_start_matches(|char: char| {
            char == ':' || char == ',' || char == '%' || char == '$' || char.is_ascii_digit()
        });
        if text::has_hole(command) && text::known_prefix(command).is_empty() {
            machine.opaque();
            continue;
        }
        let (word, rest) = command.split_at(
            command.find(|char: char| !char.is_ascii_alphabetic()).unwrap_or(command.len()),
        );
        let rest = rest.trim_start_matches('!').trim();
        match word {
            "" if command.starts_with('!') => drop(machine.text(rest, call.state.clone(), &io)),
            "w" | "wq" | "W" | "x" | "xit" | "write" | "wa" | "wqa" | "saveas" | "update"
            | "up" | "wall" | "xa" => {
                let target = rest.trim_start_matches('>').trim();
                if target.is_empty() || target == "q" {
                    for file in &files {
                        machine.write(&call.state, file, WriteKind::Write);
                    }
                } else if let Some(code) = command
                    .split_once('!')
                    .map(|(_, code)| code)
                    .filter(|_| rest != target || command.contains(" !"))
                {
                    machine.text(code, call.state.clone(), &io);
                } else {
                    machine.write(&call.state, target, WriteKind::Write);
                }
            }
            "r" | "e" | "read" => {
                if let Some((_, code)) = command.split_once('!') {
                    machine.text(code, call.state.clone(), &io);
                }
            }
            _ => {}
        }
    }
    Outcome::of(call.state)
}
