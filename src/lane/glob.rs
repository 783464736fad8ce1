//! Globs as authors of agent definitions write them.
//!
//! How they are written is read by [`super::dialect`], one path against one
//! pattern is [`super::wildcard`]'s; which of two globs wins, the verdict's.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::dialect::{Bare, Bases, patterns};
use super::wildcard::{Case, FOLDERS, ONE, STAR, matches, reaches_below};

/// A path prepared for matching.
#[derive(Clone, Debug)]
pub(super) struct Place<'a> {
    /// Relative to the working tree, if it lies in it; empty for the tree itself.
    pub(super) inside: Option<Cow<'a, [u8]>>,
    /// Without its leading slash.
    pub(super) absolute: Cow<'a, [u8]>,
}

/// One glob, ready to match.
#[derive(Clone, Debug)]
pub(super) struct Glob {
    patterns: Vec<Pattern>,
}

/// One alternative of a glob, in the bytes of [`super::wildcard`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    pub(super) bytes: Vec<u8>,
    pub(super) from: From,
}

/// Where a pattern starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    Tree,
    FileSystem,
}

/// How closely a glob that matched names the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Closeness {
    /// Bytes before the first wildcard.
    pub(super) literal: usize,
    /// Bytes that the rest spells out; all of them when there is no wildcard.
    pub(super) tail: usize,
}

impl Closeness {
    /// Whether a glob this close wins over a Forbidden one.
    ///
    /// The longer literal part decides. A Forbidden glob for files of a kind in
    /// any folder (`*.test.ts`, `.env*`) only yields to one that says as much
    /// about the name: `src/**` was not written with test files in mind.
    pub(super) fn wins_over(self, forbidden: Self) -> bool {
        self.literal > forbidden.literal
            && (forbidden.literal > 0 || self.tail >= forbidden.tail)
    }
}

impl Glob {
    pub(super) fn new(text: &str, bare: Bare, bases: Bases<'_>) -> Self {
        Self { patterns: patterns(text, bare, bases) }
    }

    /// How closely the glob matches, if it does.
    pub(super) fn closeness(&self, place: &Place<'_>, case: Case) -> Option<Closeness> {
        let hits = self.patterns.iter().filter(|pattern| {
            pattern.path_of(place).is_some_and(|path| matches(&pattern.bytes, path, case))
        });
        hits.map(Pattern::closeness).max()
    }

    /// Whether everything below a folder that matches is matched as well.
    pub(super) fn covers(&self, place: &Place<'_>, case: Case) -> bool {
        self.patterns.iter().any(|pattern| {
            pattern.bytes.last() == Some(&FOLDERS)
                && pattern.path_of(place).is_some_and(|path| matches(&pattern.bytes, path, case))
        })
    }

    /// Whether the glob spells out something below the folder.
    pub(super) fn names_below(&self, place: &Place<'_>, case: Case) -> bool {
        self.reaches(place, case, false)
    }

    /// Whether something below the folder could match.
    pub(super) fn could_match_below(&self, place: &Place<'_>, case: Case) -> bool {
        self.reaches(place, case, true)
    }

    /// Whether the glob matches and spells out all but the last `tail` bytes.
    pub(super) fn names(&self, place: &Place<'_>, tail: usize, case: Case) -> bool {
        self.patterns.iter().any(|pattern| {
            pattern.path_of(place).is_some_and(|path| {
                pattern.literal().len() + tail >= path.len() && matches(&pattern.bytes, path, case)
            })
        })
    }

    fn reaches(&self, place: &Place<'_>, case: Case, through_any: bool) -> bool {
        self.patterns.iter().any(|pattern| {
            pattern
                .path_of(place)
                .is_some_and(|path| reaches_below(&pattern.bytes, path, case, through_any))
        })
    }
}

impl Pattern {
    fn path_of<'p>(&self, place: &'p Place<'_>) -> Option<&'p [u8]> {
        match self.from {
            From::Tree => place.inside.as_deref(),
            From::FileSystem => Some(&place.absolute),
        }
    }

    fn literal(&self) -> &[u8] {
        let wild = self.bytes.iter().position(|byte| matches!(*byte, STAR | FOLDERS | ONE));
        wild.and_then(|at| self.bytes.get(..at)).unwrap_or(&self.bytes)
    }

    fn closeness(&self) -> Closeness {
        let literal = self.literal().len();
        let rest = self.bytes.get(literal..).filter(|rest| !rest.is_empty());
        let tail = rest.map_or(usize::MAX, |rest| {
            rest.iter().filter(|byte| !matches!(**byte, STAR | FOLDERS | ONE | b'/')).count()
        });
        Closeness { literal, tail }
    }
}

/// The bytes that are compared: Unicode composed, anything else as it is.
pub(super) fn normalised(path: &[u8]) -> Cow<'_, [u8]> {
    if path.is_ascii() {
        return Cow::Borrowed(path);
    }
    match std::str::from_utf8(path) {
        Ok(text) => Cow::Owned(text.nfc().collect::<String>().into_bytes()),
        Err(_) => Cow::Borrowed(path),
    }
}
