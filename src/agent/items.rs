//! Red flags, success criteria and technology rules: lists that other rooms check.

use super::Item;
use super::label;
use super::outline::{Kind, Line, Outline};

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
        let label = label::of(line.text).filter(|label| line.is_prose() && label.rest.is_empty());
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
