//! Finds the calls and answers in whole lines, and parses no more than those.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use memchr::memmem::Finder;
use memchr::{memchr, memrchr};

use super::wire::{Block, Content, Line};
use super::{Ending, Entry, LINE_BYTES_MAX, Reading};

/// As many ids of calls are remembered, to tell repeated lines.
const IDS_MAX: usize = 100_000;

/// How the client spells a call.
const CALL: &[u8] = b"{\"type\":\"tool_use\"";

pub(super) struct Reader<'v> {
    visit: &'v mut dyn FnMut(Entry<'_>) -> bool,
    pub(super) reading: Reading,
    /// Hashes of the ids whose answers are wanted.
    awaited: HashSet<u64>,
    /// Hashes of the ids that were seen: resumed sessions repeat lines.
    seen: HashSet<u64>,
    tool: Finder<'static>,
    call: Finder<'static>,
    by_assistant: Finder<'static>,
    by_user: Finder<'static>,
}

impl<'v> Reader<'v> {
    pub(super) fn new(visit: &'v mut dyn FnMut(Entry<'_>) -> bool) -> Self {
        Self {
            visit,
            reading: Reading::default(),
            awaited: HashSet::new(),
            seen: HashSet::new(),
            tool: Finder::new("\"tool_"),
            call: Finder::new(CALL),
            by_assistant: Finder::new("\"type\":\"assistant\""),
            by_user: Finder::new("\"type\":\"user\""),
        }
    }

    /// A line does not fit: grow up to the limit, then pass over it.
    pub(super) fn make_room(
        &mut self,
        buffer: &mut Vec<u8>,
        filled: usize,
        skipping: &mut bool,
    ) -> usize {
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
    pub(super) fn lines(&mut self, text: &[u8]) {
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
    pub(super) fn last_line(&mut self, line: &[u8]) {
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
        if !self.lone_answer(line, block) {
            self.whole_line(line);
        }
    }

    /// One answer that stands alone, parsed without the rest of the line.
    /// Whether it was one.
    fn lone_answer(&mut self, line: &[u8], block: &[u8]) -> bool {
        let mut parsed = serde_json::Deserializer::from_slice(block).into_iter::<Block<'_>>();
        let Some(Ok(found)) = parsed.next() else { return false };
        let after = block.get(parsed.byte_offset()..).unwrap_or_default();
        let alone = after.starts_with(b"]") && found.kind == "tool_result";
        if alone && self.by_user.find(line).is_some() {
            self.answer(found, is_interrupted(after));
            return true;
        }
        false
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
        let interrupted = is_interrupted(line);
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

/// What the client notes of a call that was broken off.
fn is_interrupted(line: &[u8]) -> bool {
    memchr::memmem::find(line, b"\"interrupted\":true").is_some()
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
