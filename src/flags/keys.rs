//! Private keys: the header alone is code, with key material it is a leak.

use memchr::memmem;

use super::random::Shape;
use super::text::{Hit, byte, slice};

/// How far after the header the key must begin.
const BODY_REACH: usize = 400;
/// The least unbroken key characters that make a key.
const BODY_BYTES_MIN: usize = 24;
/// How much of a key is one finding.
const KEY_BYTES_MAX: usize = 16 * 1024;

/// Every private key block.
pub(super) fn find(text: &[u8], hits: &mut Vec<Hit>) {
    let mut from = 0;
    while let Some(at) = memmem::find(slice(text, from..text.len()), b"PRIVATE KEY") {
        let start = from + at;
        let mut end = start + b"PRIVATE KEY".len();
        if slice(text, end..end + 6) == b" BLOCK" {
            end += 6;
        }
        from = end;
        let before = slice(text, start.saturating_sub(40)..start);
        let begins = memmem::rfind(before, b"-BEGIN ").is_some() || before.ends_with(b"BEGIN ");
        if begins && byte(text, end) == b'-' && has_key(text, end) {
            let stop = key_end(text, end);
            from = stop;
            let kind = "private key".to_owned();
            hits.push(Hit { rule: "secret-private-key", span: end..stop, kind, secret: true });
        }
    }
}

/// Whether base64 that looks like a key follows soon.
fn has_key(text: &[u8], from: usize) -> bool {
    let window = slice(text, from..text.len().min(from + BODY_REACH));
    let window = memmem::find(window, b"-END ").map_or(window, |end| slice(window, 0..end));
    let is_key_byte =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    window.split(|byte| !is_key_byte(byte)).any(|part| {
        let part = part.strip_prefix(b"n").unwrap_or(part);
        part.len() >= BODY_BYTES_MIN && Shape::of(part).varied()
    })
}

fn key_end(text: &[u8], from: usize) -> usize {
    let window = slice(text, from..text.len().min(from + KEY_BYTES_MAX));
    from + memmem::find(window, b"-----END").unwrap_or_else(|| {
        window
            .iter()
            .position(|byte| matches!(byte, b'"' | b'\'' | b'`' | b';'))
            .unwrap_or(window.len())
    })
}
