//! Tokens that name their own issuer: `ghp_…`, `AKIA…`, `xoxb-…`.
//!
//! Looks at long runs of letters and digits only, so that ordinary code costs
//! one glance every sixteen bytes. The prefixes are data.

use std::ops::Range;

use super::random::Shape;
use super::rules::{self, Follows, Prefix, Proof};
use super::text::{Hit, byte, is_token, is_word, slice};
use super::value;

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

fn word_at(text: &[u8], at: usize) -> bool {
    WORD.get(usize::from(byte(text, at))).copied().unwrap_or(false)
}

/// Calls `found` with every run that could be part of a token: long enough,
/// and with a digit or too long for an identifier without one.
pub(super) fn long_runs(text: &[u8], mut found: impl FnMut(Range<usize>)) {
    let mut at = RUN_BYTES_MIN - 1;
    let mut floor = 0;
    while at < text.len() {
        if !word_at(text, at) {
            at += RUN_BYTES_MIN;
            continue;
        }
        let mut start = at;
        while start > floor && word_at(text, start - 1) {
            start -= 1;
        }
        let mut end = at + 1;
        while word_at(text, end) {
            end += 1;
        }
        floor = end;
        at = end + RUN_BYTES_MIN;
        let length = end - start;
        if length >= RUN_BYTES_MIN && has_digit_or_is_strange(slice(text, start..end)) {
            found(start..end);
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
        for prefix in rules::prefixes(here) {
            if let Some(end) = matches_prefix(text, at, prefix) {
                if end <= run.start {
                    continue;
                }
                let kind = prefix.kind.clone();
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
        Proof::Varied => Shape::of(rest).varied() && !value::is_placeholder(rest),
        Proof::Random => Shape::of(rest).random() && !value::is_placeholder(rest),
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
