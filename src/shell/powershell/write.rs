//! From a path as PowerShell spells it to a write.

use std::path::{Path, PathBuf};

use super::commands::Command;
use super::lex::{HOLE, Token, lex};
use super::{DIRS_MAX, NULL, Reader};
use crate::project::tidy;
use crate::shell::{Added, Unnamed, Write, WriteKind};

/// Most writes that are told of one command.
const WRITES_MAX: usize = 512;
/// Longest code that `Invoke-Expression` is followed into, in bytes.
const CODE_BYTES_MAX: usize = 4096;

/// Static methods of `[IO.File]` and `[IO.Directory]` and which arguments they write.
const METHODS: &[(&str, &[(usize, WriteKind)])] = &[
    ("writealltext", &[(0, WriteKind::Write)]),
    ("writealllines", &[(0, WriteKind::Write)]),
    ("writeallbytes", &[(0, WriteKind::Write)]),
    ("appendalltext", &[(0, WriteKind::Write)]),
    ("appendalllines", &[(0, WriteKind::Write)]),
    ("appendtext", &[(0, WriteKind::Write)]),
    ("create", &[(0, WriteKind::Write)]),
    ("createtext", &[(0, WriteKind::Write)]),
    ("openwrite", &[(0, WriteKind::Write)]),
    ("delete", &[(0, WriteKind::Delete)]),
    ("move", &[(0, WriteKind::Delete), (1, WriteKind::Write)]),
    ("copy", &[(1, WriteKind::Write)]),
    ("replace", &[(0, WriteKind::Delete), (1, WriteKind::Write)]),
    ("createdirectory", &[(0, WriteKind::MakeFolder)]),
    ("setattributes", &[(0, WriteKind::Attributes)]),
    ("createsymboliclink", &[(0, WriteKind::Link)]),
];

impl Reader<'_> {
    /// `[IO.File]::WriteAllText('a', 'x')`.
    pub(super) fn method(&mut self, part: &[Token], tokens: &[Token], open: usize) {
        let Some(Token::Word(name)) = part.last() else { return };
        let class = part.iter().rev().nth(2).map(|token| self.text(token).to_ascii_lowercase());
        let class = class.unwrap_or_default();
        if !class.ends_with("file]") && !class.ends_with("directory]") {
            return;
        }
        let name = name.to_ascii_lowercase();
        let Some((_, effects)) = METHODS.iter().find(|(method, _)| *method == name) else { return };
        let mut args = vec![String::new()];
        for token in tokens.get(open + 1..).unwrap_or_default() {
            match token {
                Token::Op(")") => break,
                Token::Op(",") => args.push(String::new()),
                Token::Op(_) => {
                    if let Some(last) = args.last_mut() {
                        last.push(HOLE);
                    }
                }
                token => {
                    let text = self.text(token);
                    if let Some(last) = args.last_mut() {
                        last.push_str(&text);
                    }
                }
            }
        }
        let shown = format!("[IO]::{name}");
        for (at, kind) in *effects {
            let target = args.get(*at).cloned().unwrap_or(HOLE.to_string());
            self.write(&target, *kind, *kind == WriteKind::Delete, &shown);
        }
    }

    /// One target, which may be a list joined by NUL.
    pub(super) fn write(&mut self, target: &str, kind: WriteKind, subtree: bool, part: &str) {
        for target in target.split('\0').filter(|target| *target != NULL) {
            let wild = target.find(['*', '?', '[', HOLE]);
            let (known, subtree) = match wild {
                None => (target, subtree),
                // A known folder before the unknown is enough to judge by.
                Some(at) => {
                    let before = target.get(..at).unwrap_or_default();
                    let folder = before.rfind(['/', '\\']).and_then(|end| before.get(..=end));
                    let unknown = target.get(at..).is_some_and(|rest| rest.starts_with(HOLE));
                    match folder {
                        Some(folder) if folder.len() > 1 => (folder, true),
                        _ if unknown => {
                            self.unnamed(part, "the path is not written out");
                            continue;
                        }
                        _ => (".", true),
                    }
                }
            };
            self.write_known(known, kind, subtree, part);
        }
    }

    fn write_known(&mut self, known: &str, kind: WriteKind, subtree: bool, part: &str) {
        let path = PathBuf::from(known.replace('\\', "/"));
        let path = match (path.strip_prefix("~"), self.setting.home) {
            (Ok(rest), Some(home)) => home.join(rest),
            (Ok(_), None) => return self.unnamed(part, "the home folder is not known"),
            (Err(_), _) => path,
        };
        let rooted = path.is_absolute() || known.chars().nth(1) == Some(':');
        if !rooted && self.dirs.is_empty() {
            return self.unnamed(part, "the working directory is not known");
        }
        let dirs = if rooted { vec![PathBuf::from("/")] } else { self.dirs.clone() };
        let certain = dirs.len() == 1;
        for dir in dirs {
            if self.found.writes.len() >= WRITES_MAX {
                return self.unnamed(part, "too many paths");
            }
            let path = tidy(&dir.join(&path));
            let write = Write { path, kind, certain, subtree, part: part.to_owned() };
            if !self.found.writes.contains(&write) {
                self.found.writes.push(write);
            }
        }
    }

    pub(super) fn unnamed(&mut self, part: &str, why: &str) {
        if self.found.unnamed.len() < WRITES_MAX {
            self.found.unnamed.push(Unnamed { part: part.to_owned(), why: why.to_owned() });
        }
    }

    pub(super) fn added(&mut self, target: &str, text: Option<&str>) {
        let Some(text) = text else { return };
        let path = match (self.dirs.as_slice(), target.contains([HOLE, '*'])) {
            ([dir], false) => Some(tidy(&dir.join(target.replace('\\', "/")))),
            _ => None,
        };
        self.found.added.push(Added { path, text: text.to_owned() });
    }

    pub(super) fn change_dir(&mut self, to: Option<&str>, nested: bool) {
        let to = match to {
            Some(to) => to.replace('\\', "/"),
            None => "~".to_owned(),
        };
        let to = match (Path::new(&to).strip_prefix("~"), self.setting.home) {
            (Ok(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(&to),
        };
        if to.to_string_lossy().contains([HOLE, '*', '~']) {
            self.dirs.clear();
            return;
        }
        let moved: Vec<PathBuf> = if to.is_absolute() {
            vec![to]
        } else {
            self.dirs.iter().map(|dir| tidy(&dir.join(&to))).collect()
        };
        // In a block that may not run, the old directory stays possible.
        if !nested {
            self.dirs.clear();
        }
        let room = DIRS_MAX.saturating_sub(self.dirs.len());
        if moved.len() > room {
            self.dirs.clear();
        } else {
            self.dirs.extend(moved);
        }
    }

    pub(super) fn nested_code(&mut self, command: &Command, part: &str) {
        match command.value() {
            Some(code) if !code.contains(HOLE) && code.len() < part.len().max(CODE_BYTES_MAX) => {
                let code = code.clone();
                // What it runs in turn has at most the rest of the same text.
                let tokens = lex(&code);
                let runs_more = tokens.iter().any(|token| {
                    matches!(token, Token::Word(word) if word.to_ascii_lowercase().starts_with('i') && word.to_ascii_lowercase().contains("ex"))
                });
                if runs_more {
                    self.found.opaque.push(part.to_owned());
                } else {
                    self.read(&tokens);
                }
            }
            _ => self.found.opaque.push(part.to_owned()),
        }
    }
}
