//! What comments admit: that work is left, that a value stands in for it.

use std::ops::Range;

use memchr::memmem;

use crate::flags::handlers::outline::Outline;

/// Admissions, in lower case.
const ADMISSIONS: [&[u8]; 22] = [
    b"in a real implementation",
    b"in a real app",
    b"in a real world",
    b"in production this would",
    b"in production, this would",
    b"in production we would",
    b"replace with actual",
    b"replace with real",
    b"replace with a real",
    b"replace this with",
    b"mock data",
    b"mock response",
    b"mocked",
    b"dummy",
    b"placeholder",
    b"hardcoded for now",
    b"hard-coded for now",
    b"for now return",
    b"for now, return",
    b"sample data",
    b"fake data",
    b"stub",
];
/// Admissions that are found without anything else to go by, in lower case.
const SURE: [&[u8]; 9] = [
    b"in a real implementation",
    b"in a real app",
    b"replace with actual",
    b"replace with real",
    b"mock data for now",
    b"mock response",
    b"placeholder implementation",
    b"hardcoded for now",
    b"hard-coded for now",
];
/// Marks of work that is left.
const MARKS: [&[u8]; 5] = [b"todo", b"fixme", b"xxx:", b"not implemented", b"not yet implemented"];
/// Words after such a mark that say that the work itself is missing.
const MISSING: &str = "implement implementation actual actually real call charge verify send replace fetch connect integrate save \
    persist query check calculate compute load wire hook dummy mock mocked placeholder stub hardcoded store use validate \
    write add create delete remove update upload import export render parse handle return get set";
/// Those of them that say so wherever they stand.
const WORK: &str = "implement implementation actual actually real charge send replace integrate persist dummy mock mocked placeholder \
    stub hardcoded fetch call verify wire";

/// How much of the work a comment says is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Left {
    Something,
    /// A verb of the work follows the mark.
    Work,
}

/// The comment of a gap between two tokens, in lower case.
pub(super) fn in_gap(outline: &Outline<'_>, at: usize) -> Option<(Range<usize>, Vec<u8>)> {
    let gap = outline.gap(at);
    let bytes = outline.bytes(gap.clone());
    let first = bytes.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let text = bytes.get(first..bytes.len().min(first + 1000))?;
    let length = text.trim_ascii_end().len();
    Some((gap.start + first..gap.start + first + length, text.to_ascii_lowercase()))
}

/// Whether a comment says that work is left.
pub(super) fn left(comment: &[u8]) -> Option<Left> {
    let (at, mark) = MARKS.iter().find_map(|mark| Some((memmem::find(comment, mark)?, mark)))?;
    let rest = comment.get(at..).unwrap_or_default();
    let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line).into_owned();
    let says = |list: &str| {
        line.split(|letter: char| !letter.is_alphanumeric())
            .any(|word| crate::flags::name::listed(list, word))
    };
    let implements = mark.ends_with(b"implemented");
    Some(if implements || says(WORK) { Left::Work } else { Left::Something })
}

/// Whether the first word after the mark names work.
pub(super) fn names_work(comment: &[u8]) -> bool {
    let text = String::from_utf8_lossy(comment);
    let words =
        text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.take(4).any(|word| crate::flags::name::listed(MISSING, word))
}

/// Whether the comments between two tokens admit a stand-in.
pub(super) fn admit(outline: &Outline<'_>, within: Range<usize>) -> bool {
    within.take(400).any(|at| {
        in_gap(outline, at).is_some_and(|(_, comment)| {
            ADMISSIONS.iter().any(|words| memmem::find(&comment, words).is_some())
                || left(&comment) == Some(Left::Work)
        })
    })
}

/// The lines whose comments admit it by themselves.
pub(super) fn admissions(text: &[u8], mut found: impl FnMut(Range<usize>)) {
    let mut at = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n').take(200_000) {
        let start = at;
        at += line.len();
        let trimmed = line.trim_ascii_start();
        let comment = [&b"//"[..], b"#", b"*", b"/*"].iter().any(|mark| trimmed.starts_with(mark));
        if comment && line.len() < 400 {
            let lower = trimmed.to_ascii_lowercase();
            if SURE.iter().any(|words| memmem::find(&lower, words).is_some()) {
                found(start..at);
            }
        }
    }
}
