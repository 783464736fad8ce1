//! Commands that name the paths they change.

use super::super::super::WriteKind;
use super::super::super::machine::Machine;
use super::super::super::state::State;
use super::{Git, tree};
use crate::repo::Untracked;

impl Machine<'_> {
    /// Files come back from the index or a revision. A path that takes in the whole
    /// directory stands for what differs in it.
    pub(super) fn git_restore(&mut self, state: &State, source: Option<&str>, paths: &[String]) {
        for path in paths {
            let vague = matches!(path.as_str(), "." | "./" | "*" | ":/" | "..")
                || path.starts_with(':')
                || path.contains(['*', '?', '[']);
            if vague {
                let paths = std::slice::from_ref(path);
                if let Some(source) = source {
                    self.git_move(state, source, paths);
                }
                self.git_dirty(state, Untracked::No, paths);
            } else if self.is_folder(state, path) {
                self.write_tree(state, path, WriteKind::Replace);
            } else {
                self.write(state, path, WriteKind::Replace);
            }
        }
    }

    pub(super) fn git_checkout(&mut self, git: &Git) {
        let state = &git.state;
        let (before, paths) = match git.words.iter().position(|word| word == "--") {
            Some(at) => {
                let (before, paths) = git.words.split_at(at);
                (before.to_vec(), paths.get(1..).unwrap_or_default().to_vec())
            }
            None => (git.words.clone(), Vec::new()),
        };
        let explicit = before.len() < git.words.len();
        let mut creates = false;
        let mut operands: Vec<String> = Vec::new();
        let mut words = before.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "-b" | "-B" | "--orphan" | "-c" | "-C" | "--create" | "--force-create" => {
                    creates = true;
                    words.next();
                }
                "--conflict" | "-t" | "--track" if word == "--conflict" => drop(words.next()),
                "-" => operands.push("@{-1}".to_owned()),
                word if word.starts_with('-') => {}
                word => operands.push(word.to_owned()),
            }
        }
        if git.has(&["-f", "--force", "--discard-changes"]) {
            self.git_dirty(state, Untracked::No, &[]);
        }
        if explicit && !paths.is_empty() {
            self.git_restore(state, operands.first().map(String::as_str), &paths);
            return;
        }
        let Some((first, rest)) = operands.split_first() else { return };
        if creates || git.verb == "switch" || tree::is_revision(state, first) {
            if rest.is_empty() || creates {
                self.git_move(state, first, &[]);
            } else {
                self.git_restore(state, Some(first), rest);
            }
            return;
        }
        // No revision: a path, or a branch that only the remote has.
        let remote = format!("origin/{first}");
        if rest.is_empty() && !self.exists(state, first) && tree::is_revision(state, &remote) {
            self.git_move(state, &remote, &[]);
        } else {
            self.git_restore(state, None, &operands);
        }
    }

    pub(super) fn git_remove(&mut self, git: &Git) {
        if git.has(&["--cached", "-n", "--dry-run"]) {
            return;
        }
        for path in git.operands(&["--pathspec-from-file"]) {
            self.write_tree(&git.state, &path, WriteKind::Delete);
        }
    }

    pub(super) fn git_rename(&mut self, git: &Git) {
        if git.has(&["-n", "--dry-run"]) {
            return;
        }
        let operands = git.operands(&[]);
        let Some((goal, sources)) = operands.split_last() else { return };
        let folder = sources.len() > 1 || goal.ends_with('/') || self.is_folder(&git.state, goal);
        for source in sources {
            self.write_tree(&git.state, source, WriteKind::Delete);
            let base = source.trim_end_matches('/').rsplit('/').next().unwrap_or(source);
            let goal = if folder {
                format!("{}/{base}", goal.trim_end_matches('/'))
            } else {
                goal.clone()
            };
            self.write_tree(&git.state, &goal, WriteKind::Replace);
        }
    }

    pub(super) fn git_clean(&mut self, git: &Git) {
        let flags: String = git
            .words
            .iter()
            .filter(|word| word.starts_with('-') && !word.starts_with("--"))
            .flat_map(|word| word.chars().skip(1))
            .collect();
        if flags.contains('n')
            || git.has(&["--dry-run"])
            || !(flags.contains(['f', 'i']) || git.has(&["--force"]))
        {
            return;
        }
        let untracked =
            if flags.contains(['x', 'X']) { Untracked::Ignored } else { Untracked::Plain };
        let paths = git.operands(&["-e", "--exclude"]);
        self.git_untracked(&git.state, untracked, &paths);
    }

    pub(super) fn git_stash(&mut self, git: &Git) {
        let operands = git.operands(&["-m", "--message"]);
        let verb = operands.first().map_or("push", String::as_str);
        match verb {
            "list" | "show" | "drop" | "clear" | "create" | "store" => {}
            "pop" | "apply" | "branch" => {
                let index = if verb == "branch" { 2 } else { 1 };
                let name = operands.get(index).map_or("stash@{0}", String::as_str);
                let name = if name.chars().all(|char| char.is_ascii_digit()) {
                    format!("stash@{{{name}}}")
                } else {
                    name.to_owned()
                };
                self.git_commit_changes(&git.state, &name);
                let untracked = format!("{name}^3");
                if tree::is_revision(&git.state, &untracked) {
                    self.git_commit_changes(&git.state, &untracked);
                }
            }
            _ => {
                let flags = |letter: char| {
                    git.words.iter().any(|word| {
                        word.starts_with('-') && !word.starts_with("--") && word.contains(letter)
                    })
                };
                let untracked = if flags('a') || git.has(&["--all"]) {
                    Untracked::Ignored
                } else if flags('u') || git.has(&["--include-untracked"]) {
                    Untracked::Plain
                } else {
                    Untracked::No
                };
                let paths =
                    if verb == "push" { operands.get(1..).unwrap_or_default() } else { &[] };
                self.git_dirty(&git.state, untracked, paths);
            }
        }
    }

    pub(super) fn git_reset(&mut self, git: &Git) {
        if !git.has(&["--hard", "--merge", "--keep"]) {
            return;
        }
        self.git_dirty(&git.state, Untracked::No, &[]);
        if let Some(rev) = git.operands(&[]).first() {
            self.git_move(&git.state, rev, &[]);
        }
    }

    /// `apply` and `am`: the files of the patches.
    pub(super) fn git_apply(&mut self, git: &Git) {
        let checks = git.has(&["--stat", "--numstat", "--summary", "--check", "--cached"])
            && !git.has(&["--apply"]);
        if checks
            || git.verb == "am"
                && git.has(&["--abort", "--continue", "--skip", "--quit", "--show-current-patch"])
        {
            return;
        }
        let mut strip = 1;
        for word in &git.words {
            if let Some(number) = word.strip_prefix("-p").and_then(|number| number.parse().ok()) {
                strip = number;
            }
        }
        let prefix = git
            .value("", "--directory")
            .map(|folder| format!("{}/", folder.trim_end_matches('/')))
            .unwrap_or_default();
        let files = git.operands(&["--directory", "-C", "--exclude", "--include", "--whitespace"]);
        let texts: Vec<String> = if files.is_empty() || files.iter().any(|file| file == "-") {
            git.call.stdin.clone().unwrap_or_default()
        } else {
            files.iter().flat_map(|file| self.content(file, &git.state)).collect()
        };
        let mut state = git.state.clone();
        if git.verb == "am" {
            let root = self.git_root(&state);
            state.enter(vec![root]);
        }
        self.patched(&texts, Some(strip), &prefix, &state);
    }
}
