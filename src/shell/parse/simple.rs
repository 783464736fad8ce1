//! Simple commands: assignments, words, redirections, and functions by their `()`.

use std::cell::OnceCell;
use std::rc::Rc;

use super::cursor::{Cursor, Read, in_name, is_meta, starts_name};
use super::heredoc::Pending;
use super::tree::{Assignment, Command, Kind, Operator, Piece, Redirect, Simple, Span, Word};

/// Commands whose arguments may be array assignments.
const DECLARING: [&str; 6] = ["declare", "local", "export", "readonly", "typeset", "alias"];

impl Cursor<'_> {
    /// A command of any kind, with its redirections.
    pub(super) fn command(&mut self) -> Read<Command> {
        self.blanks()?;
        let start = self.pos;
        if let Some(kind) = self.compound()? {
            let mut redirects = Vec::new();
            loop {
                let end = self.pos;
                self.blanks()?;
                match self.redirect()? {
                    Some(redirect) => redirects.push(redirect),
                    None => return Ok(Command { kind, redirects, span: Span { start, end } }),
                }
            }
        }
        self.simple(start)
    }

    fn simple(&mut self, start: usize) -> Read<Command> {
        let mut simple = Box::<Simple>::default();
        let mut redirects = Vec::new();
        let mut declaring = false;
        let mut end;
        loop {
            end = self.pos;
            self.blanks()?;
            if let Some(redirect) = self.redirect()? {
                redirects.push(redirect);
                continue;
            }
            let leading = simple.words.is_empty();
            if leading || declaring {
                let before = self.pos;
                if let Some(assignment) = self.assignment()? {
                    if leading {
                        simple.assignments.push(assignment);
                        continue;
                    }
                    let array = matches!(assignment.value.pieces.first(), Some(Piece::Array(_)));
                    let end = self.pos;
                    if array {
                        simple.words.push(array_argument(assignment, before, end));
                        continue;
                    }
                    self.pos = before;
                }
            }
            let Some(word) = self.word()? else { break };
            if leading && simple.assignments.is_empty() && redirects.is_empty() {
                let name = word.span.of(self.slice_from_zero());
                if self.function_follows() {
                    return self.function(start, name.into());
                }
                declaring = DECLARING.contains(&name);
            } else if leading {
                declaring = DECLARING.contains(&word.span.of(self.slice_from_zero()));
            }
            simple.words.push(word);
        }
        if simple.words.is_empty() && simple.assignments.is_empty() && redirects.is_empty() {
            return Err(self.unexpected());
        }
        Ok(Command { kind: Kind::Simple(simple), redirects, span: Span { start, end } })
    }

    /// `name=value` if one stands here.
    pub(super) fn assignment(&mut self) -> Read<Option<Assignment>> {
        if !starts_name(self.peek()) {
            return Ok(None);
        }
        let start = self.pos;
        let length = self.rest().iter().take_while(|byte| in_name(**byte)).count();
        self.pay(length)?;
        self.pos += length;
        let name = self.slice(start, self.pos);
        let index = if self.peek() == b'[' { self.assigned_index()? } else { None };
        let bracketed = self.peek() == b'[';
        let append = self.peek() == b'+' && self.ahead(1) == b'=';
        if bracketed || !(append || self.peek() == b'=') {
            self.pos = start;
            return Ok(None);
        }
        self.pos += if append { 2 } else { 1 };
        let from = self.pos;
        let value = if self.peek() == b'(' {
            let words = self.nested(Self::array)?;
            Word { pieces: vec![Piece::Array(words)], span: Span { start: from, end: self.pos } }
        } else {
            self.word()?.unwrap_or_default()
        };
        Ok(Some(Assignment { name: name.into(), index, append, value }))
    }

    /// `[…]` when `=` or `+=` follows it; else the cursor stays.
    fn assigned_index(&mut self) -> Read<Option<Word>> {
        let start = self.pos;
        let Some(end) = self.bracket_end()? else { return Ok(None) };
        let mut after = self.within(end + 1, self.end);
        if !(after.eat("=") || after.eat("+=")) {
            return Ok(None);
        }
        let pieces = self.pieces_between(start + 1, end)?;
        self.pos = end + 1;
        Ok(Some(Word { pieces, span: Span { start: start + 1, end } }))
    }

    /// The words of `(…)`.
    fn array(&mut self) -> Read<Vec<Word>> {
        self.pos += 1;
        let mut words = Vec::new();
        loop {
            self.lines()?;
            if self.eat(")") {
                return Ok(words);
            }
            match self.word()? {
                Some(word) => words.push(word),
                None => return Err(self.unexpected()),
            }
        }
    }

    /// Whether `()` follows, as after a function's name; steps over it if so.
    fn function_follows(&mut self) -> bool {
        let mut look = self.within(self.pos, self.end);
        let found =
            look.blanks().is_ok() && look.eat("(") && look.blanks().is_ok() && look.eat(")");
        if found {
            self.pos = look.pos;
        }
        found
    }

    /// The body of a function.
    pub(super) fn function(&mut self, start: usize, name: Box<str>) -> Read<Command> {
        self.lines()?;
        let body = self.nested(Self::command)?;
        if matches!(body.kind, Kind::Simple(_)) {
            return Err(self.unexpected());
        }
        let span = Span { start, end: self.pos };
        Ok(Command { kind: Kind::Function(name, Rc::new(body)), redirects: Vec::new(), span })
    }

    /// A redirection if one stands here.
    pub(super) fn redirect(&mut self) -> Read<Option<Redirect>> {
        let start = self.pos;
        let descriptor = self.descriptor();
        let Some(operator) = self.operator() else {
            self.pos = start;
            return Ok(None);
        };
        let strip = operator == Operator::Heredoc && self.eat("-");
        self.blanks()?;
        let Some(target) = self.word()? else { return Err(self.unexpected()) };
        let body = Rc::new(OnceCell::new());
        if operator == Operator::Heredoc {
            let text = self.slice(target.span.start, target.span.end);
            self.pending.push(Pending::new(&target, text, strip, Rc::clone(&body)));
        }
        Ok(Some(Redirect { descriptor, operator, target, body }))
    }

    /// The digits or `{name}` before an operator; the cursor is put back by the caller.
    fn descriptor(&mut self) -> Option<Box<str>> {
        let start = self.pos;
        if self.peek().is_ascii_digit() {
            let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
            self.pos += digits;
        } else if self.peek() == b'{' && starts_name(self.ahead(1)) {
            let name = self.rest().iter().skip(1).take_while(|byte| in_name(**byte)).count();
            if self.ahead(name + 1) == b'}' {
                self.pos += name + 2;
            }
        } else {
            return None;
        }
        if matches!(self.peek(), b'<' | b'>') {
            return Some(self.slice(start, self.pos).into());
        }
        self.pos = start;
        None
    }

    fn operator(&mut self) -> Option<Operator> {
        const OPERATORS: [(&str, Operator); 11] = [
            ("<<<", Operator::HereString),
            ("<<", Operator::Heredoc),
            ("<&", Operator::DuplicateIn),
            ("<>", Operator::ReadWrite),
            ("<", Operator::Read),
            ("&>>", Operator::AppendBoth),
            ("&>", Operator::Both),
            (">>", Operator::Append),
            (">|", Operator::Clobber),
            (">&", Operator::DuplicateOut),
            (">", Operator::Write),
        ];
        if !is_meta(self.peek()) || matches!(self.peek(), b'<' | b'>') && self.ahead(1) == b'(' {
            return None;
        }
        let found = OPERATORS.into_iter().find(|(token, _)| self.starts_with(token))?;
        self.pos += found.0.len();
        Some(found.1)
    }
}

/// `name=(…)` as an argument: the literal `name=` and the array.
fn array_argument(assignment: Assignment, start: usize, end: usize) -> Word {
    let mut name = String::from(assignment.name);
    name.push_str(if assignment.append { "+=" } else { "=" });
    let mut pieces = vec![Piece::Literal(name)];
    pieces.extend(assignment.value.pieces);
    Word { pieces, span: Span { start, end } }
}
