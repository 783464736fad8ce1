//! The `handoff-preparer` executable: see [`lanekeeper::handoff_preparer`].

fn main() -> std::process::ExitCode {
    lanekeeper::hook::main(&lanekeeper::handoff_preparer::EXECUTABLE)
}
