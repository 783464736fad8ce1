//! Git's verbs: a line for each.

use super::super::super::WriteKind;
use super::super::super::machine::{Machine, Outcome};
use super::super::super::run::Io;
use super::super::super::text::{HOLE, NAME, Values};
use super::{Git, tree};
use crate::repo::Untracked;

impl Machine<'_> {
    /// Follows one verb.
    pub(super) fn git_verb(&mut self, git: Git) -> Outcome {
        match git.verb.as_str() {
            "config" => return self.git_config(git),
            "checkout" | "switch" => self.git_checkout(&git),
            "restore" => {
                if !git.has(&["--staged", "-S"]) || git.has(&["--worktree", "-W"]) {
                    let source = git.value("-s", "--source");
                    let paths = git.operands(&["-s", "--source"]);
                    self.git_restore(&git.state, source.as_deref(), &paths);
                }
            }
            "reset" => self.git_reset(&git),
            "clean" => self.git_clean(&git),
            "rm" => self.git_remove(&git),
            "mv" => self.git_rename(&git),
            "stash" => self.git_stash(&git),
            "merge" | "pull" => self.git_merges(&git),
            "rebase" => self.git_rebase(&git),
            "cherry-pick" | "revert" => {
                for rev in git.operands(&["-m", "--mainline", "-X", "--strategy", "-s"]) {
                    if rev.contains("..") {
                        self.opaque();
                    } else {
                        self.git_commit_changes(&git.state, &rev);
                    }
                }
            }
            "apply" | "am" => self.git_apply(&git),
            "read-tree" if git.has(&["-u"]) => {
                if let Some(rev) = git.operands(&[]).first() {
                    self.git_move(&git.state, rev, &[]);
                }
            }
            "checkout-index" => self.git_checkout_index(&git),
            "sparse-checkout" if !git.has(&["list"]) => {
                let root = self.git_root(&git.state);
                self.write_tree(&git.state, &root, WriteKind::Delete);
            }
            "worktree" => self.git_worktree(&git),
            "clone" => self.git_clone(&git),
            "init" => self.git_init(&git),
            "submodule" => self.git_submodule(&git),
            "bisect" => self.git_bisect(&git),
            "commit" => self.git_hooks(&git),
            verb if is_quiet(verb) => {}
            "filter-branch" | "filter-repo" | "lfs" | "svn" | "difftool" | "mergetool" | "p4"
            | "subtree" | "maintenance" => self.opaque(),
            _ => return self.git_unknown(git),
        }
        self.git_output_files(&git);
        let out = if git.call.wanted { self.git_prints(&git) } else { Values::new() };
        Outcome::of(git.call.state).printing(out)
    }

    /// `--output`, `-o`: files that reading verbs write.
    fn git_output_files(&mut self, git: &Git) {
        let file = match git.verb.as_str() {
            "diff" | "log" | "show" | "format-patch" | "archive" | "diff-tree" | "diff-index"
            | "diff-files" | "whatchanged" | "shortlog" => git.value("-o", "--output"),
            _ => None,
        };
        match git.verb.as_str() {
            "format-patch" if !git.has(&["--stdout"]) => {
                let folder =
                    git.value("-o", "--output-directory").unwrap_or_else(|| ".".to_owned());
                self.write(&git.state, &format!("{folder}/{NAME}.patch"), WriteKind::Write);
            }
            "bundle" if git.words.first().is_some_and(|word| word == "create") => {
                if let Some(file) = git.operands(&[]).get(1) {
                    self.write(&git.state, file, WriteKind::Write);
                }
            }
            "bugreport" | "diagnose" => {
                let folder =
                    git.value("-o", "--output-directory").unwrap_or_else(|| ".".to_owned());
                self.write(&git.state, &format!("{folder}/{NAME}.txt"), WriteKind::Write);
            }
            _ => {
                if let Some(file) = file {
                    self.write(&git.state, &file, WriteKind::Write);
                }
            }
        }
    }

    fn git_merges(&mut self, git: &Git) {
        if git.has(&["--abort"]) {
            let root = self.git_root(&git.state);
            if self.exists(&git.state, &format!("{root}/.git/MERGE_HEAD")) {
                self.git_dirty(&git.state, Untracked::No, &[]);
            }
            return;
        }
        if git.has(&["--quit", "--continue", "--version"]) {
            return;
        }
        let operands = git.operands(&[
            "-m",
            "-s",
            "-X",
            "--strategy",
            "--strategy-option",
            "-F",
            "--into-name",
        ]);
        if git.verb == "pull" {
            // What the remote has by now cannot be asked; what was fetched before can.
            self.opaque();
            if tree::is_revision(&git.state, "@{u}") {
                self.git_merge(&git.state, "@{u}");
            }
            return;
        }
        for rev in operands {
            self.git_merge(&git.state, &rev);
        }
    }

    fn git_rebase(&mut self, git: &Git) {
        if let Some(code) = git.value("-x", "--exec") {
            self.maybe(|it| it.text(&code, git.state.clone(), &Io::default()));
        }
        if git.has(&[
            "--abort",
            "--continue",
            "--skip",
            "--quit",
            "--edit-todo",
            "--show-current-patch",
        ]) {
            return;
        }
        // On changed files git refuses to begin.
        if tree::is_dirty(&git.state) && !git.has(&["--autostash"]) {
            return;
        }
        let onto = git.value("", "--onto");
        let operands = git.operands(&["-x", "--exec", "--onto", "-s", "-X", "--strategy"]);
        if let Some(rev) = onto.as_ref().or(operands.first()) {
            self.git_merge(&git.state, rev);
        }
    }

    fn git_checkout_index(&mut self, git: &Git) {
        match git.value("", "--prefix") {
            Some(prefix) => {
                let root = self.git_root(&git.state);
                self.write_tree(&git.state, &format!("{root}/{prefix}{HOLE}"), WriteKind::Write);
            }
            None if git.has(&["-a", "--all"]) => self.git_dirty(&git.state, Untracked::No, &[]),
            None => {
                for path in git.operands(&[]) {
                    self.write(&git.state, &path, WriteKind::Replace);
                }
            }
        }
    }
}

/// Verbs that only read, or change nothing but git's own files.
fn is_quiet(verb: &str) -> bool {
    matches!(
        verb,
        "" | "status"
            | "log"
            | "diff"
            | "show"
            | "add"
            | "stage"
            | "branch"
            | "tag"
            | "remote"
            | "fetch"
            | "push"
            | "blame"
            | "annotate"
            | "grep"
            | "ls-files"
            | "ls-tree"
            | "ls-remote"
            | "rev-parse"
            | "rev-list"
            | "describe"
            | "reflog"
            | "shortlog"
            | "cat-file"
            | "hash-object"
            | "notes"
            | "gc"
            | "prune"
            | "fsck"
            | "count-objects"
            | "show-ref"
            | "for-each-ref"
            | "update-ref"
            | "symbolic-ref"
            | "update-index"
            | "write-tree"
            | "commit-tree"
            | "merge-base"
            | "name-rev"
            | "check-ignore"
            | "check-attr"
            | "format-patch"
            | "archive"
            | "bundle"
            | "diff-tree"
            | "diff-index"
            | "diff-files"
            | "whatchanged"
            | "version"
            | "help"
            | "range-diff"
            | "cherry"
            | "var"
            | "verify-commit"
            | "verify-tag"
            | "pack-refs"
            | "repack"
            | "rerere"
            | "read-tree"
            | "sparse-checkout"
            | "bugreport"
            | "diagnose"
            | "interpret-trailers"
            | "mktree"
            | "pack-objects"
            | "show-branch"
            | "stripspace"
            | "get-tar-commit-id"
            | "merge-tree"
            | "credential"
            | "request-pull"
            | "send-email"
            | "daemon"
            | "web--browse"
            | "--version"
            | "--help"
    )
}
