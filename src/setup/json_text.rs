//! Where things stand in a JSON text, so that it can be edited without
//! rewriting it.
//!
//! Finds the spans of members and elements in a text that is known to be valid
//! JSON; checking that is left to serde_json.

use std::ops::Range;

/// A member of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// The key, unescaped.
    pub(super) key: String,
    /// From the key's quote to the value's end.
    pub(super) whole: Range<usize>,
    /// The value alone.
    pub(super) value: Range<usize>,
}

/// The span of the text's one value, without the white space around it.
pub(super) fn root(text: &str) -> Range<usize> {
    let start = skip_space(text.as_bytes(), if text.starts_with('\u{feff}') { 3 } else { 0 });
    start..skip_value(text.as_bytes(), start)
}

/// The members of the object at `object`, in order.
pub(super) fn members(text: &str, object: &Range<usize>) -> Vec<Member> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = skip_space(bytes, object.start + 1);
    while at + 1 < object.end {
        let key_end = skip_value(bytes, at);
        let colon = skip_space(bytes, key_end);
        let start = skip_space(bytes, colon + 1);
        let end = skip_value(bytes, start);
        let key = serde_json::from_str(text.get(at..key_end).unwrap_or_default());
        found.push(Member { key: key.unwrap_or_default(), whole: at..end, value: start..end });
        at = after_comma(bytes, end);
    }
    found
}

/// The elements of the array at `array`, in order.
pub(super) fn elements(text: &str, array: &Range<usize>) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = skip_space(bytes, array.start + 1);
    while at + 1 < array.end {
        let end = skip_value(bytes, at);
        found.push(at..end);
        at = after_comma(bytes, end);
    }
    found
}

/// The first place from `at` that is not white space.
fn skip_space(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// Past the comma after a value, if there is one, and the space around it.
fn after_comma(bytes: &[u8], at: usize) -> usize {
    let at = skip_space(bytes, at);
    if bytes.get(at) == Some(&b',') { skip_space(bytes, at + 1) } else { at }
}

/// The end of the value that starts at `at`.
fn skip_value(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (offset, byte) in rest.iter().enumerate() {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (true, b'"') => in_string = false,
            (false, b'"') => in_string = true,
            (false, b'{' | b'[') => depth += 1,
            // The end of what holds a number or a word.
            (false, b'}' | b']' | b',') if depth == 0 => return at + offset,
            (false, b'}' | b']') => depth -= 1,
            (false, byte) if depth == 0 && byte.is_ascii_whitespace() => return at + offset,
            (true | false, _) => continue,
        }
        let closed = !in_string && !escaped && matches!(byte, b'"' | b'}' | b']');
        if closed && depth == 0 {
            return at + offset + 1;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#" { "a" : 1 ,"b,":[ "x]\"", {"c":[]} ,-2.5], "e\u0061":{ } } "#;

    fn text(span: &Range<usize>) -> &'static str {
        TEXT.get(span.clone()).unwrap()
    }

    #[test]
    fn finds_every_member_and_element() {
        let root = root(TEXT);
        assert_eq!(text(&root), TEXT.trim());
        let members = members(TEXT, &root);
        let spans: Vec<_> =
            members.iter().map(|member| (member.key.as_str(), text(&member.value))).collect();
        let expected = [("a", "1"), ("b,", r#"[ "x]\"", {"c":[]} ,-2.5]"#), ("ea", "{ }")];
        assert_eq!(spans, expected);
        assert_eq!(text(&members[0].whole), r#""a" : 1"#);
        let elements = elements(TEXT, &members[1].value);
        let spans: Vec<_> = elements.iter().map(text).collect();
        assert_eq!(spans, [r#""x]\"""#, r#"{"c":[]}"#, "-2.5"]);
        assert_eq!(super::members(TEXT, &members[2].value), []);
    }
}
