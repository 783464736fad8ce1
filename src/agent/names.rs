//! Agent names in running text: `backend-api`, @code-reviewer, (that's x).

/// Whether a text has the shape of an agent's name.
pub(super) fn is_name(text: &str) -> bool {
    let start = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    start
        && text.len() <= 64
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':'))
        && !text.ends_with(['-', '_', ':'])
}

/// Whether a bare word is a name: several words joined by hyphens.
pub(super) fn is_bare_name(text: &str) -> bool {
    is_name(text) && text.contains('-') && !text.starts_with(|c: char| c.is_ascii_uppercase())
}

/// The name without the registry it is called through (`plugin:name`).
pub(super) fn bare(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}
