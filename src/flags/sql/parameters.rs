//! The parameters of functions.
//!
//! A name that a function takes hides what the file gives it elsewhere.

use super::names::How;
use crate::flags::source::Language;
use crate::flags::source::code::Code;

/// The most tokens of a list of parameters, and of the type behind it.
const PARAMETERS_MAX: usize = 120;
const TYPE_TOKENS_MAX: usize = 40;

/// Where the function begins whose parameters open at `open`; `None` when
/// these are no parameters.
pub(super) fn body_after(code: &Code<'_>, open: usize) -> Option<usize> {
    let before = open.checked_sub(1).map_or(&b""[..], |before| code.name(before));
    match code.language {
        Language::Python => {
            let is_function = open >= 2 && code.name(open - 2) == b"def";
            is_function.then_some(open)
        }
        Language::JavaScript => {
            if matches!(before, b"if" | b"for" | b"while" | b"switch" | b"with") {
                return None;
            }
            let close = code.closing(open);
            let mut at = close;
            let typed = code.sign(close) == b':';
            while at < close + TYPE_TOKENS_MAX {
                match (code.sign(at), code.sign(at + 1)) {
                    (b'{', _) if at == close || typed && at > close + 1 => return Some(at),
                    (b'=', b'>') => return Some(at + 2),
                    (b'<' | b'>' | b'.' | b'|' | b'[' | b']' | b':' | b',' | 0, _) if typed => {
                        at += 1;
                    }
                    _ => return None,
                }
            }
            None
        }
        _ => None,
    }
}

/// The names within the brackets, and whether they are numbers.
pub(super) fn parameters(code: &Code<'_>, open: usize) -> Vec<(usize, How)> {
    let close = code.closing(open).min(open + PARAMETERS_MAX);
    let mut found = Vec::new();
    let mut depth = 0_usize;
    for at in open + 1..close {
        match code.sign(at) {
            b'(' | b'<' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b'>' if code.sign(at - 1) != b'=' => depth = depth.saturating_sub(1),
            _ => {}
        }
        // `x,` `x:` `x =` `x?:` and the `x` of `{ a: x }`; decorators before it.
        let begins = matches!(code.sign(at - 1), b'(' | b',' | b'{' | b'[' | b'*' | b'.' | b')')
            || !code.name(at - 1).is_empty()
            || code.sign(at - 1) == b':' && code.sign(at + 1) == b'}';
        let ends = matches!(code.sign(at + 1), b',' | b')' | b':' | b'=' | b'}' | b']' | b'?');
        if depth > 0 || code.name(at).is_empty() || !begins || !ends {
            continue;
        }
        let colon = at + 1 + usize::from(code.sign(at + 1) == b'?');
        let number = code.sign(colon) == b':'
            && matches!(code.name(colon + 1), b"number" | b"int" | b"float" | b"bigint");
        let how = match number {
            _ if is_converted(code, at) => How::Converted,
            true => How::Number,
            false => How::Parameter,
        };
        found.push((at, how));
    }
    found
}

/// `@Param('id', ParseIntPipe) id`
fn is_converted(code: &Code<'_>, at: usize) -> bool {
    code.sign(at - 1) == b')'
        && (at.saturating_sub(8)..at).any(|at| {
            let name = code.name(at);
            name.starts_with(b"Parse") && name.ends_with(b"Pipe")
        })
}
