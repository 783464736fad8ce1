//! Reads a text in order and notes what every name is given, and in which block.
//!
//! What of it a place sees is [`super::names`]'s.

use super::names::{Binding, How, Names, Scope, is_pushing};
use super::parameters::{body_after, parameters};
use crate::flags::source::code::Code;
use crate::flags::source::{Kind, Language};

/// Names that one `const { … } =` takes out, at most.
const PARTS_MAX: usize = 40;

/// Reads tokens in order and keeps account of the blocks.
pub(super) struct Reader<'c, 'a> {
    pub(super) code: &'c Code<'a>,
    pub(super) names: Names<'a>,
    /// Brackets that are open, with the scope that a brace begins.
    pub(super) open: Vec<(u8, usize)>,
    /// Scopes that are open, with their indentation (Python).
    pub(super) blocks: Vec<(usize, usize)>,
    /// Parameters, with the token at which their scope begins.
    pub(super) waiting: Vec<(usize, usize, How)>,
    /// Whether the next deeper block is that of a `def`.
    pub(super) defines: bool,
}

impl Reader<'_, '_> {
    pub(super) fn step(&mut self, at: usize) {
        let Some(token) = self.code.token(at) else { return };
        if self.code.language == Language::Python && self.open.is_empty() {
            self.indentation(at);
        }
        match token.kind {
            Kind::Sign(sign @ (b'(' | b'[' | b'{')) => self.opens(at, sign),
            Kind::Sign(b')' | b']' | b'}') => self.closes(at),
            Kind::Name => self.name(at),
            _ => {}
        }
    }

    fn scope(&self) -> usize {
        self.blocks.last().map_or(0, |block| block.1)
    }

    fn begin_scope(&mut self, first: usize, indentation: usize, is_function: bool) -> usize {
        let index = self.names.scopes.len();
        let outer = self.names.scopes.get(self.scope()).map_or(0, |scope| scope.function);
        let function = if is_function { index } else { outer };
        self.names.scopes.push(Scope { first, last: usize::MAX, function });
        self.blocks.push((indentation, index));
        index
    }

    fn end_scope(&mut self, last: usize) {
        if let Some((_, index)) = self.blocks.pop()
            && let Some(scope) = self.names.scopes.get_mut(index)
        {
            scope.last = last;
        }
    }

    fn indentation(&mut self, at: usize) {
        let Some(column) = self.code.column_of_line(at) else { return };
        while self.blocks.len() > 1 && self.blocks.last().is_some_and(|block| block.0 > column) {
            self.end_scope(at.saturating_sub(1));
        }
        if self.blocks.last().is_some_and(|block| block.0 < column) {
            let waiting = std::mem::take(&mut self.waiting);
            let is_function = std::mem::take(&mut self.defines);
            let scope = self.begin_scope(at, column, is_function);
            for (name, _, how) in waiting {
                self.bind_in(name, how, scope);
            }
        }
    }

    fn opens(&mut self, at: usize, sign: u8) {
        let mut scope = 0;
        if sign == b'{' && self.code.language != Language::Python {
            scope = self.begin_scope(at, 0, false);
            let waiting = std::mem::take(&mut self.waiting);
            for (name, body, how) in waiting {
                if body == at {
                    self.bind_in(name, how, scope);
                } else if body > at {
                    self.waiting.push((name, body, how));
                }
            }
        }
        self.open.push((sign, scope));
        if sign == b'('
            && let Some(body) = body_after(self.code, at)
        {
            self.defines = self.code.language == Language::Python;
            if at > 1 && matches!(self.code.name(at - 2), b"def" | b"function") {
                self.bind(at - 1, How::Defined(at));
            }
            let taken = parameters(self.code, at);
            if self.defines || self.code.sign(body) == b'{' {
                self.waiting.extend(taken.into_iter().map(|(name, how)| (name, body, how)));
            } else {
                self.expression_body(body, &taken);
            }
        }
    }

    /// `(x) => …` without braces.
    fn expression_body(&mut self, first: usize, taken: &[(usize, How)]) {
        let function = self.names.scopes.get(self.scope()).map_or(0, |scope| scope.function);
        let scope = self.names.scopes.len();
        let last = self.code.expression_end(first);
        self.names.scopes.push(Scope { first, last, function });
        for (name, how) in taken {
            self.bind_in(*name, *how, scope);
        }
    }

    fn closes(&mut self, at: usize) {
        if self.open.pop().is_some_and(|(_, scope)| scope > 0) {
            self.end_scope(at);
        }
    }

    fn bind(&mut self, at: usize, how: How) {
        self.bind_in(at, how, self.scope());
    }

    fn bind_in(&mut self, at: usize, how: How, scope: usize) {
        let name = self.code.name(at);
        if name.is_empty() {
            return;
        }
        let all = self.names.bindings.entry(name).or_default();
        let place = all.partition_point(|binding| binding.at <= at);
        all.insert(place, Binding { at, how, scope });
    }

    fn name(&mut self, at: usize) {
        let code = self.code;
        if matches!(code.name(at), b"const" | b"let" | b"var") {
            return self.declaration(at + 1);
        }
        if code.name(at) == b"for" && code.language == Language::Python {
            return self.items(at + 1);
        }
        let declared = at > 0 && matches!(code.name(at - 1), b"const" | b"let" | b"var");
        if declared || at > 0 && code.sign(at - 1) == b'.' {
            return;
        }
        let in_brackets = self.open.last().is_some_and(|(sign, _)| *sign != b'{');
        match (code.sign(at + 1), code.sign(at + 2)) {
            (b'=', b'>') => {
                let taken = [(at, How::Parameter)];
                self.expression_body(at + 3, &taken);
            }
            (b'=', next) if next != b'=' && !in_brackets => {
                self.bind(at, How::Assigned(at + 2));
            }
            (b':', b'=') => self.bind(at, How::Assigned(at + 3)),
            (b':', _)
                if code.language == Language::Python
                    && self.open.is_empty()
                    && code.sign(at + 3) == b'='
                    && !code.is_on_new_line(at + 2) =>
            {
                self.bind(at, How::Assigned(at + 4));
            }
            (b'+', b'=') => self.bind(at, How::Appended(at + 3)),
            (b'.', _) if code.sign(at + 3) == b'(' && is_pushing(code.name(at + 2)) => {
                self.bind(at, How::Pushed(at + 3));
            }
            _ => {}
        }
    }

    /// `const x = …`, `let x: T = …`, `const { x, y: z } = …`, `for (const x of …`
    fn declaration(&mut self, at: usize) {
        let code = self.code;
        if matches!(code.sign(at), b'{' | b'[') {
            let end = code.closing(at);
            if code.sign(end) == b'=' || code.name(end) == b"of" {
                for part in (at + 1..end).take(PARTS_MAX) {
                    let is_key = code.sign(part + 1) == b':';
                    if !is_key && matches!(code.sign(part - 1), b'{' | b'[' | b',' | b':' | b'.') {
                        self.bind(part, How::Part(end + 1));
                    }
                }
            }
            return;
        }
        if matches!(code.name(at + 1), b"of" | b"in") {
            return self.bind(at, How::Part(at + 2));
        }
        // A type may stand between the name and the `=`.
        let mut value = at + 1;
        while value < at + 24 && !matches!(code.sign(value), b'=' | b';') {
            if value > at + 1 && code.begins_statement(value) || code.token(value).is_none() {
                break;
            }
            value += 1;
        }
        if code.sign(value) == b'=' && code.sign(value + 1) != b'>' {
            self.bind(at, How::Declared(value + 1));
        } else {
            // No value yet: an end of the search, and worth nothing.
            self.bind(at, How::Declared(usize::MAX));
        }
    }

    /// `for x, y in …:`
    fn items(&mut self, at: usize) {
        let list = (at..at + 8).find(|at| self.code.name(*at) == b"in");
        for item in at..list.unwrap_or(at) {
            self.bind(item, How::Part(list.unwrap_or(at) + 1));
        }
    }
}
