//! One record written to every file that it belongs to.
//!
//! The history comes first: what is in no other file yet is at least there.
//! Each file is changed under its own lock, so a reader may see the state of
//! one before that of the next, never half of any.

use std::path::PathBuf;

use anyhow::Context;

use super::record::Record;
use super::shelf::Shelf;
use super::value::redacted;
use super::{agents, decisions, history, migrate, state};
use crate::hook::{Reply, printable};
use crate::store;

/// Publishes a record. Returns the files that were set aside because they
/// could not be read.
pub fn publish(shelf: &Shelf, record: &Record) -> anyhow::Result<Vec<PathBuf>> {
    history::append(shelf, record).context("could not add to the history")?;
    let state = store::update_json_noting(&shelf.state(), |file| {
        take_over_older(shelf, file);
        state::merge(file, record);
        Ok(())
    })
    .context("could not publish the state")?;
    let active = store::update_json_noting(&shelf.decisions(), |file| {
        decisions::merge_active(file, record);
        Ok(())
    })
    .context("could not publish the decisions")?;
    let agent = store::update_json_noting(&shelf.agent(&record.agent), |file| {
        agents::merge(file, record);
        Ok(())
    })
    .context("could not publish the agent's context")?;
    let aside = [state.set_aside, active.set_aside, agent.set_aside];
    Ok(aside.into_iter().flatten().collect())
}

/// What the user is told of files that were set aside; silence when none was.
pub fn set_aside_notice(executable: &str, set_aside: &[PathBuf]) -> Reply {
    if set_aside.is_empty() {
        return Reply::Silence;
    }
    let shown = |path: &PathBuf| format!("`{}`", printable(&path.display().to_string()));
    let paths: Vec<String> = set_aside.iter().map(shown).collect();
    Reply::Notice {
        message: format!(
            "{executable}: a context file held no JSON object; its content is kept in {}",
            paths.join(", ")
        ),
    }
}

/// An older file that cannot be read stays what it is: somebody else's.
fn take_over_older(shelf: &Shelf, state: &mut serde_json::Value) {
    if migrate::is_done(state) {
        return;
    }
    if let Ok(Some(older)) = store::read_json(&shelf.older()) {
        migrate::merge(state, &redacted(&older), &shelf.shown(&shelf.older()));
    }
}
