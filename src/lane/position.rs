//! Where a path lies: in the working tree, in a temporary folder, elsewhere.
//!
//! Knows folders, not rules.

use std::cell::OnceCell;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::path::{LastLink, real};
use crate::hook;
use crate::project::Project;

/// Folders for temporary files besides `TMPDIR`.
const TEMPORARY: [&str; 3] = ["/tmp", "/var/tmp", "/dev/shm"];

/// Files that take anything and keep nothing, and the standard streams.
const DEVICES: [&str; 12] = [
    "/dev/null",
    "/dev/zero",
    "/dev/full",
    "/dev/tty",
    "/dev/stdout",
    "/dev/stderr",
    "/dev/fd/0",
    "/dev/fd/1",
    "/dev/fd/2",
    "/proc/self/fd/0",
    "/proc/self/fd/1",
    "/proc/self/fd/2",
];

/// How many names of a path are tried to find out whether case folds.
const FOLD_PROBES_MAX: usize = 8;

/// Where a path lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Position<'p> {
    /// In the working tree; the path relative to it, empty for the tree itself.
    Tree(&'p [u8]),
    /// In a temporary folder outside every repository.
    Temporary,
    /// A device that keeps nothing, or a standard stream.
    Device,
    /// Another working tree of the same project.
    OtherTree,
    /// In the user's home folder.
    Home,
    /// Anywhere else.
    Elsewhere,
}

/// The folders that positions are told by.
#[derive(Debug)]
pub(super) struct Ground<'a> {
    pub(super) project: &'a Project,
    pub(super) home: Option<&'a Path>,
    tree_real: OnceCell<PathBuf>,
    tmp: Option<&'a Path>,
}

impl<'a> Ground<'a> {
    pub(super) fn new(project: &'a Project, place: &'a hook::Place) -> Self {
        Self {
            project,
            home: place.home.as_deref(),
            tree_real: OnceCell::new(),
            tmp: place.tmp_dir.as_deref(),
        }
    }

    /// The position of an absolute path without `..`, told by its spelling.
    pub(super) fn position<'p>(&self, path: &'p Path) -> Position<'p> {
        if let Some(rel) = self.relative(path) {
            return match rel {
                b".claude/worktrees" => Position::OtherTree,
                _ if rel.starts_with(b".claude/worktrees/") => Position::OtherTree,
                _ => Position::Tree(rel),
            };
        }
        if DEVICES.iter().any(|device| path.as_os_str() == *device) {
            return Position::Device;
        }
        if below(path, &self.project.main).is_some() {
            return Position::OtherTree;
        }
        if self.is_temporary(path) {
            return Position::Temporary;
        }
        match self.home.and_then(|home| below(path, home)) {
            Some(_) => Position::Home,
            None => Position::Elsewhere,
        }
    }

    /// The path for messages and the ledger: relative to the working tree if it lies in it.
    pub(super) fn shown(&self, path: &Path) -> String {
        match self.relative(path) {
            Some([]) => ".".to_owned(),
            Some(rel) => String::from_utf8_lossy(rel).into_owned(),
            None => path.to_string_lossy().into_owned(),
        }
    }

    /// The position of a path as spelled, given where it really leads: a folder
    /// outside that leads to the whole tree is another name of the tree.
    pub(super) fn position_spelled<'p>(&self, spelled: &'p Path, landed: &Path) -> Position<'p> {
        let position = self.position(spelled);
        if !matches!(position, Position::Elsewhere | Position::Home)
            || below(landed, self.tree_real()).is_none()
        {
            return position;
        }
        let mut ancestors: Vec<&Path> = spelled.ancestors().collect();
        ancestors.reverse();
        let alias = ancestors
            .into_iter()
            .find(|dir| real(dir, LastLink::Follow).is_ok_and(|dir| dir == self.tree_real()));
        alias.and_then(|alias| below(spelled, alias)).map_or(position, Position::Tree)
    }

    /// Whether the file system below the tree takes `A` and `a` for the same,
    /// tried on the names that the path goes through.
    pub(super) fn folds_case(&self, rel: &[u8]) -> bool {
        let mut dir = self.project.tree.clone();
        let names = rel.split(|byte| *byte == b'/');
        for name in names.take(FOLD_PROBES_MAX) {
            let name = std::ffi::OsStr::from_bytes(name);
            let flipped = flip_case(name.as_bytes());
            let here = std::fs::symlink_metadata(dir.join(name));
            let there = std::fs::symlink_metadata(dir.join(std::ffi::OsStr::from_bytes(&flipped)));
            if let (Ok(here), Ok(there)) = (&here, &there) {
                let same = here.ino() == there.ino() && here.dev() == there.dev();
                if same && flipped != name.as_bytes() {
                    return true;
                }
            }
            dir.push(name);
        }
        false
    }

    fn relative<'p>(&self, path: &'p Path) -> Option<&'p [u8]> {
        below(path, &self.project.tree).or_else(|| below(path, self.tree_real()))
    }

    fn tree_real(&self) -> &Path {
        self.tree_real.get_or_init(|| {
            let tree = &self.project.tree;
            real(tree, LastLink::Follow).unwrap_or_else(|_| tree.clone())
        })
    }

    fn is_temporary(&self, path: &Path) -> bool {
        let fixed = TEMPORARY.iter().map(Path::new);
        let mut roots = fixed.chain(self.tmp.filter(|tmp| self.may_be_temporary(tmp)));
        roots.any(|root| self.is_temporary_below(path, root))
    }

    /// A `TMPDIR` that holds the project or the home folder means neither.
    fn may_be_temporary(&self, tmp: &Path) -> bool {
        let holds = |folder: &Path| below(folder, tmp).is_some();
        tmp.is_absolute() && !holds(&self.project.main) && !self.home.is_some_and(holds)
    }

    fn is_temporary_below(&self, path: &Path, root: &Path) -> bool {
        let real_root = || real(root, LastLink::Follow).unwrap_or_else(|_| root.to_owned());
        let root = if below(path, root).is_some() { root.to_owned() } else { real_root() };
        let Some(rel) = below(path, &root) else {
            return false;
        };
        // A project or home that itself lies in `/tmp` keeps what is beside it.
        let top = |folder: &Path| {
            below(folder, &root)
                .map(|rel| first_name(rel).to_owned())
                .filter(|name| !name.is_empty())
        };
        let first = first_name(rel);
        let taken = |folder: &Path| top(folder).is_some_and(|name| name == first);
        if first.is_empty() || taken(&self.project.main) || self.home.is_some_and(taken) {
            return false;
        }
        // Strictly below the root: a `.git` that anyone may put into `/tmp` itself
        // says nothing.
        !path
            .ancestors()
            .take_while(|dir| *dir != root)
            .any(|dir| std::fs::symlink_metadata(dir.join(".git")).is_ok())
    }
}

/// The path relative to the folder, when it lies in it or is it.
pub(super) fn below<'p>(path: &'p Path, folder: &Path) -> Option<&'p [u8]> {
    let path = path.as_os_str().as_bytes();
    let folder = folder.as_os_str().as_bytes();
    let folder = folder.strip_suffix(b"/").unwrap_or(folder);
    match path.strip_prefix(folder)? {
        [] => Some(&[]),
        [b'/', rest @ ..] => Some(rest),
        _ => None,
    }
}

fn first_name(rel: &[u8]) -> &[u8] {
    rel.split(|byte| *byte == b'/').next().unwrap_or_default()
}

fn flip_case(name: &[u8]) -> Vec<u8> {
    name.iter()
        .map(|byte| match byte {
            b'a'..=b'z' => byte.to_ascii_uppercase(),
            other => other.to_ascii_lowercase(),
        })
        .collect()
}
