//! `except` blocks that drop the error.

use std::ops::Range;

use super::{Dropped, caught, excuse};
use crate::flags::handlers::named;
use crate::flags::handlers::outline::Outline;

/// Exceptions that cover everything.
const BROAD: &str = "Exception BaseException";
/// Exceptions that cover whatever a service may do.
const OF_A_SERVICE: &str = "SMTPException RequestException HTTPError HTTPStatusError SQLAlchemyError DatabaseError OperationalError \
    ClientError BotoCoreError RedisError KafkaError PyMongoError StripeError TransportError ClientConnectorError AMQPError";
/// Names of functions whose answer is whether something works.
const ASKS: [&[u8]; 9] =
    [b"is_", b"has_", b"can_", b"try_", b"_is_", b"_has_", b"_try_", b"supports", b"__del__"];

/// `except Exception: pass`
pub(super) fn except(outline: &Outline<'_>, at: usize) -> Option<Dropped> {
    let code = outline.code;
    let column = outline.column(at)?;
    let colon = (at + 1..at + 40).find(|&at| code.sign(at) == b':')?;
    let end = block_end(outline, colon, column);
    let body = colon + 1..end;
    let caught: Vec<&[u8]> = (at + 1..colon).map(|at| code.name(at)).collect();
    let broad = caught.is_empty() || caught.iter().any(|name| named(BROAD, name));
    let service = caught.iter().any(|name| named(OF_A_SERVICE, name));
    if (broad || service)
        && let Some(end) = made_up(outline, body.clone())
    {
        return Some(Dropped::for_made_up_data(end));
    }
    let asks = outline.function_at(at).and_then(|number| outline.functions.get(number));
    let asks = asks.is_some_and(|one| ASKS.iter().any(|start| one.name.starts_with(start)));
    if !(broad || service) || asks || explained(outline, at, &body) {
        return None;
    }
    let first = body.start;
    let tried = tried(outline, at, column);
    let decides = code.name(end) == b"else" && outline.column(end) == Some(column);
    if decides || excuse::only_asks(outline, tried) {
        return None;
    }
    let one = |length: usize| body.end - body.start == length;
    match code.name(first) {
        b"pass" | b"continue" if one(1) => Some(Dropped::unseen(body.end)),
        b"return" if broad && (one(1) || is_empty(outline, first + 1..body.end)) => {
            Some(Dropped::for_a_value(body.end))
        }
        b"" if one(3) && code.sign(first) == b'.' => Some(Dropped::unseen(body.end)),
        _ => None,
    }
}

/// `with suppress(Exception):`
pub(super) fn suppress(outline: &Outline<'_>, at: usize) -> Option<Dropped> {
    let code = outline.code;
    let end = outline.closing(at + 1);
    let broad = (at + 2..end.min(at + 20)).any(|at| named(BROAD, code.name(at)));
    let with = (at.saturating_sub(12)..at).any(|at| code.name(at) == b"with");
    let close = end + 1;
    let first = (at.saturating_sub(4)..=at).rev().find(|&at| outline.column(at).is_some());
    let above = first.is_some_and(|first| excuse::explains(outline, first..first + 1));
    (broad
        && with
        && !above
        && !excuse::explained_behind(outline, close)
        && !excuse::explains(outline, close..close + 1))
    .then(|| Dropped::unseen(end))
}

fn made_up(outline: &Outline<'_>, body: Range<usize>) -> Option<usize> {
    caught::made_up(outline, body)
}

/// Comments in the block, or behind it on the line of its last token.
fn explained(outline: &Outline<'_>, at: usize, body: &Range<usize>) -> bool {
    excuse::explains(outline, at + 1..body.end) || excuse::explained_behind(outline, body.end)
}

fn is_empty(outline: &Outline<'_>, value: Range<usize>) -> bool {
    let code = outline.code;
    value.end.saturating_sub(value.start) <= 2
        && value.into_iter().all(|at| {
            matches!(code.sign(at), b'(' | b')' | b'[' | b']' | b'{' | b'}')
                || named("None", code.name(at))
                || code.token(at).is_some_and(|one| matches!(one.text(code.text), b"0" | b"0.0"))
                || code.token(at).is_some_and(|one| one.content().is_empty() && one.is_string())
        })
}

/// The first token of a line that is not further in.
fn block_end(outline: &Outline<'_>, colon: usize, column: u32) -> usize {
    let length = outline.code.tokens.len();
    let out = |at: &usize| outline.column(*at).is_some_and(|inner| inner <= column);
    (colon + 1..length.min(colon + 400)).find(out).unwrap_or(length.min(colon + 400))
}

/// What stands between `try:` and this.
fn tried(outline: &Outline<'_>, at: usize, column: u32) -> Range<usize> {
    let from = at.saturating_sub(400);
    let start = (from..at)
        .rev()
        .find(|&at| outline.column(at) == Some(column) && outline.code.name(at) == b"try");
    start.unwrap_or(from)..at
}
