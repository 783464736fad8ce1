//! What a shell command writes, found without running it.
//!
//! Pure but for looking at the disk (and asking [`crate::repo`]): nothing is
//! executed, nothing is written. Whether a write is allowed is [`crate::lane`]'s.

mod builtin;
mod disk;
mod expand;
mod machine;
mod outcome;
pub mod parse;
pub mod powershell;
mod run;
pub mod scripts;
mod state;
mod table;
mod target;
mod text;
mod tools;
mod unread;

use std::path::{Path, PathBuf};

use machine::Machine;
use state::State;

/// Where a command would run.
#[derive(Clone, Debug)]
pub struct Setting<'a> {
    /// Absolute working directory.
    pub cwd: &'a Path,
    /// The working tree that lanes are relative to.
    pub tree: &'a Path,
    /// For `~`.
    pub home: Option<&'a Path>,
    /// For `$TMPDIR` and `mktemp`; `/tmp` if absent.
    pub tmp: Option<&'a Path>,
}

/// What a command would do to files, as far as it can be told.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// Paths that it writes, deletes or changes.
    pub writes: Vec<Write>,
    /// Certain writes to paths that cannot be named.
    pub unnamed: Vec<Unnamed>,
    /// Parts whose effect cannot be seen (`npm test`): left to the audit.
    pub opaque: Vec<String>,
    /// The text could not be parsed or was over a limit, and why.
    pub unparsed: Option<Unparsed>,
    /// Text that the command adds to files (heredocs, `echo … >`).
    pub added: Vec<Added>,
    /// What was understood, part by part, for `explain --command`.
    pub steps: Vec<Step>,
}

/// One path that a command changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// Absolute, as spelled after expansion; links are not resolved.
    pub path: PathBuf,
    /// What happens to it.
    pub kind: WriteKind,
    /// Whether it happens on every run or only on some (`a || rm b`).
    pub certain: bool,
    /// The whole folder below `path` is meant (`rm -r`, `cp -r`, a known prefix before an unknown rest).
    pub subtree: bool,
    /// The part of the command that does it, for messages.
    pub part: String,
}

/// What happens to a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteKind {
    /// Created or its content changed; a link at the path is followed.
    Write,
    /// A new file takes the name (`mv`, `sed -i`): a link at the path is not followed.
    Replace,
    /// Removed or moved away.
    Delete,
    /// Mode, owner, times.
    Attributes,
    /// A folder made.
    MakeFolder,
    /// A symbolic or hard link made.
    Link,
}

/// A certain write whose path cannot be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unnamed {
    /// The part of the command.
    pub part: String,
    /// Why the path cannot be told.
    pub why: String,
}

/// Why a command could not be read whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unparsed {
    /// The limit or the syntax error, with its position.
    pub why: String,
    /// Whether a token that can write stands in the part that was not read.
    pub may_write: bool,
}

/// Text that a command puts into a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// The file, where it can be told.
    pub path: Option<PathBuf>,
    /// The text.
    pub text: String,
}

/// One understood part of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// As written.
    pub part: String,
    /// Possible working directories; empty when unknown.
    pub dirs: Vec<PathBuf>,
    /// What it was taken to do.
    pub effect: String,
}

impl std::fmt::Display for Write {
    /// `writes /p/a`, `may delete /p/a and all below`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let verb = match self.kind {
            WriteKind::Write => "write",
            WriteKind::Replace => "replace",
            WriteKind::Delete => "delete",
            WriteKind::Attributes => "change the attributes of",
            WriteKind::MakeFolder => "make the folder",
            WriteKind::Link => "make the link",
        };
        let (verb, rest) = verb
            .split_once(' ')
            .map_or((verb, String::new()), |(verb, rest)| (verb, format!(" {rest}")));
        let verb = if self.certain { format!("{verb}s") } else { format!("may {verb}") };
        let below = if self.subtree { " and what is below" } else { "" };
        write!(f, "{verb}{rest} {}{below}", self.path.display())
    }
}

impl WriteKind {
    /// Whether a symbolic link at the path itself is followed. One in its folders always is.
    pub fn follows_links(self) -> bool {
        matches!(self, WriteKind::Write | WriteKind::Attributes)
    }
}

/// What the command would write.
pub fn analyse(command: &str, setting: &Setting<'_>) -> Analysis {
    let parsed = parse::parse(command);
    let mut machine = Machine::new(setting, command);
    let cwd = setting.cwd.to_str().map_or_else(|| text::HOLE.to_string(), str::to_owned);
    machine.script(&parsed.script, State::new(cwd), &run::Io::default());
    let exhausted = machine.exhausted;
    let mut analysis = machine.analysis;
    if let Some(stop) = parsed.stop {
        let rest = command.get(stop.unread..).unwrap_or(command);
        let why = format!("{} (byte {})", stop.why, stop.at);
        analysis.unparsed = Some(Unparsed { why, may_write: unread::may_write(rest) });
    } else if let Some(why) = exhausted {
        let may_write = unread::may_write(command);
        analysis.unparsed = Some(Unparsed { why: why.to_owned(), may_write });
    }
    analysis
}

#[cfg(test)]
mod tests;
