//! Names that hold a statement, and functions that fill one in:
//! `sql + x`, `sql.replace(a, x)`, `format(sql, x)`.

use super::Search;
use super::context::Around;
use super::expression::{Joined, slot_of};
use super::format::Given;
use super::safe::Verdict;
use super::slot::Slot;
use crate::flags::source::{Kind, Language, Token};

impl Search<'_> {
    /// What is put into the statement that the name at `at` holds.
    pub(super) fn variable(&self, at: usize) -> Option<Vec<Slot>> {
        let source = self.source;
        let code = &source.code;
        let words = self.statements.get(code.name(at))?;
        // `QUERIES["all"].format(…)`
        let mut next = at + 1;
        if code.sign(next) == b'[' && code.closing(next) == next + 3 {
            next += 3;
        }
        let python = code.language == Language::Python;
        let value = match (code.sign(next), code.sign(next + 1)) {
            (b'+', b'=') => next + 2,
            (b'+', sign) if sign != b'+' => next + 1,
            (b'.', b'=') if code.language == Language::Php => next + 2,
            (b'%', _) if python => {
                let end = code.operand_end(next + 1);
                return self.filled(at, words, true, &source.given(next + 1, end));
            }
            (b'.', _) if code.sign(next + 2) == b'(' => return self.method(at, next + 1, words),
            (b',', _) if code.sign(at.wrapping_sub(1)) == b'(' => {
                let around = source.around(at);
                let end = code.closing(at - 1);
                return (around.formats() && end > next + 1)
                    .then(|| self.filled(at, words, true, &self.listed(next + 1, end - 1)))?;
            }
            _ => return None,
        };
        let end = code.operand_end(value);
        let first = code.token(value)?;
        // A string that is appended is looked at when it is reached.
        let is_text = matches!(first.kind, Kind::Text(_) | Kind::Number);
        if end <= value || is_text || self.statements.contains_key(code.name(value)) {
            return None;
        }
        match source.value(value, end) {
            Verdict::Harmless | Verdict::Fragment => None,
            verdict => self.unless_said(at, vec![slot_of(verdict, words, "")]),
        }
    }

    /// `sql.format(…)`, `sql.replace(a, x)`, `sql.concat(x)`, `template.substitute(…)`
    fn method(&self, at: usize, name: usize, words: &str) -> Option<Vec<Slot>> {
        let source = self.source;
        let code = &source.code;
        let open = name + 1;
        let end = code.closing(open);
        match code.name(name) {
            b"format" | b"formatted" if end > open => {
                let percent = code.name(name) == b"formatted";
                self.filled(at, words, percent, &source.given(open, end))
            }
            b"replace" | b"replaceAll" | b"concat" | b"substitute" | b"safe_substitute" => {
                let from = match code.name(name) {
                    b"replace" | b"replaceAll" => code.expression_end(open + 1) + 1,
                    _ => open + 1,
                };
                let inner = end.saturating_sub(1);
                let worst =
                    source.arguments(code, from, inner, super::safe::Place { at, depth: 0 });
                let value = matches!(worst, Verdict::Unknown | Verdict::Foreign);
                let is_identifier = self.replaced_name(open + 1, words);
                let slot = if is_identifier { Slot::Identifier } else { Slot::Value };
                if value { self.unless_said(at, vec![slot]) } else { None }
            }
            _ => None,
        }
    }

    /// Whether what `.replace(…)` takes out of the words is a name.
    fn replaced_name(&self, first: usize, words: &str) -> bool {
        let code = &self.source.code;
        let what = code.token(first).filter(|token| token.is_string());
        let what = what.map(|token| super::slice(code.text, token.content()));
        let what = what.and_then(|what| std::str::from_utf8(what).ok()).unwrap_or_default();
        !what.is_empty()
            && words.split_once(what).is_some_and(|(before, after)| {
                super::slot::slot_between(before, after) == Slot::Identifier
            })
    }

    fn filled(
        &self,
        at: usize,
        words: &str,
        percent: bool,
        given: &Given<'_>,
    ) -> Option<Vec<Slot>> {
        let mut joined = Joined { words: words.replace('\u{1}', "0"), ..Joined::default() };
        joined.fill(percent, given);
        let slots = joined.slots();
        if slots.is_empty() { None } else { self.unless_said(at, slots) }
    }

    fn unless_said(&self, at: usize, slots: Vec<Slot>) -> Option<Vec<Slot>> {
        (!self.source.around(at).is_message()).then_some(slots)
    }

    /// The arguments between two tokens, each by itself.
    fn listed(&self, from: usize, to: usize) -> Given<'_> {
        let code = &self.source.code;
        let mut all = Vec::new();
        let mut at = from;
        while at < to {
            let end = code.expression_end(at).min(to);
            all.push(self.source.value(at, end));
            at = end.max(at) + 1;
        }
        Given::InOrder(all)
    }

    /// `format("SELECT … %s", x)`, `fmt.Sprintf(…)`, `format!(…)`.
    pub(super) fn fill_by_call(&self, at: usize, around: &Around<'_>, joined: &mut Joined) {
        let code = &self.source.code;
        let is_macro = code.language == Language::Rust
            && at
                .checked_sub(3)
                .is_some_and(|at| code.name(at) == b"format" && code.sign(at + 1) == b'!');
        if is_macro {
            return joined.fill(false, &Given::InOrder(vec![Verdict::Unknown]));
        }
        let is_first = code.sign(at.wrapping_sub(1)) == b'(';
        let safe_format = joined.words.contains("%L") || joined.words.contains("%I");
        if !is_first || !around.formats() || code.sign(joined.end) != b',' || safe_format {
            return;
        }
        let end = code.closing(at - 1).saturating_sub(1);
        let given = self.listed(joined.end + 1, end);
        if code.token(at).is_some_and(Token::is_string) {
            let percent = !matches!(code.language, Language::CSharp);
            joined.fill(percent, &given);
        }
    }
}
