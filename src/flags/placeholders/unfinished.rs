//! Functions that say that they are not implemented, or whose comment does.

use std::ops::Range;

use memchr::memmem;

use super::comments::{self, Left};
use crate::flags::handlers::named;
use crate::flags::handlers::outline::{Function, Outline};
use crate::flags::source::{Kind, Language, Token};
use crate::flags::text::Hit;

/// What says so, in lower case.
const SAYS: [&[u8]; 15] = [
    b"not implemented",
    b"not yet implemented",
    b"unimplemented",
    b"n't implemented",
    b"not supported yet",
    b"not yet supported",
    b"implement me",
    b"not done yet",
    b"not built yet",
    b"coming soon",
    b"to be implemented",
    b"not available yet",
    b"not yet available",
    b"not finished",
    b"implement this",
];
/// What those say that others are meant to implement, in lower case.
const OF_OTHERS: [&[u8]; 12] = [
    b"subclass",
    b"sub-class",
    b"overrid",
    b"overwrit",
    b"must implement",
    b"must be implement",
    b"should be implement",
    b"should implement",
    b"abstract",
    b"derived",
    b"child class",
    b"implemented by",
];
/// Classes that say so by their name, whatever their text.
const EXCEPTIONS: &str = "NotImplementedException NotImplementedError NotImplemented NotYetImplementedError UnimplementedError TodoError";
/// Bases of classes that only declare.
const DECLARING: &str = "ABC Protocol ABCMeta abstract Interface";
/// What may stand in a body without doing anything.
const LOGS: &str = "console logger log print logging debug info warn";

/// Everything unfinished in a text.
pub(super) fn find(outline: &Outline<'_>, hits: &mut Vec<Hit>) {
    for at in 0..outline.code.tokens.len() {
        if let Some((rule, span)) = said(outline, at) {
            hits.push(super::hit(rule, span, "this is not implemented"));
        }
    }
    for function in &outline.functions {
        if let Some((rule, span)) = left_open(outline, function) {
            hits.push(super::hit(rule, span, "a comment says that the work is still to do"));
        }
    }
}

const SURE: &str = "placeholder-not-implemented";
const LIKELY: &str = "placeholder-not-implemented-likely";

/// `throw new Error("not implemented")`, `todo!()`.
fn said(outline: &Outline<'_>, at: usize) -> Option<(&'static str, Range<usize>)> {
    let code = outline.code;
    let name = code.name(at);
    match code.language {
        Language::Rust => {
            let says = matches!(name, b"todo" | b"unimplemented") && code.sign(at + 1) == b'!';
            return says.then(|| span(outline, at..at + 2)).flatten().map(|span| (SURE, span));
        }
        Language::JavaScript | Language::Java | Language::CSharp | Language::Php
            if name == b"throw" => {}
        Language::Java if name == b"TODO" && code.sign(at + 1) == b'(' => {
            return Some((SURE, span(outline, at..at + 2)?));
        }
        Language::Python | Language::Ruby if name == b"raise" => {}
        Language::Go if name == b"panic" && code.sign(at + 1) == b'(' => {}
        _ => return None,
    }
    let end = outline.expression_end(at + 1).min(at + 40);
    let says = says(outline, at + 1..end)?;
    if is_for_others(outline, at) {
        return None;
    }
    let whole = is_whole_body(outline, at, end);
    let in_class = outline.class_at(at).is_some() || code.language == Language::Ruby;
    let bare = says == Says::ByClass
        && in_class
        && matches!(code.language, Language::Python | Language::Ruby);
    // Without a word, in a branch, it is how Python refuses.
    let refuses = says == Says::ByClass && code.language == Language::Python && !whole;
    if refuses || (bare && whole && !is_odd_one_out(outline, at)) {
        return None;
    }
    let rule = if whole && !bare { SURE } else { LIKELY };
    Some((rule, span(outline, at..end)?))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    ByText,
    ByClass,
}

/// Whether what is thrown says so.
fn says(outline: &Outline<'_>, thrown: Range<usize>) -> Option<Says> {
    let code = outline.code;
    let mut by = None;
    for at in thrown.clone() {
        match code.token(at).map(|token| token.kind) {
            Some(Kind::Number) if code.token(at)?.text(code.text) == b"501" => return None,
            Some(Kind::Text(_)) => {
                let lower = code.words(at, 200);
                let finds =
                    |words: &[&[u8]]| words.iter().any(|word| memmem::find(&lower, word).is_some());
                if finds(&OF_OTHERS) {
                    return None;
                }
                let begins =
                    [&b"todo"[..], b"fixme", b"stub"].iter().any(|word| lower.starts_with(word));
                if begins || finds(&SAYS) {
                    by = Some(Says::ByText);
                } else if code.language == Language::Python && lower.contains(&b' ') {
                    // What is refused for a reason of its own is not unfinished.
                    return None;
                }
            }
            Some(Kind::Name) if named(EXCEPTIONS, code.name(at)) && by.is_none() => {
                by = Some(Says::ByClass);
            }
            _ => {}
        }
    }
    by
}

/// Whether the function only declares what other classes implement.
fn is_for_others(outline: &Outline<'_>, at: usize) -> bool {
    let code = outline.code;
    let Some(class) = outline.class_at(at) else { return false };
    let declares = class.head.clone().any(|at| named(DECLARING, code.name(at)));
    let words = crate::flags::name::words(class.name);
    let says = words.iter().any(|word| {
        matches!(word.as_str(), "base" | "abstract" | "mixin" | "interface" | "protocol")
    });
    let derived = || {
        outline.classes.iter().take(200).any(|one| {
            one.name != class.name && one.head.clone().skip(1).any(|at| code.name(at) == class.name)
        })
    };
    let decorated = || {
        let start = outline.function_at(at).and_then(|number| outline.functions.get(number));
        let start = start.map_or(at, |one| one.start);
        (start.saturating_sub(12)..start).any(|at| {
            matches!(code.name(at), b"abstractmethod" | b"overload" | b"abstractproperty")
        })
    };
    declares || says || derived() || decorated()
}

/// Whether most methods of the class do something: one that only declares
/// leaves them all to others.
fn is_odd_one_out(outline: &Outline<'_>, at: usize) -> bool {
    let Some(class) = outline.class_at(at) else { return false };
    let first = outline.functions.partition_point(|one| one.body.start < class.body.start);
    let all = outline.functions.iter().skip(first);
    let methods = all.take_while(|one| one.body.start < class.body.end).take(100);
    let (mut done, mut open) = (0, 0);
    for method in methods.filter(|one| !one.name.starts_with(b"__")) {
        let raises = outline.code.name(first_statement(outline, method)) == b"raise";
        let short = method.body.len() < 4;
        done += usize::from(!raises && !short);
        open += usize::from(raises);
    }
    done >= 2 * open
}

/// Whether a function does nothing but this.
fn is_whole_body(outline: &Outline<'_>, at: usize, end: usize) -> bool {
    let code = outline.code;
    let end = end + usize::from(code.sign(end) == b';');
    let around = outline.function_at(at).and_then(|number| outline.functions.get(number));
    if let Some(function) = around {
        return first_statement(outline, function) == at && end >= function.body.end;
    }
    let before = at.checked_sub(1).map(|at| code.sign(at)).unwrap_or_default();
    let header = at > 1 && (code.sign(at - 2) == b')' || !code.name(at - 2).is_empty());
    before == b'{' && header && code.sign(end) == b'}'
}

/// Past the docstring.
fn first_statement(outline: &Outline<'_>, function: &Function<'_>) -> usize {
    let start = function.body.start;
    let docstring = outline.code.language == Language::Python
        && outline.code.token(start).is_some_and(Token::is_string)
        && (outline.column(start + 1).is_some() || start + 1 >= function.body.end);
    start + usize::from(docstring)
}

/// `// TODO: implement` above a `return true`.
fn left_open(
    outline: &Outline<'_>,
    function: &Function<'_>,
) -> Option<(&'static str, Range<usize>)> {
    if function.expression {
        return None;
    }
    let start = first_statement(outline, function);
    let end = function.body.end;
    let braces = outline.code.language == Language::JavaScript;
    let (last, trivial) = last_statement(outline, start, end);
    if trivial {
        let gaps = function.body.start..end + usize::from(braces);
        return gaps.take(80).find_map(|at| {
            let (span, comment) = comments::in_gap(outline, at)?;
            comments::left(&comment).map(|_| (SURE, span))
        });
    }
    let at = last?;
    let (span, comment) = comments::in_gap(outline, at)?;
    let sure = comments::left(&comment)? == Left::Work;
    (sure || comments::names_work(&comment)).then_some((if sure { SURE } else { LIKELY }, span))
}

/// The last statement of a body when it returns a stand-in, and whether there
/// is nothing else.
fn last_statement(outline: &Outline<'_>, start: usize, end: usize) -> (Option<usize>, bool) {
    let code = outline.code;
    let mut trivial = true;
    let mut at = start;
    let mut found = None;
    for _ in 0..600 {
        if at >= end {
            return (found, trivial);
        }
        found = None;
        let next = outline.expression_end(at).max(at + 1);
        let next = next + usize::from(matches!(code.sign(next), b';'));
        match code.name(at) {
            b"return" if next >= end => {
                if !is_stand_in(outline, at + 1..next.min(end)) {
                    return (None, false);
                }
                found = Some(at);
            }
            b"pass" => {}
            name if named(LOGS, name) && matches!(code.sign(at + 1), b'.' | b'(') => {}
            _ if matches!(code.sign(at), b';' | b'.') => {}
            _ => trivial = false,
        }
        at = next;
    }
    (None, false)
}

/// Whether a value is written out, down to its last part.
fn is_stand_in(outline: &Outline<'_>, value: Range<usize>) -> bool {
    let code = outline.code;
    let short = value.end.saturating_sub(value.start) <= 60;
    short && value.into_iter().all(|at| {
        let key = matches!(code.sign(at + 1), b':') && code.language == Language::JavaScript;
        match code.token(at).map(|token| token.kind) {
            Some(Kind::Name) => {
                key || named(
                    "true false null undefined None True False Promise resolve new Map Set Decimal",
                    code.name(at),
                )
            }
            Some(Kind::Text(_)) => {
                let token = code.token(at).map(|token| outline.bytes(token.content()));
                memmem::find(token.unwrap_or_default(), b"${").is_none()
            }
            Some(Kind::Number) => true,
            Some(Kind::Sign(sign)) => !matches!(sign, b'<' | b'>' | b'=' | b'+' | b'*'),
            None => false,
        }
    })
}

fn span(outline: &Outline<'_>, tokens: Range<usize>) -> Option<Range<usize>> {
    let first = outline.code.token(tokens.start)?.start();
    let last = outline.code.token(tokens.end.saturating_sub(1).max(tokens.start))?.end();
    Some(first..last)
}
