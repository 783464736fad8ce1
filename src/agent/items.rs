//! Red flags, success criteria and technology rules: lists that other rooms check.

use super::outline::{Kind, Line, Outline};
use super::{Concept, Item, Side, concepts};

/// Under "Red Flags …" and "stop immediately" headings and labels.
pub(super) fn red_flags(outline: &Outline<'_>) -> Vec<Item> {
    collect(outline, |title| {
        ["red flag", "must stop", "stop condition", "stop immediately"]
            .iter()
            .any(|words| title.contains(words))
    })
}

/// Under "Success Criteria", checkpoints, definition of done.
pub(super) fn success_criteria(outline: &Outline<'_>) -> Vec<Item> {
    collect(outline, |title| {
        [
            "success criteria",
            "checkpoint",
            "definition of done",
            "acceptance criteria",
            "completion criteria",
        ]
        .iter()
        .any(|words| title.contains(words))
    })
}

/// "Use TypeScript only, NO JavaScript".
pub(super) fn technology(outline: &Outline<'_>) -> Vec<Item> {
    let sections = outline.titled(|title| {
        title.starts_with("technology") || title.starts_with("tech stack") || title == "stack"
    });
    sections
        .flat_map(|section| outline.slice(&section.own))
        .filter(|line| line.is_prose())
        .map(item)
        .collect()
}

/// What a technology rule forbids: "NO JavaScript", "not CommonJS (require)".
pub(super) fn ruled_out(rule: &Item) -> Vec<Concept> {
    const NO: [&str; 4] = ["no ", "not ", "never ", "avoid "];
    let mut found = Vec::new();
    for part in rule.text.split([',', '.', ';', '—']) {
        let part = part.trim().trim_matches('*').trim();
        let no = NO
            .iter()
            .find(|no| part.get(..no.len()).is_some_and(|head| head.eq_ignore_ascii_case(no)));
        let what = no.and_then(|no| part.get(no.len()..));
        found.extend(what.and_then(|what| concepts::of(what, Side::Forbidden, None, rule.line)));
    }
    found
}

fn collect(outline: &Outline<'_>, wanted: impl Fn(&str) -> bool) -> Vec<Item> {
    let mut found: Vec<Item> = Vec::new();
    for section in outline.titled(&wanted) {
        let before = found.len();
        for line in outline.slice(&section.whole) {
            // A paragraph after the list starts another subject.
            if found.len() > before && starts_paragraph(line) {
                break;
            }
            if line.is_item() && is_new(&found, line) {
                found.push(item(line));
            }
        }
    }
    let mut listing = false;
    for line in &outline.lines {
        let label = line.label.filter(|label| label.rest.is_empty());
        if let Some(label) = label {
            listing = wanted(&label.name.to_lowercase());
        } else if line.is_item() {
            if listing && is_new(&found, line) {
                found.push(item(line));
            }
        } else if matches!(line.kind, Kind::Text | Kind::Heading(_)) {
            listing = false;
        }
    }
    found
}

/// How many items of each kind are kept.
const ITEMS_MAX: usize = 500;

fn is_new(found: &[Item], line: &Line<'_>) -> bool {
    found.len() < ITEMS_MAX && !found.iter().any(|known| known.line == line.number)
}

fn starts_paragraph(line: &Line<'_>) -> bool {
    line.kind == Kind::Text && line.indent == 0 && !line.text.starts_with("**")
}

fn item(line: &Line<'_>) -> Item {
    Item { text: line.text.to_owned(), line: line.number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn technology_rules_rule_out_what_the_dictionary_knows() {
        let rule = |text: &str| {
            let rule = Item { text: text.to_owned(), line: 1 };
            ruled_out(&rule).into_iter().map(|concept| concept.id).collect::<Vec<_>>()
        };
        assert_eq!(
            rule("**CRITICAL**: Use TypeScript (.ts files) for ALL code. NO JavaScript."),
            ["javascript"]
        );
        assert_eq!(rule("ES6 modules (import/export), not CommonJS (require)"), ["commonjs"]);
        assert!(rule("Node.js 18+ with TypeScript strict mode").is_empty());
        assert!(rule("No mocks, no placeholders").is_empty());
    }

    #[test]
    fn a_list_ends_where_another_subject_starts() {
        let body = "## Checkpoints\nAfter each step:\n- [ ] a\n- [ ] b\n\nYour duties:\n- c\n";
        let found = success_criteria(&Outline::read(body, 1));
        let texts: Vec<&str> = found.iter().map(|item| item.text.as_str()).collect();
        assert_eq!(texts, ["a", "b"]);
    }
}
