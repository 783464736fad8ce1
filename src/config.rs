//! The optional `.claude/lanekeeper.json`: how strictly, not what.
//!
//! The definitions are the policy; this file only tunes it. An unknown key is
//! an error that lists the known ones, because a mistyped key would otherwise
//! switch a guard off unseen.

use crate::project::Project;

/// What the project's configuration says; the default is to enforce everything.
#[derive(Clone, Debug, Default)]
pub struct Config {}

/// What a rule that fires does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// It refuses, or sends the agent back.
    #[default]
    Enforce,
    /// It is recorded and said, and nothing is stopped.
    Warn,
    /// It is not looked at.
    Off,
}

impl Config {
    /// Reads `.claude/lanekeeper.json` of the project; its absence is the default.
    pub fn load(_project: &Project) -> anyhow::Result<Self> {
        Ok(Self::default())
    }

    /// The mode of a rule for an agent.
    pub fn mode(&self, _rule: &str, _agent: &str) -> Mode {
        Mode::Enforce
    }

    /// How often one run is sent back before its stop goes through.
    pub fn stop_blocks_max(&self) -> u32 {
        2
    }
}
