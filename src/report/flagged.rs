//! Red flags in what a run leaves behind: the lines that it added to files, and
//! its final message.
//!
//! Only families that the definition speaks of are looked for here; the rules
//! are [`crate::flags`]'. Old lines never count.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::Finding;
use crate::agent::Definition;
use crate::flags::rules::{self, Family};
use crate::flags::{self, Severity};
use crate::hook::printable;
use crate::repo;

/// As many changed files are looked at.
const FILES_MAX: usize = 200;

/// The red flags in the message and in the lines added to `files`.
pub(super) fn findings(
    definition: &Definition,
    message: &str,
    files: &BTreeSet<PathBuf>,
    tree: Option<&Path>,
) -> Vec<Finding> {
    let families = families(definition);
    if families.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    if families.contains(&Family::Secrets) {
        let secrets = flags::in_file(Path::new("message.md"), message);
        let kept = secrets.into_iter().filter(|one| family_of(one) == Some(Family::Secrets));
        found.extend(kept.map(|one| finding(one, "the final message")));
    }
    if let Some(tree) = tree {
        for file in files.iter().take(FILES_MAX) {
            found.extend(in_file(file, tree, &families));
        }
    }
    found
}

/// The families that an item of the definition names.
fn families(definition: &Definition) -> Vec<Family> {
    let mut found = Vec::new();
    for item in definition.red_flags.iter().chain(&definition.success_criteria) {
        let text = item.text.to_ascii_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if has(&["secret", "credential", "api key", "token"]) {
            found.push(Family::Secrets);
            found.push(Family::Passwords);
        }
        if has(&["password"]) {
            found.push(Family::Passwords);
        }
        if has(&["sql", "concatenat", "injection"]) {
            found.push(Family::Sql);
        }
    }
    found
}

/// The red flags on the lines that a file has and the last commit has not.
fn in_file(file: &Path, tree: &Path, families: &[Family]) -> Vec<Finding> {
    let Ok(inside) = file.strip_prefix(tree) else { return Vec::new() };
    let Ok(Some(text)) = flags::read_text(file) else { return Vec::new() };
    let wanted =
        |one: &flags::Finding| family_of(one).is_some_and(|family| families.contains(&family));
    // Git is asked only when there is something to tell old from new.
    if !flags::in_file(inside, &text).iter().any(wanted) {
        return Vec::new();
    }
    let Ok(added) = repo::added_lines(tree, "HEAD") else { return Vec::new() };
    let Some(lines) = added.get(inside) else { return Vec::new() };
    flags::in_added_lines(inside, &text, lines)
        .into_iter()
        .filter(wanted)
        .map(|one| {
            let place = format!("{}:{}", inside.display(), one.line);
            finding(one, &place)
        })
        .collect()
}

fn family_of(finding: &flags::Finding) -> Option<Family> {
    rules::find(&finding.rule).map(|(family, _)| family)
}

fn finding(found: flags::Finding, place: &str) -> Finding {
    let severity = if found.severity == Severity::Block { Severity::Block } else { Severity::Warn };
    Finding {
        rule: found.rule,
        severity,
        place: printable(place),
        message: printable(&found.message),
    }
}
