//! Waiting for a lock, a counted number of times.
//!
//! Only the operating system's advisory locks: they end with their process,
//! however it ends.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use anyhow::bail;
use rustix::io::Errno;

use super::failed;

/// How often a lock is tried, about twenty seconds in all: less than the
/// client waits for the hook, so that the reason is told. A holder keeps it for
/// one small write; a queue of hundreds passes in seconds.
const LOCK_TRIES_MAX: u32 = 2_400;

/// Between tries; short at first, because a lock is held for milliseconds.
const WAITS_US: [u64; 5] = [100, 500, 1_000, 2_000, 4_000];

/// Whether a lock was had.
pub(super) enum Outcome {
    Locked,
    /// The file system has no locks on this kind of file.
    Unsupported,
}

/// Locks the open file, waiting for whoever holds it. The lock ends when the
/// file is closed.
pub(super) fn acquire(file: &File, path: &Path) -> anyhow::Result<Outcome> {
    for round in 0..LOCK_TRIES_MAX {
        match file.try_lock() {
            Ok(()) => return Ok(Outcome::Locked),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) if is_interrupted(&error) => {}
            Err(TryLockError::Error(error)) if is_unsupported(&error) => {
                return Ok(Outcome::Unsupported);
            }
            Err(TryLockError::Error(error)) => return Err(failed("lock", path, error)),
        }
        let step = usize::try_from(round / 4).unwrap_or(usize::MAX);
        let longest = WAITS_US.last().copied().unwrap_or_default();
        let wait = WAITS_US.get(step).copied().unwrap_or(longest * 2);
        sleep(Duration::from_micros(wait));
    }
    bail!(
        "could not lock `{}`: another process has held it for {LOCK_TRIES_MAX} tries\n\
         hint: `fuser -v` on that path names the process",
        path.display()
    )
}

fn is_interrupted(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::Interrupted
}

/// A network file system answers `EBADF` for a folder, which it cannot open
/// for writing, and `ENOLCK` or `EOPNOTSUPP` when it has no locks at all.
fn is_unsupported(error: &std::io::Error) -> bool {
    let codes = [Errno::BADF, Errno::NOLCK, Errno::OPNOTSUPP, Errno::NOSYS];
    codes.iter().any(|code| error.raw_os_error() == Some(code.raw_os_error()))
}
