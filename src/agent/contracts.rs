//! The JSON examples that a report must have the shape of.

use super::Contract;
use super::outline::{Kind, Line, Outline, Section};

/// The examples under Output Format (the first) and Required Outputs (each labelled one).
pub(super) fn read(outline: &Outline<'_>) -> Vec<Contract> {
    for section in &outline.sections {
        let Some(reach) = reach(&section.title) else {
            continue;
        };
        let found = of_section(outline, section);
        if !found.is_empty() {
            let kept = if reach == Reach::Each { found.len() } else { 1 };
            return found.into_iter().take(kept).collect();
        }
    }
    Vec::new()
}

#[derive(PartialEq)]
enum Reach {
    First,
    Each,
}

fn reach(title: &str) -> Option<Reach> {
    if title.contains("example") {
        return None;
    }
    if title.contains("required output") {
        return Some(Reach::Each);
    }
    let format = [
        "output format",
        "response format",
        "report format",
        "return format",
        "output contract",
        "output schema",
        "structured output",
        "output structure",
    ];
    format.iter().any(|words| title.contains(words)).then_some(Reach::First)
}

fn of_section(outline: &Outline<'_>, section: &Section) -> Vec<Contract> {
    let lines = outline.slice(&section.whole);
    let mut found = Vec::new();
    let mut above = "";
    for (index, line) in lines.iter().enumerate() {
        match line.kind {
            Kind::Text | Kind::Item(_) => {
                above = line.label.map_or(line.text, |label| label.name);
            }
            Kind::Heading(_) => above = line.text,
            Kind::Fence if is_json(line.text, lines.get(index + 1)) => {
                let text = fenced(lines.get(index + 1..).unwrap_or_default());
                let title = outline.lines.get(section.heading).map_or("", |line| line.text);
                let label = if above.is_empty() { title } else { above };
                found.push(Contract {
                    label: label.to_owned(),
                    example: text,
                    line: line.number + 1,
                });
            }
            _ => {}
        }
    }
    found
}

fn is_json(info: &str, first: Option<&Line<'_>>) -> bool {
    let word = info.split(' ').next().unwrap_or_default();
    matches!(word, "json" | "jsonc" | "json5" | "JSON")
        || (word.is_empty() && first.is_some_and(|line| line.raw.trim_start().starts_with('{')))
}

/// The text of a fence without its last line.
fn fenced(lines: &[Line<'_>]) -> String {
    let mut out = String::new();
    for line in lines.iter().take_while(|line| line.kind == Kind::Code) {
        if line.text.starts_with("```") || line.text.starts_with("~~~") {
            break;
        }
        out.push_str(line.raw);
        out.push('\n');
    }
    out
}
