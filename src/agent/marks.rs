//! What a line holds at all: its signs, and the words that tell of policy.
//!
//! A definition is read on every tool call, and nearly no line of it is
//! policy. Signs are found in one pass over a line's bytes and say which
//! readers need to look at it; words are looked for only where a reader asks.

/// A set of signs.
pub(super) type Signs = u8;

/// `/`.
pub(super) const SLASH: Signs = 1;
/// `*`.
pub(super) const STAR: Signs = 1 << 1;
/// A backtick.
pub(super) const TICK: Signs = 1 << 2;
/// A full stop.
pub(super) const DOT: Signs = 1 << 3;
/// `:`, or what may be a full-width one.
pub(super) const COLON: Signs = 1 << 4;
/// `(`.
pub(super) const PAREN: Signs = 1 << 5;
/// A letter outside ASCII.
pub(super) const FOREIGN: Signs = 1 << 6;
/// A dash or an arrow outside ASCII.
pub(super) const DASH: Signs = 1 << 7;

/// A set of telling words.
pub(super) type Telling = u8;

/// "only".
pub(super) const ONLY: Telling = 1;
/// "outside", "except", "scoped", "limited to".
pub(super) const CONFINES: Telling = 1 << 1;
/// "read-only", "read only", "readonly".
pub(super) const READ_ONLY: Telling = 1 << 2;
/// "not", "never", "no", "-n't".
pub(super) const NOT: Telling = 1 << 3;

const SIGNS: [Signs; 256] = signs();

#[expect(clippy::indexing_slicing, reason = "run by the compiler, which checks it")]
const fn signs() -> [Signs; 256] {
    let mut table = [0; 256];
    // Lead bytes: accents, Cyrillic and Hangul are letters, 0xe2 starts dashes
    // and arrows, 0xef the full-width colon.
    let mut byte = 0xc3;
    while byte < 0xee {
        table[byte] = FOREIGN;
        byte += 1;
    }
    table[0xe2] = DASH;
    table[0xef] = COLON;
    table[b'/' as usize] = SLASH;
    table[b'*' as usize] = STAR;
    table[b'`' as usize] = TICK;
    table[b'.' as usize] = DOT;
    table[b':' as usize] = COLON;
    table[b'(' as usize] = PAREN;
    table
}

/// For each byte the words that have their telling letter there.
const LETTERS: [Telling; 256] = letters();

#[expect(clippy::indexing_slicing, reason = "run by the compiler, which checks it")]
const fn letters() -> [Telling; 256] {
    let mut table = [0; 256];
    let telling = [
        (*b"nN", NOT),
        (*b"vV", NOT),
        (*b"yY", ONLY | CONFINES | READ_ONLY),
        (*b"uU", CONFINES),
        (*b"xX", CONFINES),
        (*b"pP", CONFINES),
        (*b"mM", CONFINES),
        (*b"fF", CONFINES),
        (*b"cC", CONFINES),
    ];
    let mut at = 0;
    while at < telling.len() {
        let ([small, capital], words) = telling[at];
        table[small as usize] = words;
        table[capital as usize] = words;
        at += 1;
    }
    table
}

/// The signs of a line.
pub(super) fn of(text: &str) -> Signs {
    let all = |signs, bytes: &[u8]| {
        bytes.iter().fold(signs, |signs, byte| signs | of_byte(&SIGNS, *byte))
    };
    // Eight at a time, without a test between them.
    let (blocks, rest) = text.as_bytes().as_chunks::<8>();
    all(blocks.iter().fold(0, |signs, block| all(signs, block)), rest)
}

/// Whether a text says any of these words.
pub(super) fn says(text: &str, wanted: Telling) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().any(|(at, byte)| {
        of_byte(&LETTERS, *byte) & wanted != 0 && word_at(bytes, at) & wanted != 0
    })
}

/// Where a text of many lines says "read-only": the places of its last letter.
pub(super) fn read_only_in(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let after_l = |at: usize| matches!(bytes.get(at.wrapping_sub(1)), Some(b'l' | b'L'));
    memchr::memchr2_iter(b'y', b'Y', bytes)
        .filter(move |at| after_l(*at) && word_at(bytes, *at) & READ_ONLY != 0)
}

fn of_byte(table: &[u8; 256], byte: u8) -> u8 {
    table.get(usize::from(byte)).copied().unwrap_or_default()
}

/// The words that have their telling letter here.
fn word_at(bytes: &[u8], at: usize) -> Telling {
    let (before, rest) = bytes.split_at_checked(at).unwrap_or_default();
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
    fn check(text: &str, signs: Signs, words: Telling) {
        assert_eq!(of(text), signs, "{text}");
        for word in [ONLY, CONFINES, READ_ONLY, NOT] {
            assert_eq!(says(text, word), words & word != 0, "{word} in {text}");
        }
        assert_eq!(read_only_in(text).next().is_some(), words & READ_ONLY != 0, "{text}");
    }

    #[test]
    fn tells_what_readers_look_for() {
        check("plain words", 0, 0);
        check("Only a/b", SLASH, ONLY);
        check("ONLY `x`", TICK, ONLY);
        check("read-only", 0, ONLY | READ_ONLY);
        check("READ ONLY", 0, ONLY | READ_ONLY);
        check("readonly", 0, ONLY | READ_ONLY);
        check("outside", 0, CONFINES);
        check("EXCEPT **", STAR, CONFINES);
        check("exclusively", 0, CONFINES | ONLY);
        check("scoped to", 0, CONFINES);
        check("limited to", 0, CONFINES);
        check("restricted to", 0, CONFINES);
        check("Never. Don't: (no)", DOT | COLON | PAREN, NOT);
        check("금지", FOREIGN, 0);
        check("a — b → c", DASH, 0);
        check("a：b", COLON, 0);
    }
}
