//! What functions answer with: `res.json(x)`, `ctx.body = x`, `return x`.

use std::collections::HashMap;
use std::ops::Range;

use super::outline::Outline;
use super::{Handler, named};
use crate::flags::source::{Kind, Language};

/// Calls that send what they are given.
const SENDS: &str = "json jsonp send end render success ok created";
/// What they are called on.
const RECEIVERS: &str = "res response reply resp rep ctx context c NextResponse Response h";
/// Python's classes and functions that form an answer.
const RESPONSES: &str = "JsonResponse jsonify json_response JSONResponse ORJSONResponse UJSONResponse Response \
    make_response HttpResponse PlainTextResponse render render_template TemplateResponse";
/// Names of statuses that say that something failed, in part.
const FAILURES: [&str; 12] = [
    "NOT_FOUND",
    "NotFound",
    "BAD_REQUEST",
    "BadRequest",
    "UNAUTHORIZED",
    "Unauthorized",
    "FORBIDDEN",
    "INTERNAL",
    "UNPROCESSABLE",
    "CONFLICT",
    "HTTP_4",
    "HTTP_5",
];
/// Tokens of an answer in which a status is looked for.
const STATUS_REACH: usize = 600;

/// One answer of a handler.
#[derive(Clone, Debug)]
pub(in crate::flags) struct Answer {
    /// The tokens of the statement.
    pub(in crate::flags) statement: Range<usize>,
    /// The tokens of what is answered.
    pub(in crate::flags) value: Range<usize>,
    /// The route, where it is known.
    pub(in crate::flags) route: String,
}

/// Every answer of a text that does not say that something failed.
pub(in crate::flags) fn answers(outline: &Outline<'_>, handlers: &[Handler]) -> Vec<Answer> {
    answers_within(outline, handlers, 0..outline.code.tokens.len(), false)
}

/// The answers within some tokens; `any` counts what every function returns.
pub(in crate::flags) fn answers_within(
    outline: &Outline<'_>,
    handlers: &[Handler],
    within: Range<usize>,
    any: bool,
) -> Vec<Answer> {
    let routes: HashMap<usize, &str> =
        handlers.iter().map(|one| (one.function, one.route.as_str())).collect();
    let mut answers = Vec::new();
    let functions = if routes.is_empty() { &[][..] } else { outline.functions.as_slice() };
    let expressions = functions.iter().enumerate().filter(|(number, one)| {
        one.expression
            && routes.contains_key(number)
            && within.contains(&one.body.start)
            && !is_sent(outline, one.body.start)
    });
    for (number, one) in expressions {
        let route = routes.get(&number).copied().unwrap_or_default();
        answers.push((one.body.clone(), one.body.clone(), route.to_owned()));
    }
    for at in within {
        let found = sent(outline, at).or_else(|| assigned(outline, at));
        let found = found.or_else(|| {
            let function = outline.function_at(at)?;
            let returns = any || routes.contains_key(&function);
            returned(outline, at, returns)
        });
        let Some((statement, value)) = found else { continue };
        let around = outline.around(at).find_map(|number| routes.get(&number));
        answers.push((statement, value, (*around.unwrap_or(&"")).to_owned()));
    }
    answers
        .into_iter()
        .map(|(statement, value, route)| Answer { statement, value, route })
        .filter(|one| !fails(outline, one.statement.clone()))
        .collect()
}

/// `res.status(201).json(x)`, `new Response(x)`
fn sent(outline: &Outline<'_>, at: usize) -> Option<(Range<usize>, Range<usize>)> {
    let code = outline.code;
    if code.language != Language::JavaScript || code.sign(at + 1) != b'(' || at == 0 {
        return None;
    }
    let close = outline.closing(at + 1);
    let value = at + 2..close.saturating_sub(1);
    if value.start >= value.end {
        return None;
    }
    if code.name(at - 1) == b"new" && named("Response NextResponse", code.name(at)) {
        return Some((at - 1..close, value));
    }
    if code.sign(at - 1) != b'.' || !named(SENDS, code.name(at)) {
        return None;
    }
    let root = root(outline, at)?;
    named(RECEIVERS, code.name(root)).then_some((root..close, value))
}

/// The first name of `res.status(200).json`.
fn root(outline: &Outline<'_>, member: usize) -> Option<usize> {
    let code = outline.code;
    let mut at = member;
    for _ in 0..8 {
        if at < 2 || code.sign(at - 1) != b'.' {
            return Some(at);
        }
        let before = at - 2;
        at = match code.sign(before) {
            b')' => outline.opening(before)?.checked_sub(1)?,
            _ => before,
        };
        if code.name(at).is_empty() {
            return None;
        }
    }
    None
}

fn is_sent(outline: &Outline<'_>, start: usize) -> bool {
    let code = outline.code;
    let at = start + usize::from(matches!(code.name(start), b"await" | b"new"));
    named(RECEIVERS, code.name(at)) && matches!(code.sign(at + 1), b'.' | b'(')
}

/// `ctx.body = x`
fn assigned(outline: &Outline<'_>, at: usize) -> Option<(Range<usize>, Range<usize>)> {
    let code = outline.code;
    let body = code.name(at) == b"body" && at > 1 && code.sign(at - 1) == b'.';
    let is = code.sign(at + 1) == b'=' && !matches!(code.sign(at + 2), b'=' | b'>');
    let root = if body && is { root(outline, at)? } else { return None };
    let value = at + 2..outline.expression_end(at + 2);
    named("ctx context c res", code.name(root)).then_some((root..value.end, value))
}

/// `return x` of a handler, or of a function that forms its answer there.
fn returned(
    outline: &Outline<'_>,
    at: usize,
    handles: bool,
) -> Option<(Range<usize>, Range<usize>)> {
    let code = outline.code;
    if code.name(at) != b"return" || (at > 0 && code.sign(at - 1) == b'.') {
        return None;
    }
    let python = code.language == Language::Python;
    if python {
        let forms =
            (at + 1..at + 6).any(|at| code.sign(at + 1) == b'(' && named(RESPONSES, code.name(at)));
        if !handles && !forms {
            return None;
        }
    } else if !handles || is_sent(outline, at + 1) {
        return None;
    }
    let mut end = outline.expression_end(at + 1);
    while python && code.sign(end) == b',' && outline.column(end).is_none() {
        end = outline.expression_end(end + 1);
    }
    (end > at + 1).then_some((at..end, at + 1..end))
}

/// Whether the answer carries a status of 400 or more.
fn fails(outline: &Outline<'_>, statement: Range<usize>) -> bool {
    let code = outline.code;
    statement.take(STATUS_REACH).any(|at| match code.token(at).map(|token| token.kind) {
        Some(Kind::Number) => {
            let number = code.token(at).map(|one| one.text(code.text)).unwrap_or_default();
            let failure = matches!(number, [b'4' | b'5', b'0'..=b'9', b'0'..=b'9']);
            let of =
                |at: usize| named("status code statusCode status_code writeHead", code.name(at));
            failure
                && at > 1
                && (of(at - 2)
                    || (code.sign(at - 1) == b','
                        && code.language == Language::Python
                        && outline.column(at + 1).is_some()))
        }
        Some(Kind::Name) => {
            let name = String::from_utf8_lossy(code.name(at));
            FAILURES.iter().any(|failure| name.contains(failure))
        }
        _ => false,
    })
}
