//! The `context-publisher` executable: see [`lanekeeper::context_publisher`].

fn main() -> std::process::ExitCode {
    lanekeeper::hook::main(&lanekeeper::context_publisher::EXECUTABLE)
}
