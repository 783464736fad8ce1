//! Files that the definition tells the agent to read or write: its
//! coordination files, its context protocol, what it is told to create.

use super::globs;
use super::marks;
use super::outline::{Kind, Line, Outline};
use super::trim::stripped;
use super::{Coordination, Item};

/// The files of the body's instructions, but for the lines that deny.
pub(super) fn read(outline: &Outline<'_>, denied: &[usize]) -> Coordination {
    let mut found = Coordination::default();
    let mut example = false;
    for line in &outline.lines {
        let text = line.text;
        if let Kind::Heading(_) = line.kind {
            example = text.contains("xample");
        }
        if denied.binary_search(&line.number).is_ok() {
            continue;
        }
        if example || !line.holds(marks::DOT | marks::SLASH | marks::STAR) {
            continue;
        }
        let (verb, rest) = match line.label {
            Some(label) if !label.rest.is_empty() => (label.name, label.rest),
            _ => (first_word(text), text),
        };
        match deed(verb) {
            Some(Deed::Write) => push(&mut found.writes, rest, line),
            Some(Deed::Read) => push(&mut found.reads, rest, line),
            // "Setup: Create package.json": the verb stands behind the label.
            None => match deed(first_word(rest)) {
                Some(Deed::Write) => push(&mut found.writes, rest, line),
                Some(Deed::Read) => push(&mut found.reads, rest, line),
                None => {}
            },
        }
    }
    context_files(outline, &mut found);
    found
}

/// How many files of each kind are kept.
const FILES_MAX: usize = 200;

enum Deed {
    Read,
    Write,
}

fn deed(verb: &str) -> Option<Deed> {
    const WRITE: [&str; 7] = ["write", "create", "save", "update", "append", "output", "record"];
    let verb = stripped(verb, |byte| matches!(byte, b'*' | b':'));
    if verb.eq_ignore_ascii_case("read") {
        return Some(Deed::Read);
    }
    WRITE.iter().any(|word| verb.eq_ignore_ascii_case(word)).then_some(Deed::Write)
}

fn first_word(text: &str) -> &str {
    // Words are short: a search that is made for long texts costs more.
    let end = text.bytes().position(|byte| byte == b' ');
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

fn push(side: &mut Vec<Item>, text: &str, line: &Line<'_>) {
    // "Write x if not y", "Read x for z": the paths stand before the reason.
    for path in globs::paths_in(text) {
        // An absolute path is an endpoint more often than a file.
        if !path.starts_with('/')
            && side.len() < FILES_MAX
            && !side.iter().any(|item| item.text == path)
        {
            side.push(Item { text: path, line: line.number });
        }
    }
}

/// The paths under "Context Protocol"; one code span may hold two.
fn context_files(outline: &Outline<'_>, found: &mut Coordination) {
    for section in outline.titled(|title| title.starts_with("context protocol")) {
        for line in outline.slice(&section.whole).iter().filter(|line| line.is_prose()) {
            for span in line.text.split('`').skip(1).step_by(2) {
                for path in span.split(" and ").flat_map(|path| path.split(", ")) {
                    let Some(glob) = globs::glob(path, globs::Spelling::Quoted) else {
                        continue;
                    };
                    if glob.contains('/')
                        && !found.context_files.iter().any(|item| item.text == glob)
                    {
                        found.context_files.push(Item { text: glob, line: line.number });
                    }
                }
            }
        }
    }
}
