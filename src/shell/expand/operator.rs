//! The operators of `${…}` on one value: `#`, `%`, `/`, `^`, `,`.
//!
//! Patterns match literally known text; on text with holes only what must be true
//! whatever stands in them is kept.

use super::super::text::{self, HOLE, NAME};
use super::pattern;

/// One value through an operator with its argument as a pattern.
pub(super) fn apply(value: &str, operator: &str, argument: &str) -> String {
    match operator {
        "^^" if argument.is_empty() => value.to_uppercase(),
        ",," if argument.is_empty() => value.to_lowercase(),
        "^" | "," if argument.is_empty() => {
            let mut chars = value.chars();
            let first = chars.next().map(|char| char.to_string()).unwrap_or_default();
            let first = if operator == "^" { first.to_uppercase() } else { first.to_lowercase() };
            first + chars.as_str()
        }
        "#" | "##" => without_prefix(value, argument, operator == "##"),
        "%" | "%%" => without_suffix(value, argument, operator == "%%"),
        "/" | "//" | "/#" | "/%" => replaced(value, operator, argument),
        _ => HOLE.to_string(),
    }
}

fn without_prefix(value: &str, argument: &str, longest: bool) -> String {
    if !text::is_known(value) || !text::is_known(argument) {
        // `${path##*/}` is one name whatever the path.
        return if longest
            && argument.trim_end_matches("\\/").trim_end_matches('/') == "*"
            && argument.ends_with('/')
        {
            NAME.to_string()
        } else {
            HOLE.to_string()
        };
    }
    let mut ends: Vec<usize> =
        value.char_indices().map(|(at, _)| at).chain([value.len()]).collect();
    if longest {
        ends.reverse();
    }
    for end in ends {
        if value.get(..end).is_some_and(|prefix| pattern::matches(argument, prefix)) {
            return value.get(end..).unwrap_or_default().to_owned();
        }
    }
    value.to_owned()
}

fn without_suffix(value: &str, argument: &str, longest: bool) -> String {
    if !text::is_known(value) || !text::is_known(argument) {
        // A suffix without a slash leaves the folder as it is.
        return if argument.contains('/') || argument == "*" {
            HOLE.to_string()
        } else {
            format!("{}{HOLE}", text::common_folder(&[value.to_owned()]))
        };
    }
    let mut starts: Vec<usize> =
        value.char_indices().map(|(at, _)| at).chain([value.len()]).collect();
    if !longest {
        starts.reverse();
    }
    for start in starts {
        if value.get(start..).is_some_and(|suffix| pattern::matches(argument, suffix)) {
            return value.get(..start).unwrap_or_default().to_owned();
        }
    }
    value.to_owned()
}

fn replaced(value: &str, operator: &str, argument: &str) -> String {
    let mut escaped = false;
    let slash = argument.char_indices().find(|(_, char)| {
        let found = !escaped && *char == '/';
        escaped = !escaped && *char == '\\';
        found
    });
    let (from, to) = match slash {
        Some((at, _)) => {
            (argument.get(..at).unwrap_or_default(), argument.get(at + 1..).unwrap_or_default())
        }
        None => (argument, ""),
    };
    if pattern::is_glob(from) || !text::is_known(from) || !text::is_known(value) {
        return HOLE.to_string();
    }
    let (from, to) = (pattern::unescape(from), pattern::unescape(to));
    if from.is_empty() {
        return value.to_owned();
    }
    match operator {
        "//" => value.replace(&from, &to),
        "/#" => value.strip_prefix(&from).map_or_else(|| value.to_owned(), |rest| to + rest),
        "/%" => {
            value.strip_suffix(&from).map_or_else(|| value.to_owned(), |rest| rest.to_owned() + &to)
        }
        _ => value.replacen(&from, &to, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, operator: &str, argument: &str, expected: &str) {
        assert_eq!(apply(value, operator, argument), expected, "{value} {operator} {argument}");
    }

    #[test]
    fn operators_change_values() {
        check("a/b/c", "%", "/*", "a/b");
        check("a/b/c", "%%", "/*", "a");
        check("a/b/c", "##", "*/", "c");
        check("a/b/c", "#", "*/", "b/c");
        check("a.tar.gz", "%%", ".*", "a");
        check("FRONT", ",,", "", "front");
        check("abc", "/", "b/x", "axc");
        check("a/b", "//", "\\//-", "a-b");
        check(&format!("a/{HOLE}"), "##", "*/", &NAME.to_string());
        check(&format!("a/{HOLE}"), "%", ".ts", &format!("a/{HOLE}"));
    }
}
