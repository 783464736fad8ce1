//! Where definitions lie: the project's folders, the user's, the plugins'.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::hook::Place;
use crate::project::Project;

/// A folder of definitions.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    pub(super) path: PathBuf,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Searched with everything below it.
    Deep,
    /// Only its own files: droids.
    Flat,
    /// Installed plugins; only what lies below a folder `agents`.
    Plugins,
}

/// How many folders below one are searched.
const DEPTH_MAX: usize = 8;
/// The most files and folders that one search looks at.
const ENTRIES_MAX: usize = 20_000;

const DROIDS: &str = ".factory/droids";

/// The project's own folders.
pub(super) fn of_project(project: &Project) -> [Folder; 2] {
    [
        Folder { path: project.root.join(".claude/agents"), kind: Kind::Deep },
        Folder { path: project.root.join(DROIDS), kind: Kind::Flat },
    ]
}

/// Whose folders are asked first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum First {
    Project,
    Plugins,
}

/// Every folder in the order in which they are asked: project, home, plugins.
/// Nearly always the first has the definition; the others are not even named.
pub(super) fn in_order(
    project: &Project,
    place: &Place,
    first: First,
) -> impl Iterator<Item = Folder> {
    const OWN: [Of; 4] = [Of::Project, Of::ProjectDroids, Of::Client, Of::HomeDroids];
    const PLUGINS: [Of; 2] = [Of::Plugin, Of::ClientPlugins];
    let (first, last) = match first {
        First::Project => (OWN.as_slice(), PLUGINS.as_slice()),
        First::Plugins => (PLUGINS.as_slice(), OWN.as_slice()),
    };
    first.iter().chain(last).filter_map(|of| of.folder(project, place))
}

/// What a folder belongs to.
#[derive(Clone, Copy)]
enum Of {
    Project,
    ProjectDroids,
    Client,
    HomeDroids,
    Plugin,
    ClientPlugins,
}

impl Of {
    fn folder(self, project: &Project, place: &Place) -> Option<Folder> {
        let home = place.home.as_ref();
        let client = || place.claude_config_dir.clone().or_else(|| Some(home?.join(".claude")));
        let (path, kind) = match self {
            Self::Project => (project.root.join(".claude/agents"), Kind::Deep),
            Self::ProjectDroids => (project.root.join(DROIDS), Kind::Flat),
            Self::Client => (client()?.join("agents"), Kind::Deep),
            Self::HomeDroids => (home?.join(DROIDS), Kind::Flat),
            Self::Plugin => (place.plugin_root.as_ref()?.join("agents"), Kind::Plugins),
            Self::ClientPlugins => (client()?.join("plugins"), Kind::Plugins),
        };
        Some(Folder { path, kind })
    }
}

impl Folder {
    /// Whether the folder belongs to plugins.
    pub(super) fn is_of_plugin(&self) -> bool {
        self.kind == Kind::Plugins
    }

    /// The Markdown files of the folder, in a stable order, bounded. A folder
    /// that is not there has none; one that cannot be read is an error.
    pub(super) fn files(&self) -> anyhow::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        let mut seen = 0;
        let mut open = vec![(self.path.clone(), 0)];
        while let Some((dir, depth)) = open.pop() {
            let entries = match std::fs::read_dir(&dir) {
                Ok(entries) => entries,
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => {
                    return Err(error)
                        .with_context(|| format!("could not list `{}`", dir.display()));
                }
            };
            for entry in entries.flatten() {
                seen += 1;
                let path = entry.path();
                if path.extension() == Some(OsStr::new("md")) {
                    found.push(path);
                } else if self.descends(&path, depth) && path.is_dir() && !path.is_symlink() {
                    open.push((path, depth + 1));
                }
            }
            if seen > ENTRIES_MAX {
                break;
            }
        }
        if self.is_of_plugin() {
            found.retain(|file| lies_below_agents(file));
        }
        found.sort_unstable();
        Ok(found)
    }

    fn descends(&self, path: &Path, depth: usize) -> bool {
        let name = path.file_name().unwrap_or_default();
        self.kind != Kind::Flat && depth < DEPTH_MAX && name != ".git" && name != "node_modules"
    }
}

fn lies_below_agents(file: &Path) -> bool {
    file.parent().is_some_and(|dir| dir.iter().any(|name| name == "agents"))
}
