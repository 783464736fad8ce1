//! Which values a name of the text is given, and where they can be seen.
//!
//! A file holds many functions that call different things `id`; what counts is
//! what the name was last given before the place that uses it. What a value is
//! worth is [`super::safe`]'s.

use std::collections::HashMap;

use super::bindings::Reader;
use crate::flags::source::code::Code;
use crate::flags::source::{Language, Token};
use crate::flags::text::slice;

/// The most bindings of one name that are looked at.
const BINDINGS_MAX: usize = 24;

/// Something that is given to a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Binding {
    /// The token of the name.
    pub(super) at: usize,
    pub(super) how: How,
    pub(super) scope: usize,
}

/// How a name is given something; places are tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// `const x = …`: nothing before it is seen.
    Declared(usize),
    /// `x = …`
    Assigned(usize),
    /// `x += …`
    Appended(usize),
    /// `x.push(…)`: the bracket.
    Pushed(usize),
    /// `const { x } = …`, `for x in …`: a part of the value.
    Part(usize),
    /// `(x: number)`: what the caller promises.
    Number,
    /// `@Param('x', ParseIntPipe) x`: what the framework has checked.
    Converted,
    /// `(x)`
    Parameter,
    /// `function x(…)`: the bracket of its parameters.
    Defined(usize),
}

/// The bindings of every name of a text.
pub(super) struct Names<'a> {
    pub(super) bindings: HashMap<&'a [u8], Vec<Binding>>,
    pub(super) scopes: Vec<Scope>,
}

/// A block, as a range of tokens.
pub(super) struct Scope {
    pub(super) first: usize,
    pub(super) last: usize,
    /// The function that it belongs to, as an index of scopes.
    pub(super) function: usize,
}

impl<'a> Names<'a> {
    pub(super) fn of(code: &Code<'a>) -> Self {
        let whole = Scope { first: 0, last: usize::MAX, function: 0 };
        let names = Self { bindings: HashMap::new(), scopes: vec![whole] };
        let mut reader = Reader {
            code,
            names,
            open: Vec::new(),
            blocks: vec![(0, 0)],
            waiting: Vec::new(),
            defines: false,
        };
        for at in 0..code.tokens.len() {
            reader.step(at);
        }
        reader.names
    }

    /// What a name may hold where the token `place` uses it, the latest first.
    pub(super) fn visible(&self, name: &[u8], place: usize, language: Language) -> Vec<Binding> {
        let Some(all) = self.bindings.get(name) else { return Vec::new() };
        let mut seen = Vec::new();
        let before = all.partition_point(|binding| binding.at < place);
        for binding in all.get(..before).unwrap_or_default().iter().rev().take(BINDINGS_MAX) {
            let contains = self.contains(binding.scope, place);
            let local = language != Language::Python
                || self
                    .scopes
                    .get(binding.scope)
                    .is_some_and(|scope| self.contains(scope.function, place));
            let ends = match binding.how {
                How::Declared(_)
                | How::Part(_)
                | How::Number
                | How::Converted
                | How::Defined(_)
                | How::Parameter => {
                    if !contains && (language != Language::Python || !local) {
                        continue;
                    }
                    contains
                }
                How::Assigned(_) if !local => continue,
                How::Assigned(_) => contains,
                How::Appended(_) | How::Pushed(_) => false,
            };
            seen.push(*binding);
            if ends {
                return seen;
            }
        }
        if seen.is_empty() {
            // A constant of the file that stands below the function.
            let below = all.iter().skip(before).find(|binding| binding.scope == 0);
            seen.extend(below);
        }
        seen
    }

    fn contains(&self, scope: usize, place: usize) -> bool {
        self.scopes.get(scope).is_some_and(|scope| (scope.first..=scope.last).contains(&place))
    }
}

/// Methods that put something into a list.
pub(super) fn is_pushing(name: &[u8]) -> bool {
    matches!(name, b"push" | b"append" | b"unshift" | b"add" | b"extend" | b"insert")
}

impl Code<'_> {
    /// The column of a token that is the first of its line.
    pub(super) fn column_of_line(&self, at: usize) -> Option<usize> {
        let token = self.token(at)?;
        let before = at.checked_sub(1).and_then(|before| self.token(before));
        let from = before.map_or(0, Token::end);
        let gap = slice(self.text, from..token.start());
        match memchr::memrchr(b'\n', gap) {
            Some(newline) if before.is_none_or(|before| !before.is(b'\\')) => {
                Some(gap.len() - newline - 1)
            }
            None if at == 0 => Some(0),
            _ => None,
        }
    }
}
