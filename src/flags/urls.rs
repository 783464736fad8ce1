//! URLs that carry a password: `postgres://app:hunter2@db/shop`.

use memchr::memmem;

use super::stand_in::is_placeholder;
use super::text::{Hit, byte, slice};

/// The longest user and password that are looked for.
const AUTHORITY_BYTES_MAX: usize = 512;
/// How far back the begin of a comment is looked for.
const COMMENT_REACH: usize = 300;
/// Passwords that stand for a password.
const STAND_INS: &str = "pass password passwd pwd pw secret user username xxx yyy foo bar baz test admin root \
    postgres guest mysql token key p mypassword mypass";

/// Users that stand for a user.
const USERS: &str =
    "user username usr u name login me foo someuser myuser dbuser db_user admin_user";

/// Every URL with a password in it.
pub(super) fn find(text: &[u8], hits: &mut Vec<Hit>) {
    hits.extend(memmem::find_iter(text, b"@tcp(").filter_map(|at| go_source_name(text, at)));
    for at in memmem::find_iter(text, b"://") {
        let start = at + 3;
        if byte(text, at.wrapping_sub(1)).is_ascii_alphanumeric()
            && let Some(hit) = credentials(text, start)
        {
            hits.push(hit);
        }
    }
}

/// `user:password@tcp(host)/database`, which Go's MySQL driver takes.
fn go_source_name(text: &[u8], at: usize) -> Option<Hit> {
    const REACH: usize = 80;
    let before = slice(text, at.saturating_sub(REACH)..at);
    let open = before.iter().rposition(|byte| matches!(byte, b'"' | b'\'' | b'`' | b'=' | b' '))?;
    let pair = slice(before, open + 1..before.len());
    let colon = memchr::memchr(b':', pair)?;
    let password = slice(pair, colon + 1..pair.len());
    let real = matches!(judge(slice(pair, 0..colon), password, b"host.internal"), Judgement::Real);
    let start = at - password.len();
    (colon > 0 && real && !password.contains(&b'%') && !password.contains(&b'{')).then(|| Hit {
        rule: "secret-url-credentials",
        span: start..at,
        kind: "password of a data source".to_owned(),
        secret: true,
    })
}

fn credentials(text: &[u8], start: usize) -> Option<Hit> {
    let mut colon = None;
    let mut end = None;
    let authority = slice(text, start..text.len().min(start + AUTHORITY_BYTES_MAX));
    for (offset, &byte) in authority.iter().enumerate() {
        match byte {
            b':' if colon.is_none() => colon = Some(offset),
            b'@' => end = Some(offset),
            b'/' | b'?' | b'#' if end.is_some() || colon.is_none() => break,
            b'/' | b'?' | b'#' if !closes(authority, offset) => break,
            b' '
            | b'\n'
            | b'\r'
            | b'\t'
            | b'"'
            | b'\''
            | b'`'
            | b'<'
            | b'>'
            | b'\\'
            | b'('
            | b')'
            | b'{'
            | b'}'
            | b'|'
            | b'^'
            | 0..=31 => break,
            _ => {}
        }
    }
    let (colon, end) = (colon?, end?);
    let user = slice(authority, 0..colon);
    let password = slice(authority, colon + 1..end);
    let host = host(slice(authority, end + 1..authority.len()));
    let rule = match judge(user, password, host) {
        Judgement::Real => "secret-url-credentials",
        Judgement::StandIn => "secret-url-stand-in",
        Judgement::Reference => return None,
    };
    if rule == "secret-url-stand-in" && in_comment(text, start) {
        return None;
    }
    let span = start + colon + 1..start + end;
    (colon < end).then(|| Hit { rule, span, kind: "password in a URL".to_owned(), secret: true })
}

/// Whether the line is a comment, where a stand-in explains something.
fn in_comment(text: &[u8], at: usize) -> bool {
    let window = slice(text, at.saturating_sub(COMMENT_REACH)..at);
    let line =
        memchr::memrchr(b'\n', window).map_or(window, |end| slice(window, end + 1..window.len()));
    let line = line.trim_ascii_start();
    [&b"//"[..], b"#", b"*", b"--", b"/*", b";"].iter().any(|mark| line.starts_with(mark))
}

/// What stands where the password of a URL does.
enum Judgement {
    Real,
    StandIn,
    Reference,
}

/// Whether an unescaped `/` or `#` still belongs to the password: an `@`
/// follows before anything that ends a URL.
fn closes(authority: &[u8], from: usize) -> bool {
    let rest = slice(authority, from..authority.len().min(from + 48));
    let end = rest.iter().position(|&byte| {
        byte == b'@'
            || matches!(byte, b' ' | b'"' | b'\'' | b'`' | b'<' | b'>' | b'\n' | b',' | b'(' | b'&')
    });
    let starts_port = from > 0 && byte(authority, from - 1).is_ascii_digit();
    !starts_port && end.is_some_and(|end| byte(rest, end) == b'@')
}

fn host(rest: &[u8]) -> &[u8] {
    let end = rest
        .iter()
        .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')));
    slice(rest, 0..end.unwrap_or(rest.len()))
}

fn judge(user: &[u8], password: &[u8], host: &[u8]) -> Judgement {
    let lower = password.to_ascii_lowercase();
    let masked = lower.iter().all(|byte| matches!(byte, b'*' | b'x' | b'.'));
    let reference =
        matches!(byte(password, 0), b'$' | b'%' | b':' | b'[') && !has_percent_code(password);
    // `scott:tiger` is what every manual of Oracle says.
    let documented = lower == b"tiger";
    if masked || reference || documented || password.len() < 3 || host.is_empty() {
        return Judgement::Reference;
    }
    let reserved = [&b"example.com"[..], b"example.org", b"example.net", b".example", b".invalid"];
    let example_host = reserved.iter().any(|name| host.ends_with(name))
        || matches!(host, b"host" | b"hostname" | b"somehost");
    let plain = lower.iter().all(u8::is_ascii_alphabetic);
    // `user:password@host` is how the format is explained.
    let explained = USERS.split(' ').any(|word| word.as_bytes().eq_ignore_ascii_case(user));
    if explained && STAND_INS.split(' ').any(|word| word.as_bytes() == lower) {
        return Judgement::Reference;
    }
    let stand_in = STAND_INS.split(' ').any(|word| word.as_bytes() == lower)
        || (plain && memmem::find(&lower, b"password").is_some())
        || lower == user.to_ascii_lowercase()
        || is_placeholder(password);
    if stand_in || example_host { Judgement::StandIn } else { Judgement::Real }
}

fn has_percent_code(password: &[u8]) -> bool {
    byte(password, 0) == b'%'
        && byte(password, 1).is_ascii_hexdigit()
        && byte(password, 2).is_ascii_hexdigit()
}
