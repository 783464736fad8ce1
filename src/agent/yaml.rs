//! A YAML tree of text, lists and maps, and two readers of it.
//!
//! [`strict`] is the maintained parser; [`plain`] reads the small subset that
//! nearly every frontmatter keeps to, for a tenth of the cost, and declines
//! everything else. A test holds that where both answer they answer the same.

use anyhow::{anyhow, bail};
use saphyr_parser::{Event, Parser, ScalarStyle};

/// One node. Scalars stay text: nothing here needs numbers or dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Text(String),
    List(Vec<Item>),
    Map(Vec<Entry>),
}

/// One element of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) node: Node,
    /// 1-based line of the YAML text.
    pub(super) line: usize,
}

/// One key of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) node: Node,
    /// 1-based line of the key in the YAML text.
    pub(super) line: usize,
}

/// How deep maps and lists may nest.
const DEPTH_MAX: usize = 16;

impl Node {
    /// The value of a key, when this is a map that has it.
    pub(super) fn get(&self, key: &str) -> Option<&Entry> {
        match self {
            Self::Map(entries) => entries.iter().find(|entry| entry.key == key),
            _ => None,
        }
    }
}

/// Reads YAML 1.2 with the parser crate; the document must be a map.
pub(super) fn strict(text: &str) -> anyhow::Result<Node> {
    let mut parser = Parser::new_from_str(text);
    let mut open: Vec<Building> = Vec::new();
    let mut root = None;
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| {
            // The frontmatter starts in the file's second line.
            anyhow!("{} in line {}", error.info(), error.marker().line() + 1)
        })?;
        let line = span.start.line();
        let done = match event {
            Event::Scalar(text, style, ..) => Some(scalar(&text, style)),
            Event::SequenceStart(..) => push(&mut open, Building::List(Vec::new(), line))?,
            Event::MappingStart(..) => push(&mut open, Building::Map(Vec::new(), None, line))?,
            Event::SequenceEnd | Event::MappingEnd => open.pop().map(Building::finish),
            Event::Alias(_) => bail!("an alias in line {line}"),
            Event::DocumentStart(_) if root.is_some() => bail!("a second document in line {line}"),
            _ => None,
        };
        let Some((node, own_line)) = done.map(|done| done.at(line)) else {
            continue;
        };
        match open.last_mut() {
            Some(parent) => parent.add(node, own_line)?,
            None => root = Some(node),
        }
    }
    match root {
        Some(root @ Node::Map(_)) => Ok(root),
        _ => bail!("not a map of keys"),
    }
}

/// A finished node, and its first line when it is not the event's.
struct Done(Node, Option<usize>);

impl Done {
    fn at(self, line: usize) -> (Node, usize) {
        (self.0, self.1.unwrap_or(line))
    }
}

fn scalar(text: &str, style: ScalarStyle) -> Done {
    let empty = style == ScalarStyle::Plain && matches!(text, "~" | "null" | "Null" | "NULL");
    Done(Node::Text(if empty { String::new() } else { text.to_owned() }), None)
}

fn push(open: &mut Vec<Building>, building: Building) -> anyhow::Result<Option<Done>> {
    if open.len() >= DEPTH_MAX {
        bail!("nested deeper than {DEPTH_MAX} levels");
    }
    open.push(building);
    Ok(None)
}

enum Building {
    List(Vec<Item>, usize),
    Map(Vec<Entry>, Option<(String, usize)>, usize),
}

impl Building {
    fn add(&mut self, node: Node, line: usize) -> anyhow::Result<()> {
        match self {
            Self::List(items, _) => items.push(Item { node, line }),
            Self::Map(entries, key, _) => match key.take() {
                Some((key, line)) => entries.push(Entry { key, node, line }),
                None => match node {
                    Node::Text(text) if entries.iter().any(|entry| entry.key == text) => {
                        bail!("`{text}` twice, the second time in line {line}")
                    }
                    Node::Text(text) => *key = Some((text, line)),
                    _ => bail!("a key in line {line} is not text"),
                },
            },
        }
        Ok(())
    }

    fn finish(self) -> Done {
        match self {
            Self::List(items, line) => Done(Node::List(items), Some(line)),
            Self::Map(entries, _, line) => Done(Node::Map(entries), Some(line)),
        }
    }
}

/// Reads the plain subset: block maps and lists, one-line scalars, flow lists
/// of scalars, comments. `None` when anything else occurs.
pub(super) fn plain(text: &str) -> Option<Node> {
    let mut lines = Vec::with_capacity(32);
    for (index, raw) in text.split('\n').enumerate() {
        let body = raw.trim_start_matches(' ');
        let content = body.trim_end_matches(' ');
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if content.starts_with('\t') || content.ends_with('\t') {
            return None;
        }
        lines.push(Raw { line: index + 1, indent: raw.len() - body.len(), text: content });
    }
    let mut reader = Plain { lines, at: 0 };
    let root = reader.map(0, 0)?;
    (reader.at == reader.lines.len()).then_some(root)
}

#[derive(Clone, Copy)]
struct Raw<'a> {
    line: usize,
    indent: usize,
    text: &'a str,
}

struct Plain<'a> {
    lines: Vec<Raw<'a>>,
    at: usize,
}

impl<'a> Plain<'a> {
    fn peek(&self) -> Option<Raw<'a>> {
        self.lines.get(self.at).copied()
    }

    fn map(&mut self, indent: usize, depth: usize) -> Option<Node> {
        let mut entries: Vec<Entry> = Vec::new();
        while let Some(raw) = self.peek().filter(|raw| raw.indent == indent) {
            let (key, rest) = key(raw.text)?;
            if depth > DEPTH_MAX || entries.iter().any(|entry| entry.key == key) {
                return None;
            }
            self.at += 1;
            let node = self.value(rest, raw, depth)?;
            entries.push(Entry { key: key.to_owned(), node, line: raw.line });
        }
        // A deeper line here continues a scalar over lines: not in the subset.
        let deeper = self.peek().is_some_and(|raw| raw.indent > indent);
        (!entries.is_empty() && !deeper).then_some(Node::Map(entries))
    }

    fn list(&mut self, indent: usize, depth: usize) -> Option<Node> {
        let mut items = Vec::new();
        while let Some(raw) = self.peek().filter(|raw| raw.indent == indent) {
            let Some(rest) = raw.text.strip_prefix("- ") else {
                break;
            };
            if depth > DEPTH_MAX {
                return None;
            }
            let rest = rest.trim_start_matches(' ');
            let node = if key(rest).is_some() {
                // `- key: value`: a map whose first line starts behind the dash.
                let inner = indent + (raw.text.len() - rest.len());
                *self.lines.get_mut(self.at)? = Raw { line: raw.line, indent: inner, text: rest };
                self.map(inner, depth + 1)?
            } else {
                self.at += 1;
                inline(rest, raw.line)?
            };
            items.push(Item { node, line: raw.line });
        }
        let deeper = self.peek().is_some_and(|raw| raw.indent > indent);
        (!items.is_empty() && !deeper).then_some(Node::List(items))
    }

    fn value(&mut self, rest: &str, of: Raw<'a>, depth: usize) -> Option<Node> {
        if !rest.is_empty() {
            return inline(rest, of.line);
        }
        let indent = of.indent;
        match self.peek() {
            Some(raw) if raw.indent >= indent && raw.text.starts_with("- ") => {
                self.list(raw.indent, depth + 1)
            }
            Some(raw) if raw.indent > indent => self.map(raw.indent, depth + 1),
            _ => Some(Node::Text(String::new())),
        }
    }
}

/// `key: rest` or `key:`, the key being one plain word.
fn key(text: &str) -> Option<(&str, &str)> {
    let (key, rest) = text.split_once(':')?;
    let word = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let parted = rest.is_empty() || rest.starts_with(' ');
    (word && parted).then(|| (key, rest.trim_start_matches(' ')))
}

/// A value on one line: plain, quoted, or a flow list of such.
fn inline(text: &str, line: usize) -> Option<Node> {
    let Some(inner) = text.strip_prefix('[') else {
        return one_line_scalar(text).map(Node::Text);
    };
    let inner = inner.strip_suffix(']')?.trim_matches(' ');
    if inner.is_empty() {
        return Some(Node::List(Vec::new()));
    }
    let words = inner.split(',').map(|word| {
        let word = word.trim_matches(' ');
        let flat = !word.contains(['[', ']', '{', '}']) && !word.contains(':');
        flat.then(|| one_line_scalar(word).map(Node::Text)).flatten()
    });
    words
        .collect::<Option<Vec<Node>>>()
        .map(|nodes| Node::List(nodes.into_iter().map(|node| Item { node, line }).collect()))
}

fn one_line_scalar(text: &str) -> Option<String> {
    if let Some(inner) = text.strip_prefix('"') {
        return unescaped(inner.strip_suffix('"')?);
    }
    if let Some(inner) = text.strip_prefix('\'') {
        let inner = inner.strip_suffix('\'')?;
        return (!inner.contains('\'')).then(|| inner.to_owned());
    }
    let start = text.bytes().next()?;
    if b"[]{}&*!|>%@`\"'#,?:-=~<".contains(&start)
        || text.contains(": ")
        || text.contains(" #")
        || text.ends_with(':')
    {
        return None;
    }
    let empty = matches!(text, "null" | "Null" | "NULL");
    Some(if empty { String::new() } else { text.to_owned() })
}

/// The text between double quotes, which holds no quote but an escaped one, and
/// of the escapes those that descriptions with example dialogues have.
fn unescaped(inner: &str) -> Option<String> {
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = memchr::memchr2(b'"', b'\\', rest.as_bytes()) {
        let (plain, escape) = rest.split_at_checked(at)?;
        text.push_str(plain);
        text.push(match escape.as_bytes().get(..2)? {
            b"\\\"" => '"',
            b"\\\\" => '\\',
            b"\\n" => '\n',
            b"\\t" => '\t',
            _ => return None,
        });
        rest = escape.get(2..)?;
    }
    text.push_str(rest);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[track_caller]
    fn agree(text: &str) -> bool {
        let Some(plain) = plain(text) else {
            return false;
        };
        let strict = strict(text).unwrap_or_else(|error| panic!("{error:#} in\n{text}"));
        assert_eq!(plain, strict, "{text}");
        true
    }

    #[test]
    fn both_readers_agree() {
        assert!(agree("name: a\ntools: [Read, \"Edit\"]\nskills:\n- x\n- y\n"));
        assert!(agree(
            "hooks:\n  Stop:\n    - command: \"a b\"\n      timeout: 5\n    - command: c\n"
        ));
        assert!(agree("# comment\na: null\nb:\nc: 'it'\nd: x#y\n"));
        assert!(agree(r#"a: "<example>\n\nUser: \"it: works\" \\n\t# no comment""#));
        for declined in [
            "a: b: c",
            "a: *x",
            "a: |\n  b",
            "a: b\n  c",
            r#"a: "\x41""#,
            r#"a: "b" "c""#,
            r#"a: "b\""#,
            "a: b # c",
            "a:\tb",
        ] {
            assert!(!agree(declined), "{declined}");
        }
    }

    #[test]
    fn both_readers_agree_on_every_real_file() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/agents");
        if !folder.is_dir() {
            println!("skipped: `{}` is not there", folder.display());
            return;
        }
        let (mut plain, mut all) = (0, 0);
        for part in ["labelled", "unlabelled"] {
            for entry in std::fs::read_dir(folder.join(part)).unwrap() {
                let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
                let text = text.replace("\r\n", "\n");
                let Some(yaml) =
                    text.strip_prefix("---\n").and_then(|text| text.split("\n---").next())
                else {
                    continue;
                };
                all += 1;
                plain += usize::from(agree(yaml));
            }
        }
        assert!(plain * 4 > all, "the plain reader took only {plain} of {all}");
        println!("{plain} of {all} frontmatters need no YAML parser");
    }
}
