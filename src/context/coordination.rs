//! Markdown files by which agents talk to each other (`role-comm-backend.md`).
//!
//! The agent writes them itself; ours is one part between two marker lines,
//! and what stands outside it is never touched.

use std::path::{Component, Path, PathBuf};

use super::facts::{Facts, name};
use super::record::Record;
use crate::agent::Definition;
use crate::hook::clip;
use crate::order;
use crate::project::Project;

const BEGIN: &str = "<!-- lanekeeper: begin (kept up to date by context-publisher) -->";
const BEGIN_MARK: &str = "<!-- lanekeeper: begin";
const END: &str = "<!-- lanekeeper: end -->";

/// The coordination files that the definition tells its agent to write.
///
/// Only plain Markdown paths inside the project, and only those that other
/// agents look for: the definition's own reading pattern, or a `role-` file.
pub fn written_by(definition: &Definition) -> Vec<PathBuf> {
    let reads = &definition.coordination.reads;
    let writes = definition.coordination.writes.iter();
    let paths = writes.map(|item| Path::new(item.text.trim_matches('`')));
    let is_shared = |path: &&Path| {
        let name = file_name(path);
        name.starts_with("role-") || reads.iter().any(|item| matches_glob(&item.text, path))
    };
    paths.filter(|path| is_plain_markdown(path)).filter(is_shared).map(Path::to_owned).collect()
}

/// The coordination files that the definition tells its agent to read and that
/// are there, newest first, without those it writes itself.
pub fn read_by(definition: &Definition, project: &Project) -> Vec<PathBuf> {
    const FILES_MAX: usize = 8;
    let own = written_by(definition);
    let mut found: Vec<(std::time::SystemTime, PathBuf)> = Vec::new();
    for item in &definition.coordination.reads {
        for root in [&project.tree, &project.main] {
            for path in matching(root, item.text.trim_matches('`')) {
                let is_own =
                    path.strip_prefix(root).is_ok_and(|path| own.iter().any(|own| own == path));
                let modified = path.symlink_metadata().and_then(|meta| meta.modified());
                if let (false, Ok(modified)) = (is_own, modified)
                    && !found.iter().any(|(_, known)| *known == path)
                {
                    found.push((modified, path));
                }
            }
        }
    }
    order::by(&mut found, |left, right| right.cmp(left));
    found.into_iter().take(FILES_MAX).map(|(_, path)| path).collect()
}

/// The text with our part replaced, or added at the end.
pub fn with_part(before: Option<&str>, part: &str) -> String {
    let before = before.unwrap_or_default();
    let block = format!("{BEGIN}\n{part}{END}\n");
    if let Some((head, tail)) = around_part(before) {
        return format!("{head}{block}{tail}");
    }
    let gap = match before {
        "" => "",
        text if text.ends_with("\n\n") => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    format!("{before}{gap}{block}")
}

/// What stands before and after our part; `None` when there is no whole one.
fn around_part(text: &str) -> Option<(&str, &str)> {
    let mut at = 0;
    let mut begin = None;
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        match begin {
            None if line.starts_with(BEGIN_MARK) => begin = Some(at),
            Some(begin) if line.trim_end() == END => {
                return Some((text.get(..begin)?, text.get(end..)?));
            }
            _ => {}
        }
        at = end;
    }
    None
}

/// Our part: what the record says, quoted so that it can never be a marker.
pub fn part(record: &Record) -> String {
    let mut facts = Facts::about(&format!(
        "## Published by {}, run {} at {}\n",
        name(&record.agent),
        record.status.word(),
        record.timestamp,
    ));
    facts.quote(&record.summary, 300);
    facts.list("\nDecisions:\n", &record.decisions, 3_000);
    facts.list("\nBlockers:\n", &record.blockers, 2_000);
    facts.list("\nChanged files:\n", &record.changed_files, 2_000);
    facts.list("\nNext steps:\n", &record.next_steps, 2_000);
    facts.fields("\nContext:\n", &record.context, 6_000);
    facts.into_text()
}

fn is_plain_markdown(path: &Path) -> bool {
    let text = path.to_string_lossy();
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("md"))
        && path.components().all(|part| matches!(part, Component::Normal(_)))
        && !text.contains(['*', '?', '{', '[', '<', ' ', '$'])
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Whether a glob whose only wildcards are `*` in the file name covers a path.
fn matches_glob(glob: &str, path: &Path) -> bool {
    let glob = Path::new(glob.trim_matches('`'));
    glob.parent() == path.parent() && wildcard(&file_name(glob), &file_name(path))
}

/// Matches `*`s greedily from both ends and in order between.
fn wildcard(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// The files below `root` that a coordination pattern names.
fn matching(root: &Path, glob: &str) -> Vec<PathBuf> {
    const ENTRIES_MAX: usize = 10_000;
    let glob = Path::new(glob);
    let is_relative = glob.components().all(|part| matches!(part, Component::Normal(_)));
    let folder = glob.parent().unwrap_or(Path::new(""));
    if !is_relative
        || folder.to_string_lossy().contains('*')
        || glob.extension().is_none_or(|end| end != "md")
    {
        return Vec::new();
    }
    let Ok(entries) = std::fs::read_dir(root.join(folder)) else { return Vec::new() };
    let paths = entries.take(ENTRIES_MAX).filter_map(|entry| entry.ok().map(|entry| entry.path()));
    paths.filter(|path| wildcard(&file_name(glob), &file_name(path))).collect()
}

/// A coordination file as it is shown to another agent.
pub fn shown(path: &Path, text: &str, age: &str) -> Facts {
    const FILE_CHARS_MAX: usize = 3_000;
    let file = name(&file_name(path));
    let mut facts = Facts::about(&format!("Coordination file {file}, changed {age}:"));
    facts.quote(&clip(text, FILE_CHARS_MAX), FILE_CHARS_MAX);
    facts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::Item;

    #[test]
    fn our_part_is_replaced_and_the_rest_is_not_touched() {
        let block = |part: &str| format!("{BEGIN}\n{part}{END}\n");
        let check = |before: Option<&str>, after: String| {
            assert_eq!(with_part(before, "new\n"), after);
            assert_eq!(with_part(Some(&after), "new\n"), after, "a second time");
        };
        check(None, block("new\n"));
        check(Some("# Mine\r\n"), format!("# Mine\r\n\n{}", block("new\n")));
        check(Some("no end"), format!("no end\n\n{}", block("new\n")));
        let around = format!("before\n{}after", block("old\nolder\n"));
        check(Some(&around), format!("before\n{}after", block("new\n")));
        // Half a part is the agent's text, too.
        let half = format!("a\n{BEGIN}\nb\n");
        assert_eq!(with_part(Some("a\n"), "x\n"), format!("a\n\n{}", block("x\n")));
        assert!(with_part(Some(&half), "new\n").starts_with("a\n"));
    }

    #[test]
    fn matches_the_patterns_of_coordination_files() {
        let check = |glob: &str, name: &str, expected: bool| {
            assert_eq!(wildcard(glob, name), expected, "{glob} {name}");
        };
        check("role-comm-*.md", "role-comm-frontend.md", true);
        check("role-comm-*.md", "role-plan-frontend.md", false);
        check("role-plan-backend.md", "role-plan-backend.md", true);
        check("*-*.md", "a-b.md", true);
        check("a*a", "a", false);
    }

    #[test]
    fn only_files_that_agents_share_get_a_part() {
        let item = |text: &str| Item { text: text.to_owned(), line: 1 };
        let mut definition = Definition::default();
        definition.coordination.reads = vec![item("team-*.md")];
        let writes = [
            "role-comm-backend.md",
            "team-a.md",
            "README.md",
            "../role-x.md",
            "/role-y.md",
            "role-*.md",
            "package.json",
        ];
        definition.coordination.writes = writes.iter().map(|text| item(text)).collect();
        let paths = [PathBuf::from("role-comm-backend.md"), PathBuf::from("team-a.md")];
        assert_eq!(written_by(&definition), paths);
    }
}
