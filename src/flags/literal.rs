//! Where a value begins and ends: quoted, bare, or within an element.
//!
//! Whether it is worth anything is [`super::value`]'s.

use std::ops::Range;

use super::link::Link;
use super::name::listed;
use super::paths::Syntax;
use super::text::{byte, skip_spaces, slice};

const VALUE_BYTES_MAX: usize = 512;
const BARE_BYTES_MAX: usize = 256;

/// Where a value is, and what encloses it.
pub(super) struct Value {
    pub(super) span: Range<usize>,
    /// `None` for a bare value; `<` within an element, `{` for a default in
    /// braces.
    pub(super) quote: Option<u8>,
}

/// The value that begins after the link.
pub(super) fn value_at(text: &[u8], start: usize, link: Link, syntax: Syntax) -> Option<Value> {
    let mut at = skip_spaces(text, start);
    if link == Link::Element {
        return element(text, at);
    }
    if link == Link::Default
        && matches!(byte(text, start.wrapping_sub(1)), b'-' | b':' | b'=')
        && let Some(value) = default_in_braces(text, start)
    {
        return Some(value);
    }
    if matches!(byte(text, at), b'\n' | b'\r')
        && !matches!(link, Link::Colon | Link::Space | Link::Element)
    {
        while byte(text, at).is_ascii_whitespace() && at < start + 80 {
            at += 1;
        }
        if !matches!(byte(text, at), b'"' | b'\'' | b'@') {
            return None;
        }
    }
    while matches!(byte(text, at), b'(' | b'[') && at < start + 8 {
        at += 1;
    }
    if let Some(argument) = converted(text, at, link) {
        at = argument;
    }
    if slice(text, at..at + 3) == b"r#\"" {
        return raw(text, at + 3);
    }
    at += literal_prefix(text, at);
    match byte(text, at) {
        quote @ (b'"' | b'\'' | b'`') => quoted(text, at, quote),
        _ => bare(text, at, link, syntax),
    }
}

/// The first argument of a call that hashes or converts: `await
/// bcrypt.hash('x', 10)`, `Buffer.from('x')`, `<<"x">>`.
fn converted(text: &[u8], from: usize, link: Link) -> Option<usize> {
    const CALL_REACH: usize = 60;
    const CALLS: &str = "hash hashsync make make_password generate_password_hash hashpassword \
        hash_password from getbytes bytes byte string str secretstr secretstring some text _t";
    if slice(text, from..from + 3) == b"<<\"" {
        return Some(from + 2);
    }
    if !matches!(link, Link::Equals | Link::Colon | Link::Hashed)
        || !(byte(text, from).is_ascii_alphabetic() || matches!(byte(text, from), b'[' | b'_'))
    {
        return None;
    }
    let window = slice(text, from..text.len().min(from + CALL_REACH));
    let open = memchr::memchr(b'(', window)?;
    let callee = slice(window, 0..open).to_ascii_lowercase();
    let plain =
        callee.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_.:> -[]".contains(byte));
    let last = callee.rsplit(|byte| b".:> ]".contains(byte)).next().unwrap_or_default();
    let quote = matches!(byte(window, open + 1), b'"' | b'\'');
    let known = std::str::from_utf8(last).is_ok_and(|last| listed(CALLS, last));
    (plain && quote && known).then_some(from + open + 1)
}

/// `@"x"`, `b'x'`, `N'x'`, `\"x\"`: what stands before the quote.
fn literal_prefix(text: &[u8], from: usize) -> usize {
    let mut at = from;
    for _ in 0..2 {
        let prefix = matches!(
            byte(text, at),
            b'@' | b'b'
                | b'B'
                | b'r'
                | b'R'
                | b'u'
                | b'U'
                | b'N'
                | b'L'
                | b'q'
                | b'f'
                | b'$'
                | b'\\'
                | b'&'
        );
        if prefix
            && matches!(byte(text, at + 1), b'"' | b'\'' | b'\\' | b'@' | b'$')
            && !(byte(text, at) == b'$' && byte(text, at + 1) == b'$')
        {
            at += 1;
        }
    }
    at - from
}

/// The string whose quote is at `open`, however it is escaped.
pub(super) fn quoted(text: &[u8], open: usize, quote: u8) -> Option<Value> {
    let escaped = byte(text, open.wrapping_sub(1)) == b'\\';
    let mut start = open + 1;
    if byte(text, start) == quote && byte(text, start + 1) == quote {
        start += 2;
    }
    let mut end = start;
    while end < start + VALUE_BYTES_MAX {
        match byte(text, end) {
            b'\\' if escaped && byte(text, end + 1) == quote => break,
            b'\\' => end += 2,
            here if here == quote => break,
            0 if end >= text.len() => break,
            0 | b'\n' => return None,
            _ => end += 1,
        }
    }
    (end < start + VALUE_BYTES_MAX && end <= text.len())
        .then_some(Value { span: start..end, quote: Some(quote) })
}

/// `r#"x"#` of Rust, from its content on.
fn raw(text: &[u8], start: usize) -> Option<Value> {
    let window = slice(text, start..text.len().min(start + VALUE_BYTES_MAX));
    let end = memchr::memmem::find(window, b"\"#")?;
    Some(Value { span: start..start + end, quote: Some(b'"') })
}

/// `x}` of `${PASSWORD:-x}`.
fn default_in_braces(text: &[u8], start: usize) -> Option<Value> {
    let window = slice(text, start..text.len().min(start + 128));
    let end = window.iter().position(|byte| matches!(byte, b'}' | b'\n' | b'$'))?;
    (byte(window, end) == b'}' && end > 0)
        .then_some(Value { span: start..start + end, quote: Some(b'{') })
}

fn bare(text: &[u8], start: usize, link: Link, syntax: Syntax) -> Option<Value> {
    if !matches!(link, Link::Equals | Link::Colon | Link::Space) {
        return None;
    }
    let ends = |byte: u8| match syntax {
        Syntax::Code | Syntax::Prose | Syntax::Markup => {
            byte.is_ascii_whitespace()
                || matches!(
                    byte,
                    b'"' | b'\''
                        | b'`'
                        | b';'
                        | b','
                        | b')'
                        | b'}'
                        | b']'
                        | b'&'
                        | b'<'
                        | b'>'
                        | b'\\'
                )
        }
        Syntax::Config => byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`'),
    };
    let window = slice(text, start..text.len().min(start + BARE_BYTES_MAX));
    let end = window.iter().position(|&byte| ends(byte) || byte == 0);
    if end.is_none() && window.len() == BARE_BYTES_MAX {
        return None;
    }
    let length = end.unwrap_or(window.len());
    let kept = slice(window, 0..length);
    let trimmed = kept.len()
        - kept.iter().rev().take_while(|byte| matches!(byte, b',' | b';' | b'.')).count();
    (trimmed > 0).then_some(Value { span: start..start + trimmed, quote: None })
}

fn element(text: &[u8], start: usize) -> Option<Value> {
    let window = slice(text, start..text.len().min(start + VALUE_BYTES_MAX));
    let end = memchr::memchr(b'<', window)?;
    if byte(window, end + 1) != b'/' {
        return None;
    }
    let inner = slice(window, 0..end);
    let lead = inner.len() - inner.trim_ascii_start().len();
    let start = start + lead;
    Some(Value { span: start..start + inner.trim_ascii().len(), quote: Some(b'<') })
}
