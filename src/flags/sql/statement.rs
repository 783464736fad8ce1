//! Is a text an SQL statement?
//!
//! Prose uses the same words ("Select an item from the list"), so a verb alone
//! is never enough. Parts of statements are [`super::clause`]'s, where a value
//! goes is [`super::slot`]'s.

use super::slot::Slot;
use crate::flags::name;

/// Whether the text, its values replaced by `\u{1}`, is a statement.
pub(super) fn is_sql(text: &str) -> bool {
    let text = skip_lead(text);
    if !super::prefilter::is_verb(text.as_bytes(), 0) {
        return false;
    }
    let shouted = text.bytes().take(4).all(|byte| byte.is_ascii_uppercase());
    let lower = squeezed(text);
    if !shouted && is_sentence(&lower) {
        return false;
    }
    let has = |part: &str| lower.contains(part);
    let lowered = text.bytes().take(4).all(|byte| byte.is_ascii_lowercase());
    let lists = || lower.split(" from ").next().is_some_and(|names| names.contains(','));
    let proof = shouted || has_operator(&lower) || lowered && lists();
    let mut words = lower.split(' ');
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let third = words.next().unwrap_or_default();
    match first {
        "select" => is_select(&lower, shouted) && proof,
        "insert" => {
            matches!(second, "into" | "ignore" | "or" | "overwrite")
                && (shouted || has(" values") || has("(") || has(" select "))
        }
        "replace" | "upsert" => second == "into" && (has("values") || has(" select ")),
        "update" => {
            (third == "set" || has(" set ") && (shouted || has("=")))
                && (has("=") || has("\u{1}"))
                && (proof || has("="))
        }
        "delete" => {
            second == "from" && proof && (shouted || deletes_rows(&lower))
                || shouted && second.starts_with('\u{1}') && has(" from ")
        }
        "with" => has(" as (") && has("select"),
        "create" | "drop" | "alter" | "truncate" | "comment" | "lock" | "analyze" | "reindex"
        | "vacuum" => (shouted || has(";") || has("(")) && is_object(second, third),
        "grant" | "revoke" => shouted && (has(" on ") || has(" to ") || has(" from ")),
        "merge" => (second == "into" || shouted || has(" on ")) && has(" using ") && has("matched"),
        "exec" | "execute" | "call" => {
            // `exec node "$@"` is a shell's.
            let called = shouted || second.contains('(') || second.contains('_') || has(" @");
            called && !second.is_empty() && (has("\u{1}") && (has("@") || has("(") || has("'")))
        }
        "describe" | "explain" | "show" | "pragma" | "attach" | "notify" | "copy" => {
            shouted && has("\u{1}")
        }
        "set" => {
            shouted
                && has("\u{1}")
                && matches!(second, "local" | "session" | "role" | "search_path")
        }
        _ => false,
    }
}

/// `delete from foo f where`: a condition follows the name.
fn deletes_rows(lower: &str) -> bool {
    let mut rest = lower.split(' ').skip(3);
    let next = rest.next().unwrap_or_default();
    let alias = next.len() < 3 || next == "as";
    let after = if alias { rest.next().unwrap_or_default() } else { next };
    name::listed("where using order limit returning", next)
        || next.is_empty()
        || alias && name::listed("where using", after)
}

/// What prose in lower case has no use for.
fn has_operator(lower: &str) -> bool {
    let sure = [
        "=",
        "*",
        " in (",
        " like ",
        " ilike ",
        " order by ",
        " group by ",
        " between ",
        " join ",
        " is null",
        " is not null",
        " exists",
        " limit ",
        "<",
        ">",
        " where \u{1}",
    ];
    sure.iter().any(|part| lower.contains(part))
}

/// "Select a file from the list." is for people.
fn is_sentence(lower: &str) -> bool {
    let trimmed = lower.trim_end();
    let ends = trimmed.ends_with(['.', '!', ':'])
        || trimmed.ends_with('?')
            && !trimmed.ends_with(" ?")
            && !trimmed.ends_with("=?")
            && !trimmed.ends_with("(?");
    let begins = [
        "select a ",
        "select an ",
        "select the ",
        "select from ",
        "select your ",
        "select one ",
        "select all ",
        "select up to ",
        "update your ",
        "update the ",
        "delete from the ",
        "delete from here",
    ];
    let begins = begins.iter().any(|start| {
        lower
            .strip_prefix(start)
            .is_some_and(|rest| !rest.starts_with("from ") && !rest.starts_with(','))
    });
    let within =
        [" from the ", " from your ", " from this ", " from here ", " from a ", "</", "<br", "/>"];
    ends || begins || within.iter().any(|part| lower.contains(part))
}

fn is_select(lower: &str, shouted: bool) -> bool {
    let from = lower.contains(" from ") || lower.ends_with(" from");
    let function = lower.starts_with("select ") && lower.contains('(') && shouted;
    from || function || (shouted && lower.starts_with("select \u{1}"))
}

fn is_object(second: &str, third: &str) -> bool {
    let objects = [
        "table",
        "database",
        "schema",
        "index",
        "view",
        "user",
        "role",
        "trigger",
        "sequence",
        "function",
        "column",
        "extension",
        "type",
        "tables",
        "policy",
        "on",
    ];
    let modifiers =
        ["or", "unique", "temp", "temporary", "materialized", "if", "external", "global", "login"];
    objects.contains(&second)
        || (modifiers.contains(&second) && !third.is_empty())
        || second.starts_with("table")
}

/// Whether only names and definitions can be in the statement: no parameter
/// can stand anywhere in it.
pub(super) fn is_definition(text: &str) -> bool {
    let first = skip_lead(text).split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    name::listed(
        "create drop alter truncate comment lock analyze reindex vacuum grant revoke describe show pragma attach set copy notify",
        &first,
    )
}

/// Of a definition only what is quoted is a value: a password, a comment.
pub(super) fn keep_quoted(text: &str, slots: &mut [Slot]) {
    let is_pragma =
        skip_lead(text).get(..6).is_some_and(|word| word.eq_ignore_ascii_case("pragma"));
    for ((at, _), slot) in text.match_indices('\u{1}').zip(slots) {
        let before = text.get(..at).unwrap_or_default().trim_end();
        let after = text.get(at + 1..).unwrap_or_default();
        // `'user'@'host'`
        let account = after.starts_with("'@") || before.ends_with("@'");
        if !before.ends_with('\'') || account || is_pragma {
            *slot = Slot::Identifier;
        }
    }
}

/// Spaces made one, in lower case, at most 4,096 characters.
pub(super) fn squeezed(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars().take(4096) {
        if character.is_whitespace() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(character.to_ascii_lowercase());
        }
    }
    out
}

/// Without spaces, parentheses and comments at the front, and `\n` as written.
pub(super) fn skip_lead(text: &str) -> &str {
    let mut text = text;
    loop {
        let before = text.len();
        text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
        text = text.strip_prefix("\\n").unwrap_or(text);
        text = text.strip_prefix("\\").unwrap_or(text);
        if let Some(comment) = text.strip_prefix("--") {
            text = comment.split_once('\n').map_or("", |(_, rest)| rest);
        }
        if let Some(comment) = text.strip_prefix("/*") {
            text = comment.split_once("*/").map_or("", |(_, rest)| rest);
        }
        if text.len() == before {
            return text;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, sql: bool) {
        assert_eq!(is_sql(&text.replace('?', "\u{1}")), sql, "{text}");
    }

    #[test]
    fn tells_statements_from_sentences() {
        check("SELECT * FROM users WHERE id = ?", true);
        check("select name from users where id = '?'", true);
        check("\n  SELECT\n ?\n FROM foo", true);
        check("INSERT INTO ? VALUES (1)", true);
        check("UPDATE ? SET a = 1", true);
        check("DELETE FROM foo WHERE id = ?", true);
        check("WITH cte AS (SELECT x FROM foo) SELECT x FROM cte WHERE x = ?", true);
        check("DROP TABLE ?", true);
        check("Select a ? from the list", false);
        check("Select from active instances", false);
        check("delete from the cache as the first argument", false);
        check("Update ? failed", false);
        check("update ? to version ?", false);
        check("Delete ? from the list?", false);
        check("with ? as a guest", false);
        check("Insert coin ?", false);
        check("create user ? failed", false);
        check("selected ? from ?", false);
    }
}
