//! A sentence as words with their senses, paths and code.

use super::globs::{self, Spelling};
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
    let mut code = false;
    let mut stop = false;
    text.split(move |character: char| {
        if character == '`' {
            code = !code;
        }
        let ends = stop && character.is_whitespace() && !code;
        stop = matches!(character, '.' | '!' | '。') || (stop && matches!(character, '*' | ')'));
        ends || character == ';' && !code
    })
    .map(str::trim)
    .filter(|sentence| !sentence.is_empty())
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
