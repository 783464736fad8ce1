//! Labels: "**Allowed:** …", "- Forbidden: …", "You may only write to:".

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

/// The label that a line starts with, without its list marker.
pub(super) fn of(text: &str) -> Option<Label<'_>> {
    let found = if let Some(inner) = text.strip_prefix("**") {
        bold(inner, "**").or_else(|| plain(text))
    } else if let Some(inner) = text.strip_prefix("__") {
        bold(inner, "__")
    } else {
        plain(text)
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
    let at = memchr::memchr(b':', text.as_bytes());
    // The full-width colon can only come first where there is text outside ASCII.
    let wide = memchr::memchr(0xef, text.as_bytes()).is_some();
    let at = if wide { text.find([':', '：'])? } else { at? };
    if at > NAME_BYTES_MAX {
        return None;
    }
    let (name, rest) = text.split_at_checked(at)?;
    let rest = strip_colon(rest)?;
    let parted = rest.is_empty() || rest.starts_with([' ', '\t', '*']);
    (parted && !name.contains('`')).then(|| Label {
        name: name.trim_matches(['*', '_', ' ']),
        rest: rest.trim_start_matches('*').trim(),
    })
}

fn strip_colon(text: &str) -> Option<&str> {
    text.strip_prefix([':', '：'])
}

fn strip_colon_end(text: &str) -> Option<&str> {
    text.strip_suffix([':', '：']).map(str::trim_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, name: &str, rest: &str) {
        assert_eq!(of(line), Some(Label { name, rest }), "{line}");
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
        assert_eq!(of("**Bold** words in a sentence"), None);
        assert_eq!(of("see http://example.com"), None);
        assert_eq!(of("`a: b` is code"), None);
    }
}
