//! Whom the agent hands its work to, and whose work it reads.

use super::entries;
use super::frontmatter::Front;
use super::names;
use super::outline::{Kind, Line, Outline, Section};
use super::{Handoffs, Item, Receiver};

/// The agent's place in the pipeline.
pub(super) fn read(front: &Front<'_>, outline: &Outline<'_>) -> Handoffs {
    let mut handoffs = Handoffs::default();
    from_frontmatter(front, &mut handoffs);
    let named = from_labels(outline, &mut handoffs);
    triggers(outline, &mut handoffs);
    delegates(outline, &mut handoffs);
    if !named.to && !named.from {
        from_sections(outline, &mut handoffs);
        from_phrases(outline, &mut handoffs);
        for receiver in handoffs.delegates.clone() {
            add(&mut handoffs.to, &receiver.agent, &receiver.reason, receiver.line);
        }
    }
    let own = front.text("name").unwrap_or_default();
    handoffs.to.retain(|receiver| receiver.agent != own);
    handoffs.from.retain(|receiver| receiver.agent != own);
    handoffs
}

fn from_frontmatter(front: &Front<'_>, handoffs: &mut Handoffs) {
    for key in ["handoff_targets", "writes_to", "hands_off_to"] {
        for (agent, line) in front.words(key).unwrap_or_default() {
            add(&mut handoffs.to, &agent, "", line);
        }
    }
    for key in ["reads_from", "receives_from"] {
        for (agent, line) in front.words(key).unwrap_or_default() {
            add(&mut handoffs.from, &agent, "", line);
        }
    }
}

/// Adds an agent once; a later mention fills in a missing reason.
fn add(side: &mut Vec<Receiver>, agent: &str, reason: &str, line: usize) {
    let agent = names::bare(agent.trim().trim_start_matches('@'));
    if let Some(known) = side.iter_mut().find(|known| known.agent == agent) {
        if known.reason.is_empty() {
            reason.clone_into(&mut known.reason);
        }
        return;
    }
    side.push(Receiver {
        agent: agent.to_owned(),
        reason: reason.to_owned(),
        line,
        ..Receiver::default()
    });
}

/// Which of the two labels occurred.
#[derive(Clone, Copy, Debug, Default)]
struct Named {
    to: bool,
    from: bool,
}

/// "**Receives from:** …" and "**Hands off to:** …".
fn from_labels(outline: &Outline<'_>, handoffs: &mut Handoffs) -> Named {
    let mut named = Named::default();
    for line in outline.lines.iter().filter(|line| line.is_prose()) {
        let Some(label) = line.label.filter(|label| !label.rest.is_empty()) else {
            continue;
        };
        match label.name.to_ascii_lowercase().as_str() {
            "hands off to" | "handoff to" | "hand off to" | "hands-off to" => {
                named.to = true;
                entries_of(label.rest, line.number, &mut handoffs.to, &mut handoffs.prose);
            }
            "receives from" | "receive from" => {
                named.from = true;
                entries_of(label.rest, line.number, &mut handoffs.from, &mut handoffs.prose);
            }
            _ => {}
        }
    }
    named
}

/// `agent-id (reason)`, `a or b (reason)`, or prose.
fn entries_of(text: &str, line: usize, side: &mut Vec<Receiver>, prose: &mut Vec<Item>) {
    for piece in entries::split(text) {
        let (who, reason) = piece.split_once('(').unwrap_or((piece, ""));
        let reason = reason.trim_end_matches([')', '.', ' ']);
        let mut any = false;
        let all_names = who.split(" or ").flat_map(|who| who.split(" and ")).all(|who| {
            let who = who.trim().trim_end_matches('.');
            let quoted = who.strip_prefix('`').and_then(|who| who.strip_suffix('`'));
            quoted.map_or_else(|| names::is_bare_name(who.trim_start_matches('@')), names::is_name)
        });
        if all_names {
            for who in who.split(" or ").flat_map(|who| who.split(" and ")) {
                add(side, who.trim().trim_end_matches('.').trim_matches('`'), reason, line);
                any = true;
            }
        }
        if !any {
            prose.push(Item { text: piece.trim_end_matches('.').to_owned(), line });
        }
    }
}

/// "## Handoff Triggers" with "### To x", "**When**" and "**Context Provided**".
fn triggers(outline: &Outline<'_>, handoffs: &mut Handoffs) {
    for section in &outline.sections {
        let Some(agent) = section.title.strip_prefix("to ").map(str::trim) else {
            continue;
        };
        let under = outline.sections.iter().any(|parent| {
            parent.whole.contains(&section.heading)
                && (parent.title.contains("handoff") || parent.title.contains("hand-off"))
        });
        if under && names::is_name(agent) {
            trigger(outline.slice(&section.own), agent, section_line(outline, section), handoffs);
        }
    }
}

fn section_line(outline: &Outline<'_>, section: &Section) -> usize {
    outline.lines.get(section.heading).map_or(0, |line| line.number)
}

fn trigger(lines: &[Line<'_>], agent: &str, line: usize, handoffs: &mut Handoffs) {
    let mut when = "";
    let mut wants = Vec::new();
    let mut listing = false;
    for line in lines {
        if let Some(label) = line.label.filter(|_| line.kind == Kind::Text) {
            listing = label.name.eq_ignore_ascii_case("context provided");
            if label.name.eq_ignore_ascii_case("when") {
                when = label.rest;
            }
        } else if listing && line.is_item() {
            wants.push(line.text.to_owned());
        }
    }
    add(&mut handoffs.to, agent, when, line);
    if let Some(receiver) = handoffs.to.iter_mut().find(|receiver| receiver.agent == agent) {
        receiver.wants = wants;
        when.clone_into(&mut receiver.reason);
        receiver.line = line;
    }
}

/// "(that's x)": what this agent leaves to whom.
fn delegates(outline: &Outline<'_>, handoffs: &mut Handoffs) {
    for line in outline.lines.iter().filter(|line| line.is_item()) {
        for (task, inner) in brackets(line.text) {
            for agent in left_to(inner) {
                handoffs.delegates.push(Receiver {
                    agent: names::bare(agent).to_owned(),
                    reason: task.trim().to_owned(),
                    line: line.number,
                    ..Receiver::default()
                });
            }
        }
    }
}

/// The texts in parentheses, each with what stands before it.
fn brackets(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.match_indices('(').filter_map(move |(at, _)| {
        let inner = text.get(at + 1..)?.split(')').next()?;
        Some((text.get(..at)?, inner))
    })
}

/// The agents of "that's x", "→ `x` + `y`", "delegate to x", "eso es para x", "x 담당".
fn left_to(inner: &str) -> Vec<&str> {
    const SIGNS: [&str; 8] = [
        "that's ",
        "that’s ",
        "→ ",
        "-> ",
        "delegate to ",
        "belongs to ",
        "eso es para ",
        "isso é do ",
    ];
    let inner = inner.trim();
    let after = SIGNS.iter().find_map(|sign| inner.strip_prefix(sign));
    let Some(who) = after.or_else(|| inner.strip_suffix(" 담당")) else {
        return Vec::new();
    };
    let who = who.trim_start_matches("for ").trim_start_matches("the ");
    if who.contains('`') {
        return spans(who).filter(|who| names::is_name(who)).collect();
    }
    let words = who.split([' ', ',']).map(|word| word.trim_matches(['.', ';', '@']));
    words.filter(|word| names::is_bare_name(word)).collect()
}

fn spans(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Names in the sections about handing off, read only where no label names them.
fn from_sections(outline: &Outline<'_>, handoffs: &mut Handoffs) {
    let about = |title: &str| {
        ["handoff", "hand-off", "hand off", "hands off", "delegation"]
            .iter()
            .any(|words| title.contains(words))
    };
    for section in outline.titled(about) {
        for line in outline.slice(&section.whole).iter().filter(|line| line.is_prose()) {
            for agent in addressed(line.text) {
                add(&mut handoffs.to, agent, line.text, line.number);
            }
        }
    }
}

/// "Return to orchestrator", and agents called by their file.
fn from_phrases(outline: &Outline<'_>, handoffs: &mut Handoffs) {
    const CALL: &str = ".agent.md";
    for line in outline.lines.iter().filter(|line| line.is_prose()) {
        if line.text.contains("rchestrator") {
            let lower = line.text.to_lowercase();
            let returns =
                ["return to orchestrator", "return to the orchestrator", "orchestrator handles"];
            if returns.iter().any(|phrase| lower.contains(phrase)) {
                add(&mut handoffs.to, "orchestrator", line.text, line.number);
            }
        }
        for (at, _) in line.text.match_indices(CALL) {
            let before = line.text.get(..at).unwrap_or_default();
            let name = before.rsplit(['/', ' ', ':', '`', '(']).next().unwrap_or_default();
            // It is asked, and its answer is read.
            if names::is_bare_name(name) {
                add(&mut handoffs.to, name, line.text, line.number);
                add(&mut handoffs.from, name, line.text, line.number);
            }
        }
    }
}

/// The names in code spans of a line that hands something over: behind the
/// arrow, if there is one. What stands before it is the occasion.
fn addressed(text: &str) -> Vec<&str> {
    const ADDRESSING: [&str; 20] = [
        "to", "with", "notify", "tag", "ask", "message", "dm", "for", "by", "→", "com", "para",
        "de", "con", "a", "e", "y", "+", "or", "and",
    ];
    let (mut at, start) = text.find('→').map_or((0, 0), |at| (at, at));
    let mut found = Vec::new();
    for (index, part) in text.get(start..).unwrap_or(text).split('`').enumerate() {
        let before = text.get(start..at.max(start)).unwrap_or_default();
        if index % 2 == 1 && !part.contains('_') && names::is_name(part) {
            let word = before.trim_end_matches('`').split_whitespace().next_back();
            let called = word.is_some_and(|word| {
                let word = word.to_lowercase();
                ADDRESSING.contains(&word.trim_matches(['(', ',', '*']))
            });
            if part.contains('-') || called {
                found.push(part);
            }
        }
        at += part.len() + 1;
    }
    found
}
