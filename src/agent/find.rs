//! Which definition governs an agent: lookup by name in project, home, plugins.
//!
//! A file called like the agent is tried first, so that a decision costs the
//! same with one definition and with a thousand; only then are the others
//! looked into. Where definitions lie is [`super::folders`]' to say.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::folders::{self, First, Folder};
use super::{Definition, Item, inline, limits};
use crate::hook::{Event, EventKind, Place};
use crate::project::Project;

/// The definition that governs an event; `None` when no agent does.
///
/// Before a tool call only what decides on it is read: name, tools,
/// boundaries, technology and coordination; the rest is empty. An agent that
/// has a name but no definition is an error-free `None` too;
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
    let parse: Parse = match event.kind {
        EventKind::PreToolUse(_) => Definition::parse_lane,
        _ => Definition::parse,
    };
    match search(name, project, place, parse)? {
        Some(definition) => Ok(Some(definition)),
        None => inline::of_event(name, event),
    }
}

/// The definition of the agent of this name.
///
/// `plugin:folder:name` is looked up whole, then by its last part, in plugins
/// first; a teammate's `-N` is dropped when no agent has the exact name. An
/// agent whose definition cannot be read is an error, never `None`.
pub fn find(name: &str, project: &Project, place: &Place) -> anyhow::Result<Option<Definition>> {
    search(name, project, place, Definition::parse)
}

/// All definitions of the project, each with its file, or why it could not be read.
pub fn all(project: &Project, _place: &Place) -> Vec<(PathBuf, anyhow::Result<Definition>)> {
    let mut found = Vec::new();
    for folder in folders::of_project(project) {
        match folder.files() {
            Ok(files) => found.extend(files.into_iter().map(|file| {
                let definition = load(&file);
                (file, definition)
            })),
            Err(error) => found.push((folder.path, Err(error))),
        }
    }
    found
}

/// The definition in a file.
pub fn load(file: &Path) -> anyhow::Result<Definition> {
    load_as(file, Definition::parse)
}

/// How much of a definition is read.
type Parse = fn(&str, &Path) -> anyhow::Result<Definition>;

fn search(
    name: &str,
    project: &Project,
    place: &Place,
    parse: Parse,
) -> anyhow::Result<Option<Definition>> {
    let last = name.rsplit(':').next().unwrap_or(name);
    // `plugin:name` is the plugin's before it is anybody else's.
    let first = if last == name { First::Project } else { First::Plugins };
    for name in [Some(name), Some(last).filter(|last| *last != name), teammate(last)] {
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            continue;
        };
        for folder in folders::in_order(project, place, first) {
            if let Some(definition) = in_folder(&folder, name, parse)? {
                return Ok(Some(definition));
            }
        }
    }
    Ok(None)
}

fn in_folder(folder: &Folder, name: &str, parse: Parse) -> anyhow::Result<Option<Definition>> {
    if let Some(definition) = by_file_name(folder, name, parse)? {
        return Ok(Some(definition));
    }
    let mut found: Option<Definition> = None;
    let mut files = folder.files()?;
    let called = |file: &PathBuf| file.file_stem().is_some_and(|stem| stem == name);
    files.sort_by_key(|file| !called(file));
    for file in files {
        if !called(&file) && (found.is_some() && folder.is_of_plugin() || !may_name(&file, name)) {
            continue;
        }
        let definition = load_as(&file, parse)?;
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
fn by_file_name(folder: &Folder, name: &str, parse: Parse) -> anyhow::Result<Option<Definition>> {
    if folder.is_of_plugin() || name.contains(['/', '\\', '\0', ':']) || name.starts_with('.') {
        return Ok(None);
    }
    let file = folder.path.join(format!("{name}.md"));
    match std::fs::symlink_metadata(&file) {
        Ok(meta) if meta.is_dir() => return Ok(None),
        Ok(_) => {}
        // A folder that cannot be looked into is said when it is listed.
        Err(_) => return Ok(None),
    }
    let definition = load_as(&file, parse)?;
    Ok(Some(definition).filter(|definition| definition.name == name))
}

/// Whether a file that is called otherwise can be the definition of this name.
fn may_name(file: &Path, name: &str) -> bool {
    // A file that cannot be opened may be anybody's; only a match makes it ours.
    head_of(file).is_ok_and(|head| {
        memchr::memmem::find(&head, name.as_bytes()).is_some() && says_name(&head, name)
    })
}

/// Whether one of the lines is `name: <name>`, in quotes or not.
fn says_name(head: &[u8], name: &str) -> bool {
    head.split(|byte| *byte == b'\n').any(|line| {
        let value = line.strip_prefix(b"name:").map(<[u8]>::trim_ascii);
        value.is_some_and(|value| {
            let bare = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\""));
            let bare = bare.or_else(|| value.strip_prefix(b"'")?.strip_suffix(b"'"));
            bare.unwrap_or(value).starts_with(name.as_bytes())
        })
    })
}

fn load_as(file: &Path, parse: Parse) -> anyhow::Result<Definition> {
    let bytes = head_of(file)?;
    if bytes.len() > limits::FILE_BYTES_MAX {
        bail!(
            "the definition `{}` is larger than {} bytes",
            file.display(),
            limits::FILE_BYTES_MAX
        );
    }
    let text = std::str::from_utf8(&bytes)
        .with_context(|| format!("the definition `{}` is not UTF-8", file.display()))?;
    parse(text, file)
}

/// The file up to one byte past the limit.
fn head_of(file: &Path) -> anyhow::Result<Vec<u8>> {
    let context = || format!("could not read the definition `{}`", file.display());
    // Looked at before it is opened: opening a pipe waits for its other end.
    let meta = std::fs::metadata(file).with_context(context)?;
    if !meta.is_file() {
        return Err(std::io::Error::from(ErrorKind::InvalidInput)).with_context(context);
    }
    let opened = File::open(file).with_context(context)?;
    let limit = limits::FILE_BYTES_MAX + 1;
    let size = usize::try_from(meta.len()).unwrap_or(limit).min(limit);
    let mut bytes = Vec::with_capacity(size + 1);
    let limit = u64::try_from(limit).unwrap_or(u64::MAX);
    opened.take(limit).read_to_end(&mut bytes).with_context(context)?;
    Ok(bytes)
}

/// `reviewer-2` is a teammate of `reviewer`.
fn teammate(name: &str) -> Option<&str> {
    let (base, number) = name.rsplit_once('-')?;
    let numbered = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (numbered && !base.is_empty()).then_some(base)
}

#[cfg(test)]
mod tests;
