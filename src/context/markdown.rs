//! A message cut into titled sections, its fences told apart from its prose.

/// A title, and the lines up to the next one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Section<'a> {
    /// Without its marks; empty before the first title.
    pub(super) title: &'a str,
    /// The title as it stands in the message.
    title_line: &'a str,
    lines: Vec<Line<'a>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line<'a> {
    Prose(&'a str),
    Fenced(&'a str),
}

impl<'a> Section<'a> {
    /// All lines below the title, fences included.
    pub(super) fn text(&self) -> String {
        let lines = self.lines.iter().map(|line| match line {
            Line::Prose(text) | Line::Fenced(text) => *text,
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The title and the lines outside fences.
    pub(super) fn prose(&self) -> impl Iterator<Item = &'a str> {
        std::iter::once(self.title_line).chain(self.unfenced())
    }

    fn unfenced(&self) -> impl Iterator<Item = &'a str> {
        self.lines.iter().filter_map(|line| match line {
            Line::Prose(text) => Some(*text),
            Line::Fenced(_) => None,
        })
    }
}

/// The sections of a message; the first has no title and may be empty.
pub(super) fn sections(message: &str) -> Vec<Section<'_>> {
    let mut sections = Vec::new();
    let mut section = Section::default();
    let mut fence = None;
    for line in message.lines() {
        let mark = fence_of(line);
        match (fence, mark) {
            (None, None) => match title_of(line) {
                Some(title) => {
                    let next = Section { title, title_line: line, lines: Vec::new() };
                    sections.push(std::mem::replace(&mut section, next));
                }
                None => section.lines.push(Line::Prose(line)),
            },
            (None, Some(mark)) => {
                fence = Some(mark);
                section.lines.push(Line::Fenced(line));
            }
            (Some(open), mark) => {
                if mark == Some(open) {
                    fence = None;
                }
                section.lines.push(Line::Fenced(line));
            }
        }
    }
    sections.push(section);
    sections
}

/// The content of each fenced block.
pub(super) fn fences(message: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<(char, Vec<&str>)> = None;
    for line in message.lines() {
        match (&mut open, fence_of(line)) {
            (None, Some(mark)) => open = Some((mark, Vec::new())),
            (Some((mark, lines)), found) if found == Some(*mark) => {
                blocks.push(lines.join("\n"));
                open = None;
            }
            (Some((_, lines)), _) => lines.push(line),
            (None, None) => {}
        }
    }
    // A message cut short still holds what it holds.
    blocks.extend(open.map(|(_, lines)| lines.join("\n")));
    blocks
}

/// The list items of a section, continuation lines joined; its paragraphs'
/// lines when it has no list.
pub(super) fn bullets(section: &Section<'_>) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    let has_list = section.unfenced().any(|line| item_of(line).is_some());
    for line in section.unfenced() {
        match item_of(line) {
            Some(item) => items.push(item.trim().to_owned()),
            None if line.trim().is_empty() => {}
            None if !has_list => items.push(line.trim().to_owned()),
            None if line.starts_with([' ', '\t']) => {
                if let Some(last) = items.last_mut() {
                    last.push(' ');
                    last.push_str(line.trim());
                }
            }
            None => {}
        }
    }
    items.retain(|item| !item.is_empty() && !super::message::is_nothing(item));
    items
}

/// The text of a list item: `- x`, `* x`, `• x`, `1. x`, `- [ ] x`.
fn item_of(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let bullet = ["- ", "* ", "• ", "+ "].iter().find_map(|mark| line.strip_prefix(mark));
    let numbered = || {
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let marked = rest.strip_prefix(". ").or_else(|| rest.strip_prefix(") "));
        marked.filter(|_| rest.len() < line.len())
    };
    let item = bullet.or_else(numbered)?;
    let boxes = ["[ ] ", "[x] ", "[X] "];
    Some(boxes.iter().find_map(|mark| item.strip_prefix(mark)).unwrap_or(item))
}

/// The title that a line is: a heading, a bold line, or a short line that ends
/// in a colon and is no list item.
fn title_of(line: &str) -> Option<&str> {
    const TITLE_BYTES_MAX: usize = 80;
    let line = line.trim_end();
    let unmarked = line.trim_start_matches('#');
    if unmarked.len() < line.len() && unmarked.starts_with(' ') {
        return Some(tidy(unmarked));
    }
    if line.len() > TITLE_BYTES_MAX || line.is_empty() || line.starts_with([' ', '\t', '|', '>']) {
        return None;
    }
    if let Some(bold) = line.strip_prefix("**") {
        let ends = bold.strip_suffix("**").or_else(|| bold.strip_suffix("**:"));
        return ends.filter(|title| !title.contains("**")).map(tidy);
    }
    (line.ends_with(':') && item_of(line).is_none()).then(|| tidy(line))
}

fn tidy(title: &str) -> &str {
    title.trim().trim_matches('*').trim_end_matches(['#', ':']).trim().trim_matches('*')
}

/// The character that a fence line is made of.
fn fence_of(line: &str) -> Option<char> {
    let line = line.trim_start();
    [("```", '`'), ("~~~", '~')].iter().find_map(|(mark, c)| line.starts_with(mark).then_some(*c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_titles_from_prose() {
        let check = |line: &str, title: Option<&str>| assert_eq!(title_of(line), title, "{line}");
        check("## Key Decisions", Some("Key Decisions"));
        check("**Next steps:**", Some("Next steps"));
        check("**Next steps**:", Some("Next steps"));
        check("Next Phase Suggestion:", Some("Next Phase Suggestion"));
        check("- item:", None);
        check("**Bold** and **bold**", None);
        check("Plain prose.", None);
        check("#hashtag", None);
    }

    #[test]
    fn a_comment_in_a_fence_is_no_heading() {
        let found = sections("a\n```sh\n# not a title\n```\n# Title\nb");
        let titles: Vec<&str> = found.iter().map(|section| section.title).collect();
        assert_eq!(titles, ["", "Title"]);
        assert_eq!(found[0].text(), "a\n```sh\n# not a title\n```");
        assert_eq!(fences("```json\n{}\n```\n~~~\nb\n"), ["{}", "b"]);
    }
}
