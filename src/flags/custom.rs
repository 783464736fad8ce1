//! A project's own red flags, from `.claude/lanekeeper.json`.
//!
//! Regular expressions, searched line by line and compiled only when a project
//! has some. Reading the file is [`crate::config`]'s.

mod pattern;

use std::path::Path;

use anyhow::{Context, bail};
use regex_lite::Regex;

use super::{Finding, Severity};
use crate::config::{FlagRule, FlagSeverity};

/// The longest line that is searched, in bytes.
const LINE_BYTES_MAX: usize = 4096;
/// The most findings of one rule in one text.
const FINDINGS_MAX: usize = 20;

/// Rules ready to be used.
#[derive(Clone, Debug, Default)]
pub struct Custom {
    rules: Vec<Compiled>,
}

#[derive(Clone, Debug)]
struct Compiled {
    id: String,
    pattern: Regex,
    globs: Vec<Regex>,
    severity: Severity,
    message: String,
}

impl Custom {
    /// Compiles the rules of a configuration.
    ///
    /// Errors on a pattern that does not compile, with its position, on a glob
    /// that does not, and on an example that its rule does not find.
    pub fn compile(rules: &[FlagRule]) -> anyhow::Result<Self> {
        let rules: anyhow::Result<Vec<Compiled>> = rules
            .iter()
            .map(|rule| {
                compile(rule).with_context(|| format!("the red flag `{}` cannot be used", rule.id))
            })
            .collect();
        Ok(Self { rules: rules? })
    }

    /// Whether there is no rule.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// What these rules find in a whole text.
    pub fn in_file(&self, path: &Path, text: &str) -> Vec<Finding> {
        self.find(path, text, |_, _| true)
    }

    /// What these rules find on the lines of `after` that are not in `before`.
    pub fn in_added(&self, path: &Path, before: &str, after: &str) -> Vec<Finding> {
        let old = super::count_lines(before);
        self.find(path, after, |line, _| !old.contains_key(line))
    }

    /// What these rules find on the given lines (1-based).
    pub fn in_added_lines(
        &self,
        path: &Path,
        text: &str,
        added: &std::collections::BTreeSet<usize>,
    ) -> Vec<Finding> {
        self.find(path, text, |_, number| added.contains(&number))
    }

    fn find(&self, path: &Path, text: &str, counts: impl Fn(&str, usize) -> bool) -> Vec<Finding> {
        let path = path.to_string_lossy();
        let holds = |rule: &&Compiled| {
            rule.globs.is_empty() || rule.globs.iter().any(|glob| glob.is_match(&path))
        };
        let mut found = Vec::new();
        for rule in self.rules.iter().filter(holds) {
            let lines = text.lines().zip(1..).filter(|(line, number)| {
                line.len() <= LINE_BYTES_MAX && counts(line, *number) && rule.pattern.is_match(line)
            });
            found.extend(lines.take(FINDINGS_MAX).map(|(_, line)| Finding {
                rule: rule.id.clone(),
                severity: rule.severity,
                line,
                message: rule.message.clone(),
            }));
        }
        super::without_allowed(text, found)
    }
}

fn compile(rule: &FlagRule) -> anyhow::Result<Compiled> {
    let pattern = pattern::compile(&rule.pattern)?;
    for example in &rule.examples {
        if !example.lines().any(|line| pattern.is_match(line)) {
            bail!("its pattern does not find its example `{}`", crate::hook::printable(example));
        }
    }
    let message = if rule.message.is_empty() {
        format!("matches `{}`", rule.pattern)
    } else {
        rule.message.clone()
    };
    let severity = match rule.severity {
        FlagSeverity::Block => Severity::Block,
        FlagSeverity::Warn => Severity::Warn,
    };
    Ok(Compiled { id: rule.id.clone(), pattern, globs: globs(&rule.globs)?, severity, message })
}

fn globs(globs: &[String]) -> anyhow::Result<Vec<Regex>> {
    let compile = |glob: &String| {
        Regex::new(&expression_of(glob))
            .with_context(|| format!("the glob `{glob}` does not compile"))
    };
    globs.iter().map(compile).collect()
}

/// The glob as an expression: `*` within a folder, `**` across, `{a,b}` either.
fn expression_of(glob: &str) -> String {
    let mut out = String::from("^");
    let mut rest = glob.trim_start_matches("./");
    while let Some(first) = rest.chars().next() {
        let taken = if rest.starts_with("**/") {
            out.push_str("(?:.*/)?");
            3
        } else if rest.starts_with("**") {
            out.push_str(".*");
            2
        } else {
            match first {
                '*' => out.push_str("[^/]*"),
                '?' => out.push_str("[^/]"),
                '{' => out.push_str("(?:"),
                '}' => out.push(')'),
                ',' => out.push('|'),
                other => out.push_str(&regex_lite::escape(other.encode_utf8(&mut [0; 4]))),
            }
            first.len_utf8()
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    out.push('$');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(pattern: &str, globs: &[&str], examples: &[&str]) -> FlagRule {
        FlagRule {
            id: "no-moment".into(),
            pattern: pattern.into(),
            globs: globs.iter().map(|glob| (*glob).to_owned()).collect(),
            severity: FlagSeverity::Warn,
            message: "use `date-fns`".into(),
            examples: examples.iter().map(|example| (*example).to_owned()).collect(),
        }
    }

    #[test]
    fn finds_on_added_lines_of_the_files_it_holds_for() {
        let custom = Custom::compile(&[rule(
            r"from 'moment'",
            &["src/**/*.ts"],
            &["import m from 'moment'"],
        )])
        .unwrap();
        let text = "import a from 'a'\nimport m from 'moment'\n";
        let found = custom.in_added(Path::new("src/x/a.ts"), "import a from 'a'\n", text);
        assert_eq!(found.iter().map(|one| one.line).collect::<Vec<_>>(), [2]);
        assert_eq!(custom.in_added(Path::new("src/x/a.ts"), text, text), []);
        assert_eq!(custom.in_added(Path::new("docs/a.md"), "", text), []);
        let allowed = "import m from 'moment' // lanekeeper:allow no-moment the old API needs it\n";
        assert_eq!(custom.in_added(Path::new("src/a.ts"), "", allowed), []);
    }

    #[test]
    fn names_what_is_wrong_and_where() {
        let error = format!("{:#}", Custom::compile(&[rule("a(b", &[], &[])]).unwrap_err());
        assert_eq!(
            error,
            "the red flag `no-moment` cannot be used: the pattern `a(b` does not compile at character 2: found open group without closing ')'"
        );
        let error = format!("{:#}", Custom::compile(&[rule("a", &[], &["b"])]).unwrap_err());
        assert_eq!(
            error,
            "the red flag `no-moment` cannot be used: its pattern does not find its example `b`"
        );
    }
}
