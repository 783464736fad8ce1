//! Arithmetic, as far as it can be told: literals, known variables, `+ - * / %`.
//!
//! Whatever else is in it makes the result an unknown number.

use super::super::machine::Machine;
use super::super::parse::tree::Piece;
use super::super::state::{State, Variable};
use super::super::text::{self, NAME, Values};

impl Machine<'_> {
    /// The possible values of an arithmetic expression.
    pub(in crate::shell) fn arithmetic(&mut self, pieces: &[Piece], state: &mut State) -> Values {
        let values = self.expand_value(pieces, state);
        values.iter().map(|value| self.evaluate(value, state)).collect()
    }

    /// The value of an expression; variables that it assigns become numbers.
    pub(in crate::shell) fn evaluate(&mut self, expression: &str, state: &mut State) -> String {
        let mut known = Reader { text: expression.as_bytes(), at: 0, depth: 0, state };
        let value = known.sum().filter(|_| known.rest().is_empty());
        // The values of variables are expressions themselves, substitutions included.
        for name in names(expression) {
            if let Some(Variable::Scalar(values)) = state.variables.get(name).cloned() {
                self.hidden_all(&values, state);
            }
        }
        if let Some((name, value)) = assigned(expression) {
            let value = match value {
                Some(value) => {
                    self.deeper(|it| it.evaluate(value, state)).unwrap_or_else(|| NAME.to_string())
                }
                None => stepped(expression, name, state),
            };
            state.set(name, vec![value]);
        }
        value.map_or_else(|| NAME.to_string(), |value| value.to_string())
    }
}

/// `i++`, `i--`, `i+=1` on a known number.
fn stepped(expression: &str, name: &str, state: &State) -> String {
    let Some(Variable::Scalar(values)) = state.variables.get(name) else { return NAME.to_string() };
    let [value] = values.as_slice() else { return NAME.to_string() };
    let Ok(value) = value.parse::<i64>() else { return NAME.to_string() };
    let bare: String = expression.chars().filter(|char| !char.is_whitespace()).collect();
    match bare.strip_prefix(name).or_else(|| bare.strip_suffix(name)) {
        Some("++" | "+=1") => value.saturating_add(1).to_string(),
        Some("--" | "-=1") => value.saturating_sub(1).to_string(),
        _ => NAME.to_string(),
    }
}

fn names(expression: &str) -> impl Iterator<Item = &str> {
    expression
        .split(|char: char| !(char.is_ascii_alphanumeric() || char == '_'))
        .filter(|name| name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_'))
}

/// The variable that an expression assigns, with the new value of a plain `=`.
fn assigned(expression: &str) -> Option<(&str, Option<&str>)> {
    let name = names(expression).next()?;
    if let Some((left, right)) = expression.split_once('=') {
        if left.trim() == name && !right.starts_with('=') {
            return Some((name, Some(right)));
        }
        if left.ends_with(['+', '-', '*', '/', '%', '&', '|', '^', '<', '>'])
            && !right.starts_with('=')
        {
            return Some((name, None));
        }
    }
    (expression.contains("++") || expression.contains("--")).then_some((name, None))
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    depth: u32,
    state: &'a State,
}

impl Reader<'_> {
    fn rest(&self) -> &[u8] {
        self.text.get(self.at..).unwrap_or_default().trim_ascii()
    }

    fn next(&mut self) -> u8 {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.text.get(self.at).copied().unwrap_or(0)
    }

    fn sum(&mut self) -> Option<i64> {
        let mut value = self.product()?;
        loop {
            match self.next() {
                sign @ (b'+' | b'-')
                    if self.text.get(self.at + 1) != Some(&sign)
                        && self.text.get(self.at + 1) != Some(&b'=') =>
                {
                    self.at += 1;
                    let right = self.product()?;
                    value = if sign == b'+' {
                        value.checked_add(right)?
                    } else {
                        value.checked_sub(right)?
                    };
                }
                _ => return Some(value),
            }
        }
    }

    fn product(&mut self) -> Option<i64> {
        let mut value = self.term()?;
        loop {
            match self.next() {
                sign @ (b'*' | b'/' | b'%') if self.text.get(self.at + 1) != Some(&b'*') => {
                    self.at += 1;
                    let right = self.term()?;
                    value = match sign {
                        b'*' => value.checked_mul(right)?,
                        b'/' => value.checked_div(right)?,
                        _ => value.checked_rem(right)?,
                    };
                }
                _ => return Some(value),
            }
        }
    }

    fn term(&mut self) -> Option<i64> {
        match self.next() {
            b'(' if self.depth < 20 => {
                self.at += 1;
                self.depth += 1;
                let value = self.sum()?;
                self.depth -= 1;
                (self.next() == b')').then(|| self.at += 1)?;
                Some(value)
            }
            byte if byte.is_ascii_alphanumeric() || byte == b'_' => {
                let start = self.at;
                while self
                    .text
                    .get(self.at)
                    .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
                {
                    self.at += 1;
                }
                let word = std::str::from_utf8(self.text.get(start..self.at)?).ok()?;
                if byte.is_ascii_digit() {
                    return word.parse().ok();
                }
                match self.state.variables.get(word)? {
                    Variable::Scalar(values) => match values.as_slice() {
                        [value] if text::is_known(value) => value.trim().parse().ok(),
                        _ => None,
                    },
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
