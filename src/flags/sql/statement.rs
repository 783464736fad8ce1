//! Is a text SQL, and where in the statement does a value go?
//!
//! Prose uses the same words ("Select an item from the list"), so a verb alone
//! is never enough.

use super::super::name;

/// Where a value is put into a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// Where data belongs: this can be a parameter instead.
    Value,
    /// Where a table's or column's name belongs: no parameter can be there.
    Identifier,
}

/// Whether the text, its values replaced by `\u{1}`, is a statement.
pub(super) fn is_sql(text: &str) -> bool {
    let text = skip_lead(text);
    let shouted = text.bytes().take(4).all(|byte| byte.is_ascii_uppercase());
    let lowered = text.bytes().take(4).all(|byte| byte.is_ascii_lowercase());
    // "Select" is how a sentence begins, SELECT and select are SQL.
    let natural = !shouted && !lowered;
    let lower = squeezed(text);
    let has = |part: &str| lower.contains(part);
    let proof =
        !natural || ["=", "*", " where ", "'", " values", "(", ","].iter().any(|part| has(part));
    let mut words = lower.split(' ');
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let third = words.next().unwrap_or_default();
    match first {
        "select" => is_select(&lower, shouted) && proof,
        "insert" => {
            matches!(second, "into" | "ignore" | "or" | "overwrite")
                && (shouted || has(" values") || has("(") || has(" select "))
        }
        "replace" => second == "into" && has("values"),
        "update" => {
            third == "set"
                || has(" set ") && (has("=") || has("\u{1}")) && proof && (shouted || has("="))
        }
        "delete" => {
            second == "from" && (shouted || has(" where "))
                || shouted && second.starts_with('\u{1}')
        }
        "with" => has(" as (") && has("select"),
        "create" | "drop" | "alter" | "truncate" | "comment" | "lock" | "analyze" | "reindex"
        | "vacuum" => (shouted || has(";") || has("(")) && is_object(second, third),
        "grant" | "revoke" => shouted && (has(" on ") || has(" to ") || has(" from ")),
        "merge" => second == "into" && has(" using "),
        "exec" | "execute" | "call" => {
            shouted && !second.is_empty() && (has("\u{1}") && (has("@") || has("(") || has("'")))
        }
        "describe" | "explain" | "show" | "pragma" | "attach" => shouted && has("\u{1}"),
        _ => false,
    }
}

fn is_select(lower: &str, shouted: bool) -> bool {
    let from = lower.find(" from ").is_some() || lower.ends_with(" from");
    let function = lower.starts_with("select ") && lower.contains('(') && shouted;
    // "Select a city from the list"
    let sentence = ["select a ", "select an ", "select the ", "select from ", "select your "];
    let sentence = !shouted
        && sentence.iter().any(|start| {
            lower
                .strip_prefix(start)
                .is_some_and(|rest| !rest.starts_with("from ") && !rest.starts_with(','))
        });
    (from || function || (shouted && lower.starts_with("select \u{1}"))) && !sentence
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
        "create drop alter truncate comment lock analyze reindex vacuum grant revoke describe show pragma attach",
        &first,
    )
}

/// Whether the text is a clause that is appended to a statement.
pub(super) fn is_clause(text: &str) -> bool {
    let lower = squeezed(text.trim_start());
    let starts = [
        "where ",
        "and ",
        "or ",
        "order by ",
        "group by ",
        "limit ",
        "offset ",
        "having ",
        "set ",
        "values",
        "join ",
        "left join ",
        "inner join ",
        "on ",
        "union ",
        "from ",
        "in (",
        "like ",
        ", ",
        "returning ",
        ") ",
    ];
    starts.iter().any(|start| lower.starts_with(start))
}

/// Whether the text compares something: the argument of `where(…)`.
pub(super) fn is_condition(text: &str) -> bool {
    let lower = squeezed(text);
    [
        " = ",
        "=\u{1}",
        "= \u{1}",
        "='",
        "= '",
        " like ",
        " in (",
        " > ",
        " < ",
        " >= ",
        " <= ",
        " <> ",
        " != ",
        " between ",
        " is ",
    ]
    .iter()
    .any(|sign| lower.contains(sign))
}

/// Words that the name of a table or column follows.
const BEFORE_NAMES: &str = "from into update table join select by distinct exists database schema index \
    view column desc asc describe explain pragma truncate user role on as references only ignore show";

/// What the value after this part of the statement is.
pub(super) fn slot_after(before: &str) -> Slot {
    let lower = squeezed(before);
    let trimmed = lower.trim_end();
    let ends = |word: &str| trimmed.ends_with(word);
    let unquoted = trimmed.strip_suffix('"').unwrap_or(&lower);
    let word_end = unquoted.trim_end();
    let last = word_end
        .rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .next()
        .unwrap_or_default();
    let after_word = word_end.len() < unquoted.len() && name::listed(BEFORE_NAMES, last);
    let quoted = ends("`") || ends("[");
    // `schema.${table}`, `${table}.${column}`
    let qualified = ends(".");
    if quoted || after_word || qualified { Slot::Identifier } else { Slot::Value }
}

/// Spaces made one, in lower case, at most 4,096 characters.
fn squeezed(text: &str) -> String {
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
fn skip_lead(text: &str) -> &str {
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

    #[test]
    fn tells_names_from_values() {
        assert_eq!(slot_after("SELECT * FROM "), Slot::Identifier);
        assert_eq!(slot_after("SELECT * FROM \""), Slot::Identifier);
        assert_eq!(slot_after("SELECT a FROM b ORDER BY "), Slot::Identifier);
        assert_eq!(slot_after("SELECT * FROM b WHERE id = "), Slot::Value);
        assert_eq!(slot_after("SELECT * FROM b WHERE id = '"), Slot::Value);
        assert_eq!(slot_after("INSERT INTO b VALUES ("), Slot::Value);
    }
}
