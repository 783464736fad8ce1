//! Files that hold the guard itself: no agent writes them by accident.
//!
//! Found by name at any depth, because a session may start in any folder and
//! reads its settings there. An agent whose boundaries name the file itself
//! may write it; whether they do is the verdict's.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::wildcard::{Case, FOLDERS, ONE, STAR, matches};

/// The executables, wherever this one runs from.
const EXECUTABLES: [&str; 4] =
    ["boundary-guard", "output-validator", "context-publisher", "handoff-preparer"];

/// One kind of protected file, below a folder of a fixed name.
struct Kind {
    folder: &'static [u8],
    /// Patterns below the folder: `\xfe` is any folders, `\xff` any characters.
    patterns: &'static [&'static [u8]],
    what: &'static str,
}

const KINDS: &[Kind] = &[
    Kind { folder: b".claude", patterns: &[b"agents/\xfe"], what: "agent definitions" },
    Kind {
        folder: b".claude",
        patterns: &[b"settings\xff.json", b"lanekeeper.json"],
        what: "the settings that the guard runs by",
    },
    Kind { folder: b".claude", patterns: &[b"hooks/\xfe"], what: "the hooks" },
    Kind { folder: b".claude", patterns: &[b"plugins/\xfe"], what: "installed plugins" },
    Kind { folder: b".claude", patterns: &[b"logs/lanekeeper/\xfe"], what: "the guard's ledger" },
    Kind {
        folder: b".claude",
        patterns: &[b"context/\xfe"],
        what: "the shared context, which the hooks write",
    },
    Kind { folder: b".factory", patterns: &[b"droids/\xfe"], what: "droid definitions" },
    Kind {
        folder: b".factory",
        patterns: &[b"settings\xff.json", b"hooks/\xfe", b"hooks.json"],
        what: "the settings that the guard runs by",
    },
    Kind {
        folder: b".git",
        patterns: &[
            b"hooks/\xfe",
            b"config",
            b"config.worktree",
            b"config.lock",
            b"info/\xfe",
            b"modules/\xfe",
            b"worktrees/\xfe",
            b"commondir",
            b"gitdir",
        ],
        what: "git's own configuration and hooks",
    },
];

/// A protected file that a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Protected {
    /// For messages: "agent definitions".
    pub(super) what: &'static str,
    /// How many bytes of the path stand behind the part that makes it
    /// protected. A glob that spells out all before them names the file itself.
    pub(super) tail: usize,
}

/// What protects a path that is spelled without `.` and `..`.
pub(super) fn find(path: &[u8], case: Case) -> Option<Protected> {
    // Nothing below is reached without a name that starts with a dot.
    memchr::memchr(b'.', path)?;
    let mut start = 0;
    for name in path.split(|byte| *byte == b'/') {
        let rest = path.get(start + name.len() + 1..);
        if name.first() == Some(&b'.')
            && let Some(found) = find_in(name, rest, case)
        {
            return Some(found);
        }
        start += name.len() + 1;
    }
    None
}

/// Whether the name is a folder that holds protected files, so that replacing
/// or removing it replaces them.
pub(super) fn holds(path: &[u8], case: Case) -> bool {
    let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    folders().any(|folder| is_named(name, folder, case))
        || (path.ends_with(b"/logs") && find(&[path, b"/lanekeeper/x"].concat(), case).is_some())
}

/// The names of the folders that hold protected files.
pub(super) fn folders() -> impl Iterator<Item = &'static [u8]> {
    let mut last: &[u8] = b"";
    KINDS.iter().map(|kind| kind.folder).filter(move |folder| {
        let fresh = *folder != last;
        last = folder;
        fresh
    })
}

/// Whether the path is one of the executables beside this one.
pub(super) fn is_executable(path: &Path, executable: Option<&Path>) -> bool {
    let Some(folder) = executable.and_then(Path::parent) else {
        return false;
    };
    path.parent() == Some(folder)
        && path.file_name().is_some_and(|name| {
            EXECUTABLES.iter().any(|executable| name.as_bytes() == executable.as_bytes())
        })
}

fn find_in(folder: &[u8], rest: Option<&[u8]>, case: Case) -> Option<Protected> {
    let rest = rest.filter(|rest| !rest.is_empty())?;
    let kinds = KINDS.iter().filter(|kind| is_named(folder, kind.folder, case));
    for kind in kinds {
        for pattern in kind.patterns {
            if matches(pattern, rest, case) {
                let literal =
                    pattern.iter().take_while(|byte| ![STAR, FOLDERS, ONE].contains(byte)).count();
                return Some(Protected {
                    what: kind.what,
                    tail: rest.len().saturating_sub(literal),
                });
            }
        }
    }
    None
}

fn is_named(name: &[u8], folder: &[u8], case: Case) -> bool {
    match case {
        Case::Kept => name == folder,
        Case::Folded => name.eq_ignore_ascii_case(folder),
    }
}
