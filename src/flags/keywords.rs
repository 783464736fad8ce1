//! The prefilter of everything that is named: finds the few words that the
//! name of a secret is made of, in any case.
//!
//! Looks for the rarest two neighbours of each word, a block at a time in a
//! loop without branches, which the compiler turns into vector instructions:
//! clean text costs little, and nothing has to be built.

/// A word, and which of its neighbours gives it away.
struct Word {
    text: &'static [u8],
    /// Where in the word the pair begins.
    pair: usize,
}

const fn word(text: &'static [u8], pair: usize) -> Word {
    Word { text, pair }
}

/// Parts of the names of secrets. Every pair is one of [`PAIRS`].
const WORDS: [Word; 15] = [
    word(b"pass", 2),
    word(b"pwd", 0),
    word(b"psw", 1),
    word(b"pw", 0),
    word(b"psk", 1),
    word(b"key", 0),
    word(b"token", 2),
    word(b"secret", 2),
    word(b"securestring", 2),
    word(b"cred", 0),
    word(b"auth", 0),
    // Calls that take a password without its name.
    word(b"create", 0),
    word(b"bcrypt", 1),
    word(b"login", 2),
    word(b"connect", 2),
];

/// Each pair once, in lower case.
const PAIRS: [[u8; 2]; 10] =
    [*b"sk", *b"ss", *b"pw", *b"sw", *b"ke", *b"cr", *b"cu", *b"au", *b"gi", *b"nn"];

/// So many bytes are looked at together.
const BLOCK: usize = 32;

/// Calls `seen` with the place of every word, in order of their pairs.
pub(super) fn find(text: &[u8], mut seen: impl FnMut(usize)) {
    let mut at = 0;
    while let Some(block) = text.get(at..).and_then(<[u8]>::first_chunk) {
        look(text, at, block, &mut seen);
        at += BLOCK;
    }
    let mut last = [0; BLOCK + 1];
    let rest = text.get(at..).unwrap_or_default();
    if let Some(start) = last.get_mut(..rest.len()) {
        start.copy_from_slice(rest);
    }
    look(text, at, &last, &mut seen);
}

/// Looks at one block and the byte after it.
fn look(text: &[u8], start: usize, block: &[u8; BLOCK + 1], seen: &mut impl FnMut(usize)) {
    let marks = marks(block);
    if marks == [0; BLOCK] {
        return;
    }
    for at in (start..).zip(marks).filter_map(|(at, mark)| (mark != 0).then_some(at)) {
        if let Some(begin) = word_at_pair(text, at) {
            seen(begin);
        }
    }
}

/// Which places of a block begin a pair. A function by itself with the pairs
/// in the outer loop: in no other form did the compiler make vectors of it
/// under every setting.
#[inline(never)]
fn marks(block: &[u8; BLOCK + 1]) -> [u8; BLOCK] {
    let mut marks = [0; BLOCK];
    let (Some(first), Some(second)) = (block.first_chunk::<BLOCK>(), block.last_chunk::<BLOCK>())
    else {
        return marks;
    };
    for [one, other] in PAIRS {
        for ((mark, first), second) in marks.iter_mut().zip(first).zip(second) {
            *mark |= u8::from((first | 0x20) == one) & u8::from((second | 0x20) == other);
        }
    }
    marks
}

/// The place of the word whose pair is at `at`.
fn word_at_pair(text: &[u8], at: usize) -> Option<usize> {
    let first = text.get(at)? | 0x20;
    WORDS.iter().filter(|word| word.text.get(word.pair) == Some(&first)).find_map(|word| {
        let begin = at.checked_sub(word.pair)?;
        let spelled = text.get(begin..begin + word.text.len())?;
        spelled.eq_ignore_ascii_case(word.text).then_some(begin)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_word_at_every_place_in_any_case() {
        for Word { text: word, .. } in &WORDS {
            for spelled in [word.to_vec(), word.to_ascii_uppercase()] {
                for shift in 0..3 * BLOCK {
                    let text = [".".repeat(shift).as_bytes(), &spelled, b"  "].concat();
                    let mut found = Vec::new();
                    find(&text, |at| found.push(at));
                    assert_eq!(found, [shift], "{}", String::from_utf8_lossy(&text));
                }
            }
        }
    }
}
