//! The body of a definition as raw lines: headings, list items, code, sections.
//!
//! Lines are read as they are written, not through a Markdown tree, which eats
//! the `**` of globs. Text in code fences and comments is marked and stays out
//! of the policy. What a section means is left to those who ask for it.

use std::ops::Range;

use super::label::{self, Label};
use super::marks::{self, Signs};
use super::trim::{trimmed, trimmed_start};

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Blank,
    /// With its level; a `<tag>` that stands alone opens a section of level 7.
    Heading(u8),
    /// `- x`, `1. x`, `- [ ] x`, `✅ x`.
    Item(Mark),
    Table,
    /// The line that opens a fence; its text is the info string.
    Fence,
    /// Inside or at the end of a fence, or in a comment.
    Code,
    Text,
}

/// The sign at the start of a list item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Plain,
    /// `✅`, `✓`, `✔`.
    Yes,
    /// `❌`, `✗`, `🚫`, `⛔`.
    No,
}

/// One line of the body.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// 1-based line of the file.
    pub(super) number: usize,
    pub(super) kind: Kind,
    /// Blanks before the text; a tab counts four.
    pub(super) indent: usize,
    /// Without indentation, list marker, heading marks and trailing blanks.
    pub(super) text: &'a str,
    /// As it stands in the file.
    pub(super) raw: &'a str,
    /// What the text holds; none in code.
    pub(super) signs: Signs,
    /// The label that a line of prose starts with.
    pub(super) label: Option<Label<'a>>,
}

/// A heading with what follows it.
#[derive(Clone, Debug)]
pub(super) struct Section {
    /// The title in lower case, without marks, numbering and emoji.
    pub(super) title: String,
    /// Index of the heading in [`Outline::lines`].
    pub(super) heading: usize,
    pub(super) level: u8,
    /// The lines up to the next heading of any level.
    pub(super) own: Range<usize>,
    /// The lines up to the next heading of this level or above.
    pub(super) whole: Range<usize>,
}

/// The whole body.
#[derive(Debug, Default)]
pub(super) struct Outline<'a> {
    /// As it stands in the file.
    pub(super) body: &'a str,
    pub(super) lines: Vec<Line<'a>>,
    pub(super) sections: Vec<Section>,
}

/// The level of a `<tag>` section: below every heading.
const TAG_LEVEL: u8 = 7;

impl<'a> Outline<'a> {
    /// Reads the body; `first` is the number of its first line.
    pub(super) fn read(body: &'a str, first: usize) -> Self {
        let lines = classify(body, first);
        let sections = sections(&lines);
        Self { body, lines, sections }
    }

    /// The lines of a range.
    pub(super) fn slice(&self, range: &Range<usize>) -> &[Line<'a>] {
        self.lines.get(range.clone()).unwrap_or_default()
    }

    /// The sections whose title the test accepts.
    pub(super) fn titled(&self, test: impl Fn(&str) -> bool) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(move |section| test(&section.title))
    }
}

impl Line<'_> {
    /// Whether the line is a list item.
    pub(super) fn is_item(&self) -> bool {
        matches!(self.kind, Kind::Item(_))
    }

    /// Whether the line holds any of these.
    pub(super) fn holds(&self, signs: Signs) -> bool {
        self.signs & signs != 0
    }

    /// Whether the line carries words of the author: no code, no blank.
    pub(super) fn is_prose(&self) -> bool {
        matches!(self.kind, Kind::Item(_) | Kind::Text)
    }
}

fn classify(body: &str, first: usize) -> Vec<Line<'_>> {
    let raws = split_lines(body);
    let mut fences = Fences::new(&raws);
    let mut lines = Vec::with_capacity(raws.len());
    let mut code_until = 0;
    let mut opens_at = usize::MAX;
    for (index, raw) in raws.iter().enumerate() {
        if index >= code_until
            && may_open(raw)
            && let Some(end) = fences.block_at(index)
        {
            (opens_at, code_until) = (index, end);
        }
        let mut line = if index < code_until { code(raw, index == opens_at) } else { prose(raw) };
        line.number = first + index;
        lines.push(line);
    }
    lines
}

fn split_lines(body: &str) -> Vec<&str> {
    let mut lines = Vec::with_capacity(body.len() / 32 + 1);
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', body.as_bytes()).chain([body.len()]) {
        lines.push(body.get(start..end).unwrap_or_default());
        start = end + 1;
    }
    lines
}

/// Whether the line can open a fence or a comment.
fn may_open(raw: &str) -> bool {
    matches!(raw.trim_ascii_start().as_bytes().first(), Some(b'`' | b'~' | b'<'))
}

fn code(raw: &str, opens: bool) -> Line<'_> {
    let text = raw.trim_ascii();
    let kind = if opens { Kind::Fence } else { Kind::Code };
    let text = if opens { text.trim_start_matches(['`', '~']).trim() } else { text };
    Line { number: 0, kind, indent: indent(raw), text, raw, signs: 0, label: None }
}

fn prose(raw: &str) -> Line<'_> {
    let text = raw.trim_ascii();
    let indent = indent(raw);
    let line = |kind, text| {
        let words = matches!(kind, Kind::Item(_) | Kind::Text);
        let signs = if words { marks::of(text) } else { 0 };
        let label = label::of(text, signs);
        Line { number: 0, kind, indent, text, raw, signs, label }
    };
    let Some(start) = text.bytes().next() else {
        return line(Kind::Blank, text);
    };
    match start {
        b'#' => {
            let title = text.trim_start_matches('#');
            let level = text.len() - title.len();
            match u8::try_from(level) {
                Ok(level @ 1..=6) if title.starts_with([' ', '\t']) => {
                    line(Kind::Heading(level), title.trim().trim_end_matches('#').trim_end())
                }
                _ => line(Kind::Text, text),
            }
        }
        b'|' => line(Kind::Table, text),
        b'<' => match tag(text) {
            Some(name) => line(Kind::Heading(TAG_LEVEL), name),
            None if text.starts_with("<!--") && text.ends_with("-->") => line(Kind::Blank, ""),
            None => line(Kind::Text, text),
        },
        b'-' | b'*' | b'+' | b'0'..=b'9' | b'[' | 0x80.. => item(text)
            .map_or_else(|| line(Kind::Text, text), |(mark, text)| line(Kind::Item(mark), text)),
        _ => line(Kind::Text, text),
    }
}

/// The name of an opening or closing tag that stands alone on its line.
fn tag(text: &str) -> Option<&str> {
    let name = text.strip_prefix('<')?.strip_suffix('>')?;
    let bare = name.trim_start_matches('/');
    let plain = !bare.is_empty()
        && bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    plain.then_some(name)
}

/// A list item without its marker, checkbox and sign.
fn item(text: &str) -> Option<(Mark, &str)> {
    let after = marker(text);
    let rest = after.unwrap_or(text);
    let unchecked = unchecked(rest);
    let rest = unchecked.unwrap_or(rest);
    let (mark, stripped) = sign(rest);
    if after.is_none() && unchecked.is_none() && stripped.is_none() {
        return None;
    }
    Some((mark, trimmed(stripped.unwrap_or(rest))))
}

fn marker(text: &str) -> Option<&str> {
    let rest = match text.bytes().next()? {
        b'-' | b'*' | b'+' => text.get(1..)?,
        b'0'..=b'9' => {
            text.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix(['.', ')'])?
        }
        _ => text.strip_prefix(['•', '–', '·'])?,
    };
    (rest.starts_with([' ', '\t'])).then(|| trimmed_start(rest))
}

fn unchecked(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('[')?;
    [" ] ", "x] ", "X] "].iter().find_map(|sign| rest.strip_prefix(sign))
}

/// The sign that a line starts with, and the text behind it.
fn sign(text: &str) -> (Mark, Option<&str>) {
    const SIGNS: [(&str, Mark); 12] = [
        ("✅", Mark::Yes),
        ("✔", Mark::Yes),
        ("✓", Mark::Yes),
        ("☑", Mark::Yes),
        ("❌", Mark::No),
        ("✗", Mark::No),
        ("✘", Mark::No),
        ("🚫", Mark::No),
        ("⛔", Mark::No),
        ("🚨", Mark::Plain),
        ("⚠", Mark::Plain),
        ("🛑", Mark::Plain),
    ];
    if text.bytes().next().is_none_or(|first| first.is_ascii()) {
        return (Mark::Plain, None);
    }
    for (sign, mark) in SIGNS {
        if let Some(rest) = text.strip_prefix(sign) {
            return (mark, Some(rest.trim_start_matches('\u{fe0f}').trim_start()));
        }
    }
    (Mark::Plain, None)
}

fn indent(raw: &str) -> usize {
    let blanks = raw.bytes().take_while(|byte| matches!(byte, b' ' | b'\t'));
    blanks.map(|byte| if byte == b'\t' { 4 } else { 1 }).sum()
}

/// Finds where code and comments end.
struct Fences<'a, 'b> {
    raws: &'b [&'a str],
    /// For backticks and tildes: fences of at least this length are never closed.
    never_closed: [usize; 2],
}

impl<'a, 'b> Fences<'a, 'b> {
    fn new(raws: &'b [&'a str]) -> Self {
        Self { raws, never_closed: [usize::MAX; 2] }
    }

    /// The end of the code that starts at this line, if any does.
    fn block_at(&mut self, index: usize) -> Option<usize> {
        let text = self.raws.get(index)?.trim_start();
        if text.starts_with("<!--") && !text.contains("-->") {
            let rest = self.raws.get(index..)?;
            return rest.iter().position(|raw| raw.contains("-->")).map(|at| index + at + 1);
        }
        let (length, info) = fence(text)?;
        let closer = if nests(info) { self.nested_end(index, text, length) } else { None };
        let closer = closer.or_else(|| self.plain_end(index, text, length));
        Some(closer.unwrap_or_else(|| self.next_heading(index)))
    }

    fn plain_end(&mut self, index: usize, open: &str, length: usize) -> Option<usize> {
        let kind = usize::from(open.starts_with('~'));
        let never = self.never_closed.get_mut(kind)?;
        if length >= *never {
            return None;
        }
        let rest = self.raws.get(index + 1..)?;
        let found = rest.iter().position(|raw| closes(raw.trim(), open, length));
        if found.is_none() {
            *never = length;
        }
        found.map(|at| index + at + 2)
    }

    /// A Markdown template often holds fences of its own, of the same length.
    fn nested_end(&self, index: usize, open: &str, length: usize) -> Option<usize> {
        const TEMPLATE_LINES_MAX: usize = 1_000;
        let mut depth = 1;
        let rest = self.raws.get(index + 1..)?;
        for (at, raw) in rest.iter().take(TEMPLATE_LINES_MAX).enumerate() {
            let text = raw.trim();
            if closes(text, open, length) {
                depth -= 1;
            } else if fence(text).is_some_and(|(_, info)| !info.is_empty()) {
                depth += 1;
            }
            if depth == 0 {
                return Some(index + at + 2);
            }
        }
        None
    }

    /// An unclosed fence must not swallow the rest of the definition.
    fn next_heading(&self, index: usize) -> usize {
        let rest = self.raws.get(index + 1..).unwrap_or_default();
        let heading = rest.iter().position(|raw| raw.starts_with("# ") || raw.starts_with("## "));
        heading.map_or(self.raws.len(), |at| index + 1 + at)
    }
}

/// The length and the info string of a line that opens a fence.
fn fence(text: &str) -> Option<(usize, &str)> {
    let sign = text.bytes().next().filter(|byte| matches!(byte, b'`' | b'~'))?;
    let length = text.bytes().take_while(|byte| *byte == sign).count();
    let info = text.get(length..)?.trim();
    (length >= 3 && !(sign == b'`' && info.contains('`'))).then_some((length, info))
}

fn closes(text: &str, open: &str, length: usize) -> bool {
    fence(text).is_some_and(|(closing, info)| {
        closing >= length && info.is_empty() && text.bytes().next() == open.bytes().next()
    })
}

fn nests(info: &str) -> bool {
    matches!(info, "markdown" | "md" | "Markdown")
}

fn sections(lines: &[Line<'_>]) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Kind::Heading(level) = line.kind else {
            continue;
        };
        if let Some(last) = sections.last_mut() {
            last.own.end = last.own.end.min(index);
        }
        while let Some(section) = open.last().and_then(|at| sections.get_mut(*at)) {
            if section.level < level {
                break;
            }
            section.whole.end = index;
            open.pop();
        }
        if line.text.starts_with('/') {
            continue;
        }
        open.push(sections.len());
        let range = index + 1..lines.len();
        let (own, whole) = (range.clone(), range);
        sections.push(Section { title: title(line.text), heading: index, level, own, whole });
    }
    sections
}

/// A title as it is compared: lower case, without emoji, numbering and marks.
fn title(text: &str) -> String {
    let bare =
        text.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | ')' | '[' | ']'));
    let bare =
        bare.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | ' '));
    let mut out = bare.to_ascii_lowercase();
    if !out.is_ascii() {
        out = out.to_lowercase();
    }
    if out.contains('_') {
        out = out.replace('_', " ");
    }
    out
}
