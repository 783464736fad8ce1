//! A definition's boundaries, ready to match: which rule speaks for a path.
//!
//! Exceptions first, then the closer glob, then Forbidden, then Allowed.

use std::borrow::Cow;

use super::dialect::{Bare, Bases};
use super::glob::{Closeness, Glob, Place};
use super::wildcard::Case;
use crate::agent::{Boundaries, Concept, Containment, Coordination, Rule, Side};

/// One entry of an allow-list or a list of forbidden paths.
#[derive(Debug)]
struct Entry<'d> {
    /// One, but for a concept, which means several.
    globs: Vec<Glob>,
    except: Vec<Glob>,
    source: Source<'d>,
    kind: Kind,
}

/// What an entry was written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A glob.
    Glob,
    /// "All other …": yields to any other.
    Residual,
    /// Prose that the dictionary knows: yields to a glob for the same thing.
    Concept,
}

/// Where a rule was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Source<'d> {
    pub(super) text: &'d str,
    pub(super) line: usize,
    pub(super) owner: Option<&'d str>,
}

/// The rules of one agent.
#[derive(Debug)]
pub(super) struct Rules<'d> {
    allowed: Vec<Entry<'d>>,
    forbidden: Vec<Entry<'d>>,
    /// What the definition tells the agent to write.
    told: Vec<Entry<'d>>,
    containment: Containment,
}

/// What the rules say of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Say<'d> {
    Allowed,
    Forbidden(Source<'d>),
    NotAllowed,
}

/// An entry that speaks for a path, and how closely.
#[derive(Clone, Copy, Debug)]
struct Claim<'r, 'd> {
    closeness: Closeness,
    entry: &'r Entry<'d>,
}

impl<'d> Rules<'d> {
    pub(super) fn new(
        boundaries: &'d Boundaries,
        coordination: &'d Coordination,
        bases: Bases<'_>,
    ) -> Self {
        let list = |rules: &'d [Rule], side| -> Vec<Entry<'d>> {
            let concepts = boundaries.concepts.iter().filter(|concept| concept.side == side);
            let concepts = concepts.map(|concept| Entry::of_concept(concept, bases));
            rules.iter().map(|rule| Entry::of_rule(rule, bases)).chain(concepts).collect()
        };
        let told = coordination.writes.iter().chain(&coordination.context_files);
        let read_only = boundaries.read_only.is_some();
        Self {
            allowed: if read_only { Vec::new() } else { list(&boundaries.allowed, Side::Allowed) },
            forbidden: list(&boundaries.forbidden, Side::Forbidden),
            told: told.map(|item| Entry::told(&item.text, item.line, bases)).collect(),
            containment: if read_only { Containment::Closed } else { boundaries.containment },
        }
    }

    /// What the rules say of one path.
    pub(super) fn say(&self, place: &Place<'_>, case: Case) -> Say<'d> {
        let mut allowing: Vec<Claim<'_, 'd>> = Vec::new();
        let mut forbidding: Vec<Claim<'_, 'd>> = Vec::new();
        for entry in self.told.iter().chain(&self.allowed) {
            match entry.claim(place, case) {
                Some((claim, Exception::None)) => allowing.push(claim),
                Some((claim, Exception::Applies)) => forbidding.push(claim),
                None => {}
            }
        }
        for entry in &self.forbidden {
            match entry.claim(place, case) {
                Some((claim, Exception::None)) => forbidding.push(claim),
                Some((claim, Exception::Applies)) => allowing.push(claim),
                None => {}
            }
        }
        let wins = |claim: &Claim<'_, 'd>| {
            forbidding.iter().all(|other| claim.wins_over(other, place, case))
        };
        if allowing.iter().any(wins) {
            return Say::Allowed;
        }
        match (forbidding.iter().max_by_key(|claim| claim.closeness), self.containment) {
            (Some(claim), _) => Say::Forbidden(claim.entry.source),
            (None, Containment::Closed) => Say::NotAllowed,
            (None, Containment::Open) => Say::Allowed,
        }
    }

    /// The Forbidden entry that spells out something below the folder.
    pub(super) fn forbidden_below(&self, place: &Place<'_>, case: Case) -> Option<Source<'d>> {
        let below = self.forbidden.iter().find(|entry| {
            entry.kind != Kind::Concept && entry.any(|glob| glob.names_below(place, case))
        });
        below.map(|entry| entry.source)
    }

    /// Whether an exhaustive allow-list takes in everything below the folder.
    pub(super) fn covers(&self, place: &Place<'_>, case: Case) -> bool {
        self.containment == Containment::Open
            || self
                .allowed
                .iter()
                .chain(&self.told)
                .any(|entry| entry.any(|glob| glob.covers(place, case)))
    }

    /// Whether the folder is needed on the way to something that may be written.
    pub(super) fn leads_to_allowed(&self, place: &Place<'_>, case: Case, say: Say<'d>) -> bool {
        let mut allowed = self.allowed.iter().chain(&self.told);
        match say {
            Say::Allowed => true,
            Say::NotAllowed => {
                allowed.any(|entry| entry.any(|glob| glob.could_match_below(place, case)))
            }
            Say::Forbidden(_) => {
                allowed.any(|entry| entry.any(|glob| glob.names_below(place, case)))
            }
        }
    }

    /// Whether the allow-list spells out the file itself, all but its last `tail` bytes.
    pub(super) fn name(&self, place: &Place<'_>, tail: usize, case: Case) -> bool {
        self.allowed
            .iter()
            .chain(&self.told)
            .any(|entry| entry.any(|glob| glob.names(place, tail, case)))
    }

    /// Whether a rule holds a capital letter, so that case may matter.
    pub(super) fn have_capitals(&self) -> bool {
        let mut entries = self.allowed.iter().chain(&self.forbidden).chain(&self.told);
        entries.any(|entry| entry.source.text.bytes().any(|byte| byte.is_ascii_uppercase()))
    }

    /// Whether an Allowed entry of its own, not an open door, lets the path in.
    pub(super) fn own(&self, place: &Place<'_>, case: Case) -> bool {
        self.say(place, case) == Say::Allowed
            && self
                .allowed
                .iter()
                .any(|entry| entry.any(|glob| glob.closeness(place, case).is_some()))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Exception {
    None,
    Applies,
}

impl<'d> Entry<'d> {
    fn of_rule(rule: &'d Rule, bases: Bases<'_>) -> Self {
        let folder = rule.glob.trim_end_matches(['*', '/']);
        let mut except = Vec::new();
        for text in &rule.except {
            except.push(Glob::new(text, Bare::AnyFolder, bases));
            // "`compliance/**` except `release-norm/**`" is meant below `compliance`.
            if !folder.is_empty() && !text.starts_with(folder) {
                except.push(Glob::new(&format!("{folder}/{text}"), Bare::Root, bases));
            }
        }
        Self {
            globs: vec![Glob::new(&rule.glob, Bare::AnyFolder, bases)],
            except,
            source: Source { text: &rule.glob, line: rule.line, owner: rule.owner.as_deref() },
            kind: if rule.residual { Kind::Residual } else { Kind::Glob },
        }
    }

    fn of_concept(concept: &'d Concept, bases: Bases<'_>) -> Self {
        let globs = |texts: &[&str]| -> Vec<Glob> {
            texts.iter().map(|text| Glob::new(text, Bare::AnyFolder, bases)).collect()
        };
        let owner = concept.owner.as_deref();
        Self {
            globs: globs(&concept.globs),
            except: globs(&concept.except),
            source: Source { text: &concept.text, line: concept.line, owner },
            kind: Kind::Concept,
        }
    }

    fn told(text: &'d str, line: usize, bases: Bases<'_>) -> Self {
        Self {
            globs: vec![Glob::new(text, Bare::Root, bases)],
            except: Vec::new(),
            source: Source { text, line, owner: None },
            kind: Kind::Glob,
        }
    }

    fn any(&self, is: impl Fn(&Glob) -> bool) -> bool {
        self.globs.iter().any(is)
    }

    fn closeness(&self, place: &Place<'_>, case: Case) -> Option<Closeness> {
        self.globs.iter().filter_map(|glob| glob.closeness(place, case)).max()
    }

    fn claim(&self, place: &Place<'_>, case: Case) -> Option<(Claim<'_, 'd>, Exception)> {
        let closeness = self.closeness(place, case)?;
        let except = self.except.iter().filter_map(|glob| glob.closeness(place, case)).max();
        let claim = |closeness| Claim { closeness, entry: self };
        match except {
            // What a concept does not mean is left to the other rules.
            Some(_) if self.kind == Kind::Concept => None,
            // An exception is at least as close as the entry that it is carved out of.
            Some(except) => Some((claim(except.max(closeness)), Exception::Applies)),
            None => Some((claim(closeness), Exception::None)),
        }
    }
}

impl Claim<'_, '_> {
    /// Whether a claim to write wins over one against it.
    ///
    /// The longer literal part decides. A Forbidden glob for files of a kind in
    /// any folder (`*.test.ts`, `.env*`) only yields to one that says as much
    /// about the name, or whose folder it names: `src/**` was not written with
    /// test files in mind.
    fn wins_over(&self, against: &Self, place: &Place<'_>, case: Case) -> bool {
        let (mine, theirs) = (self.closeness, against.closeness);
        let concept = against.entry.kind == Kind::Concept;
        match (self.entry.kind, against.entry.kind) {
            (Kind::Residual, Kind::Residual) => {}
            (_, Kind::Residual) => return true,
            (Kind::Residual, _) => return false,
            _ => {}
        }
        if mine.literal < theirs.literal || (mine.literal == theirs.literal && !concept) {
            return false;
        }
        let of_a_kind = theirs.literal == 0 || concept;
        !of_a_kind || mine.tail >= theirs.tail || self.folder_is_named_by(against, place, case)
    }

    /// Whether the other entry names the very folder that this one spells out.
    fn folder_is_named_by(&self, other: &Self, place: &Place<'_>, case: Case) -> bool {
        let literal = self.closeness.literal;
        let Some(folder) = place.inside.as_deref().and_then(|path| path.get(..literal)) else {
            return false;
        };
        let folder = folder.strip_suffix(b"/").unwrap_or(folder);
        let folder = Place { inside: Some(folder.into()), absolute: Cow::Borrowed(b"") };
        literal > 0 && other.entry.closeness(&folder, case).is_some()
    }
}
