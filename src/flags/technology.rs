//! "TypeScript only, no JavaScript", held to.
//!
//! Reads the rule from the definition's own words; a definition without such
//! words asks for nothing.

use std::path::Path;

use memchr::memmem;

use super::rules::Moment;
use super::text::Hit;
use super::{Finding, paths};
use crate::agent::Item;

/// What a definition says about technology, as far as it can be checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Technology {
    /// Nothing that can be checked.
    #[default]
    Any,
    /// No JavaScript.
    TypeScriptOnly,
}

impl Technology {
    /// Reads the technology rules and the red flags of a definition.
    pub fn of<'a>(items: impl IntoIterator<Item = &'a Item>) -> Self {
        let only = items.into_iter().any(|item| {
            let text = item.text.to_lowercase().replace(['*', '_', '`'], "");
            let typescript = text.contains("typescript");
            typescript && (text.contains("only") || text.contains("strictly"))
                || [
                    "no javascript",
                    "not javascript",
                    "never javascript",
                    "no plain javascript",
                    "no js ",
                ]
                .iter()
                .any(|words| text.contains(words))
        });
        if only { Self::TypeScriptOnly } else { Self::Any }
    }

    /// What in an added text breaks the rule. `before` is the file's present
    /// text, empty for a new file.
    pub fn in_added(self, path: &Path, before: &str, after: &str, moment: Moment) -> Vec<Finding> {
        if self == Self::Any || before == after {
            return Vec::new();
        }
        let mut hits = Vec::new();
        if before.is_empty() && is_javascript(path) {
            hits.push(hit("technology-javascript", 0, "a JavaScript file"));
        }
        for (rule, word, kind) in [
            ("technology-unchecked", "@ts-nocheck", "type checks switched off for a whole file"),
            ("technology-require", "= require(", "`require` instead of `import`"),
            ("technology-allow-js", "\"allowJs\": true", "JavaScript allowed by tsconfig"),
        ] {
            let applies = match rule {
                "technology-allow-js" => path
                    .file_name()
                    .is_some_and(|name| name.to_string_lossy().starts_with("tsconfig")),
                _ => is_typescript(path),
            };
            let counts = |text: &str| memmem::find_iter(text.as_bytes(), word.as_bytes()).count();
            if applies
                && counts(after) > counts(before)
                && let Some(at) = memmem::rfind(after.as_bytes(), word.as_bytes())
            {
                hits.push(hit(rule, at, kind));
            }
        }
        super::findings(path, after, hits.into_iter(), moment)
    }
}

fn hit(rule: &'static str, at: usize, kind: &str) -> Hit {
    Hit { rule, span: at..at + 1, kind: kind.to_owned(), secret: false }
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

fn is_typescript(path: &Path) -> bool {
    matches!(extension(path), "ts" | "tsx" | "mts" | "cts")
}

/// A JavaScript file that people write: tools' configurations and what is
/// served or built do not count.
fn is_javascript(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let configures = name.contains(".config.") || name.starts_with('.') || name.contains("rc.");
    let elsewhere = path.iter().any(|part| {
        matches!(
            part.to_str(),
            Some("public" | "dist" | "build" | "node_modules" | "vendor" | "static")
        )
    });
    matches!(extension(path), "js" | "jsx" | "mjs" | "cjs")
        && !configures
        && !elsewhere
        && !paths::is_generated(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(text: &str) -> Item {
        Item { text: text.into(), line: 1 }
    }

    #[track_caller]
    fn check(path: &str, after: &str, rules: &[&str]) {
        let found = Technology::TypeScriptOnly.in_added(Path::new(path), "", after, Moment::Write);
        assert_eq!(found.iter().map(|one| one.rule.as_str()).collect::<Vec<_>>(), rules, "{path}");
    }

    #[test]
    fn reads_the_rule_from_the_definition() {
        assert_eq!(
            Technology::of(&[item("**TypeScript only** - NO JavaScript files")]),
            Technology::TypeScriptOnly
        );
        assert_eq!(Technology::of(&[item("Use TypeScript ONLY")]), Technology::TypeScriptOnly);
        assert_eq!(Technology::of(&[item("TypeScript and JavaScript are fine")]), Technology::Any);
        assert_eq!(Technology::Any.in_added(Path::new("a.js"), "", "x", Moment::Write), []);
    }

    #[test]
    fn finds_javascript_where_typescript_was_asked_for() {
        check("src/a.js", "let a = 1", &["technology-javascript"]);
        check("src/a.ts", "const a = require('a')", &["technology-require"]);
        check("src/a.ts", "// @ts-nocheck", &["technology-unchecked"]);
        check(
            "tsconfig.json",
            "{\"compilerOptions\": {\"allowJs\": true}}",
            &["technology-allow-js"],
        );
        check("vite.config.js", "export default {}", &[]);
        check("public/sw.js", "self", &[]);
        check("src/a.ts", "import a from 'a'", &[]);
        let known =
            Technology::TypeScriptOnly.in_added(Path::new("a.js"), "let a", "let b", Moment::Write);
        assert_eq!(known, []);
    }
}
