//! Lists, `&&`/`||` chains and pipelines.

use super::cursor::{Cursor, Read};
use super::tree::{Item, Joint, Pipeline, Script};
use super::{Parsed, Stop};

impl Cursor<'_> {
    /// The whole text, keeping what was read before an error.
    pub(super) fn program(&mut self) -> Parsed {
        let mut script = Script::default();
        loop {
            let start = self.pos;
            let read = self.lines().and_then(|()| {
                if self.at_end() || self.peek() == 0 { Ok(None) } else { self.item().map(Some) }
            });
            match read {
                Ok(Some(item)) => script.items.push(item),
                Ok(None) => break,
                Err(stop) => {
                    let stop = Stop { unread: start, ..stop };
                    return Parsed { script, stop: Some(stop) };
                }
            }
        }
        // Bodies that never came: bash takes the end of the text for their end.
        let stop = self.heredocs().err();
        Parsed { script, stop }
    }

    /// Items up to a closing token, which is left standing; at least one.
    pub(super) fn script(&mut self, closes: impl Fn(&Self) -> bool) -> Read<Script> {
        let script = self.script_or_nothing(closes)?;
        if script.items.is_empty() { Err(self.unexpected()) } else { Ok(script) }
    }

    /// Items up to a closing token, which is left standing.
    pub(super) fn script_or_nothing(&mut self, closes: impl Fn(&Self) -> bool) -> Read<Script> {
        let mut script = Script::default();
        loop {
            self.lines()?;
            if closes(self) {
                return Ok(script);
            }
            if self.at_end() {
                return Err(self.unexpected());
            }
            script.items.push(self.item()?);
        }
    }

    /// One chain with its `;`, `&` or line end.
    fn item(&mut self) -> Read<Item> {
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        loop {
            self.blanks()?;
            let joint = if self.eat("&&") {
                Joint::And
            } else if self.eat("||") {
                Joint::Or
            } else {
                break;
            };
            self.lines()?;
            rest.push((joint, self.pipeline()?));
        }
        let background = self.peek() == b'&';
        match self.peek() {
            b';' if self.ahead(1) == b';' || self.ahead(1) == b'&' => {}
            b'&' | b';' => self.pos += 1,
            b'\n' => self.line_end()?,
            b')' | b'}' | 0 => {}
            _ => return Err(self.unexpected()),
        }
        Ok(Item { first, rest, background })
    }

    /// Commands joined by `|`, with `!` and `time` before them.
    fn pipeline(&mut self) -> Read<Pipeline> {
        let mut pipeline = Pipeline { negated: false, commands: Vec::new() };
        let mut prefixed = false;
        loop {
            self.blanks()?;
            if self.keyword("!") || (self.peek() == b'!' && self.ahead(1) == b'(') {
                self.pos += 1;
                pipeline.negated = !pipeline.negated;
            } else if self.keyword("time") {
                self.pos += "time".len();
                self.blanks()?;
                while self.keyword("-p") || self.keyword("--") {
                    self.pos += 2;
                    self.blanks()?;
                }
            } else {
                break;
            }
            prefixed = true;
        }
        if prefixed && matches!(self.peek(), b'\n' | b';' | 0) {
            return Ok(pipeline);
        }
        loop {
            pipeline.commands.push(self.command()?);
            self.blanks()?;
            if self.peek() != b'|' || self.ahead(1) == b'|' {
                return Ok(pipeline);
            }
            self.pos += if self.ahead(1) == b'&' { 2 } else { 1 };
            self.lines()?;
        }
    }
}
