//! `handoff-preparer show FROM TO`: one handoff, as its receiver is told.

use anyhow::{Context, bail};

use crate::cli::{Args, Takes};
use crate::context::handoff::claim::Claim;
use crate::context::handoff::{State, tell};
use crate::context::{Shelf, clock};
use crate::hook::{Command, Printed, printable};
use crate::store;

const TAKES: Takes = Takes { flags: &["json"], values: &["project", "cwd"] };

pub(super) fn run(command: &Command<'_>) -> anyhow::Result<Printed> {
    let args = Args::parse(command.args.get(1..).unwrap_or_default(), TAKES)?;
    let shelf = Shelf::of(&args.project(command.place)?);
    let names: Vec<String> =
        args.rest.iter().map(|name| name.to_string_lossy().into_owned()).collect();
    let [from, to] = names.as_slice() else {
        bail!("`show` needs the giver and the receiver\nhint: `handoff-preparer list` names them");
    };
    let none = || format!("`{}` has handed nothing to `{}`", printable(from), printable(to));
    let handoff = store::read_json(&shelf.handoff(from, to))?.with_context(none)?;
    if args.flag("json") {
        return Ok(Printed::ok(format!("{}\n", serde_json::to_string_pretty(&handoff)?)));
    }
    let now = clock::now();
    let state = State::of(&handoff, now);
    let claim = match state {
        Some(State::Blocked) => Claim::Blocked(handoff),
        _ => Claim::Taken(handoff),
    };
    let told = tell::facts(to, vec![claim], now).unwrap_or_default();
    Ok(Printed::ok(format!("{}\n\n{told}", state.map_or("unknown", State::word))))
}
