//! What a command's own variables and loops stand for: `BASE=…; curl $BASE/x`.
//!
//! Only values that the command itself spells out; what comes from the
//! environment or from another program stays as it is written.

use super::command::Part;
use super::wrapper;

/// More variables of one command are not followed.
const VARIABLES_MAX: usize = 50;

/// Words are not filled in beyond this length.
const WORD_BYTES_MAX: usize = 4 * 1024;

/// The variables that a command has set so far.
#[derive(Debug, Default)]
pub(super) struct Variables {
    known: Vec<(String, String)>,
}

impl Variables {
    /// `NAME=value` and `export NAME=value`, alone.
    pub(super) fn learn(&mut self, words: &[String]) {
        let words = match words.split_first() {
            Some((first, rest)) if matches!(first.as_str(), "export" | "local" | "readonly") => {
                rest
            }
            _ => words,
        };
        if !words.iter().all(|word| wrapper::is_assignment(word)) {
            return;
        }
        for (name, value) in words.iter().filter_map(|word| word.split_once('=')) {
            self.known.retain(|(known, _)| known != name);
            if !value.contains(['$', '`']) && self.known.len() < VARIABLES_MAX {
                self.known.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    /// Puts the values in.
    pub(super) fn fill_in(&self, words: &mut [String]) {
        for (name, value) in &self.known {
            for word in words.iter_mut() {
                replace(word, name, value);
            }
        }
    }
}

/// The bodies of `for NAME in a b`, once for each value.
pub(super) fn unroll(parts: Vec<Part>, most: usize) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::with_capacity(parts.len());
    let mut rest = parts.into_iter().peekable();
    let mut loops: Option<(String, Vec<String>)> = None;
    while let Some(part) = rest.next() {
        if let Some(found) = loop_of(&part) {
            loops = Some(found);
            out.push(part);
            continue;
        }
        let Some((name, values)) = loops.as_ref().filter(|(name, _)| uses(&part, name)) else {
            out.push(part);
            continue;
        };
        let mut body = vec![part];
        while let Some(next) = rest.next_if(|next| uses(next, name)) {
            body.push(next);
        }
        if out.len() + body.len() * values.len() > most {
            out.extend(body);
            continue;
        }
        for value in values {
            out.extend(body.iter().map(|part| {
                let mut part = part.clone();
                part.words.iter_mut().for_each(|word| replace(word, name, value));
                part
            }));
        }
    }
    out.truncate(most);
    out
}

fn loop_of(part: &Part) -> Option<(String, Vec<String>)> {
    match part.words.as_slice() {
        [first, name, word, values @ ..] if first == "for" && word == "in" => {
            let plain = values.iter().all(|value| !value.contains(['$', '*', '`', '{']));
            (plain && !values.is_empty()).then(|| (name.clone(), values.to_vec()))
        }
        _ => None,
    }
}

fn uses(part: &Part, name: &str) -> bool {
    part.words.iter().any(|word| {
        let mut copy = word.clone();
        replace(&mut copy, name, "");
        copy != *word
    })
}

/// `$NAME` and `${NAME}`, but not `$NAMES`.
fn replace(word: &mut String, name: &str, value: &str) {
    if !word.contains('$') || word.len() > WORD_BYTES_MAX || value.len() > WORD_BYTES_MAX {
        return;
    }
    let mut out = word.replace(&format!("${{{name}}}"), value);
    let short = format!("${name}");
    let mut from = 0;
    while let Some(at) = out.get(from..).and_then(|rest| rest.find(&short)).map(|at| at + from) {
        let end = at + short.len();
        let goes_on = out
            .get(end..)
            .and_then(|rest| rest.chars().next())
            .is_some_and(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        from = if goes_on {
            end
        } else {
            out.replace_range(at..end, value);
            at + value.len()
        };
        if out.len() > WORD_BYTES_MAX {
            return;
        }
    }
    *word = out;
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(command: &str, expected: &[&str]) {
        let parts = super::super::command::parts(command);
        let shown: Vec<String> = parts.iter().map(|part| part.words.join(" ")).collect();
        assert_eq!(shown, expected, "{command}");
    }

    #[test]
    fn puts_in_what_the_command_itself_sets() {
        check("A=x; b $A/y ${A}z $AB", &["b x/y xz $AB"]);
        check("export A=x && b $A", &["export A=x", "b x"]);
        check("A=$(c); b $A", &["c", "b $A"]);
        check("A=x b $A", &["b $A"]);
        check(
            "for i in 1 2; do a $i; b $i; done; c",
            &["for i in 1 2", "a 1", "b 1", "a 2", "b 2", "c"],
        );
        check("for i in *; do a $i; done", &["for i in *", "a $i"]);
    }

    #[test]
    fn stays_small() {
        let command = format!("A={}; b {}", "x".repeat(4_000), "$A".repeat(4_000));
        let parts = super::super::command::parts(&command);
        assert!(parts.iter().flat_map(|part| &part.words).all(|word| word.len() <= 16_000));
    }
}
