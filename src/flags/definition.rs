//! A definition's own red flags, matched to rules by meaning.
//!
//! The phrases are data. What matches none is listed as not checked: a promise
//! that no machine keeps must not look like one that it does.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::agent::Item;

/// What of a definition's red flags the rules hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Each red flag with the ids of the rules that look for it.
    pub checked: Vec<(Item, Vec<&'static str>)>,
    /// Those that no rule looks for.
    pub not_checked: Vec<Item>,
}

#[derive(Debug, Deserialize)]
struct Phrases {
    meanings: Vec<Meaning>,
}

#[derive(Debug, Deserialize)]
struct Meaning {
    /// Words that must all occur; `a|b` is either.
    phrases: Vec<String>,
    rules: Vec<String>,
}

/// Matches the red flags of a definition to rules.
pub fn of_definition(items: &[Item]) -> Checked {
    let mut checked = Checked::default();
    for item in items {
        let rules = rules_for(&item.text);
        if rules.is_empty() {
            checked.not_checked.push(item.clone());
        } else {
            checked.checked.push((item.clone(), rules));
        }
    }
    checked
}

/// Whether a rule looks for what a line of a definition asks for.
pub fn is_checked(text: &str) -> bool {
    !rules_for(text).is_empty()
}

/// The ids of the rules that look for what a line of a definition asks for.
pub fn rules_for(text: &str) -> Vec<&'static str> {
    let lower = text.to_lowercase().replace(['*', '_', '`', '-'], " ");
    let says = |phrase: &str| {
        phrase.split(' ').all(|word| word.split('|').any(|either| contains_word(&lower, either)))
    };
    let mut rules: Vec<&'static str> = Vec::new();
    for meaning in &phrases().meanings {
        if meaning.phrases.iter().any(|phrase| says(phrase)) {
            let new = meaning.rules.iter().map(String::as_str).filter(|rule| !rules.contains(rule));
            let new: Vec<&'static str> = new.collect();
            rules.extend(new);
        }
    }
    rules
}

/// Whether a word begins with this; `+` stands for a space within.
fn contains_word(text: &str, word: &str) -> bool {
    let word = word.replace('+', " ");
    text.match_indices(&word).any(|(at, _)| {
        text.get(..at)
            .and_then(|before| before.chars().next_back())
            .is_none_or(|before| !before.is_alphanumeric())
    })
}

fn phrases() -> &'static Phrases {
    static PARSED: OnceLock<Phrases> = OnceLock::new();
    // A file that does not parse fails the test below.
    PARSED.get_or_init(|| {
        serde_json::from_str(include_str!("../../hooks/flags/phrases.json"))
            .unwrap_or(Phrases { meanings: Vec::new() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flags::rules;

    #[track_caller]
    fn check(text: &str, rule: Option<&str>) {
        let found = rules_for(text);
        match rule {
            Some(rule) => assert!(found.contains(&rule), "{text}: {found:?}"),
            None => assert_eq!(found, [""; 0], "{text}"),
        }
    }

    #[test]
    fn every_rule_that_a_phrase_names_exists() {
        assert!(!phrases().meanings.is_empty());
        for rule in phrases().meanings.iter().flat_map(|meaning| &meaning.rules) {
            assert!(rules::find(rule).is_some(), "{rule}");
        }
    }

    #[test]
    fn matches_by_meaning() {
        check("Hardcoded secrets or API keys", Some("secret-provider-token"));
        check("❌ Credentials committed to the repository", Some("secret-provider-token"));
        check("Plain text passwords anywhere", Some("password-plain-storage"));
        check("Passwords stored without hashing", Some("password-plain-storage"));
        check("SQL queries built with string concatenation", Some("sql-concatenation"));
        check("Potential SQL injection", Some("sql-concatenation"));
        check("Endpoints returning mock data", Some("placeholder-endpoint"));
        check("Placeholder implementations or TODOs", Some("placeholder-not-implemented"));
        check("Missing error handling", Some("error-swallowed"));
        check("JavaScript files instead of TypeScript", Some("technology-javascript"));
        check("CORS errors in the browser console", None);
        check("Endpoints that were never tested with curl", None);
        check("Database connection errors", None);
    }
}
