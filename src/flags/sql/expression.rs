//! What is done with a string: joined, formatted, appended to, handed over.
//!
//! Reads the tokens around a string; whether what is put in is harmless is
//! [`super::safe`]'s.

use std::ops::Range;

use super::format::{formatted, has_percent};
use super::safe::{Constants, is_fragment};
use super::statement::{Slot, slot_after};
use crate::flags::source::code::{Code, EXPRESSION_TOKENS_MAX};
use crate::flags::source::{Form, Kind, Language, Piece, Token, pieces};
use crate::flags::text::slice;

/// A string together with everything that is joined to it.
#[derive(Clone, Debug, Default)]
pub(super) struct Joined {
    /// The words, with `\u{1}` where a value goes.
    pub(super) words: String,
    /// Where each value goes.
    pub(super) slots: Vec<Slot>,
    /// The token after it.
    pub(super) end: usize,
}

/// Code, and what is known of its names.
pub(super) struct Source<'a> {
    pub(super) code: Code<'a>,
    pub(super) constants: Constants<'a>,
}

impl Source<'_> {
    /// The string at `head` and all that is joined, formatted or put into it.
    pub(super) fn joined(&self, head: usize) -> Joined {
        let mut joined = Joined { end: head, ..Joined::default() };
        let opens = self.opening_parens(head);
        let mut at = head;
        let stop = head + EXPRESSION_TOKENS_MAX;
        while at < stop {
            let Some(token) = self.code.token(at) else { break };
            if let Kind::Text(form) = token.kind {
                self.add_text(&mut joined, token.content(), form);
                at += 1;
            } else {
                let end = self.code.operand_end(at);
                if end == at {
                    break;
                }
                self.add_operand(&mut joined, at, end);
                at = end;
            }
            joined.end = at;
            at = self.after_closing(at, opens);
            at = self.add_method(&mut joined, at);
            joined.end = joined.end.max(at);
            match self.continues(at) {
                Some(next) => at = next,
                None => break,
            }
        }
        joined
    }

    /// How many parentheses that only group open right before the string.
    fn opening_parens(&self, head: usize) -> usize {
        let mut count = 0;
        while count < 4 && head > count && self.code.sign(head - count - 1) == b'(' {
            let before = head.checked_sub(count + 2);
            let called = before.is_some_and(|before| {
                let keyword = matches!(
                    self.code.name(before),
                    b"return" | b"in" | b"await" | b"yield" | b"and" | b"or" | b"not"
                );
                self.code.token(before).is_some_and(|token| token.kind == Kind::Name) && !keyword
                    || matches!(self.code.sign(before), b')' | b']')
            });
            if called {
                break;
            }
            count += 1;
        }
        count
    }

    fn after_closing(&self, mut at: usize, opens: usize) -> usize {
        for _ in 0..opens {
            if self.code.sign(at) != b')' {
                break;
            }
            at += 1;
        }
        at
    }

    /// The place of the next operand when the string goes on: `+`, `.` in PHP,
    /// or simply the next string.
    fn continues(&self, at: usize) -> Option<usize> {
        let sign = self.code.sign(at);
        let next = self.code.sign(at + 1);
        let plus = sign == b'+' && next != b'=' && next != b'+';
        let dot = sign == b'.' && self.code.language == Language::Php && next != b'=';
        if plus || dot {
            return Some(at + 1);
        }
        let is_text = self.code.token(at).is_some_and(Token::is_string);
        (is_text && matches!(self.code.language, Language::Python | Language::Ruby)).then_some(at)
    }

    fn add_text(&self, joined: &mut Joined, content: Range<usize>, form: Form) {
        for piece in pieces(self.code.text, content, form) {
            match piece {
                Piece::Words(span) => {
                    joined.words.push_str(&String::from_utf8_lossy(slice(self.code.text, span)));
                }
                Piece::Code(span) => {
                    let code = slice(self.code.text, span);
                    // `$${index}` numbers a parameter.
                    let numbered =
                        joined.words.ends_with(['$', ':', '@']) && form == Form::Template;
                    if numbered || self.is_safe(code) {
                        joined.words.push('0');
                    } else {
                        joined.slots.push(slot_of(code, &joined.words));
                        joined.words.push('\u{1}');
                    }
                }
            }
        }
    }

    fn add_operand(&self, joined: &mut Joined, at: usize, end: usize) {
        let start = self.code.token(at).map_or(0, Token::start);
        let close = self.code.token(end - 1).map_or(start, Token::end);
        let code = slice(self.code.text, start..close);
        let number = self.code.token(at).is_some_and(|token| token.kind == Kind::Number);
        if (number && end == at + 1) || self.is_safe(code) {
            joined.words.push('0');
        } else {
            joined.slots.push(slot_of(code, &joined.words));
            joined.words.push('\u{1}');
        }
    }

    /// `.format(x)`, `% x`, `.replace(a, x)`, `.concat(x)` after the string.
    fn add_method(&self, joined: &mut Joined, at: usize) -> usize {
        let percent = self.code.sign(at) == b'%'
            && matches!(self.code.language, Language::Python | Language::Ruby);
        if percent && joined.words.contains('%') {
            let end = self.code.operand_end(at + 1);
            let safe = self.is_literal(at + 1, end) || self.all_safe(at + 1, end);
            return formatted(joined, at, end, safe, has_percent(&joined.words));
        }
        if self.code.sign(at) != b'.' || self.code.sign(at + 2) != b'(' {
            return at;
        }
        let end = self.code.closing(at + 2);
        let safe = self.is_literal(at + 3, end.saturating_sub(1))
            || self.all_safe(at + 3, end.saturating_sub(1));
        let takes = match self.code.name(at + 1) {
            b"format" | b"formatted" => joined.words.contains('{') || joined.words.contains('%'),
            b"replace" | b"replaceAll" | b"concat" | b"gsub" | b"sub" => true,
            _ => return at,
        };
        formatted(joined, at, end, safe, takes)
    }
}

fn slot_of(code: &[u8], before: &str) -> Slot {
    if is_fragment(code) && !before.ends_with('\'') { Slot::Identifier } else { slot_after(before) }
}
