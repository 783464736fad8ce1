//! Cuts source code into strings, names, numbers and signs.
//!
//! Knows as much of each language as it takes to find where a string begins
//! and ends. Which parts of it are code is [`super::template`]'s; what it
//! means is left to the rules.

use std::ops::Range;

use super::template::{string_end, template_end};
use crate::flags::text::{byte, slice};

/// The most tokens of one text; the rest is not looked at.
const TOKENS_MAX: usize = 400_000;

/// So many strings and comments may turn out not to end; after that the text
/// is no code, and every further search would be in vain.
const UNCLOSED_MAX: usize = 64;
/// A string that is open for longer than this counts as one without an end.
const LINE_BYTES_MAX: usize = 4096;

/// Languages whose strings and comments differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::flags) enum Language {
    JavaScript,
    Python,
    Go,
    Java,
    CSharp,
    Php,
    Ruby,
    Rust,
}

/// One token; places are bytes of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::flags) struct Token {
    pub(in crate::flags) kind: Kind,
    /// What a string has before and after its content.
    quotes: (u8, u8),
    start: u32,
    end: u32,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::flags) enum Kind {
    /// A string.
    Text(Form),
    Name,
    Number,
    Sign(u8),
}

/// How a string takes in values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::flags) enum Form {
    /// Not at all.
    Plain,
    /// `${x}` between backticks.
    Template,
    /// `{x}`: Python's f-strings, C#'s `$""`.
    Braces,
    /// `#{x}`: Ruby.
    Hash,
    /// `$x` and `{$x}`: PHP, Kotlin.
    Dollar,
}

impl Token {
    pub(in crate::flags) fn start(&self) -> usize {
        self.start as usize
    }

    pub(in crate::flags) fn end(&self) -> usize {
        self.end as usize
    }

    pub(in crate::flags) fn span(&self) -> Range<usize> {
        self.start()..self.end()
    }

    /// What is between the quotes of a string.
    pub(in crate::flags) fn content(&self) -> Range<usize> {
        let (open, close) = self.quotes;
        self.start() + usize::from(open)..self.end().saturating_sub(usize::from(close))
    }

    /// The text of the token as written.
    pub(in crate::flags) fn text<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        slice(text, self.span())
    }

    pub(in crate::flags) fn is_string(&self) -> bool {
        matches!(self.kind, Kind::Text(_))
    }

    /// Whether it is this sign.
    pub(in crate::flags) fn is(&self, sign: u8) -> bool {
        self.kind == Kind::Sign(sign)
    }
}

/// All tokens of a text.
pub(in crate::flags) fn tokens(text: &[u8], language: Language) -> Vec<Token> {
    let mut lexer = Lexer { text, language, at: 0, tokens: Vec::new(), unclosed: 0 };
    while lexer.at < text.len() && lexer.tokens.len() < TOKENS_MAX {
        lexer.step();
    }
    lexer.tokens
}

static IN_NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "below 256")]
        #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
        {
            let byte = at as u8;
            table[at] = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80;
        }
        at += 1;
    }
    table
};

fn in_name(byte: u8) -> bool {
    IN_NAME.get(usize::from(byte)).copied().unwrap_or(false)
}

struct Lexer<'a> {
    text: &'a [u8],
    language: Language,
    at: usize,
    tokens: Vec<Token>,
    /// Strings over many lines and comments that never ended.
    unclosed: usize,
}

impl Lexer<'_> {
    fn step(&mut self) {
        let here = byte(self.text, self.at);
        let next = byte(self.text, self.at + 1);
        match here {
            b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
            b'#' if matches!(self.language, Language::Python | Language::Ruby | Language::Php) => {
                self.skip_line();
            }
            b'/' if next == b'/' && !matches!(self.language, Language::Python | Language::Ruby) => {
                self.skip_line();
            }
            b'/' if next == b'*' && !matches!(self.language, Language::Python | Language::Ruby) => {
                self.skip_block();
            }
            b'/' if self.language == Language::JavaScript && self.may_begin_pattern() => {
                self.pattern();
            }
            b'"' | b'\'' | b'`' => self.string(self.at),
            b'$' | b'@'
                if self.language == Language::CSharp && matches!(next, b'"' | b'@' | b'$') =>
            {
                self.verbatim();
            }
            _ if here.is_ascii_alphabetic() || here == b'_' || here == b'$' || here >= 0x80 => {
                self.name();
            }
            _ if here.is_ascii_digit() => {
                let start = self.at;
                let rest = slice(self.text, start..self.text.len());
                let number = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'.';
                self.at += rest.iter().position(|byte| !number(byte)).unwrap_or(rest.len());
                self.push(Kind::Number, start, self.at);
            }
            _ => {
                self.push(Kind::Sign(here), self.at, self.at + 1);
                self.at += 1;
            }
        }
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        self.push_string(kind, start..end, start..end);
    }

    fn push_string(&mut self, kind: Kind, whole: Range<usize>, content: Range<usize>) {
        let short = |length: usize| u8::try_from(length).unwrap_or(u8::MAX);
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let quotes = (short(content.start - whole.start), short(whole.end - content.end));
        self.tokens.push(Token { kind, quotes, start: place(whole.start), end: place(whole.end) });
    }

    /// Goes on over all bytes that may be in a name.
    fn take_name(&mut self) {
        let rest = slice(self.text, self.at..self.text.len());
        self.at += rest.iter().position(|byte| !in_name(*byte)).unwrap_or(rest.len());
    }

    fn skip_line(&mut self) {
        let rest = slice(self.text, self.at..self.text.len());
        self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    }

    fn skip_block(&mut self) {
        let rest = slice(self.text, self.at + 2..self.text.len());
        let end =
            if self.unclosed < UNCLOSED_MAX { memchr::memmem::find(rest, b"*/") } else { None };
        self.unclosed += usize::from(end.is_none());
        self.at += end.map_or(2, |end| end + 4);
    }

    /// A name, or the prefix of a string (`f"…"`, `r#"…"#`).
    fn name(&mut self) {
        let start = self.at;
        self.take_name();
        let quote = byte(self.text, self.at);
        let is_prefix = self.at - start <= 2 && matches!(quote, b'"' | b'\'');
        match self.language {
            Language::Python if is_prefix => self.string(start),
            Language::Rust if is_prefix && quote == b'"' => self.string(start),
            Language::Rust if self.at - start <= 2 && quote == b'#' => self.raw(start),
            _ => self.push(Kind::Name, start, self.at),
        }
    }

    /// A string whose quote is at `self.at` and whose prefix began at `start`.
    fn string(&mut self, start: usize) {
        let quote = byte(self.text, self.at);
        if self.language == Language::Rust && quote == b'\'' {
            return self.lifetime_or_char();
        }
        let prefix = slice(self.text, start..self.at);
        let triple = byte(self.text, self.at + 1) == quote
            && byte(self.text, self.at + 2) == quote
            && matches!(self.language, Language::Python | Language::Java | Language::CSharp);
        let width = if triple { 3 } else { 1 };
        let body = self.at + width;
        let form = self.form(quote, prefix);
        let raw = (quote == b'`' && self.language == Language::Go)
            || prefix.iter().any(|byte| matches!(byte, b'r' | b'R'));
        let multi_line = triple
            || quote == b'`'
            || matches!(self.language, Language::Php | Language::Ruby | Language::Rust);
        let end = if self.unclosed >= UNCLOSED_MAX {
            None
        } else if form == Form::Template {
            template_end(self.text, body)
        } else {
            string_end(
                self.text,
                body,
                quote,
                width,
                raw && self.language != Language::Python,
                multi_line,
            )
        };
        if let Some(end) = end {
            self.at = end + width;
            self.push_string(Kind::Text(form), start..self.at, body..end);
        } else {
            // Not closed: an apostrophe in text, or a file cut short. A string
            // that a line's end leaves open cost no more than the line.
            let rest = slice(self.text, body..self.text.len().min(body + LINE_BYTES_MAX));
            self.unclosed += usize::from(multi_line || memchr::memchr(b'\n', rest).is_none());
            self.push(Kind::Sign(quote), self.at, self.at + 1);
            self.at += 1;
        }
    }

    fn form(&self, quote: u8, prefix: &[u8]) -> Form {
        let has_f = prefix.iter().any(|byte| matches!(byte, b'f' | b'F' | b't' | b'T'));
        match (self.language, quote) {
            (Language::JavaScript, b'`') => Form::Template,
            (Language::Python, _) if has_f => Form::Braces,
            (Language::Ruby, b'"') => Form::Hash,
            (Language::Php | Language::Java, b'"') => Form::Dollar,
            _ => Form::Plain,
        }
    }

    /// C#'s `$"…"`, `@"…"`, `$@"…"`.
    fn verbatim(&mut self) {
        let start = self.at;
        while matches!(byte(self.text, self.at), b'$' | b'@') && self.at < start + 3 {
            self.at += 1;
        }
        if byte(self.text, self.at) != b'"' {
            return;
        }
        let prefix = slice(self.text, start..self.at);
        let form = if prefix.contains(&b'$') { Form::Braces } else { Form::Plain };
        let body = self.at + 1;
        let raw = prefix.contains(&b'@');
        let end = string_end(self.text, body, b'"', 1, raw, raw).unwrap_or(body);
        self.at = end + 1;
        self.push_string(Kind::Text(form), start..self.at, body..end);
    }

    /// `r#"…"#`
    fn raw(&mut self, start: usize) {
        let mut quote = self.at;
        while byte(self.text, quote) == b'#' {
            quote += 1;
        }
        if byte(self.text, quote) != b'"' {
            return self.push(Kind::Name, start, self.at);
        }
        let close = [b"\"".as_slice(), slice(self.text, self.at..quote)].concat();
        let rest = slice(self.text, quote + 1..self.text.len());
        let length = memchr::memmem::find(rest, &close).unwrap_or(rest.len());
        self.at = quote + 1 + length + close.len();
        let content = quote + 1..quote + 1 + length;
        self.push_string(Kind::Text(Form::Plain), start..self.at, content);
    }

    fn lifetime_or_char(&mut self) {
        let close = if byte(self.text, self.at + 1) == b'\\' { 3 } else { 2 };
        let is_char = byte(self.text, self.at + close) == b'\'';
        let end = self.at + if is_char { close + 1 } else { 1 };
        self.push(Kind::Sign(b'\''), self.at, end);
        self.at = end;
    }

    /// Whether a `/` here begins a pattern rather than divides.
    fn may_begin_pattern(&self) -> bool {
        match self.tokens.last() {
            None => true,
            Some(last) => match last.kind {
                Kind::Sign(sign) => !matches!(sign, b')' | b']' | b'}'),
                Kind::Name => {
                    matches!(last.text(self.text), b"return" | b"typeof" | b"case" | b"in" | b"of")
                }
                _ => false,
            },
        }
    }

    fn pattern(&mut self) {
        let start = self.at;
        let mut at = start + 1;
        let mut in_class = false;
        loop {
            match byte(self.text, at) {
                0 | b'\n' => break,
                b'\\' => at += 1,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => {
                    self.at = at + 1;
                    return self.push(Kind::Number, start, self.at);
                }
                _ => {}
            }
            at += 1;
        }
        self.push(Kind::Sign(b'/'), start, start + 1);
        self.at = start + 1;
    }
}
