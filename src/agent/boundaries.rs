//! Which files the definition lets the agent write.
//!
//! Reads lists below headings and labels, inline lists, frontmatter paths, and
//! (through [`super::sentences`]) sentences that confine. How rules weigh
//! against each other is [`crate::lane`]'s.

use super::entries::{self, Found, Quality};
use super::frontmatter::Front;
use super::globs;
use super::limits::GLOBS_MAX;
use super::outline::{Kind, Line, Mark, Outline};
use super::words::{self, Meaning};
use super::{Boundaries, Concept, Containment, Item, Rule, Side, concepts, sentences};

/// The boundaries of a definition, but for what its tools say.
pub(super) fn read(front: &Front<'_>, outline: &Outline<'_>, warns: bool) -> Read {
    let mut draft = Draft { warns, ..Draft::default() };
    from_frontmatter(front, &mut draft);
    from_body(outline, &mut draft);
    sentences::read(outline, &mut draft);
    draft.finish()
}

/// The boundaries, and what was learned on the way to them.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) boundaries: Boundaries,
    /// Sentences that may be meant as rules and are not enforced.
    pub(super) warnings: Vec<Item>,
    /// Lines that say what is not to be done, in order.
    pub(super) denied: Vec<usize>,
}

/// What was found so far.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, not states")]
pub(super) struct Draft {
    pub(super) allowed: Vec<Rule>,
    pub(super) forbidden: Vec<Rule>,
    advisory: Vec<Item>,
    concepts: Vec<Concept>,
    /// Whether sentences that only warn are looked for.
    pub(super) warns: bool,
    /// Sentences that may or may not be meant as rules.
    pub(super) warnings: Vec<Item>,
    /// An allow-list had entries that are no paths.
    allowed_prose: bool,
    /// A list was given, so it can be exhaustive.
    listed: bool,
    denied: Vec<usize>,
    /// A sentence says "only".
    pub(super) confined: bool,
}

impl Draft {
    /// Adds an entry to a side.
    pub(super) fn add(&mut self, meaning: Meaning, found: Found, line: usize) {
        let meaning = match (meaning, found.quality) {
            (Meaning::Allow, Quality::ReadOnly) => Meaning::Forbid,
            (meaning, _) => meaning,
        };
        if found.globs.is_empty() {
            self.allowed_prose |= meaning == Meaning::Allow;
            self.prose(meaning, &found, line);
            return;
        }
        let side = match meaning {
            Meaning::Allow => &mut self.allowed,
            Meaning::Forbid => &mut self.forbidden,
            Meaning::Unreadable | Meaning::Dont => return,
        };
        for glob in found.globs {
            // Past the limit the definition is refused; no need to compare on.
            if side.len() > GLOBS_MAX || side.iter().any(|rule| rule.glob == glob) {
                continue;
            }
            side.push(Rule {
                glob,
                line,
                except: found.except.clone(),
                owner: found.owner.clone(),
                residual: found.quality == Quality::Residual,
            });
        }
    }

    /// Adds an entry that is no path: a concept, else advice.
    fn prose(&mut self, meaning: Meaning, found: &Found, line: usize) {
        let side = match meaning {
            Meaning::Allow => Side::Allowed,
            Meaning::Forbid | Meaning::Dont => Side::Forbidden,
            Meaning::Unreadable => return,
        };
        let owner = found.owner.as_deref();
        let Some(concept) = concepts::of(&found.text, side, owner, line) else {
            return self.advise(&found.text, line);
        };
        // Said twice, it is the same concept.
        if !self.concepts.iter().any(|known| known.id == concept.id && known.side == side) {
            self.concepts.push(concept);
        }
    }

    fn advise(&mut self, text: &str, line: usize) {
        let text = text.trim();
        if !text.is_empty() {
            self.advisory.push(Item { text: text.to_owned(), line });
        }
    }

    pub(super) fn warn(&mut self, text: &str, line: usize) {
        self.warnings.push(Item { text: text.trim().to_owned(), line });
    }

    fn finish(mut self) -> Read {
        self.drop_split_globs();
        let closed =
            !self.allowed.is_empty() && (self.confined || (self.listed && !self.allowed_prose));
        let containment = if closed { Containment::Closed } else { Containment::Open };
        let boundaries = Boundaries {
            allowed: self.allowed,
            forbidden: self.forbidden,
            containment,
            concepts: self.concepts,
            advisory: self.advisory,
            ..Boundaries::default()
        };
        Read { boundaries, warnings: self.warnings, denied: self.denied }
    }

    /// The same glob on both sides is split by content ("its test blocks"),
    /// which no path rule can tell: it becomes advice.
    fn drop_split_globs(&mut self) {
        let both: Vec<String> = self
            .allowed
            .iter()
            .filter(|rule| {
                self.forbidden.iter().any(|other| other.glob == rule.glob && !other.residual)
            })
            .map(|rule| rule.glob.clone())
            .collect();
        for glob in both {
            let line =
                self.allowed.iter().find(|rule| rule.glob == glob).map_or(0, |rule| rule.line);
            self.allowed.retain(|rule| rule.glob != glob);
            self.forbidden.retain(|rule| rule.glob != glob);
            let text = format!("`{glob}` is both allowed and forbidden: neither is enforced");
            self.advise(&text, line);
            self.warn(&text, line);
        }
    }
}

fn from_frontmatter(front: &Front<'_>, draft: &mut Draft) {
    const ALLOW: [&str; 4] = ["owner_paths", "owned_paths", "allowed_paths", "write_paths"];
    const FORBID: [&str; 4] =
        ["blocked_write_paths", "forbidden_paths", "blocked_paths", "denied_paths"];
    for (keys, meaning) in [(ALLOW, Meaning::Allow), (FORBID, Meaning::Forbid)] {
        for key in keys {
            for (word, line) in front.words(key).unwrap_or_default() {
                draft.listed |= meaning == Meaning::Allow;
                let glob = globs::glob(&word, globs::Spelling::Quoted);
                let globs = glob.into_iter().collect();
                draft.add(meaning, Found { text: word, globs, ..Found::default() }, line);
            }
        }
    }
}

/// The list that the next items belong to.
#[derive(Clone, Copy, Debug)]
struct List {
    meaning: Option<Meaning>,
    /// Items of a heading's list may be indented as they like; those of a
    /// label that is itself an item stand deeper.
    above: Option<usize>,
    /// Whether items without a path are prose of this list.
    takes_prose: bool,
}

const NO_LIST: List = List { meaning: None, above: None, takes_prose: false };

fn from_body(outline: &Outline<'_>, draft: &mut Draft) {
    let mut heading = NO_LIST;
    let mut list = NO_LIST;
    for line in &outline.lines {
        match line.kind {
            Kind::Heading(_) => {
                heading = of_heading(line.text);
                list = heading;
            }
            Kind::Item(_) | Kind::Text => {
                if let Some(labelled) = of_label(line, heading, draft) {
                    list = labelled;
                } else if line.is_item() {
                    if list.above.is_some_and(|above| line.indent <= above) {
                        list = heading;
                    }
                    take_item(line, list, draft);
                } else if list.above.is_some() || line.indent == 0 {
                    list = if line.indent == 0 && list.takes_prose { heading } else { list };
                }
            }
            Kind::Blank | Kind::Table | Kind::Fence | Kind::Code => {}
        }
    }
}

fn of_heading(title: &str) -> List {
    let sense = words::sense(title);
    let meaning = words::meaning(sense, title).filter(|meaning| *meaning != Meaning::Dont);
    // "Code Modification Scope" says what follows is about writing, not that each item may be written.
    List { meaning, above: None, takes_prose: false }
}

/// A line that is a label: its inline entries are taken, and the list that it opens is returned.
fn of_label(line: &Line<'_>, heading: List, draft: &mut Draft) -> Option<List> {
    let label = line.label?;
    let sense = words::sense(label.name);
    let meaning = words::meaning(sense, label.name);
    let above = line.is_item().then_some(line.indent);
    if meaning.is_none() {
        // An unknown label inside a list is an item of it: "- `src/**`: mine".
        let of_list = line.is_item() && !label.rest.is_empty();
        return (!of_list).then_some(List { meaning: None, above, takes_prose: false });
    }
    let known = sense & words::UNKNOWN == 0;
    let only = sense & words::ONLY != 0;
    if !label.rest.is_empty() {
        if let Some(meaning) = meaning {
            take_inline(label.rest, meaning, known, only, line.number, draft);
        }
        return Some(List { meaning: None, ..heading });
    }
    draft.confined |= only && meaning == Some(Meaning::Allow);
    Some(List { meaning, above, takes_prose: known })
}

fn take_inline(
    rest: &str,
    meaning: Meaning,
    known: bool,
    only: bool,
    line: usize,
    draft: &mut Draft,
) {
    match meaning {
        Meaning::Allow | Meaning::Forbid => {}
        Meaning::Dont => {
            draft.denied.push(line);
            return draft.prose(meaning, &entries::of_task(rest), line);
        }
        Meaning::Unreadable => return,
    }
    if meaning == Meaning::Forbid {
        draft.denied.push(line);
    }
    let found = entries::of_line(rest);
    let any = found.iter().any(|entry| !entry.globs.is_empty());
    // Behind a label with words of its own, only plain paths are a list.
    if !known && !found.first().is_some_and(|entry| entry.pure) {
        return;
    }
    if meaning == Meaning::Allow && any {
        draft.listed = true;
        draft.confined |= only;
    }
    for entry in found {
        draft.add(meaning, entry, line);
    }
}

fn take_item(line: &Line<'_>, list: List, draft: &mut Draft) {
    let Some(meaning) = list.meaning else {
        return;
    };
    if meaning != Meaning::Allow {
        draft.denied.push(line.number);
    }
    match (meaning, line.kind) {
        (Meaning::Dont, _) => {
            return draft.prose(meaning, &entries::of_task(line.text), line.number);
        }
        // A sign contradicts the list: the sentence decides.
        (Meaning::Unreadable, _)
        | (Meaning::Allow, Kind::Item(Mark::No))
        | (Meaning::Forbid, Kind::Item(Mark::Yes)) => return,
        _ => {}
    }
    for found in several(line.text) {
        if found.globs.is_empty() && !list.takes_prose && meaning == Meaning::Allow {
            // A heading's prose items are weak: they keep the list open, no more.
            draft.allowed_prose = true;
            draft.prose(meaning, &found, line.number);
            continue;
        }
        draft.listed |= meaning == Meaning::Allow && !found.globs.is_empty();
        draft.add(meaning, found, line.number);
    }
}

/// "`a/**`, `b/**` (why)" is one item with two paths; prose stays whole.
fn several(text: &str) -> Vec<Found> {
    let whole = entries::of_piece(text);
    if !whole.globs.is_empty() {
        return vec![whole];
    }
    let pieces = entries::of_line(text);
    if pieces.len() > 1 && pieces.iter().all(|piece| !piece.globs.is_empty()) {
        return pieces;
    }
    vec![whole]
}
