//! `handoff-preparer list`: every handoff and where it stands.

use serde_json::Value;
use time::OffsetDateTime;

use crate::cli::{Args, Takes};
use crate::context::handoff::{State, pairs};
use crate::context::{Shelf, clock};
use crate::hook::{Command, Printed, clip, printable};

const TAKES: Takes = Takes { flags: &["json"], values: &["project", "cwd"] };

pub(super) fn run(command: &Command<'_>) -> anyhow::Result<Printed> {
    let args = Args::parse(command.args.get(1..).unwrap_or_default(), TAKES)?;
    let shelf = Shelf::of(&args.project(command.place)?);
    let handoffs = pairs::all(&shelf)?;
    if args.flag("json") {
        let all = serde_json::to_string_pretty(&Value::Array(handoffs))?;
        return Ok(Printed::ok(format!("{all}\n")));
    }
    if handoffs.is_empty() {
        return Ok(Printed::ok("no handoffs yet\n".to_owned()));
    }
    let now = clock::now();
    let lines: Vec<String> = handoffs.iter().map(|handoff| line(handoff, now)).collect();
    Ok(Printed::ok(lines.concat()))
}

fn line(handoff: &Value, now: OffsetDateTime) -> String {
    let text = |key: &str| {
        let text = handoff.get(key).and_then(Value::as_str).unwrap_or_default();
        printable(&clip(text, 160))
    };
    let state = State::of(handoff, now).map_or("unknown", State::word);
    let unknown = handoff.get("receiver_known") == Some(&Value::Bool(false));
    format!(
        "{state:<9}  {} → {}{} · {} · {}\n",
        text("from"),
        text("to"),
        if unknown { " (no definition)" } else { "" },
        clock::age(&text("timestamp"), now),
        text("summary"),
    )
}
