//! Matching a path against one prepared pattern, in polynomial time.
//!
//! Knows three wildcards and nothing of how authors write them; that is
//! [`super::glob`]'s. Bytes, not text: a file name need not be UTF-8.

/// Any number of characters within one segment. No UTF-8 text holds this byte.
pub(super) const STAR: u8 = 0xff;
/// As a whole segment: any number of folders.
pub(super) const FOLDERS: u8 = 0xfe;
/// One character.
pub(super) const ONE: u8 = 0xfd;

/// Whether letters that differ only in case are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Kept,
    Folded,
}

/// Whether the pattern matches the path (relative, no leading slash).
///
/// `a/**` matches `a` itself as well: who may write everything in a folder may
/// make and remove the folder.
pub(super) fn matches(pattern: &[u8], path: &[u8], case: Case) -> bool {
    let mut pattern = Some(pattern);
    let mut path = Some(path).filter(|path| !path.is_empty());
    // Where to go on when this attempt fails: behind the last `**`, one folder
    // further. Earlier ones need no second try, so the whole stays polynomial.
    let mut again: Option<(_, Option<&[u8]>)> = None;
    loop {
        match (pattern.map(split), path) {
            (None, None) => return true,
            (Some((segment, rest)), _) if segment == [FOLDERS] => {
                if rest.is_none() {
                    return true;
                }
                again = Some((rest, path));
                pattern = rest;
                continue;
            }
            (Some((segment, rest)), Some(left)) => {
                let (name, below) = split(left);
                if segment_matches(segment, name, case) {
                    (pattern, path) = (rest, below);
                    continue;
                }
            }
            _ => {}
        }
        let Some((rest, Some(left))) = again else {
            return false;
        };
        let below = split(left).1;
        again = Some((rest, below));
        (pattern, path) = (rest, below);
    }
}

/// Whether a path below the folder could match.
///
/// `through_any` says what a `**` on the way means: with it, everything below
/// could match; without it, only what the pattern spells out counts.
pub(super) fn reaches_below(pattern: &[u8], folder: &[u8], case: Case, through_any: bool) -> bool {
    let mut pattern = Some(pattern);
    let mut folder = Some(folder).filter(|folder| !folder.is_empty());
    loop {
        let Some((segment, rest)) = pattern.map(split) else {
            return false;
        };
        if segment == [FOLDERS] {
            return through_any || (folder.is_none() && rest.is_none());
        }
        let Some(left) = folder else {
            return true;
        };
        let (name, below) = split(left);
        if !segment_matches(segment, name, case) {
            return false;
        }
        (pattern, folder) = (rest, below);
    }
}

/// The first segment and what follows its slash.
fn split(path: &[u8]) -> (&[u8], Option<&[u8]>) {
    match memchr::memchr(b'/', path) {
        Some(at) => (path.get(..at).unwrap_or_default(), path.get(at + 1..)),
        None => (path, None),
    }
}

fn segment_matches(pattern: &[u8], name: &[u8], case: Case) -> bool {
    let (mut pattern, mut name) = (pattern, name);
    let mut again: Option<(&[u8], &[u8])> = None;
    loop {
        match (pattern.split_first(), name.split_first()) {
            (None, None) => return true,
            (Some((&STAR, rest)), _) => {
                if rest.is_empty() {
                    return true;
                }
                again = Some((rest, name));
                pattern = rest;
                continue;
            }
            (Some((&ONE, rest)), Some(_)) => {
                (pattern, name) = (rest, after_character(name));
                continue;
            }
            (Some((wanted, rest)), Some((byte, left))) if same(*wanted, *byte, case) => {
                (pattern, name) = (rest, left);
                continue;
            }
            _ => {}
        }
        let Some((rest, left)) = again.filter(|(_, left)| !left.is_empty()) else {
            return false;
        };
        let left = after_character(left);
        again = Some((rest, left));
        (pattern, name) = (rest, left);
    }
}

fn same(wanted: u8, byte: u8, case: Case) -> bool {
    wanted == byte || (case == Case::Folded && wanted.eq_ignore_ascii_case(&byte))
}

/// What follows the first character; bytes that are no UTF-8 count one by one.
fn after_character(name: &[u8]) -> &[u8] {
    let rest = name.get(1..).unwrap_or_default();
    if name.first().is_none_or(u8::is_ascii) {
        return rest;
    }
    let tail = rest.iter().take(3).take_while(|byte| **byte & 0xc0 == 0x80).count();
    rest.get(tail..).unwrap_or_default()
}
