//! Files written whole or not at all, under a lock, durable. Nothing else writes.
//!
//! Every change locks the file's folder, writes a temporary file beside the
//! target, syncs it, renames it over the target and syncs the folder. The lock
//! is the operating system's and lives on the open folder, so it ends with the
//! process that held it: no lock file can outlive a crash. What the files mean
//! is left to those who write them.

mod append;
mod folder;
mod lock;
mod target;

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use serde_json::{Map, Value};

pub use append::{append_line, archive_line};
use target::Target;

/// The largest file that is read. A context file that grew beyond this was not
/// written by us, which keep ours bounded.
pub const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A change to a JSON file, and what became of a file that could not be read.
#[derive(Debug, PartialEq, Eq)]
pub struct Updated<T> {
    /// What the change returned.
    pub value: T,
    /// Where the former content lies when it was not a JSON object.
    pub set_aside: Option<PathBuf>,
}

/// Changes a JSON file under a lock; the file is replaced whole or not at all.
///
/// `change` is handed the file's object, empty when there is none or it cannot
/// be read; when it leaves that as it was, the file is not touched. Fields that it does not name stay.
/// A file that holds no JSON object is set aside, not lost. Missing folders are
/// made, readable by the owner only. Errors name the path and the step.
pub fn update_json<T>(
    path: &Path,
    change: impl FnOnce(&mut Value) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    update_json_noting(path, change).map(|updated| updated.value)
}

/// Like [`update_json`], and says where unreadable content was set aside.
pub fn update_json_noting<T>(
    path: &Path,
    change: impl FnOnce(&mut Value) -> anyhow::Result<T>,
) -> anyhow::Result<Updated<T>> {
    let target = Target::of(path)?;
    let folder = target.folder_or_create()?.lock()?;
    let found = folder.read(&target.name, FILE_BYTES_MAX)?;
    let parsed = found.as_deref().map(parse_object);
    let before = match &parsed {
        Some(Ok(json)) => json.clone(),
        _ => Value::Object(Map::new()),
    };
    let mut json = before.clone();
    let value = change(&mut json)?;
    if json == before {
        return Ok(Updated { value, set_aside: None });
    }
    let bytes = pretty(&json)?;
    let set_aside = match parsed {
        Some(Err(_)) => Some(folder.set_aside(&target.name)?),
        _ => None,
    };
    folder.replace(&target.name, &bytes)?;
    Ok(Updated { value, set_aside })
}

/// Changes a text file under a lock; `change` is handed `None` when there is
/// no such file, and returns `None` to leave everything as it is.
///
/// Errors when the file is not UTF-8: what cannot be read is not overwritten.
pub fn update_text(
    path: &Path,
    change: impl FnOnce(Option<&str>) -> Option<String>,
) -> anyhow::Result<()> {
    let target = Target::of(path)?;
    let folder = target.folder_or_create()?.lock()?;
    let found = folder.read(&target.name, FILE_BYTES_MAX)?;
    let before = found.as_deref().map(std::str::from_utf8).transpose();
    let before = before.with_context(|| format!("`{}` is not UTF-8", path.display()))?;
    match change(before) {
        Some(after) if before != Some(after.as_str()) => {
            folder.replace(&target.name, after.as_bytes())
        }
        _ => Ok(()),
    }
}

/// Replaces a file whole, or makes it, readable by the owner only when new.
pub fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let target = Target::of(path)?;
    target.folder_or_create()?.lock()?.replace(&target.name, bytes)
}

/// Keeps what a file holds now under another name, `copy`.
///
/// By a hard link where the file system allows it, so that the cost does not
/// depend on the size: right for files that their owner replaces whole (git's
/// index), wrong for files that are written in place.
pub fn keep(file: &Path, copy: &Path) -> anyhow::Result<()> {
    let target = Target::of(copy)?;
    let folder = target.folder_or_create()?.lock()?;
    if folder.link_from(file, &target.name)? {
        return Ok(());
    }
    let bytes = std::fs::read(file).map_err(|error| failed("read", file, error))?;
    folder.replace(&target.name, &bytes)
}

/// Removes a file; its absence is no error.
pub fn remove(path: &Path) -> anyhow::Result<()> {
    let target = Target::of(path)?;
    match target.folder()? {
        Some(folder) => folder.lock()?.remove(&target.name),
        None => Ok(()),
    }
}

/// The content of a file, `None` when there is none. Needs no lock: a reader
/// sees the file before or after a change, never in between.
///
/// Errors when it is larger than `bytes_max`, no regular file, or behind a link.
pub fn read(path: &Path, bytes_max: u64) -> anyhow::Result<Option<Vec<u8>>> {
    let target = Target::of(path)?;
    match target.folder()? {
        Some(folder) => folder.read(&target.name, bytes_max),
        None => Ok(None),
    }
}

/// The last `bytes_max` bytes of a file, none when there is no file. Never
/// waits: what is no regular file, or behind a link, is an error.
pub fn tail(path: &Path, bytes_max: u64) -> anyhow::Result<Vec<u8>> {
    let target = Target::of(path)?;
    match target.folder()? {
        Some(folder) => folder.tail(&target.name, bytes_max),
        None => Ok(Vec::new()),
    }
}

/// The JSON object in a file, `None` when there is no such file.
pub fn read_json(path: &Path) -> anyhow::Result<Option<Value>> {
    let bytes = read(path, FILE_BYTES_MAX)?;
    let parsed = bytes.as_deref().map(parse_object).transpose();
    parsed.with_context(|| format!("`{}` does not hold a JSON object", path.display()))
}

fn parse_object(bytes: &[u8]) -> anyhow::Result<Value> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Object(Map::new()));
    }
    match serde_json::from_slice(bytes)? {
        json @ Value::Object(_) => Ok(json),
        _ => bail!("it is JSON, but no object"),
    }
}

fn pretty(json: &Value) -> anyhow::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(json).context("could not print JSON")?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// An error of one step on one path, in the words that a user can act on.
fn failed(step: &str, path: &Path, error: impl Into<std::io::Error>) -> anyhow::Error {
    use std::io::ErrorKind;
    let error = error.into();
    let hint = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "\nhint: free some space there",
        ErrorKind::ReadOnlyFilesystem => "\nhint: the file system is mounted read-only",
        ErrorKind::PermissionDenied => "\nhint: the folder is not writable for this user",
        _ => "",
    };
    anyhow!("{error}{hint}").context(format!("could not {step} `{}`", path.display()))
}

#[cfg(test)]
mod tests;
