//! The words around an entry's paths: what joins, softens, carves out, hands over.
//!
//! Text in, text and facts out. What they make of an entry is
//! [`super::entries`]' affair.

use super::globs::paths_in;

/// "and `x`" without its "and".
pub(super) fn strip_joiner(text: &str) -> &str {
    const JOINERS: [&str; 9] = ["and ", "or ", "e ", "y ", "и ", "und ", "oder ", "ou ", "plus "];
    JOINERS.iter().find_map(|joiner| text.strip_prefix(joiner)).map_or(text, str::trim_start)
}

/// Whether the text speaks of "all other …", and what stands behind that.
pub(super) fn strip_residual(text: &str) -> (bool, &str) {
    const WORDS: [&str; 20] = [
        "all other",
        "any other",
        "every other",
        "other",
        "everything else in",
        "everything else under",
        "everything else",
        "all remaining",
        "qualquer outro",
        "outros",
        "outras",
        "otros",
        "cualquier otro",
        "остальные",
        "Остальные",
        "другие",
        "Другие",
        "alle anderen",
        "나머지",
        "기타",
    ];
    for word in WORDS {
        let head = text.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word));
        let rest = head.and_then(|head| text.get(head.len()..));
        if let Some(rest) = rest.filter(|rest| rest.starts_with([' ', '`'])) {
            return (true, rest.trim_start());
        }
    }
    (text.contains("(all other"), text)
}

/// The entry proper, and the explanation behind a dash, an arrow or a bracket.
pub(super) fn parts(text: &str) -> (&str, &str) {
    const SIGNS: [&str; 7] = [" — ", " – ", " - ", " -- ", " → ", " (", ": "];
    let mut code = false;
    for (at, character) in text.char_indices() {
        if character == '`' {
            code = !code;
        }
        let rest = text.get(at..).unwrap_or_default();
        if !code && SIGNS.iter().any(|sign| rest.starts_with(sign)) {
            return (text.get(..at).unwrap_or(text), rest);
        }
    }
    (text, "")
}

/// The text before the word of exception, and what follows it.
pub(super) fn cut_except(text: &str) -> (&str, Option<&str>) {
    const WORDS: [&str; 9] = [
        "except ",
        "excepto ",
        "exceto ",
        "excluding ",
        "other than ",
        "кроме ",
        "außer ",
        "ausgenommen ",
        "제외 ",
    ];
    let hinted = !text.is_ascii()
        || ["xc", "XC", "ther than", "usgenommen"].iter().any(|letters| text.contains(letters));
    if !hinted {
        return (text, None);
    }
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return (text, None);
    }
    let found = WORDS.iter().filter_map(|word| lower.find(word).map(|at| (at, word.len()))).min();
    match found {
        Some((at, length)) => (
            text.get(..at).unwrap_or(text).trim_end(),
            Some(text.get(at + length..).unwrap_or_default()),
        ),
        None => (text, None),
    }
}

/// "(NOT `*.spec.md`)".
pub(super) fn not_in_parentheses(tail: &str) -> Option<&str> {
    let rest = tail.trim_start().strip_prefix('(')?;
    let rest = rest.strip_prefix("NOT ").or_else(|| rest.strip_prefix("not "))?;
    let rest = rest.split(')').next()?;
    (!paths_in(rest).is_empty()).then_some(rest)
}

/// An exception as a path of the tree: `release/**` below `docs/**` is `docs/release/**`.
pub(super) fn below(base: &str, glob: &str) -> String {
    let folder = base.split(['*', '?', '{', '[']).next().unwrap_or_default();
    let folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
    let first = |path: &str| path.split('/').next().unwrap_or_default().to_owned();
    if folder.is_empty() || !glob.contains('/') || first(folder) == first(glob) {
        glob.to_owned()
    } else {
        format!("{folder}/{glob}")
    }
}

/// Whether an explanation says that the entry may only be read.
pub(super) fn says_read_only(tail: &str) -> bool {
    const PHRASES: [&str; 8] = [
        "read-only",
        "read only",
        "readonly",
        "somente leitura",
        "solo lectura",
        "только чтение",
        "nur lesen",
        "읽기 전용",
    ];
    if tail.is_empty() {
        return false;
    }
    let lower = tail.to_lowercase();
    PHRASES.iter().any(|phrase| lower.contains(phrase))
}

/// The agent that an explanation hands the entry to.
pub(super) fn owner(tail: &str) -> Option<String> {
    const SIGNS: [&str; 6] =
        ["→ ", "owned by ", "that's for ", "that's ", "delegate to ", "owner: "];
    let at = SIGNS.iter().find_map(|sign| tail.find(sign).map(|at| at + sign.len()))?;
    let rest = tail.get(at..)?.trim_start_matches("the ").trim_start_matches(['`', '@', '*']);
    let name: String = rest
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'))
        .collect();
    let name = name.trim_end_matches(':');
    (name.contains('-') || tail.contains(&format!("`{name}`"))).then(|| name.to_owned())
}
