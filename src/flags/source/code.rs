//! Walking over tokens: names, brackets, one operand.

use super::lexer::{Kind, Language, Token, tokens};
use crate::flags::text::slice;

/// The most tokens that one expression is followed over.
pub(in crate::flags) const EXPRESSION_TOKENS_MAX: usize = 600;

/// A text and its tokens.
pub(in crate::flags) struct Code<'a> {
    /// The text as written.
    pub(in crate::flags) text: &'a [u8],
    /// Its tokens, in order.
    pub(in crate::flags) tokens: Vec<Token>,
    /// What it is written in.
    pub(in crate::flags) language: Language,
}

impl<'a> Code<'a> {
    /// Cuts a text into tokens.
    pub(in crate::flags) fn of(text: &'a [u8], language: Language) -> Self {
        Self { text, tokens: tokens(text, language), language }
    }

    pub(in crate::flags) fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    pub(in crate::flags) fn sign(&self, at: usize) -> u8 {
        match self.token(at).map(|token| token.kind) {
            Some(Kind::Sign(sign)) => sign,
            _ => 0,
        }
    }

    pub(in crate::flags) fn name(&self, at: usize) -> &'a [u8] {
        match self.token(at) {
            Some(token) if token.kind == Kind::Name => token.text(self.text),
            _ => b"",
        }
    }

    /// At most so many bytes of the content of a string, in lower case.
    pub(in crate::flags) fn words(&self, at: usize, most: usize) -> Vec<u8> {
        let content = self.token(at).filter(|token| token.is_string()).map(Token::content);
        let content = slice(self.text, content.unwrap_or_default());
        slice(content, 0..content.len().min(most)).to_ascii_lowercase()
    }

    /// The end of one operand: `a.b(c)[d]`, `(…)`, `!x`, `await x`.
    pub(in crate::flags) fn operand_end(&self, start: usize) -> usize {
        let mut at = start;
        while matches!(self.sign(at), b'!' | b'-' | b'&' | b'*' | b'~')
            || matches!(self.name(at), b"await" | b"new" | b"not")
        {
            at += 1;
        }
        let begins = at;
        match self.token(at).map(|token| token.kind) {
            Some(Kind::Name | Kind::Number | Kind::Text(_)) => at += 1,
            Some(Kind::Sign(b'(' | b'[')) => at = self.closing(at),
            Some(Kind::Sign(b'{')) if self.language == Language::Python => at = self.closing(at),
            _ => return start,
        }
        if at == begins {
            return start;
        }
        while at < start + EXPRESSION_TOKENS_MAX {
            let arrow = self.sign(at) == b'-' && self.sign(at + 1) == b'>';
            let scope = self.sign(at) == b':' && self.sign(at + 1) == b':';
            let optional = self.sign(at) == b'?' && self.sign(at + 1) == b'.';
            match self.sign(at) {
                b'.' if self.language == Language::Php => break,
                b'.' if !self.name(at + 1).is_empty() => at += 2,
                b'!' if matches!(self.sign(at + 1), b'.' | b')' | b'[') => at += 1,
                _ if arrow || scope || optional => {
                    at += 2 + usize::from(!self.name(at + 2).is_empty());
                }
                b'(' | b'[' => at = self.closing(at),
                _ => break,
            }
        }
        at
    }

    /// The place after the expression at `from`: a `;`, a `,`, a bracket that
    /// was not opened in it, or the next statement.
    pub(in crate::flags) fn expression_end(&self, from: usize) -> usize {
        let mut at = from;
        let stop = from + EXPRESSION_TOKENS_MAX;
        while at < stop && at < self.tokens.len() {
            match self.sign(at) {
                b'(' | b'[' | b'{' => {
                    let after = self.closing(at);
                    if after == at {
                        return at;
                    }
                    at = after;
                }
                b')' | b']' | b'}' | b';' | b',' => return at,
                b':' if self.language == Language::Python => return at,
                _ => at += 1,
            }
            if self.begins_statement(at) {
                return at;
            }
        }
        at
    }

    /// Whether a line ends between the token and the one before it.
    pub(in crate::flags) fn is_on_new_line(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|at| self.token(at)).map_or(0, Token::end);
        let start = self.token(at).map_or(before, Token::start);
        memchr::memchr(b'\n', slice(self.text, before..start)).is_some()
    }

    /// Whether a statement begins here because a line does: nothing goes on
    /// over the end of the line.
    pub(in crate::flags) fn begins_statement(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1).and_then(|at| self.token(at)) else { return true };
        let Some(here) = self.token(at) else { return true };
        let gap = slice(self.text, before.end()..here.start());
        if gap.is_empty() || memchr::memchr(b'\n', gap).is_none() {
            return false;
        }
        let ends = match before.kind {
            Kind::Sign(sign) => matches!(sign, b')' | b']' | b'}'),
            _ => !matches!(before.text(self.text), b"return" | b"in" | b"of" | b"and" | b"or"),
        };
        let begins = match here.kind {
            Kind::Sign(sign) => self.language == Language::Python && sign == b'@',
            Kind::Text(_) => !before.is_string(),
            Kind::Name => {
                !matches!(here.text(self.text), b"if" | b"for" | b"else" | b"and" | b"or")
                    || self.language != Language::Python
            }
            Kind::Number => true,
        };
        ends && begins
    }

    /// The place after the bracket that closes the one at `open`.
    pub(in crate::flags) fn closing(&self, open: usize) -> usize {
        let mut depth = 0_usize;
        for at in open..self.tokens.len().min(open + EXPRESSION_TOKENS_MAX) {
            match self.sign(at) {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return at + 1;
                    }
                }
                _ => {}
            }
        }
        open
    }
}
