//! Where a write would land: links followed, `..` taken both ways.
//!
//! Only looks at the disk. Resolves component by component, because the end of
//! a path need not exist yet and a dangling link says where a file would be
//! made. Whether the landing place is allowed is the verdict's.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use crate::project::tidy;

/// The longest path that the system takes, without its final NUL.
const PATH_BYTES_MAX: usize = 4095;

/// How many links one path may lead through, as in the kernel.
const LINKS_MAX: usize = 40;

/// What happens to a link at the very end of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LastLink {
    /// The operation goes through it, as opening a file does.
    Follow,
    /// The operation is on the link itself, as removing one is.
    Keep,
}

/// Why nobody can say where a write would land.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unresolved {
    Empty,
    Nul,
    TooLong,
    TooManyLinks,
    Unreadable,
}

impl Unresolved {
    pub(super) fn why(self) -> String {
        match self {
            Self::Empty => "the path is empty".to_owned(),
            Self::Nul => "the path holds a NUL character".to_owned(),
            Self::TooLong => format!("the path is longer than {PATH_BYTES_MAX} bytes"),
            Self::TooManyLinks => {
                format!("the path leads through more than {LINKS_MAX} links, or in a circle")
            }
            Self::Unreadable => "the disk does not say where the path leads".to_owned(),
        }
    }
}

/// One place that a write touches: as spelled, and as the system resolves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Landing {
    /// Absolute, without `.` and `..`.
    pub(super) spelled: PathBuf,
    /// Absolute, without links.
    pub(super) real: PathBuf,
}

/// The places that a write to `path` may touch.
///
/// More than one where `..` stands behind a link: some tools strike out the
/// folder before `..` by spelling, others go up from where the link led.
pub(super) fn landings(
    path: &Path,
    cwd: &Path,
    last: LastLink,
) -> Result<Vec<Landing>, Unresolved> {
    let bytes = path.as_os_str().as_bytes();
    if bytes.is_empty() {
        return Err(Unresolved::Empty);
    }
    if bytes.contains(&0) {
        return Err(Unresolved::Nul);
    }
    let full = cwd.join(path);
    if full.as_os_str().len() > PATH_BYTES_MAX {
        return Err(Unresolved::TooLong);
    }
    let names_folder = bytes.ends_with(b"/") || bytes.ends_with(b"/.");
    let last = if names_folder { LastLink::Follow } else { last };
    let spelled = tidy(&full);
    let mut found = vec![Landing { real: real(&spelled, last)?, spelled: spelled.clone() }];
    if full.components().any(|part| part == Component::ParentDir) {
        let walk = Walk::along(&full, last)?;
        // A tool that makes missing folders makes these as well.
        let made = walk.left_missing.into_iter();
        found.extend(made.map(|path| Landing { spelled: path.clone(), real: path }));
        let physical = Landing { real: walk.end, spelled };
        if found.first() != Some(&physical) {
            found.push(physical);
        }
    }
    Ok(found)
}

/// The absolute path with every link on the way followed.
pub(super) fn real(path: &Path, last: LastLink) -> Result<PathBuf, Unresolved> {
    Walk::along(path, last).map(|walk| walk.end)
}

/// A way through the file system, as the system takes it.
#[derive(Debug, Default)]
struct Walk {
    /// Where it ends: absolute, without links. What does not exist is as spelled.
    end: PathBuf,
    /// Folders that do not exist and that the path enters only to leave by `..`.
    left_missing: Vec<PathBuf>,
}

impl Walk {
    /// `/proc` is never followed: its links mean another place to every
    /// process that reads them.
    fn along(path: &Path, last: LastLink) -> Result<Self, Unresolved> {
        let mut walk = Self { end: PathBuf::from("/"), ..Self::default() };
        let mut pending: Vec<OsString> = names(path);
        let mut missing = 0_usize;
        let mut links = 0_usize;
        while let Some(name) = pending.pop() {
            if name == ".." {
                if missing > 0 {
                    walk.left_missing.push(walk.end.clone());
                }
                missing = missing.saturating_sub(1);
                walk.end.pop();
                continue;
            }
            walk.end.push(&name);
            if missing > 0 || walk.end.starts_with("/proc") {
                missing += 1;
                continue;
            }
            let is_link = match std::fs::symlink_metadata(&walk.end) {
                Ok(meta) => meta.file_type().is_symlink(),
                Err(error) if is_missing(error.kind()) => {
                    missing += 1;
                    continue;
                }
                Err(_) => return Err(Unresolved::Unreadable),
            };
            if is_link && !(pending.is_empty() && last == LastLink::Keep) {
                links += 1;
                if links > LINKS_MAX {
                    return Err(Unresolved::TooManyLinks);
                }
                pending.extend(walk.follow()?);
            }
        }
        Ok(walk)
    }

    /// Steps back from a link at the end; what it leads through, last name first.
    fn follow(&mut self) -> Result<Vec<OsString>, Unresolved> {
        let target = std::fs::read_link(&self.end).map_err(|_| Unresolved::Unreadable)?;
        self.end.pop();
        if target.is_absolute() {
            self.end = PathBuf::from("/");
        }
        Ok(names(&target))
    }
}

/// What the path goes through, last name first.
fn names(path: &Path) -> Vec<OsString> {
    path.components()
        .rev()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_owned()),
            Component::ParentDir => Some("..".into()),
            _ => None,
        })
        .collect()
}

/// Whether nothing can be behind a name that gave this error to the same user
/// that would run the tool.
fn is_missing(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotFound
            | ErrorKind::NotADirectory
            | ErrorKind::PermissionDenied
            | ErrorKind::InvalidFilename
    )
}
