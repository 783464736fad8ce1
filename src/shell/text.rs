//! Text that is only partly known.
//!
//! A command's words depend on variables and output that are unknown before it
//! runs. Unknown stretches are kept inside the string as one of two private
//! characters, so that a known prefix still names the folder that is written.
//! A command that holds these characters itself only becomes less known.

/// Any text: slashes, blanks, nothing at all.
pub(super) const HOLE: char = '\u{10FFFE}';
/// Part of one file name: no slash (a counter, a process number, a date).
pub(super) const NAME: char = '\u{10FFFD}';
/// Longest text that is followed, in bytes; longer text is unknown.
pub(super) const LONGEST: usize = 64 * 1024;
/// Most alternatives that are kept for one value.
pub(super) const ALTERNATIVES: usize = 24;

/// The possible values of something.
pub(super) type Values = Vec<String>;

/// A value of which nothing is known.
pub(super) fn unknown() -> Values {
    vec![HOLE.to_string()]
}

/// Whether the whole text is known.
pub(super) fn is_known(text: &str) -> bool {
    !text.contains([HOLE, NAME])
}

/// Whether a stretch of any text is in it.
pub(super) fn has_hole(text: &str) -> bool {
    text.contains(HOLE)
}

/// What stands before the first unknown stretch.
pub(super) fn known_prefix(text: &str) -> &str {
    text.split([HOLE, NAME]).next().unwrap_or_default()
}

/// As shown to people: unknown stretches are dots.
pub(super) fn shown(text: &str) -> String {
    if is_known(text) { text.to_owned() } else { text.replace([HOLE, NAME], "…") }
}

/// Adds a value to the possible ones, forgetting all when there are too many.
pub(super) fn add(values: &mut Values, value: String) {
    if values.contains(&value) || values.iter().any(|known| is_hole(known)) {
        return;
    }
    if values.len() >= ALTERNATIVES {
        let wide = format!("{}{HOLE}", common_folder(values));
        values.clear();
        values.push(wide);
        return;
    }
    values.push(value);
}

/// Adds each of the values.
pub(super) fn add_all(values: &mut Values, more: impl IntoIterator<Item = String>) {
    for value in more {
        add(values, value);
    }
}

/// Whether nothing at all is known of it.
pub(super) fn is_hole(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next() == Some(HOLE) && chars.next().is_none()
}

/// The longest folder that all values begin with, with its slash.
pub(super) fn common_folder(values: &[String]) -> &str {
    let Some(first) = values.first() else { return "" };
    let mut prefix = known_prefix(first);
    for value in values {
        while !value.starts_with(prefix) {
            let mut chars = prefix.chars();
            chars.next_back();
            prefix = chars.as_str();
        }
    }
    prefix.rfind('/').and_then(|slash| prefix.get(..=slash)).unwrap_or_default()
}

/// Every value of `before` followed by every value of `after`.
pub(super) fn join(before: Values, after: &[String]) -> Values {
    if let [only] = after {
        return before.into_iter().map(|value| bounded(value + only)).collect();
    }
    let mut joined = Values::new();
    for left in before {
        for right in after {
            add(&mut joined, bounded(format!("{left}{right}")));
        }
    }
    joined
}

/// The text, or nothing known of it when it is too long.
pub(super) fn bounded(text: String) -> String {
    if text.len() > LONGEST { HOLE.to_string() } else { text }
}
