//! Passwords in the commands of a script: options, and what is piped in.

use memchr::memmem;

use super::handed::hit;
use super::literal::quoted;
use super::text::{Hit, byte, line_before, slice};
use super::value::{self, Proof};

/// `echo "user:password" | chpasswd`; `word` is in the name of the command.
pub(super) fn piped(text: &[u8], word: usize) -> Option<Hit> {
    const REACH: usize = 160;
    let command = word.checked_sub(2).filter(|at| slice(text, *at..*at + 8) == b"chpasswd")?;
    let line = line_before(text, command, REACH);
    let echoed = line.trim_ascii_end().strip_suffix(b"|")?.trim_ascii_end();
    let start = command - line.len();
    let colon = memchr::memrchr(b':', echoed)?;
    let value = slice(echoed, colon + 1..echoed.len());
    let value = value.strip_suffix(b"'").or_else(|| value.strip_suffix(b"\"")).unwrap_or(value);
    let span = start + colon + 1..start + colon + 1 + value.len();
    (!value.contains(&b'$') && value::is_password(value, b"", Proof::NoName))
        .then(|| hit(span, "a line for `chpasswd`"))
}

/// Options of commands that take a password: the command, the option, and
/// whether the value may follow without a space.
const OPTIONS: [(&[u8], &[u8], Glue); 14] = [
    (b"mysql", b"-p", Glue::Always),
    (b"mysqldump", b"-p", Glue::Always),
    (b"mysqladmin", b"-p", Glue::Always),
    (b"mysqlimport", b"-p", Glue::Always),
    (b"mariadb", b"-p", Glue::Always),
    (b"7z", b"-p", Glue::Always),
    (b"sshpass", b"-p", Glue::Either),
    (b"login", b"-p", Glue::Never),
    (b"mongo", b"-p", Glue::Never),
    (b"mongodump", b"-p", Glue::Never),
    (b"sqlcmd", b"-P", Glue::Either),
    (b"bcp", b"-P", Glue::Either),
    (b"zip", b"-P", Glue::Either),
    (b"redis-cli", b"-a", Glue::Never),
];

/// How an option and its value stand together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Glue {
    Always,
    Never,
    Either,
}

/// The passwords among the options of commands in a script.
pub(super) fn find(text: &[u8], hits: &mut Vec<Hit>) {
    for option in [&b" -p"[..], b" -P", b" -a "] {
        hits.extend(memmem::find_iter(text, option).filter_map(|at| option_at(text, at + 1)));
    }
}

fn option_at(text: &[u8], at: usize) -> Option<Hit> {
    const REACH: usize = 200;
    let letters = slice(text, at..at + 2);
    let after = byte(text, at + 2);
    let line = line_before(text, at, REACH);
    let command = line
        .rsplit(|byte| matches!(byte, b'|' | b';' | b'&' | b'(' | b'`' | b'"' | b'\''))
        .next()
        .unwrap_or(line);
    let words = command.split(u8::is_ascii_whitespace);
    let (_, _, glue) = OPTIONS.iter().find(|(tool, option, _)| {
        *option == letters
            && words.clone().any(|word| word.rsplit(|byte| *byte == b'/').next() == Some(*tool))
    })?;
    let spaced = matches!(after, b' ' | b'=');
    if spaced && *glue == Glue::Always || !spaced && *glue == Glue::Never {
        return None;
    }
    let start = at + 2 + usize::from(spaced);
    let span = if let quote @ (b'"' | b'\'') = byte(text, start) {
        quoted(text, start, quote)?.span
    } else {
        let rest = slice(text, start..text.len().min(start + 128));
        let ends = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`;|&)".contains(byte);
        start..start + rest.iter().position(ends).unwrap_or(rest.len())
    };
    let value = slice(text, span.clone());
    let real = !value.starts_with(b"$")
        && !value.starts_with(b"-")
        && !value.contains(&b'{')
        && value::is_password(value, b"option", Proof::NoName);
    real.then(|| hit(span, "an option of a command"))
}
