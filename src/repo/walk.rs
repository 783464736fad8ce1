//! The files below a folder and their stat data, without git.
//!
//! Links are never followed, and nothing is read but folders.

use std::fs::{self, Metadata};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Deepest folders that are walked.
const DEPTH_MAX: usize = 64;

/// What the file system says of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stat {
    /// Type and permissions, as `st_mode`.
    pub mode: u32,
    /// Bytes.
    pub size: u64,
    /// Last change of the content, nanoseconds since 1970.
    pub mtime: i64,
    /// Last change of anything, nanoseconds since 1970. Cannot be set at will.
    #[serde(default)]
    pub ctime: i64,
    /// Which file it is, on its device.
    pub ino: u64,
    /// How many names it has.
    #[serde(default)]
    pub links: u64,
}

impl Stat {
    pub(super) fn of(meta: &Metadata) -> Self {
        let nanoseconds =
            |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
        Self {
            mode: meta.mode(),
            size: meta.len(),
            mtime: nanoseconds(meta.mtime(), meta.mtime_nsec()),
            ctime: nanoseconds(meta.ctime(), meta.ctime_nsec()),
            ino: meta.ino(),
            links: meta.nlink(),
        }
    }

    /// Of the file or link at a path, itself.
    pub(super) fn at(path: &Path) -> Option<Self> {
        fs::symlink_metadata(path).ok().map(|meta| Self::of(&meta))
    }

    pub(super) fn kind(&self) -> u32 {
        self.mode & 0o170_000
    }

    /// Whether it is a folder.
    pub fn is_folder(&self) -> bool {
        self.kind() == 0o040_000
    }

    /// Whether it is a symbolic link.
    pub fn is_link(&self) -> bool {
        self.kind() == 0o120_000
    }

    /// Whether it is a regular file.
    pub fn is_file(&self) -> bool {
        self.kind() == 0o100_000
    }

    /// The same content as far as stat data can tell.
    pub(super) fn looks_like(&self, other: &Self) -> bool {
        self.kind() == other.kind()
            && (self.is_folder() || (self.size == other.size && self.mtime == other.mtime))
    }
}

/// One entry of a folder.
pub(super) struct Entry {
    pub(super) name: Vec<u8>,
    pub(super) is_folder: bool,
    listed: fs::DirEntry,
}

impl Entry {
    pub(super) fn stat(&self) -> Option<Stat> {
        self.listed.metadata().ok().map(|meta| Stat::of(&meta))
    }
}

/// The entries of a folder, unsorted; none when it cannot be read.
pub(super) fn entries(folder: &Path) -> Vec<Entry> {
    let Ok(listed) = fs::read_dir(folder) else { return Vec::new() };
    let all = listed.filter_map(Result::ok).map(|entry| Entry {
        name: entry.file_name().into_vec(),
        is_folder: entry.file_type().is_ok_and(|kind| kind.is_dir()),
        listed: entry,
    });
    all.collect()
}

/// Everything below a folder, in order, until `left` is used up; says whether
/// that happened. `skip` is asked for each folder's name.
pub(super) fn below(
    root: &Path,
    folder: &[u8],
    left: &mut usize,
    skip: &dyn Fn(&[u8]) -> bool,
) -> (Vec<(Vec<u8>, Stat)>, bool) {
    let mut found = Vec::new();
    let mut open = vec![(folder.to_vec(), 0)];
    while let Some((folder, depth)) = open.pop() {
        let mut inside = entries(&absolute(root, &folder));
        inside.sort_by(|left, right| left.name.cmp(&right.name));
        let mut folders = Vec::new();
        for entry in inside {
            let path = joined(&folder, &entry.name);
            if entry.is_folder {
                if depth < DEPTH_MAX && !skip(&entry.name) {
                    folders.push((path, depth + 1));
                }
                continue;
            }
            if *left == 0 {
                return (found, true);
            }
            *left -= 1;
            if let Some(stat) = entry.stat() {
                found.push((path, stat));
            }
        }
        open.extend(folders.into_iter().rev());
    }
    (found, false)
}

pub(super) fn joined(folder: &[u8], name: &[u8]) -> Vec<u8> {
    if folder.is_empty() {
        return name.to_vec();
    }
    let mut path = Vec::with_capacity(folder.len() + 1 + name.len());
    path.extend_from_slice(folder);
    path.push(b'/');
    path.extend_from_slice(name);
    path
}

pub(super) fn absolute(root: &Path, path: &[u8]) -> PathBuf {
    root.join(std::ffi::OsStr::from_bytes(path))
}
