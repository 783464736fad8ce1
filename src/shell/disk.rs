//! What is on disk, and what the command itself would have put there by now.
//!
//! Looks are counted, never timed: past the limit everything is unknown. Nothing
//! is written and nothing outside the asked-for path is read.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;

use super::text::{self, LONGEST, Values};

/// Most single look-ups for one command.
const LOOKS: u32 = 2_000;
/// Most folder entries read for one command.
const ENTRIES: u32 = 20_000;
/// Most links followed for one path.
const LINKS: u32 = 40;

/// The disk as a command finds it.
#[derive(Default)]
pub(super) struct Disk {
    looks: u32,
    entries: u32,
    /// What the command made so far, by absolute path.
    made: BTreeMap<String, Made>,
    links: bool,
}

/// Something that the command made.
#[derive(Clone)]
pub(super) enum Made {
    /// A file with this content.
    Text(Values),
    /// A symbolic link to this text.
    Link(String),
    /// The same file as this path.
    Copy(String),
    /// A folder.
    Folder,
}

/// What a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A regular file or anything that is no folder.
    File,
    /// A folder, or a link to one.
    Folder,
}

impl Disk {
    fn look(&mut self) -> bool {
        self.looks += 1;
        self.looks <= LOOKS
    }

    /// Remembers what the command made.
    pub(super) fn make(&mut self, path: &str, made: Made) {
        if text::is_known(path) && self.made.len() < 1_000 {
            self.links |= matches!(made, Made::Link(_));
            self.made.insert(path.to_owned(), made);
        }
    }

    pub(super) fn made(&self, path: &str) -> Option<&Made> {
        self.made.get(path)
    }

    /// Whether the command made symbolic links.
    pub(super) fn has_links(&self) -> bool {
        self.links
    }

    /// What is at `path`, links followed.
    pub(super) fn find(&mut self, path: &str) -> Option<Found> {
        if !text::is_known(path) {
            return None;
        }
        match self.made.get(path) {
            Some(Made::Folder) => return Some(Found::Folder),
            Some(Made::Text(_) | Made::Copy(_)) => return Some(Found::File),
            Some(Made::Link(_)) => {
                let real = self.real(path);
                return if real == path { None } else { self.find(&real) };
            }
            None => {}
        }
        if !self.look() {
            return None;
        }
        let found = fs::metadata(path).ok()?;
        Some(if found.is_dir() { Found::Folder } else { Found::File })
    }

    pub(super) fn is_folder(&mut self, path: &str) -> bool {
        self.find(path) == Some(Found::Folder)
    }

    /// Whether `path` itself is a symbolic link.
    pub(super) fn is_link(&mut self, path: &str) -> bool {
        self.link(path.trim_end_matches('/')).is_some()
    }

    fn link(&mut self, path: &str) -> Option<String> {
        if let Some(made) = self.made.get(path) {
            return match made {
                Made::Link(target) => Some(target.clone()),
                _ => None,
            };
        }
        if !self.look() {
            return None;
        }
        fs::read_link(path).ok().and_then(|target| target.into_os_string().into_string().ok())
    }

    /// The content of a file of at most [`LONGEST`] bytes.
    pub(super) fn read(&mut self, path: &str) -> Option<Values> {
        let path = match self.made.get(path) {
            Some(Made::Text(values)) => return Some(values.clone()),
            Some(Made::Copy(of)) => of.clone(),
            Some(Made::Link(_)) => {
                let real = self.real(path);
                if real == path {
                    return None;
                }
                return self.read(&real);
            }
            _ => path.to_owned(),
        };
        if !text::is_known(&path) || path.starts_with("/dev/") || path.starts_with("/proc/") {
            return None;
        }
        if !self.look() || !fs::metadata(&path).ok()?.is_file() {
            return None;
        }
        let limit = u64::try_from(LONGEST).unwrap_or(u64::MAX);
        let mut content = String::new();
        fs::File::open(&path).ok()?.take(limit + 1).read_to_string(&mut content).ok()?;
        (content.len() <= LONGEST).then(|| vec![content])
    }

    /// The names in a folder, sorted, with what the command made there; none past a limit.
    pub(super) fn list(&mut self, folder: &str) -> Vec<String> {
        let mut names = Vec::new();
        let below = format!("{}/", folder.trim_end_matches('/'));
        for path in self.made.keys() {
            if let Some(name) = path.strip_prefix(&below)
                && !name.is_empty()
                && !name.contains('/')
            {
                names.push(name.to_owned());
            }
        }
        if text::is_known(folder) && self.look() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                self.entries += 1;
                if self.entries > ENTRIES {
                    break;
                }
                if let Ok(name) = entry.file_name().into_string() {
                    names.push(name);
                }
            }
        }
        names.sort();
        names.dedup();
        names
    }

    /// Whether folders can still be listed.
    pub(super) fn can_list(&self) -> bool {
        self.entries <= ENTRIES && self.looks <= LOOKS
    }

    /// `path` with its links followed, component by component; the part that does not
    /// exist, or is not known, stays as written.
    pub(super) fn real(&mut self, path: &str) -> String {
        let mut todo: Vec<String> =
            path.split('/').rev().filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let mut real = String::new();
        let mut links = 0;
        while let Some(part) = todo.pop() {
            match part.as_str() {
                "." => continue,
                ".." => {
                    let parent = real.rfind('/').unwrap_or(0);
                    real.truncate(parent);
                    continue;
                }
                _ => {}
            }
            let before = real.len();
            real.push('/');
            real.push_str(&part);
            if !text::is_known(&part) || links > LINKS {
                continue;
            }
            if let Some(target) = self.link(&real) {
                links += 1;
                real.truncate(if target.starts_with('/') { 0 } else { before });
                todo.extend(
                    target.split('/').rev().filter(|part| !part.is_empty()).map(str::to_owned),
                );
            }
        }
        if real.is_empty() { "/".to_owned() } else { real }
    }
}
