//! What a git command would change in the working tree, asked without doing it.
//!
//! Read-only, and bounded: at most [`PATHS`] paths are told. Paths are absolute.

use std::path::{Path, PathBuf};

use git2::{Delta, Diff, DiffOptions, Repository, Status, StatusOptions};

/// Most paths told of one question.
const PATHS: usize = 2_000;

/// A file that a git command would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affected {
    /// Absolute path.
    pub path: PathBuf,
    /// Whether it would be gone afterwards.
    pub deleted: bool,
}

/// Which untracked files are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untracked {
    /// None.
    No,
    /// Those that are not ignored.
    Plain,
    /// Those and the ignored ones.
    Ignored,
}

/// The tracked files that differ from the last commit, with untracked ones as asked.
/// Empty when there is no repository.
pub fn dirty(dir: &Path, untracked: Untracked) -> Vec<Affected> {
    let found = status(dir, untracked);
    found
        .into_iter()
        .map(|(path, status)| Affected {
            path,
            deleted: status.contains(Status::WT_NEW) || status.contains(Status::INDEX_NEW),
        })
        .collect()
}

/// The untracked files, as `git clean` would remove them.
pub fn untracked(dir: &Path, untracked: Untracked) -> Vec<Affected> {
    let found = status(dir, untracked).into_iter();
    found
        .filter(|(_, status)| status.intersects(Status::WT_NEW | Status::IGNORED))
        .map(|(path, _)| Affected { path, deleted: true })
        .collect()
}

fn status(dir: &Path, untracked: Untracked) -> Vec<(PathBuf, Status)> {
    let Ok(repo) = Repository::discover(dir) else { return Vec::new() };
    let Some(root) = repo.workdir().map(Path::to_path_buf) else { return Vec::new() };
    let mut options = StatusOptions::new();
    options
        .include_untracked(untracked != Untracked::No)
        .recurse_untracked_dirs(untracked != Untracked::No)
        .include_ignored(untracked == Untracked::Ignored)
        .recurse_ignored_dirs(false)
        .exclude_submodules(true);
    let Ok(statuses) = repo.statuses(Some(&mut options)) else { return Vec::new() };
    statuses
        .iter()
        .take(PATHS)
        .filter_map(|entry| Some((root.join(entry.path().ok()?), entry.status())))
        .collect()
}

/// What moving the working tree from one revision to another changes; none when
/// either is no revision.
pub fn between(dir: &Path, from: &str, to: &str) -> Option<Vec<Affected>> {
    let repo = Repository::discover(dir).ok()?;
    let from = repo.revparse_single(from).ok()?.peel_to_tree().ok()?;
    let to = repo.revparse_single(to).ok()?.peel_to_tree().ok()?;
    let diff =
        repo.diff_tree_to_tree(Some(&from), Some(&to), Some(&mut DiffOptions::new())).ok()?;
    affected(&repo, &diff)
}

/// What a revision changed since it and the last commit parted: what merging it brings.
pub fn since_fork(dir: &Path, rev: &str) -> Option<Vec<Affected>> {
    let repo = Repository::discover(dir).ok()?;
    let head = repo.head().ok()?.peel_to_commit().ok()?;
    let other = repo.revparse_single(rev).ok()?.peel_to_commit().ok()?;
    let base = repo.merge_base(head.id(), other.id()).ok()?;
    let base = repo.find_commit(base).ok()?.tree().ok()?;
    let diff = repo.diff_tree_to_tree(Some(&base), Some(&other.tree().ok()?), None).ok()?;
    affected(&repo, &diff)
}

/// What one commit changed against its first parent; a stash is one as well.
pub fn of_commit(dir: &Path, rev: &str) -> Option<Vec<Affected>> {
    let repo = Repository::discover(dir).ok()?;
    let commit = repo.revparse_single(rev).ok()?.peel_to_commit().ok()?;
    let before = commit.parent(0).ok().and_then(|parent| parent.tree().ok());
    let diff = repo.diff_tree_to_tree(before.as_ref(), Some(&commit.tree().ok()?), None).ok()?;
    affected(&repo, &diff)
}

/// Whether git would take the text for a revision.
pub fn is_revision(dir: &Path, text: &str) -> bool {
    Repository::discover(dir).is_ok_and(|repo| repo.revparse_single(text).is_ok())
}

/// A setting of the repository, as git reads it; none when it is not set.
pub fn setting(dir: &Path, key: &str) -> Option<String> {
    let config = Repository::discover(dir).ok()?.config().ok()?.snapshot().ok()?;
    config.get_string(key).ok()
}

fn affected(repo: &Repository, diff: &Diff<'_>) -> Option<Vec<Affected>> {
    let root = repo.workdir()?;
    let told = diff.deltas().take(PATHS).filter_map(|delta| {
        let deleted = delta.status() == Delta::Deleted;
        let file = if deleted { delta.old_file() } else { delta.new_file() };
        Some(Affected { path: root.join(file.path()?), deleted })
    });
    Some(told.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn commit(repo: &Repository, name: &str, text: &str) {
        fs::write(repo.workdir().unwrap().join(name), text).unwrap();
        let mut index = repo.index().unwrap();
        index.add_path(Path::new(name)).unwrap();
        index.write().unwrap();
        let tree = repo.find_tree(index.write_tree().unwrap()).unwrap();
        let who = git2::Signature::now("a", "a@example.com").unwrap();
        let parent = repo.head().ok().and_then(|head| head.peel_to_commit().ok());
        let parents: Vec<_> = parent.iter().collect();
        repo.commit(Some("HEAD"), &who, &who, name, &tree, &parents).unwrap();
    }

    fn names(affected: &[Affected], root: &Path) -> Vec<String> {
        let shown = |affected: &Affected| {
            let name = affected.path.strip_prefix(root).unwrap().display().to_string();
            if affected.deleted { format!("!{name}") } else { name }
        };
        affected.iter().map(shown).collect()
    }

    #[test]
    fn tells_what_would_change() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let repo = Repository::init(&root).unwrap();
        commit(&repo, "a", "1");
        commit(&repo, "b", "1");
        fs::write(root.join("a"), "2").unwrap();
        fs::write(root.join("new"), "2").unwrap();
        assert_eq!(names(&dirty(&root, Untracked::No), &root), ["a"]);
        assert_eq!(names(&untracked(&root, Untracked::Plain), &root), ["!new"]);
        assert_eq!(names(&between(&root, "HEAD", "HEAD~1").unwrap(), &root), ["!b"]);
        assert_eq!(names(&of_commit(&root, "HEAD").unwrap(), &root), ["b"]);
        assert_eq!(names(&since_fork(&root, "HEAD").unwrap(), &root), [""; 0]);
        assert!(is_revision(&root, "HEAD") && !is_revision(&root, "nowhere"));
        assert_eq!(between(&root, "HEAD", "nowhere"), None);
    }
}
