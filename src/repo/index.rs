//! The index of a working tree, as the audit needs it: what git holds of each
//! tracked file, and which folders hold tracked files.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context;
use git2::{Index, IndexTime, Oid};

use super::walk::Stat;

/// What the index holds of one file.
pub(super) struct Tracked {
    pub(super) path: Vec<u8>,
    pub(super) oid: Oid,
    pub(super) mode: u32,
    size: u32,
    mtime: IndexTime,
    ctime: IndexTime,
}

/// How the file on disk compares with the index, by stat data alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freshness {
    /// As the index has it.
    Clean,
    /// Perhaps; only its content tells.
    Unsure,
    /// Another file, or touched since.
    Differs,
}

/// A folder with the tracked files that lie directly in it.
pub(super) struct Folder {
    pub(super) path: Vec<u8>,
    /// Positions in the index, by name.
    pub(super) files: Vec<usize>,
}

/// The tracked files, by path; conflicting ones are left out.
pub(super) fn read(file: &Path) -> anyhow::Result<Vec<Tracked>> {
    if !file.exists() {
        return Ok(Vec::new());
    }
    let index =
        Index::open(file).with_context(|| format!("could not read `{}`", file.display()))?;
    let mut all: Vec<Tracked> = Vec::with_capacity(index.len());
    for entry in index.iter() {
        const STAGE: u16 = 0x3000;
        if entry.flags & STAGE != 0 {
            continue;
        }
        all.push(Tracked {
            path: entry.path,
            oid: entry.id,
            mode: entry.mode,
            size: entry.file_size,
            mtime: entry.mtime,
            ctime: entry.ctime,
        });
    }
    all.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(all)
}

/// The tracked file of this path.
pub(super) fn find<'a>(tracked: &'a [Tracked], path: &[u8]) -> Option<&'a Tracked> {
    let at = tracked.binary_search_by(|entry| entry.path.as_slice().cmp(path)).ok()?;
    tracked.get(at)
}

/// The folders that hold tracked files, parents first.
pub(super) fn folders(tracked: &[Tracked]) -> Vec<Folder> {
    let mut folders = vec![Folder { path: Vec::new(), files: Vec::new() }];
    let mut known: HashMap<&[u8], usize> = HashMap::from([(&b""[..], 0)]);
    for (at, entry) in tracked.iter().enumerate() {
        let parent = parent(&entry.path);
        if !known.contains_key(parent) {
            let slashes = memchr::memchr_iter(b'/', parent).chain([parent.len()]);
            for end in slashes {
                let path = parent.get(..end).unwrap_or_default();
                known.entry(path).or_insert_with(|| {
                    folders.push(Folder { path: path.to_vec(), files: Vec::new() });
                    folders.len() - 1
                });
            }
        }
        if let Some(folder) = known.get(parent).and_then(|at| folders.get_mut(*at)) {
            folder.files.push(at);
        }
    }
    folders
}

pub(super) fn parent(path: &[u8]) -> &[u8] {
    memchr::memrchr(b'/', path).and_then(|at| path.get(..at)).unwrap_or_default()
}

pub(super) fn name(path: &[u8]) -> &[u8] {
    memchr::memrchr(b'/', path).and_then(|at| path.get(at + 1..)).unwrap_or(path)
}

impl Tracked {
    /// Whether it is a submodule.
    pub(super) fn is_submodule(&self) -> bool {
        self.mode == 0o160_000
    }

    /// Compares with the file on disk. `written` is when the index was written,
    /// `since` when the run began that is audited.
    pub(super) fn freshness(&self, stat: &Stat, written: i64, since: Option<i64>) -> Freshness {
        if self.kind() != stat.kind()
            || (stat.is_file() && self.is_executable() != (stat.mode & 0o100 != 0))
        {
            return Freshness::Differs;
        }
        // The index keeps the lower 32 bits of a size.
        let same_size = u64::from(self.size) == stat.size & 0xFFFF_FFFF;
        if !same_size || !same_time(self.mtime, stat.mtime) {
            return Freshness::Differs;
        }
        // Written within the same tick as the index: git cannot tell either.
        let racy = stat.mtime >= written;
        // The time of change cannot be faked. When it is not what git noted
        // and lies within the run, the other times may have been put back.
        let suspicious =
            since.is_some_and(|since| stat.ctime >= since) && !same_time(self.ctime, stat.ctime);
        if racy || suspicious { Freshness::Unsure } else { Freshness::Clean }
    }

    fn kind(&self) -> u32 {
        self.mode & 0o170_000
    }

    pub(super) fn is_executable(&self) -> bool {
        self.mode & 0o100 != 0
    }

    /// Whether the stat data are those of the index.
    pub(super) fn looks_like(&self, stat: &Stat) -> bool {
        self.kind() == stat.kind()
            && u64::from(self.size) == stat.size & 0xFFFF_FFFF
            && same_time(self.mtime, stat.mtime)
    }
}

/// The index may hold whole seconds only.
fn same_time(noted: IndexTime, nanoseconds: i64) -> bool {
    let seconds = nanoseconds.div_euclid(1_000_000_000);
    let rest = nanoseconds.rem_euclid(1_000_000_000);
    // Seconds are kept in 32 bits.
    let same_second = i64::from(noted.seconds()) & 0xFFFF_FFFF == seconds & 0xFFFF_FFFF;
    same_second && (noted.nanoseconds() == 0 || i64::from(noted.nanoseconds()) == rest)
}
