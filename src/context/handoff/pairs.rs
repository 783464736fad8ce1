//! The files of all pairs, and those addressed to one agent.

use std::path::PathBuf;

use anyhow::Context;
use serde_json::Value;

use crate::context::shelf::{Shelf, file_stem};
use crate::context::value::text;
use crate::order;
use crate::store;

/// More pairs than any pipeline has; a folder with more is not read further.
const PAIRS_MAX: usize = 10_000;

/// Every handoff there is, by giver and receiver. A file that holds none is
/// left out; so is one that cannot be read.
pub fn all(shelf: &Shelf) -> anyhow::Result<Vec<Value>> {
    let mut found = Vec::new();
    for path in paths(shelf)? {
        if let Ok(Some(json)) = store::read_json(&path)
            && !text(&json, "from").is_empty()
        {
            found.push(json);
        }
    }
    order::by_key(&mut found, |json| (text(json, "from").to_owned(), text(json, "to").to_owned()));
    Ok(found)
}

/// The files addressed to an agent, by their names; nothing is read.
pub fn addressed_to(shelf: &Shelf, agent: &str) -> anyhow::Result<Vec<PathBuf>> {
    let ending = format!("--{}.json", file_stem(agent));
    let mut paths = paths(shelf)?;
    paths.retain(|path| {
        path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(&ending))
    });
    Ok(paths)
}

fn paths(shelf: &Shelf) -> anyhow::Result<Vec<PathBuf>> {
    let folder = shelf.handoffs();
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => {
            return Err(error).with_context(|| format!("could not list `{}`", folder.display()));
        }
    };
    let paths = entries.take(PAIRS_MAX).filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let is_pair = |path: &PathBuf| path.extension().is_some_and(|end| end == "json");
    let mut paths: Vec<PathBuf> = paths.filter(is_pair).collect();
    paths.sort();
    Ok(paths)
}
