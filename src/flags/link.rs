//! From a name to what is given to it, in whatever language: which operator or
//! call stands between them, and where the value begins.
//!
//! Reads the few characters around the name; knows no grammar, and judges
//! neither the name nor the value, whose end is [`super::literal`]'s.

use std::ops::Range;

use super::call::{after_default_word, is_compared, is_option_of_call, is_symbol, of_arguments};
use super::paths::Syntax;
use super::text::{byte, skip_spaces, slice};
use super::typed::{after_accessors, after_space, after_type};

const NAME_BYTES_MAX: usize = 72;

/// What stands between a name and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// `=`, `:=`, `=>`, `<-`
    Equals,
    /// `==`, `!=`, `eq`, `.equals(…)`
    Compare,
    /// `= hash("x")`: what is given is made from the literal.
    Hashed,
    /// `:`
    Colon,
    /// `("password", "x")`
    Comma,
    /// `getenv("PASSWORD", "x")`, `env.PASSWORD || "x"`, `${PASSWORD:-x}`
    Default,
    /// `put("password", "x")`, `option("password", "x")`
    Insert,
    /// `setPassword("x")`
    Call,
    /// `<password>x</password>`
    Element,
    /// `--password x`, `IDENTIFIED BY 'x'`
    Space,
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
    if let Some(at) = default_in_braces(text, name) {
        return Some((Link::Default, at));
    }
    let (closed, quoted) = closers(text, name);
    let mut at = closed;
    let called = quoted && byte(text, at) == b')';
    at += usize::from(called);
    let before_spaces = at;
    at = skip_spaces(text, at);
    let spaced = at > before_spaces;
    if called || !quoted {
        if let Some(found) = fallback(text, at) {
            return Some(found);
        }
        if called {
            return comparison(text, at);
        }
    }
    let first = byte(text, at);
    let link = match operator(text, at) {
        b":" if syntax == Syntax::Code => {
            return Some(after_type(text, at + 1).unwrap_or((Link::Colon, at + 1)));
        }
        b":" => Link::Colon,
        b"==" | b"===" | b"!=" | b"!==" => Link::Compare,
        b"=" | b":=" | b"::=" | b":::=" | b"=>" | b"->" | b"?=" | b".=" | b"+=" | b"||="
        | b"??=" => Link::Equals,
        b">" if byte(text, name.start.wrapping_sub(1)) == b'<' || quoted => Link::Element,
        b"" if first == b'<' && byte(text, at + 1) == b'-' && spaced => {
            return Some((Link::Equals, at + 2));
        }
        b"" if first == b',' && (quoted || is_symbol(text, name)) => {
            return Some((of_arguments(text, name)?, after_default_word(text, at + 1)));
        }
        // `{db_password, "x"}` of Erlang
        b"" if first == b',' && byte(text, name.start.wrapping_sub(1)) == b'{' => Link::Comma,
        b"" if first == b',' && is_option_of_call(text, name) => Link::Insert,
        b"" if first == b',' && is_compared(text, name.start) => {
            return Some((Link::Compare, at + 1));
        }
        b"" if first == b'(' && !spaced => Link::Call,
        // `kPassword{"x"}` of C++
        b"" if first == b'{' && !quoted && byte(text, at + 1) == b'"' => Link::Equals,
        b"" if first == b'{' && !quoted => {
            return after_accessors(text, at).map(|at| (Link::Equals, at));
        }
        b"" if quoted && spaced && slice(text, at..at + 6).eq_ignore_ascii_case(b"value=") => {
            return Some((Link::Equals, at + 6));
        }
        b"" | b"-" | b"--" | b"." | b"!" if spaced && !quoted => {
            return comparison(text, at).or_else(|| after_space(text, name, at, syntax));
        }
        _ => return None,
    };
    Some((link, at + operator(text, at).len().max(1)))
}

/// The place after the quotes and brackets that close a name, and whether it
/// was quoted.
fn closers(text: &[u8], name: &Range<usize>) -> (usize, bool) {
    let mut at = name.end;
    let mut quoted = false;
    for step in 0..4 {
        match byte(text, at) {
            // In `'user[:passwd]', 'host'` the quote closes more than the name.
            b'"' | b'\'' | b'`' if step < 2 => quoted = byte(text, at.wrapping_sub(1)) != b']',
            b'"' | b'\'' | b'`' | b']' | b'\\' => {}
            // `$db{password}` of Perl
            b'}' if step == 0 && byte(text, name.start.wrapping_sub(1)) == b'{' => {}
            b'[' if byte(text, at + 1) == b']' => at += 1,
            _ => break,
        }
        at += 1;
    }
    (at, quoted)
}

/// The signs at a place that operators are made of.
fn operator(text: &[u8], at: usize) -> &[u8] {
    let operator = slice(text, at..text.len().min(at + 4));
    let length = operator
        .iter()
        .position(|byte| {
            !matches!(byte, b'=' | b':' | b'>' | b'?' | b'.' | b'+' | b'|' | b'!' | b'-')
        })
        .unwrap_or(operator.len());
    slice(operator, 0..length)
}

/// `||`, `??`, `?:`, `or`, `.unwrap_or(`, `.orElse(`: what counts when there is
/// nothing else.
fn fallback(text: &[u8], at: usize) -> Option<(Link, usize)> {
    const METHODS: [&[u8]; 7] = [
        b".unwrap_or_else(",
        b".unwrap_or(",
        b".unwrap_or_default(",
        b".orElse(",
        b".getOrElse(",
        b".or_else(",
        b".ifBlank(",
    ];
    let rest = slice(text, at..text.len().min(at + 24));
    for sign in [&b"||"[..], b"??", b"?:", b"or "] {
        if rest.starts_with(sign) && byte(rest, sign.len()) != b'=' {
            return Some((Link::Default, at + sign.len()));
        }
    }
    let method = METHODS.iter().find(|method| rest.starts_with(method))?;
    let mut from = at + method.len();
    // `|_| "x"`
    if byte(text, from) == b'|' {
        from += slice(text, from + 1..from + 16).iter().position(|byte| *byte == b'|')? + 2;
    }
    Some((Link::Default, from))
}

/// `==`, `eq`, `-eq`, `.equals(`.
fn comparison(text: &[u8], at: usize) -> Option<(Link, usize)> {
    const SIGNS: [&[u8]; 10] =
        [b"===", b"!==", b"==", b"!=", b"eq ", b"ne ", b"-eq ", b"-ne ", b"-ceq ", b".equals("];
    let rest = slice(text, at..text.len().min(at + 24));
    let sign = SIGNS.iter().find(|sign| rest.starts_with(sign))?;
    Some((Link::Compare, at + sign.len()))
}

/// `${PASSWORD:-x}` of a shell, `${password:x}` of Spring.
fn default_in_braces(text: &[u8], name: &Range<usize>) -> Option<usize> {
    if byte(text, name.start.wrapping_sub(1)) != b'{'
        || byte(text, name.start.wrapping_sub(2)) != b'$'
    {
        return None;
    }
    let signs: [&[u8]; 4] = [b":-", b":=", b"-", b":"];
    let sign = signs.iter().find(|sign| slice(text, name.end..text.len()).starts_with(sign))?;
    let at = name.end + sign.len();
    // `${NAME:?message}` and `${NAME:+other}` give no value.
    (!matches!(byte(text, at), b'?' | b'+')).then_some(at)
}
