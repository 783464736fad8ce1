//! A type, accessors or nothing but spaces between a name and its value.

use std::ops::Range;

use super::link::Link;
use super::paths::Syntax;
use super::text::{byte, line_before, skip_spaces, slice};

/// How far a type between a name and its value may reach.
const TYPE_REACH: usize = 64;
/// How much of the line before the name is looked at.
const LINE_REACH: usize = 72;

/// `{ get; set; } =`
pub(super) fn after_accessors(text: &[u8], open: usize) -> Option<usize> {
    let window = slice(text, open..text.len().min(open + TYPE_REACH));
    let close = memchr::memchr(b'}', window)?;
    let inside = slice(window, 1..close);
    let plain = inside.iter().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b' ' | b';'));
    let equals = skip_spaces(text, open + close + 1);
    (plain && memchr::memmem::find(inside, b"get").is_some() && byte(text, equals) == b'=')
        .then_some(equals + 1)
}

/// `password: string = …`: the place after the `=`.
pub(super) fn after_type(text: &[u8], from: usize) -> Option<(Link, usize)> {
    let window = slice(text, from..text.len().min(from + TYPE_REACH));
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

/// After nothing but spaces: a type, an option's value, a setting, or SQL.
pub(super) fn after_space(
    text: &[u8],
    name: &Range<usize>,
    at: usize,
    syntax: Syntax,
) -> Option<(Link, usize)> {
    const SETTINGS: &str = "password passwd rootpw bindpw requirepass masterauth masterpassword";
    let quote = matches!(byte(text, at), b'"' | b'\'');
    let own = slice(text, name.clone());
    let option = own.starts_with(b"-");
    let phrase = own.eq_ignore_ascii_case(b"identified by");
    let secure = own.to_ascii_lowercase().ends_with(b"securestring");
    let shouted = own.iter().all(|byte| !byte.is_ascii_lowercase());
    let before = line_before(text, name.start, LINE_REACH);
    let lead = before.trim_ascii();
    // `password 'x'` of Gradle, `:password "x"` of Clojure
    let statement = lead.is_empty() || before.ends_with(b":") || before.ends_with(b"@");
    let literal = quote || (byte(text, at) == b'@' && byte(text, at + 1) == b'"');
    if literal && lead == b"#define" {
        return Some((Link::Equals, at));
    }
    if literal && (option || phrase || secure || shouted || statement || syntax != Syntax::Code) {
        return Some((Link::Space, at));
    }
    if (option && own.starts_with(b"--")
        || phrase && before.to_ascii_lowercase().starts_with(b"create user"))
        && !quote
    {
        return Some((Link::Space, at));
    }
    if let Some(equals) = after_as_type(text, at) {
        return Some((Link::Equals, equals));
    }
    // `var password string = "x"`
    let window = slice(text, at..text.len().min(at + 32));
    let end = window
        .iter()
        .position(|byte| {
            !(byte.is_ascii_alphanumeric() || matches!(byte, b'*' | b'[' | b']' | b'.' | b'_'))
        })
        .unwrap_or(window.len());
    let equals = skip_spaces(text, at + end);
    let is_type = end > 0 && byte(text, equals) == b'=' && byte(text, equals + 1) != b'=';
    if is_type && matches!(syntax, Syntax::Code | Syntax::Prose) {
        return Some((Link::Equals, equals + 1));
    }
    // `enable password x` of a router
    if lead == b"enable" && own == b"password" {
        return Some((Link::Space, at));
    }
    // `password hunter2` of a netrc file, `rootpw --plaintext x` of a kickstart
    let setting = String::from_utf8_lossy(own).to_ascii_lowercase();
    if syntax != Syntax::Config || !super::name::listed(SETTINGS, &setting) {
        return None;
    }
    let rest = slice(text, at..text.len());
    let option = rest.starts_with(b"--plaintext ");
    Some((Link::Space, if option { at + b"--plaintext ".len() } else { at }))
}

/// `As String = ` of Visual Basic.
fn after_as_type(text: &[u8], at: usize) -> Option<usize> {
    let window = slice(text, at..text.len().min(at + TYPE_REACH));
    let rest = window.strip_prefix(b"As ").or_else(|| window.strip_prefix(b"as "))?;
    let equals = memchr::memchr(b'=', rest)?;
    let plain = slice(rest, 0..equals)
        .iter()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'.'));
    plain.then_some(at + 3 + equals + 1)
}
