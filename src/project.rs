//! Where the agent works: the project, the working tree it is judged in, the
//! main checkout that its context goes to.
//!
//! Found by looking at `.git` entries only, without opening a repository:
//! this runs on every tool call. What git knows beyond that is [`crate::repo`]'s.

use std::path::{Component, Path, PathBuf};

use anyhow::{Context, bail};

use crate::hook::{Event, Place};

/// The three folders that everything else is relative to. All absolute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Where the session was started; definitions and settings are read here.
    pub root: PathBuf,
    /// The working tree that boundaries are relative to: the linked worktree
    /// that holds `cwd`, else [`Project::root`].
    pub tree: PathBuf,
    /// The main checkout; the shared context lives here.
    pub main: PathBuf,
    /// The working directory of the call.
    pub cwd: PathBuf,
}

impl Project {
    /// The project of a hook event.
    pub fn of_event(event: &Event, place: &Place) -> anyhow::Result<Self> {
        let cwd = event.cwd.as_deref().or(place.cwd.as_deref());
        let cwd = cwd.context("the event has no `cwd`, and the process has none")?;
        Self::locate(cwd, place.project_dir.as_deref())
    }

    /// The project of a call by hand, from `cwd` and an optional `--project`.
    pub fn by_hand(cwd: &Path, project: Option<&Path>) -> anyhow::Result<Self> {
        Self::locate(cwd, project)
    }

    fn locate(cwd: &Path, project_dir: Option<&Path>) -> anyhow::Result<Self> {
        if !cwd.is_absolute() {
            bail!("the working directory `{}` is not absolute", cwd.display());
        }
        let cwd = tidy(cwd);
        let checkout = Checkout::around(&cwd);
        let root = match (project_dir, &checkout) {
            (Some(dir), _) => tidy(&cwd.join(dir)),
            (None, Some(Checkout::Linked { main, .. })) => main.clone(),
            (None, Some(Checkout::Main(dir))) => dir.clone(),
            (None, None) => cwd.clone(),
        };
        let main = match Checkout::around(&root) {
            Some(Checkout::Linked { main, .. }) => main,
            _ => root.clone(),
        };
        let tree = match checkout {
            // Another repository's worktree is no lane of this project, and a
            // session started below a worktree's top keeps to its own folder.
            Some(Checkout::Linked { tree, main: of })
                if same_place(&of, &main) && !root.starts_with(&tree) =>
            {
                tree
            }
            _ => root.clone(),
        };
        Ok(Self { root, tree, main, cwd })
    }
}

/// A git checkout that a folder lies in.
#[derive(Debug, PartialEq, Eq)]
enum Checkout {
    Main(PathBuf),
    Linked { tree: PathBuf, main: PathBuf },
}

impl Checkout {
    fn around(folder: &Path) -> Option<Self> {
        for dir in folder.ancestors() {
            let dot_git = dir.join(".git");
            let Ok(meta) = std::fs::metadata(&dot_git) else {
                continue;
            };
            if meta.is_dir() {
                return Some(Self::Main(dir.to_owned()));
            }
            return Some(match linked_main(&dot_git) {
                Some(main) => Self::Linked { tree: dir.to_owned(), main },
                None => Self::Main(dir.to_owned()),
            });
        }
        None
    }
}

/// The main checkout of the linked worktree whose `.git` file this is.
///
/// The link must hold in both directions: a `.git` file is easily written, and
/// with it an agent could declare any folder the root of its lane.
fn linked_main(dot_git: &Path) -> Option<PathBuf> {
    const LINK_BYTES_MAX: u64 = 16 * 1024;
    let read = |path: &Path| {
        // A pipe of this name would never be read to its end.
        let meta = std::fs::metadata(path).ok()?;
        let small = meta.is_file() && meta.len() <= LINK_BYTES_MAX;
        small.then(|| std::fs::read_to_string(path).ok()).flatten()
    };
    let folder = dot_git.parent()?;
    let git_dir = tidy(&folder.join(read(dot_git)?.strip_prefix("gitdir:")?.trim()));
    let back = git_dir.join(read(&git_dir.join("gitdir"))?.trim());
    if !same_place(&back, dot_git) {
        return None;
    }
    let common = tidy(&git_dir.join(read(&git_dir.join("commondir"))?.trim()));
    if common.file_name()? != ".git" {
        return None;
    }
    common.parent().map(Path::to_owned)
}

fn same_place(left: &Path, right: &Path) -> bool {
    left == right
        || matches!((left.canonicalize(), right.canonicalize()), (Ok(left), Ok(right)) if left == right)
}

/// The path without `.` and `..`, by spelling alone.
pub fn tidy(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                if !out.pop() || out.as_os_str().is_empty() {
                    out.push("/");
                }
            }
            part => out.push(part),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn linked_worktree() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let base = dir.path().canonicalize().unwrap();
        let (main, tree) = (base.join("shop"), base.join("shop/.claude/worktrees/agent-1"));
        let git_dir = main.join(".git/worktrees/agent-1");
        fs::create_dir_all(&git_dir).unwrap();
        fs::create_dir_all(tree.join("backend")).unwrap();
        fs::write(tree.join(".git"), format!("gitdir: {}\n", git_dir.display())).unwrap();
        fs::write(git_dir.join("gitdir"), format!("{}\n", tree.join(".git").display())).unwrap();
        fs::write(git_dir.join("commondir"), "../..\n").unwrap();
        (dir, main, tree)
    }

    #[test]
    fn a_worktree_agent_is_judged_there_and_publishes_to_the_main_checkout() {
        let (_keep, main, tree) = linked_worktree();
        let expected = Project {
            root: main.clone(),
            tree: tree.clone(),
            main: main.clone(),
            cwd: tree.join("backend"),
        };
        assert_eq!(Project::locate(&tree.join("backend"), Some(&main)).unwrap(), expected);
        assert_eq!(Project::locate(&tree.join("backend"), None).unwrap(), expected);
    }

    #[test]
    fn a_session_started_inside_a_worktree_keeps_to_its_folder() {
        let (_keep, main, tree) = linked_worktree();
        let project = Project::locate(&tree.join("backend"), Some(&tree.join("backend"))).unwrap();
        assert_eq!((project.tree, project.main), (tree.join("backend"), main));
    }

    #[test]
    fn a_git_file_that_is_not_linked_back_is_no_worktree() {
        let (_keep, main, tree) = linked_worktree();
        let forged = main.join("frontend");
        fs::create_dir_all(&forged).unwrap();
        fs::copy(tree.join(".git"), forged.join(".git")).unwrap();
        assert_eq!(Project::locate(&forged, Some(&main)).unwrap().tree, main);
    }

    #[test]
    fn a_pipe_in_the_place_of_a_git_file_is_not_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join(".git");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        assert_eq!(linked_main(&pipe), None);
    }

    #[test]
    fn tidies_by_spelling() {
        assert_eq!(tidy(Path::new("/a/./b/../c/")), Path::new("/a/c"));
        assert_eq!(tidy(Path::new("/../..")), Path::new("/"));
    }
}
