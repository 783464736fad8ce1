//! Runs the matchers over a text and puts their hits in order.
//!
//! What a hit means for an event is decided by the functions of [`super`].

use std::path::Path;

use super::keywords::{self, Word};
use super::paths::Syntax;
use super::rules::Moment;
use super::source::Language;
use super::source::code::Code;
use super::text::{Hit, byte, is_word, slice};
use super::{assigned, errors, http, keys, placeholders, plain, sql, tokens, urls};

/// The most hits that are kept of one text.
pub(super) const HITS_MAX: usize = 1000;

/// Every secret in a text, in order, none inside another.
pub(super) fn secrets(text: &[u8], syntax: Syntax) -> Vec<Hit> {
    in_order(look(text, syntax).hits)
}

/// Everything that the rules find in a file.
pub(super) fn all(path: &Path, text: &[u8], moment: Moment) -> Vec<Hit> {
    let Looked { mut hits, sql_seen } = look(text, Syntax::of(path));
    if sql_seen {
        sql::find(path, text, &mut hits);
    }
    let structure = match moment {
        Moment::Write => false,
        Moment::Stop => true,
        Moment::Scan => placeholders::may_hold_routes(text),
    };
    if structure && let Some(language) = Language::of(path) {
        let code = Code::of(text, language);
        placeholders::find(&code, &mut hits);
        if moment == Moment::Stop {
            errors::find(&code, &mut hits);
            plain::find(&code, &mut hits);
        }
    }
    in_order(hits)
}

/// What one pass over a text finds.
struct Looked {
    hits: Vec<Hit>,
    /// Whether a word of SQL was seen: only then strings are looked at.
    sql_seen: bool,
}

fn look(text: &[u8], syntax: Syntax) -> Looked {
    let mut hits = Vec::new();
    let mut sql_seen = false;
    keys::find(text, &mut hits);
    urls::find(text, &mut hits);
    http::user_options(text, &mut hits);
    keywords::find(text, |at, word| match word {
        Word::Sql => sql_seen |= ends_word(text, at),
        Word::Name if hits.len() < HITS_MAX => {
            hits.extend(assigned::at(text, at, syntax).or_else(|| http::header(text, at)));
        }
        Word::Name => {}
    });
    tokens::long_runs(text, |run| {
        if hits.len() < HITS_MAX {
            let known = tokens::known(text, &run).or_else(|| tokens::web_token(text, &run));
            let known = known.or_else(|| tokens::azure_secret(text, &run));
            hits.extend(known.or_else(|| tokens::near_provider(text, &run)));
        }
    });
    Looked { hits, sql_seen }
}

/// Whether the word of SQL at a place is one: not `selected`, not `select-all`.
fn ends_word(text: &[u8], at: usize) -> bool {
    const SELECT: usize = "select".len();
    let is_select = slice(text, at..at + SELECT).eq_ignore_ascii_case(b"select");
    !is_select || !is_word(byte(text, at + SELECT))
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
