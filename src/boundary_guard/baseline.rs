//! The state in which a run found the working tree, kept until it stops.
//!
//! One file per run under `.claude/logs/lanekeeper/baseline/`, and beside it
//! git's index of that moment. What the difference means is [`super::audit`]'s.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use crate::hook::Event;
use crate::project::Project;
use crate::repo::{self, Snapshot};
use crate::store;

/// The format of the file; another is taken for none.
const VERSION: u32 = 1;

/// A kernel's clock for files may lag the one that is asked by a tick or two.
const CLOCK_SLACK_NANOS: i64 = 50_000_000;

/// What a run that never stopped left behind is removed after this, and after
/// the other what one left that did.
const KEPT_FOR: Duration = Duration::from_hours(14 * 24);
const KEPT_STOPPED_FOR: Duration = Duration::from_hours(24);

/// The extension of a run's file while it works, and when it has stopped. A
/// stopped run may be sent back by another hook and stop again.
const WORKING: &str = "json";
const STOPPED: &str = "stopped";

/// The run's own working tree, and the main checkout.
const TREES_MAX: usize = 2;

/// Longest part of a file name that comes from an identifier, in characters.
const NAME_CHARS_MAX: usize = 80;

/// The state in which a run found its working tree.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Baseline {
    version: u32,
    pub(super) session: String,
    pub(super) run: String,
    pub(super) agent: String,
    /// When, in nanoseconds since 1970, a little early.
    pub(super) started: i64,
    /// The working tree of the run, then the main checkout if that is another.
    pub(super) trees: Vec<Snapshot>,
    /// What a stop was already sent back for; the run may undo these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) told: Option<Vec<Told>>,
    /// What is in the ledger already as a violation of this run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) recorded: Vec<String>,
}

/// A path that a stop was sent back for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Told {
    /// As the refusal of a write to it names it.
    pub(super) path: String,
    pub(super) undo: Undo,
}

/// How a change is undone: the run may do this to the path and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Undo {
    /// It was not there: it goes away.
    Remove,
    /// Git has what it held.
    Restore,
    /// Nobody but the run knows what it held.
    ByHand,
}

/// Whether there is anything to compare with later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recorded {
    Yes,
    /// The project is in no git repository.
    NoRepository,
}

/// Which run is meant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run<'a> {
    pub(super) session: &'a str,
    pub(super) run: &'a str,
}

impl<'a> Run<'a> {
    pub(super) fn of(event: &'a Event) -> Self {
        Self { session: &event.session_id, run: event.run_id() }
    }
}

/// Records the state of the working tree for a run that starts.
pub(super) fn record(project: &Project, run: Run<'_>, agent: &str) -> anyhow::Result<Recorded> {
    let started = now().saturating_sub(CLOCK_SLACK_NANOS);
    let mut trees = Vec::new();
    for tree in roots(project) {
        let Some(scan) = repo::scan(tree, None)? else { continue };
        if trees.iter().any(|known: &Snapshot| known.root == scan.snapshot.root) {
            continue;
        }
        if scan.snapshot.index.is_some() {
            store::keep(&scan.index_file, &index_path(project, run, trees.len()))?;
        }
        trees.push(scan.snapshot);
    }
    if trees.is_empty() {
        return Ok(Recorded::NoRepository);
    }
    let (session, agent) = (run.session.to_owned(), agent.to_owned());
    let run_id = run.run.to_owned();
    let baseline = Baseline {
        version: VERSION,
        session,
        run: run_id,
        agent,
        started,
        trees,
        told: None,
        recorded: Vec::new(),
    };
    save(project, &baseline)?;
    store::remove(&path(project, run, STOPPED))?;
    Ok(Recorded::Yes)
}

/// The working trees that a run could change.
fn roots(project: &Project) -> Vec<&Path> {
    if project.tree == project.main {
        vec![&project.tree]
    } else {
        vec![&project.tree, &project.main]
    }
}

/// The baseline of a run that works or has stopped; `None` when there is none.
pub(super) fn of(project: &Project, run: Run<'_>) -> anyhow::Result<Option<Baseline>> {
    match read(&path(project, run, WORKING))? {
        None => read(&path(project, run, STOPPED)),
        found => Ok(found),
    }
}

fn read(path: &Path) -> anyhow::Result<Option<Baseline>> {
    let Some(bytes) = store::read(path, store::FILE_BYTES_MAX)? else { return Ok(None) };
    let baseline: Baseline = serde_json::from_slice(&bytes)
        .with_context(|| format!("`{}` does not hold a baseline", path.display()))?;
    if baseline.version != VERSION {
        bail!("`{}` is of another version of boundary-guard", path.display());
    }
    Ok(Some(baseline))
}

/// Every baseline that can be read, by file name.
pub(super) fn all(project: &Project) -> Vec<Baseline> {
    let mut files = files(project);
    files.sort();
    files.iter().filter_map(|file| read(file).ok().flatten()).collect()
}

/// Whether any run is being audited.
pub(super) fn any(project: &Project) -> bool {
    !files(project).is_empty()
}

/// Whether this run is being audited.
pub(super) fn exists(project: &Project, run: Run<'_>) -> bool {
    path(project, run, WORKING).exists()
}

fn files(project: &Project) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder(project)) else { return Vec::new() };
    let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == WORKING)).collect()
}

/// Remembers what the run was sent back for.
pub(super) fn tell(project: &Project, baseline: &Baseline, told: Vec<Told>) -> anyhow::Result<()> {
    save(project, &Baseline { told: Some(told), ..baseline.clone() })
}

/// The run has stopped, with these violations in the ledger. What it found is
/// kept a while, because another hook may send it back.
pub(super) fn stop(
    project: &Project,
    baseline: &Baseline,
    recorded: Vec<String>,
) -> anyhow::Result<()> {
    let run = baseline.as_run();
    let stopped = Baseline { recorded, ..baseline.clone() };
    store::replace(&path(project, run, STOPPED), &serde_json::to_vec(&stopped)?)?;
    store::remove(&path(project, run, WORKING))
}

/// Forgets a run whose next call begins another.
pub(super) fn forget(project: &Project, run: Run<'_>) -> anyhow::Result<()> {
    for number in 0..TREES_MAX {
        store::remove(&index_path(project, run, number))?;
    }
    store::remove(&path(project, run, WORKING))
}

/// Removes what runs left behind that stopped long ago, or never did.
pub(super) fn prune(project: &Project) {
    let Ok(entries) = std::fs::read_dir(folder(project)) else { return };
    for entry in entries.filter_map(Result::ok) {
        let age = entry.metadata().ok().and_then(|meta| meta.modified().ok()?.elapsed().ok());
        let file = entry.path();
        let kept_for = match file.extension().and_then(|extension| extension.to_str()) {
            Some(WORKING) => KEPT_FOR,
            Some(STOPPED) => KEPT_STOPPED_FOR,
            _ => continue,
        };
        if age.is_some_and(|age| age > kept_for) {
            for number in 0..TREES_MAX {
                let _ = store::remove(&file.with_extension(format!("{number}.index")));
            }
            let _ = store::remove(&file);
        }
    }
}

impl Baseline {
    pub(super) fn as_run(&self) -> Run<'_> {
        Run { session: &self.session, run: &self.run }
    }

    /// Git's index of a tree at that moment, if there was one.
    pub(super) fn index(&self, project: &Project, tree: usize) -> Option<PathBuf> {
        let had_one = self.trees.get(tree).is_some_and(|tree| tree.index.is_some());
        had_one.then(|| index_path(project, self.as_run(), tree))
    }
}

fn save(project: &Project, baseline: &Baseline) -> anyhow::Result<()> {
    let path = path(project, baseline.as_run(), WORKING);
    store::replace(&path, &serde_json::to_vec(baseline)?)
}

fn folder(project: &Project) -> PathBuf {
    project.main.join(".claude/logs/lanekeeper/baseline")
}

fn path(project: &Project, run: Run<'_>, extension: &str) -> PathBuf {
    folder(project).join(format!("{}.{extension}", file_stem(run)))
}

fn index_path(project: &Project, run: Run<'_>, tree: usize) -> PathBuf {
    folder(project).join(format!("{}.{tree}.index", file_stem(run)))
}

/// Identifiers come from the client; in a file name they are letters only.
fn file_stem(run: Run<'_>) -> String {
    let safe = |text: &str| -> String {
        let safe =
            text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' });
        safe.take(NAME_CHARS_MAX).collect()
    };
    format!("{}-{}", safe(run.session), safe(run.run))
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}
