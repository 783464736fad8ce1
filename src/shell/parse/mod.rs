//! Bash text to a tree, in one pass over its bytes.
//!
//! Recursive descent with a depth limit and fuel, so that no input overflows the
//! stack or takes more than linear time. What stands before an error is kept: bash
//! runs the lines above a syntax error, and a refusal found in them must win.
//! Expansion and meaning are left to the analyser.

mod ansi;
pub(super) use ansi::decode;
mod arithmetic;
mod compound;
mod cursor;
mod expansion;
mod heredoc;
mod list;
mod simple;
mod test;
pub mod tree;
mod word;

use std::fmt;
use std::rc::Rc;

use cursor::Cursor;
use tree::Script;

/// Longest command that is read, in bytes.
pub const LENGTH: usize = 256 * 1024;
/// Deepest nesting of commands, substitutions and quotes.
pub const DEPTH: u32 = 100;
/// Steps allowed for each byte of a command.
const FUEL: usize = 64;

/// A command that was read, whole or up to an error.
#[derive(Debug)]
pub struct Parsed {
    /// All commands that were read whole.
    pub script: Script,
    /// Why the rest was not read.
    pub stop: Option<Stop>,
}

/// Where and why reading stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The reason.
    pub why: Why,
    /// The byte that could not be read.
    pub at: usize,
    /// The first byte that is in no command of the tree.
    pub unread: usize,
}

/// Why reading stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// This byte cannot stand there.
    Unexpected(u8),
    /// The text ends inside a construct.
    Unclosed,
    /// Nested deeper than [`DEPTH`].
    TooDeep,
    /// Longer than [`LENGTH`].
    TooLong,
    /// More steps than its length allows.
    TooCostly,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Unexpected(byte) if byte.is_ascii_graphic() => {
                write!(f, "`{}` cannot stand there", char::from(*byte))
            }
            Why::Unexpected(b'\n') => f.write_str("a line ends too early"),
            Why::Unexpected(byte) => write!(f, "byte {byte} cannot stand there"),
            Why::Unclosed => f.write_str("something is opened and never closed"),
            Why::TooDeep => write!(f, "nested deeper than {DEPTH} levels"),
            Why::TooLong => write!(f, "longer than {} KB", LENGTH / 1024),
            Why::TooCostly => f.write_str("too intricate to follow"),
        }
    }
}

/// Reads a whole command.
pub fn parse(text: &str) -> Parsed {
    if text.len() > LENGTH {
        let stop = Stop { why: Why::TooLong, at: LENGTH, unread: 0 };
        return Parsed { script: Script::default(), stop: Some(stop) };
    }
    Cursor::new(text, None).program()
}

/// Reads text that has no place in an enclosing source; its substitutions carry it with them.
fn parse_apart(text: Rc<str>, depth: u32, fuel: usize) -> (Result<Script, Stop>, usize) {
    let owned = Rc::clone(&text);
    let mut cursor = Cursor::new(&owned, Some(text));
    cursor.depth = depth;
    cursor.fuel = fuel;
    let parsed = cursor.program();
    let result = match parsed.stop {
        Some(stop) => Err(stop),
        None => Ok(parsed.script),
    };
    (result, cursor.fuel)
}
