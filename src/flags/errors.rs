//! Errors that nobody handles: swallowed, or never caught.

use memchr::memmem;

use super::handlers::handlers;
use super::source::Language;
use super::source::code::Code;
use super::text::{Hit, slice};

/// Everything of that kind in a text.
pub(super) fn find(code: &Code<'_>, hits: &mut Vec<Hit>) {
    for at in 0..code.tokens.len() {
        let end = match code.language {
            Language::JavaScript => empty_catch(code, at),
            Language::Python => passed_over(code, at),
            _ => None,
        };
        if let (Some(end), Some(token)) = (end, code.tokens.get(at)) {
            hits.push(hit("error-swallowed", token.start(), end, "an error is dropped unseen"));
        }
    }
    if code.language == Language::JavaScript
        && memmem::find(code.text, b"express-async-errors").is_none()
    {
        uncaught_handlers(code, hits);
    }
}

/// The end of a `catch` with nothing in it, not even a comment.
fn empty_catch(code: &Code<'_>, at: usize) -> Option<usize> {
    if code.name(at) != b"catch" {
        return None;
    }
    let method = at.checked_sub(1).is_some_and(|at| code.sign(at) == b'.');
    let mut open = if code.sign(at + 1) == b'(' && !method { code.closing(at + 1) } else { at + 1 };
    if method {
        // `.catch(() => {})`
        let parameters =
            if code.sign(open + 1) == b'(' { code.closing(open + 1) } else { open + 2 };
        if code.sign(open) != b'('
            || code.sign(parameters) != b'='
            || code.sign(parameters + 1) != b'>'
        {
            return None;
        }
        open = parameters + 2;
    }
    let (first, last) = (code.tokens.get(open)?, code.tokens.get(open + 1)?);
    let between = slice(code.text, first.end()..last.start());
    (first.is(b'{') && last.is(b'}') && between.iter().all(u8::is_ascii_whitespace))
        .then_some(last.end())
}

/// The end of `except: pass` and `except Exception: pass` without a comment.
fn passed_over(code: &Code<'_>, at: usize) -> Option<usize> {
    if code.name(at) != b"except" {
        return None;
    }
    let broad =
        code.sign(at + 1) == b':' || matches!(code.name(at + 1), b"Exception" | b"BaseException");
    let colon = (at + 1..at + 6).find(|&at| code.sign(at) == b':')?;
    let (first, last) = (code.tokens.get(colon)?, code.tokens.get(colon + 1)?);
    let between = slice(code.text, first.end()..last.start());
    let rest = slice(code.text, last.end()..code.text.len());
    let line = memchr::memchr(b'\n', rest).map_or(rest, |end| slice(rest, 0..end));
    let explained = memchr::memchr(b'#', between).is_some() || memchr::memchr(b'#', line).is_some();
    (broad && code.name(colon + 1) == b"pass" && !explained).then_some(last.end())
}

/// Express handlers that wait for something that can fail, and catch nothing.
fn uncaught_handlers(code: &Code<'_>, hits: &mut Vec<Hit>) {
    if memmem::find(code.text, b"express").is_none() {
        return;
    }
    for handler in handlers(code) {
        let named = |name: &[u8]| handler.body.clone().any(|at| code.name(at) == name);
        if !handler.route.is_empty()
            && !handler.wrapped
            && named(b"await")
            && !named(b"try")
            && !named(b"catch")
        {
            hits.push(hit(
                "error-uncaught-handler",
                handler.start,
                handler.start + 1,
                "an async handler without `try`",
            ));
        }
    }
}

fn hit(rule: &'static str, start: usize, end: usize, kind: &str) -> Hit {
    Hit { rule, span: start..end, kind: kind.to_owned(), secret: false }
}
