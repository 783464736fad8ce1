//! Can a value carry foreign text into a statement?
//!
//! Constants, numbers, lists of placeholders and what was escaped cannot. The
//! operators of an expression are taken apart here, one operand is
//! [`super::operand`]'s, what a name was given is [`super::names`]'s.

use std::cell::{Cell, OnceCell};

use super::names::Names;
use super::operators::{Operators, parts};
use super::slot::{Slot, slot_between};
use crate::flags::source::code::Code;
use crate::flags::source::{Language, Token};
use crate::flags::text::slice;

/// How deep names, calls and templates are followed.
const DEPTH_MAX: u8 = 12;
/// How many expressions of one text are judged; what comes after is unknown.
const JUDGED_MAX: u32 = 40_000;

/// What a value may bring into a statement; the worse is the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    /// Constants, numbers, placeholders, escaped text.
    Harmless,
    /// A piece of SQL that is judged where it is made.
    Fragment,
    /// Nothing is known of it.
    Unknown,
    /// Seen to come from a request, or to be joined with something foreign.
    Foreign,
}

/// Code, and what is known of its names.
pub(super) struct Source<'a> {
    pub(super) code: Code<'a>,
    pub(super) names: OnceCell<Names<'a>>,
    judged: Cell<u32>,
}

/// Where an expression stands: the token whose names it sees, and how deep it
/// was followed to.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) at: usize,
    pub(super) depth: u8,
}

impl<'a> Source<'a> {
    pub(super) fn of(code: Code<'a>) -> Self {
        Self { code, names: OnceCell::new(), judged: Cell::new(0) }
    }

    /// What the tokens from `from` to `to` of the text may bring in.
    pub(super) fn value(&self, from: usize, to: usize) -> Verdict {
        self.judge(&self.code, from, to, Place { at: from, depth: 0 })
    }

    /// The same for code within a string, as written.
    pub(super) fn hole(&self, text: &[u8], place: Place) -> Verdict {
        let code = Code::of(text, self.code.language);
        let end = if code.language == Language::Python {
            code.expression_end(0)
        } else {
            code.tokens.len()
        };
        // `{x:.2f}` takes nothing but numbers.
        let number = end < code.tokens.len() && matches!(text.last(), Some(b'd' | b'f'));
        if number && code.sign(end) == b':' {
            return Verdict::Harmless;
        }
        let shown = end > 2 && code.sign(end - 2) == b'!';
        self.judge(&code, 0, if shown { end - 2 } else { end }, place)
    }

    pub(super) fn judge(&self, code: &Code<'_>, from: usize, to: usize, place: Place) -> Verdict {
        self.judged.set(self.judged.get() + 1);
        if self.judged.get() > JUDGED_MAX || place.depth > DEPTH_MAX {
            return Verdict::Unknown;
        }
        let mut place = Place { depth: place.depth + 1, ..place };
        let (mut from, mut to) = (from, to);
        loop {
            let keyword = matches!(code.name(from), b"await" | b"new" | b"return" | b"yield");
            if keyword && from + 1 < to {
                from += 1;
            } else if code.sign(from) == b'(' && to > from + 1 && code.closing(from) == to {
                (from, to) = (from + 1, to - 1);
            } else {
                break;
            }
        }
        if std::ptr::eq(code, &raw const self.code) {
            place.at = from;
        }
        if from >= to {
            return Verdict::Harmless;
        }
        if doubles_quotes(code, to) {
            return Verdict::Harmless;
        }
        let signs = Operators::of(code, from, to);
        if signs.lists {
            return self.arguments(code, from, to, place);
        }
        if let Some((question, colon)) = signs.choice {
            let then = self.chosen(code, (question + 1, colon), (from, question), place);
            return then.max(self.chosen(code, (colon + 1, to), (from, question), place));
        }
        if let Some((condition, otherwise)) = signs.inline {
            let then = self.chosen(code, (from, condition), (condition + 1, otherwise), place);
            return then.max(self.judge(code, otherwise + 1, to, place));
        }
        if !signs.or.is_empty() {
            let parts = parts(from, &signs.or, to);
            let judged = parts.map(|(from, to)| self.judge(code, from, to, place));
            return judged.max().unwrap_or(Verdict::Unknown);
        }
        if let Some((_, after)) = signs.and.last() {
            return self.judge(code, *after, to, place);
        }
        if signs.compares || matches!(code.sign(from), b'!') || code.name(from) == b"not" {
            return Verdict::Harmless;
        }
        if !signs.plus.is_empty() {
            return self.sum(code, parts(from, &signs.plus, to), place);
        }
        self.product(code, (from, to), &signs, place)
    }

    /// `"a = '" + b + "'"`: what goes where in the words decides.
    fn sum(
        &self,
        code: &Code<'_>,
        parts: impl Iterator<Item = (usize, usize)>,
        place: Place,
    ) -> Verdict {
        let mut worst = Verdict::Harmless;
        let mut words = String::new();
        let mut marks = Vec::new();
        for (from, to) in parts {
            let text = code.token(from).filter(|token| token.is_string() && to == from + 1);
            let judged = self.judge(code, from, to, place);
            if let Some(text) = text {
                words.push_str(&String::from_utf8_lossy(slice(code.text, text.content())));
                worst = worst.max(judged);
            } else if !is_numbered(&words) {
                marks.push((words.len(), judged));
                words.push('\u{1}');
            }
        }
        for (at, judged) in &marks {
            let (before, after) = words.split_at(*at);
            let alone = marks.len() == 1 && words.len() == 1;
            worst = worst.max(if alone {
                *judged
            } else {
                in_slot(*judged, before, after.get(1..).unwrap_or_default())
            });
        }
        worst
    }

    /// `a * b`, `a % b` and single operands.
    fn product(
        &self,
        code: &Code<'_>,
        (from, to): (usize, usize),
        signs: &Operators,
        place: Place,
    ) -> Verdict {
        let Some(first) = signs.times.first().copied() else {
            return if matches!(code.sign(from), b'-' | b'~' | b'+') {
                self.product_of_sign(code, from, to, place)
            } else {
                self.operand(code, from, to, place)
            };
        };
        let left = self.judge(code, from, first, place);
        match (code.language, code.sign(first)) {
            // JavaScript makes numbers of whatever is calculated with.
            (Language::JavaScript, _) | (Language::Python, b'-' | b'/') => Verdict::Harmless,
            // `"?" * n`, `["%s"] * n`
            (_, b'*') => {
                let right = self.judge(code, first + 1, to, place);
                let text = |at: usize| {
                    code.token(at).is_some_and(Token::is_string) || code.sign(at) == b'['
                };
                if text(from) {
                    left
                } else if text(first + 1) {
                    right
                } else {
                    left.max(right)
                }
            }
            (_, b'%') if code.token(from).is_some_and(Token::is_string) => {
                let right = self.judge(code, first + 1, to, place);
                left.max(right)
            }
            _ => left.max(self.judge(code, first + 1, to, place)),
        }
    }

    fn product_of_sign(&self, code: &Code<'_>, from: usize, to: usize, place: Place) -> Verdict {
        if code.language == Language::JavaScript && code.sign(from) != b'*' {
            return Verdict::Harmless;
        }
        self.judge(code, from + 1, to, place)
    }

    /// A branch that a condition may have checked: `list.includes(x) ? x : 'a'`,
    /// `x if x in list else "a"`.
    fn chosen(
        &self,
        code: &Code<'_>,
        (from, to): (usize, usize),
        (begin, end): (usize, usize),
        place: Place,
    ) -> Verdict {
        let judged = self.judge(code, from, to, place);
        let name = code.name(from);
        let is_looked_up = (begin..end).any(|at| {
            let asks = matches!(
                code.name(at),
                b"includes"
                    | b"has"
                    | b"in"
                    | b"hasOwnProperty"
                    | b"hasOwn"
                    | b"test"
                    | b"match"
                    | b"isdigit"
                    | b"isInteger"
                    | b"indexOf"
                    | b"isidentifier"
                    | b"isalnum"
            );
            asks && (begin..end).any(|at| code.name(at) == name)
        });
        if !name.is_empty() && is_looked_up { Verdict::Harmless } else { judged }
    }

    /// The worst of all arguments between two brackets.
    pub(super) fn arguments(
        &self,
        code: &Code<'_>,
        from: usize,
        to: usize,
        place: Place,
    ) -> Verdict {
        let mut worst = Verdict::Harmless;
        let mut at = from;
        while at < to {
            // `name=value`, `key: value`
            let named = !code.name(at).is_empty()
                && (code.sign(at + 1) == b'=' && !matches!(code.sign(at + 2), b'=' | b'>')
                    || code.sign(at + 1) == b':');
            let keyed = code.token(at).is_some_and(Token::is_string) && code.sign(at + 1) == b':';
            let begin = if named || keyed { at + 2 } else { at };
            let end = code.expression_end(begin).min(to);
            worst = worst.max(self.element(code, begin, end, place));
            at = end.max(at) + 1;
        }
        worst
    }

    /// `x for y in z`: what comes before the `for` counts.
    fn element(&self, code: &Code<'_>, from: usize, to: usize, place: Place) -> Verdict {
        let python = code.language == Language::Python;
        let each = (from..to).find(|at| python && code.name(*at) == b"for");
        self.judge(code, from, each.unwrap_or(to), place)
    }
}

/// Whether what follows numbers or names a parameter: `$${i}`, `:${name}`.
pub(super) fn is_numbered(before: &str) -> bool {
    before.ends_with(['$', ':', '@', '?']) || before.ends_with("%(")
}

/// The verdict on a string, for one value of it.
pub(super) fn in_slot(judged: Verdict, before: &str, after: &str) -> Verdict {
    match (judged, slot_between(before, after)) {
        (Verdict::Unknown, Slot::Identifier) => Verdict::Fragment,
        (Verdict::Unknown, Slot::Value) => Verdict::Foreign,
        _ => judged,
    }
}

/// `name.replace('"', '""')`: how a name is quoted for a statement.
fn doubles_quotes(code: &Code<'_>, to: usize) -> bool {
    const REACH: usize = 24;
    let end = to.checked_sub(1).and_then(|at| code.token(at)).map_or(0, Token::end);
    let tail = slice(code.text, end.saturating_sub(REACH)..end);
    [&b".replace('\"', '\"\"')"[..], b".replaceAll('\"', '\"\"')", b".replace(/\"/g, '\"\"')"]
        .iter()
        .any(|call| tail.ends_with(call))
}
