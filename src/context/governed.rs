//! Whose event it is, and what judges it: the same for both executables.

use crate::agent::{self, Definition};
use crate::config::Config;
use crate::hook::{Event, Place};
use crate::project::Project;

/// An event of an agent that is governed by a definition.
#[derive(Clone, Debug)]
pub struct Governed {
    /// What governs it.
    pub definition: Definition,
    /// Where it works.
    pub project: Project,
    /// How strictly.
    pub config: Config,
}

impl Governed {
    /// `None` for the client's internal helpers, for agents without a
    /// definition, and for a main session that the configuration says nothing of.
    pub fn of(event: &Event, place: &Place) -> anyhow::Result<Option<Self>> {
        if event.agent_type.as_deref() == Some("") {
            return Ok(None);
        }
        let project = Project::of_event(event, place)?;
        let named = agent::of_event(event, &project, place)?;
        let is_main = event.agent_type.is_none() && event.agent_id.is_none();
        if named.is_none() && !is_main {
            return Ok(None);
        }
        let config = Config::load(&project)?;
        let definition = named.or_else(|| config.main());
        Ok(definition.map(|definition| Self { definition, project, config }))
    }
}
