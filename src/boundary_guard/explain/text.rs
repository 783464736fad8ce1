//! The explanation as text, in the order in which rules are applied.

use std::fmt::Write;

use super::shown;
use crate::agent::{Concept, Containment, Definition, Item, Receiver, Rule, Side, Tools};
use crate::hook::printable;

/// The policy of a definition.
pub(super) fn of(definition: &Definition) -> String {
    let mut page = Page::default();
    let _ = writeln!(page.text, "{}  ({})", printable(&definition.name), shown(&definition.file));
    page.order(definition);
    page.not_enforced(definition);
    page.report(definition);
    page.pipeline(definition);
    page.list("warnings", definition.warnings.iter().map(entry));
    page.text
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    /// A headed list; nothing when it is empty.
    fn list(&mut self, head: &str, entries: impl Iterator<Item = String>) {
        let mut entries = entries.peekable();
        if entries.peek().is_some() {
            let _ = writeln!(self.text, "\n{head}");
        }
        for entry in entries {
            let _ = writeln!(self.text, "  {entry}");
        }
    }

    /// What decides on a write, first to last.
    fn order(&mut self, definition: &Definition) {
        let boundaries = &definition.boundaries;
        self.list("enforced on every write, in this order", order(definition).into_iter());
        let (residual, forbidden): (Vec<&Rule>, Vec<&Rule>) =
            boundaries.forbidden.iter().partition(|rule| rule.residual);
        let carved = |rule: &Rule| {
            let line = rule.line;
            let of = rule.glob.clone();
            rule.except
                .iter()
                .map(move |glob| at(line, &format!("{glob}  (carved out of {of})")))
                .collect::<Vec<_>>()
        };
        let both = boundaries.forbidden.iter().chain(&boundaries.allowed);
        self.list("exceptions", both.flat_map(carved));
        self.list("forbidden", forbidden.into_iter().map(rule));
        self.list(
            "forbidden, unless something more specific is allowed",
            residual.into_iter().map(rule),
        );
        let concepts = boundaries.concepts.iter();
        self.list(
            "forbidden, by the dictionary of concepts",
            concepts.filter(|one| one.side == Side::Forbidden).map(concept),
        );
        self.list("allowed", boundaries.allowed.iter().map(rule));
        let told = &definition.coordination;
        let told = told.writes.iter().chain(&told.context_files);
        self.list("allowed, because the definition says to write it", told.map(entry));
    }

    fn not_enforced(&mut self, definition: &Definition) {
        let boundaries = &definition.boundaries;
        let known = boundaries.concepts.iter().filter(|concept| concept.side == Side::Allowed);
        let known = known.map(|concept| at(concept.line, &concept.text));
        let advice = boundaries.advisory.iter().map(entry).chain(known);
        self.list("not enforced (no path, and no concept that can be refused)", advice);
        self.list("technology", definition.technology.iter().map(entry));
    }

    fn report(&mut self, definition: &Definition) {
        let contracts = definition.contracts.iter();
        let contracts = contracts.map(|contract| at(contract.line, &contract.label));
        self.list("the report must have the shape of", contracts);
        self.list("red flags", definition.red_flags.iter().map(entry));
        self.list("success criteria", definition.success_criteria.iter().map(entry));
    }

    fn pipeline(&mut self, definition: &Definition) {
        let handoffs = &definition.handoffs;
        self.list("receives from", handoffs.from.iter().map(receiver));
        self.list("hands off to", handoffs.to.iter().map(receiver));
        self.list("leaves to others", handoffs.delegates.iter().map(receiver));
        self.list("receivers and givers that are no agent names", handoffs.prose.iter().map(entry));
    }
}

fn order(definition: &Definition) -> Vec<String> {
    let boundaries = &definition.boundaries;
    let mut steps =
        vec!["protected files (definitions, settings, hooks, .git) are refused".to_owned()];
    if let Some(reason) = &boundaries.read_only {
        steps.push(at(reason.line, &format!("read-only: {}", reason.text)));
    } else if let Tools::Only(_) | Tools::AllBut(_) = definition.tools {
        steps.push("the agent has tools that write".to_owned());
    }
    if boundaries.read_only.is_none() {
        let lists = "an exception wins, then the more specific glob, then forbidden, then allowed";
        if !boundaries.allowed.is_empty() || !boundaries.forbidden.is_empty() {
            steps.push(lists.to_owned());
        }
        steps.push(
            match (boundaries.containment, boundaries.allowed.is_empty()) {
                (Containment::Closed, _) => "everything else is refused",
                (Containment::Open, true) => "everything else is allowed: no allow-list",
                (Containment::Open, false) => {
                    "everything else is allowed: the allow-list does not claim to be complete"
                }
            }
            .to_owned(),
        );
    }
    steps.iter().enumerate().map(|(index, step)| format!("{}. {step}", index + 1)).collect()
}

/// "line 31: text", sanitised.
fn at(line: usize, text: &str) -> String {
    if line == 0 {
        return format!("configuration: {}", printable(text));
    }
    format!("line {line}: {}", printable(text))
}

fn entry(item: &Item) -> String {
    at(item.line, &item.text)
}

fn rule(rule: &Rule) -> String {
    let owner = rule.owner.as_ref().map(|owner| format!("  (owner: {owner})"));
    at(rule.line, &format!("{}{}", rule.glob, owner.unwrap_or_default()))
}

fn concept(concept: &Concept) -> String {
    let globs = concept.globs.iter().map(|glob| (*glob).to_owned());
    let mut means: Vec<String> = globs.collect();
    means.extend(concept.content.iter().map(|content| format!("`{content}` in code")));
    at(concept.line, &format!("{} = {}", concept.text, means.join(", ")))
}

fn receiver(receiver: &Receiver) -> String {
    let reason = if receiver.reason.is_empty() { "" } else { "  " };
    let wants = match receiver.wants.len() {
        0 => String::new(),
        count => format!("  [{count} things wanted]"),
    };
    at(receiver.line, &format!("{}{reason}{}{wants}", receiver.agent, receiver.reason))
}
