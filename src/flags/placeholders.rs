//! Stand-ins for work that was not done: endpoints that answer with made-up
//! data, functions that say they are not implemented.
//!
//! Whether a route exists at all, and was tried, is [`crate::report`]'s.

pub(super) mod comments;
pub(super) mod evidence;
mod named;
mod unfinished;
mod vocabulary;

use std::ops::Range;

use memchr::memmem;

use super::handlers::outline::Outline;
use super::handlers::{Answer, answers, handlers};
use super::source::code::Code;
use super::text::Hit;

/// Half points from which an answer is made up.
const SURE: u32 = 6;
/// The most answers of one text that are judged.
const ANSWERS_MAX: usize = 400;
/// Half points from which it likely is.
const LIKELY: u32 = 4;

/// Whether a text can hold a route at all: most files do not, and are not cut
/// into tokens for it.
pub(super) fn may_hold_routes(text: &[u8]) -> bool {
    const SIGNS: [&[u8]; 8] = [
        b"(\"/",
        b"('/",
        b"(`/",
        b"function GET",
        b"function POST",
        b"function PUT",
        b"function PATCH",
        b"function DELETE",
    ];
    SIGNS.iter().any(|sign| memmem::find(text, sign).is_some())
}

/// Everything that stands in for work in a text.
pub(super) fn find(code: &Code<'_>, hits: &mut Vec<Hit>) {
    let outline = Outline::of(code);
    let handlers = handlers(&outline);
    for answer in answers(&outline, &handlers).into_iter().take(ANSWERS_MAX) {
        if let Some((rule, kind)) = judge(&outline, &answer) {
            hits.extend(at_tokens(&outline, rule, answer.statement, kind));
        }
    }
    unfinished::find(&outline, hits);
    comments::admissions(code.text, |span| {
        hits.push(hit("placeholder-admitted", span, "a comment says that this is a stand-in"));
    });
}

/// Whether an answer is made up, and how surely.
fn judge(outline: &Outline<'_>, answer: &Answer) -> Option<(&'static str, &'static str)> {
    let mut found = evidence::of(outline, answer.value.clone());
    let start = answer.statement.start;
    let function = outline.function_at(start).and_then(|at| outline.functions.get(at));
    if found.points >= 2
        && function
            .is_some_and(|one| comments::admit(outline, one.body.start..answer.statement.end))
    {
        found.points += 3;
        found.made_up = true;
    }
    if found.points >= 2 && is_delayed(outline, start) {
        found.points += 3;
    }
    let by_nature = found.by_nature
        || vocabulary::is_by_nature(last_part(&answer.route))
        || function.is_some_and(|one| vocabulary::is_by_nature(one.name));
    if found.points < LIKELY || (by_nature && !found.made_up) {
        return None;
    }
    let sure = found.points >= SURE && (!found.real || found.made_up);
    let rule = if sure { "placeholder-endpoint" } else { "placeholder-endpoint-likely" };
    Some((rule, "the handler answers with literal data"))
}

/// Whether an answer waits for nothing but the clock.
fn is_delayed(outline: &Outline<'_>, at: usize) -> bool {
    outline.around(at).filter_map(|number| outline.functions.get(number)).any(|one| {
        let first = one.start;
        first > 1
            && outline.code.sign(first - 1) == b'('
            && outline.code.name(first - 2) == b"setTimeout"
    })
}

/// The last part of a route that is no parameter.
fn last_part(route: &str) -> &[u8] {
    let fixed = |part: &&str| !part.is_empty() && !part.starts_with([':', '{', '<', '[']);
    let part = route.split('/').rfind(fixed).unwrap_or_default().trim_start_matches('.');
    // `manifest.json` is a manifest.
    part.split('.').next().unwrap_or_default().as_bytes()
}

pub(super) fn at_tokens(
    outline: &Outline<'_>,
    rule: &'static str,
    tokens: Range<usize>,
    kind: &str,
) -> Option<Hit> {
    let first = outline.code.token(tokens.start)?.start();
    let last = outline.code.token(tokens.end.checked_sub(1)?)?.end();
    Some(hit(rule, first..last, kind))
}

fn hit(rule: &'static str, span: Range<usize>, kind: &str) -> Hit {
    Hit { rule, span, kind: kind.to_owned(), secret: false }
}
