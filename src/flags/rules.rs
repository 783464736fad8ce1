//! The rules as data: `hooks/flags/*`, embedded, read when first needed.
//!
//! Says what a rule means, how to mend it and how bad it is when; which text
//! matches is the matchers' affair. Most calls find nothing and parse nothing.

use std::sync::OnceLock;

use serde::Deserialize;

use super::Severity;

/// When a text is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A tool is about to write it.
    Write,
    /// The agent is about to stop.
    Stop,
    /// A person scans files that nobody just wrote: only what is wrong in any
    /// code counts.
    Scan,
}

/// The families of rules, one file each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Keys and tokens of machines.
    Secrets,
    /// Plain text passwords.
    Passwords,
    /// SQL by concatenation.
    Sql,
    /// Stand-ins for work that was not done.
    Placeholders,
    /// Errors that nobody handles.
    ErrorHandling,
    /// "TypeScript only", where a definition asks for it.
    Technology,
}

/// One rule.
#[derive(Debug, Deserialize)]
pub struct Rule {
    /// Unique, and what `lanekeeper:allow` names.
    pub id: String,
    /// What a finding of it means.
    pub means: String,
    /// How to mend it.
    pub mend: String,
    severity: Severities,
    /// Path and text of examples that must be found.
    pub matches: Vec<(String, String)>,
    /// Path and text of examples that must not.
    pub misses: Vec<(String, String)>,
}

#[derive(Debug, Deserialize)]
struct Severities {
    write: Level,
    stop: Level,
    /// As at a stop when it is not named.
    scan: Option<Level>,
    /// In test files, at any moment.
    test: Option<Level>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Off,
    Warn,
    Block,
}

/// A prefix that names the issuer of a token.
#[derive(Debug)]
pub(super) struct Prefix {
    pub(super) text: &'static str,
    pub(super) follows: Follows,
    pub(super) least: usize,
    pub(super) proof: Proof,
    pub(super) exact: bool,
    pub(super) kind: &'static str,
}

/// What may follow a prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Follows {
    Hex,
    Upper,
    Alnum,
    /// Letters, digits, `_`, `-`.
    Word,
    /// What tokens are made of.
    Any,
}

/// What the rest of the token must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    None,
    Varied,
    Random,
}

#[derive(Debug, Deserialize)]
struct File {
    rules: Vec<Rule>,
    #[serde(default)]
    providers: Vec<String>,
}

static FILES: [(Family, &str); 6] = [
    (Family::Secrets, include_str!("../../hooks/flags/secrets.json")),
    (Family::Passwords, include_str!("../../hooks/flags/passwords.json")),
    (Family::Sql, include_str!("../../hooks/flags/sql.json")),
    (Family::Placeholders, include_str!("../../hooks/flags/placeholders.json")),
    (Family::ErrorHandling, include_str!("../../hooks/flags/error-handling.json")),
    (Family::Technology, include_str!("../../hooks/flags/technology.json")),
];
static PARSED: [OnceLock<File>; 6] = [const { OnceLock::new() }; 6];

/// One prefix per line, sorted by its first byte: `ghp_ alnum 30 . GitHub token`.
const TOKENS: &str = include_str!("../../hooks/flags/tokens.txt");
/// Where the lines of each first byte begin and end: a guard that sees one
/// candidate must not read them all.
static TOKEN_LINES: [(usize, usize); 128] = token_lines();
static PREFIXES: [OnceLock<Vec<Prefix>>; 128] = [const { OnceLock::new() }; 128];

impl Rule {
    /// How bad it is at this moment; `None` when it is not looked at.
    pub fn severity(&self, moment: Moment, in_test: bool) -> Option<Severity> {
        let level = match (in_test, moment) {
            (_, Moment::Write) => self.severity.write,
            (_, Moment::Stop) => self.severity.stop,
            (_, Moment::Scan) => self.severity.scan.unwrap_or(self.severity.stop),
        };
        let level = match self.severity.test {
            Some(test) if in_test => level.min(test),
            _ => level,
        };
        match level {
            Level::Off => None,
            Level::Warn => Some(Severity::Warn),
            Level::Block => Some(Severity::Block),
        }
    }
}

/// Every family with its rules, in order.
pub fn all() -> impl Iterator<Item = (Family, &'static Rule)> {
    FILES.iter().flat_map(|(family, _)| file(*family).rules.iter().map(|rule| (*family, rule)))
}

/// The rule of this id.
pub fn find(id: &str) -> Option<(Family, &'static Rule)> {
    all().find(|(_, rule)| rule.id == id)
}

/// The prefixes that begin with this byte, longest first.
pub(super) fn prefixes(first: u8) -> &'static [Prefix] {
    let first = usize::from(first);
    let (Some(list), Some(&(from, to))) = (PREFIXES.get(first), TOKEN_LINES.get(first)) else {
        return &[];
    };
    list.get_or_init(|| {
        let lines = TOKENS.get(from..to).unwrap_or_default().lines();
        let mut list: Vec<Prefix> = lines.filter_map(Prefix::parse).collect();
        list.sort_by_key(|prefix| std::cmp::Reverse(prefix.text.len()));
        list
    })
}

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn token_lines() -> [(usize, usize); 128] {
    let text = TOKENS.as_bytes();
    let mut lines = [(0, 0); 128];
    let mut start = 0;
    let mut at = 0;
    while at < text.len() {
        if text[at] == b'\n' {
            let first = text[start] as usize;
            if lines[first].1 == 0 {
                lines[first].0 = start;
            }
            lines[first].1 = at + 1;
            start = at + 1;
        }
        at += 1;
    }
    lines
}

/// Names of issuers; a random value beside one is likely theirs.
pub(super) fn providers() -> &'static [String] {
    &file(Family::Secrets).providers
}

impl Prefix {
    /// `ghp_ alnum 30 . GitHub token`.
    fn parse(line: &'static str) -> Option<Self> {
        let mut words = line.splitn(5, ' ');
        let text = words.next()?;
        let follows = match words.next()? {
            "hex" => Follows::Hex,
            "upper" => Follows::Upper,
            "alnum" => Follows::Alnum,
            "word" => Follows::Word,
            "any" => Follows::Any,
            _ => return None,
        };
        let least = words.next()?.parse().ok()?;
        let marks = words.next()?;
        let proof = match marks.trim_start_matches('=') {
            "" | "." => Proof::Varied,
            "!" => Proof::Random,
            "~" => Proof::None,
            _ => return None,
        };
        let exact = marks.starts_with('=');
        Some(Self { text, follows, least, proof, exact, kind: words.next()? })
    }
}

fn file(family: Family) -> &'static File {
    static EMPTY: File = File { rules: Vec::new(), providers: Vec::new() };
    let at = FILES.iter().zip(&PARSED).find(|((of, _), _)| *of == family);
    let Some(((_, text), parsed)) = at else { return &EMPTY };
    // A file that does not parse fails the test that reads every example.
    parsed.get_or_init(|| {
        serde_json::from_str(text).unwrap_or(File { rules: Vec::new(), providers: Vec::new() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_and_every_prefix_parses() {
        for (family, text) in &FILES {
            let file: File = serde_json::from_str(text).unwrap();
            assert!(!file.rules.is_empty(), "{family:?}");
        }
        let mut found = 0;
        for first in 0..128 {
            found += prefixes(first).len();
            assert!(prefixes(first).iter().all(|prefix| prefix.text.as_bytes()[0] == first));
        }
        // A line that does not parse or stands in the wrong place is lost.
        assert_eq!(found, TOKENS.lines().count());
    }

    #[test]
    fn ids_are_unique_and_every_rule_has_examples_of_both_kinds() {
        let mut seen = std::collections::BTreeSet::new();
        for (_, rule) in all() {
            assert!(seen.insert(&rule.id), "{} twice", rule.id);
            assert!(!rule.matches.is_empty() && !rule.misses.is_empty(), "{}", rule.id);
        }
    }
}
