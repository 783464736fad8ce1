//! The shape of a JSON report, inferred from the examples of a definition.
//!
//! An example gives keys and types, never values. What the message's report
//! looks like in full, and which example it answers, is [`super::contract`]'s.

use serde_json::{Map, Value};

use super::infer::{is_keyed_by_data, of_placeholder};

/// Nested deeper than this, anything goes.
const DEPTH_MAX: usize = 32;

/// What a value of the report must look like. `null` is always accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// The examples do not say, or differ.
    Any,
    Text,
    Number,
    Truth,
    List(Box<Shape>),
    /// An object with these keys; more are always fine.
    Record(Vec<Field>),
    /// An object whose keys are data: status codes, paths, column names.
    Map(Box<Shape>),
}

/// One key of a [`Shape::Record`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) key: String,
    pub(super) required: bool,
    pub(super) shape: Shape,
}

/// One place where a report differs from its shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mismatch {
    /// Keys that the object at `path` lacks.
    Missing { path: String, keys: Vec<String> },
    /// A value of another type.
    Type { path: String, expected: &'static str, found: &'static str },
}

impl Shape {
    /// The shape that one example value stands for.
    pub(super) fn of_example(example: &Value) -> Self {
        Self::infer(example, "", 0)
    }

    fn infer(example: &Value, key: &str, depth: usize) -> Self {
        if depth > DEPTH_MAX {
            return Self::Any;
        }
        match example {
            Value::Null => Self::Any,
            Value::Bool(_) => Self::Truth,
            Value::Number(_) => Self::Number,
            Value::String(text) => of_placeholder(text),
            Value::Array(items) => {
                let shapes = items.iter().map(|item| Self::infer(item, key, depth + 1));
                Self::List(Box::new(shapes.reduce(Self::merge).unwrap_or(Self::Any)))
            }
            Value::Object(object) if is_keyed_by_data(key, object) => {
                Self::Map(Box::new(of_free_values(object, depth)))
            }
            Value::Object(object) => Self::Record(
                object.iter().map(|(key, value)| Field::of_example(key, value, depth)).collect(),
            ),
        }
    }

    /// The shape of which both are examples: keys that only one has are optional.
    pub(super) fn merge(self, other: Self) -> Self {
        match (self, other) {
            (Self::List(left), Self::List(right)) => Self::List(Box::new(left.merge(*right))),
            (Self::Map(left), Self::Map(right)) => Self::Map(Box::new(left.merge(*right))),
            (Self::Record(left), Self::Record(right)) => Self::Record(merge_fields(left, right)),
            (left, right) if left == right => left,
            _ => Self::Any,
        }
    }

    /// The keys that a report of this shape must have at its top.
    pub(super) fn required_keys(&self) -> Vec<&str> {
        match self {
            Self::Record(fields) => {
                fields.iter().filter(|field| field.required).map(|field| &*field.key).collect()
            }
            Self::List(item) => item.required_keys(),
            _ => Vec::new(),
        }
    }

    /// Where `value` differs from this shape, in the order of the shape.
    pub(super) fn mismatches(&self, value: &Value) -> Vec<Mismatch> {
        let mut found = Vec::new();
        self.compare(value, "$", 0, &mut found);
        found
    }

    fn compare(&self, value: &Value, path: &str, depth: usize, found: &mut Vec<Mismatch>) {
        if depth > DEPTH_MAX || value.is_null() {
            return;
        }
        match (self, value) {
            (Self::Any, _)
            | (Self::Text, Value::String(_))
            | (Self::Number, Value::Number(_))
            | (Self::Truth, Value::Bool(_)) => {}
            (Self::List(item), Value::Array(values)) => {
                for (at, value) in values.iter().enumerate() {
                    item.compare(value, &format!("{path}[{at}]"), depth + 1, found);
                }
            }
            (Self::Map(item), Value::Object(object)) => {
                for (key, value) in object {
                    item.compare(value, &join(path, key), depth + 1, found);
                }
            }
            (Self::Record(fields), Value::Object(object)) => {
                compare_record(fields, object, path, depth, found);
            }
            _ => found.push(Mismatch::Type {
                path: path.to_owned(),
                expected: self.name(),
                found: name_of(value),
            }),
        }
    }

    /// The name of the type, for messages.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Any => "anything",
            Self::Text => "a string",
            Self::Number => "a number",
            Self::Truth => "true or false",
            Self::List(_) => "an array",
            Self::Record(_) | Self::Map(_) => "an object",
        }
    }
}

impl Field {
    /// `"key?"` and a value that says so make a key optional.
    fn of_example(key: &str, value: &Value, depth: usize) -> Self {
        let bare = key.trim_end_matches('?');
        let says_so =
            value.as_str().is_some_and(|text| text.to_ascii_lowercase().contains("optional"));
        Self {
            key: bare.to_owned(),
            required: bare.len() == key.len() && !says_so,
            shape: Shape::infer(value, bare, depth + 1),
        }
    }
}

fn compare_record(
    fields: &[Field],
    object: &Map<String, Value>,
    path: &str,
    depth: usize,
    found: &mut Vec<Mismatch>,
) {
    let missing: Vec<String> = fields
        .iter()
        .filter(|field| field.required && !object.contains_key(&field.key))
        .map(|field| field.key.clone())
        .collect();
    if !missing.is_empty() {
        found.push(Mismatch::Missing { path: path.to_owned(), keys: missing });
    }
    for field in fields {
        if let Some(value) = object.get(&field.key) {
            field.shape.compare(value, &join(path, &field.key), depth + 1, found);
        }
    }
}

fn merge_fields(left: Vec<Field>, mut right: Vec<Field>) -> Vec<Field> {
    let mut merged = Vec::with_capacity(left.len());
    for field in left {
        match right.iter().position(|other| other.key == field.key) {
            Some(at) => {
                let other = right.remove(at);
                merged.push(Field {
                    key: field.key,
                    required: field.required && other.required,
                    shape: field.shape.merge(other.shape),
                });
            }
            None => merged.push(Field { required: false, ..field }),
        }
    }
    merged.extend(right.into_iter().map(|field| Field { required: false, ..field }));
    merged
}

/// The values of free-form objects: only agreed containers are worth checking.
fn of_free_values(object: &Map<String, Value>, depth: usize) -> Shape {
    let all_lists = object.values().all(Value::is_array);
    if all_lists && !object.is_empty() {
        let shapes = object.values().map(|value| Shape::infer(value, "", depth + 1));
        return shapes.reduce(Shape::merge).unwrap_or(Shape::Any);
    }
    Shape::Any
}

fn join(path: &str, key: &str) -> String {
    let plain = key.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    if plain && !key.is_empty() {
        format!("{path}.{key}")
    } else {
        format!("{path}[{}]", Value::from(key))
    }
}

fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "reads better in a line per case")]
    fn check(example: Value, report: Value, expected: &[&str]) {
        let shown: Vec<String> = Shape::of_example(&example)
            .mismatches(&report)
            .into_iter()
            .map(|mismatch| match mismatch {
                Mismatch::Missing { path, keys } => format!("{path} lacks {}", keys.join(", ")),
                Mismatch::Type { path, expected, found } => {
                    format!("{path}: {expected}, not {found}")
                }
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn names_what_is_missing_and_where() {
        check(json!({"a": 1, "b": "x"}), json!({"a": 2, "b": "", "c": []}), &[]);
        check(json!({"a": 1, "b": "x"}), json!({}), &["$ lacks a, b"]);
        check(
            json!({"list": [{"path": "/", "auth": "none"}]}),
            json!({"list": [{"path": "/a", "auth": "x"}, {"path": "/b"}]}),
            &["$.list[1] lacks auth"],
        );
        check(json!({"a": {"b": {"c": true}}}), json!({"a": {"b": {}}}), &["$.a.b lacks c"]);
    }

    #[test]
    fn compares_types_and_never_values() {
        check(json!({"a": 1}), json!({"a": 2.5}), &[]);
        check(json!({"a": 1}), json!({"a": null}), &[]);
        check(json!({"a": []}), json!({"a": [1, "x", {}]}), &[]);
        check(json!({"a": ["x"]}), json!({"a": []}), &[]);
        check(json!({"a": ["x"]}), json!({"a": "x"}), &["$.a: an array, not a string"]);
        check(json!({"a": true}), json!({"a": "yes"}), &["$.a: true or false, not a string"]);
        check(json!({"a": {"b": 1}}), json!({"a": [1]}), &["$.a: an object, not an array"]);
        check(json!([{"a": 1}]), json!([{"a": 1}, {}]), &["$[1] lacks a"]);
    }

    #[test]
    fn keys_that_are_data_are_not_asked_for() {
        check(
            json!({"response": {"200": {"token": "string"}, "401": {}}}),
            json!({"response": {"201": {}}}),
            &[],
        );
        check(json!({"codes": {"200": 1}}), json!({"codes": {"404": 2}}), &[]);
        check(
            json!({"columns": {"id": "uuid", "at": "timestamp"}}),
            json!({"columns": {"x": 1}}),
            &[],
        );
        check(json!({"config": {"default": "1"}}), json!({"config": {"limit": 3}}), &[]);
        check(json!({"files": {"src/a.ts": "why"}}), json!({"files": {}}), &[]);
        check(
            json!({"config": {"x": 1}}),
            json!({"config": "none"}),
            &["$.config: an object, not a string"],
        );
    }

    #[test]
    fn optional_parts_and_placeholders() {
        check(json!({"a": 1, "b?": "x"}), json!({"a": 1}), &[]);
        check(json!({"a": 1, "b": "optional notes"}), json!({"a": 1}), &[]);
        check(json!({"n": "number", "v": "pass | fail"}), json!({"n": 3, "v": true}), &[]);
        check(json!([{"a": 1, "b": 1}, {"a": 1}]), json!([{"a": 1}]), &[]);
    }

    #[test]
    fn examples_that_differ_leave_the_difference_open() {
        let merged = Shape::of_example(&json!({"status": "ok", "data": {"x": 1}}))
            .merge(Shape::of_example(&json!({"status": "bad", "error": "why"})));
        assert_eq!(merged.mismatches(&json!({"status": "x"})), []);
        assert_eq!(merged.required_keys(), ["status"]);
    }
}
