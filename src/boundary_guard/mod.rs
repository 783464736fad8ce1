//! What `boundary-guard` does with each event.

mod audit;
mod check;
mod explain;
mod lint;
mod log;
mod replay;

use anyhow::bail;

use crate::hook::{Command, Event, Executable, OnFailure, Place, Printed, Reply, printable};

/// The executable.
pub const EXECUTABLE: Executable = Executable {
    name: "boundary-guard",
    help: HELP,
    on_failure: OnFailure::Refuse,
    on_event,
    on_command,
};

const HELP: &str = "\
boundary-guard: refuses tool calls outside an agent's boundaries

usage: boundary-guard < EVENT.json
";

#[expect(clippy::unnecessary_wraps, reason = "nothing is read yet")]
fn on_event(_event: &Event, _place: &Place) -> anyhow::Result<Reply> {
    Ok(Reply::Silence)
}

fn on_command(command: &Command<'_>) -> anyhow::Result<Printed> {
    let name = command.args.first().map(|name| name.to_string_lossy().into_owned());
    match name.as_deref().unwrap_or_default() {
        "audit" => audit::run(command),
        "check" => check::run(command),
        "explain" => explain::run(command),
        "lint" => lint::run(command),
        "log" => log::run(command),
        "replay" => replay::run(command),
        "setup" => crate::setup::run(command),
        other => bail!("unknown command `{}`\nhint: `--help` lists the commands", printable(other)),
    }
}
