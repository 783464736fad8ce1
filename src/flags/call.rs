//! What a call does with the name that is its first argument: looks up a
//! default, stores a value, compares.

use std::ops::Range;

use super::link::Link;
use super::text::{byte, ends_with_word, line_before, skip_spaces, slice};

/// `:password, "x"` of Ruby.
pub(super) fn is_symbol(text: &[u8], name: &Range<usize>) -> bool {
    byte(text, name.start.wrapping_sub(1)) == b':'
        && matches!(
            byte(text, name.start.wrapping_sub(2)),
            b' ' | b'(' | b',' | b'{' | b'\t' | b'\n'
        )
}

/// `CURLOPT_USERPWD, "x"`, `put(Context.SECURITY_CREDENTIALS, "x")`
pub(super) fn is_option_of_call(text: &[u8], name: &Range<usize>) -> bool {
    let own = slice(text, name.clone());
    let last = own.rsplit(|byte| *byte == b'.').next().unwrap_or(own);
    last.starts_with(b"CURLOPT_")
        || !last.iter().any(u8::is_ascii_lowercase)
            && of_arguments(text, name) == Some(Link::Insert)
}

/// What the call does whose first argument is the name.
pub(super) fn of_arguments(text: &[u8], name: &Range<usize>) -> Option<Link> {
    const DEFAULTS: &str = "getenv environ.get env fetch getenvironmentvariable get_env getenvordefault envor \
        getorelse getordefault setdefault get env.get getproperty get_or config.get lookup default string \
        stringvar str option add_argument add_option field config";
    const INSERTS: &str = "put setproperty set setenv putenv setitem define store add with withproperty \
        setvalue setstring assign hset insert";
    let mut open = name.start;
    while open > 0
        && matches!(byte(text, open - 1), b'"' | b'\'' | b'`' | b'-' | b':' | b'@' | b' ')
        && name.start - open < 6
    {
        open -= 1;
    }
    if is_symbol(text, name) && ends_with_word(slice(text, 0..open), b"set") {
        return Some(Link::Insert);
    }
    if byte(text, open.wrapping_sub(1)) != b'(' {
        // `["password", "x"]` is a pair, `"qwerty", "password", "x"` a list.
        let option = slice(text, name.clone()).starts_with(b"--");
        let pair = option || matches!(byte(text, open.wrapping_sub(1)), b'[' | b'{');
        return pair.then_some(Link::Comma);
    }
    let before = slice(text, open.saturating_sub(40)..open - 1);
    let start = before
        .iter()
        .rposition(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')))
        .map_or(0, |at| at + 1);
    let callee = slice(before, start..before.len()).to_ascii_lowercase();
    let callee = String::from_utf8_lossy(&callee);
    let last = callee.rsplit('.').next().unwrap_or_default();
    Some(if super::name::listed(DEFAULTS, last) {
        Link::Default
    } else if super::name::listed(INSERTS, last) {
        Link::Insert
    } else {
        Link::Comma
    })
}

/// `default=` before the value of a call.
pub(super) fn after_default_word(text: &[u8], at: usize) -> usize {
    let start = skip_spaces(text, at);
    let rest = slice(text, start..text.len().min(start + 160));
    let end =
        rest.iter().position(|byte| matches!(byte, b'\n' | b')' | b';')).unwrap_or(rest.len());
    let rest = slice(rest, 0..end);
    let Some(word) = memchr::memmem::find(rest, b"default") else { return at };
    let after = slice(rest, word + b"default".len()..rest.len());
    let sign = after.iter().position(|byte| matches!(byte, b'=' | b':'));
    match sign {
        Some(sign) if slice(after, 0..sign).iter().all(u8::is_ascii_alphabetic) => {
            start + word + b"default".len() + sign + 1
        }
        _ => at,
    }
}

/// `strcmp(password, `, `hash_equals(password, `.
pub(super) fn is_compared(text: &[u8], name: usize) -> bool {
    const COMPARES: [&[u8]; 9] = [
        b"cmp(",
        b"hash_equals(",
        b"compare(",
        b"compare_digest(",
        b"secure_compare(",
        b"quals(",
        b"ompare(",
        b"cmp((char *)",
        b"timingSafeEqual(",
    ];
    let line = line_before(text, name, 60);
    COMPARES.iter().any(|call| line.ends_with(call))
}
