//! JSON as people write it in examples: comments, ellipses, placeholders.
//!
//! Only examples are read this way. A report is data for the next agent and
//! must be plain JSON; [`super::blocks`] reads it.

use serde_json::{Map, Value};

use super::infer::is_ellipsis;

/// Nested deeper than this, an example is not read.
const DEPTH_MAX: usize = 64;

/// The example as a value; what it leaves open (`...`, `<id>`, `a | b`) is null.
/// `None` when there is no object or array to be found in it.
pub(super) fn read(text: &str) -> Option<Value> {
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        return (value.is_object() || value.is_array()).then_some(value);
    }
    let mut reader = Reader { rest: text, optional: false };
    reader.skip_blank();
    let value = reader.value(0)?;
    (value.is_object() || value.is_array()).then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
    /// The comment that was skipped last says that its key is optional.
    optional: bool,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > DEPTH_MAX {
            return None;
        }
        let value = match self.rest.chars().next()? {
            '{' => self.object(depth)?,
            '[' => self.array(depth)?,
            '"' | '\'' => Value::from(self.string()?),
            _ => self.word(),
        };
        self.skip_blank();
        if !self.take('|') {
            return Some(value);
        }
        // Alternatives: their common type, else anything.
        self.skip_blank();
        let other = self.value(depth + 1)?;
        let same = value.is_string() && other.is_string();
        Some(if same { Value::from("") } else { Value::Null })
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.take('{');
        let mut object = Map::new();
        let mut last: Option<String> = None;
        loop {
            self.optional = false;
            self.skip_blank();
            if self.optional {
                mark_optional(&mut object, last.take());
            }
            if self.take('}') {
                return Some(Value::Object(object));
            }
            if self.take(',') || self.take(';') {
                continue;
            }
            let key = match self.rest.chars().next()? {
                '"' | '\'' => self.string()?,
                _ => self.bare(&[':', ',', '}', '\n']).to_owned(),
            };
            self.skip_blank();
            if self.take(':') {
                self.skip_blank();
                let value = self.value(depth + 1)?;
                object.insert(key.clone(), value);
                last = Some(key);
            } else if key.is_empty() {
                return None;
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        self.take('[');
        let mut items = Vec::new();
        loop {
            self.skip_blank();
            if self.take(']') {
                return Some(Value::Array(items));
            }
            if self.take(',') {
                continue;
            }
            let before = self.rest.len();
            let ellipsis = self.rest.starts_with("...") || self.rest.starts_with('…');
            let value = self.value(depth + 1)?;
            if !ellipsis {
                items.push(value);
            }
            if self.rest.len() == before {
                return None;
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        let quote = self.rest.chars().next()?;
        let body = self.rest.get(1..)?;
        let mut text = String::new();
        let mut escaped = false;
        for (at, letter) in body.char_indices() {
            if escaped {
                text.push(letter);
                escaped = false;
            } else if letter == '\\' {
                escaped = true;
            } else if letter == quote {
                self.rest = body.get(at + 1..)?;
                return Some(text);
            } else {
                text.push(letter);
            }
        }
        None
    }

    /// An unquoted value: a literal, a number, or a placeholder.
    fn word(&mut self) -> Value {
        let word = self.bare(&[',', '}', ']', '\n', '|']);
        let plain = word.split("//").next().unwrap_or_default().trim();
        match plain {
            "true" | "false" => Value::from(plain == "true"),
            "string" | "str" => Value::from(""),
            _ if is_ellipsis(plain) => Value::Null,
            _ => serde_json::from_str(plain).unwrap_or(Value::Null),
        }
    }

    fn bare(&mut self, ends: &[char]) -> &'a str {
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        word.trim()
    }

    fn take(&mut self, wanted: char) -> bool {
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn skip_blank(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            let (comment, rest) = if self.rest.starts_with("//") || self.rest.starts_with('#') {
                self.rest.split_once('\n').unwrap_or((self.rest, ""))
            } else if self.rest.starts_with("/*") {
                self.rest.split_once("*/").unwrap_or((self.rest, ""))
            } else {
                return;
            };
            self.optional |= comment.to_ascii_lowercase().contains("optional");
            self.rest = rest;
        }
    }
}

/// [`super::shape`] takes `"key?"` for an optional key.
fn mark_optional(object: &mut Map<String, Value>, key: Option<String>) {
    if let Some(key) = key
        && let Some(value) = object.shift_remove(&key)
    {
        object.insert(format!("{key}?"), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "reads better in a line per case")]
    fn check(text: &str, expected: Option<Value>) {
        assert_eq!(read(text), expected);
    }

    #[test]
    fn reads_what_people_write() {
        check(r#"{"a": 1}"#, Some(json!({"a": 1})));
        check(
            "{\"a\": 1, // why\n \"b\": [\"x\", ...],\n ...\n}",
            Some(json!({"a": 1, "b": ["x"]})),
        );
        check("{ a: string, b: 'x', }", Some(json!({"a": "", "b": "x"})));
        check(
            r#"{"s": "pass" | "fail", "n": <number>, "t": 1 | "x"}"#,
            Some(json!({"s": "", "n": null, "t": null})),
        );
        check("{\"a\": 1, // optional\n \"b\": 2}", Some(json!({"b": 2, "a?": 1})));
        check(
            "{\"a\": {...}, \"l\": [...], \"m\": [ … ]}",
            Some(json!({"a": {}, "l": [], "m": []})),
        );
        check("[{\"a\": 1}, /* more */ ]", Some(json!([{"a": 1}])));
    }

    #[test]
    fn gives_up_without_an_object() {
        check("", None);
        check("just words", None);
        check("{\"a\": ", None);
        check(&"[".repeat(5000), None);
        check("\"text\"", None);
    }
}
