//! Which definition governs an agent: lookup by name in project, home, plugins.
//!
//! `<name>.md` is tried first, so that a decision costs the same with one
//! definition and with a thousand; only then are the folders searched.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::{Definition, Item, limits};
use crate::hook::{Event, Place};
use crate::project::Project;

/// The definition that governs an event; `None` when no agent does.
///
/// An agent that has a name but no definition is an error-free `None` too;
/// [`crate::boundary_guard`] says so in its ledger.
pub fn of_event(
    event: &Event,
    project: &Project,
    place: &Place,
) -> anyhow::Result<Option<Definition>> {
    let name = match &event.agent_type {
        Some(name) if name.is_empty() => return Ok(None),
        Some(name) => name,
        None => match &place.agent_name {
            Some(name) => name,
            None => return Ok(None),
        },
    };
    find(name, project, place)
}

/// The definition of the agent of this name.
///
/// `plugin:folder:name` is looked up whole, then by its last part; a
/// teammate's `-N` is dropped when no agent has the exact name. An agent whose
/// definition cannot be read is an error, never `None`.
pub fn find(name: &str, project: &Project, place: &Place) -> anyhow::Result<Option<Definition>> {
    let last = name.rsplit(':').next().unwrap_or(name);
    for name in [Some(name), Some(last).filter(|last| *last != name), teammate(last)] {
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            continue;
        };
        for folder in folders(project, place) {
            if let Some(definition) = in_folder(&folder, name)? {
                return Ok(Some(definition));
            }
        }
    }
    Ok(None)
}

/// All definitions of the project, each with its file, or why it could not be read.
pub fn all(project: &Project, _place: &Place) -> Vec<(PathBuf, anyhow::Result<Definition>)> {
    let mut found = Vec::new();
    for folder in [project.root.join(".claude/agents"), project.root.join(".factory/droids")] {
        let folder = Folder { path: folder, depth: DEPTH_MAX };
        for file in files(&folder) {
            let definition = load(&file);
            found.push((file, definition));
        }
    }
    found
}

/// Where definitions lie.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
    /// How many folders below it are searched.
    depth: usize,
}

const DEPTH_MAX: usize = 8;
/// The most files that one search looks at.
const FILES_MAX: usize = 10_000;

fn folders(project: &Project, place: &Place) -> Vec<Folder> {
    let mut folders = vec![
        Folder { path: project.root.join(".claude/agents"), depth: DEPTH_MAX },
        Folder { path: project.root.join(".factory/droids"), depth: 0 },
    ];
    let home = place.home.as_ref();
    let client = place.claude_config_dir.clone().or_else(|| home.map(|home| home.join(".claude")));
    if let Some(client) = &client {
        folders.push(Folder { path: client.join("agents"), depth: DEPTH_MAX });
    }
    if let Some(home) = home {
        folders.push(Folder { path: home.join(".factory/droids"), depth: 0 });
    }
    if let Some(plugin) = &place.plugin_root {
        folders.push(Folder { path: plugin.join("agents"), depth: DEPTH_MAX });
    }
    if let Some(client) = &client {
        folders.push(Folder { path: client.join("plugins"), depth: DEPTH_MAX });
    }
    folders
}

fn in_folder(folder: &Folder, name: &str) -> anyhow::Result<Option<Definition>> {
    if let Some(definition) = by_file_name(folder, name)? {
        return Ok(Some(definition));
    }
    let mut found: Option<Definition> = None;
    for file in files(folder) {
        if !may_name(&file, name) {
            continue;
        }
        let definition = load(&file)?;
        if definition.name != name {
            continue;
        }
        match &mut found {
            None => found = Some(definition),
            Some(first) => first.warnings.push(Item {
                text: format!("`{}` defines `{name}` as well", file.display()),
                line: 1,
            }),
        }
    }
    Ok(found)
}

/// `<name>.md`, when its frontmatter has that name or none.
fn by_file_name(folder: &Folder, name: &str) -> anyhow::Result<Option<Definition>> {
    if name.contains(['/', '\\', '\0']) || name.starts_with('.') {
        return Ok(None);
    }
    let file = folder.path.join(format!("{name}.md"));
    if !file.is_file() {
        return Ok(None);
    }
    let definition = load(&file)?;
    Ok(Some(definition).filter(|definition| definition.name == name))
}

/// Whether the file can be the definition of this name: it holds it somewhere.
fn may_name(file: &Path, name: &str) -> bool {
    if file.file_stem() == Some(OsStr::new(name)) {
        return true;
    }
    // A file that cannot be read may be another's; only a match makes it ours.
    let Ok(bytes) = bytes_of(file) else {
        return false;
    };
    memchr::memmem::find(&bytes, name.as_bytes()).is_some()
}

/// The definition in a file.
pub fn load(file: &Path) -> anyhow::Result<Definition> {
    let bytes = bytes_of(file)?;
    let text = std::str::from_utf8(&bytes)
        .with_context(|| format!("the definition `{}` is not UTF-8", file.display()))?;
    Definition::parse(text, file)
}

fn bytes_of(file: &Path) -> anyhow::Result<Vec<u8>> {
    let opened = File::open(file)
        .with_context(|| format!("could not open the definition `{}`", file.display()))?;
    let mut bytes = Vec::new();
    let limit = u64::try_from(limits::FILE_BYTES_MAX).unwrap_or(u64::MAX);
    opened
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("could not read the definition `{}`", file.display()))?;
    if bytes.len() > limits::FILE_BYTES_MAX {
        bail!(
            "the definition `{}` is larger than {} bytes",
            file.display(),
            limits::FILE_BYTES_MAX
        );
    }
    Ok(bytes)
}

/// The Markdown files below a folder, in a stable order, bounded.
fn files(folder: &Folder) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![(folder.path.clone(), 0)];
    while let Some((dir, depth)) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&dir) else {
            continue;
        };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort_unstable_by(|left, right| right.cmp(left));
        for path in paths {
            if path.extension() == Some(OsStr::new("md")) {
                found.push(path);
            } else if depth < folder.depth && path.is_dir() && !path.is_symlink() {
                open.push((path, depth + 1));
            }
        }
        if found.len() > FILES_MAX {
            break;
        }
    }
    found.sort_unstable();
    found
}

/// `reviewer-2` is a teammate of `reviewer`.
fn teammate(name: &str) -> Option<&str> {
    let (base, number) = name.rsplit_once('-')?;
    let numbered = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (numbered && !base.is_empty()).then_some(base)
}
