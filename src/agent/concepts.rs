//! What prose entries mean: "CI/CD", "client-side code", "direct LLM calls".
//!
//! The dictionary is data (`hooks/concepts.json`), each concept with examples.
//! An entry is looked up by its core: its words without those that only say
//! that something is done. An entry whose core the dictionary lacks stays advice.

use std::cmp::Ordering;
use std::sync::OnceLock;

use memchr::memmem;

use super::{Concept, Side};

const DICTIONARY: &str = include_str!("../../hooks/concepts.json");

/// Longer entries are sentences; no phrase of the dictionary is longer.
const CORE_BYTES_MAX: usize = 32;

/// The concept that an entry means, if the dictionary knows it.
pub(super) fn id(text: &str) -> Option<&'static str> {
    id_of(&core(text)?)
}

/// What an entry means, if the dictionary knows it.
pub(super) fn of(text: &str, side: Side, owner: Option<&str>, line: usize) -> Option<Concept> {
    let id = id(text)?;
    let mut concept = Concept {
        id,
        text: text.to_owned(),
        line,
        side,
        owner: owner.map(str::to_owned),
        ..Concept::default()
    };
    for line in block(id)?.split('\n') {
        let line = line.trim_ascii_start();
        if let Some(list) = line.strip_prefix("\"globs\": [") {
            concept.globs = texts(list);
        } else if let Some(list) = line.strip_prefix("\"except\": [") {
            concept.except = texts(list);
        } else if let Some(list) = line.strip_prefix("\"content\": [") {
            concept.content = texts(list);
        }
    }
    Some(concept)
}

/// The concept that has this phrase. The file is searched, not parsed: this
/// runs on every call of a governed agent. A test holds its layout: one phrase
/// a line, sorted.
fn id_of(core: &str) -> Option<&'static str> {
    let (phrases, _) = halves()?;
    let (mut low, mut high) = (0, phrases.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        let start =
            memchr::memrchr(b'\n', phrases.as_bytes().get(..middle)?).map_or(0, |at| at + 1);
        let end = memchr::memchr(b'\n', phrases.as_bytes().get(start..)?)
            .map_or(phrases.len(), |at| start + at);
        let mut parts = phrases.get(start..end)?.split('"');
        let phrase = parts.nth(1)?;
        match phrase.cmp(core) {
            Ordering::Equal => return parts.nth(1),
            Ordering::Less => low = end + 1,
            Ordering::Greater => high = start,
        }
    }
    None
}

/// The text of a concept, from its opening line to its closing brace.
fn block(id: &str) -> Option<&'static str> {
    let (_, concepts) = halves()?;
    let needle = format!("\n    \"{id}\": {{");
    let at = memmem::find(concepts.as_bytes(), needle.as_bytes())?;
    let rest = concepts.get(at + needle.len()..)?;
    rest.get(..memmem::find(rest.as_bytes(), b"\n    }")?)
}

/// The lines of phrases, and the concepts.
fn halves() -> Option<(&'static str, &'static str)> {
    static HALVES: OnceLock<Option<(&str, &str)>> = OnceLock::new();
    *HALVES.get_or_init(|| {
        let (phrases, concepts) = DICTIONARY.split_once("\n  },\n")?;
        Some((phrases.split_once("{\n  \"phrases\": {\n")?.1, concepts))
    })
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
        let word = word.trim_matches([',', '.', ';', ':', '"', '\'', '*']).to_ascii_lowercase();
        if word.is_empty() || NEUTRAL.binary_search(&word.as_str()).is_ok() {
            continue;
        }
        if !core.is_empty() {
            core.push(' ');
        }
        core.push_str(&word);
        if core.len() > CORE_BYTES_MAX {
            return None;
        }
    }
    (!core.is_empty() && !core.contains(['"', '\\'])).then_some(core)
}

#[cfg(test)]
mod tests {
    use super::*;
    use globset::GlobBuilder;
    use serde_json::Value;

    fn dictionary() -> Value {
        serde_json::from_str(DICTIONARY).unwrap()
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
        for (phrase, id) in dictionary["phrases"].as_object().unwrap() {
            assert_eq!(core(phrase).as_deref(), Some(phrase.as_str()));
            assert!(dictionary["concepts"].get(id.as_str().unwrap()).is_some(), "{id}");
            assert_eq!(id_of(phrase), id.as_str());
        }
        assert!(NEUTRAL.is_sorted());
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
