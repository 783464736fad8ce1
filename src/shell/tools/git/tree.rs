//! Commands that move the whole working tree: the repository says what would change.

use std::path::Path;

use super::super::super::WriteKind;
use super::super::super::machine::Machine;
use super::super::super::state::State;
use super::super::super::{target, text};
use crate::repo::{self, Affected, Untracked};

impl Machine<'_> {
    /// The root of the working tree that holds the directory; the directory itself if there is none.
    pub(super) fn git_root(&mut self, state: &State) -> String {
        let Some(dir) =
            state.dirs.first().filter(|dir| text::is_known(dir) && state.dirs.len() == 1)
        else {
            return text::HOLE.to_string();
        };
        let real = self.disk.real(dir);
        let mut at = real.as_str();
        loop {
            if self.disk.find(&format!("{at}/.git")).is_some() {
                return at.to_owned();
            }
            match at.rsplit_once('/') {
                Some((above, _)) if !above.is_empty() => at = above,
                _ => return dir.clone(),
            }
        }
    }

    /// Asks the repository of each possible directory; says so when none is known.
    fn git_ask(
        &mut self,
        state: &State,
        ask: impl Fn(&Path) -> Option<Vec<Affected>>,
    ) -> Option<Vec<Affected>> {
        let mut all = Vec::new();
        for dir in state.dirs.iter() {
            if !text::is_known(dir) {
                self.unnamed("git works in a directory that is only known when it runs");
                continue;
            }
            all.extend(ask(Path::new(dir))?);
        }
        Some(all)
    }

    fn git_changes(&mut self, affected: &[Affected], paths: &[String], state: &State) {
        let wanted: Vec<String> = state
            .dirs
            .iter()
            .flat_map(|dir| paths.iter().map(|path| pathspec(dir, path)))
            .collect();
        for change in affected {
            let Some(path) = change.path.to_str() else { continue };
            let inside = |wanted: &String| {
                path == wanted
                    || wanted == "/"
                    || path.strip_prefix(wanted.as_str()).is_some_and(|rest| rest.starts_with('/'))
            };
            if !paths.is_empty() && !wanted.iter().any(inside) {
                continue;
            }
            let kind = if change.deleted { WriteKind::Delete } else { WriteKind::Replace };
            self.change_in("/", path, kind, path.ends_with('/'));
        }
    }

    /// Tracked files go back to the last commit (`reset --hard`, `stash`), below the paths if there are any.
    pub(super) fn git_dirty(&mut self, state: &State, untracked: Untracked, paths: &[String]) {
        if let Some(affected) = self.git_ask(state, |dir| Some(repo::dirty(dir, untracked))) {
            self.git_changes(&affected, paths, state);
        }
    }

    /// Untracked files go (`clean`).
    pub(super) fn git_untracked(&mut self, state: &State, untracked: Untracked, paths: &[String]) {
        // Without paths only what lies below the directory is cleaned.
        let here = [".".to_owned()];
        let paths = if paths.is_empty() { &here } else { paths };
        if let Some(affected) = self.git_ask(state, |dir| Some(repo::untracked(dir, untracked))) {
            self.git_changes(&affected, paths, state);
        }
    }

    /// The tree moves from the last commit to a revision, below the paths if there are any.
    pub(super) fn git_move(&mut self, state: &State, to: &str, paths: &[String]) {
        self.git_known(state, to, paths, |dir| repo::between(dir, "HEAD", to));
    }

    /// What a revision changed since the fork comes in (`merge`, `rebase`).
    pub(super) fn git_merge(&mut self, state: &State, rev: &str) {
        self.git_known(state, rev, &[], |dir| repo::since_fork(dir, rev));
    }

    /// What one commit changed is done or undone (`cherry-pick`, `revert`, `stash pop`).
    pub(super) fn git_commit_changes(&mut self, state: &State, rev: &str) {
        self.git_known(state, rev, &[], |dir| repo::of_commit(dir, rev));
    }

    fn git_known(
        &mut self,
        state: &State,
        rev: &str,
        paths: &[String],
        ask: impl Fn(&Path) -> Option<Vec<Affected>>,
    ) {
        if !text::is_known(rev) {
            self.unnamed("the revision that git goes to is only known when it runs");
            return;
        }
        match self.git_ask(state, ask) {
            Some(affected) => self.git_changes(&affected, paths, state),
            // No such revision: git fails.
            None => self.opaque(),
        }
    }

    /// The files that `diff --name-only` would print, relative to the root.
    pub(super) fn git_dirty_names(&mut self, state: &State) -> Vec<String> {
        let root = self.git_root(state);
        let affected =
            self.git_ask(state, |dir| Some(repo::dirty(dir, Untracked::No))).unwrap_or_default();
        let names = affected.iter().filter_map(|change| change.path.to_str()?.strip_prefix(&root));
        names.map(|name| name.trim_start_matches('/').to_owned()).collect()
    }
}

/// Whether tracked files differ from the last commit: what `rebase` refuses to run on.
pub(super) fn is_dirty(state: &State) -> bool {
    state
        .dirs
        .iter()
        .any(|dir| text::is_known(dir) && !repo::dirty(Path::new(dir), Untracked::No).is_empty())
}

pub(super) fn is_revision(state: &State, word: &str) -> bool {
    text::is_known(word)
        && state
            .dirs
            .iter()
            .any(|dir| text::is_known(dir) && repo::is_revision(Path::new(dir), word))
}

/// The absolute folder or file of a pathspec; magic and globs stand for the folder before them.
fn pathspec(dir: &str, spec: &str) -> String {
    let plain = spec.strip_prefix(":/").or_else(|| spec.strip_prefix(":(top)"));
    let spec = plain.unwrap_or(spec);
    let literal = spec.split(['*', '?', '[']).next().unwrap_or_default();
    let folder = if literal.len() < spec.len() {
        literal.rsplit_once('/').map_or("", |(folder, _)| folder)
    } else {
        literal
    };
    if plain.is_some() && folder.is_empty() {
        "/".to_owned()
    } else {
        target::absolute(dir, folder)
    }
}
