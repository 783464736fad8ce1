//! The client's side of every executable: one JSON event on stdin, one reply.
//!
//! This is the only module that touches stdin, stdout, stderr, the environment
//! and the exit code. What the answer is, it leaves to the executable; what
//! happens when there is none is the [`OnFailure`] that the executable names.

mod event;
mod input;
mod place;
mod reply;
mod text;

use std::env;
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::panic;
use std::process::{self, ExitCode};

use anyhow::Context;

pub use event::{BackgroundTask, Event, EventKind, SessionStart, Stop, ToolCall};
pub use input::{EVENT_BYTES_MAX, read_event};
pub use place::Place;
pub use reply::Reply;
pub use text::{REPLY_CHARS_MAX, clip, printable, width};

/// One of the four executables: its name, and what it does.
pub struct Executable {
    /// As installed, and as it calls itself in messages.
    pub name: &'static str,
    /// What `--help` prints: usage, subcommands, one example each.
    pub help: &'static str,
    /// What the client sees when `on_event` fails.
    pub on_failure: OnFailure,
    /// The hook: one event in, one reply out.
    pub on_event: fn(&Event, &Place) -> anyhow::Result<Reply>,
    /// The manual side: the arguments after the executable's name, never empty.
    pub on_command: fn(&Command<'_>) -> anyhow::Result<Printed>,
}

/// What a failure of the hook itself means to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFailure {
    /// The tool call is refused (exit 2) when it is a PreToolUse or the event
    /// cannot be told; on any other event the failure is reported (exit 1).
    Refuse,
    /// The failure is reported on stderr (exit 1) and the session goes on.
    Report,
}

/// A call by hand: `boundary-guard explain …`.
pub struct Command<'a> {
    /// The arguments after the executable's name.
    pub args: Vec<OsString>,
    /// Where it was called.
    pub place: &'a Place,
    /// Reads all of stdin, bounded by [`EVENT_BYTES_MAX`].
    pub stdin: fn() -> anyhow::Result<Vec<u8>>,
    /// Whether stdout is a terminal that wants colour (`NO_COLOR` respected).
    pub colour: bool,
}

/// What a call by hand prints, and the exit code it ends with.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Printed {
    /// For stdout, already sanitised, with its final newline.
    pub text: String,
    /// 0 when all is well, 1 when the command found something wrong.
    pub code: u8,
}

impl Printed {
    /// Text for stdout and success.
    pub fn ok(text: String) -> Self {
        Self { text, code: 0 }
    }
}

/// Everything an executable does, from stdin to the exit code.
pub fn main(executable: &'static Executable) -> ExitCode {
    exit_on_panic(executable);
    let place = Place::of_process();
    let args: Vec<OsString> = env::args_os().skip(1).collect();
    if args.is_empty() && !std::io::stdin().is_terminal() {
        answer_event(executable, &place)
    } else {
        answer_command(executable, &place, args)
    }
}

/// The hook side: reads one event and answers it.
fn answer_event(executable: &Executable, place: &Place) -> ExitCode {
    let event = match read_event(std::io::stdin().lock()) {
        Ok(event) => event,
        Err(error) => {
            let refuse = executable.on_failure == OnFailure::Refuse;
            return fail(executable, &error.context("could not read the hook event"), refuse);
        }
    };
    match (executable.on_event)(&event, place) {
        Ok(reply) => say(executable, &reply, &event),
        Err(error) => {
            let refuse = executable.on_failure == OnFailure::Refuse
                && matches!(event.kind, EventKind::PreToolUse(_));
            fail(executable, &error, refuse)
        }
    }
}

/// The manual side: subcommands, `--help`, `--version`.
fn answer_command(executable: &Executable, place: &Place, args: Vec<OsString>) -> ExitCode {
    let first = args.first().and_then(|arg| arg.to_str());
    let printed = match first {
        None | Some("--help" | "-h" | "help") => Ok(Printed::ok(executable.help.to_owned())),
        Some("--version" | "-V") => {
            Ok(Printed::ok(format!("{} {}\n", executable.name, env!("CARGO_PKG_VERSION"))))
        }
        Some(_) => (executable.on_command)(&Command {
            args,
            place,
            stdin: || input::read_all(std::io::stdin().lock()),
            colour: place.wants_colour && std::io::stdout().is_terminal(),
        }),
    };
    match printed {
        Ok(printed) => match write_out(printed.text.as_bytes()) {
            Ok(()) => ExitCode::from(printed.code),
            // The reader went away (`… | head`): nobody is left to tell.
            Err(_) => ExitCode::SUCCESS,
        },
        Err(error) => fail(executable, &error, false),
    }
}

fn say(executable: &Executable, reply: &Reply, event: &Event) -> ExitCode {
    let wire = reply.to_wire(event);
    let written = write_out(wire.stdout.as_bytes());
    if !wire.stderr.is_empty() {
        write_err(&wire.stderr);
    }
    match written {
        Ok(()) => ExitCode::from(wire.code),
        Err(error) => fail(
            executable,
            &anyhow::Error::from(error).context("could not write the reply"),
            wire.code == 2,
        ),
    }
}

/// One clear line: the executable and the steps that failed; then a `hint:`
/// line for each remedy that is known.
fn fail(executable: &Executable, error: &anyhow::Error, refuse: bool) -> ExitCode {
    let (mut steps, mut hints) = (Vec::new(), String::new());
    for cause in error.chain() {
        let text = cause.to_string();
        let (step, hint) = text.split_once("\nhint: ").unwrap_or((&text, ""));
        steps.push(printable(step));
        if !hint.is_empty() {
            hints.push_str("\nhint: ");
            hints.push_str(&printable(hint));
        }
    }
    write_err(&format!("{}: {}{hints}", executable.name, steps.join(": ")));
    ExitCode::from(if refuse { 2 } else { 1 })
}

fn write_out(bytes: &[u8]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

fn write_err(line: &str) {
    // A closed stderr leaves nobody to tell; the exit code still speaks.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Turns a panic into one line and the executable's failure code. Without this
/// an abort ends with a signal, which the client takes for "go on".
fn exit_on_panic(executable: &'static Executable) {
    panic::set_hook(Box::new(move |info| {
        let place = info.location().map_or_else(String::new, |at| format!(" at {at}"));
        write_err(&format!("{}: internal error{place}", executable.name));
        let code = match executable.on_failure {
            OnFailure::Refuse => 2,
            OnFailure::Report => 1,
        };
        #[expect(clippy::exit, clippy::disallowed_methods, reason = "the only way out of a panic")]
        process::exit(code);
    }));
}

/// Reads a JSON value that a person gave by hand, for subcommands that replay events.
pub fn event_from_bytes(bytes: &[u8]) -> anyhow::Result<Event> {
    read_event(bytes).context("could not read the hook event")
}
