//! What code that a shell command carries or runs would write: `python -c`,
//! `node -e`, `awk '…'`, script files, `package.json`, Makefiles, patches.
//!
//! Pure: text in, findings out. Reading the files, resolving the paths against
//! the disk and analysing the shell commands found here are the caller's part.
//! Nothing is run: strings are folded where they are constant, and a call that
//! can write but whose path was not found is said to be *unnamed*.

mod args;
mod assign;
mod awk;
mod calls;
mod eval;
mod functions;
mod imports;
mod javascript;
mod lex;
mod loops;
mod makefile;
mod names;
mod package;
mod patch;
mod perl;
mod php;
mod python;
mod quote;
mod ruby;
mod scan;
mod sed;
mod text;
mod value;
mod worth;

use super::WriteKind;

pub use awk::awk;
pub use makefile::{Makefile, Recipe};
pub use package::Package;
pub use patch::{PatchChange, PatchedFile, patched_files};
pub use sed::sed;

/// Longest source that is looked at, in bytes; a longer one is opaque.
pub const SOURCE_BYTES_MAX: usize = 256 * 1024;

/// Most findings of each kind kept for one source.
const FINDINGS_MAX: usize = 512;

/// Stands in a [`ScriptCommand`] for text that could not be told; written as a
/// variable that no shell has set, so that the analyser sees an unknown word.
pub const UNKNOWN_WORD: &str = "${LANEKEEPER_UNKNOWN}";

/// What a piece of code would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScriptEffects {
    /// Paths that it writes, deletes or changes.
    pub writes: Vec<ScriptWrite>,
    /// Commands that it runs, to be analysed in turn.
    pub commands: Vec<ScriptCommand>,
    /// Calls that can write whose path was not found, by name.
    pub unnamed: Vec<String>,
    /// It runs code that is not seen here (`eval`, imports of project code).
    pub opaque: bool,
}

/// One path that a piece of code changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptWrite {
    /// As the script spells it, after folding constants and following its own
    /// `chdir`: relative to the directory that the code was started in, or absolute.
    pub path: String,
    /// Whether something unknown follows `path`.
    pub rest: Rest,
    /// What happens to it.
    pub kind: WriteKind,
    /// Everything below is meant as well.
    pub subtree: bool,
    /// If `path` is a folder, the entry of this name in it is what is written.
    pub into: Option<String>,
    /// The call that does it, for messages.
    pub part: String,
}

/// Whether a path is known to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// The path is complete.
    Complete,
    /// The path only begins like this (`"frontend/" + name`).
    Unknown,
}

/// A command that a piece of code runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptCommand {
    /// What is run.
    pub run: Run,
    /// Where.
    pub dir: ScriptDir,
}

/// How a command is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// Shell text.
    Shell(String),
    /// Words, not split again; [`UNKNOWN_WORD`] for those that cannot be told.
    Argv(Vec<String>),
}

/// The working directory of a command that a script runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ScriptDir {
    /// That of the script itself.
    #[default]
    Same,
    /// This path, relative to that of the script.
    At(String),
    /// It cannot be told.
    Unknown,
}

/// A language whose write calls are known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// `python`, `python3`, `pypy`.
    Python,
    /// `node`, `deno`, `bun`, TypeScript runners.
    JavaScript,
    /// `perl`.
    Perl,
    /// `ruby`.
    Ruby,
    /// `php`.
    Php,
}

/// What a script would do. `argv` is the script's own: its path (`-c`, `-`) first.
pub fn script(language: Language, source: &str, argv: &[String]) -> ScriptEffects {
    if source.len() > SOURCE_BYTES_MAX {
        return ScriptEffects { opaque: true, ..ScriptEffects::default() };
    }
    scan::scan(language, source, argv)
}

impl ScriptEffects {
    fn write(&mut self, write: ScriptWrite) {
        if self.writes.len() >= FINDINGS_MAX {
            self.unnamed(&write.part);
        } else if !self.writes.contains(&write) {
            self.writes.push(write);
        }
    }

    fn command(&mut self, command: ScriptCommand) {
        if self.commands.len() >= FINDINGS_MAX {
            self.opaque = true;
        } else if !self.commands.contains(&command) {
            self.commands.push(command);
        }
    }

    fn unnamed(&mut self, part: &str) {
        if self.unnamed.len() < FINDINGS_MAX && !self.unnamed.iter().any(|known| known == part) {
            self.unnamed.push(part.to_owned());
        }
    }
}

#[cfg(test)]
mod tests;
