//! A definition's boundaries, ready to match: which rule speaks for a path.
//!
//! Exceptions first, then the closer glob, then Forbidden, then Allowed.

use super::dialect::{Bare, Bases};
use super::glob::{Closeness, Glob, Place};
use super::wildcard::Case;
use crate::agent::{Boundaries, Containment, Coordination, Rule};

/// One entry of an allow-list or a list of forbidden paths.
#[derive(Debug)]
struct Entry<'d> {
    glob: Glob,
    except: Vec<Glob>,
    source: Source<'d>,
    residual: bool,
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

/// A rule that speaks for a path, and how closely.
#[derive(Clone, Copy, Debug)]
struct Claim<'d> {
    closeness: Closeness,
    source: Source<'d>,
    residual: bool,
}

impl<'d> Rules<'d> {
    pub(super) fn new(
        boundaries: &'d Boundaries,
        coordination: &'d Coordination,
        bases: Bases<'_>,
    ) -> Self {
        let list = |rules: &'d [Rule]| rules.iter().map(|rule| entry(rule, bases)).collect();
        let told = coordination.writes.iter().chain(&coordination.context_files);
        Self {
            allowed: if boundaries.read_only.is_some() {
                Vec::new()
            } else {
                list(&boundaries.allowed)
            },
            forbidden: list(&boundaries.forbidden),
            told: told
                .map(|item| Entry {
                    glob: Glob::new(&item.text, Bare::Root, bases),
                    except: Vec::new(),
                    source: Source { text: &item.text, line: item.line, owner: None },
                    residual: false,
                })
                .collect(),
            containment: match boundaries.read_only {
                Some(_) => Containment::Closed,
                None => boundaries.containment,
            },
        }
    }

    /// What the rules say of one path.
    pub(super) fn say(&self, place: &Place<'_>, case: Case) -> Say<'d> {
        let mut allowing: Vec<Claim<'d>> = Vec::new();
        let mut forbidding: Vec<Claim<'d>> = Vec::new();
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
        let wins = |claim: &Claim<'d>| forbidding.iter().all(|other| claim.wins_over(other));
        if allowing.iter().any(wins) {
            return Say::Allowed;
        }
        match (forbidding.iter().max_by_key(|claim| claim.closeness), self.containment) {
            (Some(claim), _) => Say::Forbidden(claim.source),
            (None, Containment::Closed) => Say::NotAllowed,
            (None, Containment::Open) => Say::Allowed,
        }
    }

    /// The Forbidden entry that spells out something below the folder.
    pub(super) fn forbidden_below(&self, place: &Place<'_>, case: Case) -> Option<Source<'d>> {
        let below = self.forbidden.iter().find(|entry| entry.glob.names_below(place, case));
        below.map(|entry| entry.source)
    }

    /// Whether an exhaustive allow-list takes in everything below the folder.
    pub(super) fn covers(&self, place: &Place<'_>, case: Case) -> bool {
        self.containment == Containment::Open
            || self.allowed.iter().chain(&self.told).any(|entry| entry.glob.covers(place, case))
    }

    /// Whether the folder is needed on the way to something that may be written.
    pub(super) fn leads_to_allowed(&self, place: &Place<'_>, case: Case, say: Say<'d>) -> bool {
        let mut allowed = self.allowed.iter().chain(&self.told);
        match say {
            Say::Allowed => true,
            Say::NotAllowed => allowed.any(|entry| entry.glob.could_match_below(place, case)),
            Say::Forbidden(_) => allowed.any(|entry| entry.glob.names_below(place, case)),
        }
    }

    /// Whether the allow-list spells out the file itself, all but its last `tail` bytes.
    pub(super) fn name(&self, place: &Place<'_>, tail: usize, case: Case) -> bool {
        self.allowed.iter().chain(&self.told).any(|entry| entry.glob.names(place, tail, case))
    }

    /// Whether a rule holds a capital letter, so that case may matter.
    pub(super) fn have_capitals(&self) -> bool {
        let mut entries = self.allowed.iter().chain(&self.forbidden).chain(&self.told);
        entries.any(|entry| entry.source.text.bytes().any(|byte| byte.is_ascii_uppercase()))
    }

    /// Whether an Allowed entry of its own, not an open door, lets the path in.
    pub(super) fn own(&self, place: &Place<'_>, case: Case) -> bool {
        self.say(place, case) == Say::Allowed
            && self.allowed.iter().any(|entry| entry.glob.closeness(place, case).is_some())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Exception {
    None,
    Applies,
}

impl<'d> Entry<'d> {
    fn claim(&self, place: &Place<'_>, case: Case) -> Option<(Claim<'d>, Exception)> {
        let closeness = self.glob.closeness(place, case)?;
        let except = self.except.iter().filter_map(|glob| glob.closeness(place, case)).max();
        let claim = |closeness| Claim { closeness, source: self.source, residual: self.residual };
        Some(match except {
            // An exception is at least as close as the entry that it is carved out of.
            Some(except) => (claim(except.max(closeness)), Exception::Applies),
            None => (claim(closeness), Exception::None),
        })
    }
}

impl Claim<'_> {
    fn wins_over(&self, forbidden: &Self) -> bool {
        match (self.residual, forbidden.residual) {
            (false, true) => true,
            (true, false) => false,
            _ => self.closeness.wins_over(forbidden.closeness),
        }
    }
}

fn entry<'d>(rule: &'d Rule, bases: Bases<'_>) -> Entry<'d> {
    let folder = rule.glob.trim_end_matches(['*', '/']);
    let mut except = Vec::new();
    for text in &rule.except {
        except.push(Glob::new(text, Bare::AnyFolder, bases));
        // "`compliance/**` except `release-norm/**`" is meant below `compliance`.
        if !folder.is_empty() && !text.starts_with(folder) {
            except.push(Glob::new(&format!("{folder}/{text}"), Bare::Root, bases));
        }
    }
    Entry {
        glob: Glob::new(&rule.glob, Bare::AnyFolder, bases),
        except,
        source: Source { text: &rule.glob, line: rule.line, owner: rule.owner.as_deref() },
        residual: rule.residual,
    }
}
