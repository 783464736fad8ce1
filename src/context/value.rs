//! Foreign JSON made fit to be kept: bounded, and without secrets.

use serde_json::{Map, Value};

use crate::flags;
use crate::hook::clip;

const STRING_CHARS_MAX: usize = 2_000;
const DEPTH_MAX: usize = 12;

/// The value with at most about `bytes_max` bytes of text: long strings are
/// clipped, and what is over at the end is left out and counted.
pub(super) fn bounded(value: &Value, bytes_max: usize) -> Value {
    let mut left = bytes_max;
    cut(value, &mut left, DEPTH_MAX)
}

fn cut(value: &Value, left: &mut usize, depth: usize) -> Value {
    let mut pay = |bytes: usize| *left = left.saturating_sub(bytes);
    match value {
        Value::String(text) => {
            let text = clip(text, STRING_CHARS_MAX);
            pay(text.len() + 4);
            Value::String(text)
        }
        Value::Array(_) | Value::Object(_) if depth == 0 => {
            let text = clip(&value.to_string(), STRING_CHARS_MAX);
            pay(text.len() + 4);
            Value::String(text)
        }
        Value::Array(items) => {
            let mut kept = Vec::new();
            for item in items {
                if *left == 0 {
                    kept.push(Value::String(format!("… {} more", items.len() - kept.len())));
                    break;
                }
                kept.push(cut(item, left, depth - 1));
            }
            Value::Array(kept)
        }
        Value::Object(fields) => {
            let mut kept = Map::new();
            for (key, field) in fields {
                if *left == 0 {
                    let more = fields.len() - kept.len();
                    kept.insert("…".to_owned(), Value::String(format!("{more} more")));
                    break;
                }
                *left = left.saturating_sub(key.len() + 6);
                kept.insert(clip(key, 200), cut(field, left, depth - 1));
            }
            Value::Object(kept)
        }
        other => {
            pay(8);
            other.clone()
        }
    }
}

/// The value with every secret in it redacted.
///
/// Once string by string, where a key of several lines is whole; and once as
/// text, where a name stands beside its value (`"password": "…"`).
pub(super) fn redacted(value: &Value) -> Value {
    let by_string = each_string(value);
    let text = by_string.to_string();
    let by_text = flags::redact(&text);
    if by_text == text {
        return by_string;
    }
    // A redaction that broke the JSON took more than the value with it.
    serde_json::from_str(&by_text).unwrap_or(by_string)
}

fn each_string(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(flags::redact(text)),
        Value::Array(items) => items.iter().map(each_string).collect(),
        Value::Object(fields) => {
            let redact = |(key, field): (&String, &Value)| (flags::redact(key), each_string(field));
            Value::Object(fields.iter().map(redact).collect())
        }
        other => other.clone(),
    }
}

/// The text of a field, empty when it is none.
pub(super) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The items of a field, none when it is no array.
pub(super) fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn bounds_long_and_deep_values() {
        let long = json!({"a": "x".repeat(5_000), "b": [1, 2], "c": "y"});
        let cut = bounded(&long, 1_000);
        assert_eq!(cut["a"].as_str().unwrap().chars().count(), STRING_CHARS_MAX);
        assert_eq!(cut["…"], "2 more");
        assert_eq!(bounded(&json!({"a": [1, {"b": null}]}), 1_000), json!({"a": [1, {"b": null}]}));
        let mut deep = json!(1);
        for _ in 0..100 {
            deep = json!([deep]);
        }
        assert!(bounded(&deep, 1_000).to_string().len() < 300);
    }
}
