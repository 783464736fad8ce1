//! Trimming that looks at a byte or two where there is nothing to trim.
//!
//! The same as the standard library's, which decodes characters and asks the
//! Unicode tables: on every line of a definition, that is a good part of what
//! reading it costs.

/// The text without white space at either end.
pub(super) fn trimmed(text: &str) -> &str {
    let text = text.strip_prefix(' ').unwrap_or(text);
    let bytes = text.as_bytes();
    let graphic = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    if graphic(bytes.first()) && graphic(bytes.last()) { text } else { text.trim() }
}

/// The text without white space at its start.
pub(super) fn trimmed_start(text: &str) -> &str {
    let text = text.strip_prefix(' ').unwrap_or(text);
    if text.bytes().next().is_some_and(|byte| byte.is_ascii_graphic()) {
        text
    } else {
        text.trim_start()
    }
}

/// The text without these ASCII characters at either end.
pub(super) fn stripped(text: &str, of: impl Fn(u8) -> bool) -> &str {
    let kept = |byte: &u8| !of(*byte);
    let bytes = text.as_bytes();
    let start = bytes.iter().position(kept).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(kept).map_or(start, |last| last + 1);
    text.get(start..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trims_what_the_standard_library_trims() {
        for text in ["", " ", "a", " a b ", "  a", "\ta\u{b}", "\u{a0}a\u{3000}", "é ", "\u{7f}"] {
            assert_eq!(trimmed(text), text.trim(), "{text:?}");
            assert_eq!(trimmed_start(text), text.trim_start(), "{text:?}");
        }
        for text in ["", "*", "* _a_b ", "a", " é*", "**:**"] {
            let expected = text.trim_matches(['*', '_', ' ']);
            assert_eq!(stripped(text, |byte| matches!(byte, b'*' | b'_' | b' ')), expected);
        }
    }
}
