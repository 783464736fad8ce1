//! What `handoff-preparer` does with each event.

use crate::hook::{Command, Event, Executable, OnFailure, Place, Printed, Reply};

/// The executable.
pub const EXECUTABLE: Executable = Executable {
    name: "handoff-preparer",
    help: HELP,
    on_failure: OnFailure::Report,
    on_event,
    on_command,
};

const HELP: &str = "\
handoff-preparer: prepares and delivers handoffs

usage: handoff-preparer < EVENT.json
";

#[expect(clippy::unnecessary_wraps, reason = "nothing is read yet")]
fn on_event(_event: &Event, _place: &Place) -> anyhow::Result<Reply> {
    Ok(Reply::Silence)
}

fn on_command(_command: &Command<'_>) -> anyhow::Result<Printed> {
    anyhow::bail!("unknown command")
}
