//! `handoff-preparer graph`: the pipeline of all definitions.
use crate::hook::{Command, Printed};

pub(super) fn run(_command: &Command<'_>) -> anyhow::Result<Printed> {
    anyhow::bail!("not drawn yet")
}
