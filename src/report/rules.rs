//! What counts as a run and as a claim, as data: `hooks/claims.json`.
//!
//! Every rule carries examples and counterexamples; each is a test where the
//! rule is applied ([`super::evidence`], [`super::claims`]).

use std::sync::LazyLock;

use serde::Deserialize;

/// What can be claimed, and shown by a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Tests,
    Build,
    Lint,
    Types,
    Deploy,
    Fixed,
    Verified,
    /// A script called `check` or `ci` may do any of it.
    All,
}

/// Programs that show something of one kind.
#[derive(Debug, Deserialize)]
pub(super) struct RunRule<'a> {
    pub(super) kind: Kind,
    /// Runs of one family stand for each other.
    pub(super) family: &'a str,
    /// What a success shows beside its kind.
    #[serde(default)]
    pub(super) implies: Vec<Kind>,
    /// What it shows beside its kind, success and failure alike.
    #[serde(default)]
    pub(super) shows: Vec<Kind>,
    #[serde(borrow)]
    pub(super) commands: Vec<&'a str>,
    #[cfg(test)]
    examples: Vec<String>,
    #[cfg(test)]
    others: Vec<String>,
}

/// Words in the name of a project's own script.
#[derive(Debug, Deserialize)]
pub(super) struct ScriptRule<'a> {
    pub(super) kind: Kind,
    #[serde(borrow)]
    pub(super) words: Vec<&'a str>,
}

/// How something is claimed in English.
#[derive(Debug, Deserialize)]
pub(super) struct ClaimRule<'a> {
    pub(super) kind: Kind,
    /// What is said to pass.
    #[serde(borrow, default)]
    pub(super) subjects: Vec<&'a str>,
    /// That it passes.
    #[serde(borrow, default)]
    pub(super) passes: Vec<&'a str>,
    /// Claims by themselves.
    #[serde(borrow, default)]
    pub(super) phrases: Vec<&'a str>,
    /// "fixed", "verified".
    #[serde(borrow, default)]
    pub(super) verbs: Vec<&'a str>,
    /// "resolves": only of this change.
    #[serde(borrow, default)]
    pub(super) verbs_now: Vec<&'a str>,
    /// What is fixed or verified.
    #[serde(borrow, default)]
    pub(super) objects: Vec<&'a str>,
    /// "works".
    #[serde(borrow, default)]
    pub(super) works: Vec<&'a str>,
    #[cfg(test)]
    pub(super) examples: Vec<String>,
    #[cfg(test)]
    pub(super) others: Vec<String>,
}

/// The whole file.
#[derive(Debug, Deserialize)]
pub(super) struct Rules<'a> {
    #[serde(borrow)]
    pub(super) runs: Vec<RunRule<'a>>,
    #[serde(borrow)]
    pub(super) scripts: Vec<ScriptRule<'a>>,
    #[serde(borrow)]
    pub(super) claims: Vec<ClaimRule<'a>>,
    #[serde(borrow)]
    pub(super) words: Words<'a>,
}

/// Lists of words, each used in one place.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Words<'a> {
    /// May stand between what passes and that it passes.
    #[serde(borrow)]
    pub(super) fillers: Vec<&'a str>,
    /// A sentence with one of these claims nothing.
    #[serde(borrow)]
    pub(super) blockers: Vec<&'a str>,
    /// A sentence that starts with one of these is an order.
    #[serde(borrow)]
    pub(super) orders: Vec<&'a str>,
    /// After its first word these make a statement of it all the same.
    #[serde(borrow)]
    pub(super) states: Vec<&'a str>,
    /// May follow "pass" without being what is passed on.
    #[serde(borrow)]
    pub(super) after_verb: Vec<&'a str>,
    /// "no errors", "zero problems".
    #[serde(borrow)]
    pub(super) problems: Vec<&'a str>,
    /// In headings under which nothing is claimed.
    #[serde(borrow)]
    pub(super) advice: Vec<&'a str>,
    /// Endings of files that change no behaviour.
    #[serde(borrow)]
    pub(super) prose_endings: Vec<&'a str>,
    /// Folders of such files.
    #[serde(borrow)]
    pub(super) prose_folders: Vec<&'a str>,
    /// Starts of lines by which programs tell of success.
    #[serde(borrow)]
    pub(super) success_lines: Vec<&'a str>,
    /// Starts of lines by which programs tell of a failure.
    #[serde(borrow)]
    pub(super) failure_lines: Vec<&'a str>,
    /// The same, anywhere in a line.
    #[serde(borrow)]
    pub(super) failure_parts: Vec<&'a str>,
    /// A connection that could not be made.
    #[serde(borrow)]
    pub(super) no_connection: Vec<&'a str>,
    /// Keys of a body that says nothing but that there was an error.
    #[serde(borrow)]
    pub(super) error_body_keys: Vec<&'a str>,
    /// A database that could not be reached.
    #[serde(borrow)]
    pub(super) no_database: Vec<&'a str>,
    /// Keys under which a report names endpoints that it did not make.
    #[serde(borrow)]
    pub(super) other_endpoints: Vec<&'a str>,
    /// Commands whose success shows nothing about the work.
    #[serde(borrow)]
    pub(super) shows_nothing: Vec<&'a str>,
}

/// The lists of words.
pub(super) fn words() -> &'static Words<'static> {
    &all().words
}

/// The rules; read on first use.
pub(super) fn all() -> &'static Rules<'static> {
    static RULES: LazyLock<Rules<'static>> = LazyLock::new(|| {
        // A test reads the same text, so this cannot fail in a release.
        serde_json::from_str(TEXT).unwrap_or(Rules {
            runs: Vec::new(),
            scripts: Vec::new(),
            claims: Vec::new(),
            words: Words::default(),
        })
    });
    &RULES
}

const TEXT: &str = include_str!("../../hooks/claims.json");

impl Kind {
    /// For messages: "tests pass".
    pub(super) fn claim(self) -> &'static str {
        match self {
            Self::Tests => "the tests pass",
            Self::Build => "the build passes",
            Self::Lint => "lint is clean",
            Self::Types => "the types check",
            Self::Deploy => "it is deployed",
            Self::Fixed => "it is fixed",
            Self::Verified => "it was verified",
            Self::All => "all checks pass",
        }
    }

    /// For messages: what would show it.
    pub(super) fn run(self) -> &'static str {
        match self {
            Self::Tests => "a test run",
            Self::Build => "a build",
            Self::Lint => "a lint run",
            Self::Types => "a type check",
            Self::Deploy => "a deployment",
            Self::Fixed | Self::Verified | Self::All => "a run that shows it",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::evidence::run::of_command;

    #[test]
    fn the_rules_can_be_read_and_their_runs_are_told() {
        let rules: Rules = serde_json::from_str(TEXT).unwrap();
        for rule in &rules.runs {
            for example in &rule.examples {
                let runs = of_command(example);
                assert!(
                    runs.iter().any(|run| run.shows.contains(&rule.kind)),
                    "`{example}` is no run of {:?}: {runs:?}",
                    rule.kind
                );
            }
            for other in &rule.others {
                let runs = of_command(other);
                let shown = runs.iter().any(|run| run.shows.contains(&rule.kind));
                assert!(!shown, "`{other}` is a run of {:?}: {runs:?}", rule.kind);
            }
        }
    }
}
