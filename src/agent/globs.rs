//! The shape of paths: which words and code spans are globs.
//!
//! Knows how files are named, not what is said about them: that is
//! [`super::entries`]' affair.

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
    let (mut any, mut all) = (0, u8::MAX);
    for byte in text.bytes() {
        let class = CLASSES.get(usize::from(byte)).copied().unwrap_or_default();
        any |= class;
        all &= class;
    }
    let holds = |class: u8| any & class != 0;
    let blank = holds(BLANK)
        || holds(FOREIGN) && text.contains(|c: char| !c.is_ascii() && c.is_whitespace());
    let odd = holds(ODD) || (blank || holds(COMMA)) && !holds(BRACE);
    let call = holds(PAREN) && (!holds(SLASH) || text.contains("()"));
    let tag = text.starts_with('<') && !holds(SLASH) || text.starts_with("</");
    let wild_only = all & WILD != 0 && !matches!(text, "**" | "**/*" | "*" | "./**");
    !(odd
        || call
        || tag
        || wild_only
        || holds(BRACE) && text.contains("${{")
        || text.starts_with(['@', '#', '-', '&', '+', '%', ',']))
}

/// What stands in no path.
const ODD: u8 = 1;
/// ASCII white space, which stands only beside braces, like the comma.
const BLANK: u8 = 1 << 1;
const COMMA: u8 = 1 << 2;
const BRACE: u8 = 1 << 3;
const PAREN: u8 = 1 << 4;
const SLASH: u8 = 1 << 5;
/// What a wildcard that names nothing consists of.
const WILD: u8 = 1 << 6;
const FOREIGN: u8 = 1 << 7;

const CLASSES: [u8; 256] = classes();

#[expect(clippy::indexing_slicing, reason = "run by the compiler, which checks it")]
const fn classes() -> [u8; 256] {
    let mut table = [FOREIGN; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        table[byte as usize] = match byte {
            b'"' | b'\'' | b'=' | b';' | b'|' | b'`' | b'\\' | b'!' | b':' => ODD,
            b'\t'..=b'\r' | b' ' => BLANK,
            b',' => COMMA,
            b'{' => BRACE,
            b'(' => PAREN,
            b'/' => SLASH | WILD,
            b'*' | b'?' | b'.' | b'-' | b'_' => WILD,
            _ => 0,
        };
        byte += 1;
    }
    table
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

/// Names of files that have no extension.
pub(super) fn is_file_name(name: &str) -> bool {
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
}
