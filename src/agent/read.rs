//! A definition read whole: the order in which its parts are asked.

use std::borrow::Cow;
use std::path::Path;

use anyhow::Context;

use super::frontmatter::{self, Front, Stage};
use super::outline::Outline;
use super::{
    Boundaries, Definition, Item, Rule, boundaries, contracts, coordination, handoffs, hooks,
    items, limits, read_only, tools,
};

/// How much of a definition is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    /// What decides on a tool call.
    Lane,
    Whole,
}

impl Definition {
    /// Reads a definition from its text.
    ///
    /// Errors only past a limit; whatever else is wrong becomes a warning.
    pub fn parse(text: &str, file: &Path) -> anyhow::Result<Self> {
        read(text, file, Extent::Whole)
            .with_context(|| format!("could not read `{}`", file.display()))
    }

    /// Reads only what decides on a tool call: name, tools, boundaries,
    /// technology, and the files that the agent is told to write.
    pub(super) fn parse_lane(text: &str, file: &Path) -> anyhow::Result<Self> {
        read(text, file, Extent::Lane)
            .with_context(|| format!("could not read `{}`", file.display()))
    }
}

fn read(text: &str, file: &Path, extent: Extent) -> anyhow::Result<Definition> {
    limits::check_text(text)?;
    let text = normal(text);
    let front = frontmatter::read(&text);
    let outline = Outline::read(front.body, front.body_line);
    limits::check_sections(outline.sections.len())?;
    let boundaries::Read { mut boundaries, warnings: unsure, denied } =
        boundaries::read(&front, &outline, extent == Extent::Whole);
    limits::check_globs(boundaries.allowed.len() + boundaries.forbidden.len())?;
    let tools = tools::read(&front);
    let says_so = || if boundaries.allowed.is_empty() { read_only::read(&outline) } else { None };
    boundaries.read_only = tools::read_only(&front, &tools).or_else(says_so);
    let technology = items::technology(&outline);
    boundaries.concepts.extend(technology.iter().flat_map(items::ruled_out));
    let lane = Definition {
        name: name(&front, file),
        file: file.to_owned(),
        tools,
        technology,
        coordination: coordination::read(&outline, &denied),
        boundaries,
        ..Definition::default()
    };
    if extent == Extent::Lane {
        return Ok(lane);
    }
    let mut warnings = warnings(&front, &lane.boundaries);
    warnings.extend(hooks::warnings(&front));
    warnings.extend(unsure);
    Ok(Definition {
        contracts: contracts::read(&outline),
        red_flags: items::red_flags(&outline),
        success_criteria: items::success_criteria(&outline),
        handoffs: handoffs::read(&front, &outline),
        warnings,
        text: text.into_owned(),
        ..lane
    })
}

/// Without byte order mark, with `\n` for every line break.
fn normal(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if memchr::memchr(b'\r', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

fn name(front: &Front<'_>, file: &Path) -> String {
    front.text("name").map_or_else(
        || file.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        |name| name.trim().to_owned(),
    )
}

fn warnings(front: &Front<'_>, boundaries: &Boundaries) -> Vec<Item> {
    let mut found = Vec::new();
    let mut warn = |text: String, line: usize| found.push(Item { text, line });
    match &front.stage {
        Stage::Absent => warn("no frontmatter: the client does not load this file".to_owned(), 1),
        Stage::Strict => {}
        Stage::Requoted(error) => {
            warn(
                format!("the frontmatter is not valid YAML ({error}); read with its values quoted"),
                1,
            );
        }
        Stage::ByLine(error) => {
            warn(format!("the frontmatter is not valid YAML ({error}); read line by line"), 1);
        }
    }
    if front.stage != Stage::Absent && front.text("name").is_none() {
        warn("no `name`: the client does not load this file".to_owned(), 1);
    }
    if let (Some(reason), Some(Rule { line, .. })) =
        (&boundaries.read_only, boundaries.allowed.first())
    {
        warn(format!("globs are allowed, but nothing can be written ({})", reason.text), *line);
    }
    found
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Every definition of the shared data, by name.
    fn real_files() -> Vec<(std::path::PathBuf, String)> {
        let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
        let folders = ["agents/labelled", "agents/unlabelled", "seeds"];
        let entries = folders.iter().filter_map(|folder| fs::read_dir(shared.join(folder)).ok());
        let files = entries.flatten().map(|entry| entry.unwrap().path());
        files
            .filter(|file| file.extension().is_some_and(|kind| kind == "md" || kind == "txt"))
            .map(|file| (file.clone(), fs::read_to_string(&file).unwrap()))
            .collect()
    }

    #[test]
    fn a_tool_call_is_judged_by_what_the_whole_reading_says() {
        let files = real_files();
        if files.is_empty() {
            println!("skipped: no shared definitions");
        }
        for (file, text) in files {
            let (lane, whole) =
                (Definition::parse_lane(&text, &file), Definition::parse(&text, &file));
            let (Ok(lane), Ok(whole)) = (lane, whole) else {
                panic!("{} is not read", file.display());
            };
            let said = |definition: &Definition| {
                format!(
                    "{} {:?} {:?} {:?} {:?}",
                    definition.name,
                    definition.tools,
                    definition.boundaries,
                    definition.technology,
                    definition.coordination
                )
            };
            assert_eq!(said(&lane), said(&whole), "{}", file.display());
        }
    }
}
