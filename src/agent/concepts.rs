//! What prose entries mean: "CI/CD", "client-side code", "direct LLM calls".
//!
//! The dictionary is data (`hooks/concepts.json`), each concept with examples.
//! An entry is looked up by its core: its words without those that only say
//! that something is done. An entry whose core the dictionary lacks stays advice.

use serde::Deserialize;

use super::{Concept, Side};

const DICTIONARY: &str = include_str!("../../hooks/concepts.json");

/// One concept of the dictionary; its examples are for the tests.
#[derive(Debug, Deserialize)]
struct Word {
    id: String,
    #[serde(default)]
    globs: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
    #[serde(default)]
    content: Vec<String>,
}

/// What an entry means, if the dictionary knows it.
pub(super) fn of(text: &str, side: Side, owner: Option<&str>, line: usize) -> Option<Concept> {
    let word: Word = serde_json::from_str(block(&core(text))?).ok()?;
    Some(Concept {
        id: word.id,
        text: text.to_owned(),
        line,
        side,
        owner: owner.map(str::to_owned),
        globs: word.globs,
        except: word.except,
        content: word.content,
    })
}

/// The text of the concept that has this phrase. Only it is parsed: this runs
/// on every call of a governed agent.
fn block(core: &str) -> Option<&'static str> {
    if core.is_empty() || core.contains(['"', '\\']) {
        return None;
    }
    let needle = format!("\"{core}\"");
    for at in memchr::memmem::find_iter(DICTIONARY.as_bytes(), &needle) {
        let before = DICTIONARY.get(..at)?;
        let of_phrases = before.rsplit('\n').next()?.trim_start().starts_with("\"phrases\"");
        if of_phrases {
            let start = before.rfind("\n  {")? + 1;
            let rest = DICTIONARY.get(start..)?;
            return rest.get(..rest.find("\n  }")? + 4);
        }
    }
    None
}

/// Words that say that something is done, or how much of it, but not what.
const NEUTRAL: [&str; 54] = [
    "a",
    "actual",
    "all",
    "an",
    "any",
    "change",
    "changes",
    "changing",
    "configuration",
    "configure",
    "configuring",
    "create",
    "creating",
    "creation",
    "design",
    "designing",
    "direct",
    "directly",
    "edit",
    "editing",
    "edits",
    "existing",
    "generate",
    "generating",
    "handle",
    "handling",
    "implement",
    "implementation",
    "implementations",
    "implementing",
    "make",
    "making",
    "modification",
    "modifications",
    "modify",
    "modifying",
    "new",
    "no",
    "or",
    "other",
    "own",
    "pure",
    "raw",
    "the",
    "touch",
    "touching",
    "update",
    "updates",
    "updating",
    "use",
    "write",
    "writes",
    "writing",
    "your",
];

/// The entry in lower case, without explanation and neutral words.
fn core(text: &str) -> String {
    let text = text.split(['(', '—', '–', '→']).next().unwrap_or_default();
    let mut core = String::with_capacity(text.len());
    for word in text.split([' ', '\t', '`', '*']) {
        let word = word.trim_matches([',', '.', ';', ':', '"', '\'']).to_lowercase();
        if word.is_empty() || NEUTRAL.binary_search(&word.as_str()).is_ok() {
            continue;
        }
        if !core.is_empty() {
            core.push(' ');
        }
        core.push_str(&word);
    }
    core
}

#[cfg(test)]
mod tests {
    use super::*;
    use globset::GlobBuilder;
    use serde_json::Value;

    fn dictionary() -> Vec<Value> {
        serde_json::from_str(DICTIONARY).unwrap()
    }

    fn matches(globs: &[String], path: &str) -> bool {
        globs.iter().any(|glob| {
            let glob = GlobBuilder::new(glob).literal_separator(true).build().unwrap();
            glob.compile_matcher().is_match(path)
        })
    }

    fn means(concept: &Concept, example: &Value) -> bool {
        let path = example.as_str().or(example["path"].as_str()).unwrap();
        let text = example["text"].as_str().unwrap_or_default();
        let code = !path.starts_with("docs/");
        let said = code && concept.content.iter().any(|content| text.contains(content));
        said || (matches(&concept.globs, path) && !matches(&concept.except, path))
    }

    #[test]
    fn every_example_holds() {
        for word in dictionary() {
            let id = word["id"].as_str().unwrap();
            let phrases = word["phrases"].as_array().unwrap();
            let first = phrases.first().unwrap().as_str().unwrap();
            let concept = of(first, Side::Forbidden, None, 1).unwrap();
            assert_eq!(concept.id, id);
            let examples = |key: &str| word[key].as_array().unwrap().clone();
            assert!(!examples("means").is_empty() && !examples("does_not").is_empty(), "{id}");
            for example in examples("means") {
                assert!(means(&concept, &example), "{id} means {example}");
            }
            for example in examples("does_not") {
                assert!(!means(&concept, &example), "{id} does not mean {example}");
            }
        }
    }

    #[test]
    fn every_phrase_is_a_core_and_belongs_to_one_concept() {
        let mut seen = Vec::new();
        for word in dictionary() {
            for phrase in word["phrases"].as_array().unwrap() {
                let phrase = phrase.as_str().unwrap();
                assert_eq!(core(phrase), phrase);
                assert!(!seen.contains(&phrase.to_owned()), "{phrase}");
                seen.push(phrase.to_owned());
            }
        }
        assert!(NEUTRAL.is_sorted());
    }

    #[track_caller]
    fn check(entry: &str, id: Option<&str>) {
        let concept = of(entry, Side::Forbidden, None, 1);
        assert_eq!(concept.map(|concept| concept.id).as_deref(), id, "{entry}");
    }

    #[test]
    fn looks_entries_up_by_their_core() {
        check("client-side code", Some("client-side-code"));
        check("embedding generation", Some("embedding-generation"));
        check("Generate embeddings (that's data-pipeline-engineer)", Some("embedding-generation"));
        check("workflow definitions", Some("workflow-definitions"));
        check("direct LLM calls", Some("direct-llm-calls"));
        check("Create Alembic migrations", Some("migrations"));
        check("CI/CD modifications", Some("ci-cd"));
        check("Direct code implementation (.tsx/.ts files)", Some("source-code"));
        check("application code changes", Some("application-code"));
        check("Run migrations (only create them)", None);
        check("Skip CI/CD checks", None);
        check("production access", None);
        check("Delete tests to make the build pass", None);
        check("", None);
    }
}
