//! What `output-validator` does with each event.

mod check;
mod explain;
mod scan;

use anyhow::bail;

use crate::hook::{Command, Event, Executable, OnFailure, Place, Printed, Reply, printable};

/// The executable.
pub const EXECUTABLE: Executable = Executable {
    name: "output-validator",
    help: HELP,
    on_failure: OnFailure::Report,
    on_event,
    on_command,
};

const HELP: &str = "\
output-validator: checks an agent's final report

usage: output-validator < EVENT.json
";

#[expect(clippy::unnecessary_wraps, reason = "nothing is read yet")]
fn on_event(_event: &Event, _place: &Place) -> anyhow::Result<Reply> {
    Ok(Reply::Silence)
}

fn on_command(command: &Command<'_>) -> anyhow::Result<Printed> {
    let name = command.args.first().map(|name| name.to_string_lossy().into_owned());
    match name.as_deref().unwrap_or_default() {
        "check" => check::run(command),
        "explain" => explain::run(command),
        "scan" => scan::run(command),
        other => bail!("unknown command `{}`\nhint: `--help` lists the commands", printable(other)),
    }
}
