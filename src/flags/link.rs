//! From a name to the value that is given to it, in whatever language.
//!
//! Reads the few characters around the name; knows no grammar, and judges
//! neither the name nor the value.

use std::ops::Range;

use super::paths::Syntax;
use super::text::{byte, slice};

const NAME_BYTES_MAX: usize = 72;
const GAP_BYTES_MAX: usize = 64;
const VALUE_BYTES_MAX: usize = 512;
const BARE_BYTES_MAX: usize = 256;

/// What stands between a name and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// `=`, `:=`, `==`, `=>`, `||` …
    Equals,
    /// `:`
    Colon,
    /// `("password", "x")`
    Comma,
    /// `setPassword("x")`
    Call,
    /// `<password>x</password>`
    Element,
    /// `--password x`, `IDENTIFIED BY 'x'`
    Space,
}

/// Where a value is, and what encloses it.
pub(super) struct Value {
    pub(super) span: Range<usize>,
    /// `None` for a bare value; `<` within an element.
    pub(super) quote: Option<u8>,
}

/// The whole name that the word at `word` is part of.
pub(super) fn name_around(text: &[u8], word: usize) -> Option<Range<usize>> {
    const PHRASE: &[u8] = b"identified by";
    if slice(text, word..word + PHRASE.len()).eq_ignore_ascii_case(PHRASE) {
        return Some(word..word + PHRASE.len());
    }
    let in_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let joins = |byte: u8| matches!(byte, b'.' | b'-' | b'$' | b':' | b'/');
    let mut start = word;
    while start > 0 && word - start < NAME_BYTES_MAX {
        let before = byte(text, start - 1);
        let joined = matches!(before, b'.' | b'-' | b'$')
            || (joins(before) && start > 1 && byte(text, start - 2) == b'_');
        if !in_name(before) && !joined {
            break;
        }
        start -= 1;
    }
    let mut end = word;
    while end - word < NAME_BYTES_MAX {
        let here = byte(text, end);
        let joined = matches!(here, b'.' | b'-') && in_name(byte(text, end + 1));
        if !in_name(here) && !joined {
            break;
        }
        end += 1;
    }
    (end - start < NAME_BYTES_MAX).then_some(start..end)
}

/// What follows the name, and where the value may begin.
pub(super) fn link_after(
    text: &[u8],
    name: &Range<usize>,
    syntax: Syntax,
) -> Option<(Link, usize)> {
    let mut at = name.end;
    let mut quoted = false;
    for step in 0..4 {
        match byte(text, at) {
            // In `'user[:passwd]', 'host'` the quote closes more than the name.
            b'"' | b'\'' | b'`' if step < 2 => quoted = byte(text, at.wrapping_sub(1)) != b']',
            b'"' | b'\'' | b'`' | b']' | b'\\' => {}
            b'[' if byte(text, at + 1) == b']' => at += 1,
            _ => break,
        }
        at += 1;
    }
    let before_spaces = at;
    at = skip_spaces(text, at);
    let spaced = at > before_spaces;
    let first = byte(text, at);
    let operator = slice(text, at..text.len().min(at + 4));
    let length = operator
        .iter()
        .position(|byte| {
            !matches!(byte, b'=' | b':' | b'>' | b'?' | b'.' | b'+' | b'|' | b'!' | b'-')
        })
        .unwrap_or(operator.len());
    let link = match slice(operator, 0..length) {
        b":" if syntax == Syntax::Code => {
            return Some(after_type(text, at + 1).unwrap_or((Link::Colon, at + 1)));
        }
        b":" => Link::Colon,
        b"=" | b"==" | b"===" | b"!=" | b"!==" | b":=" | b"::=" | b":::=" | b"=>" | b"->"
        | b"?=" | b".=" | b"+=" | b"||=" | b"||" | b"??" | b"?:" | b"??=" => Link::Equals,
        b">" if byte(text, name.start.wrapping_sub(1)) == b'<' || quoted => Link::Element,
        b"" if first == b',' && quoted => Link::Comma,
        b"" if first == b'(' && !spaced => Link::Call,
        b"" if quoted && spaced && slice(text, at..at + 6).eq_ignore_ascii_case(b"value=") => {
            return Some((Link::Equals, at + 6));
        }
        b"" | b"-" | b"." | b"!" if spaced && !quoted => {
            return after_space(text, name, at, syntax);
        }
        _ => return None,
    };
    let length = length.max(1);
    Some((link, at + length))
}

/// `password: string = …`: the place after the `=`.
fn after_type(text: &[u8], from: usize) -> Option<(Link, usize)> {
    let window = slice(text, from..text.len().min(from + GAP_BYTES_MAX));
    let end = window.iter().position(|byte| {
        !(byte.is_ascii_alphanumeric()
            || matches!(
                byte,
                b' ' | b'_' | b'<' | b'>' | b'[' | b']' | b'|' | b'&' | b'*' | b'?' | b'.' | b'\''
            ))
    })?;
    let begins_as_type = window
        .trim_ascii_start()
        .first()
        .is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'&');
    let next = byte(window, end + 1);
    (begins_as_type && byte(window, end) == b'=' && next != b'=' && next != b'>')
        .then_some((Link::Equals, from + end + 1))
}

/// After nothing but spaces: a Go type, an option's value, or SQL.
fn after_space(
    text: &[u8],
    name: &Range<usize>,
    at: usize,
    syntax: Syntax,
) -> Option<(Link, usize)> {
    let quote = matches!(byte(text, at), b'"' | b'\'');
    let own = slice(text, name.clone());
    let option = own.starts_with(b"-");
    let phrase = own.eq_ignore_ascii_case(b"identified by");
    let shouted = own.iter().all(|byte| !byte.is_ascii_lowercase());
    if quote && (option || phrase || shouted || syntax != Syntax::Code) {
        return Some((Link::Space, at));
    }
    if option && own.starts_with(b"--") && !quote {
        return Some((Link::Space, at));
    }
    // `var password string = "x"`
    let window = slice(text, at..text.len().min(at + 32));
    let end = window.iter().position(|byte| {
        !(byte.is_ascii_alphanumeric() || matches!(byte, b'*' | b'[' | b']' | b'.' | b'_'))
    })?;
    let equals = skip_spaces(text, at + end);
    let is_type = end > 0 && byte(text, equals) == b'=' && byte(text, equals + 1) != b'=';
    if is_type && matches!(syntax, Syntax::Code | Syntax::Prose) {
        return Some((Link::Equals, equals + 1));
    }
    // `password hunter2` of a netrc file
    (syntax == Syntax::Config && own.eq_ignore_ascii_case(b"password")).then_some((Link::Space, at))
}

fn skip_spaces(text: &[u8], mut at: usize) -> usize {
    let stop = at + GAP_BYTES_MAX;
    while at < stop && matches!(byte(text, at), b' ' | b'\t') {
        at += 1;
    }
    at
}

/// The value that begins after the link.
pub(super) fn value_at(text: &[u8], start: usize, link: Link, syntax: Syntax) -> Option<Value> {
    let mut at = skip_spaces(text, start);
    if link == Link::Element {
        return element(text, at);
    }
    if matches!(byte(text, at), b'\n' | b'\r')
        && matches!(link, Link::Equals | Link::Call | Link::Comma)
    {
        at = skip_spaces(text, at + 1 + usize::from(byte(text, at) == b'\r'));
        if !matches!(byte(text, at), b'"' | b'\'') {
            return None;
        }
    }
    while matches!(byte(text, at), b'(' | b'[') && at < start + 8 {
        at += 1;
    }
    // `@"x"`, `b'x'`, `N'x'`, `\"x\"`
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
    match byte(text, at) {
        quote @ (b'"' | b'\'' | b'`') => quoted(text, at, quote),
        _ => bare(text, at, link, syntax),
    }
}

fn quoted(text: &[u8], open: usize, quote: u8) -> Option<Value> {
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
