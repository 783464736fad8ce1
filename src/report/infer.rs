//! What an example's keys and strings stand for: names or data, values or types.

use serde_json::{Map, Value};

use super::shape::Shape;

/// A string of an example: a value to imitate, or the name of a type.
pub(super) fn of_placeholder(text: &str) -> Shape {
    let word = text.trim().trim_matches(['<', '>', '[', ']', '{', '}', '(', ')']).trim();
    let alternatives = word.contains('|');
    if alternatives || is_ellipsis(word) {
        return Shape::Any;
    }
    match word.to_ascii_lowercase().as_str() {
        "number" | "integer" | "int" | "float" | "boolean" | "bool" | "object" | "array"
        | "list" | "any" | "null" | "true/false" | "map" | "dict" => Shape::Any,
        _ => Shape::Text,
    }
}

pub(super) fn is_ellipsis(word: &str) -> bool {
    matches!(word, "..." | "…" | "....")
}

/// Whether the keys of an object are data rather than names of the contract.
pub(super) fn is_keyed_by_data(key: &str, object: &Map<String, Value>) -> bool {
    const FREE_FORM: &[&str] = &[
        "config",
        "configuration",
        "settings",
        "options",
        "metadata",
        "meta",
        "params",
        "parameters",
        "headers",
        "env",
        "environment",
        "labels",
        "properties",
        "body",
        "requestbody",
        "responsebody",
        "response",
        "responses",
        "request",
        "payload",
        "example",
        "schema",
    ];
    if object.is_empty() {
        return true;
    }
    let plain: String =
        key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    FREE_FORM.contains(&plain.as_str())
        || object.keys().all(|key| is_datum(key))
        || object.values().all(|value| value.as_str().is_some_and(is_type_name))
}

/// `200`, `4xx`, `2024-01-01`, `/api/users`, `<id>`, `src/app.ts`, `GET /x`.
fn is_datum(key: &str) -> bool {
    let placeholder = key.starts_with(['<', '{', '[', '$']) || is_ellipsis(key);
    placeholder
        || key.starts_with(|first: char| first.is_ascii_digit())
        || key.contains(['/', ' ', '@', ':'])
        || key.rsplit_once('.').is_some_and(|(_, end)| (1..=4).contains(&end.len()))
}

/// `string`, `UUID`, `VARCHAR(255)`: the value describes a schema, so its key is data.
fn is_type_name(text: &str) -> bool {
    let word = text.split(['(', '|', '?', '[']).next().unwrap_or_default().trim();
    matches!(
        word.to_ascii_lowercase().as_str(),
        "string"
            | "str"
            | "text"
            | "varchar"
            | "uuid"
            | "number"
            | "integer"
            | "int"
            | "bigint"
            | "float"
            | "double"
            | "decimal"
            | "boolean"
            | "bool"
            | "object"
            | "array"
            | "list"
            | "date"
            | "datetime"
            | "timestamp"
            | "json"
            | "jsonb"
            | "any"
            | "null"
            | "enum"
    )
}
