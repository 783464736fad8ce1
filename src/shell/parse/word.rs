//! Words: bare text, quotes and the pieces between them.

use super::cursor::{Cursor, Read, is_meta};
use super::tree::{Piece, Span, Word};

impl<'a> Cursor<'a> {
    /// All text before the end, for spans.
    pub(super) fn slice_from_zero(&self) -> &'a str {
        self.slice(0, self.end)
    }

    /// A word if one stands here.
    pub(super) fn word(&mut self) -> Read<Option<Word>> {
        let start = self.pos;
        let mut pieces = Vec::new();
        while self.word_piece(&mut pieces, false)? {}
        if self.pos == start {
            return Ok(None);
        }
        Ok(Some(Word { pieces, span: Span { start, end: self.pos } }))
    }

    /// One more piece of a word; false where the word ends. Inside `${…}`, a pattern or
    /// an index (`enclosed`) blanks and operators are text.
    pub(super) fn word_piece(&mut self, pieces: &mut Vec<Piece>, enclosed: bool) -> Read<bool> {
        let start = self.pos;
        self.pay(1)?;
        match self.peek() {
            0 => return Ok(false),
            b'\\' => self.backslash(pieces),
            b'\'' => {
                let text = self.single_quoted()?;
                pieces.push(Piece::Quoted(text.to_owned()));
            }
            b'"' => {
                let inner = self.nested(Self::double_quoted)?;
                pieces.push(Piece::Double(inner));
            }
            b'$' => self.dollar(pieces, false)?,
            b'`' => {
                let piece = self.backtick(false)?;
                pieces.push(piece);
            }
            b'<' | b'>' if self.ahead(1) == b'(' && !enclosed => {
                let piece = self.process()?;
                pieces.push(piece);
            }
            b'?' | b'*' | b'+' | b'@' | b'!' if self.ahead(1) == b'(' => {
                self.extended_glob(pieces)?;
            }
            byte if is_meta(byte) && !enclosed => return Ok(false),
            _ => {
                let length = 1 + self
                    .rest()
                    .iter()
                    .skip(1)
                    .take_while(|byte| !is_special(**byte) && (enclosed || !is_meta(**byte)))
                    .count();
                self.pos += length;
                push_literal(pieces, self.slice(start, self.pos));
            }
        }
        self.pay(self.pos - start)?;
        Ok(true)
    }

    fn backslash(&mut self, pieces: &mut Vec<Piece>) {
        if self.ahead(1) == b'\n' {
            self.pos += 2;
            return;
        }
        let rest = self.slice(self.pos + 1, self.end);
        // A backslash that ends the text stands for itself.
        let next = rest.chars().next();
        self.pos += 1 + next.map_or(0, char::len_utf8);
        pieces.push(Piece::Quoted(next.unwrap_or('\\').to_string()));
    }

    /// The text of `'…'`.
    pub(super) fn single_quoted(&mut self) -> Read<&'a str> {
        let start = self.pos + 1;
        let from = self.within(start, self.end);
        let Some(length) = memchr::memchr(b'\'', from.rest()) else {
            self.pos = self.end;
            return Err(self.unexpected());
        };
        self.pos = start + length + 1;
        self.pay(length)?;
        Ok(self.slice(start, start + length))
    }

    /// The pieces of `"…"`.
    fn double_quoted(&mut self) -> Read<Vec<Piece>> {
        self.pos += 1;
        let mut pieces = Vec::new();
        loop {
            if self.eat("\"") {
                return Ok(pieces);
            }
            if !self.quoted_piece(&mut pieces, b'"')? {
                return Err(self.unexpected());
            }
        }
    }

    /// One more piece between double quotes or in a heredoc (`close` 0); false at the end.
    pub(super) fn quoted_piece(&mut self, pieces: &mut Vec<Piece>, close: u8) -> Read<bool> {
        let start = self.pos;
        self.pay(1)?;
        match self.peek() {
            0 if self.at_end() => return Ok(false),
            b'\\' => match self.ahead(1) {
                b'\n' => self.pos += 2,
                next @ (b'$' | b'`' | b'\\' | b'"' | b'}')
                    if next != b'"' && next != b'}'
                        || next == close
                        || close == b'}' && next == b'"' =>
                {
                    self.pos += 2;
                    push_literal(pieces, self.slice(start + 1, start + 2));
                }
                _ => {
                    self.pos += 1;
                    push_literal(pieces, "\\");
                }
            },
            b'$' => self.dollar(pieces, true)?,
            b'`' => {
                let piece = self.backtick(close != 0)?;
                pieces.push(piece);
            }
            _ => {
                let length = 1 + self
                    .rest()
                    .iter()
                    .skip(1)
                    .take_while(|byte| {
                        !matches!(byte, b'\\' | b'$' | b'`')
                            && (close == 0 || **byte != close)
                            && !(close == b'}' && **byte == b'"')
                    })
                    .count();
                self.pos += length;
                push_literal(pieces, self.slice(start, self.pos));
            }
        }
        self.pay(self.pos - start)?;
        Ok(true)
    }

    /// `?(…)`, `*(…)`, `+(…)`, `@(…)`, `!(…)`: kept as text with its expansions.
    fn extended_glob(&mut self, pieces: &mut Vec<Piece>) -> Read<()> {
        push_literal(pieces, self.slice(self.pos, self.pos + 2));
        self.pos += 2;
        self.nested(|cursor| {
            loop {
                match cursor.peek() {
                    b')' => {
                        cursor.pos += 1;
                        push_literal(pieces, ")");
                        return Ok(());
                    }
                    b'\n' => {
                        cursor.pos += 1;
                        push_literal(pieces, "\n");
                    }
                    b'(' | b'|' | b'&' | b';' | b'<' | b'>' | b' ' | b'\t' => {
                        push_literal(pieces, cursor.slice(cursor.pos, cursor.pos + 1));
                        cursor.pos += 1;
                    }
                    _ => {
                        if !cursor.word_piece(pieces, false)? {
                            return Err(cursor.unexpected());
                        }
                    }
                }
            }
        })
    }

    /// The pieces of `start..end` of the text, where blanks and operators are text.
    pub(super) fn pieces_between(&mut self, start: usize, end: usize) -> Read<Vec<Piece>> {
        let mut inner = self.within(start, end);
        let mut pieces = Vec::new();
        let result = inner.nested(|cursor| {
            while cursor.word_piece(&mut pieces, true)? {}
            Ok(())
        });
        self.fuel = inner.fuel;
        result.map(|()| pieces)
    }
}

/// Adds bare text, joined to bare text before it.
pub(super) fn push_literal(pieces: &mut Vec<Piece>, text: &str) {
    if let Some(Piece::Literal(before)) = pieces.last_mut() {
        before.push_str(text);
    } else {
        pieces.push(Piece::Literal(text.to_owned()));
    }
}

/// Bytes that start something inside a word.
fn is_special(byte: u8) -> bool {
    matches!(
        byte,
        b'\\' | b'\'' | b'"' | b'$' | b'`' | b'?' | b'*' | b'+' | b'@' | b'!' | b'<' | b'>' | 0
    )
}
