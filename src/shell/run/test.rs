//! `test`, `[` and `[[`: decided where both sides are known, else both ways.

use super::super::expand::pattern;
use super::super::machine::{Machine, Outcome};
use super::super::parse::tree::Word;
use super::super::state::State;
use super::super::text;

impl Machine<'_> {
    /// `[[ … ]]`: substitutions in it run; a single comparison is decided.
    pub(super) fn double_bracket(&mut self, words: &[Word], state: State) -> Outcome {
        let mut state = state;
        let mut values = Vec::new();
        for (index, word) in words.iter().enumerate() {
            let pattern = index == 2 && words.len() == 3;
            values.push(if pattern {
                self.expand_pattern(&word.pieces, &mut state)
            } else {
                self.expand_text(word, &mut state)
            });
        }
        let single: Option<Vec<&str>> = values
            .iter()
            .map(|values| match values.as_slice() {
                [only] => Some(only.as_str()),
                _ => None,
            })
            .collect();
        let decided = single.and_then(|words| match words.as_slice() {
            [left, sign @ ("==" | "=" | "!="), right]
                if all_known(&[left, right]) && !right.contains('(') =>
            {
                Some(pattern::matches(right, left) == (*sign != "!="))
            }
            [sign, word] => unary(sign, word),
            _ => None,
        });
        outcome(decided, state)
    }

    /// `test` and `[` over expanded words.
    pub(in crate::shell) fn test(&mut self, words: &[String], state: State) -> Outcome {
        let words: Vec<&str> = words.iter().map(String::as_str).skip(1).collect();
        let words = match words.as_slice() {
            [inner @ .., "]"] => inner,
            words => words,
        };
        if let ["-v" | "-R", name] = words {
            self.hidden(name, &state);
        }
        let (negated, words) = match words {
            ["!", rest @ ..] => (true, rest),
            words => (false, words),
        };
        let decided = match words {
            [] => Some(false),
            [word] if text::is_known(word) => Some(!word.is_empty()),
            [sign, word] => unary(sign, word),
            [left, "=" | "==", right] if all_known(&[left, right]) => Some(left == right),
            [left, "!=", right] if all_known(&[left, right]) => Some(left != right),
            _ => None,
        };
        outcome(decided.map(|decided| decided != negated), state)
    }
}

fn all_known(words: &[&str]) -> bool {
    words.iter().all(|word| text::is_known(word))
}

/// `-z` and `-n`; what files are there may change while the command runs.
fn unary(sign: &str, word: &str) -> Option<bool> {
    match sign {
        "-z" if text::is_known(word) => Some(word.is_empty()),
        "-n" if text::is_known(word) => Some(!word.is_empty()),
        _ => None,
    }
}

fn outcome(decided: Option<bool>, state: State) -> Outcome {
    match decided {
        Some(true) => Outcome::sure(state),
        Some(false) => Outcome::failure(state),
        None => Outcome::silent(state),
    }
}
