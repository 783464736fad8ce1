//! What changed in a working tree between two moments.
//!
//! Content is compared, not git's opinion of it: a commit, a stash or a branch
//! switch hides nothing, and a file that came back as it was did not change.

use std::collections::BTreeSet;
use std::path::Path;

use git2::Oid;

use super::history;
use super::index::{Index, Tracked};
use super::snapshot::{Class, Found, Scan, Snapshot};
use super::walk::{self, Stat};

/// One path that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Relative to the root of the working tree; foreign bytes.
    pub path: Vec<u8>,
    /// What became of it.
    pub how: How,
    /// What was there before, which says how it is undone.
    pub was: Was,
    /// How git sees it, now or before.
    pub class: Class,
    /// Its stat data now.
    pub stat: Option<Stat>,
    /// Whether it is, or was, a symbolic link.
    pub is_link: bool,
}

/// What became of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// It was not there before.
    Added,
    /// Its content is another.
    Modified,
    /// Its content is the same, its mode or kind is not.
    Mode,
    /// It is gone.
    Deleted,
    /// An empty folder was made.
    FolderMade,
    /// An empty folder is gone.
    FolderGone,
    /// The working tree is as it was, but a commit made since holds another content.
    Committed(String),
    /// The working tree is as it was, but a stash made since holds another content.
    Stashed(String),
}

/// What a path was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Was {
    /// Not there.
    Absent,
    /// As the commit that was checked out has it.
    Committed,
    /// As it was staged, under this hash.
    Staged(String),
    /// Changed or untracked already: git cannot bring it back.
    Loose,
}

impl State<'_> {
    fn is_link(&self) -> bool {
        match self {
            Self::Absent => false,
            Self::Clean(tracked) => tracked.mode == 0o120_000,
            Self::Found(_, stat) => stat.is_link(),
        }
    }
}

enum State<'a> {
    Absent,
    Clean(&'a Tracked),
    Found(&'a Found, Stat),
}

/// What changed since `before`, whose index is kept in `kept_index`.
pub fn changes(
    before: &Snapshot,
    kept_index: Option<&Path>,
    now: &Scan,
) -> anyhow::Result<Vec<Changed>> {
    let same_index = before.index.map(|stat| (stat.ino, stat.mtime, stat.size))
        == now.snapshot.index.map(|stat| (stat.ino, stat.mtime, stat.size));
    let kept;
    let old: &Index = match kept_index {
        Some(file) if !same_index => {
            kept = Index::read(file)?;
            &kept
        }
        _ => &now.tracked,
    };
    let mut paths: BTreeSet<&[u8]> = BTreeSet::new();
    paths.extend(before.files.keys().chain(now.snapshot.files.keys()).map(Vec::as_slice));
    if !same_index {
        paths.extend(differing(old, &now.tracked));
    }
    let mut changed = Vec::new();
    for path in paths {
        let was = state(&before.files, old, path);
        let is = state(&now.snapshot.files, &now.tracked, path);
        if let Some(how) =
            compare(&was, &is).or_else(|| mode_since(&was, &is, &now.snapshot.root, path))
            && !is_beyond(path, &was, &is, before, &now.snapshot)
        {
            changed.push(described(path, how, &was, &is));
        }
    }
    for change in &mut changed {
        let is_committed = match &change.was {
            Was::Staged(oid) => {
                committed(now, before, &change.path).is_some_and(|id| id.to_string() == *oid)
            }
            _ => false,
        };
        if is_committed {
            change.was = Was::Committed;
        }
    }
    without_filled_folders(&mut changed);
    recorded(before, old, now, &mut changed);
    if before.history.config != now.snapshot.history.config {
        changed.push(Changed {
            path: b".git/config".to_vec(),
            how: How::Modified,
            was: Was::Loose,
            class: Class::Git,
            stat: None,
            is_link: false,
        });
    }
    Ok(changed)
}

/// Paths whose entries differ between two indexes.
fn differing<'a>(old: &'a Index, new: &'a Index) -> Vec<&'a [u8]> {
    let mut found = Vec::new();
    let pairs = |index: &'a Index| index.entries.iter().map(|entry| (index.path(entry), entry));
    let (mut old, mut new) = (pairs(old).peekable(), pairs(new).peekable());
    loop {
        match (old.peek(), new.peek()) {
            (None, None) => return found,
            (Some((path, left)), Some((other, right))) if path == other => {
                if left.oid != right.oid || left.mode != right.mode {
                    found.push(*path);
                }
                old.next();
                new.next();
            }
            (Some((path, _)), right) if right.is_none_or(|(other, _)| path < other) => {
                found.push(*path);
                old.next();
            }
            (_, Some((path, _))) => {
                found.push(*path);
                new.next();
            }
            (Some(_), None) => {
                old.next();
            }
        }
    }
}

fn state<'a>(
    files: &'a std::collections::BTreeMap<Vec<u8>, Found>,
    tracked: &'a Index,
    path: &[u8],
) -> State<'a> {
    match files.get(path) {
        Some(found) => found.stat.map_or(State::Absent, |stat| State::Found(found, stat)),
        None => match tracked.find(path) {
            Some(tracked) if !tracked.is_submodule() => State::Clean(tracked),
            _ => State::Absent,
        },
    }
}

fn compare(was: &State<'_>, is: &State<'_>) -> Option<How> {
    match (was, is) {
        (State::Absent, State::Absent) => None,
        (State::Absent, State::Found(_, stat)) if stat.is_folder() => Some(How::FolderMade),
        (State::Absent, _) => Some(How::Added),
        (State::Found(_, stat), State::Absent) if stat.is_folder() => Some(How::FolderGone),
        (_, State::Absent) => Some(How::Deleted),
        (State::Clean(old), State::Clean(new)) => differs(old.oid != new.oid, old.mode != new.mode),
        (State::Clean(old), State::Found(found, stat)) => clean_and_found(old, found, stat),
        (State::Found(found, stat), State::Clean(new)) => clean_and_found(new, found, stat),
        (State::Found(old, before), State::Found(new, now)) => {
            if before.is_folder() && now.is_folder() {
                return None;
            }
            let content = match (&old.oid, &new.oid) {
                (Some(old), Some(new)) => old != new,
                _ => !before.looks_like(now),
            };
            let hidden = old.class == Class::Hidden;
            differs(content, before.kind() != now.kind() || (!hidden && before.mode != now.mode))
        }
    }
}

fn clean_and_found(clean: &Tracked, found: &Found, stat: &Stat) -> Option<How> {
    let content = match &found.oid {
        Some(oid) => Oid::from_str(oid).ok() != Some(clean.oid),
        None => !clean.looks_like(stat),
    };
    let kind = clean.mode & 0o170_000 != stat.kind();
    let executable = stat.is_file() && clean.is_executable() != (stat.mode & 0o100 != 0);
    differs(content, kind || executable)
}

/// Git keeps one bit of a mode; what was loose and is recorded now has all of them on disk.
fn mode_since(was: &State<'_>, is: &State<'_>, root: &Path, path: &[u8]) -> Option<How> {
    let (State::Found(_, before), State::Clean(_)) = (was, is) else { return None };
    let now = Stat::at(&walk::absolute(root, path))?;
    (now.mode != before.mode).then_some(How::Mode)
}

fn differs(content: bool, mode: bool) -> Option<How> {
    match (content, mode) {
        (true, _) => Some(How::Modified),
        (false, true) => Some(How::Mode),
        (false, false) => None,
    }
}

fn described(path: &[u8], how: How, was: &State<'_>, is: &State<'_>) -> Changed {
    let class = match (is, was) {
        (State::Found(found, _), _) | (State::Absent, State::Found(found, _)) => found.class,
        _ => Class::Tracked,
    };
    let stat = match is {
        State::Found(_, stat) => Some(*stat),
        _ => None,
    };
    let is_link = match (is, was) {
        (State::Absent, state) | (state, _) => state.is_link(),
    };
    let was = match was {
        State::Absent => Was::Absent,
        State::Clean(tracked) => Was::Staged(tracked.oid.to_string()),
        State::Found(..) => Was::Loose,
    };
    Changed { path: path.to_vec(), how, was, class, stat, is_link }
}

/// In a folder that was not looked at whole, only what both saw can be compared.
fn is_beyond(
    path: &[u8],
    was: &State<'_>,
    is: &State<'_>,
    before: &Snapshot,
    now: &Snapshot,
) -> bool {
    let in_both = !matches!(was, State::Absent) && !matches!(is, State::Absent);
    let within = |folder: &Vec<u8>| path.starts_with(folder);
    !in_both && (before.cut.iter().any(within) || now.cut.iter().any(within))
}

/// A folder is told only where nothing in it is told.
fn without_filled_folders(changed: &mut Vec<Changed>) {
    let parents: BTreeSet<Vec<u8>> = changed
        .iter()
        .flat_map(|change| {
            let path = &change.path;
            memchr::memchr_iter(b'/', path)
                .filter_map(|at| path.get(..at))
                .map(<[u8]>::to_vec)
                .collect::<Vec<_>>()
        })
        .collect();
    changed.retain(|change| {
        !(matches!(change.how, How::FolderMade | How::FolderGone) && parents.contains(&change.path))
    });
}

/// What commits and stashes made since hold that is no longer in the working tree.
fn recorded(before: &Snapshot, old: &Index, now: &Scan, changed: &mut Vec<Changed>) {
    let told: BTreeSet<Vec<u8>> = changed.iter().map(|change| change.path.clone()).collect();
    for record in history::recorded(&now.repository, &before.history) {
        let was = state(&before.files, old, &record.path);
        let known = match &was {
            State::Absent => None,
            State::Clean(tracked) => Some(tracked.oid),
            // Without a hash nothing can be said.
            State::Found(found, _) => match found.oid.as_deref().map(Oid::from_str) {
                Some(Ok(oid)) => Some(oid),
                _ => record.oid,
            },
        };
        let committed_before = committed(now, before, &record.path);
        let seen = changed.iter().any(|change| change.path == record.path);
        if told.contains(&record.path)
            || seen
            || known == record.oid
            || (record.oid.is_some() && committed_before == record.oid)
        {
            continue;
        }
        let id = record.commit.to_string();
        let how = if record.is_stash { How::Stashed(id) } else { How::Committed(id) };
        changed.push(described(&record.path, how, &was, &was));
    }
}

/// What the commit that was checked out before holds at a path.
fn committed(now: &Scan, before: &Snapshot, path: &[u8]) -> Option<Oid> {
    use std::os::unix::ffi::OsStrExt;
    let head = before.history.head.as_deref()?;
    let tree = now.repository.find_commit(Oid::from_str(head).ok()?).ok()?.tree().ok()?;
    let entry = tree.get_path(Path::new(std::ffi::OsStr::from_bytes(path)));
    entry.ok().map(|entry| entry.id())
}
