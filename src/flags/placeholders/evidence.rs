//! How much of an answer is written out instead of found out.
//!
//! An expression is read as far as it takes to tell literal data from what
//! comes out of a call, and names are followed to what they stand for.

use std::cell::Cell;
use std::ops::Range;

use super::vocabulary::{self, Weight};
use crate::flags::handlers::outline::Outline;
use crate::flags::source::{Kind, Language};

/// How deep records lie in records, and names stand for names.
const DEPTH_MAX: usize = 10;
/// Tokens that are looked at for one answer.
pub(super) const TOKENS_MAX: usize = 3000;

/// What an expression amounts to.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::flags) struct Evidence {
    /// How much is written out, in half points.
    pub(in crate::flags) points: u32,
    /// Whether a word or a name says that it is made up.
    pub(in crate::flags) made_up: bool,
    /// Whether a part comes out of something that this text does not tell.
    pub(in crate::flags) real: bool,
    /// Whether a name of what it is made of is literal by nature.
    pub(in crate::flags) by_nature: bool,
}

impl Evidence {
    pub(super) fn add(&mut self, other: Self) {
        self.points += other.points;
        self.made_up |= other.made_up;
        self.real |= other.real;
        self.by_nature |= other.by_nature;
    }

    fn weigh(&mut self, weight: Weight) {
        self.points += weight.points;
        self.made_up |= weight.made_up;
    }
}

/// What the expression of these tokens amounts to.
pub(in crate::flags) fn of(outline: &Outline<'_>, value: Range<usize>) -> Evidence {
    let reader = Reader { outline, left: Cell::new(TOKENS_MAX) };
    reader.expression(value, b"", DEPTH_MAX)
}

pub(super) struct Reader<'o, 'a> {
    pub(super) outline: &'o Outline<'a>,
    left: Cell<usize>,
}

impl<'a> Reader<'_, 'a> {
    pub(super) fn name(&self, at: usize) -> &'a [u8] {
        self.outline.code.name(at)
    }

    pub(super) fn sign(&self, at: usize) -> u8 {
        self.outline.code.sign(at)
    }

    /// Whether there is still something to spend.
    pub(super) fn spend(&self, tokens: usize) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(tokens));
        left > tokens
    }

    pub(super) fn expression(&self, value: Range<usize>, key: &[u8], depth: usize) -> Evidence {
        let mut all = Evidence::default();
        if depth == 0 || value.start >= value.end || !self.spend(1) {
            return all;
        }
        let mut at = value.start;
        while matches!(self.name(at), b"return" | b"await" | b"new") && at < value.end {
            at += 1;
        }
        while at < value.end && self.spend(1) {
            let next = match self.outline.code.token(at).map(|token| token.kind) {
                None => break,
                Some(Kind::Sign(b'{')) if self.is_record(at, value.start) => {
                    let close = self.outline.closing(at);
                    all.add(self.record(at + 1..close.saturating_sub(1), depth));
                    close
                }
                Some(Kind::Sign(b'[')) if self.is_list(at, value.start) => {
                    let close = self.outline.closing(at);
                    all.add(self.list(at + 1..close.saturating_sub(1), depth));
                    close
                }
                Some(Kind::Sign(_)) => at + 1,
                Some(Kind::Number) => {
                    // Part of a calculation says nothing.
                    if value.end - value.start <= 2 {
                        let token = self.outline.code.token(at);
                        let number = token.map(|one| one.text(self.outline.code.text));
                        all.weigh(vocabulary::of_number(key, number.unwrap_or_default()));
                    }
                    at + 1
                }
                Some(Kind::Text(_)) => {
                    let token = self.outline.code.token(at);
                    let text = token.map(|one| self.outline.bytes(one.content()));
                    let text = text.unwrap_or_default();
                    let cut = text.get(..200).unwrap_or(text);
                    if value.end - value.start <= 2 {
                        all.weigh(vocabulary::of_text(key, cut));
                    }
                    at + 1
                }
                Some(Kind::Name) => {
                    if matches!(self.name(at), b"as" | b"satisfies") {
                        // A type runs to the end of the operand.
                        self.outline.expression_end(at + 1)
                    } else {
                        all.add(self.named_value(at, key, depth));
                        self.after_name(at, &mut all, depth)
                    }
                }
            };
            at = next.max(at + 1);
        }
        all
    }

    /// Not the block of a function.
    fn is_record(&self, at: usize, start: usize) -> bool {
        let before = at.saturating_sub(1);
        let arrow = self.sign(before) == b'>' && before > 0 && self.sign(before - 1) == b'=';
        self.outline.closing(at) > at && !(arrow || (self.sign(before) == b')' && at > start))
    }

    /// Not the index of something.
    fn is_list(&self, at: usize, start: usize) -> bool {
        let before = at.saturating_sub(1);
        let indexes = matches!(self.sign(before), b')' | b']')
            || (!self.name(before).is_empty()
                && !matches!(
                    self.name(before),
                    b"return" | b"in" | b"of" | b"await" | b"else" | b"or" | b"and"
                ));
        self.outline.closing(at) > at && (at == start || !indexes)
    }

    /// Where to go on after a name: past the arguments of a record's class.
    fn after_name(&self, at: usize, all: &mut Evidence, depth: usize) -> usize {
        let python = self.outline.code.language == Language::Python;
        let begins = self.name(at).first().is_some_and(u8::is_ascii_uppercase);
        let close = self.outline.closing(at + 1);
        let keyed = self.sign(at + 3) == b'=' && !self.name(at + 2).is_empty();
        if python && begins && keyed && self.sign(at + 1) == b'(' && self.sign(close) != b'.' {
            all.add(self.record(at + 2..close.saturating_sub(1), depth));
            return close;
        }
        at + 1
    }

    fn parts(&self, inner: Range<usize>) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let mut start = inner.start;
        let mut at = inner.start;
        while at < inner.end && self.spend(1) {
            at = match self.sign(at) {
                b',' => {
                    parts.push(start..at);
                    start = at + 1;
                    at + 1
                }
                b'(' | b'[' | b'{' => self.outline.closing(at).max(at + 1),
                _ => at + 1,
            };
        }
        if start < inner.end {
            parts.push(start..inner.end);
        }
        parts
    }

    /// `{ id: 1, name, ...rest }`, `User(id=1)`
    fn record(&self, inner: Range<usize>, depth: usize) -> Evidence {
        let (mut own, mut nested) = (Evidence::default(), Evidence::default());
        for part in self.parts(inner) {
            let first = part.start;
            let key = match self.outline.code.token(first) {
                Some(token) if token.is_string() => self.outline.bytes(token.content()),
                _ => self.name(first),
            };
            if vocabulary::is_error(key) {
                return Evidence { real: true, ..nested };
            }
            let keyed = matches!(self.sign(first + 1), b':' | b'=') && self.sign(first + 2) != b'=';
            let value = if keyed { first + 2..part.end } else { part };
            let one = self.expression(value.clone(), key, depth - 1);
            let inner = matches!(self.sign(value.start), b'{' | b'[');
            // A value that is found out does not make those beside it real when
            // they lie in a record of their own, and the other way round.
            if inner { nested.add(one) } else { own.add(one) }
        }
        let literal = if own.real && !own.made_up { 0 } else { own.points };
        nested.points += literal;
        nested.made_up |= own.made_up;
        nested.real |= own.real;
        nested.by_nature |= own.by_nature;
        nested
    }

    fn list(&self, inner: Range<usize>, depth: usize) -> Evidence {
        let mut all = Evidence::default();
        let comprehension =
            (inner.start..inner.end.min(inner.start + 200)).any(|at| self.name(at) == b"for");
        if comprehension && self.outline.code.language == Language::Python {
            return self.expression(inner, b"", depth - 1);
        }
        for part in self.parts(inner) {
            let one = self.expression(part, b"", depth - 1);
            // What has an id and nothing else is an option to choose.
            if one.points >= 2 || one.made_up {
                all.add(one);
            } else {
                all.real |= one.real;
            }
        }
        all
    }
}
