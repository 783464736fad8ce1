//! What an agent really did and saw: its transcript, read once, line by line.
//!
//! The client's format is undocumented and changes, so nothing is required:
//! unknown lines are passed over, a line cut in the middle is counted, and
//! memory stays bounded whatever the file holds. Only tool calls and their
//! results are parsed; the rest is skipped unread, because transcripts grow to
//! hundreds of megabytes. What the calls mean is [`crate::report`]'s.

mod reader;
mod tail;
mod wire;

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use memchr::{memchr, memrchr};
use serde_json::Value;

pub use tail::{LastWords, last_words};

use reader::Reader;

/// Read at once; longer lines make the buffer grow.
const CHUNK_BYTES: usize = 256 * 1024;

/// Longer lines (images, huge outputs) are passed over.
const LINE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What happened, in the order of the file.
#[derive(Debug)]
pub enum Entry<'a> {
    /// A tool was called.
    Call {
        /// Links the call to its result.
        id: Cow<'a, str>,
        /// `Bash`, `Edit`, …
        tool: Cow<'a, str>,
        /// Whatever the tool takes; foreign data.
        input: Value,
    },
    /// A tool answered.
    Answer {
        /// The id of the call.
        id: Cow<'a, str>,
        /// What the agent was shown.
        text: String,
        /// How it ended.
        ending: Ending,
    },
}

/// How a tool call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Without an error.
    Normal,
    /// With an error: a non-zero exit code, a refusal.
    Error,
    /// The user or a time limit broke it off.
    Interrupted,
}

/// How well a transcript could be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Lines with calls or answers that could not be read, or were too long.
    pub damaged: usize,
    /// The file ends within a line.
    pub cut_off: bool,
}

/// Hands every tool call, and the answers to those it wants, to `visit`.
///
/// `visit` returns whether it wants the answer to the call it was handed.
/// Errors when the file cannot be opened or read.
pub fn read(path: &Path, visit: &mut dyn FnMut(Entry<'_>) -> bool) -> io::Result<Reading> {
    let mut reader = Reader::new(visit);
    let mut file = open(path)?;
    let mut buffer = vec![0; CHUNK_BYTES];
    let (mut held, mut skipping) = (0, false);
    while let Some(free) = buffer.get_mut(held..) {
        let count = file.read(free)?;
        if count == 0 {
            break;
        }
        let filled = held + count;
        let ready = buffer.get(..filled).unwrap_or_default();
        let Some(end) = memrchr(b'\n', ready) else {
            held = reader.make_room(&mut buffer, filled, &mut skipping);
            continue;
        };
        let start = if skipping { memchr(b'\n', ready).unwrap_or_default() } else { 0 };
        skipping = false;
        reader.lines(ready.get(start..=end).unwrap_or_default());
        buffer.copy_within(end + 1..filled, 0);
        held = filled - end - 1;
    }
    let rest = buffer.get(..held).unwrap_or_default();
    reader.last_line(if skipping { &[] } else { rest });
    Ok(reader.reading)
}

/// Opens a regular file; a pipe would be waited for, a device never ends.
fn open(path: &Path) -> io::Result<File> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    File::open(path)
}

/// The id of a subagent's own transcript, beside that of its session.
pub fn of_subagent(session: &Path, agent_id: &str) -> Option<std::path::PathBuf> {
    let plain = agent_id.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    let folder = session.with_extension("");
    plain.then(|| folder.join("subagents").join(format!("agent-{agent_id}.jsonl")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn never_waits_for_what_is_no_file() {
        for path in ["/dev/zero", "/dev", "/nowhere/a.jsonl"] {
            assert!(read(Path::new(path), &mut |_| true).is_err(), "{path}");
            assert!(last_words(Path::new(path)).is_err(), "{path}");
        }
    }

    /// The tools called and the answers given, in order.
    #[track_caller]
    fn check(bytes: &[u8], expected: &[&str], reading: Reading) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        std::fs::write(&path, bytes).unwrap();
        let mut seen = Vec::new();
        let found = read(&path, &mut |entry| {
            seen.push(match entry {
                Entry::Call { tool, .. } => tool.into_owned(),
                Entry::Answer { text, .. } => format!("= {text}"),
            });
            true
        });
        assert_eq!(
            (seen.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), found.unwrap()),
            (expected, reading)
        );
    }

    const CALL: &str = r#"{"type":"assistant","message":{"content":[{"type":"tool_use","id":"t1","name":"Bash","input":{"command":"x"}}]}}"#;
    const ANSWER: &str = r#"{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t1","content":"ok"}]}}"#;

    #[test]
    fn reads_calls_and_their_answers_whatever_stands_between() {
        let long = format!("{{\"type\":\"x\",\"data\":\"{}\"}}", "y".repeat(9 * 1024 * 1024));
        let text = format!("{CALL}\nnot json\n\n{long}\n{ANSWER}\n{ANSWER}\n{CALL}\n");
        check(text.as_bytes(), &["Bash", "= ok"], Reading::default());
        check(format!("{CALL}\n{ANSWER}").as_bytes(), &["Bash", "= ok"], Reading::default());
        check(b"", &[], Reading::default());
        check(&[0xff, b'\n', 0], &[], Reading { damaged: 0, cut_off: true });
    }

    #[test]
    fn says_what_it_could_not_read() {
        let cut = ANSWER.get(..60).unwrap();
        check(
            format!("{CALL}\n{cut}").as_bytes(),
            &["Bash"],
            Reading { damaged: 0, cut_off: true },
        );
        check(
            format!("{CALL}\n{cut}\n").as_bytes(),
            &["Bash"],
            Reading { damaged: 1, cut_off: false },
        );
        let broken = CALL.get(..90).unwrap();
        check(format!("{broken}\n").as_bytes(), &[], Reading { damaged: 1, cut_off: false });
    }
}
