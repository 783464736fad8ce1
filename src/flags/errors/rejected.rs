//! `.catch(…)` of a promise, with nothing behind it.

use super::{Dropped, caught, excuse};
use crate::flags::handlers::named;
use crate::flags::handlers::outline::Outline;
use crate::flags::placeholders::evidence;

/// Functions that do nothing, by their names.
const NOTHING: &str = "noop noOp nop NOOP doNothing";

/// `save().catch(() => {})`
pub(super) fn catch(outline: &Outline<'_>, at: usize) -> Option<Dropped> {
    let code = outline.code;
    let end = outline.closing(at + 1);
    if code.sign(at + 1) != b'(' || end <= at + 1 || is_excused(outline, at) {
        return None;
    }
    let behind = end + usize::from(code.sign(end) == b';');
    if excuse::explained_behind(outline, behind) || excuse::excused_above(outline, at) {
        return None;
    }
    let last = end - 2;
    if named(NOTHING, code.name(last)) && last <= at + 4 {
        return Some(Dropped::unseen(end));
    }
    let first = outline.functions.partition_point(|one| one.body.start <= at);
    let function = outline.functions.get(first).filter(|one| one.start <= at + 3)?;
    let body = function.body.clone();
    if excuse::explains(outline, at + 2..end) {
        return None;
    }
    if body.is_empty() && !function.expression {
        return Some(Dropped::unseen(end));
    }
    let value = match (function.expression, code.name(body.start)) {
        (true, _) => body,
        (false, b"return") => body.start + 1..body.end,
        _ => return None,
    };
    if caught::is_empty(outline, value.clone()) {
        return Some(Dropped::for_a_value(end));
    }
    let found = evidence::of(outline, value);
    let made_up = (found.points >= 4 || (found.made_up && found.points >= 3)) && !found.real;
    made_up.then(|| Dropped::for_made_up_data(end))
}

/// Whether the failure of what is called is an answer.
fn is_excused(outline: &Outline<'_>, at: usize) -> bool {
    let code = outline.code;
    let Some(close) = at.checked_sub(2).filter(|&at| code.sign(at) == b')') else { return false };
    let Some(open) = outline.opening(close) else { return false };
    open > 0 && excuse::is_answer(code.name(open - 1))
}
