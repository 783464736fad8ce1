//! One entry of a boundary: a glob with what qualifies it, or prose.
//!
//! Knows the shape of paths and the words that carve out, hand over or soften
//! an entry. On which side of the boundary it stands is [`super::boundaries`]'.

use super::marks;

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
    let marks = marks::of(text);
    let holds = |wanted| marks & wanted != 0;
    if holds(marks::TICK | marks::PAREN | marks::FOREIGN | marks::SIGN) {
        return None;
    }
    let paths = holds(marks::SLASH | marks::STAR | marks::DOT);
    let word = !text.contains(' ');
    if !word && (paths || holds(marks::CONFINES | marks::READ_ONLY)) {
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

/// "and `x`" without its "and".
fn strip_joiner(text: &str) -> &str {
    const JOINERS: [&str; 9] = ["and ", "or ", "e ", "y ", "и ", "und ", "oder ", "ou ", "plus "];
    JOINERS.iter().find_map(|joiner| text.strip_prefix(joiner)).map_or(text, str::trim_start)
}

fn strip_residual(text: &str) -> (bool, &str) {
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
fn parts(text: &str) -> (&str, &str) {
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
fn cut_except(text: &str) -> (&str, Option<&str>) {
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
fn not_in_parentheses(tail: &str) -> Option<&str> {
    let rest = tail.trim_start().strip_prefix('(')?;
    let rest = rest.strip_prefix("NOT ").or_else(|| rest.strip_prefix("not "))?;
    let rest = rest.split(')').next()?;
    (!paths_in(rest).is_empty()).then_some(rest)
}

/// An exception as a path of the tree: `release/**` below `docs/**` is `docs/release/**`.
fn below(base: &str, glob: &str) -> String {
    let folder = base.split(['*', '?', '{', '[']).next().unwrap_or_default();
    let folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
    let first = |path: &str| path.split('/').next().unwrap_or_default().to_owned();
    if folder.is_empty() || !glob.contains('/') || first(folder) == first(glob) {
        glob.to_owned()
    } else {
        format!("{folder}/{glob}")
    }
}

fn says_read_only(tail: &str) -> bool {
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
fn owner(tail: &str) -> Option<String> {
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

/// Every path in a text: code spans if it has any, else words that look like paths.
pub(super) fn paths_in(text: &str) -> Vec<String> {
    if text.contains('`') {
        let spans = text.split('`').skip(1).step_by(2);
        return spans.filter_map(|span| glob(span, Spelling::Quoted)).collect();
    }
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')'))
        .filter_map(|word| glob(bare_word(word), Spelling::Bare))
        .collect()
}

/// A word without quotes, punctuation and emphasis; the stars of globs stay.
pub(super) fn bare_word(word: &str) -> &str {
    let word = word.trim_matches(['"', '\'', '“', '”', '(', ')', ',', ';', ':', '!']);
    let word = word.trim_end_matches('.');
    let start = word.trim_start_matches(['*', '_']);
    let emphasised = start.starts_with(|c: char| c.is_alphanumeric());
    let word = if emphasised && start.len() + 2 == word.len() { start } else { word };
    let end = word.trim_end_matches('*');
    let emphasised = end.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | ':'));
    if emphasised && end.len() + 2 == word.len() { end.trim_end_matches(['.', ':']) } else { word }
}

/// Whether a path was marked as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    Quoted,
    Bare,
}

/// The text as a glob, when it has the shape of a path; folders become `dir/**`.
pub(super) fn glob(text: &str, spelling: Spelling) -> Option<String> {
    let text = text.trim().trim_matches(['"', '\'']);
    if text.len() < 2 || !shaped(text) {
        return None;
    }
    if text.ends_with('/') {
        return Some(format!("{text}**"));
    }
    let last = text.rsplit('/').next().unwrap_or(text);
    if text.contains(['*', '?']) {
        return Some(text.to_owned());
    }
    if let Some((_, rest)) = text.split_once('/') {
        if file_like(last) || is_file_name(last) {
            return (!rest.starts_with('.')
                || !text.starts_with('.')
                || text.starts_with("./")
                || text.starts_with("../")
                || rest.contains('/')
                || text.starts_with(".c"))
            .then(|| text.to_owned());
        }
        let folder = spelling == Spelling::Quoted || text.starts_with(['.', '~', '/']);
        return folder.then(|| format!("{text}/**"));
    }
    let dotted =
        text.starts_with('.') && text.len() > 2 && !is_extension(text.trim_start_matches('.'));
    let named = dotted || is_file_name(text) || (file_like(text) && !is_product(text));
    named.then(|| text.to_owned())
}

/// No path has these: calls, commands, addresses, packages.
fn shaped(text: &str) -> bool {
    let odd = text.contains(|c: char| {
        c.is_whitespace() && !text.contains('{')
            || matches!(c, '"' | '\'' | '=' | ';' | '|' | '`' | '\\' | '!' | ',')
                && !(c == ',' && text.contains('{'))
    });
    let call = text.contains("()") || (text.contains('(') && !text.contains('/'));
    let tag = text.starts_with('<') && !text.contains('/') || text.starts_with("</");
    let wild_only =
        text.bytes().all(|byte| matches!(byte, b'*' | b'?' | b'/' | b'.' | b'-' | b'_'))
            && !matches!(text, "**" | "**/*" | "*" | "./**");
    !(odd
        || call
        || tag
        || wild_only
        || text.contains(':')
        || text.contains("${{")
        || text.starts_with(['@', '#', '-', '&', '+', '%', ',']))
}

/// `name.ext` with an extension that files have.
fn file_like(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty() && !stem.ends_with('/') && is_extension(extension)
    }) || (name.starts_with('.') && name.len() > 2)
}

fn is_extension(text: &str) -> bool {
    EXTENSIONS.binary_search(&text).is_ok()
}

/// Product names that look like files: `Node.js`, `Next.js`.
fn is_product(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.rsplit_once('.').is_some_and(|(_, extension)| extension == "js")
        && text.bytes().filter(u8::is_ascii_uppercase).count() <= 2
}

fn is_file_name(name: &str) -> bool {
    const NAMES: [&str; 15] = [
        "Dockerfile",
        "Makefile",
        "Jenkinsfile",
        "LICENSE",
        "README",
        "CHANGELOG",
        "Gemfile",
        "Rakefile",
        "Procfile",
        "CODEOWNERS",
        "Vagrantfile",
        "justfile",
        "Justfile",
        "Containerfile",
        "Brewfile",
    ];
    NAMES.contains(&name)
}

/// Extensions by which a bare word is a file; sorted, a test holds the order.
const EXTENSIONS: &[&str] = &[
    "avif",
    "bash",
    "bats",
    "bicep",
    "c",
    "cc",
    "cfg",
    "cjs",
    "cmake",
    "conf",
    "config",
    "cpp",
    "cs",
    "csproj",
    "css",
    "csv",
    "cts",
    "cu",
    "dart",
    "db",
    "dockerfile",
    "docx",
    "env",
    "erb",
    "ex",
    "exs",
    "feature",
    "fish",
    "gd",
    "gif",
    "go",
    "gql",
    "gradle",
    "graphql",
    "groovy",
    "h",
    "hbs",
    "hcl",
    "hpp",
    "html",
    "ico",
    "ini",
    "ipynb",
    "j2",
    "java",
    "jks",
    "jpeg",
    "jpg",
    "js",
    "json",
    "json5",
    "jsonc",
    "jsonl",
    "jsx",
    "key",
    "keystore",
    "kt",
    "kts",
    "less",
    "lock",
    "log",
    "lua",
    "m",
    "md",
    "mdc",
    "mdx",
    "mjs",
    "mk",
    "mod",
    "mts",
    "njk",
    "p12",
    "pdf",
    "pem",
    "pfx",
    "php",
    "pl",
    "plist",
    "png",
    "prisma",
    "properties",
    "proto",
    "ps1",
    "psd1",
    "psm1",
    "py",
    "pyi",
    "r",
    "rake",
    "rb",
    "rs",
    "rst",
    "sass",
    "scala",
    "scss",
    "sh",
    "sln",
    "sol",
    "sql",
    "sqlite",
    "sum",
    "svelte",
    "svg",
    "swift",
    "tex",
    "tf",
    "tfvars",
    "toml",
    "tpl",
    "ts",
    "tsx",
    "txt",
    "vue",
    "wasm",
    "webp",
    "xlsx",
    "xml",
    "yaml",
    "yml",
    "zig",
    "zsh",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extensions_are_sorted() {
        assert!(EXTENSIONS.is_sorted());
    }

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
