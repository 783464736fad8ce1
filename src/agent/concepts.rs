//! What prose entries mean: "CI/CD", "client-side code", "direct LLM calls".
//!
//! The dictionary is data (`hooks/concepts.json`), each concept with examples.
//! An entry is looked up by its core: its words without those that only say
//! that something is done. An entry whose core the dictionary lacks stays advice.

use super::dictionary::{CONCEPTS, PHRASES};
use super::{Concept, Side};

/// Longer entries are sentences; no phrase of the dictionary is longer.
const CORE_BYTES_MAX: usize = 32;

/// What an entry means, if the dictionary knows it.
pub(super) fn of(text: &str, side: Side, owner: Option<&str>, line: usize) -> Option<Concept> {
    let known = known(id_of(&core(text)?)?);
    Some(Concept { text: text.to_owned(), line, side, owner: owner.map(str::to_owned), ..known })
}

/// What the dictionary says of a concept.
fn known(id: &'static str) -> Concept {
    let mut concept = Concept { id, ..Concept::default() };
    let found = CONCEPTS.iter().find(|(known, _)| *known == id);
    for line in found.map_or("", |(_, text)| text).split('\n') {
        let line = line.trim_ascii_start();
        if let Some(list) = line.strip_prefix("\"globs\": [") {
            concept.globs = texts(list);
        } else if let Some(list) = line.strip_prefix("\"except\": [") {
            concept.except = texts(list);
        } else if let Some(list) = line.strip_prefix("\"content\": [") {
            concept.content = texts(list);
        }
    }
    concept
}

/// The concept that has this phrase.
fn id_of(core: &str) -> Option<&'static str> {
    let at = PHRASES.binary_search_by(|(phrase, _)| (*phrase).cmp(core)).ok()?;
    PHRASES.get(at).map(|(_, id)| *id)
}

/// The texts of a list that stands on one line; none that is read has escapes.
fn texts(list: &'static str) -> Vec<&'static str> {
    let mut found = Vec::with_capacity(12);
    let mut start = None;
    for at in memchr::memchr_iter(b'"', list.as_bytes()) {
        match start.take() {
            None => start = Some(at + 1),
            Some(start) => found.extend(list.get(start..at)),
        }
    }
    found
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

/// The entry in lower case, without explanation and neutral words; `None` when
/// it is a sentence.
fn core(text: &str) -> Option<String> {
    let text = text.split(['(', '—', '–', '→']).next().unwrap_or_default();
    let mut core = String::with_capacity(CORE_BYTES_MAX * 2);
    for word in text.split([' ', '`']) {
        let word = word.trim_matches([',', '.', ';', ':', '"', '\'', '*']);
        if word.is_empty() || is_neutral(word) {
            continue;
        }
        if !core.is_empty() {
            core.push(' ');
        }
        core.push_str(word);
        if core.len() > CORE_BYTES_MAX {
            return None;
        }
    }
    core.make_ascii_lowercase();
    (!core.is_empty() && !core.contains(['"', '\\'])).then_some(core)
}

fn is_neutral(word: &str) -> bool {
    let first = word.bytes().next().map(|first| first.to_ascii_lowercase());
    let mut near = NEUTRAL.iter().filter(|known| known.bytes().next() == first);
    near.any(|known| known.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use globset::GlobBuilder;
    use serde_json::Value;

    fn dictionary() -> Value {
        serde_json::from_str(include_str!("../../hooks/concepts.json")).unwrap()
    }

    fn matches(globs: &[&str], path: &str) -> bool {
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
        let dictionary = dictionary();
        for (id, word) in dictionary["concepts"].as_object().unwrap() {
            let phrases = dictionary["phrases"].as_object().unwrap();
            let phrase = phrases.iter().find(|(_, of)| *of == id).unwrap().0;
            let concept = of(phrase, Side::Forbidden, None, 1).unwrap();
            assert_eq!(concept.id, id);
            // What is searched out of the file is what a parser reads there.
            let list =
                |key: &str| -> Vec<Value> { word[key].as_array().cloned().unwrap_or_default() };
            assert_eq!(list("globs"), concept.globs);
            assert_eq!(list("except"), concept.except);
            assert_eq!(list("content"), concept.content);
            assert!(!list("means").is_empty() && !list("does_not").is_empty(), "{id}");
            for example in list("means") {
                assert!(means(&concept, &example), "{id} means {example}");
            }
            for example in list("does_not") {
                assert!(!means(&concept, &example), "{id} does not mean {example}");
            }
        }
    }

    #[test]
    fn every_phrase_is_a_core_of_a_known_concept() {
        let dictionary = dictionary();
        assert_eq!(dictionary["phrases"].as_object().unwrap().len(), PHRASES.len());
        assert_eq!(dictionary["concepts"].as_object().unwrap().len(), CONCEPTS.len());
        for (phrase, id) in dictionary["phrases"].as_object().unwrap() {
            assert_eq!(core(phrase).as_deref(), Some(phrase.as_str()));
            assert!(dictionary["concepts"].get(id.as_str().unwrap()).is_some(), "{id}");
            assert_eq!(id_of(phrase), id.as_str());
        }
    }

    #[track_caller]
    fn check(entry: &str, id: Option<&str>) {
        let concept = of(entry, Side::Forbidden, None, 1);
        assert_eq!(concept.map(|concept| concept.id), id, "{entry}");
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
