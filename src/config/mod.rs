//! The optional `.claude/lanekeeper.json`: how strictly, not what.
//!
//! The definitions are the policy; this file only tunes it. An unknown key is
//! an error that lists the known ones, because a mistyped key would otherwise
//! switch a guard off unseen. Its shape is also in
//! `hooks/schemas/lanekeeper.schema.json`, for editors.

mod file;

use std::path::PathBuf;

use anyhow::{Context, bail};

use file::{AgentPart, File};
pub use file::{FlagRule, FlagSeverity};

use crate::agent::{Boundaries, Containment, Definition, Item, Rule};
use crate::flags::custom::Custom;
use crate::project::Project;

/// The largest configuration that is read.
const CONFIG_BYTES_MAX: u64 = 1024 * 1024;

/// How often one run is sent back, unless the configuration says otherwise.
const STOP_BLOCKS_MAX: u32 = 2;

/// The name that the main session is governed by.
pub const MAIN: &str = "main";

/// What the project's configuration says; the default is to enforce everything.
#[derive(Clone, Debug, Default)]
pub struct Config {
    file: File,
    path: PathBuf,
    flags: Custom,
}

/// What a rule that fires does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
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
    ///
    /// Errors when it cannot be read, is not JSON, holds an unknown key, or a
    /// red flag whose pattern does not compile.
    pub fn load(project: &Project) -> anyhow::Result<Self> {
        let path = Self::path(project);
        let meta = match std::fs::metadata(&path) {
            Ok(meta) => meta,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => {
                return Err(error).with_context(|| format!("could not read `{}`", path.display()));
            }
        };
        if !meta.is_file() {
            bail!("`{}` is no file", path.display());
        }
        if meta.len() > CONFIG_BYTES_MAX {
            bail!("`{}` is larger than {CONFIG_BYTES_MAX} bytes", path.display());
        }
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("could not read `{}`", path.display()))?;
        Self::parse(&text, path)
    }

    /// Where the project's configuration lies, whether or not it is there.
    pub fn path(project: &Project) -> PathBuf {
        project.root.join(".claude/lanekeeper.json")
    }

    fn parse(text: &str, path: PathBuf) -> anyhow::Result<Self> {
        let invalid = || format!("`{}` is not a valid configuration", path.display());
        let file = File::parse(text).with_context(invalid)?;
        let flags = Custom::compile(&file.flags).with_context(invalid)?;
        Ok(Self { file, path, flags })
    }

    /// The mode of a rule for an agent: what the agent's own part says, else
    /// what holds for all; `lane.*` and `*` speak for many rules.
    pub fn mode(&self, rule: &str, agent: &str) -> Mode {
        let own = self.file.agents.get(agent).and_then(|part| file::mode(&part.rules, rule));
        own.or_else(|| file::mode(&self.file.rules, rule)).unwrap_or_default()
    }

    /// How often one run is sent back before its stop goes through.
    pub fn stop_blocks_max(&self) -> u32 {
        self.file.limits.stop_blocks_max.unwrap_or(STOP_BLOCKS_MAX)
    }

    /// The project's own red flags.
    pub fn flags(&self) -> &Custom {
        &self.flags
    }

    /// The definition with what the configuration adds to it.
    pub fn tuned(&self, mut definition: Definition) -> Definition {
        if let Some(part) = self.file.agents.get(&definition.name) {
            tune(&mut definition.boundaries, part);
        }
        definition
    }

    /// What governs the main session, if the configuration has an agent called `main`.
    pub fn main(&self) -> Option<Definition> {
        let part = self.file.agents.get(MAIN)?;
        let mut boundaries = Boundaries::default();
        if !part.allowed.is_empty() {
            boundaries.containment = Containment::Closed;
        }
        tune(&mut boundaries, part);
        Some(Definition {
            name: MAIN.to_owned(),
            file: self.path.clone(),
            boundaries,
            ..Definition::default()
        })
    }
}

/// Adds what the configuration says to an agent's boundaries; its rules have
/// no line of the definition.
fn tune(boundaries: &mut Boundaries, part: &AgentPart) {
    let rule = |glob: &String| Rule { glob: glob.clone(), ..Rule::default() };
    boundaries.allowed.extend(part.allowed.iter().map(rule));
    boundaries.forbidden.extend(part.forbidden.iter().map(rule));
    if let Some(closed) = part.containment {
        boundaries.containment = closed.into();
    }
    match part.read_only {
        Some(true) => {
            let text = "read_only in .claude/lanekeeper.json".to_owned();
            boundaries.read_only = Some(Item { text, line: 0 });
        }
        Some(false) => boundaries.read_only = None,
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> anyhow::Result<Config> {
        Config::parse(text, PathBuf::from("lanekeeper.json"))
    }

    #[track_caller]
    fn refused(text: &str, message: &str) {
        let error = format!("{:#}", config(text).expect_err("must be refused"));
        assert!(error.contains(message), "{error}");
    }

    #[test]
    fn the_closest_mode_decides() {
        let config = config(
            r#"{"rules": {"lane.*": "warn", "lane.protected": "enforce", "flag.sql": "off"},
                "agents": {"tester": {"rules": {"lane.outside": "off"}}}}"#,
        )
        .unwrap();
        assert_eq!(config.mode("lane.outside", "tester"), Mode::Off);
        assert_eq!(config.mode("lane.forbidden", "tester"), Mode::Warn);
        assert_eq!(config.mode("lane.protected", "tester"), Mode::Enforce);
        assert_eq!(config.mode("flag.sql", "other"), Mode::Off);
        assert_eq!(config.mode("shell.unnamed", "other"), Mode::Enforce);
    }

    #[test]
    fn an_unknown_key_lists_the_known_ones() {
        refused(
            r#"{"rulez": {}}"#,
            "unknown field `rulez`, expected one of `$schema`, `rules`, `agents`, `flags`, `limits`",
        );
        refused(r#"{"agents": {"a": {"alowed": []}}}"#, "unknown field `alowed`, expected one of");
        refused(r#"{"rules": {"lane.outside": "of"}}"#, "unknown variant `of`, expected one of");
        refused(
            r#"{"rules": {"lane.outsde": "off"}}"#,
            "unknown rule `lane.outsde`, expected one of",
        );
        refused("[]", "expected an object");
        refused(r#"{"agents": {"a": []}}"#, "`agents.a` is no object");
        refused(r#"{"limits": []}"#, "`limits` is no object");
        refused("{", "EOF");
    }

    #[test]
    fn main_is_closed_when_it_has_an_allow_list() {
        let config =
            config(r#"{"agents": {"main": {"allowed": ["docs/**"], "forbidden": ["src/**"]}}}"#)
                .unwrap();
        let main = config.main().unwrap();
        assert_eq!(main.boundaries.containment, Containment::Closed);
        assert_eq!(main.boundaries.forbidden.len(), 1);
        assert!(Config::default().main().is_none());
    }

    /// The schema and the reader must know the same keys.
    #[test]
    fn the_schema_knows_every_key() {
        let schema: serde_json::Value =
            serde_json::from_str(include_str!("../../hooks/schemas/lanekeeper.schema.json"))
                .unwrap();
        let keys = |value: &serde_json::Value| -> Vec<String> {
            value["properties"].as_object().unwrap().keys().cloned().collect()
        };
        let unknown = |text: &str| {
            let error = format!("{:#}", config(text).unwrap_err());
            let list = error.split("expected one of ").nth(1).unwrap().to_owned();
            let list = list.split(" at line").next().unwrap().to_owned();
            list.split(", ").map(|key| key.trim_matches('`').to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(keys(&schema), unknown(r#"{"?": 0}"#));
        let agent = &schema["$defs"]["agent"];
        assert_eq!(keys(agent), unknown(r#"{"agents": {"a": {"?": 0}}}"#));
        let flag = &schema["$defs"]["flag"];
        assert_eq!(keys(flag), unknown(r#"{"flags": [{"?": 0}]}"#));
    }
}
