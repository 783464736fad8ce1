//! What `context-publisher` does with each event.

use crate::hook::{Command, Event, Executable, OnFailure, Place, Printed, Reply};

/// The executable.
pub const EXECUTABLE: Executable = Executable {
    name: "context-publisher",
    help: HELP,
    on_failure: OnFailure::Report,
    on_event,
    on_command,
};

const HELP: &str = "\
context-publisher: publishes what an agent did into the shared context

usage: context-publisher < EVENT.json
";

#[expect(clippy::unnecessary_wraps, reason = "nothing is read yet")]
fn on_event(_event: &Event, _place: &Place) -> anyhow::Result<Reply> {
    Ok(Reply::Silence)
}

fn on_command(_command: &Command<'_>) -> anyhow::Result<Printed> {
    anyhow::bail!("unknown command")
}
