//! What a hook call costs, against a static program that does nothing.
//!
//! `cargo bench` builds the executables as shipped, and prints for each
//! situation the median time of a call, its ratio to the do-nothing program
//! spawned alternately in the same run, and, where valgrind is there, the
//! instructions of both. Ratios, because a time says more about the machine.
//! `cargo bench -- --quick` takes a tenth of the calls.
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

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

const CALLS: usize = 1_000;
const QUICK_CALLS: usize = 100;

/// Code without a red flag: what most writes are.
const CLEAN: &str = "\
import { type Order, listOrders } from '../services/orders'\n\
\n\
/** Lists the orders of the signed-in customer, newest first. */\n\
export async function ordersOf(customerId: string, limit = 20): Promise<Order[]> {\n\
  const page = await listOrders({ customerId, limit, sortBy: 'createdAt' })\n\
  return page.items.filter((order) => order.state !== 'cancelled').map(toPublic)\n\
}\n\n";

fn main() {
    let calls = if std::env::args().any(|arg| arg == "--quick") { QUICK_CALLS } else { CALLS };
    let bench = Bench::lay_out(calls);
    println!("{:<52} {:>9} {:>7} {:>13}", "", "median", "ratio", "instructions");
    let instructions = bench.instructions(&bench.nothing, "", b"");
    println!(
        "{:<52} {:>9} {:>7} {:>13}",
        "a static program that does nothing", "", "1.00", instructions
    );
    let guard = executable("boundary-guard");
    let write = Bench::write_event(&bench.one_agent);
    bench.measure("guard, Write, one 10 KB definition", &guard, &bench.one_agent, &write);
    let long = Bench::write_event_of(&bench.one_agent, &CLEAN.repeat(10 * 1024 / CLEAN.len()));
    bench.measure("guard, Write of 10 KB of clean TypeScript", &guard, &bench.one_agent, &long);
    let bash = bench.bash_event();
    bench.measure("guard, Bash of 100 bytes", &guard, &bench.one_agent, &bash);
    let write = Bench::write_event(&bench.many_agents);
    bench.measure("guard, Write, 1,000 definitions", &guard, &bench.many_agents, &write);
    for name in ["output-validator", "context-publisher", "handoff-preparer", "boundary-guard"] {
        let what = format!("{name}, SubagentStop, 100 KB transcript");
        bench.measure(&what, &executable(name), &bench.one_agent, &bench.stop_event());
    }
}

fn executable(name: &str) -> PathBuf {
    PathBuf::from(match name {
        "boundary-guard" => env!("CARGO_BIN_EXE_boundary-guard"),
        "output-validator" => env!("CARGO_BIN_EXE_output-validator"),
        "context-publisher" => env!("CARGO_BIN_EXE_context-publisher"),
        _ => env!("CARGO_BIN_EXE_handoff-preparer"),
    })
}

/// The projects that the calls are about.
struct Bench {
    dir: tempfile::TempDir,
    calls: usize,
    nothing: PathBuf,
    one_agent: PathBuf,
    many_agents: PathBuf,
    transcript: PathBuf,
}

impl Bench {
    fn lay_out(calls: usize) -> Self {
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let base = dir.path().canonicalize().unwrap();
        let nothing = base.join("nothing");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/nothing.rs");
        let built = Command::new("rustc")
            .args([
                "-O",
                "-C",
                "target-feature=+crt-static",
                "-C",
                "panic=abort",
                "-C",
                "strip=symbols",
            ])
            .args(["--edition", "2024", "-o"])
            .args([&nothing, &source])
            .status();
        assert!(built.is_ok_and(|status| status.success()), "rustc could not build the yardstick");
        let (one_agent, many_agents) = (base.join("one"), base.join("many"));
        project(&one_agent, 1);
        project(&many_agents, 1_000);
        let transcript = base.join("agent.jsonl");
        fs::write(&transcript, transcript_text(100 * 1024)).unwrap();
        Self { dir, calls, nothing, one_agent, many_agents, transcript }
    }

    fn write_event(project: &Path) -> Vec<u8> {
        Self::write_event_of(project, "export const users = []\n")
    }

    fn write_event_of(project: &Path, content: &str) -> Vec<u8> {
        let path = project.join("backend/api/users.ts");
        let input = json!({"file_path": path, "content": content});
        event(
            project,
            json!({"hook_event_name": "PreToolUse", "tool_name": "Write", "tool_input": input}),
        )
    }

    fn bash_event(&self) -> Vec<u8> {
        let command = "cd backend && python -m pytest tests/api -q --maxfail=1 2>&1 | tail -n 20 > /tmp/pytest-output.txt";
        let input = json!({"command": command, "description": "run the tests"});
        event(
            &self.one_agent,
            json!({"hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": input}),
        )
    }

    fn stop_event(&self) -> Vec<u8> {
        let message =
            "Done.\n\n```json\n{\"feature\": \"users\", \"endpoints_created\": []}\n```\n";
        event(
            &self.one_agent,
            json!({
                "hook_event_name": "SubagentStop", "stop_hook_active": false,
                "agent_transcript_path": self.transcript, "last_assistant_message": message,
            }),
        )
    }

    /// Calls the executable and the yardstick alternately and prints the medians' ratio.
    fn measure(&self, what: &str, program: &Path, project: &Path, stdin: &[u8]) {
        let (mut ours, mut nothings) = (Vec::new(), Vec::new());
        for _ in 0..self.calls {
            nothings.push(self.call(&self.nothing, project, stdin));
            ours.push(self.call(program, project, stdin));
        }
        let (ours, nothing) = (median(&mut ours), median(&mut nothings));
        let ratio = ours.as_secs_f64() / nothing.as_secs_f64();
        let instructions = self.instructions(program, &project.to_string_lossy(), stdin);
        println!("{what:<52} {:>6.0} µs {ratio:>7.2} {instructions:>13}", ours.as_secs_f64() * 1e6);
    }

    fn command(&self, program: &Path, project: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("HOME", self.dir.path())
            .env("CLAUDE_PROJECT_DIR", project)
            .current_dir(project)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    fn call(&self, program: &Path, project: &Path, stdin: &[u8]) -> Duration {
        let mut command = self.command(program, project);
        let start = Instant::now();
        let mut child = command.spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(stdin);
        child.wait().unwrap();
        start.elapsed()
    }

    /// What callgrind counts for one call, or nothing without valgrind.
    fn instructions(&self, program: &Path, project: &str, stdin: &[u8]) -> String {
        let project = if project.is_empty() { self.dir.path() } else { Path::new(project) };
        let out = self.dir.path().join("callgrind.out");
        let mut command = self.command(Path::new("/usr/bin/valgrind"), project);
        command
            .arg("--tool=callgrind")
            .arg(format!("--callgrind-out-file={}", out.display()))
            .arg(program)
            .stderr(Stdio::piped());
        let Ok(mut child) = command.spawn() else { return String::new() };
        let _ = child.stdin.take().unwrap().write_all(stdin);
        let said = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&said.stderr);
        let count = said.lines().find_map(|line| line.split("Collected : ").nth(1));
        count.map_or_else(String::new, |count| thousands(count.trim()))
    }
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn thousands(digits: &str) -> String {
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A git repository with `count` definitions of about 10 KB, `backend-0` the one that works.
fn project(folder: &Path, count: usize) {
    let agents = folder.join(".claude/agents");
    fs::create_dir_all(&agents).unwrap();
    for git in ["objects", "refs"] {
        fs::create_dir_all(folder.join(".git").join(git)).unwrap();
    }
    fs::write(folder.join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
    for number in 0..count {
        let name = format!("backend-{number}");
        fs::write(agents.join(format!("{name}.md")), definition(&name)).unwrap();
    }
}

fn definition(name: &str) -> String {
    let mut text = format!(
        "---\nname: {name}\ndescription: Builds the API\ntools: Read, Write, Edit, Bash\n---\n\
         ## Directive\nBuild the API.\n\n\
         ## Output Format\n```json\n{{\"feature\": \"users\", \"endpoints_created\": []}}\n```\n\n\
         ## Boundaries\n- Allowed: backend/**, api/**\n- Forbidden: frontend/**, embedding generation\n\n\
         ## Standards\n"
    );
    let mut number = 0;
    while text.len() < 10 * 1024 {
        number += 1;
        let _ = writeln!(
            text,
            "- Rule {number}: keep handlers small, validate input, log every failure"
        );
    }
    text.push_str("\n## Integration\n- **Hands off to:** frontend-developer (API contracts)\n");
    text
}

fn event(project: &Path, mut fields: serde_json::Value) -> Vec<u8> {
    fields["session_id"] = json!("bench");
    fields["cwd"] = json!(project);
    fields["agent_id"] = json!("a1");
    fields["agent_type"] = json!("backend-0");
    fields.to_string().into_bytes()
}

/// A transcript of commands and their results, of about this many bytes.
fn transcript_text(bytes: usize) -> String {
    let mut text = String::new();
    let mut number = 0;
    while text.len() < bytes {
        number += 1;
        let id = format!("toolu_{number}");
        let call = json!({"type": "tool_use", "id": id, "name": "Bash", "input": {"command": "python -m pytest -q"}});
        let result = json!({"type": "tool_result", "tool_use_id": id, "content": "42 passed in 1.20s", "is_error": false});
        for (role, part) in [("assistant", call), ("user", result)] {
            let line = json!({"type": role, "isSidechain": true, "message": {"role": role, "content": [part]}});
            let _ = writeln!(text, "{line}");
        }
    }
    text
}
