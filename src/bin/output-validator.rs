//! The `output-validator` executable: see [`lanekeeper::output_validator`].

fn main() -> std::process::ExitCode {
    lanekeeper::hook::main(&lanekeeper::output_validator::EXECUTABLE)
}
