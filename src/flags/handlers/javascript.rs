//! The functions and classes of JavaScript and TypeScript.

use super::outline::{Class, Function, Outline};
use crate::flags::source::Token;

/// What stands before brackets and a block without being a function.
const NO_FUNCTIONS: &str = "if for while switch catch with function return await super new else do";
/// What may stand before the name of a method.
const MODIFIERS: &str = "async static public private protected get set override readonly";
/// Tokens that the type after the parameters may have.
const TYPE_MAX: usize = 60;

pub(super) fn declare(outline: &mut Outline<'_>) {
    let code = outline.code;
    for at in 0..code.tokens.len() {
        let found = match code.name(at) {
            b"function" => function(outline, at),
            b"class" => {
                outline.classes.extend(class(outline, at));
                None
            }
            b"" if is_arrow(outline, at) => arrow(outline, at),
            b"" => None,
            _ => method(outline, at),
        };
        outline.functions.extend(found);
    }
}

fn is_arrow(outline: &Outline<'_>, at: usize) -> bool {
    let code = outline.code;
    code.sign(at) == b'='
        && code.sign(at + 1) == b'>'
        && code.token(at).map(Token::end) == code.token(at + 1).map(Token::start)
}

/// `function name(a) { … }`
fn function<'a>(outline: &Outline<'a>, at: usize) -> Option<Function<'a>> {
    let code = outline.code;
    let star = usize::from(code.sign(at + 1) == b'*');
    let name = code.name(at + 1 + star);
    let after = at + 1 + star + usize::from(!name.is_empty());
    let open = (after..after + 12).find(|&at| code.sign(at) == b'(')?;
    block(outline, name, at, open)
}

/// `name(a) { … }` within a class or an object.
fn method<'a>(outline: &Outline<'a>, at: usize) -> Option<Function<'a>> {
    let code = outline.code;
    let name = code.name(at);
    let before = at.checked_sub(1);
    let modified = before.is_some_and(|at| {
        matches!(code.sign(at), b'{' | b',' | b'*' | b';' | b'}')
            || listed(MODIFIERS, code.name(at))
    });
    let begins = modified || outline.column(at).is_some();
    if !begins || code.sign(at + 1) != b'(' || listed(NO_FUNCTIONS, name) {
        return None;
    }
    if before.is_some_and(|at| matches!(code.name(at), b"function" | b"new")) {
        return None;
    }
    block(outline, name, at, at + 1)
}

fn block<'a>(
    outline: &Outline<'a>,
    name: &'a [u8],
    start: usize,
    open: usize,
) -> Option<Function<'a>> {
    let close = outline.closing(open);
    let brace = (close > open).then(|| after_type(outline, close))??;
    let end = outline.closing(brace);
    (end > brace).then(|| Function {
        name,
        start,
        parameters: open + 1..close - 1,
        body: brace + 1..end - 1,
        expression: false,
    })
}

/// The brace of the body after the type that a function returns.
fn after_type(outline: &Outline<'_>, close: usize) -> Option<usize> {
    let code = outline.code;
    if code.sign(close) == b'{' {
        return Some(close);
    }
    if code.sign(close) != b':' {
        return None;
    }
    let mut at = close + 1;
    for _ in 0..TYPE_MAX {
        let typed = matches!(code.sign(at - 1), b':' | b'<' | b'|' | b'&' | b',' | b'>');
        let typed = typed && !(code.sign(at - 1) == b'>' && code.sign(at) == b'{');
        at = match code.sign(at) {
            b'{' if !typed => return Some(at),
            b';' | b')' | b'}' => return None,
            b'{' | b'(' | b'[' => outline.closing(at).max(at + 1),
            _ => at + 1,
        };
    }
    None
}

/// `(a) => …`, `a => …`, `(a): Type => …`
fn arrow<'a>(outline: &Outline<'a>, at: usize) -> Option<Function<'a>> {
    let code = outline.code;
    let last = at.checked_sub(1)?;
    let typed = (last.saturating_sub(30)..last)
        .rev()
        .find(|&at| code.sign(at) == b')' && code.sign(at + 1) == b':');
    let parameters = if let Some(open) = outline.opening(last).filter(|_| code.sign(last) == b')') {
        open + 1..last
    } else if let Some(close) = typed {
        outline.opening(close)? + 1..close
    } else if code.name(last).is_empty() {
        return None;
    } else {
        last..at
    };
    let body = at + 2;
    let (body, expression) = if code.sign(body) == b'{' {
        let end = outline.closing(body);
        if end == body {
            return None;
        }
        (body + 1..end - 1, false)
    } else {
        (body..outline.expression_end(body), true)
    };
    let first = parameters.start.saturating_sub(usize::from(code.sign(last) == b')'));
    let start = first - usize::from(first > 0 && code.name(first - 1) == b"async");
    Some(Function { name: assigned_to(outline, start), start, parameters, body, expression })
}

/// The name that a function without one is given: `const name = …`,
/// `exports.name = …`, `name: …`.
fn assigned_to<'a>(outline: &Outline<'a>, start: usize) -> &'a [u8] {
    let code = outline.code;
    let Some(sign) = start.checked_sub(1) else { return b"" };
    let Some(name) = start.checked_sub(2) else { return b"" };
    match code.sign(sign) {
        b'=' if !code.name(name).is_empty() => code.name(name),
        b':' => code.name(name),
        // `const name: Type = …`
        b'=' => (name.saturating_sub(16)..name)
            .rev()
            .find(|&at| matches!(code.name(at), b"const" | b"let" | b"var"))
            .map_or(b"", |at| code.name(at + 1)),
        _ => b"",
    }
}

fn class<'a>(outline: &Outline<'a>, at: usize) -> Option<Class<'a>> {
    let code = outline.code;
    if at.checked_sub(1).is_some_and(|at| code.sign(at) == b'.') {
        return None;
    }
    let open = (at + 1..at + 40).find(|&at| code.sign(at) == b'{')?;
    let end = outline.closing(open);
    let abstracted = at.checked_sub(1).filter(|&at| code.name(at) == b"abstract");
    let head = abstracted.unwrap_or(at)..open;
    (end > open).then(|| Class { name: code.name(at + 1), head, body: open + 1..end - 1 })
}

fn listed(list: &str, name: &[u8]) -> bool {
    std::str::from_utf8(name).is_ok_and(|name| crate::flags::name::listed(list, name))
}
