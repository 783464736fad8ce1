//! From the text of a target to the absolute paths that it means.
//!
//! Purely about paths: which of them are allowed is not known here.

use std::path::{Path, PathBuf};

use super::disk::Disk;
use super::text::{self, HOLE, NAME};

/// Whether the target is a device or a descriptor, which holds no project data.
pub(super) fn is_device(target: &str) -> bool {
    let Some(device) = target.strip_prefix("/dev/") else { return false };
    !target.contains("..")
        && (["fd/", "tcp/", "udp/", "pts/"].iter().any(|kind| device.starts_with(kind))
            || [
                "null", "zero", "full", "tty", "stdin", "stdout", "stderr", "random", "urandom",
                "ptmx",
            ]
            .contains(&device))
}

/// `target` against `dir`, without `.` and `..`, as text.
pub(super) fn absolute(dir: &str, target: &str) -> String {
    let mut path = String::with_capacity(dir.len() + target.len() + 1);
    if !target.starts_with('/') {
        push_parts(&mut path, dir);
    }
    push_parts(&mut path, target);
    if path.is_empty() { "/".to_owned() } else { path }
}

fn push_parts(path: &mut String, text: &str) {
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                let parent = path.rfind('/').unwrap_or(0);
                // What lies above an unknown stretch is unknown.
                if path.get(parent..).is_some_and(text::has_hole) {
                    path.truncate(0);
                    path.push('/');
                    path.push(HOLE);
                } else {
                    path.truncate(parent);
                }
            }
            part => {
                if !(path.is_empty() && part.starts_with(HOLE)) || text.starts_with('/') {
                    path.push('/');
                }
                path.push_str(part);
            }
        }
    }
}

/// All absolute paths that `target` in `dir` can mean: as written, and with the links
/// followed where `..`, the command's own links, or `/proc/self/cwd` make a difference.
pub(super) fn spellings(disk: &mut Disk, dir: &str, target: &str, follows: bool) -> Vec<String> {
    if let Some(rest) = process_cwd(target) {
        return spellings(disk, dir, rest, follows);
    }
    let written = absolute(dir, target);
    let mut spellings = Vec::new();
    let joined =
        if target.starts_with('/') { target.to_owned() } else { format!("{dir}/{target}") };
    let through = target.len() > 1 && (target.ends_with('/') || target.ends_with("/."));
    if joined.starts_with('/') && !text::has_hole(dir) {
        if target.contains("..") || through {
            let real = disk.real(&joined);
            if real != written {
                spellings.push(real);
            }
        } else if disk.has_links() {
            // The last component may be a link that is only replaced or removed.
            if follows {
                let real = disk.real(&written);
                if real != written {
                    spellings.push(real);
                }
            }
            let (folder, name) = written.rsplit_once('/').unwrap_or(("", &written));
            let real = format!("{}/{name}", disk.real(folder).trim_end_matches('/'));
            if real != written {
                spellings.push(real);
            }
        }
    }
    spellings.push(written);
    spellings
}

/// What follows `/proc/self/cwd/`, `/proc/$$/cwd/`.
fn process_cwd(target: &str) -> Option<&str> {
    let rest = target.strip_prefix("/proc/")?;
    let (_, rest) = rest.split_once('/')?;
    let rest = rest.strip_prefix("cwd")?;
    match rest.strip_prefix('/') {
        Some(rest) => Some(rest),
        None => rest.is_empty().then_some("."),
    }
}

/// The path, or the folder that it lies below (true) when its rest is unknown.
/// Fails with the reason when not even a folder is known.
pub(super) fn named(path: &str, tree: &Path) -> Result<(PathBuf, bool), String> {
    let Some(hole) = path.find(HOLE) else {
        return Ok((
            PathBuf::from(if path.contains(NAME) {
                path.replace(NAME, "…")
            } else {
                path.to_owned()
            }),
            false,
        ));
    };
    let prefix = path.get(..hole).unwrap_or_default();
    let folder = prefix.rfind('/').and_then(|slash| prefix.get(..slash)).unwrap_or_default();
    let vague = folder.is_empty() || tree.starts_with(folder);
    if vague || path.get(hole..).is_some_and(|rest| rest.contains("..")) {
        let shown = text::shown(path);
        return Err(format!("`{shown}` is only known when it runs"));
    }
    Ok((PathBuf::from(folder.replace(NAME, "…")), true))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(dir: &str, target: &str, expected: Result<(&str, bool), ()>) {
        let path = absolute(dir, target);
        let named = named(&path, Path::new("/p"));
        let named = named.as_ref().map(|(path, below)| (path.to_str().unwrap(), *below));
        assert_eq!(named.map_err(|_| ()), expected, "{dir} {target}");
    }

    #[test]
    fn targets_are_named_as_far_as_they_are_known() {
        check("/p", "a/b", Ok(("/p/a/b", false)));
        check("/p/a", "../b/./c", Ok(("/p/b/c", false)));
        check("/p", "/x/../y", Ok(("/y", false)));
        check("/p", &format!("a/{HOLE}"), Ok(("/p/a", true)));
        check("/p", &format!("a/x{HOLE}.txt"), Ok(("/p/a", true)));
        check("/p", &format!("a/{NAME}.txt"), Ok(("/p/a/….txt", false)));
        check("/p", &format!("{HOLE}/a"), Err(()));
        check("/p", &format!("a/{HOLE}/../b"), Err(()));
        check(&HOLE.to_string(), "a", Err(()));
        check(&HOLE.to_string(), "/q/a", Ok(("/q/a", false)));
    }
}
