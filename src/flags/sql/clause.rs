//! Is a text a part of a statement: a clause, a condition, a list of values?
//!
//! Weaker than [`super::statement`]: some need to be seen in the company of
//! one, or in the hands of a library that takes SQL.

use super::statement::{skip_lead, squeezed};

/// What part of a statement a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// `AND name = '…'`: nothing but SQL.
    Clause,
    /// `name = '…'`, `('…', '…')`, `and a = …`: SQL where SQL is expected.
    Condition,
    /// Anything else.
    Nothing,
}

/// Begins of clauses.
const CLAUSES: [&str; 27] = [
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
    "returning ",
    "cross join ",
    "right join ",
    "full join ",
    "left outer join ",
    "between ",
    "exists (",
    "not exists (",
    "and not ",
];

/// What part of a statement a text is, its values replaced by `\u{1}`.
pub(super) fn part_of(text: &str) -> Part {
    let text = skip_lead_of_clause(text);
    let lower = squeezed(text);
    let is_address = !lower.contains(' ') && (lower.contains('/') || lower.contains('&'));
    if is_address {
        return Part::Nothing;
    }
    let Some(compared) = compared_value(&lower) else {
        let list = lower.starts_with("('\u{1}")
            || lower.starts_with("(\u{1}, ")
            || lower.starts_with("(\"\u{1}");
        let listed = list
            || lower.starts_with("'\u{1}'")
            || lower.starts_with("('") && lower.contains("'\u{1}'");
        return if listed || starts_clause(&lower) && lower.contains('\u{1}') {
            Part::Condition
        } else {
            Part::Nothing
        };
    };
    let shouted = is_shouted(text);
    if starts_clause(&lower) && (shouted || compared == Compared::Quoted) {
        Part::Clause
    } else {
        Part::Condition
    }
}

/// Whether the text begins with a clause that only SQL has.
pub(super) fn begins_clause(text: &str) -> bool {
    let text = skip_lead_of_clause(text);
    is_shouted(text) && starts_clause(&squeezed(text)) || part_of(text) == Part::Clause
}

fn is_shouted(text: &str) -> bool {
    text.bytes().take_while(|byte| *byte != b' ').all(|byte| byte.is_ascii_uppercase())
}

fn starts_clause(lower: &str) -> bool {
    CLAUSES.iter().any(|start| lower.starts_with(start))
        || matches!(lower.trim_end(), "where" | "and" | "or" | "values" | "set")
}

fn skip_lead_of_clause(text: &str) -> &str {
    let text = text.trim_start();
    if text.starts_with('(') { text } else { skip_lead(text) }
}

/// How a value is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Compared {
    Quoted,
    Bare,
}

/// Words and signs before a value that make a comparison of it.
const OPERATORS: [&str; 17] = [
    "=",
    "<",
    ">",
    " like",
    " ilike",
    " in (",
    " in(",
    " between",
    "limit",
    "offset",
    " interval",
    "against (",
    "against(",
    " regexp",
    " glob",
    " similar to",
    " @@",
];

fn compared_value(lower: &str) -> Option<Compared> {
    let mut found = None;
    for (at, _) in lower.match_indices('\u{1}') {
        let before = lower.get(..at).unwrap_or_default();
        let bare = before.trim_end_matches(['%', ' ']);
        let open = bare.strip_suffix(['\'', '"']);
        let sign = open.unwrap_or(bare).trim_end_matches([' ', '(']);
        // A function may stand between: `= lower('…')`
        let sign = if sign.len() < open.unwrap_or(bare).trim_end().len() {
            sign.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_').trim_end()
        } else {
            sign
        };
        let with_bracket = open.unwrap_or(bare);
        let is_compared = OPERATORS
            .iter()
            .any(|operator| sign.ends_with(operator) || with_bracket.ends_with(operator))
            && !sign.ends_with("=>")
            && (sign.len() > 1 || open.is_some());
        if is_compared {
            if open.is_some() {
                return Some(Compared::Quoted);
            }
            found = Some(Compared::Bare);
        }
    }
    found
}

/// Whether the text compares something: the argument of `where(…)`.
pub(super) fn is_condition(text: &str) -> bool {
    let lower = squeezed(text);
    let signs = [
        "=",
        " like ",
        " ilike ",
        " in (",
        ">",
        "<",
        " between ",
        " is ",
        "(\u{1}",
        "('\u{1}",
        ", \u{1}",
        ", '\u{1}",
    ];
    signs.iter().any(|sign| lower.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, part: Part) {
        assert_eq!(part_of(&text.replace('?', "\u{1}")), part, "{text}");
    }

    #[test]
    fn tells_clauses_from_text() {
        for text in [
            "WHERE slug = '?'",
            " AND body ILIKE '%?%'",
            "and name = '?'",
            "AND id = ?",
            "LIMIT ?",
            "OR id IN (?)",
            "WHERE lower(name) = lower('?')",
        ] {
            check(text, Part::Clause);
        }
        for text in ["name = '?'", "? = '?'", "('?', '?', ?)", "and id = ?", "'?'"] {
            check(text, Part::Condition);
        }
        for text in ["hello ?", "?", "a ? b", "and then ? came by plane", "name: ?"] {
            let part = part_of(&text.replace('?', "\u{1}"));
            assert_ne!(part, Part::Clause, "{text}");
        }
    }
}
