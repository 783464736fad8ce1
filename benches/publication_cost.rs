//! What a publication costs after 100,000 earlier ones, against the first.
//!
//! `cargo bench --bench publication_cost` publishes 100,000 runs for real (into
//! a folder in memory where there is one), copies that project beside a fresh
//! one, and calls the executable alternately in both. Each call publishes a run
//! of its own; the fresh project is made anew for each. `--quick` publishes a
//! hundredth of that before and takes a tenth of the calls.
#![allow(
    missing_docs,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench lays out files, runs the executables and says what it saw"
)]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use lanekeeper::context::publish::publish;
use lanekeeper::context::{Did, Governed, Record, Shelf, clock};
use lanekeeper::hook::{Event, Place};
use serde_json::json;

const EARLIER: usize = 100_000;
const CALLS: usize = 300;
const AGENTS: usize = 5;

fn main() {
    let quick = std::env::args().any(|arg| arg == "--quick");
    let (earlier, calls) = if quick { (EARLIER / 100, CALLS / 10) } else { (EARLIER, CALLS) };
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let base = dir.path().canonicalize().unwrap();
    let old = base.join("old");
    let began = Instant::now();
    publish_many(&old, earlier);
    println!("{earlier} publications before, in {:.0} s", began.elapsed().as_secs_f64());
    println!("{} files of history, state.json of {} bytes", segments(&old), state_bytes(&old));

    let (mut first, mut later) = (Vec::new(), Vec::new());
    for call in 0..calls {
        let fresh = base.join(format!("fresh-{call}"));
        lay_out(&fresh);
        first.push(timed(&fresh, call));
        later.push(timed(&old, call));
    }
    let (first, later) = (median(&mut first), median(&mut later));
    println!("the first      {:>8.0} µs", first.as_secs_f64() * 1e6);
    println!("after {earlier:>7}  {:>8.0} µs", later.as_secs_f64() * 1e6);
    println!("ratio          {:>8.2}", later.as_secs_f64() / first.as_secs_f64());
    let fresh = base.join("counted");
    lay_out(&fresh);
    let (first, later) = (instructions(&base, &fresh), instructions(&base, &old));
    println!("instructions   {first} and {later}");
}

fn lay_out(project: &Path) {
    fs::create_dir_all(project.join(".git")).unwrap();
    fs::create_dir_all(project.join(".claude/agents")).unwrap();
    for agent in 0..AGENTS {
        let name = format!("agent-{agent}");
        let text = format!("---\nname: {name}\ndescription: d\n---\nWork.\n");
        fs::write(project.join(format!(".claude/agents/{name}.md")), text).unwrap();
    }
}

fn stop(project: &Path, number: usize, id: &str) -> String {
    let message = format!(
        "Built part {number}.\n\n```json\n{}\n```\n\n## Decisions\n- Decided {number}\n",
        json!({"endpoints": [{"method": "POST", "path": format!("/parts/{number}")}], "tests": "passed"})
    );
    json!({
        "hook_event_name": "SubagentStop", "session_id": format!("s{}", number / 1_000),
        "cwd": project, "agent_id": id, "agent_type": format!("agent-{}", number % AGENTS),
        "last_assistant_message": message,
    })
    .to_string()
}

/// In memory first: the disk's patience is not what is measured.
fn publish_many(target: &Path, count: usize) {
    let memory = Path::new("/dev/shm");
    let quick = memory.is_dir().then(|| tempfile::tempdir_in(memory).unwrap());
    let project = quick.as_ref().map_or_else(|| target.to_owned(), |dir| dir.path().join("old"));
    lay_out(&project);
    for number in 0..count {
        let text = stop(&project, number, &format!("run-{number}"));
        let event = Event::parse(&text).unwrap();
        let governed = Governed::of(&event, &Place::default()).unwrap().unwrap();
        let record = Record::of_stop(&event, &governed, &Did::default(), clock::now());
        publish(&Shelf::of(&governed.project), &record).unwrap();
    }
    if project != target {
        let copied = Command::new("cp").arg("-r").args([&project, target]).status();
        assert!(copied.unwrap().success());
    }
}

fn segments(project: &Path) -> usize {
    fs::read_dir(project.join(".claude/context/history")).unwrap().count()
}

fn state_bytes(project: &Path) -> u64 {
    fs::metadata(project.join(".claude/context/session/state.json")).unwrap().len()
}

fn command(program: &Path, project: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("HOME", project)
        .env("CLAUDE_PROJECT_DIR", project)
        .current_dir(project)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn publisher() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_context-publisher"))
}

fn timed(project: &Path, call: usize) -> Duration {
    let stdin = stop(project, call, &format!("call-{call}"));
    let mut command = command(&publisher(), project);
    let start = Instant::now();
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    start.elapsed()
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// What callgrind counts for one publication, or nothing without valgrind.
fn instructions(base: &Path, project: &Path) -> String {
    let stdin = stop(project, 7, "counted");
    let mut command = command(Path::new("/usr/bin/valgrind"), project);
    command
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", base.join("callgrind.out").display()))
        .arg(publisher())
        .stderr(Stdio::piped());
    let Ok(mut child) = command.spawn() else { return "not counted".to_owned() };
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let said = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&said.stderr);
    let count = said.lines().find_map(|line| line.split("Collected : ").nth(1));
    count.map_or_else(|| "not counted".to_owned(), |count| count.trim().to_owned())
}
