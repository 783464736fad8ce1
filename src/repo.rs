//! What git knows; nothing else names `git2`.

mod changes;
mod effects;
mod history;
mod index;
mod paths;
mod snapshot;
mod tree;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Context;
use git2::{DiffOptions, Repository};

pub use changes::{Changed, How, Was, changes};
pub use effects::{
    Affected, Untracked, between, dirty, is_revision, of_commit, setting, since_fork, untracked,
};
pub use history::History;
pub use snapshot::{Class, Found, Scan, Snapshot, scan};
pub use walk::Stat;

/// The lines (1-based, of the working tree's text) that are new since a
/// revision, by path relative to the working tree's root.
///
/// Untracked files count whole; ignored and binary ones are left out. Errors
/// when there is no repository or no such revision.
pub fn added_lines(tree: &Path, rev: &str) -> anyhow::Result<BTreeMap<PathBuf, BTreeSet<usize>>> {
    let repo = Repository::discover(tree)
        .with_context(|| format!("could not open the repository of `{}`", tree.display()))?;
    let object = repo
        .revparse_single(rev)
        .and_then(|object| object.peel_to_tree())
        .with_context(|| format!("there is no revision `{rev}`"))?;
    let mut options = DiffOptions::new();
    options
        .context_lines(0)
        .include_untracked(true)
        .recurse_untracked_dirs(true)
        .show_untracked_content(true);
    let diff = repo
        .diff_tree_to_workdir_with_index(Some(&object), Some(&mut options))
        .with_context(|| format!("could not compare the working tree with `{rev}`"))?;
    let mut added: BTreeMap<PathBuf, BTreeSet<usize>> = BTreeMap::new();
    diff.foreach(
        &mut |_, _| true,
        None,
        None,
        Some(&mut |delta, _, line| {
            let number = line.new_lineno().and_then(|number| usize::try_from(number).ok());
            if let ('+', Some(path), Some(number)) =
                (line.origin(), delta.new_file().path(), number)
            {
                added.entry(path.to_owned()).or_default().insert(number);
            }
            true
        }),
    )
    .with_context(|| format!("could not read the difference to `{rev}`"))?;
    Ok(added)
}

/// The commit that a working tree is on, `None` before the first and where
/// there is no repository.
pub fn head_commit(tree: &Path) -> Option<String> {
    let repo = Repository::discover(tree).ok()?;
    let head = repo.head().ok()?.target();
    head.map(|id| id.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn names_the_lines_that_are_new_since_a_revision() {
        let dir = tempfile::tempdir().unwrap();
        let repo = Repository::init(dir.path()).unwrap();
        fs::write(dir.path().join("a.txt"), "one\ntwo\n").unwrap();
        let mut index = repo.index().unwrap();
        index.add_path(Path::new("a.txt")).unwrap();
        let tree = repo.find_tree(index.write_tree().unwrap()).unwrap();
        index.write().unwrap();
        let who = git2::Signature::now("a", "a@example.com").unwrap();
        repo.commit(Some("HEAD"), &who, &who, "first", &tree, &[]).unwrap();
        fs::write(dir.path().join("a.txt"), "one\nnew\ntwo\n").unwrap();
        fs::create_dir(dir.path().join("sub")).unwrap();
        fs::write(dir.path().join("sub/b.txt"), "x\ny\n").unwrap();
        let added = added_lines(dir.path(), "HEAD").unwrap();
        let expected = [("a.txt", vec![2]), ("sub/b.txt", vec![1, 2])];
        let expected: BTreeMap<PathBuf, BTreeSet<usize>> = expected
            .into_iter()
            .map(|(path, lines)| (PathBuf::from(path), lines.into_iter().collect()))
            .collect();
        assert_eq!(added, expected);
        assert!(added_lines(dir.path(), "nowhere").is_err());
    }
}
