//! Runs the matchers over a text and puts their hits in order.
//!
//! What a hit means for an event is decided by the functions of [`super`].

use std::path::Path;

use memchr::memmem;

use super::paths::{self, Syntax};
use super::rules::Moment;
use super::source::Language;
use super::source::code::Code;
use super::text::{Hit, line_before, slice};
use super::{
    assigned, errors, handed, http, keys, keywords, options, placeholders, plain, rows, sql,
    tokens, urls,
};

/// The most hits that are kept of one text.
pub(super) const HITS_MAX: usize = 1000;

/// Every secret in a text, in order, none inside another.
pub(super) fn secrets(text: &[u8], syntax: Syntax) -> Vec<Hit> {
    in_order(look(text, syntax))
}

/// Everything that the rules find in a file.
pub(super) fn all(path: &Path, text: &[u8], moment: Moment) -> Vec<Hit> {
    let mut hits = look(text, Syntax::of(path));
    if paths::is_translation(path) {
        hits.retain(|hit| !hit.rule.starts_with("password-"));
    }
    if path.extension().is_some_and(|extension| extension == "py") {
        hits.retain(|hit| {
            !hit.rule.starts_with("password-") || !in_docstring(text, hit.span.start)
        });
    }
    let Some(language) = Language::of(path) else { return in_order(hits) };
    let routes = match moment {
        Moment::Write => false,
        Moment::Stop => true,
        Moment::Scan => placeholders::may_hold_routes(text),
    };
    let joins_sql = sql::may_be_joined(text, language);
    if joins_sql || routes {
        let code = Code::of(text, language);
        if routes {
            if !paths::is_stand_in(path) {
                placeholders::find(&code, &mut hits);
            }
            if moment == Moment::Stop {
                errors::find(&code, &mut hits);
                plain::find(&code, &mut hits);
            }
        }
        if joins_sql {
            sql::find(code, &mut hits);
        }
    }
    in_order(hits)
}

/// Whether a place of a Python file is in a docstring, where passwords are
/// examples: a triple quote that nothing is done with is open there.
fn in_docstring(text: &[u8], at: usize) -> bool {
    let before = slice(text, 0..at);
    [&b"\"\"\""[..], b"'''"].iter().any(|quotes| {
        let mut open = None;
        for place in memmem::find_iter(before, quotes) {
            open = if open.is_none() { Some(place) } else { None };
        }
        open.is_some_and(|open| {
            let line = line_before(text, open, 64).trim_ascii();
            line.is_empty() || line.eq_ignore_ascii_case(b"r")
        })
    })
}

/// What needs no grammar to be found.
fn look(text: &[u8], syntax: Syntax) -> Vec<Hit> {
    let mut hits = Vec::new();
    keys::find(text, &mut hits);
    urls::find(text, &mut hits);
    http::user_options(text, &mut hits);
    assigned::identified_by(text, syntax, &mut hits);
    keywords::find(text, |at| {
        if hits.len() < HITS_MAX {
            let given = assigned::at(text, at, syntax).or_else(|| http::header(text, at));
            hits.extend(
                given.or_else(|| handed::at(text, at)).or_else(|| options::piped(text, at)),
            );
            rows::find(text, at, &mut hits);
        }
    });
    if matches!(syntax, Syntax::Config | Syntax::Prose) {
        options::find(text, &mut hits);
    }
    tokens::long_runs(text, |run| {
        if hits.len() < HITS_MAX {
            let known = tokens::known(text, &run).or_else(|| tokens::web_token(text, &run));
            let known = known.or_else(|| tokens::azure_secret(text, &run));
            let known = known.or_else(|| assigned::access_token(text, &run, syntax));
            hits.extend(known.or_else(|| tokens::near_provider(text, &run)));
        }
    });
    hits
}

/// Sorted by place; of two that overlap the first found wins.
fn in_order(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| (hit.span.start, std::cmp::Reverse(hit.span.end)));
    let mut end = 0;
    hits.retain(|hit| {
        let apart = hit.span.start >= end;
        end = end.max(hit.span.end);
        apart
    });
    hits.truncate(HITS_MAX);
    hits
}

/// What may be shown of a secret: kind, first four characters, length.
pub(super) fn shown(text: &[u8], hit: &Hit) -> String {
    let secret = String::from_utf8_lossy(slice(text, hit.span.clone()));
    let length = secret.chars().count();
    // Of a short password four characters would be most of it.
    let first: String = secret.trim_start_matches('-').chars().take((length / 3).min(4)).collect();
    let first = crate::hook::printable(&first);
    format!("{}, `{first}…`, {length} characters", hit.kind)
}
