//! Reading one JSON object from stdin, bounded.
//!
//! The end of the object ends the input: a client was seen to leave stdin open
//! (anthropics/claude-code#79508), so waiting for end-of-file could wait for ever.

use std::io::{BufRead, Read};

use anyhow::{Context, bail};

use super::event::Event;

/// The largest event that is read. Claude Code documents no limit; the largest
/// ordinary payload is a Write of a whole file.
pub const EVENT_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Reads one event: a single JSON object of at most [`EVENT_BYTES_MAX`] bytes.
pub fn read_event(input: impl BufRead) -> anyhow::Result<Event> {
    let bytes = read_object(input)?;
    let text = std::str::from_utf8(&bytes).context("stdin is not UTF-8")?;
    Event::parse(text)
}

/// Reads all of the input, for subcommands that take `-`.
pub(super) fn read_all(input: impl Read) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(EVENT_BYTES_MAX).unwrap_or(u64::MAX);
    input.take(limit + 1).read_to_end(&mut bytes).context("could not read stdin")?;
    if bytes.len() > EVENT_BYTES_MAX {
        bail!("stdin is larger than {EVENT_BYTES_MAX} bytes");
    }
    Ok(bytes)
}

fn read_object(mut input: impl BufRead) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut scan = Scan::default();
    loop {
        // What has arrived, without the zeroed buffer that `read` would need:
        // clearing 64 KiB was a fifteenth of what the guard costs.
        let fresh = input.fill_buf().context("could not read stdin")?;
        let count = fresh.len();
        bytes.extend_from_slice(fresh);
        if count == 0 || scan.ends_in(fresh) {
            break;
        }
        input.consume(count);
        if bytes.len() > EVENT_BYTES_MAX {
            drain(input);
            bail!("stdin is larger than {EVENT_BYTES_MAX} bytes");
        }
    }
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => bail!("stdin is empty, expected one JSON object"),
        Some(b'{') => Ok(bytes),
        Some(_) => bail!("stdin is not a JSON object"),
    }
}

/// Takes what the client still writes, so that it does not die of a closed pipe.
fn drain(input: impl Read) {
    const DRAIN_BYTES_MAX: u64 = 1024 * 1024 * 1024;
    let _ = std::io::copy(&mut input.take(DRAIN_BYTES_MAX), &mut std::io::sink());
}

/// Finds the end of the first JSON object without parsing it.
#[derive(Default)]
struct Scan {
    depth: usize,
    state: ScanState,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum ScanState {
    #[default]
    Outside,
    InString,
    /// In a string, behind an odd number of backslashes.
    AfterBackslash,
}

impl Scan {
    fn ends_in(&mut self, mut bytes: &[u8]) -> bool {
        while let Some((first, rest)) = bytes.split_first() {
            if self.state != ScanState::Outside {
                bytes = self.leap(bytes);
            } else if self.closes_with(*first) {
                return true;
            } else {
                bytes = rest;
            }
        }
        false
    }

    /// Takes a byte outside strings; whether it ends the object.
    fn closes_with(&mut self, byte: u8) -> bool {
        match byte {
            b'"' => self.state = ScanState::InString,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                return self.depth == 0;
            }
            _ => {}
        }
        false
    }

    /// Takes a string up to its next quote; what follows that. Nearly all of an
    /// event is the text of one string, and most of its escapes are no quotes.
    fn leap<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let end = memchr::memchr(b'"', bytes);
        let before = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default();
        let backslashes = before.iter().rev().take_while(|byte| **byte == b'\\').count();
        // Only an unbroken run reaches back to what came before these bytes.
        let carried = self.state == ScanState::AfterBackslash && backslashes == before.len();
        let escaped = (backslashes + usize::from(carried)) % 2 == 1;
        self.state = match (end, escaped) {
            (None, true) => ScanState::AfterBackslash,
            (None, false) | (Some(_), true) => ScanState::InString,
            (Some(_), false) => ScanState::Outside,
        };
        end.and_then(|end| bytes.get(end + 1..)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    #[track_caller]
    fn refused(input: &[u8], message: &str) {
        let error = read_event(input).expect_err("must be refused");
        assert_eq!(format!("{error:#}").lines().next().unwrap_or_default(), message);
    }

    #[test]
    fn says_what_is_wrong_with_input_that_is_no_event() {
        refused(b"", "stdin is empty, expected one JSON object");
        refused(b" \n", "stdin is empty, expected one JSON object");
        refused(b"hello", "stdin is not a JSON object");
        refused(b"[1]", "stdin is not a JSON object");
        refused(
            b"{\"a\":\"\xff\"}",
            "stdin is not UTF-8: invalid utf-8 sequence of 1 bytes from index 6",
        );
        refused(b"{}", "the event has no `hook_event_name`");
    }

    #[test]
    fn refuses_input_over_the_limit() {
        let input = BufReader::new(std::io::repeat(b' ').take(EVENT_BYTES_MAX as u64 * 2));
        let error = read_event(input).expect_err("must be refused");
        assert_eq!(error.to_string(), format!("stdin is larger than {EVENT_BYTES_MAX} bytes"));
    }

    #[test]
    fn the_object_ends_at_the_same_byte_however_it_arrives() {
        let object = br#"{"a\\":["}\"{\\",{"b":"\n]"}],"c":"\\\\"}"#;
        for first in 0..=object.len() {
            for second in first..=object.len() {
                let mut scan = Scan::default();
                let parts = [&object[..first], &object[first..second], &object[second..]];
                let ends = parts.map(|part| scan.ends_in(part));
                let last = parts.iter().rposition(|part| !part.is_empty()).unwrap();
                assert_eq!(ends.iter().position(|ends| *ends), Some(last), "{first} {second}");
            }
        }
        assert!(Scan::default().ends_in(&[object, b" {".as_slice()].concat()));
        assert!(!Scan::default().ends_in(&object[..object.len() - 1]));
    }

    #[test]
    fn stops_reading_when_the_object_is_complete() {
        struct NeverEnds(&'static [u8]);
        impl Read for NeverEnds {
            fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                assert!(!self.0.is_empty(), "read past the end of the object");
                let count = self.0.len().min(buffer.len()).min(7);
                buffer[..count].copy_from_slice(&self.0[..count]);
                self.0 = &self.0[count..];
                Ok(count)
            }
        }
        let event =
            read_event(BufReader::new(NeverEnds(br#"{"hook_event_name":"Stop","x":"}\"{"}"#)));
        assert!(event.is_ok());
    }
}
