//! The prefilter of everything that begins with a word: finds the few words
//! that matter, in any case, and skips the rest two bytes at a time.
//!
//! Hand-made, because it has to cost nothing to build: its table is made by
//! the compiler, and it never looks at a byte that cannot end a word's start.

/// A word that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// Part of the name of a secret: `password`, `token`, `apiKey`.
    Name,
    /// The begin of an SQL statement or clause.
    Sql,
}

/// The first three letters of every word, and what must follow them.
const WORDS: [([u8; 3], &[u8], Word); 31] = [
    (*b"pas", b"s", Word::Name),
    (*b"pwd", b"", Word::Name),
    (*b"psw", b"", Word::Name),
    (*b"pw ", b"= ", Word::Name),
    (*b"pw=", b"", Word::Name),
    (*b"pw:", b"", Word::Name),
    (*b"key", b"", Word::Name),
    (*b"sec", b"ret", Word::Name),
    (*b"sec", b"urestring", Word::Name),
    (*b"tok", b"en", Word::Name),
    (*b"cre", b"d", Word::Name),
    (*b"aut", b"h", Word::Name),
    (*b"ide", b"ntified by", Word::Name),
    (*b"pat", b" ", Word::Name),
    (*b"pat", b"=", Word::Name),
    (*b"sel", b"ect", Word::Sql),
    (*b"ins", b"ert ", Word::Sql),
    (*b"upd", b"ate ", Word::Sql),
    (*b"del", b"ete ", Word::Sql),
    (*b"rep", b"lace into", Word::Sql),
    (*b"mer", b"ge into", Word::Sql),
    (*b"cre", b"ate table", Word::Sql),
    (*b"cre", b"ate database", Word::Sql),
    (*b"cre", b"ate user", Word::Sql),
    (*b"dro", b"p ", Word::Sql),
    (*b"alt", b"er ", Word::Sql),
    (*b"tru", b"ncate ", Word::Sql),
    (*b"whe", b"re(", Word::Sql),
    (*b"exe", b"c ", Word::Sql),
    (*b"exe", b"cute ", Word::Sql),
    (*b"gra", b"nt ", Word::Sql),
];

/// Two neighbours, folded to five bits each, to how far the next look may be.
static STEP: [u8; 1024] = {
    let mut table = [2_u8; 1024];
    let mut at = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    while at < WORDS.len() {
        let start = WORDS[at].0;
        let head = folded(start[0], start[1]);
        if table[head] > 1 {
            table[head] = 1;
        }
        table[folded(start[1], start[2])] = 0;
        at += 1;
    }
    table
};

const fn folded(first: u8, second: u8) -> usize {
    ((first & 31) as usize) << 5 | (second & 31) as usize
}

/// One bit for every three letters, folded to five bits each, that begin a word.
static HEADS: [u64; 512] = {
    let mut table = [0_u64; 512];
    let mut at = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    while at < WORDS.len() {
        let start = WORDS[at].0;
        let head = folded(start[0], start[1]) << 5 | folded(0, start[2]);
        table[head >> 6] |= 1 << (head & 63);
        at += 1;
    }
    table
};

fn is_head(three: usize) -> bool {
    HEADS.get(three >> 6).is_some_and(|bits| bits >> (three & 63) & 1 == 1)
}

/// Calls `seen` with the place of every word, in order.
pub(super) fn find(text: &[u8], mut seen: impl FnMut(usize, Word)) {
    let mut at = 1;
    while let (Some(&first), Some(&second)) = (text.get(at), text.get(at + 1)) {
        let step = STEP.get(folded(first, second)).copied().unwrap_or(1);
        if step > 0 {
            at += usize::from(step);
            continue;
        }
        // Most often only the second pair fits.
        if let Some(&[zeroth, ..]) = text.get(at - 1..)
            && is_head(folded(zeroth, first) << 5 | folded(0, second))
            && let Some(start) = text.get(at - 1..at + 2)
        {
            for (head, rest, word) in &WORDS {
                if start.eq_ignore_ascii_case(head) && followed_by(text, at + 2, rest) {
                    seen(at - 1, *word);
                    break;
                }
            }
        }
        at += 1;
    }
}

fn followed_by(text: &[u8], at: usize, rest: &[u8]) -> bool {
    text.get(at..at + rest.len()).is_some_and(|next| next.eq_ignore_ascii_case(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_word_at_every_place_in_any_case() {
        for (head, rest, word) in WORDS {
            let spelled = [&head[..], rest].concat();
            for spelled in [spelled.clone(), spelled.to_ascii_uppercase()] {
                for shift in 0..5 {
                    let text = [&b"....."[..shift], &spelled, b"  "].concat();
                    let mut found = Vec::new();
                    find(&text, |at, word| found.push((at, word)));
                    assert_eq!(found, [(shift, word)], "{}", String::from_utf8_lossy(&text));
                }
            }
        }
    }
}
