//! The dictionary of concepts (`hooks/concepts.json`), cut up by the compiler.
//!
//! The guard asks it on every call of a governed agent, so nothing of it is
//! searched or parsed then. Cutting needs the file's layout: a phrase a line,
//! sorted, and four blanks before the brace that ends a concept; a test of
//! [`super::concepts`] reads the file with a parser and holds it to that.

const TEXT: &str = include_str!("../../hooks/concepts.json");

/// Each phrase with the id of the concept that it means, sorted.
pub(super) static PHRASES: [(&str, &str); PHRASES_COUNT] = phrases();

/// Each concept's id with the text between its braces.
pub(super) static CONCEPTS: [(&str, &str); CONCEPTS_COUNT] = concepts();

const PHRASES_COUNT: usize = count(phrases_text(), "\": \"");
const CONCEPTS_COUNT: usize = count(concepts_text(), CONCEPT_END);
const CONCEPT_END: &str = "\n    }";

const fn phrases_text() -> &'static str {
    let (_, rest) = cut(TEXT, "\"phrases\": {");
    cut(rest, "  },").0
}

const fn concepts_text() -> &'static str {
    cut(TEXT, "\"concepts\": {").1
}

#[expect(clippy::indexing_slicing, reason = "run by the compiler, which checks it")]
const fn phrases() -> [(&'static str, &'static str); PHRASES_COUNT] {
    let mut found = [("", ""); PHRASES_COUNT];
    let mut rest = phrases_text();
    let mut at = 0;
    while at < found.len() {
        (found[at].0, rest) = quoted(rest);
        (found[at].1, rest) = quoted(rest);
        at += 1;
    }
    found
}

#[expect(clippy::indexing_slicing, reason = "run by the compiler, which checks it")]
const fn concepts() -> [(&'static str, &'static str); CONCEPTS_COUNT] {
    let mut found = [("", ""); CONCEPTS_COUNT];
    let mut rest = concepts_text();
    let mut at = 0;
    while at < found.len() {
        (found[at].0, rest) = quoted(rest);
        (found[at].1, rest) = cut(rest, CONCEPT_END);
        at += 1;
    }
    found
}

/// The next text in quotes, and what follows it.
const fn quoted(text: &'static str) -> (&'static str, &'static str) {
    let (_, rest) = cut(text, "\"");
    cut(rest, "\"")
}

/// What stands before and behind the first place of a text; it must have one.
const fn cut(text: &'static str, at: &str) -> (&'static str, &'static str) {
    let mut place = 0;
    while !starts(text, place, at) {
        place += 1;
    }
    let (before, rest) = text.split_at(place);
    (before, rest.split_at(at.len()).1)
}

const fn count(text: &str, of: &str) -> usize {
    let (mut count, mut place) = (0, 0);
    while place + of.len() <= text.len() {
        count += starts(text, place, of) as usize;
        place += 1;
    }
    count
}

#[expect(clippy::indexing_slicing, reason = "run by the compiler, which checks it")]
const fn starts(text: &str, place: usize, with: &str) -> bool {
    let (text, with) = (text.as_bytes(), with.as_bytes());
    let mut at = 0;
    while at < with.len() && text[place + at] == with[at] {
        at += 1;
    }
    at == with.len()
}
