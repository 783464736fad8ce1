//! Commits, branches, stashes and configuration, where they were and what came since.

use git2::{Diff, DiffOptions, Oid, Repository, Tree};
use serde::{Deserialize, Serialize};

/// Most entries of a reflog that are looked at.
const REFLOG_ENTRIES_MAX: usize = 200;

/// Where a repository's history stood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The commit that is checked out.
    pub head: Option<String>,
    /// The branch, when one is checked out.
    pub branch: Option<String>,
    /// The latest stash.
    pub stash: Option<String>,
    /// The stashes, latest first.
    #[serde(default)]
    pub stashes: Vec<String>,
    /// How often the checkout had moved; a log that only grows.
    #[serde(default)]
    pub moves: usize,
    /// A digest of the repository's own configuration, without its branches,
    /// which git itself writes when it tracks one.
    pub config: String,
}

/// Content that went into a commit or a stash.
pub(super) struct Recorded {
    pub(super) path: Vec<u8>,
    pub(super) oid: Option<Oid>,
    /// The commit, and whether it is a stash.
    pub(super) commit: Oid,
    pub(super) is_stash: bool,
}

pub(super) fn read(repository: &Repository) -> History {
    let head = repository.head().ok();
    let branch = head
        .as_ref()
        .filter(|head| head.is_branch())
        .and_then(|head| head.shorthand().ok().map(str::to_owned));
    History {
        head: head.and_then(|head| head.target()).map(|oid| oid.to_string()),
        branch,
        stash: repository.refname_to_id("refs/stash").ok().map(|oid| oid.to_string()),
        stashes: reflog(repository, "refs/stash")
            .into_iter()
            .map(|(oid, _)| oid.to_string())
            .collect(),
        moves: repository.reflog("HEAD").map_or(0, |reflog| reflog.len()),
        config: config(repository),
    }
}

/// The latest entries of a reflog: the commit, and what was done.
fn reflog(repository: &Repository, name: &str) -> Vec<(Oid, String)> {
    let Ok(reflog) = repository.reflog(name) else { return Vec::new() };
    let entries = reflog.iter().take(REFLOG_ENTRIES_MAX).map(|entry| {
        let message = entry.message().ok().flatten().unwrap_or_default().to_owned();
        (entry.id_new(), message)
    });
    entries.collect()
}

fn config(repository: &Repository) -> String {
    let file = repository.commondir().join("config");
    let Ok(config) = git2::Config::open(&file) else { return String::new() };
    let mut lines = Vec::new();
    if let Ok(entries) = config.entries(None) {
        let _ = entries.for_each(|entry| {
            let name = String::from_utf8_lossy(entry.name_bytes()).into_owned();
            if !name.starts_with("branch.") && !name.starts_with("submodule.") {
                lines.push(format!("{name}={}", String::from_utf8_lossy(entry.value_bytes())));
            }
        });
    }
    lines.sort();
    Oid::hash_object(git2::ObjectType::Blob, lines.join("\n").as_bytes())
        .map(|oid| oid.to_string())
        .unwrap_or_default()
}

/// What commits and stashes made since then hold, newest first.
pub(super) fn recorded(repository: &Repository, before: &History) -> Vec<Recorded> {
    let mut all = Vec::new();
    let now = read(repository);
    // A branch that was left again is no longer where the checkout is.
    let moves = now.moves.saturating_sub(before.moves);
    let mut commits: Vec<Oid> = Vec::new();
    for (commit, what) in reflog(repository, "HEAD").into_iter().take(moves) {
        // What was fetched or checked out was made elsewhere.
        let made = ["commit", "cherry-pick", "revert"].iter().any(|verb| what.starts_with(verb));
        if made && !commits.contains(&commit) {
            commits.push(commit);
            add(repository, commit, false, &mut all);
        }
    }
    for stash in now.stashes.iter().filter(|stash| !before.stashes.contains(stash)) {
        if let Ok(commit) = Oid::from_str(stash) {
            add(repository, commit, true, &mut all);
        }
    }
    all
}

fn add(repository: &Repository, id: Oid, is_stash: bool, all: &mut Vec<Recorded>) {
    let Ok(commit) = repository.find_commit(id) else { return };
    let parent = commit.parent(0).ok().and_then(|parent| parent.tree().ok());
    let Ok(tree) = commit.tree() else { return };
    push(repository, parent.as_ref(), Some(&tree), id, is_stash, all);
    // A stash keeps untracked files in a parent of its own.
    if is_stash && let Some(untracked) = commit.parent(2).ok().and_then(|parent| parent.tree().ok())
    {
        push(repository, None, Some(&untracked), id, true, all);
    }
}

fn push(
    repository: &Repository,
    from: Option<&Tree<'_>>,
    to: Option<&Tree<'_>>,
    commit: Oid,
    is_stash: bool,
    all: &mut Vec<Recorded>,
) {
    let Ok(diff) = diff(repository, from, to) else { return };
    for delta in diff.deltas() {
        let file =
            if delta.new_file().id().is_zero() { delta.old_file() } else { delta.new_file() };
        let oid = Some(delta.new_file().id()).filter(|oid| !oid.is_zero());
        if let Some(path) = file.path_bytes() {
            all.push(Recorded { path: path.to_vec(), oid, commit, is_stash });
        }
    }
}

fn diff<'r>(
    repository: &'r Repository,
    from: Option<&Tree<'_>>,
    to: Option<&Tree<'_>>,
) -> Result<Diff<'r>, git2::Error> {
    let mut options = DiffOptions::new();
    options.context_lines(0).skip_binary_check(true);
    repository.diff_tree_to_tree(from, to, Some(&mut options))
}
