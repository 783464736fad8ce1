//! What speaks against added text: red flags, and what prose entries mean
//! ("direct LLM calls") where they are about content and not about paths.
//!
//! Only what is added counts: what stood there before is no news.

use std::io::Read;
use std::path::Path;

use memchr::memmem;

use super::decide::What;
use super::tools::Added;
use crate::agent::{Concept, Definition, Side};
use crate::config::Config;
use crate::flags::rules::Moment;
use crate::flags::technology::Technology;
use crate::flags::{self, Severity};

/// The largest present text that added text is compared with.
const BEFORE_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// Files whose text is code, so that a call in it is a call.
const CODE: &[&str] = &[
    "c", "cc", "cjs", "cpp", "cs", "cts", "dart", "ex", "exs", "fs", "go", "h", "hpp", "ipynb",
    "java", "js", "jsx", "kt", "kts", "lua", "m", "mjs", "mts", "php", "py", "rb", "rs", "scala",
    "sh", "sol", "svelte", "swift", "ts", "tsx", "vue", "zig",
];

/// Added text and where it goes.
pub(super) struct Addition<'a> {
    /// The file, as the call spells it; empty when it cannot be told.
    pub(super) path: &'a Path,
    /// The same, absolute.
    pub(super) absolute: &'a Path,
    pub(super) added: &'a Added,
}

/// What was found, with its rule and the severity that the rule has by itself.
pub(super) type Found = (String, Severity, What);

/// What speaks against the text.
pub(super) fn findings(
    addition: &Addition<'_>,
    definition: &Definition,
    config: &Config,
) -> Vec<Found> {
    let mut found = Vec::new();
    if addition.added.after.is_empty() {
        return found;
    }
    let technology = Technology::of(definition.technology.iter().chain(&definition.red_flags));
    let flags = red_flags(addition).into_iter();
    let flags = flags.chain(own_flags(addition, technology, config));
    found.extend(flags.map(|flag| found_in(addition, flag)));
    let concepts = &definition.boundaries.concepts;
    for concept in concepts.iter().filter(|concept| concept.side == Side::Forbidden) {
        found.extend(concept_in(concept, addition));
    }
    found
}

fn red_flags(addition: &Addition<'_>) -> Vec<flags::Finding> {
    let Added { before, after } = addition.added;
    // Most text holds no red flag: what was there before is read only if it does.
    if flags::in_added(addition.path, before.as_deref().unwrap_or_default(), after).is_empty() {
        return Vec::new();
    }
    flags::in_added(addition.path, &text_before(addition), after)
}

/// What the definition says of technology, and the project's own rules.
fn own_flags(
    addition: &Addition<'_>,
    technology: Technology,
    config: &Config,
) -> Vec<flags::Finding> {
    let custom = config.flags();
    if technology == Technology::Any && custom.is_empty() {
        return Vec::new();
    }
    let (path, after) = (addition.path, &addition.added.after);
    let before = text_before(addition);
    let mut found = technology.in_added(path, &before, after, Moment::Write);
    found.extend(custom.in_added(path, &before, after));
    found
}

fn found_in(addition: &Addition<'_>, flag: flags::Finding) -> Found {
    let path = addition.path.to_string_lossy().into_owned();
    let what = What::Flag { path, line: flag.line, message: flag.message };
    (format!("flag.{}", flag.rule), flag.severity, what)
}

fn concept_in(concept: &Concept, addition: &Addition<'_>) -> Option<Found> {
    let extension = addition.path.extension().and_then(|extension| extension.to_str());
    if !extension.is_some_and(|extension| CODE.contains(&extension)) {
        return None;
    }
    let after = &addition.added.after;
    let count =
        |text: &str, word: &str| memmem::find_iter(text.as_bytes(), word.as_bytes()).count();
    let holds = |word: &&&str| memmem::find(after.as_bytes(), word.as_bytes()).is_some();
    let word = *concept.content.iter().find(holds)?;
    if count(after, word) <= count(&text_before(addition), word) {
        return None;
    }
    let line = after.lines().position(|line| line.contains(word)).unwrap_or_default() + 1;
    let what = What::Concept {
        path: addition.path.to_string_lossy().into_owned(),
        line,
        word: word.to_owned(),
        entry: concept.text.clone(),
        entry_line: concept.line,
        owner: concept.owner.clone(),
    };
    Some((format!("concept.{}", concept.id), Severity::Block, what))
}

/// What the text replaces: as the call says, else the file's present text.
fn text_before(addition: &Addition<'_>) -> String {
    match &addition.added.before {
        Some(before) => before.clone(),
        None => present_text(addition.absolute).unwrap_or_default(),
    }
}

/// The text of a regular file, if it is one of bearable size.
fn present_text(path: &Path) -> Option<String> {
    let meta = std::fs::metadata(path).ok()?;
    if !meta.is_file() || meta.len() > BEFORE_BYTES_MAX {
        return None;
    }
    let mut text = Vec::new();
    std::fs::File::open(path).ok()?.take(BEFORE_BYTES_MAX).read_to_end(&mut text).ok()?;
    Some(String::from_utf8_lossy(&text).into_owned())
}
