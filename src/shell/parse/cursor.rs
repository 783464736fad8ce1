//! The place in the text, its fuel and depth, and the blanks between tokens.
//!
//! Knows no grammar: the rooms beside it are `impl Cursor` blocks, one per construct.

use std::rc::Rc;

use super::heredoc::Pending;
use super::{DEPTH, FUEL, Stop, Why};

/// What every reading function returns.
pub(super) type Read<T> = Result<T, Stop>;

/// A place in a text that is being read.
pub(super) struct Cursor<'a> {
    text: &'a str,
    pub(super) pos: usize,
    /// Reading ends here; the text may go on.
    pub(super) end: usize,
    pub(super) fuel: usize,
    pub(super) depth: u32,
    /// Heredocs announced on this line, whose bodies are still to come.
    pub(super) pending: Vec<Pending>,
    /// The text itself, when substitutions must carry it with them.
    pub(super) own: Option<Rc<str>>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str, own: Option<Rc<str>>) -> Self {
        let fuel = FUEL.saturating_mul(text.len().saturating_add(16));
        Cursor { text, pos: 0, end: text.len(), fuel, depth: 0, pending: Vec::new(), own }
    }

    /// A cursor over `start..end` of the same text, with this one's fuel and depth.
    pub(super) fn within(&self, start: usize, end: usize) -> Cursor<'a> {
        Cursor {
            text: self.text,
            pos: start,
            end,
            fuel: self.fuel,
            depth: self.depth,
            pending: Vec::new(),
            own: self.own.clone(),
        }
    }

    /// The byte at the cursor; 0 at the end. A NUL in the text ends it, as it does in bash.
    pub(super) fn peek(&self) -> u8 {
        self.ahead(0)
    }

    /// The byte `distance` after the cursor; 0 past the end.
    pub(super) fn ahead(&self, distance: usize) -> u8 {
        let at = self.pos.saturating_add(distance);
        if at >= self.end { 0 } else { self.text.as_bytes().get(at).copied().unwrap_or(0) }
    }

    pub(super) fn at_end(&self) -> bool {
        self.pos >= self.end
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end.min(self.end)).unwrap_or_default()
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.pos..self.end).unwrap_or_default()
    }

    pub(super) fn starts_with(&self, token: &str) -> bool {
        self.rest().starts_with(token.as_bytes())
    }

    /// Steps over `token` if it stands here.
    pub(super) fn eat(&mut self, token: &str) -> bool {
        let found = self.starts_with(token);
        if found {
            self.pos += token.len();
        }
        found
    }

    pub(super) fn expect(&mut self, token: &str) -> Read<()> {
        if self.eat(token) { Ok(()) } else { Err(self.unexpected()) }
    }

    pub(super) fn stop(&self, why: Why) -> Stop {
        Stop { why, at: self.pos, unread: 0 }
    }

    /// The error for what stands here.
    pub(super) fn unexpected(&self) -> Stop {
        let why = if self.at_end() { Why::Unclosed } else { Why::Unexpected(self.peek()) };
        self.stop(why)
    }

    /// Pays for `steps` of work.
    pub(super) fn pay(&mut self, steps: usize) -> Read<()> {
        match self.fuel.checked_sub(steps) {
            Some(left) => {
                self.fuel = left;
                Ok(())
            }
            None => Err(self.stop(Why::TooCostly)),
        }
    }

    /// Runs `read` one level deeper.
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= DEPTH {
            return Err(self.stop(Why::TooDeep));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Steps over blanks, joined lines and a comment, but not over the end of the line.
    pub(super) fn blanks(&mut self) -> Read<()> {
        let start = self.pos;
        loop {
            match self.peek() {
                b' ' | b'\t' | b'\r' if self.peek() != b'\r' || self.ahead(1) == b'\n' => {
                    self.pos += 1;
                }
                b'\\' if self.ahead(1) == b'\n' => self.pos += 2,
                b'#' if !self.at_end() => {
                    self.pos += memchr::memchr(b'\n', self.rest()).unwrap_or(self.rest().len());
                }
                _ => break,
            }
        }
        self.pay(1 + self.pos.saturating_sub(start))
    }

    /// Steps over blanks, comments and line ends, reading the heredocs of each line.
    pub(super) fn lines(&mut self) -> Read<()> {
        loop {
            self.blanks()?;
            if self.peek() != b'\n' {
                return Ok(());
            }
            self.line_end()?;
        }
    }

    /// Steps over one line end and the bodies of the heredocs announced before it.
    pub(super) fn line_end(&mut self) -> Read<()> {
        self.pos += 1;
        self.heredocs()
    }
}

/// Whether a byte ends a bare word.
pub(super) fn is_meta(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')')
}

/// Whether a byte can start a variable's name.
pub(super) fn starts_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

/// Whether a byte can stand in a variable's name.
pub(super) fn in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
