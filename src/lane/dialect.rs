//! The dialect that authors of agent definitions write globs in.
//!
//! `dir/` and `dir/*` are the whole folder, a pattern without a slash holds in
//! every folder, `[locale]` is a literal folder name, `{a,b}` are alternatives,
//! `{app}`, `<X>` and `FEAT-XXXX` stand for any name. Text in, patterns out.

use std::borrow::Cow;
use std::path::Path;

use unicode_normalization::UnicodeNormalization;

use super::glob::{From, Pattern};
use super::wildcard::{FOLDERS, ONE, STAR};
use crate::project::tidy;

/// How many alternatives one glob may unfold to; more braces count as `*`.
const ALTERNATIVES_MAX: usize = 64;

/// Where globs start that do not start at the working tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bases<'a> {
    pub(super) tree: &'a Path,
    pub(super) home: Option<&'a Path>,
}

/// Whether a glob without a slash holds in every folder or at the root only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bare {
    AnyFolder,
    Root,
}

/// The patterns that a glob stands for.
pub(super) fn patterns(text: &str, bare: Bare, bases: Bases<'_>) -> Vec<Pattern> {
    let mut patterns = Vec::with_capacity(1);
    for text in alternatives(text) {
        push_patterns(&text, bare, bases, &mut patterns);
    }
    patterns
}

/// The text with `{a,b}` unfolded and `{name}` turned into `*`.
fn alternatives(text: &str) -> Vec<Cow<'_, str>> {
    if !text.contains('{') {
        return vec![Cow::Borrowed(text)];
    }
    let mut open = vec![text.to_owned()];
    let mut done = Vec::new();
    while let Some(text) = open.pop() {
        let Some((before, inner, after)) = first_braces(&text) else {
            done.push(Cow::Owned(text));
            continue;
        };
        let parts = split_top(inner);
        if parts.len() == 1 || open.len() + done.len() + parts.len() > ALTERNATIVES_MAX {
            let before = before.strip_suffix('$').unwrap_or(before);
            open.push(format!("{before}*{after}"));
        } else {
            open.extend(parts.iter().map(|part| format!("{before}{part}{after}")));
        }
    }
    done
}

/// What stands before, inside and after the first closed pair of braces.
fn first_braces(text: &str) -> Option<(&str, &str, &str)> {
    let mut starts = Vec::new();
    let mut outermost = None;
    for (at, character) in text.char_indices() {
        match character {
            '{' => starts.push(at),
            '}' => {
                if let Some(start) = starts.pop() {
                    outermost = Some((start, at));
                    if starts.is_empty() {
                        break;
                    }
                }
            }
            _ => {}
        }
    }
    let (start, end) = outermost?;
    Some((text.get(..start)?, text.get(start + 1..end)?, text.get(end + 1..)?))
}

/// The parts between the commas that stand in no inner braces.
fn split_top(text: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    text.split(|character| {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == ',' && depth == 0
    })
    .collect()
}

fn push_patterns(text: &str, bare: Bare, bases: Bases<'_>, patterns: &mut Vec<Pattern>) {
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    let text = &*without_escapes(text);
    let mut add = |bytes: Vec<u8>, from| patterns.push(Pattern { bytes, from });
    if let Some((base, rest)) = outside_base(text, bases) {
        let path = tidy(&base.join(rest));
        let mut path = path.to_string_lossy().into_owned();
        if text.ends_with('/') {
            path.push('/');
        }
        return add(segments(path.trim_start_matches('/'), Bare::Root), From::FileSystem);
    }
    if let Some(rest) = text.strip_prefix('/').filter(|rest| !rest.is_empty()) {
        add(segments(rest, Bare::Root), From::FileSystem);
        return add(segments(rest, Bare::Root), From::Tree);
    }
    match text.strip_prefix("./") {
        Some(rest) => add(segments(rest, Bare::Root), From::Tree),
        None => add(segments(text, bare), From::Tree),
    }
}

/// The folder that `~/…` and `../…` start from, and the rest.
fn outside_base<'t>(text: &'t str, bases: Bases<'t>) -> Option<(&'t Path, &'t str)> {
    if let (Some(rest), Some(home)) = (text.strip_prefix("~/"), bases.home) {
        return Some((home, rest));
    }
    text.starts_with("../").then_some((bases.tree, text))
}

/// The pattern's bytes, segment by segment.
fn segments(text: &str, bare: Bare) -> Vec<u8> {
    let text: Cow<'_, str> =
        if text.is_ascii() { text.into() } else { text.nfc().collect::<String>().into() };
    let parts = || text.split('/').filter(|part| !part.is_empty() && *part != ".");
    let count = parts().count();
    if count == 0 {
        return vec![FOLDERS];
    }
    let folder = text.ends_with('/');
    let mut out = Vec::with_capacity(text.len() + 4);
    if bare == Bare::AnyFolder && count == 1 && !folder {
        out.extend([FOLDERS, b'/']);
    }
    for (index, part) in parts().enumerate() {
        if index > 0 {
            out.push(b'/');
        }
        let last = index + 1 == count;
        match part {
            "**" => out.push(FOLDERS),
            "*" if last && !folder => out.push(FOLDERS),
            _ => match part.strip_prefix("**") {
                Some(rest) => {
                    out.extend([FOLDERS, b'/', STAR]);
                    push_segment(rest, &mut out);
                }
                None => push_segment(part, &mut out),
            },
        }
    }
    if folder && out.last() != Some(&FOLDERS) {
        out.extend([b'/', FOLDERS]);
    }
    collapse(out)
}

/// Backslashes are Windows slashes if one stands before a letter, else Markdown's.
fn without_escapes(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut following = text.chars().skip(1);
    let windows = text.chars().any(|character| {
        let next = following.next();
        character == '\\' && next.is_some_and(char::is_alphanumeric)
    });
    Cow::Owned(if windows { text.replace('\\', "/") } else { text.replace('\\', "") })
}

/// `**/**` means no more than `**`.
fn collapse(pattern: Vec<u8>) -> Vec<u8> {
    if !pattern.windows(3).any(|window| window == [FOLDERS, b'/', FOLDERS]) {
        return pattern;
    }
    let mut parts: Vec<&[u8]> = pattern.split(|byte| *byte == b'/').collect();
    parts.dedup_by(|next, previous| *next == [FOLDERS] && *previous == [FOLDERS]);
    parts.join(&b'/')
}

fn push_segment(text: &str, out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let (taken, wild) = match character {
            '*' => (1, Some(STAR)),
            '?' => (1, Some(ONE)),
            '<' => match rest.find('>') {
                Some(end) => (end + 1, Some(STAR)),
                None => (1, None),
            },
            _ => match word(rest) {
                0 => (character.len_utf8(), None),
                length if is_placeholder(rest.get(..length).unwrap_or_default()) => {
                    (length, Some(STAR))
                }
                length => (length, None),
            },
        };
        match wild {
            Some(STAR) if out.last() == Some(&STAR) => {}
            Some(wild) => out.push(wild),
            None => out.extend_from_slice(rest.as_bytes().get(..taken).unwrap_or_default()),
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
}

/// The length of the run of ASCII letters and digits at the start.
fn word(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_alphanumeric).count()
}

/// `XXXX`, `NN`, `YYYY`: one capital repeated, as authors write "some number".
fn is_placeholder(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() >= 2
        && bytes.first().is_some_and(|first| {
            b"XNYMDHS".contains(first) && bytes.iter().all(|byte| byte == first)
        })
}
