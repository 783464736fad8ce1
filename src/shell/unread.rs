//! Text that was not understood: could it write?

use super::table;

/// Names that can write and are no line of the table.
const OTHERS: [&str; 24] = [
    "bash", "sh", "dash", "zsh", "eval", "source", "python", "python3", "node", "perl", "ruby",
    "php", "sed", "awk", "gawk", "tar", "unzip", "curl", "wget", "dd", "npm", "xargs", "ed", "ex",
];

/// Whether a token that can write stands in text that could not be parsed.
pub(super) fn may_write(text: &str) -> bool {
    if memchr::memchr(b'>', text.as_bytes()).is_some() {
        return true;
    }
    let words = text.split(|char: char| !(char.is_ascii_alphanumeric() || "_-.+".contains(char)));
    let mut seen = std::collections::HashSet::new();
    words.filter(|word| (2..20).contains(&word.len()) && seen.insert(*word)).any(|word| {
        OTHERS.contains(&word)
            || table::row(word)
                .is_some_and(|row| !matches!(row.role, "reads" | "opaque" | "subreads" | "sets-up"))
    })
}
