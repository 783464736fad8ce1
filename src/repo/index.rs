//! The index of a working tree, as the audit needs it: what git holds of each
//! tracked file, and which folders hold tracked files.
//!
//! Read here and not by libgit2, which sums up the whole file and copies every
//! entry: with 100,000 files that costs as much as looking at all of them.
//! Like git itself, this trusts the file's length and counts, not its checksum.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, bail};
use git2::Oid;

use super::walk::Stat;

/// What the index holds of all files, sorted by path.
#[derive(Default)]
pub(super) struct Index {
    /// All paths, one after the other.
    names: Vec<u8>,
    pub(super) entries: Vec<Tracked>,
}

/// What the index holds of one file.
pub(super) struct Tracked {
    name: (usize, usize),
    pub(super) oid: Oid,
    pub(super) mode: u32,
    size: u32,
    mtime: (u32, u32),
    ctime: (u32, u32),
}

/// How the file on disk compares with the index, by stat data alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freshness {
    /// As the index has it.
    Clean,
    /// Perhaps; only its content tells.
    Unsure,
    /// Another file, or touched since.
    Differs,
}

/// A folder with the tracked files that lie directly in it.
pub(super) struct Folder<'a> {
    pub(super) path: &'a [u8],
    /// Name and position in the index, by name.
    pub(super) files: Vec<(&'a [u8], usize)>,
}

impl Index {
    /// Reads an index file; empty when there is none. Conflicting files are left out.
    pub(super) fn read(file: &Path) -> anyhow::Result<Self> {
        let bytes = match std::fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => {
                return Err(error).with_context(|| format!("could not read `{}`", file.display()));
            }
        };
        Self::parse(&bytes)
            .with_context(|| format!("could not read git's index `{}`", file.display()))
    }

    fn parse(bytes: &[u8]) -> anyhow::Result<Self> {
        let mut reader = Reader { bytes, at: 0 };
        let magic = reader.take(4)?;
        let version = reader.number()?;
        if magic != b"DIRC" || !matches!(version, 2..=4) {
            bail!("version {version} is not known");
        }
        let count = usize::try_from(reader.number()?)?;
        // An entry takes at least this many bytes.
        let mut index = Self {
            names: Vec::with_capacity(bytes.len() / 2),
            entries: Vec::with_capacity(count.min(bytes.len() / 62)),
        };
        let mut last = (0, 0);
        for _ in 0..count {
            last = reader.entry(version, last, &mut index)?;
        }
        reader.extensions()?;
        Ok(index)
    }

    pub(super) fn path(&self, entry: &Tracked) -> &[u8] {
        self.names.get(entry.name.0..entry.name.1).unwrap_or_default()
    }

    /// The tracked file of this path.
    pub(super) fn find(&self, path: &[u8]) -> Option<&Tracked> {
        let at = self.entries.binary_search_by(|entry| self.path(entry).cmp(path)).ok()?;
        self.entries.get(at)
    }

    /// Whether any tracked file lies below a folder.
    pub(super) fn has_below(&self, folder: &[u8]) -> bool {
        let from = self.entries.partition_point(|entry| self.path(entry) < folder);
        let rest = self.entries.get(from..).unwrap_or_default();
        let below =
            rest.iter().map(|entry| self.path(entry)).take_while(|path| path.starts_with(folder));
        below.into_iter().any(|path| path.get(folder.len()) == Some(&b'/'))
    }

    /// The folders that hold tracked files, parents first.
    pub(super) fn folders(&self) -> Vec<Folder<'_>> {
        let mut folders = vec![Folder { path: &[], files: Vec::new() }];
        let mut known: HashMap<&[u8], usize> = HashMap::from([(&b""[..], 0)]);
        let mut last = (&b""[..], 0);
        for (at, entry) in self.entries.iter().enumerate() {
            let path = self.path(entry);
            let parent = parent(path);
            if parent != last.0 {
                let slashes = memchr::memchr_iter(b'/', parent).chain([parent.len()]);
                for end in slashes {
                    let path = parent.get(..end).unwrap_or_default();
                    known.entry(path).or_insert_with(|| {
                        folders.push(Folder { path, files: Vec::new() });
                        folders.len() - 1
                    });
                }
                last = (parent, known.get(parent).copied().unwrap_or_default());
            }
            if let Some(folder) = folders.get_mut(last.1) {
                folder.files.push((name(path), at));
            }
        }
        folders
    }
}

/// Steps through the bytes of an index.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> anyhow::Result<&'a [u8]> {
        let end = self.at.saturating_add(count);
        let bytes = self.bytes.get(self.at..end).context("it ends too early")?;
        self.at = end;
        Ok(bytes)
    }

    fn number(&mut self) -> anyhow::Result<u32> {
        let bytes: [u8; 4] = self.take(4)?.try_into()?;
        Ok(u32::from_be_bytes(bytes))
    }

    fn short(&mut self) -> anyhow::Result<u16> {
        let bytes: [u8; 2] = self.take(2)?.try_into()?;
        Ok(u16::from_be_bytes(bytes))
    }

    /// One entry; gives where its path stands, for the next one to share.
    fn entry(
        &mut self,
        version: u32,
        last: (usize, usize),
        index: &mut Index,
    ) -> anyhow::Result<(usize, usize)> {
        const STAGE: u16 = 0x3000;
        const EXTENDED: u16 = 0x4000;
        let start = self.at;
        let ctime = (self.number()?, self.number()?);
        let mtime = (self.number()?, self.number()?);
        self.take(8)?;
        let mode = self.number()?;
        self.take(8)?;
        let size = self.number()?;
        let oid = Oid::from_bytes(self.take(20)?)?;
        let flags = self.short()?;
        if version >= 3 && flags & EXTENDED != 0 {
            self.take(2)?;
        }
        let from = index.names.len();
        if version == 4 {
            let dropped = self.variable()?;
            let kept = (last.1 - last.0).checked_sub(dropped).context("a path is too short")?;
            index.names.extend_from_within(last.0..last.0 + kept);
        }
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = memchr::memchr(0, rest).context("a path has no end")?;
        index.names.extend_from_slice(self.take(length)?);
        let name = (from, index.names.len());
        // Up to version 3, entries are padded to eight bytes, one at least.
        let padding = if version == 4 { 1 } else { 8 - (self.at - start) % 8 };
        self.take(padding)?;
        if flags & STAGE == 0 {
            index.entries.push(Tracked { name, oid, mode, size, mtime, ctime });
        }
        Ok(name)
    }

    /// A number in as many bytes as it needs.
    fn variable(&mut self) -> anyhow::Result<usize> {
        let mut value = 0_usize;
        loop {
            let byte = self.take(1)?.first().copied().unwrap_or_default();
            value = value
                .checked_mul(128)
                .and_then(|value| value.checked_add(usize::from(byte & 0x7F)))
                .context("a number is too large")?;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
            value += 1;
        }
    }

    /// Refuses what changes the meaning of the entries: extensions in lower case.
    fn extensions(&mut self) -> anyhow::Result<()> {
        const CHECKSUM_BYTES: usize = 20;
        while self.at + 8 + CHECKSUM_BYTES <= self.bytes.len() {
            let name = self.take(4)?;
            let length = usize::try_from(self.number()?)?;
            if name.first().is_some_and(u8::is_ascii_lowercase) {
                bail!(
                    "the extension `{}` is not known\nhint: split and sparse indexes cannot be audited",
                    String::from_utf8_lossy(name)
                );
            }
            self.take(length)?;
        }
        Ok(())
    }
}

pub(super) fn parent(path: &[u8]) -> &[u8] {
    memchr::memrchr(b'/', path).and_then(|at| path.get(..at)).unwrap_or_default()
}

pub(super) fn name(path: &[u8]) -> &[u8] {
    memchr::memrchr(b'/', path).and_then(|at| path.get(at + 1..)).unwrap_or(path)
}

impl Tracked {
    /// Whether it is a submodule.
    pub(super) fn is_submodule(&self) -> bool {
        self.mode == 0o160_000
    }

    /// Compares with the file on disk. `written` is when the index was written,
    /// `since` when the run began that is audited.
    pub(super) fn freshness(&self, stat: &Stat, written: i64, since: Option<i64>) -> Freshness {
        if self.kind() != stat.kind()
            || (stat.is_file() && self.is_executable() != (stat.mode & 0o100 != 0))
        {
            return Freshness::Differs;
        }
        // The index keeps the lower 32 bits of a size.
        let same_size = u64::from(self.size) == stat.size & 0xFFFF_FFFF;
        if !same_size || !same_time(self.mtime, stat.mtime) {
            return Freshness::Differs;
        }
        // Written within the same tick as the index: git cannot tell either.
        let racy = stat.mtime >= written;
        // The time of change cannot be faked. When it is not what git noted
        // and lies within the run, the other times may have been put back.
        let suspicious =
            since.is_some_and(|since| stat.ctime >= since) && !same_time(self.ctime, stat.ctime);
        if racy || suspicious { Freshness::Unsure } else { Freshness::Clean }
    }

    fn kind(&self) -> u32 {
        self.mode & 0o170_000
    }

    pub(super) fn is_executable(&self) -> bool {
        self.mode & 0o100 != 0
    }

    /// Whether the stat data are those of the index.
    pub(super) fn looks_like(&self, stat: &Stat) -> bool {
        self.kind() == stat.kind()
            && u64::from(self.size) == stat.size & 0xFFFF_FFFF
            && same_time(self.mtime, stat.mtime)
    }
}

/// The index may hold whole seconds only, and those in 32 bits.
fn same_time(noted: (u32, u32), nanoseconds: i64) -> bool {
    let seconds = nanoseconds.div_euclid(1_000_000_000);
    let rest = nanoseconds.rem_euclid(1_000_000_000);
    i64::from(noted.0) == seconds & 0xFFFF_FFFF && (noted.1 == 0 || i64::from(noted.1) == rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    /// Git's own listing of what this reads.
    #[test]
    fn reads_every_version_that_git_writes() {
        let dir = tempfile::tempdir().unwrap();
        let git = |args: &[&str]| {
            let output = Command::new("git")
                .args(args)
                .current_dir(dir.path())
                .env("GIT_CONFIG_GLOBAL", "/dev/null")
                .output()
                .unwrap();
            assert!(
                output.status.success(),
                "{args:?}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            output.stdout
        };
        git(&["init", "-q"]);
        for name in [
            "a",
            "a.b/c",
            "a/../ab",
            "d/e/f/g",
            "d/e/h",
            "dd",
            "ünï",
            "long/name/of/a/file/with/many/letters.txt",
        ] {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap_or(());
            let _ = std::fs::write(path, name);
        }
        git(&["add", "-A"]);
        let listed = git(&["ls-files", "-s", "-z"]);
        for version in ["2", "3", "4"] {
            git(&["update-index", "--index-version", version]);
            if version == "3" {
                // Only an extended flag makes git write version 3.
                git(&["update-index", "--skip-worktree", "dd"]);
            }
            let index = Index::read(&dir.path().join(".git/index")).unwrap();
            let mut own = Vec::new();
            for entry in &index.entries {
                own.extend(format!("{:06o} {} 0\t", entry.mode, entry.oid).bytes());
                own.extend(index.path(entry));
                own.push(0);
                assert!(index.find(index.path(entry)).is_some());
            }
            assert_eq!(
                String::from_utf8_lossy(&own),
                String::from_utf8_lossy(&listed),
                "{version}"
            );
            assert!(
                index.has_below(b"d/e")
                    && index.has_below(b"d")
                    && !index.has_below(b"dd")
                    && !index.has_below(b"lon")
            );
        }
    }

    #[test]
    fn a_broken_index_is_an_error_and_no_panic() {
        let dir = tempfile::tempdir().unwrap();
        git2::Repository::init(dir.path()).unwrap();
        let repo = git2::Repository::open(dir.path()).unwrap();
        std::fs::write(dir.path().join("a"), "a").unwrap();
        let mut index = repo.index().unwrap();
        index.add_path(Path::new("a")).unwrap();
        index.write().unwrap();
        let bytes = std::fs::read(dir.path().join(".git/index")).unwrap();
        assert_eq!(Index::parse(&bytes).unwrap().entries.len(), 1);
        for end in 0..bytes.len() - 20 {
            assert!(Index::parse(&bytes[..end]).is_err() || end >= 72, "{end}");
        }
        for at in 0..bytes.len() {
            let mut broken = bytes.clone();
            broken[at] ^= 0xFF;
            let _ = Index::parse(&broken);
        }
        assert!(Index::read(&dir.path().join("none")).unwrap().entries.is_empty());
    }
}
