//! What stands inside a string literal: plain text, escapes, interpolated code.

use super::Language;
use super::lex::{Lexer, NESTING_MAX, Piece, lex_nested};

/// How a literal treats what stands in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Only the delimiter and the backslash can be escaped.
    Raw,
    /// A backslash stays (Python's `r''`).
    Verbatim,
    /// Escapes.
    Escaped,
    /// Escapes and `{code}` (Python's `f''`).
    Braces,
    /// Escapes and `${code}` (JavaScript).
    Template,
    /// Escapes and `#{code}` (Ruby).
    Hash,
    /// Escapes, `$name` and `{$code}` (Perl, PHP).
    Dollar,
}

/// Everything up to `end`, which is consumed.
pub(super) fn pieces(
    lexer: &mut Lexer<'_>,
    open: Option<char>,
    end: &[char],
    style: Style,
) -> Vec<Piece> {
    let mut out = Pieces::default();
    let mut depth = 0_usize;
    while let Some(c) = lexer.peek(0) {
        let ends = end.iter().enumerate().all(|(ahead, c)| lexer.peek(ahead) == Some(*c));
        if ends && depth == 0 {
            lexer.at += end.len();
            return out.done();
        }
        if open == Some(c) {
            depth += 1;
        } else if ends {
            depth -= 1;
        }
        match (c, style) {
            ('\n', _) if end.len() == 1 && lexer.language == Language::Python => return out.done(),
            ('\\', Style::Verbatim) => {
                out.push(c);
                lexer.at += 1;
                if let Some(next) = lexer.peek(0) {
                    out.push(next);
                    lexer.at += 1;
                }
            }
            ('\\', _) => escape(lexer, style, &mut out),
            ('{', Style::Braces) if lexer.peek(1) == Some('{') => {
                out.push('{');
                lexer.at += 2;
            }
            ('{', Style::Braces) => code(lexer, 1, &mut out),
            ('$', Style::Template) | ('#', Style::Hash) if lexer.peek(1) == Some('{') => {
                code(lexer, 2, &mut out);
            }
            ('{', Style::Dollar)
                if lexer.language == Language::Php && lexer.peek(1) == Some('$') =>
            {
                code(lexer, 1, &mut out);
            }
            ('$', Style::Dollar) if lexer.peek(1) == Some('{') => {
                lexer.at += 1;
                code_named(lexer, &mut out);
            }
            ('$', Style::Dollar)
                if lexer.peek(1).is_some_and(|c| c.is_alphanumeric() || c == '_') =>
            {
                name(lexer, &mut out);
            }
            ('@', Style::Dollar)
                if lexer.language == Language::Perl
                    && lexer.peek(1).is_some_and(|c| c.is_alphabetic() || c == '{') =>
            {
                out.hole();
                lexer.at += 2;
            }
            _ => {
                out.push(c);
                lexer.at += 1;
            }
        }
    }
    out.done()
}

#[derive(Default)]
struct Pieces {
    all: Vec<Piece>,
    plain: String,
}

impl Pieces {
    fn push(&mut self, c: char) {
        self.plain.push(c);
    }

    fn flush(&mut self) {
        if !self.plain.is_empty() {
            self.all.push(Piece::Plain(std::mem::take(&mut self.plain)));
        }
    }

    fn hole(&mut self) {
        self.flush();
        self.all.push(Piece::Hole);
    }

    fn done(mut self) -> Vec<Piece> {
        self.flush();
        self.all
    }
}

fn escape(lexer: &mut Lexer<'_>, style: Style, out: &mut Pieces) {
    let Some(next) = lexer.peek(1) else {
        lexer.at += 1;
        return;
    };
    lexer.at += 2;
    if style == Style::Raw {
        if !matches!(next, '\'' | '\\') {
            out.push('\\');
        }
        out.push(next);
        return;
    }
    let code = |digits: usize, radix: u32, lexer: &mut Lexer<'_>| {
        let text: String = (0..digits)
            .map_while(|ahead| lexer.peek(ahead).filter(|c| c.is_digit(radix)))
            .collect();
        lexer.at += text.len();
        u32::from_str_radix(&text, radix).ok().and_then(char::from_u32)
    };
    match next {
        'n' => out.push('\n'),
        't' => out.push('\t'),
        'r' => out.push('\r'),
        '\n' => {}
        'x' if lexer.peek(0) != Some('{') => out.push(code(2, 16, lexer).unwrap_or('?')),
        'u' if lexer.peek(0) != Some('{') => out.push(code(4, 16, lexer).unwrap_or('?')),
        'x' | 'u' | 'N' if lexer.peek(0) == Some('{') => {
            lexer.at += 1;
            let value = code(6, 16, lexer);
            while lexer.peek(0).is_some_and(|c| c != '}' && c.is_alphanumeric() || c == ' ') {
                lexer.at += 1;
            }
            lexer.at += 1;
            match value {
                Some(c) => out.push(c),
                None => out.hole(),
            }
        }
        '0'..='7' => {
            lexer.at -= 1;
            out.push(code(3, 8, lexer).unwrap_or('?'));
        }
        other => out.push(other),
    }
}

/// An interpolated expression in braces; `skip` characters open it.
fn code(lexer: &mut Lexer<'_>, skip: usize, out: &mut Pieces) {
    lexer.at += skip;
    let start = lexer.at;
    let end = brace_end(lexer);
    lexer.at = end + 1;
    let mut inside = lexer.chars.get(start..end).unwrap_or_default();
    if lexer.language == Language::Python {
        inside = without_format(inside);
    }
    nested(lexer, inside.to_vec().as_slice(), out);
}

/// Perl's and PHP's `${name}`.
fn code_named(lexer: &mut Lexer<'_>, out: &mut Pieces) {
    lexer.at += 1;
    let start = lexer.at;
    let end = brace_end(lexer);
    lexer.at = end + 1;
    let name = lexer.chars.get(start..end).unwrap_or_default();
    if name.iter().all(|c| c.is_alphanumeric() || *c == '_') {
        let chars: Vec<char> = std::iter::once('$').chain(name.iter().copied()).collect();
        nested(lexer, &chars, out);
    } else {
        out.hole();
    }
}

/// `$name`, `$name[0]`, `$name{key}`, `$name->{key}`.
fn name(lexer: &mut Lexer<'_>, out: &mut Pieces) {
    let start = lexer.at;
    lexer.at += 1;
    while lexer.peek(0).is_some_and(|c| c.is_alphanumeric() || c == '_') {
        lexer.at += 1;
    }
    let arrow =
        if lexer.looking_at("->") && matches!(lexer.peek(2), Some('[' | '{')) { 2 } else { 0 };
    let opens = match lexer.peek(arrow) {
        Some('[') => lexer
            .peek(arrow + 1)
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '$' | '\'' | '"' | '-')),
        Some('{') => lexer.language == Language::Perl,
        _ => false,
    };
    if opens {
        lexer.at += arrow;
        let close = if lexer.peek(0) == Some('[') { ']' } else { '}' };
        while lexer.peek(0).is_some_and(|c| c != close && c != '\n') {
            lexer.at += 1;
        }
        lexer.at += 1;
    }
    let chars =
        lexer.chars.get(start..lexer.at.min(lexer.chars.len())).unwrap_or_default().to_vec();
    nested(lexer, &chars, out);
}

fn nested(lexer: &Lexer<'_>, chars: &[char], out: &mut Pieces) {
    if lexer.nesting >= NESTING_MAX {
        return out.hole();
    }
    out.flush();
    // PHP code inside a string has no `<?php`.
    let code = lex_nested(lexer.language, chars, lexer.nesting + 1);
    out.all.push(Piece::Code(code));
}

/// Where the brace closes that was opened just before; strings are stepped over.
fn brace_end(lexer: &Lexer<'_>) -> usize {
    let mut depth = 0_usize;
    let mut quote = None;
    let mut at = lexer.at;
    while let Some(c) = lexer.chars.get(at) {
        match (quote, c) {
            (Some(_), '\\') => at += 1,
            (Some(open), c) if open == *c => quote = None,
            (None, '\'' | '"' | '`') => quote = Some(*c),
            (None, '{') => depth += 1,
            (None, '}') if depth == 0 => return at,
            (None, '}') => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    lexer.chars.len()
}

/// A Python replacement field without its `!r` and `:>10`.
fn without_format(inside: &[char]) -> &[char] {
    let mut depth = 0_usize;
    for (at, c) in inside.iter().enumerate() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ':' | '!' if depth == 0 && inside.get(at + 1) != Some(&'=') => {
                return inside.get(..at).unwrap_or_default();
            }
            _ => {}
        }
    }
    inside
}
