//! `git config`: harmless settings, and those that make git run programs.

use super::super::super::WriteKind;
use super::super::super::machine::{Machine, Outcome};
use super::Git;

/// Sections whose settings run nothing and move nothing.
const HARMLESS: [&str; 17] = [
    "user.",
    "init.",
    "pull.",
    "push.",
    "branch.",
    "color.",
    "advice.",
    "fetch.",
    "rebase.autostash",
    "rebase.autosquash",
    "log.",
    "status.",
    "safe.",
    "commit.gpgsign",
    "merge.conflictstyle",
    "rerere.",
    "help.",
];
/// Settings of `core` that are as harmless.
const HARMLESS_CORE: [&str; 8] = [
    "core.autocrlf",
    "core.filemode",
    "core.quotepath",
    "core.ignorecase",
    "core.longpaths",
    "core.eol",
    "core.safecrlf",
    "core.precomposeunicode",
];

/// Whether the setting's value is a program.
pub(super) fn runs_program(key: &str) -> bool {
    key.starts_with("alias.")
        || matches!(
            key,
            "core.fsmonitor"
                | "core.editor"
                | "core.pager"
                | "core.sshcommand"
                | "core.askpass"
                | "core.gitproxy"
                | "sequence.editor"
                | "diff.external"
                | "gpg.program"
                | "credential.helper"
                | "interactive.difffilter"
        )
        || key.starts_with("pager.")
        || [
            ".command",
            ".cmd",
            ".driver",
            ".textconv",
            ".clean",
            ".smudge",
            ".process",
            ".program",
            ".helper",
        ]
        .iter()
        .any(|end| key.ends_with(end))
}

impl Machine<'_> {
    pub(super) fn git_config(&mut self, git: Git) -> Outcome {
        const READS: [&str; 13] = [
            "--get",
            "--get-all",
            "--get-regexp",
            "--list",
            "-l",
            "--get-urlmatch",
            "--get-color",
            "list",
            "get",
            "--name-only",
            "--show-origin",
            "--show-scope",
            "--get-colorbool",
        ];
        let mut operands = git.operands(&[
            "-f",
            "--file",
            "--type",
            "--default",
            "--blob",
            "--comment",
            "--value",
        ]);
        if git.has(&READS) {
            return Outcome::of(git.call.state);
        }
        if operands.first().is_some_and(|word| {
            matches!(word.as_str(), "set" | "unset" | "rename-section" | "remove-section" | "edit")
        }) {
            operands.remove(0);
        } else if operands.len() < 2
            && !git.has(&["--unset", "--unset-all", "--add", "--edit", "-e", "--remove-section"])
        {
            return Outcome::of(git.call.state);
        }
        let key = operands.first().map(|key| key.to_ascii_lowercase()).unwrap_or_default();
        let mut state = git.call.state.clone();
        if let Some(value) = operands.get(1) {
            state.set(&format!("git {key}"), vec![value.clone()]);
            // It will run with the next git command that needs it.
            if runs_program(&key) && !key.starts_with("alias.") {
                let code = value.strip_prefix('!').unwrap_or(value).to_owned();
                let io = super::super::super::run::Io::default();
                self.maybe(|it| it.text(&code, git.state.clone(), &io));
            }
        }
        if let Some(file) = git.value("-f", "--file") {
            self.write(&git.state, &file, WriteKind::Write);
        } else if git.has(&["--global"]) {
            for home in self.home() {
                self.write(&git.state, &format!("{home}/.gitconfig"), WriteKind::Write);
            }
        } else if git.has(&["--system"]) {
            self.write(&git.state, "/etc/gitconfig", WriteKind::Write);
        } else if !HARMLESS.iter().any(|start| key.starts_with(start))
            && !HARMLESS_CORE.contains(&key.as_str())
        {
            let root = self.git_root(&git.state);
            self.write(&git.state, &format!("{root}/.git/config"), WriteKind::Write);
        }
        Outcome::of(state)
    }
}
