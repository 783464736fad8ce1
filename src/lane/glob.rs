//! Globs as authors of agent definitions write them.
//!
//! How they are written is read by [`super::dialect`], one path against one
//! pattern is [`super::wildcard`]'s; which of two globs wins, the verdict's.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::dialect::{Bare, Bases, patterns};
use super::wildcard::{Case, FOLDERS, ONE, STAR, matches, reaches_below};

/// A path prepared for matching.
#[derive(Clone, Debug)]
pub(super) struct Place<'a> {
    /// Relative to the working tree, if it lies in it; empty for the tree itself.
    pub(super) inside: Option<Cow<'a, [u8]>>,
    /// Without its leading slash.
    pub(super) absolute: Cow<'a, [u8]>,
}

/// One glob, ready to match.
#[derive(Clone, Debug)]
pub(super) struct Glob {
    patterns: Vec<Pattern>,
}

/// One alternative of a glob, in the bytes of [`super::wildcard`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    pub(super) bytes: Vec<u8>,
    pub(super) from: From,
}

/// Where a pattern starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    Tree,
    FileSystem,
}

/// How closely a glob that matched names the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Closeness {
    /// Bytes before the first wildcard.
    pub(super) literal: usize,
    /// Bytes that the rest spells out; all of them when there is no wildcard.
    pub(super) tail: usize,
}

impl Glob {
    pub(super) fn new(text: &str, bare: Bare, bases: Bases<'_>) -> Self {
        Self { patterns: patterns(text, bare, bases) }
    }

    /// How closely the glob matches, if it does.
    pub(super) fn closeness(&self, place: &Place<'_>, case: Case) -> Option<Closeness> {
        let hits = self.patterns.iter().filter(|pattern| {
            pattern.path_of(place).is_some_and(|path| matches(&pattern.bytes, path, case))
        });
        hits.map(Pattern::closeness).max()
    }

    /// Whether everything below a folder that matches is matched as well.
    pub(super) fn covers(&self, place: &Place<'_>, case: Case) -> bool {
        self.patterns.iter().any(|pattern| {
            pattern.bytes.last() == Some(&FOLDERS)
                && pattern.path_of(place).is_some_and(|path| matches(&pattern.bytes, path, case))
        })
    }

    /// Whether the glob spells out something below the folder.
    pub(super) fn names_below(&self, place: &Place<'_>, case: Case) -> bool {
        self.reaches(place, case, false)
    }

    /// Whether something below the folder could match.
    pub(super) fn could_match_below(&self, place: &Place<'_>, case: Case) -> bool {
        self.reaches(place, case, true)
    }

    /// Whether the glob matches and spells out all but the last `tail` bytes.
    pub(super) fn names(&self, place: &Place<'_>, tail: usize, case: Case) -> bool {
        self.patterns.iter().any(|pattern| {
            pattern.path_of(place).is_some_and(|path| {
                pattern.literal().len() + tail >= path.len() && matches(&pattern.bytes, path, case)
            })
        })
    }

    fn reaches(&self, place: &Place<'_>, case: Case, through_any: bool) -> bool {
        self.patterns.iter().any(|pattern| {
            pattern
                .path_of(place)
                .is_some_and(|path| reaches_below(&pattern.bytes, path, case, through_any))
        })
    }
}

impl Pattern {
    fn path_of<'p>(&self, place: &'p Place<'_>) -> Option<&'p [u8]> {
        match self.from {
            From::Tree => place.inside.as_deref(),
            From::FileSystem => Some(&place.absolute),
        }
    }

    fn literal(&self) -> &[u8] {
        let wild = self.bytes.iter().position(|byte| matches!(*byte, STAR | FOLDERS | ONE));
        wild.and_then(|at| self.bytes.get(..at)).unwrap_or(&self.bytes)
    }

    fn closeness(&self) -> Closeness {
        let literal = self.literal().len();
        let rest = self.bytes.get(literal..).filter(|rest| !rest.is_empty());
        let tail = rest.map_or(usize::MAX, |rest| {
            rest.iter().filter(|byte| !matches!(**byte, STAR | FOLDERS | ONE | b'/')).count()
        });
        Closeness { literal, tail }
    }
}

/// The bytes that are compared: Unicode composed, anything else as it is.
pub(super) fn normalised(path: &[u8]) -> Cow<'_, [u8]> {
    if path.is_ascii() {
        return Cow::Borrowed(path);
    }
    match std::str::from_utf8(path) {
        Ok(text) => Cow::Owned(text.nfc().collect::<String>().into_bytes()),
        Err(_) => Cow::Borrowed(path),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn glob(text: &str) -> Glob {
        let bases = Bases { tree: Path::new("/home/u/p"), home: Some(Path::new("/home/u")) };
        Glob::new(text, Bare::AnyFolder, bases)
    }

    fn place(path: &str) -> Place<'_> {
        if let Some(path) = path.strip_prefix('/') {
            return Place { inside: None, absolute: path.as_bytes().into() };
        }
        let absolute = format!("home/u/p/{path}").into_bytes();
        Place { inside: Some(path.as_bytes().into()), absolute: absolute.into() }
    }

    #[track_caller]
    fn check(text: &str, hits: &[&str], misses: &[&str]) {
        for hit in hits {
            assert!(
                glob(text).closeness(&place(hit), Case::Kept).is_some(),
                "{text} must match {hit}"
            );
        }
        for miss in misses {
            assert!(
                glob(text).closeness(&place(miss), Case::Kept).is_none(),
                "{text} must not match {miss}"
            );
        }
    }

    #[test]
    fn reads_globs_as_authors_mean_them() {
        check(
            "backend/**",
            &["backend/a.ts", "backend/a/b.ts", "backend"],
            &["backend2/a", "a/backend/b"],
        );
        check("backend/", &["backend/a/b"], &["back/a"]);
        check("scripts/*", &["scripts/a.sh", "scripts/ci/a.sh"], &["a/scripts/x"]);
        check("*.njk", &["a.njk", "a/b/c.njk"], &["a.njk/b", "njk"]);
        check("Dockerfile", &["Dockerfile", "services/api/Dockerfile"], &["Dockerfile.dev"]);
        check("./Dockerfile", &["Dockerfile"], &["services/api/Dockerfile"]);
        check(".env*", &[".env", ".env.local", "a/.env"], &["env"]);
        check("**/*.test.*", &["a.test.ts", "a/b.test.ts"], &["a.tests.ts"]);
        check("src/**/*.ts", &["src/a.ts", "src/a/b/c.ts"], &["src/a.js", "a/src/b.ts"]);
        check("src/**.ts", &["src/a.ts", "src/a/b.ts"], &["src/a.js"]);
        check("app/[locale]/page.tsx", &["app/[locale]/page.tsx"], &["app/l/page.tsx"]);
        check("apps/{app}/src/**", &["apps/web/src/a"], &["apps/web/a", "apps/a/b/src/c"]);
        check("src/**/*.{ts,tsx}", &["src/a.ts", "src/b/a.tsx"], &["src/a.js"]);
        check("{a,b/{c,d}}/x", &["a/x", "b/c/x", "b/d/x"], &["b/x", "c/x"]);
        check("docs/<NAME>/plan.md", &["docs/x/plan.md"], &["docs/x/y/plan.md"]);
        check("specs/FEAT-XXXX.md", &["specs/FEAT-0012.md"], &["specs/FIX-1.md"]);
        check("adr/ARCH-NN-<title>/**", &["adr/ARCH-07-cache/a.md"], &["adr/ARCH"]);
        check("logs/YYYY-MM-DD.md", &["logs/2026-01-31.md"], &["logs/a.md"]);
        check("a?c", &["abc", "a\u{e9}c", "x/abc"], &["ac", "abbc"]);
        check("**", &["a", "a/b", ""], &[]);
        check("./", &["a", "a/b"], &[]);
        check("{unclosed/**", &["{unclosed/a"], &["unclosed/a"]);
        check("caf\u{e9}/**", &["caf\u{e9}/a"], &[]);
        check("\\*\\*/\\_\\_tests\\_\\_/\\*\\*", &["a/__tests__/b"], &["a/tests/b"]);
        check("src\\app\\**", &["src/app/x"], &["src/x"]);
        check("", &[], &["a", ""]);
    }

    #[test]
    fn globs_outside_the_tree_are_absolute() {
        check("~/notes/**", &["/home/u/notes/a"], &["notes/a", "/home/v/notes/a"]);
        check("../shared/**", &["/home/u/shared/a"], &["shared/a"]);
        check("/srv/www/**", &["/srv/www/a", "srv/www/a"], &["www/a"]);
    }

    #[test]
    fn unicode_is_compared_composed() {
        let decomposed = "cafe\u{301}/a";
        let place = Place {
            inside: Some(normalised(decomposed.as_bytes())),
            absolute: b"".as_slice().into(),
        };
        assert!(glob("caf\u{e9}/**").closeness(&place, Case::Kept).is_some());
        let not_utf8 =
            Place { inside: Some(normalised(b"backend/\xff")), absolute: b"".as_slice().into() };
        assert!(glob("backend/**").closeness(&not_utf8, Case::Kept).is_some());
    }

    #[test]
    fn folders_are_covered_or_reached() {
        let covers = |text: &str, path: &str| glob(text).covers(&place(path), Case::Kept);
        assert!(covers("backend/**", "backend") && covers("backend/**", "backend/a"));
        assert!(!covers("backend/*.ts", "backend") && !covers("backend/a/**", "backend"));
        let names = |text: &str, path: &str| glob(text).names_below(&place(path), Case::Kept);
        assert!(names("src/auth/**", "src") && names("src/auth/**", ""));
        assert!(!names("**/*.env", "src") && !names("src/auth/**", "src/auth/x"));
        let could = |text: &str, path: &str| glob(text).could_match_below(&place(path), Case::Kept);
        assert!(
            could("**/*.env", "src") && could("src/a/b.ts", "src/a") && !could("src/a/b.ts", "x")
        );
    }

    /// Where the dialects agree, `globset` says the same.
    #[test]
    fn globset_agrees_where_the_dialects_do() {
        let mut seed = 0x2545_F491_4F6C_DD1D_u64;
        let mut below = |limit: u64| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            usize::try_from(seed % limit).unwrap()
        };
        let segments = ["a", "b", "ab", "*", "**", "a*", "*b", "?", "a?", "*.ts", "{a,b}", "a*b*"];
        let names = ["a", "b", "ab", "aab", "abb", "x.ts", "a.ts", "ba"];
        let mut matched = 0;
        for _ in 0..5_000 {
            let mut text: Vec<&str> = (0..=below(3)).map(|_| segments[below(12)]).collect();
            // A last `*` is the whole folder here, and a lone name holds in any folder.
            text.insert(0, "a");
            text.push("b");
            let text = text.join("/");
            let mut path: Vec<&str> = (0..=below(4)).map(|_| names[below(8)]).collect();
            path.insert(0, "a");
            path.push("b");
            let path = path.join("/");
            let oracle = globset::GlobBuilder::new(&text).literal_separator(true).build().unwrap();
            let expected = oracle.compile_matcher().is_match(&path);
            let said = glob(&text).closeness(&place(&path), Case::Kept).is_some();
            assert_eq!(said, expected, "{text} against {path}");
            matched += usize::from(said);
        }
        assert!(matched > 100, "{matched}");
    }

    /// A matcher that tries everything would need longer than the universe has.
    #[test]
    fn hostile_globs_do_not_blow_up() {
        let stars = "*a".repeat(300);
        let name = "a".repeat(3000);
        assert!(glob(&format!("{stars}b")).closeness(&place(&name), Case::Kept).is_none());
        let deep = format!("{}b", "**/a/".repeat(300));
        let path = "a/".repeat(1500);
        assert!(glob(&deep).closeness(&place(path.trim_end_matches('/')), Case::Kept).is_none());
        assert!(glob(&"{a,b}".repeat(40)).patterns.len() <= 64);
    }
}
