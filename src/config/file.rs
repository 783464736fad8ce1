//! The configuration file's shape on disk.

use std::collections::BTreeMap;

use anyhow::bail;
use serde::Deserialize;
use serde_json::Value;

use super::Mode;
use crate::agent::Containment;

/// The rules of the guard itself; red flags and report checks have their own
/// catalogues.
const GUARD_RULES: &[&str] = &[
    "lane.forbidden",
    "lane.outside",
    "lane.outside-project",
    "lane.protected",
    "lane.read-only",
    "lane.unresolved",
    "shell.unnamed",
    "shell.unparsed",
    "tool.malformed",
];

/// Families whose rules are all known here.
const GUARD_FAMILIES: &[&str] = &["lane.", "shell.", "tool."];

pub(super) type Modes = BTreeMap<String, Mode>;

/// The whole file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    #[serde(rename = "$schema")]
    _schema: Option<String>,
    pub(super) rules: Modes,
    pub(super) agents: BTreeMap<String, AgentPart>,
    pub(super) flags: Vec<FlagRule>,
    pub(super) limits: Limits,
}

/// What the file says of one agent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AgentPart {
    pub(super) rules: Modes,
    pub(super) allowed: Vec<String>,
    pub(super) forbidden: Vec<String>,
    pub(super) containment: Option<Closed>,
    pub(super) read_only: Option<bool>,
}

/// Whether an allow-list is exhaustive, as the file spells it.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Closed {
    Closed,
    Open,
}

/// Limits that a project may move.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Limits {
    pub(super) stop_blocks_max: Option<u32>,
}

/// A red flag of the project's own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlagRule {
    /// Unique; shown as `flag.<id>`.
    pub id: String,
    /// A regular expression, searched line by line; classes and case are those of ASCII.
    pub pattern: String,
    /// The files that it holds for; all when empty.
    #[serde(default)]
    pub globs: Vec<String>,
    /// What a finding does.
    #[serde(default)]
    pub severity: FlagSeverity,
    /// What is wrong and how to mend it.
    #[serde(default)]
    pub message: String,
    /// Lines that must be found.
    #[serde(default)]
    pub examples: Vec<String>,
}

/// What a project's own red flag does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FlagSeverity {
    /// Refuses the write, sends the report back.
    #[default]
    Block,
    /// Said, never stops anything.
    Warn,
}

impl From<Closed> for Containment {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::Closed => Self::Closed,
            Closed::Open => Self::Open,
        }
    }
}

impl File {
    pub(super) fn parse(text: &str) -> anyhow::Result<Self> {
        only_objects(&serde_json::from_str(text)?)?;
        // From the text again, for the line and column of what is wrong.
        let file: Self = serde_json::from_str(text)?;
        file.check()?;
        Ok(file)
    }

    /// Errors on what the types cannot tell: unknown rules.
    fn check(&self) -> anyhow::Result<()> {
        let parts = self.agents.values().map(|part| &part.rules);
        for rule in std::iter::once(&self.rules).chain(parts).flat_map(Modes::keys) {
            let ours = GUARD_FAMILIES.iter().any(|family| rule.starts_with(family));
            if ours && !rule.ends_with(".*") && !GUARD_RULES.contains(&&**rule) {
                bail!("unknown rule `{rule}`, expected one of `{}`", GUARD_RULES.join("`, `"));
            }
        }
        Ok(())
    }
}

/// Errors where a list stands for an object: it would be read as one without keys.
fn only_objects(value: &Value) -> anyhow::Result<()> {
    let Some(file) = value.as_object() else {
        bail!("expected an object");
    };
    if file.get("limits").is_some_and(|limits| !limits.is_object()) {
        bail!("`limits` is no object");
    }
    let agents = file.get("agents").and_then(Value::as_object);
    if let Some((name, _)) = agents.into_iter().flatten().find(|(_, part)| !part.is_object()) {
        bail!("`agents.{name}` is no object");
    }
    let flags = file.get("flags").and_then(Value::as_array);
    if flags.into_iter().flatten().any(|flag| !flag.is_object()) {
        bail!("an item of `flags` is no object");
    }
    Ok(())
}

/// What a list of modes says of a rule: its own entry, its family's, or `*`.
pub(super) fn mode(modes: &Modes, rule: &str) -> Option<Mode> {
    if modes.is_empty() {
        return None;
    }
    let family = || rule.split_once('.').map(|(family, _)| format!("{family}.*"));
    modes.get(rule).or_else(|| modes.get(&family()?)).or_else(|| modes.get("*")).copied()
}
