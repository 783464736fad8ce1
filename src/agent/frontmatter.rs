//! The frontmatter: found, and read in three stages.
//!
//! Strict YAML first; then with values re-quoted, as the client itself retries;
//! then known keys line by line. 4.5 % of real files need the later stages, and
//! none of them may lose its policy. What the keys mean is [`super::tools`]' and
//! the others' affair.

use super::yaml::{self, Entry, Item, Node};

/// A file cut into frontmatter and body.
#[derive(Debug)]
pub(super) struct Front<'a> {
    /// What the frontmatter says; an empty map when there is none.
    pub(super) keys: Node,
    pub(super) stage: Stage,
    pub(super) body: &'a str,
    /// 1-based line of the body's first line.
    pub(super) body_line: usize,
}

/// How the frontmatter could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// There is none.
    Absent,
    Strict,
    /// Not YAML as it stands; the parser's words.
    Requoted(String),
    /// Not even then: known keys, line by line.
    ByLine(String),
}

/// What ends a description that spilled over unindented lines. Any other
/// `word:` at the start of a line may be part of an example dialogue.
const KNOWN_KEYS: &[&str] = &[
    "name",
    "description",
    "model",
    "tools",
    "disallowedTools",
    "allowed-tools",
    "color",
    "permissionMode",
    "skills",
    "hooks",
    "mcpServers",
    "memory",
    "maxTurns",
    "effort",
    "background",
    "isolation",
    "context_aware",
    "reads_from",
    "writes_to",
    "provides_context",
    "owner_paths",
    "owned_paths",
    "allowed_paths",
    "blocked_write_paths",
    "forbidden_paths",
    "handoff_targets",
];

/// Cuts the text and reads the frontmatter; line breaks are `\n` already.
pub(super) fn read(text: &str) -> Front<'_> {
    let Some(cut) = cut(text) else {
        let keys = Node::Map(Vec::new());
        return Front { keys, stage: Stage::Absent, body: text, body_line: 1 };
    };
    let (mut keys, stage) = staged(cut.yaml);
    shift(&mut keys, 1);
    Front { keys, stage, body: cut.body, body_line: cut.body_line }
}

struct Cut<'a> {
    yaml: &'a str,
    body: &'a str,
    body_line: usize,
}

/// The text between `---` lines. A fence that is never closed ends where the
/// keys do.
fn cut(text: &str) -> Option<Cut<'_>> {
    let start = text.strip_prefix("---")?;
    let (blank, start) = start.split_once('\n')?;
    if !blank.trim().is_empty() {
        return None;
    }
    let mut end = 0;
    for (index, line) in start.split_inclusive('\n').enumerate() {
        let at = end;
        end += line.len();
        let closed = matches!(line.trim_end(), "---" | "...");
        // `# Title` may be a YAML comment; `## Title` and prose end an open frontmatter.
        let ran_out = line.starts_with("## ") || line.starts_with("```");
        if closed || ran_out {
            let body = if closed { end } else { at };
            return Some(Cut {
                yaml: start.get(..at)?,
                body: start.get(body..)?,
                body_line: index + if closed { 3 } else { 2 },
            });
        }
    }
    Some(Cut { yaml: start, body: "", body_line: 1 })
}

fn staged(text: &str) -> (Node, Stage) {
    if let Some(node) = yaml::plain(text) {
        return (node, Stage::Strict);
    }
    if text.trim().is_empty() {
        return (Node::Map(Vec::new()), Stage::Strict);
    }
    let error = match yaml::strict(text) {
        Ok(node) => return (node, Stage::Strict),
        Err(error) => format!("{error:#}"),
    };
    let quoted = requote(text);
    let retried = yaml::plain(&quoted).or_else(|| yaml::strict(&quoted).ok());
    match retried {
        // Example dialogue read as keys is no reading at all.
        Some(node) if only_known_keys(&node, text) => (node, Stage::Requoted(error)),
        _ => (by_line(text), Stage::ByLine(error)),
    }
}

/// The text with every one-line value quoted that YAML could stumble over.
fn requote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    for line in text.split('\n') {
        match unindented_key(line) {
            Some((key, value)) if stumbles(value) => {
                out.push_str(key);
                out.push_str(": \"");
                for character in value.chars() {
                    if matches!(character, '"' | '\\') {
                        out.push('\\');
                    }
                    out.push(character);
                }
                out.push('"');
            }
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

fn stumbles(value: &str) -> bool {
    let quoted =
        |quote: char| value.len() >= 2 && value.starts_with(quote) && value.ends_with(quote);
    let flow = (value.starts_with('[') && value.ends_with(']'))
        || (value.starts_with('{') && value.ends_with('}'));
    let block = matches!(value, ">" | ">-" | ">+" | "|" | "|-" | "|+");
    !value.is_empty()
        && !quoted('"')
        && !quoted('\'')
        && !flow
        && !block
        && (value.contains(": ")
            || value.contains(['{', '}', '[', ']', '*', '&', '#', '!', '|', '>', '%', '@', '`'])
            || value.starts_with(['"', '\''])
            || value.ends_with(':'))
}

fn unindented_key(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let word = !key.is_empty()
        && key.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-'));
    (word && (value.is_empty() || value.starts_with(' '))).then(|| (key, value.trim()))
}

/// Whether no unknown key came after the description, unless the description
/// itself stayed on one line.
fn only_known_keys(node: &Node, text: &str) -> bool {
    let spilled = text
        .split('\n')
        .any(|line| line.starts_with('<') || (line.starts_with("- ") && line.contains(": ")));
    match node {
        Node::Map(entries) if spilled => {
            entries.iter().all(|entry| KNOWN_KEYS.contains(&entry.key.as_str()))
        }
        _ => true,
    }
}

/// Known keys at the start of a line; whatever stands between belongs to the
/// key before.
fn by_line(text: &str) -> Node {
    let mut entries: Vec<Entry> = Vec::new();
    let mut value: Vec<&str> = Vec::new();
    let close = |entries: &mut Vec<Entry>, value: &mut Vec<&str>| {
        if let Some(last) = entries.last_mut() {
            last.node = loose(value, last.line);
        }
        value.clear();
    };
    for (index, line) in text.split('\n').enumerate() {
        match unindented_key(line) {
            Some((key, rest)) if KNOWN_KEYS.contains(&key) => {
                close(&mut entries, &mut value);
                let node = Node::Text(String::new());
                entries.push(Entry { key: key.to_owned(), node, line: index + 1 });
                value.push(rest);
            }
            _ => value.push(line),
        }
    }
    close(&mut entries, &mut value);
    // The last of several wins: a spilled example can hold `name:` too, but the
    // first name is the file's own.
    let mut seen: Vec<String> = Vec::new();
    entries.retain(|entry| {
        let fresh = !seen.contains(&entry.key);
        seen.push(entry.key.clone());
        fresh
    });
    Node::Map(entries)
}

/// A value that is no YAML: a list when every line is an item, else its text.
fn loose(lines: &[&str], key_line: usize) -> Node {
    let filled = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let items: Vec<Item> = lines
        .iter()
        .enumerate()
        .filter_map(|(offset, line)| {
            let text = line.trim().strip_prefix("- ")?;
            let node = Node::Text(unquoted(text).to_owned());
            Some(Item { node, line: key_line + offset })
        })
        .collect();
    if !items.is_empty() && items.len() == lines.iter().copied().filter(|line| filled(line)).count()
    {
        return Node::List(items);
    }
    let text = lines.first().copied().unwrap_or_default();
    match yaml::strict(&format!("x: {text}")) {
        Ok(node) => node.get("x").map_or(Node::Text(String::new()), |entry| entry.node.clone()),
        Err(_) => Node::Text(unquoted(text.trim()).to_owned()),
    }
}

fn unquoted(text: &str) -> &str {
    let stripped = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    stripped('"').or_else(|| stripped('\'')).unwrap_or(text)
}

/// Makes lines of the YAML text lines of the file.
fn shift(node: &mut Node, by: usize) {
    match node {
        Node::Text(_) => {}
        Node::List(items) => {
            for item in items {
                item.line += by;
                shift(&mut item.node, by);
            }
        }
        Node::Map(entries) => {
            for entry in entries {
                entry.line += by;
                shift(&mut entry.node, by);
            }
        }
    }
}

impl Front<'_> {
    /// The text of a key, if it has any.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        match &self.keys.get(key)?.node {
            Node::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// The words of a key that is a list, or a comma-separated text; each with
    /// its line. `None` when the key is absent.
    pub(super) fn words(&self, key: &str) -> Option<Vec<(String, usize)>> {
        let entry = self.keys.get(key)?;
        Some(match &entry.node {
            Node::Text(text) => split_words(text)
                .into_iter()
                .map(|word| (unquoted(word).to_owned(), entry.line))
                .collect(),
            Node::List(items) => items
                .iter()
                .filter_map(|item| match &item.node {
                    Node::Text(text) => Some((text.clone(), item.line)),
                    _ => None,
                })
                .collect(),
            // `read: true`, as other clients write it.
            Node::Map(entries) => entries
                .iter()
                .filter(|entry| !matches!(&entry.node, Node::Text(text) if matches!(text.as_str(), "false" | "deny" | "no")))
                .map(|entry| (entry.key.clone(), entry.line))
                .collect(),
        })
    }
}

/// Splits at commas outside parentheses.
fn split_words(text: &str) -> Vec<&str> {
    let text = text.trim();
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let mut depth = 0_usize;
    inner
        .split(|character: char| {
            match character {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            character == ',' && depth == 0
        })
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .collect()
}
