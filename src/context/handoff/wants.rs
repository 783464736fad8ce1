//! Which fields of a report hold what a trigger's Context Provided asks for.
//!
//! By the words they share, and by groups of words that mean the same
//! (`hooks/handoff-words.json`). What is not found is said, not made up.

use serde::Deserialize;
use serde_json::{Map, Value};

const WORDS: &str = include_str!("../../../hooks/handoff-words.json");

#[derive(Deserialize)]
struct Words {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    words: Vec<String>,
}

/// What was asked for, and where it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// For each want the fields that hold it.
    pub provided: Map<String, Value>,
    /// Wants that no field answers.
    pub missing: Vec<String>,
}

/// Looks for each want among the fields of a context (or its sections).
pub fn find(wants: &[String], context: &Value) -> Found {
    let mut found = Found::default();
    if wants.is_empty() {
        return found;
    }
    let groups = groups();
    let fields = field_names(context);
    for want in wants {
        let holding: Vec<Value> = fields
            .iter()
            .filter(|field| share_meaning(want, field, &groups))
            .map(|field| Value::from(*field))
            .collect();
        if holding.is_empty() {
            found.missing.push(want.clone());
        } else {
            found.provided.insert(want.clone(), Value::Array(holding));
        }
    }
    found
}

/// The context with the fields that were asked for in front.
pub fn wanted_first(context: &Value, found: &Found) -> Value {
    let Some(fields) = context.as_object() else { return context.clone() };
    let is_wanted = |key: &str| {
        let lists = found.provided.values().filter_map(Value::as_array);
        lists.flatten().any(|name| name.as_str() == Some(key))
    };
    let (wanted, rest): (Vec<_>, Vec<_>) = fields.iter().partition(|(key, _)| is_wanted(key));
    let ordered = wanted.into_iter().chain(rest);
    ordered.map(|(key, value)| (key.clone(), value.clone())).collect::<Map<_, _>>().into()
}

fn field_names(context: &Value) -> Vec<&str> {
    let sections = context.get("sections").and_then(Value::as_object);
    let fields = sections.or(context.as_object());
    fields.into_iter().flatten().map(|(key, _)| key.as_str()).collect()
}

fn groups() -> Vec<Vec<String>> {
    // The file is ours and tested; a broken one leaves only shared words.
    let words = serde_json::from_str::<Words>(WORDS);
    words
        .map(|words| words.groups.into_iter().map(|group| group.words).collect())
        .unwrap_or_default()
}

fn share_meaning(want: &str, field: &str, groups: &[Vec<String>]) -> bool {
    let (want, field) = (words_of(want), words_of(field));
    let has = |words: &[String], group: &[String]| words.iter().any(|word| group.contains(word));
    want.iter().any(|word| field.contains(word))
        || groups.iter().any(|group| has(&want, group) && has(&field, group))
}

/// Lower-case words without plural endings: `rateLimits`, `rate_limits` and
/// "Rate limits" are the same.
fn words_of(text: &str) -> Vec<String> {
    const EMPTY: [&str; 12] = [
        "the",
        "and",
        "for",
        "with",
        "created",
        "added",
        "detail",
        "requirement",
        "consideration",
        "flow",
        "all",
        "new",
    ];
    let mut spaced = String::new();
    let mut last_lower = false;
    for c in text.chars() {
        if c.is_uppercase() && last_lower {
            spaced.push(' ');
        }
        last_lower = c.is_lowercase();
        spaced.extend(c.to_lowercase());
    }
    let words = spaced.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1);
    words.map(singular).filter(|word| !EMPTY.contains(&word.as_str())).collect()
}

fn singular(word: &str) -> String {
    let kept = ["ss", "us", "is"].iter().any(|end| word.ends_with(end)) || word.len() < 4;
    word.strip_suffix('s').filter(|_| !kept).unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_group_keeps_its_examples() {
        let file: Value = serde_json::from_str(WORDS).unwrap();
        for group in file["groups"].as_array().unwrap() {
            let examples = group["examples"].as_array().unwrap();
            assert!(!examples.is_empty(), "{group}");
            for example in examples {
                let (want, field) = (&example["want"], &example["field"]);
                let found =
                    share_meaning(want.as_str().unwrap(), field.as_str().unwrap(), &groups());
                assert_eq!(json!(found), example["found"], "{example}");
            }
        }
    }

    #[test]
    fn says_what_is_missing_and_puts_the_rest_first() {
        let context = json!({"feature": "login", "endpoints_created": [1]});
        let wants = ["OpenAPI specifications".to_owned(), "Wire frames".to_owned()];
        let found = find(&wants, &context);
        assert_eq!(
            Value::Object(found.provided.clone()),
            json!({"OpenAPI specifications": ["endpoints_created"]})
        );
        assert_eq!(found.missing, ["Wire frames"]);
        let first = wanted_first(&context, &found);
        assert_eq!(first.to_string(), r#"{"endpoints_created":[1],"feature":"login"}"#);
    }
}
