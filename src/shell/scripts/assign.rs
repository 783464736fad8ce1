//! Assignments: what is bound, and when it replaces what was known.

use super::Language;
use super::lex::{Code, Token};
use super::scan::{Statements, follows_callee, starts_statement};
use super::value::Value;

impl Statements<'_, '_> {
    /// `name = value`, `name += value`, `a, b = x, y`.
    pub(super) fn assignment(&mut self, at: usize) {
        let Some(name) = self.code.word(at).map(str::to_owned) else { return };
        // `path: str = "x"` in Python and TypeScript.
        let typed = self.code.is(at + 1, ":")
            && self.code.word(at + 2).is_some()
            && self.code.is(at + 3, "=");
        let operator = if typed { at + 3 } else { at + 1 };
        match self.code.op(operator) {
            Some("=" | ":=" | "||=" | "??=") => {
                let unpacked = self.code.before(at) == Some(&Token::Op(","))
                    && matches!(self.walk.language, Language::Python | Language::Ruby);
                if unpacked || is_argument(self.code, at) && !self.code.is(operator, ":=") {
                    return;
                }
                let (value, end) = self.walk.expr(self.code, operator + 1);
                let value = self.tuple(value, end);
                self.pending.push((end, name, value));
            }
            Some("+=" | ".=" | "/=") => {
                let own = self.walk.lookup(&name);
                let (value, end) = self.walk.expr(self.code, operator + 1);
                self.pending.push((end, name, own.concat(&value)));
            }
            Some(",") if starts_statement(self.code, at) => self.unpack(at),
            _ => {}
        }
    }

    /// `x = a, b` is a tuple in Python.
    pub(super) fn tuple(&mut self, value: Value, end: usize) -> Value {
        if self.walk.language != Language::Python || !self.code.is(end, ",") {
            return value;
        }
        let mut items = vec![value];
        let mut at = end;
        while self.code.is(at, ",") && self.walk.fuel > 0 {
            let (value, next) = self.walk.expr(self.code, at + 1);
            items.push(value);
            at = next;
        }
        Value::list(items)
    }

    pub(super) fn unpack(&mut self, at: usize) {
        let (names, end) = names_from(self.code, at);
        if !self.code.is(end, "=") {
            return;
        }
        let (value, after) = self.walk.expr(self.code, end + 1);
        let value = self.tuple(value, after);
        for (position, name) in names.into_iter().enumerate() {
            let value = part_of(&value, position);
            self.pending.push((after, name, value));
        }
    }

    /// `my ($a, $b) = @ARGV`, `const [a, b] = …`, `const {a, b: c} = require(…)`.
    pub(super) fn destructure(&mut self, at: usize) {
        let close = self.code.close(at);
        if !matches!(self.code.op(at), Some("(" | "[" | "{")) || !self.code.is(close + 1, "=") {
            return;
        }
        let (value, end) = self.walk.expr(self.code, close + 2);
        let keyed = self.code.is(at, "{");
        let mut item = at + 1;
        let mut position = 0;
        while item < close {
            if let Some(name) = self.code.word(item).map(str::to_owned) {
                let renamed = keyed && self.code.is(item + 1, ":");
                let local = if renamed {
                    self.code.word(item + 2).map(str::to_owned)
                } else {
                    Some(name.clone())
                };
                let worth = match (&value, keyed) {
                    (Value::Name(owner), true) => Value::Name(format!("{owner}.{name}")),
                    (value, false) => part_of(value, position),
                    _ => Value::Unknown,
                };
                if let Some(local) = local {
                    self.pending.push((end, local, worth));
                }
                item += if renamed { 2 } else { 0 };
            }
            position += usize::from(self.code.is(item, ","));
            item += 1;
        }
    }

    pub(super) fn bind(&mut self, name: String, value: Value) {
        let name = match self.walk.language {
            Language::Perl => super::perl::container(&name).to_owned(),
            _ => name,
        };
        let here = self.blocks.open.last().map_or(0, |block| block.id);
        // Blocks are numbered as they open: a later one lies inside this one, an
        // earlier one around or beside it, so that its value may still stand.
        let value = match self.walk.names.remove(&name) {
            Some((known, block)) if block < here => known.or(value),
            _ => value,
        };
        self.walk.names.insert(name, (value, here));
    }

    pub(super) fn shadow(&mut self, name: String, value: Value) {
        let here = self.blocks.open.last().map_or(0, |block| block.id);
        let before = self.walk.names.insert(name.clone(), (value, here));
        if let Some(block) = self.blocks.open.last_mut() {
            block.shadowed.push((name, before));
        }
    }

    /// Assignments whose right side has been passed.
    pub(super) fn settle(&mut self, at: usize) {
        while let Some(index) = self.pending.iter().position(|(end, ..)| *end <= at) {
            let (_, name, value) = self.pending.remove(index);
            self.bind(name, value);
        }
    }
}

/// Whether `name = …` at `at` is a keyword argument.
pub(super) fn is_argument(code: &Code, at: usize) -> bool {
    let mut depth = 0_usize;
    for at in (at.saturating_sub(24)..at).rev() {
        match code.get(at) {
            Some(Token::Op(")" | "]" | "}")) => depth += 1,
            Some(Token::Op("(")) if depth == 0 => {
                return follows_callee(code, at)
                    && !matches!(code.before(at), Some(Token::Word(word)) if matches!(word.as_str(), "while" | "elsif" | "unless"));
            }
            Some(Token::Op("(" | "[" | "{")) => {
                if depth == 0 {
                    return false;
                }
                depth -= 1;
            }
            Some(Token::Op(";") | Token::Line(_)) => return false,
            _ => {}
        }
    }
    false
}

/// `a, b` or `a` from `at`: the names, and what follows.
pub(super) fn names_from(code: &Code, at: usize) -> (Vec<String>, usize) {
    let mut names = Vec::new();
    let mut at = at;
    loop {
        match code.get(at) {
            Some(Token::Word(name)) if !matches!(name.as_str(), "in" | "of" | "as") => {
                names.push(name.clone());
            }
            Some(Token::Op("," | "*")) => {}
            Some(Token::Op("("))
                if names.is_empty() || matches!(code.before(at), Some(Token::Op(","))) => {}
            Some(Token::Op(")")) if matches!(code.get(at + 1), Some(Token::Op(","))) => {}
            _ => return (names, at),
        }
        at += 1;
    }
}

pub(super) fn part_of(value: &Value, position: usize) -> Value {
    match value {
        Value::List(items) => items.get(position).cloned().unwrap_or(Value::Unknown),
        Value::Texts(none) if none.is_empty() => value.clone(),
        _ => Value::Unknown,
    }
}
