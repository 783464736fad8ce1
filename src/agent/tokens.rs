//! A sentence as words with their senses, paths and code.

use super::globs::{self, Spelling};
use super::trim::trimmed;
use super::words::{self, Sense};

/// One token of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Word(&'a str, Sense),
    Path(String),
    /// A code span that is no path.
    Code,
}

impl Token<'_> {
    /// Whether the token is a word with one of these senses.
    pub(super) fn has(&self, senses: Sense) -> bool {
        matches!(self, Self::Word(_, sense) if sense & senses != 0)
    }

    /// Whether the token is this word, in any case.
    pub(super) fn is(&self, word: &str) -> bool {
        matches!(self, Self::Word(own, _) if own.eq_ignore_ascii_case(word))
    }

    pub(super) fn is_path(&self) -> bool {
        matches!(self, Self::Path(_))
    }
}

/// The sentences of a line; a full stop inside a path or a code span ends none.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let sentences = Sentences { rest: Some(text), code: false, stop: false };
    sentences.map(trimmed).filter(|sentence| !sentence.is_empty())
}

/// Cuts a line into sentences, most of it by looking at one byte.
struct Sentences<'a> {
    /// What was not cut yet; `None` behind the last sentence.
    rest: Option<&'a str>,
    /// Whether it starts inside a code span.
    code: bool,
    /// Whether a full stop stands right before it.
    stop: bool,
}

impl<'a> Iterator for Sentences<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest?;
        for (at, byte) in rest.bytes().enumerate() {
            let width = match byte {
                0x80..=0xbf => continue,
                0xc0.. => self.cuts_at(rest.get(at..)?.chars().next()?),
                b'\t'..=b'\r' | b' ' | b'`' | b'.' | b'!' | b'*' | b')' | b';' => {
                    self.cuts_at(char::from(byte))
                }
                _ => {
                    self.stop = false;
                    continue;
                }
            };
            if let Some(width) = width {
                let (sentence, cut) = rest.split_at_checked(at)?;
                self.rest = cut.get(width..);
                return Some(sentence);
            }
        }
        self.rest.take()
    }
}

impl Sentences<'_> {
    /// Takes a character; its width in bytes, if it parts two sentences.
    fn cuts_at(&mut self, character: char) -> Option<usize> {
        if character == '`' {
            self.code = !self.code;
        }
        let ends = self.stop && character.is_whitespace() || character == ';';
        self.stop =
            matches!(character, '.' | '!' | '。') || (self.stop && matches!(character, '*' | ')'));
        (ends && !self.code).then(|| character.len_utf8())
    }
}

/// Whether any token can be a path: most sentences with a full stop have none,
/// and need no tokens.
pub(super) fn may_hold_path(sentence: &str) -> bool {
    let bytes = sentence.as_bytes();
    memchr::memchr3(b'/', b'*', b'`', bytes).is_some()
        || memchr::memchr_iter(b'.', bytes)
            // A full stop at the end of a word is no part of it.
            .any(|at| bytes.get(at + 1).is_some_and(|next| !next.is_ascii_whitespace()))
}

/// The tokens of a sentence.
pub(super) fn tokens(sentence: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    for (index, part) in sentence.split('`').enumerate() {
        if index % 2 == 1 {
            found.push(match globs::glob(part, Spelling::Quoted) {
                Some(glob) => Token::Path(glob),
                None => Token::Code,
            });
        } else {
            for piece in part.split_whitespace() {
                piece_tokens(piece, &mut found);
            }
        }
    }
    found
}

fn piece_tokens<'a>(piece: &'a str, found: &mut Vec<Token<'a>>) {
    let bare = globs::bare_word(piece);
    let path_like = bare.contains(['/', '.', '*']);
    if let Some(glob) = path_like.then(|| globs::glob(bare, Spelling::Bare)).flatten() {
        // "Write/Edit" is two verbs.
        found.push(Token::Path(glob));
        return;
    }
    for word in words::words(piece) {
        found.push(Token::Word(word, words::of_word(word)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sentence: &str, expected: bool) {
        assert_eq!(may_hold_path(sentence), expected, "{sentence}");
        let holds = tokens(sentence).iter().any(Token::is_path);
        assert!(expected || !holds, "{sentence} holds a path");
    }

    #[test]
    fn only_sentences_with_a_sign_of_a_path_are_looked_at() {
        check("Write only when asked. Never before.", false);
        check("Only the docs", false);
        check("Only a.md counts", true);
        check("Only .env counts.", true);
        check("Only `docs` counts.", true);
        check("Only docs/ counts.", true);
        check("Only *", true);
    }
}
