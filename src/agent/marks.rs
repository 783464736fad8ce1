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
/// `:`, or a sign outside ASCII, which may be a colon.
pub(super) const COLON: Marks = 1 << 4;
/// `(`.
pub(super) const PAREN: Marks = 1 << 5;
/// A sign outside ASCII.
pub(super) const FOREIGN: Marks = 1 << 6;
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
    let mut byte = 0x80;
    while byte < 256 {
        table[byte] = FOREIGN | COLON;
        byte += 1;
    }
    table[b'/' as usize] = SLASH;
    table[b'*' as usize] = STAR;
    table[b'`' as usize] = TICK;
    table[b'.' as usize] = DOT;
    table[b':' as usize] = COLON;
    table[b'(' as usize] = PAREN;
    let starts = *b"nNuUxXcCmMfFsSd";
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
    let starts =
        |word: &[u8]| rest.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    match rest.first().map(u8::to_ascii_lowercase) {
        Some(b'n') if starts(b"nly") => {
            let reads = before.len() >= 5
                && before.get(before.len() - 5..).is_some_and(|head| {
                    head.get(..2).is_some_and(|head| head.eq_ignore_ascii_case(b"ad"))
                        || head.get(1..3).is_some_and(|head| head.eq_ignore_ascii_case(b"ad"))
                        || head.get(2..4).is_some_and(|head| head.eq_ignore_ascii_case(b"ad"))
                });
            if reads { ONLY | READ_ONLY } else { ONLY }
        }
        Some(b'n') if starts(b"not") || starts(b"never") || starts(b"no ") || starts(b"n't") => NOT,
        Some(b'u') if starts(b"utside") => CONFINES,
        Some(b'x') if starts(b"xcept") || starts(b"xclusively") => CONFINES | ONLY,
        Some(b'c') if starts(b"coped") => CONFINES,
        Some(b'm') if starts(b"mited to") => CONFINES,
        Some(b'f') if starts(b"fined to") => CONFINES,
        Some(b's') if starts(b"stricted to") || starts(b"solely") => CONFINES | ONLY,
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
        check("EXCEPT **", CONFINES | ONLY | STAR);
        check("scoped to", CONFINES);
        check("limited to", CONFINES);
        check("restricted to", CONFINES | ONLY);
        check("Never. Don't: (no)", NOT | DOT | COLON | PAREN);
        check("금지", FOREIGN | COLON);
    }
}
