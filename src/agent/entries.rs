//! One entry of a boundary: a glob with what qualifies it, or prose.
//!
//! What a path looks like is [`super::globs`]', the words that carve out, hand
//! over or soften an entry are [`super::qualifiers`]'. On which side of the
//! boundary it stands is [`super::boundaries`]'.

use super::globs::{Spelling, glob, is_file_name, paths_in};
use super::marks;
use super::qualifiers::{
    below, cut_except, not_in_parentheses, owner, parts, says_read_only, strip_joiner,
    strip_residual,
};

/// What an entry was read as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// As written, without the list marker.
    pub(super) text: String,
    /// The globs; none when the entry is prose.
    pub(super) globs: Vec<String>,
    /// Globs carved out.
    pub(super) except: Vec<String>,
    /// The agent that it names as owner.
    pub(super) owner: Option<String>,
    pub(super) quality: Quality,
    /// Nothing but paths stands before the explanation.
    pub(super) pure: bool,
}

/// How an entry limits itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Quality {
    #[default]
    Whole,
    /// "All other …": yields to any more specific rule.
    Residual,
    /// "(read-only)".
    ReadOnly,
}

/// The entries of a comma-separated line.
pub(super) fn of_line(text: &str) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for piece in split(text) {
        let fresh = of_piece(piece);
        match found.last_mut() {
            // "docs/** EXCEPT docs/design/**, docs/api/**": still the exception.
            Some(last) if carries_on(last, &fresh) => last.except.extend(fresh.globs),
            _ => found.push(fresh),
        }
    }
    found
}

fn carries_on(last: &Found, fresh: &Found) -> bool {
    let base = last.globs.first().and_then(|glob| glob.split(['*', '?']).next());
    !last.except.is_empty()
        && !fresh.globs.is_empty()
        && base.is_some_and(|base| {
            !base.is_empty() && fresh.globs.iter().all(|glob| glob.starts_with(base))
        })
}

/// The entry of one list item: its first paths, the rest being explanation.
pub(super) fn of_piece(text: &str) -> Found {
    let text = text.trim().trim_end_matches('.').trim();
    if let Some(found) = at_a_glance(text) {
        return found;
    }
    let bare = strip_joiner(text);
    let (residual, rest) = strip_residual(bare);
    let (head, tail) = parts(rest);
    let (head, carved) = cut_except(head);
    let globs = paths_of_head(head);
    let pure = !globs.is_empty()
        && head.split('`').step_by(2).all(|part| {
            part.split_whitespace()
                .all(|word| is_filler(word) || glob(word, Spelling::Bare).is_some())
        });
    let mut found = Found { text: text.to_owned(), globs, pure, ..Found::default() };
    found.owner = owner(tail);
    if found.globs.is_empty() {
        return found;
    }
    let main = found.globs.first().cloned().unwrap_or_default();
    let tail_carved = cut_except(tail).1.or_else(|| not_in_parentheses(tail));
    let exceptions = carved.into_iter().chain(tail_carved);
    let mut vague = false;
    for exception in exceptions {
        let globs = paths_in(exception);
        vague |= globs.is_empty();
        found.except.extend(globs.iter().map(|glob| below(&main, glob)));
    }
    if vague && found.except.is_empty() {
        // "except test blocks": no path rule can say that.
        found.globs.clear();
    }
    found.quality = if residual {
        Quality::Residual
    } else if says_read_only(tail) {
        Quality::ReadOnly
    } else {
        Quality::Whole
    };
    found
}

/// A task, of which only the agent that it is left to matters.
pub(super) fn of_task(text: &str) -> Found {
    let tail = memchr::memchr2(b'(', 0xe2, text.as_bytes()).and_then(|at| text.get(at..));
    let owner = tail.and_then(owner);
    Found { text: text.trim().to_owned(), owner, ..Found::default() }
}

/// The two common cases: a single word, and words without any sign of a path.
fn at_a_glance(text: &str) -> Option<Found> {
    let signs = marks::of(text);
    let holds = |wanted| signs & wanted != 0;
    if holds(marks::TICK | marks::PAREN | marks::FOREIGN | marks::DASH) {
        return None;
    }
    let paths = holds(marks::SLASH | marks::STAR | marks::DOT);
    let word = !text.contains(' ');
    if !word && (paths || marks::says(text, marks::CONFINES | marks::READ_ONLY)) {
        return None;
    }
    let globs: Vec<String> =
        if word { glob(text, Spelling::Bare).into_iter().collect() } else { names_in(text) };
    let pure = !globs.is_empty();
    Some(Found { text: text.to_owned(), globs, pure, ..Found::default() })
}

/// "Dockerfile and Makefile": words without any sign that are files all the same.
fn names_in(text: &str) -> Vec<String> {
    if !text.split(' ').all(|word| is_file_name(word) || is_filler(word)) {
        return Vec::new();
    }
    text.split(' ').filter(|word| is_file_name(word)).map(str::to_owned).collect()
}

/// Splits at commas and semicolons outside brackets and code spans.
pub(super) fn split(text: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let mut code = false;
    let mut previous = ' ';
    text.split(|character: char| {
        match character {
            '`' => code = !code,
            '(' | '{' | '[' if !code => depth += 1,
            ')' | '}' | ']' if !code => depth = depth.saturating_sub(1),
            _ => {}
        }
        previous = character;
        matches!(character, ',' | ';' | '、') && depth == 0 && !code
    })
    .map(str::trim)
    .filter(|piece| !piece.is_empty())
    .collect()
}

/// The paths that lead an entry. Prose in which a path merely occurs has none.
fn paths_of_head(head: &str) -> Vec<String> {
    let head = unbold(head.trim());
    if head.contains('`') {
        let lead = head.split('`').next().unwrap_or_default();
        return if leads(lead) && spans_lead(head) { paths_in(head) } else { Vec::new() };
    }
    if let Some(dotted) = dot_files(head) {
        return vec![dotted];
    }
    let mut globs = Vec::new();
    for word in head.split_whitespace() {
        match glob(word.trim_matches([',', ';', '"', '\'']), Spelling::Bare) {
            Some(glob) => globs.push(glob),
            None if is_filler(word) => {}
            // "Anything under src/" is a path rule, "tests for src/" is not.
            None => return Vec::new(),
        }
    }
    globs
}

/// `**x**` without its marks; the stars of `**/*.ts` and `src/**` stay.
fn unbold(text: &str) -> &str {
    let inner = text.strip_prefix("**").and_then(|text| text.strip_suffix("**"));
    inner
        .filter(|inner| inner.starts_with(|c: char| c == '`' || c.is_alphanumeric()))
        .filter(|inner| !inner.ends_with('/'))
        .map_or(text, str::trim)
}

/// Whether nothing but paths and joining words stands between the first code spans.
fn spans_lead(head: &str) -> bool {
    let first = head.split('`').nth(1).unwrap_or_default();
    glob(first, Spelling::Quoted).is_some()
}

/// ".env files" means `.env*`.
fn dot_files(head: &str) -> Option<String> {
    let name = head.strip_suffix(" files").or_else(|| head.strip_suffix(" file"))?;
    let plain = name.len() > 1
        && name.starts_with('.')
        && name.bytes().skip(1).all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    plain.then(|| format!("{name}*"))
}

fn leads(words: &str) -> bool {
    words.split_whitespace().all(is_filler)
}

/// A word beside a path that says nothing about it.
fn is_filler(word: &str) -> bool {
    const WORDS: [&str; 38] = [
        "all",
        "any",
        "anything",
        "everything",
        "every",
        "file",
        "files",
        "code",
        "in",
        "under",
        "within",
        "inside",
        "the",
        "of",
        "your",
        "and",
        "or",
        "directory",
        "directories",
        "folder",
        "folders",
        "+",
        "&",
        "/",
        "e",
        "y",
        "и",
        "und",
        "em",
        "en",
        "todo",
        "todos",
        "tudo",
        "arquivos",
        "archivos",
        "only",
        "its",
        "contents",
    ];
    let lower = word.trim_matches(['*', ',', ':']).to_lowercase();
    lower.is_empty() || WORDS.contains(&lower.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(entry: &str, globs: &[&str]) {
        assert_eq!(of_piece(entry).globs, globs, "{entry}");
    }

    #[test]
    fn tells_globs_from_prose() {
        check("backend/**", &["backend/**"]);
        check("**/*.test.*", &["**/*.test.*"]);
        check("__tests__/**", &["__tests__/**"]);
        check("*.njk", &["*.njk"]);
        check(".gitlab-ci.yml", &[".gitlab-ci.yml"]);
        check(".gitignore", &[".gitignore"]);
        check("Dockerfile", &["Dockerfile"]);
        check("docker-compose.yml", &["docker-compose.yml"]);
        check("role-comm-*.md", &["role-comm-*.md"]);
        check("src/app/[locale]/page.tsx", &["src/app/[locale]/page.tsx"]);
        check("http_client.rs", &["http_client.rs"]);
        check("`docs/`", &["docs/**"]);
        check("`packages/db`", &["packages/db/**"]);
        check("Anything under `src/`", &["src/**"]);
        check("`apps/api/**`, `apps/web/**`", &["apps/api/**", "apps/web/**"]);
        check(".env files", &[".env*"]);
        check("client-side code", &[]);
        check("CI/CD", &[]);
        check("CI/CD modifications", &[]);
        check("GitHub issues/milestones", &[]);
        check("Direct code implementation (.tsx/.ts files)", &[]);
        check("Node.js", &[]);
        check("migrations", &[]);
        check("`components`", &[]);
        check("`npm run build`", &[]);
        check("`@scope/package`", &[]);
        check("https://example.com/a", &[]);
        check("`#[cfg(test)]` blocks in `backend/src/**`", &[]);
    }

    #[test]
    fn reads_what_qualifies_an_entry() {
        let found = of_piece("`compliance/**` exceto `release-norm/**` (co-revisão)");
        assert_eq!(found.globs, ["compliance/**"]);
        assert_eq!(found.except, ["compliance/release-norm/**"]);
        let found = of_piece("`.env*` (except `.env.example`)");
        assert_eq!(
            (found.globs, found.except),
            (vec![".env*".into()], vec![".env.example".into()])
        );
        let found = of_piece("`**/*.spec.*` (NOT `*.spec.md`)");
        assert_eq!(found.except, ["*.spec.md"]);
        assert_eq!(of_piece("Outros `packages/**`").quality, Quality::Residual);
        assert_eq!(of_piece("`src/**` (read-only)").quality, Quality::ReadOnly);
        let found = of_piece("`infra/**` (→ `lgpd-security` for WORM)");
        assert_eq!(found.owner.as_deref(), Some("lgpd-security"));
        let found = of_line("docs/** EXCEPT docs/design/**, docs/api/**, src/**");
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].except, ["docs/design/**", "docs/api/**"]);
    }
}
