//! Places in a text: lines, neighbours, bounded windows.
//!
//! Every helper is bounded by its window, so that no line is too long.

use std::ops::Range;

use memchr::memchr_iter;

/// What matched where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// The rule's id.
    pub(super) rule: &'static str,
    /// The bytes that matched; for a secret, exactly the secret.
    pub(super) span: Range<usize>,
    /// What it is: "GitHub personal access token".
    pub(super) kind: String,
    /// Whether the span must never be shown.
    pub(super) secret: bool,
}

/// The byte at a place, 0 outside.
pub(super) fn byte(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(0)
}

/// The bytes of a range, empty when it is not within the text.
pub(super) fn slice(text: &[u8], span: Range<usize>) -> &[u8] {
    text.get(span).unwrap_or_default()
}

/// Finds line numbers of ascending places without starting over.
pub(super) struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0, line: 1 }
    }

    /// The 1-based line of a place; ascending places cost one pass in all.
    pub(super) fn of(&mut self, at: usize) -> usize {
        if at < self.at {
            (self.at, self.line) = (0, 1);
        }
        self.line += memchr_iter(b'\n', slice(self.text, self.at..at)).count();
        self.at = at;
        self.line
    }
}

/// Letters, digits, `_`, `-`: what runs are made of.
pub(super) const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// What tokens are made of beside words.
pub(super) const fn is_token(byte: u8) -> bool {
    is_word(byte)
        || matches!(
            byte,
            b'.' | b'+' | b'/' | b'=' | b'~' | b':' | b'|' | b'!' | b'%' | b'$' | b','
        )
}

/// The first place from `at` on that is no space or tab, within 64 bytes.
pub(super) fn skip_spaces(text: &[u8], mut at: usize) -> usize {
    const REACH: usize = 64;
    let stop = at + REACH;
    while at < stop && matches!(byte(text, at), b' ' | b'\t') {
        at += 1;
    }
    at
}

/// The part of the line before a place, at most `reach` bytes of it.
pub(super) fn line_before(text: &[u8], at: usize, reach: usize) -> &[u8] {
    let window = slice(text, at.saturating_sub(reach)..at);
    memchr::memrchr(b'\n', window).map_or(window, |end| slice(window, end + 1..window.len()))
}

/// Whether a text ends with this word, spaces apart.
pub(super) fn ends_with_word(text: &[u8], word: &[u8]) -> bool {
    let text = text.trim_ascii_end();
    text.strip_suffix(word).is_some_and(|rest| rest.last().is_none_or(|byte| !is_word(*byte)))
}
