//! `echo` and `printf`: text that flows on to files, shells and loops.

use super::super::machine::{Call, Machine, Outcome};
use super::super::text::{self, HOLE, NAME};

/// `echo`, with `-n` and `-e`.
pub(super) fn echo(_machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut words = call.arguments();
    let (mut newline, mut escapes) = (true, false);
    while let [first, rest @ ..] = words {
        let Some(letters) = first.strip_prefix('-').filter(|letters| {
            !letters.is_empty() && letters.chars().all(|char| matches!(char, 'n' | 'e' | 'E'))
        }) else {
            break;
        };
        newline &= !letters.contains('n');
        escapes = letters.contains('e') || escapes && !letters.contains('E');
        words = rest;
    }
    let mut out = words.join(" ");
    if escapes {
        out = decoded(&out);
    }
    if newline {
        out.push('\n');
    }
    let out = vec![text::bounded(out)];
    Outcome::sure(call.state).printing(out)
}

/// `printf`, with `-v`.
pub(super) fn printf(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut words = call.arguments();
    let mut variable = None;
    if let [flag, name, rest @ ..] = words
        && flag == "-v"
    {
        variable = Some(name.clone());
        words = rest;
    }
    if let [flag, rest @ ..] = words
        && flag == "--"
    {
        words = rest;
    }
    let out = match words {
        [format, arguments @ ..] => text::bounded(formatted(format, arguments)),
        [] => String::new(),
    };
    let mut state = call.state;
    match variable {
        Some(name) => {
            machine.hidden(&name, &state);
            state.set(&name, vec![out]);
            Outcome::sure(state)
        }
        None => Outcome::sure(state).printing(vec![out]),
    }
}

/// Text with backslash escapes undone.
fn decoded(text: &str) -> String {
    super::super::parse::decode(text)
}

/// What a format makes of its arguments, used again while there are more.
fn formatted(format: &str, arguments: &[String]) -> String {
    let mut out = String::new();
    let mut left = arguments.iter();
    loop {
        let before = left.len();
        once(format, &mut left, &mut out);
        if left.len() == 0 || left.len() == before || out.len() > text::LONGEST {
            return out;
        }
    }
}

fn once<'a>(format: &str, arguments: &mut impl Iterator<Item = &'a String>, out: &mut String) {
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        let (before, after) = rest.split_at(at);
        out.push_str(&decoded(before));
        let after = after.get(1..).unwrap_or_default();
        let flags =
            after.find(|char: char| !"-+ #0123456789.*'hlLqjzt(".contains(char) || char == 'q');
        let (flags, kind) = after.split_at(flags.unwrap_or(after.len()));
        let mut chars = kind.chars();
        match chars.next() {
            Some('%') | None => out.push('%'),
            Some('s' | 'd' | 'i' | 'q') => {
                let value = arguments.next().map_or("", String::as_str);
                if flags.contains('.') { out.push(HOLE) } else { out.push_str(value) }
            }
            Some('b') => out.push_str(&decoded(arguments.next().map_or("", String::as_str))),
            Some('c') => out.extend(arguments.next().and_then(|value| value.chars().next())),
            Some(_) => {
                arguments.next();
                out.push(NAME);
            }
        }
        rest = chars.as_str();
    }
    out.push_str(&decoded(rest));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(words: &[&str], expected: &str) {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let (format, rest) = words.split_first().unwrap();
        assert_eq!(formatted(format, rest), expected, "{words:?}");
    }

    #[test]
    fn formats_take_their_arguments() {
        check(&["a %s\\n", "b"], "a b\n");
        check(&["%s\\n", "a", "b"], "a\nb\n");
        check(&["\\164%%"], "t%");
        check(&["%b", "\\x41"], "A");
        check(&["%5d", "3"], "3");
        check(&["%s %s", "a"], "a ");
    }
}
