//! What a transcript shows: edits, runs, requests, and how each ended.
//!
//! Digested while it is read, so that memory does not grow with the file. What
//! must be shown is [`super::claims`]'s, [`super::endpoints`]' and
//! [`super::criteria`]'s affair.

pub(super) mod answer;
mod background;
mod code;
mod collect;
mod command;
mod curl;
mod database;
mod edit;
pub(super) mod outcome;
mod request;
pub(super) mod run;
mod scan;
mod variables;
mod wrapper;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::route::Route;
use crate::transcript;

use answer::Answer;
use outcome::Outcome;
use run::Run;

/// Everything that a run of an agent shows, in the order it happened.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    pub(super) edits: Vec<Edited>,
    pub(super) runs: Vec<Ran>,
    pub(super) requests: Vec<Requested>,
    pub(super) database_failures: Vec<Failure>,
    /// What was changed, as named; absolute paths are files.
    pub(super) files: BTreeSet<PathBuf>,
    /// The report that was handed back through a tool.
    pub(super) handback: Option<String>,
    /// What keeps the transcript from being conclusive.
    pub(super) gap: Option<String>,
}

/// A change of the code.
#[derive(Debug)]
pub(super) struct Edited {
    pub(super) at: Moment,
    pub(super) what: String,
    /// The claimed endpoints that the changed text names.
    pub(super) routes: Vec<usize>,
    /// The file is a test.
    pub(super) in_test: bool,
}

/// A program that was run.
#[derive(Debug)]
pub(super) struct Ran {
    pub(super) at: Moment,
    pub(super) run: Run,
    pub(super) outcome: Outcome,
    /// How many tests passed, where it says so.
    pub(super) passed: Option<u64>,
    /// As called, shortened.
    pub(super) command: String,
}

/// A request that was made.
#[derive(Debug)]
pub(super) struct Requested {
    pub(super) at: Moment,
    pub(super) route: Route,
    pub(super) host: String,
    pub(super) answer: Answer,
    /// As called, shortened.
    pub(super) command: String,
}

/// A failure that the output of a command tells of.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) at: Moment,
    /// The line that tells of it.
    pub(super) quote: String,
}

/// When something happened: the call's number, then the part of its command.
pub(super) type Moment = u64;

impl Evidence {
    /// What the transcript at `path` shows, with an eye on the claimed endpoints.
    /// One that cannot be read shows nothing, and says so.
    pub(super) fn read(path: &Path, claimed: &[Route]) -> Self {
        let mut collector = collect::Collector::new(claimed);
        let reading = transcript::read(path, &mut |entry| collector.take(entry));
        let mut evidence = collector.finish();
        match reading {
            Err(error) => {
                evidence.gap = Some(format!("the transcript cannot be read ({})", error.kind()));
            }
            Ok(reading) if reading.cut_off => {
                evidence.gap = Some("the transcript ends within a line".to_owned());
            }
            Ok(reading) if reading.damaged > 0 => {
                evidence.gap = Some("lines of the transcript cannot be read".to_owned());
            }
            Ok(_) => {}
        }
        evidence
    }

    /// No transcript at all.
    pub(super) fn none() -> Self {
        Self { gap: Some("there is no transcript".to_owned()), ..Self::default() }
    }

    /// When the code was changed last.
    pub(super) fn last_edit(&self) -> Option<&Edited> {
        self.edits.iter().max_by_key(|edit| edit.at)
    }
}
