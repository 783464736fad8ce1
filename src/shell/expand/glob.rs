//! Globs on disk, with what the command itself made so far.

use super::super::machine::Machine;
use super::super::state::Options;
use super::super::{target, text};
use super::pattern;

/// Most matches of one glob.
const MATCHES: usize = 500;
/// Deepest folder that `**` enters.
const DEPTH: usize = 12;

impl Machine<'_> {
    /// The paths that `pattern` matches, spelled relative to `dir` if it is.
    pub(in crate::shell) fn glob(
        &mut self,
        dir: &str,
        pattern: &str,
        options: Options,
    ) -> Vec<String> {
        let rooted = pattern.starts_with('/');
        if !rooted && text::has_hole(dir) {
            return Vec::new();
        }
        let mut found = vec![if rooted { "/".to_owned() } else { String::new() }];
        let mut parts = parts(pattern).into_iter().peekable();
        while let Some(part) = parts.next() {
            let last = parts.peek().is_none();
            found = self.component(dir, found, &part, last, options);
            if found.is_empty() {
                break;
            }
        }
        if pattern.ends_with('/') {
            for path in &mut found {
                path.push('/');
            }
        }
        found
    }

    /// The paths below each of `found` that the next component matches.
    fn component(
        &mut self,
        dir: &str,
        found: Vec<String>,
        part: &str,
        last: bool,
        options: Options,
    ) -> Vec<String> {
        let mut next = Vec::new();
        for base in found {
            if text::has_hole(&base) {
                next.push(base);
                continue;
            }
            if part == "**" && options.globstar {
                next.push(base.clone());
                self.below(dir, &base, last, DEPTH, &mut next);
                continue;
            }
            if !pattern::is_glob(part) {
                let path = joined(&base, &pattern::unescape(part));
                if self.disk.find(&target::absolute(dir, &path)).is_some() {
                    next.push(path);
                }
                continue;
            }
            let hidden = part.starts_with('.') || part.starts_with("\\.");
            for name in self.disk.list(&target::absolute(dir, &base)) {
                if (hidden || !name.starts_with('.')) && pattern::matches(part, &name) {
                    let path = joined(&base, &name);
                    if last || self.disk.is_folder(&target::absolute(dir, &path)) {
                        next.push(path);
                    }
                }
            }
            if next.len() > MATCHES || !self.disk.can_list() {
                // More than can be followed: the folder stands for all of it.
                let folder = joined(&base, &text::HOLE.to_string());
                return vec![folder];
            }
        }
        next
    }

    /// All folders below `base`, and files when `**` is the last component.
    fn below(&mut self, dir: &str, base: &str, files: bool, depth: usize, out: &mut Vec<String>) {
        if depth == 0 || out.len() > MATCHES || !self.disk.can_list() {
            return;
        }
        for name in self.disk.list(&target::absolute(dir, base)) {
            if name.starts_with('.') {
                continue;
            }
            let path = joined(base, &name);
            let absolute = target::absolute(dir, &path);
            let folder = self.disk.is_folder(&absolute) && !self.disk.is_link(&absolute);
            if folder || files {
                out.push(path.clone());
            }
            if folder {
                self.below(dir, &path, files, depth - 1, out);
            }
        }
    }
}

fn joined(base: &str, name: &str) -> String {
    if base.is_empty() || base.ends_with('/') {
        format!("{base}{name}")
    } else {
        format!("{base}/{name}")
    }
}

/// The pattern's components. A slash is escaped where it was quoted, and separates all the same.
fn parts(pattern: &str) -> Vec<String> {
    pattern
        .replace("\\/", "/")
        .split('/')
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}
