//! Where in a statement does a value go?
//!
//! Data can be a parameter instead, the name of a table or column cannot.

use super::super::name::listed;

/// Where a value is put into a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// Where data belongs: this can be a parameter instead.
    Value,
    /// Where a table's or column's name belongs: no parameter can be there.
    Identifier,
}

/// How much of the statement around a value decides.
const AROUND_BYTES: usize = 120;

/// Words that the name of a table or column follows.
const BEFORE_NAMES: &str = "from into update table join select by distinct exists database schema index \
    view column desc asc describe explain pragma truncate user role on as references only ignore show \
    returning using sequence trigger function type extension constraint";
/// Words after which a comparison begins.
const BEFORE_COMPARISONS: &str = "where and or on having not set when";
/// Words that end a name when they follow it.
const COMPARISONS: [&str; 13] = [
    "=", "<", ">", "!=", "like ", "ilike ", "in (", "in(", "is ", "between ", "not ", "asc", "desc",
];

/// What the value between these two parts of a statement is.
pub(super) fn slot_between(before: &str, after: &str) -> Slot {
    let lower = tail(before);
    let after = head(after);
    let trimmed = lower.trim_end();
    if trimmed.ends_with('\'') {
        return Slot::Value;
    }
    // `"${column}"`
    let quoted = trimmed.strip_suffix('"').filter(|_| after.starts_with('"'));
    let (words, rest) = match quoted {
        Some(words) => (words, after.get(1..).unwrap_or_default()),
        None => (lower.as_str(), after.as_str()),
    };
    let word_end = words.trim_end();
    let last = word_end
        .rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .next()
        .unwrap_or_default();
    let spaced = word_end.len() < words.len() || word_end.is_empty();
    // A word of the statement, not the end of a value: `\u{1} by`
    let after_name_word = spaced && listed(BEFORE_NAMES, last);
    let begins = word_end.is_empty()
        || word_end.ends_with(',')
        || spaced && listed(BEFORE_COMPARISONS, last);
    let rest = rest.trim_start();
    let compared = COMPARISONS.iter().any(|sign| rest.starts_with(sign));
    let is_name = trimmed.ends_with(['`', '[', '.'])
        || after_name_word
        || begins && compared
        || quoted.is_some() && word_end.is_empty()
        || word_end.ends_with(',') && lists_names(word_end)
        || word_end.ends_with('(') && wraps_name(word_end, rest);
    if is_name { Slot::Identifier } else { Slot::Value }
}

/// Whether the list that goes on here is one of columns or tables.
fn lists_names(lower: &str) -> bool {
    let last =
        ["select ", " by ", " from ", " set ", "values", " where ", " in (", "call ", "exec "]
            .iter()
            .filter_map(|word| lower.rfind(word).map(|at| (at, *word)))
            .max();
    last.is_some_and(|(at, word)| {
        let since = lower.get(at..).unwrap_or_default();
        matches!(word, "select " | " by " | " from ")
            && since.matches('(').count() == since.matches(')').count()
    })
}

/// `count(${column})`, `lower(${column}) = $1`, `into t (${columns}) values`
fn wraps_name(lower: &str, rest: &str) -> bool {
    let inner = lower.strip_suffix('(').unwrap_or(lower);
    let function =
        inner.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
    let after = rest.strip_prefix(')').map(str::trim_start);
    let compared = || {
        after.is_some_and(|after| COMPARISONS.iter().any(|sign| after.starts_with(sign)))
            && !listed("in values", function)
            && !inner.ends_with(' ')
    };
    let listed_before_values =
        after.is_some_and(|after| after.starts_with("values") || after.starts_with("select"));
    listed("count sum max min avg distinct conflict", function)
        || inner.trim_end().ends_with("conflict")
        || listed_before_values
        || compared()
}

/// The end of what stands before a value: in lower case, spaces made one.
fn tail(before: &str) -> String {
    let mut from = before.len().saturating_sub(AROUND_BYTES);
    while !before.is_char_boundary(from) {
        from += 1;
    }
    super::statement::squeezed(before.get(from..).unwrap_or_default())
}

fn head(after: &str) -> String {
    let mut to = after.len().min(AROUND_BYTES / 4);
    while !after.is_char_boundary(to) {
        to -= 1;
    }
    super::statement::squeezed(after.get(..to).unwrap_or_default())
}

/// Whether a name says that its value is a piece of SQL.
pub(super) fn is_fragment_name(name: &[u8]) -> bool {
    let ends = [
        &b"sql"[..],
        b"query",
        b"clause",
        b"clauses",
        b"condition",
        b"conditions",
        b"columns",
        b"cols",
        b"column",
        b"column_names",
        b"columnnames",
        b"fields",
        b"table",
        b"tablename",
        b"table_name",
        b"tables",
        b"where",
        b"orderby",
        b"order_by",
        b"joins",
        b"select",
        b"column_name",
        b"columnname",
        b"schema",
    ];
    ends.iter().any(|end| {
        name.len()
            .checked_sub(end.len())
            .and_then(|from| name.get(from..))
            .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, slot: Slot) {
        let (before, after) = text.split_once('?').unwrap();
        assert_eq!(slot_between(before, after), slot, "{text}");
    }

    #[test]
    fn tells_names_from_values() {
        for text in [
            "SELECT * FROM ?",
            "SELECT * FROM \"?\"",
            "SELECT a FROM b ORDER BY ?",
            "SELECT a, ? FROM b",
            "SELECT max(?) FROM b",
            "SELECT a FROM b WHERE ? = $1",
            "SELECT a FROM b WHERE lower(?) = $1",
            "UPDATE a SET b = $1, ? = $2",
            "? = $1",
            "\"?\"",
            "INSERT INTO a (?) VALUES ($1)",
        ] {
            check(text, Slot::Identifier);
        }
        for text in [
            "SELECT * FROM b WHERE id = ?",
            "SELECT * FROM b WHERE id = '?'",
            "SELECT * FROM b WHERE id = \"?\"",
            "INSERT INTO b VALUES (?)",
            "SELECT * FROM b WHERE id IN (?) AND a = 1",
            "SELECT * FROM b WHERE a BETWEEN 1 AND ?",
            "SELECT f(?, 1) FROM b",
            "SELECT '?' = a FROM b",
            "SELECT * FROM b LIMIT ?",
            "'?'",
        ] {
            check(text, Slot::Value);
        }
    }
}
