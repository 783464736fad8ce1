//! What a shell command writes, found without running it.
//!
//! Pure but for looking at the disk (and asking [`crate::repo`]): nothing is
//! executed, nothing is written. Whether a write is allowed is [`crate::lane`]'s.

pub mod powershell;
pub mod scripts;

use std::path::{Path, PathBuf};

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
    /// Created or its content changed.
    Write,
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

/// What the command would write.
pub fn analyse(_command: &str, _setting: &Setting<'_>) -> Analysis {
    Analysis::default()
}
