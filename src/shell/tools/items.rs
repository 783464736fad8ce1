//! `xargs` and `parallel`: commands made from the items they read.

use super::super::machine::{Call, Machine, Outcome};
use super::super::text::{self, HOLE, Values};

/// Most items that are followed one by one.
const ITEMS: usize = 64;

/// `xargs`
pub(super) fn xargs(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut replace: Option<String> = None;
    let mut file = None;
    let mut delimiter = None;
    let mut at = 1;
    while let Some(word) = call.words.get(at).filter(|word| word.starts_with('-') && word.len() > 1)
    {
        at += 1;
        let (name, value) = match word.split_once('=') {
            Some((name, value)) if word.starts_with("--") => (name, Some(value)),
            _ if word.starts_with("--") => (word.as_str(), None),
            _ => {
                let end = word.char_indices().nth(2).map_or(word.len(), |(at, _)| at);
                let (name, value) = word.split_at(end);
                (name, (!value.is_empty()).then_some(value))
            }
        };
        let takes = matches!(
            name,
            "-I" | "-n"
                | "-P"
                | "-L"
                | "-s"
                | "-a"
                | "-d"
                | "-E"
                | "--max-args"
                | "--max-procs"
                | "--max-lines"
                | "--max-chars"
                | "--arg-file"
                | "--delimiter"
                | "--replace-str"
        );
        let value = match (takes, value) {
            (true, None) => {
                at += 1;
                call.words.get(at - 1).cloned()
            }
            (_, value) => value.map(str::to_owned),
        };
        match name {
            "-I" => replace = value,
            "-i" | "--replace" => replace = Some(value.unwrap_or_else(|| "{}".to_owned())),
            "-a" | "--arg-file" => file = value,
            "-0" | "--null" => delimiter = Some('\0'),
            "-d" | "--delimiter" => {
                delimiter =
                    value.and_then(|value| super::super::parse::decode(&value).chars().next());
            }
            _ => {}
        }
    }
    let input = match &file {
        Some(file) => machine.content(file, &call.state),
        None => call.stdin.clone().unwrap_or_default(),
    };
    let mut command = call.words.get(at..).unwrap_or_default().to_vec();
    if command.is_empty() {
        return Outcome::of(call.state).printing(input);
    }
    let items = items(&input, delimiter, replace.is_some());
    let Some(items) = items else {
        fill(&mut command, replace.as_deref(), &[HOLE.to_string()]);
        let out = machine.run_words(command, &call.state, None).out;
        return Outcome::of(call.state).printing(out);
    };
    let mut out = Values::new();
    if replace.is_some() {
        for item in &items {
            let mut own = command.clone();
            fill(&mut own, replace.as_deref(), std::slice::from_ref(item));
            out = text::join(
                if out.is_empty() { vec![String::new()] } else { out },
                &machine.run_words(own, &call.state, None).out,
            );
        }
    } else {
        let empty = items.is_empty();
        fill(&mut command, None, &items);
        if !(empty && call.words.iter().any(|word| word == "-r" || word == "--no-run-if-empty")) {
            out = machine.run_words(command, &call.state, None).out;
        }
    }
    Outcome::of(call.state).printing(out)
}

/// Puts items into a command: for the placeholder, else at its end.
fn fill(command: &mut Vec<String>, placeholder: Option<&str>, items: &[String]) {
    match placeholder {
        Some(placeholder) if !placeholder.is_empty() => {
            let item = items.first().map_or("", String::as_str);
            for word in command {
                if word.contains(placeholder) {
                    *word = word.replace(placeholder, item);
                }
            }
        }
        _ => command.extend(items.iter().cloned()),
    }
}

/// The items of the input; none when nothing is known of it.
fn items(input: &[String], delimiter: Option<char>, lines: bool) -> Option<Vec<String>> {
    let mut items: Vec<String> = Vec::new();
    for text in input {
        if text::is_hole(text.trim()) {
            return None;
        }
        let mut add = |item: String| {
            if !item.is_empty() && !items.contains(&item) && items.len() <= ITEMS {
                items.push(item);
            }
        };
        match delimiter {
            Some(delimiter) => text.split([delimiter, '\n']).for_each(|item| add(item.to_owned())),
            None if lines => text.lines().for_each(|line| add(unquoted(line.trim_start()))),
            None => words(text).into_iter().for_each(add),
        }
    }
    if items.len() > ITEMS {
        let folder = text::common_folder(&items).to_owned();
        items.truncate(ITEMS);
        items.push(format!("{folder}{HOLE}"));
    }
    Some(items)
}

/// A line with its quotes removed as `xargs` does.
fn unquoted(line: &str) -> String {
    line.chars().filter(|char| !matches!(char, '"' | '\'')).collect()
}

/// Words with `xargs` quoting.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        match (char, quote) {
            (char, Some(open)) if char == open => quote = None,
            ('"' | '\'', None) => quote = Some(char),
            ('\\', None) => word.extend(chars.next()),
            (char, None) if char.is_whitespace() => words.push(std::mem::take(&mut word)),
            (char, _) => word.push(char),
        }
    }
    words.push(word);
    words
}

/// GNU `parallel`: items after `:::`, else from its input.
pub(super) fn parallel(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut at = 1;
    while let Some(word) = call.words.get(at).filter(|word| word.starts_with('-')) {
        let takes = matches!(
            word.as_str(),
            "-j" | "--jobs"
                | "-a"
                | "--arg-file"
                | "-n"
                | "-N"
                | "-I"
                | "--delay"
                | "--timeout"
                | "-d"
                | "-C"
                | "--colsep"
                | "--joblog"
                | "--results"
                | "-P"
                | "-S"
        );
        at += if takes { 2 } else { 1 };
    }
    let rest = call.words.get(at..).unwrap_or_default();
    let split = rest.iter().position(|word| word.starts_with(":::"));
    let (command, given) = rest.split_at(split.unwrap_or(rest.len()));
    let items: Values = match split {
        Some(_) => given.iter().filter(|word| !word.starts_with(":::")).cloned().collect(),
        None => match items(call.stdin.as_deref().unwrap_or_default(), None, true) {
            Some(items) => items,
            None => vec![HOLE.to_string()],
        },
    };
    let io = super::super::run::Io::default();
    let code = command.join(" ");
    for item in items.iter().take(ITEMS) {
        let code = if code.is_empty() {
            item.clone()
        } else if code.contains('{') {
            let base = item.rsplit('/').next().unwrap_or(item);
            code.replace("{}", item)
                .replace("{/}", base)
                .replace("{.}", item.rsplit_once('.').map_or(item, |(stem, _)| stem))
        } else {
            format!("{code} {}", super::super::run::quote(item))
        };
        machine.text(&code, call.state.clone(), &io);
    }
    Outcome::of(call.state)
}
