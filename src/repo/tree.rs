//! Looking at a working tree: the tracked files against the index, the rest by itself.

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use git2::{ObjectType, Oid, Repository};

use super::index::{self, Folder, Freshness, Index, Tracked};
use super::snapshot::{Class, Found, Snapshot};
use super::walk::{self, Stat};

/// Most bytes hashed of one file, and in one snapshot.
const HASH_BYTES: (u64, u64) = (2 * 1024 * 1024, 16 * 1024 * 1024);
/// The same where the stat data may have been put back, so that only the content tells.
const HASH_BYTES_UNSURE: (u64, u64) = (256 * 1024 * 1024, 256 * 1024 * 1024);
/// Most files looked at in one ignored folder.
const IGNORED_FILES_MAX: usize = 10_000;
/// Most files looked at in one untracked folder.
const UNTRACKED_FILES_MAX: usize = 100_000;
/// From this many tracked files on, folders are read by several threads.
const THREADS_FROM_FILES: usize = 4_000;
const THREADS_MAX: usize = 4;

/// Folders that tools fill by themselves, whether git ignores them or not.
const CACHES: &[&str] = &[
    "__pycache__",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".hypothesis",
    ".tox",
    ".nox",
    ".nyc_output",
    ".parcel-cache",
    ".turbo",
    ".svelte-kit",
    ".sass-cache",
    ".dart_tool",
    ".gradle",
    ".terraform",
];

/// Folders that tools fill by themselves, when git ignores them: the names also
/// mean other things.
const IGNORED_CACHES: &[&str] = &[
    ".venv",
    "venv",
    ".eggs",
    ".cache",
    ".next",
    ".nuxt",
    ".vite",
    ".angular",
    "coverage",
    "htmlcov",
    ".idea",
    ".vscode",
    "target",
    ".bundle",
    ".serverless",
];

/// Files that tools leave by themselves, when git does not track them.
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
];

/// Whether a folder that git does not track is a tool's own.
fn is_cache(name: &[u8], is_ignored: bool) -> bool {
    std::str::from_utf8(name)
        .is_ok_and(|name| CACHES.contains(&name) || (is_ignored && IGNORED_CACHES.contains(&name)))
}

/// The hooks' own folders, which are no agent's doing.
const OWN: &[&[u8]] = &[b".claude/logs", b".claude/context", b".claude/worktrees"];

/// A working tree that is looked at.
pub(super) struct Tree<'a> {
    pub(super) root: &'a Path,
    pub(super) tracked: &'a Index,
    /// When the index was written.
    pub(super) written: i64,
    /// When the run began that is audited.
    pub(super) since: Option<i64>,
    /// Bytes hashed so far.
    pub(super) hashed: AtomicU64,
}

/// An entry that the index does not know.
pub(super) struct Loose {
    path: Vec<u8>,
    is_folder: bool,
    stat: Option<Stat>,
}

impl Tree<'_> {
    /// Compares the tracked files; gives the entries beside them.
    pub(super) fn tracked(&self, snapshot: &mut Snapshot) -> Vec<Loose> {
        let folders = self.tracked.folders();
        let names: HashSet<&[u8]> = folders.iter().map(|folder| folder.path).collect();
        let threads = if self.tracked.entries.len() >= THREADS_FROM_FILES {
            std::thread::available_parallelism().map_or(1, |count| count.get().min(THREADS_MAX))
        } else {
            1
        };
        let mut reached = HashSet::from([&b""[..]]);
        // A tracked folder may be a link by now, and all below it elsewhere.
        for folder in &folders {
            let is_there = reached.contains(index::parent(folder.path))
                && (folder.path.is_empty()
                    || Stat::at(&walk::absolute(self.root, folder.path))
                        .is_some_and(|stat| stat.is_folder()));
            if is_there {
                reached.insert(folder.path);
            }
        }
        let chunk = folders.len().div_ceil(threads).max(1);
        let results: Vec<_> = std::thread::scope(|scope| {
            let (names, reached) = (&names, &reached);
            let work = |part: &[Folder<'_>]| {
                let mut found = Part::default();
                for folder in part {
                    let is_there = reached.contains(folder.path);
                    self.folder(folder, is_there, names, &mut found);
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

    fn folder(
        &self,
        folder: &Folder<'_>,
        is_there: bool,
        names: &HashSet<&[u8]>,
        found: &mut Part,
    ) {
        let mut seen = vec![false; folder.files.len()];
        let entries = if is_there {
            walk::entries(&walk::absolute(self.root, folder.path))
        } else {
            Vec::new()
        };
        for entry in entries {
            let known = folder.files.binary_search_by(|(name, _)| (*name).cmp(&entry.name));
            if let Ok(at) = known {
                if let Some(seen) = seen.get_mut(at) {
                    *seen = true;
                }
                let tracked =
                    folder.files.get(at).and_then(|(_, at)| self.tracked.entries.get(*at));
                if let Some(tracked) = tracked {
                    self.file(tracked, entry.stat(), found);
                }
                continue;
            }
            if folder.path.is_empty() && entry.name == b".git" {
                continue;
            }
            let path = walk::joined(folder.path, &entry.name);
            if entry.is_folder && names.contains(path.as_slice()) || OWN.contains(&path.as_slice())
            {
                continue;
            }
            let stat = if entry.is_folder { None } else { entry.stat() };
            found.loose.push(Loose { path, is_folder: entry.is_folder, stat });
        }
        for ((name, _), _) in folder.files.iter().zip(seen).filter(|(_, seen)| !seen) {
            let gone = Found { class: Class::Tracked, stat: None, oid: None };
            found.files.push((walk::joined(folder.path, name), gone));
        }
    }

    fn file(&self, tracked: &Tracked, stat: Option<Stat>, found: &mut Part) {
        let path = || self.tracked.path(tracked).to_vec();
        if tracked.is_submodule() && stat.is_some_and(|stat| stat.is_folder()) {
            found.loose.push(Loose { path: path(), is_folder: true, stat: None });
            return;
        }
        let Some(stat) = stat else {
            found.files.push((path(), Found { class: Class::Tracked, stat: None, oid: None }));
            return;
        };
        let freshness = tracked.freshness(&stat, self.written, self.since);
        if freshness == Freshness::Clean {
            return;
        }
        let path = path();
        let oid = self.hash(&path, &stat, budget(freshness));
        if freshness == Freshness::Unsure && oid.is_none_or(|oid| oid == tracked.oid) {
            return;
        }
        let oid = oid.map(|oid| oid.to_string());
        found.files.push((path, Found { class: Class::Tracked, stat: Some(stat), oid }));
    }

    /// The untracked and the ignored.
    pub(super) fn loose(
        &self,
        loose: Vec<Loose>,
        repository: &Repository,
        snapshot: &mut Snapshot,
    ) {
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
            let name = index::name(&entry.path);
            if !entry.is_folder {
                if !CACHE_ENDINGS.iter().any(|ending| name.ends_with(ending.as_bytes())) {
                    self.loose_file(entry, is_ignored, snapshot);
                }
                continue;
            }
            if is_cache(name, is_ignored) || OWN.contains(&entry.path.as_slice()) {
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
        let oid = entry
            .stat
            .and_then(|stat| self.hash(&entry.path, &stat, HASH_BYTES))
            .map(|oid| oid.to_string());
        snapshot.files.insert(entry.path, Found { class, stat: entry.stat, oid });
    }

    /// An ignored folder or a nested repository: stat data only.
    fn hidden(&self, folder: &[u8], snapshot: &mut Snapshot) {
        let stat = Stat::at(&walk::absolute(self.root, folder));
        snapshot.files.insert(folder.to_vec(), Found { class: Class::Hidden, stat, oid: None });
        let mut room = IGNORED_FILES_MAX;
        let skip = |name: &[u8]| name == b".git" || is_cache(name, true);
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
    pub(super) fn git(repository: &Repository, snapshot: &mut Snapshot) {
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
    fn hash(&self, path: &[u8], stat: &Stat, (file_max, total_max): (u64, u64)) -> Option<Oid> {
        let file = walk::absolute(self.root, path);
        if stat.is_link() {
            use std::os::unix::ffi::OsStrExt;
            let target = std::fs::read_link(&file).ok()?;
            return Oid::hash_object(ObjectType::Blob, target.as_os_str().as_bytes()).ok();
        }
        if !stat.is_file() || stat.size > file_max {
            return None;
        }
        if self.hashed.fetch_add(stat.size.max(4096), Ordering::Relaxed) > total_max {
            return None;
        }
        Oid::hash_file(ObjectType::Blob, &file).ok()
    }
}

fn budget(freshness: Freshness) -> (u64, u64) {
    if freshness == Freshness::Unsure { HASH_BYTES_UNSURE } else { HASH_BYTES }
}

/// What one thread found.
#[derive(Default)]
struct Part {
    files: Vec<(Vec<u8>, Found)>,
    loose: Vec<Loose>,
}
