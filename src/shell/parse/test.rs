//! `[[ … ]]`, read flat: its words matter for their substitutions and its shape does not.

use super::cursor::{Cursor, Read};
use super::tree::{Kind, Span, Word};
use super::word::push_literal;

impl Cursor<'_> {
    /// What stands between `[[` and `]]`.
    pub(super) fn test_clause(&mut self) -> Read<Kind> {
        let mut words: Vec<Word> = Vec::new();
        let mut open = 0_usize;
        loop {
            self.lines()?;
            let regex = words.last().is_some_and(|word| {
                matches!(word.span.of(self.slice_from_zero()), "=~" | "==" | "!=" | "=")
            });
            if self.keyword("]]") {
                self.pos += 2;
                return if open == 0 && !words.is_empty() {
                    Ok(Kind::Test(words))
                } else {
                    Err(self.unexpected())
                };
            }
            if regex {
                let word = self.pattern_word()?;
                words.push(word);
                continue;
            }
            match self.peek() {
                b'(' => {
                    open += 1;
                    self.pos += 1;
                }
                b')' if open > 0 => {
                    open -= 1;
                    self.pos += 1;
                }
                b'<' | b'>' if self.ahead(1) != b'(' => self.pos += 1,
                b'&' | b'|' if self.ahead(1) == self.peek() => self.pos += 2,
                _ => match self.word()? {
                    Some(word) => words.push(word),
                    None => return Err(self.unexpected()),
                },
            }
        }
    }

    /// The right side of `=~` or `==`: parentheses and bars belong to it.
    fn pattern_word(&mut self) -> Read<Word> {
        let start = self.pos;
        let mut pieces = Vec::new();
        let mut open = 0_usize;
        loop {
            let byte = self.peek();
            match byte {
                b'(' => open += 1,
                b')' if open > 0 => open -= 1,
                b'|' if open > 0 || self.ahead(1) != b'|' => {}
                b' ' | b'\t' | b'\n' | b'&' | b';' | b'<' | b'>' if open > 0 => {}
                _ => {
                    if self.word_piece(&mut pieces, false)? {
                        continue;
                    }
                    if self.pos == start {
                        return Err(self.unexpected());
                    }
                    return Ok(Word { pieces, span: Span { start, end: self.pos } });
                }
            }
            push_literal(&mut pieces, self.slice(self.pos, self.pos + 1));
            self.pos += 1;
            self.pay(1)?;
        }
    }
}
