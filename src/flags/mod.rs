//! Red flags: secrets, plain text passwords, SQL by concatenation, placeholders.
//!
//! Rules are data in `hooks/flags/`; the matchers here only look at text they
//! are handed. What a finding does to the event is the caller's affair, and
//! which files changed is [`crate::repo`]'s.

mod apart;
mod assigned;
mod call;
pub mod custom;
mod definition;
mod engine;
mod errors;
mod given;
mod handed;
mod handlers;
mod http;
mod keys;
mod keywords;
mod link;
mod literal;
mod name;
mod options;
pub mod paths;
mod placeholders;
mod plain;
mod random;
mod rows;
pub mod rules;
mod source;
mod sql;
mod stand_in;
mod suppress;
pub mod technology;
mod text;
mod tokens;
mod typed;
mod urls;
mod value;

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;
use std::io::Read;
use std::path::Path;

pub use definition::{Checked, is_checked, of_definition, rules_for};
pub use suppress::{Allowance, allowances};

use rules::Moment;
use text::{Hit, Lines};

/// The longest text that is looked at, in bytes. A longer one gets a finding
/// that says so.
pub const TEXT_BYTES_MAX: usize = 4 * 1024 * 1024;

/// How much of a file is read to tell whether it is text.
const HEAD_BYTES: usize = 8 * 1024;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Said, never stops anything.
    Warn,
    /// Refuses the write, sends the report back.
    Block,
}

impl Severity {
    /// `warn` or `block`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Warn => "warn",
            Self::Block => "block",
        }
    }
}

/// One red flag in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// What it does to the event at hand.
    pub severity: Severity,
    /// 1-based line of the text.
    pub line: usize,
    /// What was found and how to mend it; never the secret itself.
    pub message: String,
}

/// The red flags in text that is about to be added to `path`.
///
/// `before` is the file's present text; only what is not in it counts.
pub fn in_added(path: &Path, before: &str, after: &str) -> Vec<Finding> {
    let hits = match hits_or_skipped(path, after, Moment::Write) {
        Ok(hits) => hits,
        Err(skipped) => return vec![skipped],
    };
    if hits.is_empty() {
        return Vec::new();
    }
    let old = count_lines(before);
    let new = count_lines(after);
    let added = |hit: &Hit| lines_of(after, hit).any(|line| new.get(line) > old.get(line));
    findings(path, after, hits.into_iter().filter(added), Moment::Write)
}

/// The red flags of a whole file, for a person.
pub fn in_file(path: &Path, text: &str) -> Vec<Finding> {
    match hits_or_skipped(path, text, Moment::Scan) {
        Ok(hits) => findings(path, text, hits.into_iter(), Moment::Scan),
        Err(skipped) => vec![skipped],
    }
}

/// The secrets in a message; nothing else is looked for in prose.
pub fn in_message(text: &str) -> Vec<Finding> {
    if text.len() > TEXT_BYTES_MAX {
        return vec![skipped(&format!("{} bytes, more than {TEXT_BYTES_MAX}", text.len()))];
    }
    let hits = engine::secrets(text.as_bytes(), paths::Syntax::Prose);
    findings(Path::new(""), text, hits.into_iter(), Moment::Write)
}

/// The red flags on lines (1-based) that were added to a file, judged with the
/// whole file as context.
pub fn in_added_lines(path: &Path, text: &str, added: &BTreeSet<usize>) -> Vec<Finding> {
    let hits = match hits_or_skipped(path, text, Moment::Stop) {
        Ok(hits) => hits,
        Err(skipped) => return vec![skipped],
    };
    let mut lines = Lines::new(text.as_bytes());
    let touched = |hit: &Hit| {
        let first = lines.of(hit.span.start);
        let last = lines.of(hit.span.end.saturating_sub(1).max(hit.span.start));
        added.range(first..=last).next().is_some()
    };
    let hits: Vec<Hit> = hits.into_iter().filter(touched).collect();
    findings(path, text, hits.into_iter(), Moment::Stop)
}

/// The text of a file as the rules see it: `None` for what is no text (binary,
/// lock files), a finding for what cannot be looked at.
pub fn read_text(path: &Path) -> Result<Option<String>, Finding> {
    if paths::is_generated(path) {
        return Ok(None);
    }
    let read = || -> std::io::Result<Option<Vec<u8>>> {
        let mut file = std::fs::File::open(path)?;
        let mut bytes = vec![0; HEAD_BYTES];
        let length = file.read(&mut bytes)?;
        bytes.truncate(length);
        if memchr::memchr(0, &bytes).is_some() {
            return Ok(None);
        }
        file.take(TEXT_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    };
    let Some(bytes) = read().map_err(|error| skipped(&error.to_string()))? else {
        return Ok(None);
    };
    if bytes.len() > TEXT_BYTES_MAX {
        return Err(skipped(&format!("more than {TEXT_BYTES_MAX} bytes")));
    }
    Ok(Some(
        String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
    ))
}

fn skipped(why: &str) -> Finding {
    Finding {
        rule: "text-skipped".to_owned(),
        severity: Severity::Warn,
        line: 1,
        message: format!("not looked at: {why}"),
    }
}

/// The text with every secret replaced by its kind, first four characters and length.
pub fn redact(text: &str) -> String {
    let bytes = text.as_bytes();
    let hits = engine::secrets(bytes, paths::Syntax::Prose);
    if hits.is_empty() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for hit in hits {
        out.push_str(&String::from_utf8_lossy(text::slice(bytes, from..hit.span.start)));
        let _ = write!(out, "[redacted: {}]", engine::shown(bytes, &hit));
        from = hit.span.end;
    }
    out.push_str(&String::from_utf8_lossy(text::slice(bytes, from..bytes.len())));
    out
}

fn hits_or_skipped(path: &Path, text: &str, moment: Moment) -> Result<Vec<Hit>, Finding> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(skipped(&format!("{} bytes, more than {TEXT_BYTES_MAX}", text.len())));
    }
    Ok(engine::all(path, text.as_bytes(), moment))
}

fn findings(
    path: &Path,
    text: &str,
    hits: impl Iterator<Item = Hit>,
    moment: Moment,
) -> Vec<Finding> {
    let in_test = paths::is_test(path);
    let mut lines = Lines::new(text.as_bytes());
    let found = hits.filter_map(|hit| {
        let (_, rule) = rules::find(hit.rule)?;
        let severity = rule.severity(moment, in_test)?;
        let what = if hit.secret { engine::shown(text.as_bytes(), &hit) } else { hit.kind.clone() };
        Some(Finding {
            rule: rule.id.clone(),
            severity,
            line: lines.of(hit.span.start),
            message: format!("{}: {what}; {}", rule.means, rule.mend),
        })
    });
    let found = found.collect();
    without_allowed(text, found)
}

/// The findings that no line of the text allows with a reason.
fn without_allowed(text: &str, mut found: Vec<Finding>) -> Vec<Finding> {
    if found.is_empty() {
        return found;
    }
    let allowances = allowances(text);
    found.retain(|finding| {
        !allowances.iter().any(|allowance| {
            allowance.line == finding.line
                && allowance.rule == finding.rule
                && allowance.reason.is_some()
        })
    });
    for finding in &mut found {
        if allowances
            .iter()
            .any(|allowance| allowance.line == finding.line && allowance.rule == finding.rule)
        {
            finding.message += "; `lanekeeper:allow` needs a reason after the rule";
        }
    }
    found
}

/// How often each line occurs.
fn count_lines(text: &str) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    for line in text.lines() {
        *counts.entry(line).or_insert(0) += 1;
    }
    counts
}

/// The lines that a hit touches.
fn lines_of<'a>(text: &'a str, hit: &Hit) -> impl Iterator<Item = &'a str> {
    let bytes = text.as_bytes();
    let start =
        memchr::memrchr(b'\n', text::slice(bytes, 0..hit.span.start)).map_or(0, |at| at + 1);
    let rest = text::slice(bytes, hit.span.end..bytes.len());
    let end = hit.span.end + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    text.get(start..end).unwrap_or_default().lines()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(text: &str) -> String {
        text.replace('¦', "")
    }

    #[test]
    fn every_example_of_every_rule_is_judged_as_it_says() {
        let mut wrong = Vec::new();
        for (_, rule) in rules::all() {
            let examples = rule.matches.iter().map(|example| (example, true));
            let examples = examples.chain(rule.misses.iter().map(|example| (example, false)));
            for ((path, text), expected) in examples {
                let (path, text) = (Path::new(path), spelled(text));
                let mut found = in_added_lines(path, &text, &(1..100).collect());
                found.extend(technology::Technology::TypeScriptOnly.in_added(
                    path,
                    "",
                    &text,
                    Moment::Stop,
                ));
                if found.iter().any(|finding| finding.rule == rule.id) != expected {
                    wrong.push(format!("{} {path:?} expected {expected}: {text}", rule.id));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn only_what_is_added_counts() {
        let secret = spelled("const t = 'gh¦p_se2qoe7two6z7hpmmnlkggd640vd82maja8m'\n");
        let path = Path::new("a.ts");
        let twice = format!("{secret}let a = 1\n{secret}");
        assert_eq!(in_added(path, &secret, &format!("let b = 2\n{secret}")), []);
        let lines = |found: Vec<Finding>| found.iter().map(|one| one.line).collect::<Vec<_>>();
        assert_eq!(lines(in_added(path, "let a = 1\n", &format!("let a = 1\n{secret}"))), [2]);
        assert!(!in_added(path, &secret, &twice).is_empty());
    }

    #[test]
    fn a_secret_is_never_repeated() {
        let text = spelled("x gh¦p_se2qoe7two6z7hpmmnlkggd640vd82maja8m y");
        assert_eq!(
            redact(&text),
            "x [redacted: GitHub personal access token, `ghp_…`, 40 characters] y"
        );
        let found = in_added(Path::new("a.ts"), "", &text);
        assert!(!found[0].message.contains("se2q"), "{}", found[0].message);
        assert_eq!(redact("nothing to see"), "nothing to see");
    }

    #[test]
    fn a_line_may_allow_a_rule_with_a_reason() {
        let secret = spelled("const t = 'gh¦p_se2qoe7two6z7hpmmnlkggd640vd82maja8m'");
        let path = Path::new("a.ts");
        let allowed = format!("{secret} // lanekeeper:allow secret-provider-token revoked in May");
        assert_eq!(in_added(path, "", &allowed), []);
        let other = format!("{secret} // lanekeeper:allow secret-jwt revoked in May");
        assert_eq!(in_added(path, "", &other).len(), 1);
        let unexplained = format!("{secret} // lanekeeper:allow secret-provider-token");
        assert!(in_added(path, "", &unexplained)[0].message.contains("needs a reason"));
    }

    #[test]
    fn a_message_is_searched_for_secrets_only() {
        let found = in_message(&spelled("I used gh¦p_se2qoe7two6z7hpmmnlkggd640vd82maja8m for it"));
        assert_eq!(found.len(), 1);
        assert_eq!(
            in_message(
                "`SELECT * FROM users WHERE id = ` + id was replaced; password: from the vault"
            ),
            []
        );
    }

    #[test]
    fn a_text_over_the_limit_is_said_to_be_skipped() {
        let long = "a ".repeat(TEXT_BYTES_MAX);
        assert_eq!(in_added(Path::new("a.ts"), "", &long)[0].rule, "text-skipped");
    }
}
