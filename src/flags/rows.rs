//! Passwords among the rows of an `INSERT`: the column's name says which value
//! of each row is one.

use memchr::memmem;

use super::handed::{CALL_REACH, arguments, hit};
use super::text::{Hit, byte, is_word, slice};
use super::value::{self, Proof};

/// How far the rows of an `INSERT` are followed.
const ROWS_REACH: usize = 4096;
/// The most hits of one `INSERT`.
const ROWS_MAX: usize = 50;

/// The passwords among the values of `INSERT INTO users (…, password) VALUES (…)`;
/// `word` is in the list of columns.
pub(super) fn find(text: &[u8], word: usize, hits: &mut Vec<Hit>) {
    const LIST_REACH: usize = 400;
    // Of most words the name goes on, or no comma follows.
    let name = slice(text, word..text.len().min(word + 24));
    let end = name.iter().position(|byte| !is_word(*byte)).unwrap_or(name.len());
    if !matches!(byte(name, end), b',' | b')' | b'`' | b'"' | b']' | b' ') {
        return;
    }
    let before = slice(text, word.saturating_sub(LIST_REACH)..word);
    let Some(open) = memchr::memrchr(b'(', before) else { return };
    let list = slice(before, open + 1..before.len());
    let table = slice(before, open.saturating_sub(80)..open).to_ascii_lowercase();
    let plain = |byte: &u8| is_word(*byte) || b"`\"[], \n\r\t.".contains(byte);
    if memmem::rfind(&table, b"insert ").is_none() || !list.iter().all(plain) {
        return;
    }
    let column = memchr::memchr_iter(b',', list).count();
    let rest = slice(text, word..text.len().min(word + ROWS_REACH));
    let Some(close) = memchr::memchr(b')', rest) else { return };
    let after = slice(rest, close + 1..rest.len());
    let lead = after.len() - after.trim_ascii_start().len();
    if !slice(after, lead..lead + 6).eq_ignore_ascii_case(b"values") {
        return;
    }
    let mut at = word + close + 1 + lead + 6;
    for _ in 0..ROWS_MAX {
        while byte(text, at).is_ascii_whitespace() || byte(text, at) == b',' {
            at += 1;
        }
        if byte(text, at) != b'(' {
            return;
        }
        let arguments = arguments(text, at + 1);
        let value = arguments.get(column).cloned().flatten();
        hits.extend(
            value
                .filter(|span| {
                    value::is_password(slice(text, span.clone()), b"column", Proof::NoName)
                })
                .map(|span| hit(span, "a value of an `INSERT`")),
        );
        let rest = slice(text, at..text.len().min(at + CALL_REACH));
        let Some(end) = memchr::memchr(b')', rest) else { return };
        at += end + 1;
    }
}
