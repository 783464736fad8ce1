//! Adding one line to a log or an archive: one write, rotation by size.
//!
//! A log is for what is recorded on every tool call: a lost last line after a
//! power cut is bearable there, a slow guard is not. An archive is for what is
//! recorded nowhere else: synced, and nothing of it ever goes away.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::Path;

use anyhow::{Context, bail};
use rustix::fs::OFlags;
use time::OffsetDateTime;

use super::failed;
use super::folder::Locked;
use super::target::Target;

/// Adds a line (without its newline) at the end of a file.
///
/// A file that would grow beyond `rotate_at_bytes` is first renamed to
/// `<stem>.1.<extension>`, replacing what was there; at most twice that much is
/// kept. Half a line that a killed writer left is ended first, so that it spoils
/// only itself.
pub fn append_line(path: &Path, line: &str, rotate_at_bytes: u64) -> anyhow::Result<()> {
    append(path, line, rotate_at_bytes, Kind::Log)
}

/// Adds a line like [`append_line`], synced before this returns.
///
/// A file that would grow beyond `rotate_at_bytes` is first renamed to
/// `<stem>-<unix seconds>.<extension>`; all of them are kept, and sort by age.
pub fn archive_line(path: &Path, line: &str, rotate_at_bytes: u64) -> anyhow::Result<()> {
    append(path, line, rotate_at_bytes, Kind::Archive)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Log,
    Archive,
}

fn append(path: &Path, line: &str, rotate_at_bytes: u64, kind: Kind) -> anyhow::Result<()> {
    if line.contains('\n') {
        bail!("a line for `{}` holds a newline", path.display());
    }
    let target = Target::of(path)?;
    let folder = target.folder_or_create()?.lock()?;
    let mut file = open(&folder, &target.name, path)?;
    let mut length = length(&file, path)?;
    let grown = length.saturating_add(u64::try_from(line.len()).unwrap_or(u64::MAX));
    if length > 0 && grown >= rotate_at_bytes {
        match kind {
            Kind::Log => folder.rename(&target.name, &beside(path, ".1"))?,
            Kind::Archive => folder.rename(&target.name, &unused(&folder, path)?)?,
        }
        file = open(&folder, &target.name, path)?;
        length = 0;
    }
    let torn = ends_torn(&file, length);
    let bytes = format!("{}{line}\n", if torn { "\n" } else { "" });
    let written = file.write(bytes.as_bytes());
    if matches!(&written, Ok(count) if *count == bytes.len()) {
        return match kind {
            Kind::Log => Ok(()),
            Kind::Archive => file.sync_all().map_err(|error| failed("sync", path, error)),
        };
    }
    // Half a line is worse than none.
    let _ = file.set_len(length);
    match written {
        Err(error) => Err(failed("append to", path, error)),
        Ok(_) => Err(failed("append to", path, std::io::ErrorKind::StorageFull)),
    }
}

fn open(folder: &Locked, name: &OsStr, path: &Path) -> anyhow::Result<File> {
    let flags = OFlags::RDWR | OFlags::APPEND | OFlags::CREATE;
    let file = folder.open_file(name, flags)?;
    file.with_context(|| format!("`{}` could not be made", path.display()))
}

fn length(file: &File, path: &Path) -> anyhow::Result<u64> {
    Ok(file.metadata().map_err(|error| failed("look at", path, error))?.len())
}

fn ends_torn(file: &File, length: u64) -> bool {
    let mut last = [b'\n'];
    let read = length.checked_sub(1).map(|at| file.read_at(&mut last, at));
    matches!(read, Some(Ok(1))) && last != [b'\n']
}

/// A name for a full archive that no other has.
fn unused(folder: &Locked, path: &Path) -> anyhow::Result<OsString> {
    const NAMES_MAX: i64 = 10_000;
    let start = OffsetDateTime::now_utc().unix_timestamp();
    let mut names = (start..start + NAMES_MAX).map(|at| beside(path, &format!("-{at}")));
    let free = names.find(|name| !folder.has(name));
    free.with_context(|| format!("could not rotate `{}`: all names are taken", path.display()))
}

/// The file's name with something between its stem and its extension.
fn beside(path: &Path, infix: &str) -> OsString {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(infix);
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    name
}
