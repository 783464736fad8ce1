//! Values that do not follow their names: the literal that a name is compared
//! with, and `name: DB_PASSWORD` with its `value:` on the next line.

use std::ops::Range;

use memchr::memmem;

use super::link::Link;
use super::literal::{Value, quoted};
use super::text::{byte, ends_with_word, line_before, skip_spaces, slice};

/// How far before a comparison its literal may begin.
const LITERAL_REACH: usize = 120;
/// How far after a name its value is looked for.
const PAIR_REACH: usize = 240;

/// The value that belongs to a name, and how.
pub(super) fn value_of(text: &[u8], name: &Range<usize>) -> Option<(Link, Value)> {
    compared_with(text, name)
        .map(|value| (Link::Compare, value))
        .or_else(|| for_key(text, name.start).map(|value| (Link::Insert, value)))
        .or_else(|| paired(text, name).map(|value| (Link::Equals, value)))
}

/// `"x".equals(password)`, `"x" == password`,
/// `ConstantTimeCompare([]byte(password), []byte("x"))`
fn compared_with(text: &[u8], name: &Range<usize>) -> Option<Value> {
    const BYTES: &[u8] = b"), []byte(\"";
    if slice(text, name.end..name.end + BYTES.len()) == BYTES
        && line_before(text, name.start, LITERAL_REACH).ends_with(b"Compare([]byte(")
    {
        return quoted(text, name.end + BYTES.len() - 1, b'"');
    }
    let name = name.start;
    let line = line_before(text, name, LITERAL_REACH);
    let rest = [&b".equals("[..], b".equalsIgnoreCase(", b"=== ", b"== ", b"!= "]
        .iter()
        .find_map(|sign| line.strip_suffix(*sign))?
        .trim_ascii_end();
    let quote = *rest.last().filter(|byte| matches!(byte, b'"' | b'\''))?;
    let inner = slice(rest, 0..rest.len() - 1);
    let open = memchr::memrchr(quote, inner)?;
    let start = name - line.len() + open + 1;
    Some(Value { span: start..start + inner.len() - open - 1, quote: Some(quote) })
}

/// `setValue:@"x" forKey:@"password"`
fn for_key(text: &[u8], name: usize) -> Option<Value> {
    let line = line_before(text, name, LITERAL_REACH);
    let rest = line.strip_suffix(b"\" forKey:@\"".as_slice()).or_else(|| {
        let rest = line.strip_suffix(b"\"")?.trim_ascii_end();
        rest.strip_suffix(b"\", forKey:")
    })?;
    let open = memchr::memrchr(b'"', rest)?;
    let start = name - line.len() + open + 1;
    Some(Value { span: start..start + rest.len() - open - 1, quote: Some(b'"') })
}

/// The `value` or `default` of what the name is the name of.
fn paired(text: &[u8], name: &Range<usize>) -> Option<Value> {
    let line = line_before(text, name.start, 64);
    let line = line.trim_ascii_end();
    let line = line.strip_suffix(b"\"").or_else(|| line.strip_suffix(b"'")).unwrap_or(line);
    let line = line.trim_ascii_end();
    if line.ends_with(b"<key>") {
        return property_list(text, name.end);
    }
    let keys: &[&[u8]] = if ends_with_word(line, b"variable") {
        &[b"default"]
    } else {
        let key = line.strip_suffix(b":").or_else(|| line.strip_suffix(b"="))?;
        let key = key.trim_ascii_end();
        let key = key.strip_suffix(b"\"").or_else(|| key.strip_suffix(b"'")).unwrap_or(key);
        let named = [&b"name"[..], b"Name", b"key", b"Key"].iter().any(|word| key.ends_with(word));
        if !named {
            return None;
        }
        &[b"value", b"Value"]
    };
    let window = slice(text, name.end..text.len().min(name.end + PAIR_REACH));
    let end = memmem::find(window, b"\n}").unwrap_or(window.len());
    let window = slice(window, 0..end);
    let found = keys.iter().find_map(|key| Some((memmem::find(window, key)?, key.len())));
    let (at, length) = found?;
    // Another entry begins in between.
    if memmem::find(slice(window, 0..at), b"name").is_some() {
        return None;
    }
    let mut at = name.end + at + length;
    at += usize::from(matches!(byte(text, at), b'"' | b'\''));
    at = skip_spaces(text, at);
    if !matches!(byte(text, at), b':' | b'=') {
        return None;
    }
    at = skip_spaces(text, at + 1);
    match byte(text, at) {
        quote @ (b'"' | b'\'') => quoted(text, at, quote),
        _ => None,
    }
}

/// `<key>Password</key>` and the `<string>x</string>` after it.
fn property_list(text: &[u8], from: usize) -> Option<Value> {
    const OPEN: &[u8] = b"<string>";
    let window = slice(text, from..text.len().min(from + PAIR_REACH));
    let open = memmem::find(window, OPEN)? + OPEN.len();
    let between = slice(window, b"</key>".len()..open - OPEN.len());
    let end = memchr::memchr(b'<', slice(window, open..window.len()))?;
    between
        .trim_ascii()
        .is_empty()
        .then_some(Value { span: from + open..from + open + end, quote: Some(b'<') })
}
