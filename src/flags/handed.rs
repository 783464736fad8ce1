//! Passwords that are handed to a call without a name: it signs in, connects,
//! creates a user, or hashes.
//!
//! Which argument is the password is read from the kind of the call; the
//! value itself is judged by [`super::value`].

use std::ops::Range;

use super::literal::quoted;
use super::random::Shape;
use super::text::{Hit, byte, is_word, slice};
use super::value::{self, Proof};

/// The most arguments of a call that are looked at.
const ARGUMENTS_MAX: usize = 8;
/// How far the arguments of a call may reach.
pub(super) const CALL_REACH: usize = 400;

/// What a call does with its arguments.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The password follows the user: `login("user", "password")`.
    SignsIn,
    /// Host, user, password: `connect("host", "user", "password")`.
    Connects,
    /// The last of two arguments: `CreateAsync(user, "Password1!")`.
    Creates,
    /// The first argument is a password: `bcrypt.hash("password", 10)`.
    Hashes,
}

/// The literal that is handed to the call whose name is around `word`.
pub(super) fn at(text: &[u8], word: usize) -> Option<Hit> {
    let (name, open) = callee(text, word)?;
    let kind = kind_of(slice(text, name))?;
    let arguments = arguments(text, open);
    let found =
        match kind {
            Kind::Hashes => arguments.first().cloned().flatten().filter(|first| {
                value::is_password(slice(text, first.clone()), b"hash", Proof::NoName)
                    && !slice(text, first.clone()).contains(&b' ')
            }),
            Kind::Creates => arguments.get(1).cloned().flatten().filter(|second| {
                value::is_password(slice(text, second.clone()), b"", Proof::Strong)
            }),
            Kind::SignsIn => after_user(text, &arguments, 1),
            Kind::Connects => after_user(text, &arguments, 2),
        }?;
    Some(hit(found, "a literal argument"))
}

/// The name of the call, and the place after its `(`.
fn callee(text: &[u8], word: usize) -> Option<(Range<usize>, usize)> {
    const NAME_BYTES_MAX: usize = 48;
    let in_name = |byte: u8| is_word(byte) && byte != b'-' || matches!(byte, b'.' | b':' | b'>');
    let mut start = word;
    while start > word.saturating_sub(NAME_BYTES_MAX) && in_name(byte(text, start.wrapping_sub(1)))
    {
        start -= 1;
    }
    let mut end = word;
    while end < word + NAME_BYTES_MAX && in_name(byte(text, end)) {
        end += 1;
    }
    // `auth=("user", "password")`, `auth: ["user", "password"]`
    let mut open = end;
    while matches!(byte(text, open), b'=' | b':' | b' ') && open < end + 3 {
        open += 1;
    }
    let tuple = open > end && matches!(byte(text, open), b'(' | b'[');
    (byte(text, end) == b'(' || tuple).then_some((start..end, open + 1))
}

fn kind_of(name: &[u8]) -> Option<Kind> {
    const HASHES: [&[u8]; 9] = [
        b"bcrypt.hash",
        b"bcrypt.hashsync",
        b"hash::make",
        b"make_password",
        b"generate_password_hash",
        b"password_hash",
        b"hashpassword",
        b"hash_password",
        b"passwordencoder.encode",
    ];
    let lower = name.to_ascii_lowercase();
    let last = lower.rsplit(|byte| matches!(byte, b'.' | b':' | b'>')).next().unwrap_or_default();
    let ends = |ends: &[&[u8]]| ends.iter().any(|end| last.ends_with(end));
    if HASHES.iter().any(|hash| lower.ends_with(hash)) {
        return Some(Kind::Hashes);
    }
    if ends(&[b"createasync"]) {
        return Some(Kind::Creates);
    }
    if ends(&[b"connect", b"getconnection", b"connection", b"real_connect", b"pconnect"]) {
        return Some(Kind::Connects);
    }
    ends(&[
        b"login",
        b"auth",
        b"authenticate",
        b"credentials",
        b"credential",
        b"createuser",
        b"create_user",
        b"create_superuser",
        b"createaccount",
        b"passwordauthentication",
        b"basicauth",
        b"basic_auth",
        b"createuserwithemailandpassword",
        b"signinwithemailandpassword",
        b"usernamepasswordtoken",
        b"authenticationtoken",
    ])
    .then_some(Kind::SignsIn)
}

/// The literals among the arguments of a call; `None` for anything else.
pub(super) fn arguments(text: &[u8], from: usize) -> Vec<Option<Range<usize>>> {
    let mut arguments = vec![None];
    let mut at = from;
    // A literal with anything beside it is no argument by itself.
    let mut alone = true;
    let mut depth = 0_usize;
    while at < from + CALL_REACH && arguments.len() <= ARGUMENTS_MAX {
        match byte(text, at) {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth == 0 => break,
            b')' | b']' | b'}' => depth -= 1,
            b',' if depth == 0 => {
                arguments.push(None);
                alone = true;
            }
            b';' | 0 => break,
            quote @ (b'"' | b'\'' | b'`') => {
                let Some(value) = quoted(text, at, quote) else { break };
                at = value.span.end;
                if depth == 0
                    && let Some(last) = arguments.last_mut()
                {
                    *last = alone.then_some(value.span);
                    alone = false;
                }
            }
            b' ' | b'\n' | b'\r' | b'\t' | b'@' => {}
            _ => {
                alone = false;
                if depth == 0
                    && let Some(last) = arguments.last_mut()
                {
                    *last = None;
                }
            }
        }
        at += 1;
    }
    arguments
}

/// The first literal from the place `least` on that is a password and stands
/// after a literal that is none.
fn after_user(
    text: &[u8],
    arguments: &[Option<Range<usize>>],
    least: usize,
) -> Option<Range<usize>> {
    let content = |span: &Option<Range<usize>>| slice(text, span.clone().unwrap_or_default());
    (least..arguments.len()).find_map(|at| {
        let span = arguments.get(at)?.clone()?;
        let user = content(arguments.get(at.checked_sub(1)?)?);
        let value = slice(text, span.clone());
        let is_user = !user.is_empty() && !user.starts_with(b"/") && user != value;
        (is_user && is_handed_password(value)).then_some(span)
    })
}

fn is_handed_password(value: &[u8]) -> bool {
    let shape = Shape::of(value);
    let mail = value.contains(&b'@') && value.contains(&b'.');
    let host = value.contains(&b'.')
        && value.iter().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b':')
        });
    let charset = value.starts_with(b"utf") || value.starts_with(b"latin");
    let random = shape.length >= 12 && shape.random();
    !mail
        && !host
        && !charset
        && !value.contains(&b' ')
        && !value.contains(&b'/')
        && (value::is_password(value, b"", Proof::Sign)
            || (random || shape.random_letters()) && value::is_password(value, b"", Proof::NoName))
}

/// A password that is known by where it stands.
pub(super) fn hit(span: Range<usize>, kind: &str) -> Hit {
    Hit { rule: "password-handed", span, kind: kind.to_owned(), secret: true }
}
