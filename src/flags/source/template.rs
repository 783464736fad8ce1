//! Where strings end, and which parts of them are code.

use std::ops::Range;

use super::lexer::Form;
use crate::flags::text::byte;

/// The longest string that is read as one, in bytes.
const STRING_BYTES_MAX: usize = 32 * 1024;
/// Templates within templates, at most.
const NESTING_MAX: usize = 8;

pub(super) fn string_end(
    text: &[u8],
    body: usize,
    quote: u8,
    width: usize,
    raw: bool,
    multi_line: bool,
) -> Option<usize> {
    let mut at = body;
    let stop = text.len().min(body + STRING_BYTES_MAX);
    while at < stop {
        match byte(text, at) {
            b'\\' if !raw => at += 1,
            b'\n' if !multi_line => return None,
            here if here == quote && (1..width).all(|step| byte(text, at + step) == quote) => {
                return Some(at);
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The place of the backtick that ends a template, whose code may hold templates.
pub(super) fn template_end(text: &[u8], body: usize) -> Option<usize> {
    template_end_before(text, body, text.len().min(body + STRING_BYTES_MAX), 0)
}

/// One limit for all templates within, or unclosed ones would add up.
fn template_end_before(text: &[u8], body: usize, stop: usize, depth: usize) -> Option<usize> {
    let mut at = body;
    while at < stop {
        match byte(text, at) {
            b'\\' => at += 1,
            b'`' => return Some(at),
            b'$' if byte(text, at + 1) == b'{' => at = code_end(text, at + 2, stop, depth)?,
            _ => {}
        }
        at += 1;
    }
    None
}

/// The place of the brace that ends the code of a template.
fn code_end(text: &[u8], from: usize, stop: usize, depth: usize) -> Option<usize> {
    let mut at = from;
    let mut open = 0_usize;
    while at < stop {
        match byte(text, at) {
            b'{' => open += 1,
            b'}' if open == 0 => return Some(at),
            b'}' => open -= 1,
            b'`' if depth < NESTING_MAX => {
                at = template_end_before(text, at + 1, stop, depth + 1)?;
            }
            b'`' => return None,
            quote @ (b'"' | b'\'') => {
                at = string_end(text, at + 1, quote, 1, false, false).unwrap_or(at);
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// A part of a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::flags) enum Piece {
    /// As written.
    Words(Range<usize>),
    /// An expression whose value is put in.
    Code(Range<usize>),
}

/// The parts of a string, in order.
pub(in crate::flags) fn pieces(text: &[u8], content: Range<usize>, form: Form) -> Vec<Piece> {
    let Range { start: body, end } = content;
    let mut pieces = Vec::new();
    let (mut from, mut at) = (body, body);
    while at < end {
        let here = byte(text, at);
        let next = byte(text, at + 1);
        let open = match form {
            Form::Hash if here == b'#' && next == b'{' => 2,
            Form::Template | Form::Dollar if here == b'$' && next == b'{' => 2,
            Form::Dollar if here == b'{' && next == b'$' => 1,
            Form::Dollar if here == b'$' && (next.is_ascii_alphabetic() || next == b'_') => {
                let close = (at + 1..end).find(|&at| {
                    !(byte(text, at).is_ascii_alphanumeric() || byte(text, at) == b'_')
                });
                let close = close.unwrap_or(end);
                pieces.push(Piece::Words(from..at));
                pieces.push(Piece::Code(at + 1..close));
                (from, at) = (close, close);
                continue;
            }
            Form::Braces if here == b'{' && next == b'{' => {
                at += 2;
                continue;
            }
            Form::Braces if here == b'{' => 1,
            _ => 0,
        };
        if here == b'\\' && open == 0 {
            at += 2;
        } else if open == 0 {
            at += 1;
        } else {
            let close =
                code_end(text, at + open, end, 0).filter(|close| *close < end).unwrap_or(end);
            pieces.push(Piece::Words(from..at));
            pieces.push(Piece::Code(at + open..close));
            at = close + 1;
            from = at.min(end);
        }
    }
    pieces.push(Piece::Words(from..end));
    pieces
}
