//! Which values the names of a text stand for, and which of them it changes.

use super::outline::Outline;
use crate::flags::source::Language;

/// Calls that change what they are called on.
const WRITES: &str = "push unshift splice append insert extend pop shift set add delete remove update clear setdefault";
/// Tokens that the type of a declaration may have.
const TYPE_MAX: usize = 40;
/// Names that one pattern may take out of a value.
const PATTERN_MAX: usize = 40;

pub(super) fn bind(outline: &mut Outline<'_>) {
    let code = outline.code;
    for at in 0..code.tokens.len() {
        match code.name(at) {
            b"" => {}
            b"const" | b"let" | b"var" => declared(outline, at + 1),
            b"del" | b"delete" => outline.add_written(code.name(at + 1)),
            _ => {
                assigned(outline, at);
                changed(outline, at);
            }
        }
    }
}

/// `const name: Type = value`, `const { a, b } = value`
fn declared(outline: &mut Outline<'_>, at: usize) {
    let code = outline.code;
    if matches!(code.sign(at), b'{' | b'[') {
        let close = outline.closing(at);
        if code.sign(close) != b'=' {
            return;
        }
        let value = close + 1..outline.expression_end(close + 1);
        for name in (at + 1..close).take(PATTERN_MAX) {
            if !code.name(name).is_empty() && code.sign(name + 1) != b':' {
                outline.add_value(code.name(name), at, value.clone());
            }
        }
        return;
    }
    let name = code.name(at);
    if code.sign(at + 1) == b'=' || name.is_empty() || matches!(code.name(at + 1), b"of" | b"in") {
        return;
    }
    // Without a type it is an assignment like any other.
    if code.sign(at + 1) == b':'
        && let Some(equal) = typed_value(outline, at + 2)
    {
        let value = equal + 1..outline.expression_end(equal + 1);
        outline.add_value(name, at, value);
    }
}

/// The `=` after a type.
fn typed_value(outline: &Outline<'_>, from: usize) -> Option<usize> {
    let code = outline.code;
    let mut at = from;
    for _ in 0..TYPE_MAX {
        at = match code.sign(at) {
            b'=' if code.sign(at + 1) != b'>' => return Some(at),
            b'=' => at + 2,
            b';' | b')' | b'}' => return None,
            b'{' | b'(' | b'[' => outline.closing(at).max(at + 1),
            _ => at + 1,
        };
    }
    None
}

/// `name = value`; fields of a class and of `this` go by their names, too.
fn assigned(outline: &mut Outline<'_>, at: usize) {
    let code = outline.code;
    let name = code.name(at);
    let dotted = at > 0 && code.sign(at - 1) == b'.';
    let own = dotted && at > 1 && matches!(code.name(at - 2), b"this" | b"self");
    let python = code.language == Language::Python;
    let equal = match code.sign(at + 1) {
        b'=' if !matches!(code.sign(at + 2), b'=' | b'>') => Some(at + 1),
        b':' if (python && outline.column(at).is_some()) || in_class(outline, at) => {
            typed_value(outline, at + 2)
        }
        _ => None,
    };
    let Some(equal) = equal else { return };
    if (dotted && !own) || (python && outline.column(at).is_none() && !own) {
        return;
    }
    let value = equal + 1..outline.expression_end(equal + 1);
    let declares = at > 0 && matches!(code.name(at - 1), b"const" | b"let" | b"var");
    let owner = outline.function_at(at).map_or(0, |number| number + 1);
    let inner = owner > 0 && !declares && !python && !outline.has_value(name, owner);
    if own || in_class(outline, at) {
        outline.add_value_of(name, 0, value);
    } else if inner {
        // A name of the module, or of the function around.
        outline.add_value(name, at, value);
        outline.add_written(name);
    } else {
        outline.add_value(name, at, value);
    }
}

/// Directly within a class.
fn in_class(outline: &Outline<'_>, at: usize) -> bool {
    let Some(class) = outline.class_at(at) else { return false };
    outline
        .function_at(at)
        .and_then(|number| outline.functions.get(number))
        .is_none_or(|function| function.body.start < class.body.start)
}

/// `name.push(…)`, `name[…] = …`
fn changed(outline: &mut Outline<'_>, at: usize) {
    let code = outline.code;
    let name = code.name(at);
    let method = std::str::from_utf8(code.name(at + 2)).unwrap_or_default();
    let called = code.sign(at + 1) == b'.' && code.sign(at + 3) == b'(';
    let indexed = || {
        let close = outline.closing(at + 1);
        code.sign(at + 1) == b'[' && code.sign(close) == b'=' && code.sign(close + 1) != b'='
    };
    if called && crate::flags::name::listed(WRITES, method) {
        if !outline.has_value(name, 0) && matches!(method, "push" | "append") {
            outline.add_value(name, at, at + 4..outline.closing(at + 3).saturating_sub(1));
        }
        if outline.function_at(at).is_some() {
            outline.add_written(name);
        }
    } else if indexed() && outline.function_at(at).is_some() {
        outline.add_written(name);
    }
}
