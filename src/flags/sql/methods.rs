//! Methods that are called on a string: `.format(x)`, `% x`, `.replace(a, x)`.
//!
//! What the string is joined with is [`super::expression`]'s.

use std::ops::Range;

use super::expression::{Joined, WORDS_MAX};
use super::format::Given;
use super::safe::{Source, Verdict};
use crate::flags::source::code::Code;
use crate::flags::source::{Language, Token};
use crate::flags::text::slice;

impl Source<'_> {
    /// `.format(x)`, `% x`, `.replace(a, x)`, `.concat(x)` after the string.
    pub(super) fn add_method(&self, joined: &mut Joined, at: usize) -> usize {
        let formats = matches!(self.code.language, Language::Python | Language::Ruby);
        if self.code.sign(at) == b'%' && formats && joined.words.contains('%') {
            let end = self.code.operand_end(at + 1);
            joined.fill(true, &self.given(at + 1, end));
            joined.code.push(self.span(at + 1, end));
            return end.max(at + 1);
        }
        if self.code.sign(at) != b'.' || self.code.sign(at + 2) != b'(' {
            return at;
        }
        let end = self.code.closing(at + 2);
        if end <= at + 2 {
            return at;
        }
        match self.code.name(at + 1) {
            b"format" | b"formatted" => {
                let percent = self.code.name(at + 1) == b"formatted";
                joined.fill(percent, &self.given(at + 2, end));
            }
            b"replace" | b"replaceAll" | b"gsub" | b"sub" => {
                let what = self.code.token(at + 3).filter(|token| token.is_string());
                let what = what.map(|token| slice(self.code.text, token.content()));
                let value = self.code.expression_end(at + 3) + 1;
                if value < end {
                    let verdict = self.value(value, end - 1);
                    if verdict != Verdict::Harmless {
                        joined.replace(what.unwrap_or_default(), verdict);
                    }
                }
            }
            b"concat" => {
                let mut from = at + 3;
                while from < end - 1 {
                    let to = self.code.expression_end(from).min(end - 1);
                    if self.code.token(from).is_some_and(Token::is_string) && to == from + 1 {
                        let token = self.code.words(from, WORDS_MAX);
                        joined.words.push_str(&String::from_utf8_lossy(&token));
                    } else {
                        joined.put(self.value(from, to));
                    }
                    from = to.max(from) + 1;
                }
            }
            b"trim" | b"strip" | b"rstrip" | b"lstrip" | b"trimStart" | b"trimEnd" => {}
            _ => return at,
        }
        joined.code.push(self.span(at + 2, end));
        end
    }

    fn span(&self, from: usize, to: usize) -> Range<usize> {
        let start = self.code.token(from).map_or(0, Token::start);
        start..self.code.token(to.saturating_sub(1)).map_or(start, Token::end)
    }

    /// What a format is given: `(a, b)`, `{"a": b}`, `a`.
    pub(super) fn given(&self, from: usize, to: usize) -> Given<'_> {
        let code: &Code<'_> = &self.code;
        if !matches!(code.sign(from), b'(' | b'{') || code.closing(from) != to {
            return Given::InOrder(vec![self.value(from, to)]);
        }
        let mut all = Vec::new();
        let mut names = Vec::new();
        let mut at = from + 1;
        while at + 1 < to {
            let key = match code.token(at) {
                Some(token) if token.is_string() && code.sign(at + 1) == b':' => {
                    slice(code.text, token.content())
                }
                _ if code.sign(at + 1) == b'=' && code.sign(at + 2) != b'=' => code.name(at),
                _ => b"",
            };
            let begin = if key.is_empty() { at } else { at + 2 };
            let end = code.expression_end(begin).min(to - 1);
            let verdict = self.value(begin, end);
            names.push((key, verdict));
            all.push(verdict);
            at = end.max(at) + 1;
        }
        if names.iter().any(|(key, _)| !key.is_empty()) {
            Given::Named(names)
        } else {
            Given::InOrder(all)
        }
    }
}
