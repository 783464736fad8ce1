//! Whose lane a path lies in: for the hint in a refusal.

use std::path::Path;

use super::Lane;
use crate::agent;
use crate::hook::Place;
use crate::project::Project;

/// How many definitions are asked.
const DEFINITIONS_MAX: usize = 2_000;

/// The agents whose own allow-list takes in the path (relative to the working
/// tree), by name; without the agent that asks.
///
/// Reads every definition of the project, so it is for refusals only.
pub fn owners(relative: &Path, asking: &str, project: &Project, place: &Place) -> Vec<String> {
    let definitions = agent::all(project, place);
    let readable = definitions.into_iter().take(DEFINITIONS_MAX).filter_map(|(_, read)| read.ok());
    let mut names: Vec<String> = readable
        .filter(|definition| definition.name != asking)
        .filter(|definition| Lane::new(definition, project, place).owns(relative))
        .map(|definition| definition.name)
        .collect();
    names.sort();
    names.dedup();
    names
}
