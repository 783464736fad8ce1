//! A pattern of the project's own: compiled, or refused with what is wrong and where.
//!
//! The engine is the small one: classes and case are those of ASCII. A pattern
//! that would mean something else with Unicode is refused here rather than
//! quietly searched otherwise.

use anyhow::{anyhow, bail};
use regex_lite::Regex;

/// The longest pattern whose fault is located, in bytes: each prefix of it is tried.
const LOCATED_BYTES_MAX: usize = 1024;
/// The deepest groups that a fault is located in.
const GROUPS_MAX: usize = 8;

/// Compiles a pattern; errors name the character (1-based) at which it goes wrong.
pub(super) fn compile(pattern: &str) -> anyhow::Result<Regex> {
    if let Some(part) = needs_unicode(pattern) {
        bail!(
            "the pattern `{pattern}` has letters beyond ASCII, which `{part}` does not know\nhint: \
             name them in a class, such as `[a-zé]`"
        );
    }
    Regex::new(pattern).map_err(|error| match fault(pattern, &error) {
        Some(at) => anyhow!("the pattern `{pattern}` does not compile at character {at}: {error}"),
        None => anyhow!("the pattern `{pattern}` does not compile: {error}"),
    })
}

/// The character at which a pattern stops being the beginning of a good one.
fn fault(pattern: &str, error: &regex_lite::Error) -> Option<usize> {
    // Too large is no matter of one place.
    if pattern.len() > LOCATED_BYTES_MAX || error.to_string().contains("size limit") {
        return None;
    }
    let unclosed = can_be_closed(pattern, 1);
    let begins_well = |prefix: &str| {
        if unclosed { Regex::new(prefix).is_ok() } else { can_be_closed(prefix, 0) }
    };
    let mut prefixes = pattern.char_indices().rev().filter_map(|(at, _)| pattern.get(..at));
    let good = prefixes.find(|prefix| begins_well(prefix))?;
    Some(good.chars().count() + 1)
}

/// Whether the pattern compiles once so many groups, or more, are closed.
fn can_be_closed(pattern: &str, least: usize) -> bool {
    let open = pattern.matches('(').count().min(GROUPS_MAX);
    let closed = |groups: usize| Regex::new(&format!("{pattern}{}", ")".repeat(groups)));
    // An escape without its character would take the parenthesis for it.
    let escapes = pattern.bytes().rev().take_while(|byte| *byte == b'\\').count();
    escapes % 2 == 0 && (least..=open).any(|groups| closed(groups).is_ok())
}

/// The part of a pattern with letters beyond ASCII that would treat them otherwise than Unicode does.
fn needs_unicode(pattern: &str) -> Option<&'static str> {
    let (mut beyond, mut part) = (false, None);
    let mut rest = pattern.chars();
    while let Some(first) = rest.next() {
        beyond |= !first.is_ascii();
        let tail = rest.as_str();
        match first {
            '\\' => match rest.next() {
                Some('w') => part = Some(r"\w"),
                Some('W') => part = Some(r"\W"),
                Some('b') => part = Some(r"\b"),
                Some('B') => part = Some(r"\B"),
                Some('x' | 'u' | 'U') => beyond |= escaped(rest.as_str()) > 0x7f,
                Some(other) => beyond |= !other.is_ascii(),
                None => {}
            },
            '(' if ignores_case(tail) => part = Some("(?i)"),
            _ => {}
        }
    }
    part.filter(|_| beyond)
}

/// Whether what follows a parenthesis turns the difference of case off.
fn ignores_case(group: &str) -> bool {
    let flags = group.strip_prefix('?').unwrap_or_default();
    flags.chars().take_while(char::is_ascii_alphabetic).any(|flag| flag == 'i')
}

/// The character number of `{e9}`, `e9` or `00e9`, as far as it is one.
fn escaped(digits: &str) -> u32 {
    let digits = digits.trim_start_matches('{');
    let digits = digits.chars().take(8).map_while(|digit| digit.to_digit(16));
    digits.fold(0, |number: u32, digit| number.saturating_mul(16).saturating_add(digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(pattern: &str) -> String {
        compile(pattern).map_or_else(|error| format!("{error:#}"), |_| "good".to_owned())
    }

    #[test]
    fn names_the_character_at_which_a_pattern_goes_wrong() {
        let check = |pattern: &str, at: usize| {
            let said = says(pattern);
            let wanted = format!("the pattern `{pattern}` does not compile at character {at}: ");
            assert!(said.starts_with(&wanted), "{said}");
        };
        check("a(b", 2);
        check("from [moment", 6);
        check("a)b", 2);
        check("(a(b)", 1);
        check("(a)|(é\\q)", 7);
        check("(\\\\\\q)", 4);
        check("(b[c)", 3);
        check("((a|*))", 5);
        check("x{2,1}", 2);
        check("*", 1);
        check(r"ab\p{L}", 3);
        check(r"(a)\1", 4);
        check("a(?=b)", 3);
        assert_eq!(
            says("(a{1000}){1000000}"),
            "the pattern `(a{1000}){1000000}` does not compile: compiled regex exceeded size limit"
        );
    }

    #[test]
    fn refuses_what_would_mean_something_else_with_unicode() {
        let check = |pattern: &str, part: &str| {
            let wanted = format!(
                "the pattern `{pattern}` has letters beyond ASCII, which `{part}` does not know\nhint: \
                 name them in a class, such as `[a-zé]`"
            );
            assert_eq!(says(pattern), wanted);
        };
        check("(?i)été", "(?i)");
        check("a(?mi:ß)", "(?i)");
        check(r"\bété", r"\b");
        check(r"\w+é", r"\w");
        check(r"\u00e9\W", r"\W");
        check(r"\x{e9}\B", r"\B");
        for good in [r"(?i)ete\b", "été", r"[a-zé]+", r"\x{41}\w", r"\\wé", r"\(?i\)é", "(?-i)é"]
        {
            assert_eq!(says(good), "good", "{good}");
        }
    }

    #[test]
    fn classes_are_those_of_ascii() {
        let finds = |pattern: &str, text: &str| compile(pattern).unwrap().is_match(text);
        assert!(finds(r"^\w+$", "ab_1") && !finds(r"^\w+$", "é"));
        assert!(finds(r"^(?i)TODO$", "ToDo") && finds("^[^a]$", "é") && finds("^.$", "é"));
    }
}
