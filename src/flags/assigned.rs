//! A value assigned to a name, in whatever language: `password = "x"`,
//! `"password": "x"`, `setPassword("x")`, `<password>x</password>`, `--password x`.
//!
//! Where name and value are is [`super::link`]'s. What the name
//! promises is [`super::name`]'s, whether the value keeps it [`super::value`]'s.

use std::ops::Range;

use memchr::memmem;

use super::link::{Link, Value, link_after, name_around, value_at};
use super::name::{self, Promise};
use super::paths::Syntax;
use super::random::Shape;
use super::text::{Hit, byte, slice};
use super::value;

/// The password or key that is assigned to the name around `word`.
pub(super) fn at(text: &[u8], word: usize, syntax: Syntax) -> Option<Hit> {
    let span = name_around(text, word)?;
    let name = slice(text, span.clone());
    // The cheapest question first: most words are not assigned to.
    let (link, start) = link_after(text, &span, syntax)?;
    let value = value_at(text, start, link, syntax)?;
    let promise = name::promise(name)?;
    let found = keeps(text, &span, promise, link, &value, syntax);
    found.then(|| Hit {
        rule: match promise {
            Promise::Password | Promise::Perhaps => "password-assigned",
            Promise::Key | Promise::WeakKey => "secret-assigned",
        },
        kind: format!("`{}`", crate::hook::printable(&String::from_utf8_lossy(name))),
        span: value.span,
        secret: true,
    })
}

/// The passwords that SQL gives to its users: `IDENTIFIED BY 'x'`.
pub(super) fn identified_by(text: &[u8], syntax: Syntax, hits: &mut Vec<Hit>) {
    for phrase in [&b"DENTIFIED BY"[..], b"dentified by"] {
        hits.extend(
            memmem::find_iter(text, phrase)
                .filter_map(|at| self::at(text, at.checked_sub(1)?, syntax)),
        );
    }
}

/// A long run of letters that is given to a personal access token: `GITHUB_PAT=…`.
pub(super) fn access_token(text: &[u8], run: &Range<usize>, syntax: Syntax) -> Option<Hit> {
    const REACH: usize = 24;
    let from = run.start.saturating_sub(REACH);
    let before = slice(text, from..run.start).to_ascii_lowercase();
    let pat = memmem::rfind(&before, b"pat")?;
    at(text, from + pat, syntax).filter(|hit| hit.span.end > run.start)
}

/// Whether the value is what the name promises.
fn keeps(
    text: &[u8],
    name_span: &Range<usize>,
    promise: Promise,
    link: Link,
    found: &Value,
    syntax: Syntax,
) -> bool {
    let name = slice(text, name_span.clone());
    let content = slice(text, found.span.clone());
    let quoted = found.quote.is_some();
    if interpolates(content, found.quote) {
        return false;
    }
    let shape = Shape::of(content);
    let digit_or_sign = shape.digits > 0
        || content.iter().any(|byte| {
            byte.is_ascii_punctuation()
                && !matches!(byte, b'_' | b'-' | b'.' | b':' | b'/' | b'\\' | b',')
        });
    match promise {
        Promise::Password | Promise::Perhaps if quoted => {
            let capitalised =
                shape.upper == 1 && content.first().is_some_and(u8::is_ascii_uppercase);
            let strict = promise == Promise::Perhaps
                || matches!(link, Link::Comma | Link::Call | Link::Space | Link::Element)
                || (link == Link::Colon && capitalised);
            let setter = link != Link::Call || is_setter(name);
            setter
                && value::is_password(content, name, strict)
                && !(link == Link::Comma
                    && shape.digits <= usize::from(!is_shouted(name))
                    && content.iter().all(|byte| is_name_byte(*byte)))
        }
        Promise::Password | Promise::Perhaps => {
            let settled = match syntax {
                Syntax::Config => true,
                Syntax::Prose | Syntax::Markup => digit_or_sign,
                Syntax::Code => digit_or_sign && in_connection_string(text, name_span, found),
            };
            settled
                && is_bare_literal(content)
                && value::is_password(
                    content,
                    name,
                    promise == Promise::Perhaps || link == Link::Space,
                )
        }
        Promise::Key if quoted && is_made_up_secret(name, content) => true,
        Promise::Key => {
            let long = content.len() >= 12 || quoted;
            let bare_ok =
                quoted || syntax == Syntax::Config || (shape.random() && is_bare_literal(content));
            long && bare_ok && is_bare_or_quoted_key(content) && value::is_key(content, quoted)
        }
        Promise::WeakKey => {
            let word = name::words(name);
            let alone = word.len() == 1;
            !alone
                && quoted
                && shape.length >= 20
                && shape.random()
                && is_bare_or_quoted_key(content)
                && !value::is_placeholder(content)
                && !value::is_reference(content)
                && !is_uuid(content)
        }
    }
}

/// A secret that a person made up: long, with signs that no identifier has.
fn is_made_up_secret(name: &[u8], content: &[u8]) -> bool {
    let named = name.to_ascii_lowercase().ends_with(b"secret");
    let signs = content.iter().filter(|byte| b"!@#^&*?".contains(byte)).count();
    named && content.len() >= 8 && signs >= 1 && value::is_password(content, name, true)
}

/// `DB_PASSWORD`: a constant, whose value is no name of a field.
fn is_shouted(name: &[u8]) -> bool {
    name.contains(&b'_') && !name.iter().any(u8::is_ascii_lowercase)
}

/// What the names of fields are made of.
const fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// `setPassword`, `db.withPassword`, `.password`.
fn is_setter(name: &[u8]) -> bool {
    let words = name::words(name);
    let verb = words.len().checked_sub(2).and_then(|at| words.get(at));
    name.contains(&b'.') && name.ends_with(b".password")
        || verb.is_some_and(|verb| matches!(verb.as_str(), "set" | "with"))
}

/// Keys have no spaces, no calls and no paths in them.
fn is_bare_or_quoted_key(content: &[u8]) -> bool {
    !content.iter().any(|byte| matches!(byte, b' ' | b'(' | b'{' | b'<' | b'[' | b'\\' | b';'))
        && !content.starts_with(b"http")
        && !content.starts_with(b"/")
}

fn is_bare_literal(content: &[u8]) -> bool {
    let calls = content.iter().any(|byte| matches!(byte, b'(' | b'[' | b'{'));
    // `<set me>` ends for a bare value at the space.
    (!calls || content.starts_with(b"(")) && !content.starts_with(b"<")
}

fn is_uuid(content: &[u8]) -> bool {
    content.len() == 36 && memchr::memchr_iter(b'-', content).count() == 4
}

/// A template literal or an f-string that puts something else in its place.
fn interpolates(content: &[u8], quote: Option<u8>) -> bool {
    quote == Some(b'`') && memmem::find(content, b"${").is_some()
}

/// `…;Password=x;…` or `password=x` within a string of code.
fn in_connection_string(text: &[u8], name: &Range<usize>, value: &Value) -> bool {
    let before = byte(text, name.start.wrapping_sub(1));
    let after = byte(text, value.span.end);
    let tight = byte(text, value.span.start.wrapping_sub(1)) == b'=';
    tight
        && match after {
            b';' | b'&' => matches!(before, b';' | b'?' | b'&' | b'"' | b'\''),
            b'"' | b'\'' | b'`' => matches!(before, b';' | b'?' | b'&' | b'"' | b'\'' | b' '),
            b' ' => matches!(before, b'"' | b'\'' | b' '),
            _ => false,
        }
}
