//! What an agent really did and saw: its transcript, read once, line by line.
//!
//! The client's format is undocumented and changes, so nothing is required:
//! unknown lines are passed over, a line cut in the middle is counted, and
//! memory stays bounded whatever the file holds. Only tool calls and their
//! results are parsed; the rest is skipped unread, because transcripts grow to
//! hundreds of megabytes. What the calls mean is [`crate::report`]'s.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use memchr::memmem::Finder;
use memchr::{memchr, memrchr};
use serde::Deserialize;
use serde_json::Value;

/// Read at once; longer lines make the buffer grow.
const CHUNK_BYTES: usize = 256 * 1024;

/// Longer lines (images, huge outputs) are passed over.
const LINE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The last text is looked for in this much of the file's end.
const TAIL_BYTES: u64 = 512 * 1024;

/// As many ids of calls are remembered, to tell repeated lines.
const IDS_MAX: usize = 100_000;

/// How the client spells a call.
const CALL: &[u8] = b"{\"type\":\"tool_use\"";

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
    let mut file = File::open(path)?;
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

/// The last thing that the agent said, and whether a tool call came after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastWords {
    /// The text of the last line in which the agent speaks, as it stands.
    pub text: Option<String>,
    /// Nothing but bookkeeping follows that line.
    pub is_final: bool,
}

/// The agent's last text, from the end of the file.
pub fn last_words(path: &Path) -> io::Result<LastWords> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let start = length.saturating_sub(TAIL_BYTES);
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(TAIL_BYTES).read_to_end(&mut bytes)?;
    let mut words = LastWords { text: None, is_final: true };
    for line in bytes.rsplit(|byte| *byte == b'\n') {
        match Speech::of_line(line) {
            Speech::Said(text) => {
                words.text = Some(text);
                return Ok(words);
            }
            Speech::Acted => words.is_final = false,
            Speech::None => {}
        }
    }
    Ok(LastWords { text: None, is_final: false })
}

/// What a line near the end is.
enum Speech {
    Said(String),
    /// A tool call, an answer, or a prompt.
    Acted,
    None,
}

impl Speech {
    fn of_line(line: &[u8]) -> Self {
        let Ok(line) = serde_json::from_slice::<Line<'_>>(line) else { return Self::None };
        let acted = |wanted: &[&str]| match &line.message.as_ref().map(|message| &message.content) {
            Some(Content::Blocks(blocks)) => {
                blocks.iter().any(|block| wanted.contains(&&*block.kind))
            }
            _ => false,
        };
        match &*line.kind {
            "assistant" if acted(&["tool_use"]) => Self::Acted,
            "assistant" => line.message.map_or(Self::None, |message| message.content.into_speech()),
            "user" => Self::Acted,
            _ => Self::None,
        }
    }
}

/// The id of a subagent's own transcript, beside that of its session.
pub fn of_subagent(session: &Path, agent_id: &str) -> Option<std::path::PathBuf> {
    let plain = agent_id.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    let folder = session.with_extension("");
    plain.then(|| folder.join("subagents").join(format!("agent-{agent_id}.jsonl")))
}

struct Reader<'v> {
    visit: &'v mut dyn FnMut(Entry<'_>) -> bool,
    reading: Reading,
    /// Hashes of the ids whose answers are wanted.
    awaited: HashSet<u64>,
    /// Hashes of the ids that were seen: resumed sessions repeat lines.
    seen: HashSet<u64>,
    tool: Finder<'static>,
    call: Finder<'static>,
    by_assistant: Finder<'static>,
}

impl<'v> Reader<'v> {
    fn new(visit: &'v mut dyn FnMut(Entry<'_>) -> bool) -> Self {
        Self {
            visit,
            reading: Reading::default(),
            awaited: HashSet::new(),
            seen: HashSet::new(),
            tool: Finder::new("\"tool_"),
            call: Finder::new(CALL),
            by_assistant: Finder::new("\"type\":\"assistant\""),
        }
    }

    /// A line does not fit: grow up to the limit, then pass over it.
    fn make_room(&mut self, buffer: &mut Vec<u8>, filled: usize, skipping: &mut bool) -> usize {
        if filled < buffer.len() {
            return filled;
        }
        if *skipping {
            return 0;
        }
        if buffer.len() >= LINE_BYTES_MAX {
            self.oversized(buffer);
            *skipping = true;
            return 0;
        }
        buffer.resize((buffer.len() * 2).min(LINE_BYTES_MAX), 0);
        filled
    }

    /// A line that is passed over counts only if it may have been wanted.
    fn oversized(&mut self, head: &[u8]) {
        let call = self.call.find(head).is_some();
        let answer = self.tool.find(head).and_then(|at| plain_id(head.get(at..)?));
        if call || answer.is_some_and(|id| self.awaited.contains(&hash(id))) {
            self.reading.damaged += 1;
        }
    }

    /// Whole lines: only those that name a tool are looked at.
    fn lines(&mut self, text: &[u8]) {
        let mut rest = text;
        while let Some(hit) = self.tool.find(rest) {
            let (before, after) = rest.split_at(hit);
            let start = memrchr(b'\n', before).map_or(0, |at| at + 1);
            let end = hit + memchr(b'\n', after).unwrap_or(after.len());
            self.line(rest.get(start..end).unwrap_or_default(), hit - start);
            rest = rest.get(end..).unwrap_or_default();
        }
    }

    /// What follows the last line break: nothing, or a line not written whole.
    fn last_line(&mut self, line: &[u8]) {
        if line.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        if serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok() {
            self.lines(line);
        } else {
            self.reading.cut_off = true;
        }
    }

    /// One line; `hit` is where it names a tool first.
    fn line(&mut self, line: &[u8], hit: usize) {
        // The client's own records of requests repeat the conversation.
        if line.starts_with(b"{\"type\":\"api") {
            return;
        }
        let before = line.get(..hit).unwrap_or_default();
        if before.ends_with(b"{") || before.ends_with(b"{\"type\":") {
            let start = memrchr(b'{', before).unwrap_or_default();
            let block = line.get(start..).unwrap_or_default();
            if !block.starts_with(CALL) {
                return self.answers(line, block);
            }
            if self.by_assistant.find(line).is_some() && self.calls(block) {
                return;
            }
        }
        self.whole_line(line);
    }

    /// The fast way: blocks of calls, parsed without the rest of the line.
    /// Whether it could be gone.
    fn calls(&mut self, blocks: &[u8]) -> bool {
        let mut rest = blocks;
        let mut found = false;
        while let Some(start) = self.call.find(rest) {
            let block = rest.get(start..).unwrap_or_default();
            let mut parsed = serde_json::Deserializer::from_slice(block).into_iter::<Block<'_>>();
            let Some(Ok(block_found)) = parsed.next() else { return found };
            let end = parsed.byte_offset().max(1);
            self.call(block_found);
            found = true;
            rest = block.get(end..).unwrap_or_default();
        }
        found
    }

    /// The fast way for answers: those that nobody awaits are not parsed.
    fn answers(&mut self, line: &[u8], block: &[u8]) {
        if let Some(id) = plain_id(block)
            && !self.awaited.contains(&hash(id))
            && memchr::memmem::find_iter(block, "\"tool_use_id\"").nth(1).is_none()
        {
            return;
        }
        self.whole_line(line);
    }

    fn whole_line(&mut self, line: &[u8]) {
        let Ok(parsed) = serde_json::from_slice::<Line<'_>>(line) else {
            self.reading.damaged += 1;
            return;
        };
        let wanted = match &*parsed.kind {
            "assistant" => "tool_use",
            "user" => "tool_result",
            _ => return,
        };
        let Some(Content::Blocks(blocks)) = parsed.message.map(|message| message.content) else {
            return;
        };
        let interrupted = memchr::memmem::find(line, b"\"interrupted\":true").is_some();
        for block in blocks.into_iter().filter(|block| block.kind == wanted) {
            if wanted == "tool_use" {
                self.call(block);
            } else {
                self.answer(block, interrupted);
            }
        }
    }

    fn call(&mut self, block: Block<'_>) {
        let key = hash(block.id.as_bytes());
        if self.seen.len() < IDS_MAX && !self.seen.insert(key) {
            return;
        }
        let entry = Entry::Call { id: block.id, tool: block.name, input: block.input };
        if (self.visit)(entry) {
            self.awaited.insert(key);
        }
    }

    fn answer(&mut self, block: Block<'_>, interrupted: bool) {
        if !self.awaited.remove(&hash(block.tool_use_id.as_bytes())) {
            return;
        }
        let text = block.content.map(Content::into_text).unwrap_or_default();
        let ending = if interrupted || text.starts_with("[Request interrupted") {
            Ending::Interrupted
        } else if block.is_error.unwrap_or_default() {
            Ending::Error
        } else {
            Ending::Normal
        };
        (self.visit)(Entry::Answer { id: block.tool_use_id, text, ending });
    }
}

/// The id of an answer's block, when it is spelled the usual way.
fn plain_id(block: &[u8]) -> Option<&[u8]> {
    const KEY: &[u8] = b"\"tool_use_id\":\"";
    let head = block.get(..block.len().min(400))?;
    let start = memchr::memmem::find(head, KEY)? + KEY.len();
    let id = head.get(start..)?;
    id.get(..memchr(b'"', id)?)
}

fn hash(id: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    message: Option<Message<'a>>,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default)]
    content: Content<'a>,
}

/// One block of a message; which fields it has depends on its kind.
#[derive(Deserialize)]
struct Block<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    id: Cow<'a, str>,
    #[serde(borrow, default)]
    name: Cow<'a, str>,
    #[serde(default)]
    input: Value,
    #[serde(borrow, default)]
    tool_use_id: Cow<'a, str>,
    #[serde(borrow, default)]
    content: Option<Content<'a>>,
    #[serde(default)]
    is_error: Option<bool>,
    #[serde(borrow, default)]
    text: Cow<'a, str>,
}

/// Text, or blocks of it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Content<'a> {
    Text(#[serde(borrow)] Cow<'a, str>),
    Blocks(#[serde(borrow)] Vec<Block<'a>>),
    Other(serde::de::IgnoredAny),
}

impl Default for Content<'_> {
    fn default() -> Self {
        Self::Text(Cow::Borrowed(""))
    }
}

impl Content<'_> {
    fn into_text(self) -> String {
        match self {
            Self::Text(text) => text.into_owned(),
            Self::Blocks(blocks) => {
                let texts: Vec<_> = blocks.into_iter().map(|block| block.text).collect();
                texts.join("\n")
            }
            Self::Other(_) => String::new(),
        }
    }

    fn into_speech(self) -> Speech {
        match self {
            Self::Blocks(blocks) if blocks.iter().any(|block| block.kind == "text") => {
                Speech::Said(Self::Blocks(blocks).into_text())
            }
            Self::Text(text) => Speech::Said(text.into_owned()),
            _ => Speech::None,
        }
    }
}
