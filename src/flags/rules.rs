//! The rules as data: `hooks/flags/*.json`, embedded, read when first needed.
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
    pub(super) text: String,
    pub(super) follows: Follows,
    pub(super) least: usize,
    pub(super) proof: Proof,
    pub(super) exact: bool,
    pub(super) kind: String,
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
    tokens: Vec<String>,
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
static PREFIXES: OnceLock<Vec<Vec<Prefix>>> = OnceLock::new();

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
    let table = PREFIXES.get_or_init(|| {
        let mut table: Vec<Vec<Prefix>> = Vec::new();
        table.resize_with(128, Vec::new);
        for line in &file(Family::Secrets).tokens {
            let prefix = Prefix::parse(line);
            let first = prefix.as_ref().and_then(|prefix| prefix.text.bytes().next());
            if let (Some(prefix), Some(first)) = (prefix, first)
                && let Some(list) = table.get_mut(usize::from(first))
            {
                list.push(prefix);
            }
        }
        for list in &mut table {
            list.sort_by_key(|prefix| std::cmp::Reverse(prefix.text.len()));
        }
        table
    });
    table.get(usize::from(first)).map_or(&[], Vec::as_slice)
}

/// Names of issuers; a random value beside one is likely theirs.
pub(super) fn providers() -> &'static [String] {
    &file(Family::Secrets).providers
}

impl Prefix {
    /// `ghp_ alnum 30 . GitHub token`.
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.splitn(5, ' ');
        let text = words.next()?.to_owned();
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
        Some(Self { text, follows, least, proof, exact, kind: words.next()?.to_owned() })
    }
}

fn file(family: Family) -> &'static File {
    static EMPTY: File = File { rules: Vec::new(), tokens: Vec::new(), providers: Vec::new() };
    let at = FILES.iter().zip(&PARSED).find(|((of, _), _)| *of == family);
    let Some(((_, text), parsed)) = at else { return &EMPTY };
    // A file that does not parse fails the test that reads every example.
    parsed.get_or_init(|| {
        serde_json::from_str(text).unwrap_or(File {
            rules: Vec::new(),
            tokens: Vec::new(),
            providers: Vec::new(),
        })
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
            for line in &file.tokens {
                assert!(Prefix::parse(line).is_some_and(|prefix| prefix.text.is_ascii()), "{line}");
            }
        }
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
