//! The end of a transcript: the last thing that the agent said.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use super::wire::{Content, Line};

/// The last text is looked for in this much of the file's end.
const TAIL_BYTES: u64 = 512 * 1024;

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
    let mut file = super::open(path)?;
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

impl Content<'_> {
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
