//! Verbs that make working trees and repositories, and those that run programs.

use super::super::super::WriteKind;
use super::super::super::disk::Made;
use super::super::super::machine::Machine;
use super::super::super::run::Io;
use super::super::super::text::{self, HOLE};
use super::Git;

impl Machine<'_> {
    pub(super) fn git_worktree(&mut self, git: &Git) {
        let operands = git.operands(&["-b", "-B", "--reason"]);
        let paths = operands.get(1..).unwrap_or_default();
        match operands.first().map(String::as_str) {
            Some("add") => {
                if let Some(path) = paths.first() {
                    self.write_tree(&git.state, path, WriteKind::Write);
                    for dir in git.state.dirs.iter() {
                        let path = super::super::super::target::absolute(dir, path);
                        self.disk.make(&path, Made::Folder);
                    }
                }
            }
            Some("remove" | "move") => {
                for path in paths {
                    self.write_tree(&git.state, path, WriteKind::Delete);
                }
            }
            _ => {}
        }
    }

    pub(super) fn git_clone(&mut self, git: &Git) {
        let operands = git.operands(&[
            "-b",
            "--branch",
            "--depth",
            "-o",
            "--origin",
            "--reference",
            "-c",
            "--config",
            "--filter",
            "-j",
            "--template",
            "--separate-git-dir",
        ]);
        let folder = operands.get(1).cloned().or_else(|| {
            let base = operands.first()?.trim_end_matches('/').rsplit(['/', ':']).next()?;
            Some(base.trim_end_matches(".git").to_owned())
        });
        if let Some(folder) = folder.filter(|folder| !folder.is_empty()) {
            self.write_tree(&git.state, &folder, WriteKind::Write);
            for dir in git.state.dirs.iter() {
                let path = super::super::super::target::absolute(dir, &folder);
                self.disk.make(&path, Made::Folder);
            }
        }
    }

    pub(super) fn git_init(&mut self, git: &Git) {
        let operands = git.operands(&[
            "-b",
            "--initial-branch",
            "--template",
            "--separate-git-dir",
            "--object-format",
        ]);
        let folder = operands.first().map_or(".", String::as_str);
        if !self.exists(&git.state, &format!("{folder}/.git")) {
            self.write_tree(&git.state, &format!("{folder}/.git"), WriteKind::Write);
        }
    }

    pub(super) fn git_submodule(&mut self, git: &Git) {
        let operands = git.operands(&["-b", "--branch", "--name", "--reference", "--depth"]);
        match operands.first().map(String::as_str) {
            Some("add") => {
                let path = operands.get(2).cloned().unwrap_or_else(|| HOLE.to_string());
                self.write_tree(&git.state, &path, WriteKind::Write);
                self.write(&git.state, ".gitmodules", WriteKind::Write);
            }
            Some("foreach") if self.exists(&git.state, ".gitmodules") => {
                let mut state = git.state.clone();
                state.enter(text::unknown());
                let code = operands.get(1..).unwrap_or_default().join(" ");
                self.text(&code, state, &Io::default());
            }
            Some("update" | "deinit" | "sync") if self.exists(&git.state, ".gitmodules") => {
                self.opaque();
            }
            _ => {}
        }
    }

    pub(super) fn git_bisect(&mut self, git: &Git) {
        match git.words.split_first() {
            Some((first, rest)) if first == "run" => {
                let words = rest.to_vec();
                let root = self.git_root(&git.state);
                // Only between `start` and `reset` is there anything to run on.
                if self.exists(&git.state, &format!("{root}/.git/BISECT_START")) {
                    self.maybe(|it| it.run_words(words, &git.state, None));
                } else {
                    self.opaque();
                }
            }
            Some((first, _))
                if !matches!(first.as_str(), "log" | "view" | "visualize" | "help" | "terms") =>
            {
                self.opaque();
            }
            _ => {}
        }
    }

    /// A hook that the command itself has made will run.
    pub(super) fn git_hooks(&mut self, git: &Git) {
        let root = self.git_root(&git.state);
        for hook in ["pre-commit", "prepare-commit-msg", "commit-msg", "post-commit"] {
            let path = format!("{root}/.git/hooks/{hook}");
            if let Some(Made::Text(content)) = self.disk.made(&path).cloned() {
                let mut call = git.call.clone();
                call.words = vec![path.clone()];
                drop(super::super::script(self, &content, &path, call));
            }
        }
    }
}
