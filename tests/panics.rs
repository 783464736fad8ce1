//! A guard whose every event panics: tests/protocol.rs watches it refuse.
//!
//! Built as an example, so that no shipped executable can be made to panic.
#![allow(clippy::panic, reason = "that is what it is for")]

use lanekeeper::hook::{Executable, OnFailure, main as hook_main};

const EXECUTABLE: Executable = Executable {
    name: "panics",
    help: "panics: panics on every event\n",
    on_failure: OnFailure::Refuse,
    on_event: |event, _| {
        // A panic anywhere means anywhere: in a thread too.
        if event.session_id == "thread" {
            let _ = std::thread::spawn(|| panic!("forced in a thread")).join();
        }
        panic!("forced")
    },
    on_command: |_| anyhow::bail!("no commands"),
};

fn main() -> std::process::ExitCode {
    hook_main(&EXECUTABLE)
}
