//! Errors that nobody handles: swallowed, or never caught.

mod caught;
mod excepted;
mod excuse;
mod rejected;

use memchr::memmem;

use super::handlers::handlers;
use super::handlers::outline::Outline;
use super::source::code::Code;
use super::source::{Language, Token};
use super::text::Hit;

/// Everything of that kind in a text.
pub(super) fn find(code: &Code<'_>, hits: &mut Vec<Hit>) {
    let outline = Outline::of(code);
    for at in 0..code.tokens.len() {
        let found = match (code.language, code.name(at)) {
            (Language::Python, b"except") => excepted::except(&outline, at),
            (Language::Python, b"suppress") => excepted::suppress(&outline, at),
            (Language::JavaScript, b"catch") if at > 0 && code.sign(at - 1) == b'.' => {
                rejected::catch(&outline, at)
            }
            (
                Language::JavaScript | Language::Java | Language::CSharp | Language::Php,
                b"catch",
            ) => caught::catch(&outline, at),
            _ => None,
        };
        if let (Some(found), Some(first)) = (found, code.token(at)) {
            let end = code.token(found.end.saturating_sub(1)).map_or(first.end(), Token::end);
            let span = first.start()..end.max(first.end());
            let kind = found.kind.to_owned();
            hits.push(Hit { rule: found.rule, span, kind, secret: false });
        }
    }
    if code.language == Language::JavaScript
        && memmem::find(code.text, b"express-async-errors").is_none()
    {
        uncaught_handlers(&outline, hits);
    }
}

/// How an error is dropped.
struct Dropped {
    rule: &'static str,
    /// The token after it.
    end: usize,
    kind: &'static str,
}

impl Dropped {
    fn unseen(end: usize) -> Self {
        Self { rule: "error-swallowed", end, kind: "an error is dropped unseen" }
    }

    fn for_a_value(end: usize) -> Self {
        let kind = "an error is dropped for an empty value";
        Self { rule: "error-swallowed-value", end, kind }
    }

    fn for_made_up_data(end: usize) -> Self {
        let kind = "an error is covered up with made-up data";
        Self { rule: "error-swallowed-made-up", end, kind }
    }
}

/// Express handlers that wait for something that can fail, and catch nothing.
fn uncaught_handlers(outline: &Outline<'_>, hits: &mut Vec<Hit>) {
    let code = outline.code;
    if memmem::find(code.text, b"express").is_none() {
        return;
    }
    for handler in handlers(outline) {
        let Some(function) = outline.functions.get(handler.function) else { continue };
        let named = |name: &[u8]| function.body.clone().any(|at| code.name(at) == name);
        let express = !handler.route.is_empty() && handler.start < function.start;
        if express && !handler.wrapped && named(b"await") && !named(b"try") && !named(b"catch") {
            let Some(token) = code.token(handler.start) else { continue };
            let span = token.start()..token.start() + 1;
            let kind = "an async handler without `try`".to_owned();
            hits.push(Hit { rule: "error-uncaught-handler", span, kind, secret: false });
        }
    }
}
