//! What is done with a string: joined, formatted, handed to a method.
//!
//! Reads the tokens after a string; whether what is put in is harmless is
//! [`super::safe`]'s.

use std::ops::Range;

use super::format::{Given, filled};
use super::safe::{Place, Source, Verdict, is_numbered};
use super::slot::{Slot, slot_between};
use crate::flags::source::code::EXPRESSION_TOKENS_MAX;
use crate::flags::source::{Form, Kind, Language, Piece, Token, pieces};
use crate::flags::text::slice;

/// The longest statement that is put together, in bytes.
pub(super) const WORDS_MAX: usize = 64 * 1024;
/// Calls after a string, at most.
const METHODS_MAX: usize = 12;

/// A string together with everything that is joined to it.
#[derive(Clone, Debug, Default)]
pub(super) struct Joined {
    /// The words, with `\u{1}` where a value goes and `0` where a harmless one.
    pub(super) words: String,
    /// What each `\u{1}` may bring in.
    pub(super) verdicts: Vec<Verdict>,
    /// The code of everything that is put in, as bytes of the text.
    pub(super) code: Vec<Range<usize>>,
    /// The token after it.
    pub(super) end: usize,
}

impl Joined {
    pub(super) fn put(&mut self, verdict: Verdict) {
        if verdict == Verdict::Harmless {
            self.words.push('0');
        } else {
            self.verdicts.push(verdict);
            self.words.push('\u{1}');
        }
    }

    /// Where every value goes that may be foreign.
    pub(super) fn slots(&self) -> Vec<Slot> {
        let marks = self.words.match_indices('\u{1}').map(|(at, _)| at);
        let placed = marks.zip(&self.verdicts).map(|(at, verdict)| {
            let before = self.words.get(..at).unwrap_or_default();
            let after = self.words.get(at + 1..).unwrap_or_default();
            slot_of(*verdict, before, after)
        });
        placed.collect()
    }

    /// Replaces the marks of a format; no marks, no change.
    pub(super) fn fill(&mut self, percent: bool, given: &Given<'_>) {
        let Some(new) = filled(&self.words, percent, given) else { return };
        let mut old = self.verdicts.iter().copied();
        let mut added = new.marks.iter().peekable();
        let mut verdicts = Vec::new();
        for (at, _) in new.words.match_indices('\u{1}') {
            match added.next_if(|(place, _)| *place == at) {
                Some((_, verdict)) => verdicts.push(*verdict),
                None => verdicts.extend(old.next()),
            }
        }
        self.words = new.words;
        self.verdicts = verdicts;
    }

    /// Puts a value in the place of some of the words, or else behind them.
    pub(super) fn replace(&mut self, what: &[u8], verdict: Verdict) {
        let what = std::str::from_utf8(what).unwrap_or_default();
        let at = if what.len() > 1 { self.words.find(what) } else { None };
        let Some(at) = at else { return self.put(verdict) };
        let earlier = self.words.get(..at).map_or(0, |words| words.matches('\u{1}').count());
        let mark = if verdict == Verdict::Harmless { "0" } else { "\u{1}" };
        self.words.replace_range(at..at + what.len(), mark);
        if verdict != Verdict::Harmless {
            self.verdicts.insert(earlier.min(self.verdicts.len()), verdict);
        }
    }
}

/// What a value is, by what it may bring in and where it goes.
pub(super) fn slot_of(verdict: Verdict, before: &str, after: &str) -> Slot {
    match verdict {
        Verdict::Foreign => Slot::Value,
        Verdict::Fragment if !before.ends_with('\'') => Slot::Identifier,
        _ => slot_between(before, after),
    }
}

impl Source<'_> {
    /// The string at `head` and all that is joined, formatted or put into it.
    pub(super) fn joined(&self, head: usize) -> Joined {
        let mut joined = Joined { end: head, ..Joined::default() };
        let opens = self.opening_parens(head);
        let mut at = head;
        let stop = head + EXPRESSION_TOKENS_MAX;
        while at < stop && joined.words.len() < WORDS_MAX {
            let Some(token) = self.code.token(at) else { break };
            let separator = self.code.sign(at + 1) == b'.' && self.code.name(at + 2) == b"join";
            match token.kind {
                Kind::Text(form) if !separator || at == head => {
                    self.add_text(&mut joined, at, token.content(), form);
                    at += 1;
                }
                _ => {
                    let end = self.code.operand_end(at);
                    if end == at {
                        break;
                    }
                    self.add_operand(&mut joined, at, end);
                    at = end;
                }
            }
            joined.end = at;
            at = self.after_closing(at, opens);
            for _ in 0..METHODS_MAX {
                let after = self.add_method(&mut joined, at);
                if after == at {
                    break;
                }
                at = after;
            }
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
                    b"return" | b"in" | b"await" | b"yield" | b"and" | b"or" | b"not" | b"dedent"
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

    fn add_text(&self, joined: &mut Joined, at: usize, content: Range<usize>, form: Form) {
        if form == Form::Plain {
            let words = slice(self.code.text, content);
            return joined.words.push_str(&String::from_utf8_lossy(words));
        }
        for piece in pieces(self.code.text, content, form) {
            match piece {
                Piece::Words(span) => {
                    joined.words.push_str(&String::from_utf8_lossy(slice(self.code.text, span)));
                }
                Piece::Code(span) if is_numbered(&joined.words) => {
                    joined.code.push(span);
                    joined.words.push('0');
                }
                Piece::Code(span) => {
                    let code = slice(self.code.text, span.clone());
                    let verdict = if self.is_checked_page(code, &joined.words, at) {
                        Verdict::Harmless
                    } else {
                        self.hole(code, Place { at, depth: 0 })
                    };
                    joined.put(verdict);
                    joined.code.push(span);
                }
            }
        }
    }

    fn add_operand(&self, joined: &mut Joined, at: usize, end: usize) {
        let start = self.code.token(at).map_or(0, Token::start);
        let close = self.code.token(end - 1).map_or(start, Token::end);
        let code = slice(self.code.text, start..close);
        let numbered = is_numbered(&joined.words) && !joined.words.ends_with('?');
        let verdict = if numbered || self.is_checked_page(code, &joined.words, at) {
            Verdict::Harmless
        } else {
            self.value(at, end)
        };
        joined.put(verdict);
        joined.code.push(start..close);
    }

    /// `LIMIT ${limit}`, where `limit` is a parameter that is said to be a number.
    fn is_checked_page(&self, code: &[u8], before: &str, at: usize) -> bool {
        let words = before.trim_end();
        let page = words.len().checked_sub(6).and_then(|from| words.get(from..));
        page.is_some_and(|word| {
            word.eq_ignore_ascii_case(" limit") || word.eq_ignore_ascii_case("offset")
        }) && self.is_number_parameter(code.trim_ascii(), at)
    }
}
