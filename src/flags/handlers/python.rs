//! The functions and classes of Python.

use std::ops::Range;

use super::outline::{Class, Function, Outline};

pub(super) fn declare(outline: &mut Outline<'_>) {
    let code = outline.code;
    let lines = lines(outline);
    for (line, &(first, column)) in lines.iter().enumerate() {
        let word = first + usize::from(code.name(first) == b"async");
        let kind = code.name(word);
        if !matches!(kind, b"def" | b"class") {
            continue;
        }
        let open = word + 2;
        let close = if code.sign(open) == b'(' { outline.closing(open) } else { open };
        let colon = (close..close + 60).find(|&at| code.sign(at) == b':');
        let Some(colon) = colon else { continue };
        // The lines that are further in.
        let rest = lines.get(line + 1..).unwrap_or_default();
        let end = rest.iter().find(|(at, inner)| *at > colon && *inner <= column);
        let body = colon + 1..end.map_or(code.tokens.len(), |(at, _)| *at);
        let name = code.name(word + 1);
        let parameters = Range { start: open + 1, end: close.saturating_sub(1).max(open + 1) };
        if kind == b"class" {
            outline.classes.push(Class { name, head: first..colon, body });
        } else {
            outline.functions.push(Function {
                name,
                start: first,
                parameters,
                body,
                expression: false,
            });
        }
    }
}

/// The first token of each line, with its column.
fn lines(outline: &Outline<'_>) -> Vec<(usize, u32)> {
    let all = 0..outline.code.tokens.len();
    all.filter_map(|at| Some((at, outline.column(at)?))).collect()
}
