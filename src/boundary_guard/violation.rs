//! A change outside the lane: found by comparing, judged by the lane.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::attribution::{Others, absolute};
use super::baseline::Baseline;
use crate::agent::Definition;
use crate::config::{Config, Mode};
use crate::hook::Place;
use crate::lane::{Lane, Refusal, Target};
use crate::project::Project;
use crate::repo::{self, Changed, Class, History, How, Scan};
use crate::shell::WriteKind;

/// A change outside the lane that no other run accounts for.
#[derive(Clone, Debug)]
pub(super) struct Violation {
    /// Relative to the working tree of the run, else absolute. Foreign text.
    pub(super) path: String,
    pub(super) change: Changed,
    /// A file in the lane that is the same as one outside it: its name.
    pub(super) linked: Option<String>,
    pub(super) refusal: Refusal,
    pub(super) mode: Mode,
}

/// What an audit found.
#[derive(Clone, Debug, Default)]
pub(super) struct Findings {
    pub(super) violations: Vec<Violation>,
    /// How many files changed in all, in the lane and outside.
    pub(super) changed: usize,
    /// Where the history of the run's tree stood, and where it stands.
    pub(super) history: Option<(History, History)>,
    /// What could not be compared.
    pub(super) gaps: Vec<String>,
}

/// Whose lane is judged, and where.
#[derive(Clone, Copy)]
pub(super) struct Judge<'a> {
    pub(super) project: &'a Project,
    pub(super) definition: &'a Definition,
    pub(super) config: &'a Config,
    pub(super) place: &'a Place,
}

/// Compares the working trees with what the run found.
pub(super) fn find(judge: Judge<'_>, baseline: &Baseline) -> anyhow::Result<Findings> {
    let lane = Lane::new(judge.definition, judge.project, judge.place);
    let mut found = Findings::default();
    let mut suspects = Vec::new();
    for (at, before) in baseline.trees.iter().enumerate() {
        let Some(now) = repo::scan(&before.root, Some(baseline.started))? else {
            found.gaps.push(format!("`{}` is no working tree any more", before.root.display()));
            continue;
        };
        let index = baseline.index(judge.project, at);
        let changed = repo::changes(before, index.as_deref(), &now)?;
        let mut changed = without_installs(changed);
        // Working trees of one repository share its configuration.
        changed.retain(|change| at == 0 || change.class != Class::Git);
        found.changed += changed.len();
        if at == 0 {
            found.history = Some((before.history.clone(), now.snapshot.history.clone()));
        }
        found.gaps.extend(now.snapshot.cut.iter().map(|folder| {
            format!("`{}` holds more files than were looked at", String::from_utf8_lossy(folder))
        }));
        suspects.extend(outside(judge, &lane, &before.root, changed, &now));
    }
    if suspects.is_empty() {
        return Ok(found);
    }
    let others = Others::since(baseline, judge.project, judge.place);
    let kept = suspects
        .into_iter()
        .filter(|(path, violation)| !others.account_for(path, kind(&violation.change)));
    found.violations = kept.map(|(_, violation)| violation).collect();
    Ok(found)
}

/// The changes that the lane refuses, each with its absolute path.
fn outside(
    judge: Judge<'_>,
    lane: &Lane<'_>,
    root: &Path,
    changed: Vec<Changed>,
    now: &Scan,
) -> Vec<(PathBuf, Violation)> {
    let links = linked_outside(judge, lane, root, &changed, now);
    let mut found = Vec::new();
    for change in changed {
        let path = absolute(root, &change.path);
        let judged = lane.judge(Target { path: &path, kind: kind(&change), subtree: false });
        let linked = links.get(&change.path).cloned();
        let refusal =
            judged.refusal.or_else(|| linked.as_ref().map(|(_, refusal)| refusal.clone()));
        let Some(refusal) = refusal else { continue };
        let mode = judge.config.mode(refusal.why.rule(), &judge.definition.name);
        if mode == Mode::Off {
            continue;
        }
        let linked = linked.map(|(name, _)| name);
        let shown = path.strip_prefix(&judge.project.tree).unwrap_or(&path);
        let shown = shown.to_string_lossy().into_owned();
        found.push((path, Violation { path: shown, change, linked, refusal, mode }));
    }
    found
}

/// Files in the lane that changed and are the same as a file outside it.
fn linked_outside(
    judge: Judge<'_>,
    lane: &Lane<'_>,
    root: &Path,
    changed: &[Changed],
    now: &Scan,
) -> BTreeMap<Vec<u8>, (String, Refusal)> {
    let wanted: BTreeMap<u64, &Changed> = changed
        .iter()
        .filter_map(|change| {
            Some((change.stat.filter(|stat| stat.is_file() && stat.links > 1)?.ino, change))
        })
        .collect();
    let mut found = BTreeMap::new();
    if wanted.is_empty() {
        return found;
    }
    let names: BTreeSet<&[u8]> = changed.iter().map(|change| change.path.as_slice()).collect();
    for (ino, other) in now.inodes(&wanted.keys().copied().collect()) {
        let Some(change) = wanted.get(&ino).filter(|change| change.path != other) else { continue };
        if names.contains(other.as_slice()) && change.how != How::Added {
            continue;
        }
        let path = absolute(root, &other);
        let judged = lane.judge(Target { path: &path, kind: WriteKind::Write, subtree: false });
        if let Some(refusal) = judged.refusal {
            let shown = path.strip_prefix(&judge.project.tree).unwrap_or(&path);
            found.insert(change.path.clone(), (shown.to_string_lossy().into_owned(), refusal));
        }
    }
    found
}

/// What a package manager did is no edit: where its own marker changed, the
/// folder it fills is left out.
fn without_installs(changed: Vec<Changed>) -> Vec<Changed> {
    const FOLDERS: &[&str] = &["node_modules", "vendor", "bower_components"];
    const MARKERS: &[&str] = &[
        ".package-lock.json",
        ".yarn-integrity",
        ".yarn-state.yml",
        ".modules.yaml",
        "installed.json",
        "modules.txt",
    ];
    let folder = |path: &[u8]| -> Option<Vec<u8>> {
        let mut end = 0;
        for name in path.split(|byte| *byte == b'/') {
            end += name.len();
            if std::str::from_utf8(name).is_ok_and(|name| FOLDERS.contains(&name)) {
                return path.get(..end).map(<[u8]>::to_vec);
            }
            end += 1;
        }
        None
    };
    let is_marker = |change: &&Changed| {
        let name = change.path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
        std::str::from_utf8(name).is_ok_and(|name| MARKERS.contains(&name))
    };
    // A folder that was not there at all was installed, or made by a tool.
    let made: BTreeSet<Vec<u8>> = changed
        .iter()
        .filter(|change| {
            is_marker(change) || matches!(change.how, How::FolderMade | How::FolderGone)
        })
        .filter(|change| change.class == Class::Hidden)
        .filter_map(|change| folder(&change.path))
        .collect();
    let keep = |change: &Changed| {
        let hidden = change.class == Class::Hidden;
        !(hidden && folder(&change.path).is_some_and(|folder| made.contains(&folder)))
    };
    changed.into_iter().filter(keep).collect()
}

/// How the lane sees a change.
pub(super) fn kind(change: &Changed) -> WriteKind {
    match change.how {
        How::Deleted | How::FolderGone => WriteKind::Delete,
        How::FolderMade => WriteKind::MakeFolder,
        // The name itself is meant, not what it may lead to.
        _ if change.is_link => WriteKind::Link,
        How::Mode => WriteKind::Attributes,
        How::Added | How::Modified | How::Committed(_) | How::Stashed(_) => WriteKind::Write,
    }
}
