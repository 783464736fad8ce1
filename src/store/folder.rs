//! One open folder, and files changed in it by name.
//!
//! Everything goes through the open folder, not through its path, so that
//! nobody can swap a part of the path between a check and a write.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;

use super::failed;
use super::lock::{self, Outcome};

const OWNER_FOLDER: Mode = Mode::RWXU;
const OWNER_FILE: Mode = Mode::RUSR.union(Mode::WUSR);

/// Whether a link in the place of a folder is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Links {
    Follow,
    Refuse,
}

/// An open folder.
pub(super) struct Folder {
    fd: OwnedFd,
    path: PathBuf,
}

/// An open folder that nobody else changes until this is dropped.
pub(super) struct Locked {
    folder: Folder,
    _lock: File,
}

impl Folder {
    pub(super) fn open(path: &Path) -> anyhow::Result<Option<Self>> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        match rustix::fs::open(path, flags, Mode::empty()) {
            Ok(fd) => Ok(Some(Self { fd, path: path.to_owned() })),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(failed("open the folder", path, error)),
        }
    }

    pub(super) fn child(&self, name: &OsStr, links: Links) -> anyhow::Result<Option<Self>> {
        let mut flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        if links == Links::Refuse {
            flags |= OFlags::NOFOLLOW;
        }
        let path = self.path.join(name);
        match rustix::fs::openat(&self.fd, name, flags, Mode::empty()) {
            Ok(fd) => Ok(Some(Self { fd, path })),
            Err(Errno::NOENT) => Ok(None),
            Err(_) if links == Links::Refuse && self.is_link(name) => Err(refuse_link(&path)),
            Err(Errno::NOTDIR) => bail!("`{}` is a file, expected a folder", path.display()),
            Err(error) => Err(failed("open the folder", &path, error)),
        }
    }

    pub(super) fn child_or_create(&self, name: &OsStr, links: Links) -> anyhow::Result<Self> {
        if let Some(child) = self.child(name, links)? {
            return Ok(child);
        }
        let path = self.path.join(name);
        match rustix::fs::mkdirat(&self.fd, name, OWNER_FOLDER) {
            // Somebody else was faster: their folder is as good.
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(failed("make the folder", &path, error)),
        }
        self.sync()?;
        self.child(name, links)?.with_context(|| format!("the folder `{}` is gone", path.display()))
    }

    /// Locks the folder. Where only regular files can be locked (a network file
    /// system), an empty `.lock` in it is locked instead and stays; only who
    /// holds it open blocks anyone.
    pub(super) fn lock(self) -> anyhow::Result<Locked> {
        let itself = self.fd.try_clone().map_err(|error| failed("lock", &self.path, error))?;
        let itself = File::from(itself);
        if let Outcome::Locked = lock::acquire(&itself, &self.path)? {
            return Ok(Locked { folder: self, _lock: itself });
        }
        let name = OsStr::new(".lock");
        let path = self.path.join(name);
        let file = self.open_file(name, OFlags::RDWR | OFlags::CREATE)?;
        let file = file.with_context(|| format!("the lock file `{}` is gone", path.display()))?;
        match lock::acquire(&file, &path)? {
            Outcome::Locked => Ok(Locked { folder: self, _lock: file }),
            Outcome::Unsupported => bail!(
                "could not lock `{}`: the file system has no locks\n\
                 hint: mount it with locks, or keep the project on a local disk",
                self.path.display()
            ),
        }
    }

    /// The content of the file of this name, `None` when there is none.
    pub(super) fn read(&self, name: &OsStr, bytes_max: u64) -> anyhow::Result<Option<Vec<u8>>> {
        let path = self.path.join(name);
        let Some(file) = self.open_file(name, OFlags::RDONLY)? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        let limited = file.take(bytes_max.saturating_add(1)).read_to_end(&mut bytes);
        let count = limited.map_err(|error| failed("read", &path, error))?;
        if u64::try_from(count).is_ok_and(|count| count > bytes_max) {
            bail!("`{}` is larger than {bytes_max} bytes", path.display());
        }
        Ok(Some(bytes))
    }

    /// The end of the file of this name; empty when there is none.
    pub(super) fn tail(&self, name: &OsStr, bytes_max: u64) -> anyhow::Result<Vec<u8>> {
        let step = |error: std::io::Error| failed("read", &self.path.join(name), error);
        let mut bytes = Vec::new();
        if let Some(mut file) = self.open_file(name, OFlags::RDONLY)? {
            let length = file.metadata().map_err(step)?.len();
            file.seek(SeekFrom::Start(length.saturating_sub(bytes_max))).map_err(step)?;
            file.take(bytes_max).read_to_end(&mut bytes).map_err(step)?;
        }
        Ok(bytes)
    }

    /// Opens a regular file, never through a link, never waiting for a pipe.
    pub(super) fn open_file(&self, name: &OsStr, flags: OFlags) -> anyhow::Result<Option<File>> {
        let path = self.path.join(name);
        let flags = flags | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let fd = match rustix::fs::openat(&self.fd, name, flags, OWNER_FILE) {
            Ok(fd) => fd,
            Err(Errno::NOENT) => return Ok(None),
            Err(_) if self.is_link(name) => return Err(refuse_link(&path)),
            Err(Errno::ISDIR) => bail!("`{}` is a folder, expected a file", path.display()),
            Err(error) => return Err(failed("open", &path, error)),
        };
        let stat = rustix::fs::fstat(&fd).map_err(|error| failed("open", &path, error))?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => Ok(Some(File::from(fd))),
            FileType::Directory => bail!("`{}` is a folder, expected a file", path.display()),
            _ => bail!("`{}` is no regular file", path.display()),
        }
    }

    fn is_link(&self, name: &OsStr) -> bool {
        rustix::fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW)
            .is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Symlink)
    }

    fn sync(&self) -> anyhow::Result<()> {
        match rustix::fs::fsync(&self.fd) {
            // Some network file systems cannot sync a folder.
            Ok(()) | Err(Errno::INVAL | Errno::BADF) => Ok(()),
            Err(error) => Err(failed("sync the folder", &self.path, error)),
        }
    }
}

impl Locked {
    /// Replaces the file of this name whole; on failure it is as it was.
    pub(super) fn replace(&self, name: &OsStr, bytes: &[u8]) -> anyhow::Result<()> {
        let path = self.folder.path.join(name);
        // Opened only for its permissions, and to refuse what is no file.
        let existing = self.folder.open_file(name, OFlags::RDONLY)?;
        // One name per file: what a killed writer left is taken away here.
        let temporary = joined(&[OsStr::new("."), name, OsStr::new(".tmp")]);
        self.unlink(&temporary)?;
        let written = self.write_temporary(&temporary, bytes, existing.as_ref(), &path);
        let renamed = written.and_then(|()| {
            let fd = self.folder.fd.as_fd();
            rustix::fs::renameat(fd, &temporary, fd, name)
                .map_err(|error| failed("replace", &path, error))
        });
        if renamed.is_err() {
            // The first error is the one to tell.
            let _ = self.unlink(&temporary);
        }
        renamed?;
        self.folder.sync()
    }

    /// Moves unreadable content to a name that says so, beside the file.
    pub(super) fn set_aside(&self, name: &OsStr) -> anyhow::Result<PathBuf> {
        const NAMES_MAX: u32 = 10_000;
        let path = self.folder.path.join(name);
        let fd = self.folder.fd.as_fd();
        for number in 1..=NAMES_MAX {
            let suffix = OsString::from(format!(".unreadable-{number}"));
            let aside = joined(&[name, &suffix]);
            if self.has(&aside) {
                continue;
            }
            return match rustix::fs::renameat(fd, name, fd, &aside) {
                Ok(()) => Ok(self.folder.path.join(aside)),
                Err(error) => Err(failed("set aside", &path, error)),
            };
        }
        bail!("could not set aside `{}`: {NAMES_MAX} names are taken", path.display())
    }

    pub(super) fn read(&self, name: &OsStr, bytes_max: u64) -> anyhow::Result<Option<Vec<u8>>> {
        self.folder.read(name, bytes_max)
    }

    /// Gives a file elsewhere another name here; says whether that was possible.
    pub(super) fn link_from(&self, file: &Path, name: &OsStr) -> anyhow::Result<bool> {
        self.unlink(name)?;
        let here = rustix::fs::CWD;
        Ok(rustix::fs::linkat(here, file, &self.folder.fd, name, AtFlags::empty()).is_ok())
    }

    pub(super) fn open_file(&self, name: &OsStr, flags: OFlags) -> anyhow::Result<Option<File>> {
        self.folder.open_file(name, flags)
    }

    /// Gives a file another name in this folder, replacing what has it.
    pub(super) fn rename(&self, from: &OsStr, to: &OsStr) -> anyhow::Result<()> {
        let fd = self.folder.fd.as_fd();
        rustix::fs::renameat(fd, from, fd, to)
            .map_err(|error| failed("rename", &self.folder.path.join(from), error))
    }

    /// Whether anything has this name.
    pub(super) fn has(&self, name: &OsStr) -> bool {
        rustix::fs::statat(&self.folder.fd, name, AtFlags::SYMLINK_NOFOLLOW).is_ok()
    }

    pub(super) fn remove(&self, name: &OsStr) -> anyhow::Result<()> {
        self.unlink(name)?;
        self.folder.sync()
    }

    fn unlink(&self, name: &OsStr) -> anyhow::Result<()> {
        match rustix::fs::unlinkat(&self.folder.fd, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(failed("remove", &self.folder.path.join(name), error)),
        }
    }

    fn write_temporary(
        &self,
        temporary: &OsStr,
        bytes: &[u8],
        like: Option<&File>,
        path: &Path,
    ) -> anyhow::Result<()> {
        let step = |error: std::io::Error| failed("write", path, error);
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
        let fd =
            rustix::fs::openat(&self.folder.fd, temporary, flags | OFlags::CLOEXEC, OWNER_FILE)
                .map_err(|error| step(error.into()))?;
        let mut file = File::from(fd);
        if let Some(like) = like {
            let permissions = like.metadata().map_err(step)?.permissions();
            file.set_permissions(permissions).map_err(step)?;
        }
        file.write_all(bytes).map_err(step)?;
        file.sync_all().map_err(step)
    }
}

fn refuse_link(path: &Path) -> anyhow::Error {
    anyhow::anyhow!(
        "`{}` is a symbolic link, which is not followed here\nhint: remove it, or put a real file or folder there",
        path.display()
    )
}

fn joined(parts: &[&OsStr]) -> OsString {
    let mut name = OsString::new();
    for part in parts {
        name.push(part);
    }
    name
}
