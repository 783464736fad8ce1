//! Which files a patch touches: unified, context and git patches.
//!
//! What `patch` and `git apply` do with the names (`-p`, `-d`, `--directory`)
//! differs, so both names are given, stripped; which one exists is the caller's.

/// Most files told of one patch.
const FILES_MAX: usize = 4096;

/// One file of a patch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatchedFile {
    /// Its name before, `None` for `/dev/null` or when it is not told.
    pub old: Option<String>,
    /// Its name after, `None` for `/dev/null` or when it is not told.
    pub new: Option<String>,
    /// What happens to it.
    pub change: PatchChange,
}

/// What a patch does to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatchChange {
    /// Its content or mode changes.
    Modify,
    /// It is made.
    Add,
    /// It is removed.
    Delete,
    /// It gets another name.
    Rename,
    /// It is copied under another name.
    Copy,
}

/// The files of a patch. `strip` is `-p`'s number; `None` keeps the last name
/// only, as `patch` does without `-p`.
pub fn patched_files(patch: &str, strip: Option<usize>) -> Vec<PatchedFile> {
    let mut reader = Reader { strip, files: Vec::new(), current: None, hunk: (0, 0) };
    let mut before = "";
    for line in patch.lines() {
        reader.line(before, line.strip_suffix('\r').unwrap_or(line));
        before = line;
        if reader.files.len() >= FILES_MAX {
            break;
        }
    }
    reader.finish();
    reader.files
}

struct Reader {
    strip: Option<usize>,
    files: Vec<PatchedFile>,
    current: Option<PatchedFile>,
    /// Lines of the hunk still to come, before and after.
    hunk: (usize, usize),
}

impl Reader {
    fn line(&mut self, before: &str, line: &str) {
        if self.hunk != (0, 0) {
            let (old, new) = self.hunk;
            self.hunk = match line.chars().next() {
                Some('-') => (old.saturating_sub(1), new),
                Some('+') => (old, new.saturating_sub(1)),
                Some('\\') => (old, new),
                _ => (old.saturating_sub(1), new.saturating_sub(1)),
            };
            return;
        }
        if let Some(names) = line.strip_prefix("diff --git ") {
            self.finish();
            let (old, new) = git_names(names);
            self.current = Some(PatchedFile {
                old: self.stripped(&old),
                new: self.stripped(&new),
                change: PatchChange::Modify,
            });
        } else if let Some(name) = line
            .strip_prefix("+++ ")
            .or_else(|| if before.starts_with("*** ") { line.strip_prefix("--- ") } else { None })
        {
            let old = before.strip_prefix("--- ").or_else(|| before.strip_prefix("*** "));
            if let Some(old) = old {
                self.headers(old, name);
            }
        } else if let Some(ranges) = line.strip_prefix("@@ ") {
            self.hunk = ranges_of(ranges);
        } else if self.current.is_some() {
            self.extended(line);
        }
    }

    /// `---` and `+++`: more exact than the names of `diff --git`.
    fn headers(&mut self, old: &str, new: &str) {
        let (old, new) = (file_name(old), file_name(new));
        let change = match (old.as_str(), new.as_str()) {
            ("/dev/null", _) => PatchChange::Add,
            (_, "/dev/null") => PatchChange::Delete,
            _ => PatchChange::Modify,
        };
        let of_git = self
            .current
            .as_ref()
            .is_some_and(|file| file.change != PatchChange::Modify || self.hunk == (0, 0));
        let kept = self.current.take().filter(|_| of_git).map(|file| file.change);
        let begun = matches!(kept, Some(PatchChange::Rename | PatchChange::Copy));
        let change = if begun { kept.unwrap_or(change) } else { change };
        self.files.push(PatchedFile { old: self.stripped(&old), new: self.stripped(&new), change });
    }

    /// The lines of a git patch between `diff --git` and the first hunk.
    fn extended(&mut self, line: &str) {
        let name = |prefixes: [&str; 2]| {
            prefixes.iter().find_map(|prefix| line.strip_prefix(prefix)).map(unquoted)
        };
        let from = name(["rename from ", "copy from "]);
        let to = name(["rename to ", "copy to "]);
        let less = self.strip.map(|strip| strip.saturating_sub(1));
        let Some(file) = &mut self.current else { return };
        if let Some(from) = from {
            file.old = strip(&from, less);
        }
        if let Some(to) = to {
            file.new = strip(&to, less);
            file.change =
                if line.starts_with("rename") { PatchChange::Rename } else { PatchChange::Copy };
        }
        if line.starts_with("new file mode") {
            file.change = PatchChange::Add;
            file.old = None;
        } else if line.starts_with("deleted file mode") {
            file.change = PatchChange::Delete;
            file.new = None;
        }
    }

    fn stripped(&self, name: &str) -> Option<String> {
        if name == "/dev/null" || name.is_empty() { None } else { strip(name, self.strip) }
    }

    fn finish(&mut self) {
        if let Some(file) = self.current.take() {
            self.files.push(file);
        }
    }
}

fn strip(name: &str, levels: Option<usize>) -> Option<String> {
    let Some(levels) = levels else {
        return name.rsplit('/').next().map(str::to_owned);
    };
    let mut rest = name;
    for _ in 0..levels {
        rest = rest.split_once('/').map_or(rest, |(_, rest)| rest.trim_start_matches('/'));
    }
    Some(rest.to_owned())
}

/// A name of a header line, without its time stamp.
fn file_name(text: &str) -> String {
    if text.starts_with('"') {
        return unquoted(text);
    }
    let name = text.split('\t').next().unwrap_or_default();
    // `--- a/file 2026-01-01 12:00:00`, without a tab.
    let stamp = name
        .find(" 19")
        .or_else(|| name.find(" 20"))
        .filter(|at| name.get(at + 1..at + 6).is_some_and(|year| year.ends_with('-')));
    stamp.and_then(|at| name.get(..at)).unwrap_or(name).trim_end().to_owned()
}

/// Both names of `diff --git a/x b/x`; names with blanks are halved.
fn git_names(text: &str) -> (String, String) {
    if text.starts_with('"') {
        let old = unquoted(text);
        let rest =
            text.get(1..).and_then(|rest| rest.split_once("\" ")).map_or("", |(_, rest)| rest);
        return (old, unquoted(rest));
    }
    let middle = text.match_indices(" b/").map(|(at, _)| at).find(|at| {
        let (old, new) = text.split_at(*at);
        old.strip_prefix("a/") == new.strip_prefix(" b/")
    });
    match middle.or_else(|| text.find(' ')) {
        Some(at) => {
            let (old, new) = text.split_at(at);
            (old.to_owned(), unquoted(new.trim_start()))
        }
        None => (text.to_owned(), text.to_owned()),
    }
}

/// A name in git's C-like quotes, read; others as they are.
fn unquoted(text: &str) -> String {
    let Some(inside) = text.strip_prefix('"') else { return text.to_owned() };
    let mut bytes = Vec::new();
    let mut rest = inside.bytes().peekable();
    while let Some(byte) = rest.next() {
        match (byte, rest.peek().copied()) {
            (b'"', _) => break,
            (b'\\', Some(digit @ b'0'..=b'7')) => {
                let mut code = u32::from(digit - b'0');
                rest.next();
                for _ in 0..2 {
                    if let Some(digit @ b'0'..=b'7') = rest.peek().copied() {
                        code = code * 8 + u32::from(digit - b'0');
                        rest.next();
                    }
                }
                bytes.push(u8::try_from(code & 0xFF).unwrap_or_default());
            }
            (b'\\', Some(escaped)) => {
                rest.next();
                bytes.push(match escaped {
                    b'n' => b'\n',
                    b't' => b'\t',
                    b'r' => b'\r',
                    other => other,
                });
            }
            (byte, _) => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `-1,2 +1,3 @@`: the lines of a hunk before and after.
fn ranges_of(text: &str) -> (usize, usize) {
    let mut counts = text.split(' ').take(2).map(|range| match range.split_once(',') {
        Some((_, count)) => count.parse().unwrap_or(0),
        None => 1,
    });
    (counts.next().unwrap_or(0), counts.next().unwrap_or(0))
}
