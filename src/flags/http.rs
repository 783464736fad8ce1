//! Credentials in requests: `Authorization: Basic …`, `curl -u user:password`.

use memchr::memmem;

use super::random::Shape;
use super::stand_in::{is_placeholder, is_reference};
use super::text::{Hit, byte, slice};
use super::value::{self, Proof};

const VALUE_BYTES_MAX: usize = 2048;
/// How far after `curl` its `-u` is looked for.
const COMMAND_REACH: usize = 600;

/// The credentials of an `Authorization` header whose name begins at `word`.
pub(super) fn header(text: &[u8], word: usize) -> Option<Hit> {
    const NAME: &[u8] = b"authorization";
    if !slice(text, word..word + NAME.len()).eq_ignore_ascii_case(NAME) {
        return None;
    }
    let mut at = word + NAME.len();
    let stop = at + 24;
    while at < stop
        && matches!(
            byte(text, at),
            b'"' | b'\'' | b'`' | b' ' | b':' | b'=' | b',' | b'\\' | b'>' | b']' | b'('
        )
    {
        at += 1;
    }
    let schemes: [&[u8]; 6] = [b"basic ", b"bearer ", b"token ", b"apikey ", b"api-key ", b"key "];
    let scheme = schemes
        .iter()
        .find(|scheme| slice(text, at..at + scheme.len()).eq_ignore_ascii_case(scheme))?;
    let start = at + scheme.len();
    let mut end = start;
    while end < start + VALUE_BYTES_MAX && is_credential(byte(text, end)) {
        end += 1;
    }
    let value = slice(text, start..end);
    let closed = !matches!(byte(text, end), b'{' | b'$' | b'(' | b'<' | b'%');
    (closed && is_real(value)).then(|| hit(start..end, "value of an Authorization header"))
}

/// Every `-u user:password` and `--user user:password` of a curl command.
pub(super) fn user_options(text: &[u8], hits: &mut Vec<Hit>) {
    let mut done = 0;
    for curl in memmem::find_iter(text, b"curl ") {
        let command = slice(text, curl..text.len().min(curl + COMMAND_REACH));
        for option in [&b" -u "[..], b" --user ", b" -u", b" --user="] {
            let Some(at) = memmem::find(command, option) else { continue };
            let start = curl + at + option.len();
            if start >= done
                && let Some(hit) = user_and_password(text, start)
            {
                done = hit.span.end;
                hits.push(hit);
                break;
            }
        }
    }
}

fn user_and_password(text: &[u8], start: usize) -> Option<Hit> {
    let quote = Some(byte(text, start)).filter(|byte| matches!(byte, b'"' | b'\''));
    let from = start + usize::from(quote.is_some());
    let window = slice(text, from..text.len().min(from + 256));
    let end = window.iter().position(|&byte| match quote {
        Some(quote) => byte == quote || byte == b'\n',
        None => byte.is_ascii_whitespace(),
    });
    let pair = slice(window, 0..end.unwrap_or(window.len()));
    let colon = memchr::memchr(b':', pair)?;
    let (mut low, mut high) = (colon + 1, pair.len());
    if matches!(byte(pair, low), b'"' | b'\'') && high > low + 1 {
        low += 1;
        high -= usize::from(matches!(byte(pair, high - 1), b'"' | b'\''));
    }
    let (user, password) = (slice(pair, 0..colon), slice(pair, low..high));
    if password.is_empty()
        && Shape::of(user).digits >= 2
        && value::is_password(user, b"user", Proof::Sign)
    {
        return Some(hit(from..from + colon, "key of a request"));
    }
    let plain_user = !user.is_empty()
        && user.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._-@+\\".contains(byte));
    let shape = Shape::of(password);
    let proof = if shape.digits == 0 { Proof::Sign } else { Proof::NoName };
    let real = value::is_password(password, b"user", proof)
        && !password.starts_with(b"$")
        && !password.starts_with(b"<")
        && !password.contains(&b'{')
        && user != password;
    (plain_user && real).then(|| hit(from + low..from + high, "password of a request"))
}

/// Not a placeholder, and more than a word.
fn is_real(value: &[u8]) -> bool {
    let shape = Shape::of(value);
    value.len() >= 12
        && shape.varied()
        && (shape.digits >= 2 || shape.random())
        && !is_placeholder(value)
        && !is_reference(value)
        && !(value.starts_with(b"eyJ") && memchr::memchr_iter(b'.', value).count() == 2)
}

const fn is_credential(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'_' | b'-' | b'.' | b'+' | b'/' | b'=' | b'~' | b':')
}

fn hit(span: std::ops::Range<usize>, kind: &str) -> Hit {
    Hit { rule: "secret-http-credentials", span, kind: kind.to_owned(), secret: true }
}
