//! The state of a working tree at one moment: what is not as the index has it,
//! what is untracked, and what is ignored.
//!
//! Tracked files are compared by the index's stat data, without reading them;
//! what differs or is untracked is hashed within a budget; ignored folders are
//! walked for stat data only, within a bound. Folders that tools fill by
//! themselves (caches) are not looked into.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context;
use git2::{ObjectType, Oid, Repository};
use serde::{Deserialize, Serialize};

use super::history::{self, History};
use super::index::{self, Folder, Freshness, Tracked};
use super::walk::{self, Stat};

/// Most bytes hashed in one snapshot, and of one file.
const HASH_BYTES_MAX: u64 = 64 * 1024 * 1024;
const HASH_FILE_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// Most files looked at in one ignored folder.
const IGNORED_FILES_MAX: usize = 10_000;
/// Most files looked at in one untracked folder.
const UNTRACKED_FILES_MAX: usize = 100_000;
/// From this many tracked files on, folders are read by several threads.
const THREADS_FROM_FILES: usize = 4_000;
const THREADS_MAX: usize = 4;

/// Folders that tools fill by themselves, when git ignores them.
const CACHES: &[&str] = &[
    "__pycache__",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".hypothesis",
    ".tox",
    ".nox",
    ".venv",
    "venv",
    ".eggs",
    ".cache",
    ".parcel-cache",
    ".turbo",
    ".next",
    ".nuxt",
    ".svelte-kit",
    ".vite",
    ".angular",
    ".nyc_output",
    "coverage",
    "htmlcov",
    ".gradle",
    ".terraform",
    ".idea",
    ".vscode",
    "target",
    ".bundle",
    ".dart_tool",
    ".serverless",
    ".sass-cache",
];

/// Files that tools leave by themselves, when git ignores them.
const CACHE_ENDINGS: &[&str] = &[
    ".pyc",
    ".pyo",
    ".tsbuildinfo",
    ".eslintcache",
    ".stylelintcache",
    ".coverage",
    ".DS_Store",
    ".swp",
    ".swo",
    "~",
];

/// The hooks' own folders, which are no agent's doing.
const OWN: &[&[u8]] = &[b".claude/logs", b".claude/context", b".claude/worktrees"];

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
    pub(super) tracked: Vec<Tracked>,
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
    let tracked = index::read(&index_file)?;
    if !holds(&root, &tracked, tree) {
        return Ok(None);
    }
    let index = Stat::at(&index_file);
    let written = index.map_or(i64::MAX, |stat| stat.mtime);
    let mut found =
        Tree { root: &root, tracked: &tracked, written, since, hashed: AtomicU64::new(0) };
    let mut snapshot =
        Snapshot { history: history::read(&repository), index, ..Snapshot::default() };
    let loose = found.tracked(&mut snapshot);
    found.loose(loose, &repository, &mut snapshot);
    Tree::git(&repository, &mut snapshot);
    snapshot.root = root;
    Ok(Some(Scan { snapshot, index_file, tracked, repository }))
}

/// Whether the repository is that of the folder, not one far above that ignores it.
fn holds(root: &Path, tracked: &[Tracked], tree: &Path) -> bool {
    use std::os::unix::ffi::OsStrExt;
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    match real(tree).strip_prefix(real(root)) {
        Ok(inside) if !inside.as_os_str().is_empty() => {
            let inside = inside.as_os_str().as_bytes();
            tracked.iter().any(|entry| {
                entry.path.strip_prefix(inside).is_some_and(|rest| rest.first() == Some(&b'/'))
            })
        }
        inside => inside.is_ok(),
    }
}

struct Tree<'a> {
    root: &'a Path,
    tracked: &'a [Tracked],
    written: i64,
    since: Option<i64>,
    hashed: AtomicU64,
}

/// An entry that the index does not know.
struct Loose {
    path: Vec<u8>,
    is_folder: bool,
    stat: Option<Stat>,
}

impl Tree<'_> {
    /// Compares the tracked files; gives the entries beside them.
    fn tracked(&mut self, snapshot: &mut Snapshot) -> Vec<Loose> {
        let folders = index::folders(self.tracked);
        let names: HashSet<&[u8]> = folders.iter().map(|folder| folder.path.as_slice()).collect();
        let threads = if self.tracked.len() >= THREADS_FROM_FILES {
            std::thread::available_parallelism().map_or(1, |count| count.get().min(THREADS_MAX))
        } else {
            1
        };
        let mut reached = HashSet::from([&b""[..]]);
        // A tracked folder may be a link by now, and all below it elsewhere.
        for folder in &folders {
            let is_there = reached.contains(index::parent(&folder.path))
                && (folder.path.is_empty()
                    || Stat::at(&walk::absolute(self.root, &folder.path))
                        .is_some_and(|stat| stat.is_folder()));
            if is_there {
                reached.insert(&folder.path);
            }
        }
        let this = &*self;
        let chunk = folders.len().div_ceil(threads).max(1);
        let results: Vec<_> = std::thread::scope(|scope| {
            let (names, reached) = (&names, &reached);
            let work = |part: &[Folder]| {
                let mut found = Part::default();
                for folder in part {
                    let is_there = reached.contains(folder.path.as_slice());
                    this.folder(folder, is_there, names, &mut found);
                }
                found
            };
            let mut parts = folders.chunks(chunk);
            let first = parts.next().unwrap_or_default();
            let others: Vec<_> = parts.map(|part| scope.spawn(move || work(part))).collect();
            let first = work(first);
            let others = others.into_iter().filter_map(|thread| thread.join().ok());
            std::iter::once(first).chain(others).collect()
        });
        let mut loose = Vec::new();
        for part in results {
            snapshot.files.extend(part.files);
            loose.extend(part.loose);
        }
        loose.sort_by(|left: &Loose, right| left.path.cmp(&right.path));
        loose
    }

    fn folder(&self, folder: &Folder, is_there: bool, names: &HashSet<&[u8]>, found: &mut Part) {
        let mut seen = vec![false; folder.files.len()];
        let entries = if is_there {
            walk::entries(&walk::absolute(self.root, &folder.path))
        } else {
            Vec::new()
        };
        for entry in entries {
            let known = folder.files.binary_search_by(|at| {
                let path = self.tracked.get(*at).map_or(&b""[..], |entry| &entry.path);
                index::name(path).cmp(&entry.name)
            });
            if let Ok(at) = known {
                if let Some(seen) = seen.get_mut(at) {
                    *seen = true;
                }
                let tracked = folder.files.get(at).and_then(|at| self.tracked.get(*at));
                if let Some(tracked) = tracked {
                    self.file(tracked, entry.stat(), found);
                }
                continue;
            }
            if folder.path.is_empty() && entry.name == b".git" {
                continue;
            }
            let path = walk::joined(&folder.path, &entry.name);
            if entry.is_folder && names.contains(path.as_slice()) || OWN.contains(&path.as_slice())
            {
                continue;
            }
            let stat = if entry.is_folder { None } else { entry.stat() };
            found.loose.push(Loose { path, is_folder: entry.is_folder, stat });
        }
        for (at, _) in folder.files.iter().zip(seen).filter(|(_, seen)| !seen) {
            if let Some(tracked) = self.tracked.get(*at) {
                found.files.push((
                    tracked.path.clone(),
                    Found { class: Class::Tracked, stat: None, oid: None },
                ));
            }
        }
    }

    fn file(&self, tracked: &Tracked, stat: Option<Stat>, found: &mut Part) {
        let path = tracked.path.clone();
        if tracked.is_submodule() && stat.is_some_and(|stat| stat.is_folder()) {
            found.loose.push(Loose { path, is_folder: true, stat: None });
            return;
        }
        let Some(stat) = stat else {
            found.files.push((path, Found { class: Class::Tracked, stat: None, oid: None }));
            return;
        };
        let freshness = tracked.freshness(&stat, self.written, self.since);
        if freshness == Freshness::Clean {
            return;
        }
        let oid = self.hash(&path, &stat);
        if freshness == Freshness::Unsure && oid.is_none_or(|oid| oid == tracked.oid) {
            return;
        }
        let oid = oid.map(|oid| oid.to_string());
        found.files.push((path, Found { class: Class::Tracked, stat: Some(stat), oid }));
    }

    /// The untracked and the ignored.
    fn loose(&self, loose: Vec<Loose>, repository: &Repository, snapshot: &mut Snapshot) {
        let mut open = loose;
        let mut room = UNTRACKED_FILES_MAX;
        while let Some(entry) = open.pop() {
            if room == 0 {
                snapshot.cut.push(entry.path);
                continue;
            }
            room -= 1;
            let shown = walk::absolute(Path::new(""), &entry.path);
            let is_ignored = repository.is_path_ignored(&shown).unwrap_or(false);
            let name = String::from_utf8_lossy(index::name(&entry.path)).into_owned();
            if !entry.is_folder {
                if !(is_ignored && CACHE_ENDINGS.iter().any(|ending| name.ends_with(ending))) {
                    self.loose_file(entry, is_ignored, snapshot);
                }
                continue;
            }
            if is_ignored && CACHES.contains(&name.as_str()) || OWN.contains(&entry.path.as_slice())
            {
                continue;
            }
            let inside = walk::entries(&walk::absolute(self.root, &entry.path));
            let nested = inside.iter().find(|inside| inside.name == b".git");
            if nested.is_some() && self.is_linked_worktree(&entry.path) {
                continue;
            }
            if is_ignored || nested.is_some() {
                self.hidden(&entry.path, snapshot);
                continue;
            }
            let folder = Stat::at(&walk::absolute(self.root, &entry.path));
            snapshot.files.insert(
                entry.path.clone(),
                Found { class: Class::Untracked, stat: folder, oid: None },
            );
            open.extend(inside.into_iter().map(|inside| Loose {
                path: walk::joined(&entry.path, &inside.name),
                is_folder: inside.is_folder,
                stat: if inside.is_folder { None } else { inside.stat() },
            }));
        }
    }

    fn loose_file(&self, entry: Loose, is_ignored: bool, snapshot: &mut Snapshot) {
        let class = if is_ignored { Class::Ignored } else { Class::Untracked };
        let oid =
            entry.stat.and_then(|stat| self.hash(&entry.path, &stat)).map(|oid| oid.to_string());
        snapshot.files.insert(entry.path, Found { class, stat: entry.stat, oid });
    }

    /// An ignored folder or a nested repository: stat data only.
    fn hidden(&self, folder: &[u8], snapshot: &mut Snapshot) {
        let stat = Stat::at(&walk::absolute(self.root, folder));
        snapshot.files.insert(folder.to_vec(), Found { class: Class::Hidden, stat, oid: None });
        let mut room = IGNORED_FILES_MAX;
        let skip = |name: &[u8]| {
            name == b".git" || std::str::from_utf8(name).is_ok_and(|name| CACHES.contains(&name))
        };
        let (files, cut) = walk::below(self.root, folder, &mut room, &skip);
        for (path, stat) in files {
            snapshot
                .files
                .insert(path, Found { class: Class::Hidden, stat: Some(stat), oid: None });
        }
        if cut {
            snapshot.cut.push(folder.to_vec());
        }
    }

    /// Whether a folder is a working tree of a repository elsewhere.
    fn is_linked_worktree(&self, folder: &[u8]) -> bool {
        let file = walk::absolute(self.root, folder).join(".git");
        let is_small =
            std::fs::symlink_metadata(&file).is_ok_and(|meta| meta.is_file() && meta.len() < 4096);
        is_small && std::fs::read_to_string(&file).is_ok_and(|text| text.contains("/worktrees/"))
    }

    /// Git's hooks and what excludes files from git's sight.
    fn git(repository: &Repository, snapshot: &mut Snapshot) {
        let folder = repository.commondir();
        let hooks = walk::entries(&folder.join("hooks"))
            .into_iter()
            .map(|entry| walk::joined(b"hooks", &entry.name));
        let others = [&b"info/exclude"[..], b"info/attributes"].map(<[u8]>::to_vec);
        for name in hooks.chain(others) {
            let file = walk::absolute(folder, &name);
            let Some(stat) = Stat::at(&file).filter(|stat| !stat.is_folder()) else { continue };
            let oid = Oid::hash_file(ObjectType::Blob, &file).ok().map(|oid| oid.to_string());
            snapshot.files.insert(
                walk::joined(b".git", &name),
                Found { class: Class::Git, stat: Some(stat), oid },
            );
        }
    }

    /// Git's hash of a file's content, within the budget.
    fn hash(&self, path: &[u8], stat: &Stat) -> Option<Oid> {
        let file = walk::absolute(self.root, path);
        if stat.is_link() {
            use std::os::unix::ffi::OsStrExt;
            let target = std::fs::read_link(&file).ok()?;
            return Oid::hash_object(ObjectType::Blob, target.as_os_str().as_bytes()).ok();
        }
        if !stat.is_file() || stat.size > HASH_FILE_BYTES_MAX {
            return None;
        }
        if self.hashed.fetch_add(stat.size.max(4096), Ordering::Relaxed) > HASH_BYTES_MAX {
            return None;
        }
        Oid::hash_file(ObjectType::Blob, &file).ok()
    }
}

/// What one thread found.
#[derive(Default)]
struct Part {
    files: Vec<(Vec<u8>, Found)>,
    loose: Vec<Loose>,
}

impl Scan {
    /// Which files of the working tree have these inode numbers, tracked and
    /// untracked; those in ignored folders that were not looked at are missing.
    pub fn inodes(&self, wanted: &std::collections::BTreeSet<u64>) -> Vec<(u64, Vec<u8>)> {
        let loose = self.snapshot.files.iter().filter_map(|(path, found)| {
            let ino = found.stat.filter(|stat| wanted.contains(&stat.ino))?.ino;
            Some((ino, path.clone()))
        });
        let tracked =
            self.tracked.iter().filter(|entry| !self.snapshot.files.contains_key(&entry.path));
        let tracked = tracked.filter_map(|entry| {
            let stat = Stat::at(&walk::absolute(&self.snapshot.root, &entry.path))?;
            wanted.contains(&stat.ino).then(|| (stat.ino, entry.path.clone()))
        });
        loose.chain(tracked).collect()
    }
}
