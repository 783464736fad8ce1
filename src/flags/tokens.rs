//! Tokens that name their own issuer: `ghp_…`, `AKIA…`, `xoxb-…`.
//!
//! Looks at long runs of letters and digits only, so that ordinary code costs
//! one glance every sixteen bytes. The prefixes are data.

use std::ops::Range;

use super::random::Shape;
use super::rules::{self, Follows, Prefix, Proof};
use super::stand_in::is_placeholder;
use super::text::{Hit, byte, is_token, is_word, slice};

/// The least letters and digits in a row that are worth a look.
const RUN_BYTES_MIN: usize = 16;
/// How far a token may begin before its longest run (`SG.…`, `hooks.slack.com/…`).
const REACH_BACK: usize = 96;
/// The longest token that is measured; JWTs in a token are longer, and cut.
const TOKEN_BYTES_MAX: usize = 2048;

static WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "below 256")]
        #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
        {
            table[at] = is_word(at as u8);
        }
        at += 1;
    }
    table
};

fn in_word(byte: u8) -> bool {
    WORD.get(usize::from(byte)).copied().unwrap_or(false)
}

fn word_at(text: &[u8], at: usize) -> bool {
    in_word(byte(text, at))
}

/// Calls `found` with every run that could be part of a token: long enough,
/// and with a digit or too long for an identifier without one.
///
/// A run of that length covers every place that is looked at, so most words
/// are only seen from their end to their begin, and many not at all.
pub(super) fn long_runs(text: &[u8], mut found: impl FnMut(Range<usize>)) {
    let mut from = 0;
    while let Some(window) = text.get(from..from + RUN_BYTES_MIN) {
        if let Some(gap) = window.iter().rposition(|byte| !in_word(*byte)) {
            from += gap + 1;
            continue;
        }
        let start = from;
        let rest = slice(text, start + RUN_BYTES_MIN..text.len());
        let more = rest.iter().position(|byte| !in_word(*byte)).unwrap_or(rest.len());
        from = start + RUN_BYTES_MIN + more;
        if has_digit_or_is_strange(slice(text, start..from)) {
            found(start..from);
        }
    }
}

fn has_digit_or_is_strange(run: &[u8]) -> bool {
    run.iter().take(TOKEN_BYTES_MAX).any(u8::is_ascii_digit)
        || (run.len() >= 24 && run.iter().any(u8::is_ascii_uppercase))
}

/// The token that this run belongs to, if its prefix is known.
pub(super) fn known(text: &[u8], run: &Range<usize>) -> Option<Hit> {
    let first = run.start.saturating_sub(REACH_BACK);
    let mut start = run.start;
    while start > first && is_token(byte(text, start - 1)) {
        start -= 1;
    }
    let end = run.end.min(run.start + TOKEN_BYTES_MAX);
    let mut before = byte(text, start.wrapping_sub(1));
    for at in start..end {
        let here = byte(text, at);
        let begins = !before.is_ascii_alphanumeric() || before == b'_' || escaped(text, at);
        before = here;
        if !begins {
            continue;
        }
        let in_base64 = matches!(byte(text, at.wrapping_sub(1)), b'+' | b'/');
        for prefix in rules::prefixes(here) {
            if in_base64 && prefix.proof == Proof::Random {
                continue;
            }
            if let Some(end) = matches_prefix(text, at, prefix) {
                if end <= run.start {
                    continue;
                }
                let kind = prefix.kind.to_owned();
                return Some(Hit {
                    rule: "secret-provider-token",
                    span: at..end,
                    kind,
                    secret: true,
                });
            }
        }
    }
    None
}

/// A signed JSON web token: three parts, the first two of them JSON.
pub(super) fn web_token(text: &[u8], run: &Range<usize>) -> Option<Hit> {
    if !slice(text, run.clone()).starts_with(b"eyJ") || byte(text, run.end) != b'.' {
        return None;
    }
    let part_after = |at: usize| {
        let mut end = at;
        while end < at + TOKEN_BYTES_MAX && word_at(text, end) {
            end += 1;
        }
        end
    };
    let payload = run.end + 1;
    let payload_end = part_after(payload);
    let end = part_after(payload_end + 1);
    let is_json = slice(text, payload..payload_end).starts_with(b"eyJ");
    let signature = slice(text, payload_end + 1..end);
    let signed =
        byte(text, payload_end) == b'.' && signature.len() >= 16 && Shape::of(signature).varied();
    (is_json && signed).then(|| Hit {
        rule: "secret-jwt",
        span: run.start..end,
        kind: "JSON web token".to_owned(),
        secret: true,
    })
}

/// How far before a value its issuer may be named.
const PROVIDER_REACH: usize = 64;

/// A random value on a line that names an issuer of keys before it.
pub(super) fn near_provider(text: &[u8], run: &Range<usize>) -> Option<Hit> {
    let value = slice(text, run.clone());
    if !(20..=200).contains(&value.len()) || !opens_value(text, run.start) {
        return None;
    }
    let closed = matches!(
        byte(text, run.end),
        0 | b'"' | b'\'' | b'`' | b'\n' | b'\r' | b' ' | b',' | b';' | b'<'
    );
    if !closed || !Shape::of(value).random() || is_placeholder(value) {
        return None;
    }
    let window = slice(text, run.start.saturating_sub(PROVIDER_REACH)..run.start);
    let line =
        memchr::memrchr(b'\n', window).map_or(window, |at| slice(window, at + 1..window.len()));
    let line = line.to_ascii_lowercase();
    let shown = [
        &b"://"[..],
        b"sha",
        b"hash",
        b"commit",
        b"integrity",
        b"public",
        b"uses:",
        b" id",
        b"_id",
        b"uuid",
        b"checksum",
        b"rev",
        b"digest",
        b"key_id",
        b"keyid",
        b"md5",
        b"etag",
        b"base64",
        b"@",
    ];
    if shown.iter().any(|word| memchr::memmem::find(&line, word).is_some()) {
        return None;
    }
    let named = rules::providers()
        .iter()
        .any(|name| memchr::memmem::find(&line, name.as_bytes()).is_some());
    named.then(|| Hit {
        rule: "secret-near-provider",
        span: run.clone(),
        kind: "random value".to_owned(),
        secret: true,
    })
}

/// Whether a value begins here: after a quote, `=`, `:`, a space, `|`.
fn opens_value(text: &[u8], at: usize) -> bool {
    matches!(
        byte(text, at.wrapping_sub(1)),
        b'"' | b'\'' | b'`' | b'=' | b':' | b' ' | b'|' | b'\t' | b'>'
    )
}

/// `abc8Q~…`: the one format that is known by its middle.
pub(super) fn azure_secret(text: &[u8], run: &Range<usize>) -> Option<Hit> {
    let tilde = run.start.checked_sub(1)?;
    let start = tilde.checked_sub(5)?;
    let marked = byte(text, tilde) == b'~'
        && byte(text, tilde - 1) == b'Q'
        && byte(text, tilde - 2).is_ascii_digit();
    let mut end = run.end;
    while end < run.start + 40
        && matches!(byte(text, end), b'.' | b'~' | b'_' | b'-' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9')
    {
        end += 1;
    }
    let length = end - run.start;
    let opens = !is_word(byte(text, start.wrapping_sub(1)));
    (marked && opens && (30..=36).contains(&length)).then(|| Hit {
        rule: "secret-provider-token",
        span: start..end,
        kind: "Azure client secret".to_owned(),
        secret: true,
    })
}

/// Whether the place follows `\n` or `\t` as written in a string.
fn escaped(text: &[u8], at: usize) -> bool {
    at >= 2 && byte(text, at - 2) == b'\\' && matches!(byte(text, at - 1), b'n' | b't' | b'r')
}

/// The end of the token that begins at `at` with this prefix.
fn matches_prefix(text: &[u8], at: usize, prefix: &Prefix) -> Option<usize> {
    let body = at + prefix.text.len();
    if slice(text, at..body) != prefix.text.as_bytes() {
        return None;
    }
    let most = if prefix.exact { prefix.least + 1 } else { TOKEN_BYTES_MAX };
    let mut end = body;
    while end < body + most && prefix.follows.takes(byte(text, end)) {
        end += 1;
    }
    while end > body && matches!(byte(text, end - 1), b'.' | b',' | b':' | b'!') {
        end -= 1;
    }
    let length = end - body;
    let long_enough = length >= prefix.least && (!prefix.exact || length == prefix.least);
    if !long_enough || (prefix.exact && is_word(byte(text, end))) {
        return None;
    }
    let rest = slice(text, body..end);
    let proven = match prefix.proof {
        Proof::None => true,
        Proof::Varied => Shape::of(rest).varied() && !is_placeholder(rest),
        Proof::Random => Shape::of(rest).random() && !is_placeholder(rest),
    };
    proven.then_some(end)
}

impl Follows {
    fn takes(self, byte: u8) -> bool {
        match self {
            Self::Hex => byte.is_ascii_hexdigit() || byte == b'-',
            Self::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Alnum => byte.is_ascii_alphanumeric(),
            Self::Word => is_word(byte),
            Self::Any => is_token(byte),
        }
    }
}
