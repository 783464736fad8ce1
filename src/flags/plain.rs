//! Passwords that are stored or compared as they were typed.

use memchr::memmem;

use super::name::{Promise, promise};
use super::source::code::Code;
use super::source::{Kind, Language};
use super::text::Hit;

/// How far back the call is looked for that a field is handed to, in tokens.
const CALL_REACH: usize = 80;
/// Calls that store what they are given.
const STORES: &str = "create insert insertOne insertMany save add insert_one bulkCreate upsert values register User users";
/// What makes a password safe; one of them anywhere in the file is enough.
const HASHES: [&[u8]; 8] =
    [b"bcrypt", b"argon2", b"scrypt", b"pbkdf2", b"hash", b"Hash", b"make_password", b"encrypt"];
/// Fields that are compared with each other in a form.
const REPEATED: &str =
    "confirm confirmation confirmed repeat retype again new old verify password2 password1 second";

/// Everything of that kind in a text.
pub(super) fn find(code: &Code<'_>, hits: &mut Vec<Hit>) {
    if !matches!(code.language, Language::JavaScript | Language::Python) {
        return;
    }
    let hashed = HASHES.iter().any(|word| memmem::find(code.text, word).is_some());
    for at in 0..code.tokens.len() {
        if is_password(code, at) && compares(code, at) {
            push(code, at, "password-plain-compare", "a password is compared as typed", hits);
        }
        if !hashed && is_password(code, at) && stores(code, at) {
            push(code, at, "password-plain-storage", "a password is stored as typed", hits);
        }
    }
}

fn is_password(code: &Code<'_>, at: usize) -> bool {
    let name = code.name(at);
    !name.is_empty() && promise(name) == Some(Promise::Password) && !is_repeated(name)
}

fn is_repeated(name: &[u8]) -> bool {
    super::name::words(name).iter().any(|word| super::name::listed(REPEATED, word))
}

/// `user.password === password`, with at least one of them a field.
fn compares(code: &Code<'_>, at: usize) -> bool {
    let equal = |at: usize| code.sign(at) == b'=' && code.sign(at + 1) == b'=';
    let unequal = |at: usize| code.sign(at) == b'!' && code.sign(at + 1) == b'=';
    if !equal(at + 1) && !unequal(at + 1) {
        return false;
    }
    let other = if code.sign(at + 3) == b'=' { at + 4 } else { at + 3 };
    let end = code.operand_end(other);
    let last = end.saturating_sub(1);
    let field = |at: usize| at > 0 && code.sign(at - 1) == b'.';
    let form = (other..end).any(|at| is_repeated(code.name(at)));
    let whole = |at: usize| code.sign(at + 1) != b'.' && code.sign(at + 1) != b'(';
    end > other && whole(last) && is_password(code, last) && !form && (field(at) || field(last))
}

/// `User.create({ password: req.body.password })`
fn stores(code: &Code<'_>, at: usize) -> bool {
    let assigns = code.sign(at + 1) == b':'
        || (code.language == Language::Python
            && code.sign(at + 1) == b'='
            && code.sign(at + 2) != b'=');
    if !assigns || (at > 0 && code.sign(at - 1) == b'.') {
        return false;
    }
    let end = code.operand_end(at + 2);
    let last = end.saturating_sub(1);
    let name = end > at + 2 && code.tokens.get(last).is_some_and(|token| token.kind == Kind::Name);
    let same = name && is_password(code, last) && code.name(at + 2) != b"string";
    same && matches!(code.sign(end), b',' | b'}' | b')') && stored_by(code, at)
}

/// Whether the call around the field stores.
fn stored_by(code: &Code<'_>, at: usize) -> bool {
    let mut depth = 0_usize;
    for back in (at.saturating_sub(CALL_REACH)..at).rev() {
        match code.sign(back) {
            b')' => depth += 1,
            b'(' if depth > 0 => depth -= 1,
            b'(' => {
                let callee = back.checked_sub(1).map(|at| code.name(at)).unwrap_or_default();
                return std::str::from_utf8(callee)
                    .is_ok_and(|name| super::name::listed(STORES, name));
            }
            _ => {}
        }
    }
    false
}

fn push(code: &Code<'_>, at: usize, rule: &'static str, kind: &str, hits: &mut Vec<Hit>) {
    if let Some(token) = code.tokens.get(at) {
        hits.push(Hit { rule, span: token.span(), kind: kind.to_owned(), secret: false });
    }
}
