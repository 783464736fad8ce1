//! What words say together: "You never touch", "Paths permitidos".
//!
//! A label or a heading is understood by the senses of its words, not by a list
//! of whole phrases. The words themselves are [`super::lexicon`]'s, what an
//! entry below a label means is [`super::entries`]' affair.

pub(super) use super::lexicon::*;

/// The words of a text: letters, digits, inner hyphens and apostrophes.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '\'' | '’')))
        .filter(|word| !word.is_empty())
}

/// The union of the senses of a text's words.
pub(super) fn sense(text: &str) -> Sense {
    let foreign = || words(text).fold(0, |sense, word| sense | of_word(word));
    of_ascii_text(text.as_bytes()).unwrap_or_else(foreign)
}

/// Like [`sense`], a byte at a time; `None` where there is more than ASCII.
fn of_ascii_text(text: &[u8]) -> Option<Sense> {
    let mut sense = 0;
    let mut start = 0;
    for (at, byte) in text.iter().enumerate() {
        match PARTS.get(usize::from(*byte))? {
            Part::OfWord => {}
            Part::Between => {
                sense |= between(text, start, at);
                start = at + 1;
            }
            Part::Foreign => return None,
        }
    }
    Some(sense | between(text, start, text.len()))
}

/// The sense of the word between two places, if one stands there.
fn between(text: &[u8], start: usize, end: usize) -> Sense {
    match text.get(start..end) {
        Some(word) if !word.is_empty() => of_ascii_word(word),
        _ => 0,
    }
}

/// What a byte is to words.
#[derive(Clone, Copy)]
enum Part {
    OfWord,
    Between,
    Foreign,
}

const PARTS: [Part; 256] = parts();

#[expect(clippy::indexing_slicing, reason = "run by the compiler, which checks it")]
const fn parts() -> [Part; 256] {
    let mut parts = [Part::Foreign; 256];
    let mut byte = 0;
    while byte < 0x80_u8 {
        let of_word = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'\'');
        parts[byte as usize] = if of_word { Part::OfWord } else { Part::Between };
        byte += 1;
    }
    parts
}

/// What a label or a heading says about the entries below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// They may be written.
    Allow,
    /// They may not.
    Forbid,
    /// They may not even be read: said of secrets, and no boundary for writing.
    Unreadable,
    /// What the agent does not do; tasks, not files.
    Dont,
}

/// The meaning of a label; headings say less with the same words.
pub(super) fn meaning(sense: Sense, whole: &str) -> Option<Meaning> {
    let has = |flags: Sense| sense & flags != 0;
    if has(OTHER) {
        return None;
    }
    if has(BAN) {
        let reads = has(READ) && !has(WRITE);
        return Some(if reads { Meaning::Unreadable } else { Meaning::Forbid });
    }
    if has(NOT) {
        if has(OUTSIDE) {
            return None;
        }
        return match (has(WRITE), has(READ)) {
            (true, _) => Some(Meaning::Forbid),
            (false, true) => Some(Meaning::Unreadable),
            // "Will Not", "DON'T": a list of what is not done, in no other words.
            (false, false) => (!has(UNKNOWN)).then_some(Meaning::Dont),
        };
    }
    if has(READ) && !has(WRITE) {
        return None;
    }
    let own = has(OWN) || (has(DOMAIN) && has(YOU));
    let may = has(MAY) && has(WRITE);
    let scoped = has(WRITE) && (has(ONLY) || has(SCOPE) || has(YOU));
    let allowed = has(ALLOW) && (!has(UNKNOWN) || has(FILES) || has(WRITE) || whole.len() <= 12);
    (own || may || scoped || allowed).then_some(Meaning::Allow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(label: &str, expected: Option<Meaning>) {
        assert_eq!(meaning(sense(label), label), expected, "{label}");
    }

    #[test]
    fn understands_labels_in_six_languages() {
        use Meaning::{Allow, Dont, Forbid, Unreadable};
        check("Allowed", Some(Allow));
        check("Forbidden", Some(Forbid));
        check("Edit-allowed zones", Some(Allow));
        check("Write-scope guardrail", Some(Allow));
        check("You own", Some(Allow));
        check("You consult on but do NOT modify", Some(Forbid));
        check("You never touch", Some(Forbid));
        check("You may only write to", Some(Allow));
        check("Off-Limits (do not edit)", Some(Forbid));
        check("Files You Own (full Write/Edit access)", Some(Allow));
        check("Owned Files & Directories", Some(Allow));
        check("Your Domain", Some(Allow));
        check("Scope (owned)", Some(Allow));
        check("Paths permitidos (escrita)", Some(Allow));
        check("Paths bloqueados (leitura ok, escrita não)", Some(Forbid));
        check("Archivos prohibidos", Some(Forbid));
        check("Пишешь", Some(Allow));
        check("Читаешь", None);
        check("담당 구역", Some(Allow));
        check("파일 수정 금지", Some(Forbid));
        check("VERBOTEN", Some(Forbid));
        check("DON'T", Some(Dont));
        check("Will Not", Some(Dont));
        check("NEVER read or include in your output", Some(Unreadable));
        check("Forbidden commands", None);
        check("Allowed Tools", None);
        check("Read", None);
        check("Domain Expertise", None);
    }
}
