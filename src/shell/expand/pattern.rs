//! Glob patterns against text: `*`, `?`, `[…]` and escapes; extended globs as a guess.

/// Longest pattern and text that are matched, in bytes.
const LONGEST: usize = 4096;

/// Adds `text` to a pattern, every special character escaped.
pub(in crate::shell) fn escape(text: &str, pattern: &mut String) {
    for char in text.chars() {
        if matches!(char, '*' | '?' | '[' | ']' | '\\' | '/' | '(' | ')' | '|') {
            pattern.push('\\');
        }
        pattern.push(char);
    }
}

/// The pattern as text: its escapes undone.
pub(in crate::shell) fn unescape(pattern: &str) -> String {
    let mut text = String::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    while let Some(char) = chars.next() {
        text.push(if char == '\\' { chars.next().unwrap_or('\\') } else { char });
    }
    text
}

/// Whether bare glob characters are in it.
pub(in crate::shell) fn is_glob(pattern: &str) -> bool {
    let mut escaped = false;
    pattern.chars().any(|char| {
        let glob = !escaped && matches!(char, '*' | '?' | '[');
        escaped = !escaped && char == '\\';
        glob
    })
}

/// Whether the whole text matches. Steps back over one star only, so the cost is at
/// most the product of both lengths.
pub(in crate::shell) fn matches(pattern: &str, text: &str) -> bool {
    if pattern.len() > LONGEST || text.len() > LONGEST {
        return false;
    }
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut place) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while place < text.len() {
        if pattern.get(at) == Some(&'*') {
            star = Some((at + 1, place));
            at += 1;
            continue;
        }
        if let Some(next) = text.get(place).and_then(|char| one(&pattern, at, *char)) {
            at = next;
            place += 1;
            continue;
        }
        let Some((after, from)) = star else { return false };
        star = Some((after, from + 1));
        at = after;
        place = from + 1;
    }
    pattern.get(at..).unwrap_or_default().iter().all(|char| *char == '*')
}

/// Whether the element of the pattern at `at` matches; where the next begins.
fn one(pattern: &[char], at: usize, char: char) -> Option<usize> {
    match pattern.get(at)? {
        '?' => Some(at + 1),
        '\\' => (pattern.get(at + 1) == Some(&char)).then_some(at + 2),
        '[' => match class(pattern, at, char) {
            Some((true, end)) => Some(end),
            Some((false, _)) => None,
            None => (char == '[').then_some(at + 1),
        },
        literal => (*literal == char).then_some(at + 1),
    }
}

/// Whether `[…]` matches, and where it ends; none if it never closes.
fn class(pattern: &[char], at: usize, char: char) -> Option<(bool, usize)> {
    let mut at = at + 1;
    let negated = matches!(pattern.get(at), Some('!' | '^'));
    if negated {
        at += 1;
    }
    let start = at;
    let mut found = false;
    loop {
        let mut first = *pattern.get(at)?;
        if first == ']' && at > start {
            return Some((found != negated, at + 1));
        }
        if first == '[' && pattern.get(at + 1) == Some(&':') {
            let rest = pattern.get(at + 2..)?;
            let length = rest.iter().position(|char| *char == ':')?;
            let name: String = rest.iter().take(length).collect();
            found |= in_class(&name, char);
            at += length + 4;
            continue;
        }
        if first == '\\' {
            at += 1;
            first = *pattern.get(at)?;
        }
        if pattern.get(at + 1) == Some(&'-') && pattern.get(at + 2).is_some_and(|last| *last != ']')
        {
            let last = *pattern.get(at + 2)?;
            found |= first <= char && char <= last;
            at += 3;
        } else {
            found |= first == char;
            at += 1;
        }
    }
}

fn in_class(name: &str, char: char) -> bool {
    match name {
        "alpha" => char.is_alphabetic(),
        "digit" => char.is_ascii_digit(),
        "alnum" => char.is_alphanumeric(),
        "upper" => char.is_uppercase(),
        "lower" => char.is_lowercase(),
        "space" | "blank" => char.is_whitespace(),
        "punct" => char.is_ascii_punctuation(),
        "xdigit" => char.is_ascii_hexdigit(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, text: &str, expected: bool) {
        assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
    }

    #[test]
    fn globs_match() {
        check("*.ts", "a.ts", true);
        check("*.ts", "a.tsx", false);
        check("fron?end", "frontend", true);
        check("[a-c]x", "bx", true);
        check("[!a-c]x", "bx", false);
        check("[[:digit:]]*", "1a", true);
        check("a\\*", "a*", true);
        check("a\\*", "ab", false);
        check("*a*b*", "xxaxxbxx", true);
        check("[", "[", true);
        check("", "", true);
        check("*", "", true);
    }
}
