//! The files of the working tree, for globs that match none, and for owners.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Finding, Weight, shown};
use crate::agent::{Boundaries, Containment, Definition, Rule};
use crate::hook::Place;
use crate::lane::Lane;
use crate::project::Project;

/// The most files that are looked at; beyond it, globs are not called dead.
const FILES_MAX: usize = 20_000;
const DEPTH_MAX: usize = 32;
/// How many paths a finding names.
const PATHS_SHOWN: usize = 5;

/// The files of the tree, relative to it.
#[derive(Debug)]
pub(super) struct Tree {
    files: Vec<PathBuf>,
    whole: bool,
}

impl Tree {
    /// The files of the project, without git's own, dependencies and builds.
    pub(super) fn of(project: &Project) -> Self {
        let mut files = Vec::new();
        let mut open = vec![(project.tree.clone(), 0)];
        while let Some((dir, depth)) = open.pop() {
            let Ok(entries) = std::fs::read_dir(&dir) else {
                continue;
            };
            let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
            paths.sort();
            for path in paths {
                let folder = path.is_dir() && !path.is_symlink();
                if folder && depth < DEPTH_MAX && !is_passed_over(&path) {
                    open.push((path, depth + 1));
                } else if !folder && let Ok(relative) = path.strip_prefix(&project.tree) {
                    files.push(relative.to_owned());
                }
                if files.len() > FILES_MAX {
                    return Self { files, whole: false };
                }
            }
        }
        Self { files, whole: true }
    }

    /// Globs of a definition that match no file.
    pub(super) fn dead_globs(
        &self,
        definition: &Definition,
        project: &Project,
        place: &Place,
    ) -> Vec<Finding> {
        let boundaries = &definition.boundaries;
        let rules = boundaries.allowed.iter().chain(&boundaries.forbidden);
        let dead = rules.filter(|rule| self.whole && !self.has(rule, project, place));
        dead.map(|rule| Finding {
            kind: "dead-glob",
            weight: Weight::Problem,
            agent: definition.name.clone(),
            file: shown(&definition.file, project),
            line: rule.line,
            message: format!("`{}` matches no file", rule.glob),
        })
        .collect()
    }

    fn has(&self, rule: &Rule, project: &Project, place: &Place) -> bool {
        let alone = Definition {
            boundaries: Boundaries {
                allowed: vec![Rule { glob: rule.glob.clone(), ..Rule::default() }],
                containment: Containment::Closed,
                ..Boundaries::default()
            },
            ..Definition::default()
        };
        let lane = Lane::new(&alone, project, place);
        self.files.iter().any(|file| lane.owns(file))
    }

    /// Folders that several agents own, and folders that none does.
    pub(super) fn owners(
        &self,
        all: &[&Definition],
        project: &Project,
        place: &Place,
    ) -> Vec<Finding> {
        let bounded = all.iter().filter(|one| !one.boundaries.allowed.is_empty());
        let lanes: Vec<(&str, Lane<'_>)> =
            bounded.map(|one| (one.name.as_str(), Lane::new(one, project, place))).collect();
        if lanes.is_empty() {
            return Vec::new();
        }
        let mut shared: BTreeMap<String, Vec<&Path>> = BTreeMap::new();
        let mut unowned: BTreeMap<String, Vec<&Path>> = BTreeMap::new();
        for file in &self.files {
            let owners: Vec<&str> =
                lanes.iter().filter(|(_, lane)| lane.owns(file)).map(|(name, _)| *name).collect();
            match owners.as_slice() {
                [] => unowned.entry(top(file)).or_default().push(file),
                [_] => {}
                several => shared.entry(several.join("`, `")).or_default().push(file),
            }
        }
        let shared = shared.into_iter().map(|(owners, files)| {
            let message = format!("owned by `{owners}`: {}", some(&files));
            about_project("two-owners", Weight::Problem, message)
        });
        let unowned: Vec<String> = unowned.into_keys().collect();
        let nobody = (!unowned.is_empty()).then(|| {
            about_project(
                "no-owner",
                Weight::Note,
                format!("owned by nobody: {}", unowned.join(", ")),
            )
        });
        shared.chain(nobody).collect()
    }
}

fn about_project(kind: &'static str, weight: Weight, message: String) -> Finding {
    Finding {
        kind,
        weight,
        agent: String::new(),
        file: ".claude/agents".to_owned(),
        line: 0,
        message,
    }
}

/// The folder of the tree's first level that holds the file, or the file.
fn top(file: &Path) -> String {
    let mut parts = file.iter();
    let first = parts.next().unwrap_or_default().to_string_lossy();
    if parts.next().is_some() { format!("{first}/") } else { first.into_owned() }
}

fn some(files: &[&Path]) -> String {
    let shown = files.iter().take(PATHS_SHOWN).map(|file| file.to_string_lossy().into_owned());
    let more = files.len().saturating_sub(PATHS_SHOWN);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", shown.collect::<Vec<_>>().join(", "))
}

fn is_passed_over(folder: &Path) -> bool {
    const NAMES: [&str; 6] = [".git", "node_modules", "target", ".venv", "dist", "worktrees"];
    folder.file_name().is_some_and(|name| NAMES.iter().any(|passed| name == *passed))
}
