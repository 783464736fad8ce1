//! Red flags in what a run leaves behind: the lines that it added to files, and
//! its final message.
//!
//! Only what the definition speaks of is looked for here, and the project's own
//! rules; all rules are [`crate::flags`]'. Old lines never count.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::Finding;
use crate::agent::Definition;
use crate::flags;
use crate::flags::custom::Custom;
use crate::flags::rules::{self, Family, Moment};
use crate::flags::technology::Technology;
use crate::hook::printable;
use crate::repo;

/// As many changed files are looked at.
const FILES_MAX: usize = 200;
/// As many lines that allow a rule are listed.
const ALLOWED_MAX: usize = 50;

/// What was seen in a run's text.
#[derive(Debug, Default)]
pub(super) struct Flagged {
    pub(super) findings: Vec<Finding>,
    /// The added lines that allow a rule: `file:line: rule: reason`.
    pub(super) allowed: Vec<String>,
}

/// The red flags in the message and in the lines added to `files`.
pub(super) fn look(
    definition: &Definition,
    custom: &Custom,
    message: &str,
    files: &BTreeSet<PathBuf>,
    tree: Option<&Path>,
) -> Flagged {
    let wanted = Wanted::of(definition, custom);
    let mut flagged = Flagged::default();
    let secrets = flags::in_file(Path::new("message.md"), message).into_iter();
    let secrets = secrets.filter(|one| family_of(one) == Some(Family::Secrets));
    let named = wanted.families.contains(&Family::Secrets);
    flagged.findings.extend(secrets.map(|mut one| {
        // A secret is said whoever reports it; what no definition forbids stops nobody.
        one.severity = if named { one.severity } else { flags::Severity::Warn };
        finding(one, "the final message")
    }));
    if let Some(tree) = tree {
        let tree = Tree { root: tree, added: OnceCell::new() };
        for file in files.iter().take(FILES_MAX) {
            tree.look(file, &wanted, &mut flagged);
        }
        flagged.allowed.truncate(ALLOWED_MAX);
    }
    flagged
}

/// What is looked for.
struct Wanted<'a> {
    families: Vec<Family>,
    rules: BTreeSet<&'static str>,
    technology: Technology,
    custom: &'a Custom,
}

impl<'a> Wanted<'a> {
    fn of(definition: &Definition, custom: &'a Custom) -> Self {
        let items = definition.red_flags.iter().chain(&definition.success_criteria);
        Self {
            families: families(definition),
            rules: items.flat_map(|item| flags::rules_for(&item.text)).collect(),
            technology: Technology::of(definition.technology.iter().chain(&definition.red_flags)),
            custom,
        }
    }

    fn takes(&self, one: &flags::Finding) -> bool {
        self.rules.contains(one.rule.as_str())
            || family_of(one).is_some_and(|family| self.families.contains(&family))
    }

    /// Whether a file can be left out when a scan of it finds nothing.
    fn is_in_scan(&self) -> bool {
        let beyond = |rule: &&str| {
            let rule = rules::find(rule).map(|(_, rule)| rule);
            rule.is_some_and(|rule| rule.severity(Moment::Scan, false).is_none())
        };
        self.technology == Technology::Any
            && self.custom.is_empty()
            && !self.rules.iter().any(beyond)
    }
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

/// A working tree, and which of its lines are new.
struct Tree<'a> {
    root: &'a Path,
    added: OnceCell<BTreeMap<PathBuf, BTreeSet<usize>>>,
}

impl Tree<'_> {
    /// The red flags on the lines that a file has and the last commit has not.
    fn look(&self, file: &Path, wanted: &Wanted<'_>, flagged: &mut Flagged) {
        let Ok(inside) = file.strip_prefix(self.root) else { return };
        let Ok(Some(text)) = flags::read_text(file) else { return };
        let allowances = flags::allowances(&text);
        // Git is asked only when there is something to tell old from new.
        if allowances.is_empty()
            && wanted.is_in_scan()
            && !flags::in_file(inside, &text).iter().any(|one| wanted.takes(one))
        {
            return;
        }
        let Some(lines) = self.added_to(inside) else { return };
        let mut found = flags::in_added_lines(inside, &text, lines);
        found.retain(|one| wanted.takes(one));
        let before = without(&text, lines);
        found.extend(wanted.technology.in_added(inside, &before, &text, Moment::Stop));
        found.extend(wanted.custom.in_added_lines(inside, &text, lines));
        let place = |line: usize| format!("{}:{line}", inside.display());
        let findings = found.into_iter().map(|one| (place(one.line), one));
        flagged.findings.extend(findings.map(|(place, one)| finding(one, &place)));
        let allowances = allowances.into_iter().filter(|one| lines.contains(&one.line));
        flagged.allowed.extend(allowances.map(|one| {
            let reason = one.reason.as_deref().unwrap_or("no reason, so it does not count");
            format!("{}: {}: {reason}", place(one.line), one.rule)
        }));
    }

    fn added_to(&self, inside: &Path) -> Option<&BTreeSet<usize>> {
        let added =
            self.added.get_or_init(|| repo::added_lines(self.root, "HEAD").unwrap_or_default());
        added.get(inside)
    }
}

/// The lines of a text that are not new; empty for a new file.
fn without(text: &str, added: &BTreeSet<usize>) -> String {
    let lines = text.lines().zip(1..).filter(|(_, number)| !added.contains(number));
    lines.flat_map(|(line, _)| [line, "\n"]).collect()
}

fn family_of(finding: &flags::Finding) -> Option<Family> {
    rules::find(&finding.rule).map(|(family, _)| family)
}

fn finding(found: flags::Finding, place: &str) -> Finding {
    Finding {
        rule: found.rule,
        severity: found.severity,
        place: printable(place),
        message: printable(&found.message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::Item;
    use crate::flags::Severity;

    fn severities(definition: &Definition) -> Vec<Severity> {
        let message = "it is gh¦p_se2qoe7two6z7hpmmnlkggd640vd82maja8m".replace("¦", "");
        let found = look(definition, &Custom::default(), &message, &BTreeSet::new(), None);
        found.findings.iter().map(|finding| finding.severity).collect()
    }

    #[test]
    fn a_secret_in_the_message_is_said_always_and_stops_where_it_is_a_red_flag() {
        assert_eq!(severities(&Definition::default()), [Severity::Warn]);
        let flag = Item { text: "Hardcoded secrets".to_owned(), line: 1 };
        let strict = Definition { red_flags: vec![flag], ..Definition::default() };
        assert_eq!(severities(&strict), [Severity::Block]);
    }
}
