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

/// The value with every secret in it redacted: those that tell themselves, and
/// those that the name of their field tells (`"password": "…"`).
pub(super) fn redacted(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(flags::redact(text)),
        Value::Array(items) => items.iter().map(redacted).collect(),
        Value::Object(fields) => {
            let redact = |(key, field): (&String, &Value)| (flags::redact(key), named(key, field));
            Value::Object(fields.iter().map(redact).collect())
        }
        other => other.clone(),
    }
}

fn named(key: &str, field: &Value) -> Value {
    let redacted = redacted(field);
    let (Value::String(before), Value::String(after)) = (field, &redacted) else {
        return redacted;
    };
    if before != after {
        // Once is enough: a redaction is not to be redacted again.
        return redacted;
    }
    let (head, tail) = (format!("\"{key}\": \""), "\"");
    let text = format!("{head}{before}{tail}");
    let read = flags::redact(&text);
    if read == text {
        return redacted;
    }
    let value = read.strip_prefix(&head).and_then(|rest| rest.strip_suffix(tail));
    Value::from(value.unwrap_or("[redacted]"))
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
    fn redacts_once_what_tells_itself_and_what_its_field_tells() {
        let check = |value: Value, expected: Value| assert_eq!(redacted(&value), expected);
        check(json!({"feature": "login", "count": 1}), json!({"feature": "login", "count": 1}));
        check(
            json!({"url": ["postgres://admin:S3cr3tPw9xK@db.internal/prod"]}),
            json!({"url": ["postgres://admin:[redacted: password in a URL, `S3c…`, 11 characters]@db.internal/prod"]}),
        );
        let by_name = redacted(&json!({"password": "hX9#kLm2pQ"}));
        let text = by_name["password"].as_str().unwrap();
        assert_eq!(text.matches("[redacted").count(), 1, "{text}");
        assert!(!text.contains("kLm2"), "{text}");
    }

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
