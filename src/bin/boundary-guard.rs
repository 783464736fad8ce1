//! The `boundary-guard` executable: see [`lanekeeper::boundary_guard`].

fn main() -> std::process::ExitCode {
    lanekeeper::hook::main(&lanekeeper::boundary_guard::EXECUTABLE)
}
