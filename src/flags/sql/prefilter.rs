//! Is there a statement in a text that something may be joined to?
//!
//! Most code holds no SQL, and most SQL is whole: then nothing has to be cut
//! into tokens. Says yes too often rather than too seldom; the rules of
//! [`super`] judge.

use memchr::{memchr, memchr3_iter, memmem};

use crate::flags::name::listed;
use crate::flags::source::Language;
use crate::flags::text::{byte, slice};

/// How far spaces, comments and brackets before a verb are skipped.
const LEAD_BYTES_MAX: usize = 400;
/// The longest string whose end is looked for; a longer one is suspected.
const STRING_BYTES_MAX: usize = 32 * 1024;
/// How far back the name is looked for that a string is assigned to.
const NAME_REACH: usize = 100;
/// So many names are looked for in the whole text; then it is suspected.
const NAMES_MAX: usize = 16;
/// What stands before a name that is declared.
const DECLARING: &str = "const let var self this string str export default";

/// Whether any string of the text is a statement that may be joined.
pub(in crate::flags) fn may_be_joined(text: &[u8], language: Language) -> bool {
    let mut names = Names { text, seen: Vec::new() };
    memchr3_iter(b'"', b'\'', b'`', text).any(|quote| {
        starts_like_sql(text, quote + 1) && may_take_in(text, quote, language, &mut names)
            || is_condition_of_builder(text, quote)
    })
}

/// Whether a verb of SQL stands at the begin of a string.
pub(super) fn starts_like_sql(text: &[u8], from: usize) -> bool {
    let mut at = from;
    while at < from + LEAD_BYTES_MAX {
        match byte(text, at) {
            b' ' | b'\t' | b'\n' | b'\r' | b'(' => at += 1,
            b'\\' => at += 1 + usize::from(byte(text, at + 1) == b'n'),
            b'-' if byte(text, at + 1) == b'-' => at = after(text, at, b"\n"),
            b'/' if byte(text, at + 1) == b'*' => at = after(text, at, b"*/"),
            letter if letter.is_ascii_alphabetic() => {
                return is_verb(text, at) || is_clause(text, at);
            }
            _ => return false,
        }
    }
    true
}

/// The place after the end of a comment; far behind it when it is too long, or
/// comments that never end would be searched for again and again.
fn after(text: &[u8], from: usize, end: &[u8]) -> usize {
    const COMMENT_BYTES_MAX: usize = 2048;
    let stop = text.len().min(from + COMMENT_BYTES_MAX);
    memmem::find(slice(text, from..stop), end).map_or(stop, |at| from + at + end.len())
}

pub(super) fn is_verb(text: &[u8], at: usize) -> bool {
    let first = byte(text, at) | 0x20;
    let starts = |rest: &[u8]| {
        slice(text, at + 1..text.len().min(at + 1 + rest.len())).eq_ignore_ascii_case(rest)
    };
    match first {
        b'a' => starts(b"lter") || starts(b"nalyze") || starts(b"ttach"),
        b'c' => starts(b"reate") || starts(b"omment") || starts(b"all") || starts(b"opy"),
        b'd' => starts(b"elete") || starts(b"rop") || starts(b"escribe"),
        b'e' => starts(b"xec") || starts(b"xplain"),
        b'g' => starts(b"rant"),
        b'i' => starts(b"nsert"),
        b'l' => starts(b"ock"),
        b'm' => starts(b"erge"),
        b'n' => starts(b"otify"),
        b'p' => starts(b"ragma"),
        b'r' => starts(b"eplace") || starts(b"evoke") || starts(b"eindex"),
        b's' => starts(b"elect") || starts(b"how") || starts(b"et "),
        b't' => starts(b"runcate"),
        b'u' => starts(b"pdate") || starts(b"psert"),
        b'v' => starts(b"acuum"),
        b'w' => starts(b"ith"),
        _ => false,
    }
}

/// Whether a clause begins here that is appended to a statement.
fn is_clause(text: &[u8], at: usize) -> bool {
    let starts = |word: &[u8]| {
        let end = at + word.len();
        slice(text, at..text.len().min(end)).eq_ignore_ascii_case(word)
            && !byte(text, end).is_ascii_alphanumeric()
    };
    match byte(text, at) | 0x20 {
        b'a' => starts(b"and"),
        b'b' => starts(b"between"),
        b'c' => starts(b"cross join"),
        b'e' => starts(b"exists"),
        b'f' => starts(b"from") || starts(b"full"),
        b'g' => starts(b"group by"),
        b'h' => starts(b"having"),
        b'i' => starts(b"in") || starts(b"inner join"),
        b'j' => starts(b"join"),
        b'l' => starts(b"limit") || starts(b"like") || starts(b"left"),
        b'n' => starts(b"not exists"),
        b'o' => starts(b"or") || starts(b"order by") || starts(b"offset") || starts(b"on"),
        b'r' => starts(b"returning") || starts(b"right"),
        b's' => starts(b"set"),
        b'u' => starts(b"union"),
        b'v' => starts(b"values"),
        b'w' => starts(b"where"),
        _ => false,
    }
}

/// `qb.where("…")`, `knex.raw("…")`: the string need not begin with a verb.
fn is_condition_of_builder(text: &[u8], quote: usize) -> bool {
    let before = byte(text, quote.wrapping_sub(1));
    if !matches!(before, b'(' | b'[' | b'f') && !before.is_ascii_whitespace() {
        return false;
    }
    let quote = quote - usize::from(before == b'f');
    let mut call = before_spaces(text, quote);
    if byte(text, call.wrapping_sub(1)) == b'[' {
        // `extra(where=["…"])`
        call = before_spaces(text, call - 1);
    }
    matches!(byte(text, call.wrapping_sub(1)), b'(' | b'=' | b'>')
        && [
            &b"here"[..],
            b"aw",
            b"aving",
            b"SQL",
            b"iteral",
            b"text",
            b"unsafe",
            b"aw<",
            b"literal_column",
        ]
        .iter()
        .any(|end| slice(text, 0..call - 1).ends_with(end))
}

/// Whether the string whose quote this is takes in a value, or is joined,
/// formatted or appended to.
fn may_take_in(text: &[u8], quote: usize, language: Language, names: &mut Names<'_>) -> bool {
    if !matches!(language, Language::JavaScript | Language::Python) {
        return true;
    }
    let Some(end) = string_end(text, quote) else { return true };
    let words = slice(text, quote..end);
    let mut first = quote;
    while first > 0 && quote - first < 2 && byte(text, first - 1) == byte(text, quote) {
        first -= 1;
    }
    let prefix = slice(text, first.saturating_sub(2)..first);
    let template = byte(text, quote) == b'`' && memmem::find(words, b"${").is_some();
    let braces = prefix.iter().any(|byte| matches!(byte, b'f' | b'F' | b't' | b'T'))
        && memchr(b'{', words).is_some();
    template || braces || goes_on(text, end) || is_built_upon(text, quote, names)
}

/// The place after the string's last quote.
fn string_end(text: &[u8], quote: usize) -> Option<usize> {
    let mark = byte(text, quote);
    let mut at = quote + 1;
    while at < quote + STRING_BYTES_MAX {
        let rest = slice(text, at..text.len());
        at += memchr::memchr2(mark, b'\\', rest)?;
        if byte(text, at) == mark {
            while byte(text, at) == mark {
                at += 1;
            }
            return Some(at);
        }
        at += 2;
    }
    None
}

/// Whether an operator, a method or another string follows.
fn goes_on(text: &[u8], end: usize) -> bool {
    let mut at = end;
    loop {
        match byte(text, at) {
            b' ' | b'\t' | b'\n' | b'\r' | b')' | b'\\' => at += 1,
            b'#' => at = after(text, at, b"\n"),
            b'/' if byte(text, at + 1) == b'/' => at = after(text, at, b"\n"),
            b'/' if byte(text, at + 1) == b'*' => at = after(text, at, b"*/"),
            _ => break,
        }
        if at >= end + LEAD_BYTES_MAX {
            return at < text.len();
        }
    }
    let literal = (at..at + 3).any(|at| matches!(byte(text, at), b'"' | b'\''));
    matches!(byte(text, at), b'+' | b'%' | b'.' | b'"' | b'\'' | b'`') || literal
}

/// Whether what the string is given to or assigned to may put something in.
fn is_built_upon(text: &[u8], quote: usize, names: &mut Names<'_>) -> bool {
    let mut before = quote;
    while byte(text, before.wrapping_sub(1)).is_ascii_alphabetic() && quote - before < 2 {
        before -= 1;
    }
    loop {
        before = before_spaces(text, before);
        match byte(text, before.wrapping_sub(1)) {
            b'(' if quote - before < NAME_REACH => {
                let callee = slice(text, 0..before - 1);
                if [&b"ormat"[..], b"rintf", b"emplate"].iter().any(|name| callee.ends_with(name)) {
                    return true;
                }
                before -= 1;
            }
            b'"' | b'\'' if quote - before < 3 => before -= 1,
            b'=' => break,
            b'+' | b'[' => return true,
            _ => return false,
        }
    }
    let line = slice(text, before.saturating_sub(NAME_REACH)..before - 1);
    let line = memchr::memrchr(b'\n', line).map_or(line, |at| slice(line, at + 1..line.len()));
    let assigned = line.split(|byte| !is_name_byte(*byte)).filter(|name| !name.is_empty());
    assigned.rev().take(3).any(|name| names.is_joined(name))
}

/// Names that statements are assigned to.
struct Names<'a> {
    text: &'a [u8],
    seen: Vec<Vec<u8>>,
}

impl Names<'_> {
    /// Whether an operator follows a name anywhere.
    fn is_joined(&mut self, name: &[u8]) -> bool {
        if listed(DECLARING, std::str::from_utf8(name).unwrap_or_default())
            || self.seen.iter().any(|seen| seen == name)
        {
            return false;
        }
        self.seen.push(name.to_vec());
        self.seen.len() > NAMES_MAX
            || memmem::find_iter(self.text, name).any(|at| {
                let before = byte(self.text, at.wrapping_sub(1));
                let end = at + name.len();
                // `${sql} AND …`
                let put_in = before == b'{' && byte(self.text, end) == b'}';
                put_in || !is_name_byte(before) && is_joined_at(self.text, end)
            })
    }
}

fn is_joined_at(text: &[u8], end: usize) -> bool {
    let mut next = end;
    while byte(text, next) == b' ' {
        next += 1;
    }
    let method = slice(text, next + 1..text.len());
    match byte(text, next) {
        b'+' | b'%' => true,
        b'.' => {
            [&b"format"[..], b"concat", b"replace", b"push", b"append", b"substitute", b"safe_sub"]
                .iter()
                .any(|name| method.starts_with(name))
        }
        _ => false,
    }
}

const fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$')
}

fn before_spaces(text: &[u8], mut at: usize) -> usize {
    let stop = at.saturating_sub(NAME_REACH);
    while at > stop && byte(text, at - 1).is_ascii_whitespace() {
        at -= 1;
    }
    at
}
