//! The functions that answer requests: Express, Fastify, Hono, Next.js, Flask,
//! FastAPI.

use std::ops::Range;

use super::source::Language;
use super::source::code::Code;
use super::text::slice;

const METHODS: &str = "get post put patch delete all route";

/// One handler of a route.
#[derive(Clone, Debug)]
pub(super) struct Handler {
    /// The route as written, empty when the file's place says it.
    pub(super) route: String,
    /// The bytes of the declaration.
    pub(super) start: usize,
    /// See `start`.
    pub(super) end: usize,
    /// The tokens of the function's body.
    pub(super) body: Range<usize>,
    /// Whether the function is wrapped in a call that may catch for it.
    pub(super) wrapped: bool,
}

/// Every handler of a text.
pub(super) fn handlers(code: &Code<'_>) -> Vec<Handler> {
    (0..code.tokens.len())
        .filter_map(|at| match code.language {
            Language::JavaScript => express(code, at).or_else(|| next(code, at)),
            Language::Python => decorated(code, at),
            _ => None,
        })
        .collect()
}

/// `router.get("/users", (req, res) => { … })`
fn express(code: &Code<'_>, at: usize) -> Option<Handler> {
    let receiver = at.checked_sub(2).map(|at| code.name(at))?;
    let lower = String::from_utf8_lossy(receiver).to_ascii_lowercase();
    let routes = matches!(
        lower.as_str(),
        "app" | "api" | "server" | "fastify" | "route" | "routes" | "hono"
    ) || lower.ends_with("router")
        || lower.ends_with("routes");
    if !routes
        || code.sign(at - 1) != b'.'
        || code.sign(at + 1) != b'('
        || !is_method(code.name(at))
    {
        return None;
    }
    let route = route_at(code, at + 2)?;
    let close = code.closing(at + 1);
    let arrow = (at + 3..close).find(|&at| {
        (code.sign(at) == b'=' && code.sign(at + 1) == b'>') || code.name(at) == b"function"
    })?;
    let open = if code.name(arrow) == b"function" {
        (arrow..close).find(|&at| code.sign(at) == b'{' && code.sign(at - 1) == b')')
    } else {
        Some(arrow + 2).filter(|&at| code.sign(at) == b'{')
    };
    let body = match open {
        Some(open) => open..code.closing(open),
        None => arrow + 2..close,
    };
    let wrapped = (at + 3..arrow).any(|at| {
        !code.name(at).is_empty()
            && code.sign(at + 1) == b'('
            && code.name(at) != b"async"
            && code.name(at) != b"function"
    });
    handler(code, at - 2, close, route, body, wrapped)
}

/// `export async function GET() { … }`
fn next(code: &Code<'_>, at: usize) -> Option<Handler> {
    let verb = matches!(code.name(at), b"GET" | b"POST" | b"PUT" | b"PATCH" | b"DELETE");
    if !verb
        || at.checked_sub(1).is_none_or(|at| code.name(at) != b"function")
        || code.sign(at + 1) != b'('
    {
        return None;
    }
    let after = code.closing(at + 1);
    let open = (after..after + 12).find(|&at| code.sign(at) == b'{')?;
    handler(code, at, code.closing(open), String::new(), open..code.closing(open), false)
}

/// `@app.get("/users")` above a function.
fn decorated(code: &Code<'_>, at: usize) -> Option<Handler> {
    if code.sign(at) != b'@'
        || code.sign(at + 2) != b'.'
        || !is_method(code.name(at + 3))
        || code.sign(at + 4) != b'('
    {
        return None;
    }
    let route = route_at(code, at + 5)?;
    let after = code.closing(at + 4);
    let define = (after..after + 40).find(|&at| code.name(at) == b"def")?;
    let open = (define..define + 4).find(|&at| code.sign(at) == b'(')?;
    let colon = (code.closing(open)..code.closing(open) + 20).find(|&at| code.sign(at) == b':')?;
    let column = column(code, define);
    let mut end = colon + 1;
    while let Some(token) = code.tokens.get(end) {
        if first_of_line(code.text, token.start()) && self::column(code, end) <= column {
            break;
        }
        end += 1;
    }
    handler(code, at, end, route, colon + 1..end, false)
}

fn handler(
    code: &Code<'_>,
    from: usize,
    to: usize,
    route: String,
    body: Range<usize>,
    wrapped: bool,
) -> Option<Handler> {
    let start = code.tokens.get(from)?.start();
    let end = code.tokens.get(to.saturating_sub(1))?.end();
    (body.end > body.start).then_some(Handler { route, start, end, body, wrapped })
}

fn is_method(name: &[u8]) -> bool {
    std::str::from_utf8(name).is_ok_and(|name| super::name::listed(METHODS, name))
}

fn route_at(code: &Code<'_>, at: usize) -> Option<String> {
    let token = code.tokens.get(at).filter(|token| token.is_string())?;
    let route = String::from_utf8_lossy(slice(code.text, token.content()));
    route.starts_with('/').then(|| route.into_owned())
}

fn line_start(text: &[u8], at: usize) -> usize {
    memchr::memrchr(b'\n', slice(text, 0..at)).map_or(0, |end| end + 1)
}

fn first_of_line(text: &[u8], at: usize) -> bool {
    slice(text, line_start(text, at)..at).iter().all(u8::is_ascii_whitespace)
}

fn column(code: &Code<'_>, at: usize) -> usize {
    code.tokens.get(at).map_or(0, |token| token.start() - line_start(code.text, token.start()))
}
