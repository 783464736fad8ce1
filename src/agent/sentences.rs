//! Sentences that confine: "only write to `x`", "do not modify files outside `x`".
//!
//! Each pattern needs a verb of writing, the word that confines, and a path,
//! with nothing but known words between them: prose about files is common,
//! policy about files is rare. "Never edit `x`" is right in three of five real
//! files and wrong in two, so it only warns.

use super::boundaries::Draft;
use super::entries::Found;
use super::marks;
use super::outline::{Kind, Line, Mark, Outline};
use super::tokens::{self, Token};
use super::words::{self, Meaning};

/// Adds what the sentences of the body say about paths.
pub(super) fn read(outline: &Outline<'_>, draft: &mut Draft) {
    for line in outline.lines.iter().filter(|line| line.is_prose()) {
        if !may_confine(line, draft) {
            continue;
        }
        for sentence in tokens::sentences(line.text).filter(|text| tokens::may_hold_path(text)) {
            let tokens = tokens::tokens(sentence);
            if tokens.iter().any(Token::is_path) {
                take(&tokens, line, draft);
            }
        }
    }
    if draft.allowed.is_empty() {
        from_self_description(outline, draft);
    }
}

/// Whether the line holds a word that any pattern needs, and may hold a path.
fn may_confine(line: &Line<'_>, draft: &Draft) -> bool {
    line.holds(marks::SLASH | marks::STAR | marks::TICK | marks::DOT)
        && (matches!(line.kind, Kind::Item(Mark::Yes | Mark::No))
            || line.holds(marks::FOREIGN)
            || marks::says(line.text, marks::ONLY | marks::CONFINES)
            || draft.warns && marks::says(line.text, marks::NOT))
}

fn take(tokens: &[Token<'_>], line: &Line<'_>, draft: &mut Draft) {
    let number = line.number;
    let confining = outside(tokens).or_else(|| only(tokens)).or_else(|| scoped(tokens));
    if let Some(paths) = confining {
        draft.confined = true;
        allow(paths, number, draft);
        return;
    }
    let writes = tokens.iter().position(|token| token.has(words::WRITE));
    let first = paths_from(tokens, writes.map_or(tokens.len(), |at| at + 1));
    match line.kind {
        Kind::Item(Mark::Yes) if !first.is_empty() && inside(tokens) => {
            allow(first, number, draft);
        }
        Kind::Item(Mark::No) if !first.is_empty() => forbid(first, number, draft),
        _ if !first.is_empty() && negated(tokens, writes) => {
            draft.warn(&format!("not enforced, as it is no list: {}", line.text), number);
        }
        _ => {}
    }
}

fn allow(paths: Vec<String>, line: usize, draft: &mut Draft) {
    draft.add(Meaning::Allow, Found { globs: paths, ..Found::default() }, line);
}

fn forbid(paths: Vec<String>, line: usize, draft: &mut Draft) {
    draft.add(Meaning::Forbid, Found { globs: paths, ..Found::default() }, line);
}

/// "Do not modify files outside `x`": only `x` may be written.
fn outside(tokens: &[Token<'_>]) -> Option<Vec<String>> {
    let at = tokens.iter().position(|token| {
        token.has(words::OUTSIDE) || (token.is("other") && !token.has(words::OTHER))
    })?;
    let path = at + 1 + tokens.get(at + 1..)?.iter().position(Token::is_path)?;
    if !tokens.get(at + 1..path)?.iter().all(bridges) {
        return None;
    }
    let before = tokens.get(..at)?;
    let writes = before.iter().rposition(|token| token.has(words::WRITE))?;
    let near = at - writes <= 6;
    let denied = negated(tokens, Some(writes));
    (near && denied).then(|| paths_from(tokens, path))
}

/// "Only create files under `x`", "write only to `x`", "edit `x` only".
fn only(tokens: &[Token<'_>]) -> Option<Vec<String>> {
    let at = tokens.iter().position(|token| token.has(words::ONLY) && !token.has(words::READ))?;
    let path = tokens.iter().position(Token::is_path)?;
    let between =
        |from: usize, to: usize| tokens.get(from..to).is_some_and(|part| part.iter().all(bridges));
    let verb = |from: usize, to: usize| {
        let part = tokens.get(from..to)?;
        part.iter().rposition(|token| token.has(words::WRITE)).map(|verb| from + verb)
    };
    let writes = if at < path {
        match verb(at, path) {
            Some(inner) if between(at + 1, path) => inner,
            _ => {
                let outer = verb(0, at)?;
                (between(outer + 1, at) && between(at + 1, path)).then_some(outer)?
            }
        }
    } else {
        let outer = verb(0, path)?;
        let last = path + paths_span(tokens, path);
        (between(outer + 1, path) && at == last).then_some(outer)?
    };
    if negated(tokens, Some(writes)) {
        return None;
    }
    // "Only update `CHANGELOG.md` when asked" confines the time, not the place.
    let placed = at > path
        || tokens.get(..path)?.iter().any(|token| places(token))
        || tokens.get(..path)?.iter().any(|token| token.has(words::MAY | words::YOU));
    let conditional = tokens
        .get(path..)?
        .iter()
        .any(|token| ["if", "when", "after", "once", "where"].iter().any(|word| token.is(word)));
    (placed && !conditional).then(|| paths_from(tokens, path))
}

/// "All changes must be scoped to `x`".
fn scoped(tokens: &[Token<'_>]) -> Option<Vec<String>> {
    const WORDS: [&str; 4] = ["scoped", "limited", "confined", "restricted"];
    let at = tokens.iter().position(|token| WORDS.iter().any(|word| token.is(word)))?;
    let path = at + tokens.get(at..)?.iter().position(Token::is_path)?;
    let to = tokens.get(at + 1).is_some_and(|token| token.is("to"));
    let writing = tokens.get(..at)?.iter().any(|token| token.has(words::WRITE));
    let bridged = tokens.get(at + 1..path)?.iter().all(bridges);
    (to && writing && bridged).then(|| paths_from(tokens, path))
}

/// Whether a word says where, in front of a path.
fn places(token: &Token<'_>) -> bool {
    ["in", "to", "under", "within", "inside", "into", "for", "at", "at:", "below", "em", "en", "в"]
        .iter()
        .any(|word| token.is(word))
}

fn inside(tokens: &[Token<'_>]) -> bool {
    let path = tokens.iter().position(Token::is_path).unwrap_or_default();
    path > 0 && tokens.get(path - 1).is_some_and(|token| places(token) || token.is("the"))
}

/// A word that may stand between the verb, "only" and the path.
fn bridges(token: &Token<'_>) -> bool {
    match token {
        Token::Word(word, sense) => {
            sense & (words::UNKNOWN | words::NOT | words::BAN | words::OUTSIDE) == 0
                && (sense & words::OTHER == 0 || word.eq_ignore_ascii_case("tool"))
                || places(token)
        }
        Token::Path(_) => true,
        Token::Code => false,
    }
}

/// Whether the verb is denied: a word of negation at most four words before it.
fn negated(tokens: &[Token<'_>], verb: Option<usize>) -> bool {
    let Some(verb) = verb else {
        return false;
    };
    let from = verb.saturating_sub(4);
    tokens
        .get(from..verb)
        .is_some_and(|part| part.iter().any(|token| token.has(words::NOT | words::BAN)))
}

/// The paths from a place on, up to the first word that does not join them.
fn paths_from(tokens: &[Token<'_>], from: usize) -> Vec<String> {
    let rest = tokens.get(from..).unwrap_or_default();
    let Some(first) = rest.iter().position(Token::is_path) else {
        return Vec::new();
    };
    let run = rest.get(first..).unwrap_or_default().iter().take(paths_span(rest, first));
    let paths = run.filter_map(|token| match token {
        Token::Path(glob) => Some(glob.clone()),
        _ => None,
    });
    paths.collect()
}

/// How many tokens a list of paths spans.
fn paths_span(tokens: &[Token<'_>], from: usize) -> usize {
    const JOINERS: [&str; 10] =
        ["and", "or", "the", "e", "y", "и", "und", "directory", "folder", "plus"];
    let rest = tokens.get(from..).unwrap_or_default();
    let joins = |token: &&Token<'_>| token.is_path() || JOINERS.iter().any(|word| token.is(word));
    rest.iter().take_while(joins).count()
}

/// "You read sources and write reports to `x/`", "Owns `x/**`": what an agent
/// without any list says of itself. It allows, and shuts nothing out.
fn from_self_description(outline: &Outline<'_>, draft: &mut Draft) {
    for line in outline.lines.iter().filter(|line| line.is_prose()) {
        if !line.holds(marks::SLASH | marks::STAR) {
            continue;
        }
        for sentence in tokens::sentences(line.text) {
            if !tokens::may_hold_path(sentence) {
                continue;
            }
            if !(sentence.starts_with("You ") || starts_owning(sentence)) {
                continue;
            }
            let tokens = tokens::tokens(sentence);
            let paths = owned(&tokens).or_else(|| written(&tokens)).unwrap_or_default();
            if !paths.is_empty() {
                allow(paths, line.number, draft);
            }
        }
    }
}

fn starts_owning(sentence: &str) -> bool {
    words::words(sentence).next().is_some_and(|word| words::of_word(word) & words::OWN != 0)
}

/// "You own `x`", "Dono único de `x`".
fn owned(tokens: &[Token<'_>]) -> Option<Vec<String>> {
    let owns = tokens.iter().take(3).position(|token| token.has(words::OWN))?;
    let path = tokens.iter().position(Token::is_path)?;
    let near = path.checked_sub(owns)? <= 4;
    near.then(|| paths_from(tokens, path))
}

/// "You … write … to `x/`".
fn written(tokens: &[Token<'_>]) -> Option<Vec<String>> {
    let path = tokens.iter().position(Token::is_path)?;
    let before = tokens.get(..path)?;
    let writes = before.iter().rposition(|token| token.has(words::WRITE))?;
    let placed = before.last().is_some_and(|token| token.is("to") || token.is("into"));
    let near = path - writes <= 5;
    (placed && near && !negated(tokens, Some(writes))).then(|| paths_from(tokens, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, allowed: &[&str], forbidden: &[&str]) {
        let outline = Outline::read(line, 1);
        let mut draft = Draft::default();
        draft.warns = true;
        read(&outline, &mut draft);
        let globs = |rules: &[super::super::Rule]| -> Vec<String> {
            rules.iter().map(|rule| rule.glob.clone()).collect()
        };
        assert_eq!(globs(&draft.allowed), allowed, "allowed by: {line}");
        assert_eq!(globs(&draft.forbidden), forbidden, "forbidden by: {line}");
    }

    #[test]
    fn sentences_that_confine_allow_one_place() {
        check("Only create or modify files under `plans/`.", &["plans/**"], &[]);
        check(
            "You WILL create/edit files ONLY in `a/`, `b/`, and `c/`",
            &["a/**", "b/**", "c/**"],
            &[],
        );
        check("Write tool is only for REPORT.md creation.", &["REPORT.md"], &[]);
        check("You may only edit `docs/api.md`.", &["docs/api.md"], &[]);
        check("Edit `tests/**` only.", &["tests/**"], &[]);
        check("Do NOT modify any files outside `packages/a/`", &["packages/a/**"], &[]);
        check("Never write to anything except `out/`.", &["out/**"], &[]);
        check(
            "**All code changes and modifications MUST be scoped to the `apps/a/` directory.**",
            &["apps/a/**"],
            &[],
        );
        check("You read sources and write structured notes to `notes/`.", &["notes/**"], &[]);
    }

    #[test]
    fn signs_allow_and_forbid() {
        check("- ✅ Create and modify any files within `apps/a/` (all of it)", &["apps/a/**"], &[]);
        check(
            "- ❌ Do NOT modify settings in `packages/b/` (that's for other-agent)",
            &[],
            &["packages/b/**"],
        );
        check("- ❌ Do NOT write React components, JSX, or TSX files", &[], &[]);
        check("- ✅ Read documentation from any location", &[], &[]);
    }

    #[test]
    fn other_sentences_about_files_are_no_policy() {
        check("Only update entries in a.json/b.json that reference the given paths", &[], &[]);
        check("Only update `CHANGELOG.md` when asked.", &[], &[]);
        check("Never edit `package-lock.json`.", &[], &[]);
        check("Evidence is scoped to `audit/`.", &[], &[]);
        check("Only use `npm test` for tests.", &[], &[]);
        check("Do not read files outside `src/`.", &[], &[]);
    }
}
