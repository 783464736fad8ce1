//! A temporary project with a pinned environment.
//!
//! A project of its own (a git repository), a home folder of its own, a
//! temporary folder of its own, and nothing of the machine's environment but
//! `PATH`. It lies under `target/`, because a folder in `/tmp` is a lane of its own.
//! `HOOK_BIN_DIR` runs the executables of another build.
#![allow(dead_code, reason = "tools for every module, not all of them in use")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// The four executables.
pub(crate) const EXECUTABLES: [&str; 4] =
    ["boundary-guard", "output-validator", "context-publisher", "handoff-preparer"];

/// Where an executable under test lies.
pub(crate) fn executable(name: &str) -> PathBuf {
    if let Some(dir) = std::env::var_os("HOOK_BIN_DIR") {
        return Path::new(env!("CARGO_MANIFEST_DIR")).join(dir).join(name);
    }
    PathBuf::from(match name {
        "boundary-guard" => env!("CARGO_BIN_EXE_boundary-guard"),
        "output-validator" => env!("CARGO_BIN_EXE_output-validator"),
        "context-publisher" => env!("CARGO_BIN_EXE_context-publisher"),
        "handoff-preparer" => env!("CARGO_BIN_EXE_handoff-preparer"),
        other => panic!("no executable is called `{other}`"),
    })
}

/// Development data of others beside the repository; says so when it is not there.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: `{}` is not there", path.display());
    None
}

/// A temporary project with its own home and temporary folder.
pub(crate) struct Sandbox {
    /// Removed when the sandbox goes out of scope.
    dir: TempDir,
    /// The project, a git repository without a commit.
    pub(crate) project: PathBuf,
    /// The home folder, empty.
    pub(crate) home: PathBuf,
}

/// What one call of an executable came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ran {
    /// The exit code; `None` after a signal.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Sandbox {
    /// A fresh project that is a git repository.
    pub(crate) fn new() -> Self {
        let sandbox = Self::without_git();
        sandbox.git(&["init", "-q", "--template=", "-b", "main"]);
        sandbox
    }

    /// A fresh project that no version control knows.
    pub(crate) fn without_git() -> Self {
        Self::named("shop")
    }

    /// A fresh project folder of this name, without git.
    pub(crate) fn named(name: &str) -> Self {
        let base = Path::new(env!("CARGO_TARGET_TMPDIR"));
        fs::create_dir_all(base).unwrap();
        let dir = tempfile::Builder::new().prefix("sandbox-").tempdir_in(base).unwrap();
        let base = dir.path().canonicalize().unwrap();
        let sandbox = Self { dir, project: base.join(name), home: base.join("home") };
        for folder in [&sandbox.project, &sandbox.home, &sandbox.tmp()] {
            fs::create_dir(folder).unwrap();
        }
        sandbox
    }

    /// The folder that holds the project, the home folder and the temporary folder.
    pub(crate) fn base(&self) -> &Path {
        self.project.parent().unwrap()
    }

    /// The folder for temporary files.
    pub(crate) fn tmp(&self) -> PathBuf {
        self.base().join("tmp")
    }

    /// The place that a name stands for: `~/…` below the home folder, else below the project.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        match name.strip_prefix("~/") {
            Some(rest) => self.home.join(rest),
            None => self.project.join(name),
        }
    }

    /// Writes a file and the folders above it.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The text of a file; empty when there is none.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// A symbolic link in the project.
    pub(crate) fn link(&self, name: &str, target: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(target, path).unwrap();
    }

    /// Runs git in the project; it must succeed.
    pub(crate) fn git(&self, args: &[&str]) -> String {
        let output = self.command("git").args(args).current_dir(&self.project).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {args:?}: {said}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Any program in the sandbox's environment, in the project's folder.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", &self.home)
            .env("TMPDIR", self.tmp())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .env("GIT_AUTHOR_NAME", "A")
            .env("GIT_AUTHOR_EMAIL", "a@example.com")
            .env("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z")
            .env("GIT_COMMITTER_NAME", "A")
            .env("GIT_COMMITTER_EMAIL", "a@example.com")
            .env("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z")
            .current_dir(&self.project);
        command
    }

    /// Runs an executable as the client does: an event on stdin, `CLAUDE_PROJECT_DIR` set.
    pub(crate) fn hook(&self, name: &str, stdin: &[u8]) -> Ran {
        self.run(name, &[], stdin)
    }

    /// Runs an executable with arguments and stdin, `CLAUDE_PROJECT_DIR` set.
    pub(crate) fn run(&self, name: &str, args: &[&str], stdin: &[u8]) -> Ran {
        let mut command = self.command(executable(name));
        feed(command.args(args).env("CLAUDE_PROJECT_DIR", &self.project), stdin)
    }

    /// Every file and link below the project (without `.git`), the home folder
    /// and the temporary folder, by the name that [`Sandbox::path`] takes.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.project, "", &mut files);
        collect(&self.home, "~/", &mut files);
        collect(&self.tmp(), "<tmp>/", &mut files);
        files
    }

    /// Keeps the folder for a look at it, and says where it is.
    pub(crate) fn keep(self) -> PathBuf {
        self.dir.keep()
    }
}

/// Runs a command with this stdin; a reader that leaves early is no error.
pub(crate) fn feed(command: &mut Command, stdin: &[u8]) -> Ran {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("could not start {command:?}: {error}"));
    let mut pipe = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        scope.spawn(move || {
            let _ = pipe.write_all(stdin);
        });
        child.wait_with_output().unwrap()
    });
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().unwrap();
        if kind.is_symlink() {
            let target = fs::read_link(entry.path()).unwrap();
            files.insert(name, format!("link to {}", target.display()).into_bytes());
        } else if !kind.is_dir() {
            files.insert(name, fs::read(entry.path()).unwrap());
        } else if name != ".git" {
            collect(&entry.path(), &format!("{name}/"), files);
        }
    }
}
