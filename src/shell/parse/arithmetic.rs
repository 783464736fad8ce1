//! Where `((…))` and `[…]` close.
//!
//! A look ahead over quotes and brackets; the text between is read as pieces.

use super::cursor::{Cursor, Read};

impl Cursor<'_> {
    /// Where `))` closes arithmetic that begins at `start`; none if it closes apart,
    /// which makes the first parenthesis a subshell.
    pub(super) fn arithmetic_end(&mut self, start: usize) -> Read<Option<usize>> {
        let mut look = self.within(start, self.end);
        let mut open = 0_usize;
        let end = loop {
            match look.peek() {
                b'(' => open += 1,
                b')' if open > 0 => open -= 1,
                b')' if look.ahead(1) == b')' => break Some(look.pos),
                0 | b')' => break None,
                _ => {}
            }
            if !look.skip_one() {
                break None;
            }
        };
        self.pay(look.pos.saturating_sub(start))?;
        Ok(end)
    }

    /// Where the `[` at the cursor closes.
    pub(super) fn bracket_end(&mut self) -> Read<Option<usize>> {
        let mut look = self.within(self.pos + 1, self.end);
        let mut open = 0_usize;
        let end = loop {
            match look.peek() {
                0 | b'\n' if open == 0 && look.peek() == 0 => break None,
                b'[' => open += 1,
                b']' if open > 0 => open -= 1,
                b']' => break Some(look.pos),
                _ => {}
            }
            if !look.skip_one() {
                break None;
            }
        };
        self.pay(look.pos.saturating_sub(self.pos))?;
        Ok(end)
    }

    /// Steps over one byte or one quoted stretch; false at the end.
    fn skip_one(&mut self) -> bool {
        match self.peek() {
            b'\\' => self.pos += 2,
            quote @ (b'\'' | b'"' | b'`') => {
                self.pos += 1;
                while self.peek() != quote {
                    if self.at_end() {
                        return false;
                    }
                    self.pos += if self.peek() == b'\\' && quote != b'\'' { 2 } else { 1 };
                }
                self.pos += 1;
            }
            _ => self.pos += 1,
        }
        self.pos < self.end
    }
}
