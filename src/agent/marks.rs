//! What a line holds at all, found in one pass over its bytes.
//!
//! A definition is read on every tool call, and nearly no line of it is
//! policy: these marks say which readers need to look at a line.

/// A set of marks.
pub(super) type Marks = u16;

/// `/`.
pub(super) const SLASH: Marks = 1;
/// `*`.
pub(super) const STAR: Marks = 1 << 1;
/// A backtick.
pub(super) const TICK: Marks = 1 << 2;
/// A full stop.
pub(super) const DOT: Marks = 1 << 3;
/// `:`, or what may be a full-width one.
pub(super) const COLON: Marks = 1 << 4;
/// `(`.
pub(super) const PAREN: Marks = 1 << 5;
/// A letter outside ASCII.
pub(super) const FOREIGN: Marks = 1 << 6;
/// A dash or an arrow outside ASCII.
pub(super) const SIGN: Marks = 1 << 11;
/// "only".
pub(super) const ONLY: Marks = 1 << 7;
/// "outside", "except", "scoped", "limited to".
pub(super) const CONFINES: Marks = 1 << 8;
/// "read-only", "read only", "readonly".
pub(super) const READ_ONLY: Marks = 1 << 9;
/// "not", "never", "no", "-n't".
pub(super) const NOT: Marks = 1 << 10;
/// Only in the table: the byte may start one of the words.
const STARTS: Marks = 1 << 15;

const TABLE: [Marks; 256] = table();

#[expect(clippy::indexing_slicing, reason = "run by the compiler, which checks it")]
const fn table() -> [Marks; 256] {
    let mut table = [0; 256];
    // Lead bytes: accents, Cyrillic and Hangul are letters, 0xe2 starts dashes
    // and arrows, 0xef the full-width colon.
    let mut byte = 0xc3;
    while byte < 0xee {
        table[byte] = FOREIGN;
        byte += 1;
    }
    table[0xe2] = SIGN;
    table[0xef] = COLON;
    table[b'/' as usize] = SLASH;
    table[b'*' as usize] = STAR;
    table[b'`' as usize] = TICK;
    table[b'.' as usize] = DOT;
    table[b':' as usize] = COLON;
    table[b'(' as usize] = PAREN;
    let starts = *b"nNuUxXyYpPvVcCmMfF";
    let mut at = 0;
    while at < starts.len() {
        table[starts[at] as usize] = STARTS;
        at += 1;
    }
    table
}

/// The marks of a line.
pub(super) fn of(text: &str) -> Marks {
    let bytes = text.as_bytes();
    let mut marks = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let mark = TABLE.get(usize::from(*byte)).copied().unwrap_or_default();
        marks |= mark;
        if mark & STARTS != 0 {
            marks |= word(bytes.get(at..).unwrap_or_default(), bytes.get(..at).unwrap_or_default());
        }
    }
    marks & !STARTS
}

/// The mark of the word that has its telling letters here.
fn word(rest: &[u8], before: &[u8]) -> Marks {
    let next =
        |word: &[u8]| rest.get(1..=word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    let last = |word: &[u8]| {
        let start = before.len().checked_sub(word.len());
        start
            .and_then(|start| before.get(start..))
            .is_some_and(|end| end.eq_ignore_ascii_case(word))
    };
    match rest.first().map(u8::to_ascii_lowercase) {
        Some(b'y') if last(b"onl") => {
            let reads = last(b"ad-onl") || last(b"ad onl") || last(b"adonl");
            if reads { ONLY | READ_ONLY } else { ONLY }
        }
        Some(b'y') if last(b"sivel") || last(b"solel") => CONFINES | ONLY,
        Some(b'n') if next(b"ot") || next(b"o ") || next(b"'t") || next("’t".as_bytes()) => NOT,
        Some(b'v') if last(b"ne") && next(b"er") => NOT,
        Some(b'u') if next(b"tside") => CONFINES,
        Some(b'x') if next(b"cept") => CONFINES,
        Some(b'p') if last(b"sco") && next(b"ed") => CONFINES,
        Some(b'm') if next(b"ited to") => CONFINES,
        Some(b'f') if next(b"ined to") => CONFINES,
        Some(b'c') if next(b"ted to") => CONFINES,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, marks: Marks) {
        assert_eq!(of(text), marks, "{text}");
    }

    #[test]
    fn marks_what_readers_look_for() {
        check("plain words", 0);
        check("Only a/b", ONLY | SLASH);
        check("ONLY `x`", ONLY | TICK);
        check("read-only", ONLY | READ_ONLY);
        check("READ ONLY", ONLY | READ_ONLY);
        check("readonly", ONLY | READ_ONLY);
        check("outside", CONFINES);
        check("EXCEPT **", CONFINES | STAR);
        check("exclusively", CONFINES | ONLY);
        check("scoped to", CONFINES);
        check("limited to", CONFINES);
        check("restricted to", CONFINES);
        check("Never. Don't: (no)", NOT | DOT | COLON | PAREN);
        check("금지", FOREIGN);
        check("a — b → c", SIGN);
        check("a：b", COLON);
    }
}
