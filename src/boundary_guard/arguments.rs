//! Tools that nobody described: what they write, told by path-like arguments.
//!
//! For MCP tools and tools of other clients. A name that only reads
//! (`get_file`, `search`) is let through; of any other, every argument that
//! looks like a path counts as written, and a command counts as run.

use std::path::PathBuf;

use serde_json::Value;

use super::tools::{self, Effect, Language, Planned};
use crate::hook::ToolCall;
use crate::shell::WriteKind;

const WORDS: &str = include_str!("../../hooks/tool-words.txt");

/// How deep arguments are looked into, and how many paths one call may name.
const DEPTH_MAX: usize = 8;
const PATHS_MAX: usize = 1_024;

/// What a call of an undescribed tool would do.
pub(super) fn effect(call: &ToolCall) -> Effect {
    let tool = call.name.rsplit("__").next().unwrap_or(&call.name);
    let words = words(tool);
    if only_reads(&words) {
        return Effect::Reads;
    }
    if let Some(command) = command(&call.input) {
        return Effect::Runs(Language::Posix, command);
    }
    let mut found =
        Found { moves: words.iter().any(|word| is_in("moves", word)), paths: Vec::new() };
    if found.look(&call.input, 0).is_none() {
        return Effect::Malformed(format!(
            "the arguments of `{}` nest deeper than {DEPTH_MAX} or name more than {PATHS_MAX} paths",
            call.name
        ));
    }
    if found.paths.is_empty() {
        return Effect::Reads;
    }
    if let [only] = &mut *found.paths {
        only.added = tools::additions(&call.input).next();
    }
    Effect::Writes(found.paths)
}

/// Whether the list of `hooks/tool-words.txt` holds the word.
fn is_in(list: &str, word: &str) -> bool {
    let mut paragraphs = WORDS.split("\n\n").filter_map(|paragraph| paragraph.split_once(":\n"));
    let named = paragraphs.find(|(head, _)| head.lines().next_back() == Some(list));
    named.is_some_and(|(_, words)| words.split_whitespace().any(|known| known == word))
}

fn only_reads(words: &[String]) -> bool {
    // The first word may be the vendor: `jira_get_issue`.
    let reads = words.iter().take(2).any(|word| is_in("reads", word));
    reads && !words.iter().any(|word| is_in("writes", word))
}

/// The words of a tool's name: `create_or_updateFile` has four.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for character in name.chars() {
        let starts = character.is_uppercase() && after_lower;
        after_lower = character.is_lowercase();
        if starts || !character.is_alphanumeric() {
            words.push(String::new());
        }
        if let (true, Some(word)) = (character.is_alphanumeric(), words.last_mut()) {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn command(input: &Value) -> Option<String> {
    let fields = input.as_object()?;
    let (key, _) = fields.iter().find(|(key, _)| is_in("command-keys", &plain(key)))?;
    let mut command = tools::command(input, &[key])?;
    if let Some(Value::Array(args)) = input.get("args").or_else(|| input.get("arguments")) {
        let args: Vec<&str> = args.iter().filter_map(Value::as_str).collect();
        command.push(' ');
        command.push_str(&tools::quoted(&args));
    }
    Some(command)
}

/// A key without case and separators.
fn plain(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

struct Found {
    moves: bool,
    paths: Vec<Planned>,
}

impl Found {
    /// Collects paths from the fields of objects; `None` past a limit.
    fn look(&mut self, value: &Value, depth: usize) -> Option<()> {
        if depth > DEPTH_MAX {
            return None;
        }
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    self.field(&plain(key), value, depth)?;
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.look(item, depth + 1)?;
                }
            }
            _ => {}
        }
        Some(())
    }

    fn field(&mut self, key: &str, value: &Value, depth: usize) -> Option<()> {
        let (certain, kind) = if is_in("path-keys", key) {
            (true, WriteKind::Write)
        } else if is_in("maybe-path-keys", key) {
            (false, WriteKind::Write)
        } else if self.moves && is_in("source-keys", key) {
            (true, WriteKind::Delete)
        } else {
            return self.look(value, depth + 1);
        };
        match value {
            Value::String(text) => self.path(text, certain, kind),
            Value::Array(items) => {
                for item in items {
                    match item {
                        Value::String(text) => self.path(text, certain, kind)?,
                        other => self.look(other, depth + 1)?,
                    }
                }
                Some(())
            }
            other => self.look(other, depth + 1),
        }
    }

    fn path(&mut self, text: &str, certain: bool, kind: WriteKind) -> Option<()> {
        for path in readings(text, certain) {
            if self.paths.len() >= PATHS_MAX {
                return None;
            }
            self.paths.push(Planned { path, kind, added: None });
        }
        Some(())
    }
}

/// What a text may mean as a path; empty when it is none.
fn readings(text: &str, certain: bool) -> Vec<PathBuf> {
    if let Some(rest) = text.strip_prefix("file://") {
        let path = rest.strip_prefix("localhost").unwrap_or(rest);
        return vec![PathBuf::from(path), PathBuf::from(percent_decoded(path))];
    }
    let has_scheme = text.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    let blank = text.trim().is_empty();
    if has_scheme || blank || (!certain && !looks_like_path(text)) {
        return Vec::new();
    }
    vec![PathBuf::from(text)]
}

fn looks_like_path(text: &str) -> bool {
    let one_word = !text.chars().any(char::is_whitespace);
    let name = text.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    let has_extension = extension.is_some_and(|extension| {
        (1..=8).contains(&extension.len())
            && extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && extension.bytes().any(|byte| byte.is_ascii_alphabetic())
    });
    text.starts_with(['/', '~']) || (one_word && (text.contains('/') || has_extension))
}

fn percent_decoded(text: &str) -> std::ffi::OsString {
    use std::os::unix::ffi::OsStringExt;
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let value = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let escaped = value.filter(|_| *byte == b'%');
        out.push(escaped.unwrap_or(*byte));
        rest = if escaped.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    std::ffi::OsString::from_vec(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_there() {
        for (list, word) in [
            ("reads", "read"),
            ("reads", "outline"),
            ("writes", "terminal"),
            ("moves", "mv"),
            ("path-keys", "filepath"),
            ("maybe-path-keys", "uri"),
            ("source-keys", "from"),
            ("command-keys", "cmd"),
        ] {
            assert!(is_in(list, word), "{list} must hold {word}");
        }
        assert!(!is_in("reads", "write") && !is_in("nothing", "read"));
    }

    #[test]
    fn a_name_falls_into_its_words() {
        assert_eq!(words("create_or_updateFile-now"), ["create", "or", "update", "file", "now"]);
        assert_eq!(words("__"), [""; 0]);
    }
}
