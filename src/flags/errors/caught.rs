//! `catch` blocks that drop the error.

use std::ops::Range;

use super::{Dropped, excuse};
use crate::flags::handlers::outline::Outline;
use crate::flags::handlers::{answers_within, named};
use crate::flags::placeholders::evidence;
use crate::flags::source::Language;

/// Tokens of a block that are looked at.
const BODY_MAX: usize = 400;

/// `catch (e) { … }`
pub(super) fn catch(outline: &Outline<'_>, at: usize) -> Option<Dropped> {
    let code = outline.code;
    let open = if code.sign(at + 1) == b'(' { outline.closing(at + 1) } else { at + 1 };
    let end = outline.closing(open);
    if code.sign(open) != b'{' || end <= open {
        return None;
    }
    let body = open + 1..end - 1;
    let above = || {
        tried(outline, at)
            .is_some_and(|block| excuse::excused_above(outline, block.start.saturating_sub(2)))
    };
    let explained = || {
        excuse::explains(outline, body.start..body.end + 1)
            || excuse::explained_behind(outline, end)
            || above()
    };
    if body.is_empty() {
        return (!explained()).then(|| Dropped::unseen(end));
    }
    if code.language != Language::JavaScript {
        return None;
    }
    if let Some(end) = made_up(outline, body.clone()) {
        return Some(Dropped::for_made_up_data(end));
    }
    let tried = tried(outline, at)?;
    let waits = tried.clone().take(600).any(|at| code.name(at) == b"await");
    let empty = code.name(body.start) == b"return" && is_empty(outline, body.start + 1..body.end);
    (waits && empty && !explained() && !excuse::only_asks(outline, tried))
        .then(|| Dropped::for_a_value(end))
}

/// The end of an answer within that is made up.
pub(super) fn made_up(outline: &Outline<'_>, body: Range<usize>) -> Option<usize> {
    let body = body.start..body.end.min(body.start + BODY_MAX);
    answers_within(outline, &[], body, true).into_iter().find_map(|answer| {
        let found = evidence::of(outline, answer.value);
        let sure = (found.points >= 4 || (found.made_up && found.points >= 3)) && !found.real;
        sure.then_some(answer.statement.end)
    })
}

/// The block before a `catch`.
fn tried(outline: &Outline<'_>, at: usize) -> Option<Range<usize>> {
    let close = at.checked_sub(1)?;
    let open = outline.opening(close)?;
    Some(open + 1..close)
}

/// `null`, `undefined`, `[]`, `{}`, `({})`, nothing.
pub(super) fn is_empty(outline: &Outline<'_>, value: Range<usize>) -> bool {
    let code = outline.code;
    value.end.saturating_sub(value.start) <= 5
        && value.into_iter().all(|at| {
            matches!(code.sign(at), b'(' | b')' | b'[' | b']' | b'{' | b'}' | b';')
                || named("null undefined None void", code.name(at))
                || code.token(at).is_some_and(|one| one.text(code.text) == b"0")
        })
}
