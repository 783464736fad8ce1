//! Heredocs: announced in a line, read after it.

use std::cell::OnceCell;
use std::rc::Rc;

use super::cursor::{Cursor, Read};
use super::tree::{Heredoc, Piece, Span, Word};
use super::word::push_literal;

/// A heredoc whose body is still to come.
pub(super) struct Pending {
    delimiter: String,
    quoted: bool,
    /// `<<-`: leading tabs do not count.
    strip: bool,
    slot: Rc<OnceCell<Heredoc>>,
}

impl Pending {
    pub(super) fn new(word: &Word, text: &str, strip: bool, slot: Rc<OnceCell<Heredoc>>) -> Self {
        let quoted =
            word.pieces.iter().any(|piece| matches!(piece, Piece::Quoted(_) | Piece::Double(_)));
        let delimiter = unquoted(&word.pieces).unwrap_or_else(|| text.to_owned());
        Pending { delimiter, quoted, strip, slot }
    }
}

impl Cursor<'_> {
    /// The bodies of all heredocs announced so far; the cursor stands at a line's start.
    pub(super) fn heredocs(&mut self) -> Read<()> {
        for pending in std::mem::take(&mut self.pending) {
            let start = self.pos;
            let end = self.body_end(&pending);
            self.pay(self.pos - start)?;
            let body = if pending.quoted {
                let text = self.slice(start, end);
                let text = if pending.strip { stripped(text) } else { text.to_owned() };
                Word { pieces: vec![Piece::Quoted(text)], span: Span { start, end } }
            } else {
                self.body(start, end, pending.strip)?
            };
            let heredoc = Heredoc { delimiter: pending.delimiter, quoted: pending.quoted, body };
            // The slot is new and filled once.
            drop(pending.slot.set(heredoc));
        }
        Ok(())
    }

    /// Moves past the delimiter's line; returns where the body ends.
    fn body_end(&mut self, pending: &Pending) -> usize {
        loop {
            let start = self.pos;
            let length = memchr::memchr(b'\n', self.rest());
            let line = self.slice(start, start + length.unwrap_or(self.rest().len()));
            let bare = if pending.strip { line.trim_start_matches('\t') } else { line };
            self.pos = (start + line.len() + usize::from(length.is_some())).min(self.end);
            if bare == pending.delimiter {
                return start;
            }
            // Inside `$(…)` the closing parenthesis may follow the delimiter at once.
            if self.depth > 0
                && let Some(rest) = bare.strip_prefix(pending.delimiter.as_str())
                && !pending.delimiter.is_empty()
                && rest.starts_with(')')
            {
                self.pos = start + line.len() - rest.len();
                return start;
            }
            if length.is_none() {
                self.pos = self.end;
                return self.end;
            }
        }
    }

    /// A body in which `$`, backticks and backslashes count.
    fn body(&mut self, start: usize, end: usize, strip: bool) -> Read<Word> {
        let text: Option<Rc<str>> = strip.then(|| stripped(self.slice(start, end)).into());
        let mut inner = match &text {
            Some(text) => {
                let mut inner = Cursor::new(text, Some(Rc::clone(text)));
                inner.fuel = self.fuel;
                inner.depth = self.depth;
                inner
            }
            None => self.within(start, end),
        };
        let mut pieces = Vec::new();
        let result = inner.nested(|cursor| {
            while cursor.quoted_piece(&mut pieces, 0)? {}
            Ok(())
        });
        self.fuel = inner.fuel;
        result.map(|()| Word { pieces: vec![Piece::Double(pieces)], span: Span { start, end } })
    }
}

/// Without the tabs that begin its lines.
fn stripped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        out.push_str(line.trim_start_matches('\t'));
    }
    out
}

/// A delimiter's text without its quotes; none if it holds expansions, which stay as written.
fn unquoted(pieces: &[Piece]) -> Option<String> {
    let mut joined = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Literal(text) | Piece::Quoted(text) => push_literal(&mut joined, text),
            Piece::Double(inner) => push_literal(&mut joined, &unquoted(inner)?),
            _ => return None,
        }
    }
    match joined.pop() {
        Some(Piece::Literal(text)) => Some(text),
        _ => Some(String::new()),
    }
}
