//! `%s` and `{}`: values that a format puts into a statement.

use super::safe::Verdict;

/// What a format is given.
pub(super) enum Given<'a> {
    /// In the order of the marks.
    InOrder(Vec<Verdict>),
    /// By name.
    Named(Vec<(&'a [u8], Verdict)>),
}

/// A text whose marks were replaced: by `\u{1}` where a value goes that may be
/// foreign, by `0` where it is harmless.
pub(super) struct Filled {
    pub(super) words: String,
    /// The place of each `\u{1}`, and what goes there.
    pub(super) marks: Vec<(usize, Verdict)>,
}

/// Puts values into the marks of a text; `None` when there are no marks.
pub(super) fn filled(text: &str, percent: bool, given: &Given<'_>) -> Option<Filled> {
    let mut words = String::with_capacity(text.len());
    let mut marks = Vec::new();
    let mut index = 0;
    let mut rest = text;
    let mut found = false;
    while let Some(at) = rest.find(if percent { '%' } else { '{' }) {
        let (before, mark) = rest.split_at(at);
        words.push_str(before);
        let Some((length, name, takes)) = mark_at(mark, percent) else {
            words.push_str(mark.get(..2).unwrap_or(mark));
            rest = mark.get(2..).unwrap_or_default();
            continue;
        };
        found = true;
        let verdict = match given {
            _ if !takes => Verdict::Harmless,
            Given::InOrder(all) => {
                let numbered = name.parse::<usize>().ok();
                let worst = || all.iter().copied().max().unwrap_or(Verdict::Unknown);
                all.get(numbered.unwrap_or(index)).copied().unwrap_or_else(worst)
            }
            Given::Named(all) => all.iter().find(|(key, _)| *key == name.as_bytes()).map_or_else(
                || all.iter().map(|one| one.1).max().unwrap_or(Verdict::Unknown),
                |one| one.1,
            ),
        };
        index += 1;
        if verdict == Verdict::Harmless {
            words.push('0');
        } else {
            marks.push((words.len(), verdict));
            words.push('\u{1}');
        }
        rest = mark.get(length..).unwrap_or_default();
    }
    words.push_str(rest);
    found.then_some(Filled { words, marks })
}

/// The length of the mark that a text begins with, its name, and whether it
/// takes more than numbers; `None` for `%%` and `{{`.
fn mark_at(mark: &str, percent: bool) -> Option<(usize, &str, bool)> {
    let rest = mark.get(1..).unwrap_or_default();
    if !percent {
        let end = rest.find('}').filter(|end| *end < 40)?;
        let inner = rest.get(..end)?;
        let name = inner.split([':', '!', '.', '[']).next().unwrap_or_default();
        let number = inner.ends_with(['d', 'f']) && inner.contains(':');
        return (!rest.starts_with('{')).then_some((end + 2, name, !number));
    }
    if let Some(named) = rest.strip_prefix('(') {
        let end = named.find(')')?;
        let kind = named.get(end + 1..)?.chars().next()?;
        return Some((end + 4, named.get(..end)?, !matches!(kind, 'd' | 'i' | 'f')));
    }
    let flags = rest
        .bytes()
        .take_while(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'#'))
        .count();
    let kind = rest.get(flags..)?.chars().next()?;
    matches!(kind, 's' | 'd' | 'r' | 'i' | 'v' | 'q' | 'f' | 'u' | 'x' | 'g' | 'e' | 'o')
        .then_some((flags + 2, "", matches!(kind, 's' | 'r' | 'v' | 'q' | 'o')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, percent: bool, expected: &str) {
        let given = Given::InOrder(vec![Verdict::Unknown]);
        let filled = filled(text, percent, &given).map(|filled| filled.words.replace('\u{1}', "?"));
        assert_eq!(filled.as_deref().unwrap_or("-"), expected, "{text}");
    }

    #[test]
    fn puts_values_where_the_marks_are() {
        check("a = '%s' AND b = %d", true, "a = '?' AND b = 0");
        check("a LIKE '%%%s%%'", true, "a LIKE '%%?%%'");
        check("a = %(name)s", true, "a = ?");
        check("a = 1", true, "-");
        check("a = '{}' AND b = {name}", false, "a = '?' AND b = ?");
        check("a = {0:d} {{x}}", false, "a = 0 {{x}}");
        check("a = 1", false, "-");
    }
}
