//! Where a path leads, without being led elsewhere.
//!
//! The project's folders are the user's and may be links. What lies below
//! `.claude`, or below the project for a file outside it, is within the reach
//! of agents: no link is followed there.

use std::ffi::{OsStr, OsString};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, bail};

use super::folder::{Folder, Links};

/// A file name, and the way to its folder.
pub(super) struct Target {
    /// The folder to start from, opened as it is spelled.
    base: PathBuf,
    /// The folders from there on, each with what it may be.
    steps: Vec<(OsString, Links)>,
    /// The file's name in the last of them.
    pub(super) name: OsString,
}

impl Target {
    pub(super) fn of(path: &Path) -> anyhow::Result<Self> {
        if !path.is_absolute() || path.components().any(|part| part == Component::ParentDir) {
            bail!("`{}` is not an absolute path without `..`", path.display());
        }
        let names = || format!("`{}` names no file", path.display());
        let (folder, name) = (path.parent().with_context(names)?, path.file_name());
        let base = base_of(folder);
        let below = folder.strip_prefix(base).unwrap_or(Path::new(""));
        let steps = below.components().map(|part| (part.as_os_str().to_owned(), links(&part)));
        Ok(Self {
            base: base.to_owned(),
            steps: steps.collect(),
            name: name.with_context(names)?.to_owned(),
        })
    }

    /// The folder, `None` when it does not exist.
    pub(super) fn folder(&self) -> anyhow::Result<Option<Folder>> {
        let Some(mut folder) = Folder::open(&self.base)? else {
            return Ok(None);
        };
        for (name, links) in &self.steps {
            match folder.child(name, *links)? {
                Some(child) => folder = child,
                None => return Ok(None),
            }
        }
        Ok(Some(folder))
    }

    /// The folder, made when it does not exist; what it lies in must exist.
    pub(super) fn folder_or_create(&self) -> anyhow::Result<Folder> {
        let missing = || format!("there is no folder `{}`", self.base.display());
        let mut folder = Folder::open(&self.base)?.with_context(missing)?;
        for (name, links) in &self.steps {
            folder = folder.child_or_create(name, *links)?;
        }
        Ok(folder)
    }
}

/// The part of a path that is taken as the user spelled it.
fn base_of(folder: &Path) -> &Path {
    let is_client_folder = |path: &&Path| path.file_name() == Some(OsStr::new(".claude"));
    let is_checkout = |path: &&Path| path.join(".git").symlink_metadata().is_ok();
    match folder.ancestors().find(is_client_folder) {
        Some(client) => client.parent().unwrap_or(client),
        None => folder.ancestors().find(is_checkout).unwrap_or(folder),
    }
}

/// `.claude` itself may be a link: people share one between checkouts.
fn links(part: &Component<'_>) -> Links {
    if part.as_os_str() == ".claude" { Links::Follow } else { Links::Refuse }
}
