//! Labels: "**Allowed:** …", "- Forbidden: …", "You may only write to:".

use super::marks::{self, Signs};
use super::trim::{stripped, trimmed};

/// A label and what stands behind it on the same line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label<'a> {
    /// Without marks and colon.
    pub(super) name: &'a str,
    /// Trimmed; empty when the label stands alone.
    pub(super) rest: &'a str,
}

/// A label is at most this long, in bytes; what is longer is a sentence.
const NAME_BYTES_MAX: usize = 120;

/// The label that a line with these signs starts with, without its list marker.
pub(super) fn of(text: &str, signs: Signs) -> Option<Label<'_>> {
    // What is not prose has no signs; emphasised, a heading is a label too.
    let holds = |wanted| signs & wanted != 0 || text.starts_with('_');
    if !holds(marks::COLON | marks::STAR) {
        return None;
    }
    let plain = || if holds(marks::COLON) { plain(text) } else { None };
    let found = if let Some(inner) = text.strip_prefix("**") {
        bold(inner, "**").or_else(plain)
    } else if let Some(inner) = text.strip_prefix("__") {
        bold(inner, "__")
    } else {
        plain()
    };
    found.filter(|label| !label.name.is_empty() && label.name.len() <= NAME_BYTES_MAX)
}

/// `**Name:** rest`, `**Name**: rest`, `**Name** — rest`, `**Name**`.
fn bold<'a>(inner: &'a str, marks: &str) -> Option<Label<'a>> {
    let (name, rest) = inner.split_once(marks)?;
    let rest = rest.trim_start();
    let (closed, name) = match strip_colon_end(name.trim()) {
        Some(name) => (true, name),
        None => (false, name.trim()),
    };
    let behind = rest.strip_prefix([':', '：', '—', '–']).map(str::trim_start);
    match (closed, behind) {
        (true, _) => Some(Label { name, rest }),
        (false, Some(rest)) => Some(Label { name, rest }),
        // "**You own** (full access):" and "**You never touch**".
        (false, None) if rest.is_empty() => Some(Label { name, rest }),
        (false, None) if rest.starts_with('(') => {
            let (_, rest) = rest.split_once(')')?;
            Some(Label { name, rest: strip_colon(rest.trim_start())?.trim_start() })
        }
        (false, None) => None,
    }
}

/// `Name: rest`, and a whole line that ends with a colon.
fn plain(text: &str) -> Option<Label<'_>> {
    let (name, rest) = text.split_at_checked(colon(text)?)?;
    let rest = strip_colon(rest)?;
    let rest = match rest.bytes().next() {
        None | Some(b' ' | b'\t') => rest,
        Some(b'*') => rest.trim_start_matches('*'),
        Some(_) => return None,
    };
    let marked = |byte| matches!(byte, b'*' | b'_' | b' ');
    Some(Label { name: stripped(name, marked), rest: trimmed(rest) })
}

/// Where a name ends: at the first colon of either width, unless code stands
/// before it.
fn colon(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let head = bytes.get(..=NAME_BYTES_MAX).unwrap_or(bytes);
    let at = head.iter().position(|byte| matches!(byte, b':' | b'`' | 0xef))?;
    match head.get(at) {
        // Not every character that starts like the full-width colon is one.
        Some(0xef) => text.find([':', '：', '`']).filter(|at| *at <= NAME_BYTES_MAX),
        _ => Some(at),
    }
}

fn strip_colon(text: &str) -> Option<&str> {
    text.strip_prefix(':').or_else(|| text.strip_prefix('：'))
}

fn strip_colon_end(text: &str) -> Option<&str> {
    text.strip_suffix([':', '：']).map(str::trim_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, name: &str, rest: &str) {
        assert_eq!(of(line, marks::of(line)), Some(Label { name, rest }), "{line}");
    }

    #[track_caller]
    fn none(line: &str) {
        assert_eq!(of(line, marks::of(line)), None, "{line}");
    }

    #[test]
    fn finds_labels_in_every_dress() {
        check("Allowed: a/**, b/**", "Allowed", "a/**, b/**");
        check("**Allowed:** a/**", "Allowed", "a/**");
        check("**Allowed**: **/*.ts", "Allowed", "**/*.ts");
        check("**You own:**", "You own", "");
        check("**You own** (full access): `a/`", "You own", "`a/`");
        check("You may only write to:", "You may only write to", "");
        check("Allowed: **/*.test.*", "Allowed", "**/*.test.*");
        check("**대상**: 파일", "대상", "파일");
        none("**Bold** words in a sentence");
        none("see http://example.com");
        none("`a: b` is code");
    }
}
