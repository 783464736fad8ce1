//! The state of a working tree at one moment: what is not as the index has it,
//! what is untracked, and what is ignored.
//!
//! Tracked files are compared by the index's stat data, without reading them;
//! what differs or is untracked is hashed within a budget; ignored folders are
//! walked for stat data only, within a bound. Folders that tools fill by
//! themselves (caches) are not looked into.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;

use anyhow::Context;
use git2::Repository;
use serde::{Deserialize, Serialize};

use super::history::{self, History};
use super::index::Index;
use super::tree::Tree;
use super::walk::{self, Stat};

/// How git sees a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// In the index.
    Tracked,
    /// Neither in the index nor ignored.
    Untracked,
    /// Ignored, in no folder that is ignored as a whole.
    Ignored,
    /// In a folder that is ignored as a whole, or in a nested repository.
    Hidden,
    /// Git's own configuration and hooks.
    Git,
}

/// One file that the index does not account for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// How git sees it.
    pub class: Class,
    /// `None`: it is tracked and not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stat: Option<Stat>,
    /// Git's hash of its content, where it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oid: Option<String>,
}

/// The state of a working tree.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Snapshot {
    /// The root of the working tree.
    pub root: PathBuf,
    /// Commit, branch, stash.
    pub history: History,
    /// What the index does not account for, by path relative to the root.
    #[serde(with = "super::paths")]
    pub files: BTreeMap<Vec<u8>, Found>,
    /// Folders that hold more than was looked at.
    #[serde(default, with = "super::paths::list")]
    pub cut: Vec<Vec<u8>>,
    /// Which file the index is; it is replaced whole when it changes.
    pub index: Option<Stat>,
}

/// A snapshot, with the index that it was made against.
pub struct Scan {
    /// What is worth keeping.
    pub snapshot: Snapshot,
    /// The index file.
    pub index_file: PathBuf,
    pub(super) tracked: Index,
    pub(super) repository: Repository,
}

/// The state of the working tree around a folder; `None` when there is none.
///
/// `since` is when the audited run began, in nanoseconds since 1970.
pub fn scan(tree: &Path, since: Option<i64>) -> anyhow::Result<Option<Scan>> {
    let repository = match Repository::discover(tree) {
        Ok(repository) => repository,
        Err(error) if error.code() == git2::ErrorCode::NotFound => return Ok(None),
        Err(error) => {
            return Err(error)
                .with_context(|| format!("could not open the repository of `{}`", tree.display()));
        }
    };
    let Some(root) = repository.workdir().map(Path::to_owned) else { return Ok(None) };
    let index_file = repository.path().join("index");
    let tracked = Index::read(&index_file)?;
    if !holds(&root, &tracked, tree) {
        return Ok(None);
    }
    let index = Stat::at(&index_file);
    let written = index.map_or(i64::MAX, |stat| stat.mtime);
    let found = Tree { root: &root, tracked: &tracked, written, since, hashed: AtomicU64::new(0) };
    let mut snapshot =
        Snapshot { history: history::read(&repository), index, ..Snapshot::default() };
    let loose = found.tracked(&mut snapshot);
    found.loose(loose, &repository, &mut snapshot);
    Tree::git(&repository, &mut snapshot);
    snapshot.root = root;
    Ok(Some(Scan { snapshot, index_file, tracked, repository }))
}

/// Whether the repository is that of the folder, not one far above that ignores it.
fn holds(root: &Path, tracked: &Index, tree: &Path) -> bool {
    use std::os::unix::ffi::OsStrExt;
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    match real(tree).strip_prefix(real(root)) {
        Ok(inside) if !inside.as_os_str().is_empty() => {
            tracked.has_below(inside.as_os_str().as_bytes())
        }
        inside => inside.is_ok(),
    }
}

impl Scan {
    /// Which files of the working tree have these inode numbers, tracked and
    /// untracked; those in ignored folders that were not looked at are missing.
    pub fn inodes(&self, wanted: &std::collections::BTreeSet<u64>) -> Vec<(u64, Vec<u8>)> {
        let loose = self.snapshot.files.iter().filter_map(|(path, found)| {
            let ino = found.stat.filter(|stat| wanted.contains(&stat.ino))?.ino;
            Some((ino, path.clone()))
        });
        let paths = self.tracked.entries.iter().map(|entry| self.tracked.path(entry));
        let tracked = paths.filter(|path| !self.snapshot.files.contains_key(*path));
        let tracked = tracked.filter_map(|path| {
            let stat = Stat::at(&walk::absolute(&self.snapshot.root, path))?;
            wanted.contains(&stat.ino).then(|| (stat.ino, path.to_vec()))
        });
        loose.chain(tracked).collect()
    }
}
