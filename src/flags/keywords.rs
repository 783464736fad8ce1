//! The prefilter of everything that is named: finds the few words that the
//! name of a secret is made of, in any case.
//!
//! Looks for the rarest two neighbours of each word, a block at a time in a
//! loop without branches, which the compiler turns into vector instructions:
//! clean text costs two instructions a byte, and nothing has to be built.

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
    let mut marks = [0_u8; BLOCK];
    for (mark, pair) in marks.iter_mut().zip(block.windows(2)) {
        if let &[first, second] = pair {
            let (first, second) = (first | 0x20, second | 0x20);
            for [one, other] in PAIRS {
                // Not `&&`: a branch would keep the compiler from vectors.
                *mark |= u8::from(first == one) & u8::from(second == other);
            }
        }
    }
    if marks == [0; BLOCK] {
        return;
    }
    for at in (start..).zip(marks).filter_map(|(at, mark)| (mark != 0).then_some(at)) {
        for word in &WORDS {
            if let Some(begin) = at.checked_sub(word.pair)
                && let Some(spelled) = text.get(begin..begin + word.text.len())
                && spelled.eq_ignore_ascii_case(word.text)
            {
                seen(begin);
                break;
            }
        }
    }
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
