//! The JSON that a message holds, fenced or bare.
//!
//! Which of it is the report is [`super::contract`]'s to say.

use serde_json::Value;

/// More blocks than this are not looked at.
const BLOCKS_MAX: usize = 64;

/// One piece of a message that is, or was meant to be, JSON.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Block {
    Json(Value),
    /// It starts like JSON and is none; why, with the line within the block.
    Broken(String),
}

/// A message, taken apart once: its JSON, and its prose without code and quotes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Parts {
    pub(super) blocks: Vec<Block>,
    /// Lines outside of fences, block quotes and bare JSON.
    pub(super) prose: String,
}

/// Takes a message apart.
pub(super) fn of_message(message: &str) -> Parts {
    let mut parts = Parts::default();
    let whole = message.trim();
    if whole.starts_with(['{', '['])
        && let Ok(value) = serde_json::from_str::<Value>(whole)
        && is_container(&value)
    {
        parts.blocks.push(Block::Json(value));
        return parts;
    }
    let mut rest = message;
    let mut outside = String::new();
    while let Some((line, after)) = next_line(rest) {
        if let Some(fence) = Fence::opened_by(line) {
            parts.add_bare(&std::mem::take(&mut outside));
            let (body, after) = fence.body(after);
            parts.add_fenced(&fence, body);
            rest = after;
        } else {
            outside.push_str(line);
            outside.push('\n');
            rest = after;
        }
    }
    parts.add_bare(&outside);
    parts
}

impl Parts {
    fn add_fenced(&mut self, fence: &Fence<'_>, body: &str) {
        let text = body.trim();
        let says_json = matches!(fence.language, "json" | "jsonc" | "json5");
        if self.blocks.len() >= BLOCKS_MAX || !(text.starts_with(['{', '[']) || says_json) {
            return;
        }
        match serde_json::from_str::<Value>(text) {
            Ok(value) if is_container(&value) => self.blocks.push(Block::Json(value)),
            Err(error) if says_json || fence.language.is_empty() => {
                self.blocks.push(Block::Broken(error.to_string()));
            }
            _ => {}
        }
    }

    /// Text outside of fences: JSON that starts a line, and the prose around it.
    fn add_bare(&mut self, text: &str) {
        let mut rest = text;
        let mut broken = None;
        while let Some((line, after)) = next_line(rest) {
            let start = line.trim_start();
            if !start.starts_with(['{', '[']) || self.blocks.len() >= BLOCKS_MAX {
                self.add_prose(line);
                rest = after;
                continue;
            }
            let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
            match values.next() {
                Some(Ok(value)) if is_container(&value) && has_structure(&value) => {
                    self.blocks.push(Block::Json(value));
                    rest = rest.get(values.byte_offset()..).unwrap_or_default();
                }
                Some(Err(error)) if looks_like_object(start, after) => {
                    broken.get_or_insert(Block::Broken(error.to_string()));
                    self.add_prose(line);
                    rest = after;
                }
                _ => {
                    self.add_prose(line);
                    rest = after;
                }
            }
        }
        // A broken object is told of only when nothing better is there.
        if let Some(broken) = broken
            && self.blocks.is_empty()
        {
            self.blocks.push(broken);
        }
    }

    fn add_prose(&mut self, line: &str) {
        if !line.trim_start().starts_with('>') {
            self.prose.push_str(line);
            self.prose.push('\n');
        }
    }
}

/// The opening line of a fenced block.
struct Fence<'a> {
    marker: char,
    length: usize,
    language: &'a str,
}

impl<'a> Fence<'a> {
    fn opened_by(line: &'a str) -> Option<Self> {
        let text = line.trim_start();
        let marker = text.chars().next().filter(|first| matches!(first, '`' | '~'))?;
        let info = text.trim_start_matches(marker);
        let length = text.len() - info.len();
        let language = info.split_whitespace().next().unwrap_or_default();
        (length >= 3 && !info.contains('`')).then_some(Self { marker, length, language })
    }

    /// The lines up to the closing fence (or the end), and what follows it.
    fn body<'b>(&self, text: &'b str) -> (&'b str, &'b str) {
        let mut rest = text;
        while let Some((line, after)) = next_line(rest) {
            let closing = line.trim();
            let bare = closing.trim_start_matches(self.marker);
            if bare.is_empty() && closing.len() >= self.length {
                let end = text.len() - rest.len();
                return (text.get(..end).unwrap_or_default(), after);
            }
            rest = after;
        }
        (text, "")
    }
}

fn next_line(text: &str) -> Option<(&str, &str)> {
    match text.split_once('\n') {
        Some((line, rest)) => Some((line.strip_suffix('\r').unwrap_or(line), rest)),
        None if text.is_empty() => None,
        None => Some((text, "")),
    }
}

fn is_container(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

/// `[x]` of a check list and `[1]` of a footnote are no reports.
fn has_structure(value: &Value) -> bool {
    match value {
        Value::Object(object) => !object.is_empty(),
        Value::Array(items) => items.iter().any(Value::is_object),
        _ => false,
    }
}

/// `{"key": …`, on one line or with its first key on the next.
fn looks_like_object(start: &str, after: &str) -> bool {
    let inside = start.trim_start_matches(['{', '[', ' ', '\t']);
    let first = if inside.is_empty() { after.trim_start() } else { inside };
    start.contains('{') && first.starts_with('"')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(message: &str, blocks: &[Block], prose: &str) {
        let parts = of_message(message);
        assert_eq!((parts.blocks.as_slice(), parts.prose.trim()), (blocks, prose));
    }

    fn json(value: Value) -> Block {
        Block::Json(value)
    }

    #[test]
    fn finds_fenced_and_bare_json() {
        check("Done.\n```json\n{\"a\": 1}\n```\nBye", &[json(json!({"a": 1}))], "Done.\nBye");
        check("```\n{\"a\": 1}\n```", &[json(json!({"a": 1}))], "");
        check("{\"a\": 1}", &[json(json!({"a": 1}))], "");
        check("Report:\n{\"a\": 1}\nBye", &[json(json!({"a": 1}))], "Report:\n\nBye");
        check("~~~json\r\n{\"a\": 1}\r\n~~~\r\n", &[json(json!({"a": 1}))], "");
        check("````\n```\n{\"a\": 1}\n```\n````", &[], "");
        check("```json\n{\"a\": 1}", &[json(json!({"a": 1}))], "");
    }

    #[test]
    fn tells_broken_json_from_other_code() {
        check(
            "```json\n{\"a\": [\n```",
            &[Block::Broken("EOF while parsing a list at line 1 column 7".into())],
            "",
        );
        check("```rust\n{ let a = 1; }\n```", &[], "");
        check("- [x] done\n[1] note\n{curly}", &[], "- [x] done\n[1] note\n{curly}");
        check("```bash\ncurl x\n```\n> quoted\ntext", &[], "text");
        check("", &[], "");
    }
}
