//! The real client against a scripted model.
//!
//! Claude Code itself, the version that `.ci/fetch-client` fetches, in a clean
//! environment with a home folder of its own and no network but loopback. The
//! agents' turns are scripted; what the hooks do to them is not. Without the
//! client these tests say so and pass, unless `LANEKEEPER_REQUIRE_CLIENT` is set.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::install::install;
use crate::model::{Model, Role, Turn};
use crate::sandbox::{Sandbox, feed};

/// The client that the hooks were measured with; `.ci/fetch-client` says the same.
const CLIENT: &str = "target/claude-code-2.1.328/package/claude";

/// Far more than a session takes; a client that hangs must not hang the tests.
const SESSION_SECONDS_MAX: &str = "120";

fn client() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(CLIENT);
    if path.exists() {
        return Some(path);
    }
    let required = std::env::var_os("LANEKEEPER_REQUIRE_CLIENT").is_some();
    assert!(!required, "`{CLIENT}` is missing: `.ci/fetch-client` fetches it");
    println!("skipped: `{CLIENT}` is missing; `.ci/fetch-client` fetches it");
    None
}

/// A finished session of the real client.
struct Session {
    sandbox: Sandbox,
    model: Model,
    /// What `--output-format json` printed.
    result: Value,
}

/// A project with lanekeeper installed and these agents, not yet started.
fn project(agents: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::new();
    for (name, definition) in agents {
        sandbox.write(&format!(".claude/agents/{name}.md"), definition);
    }
    let ran = install(&sandbox, &[]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    sandbox
}

impl Session {
    /// Runs the client to its end; `None` when it is not there.
    fn run(sandbox: Sandbox, roles: Vec<Role>) -> Option<Self> {
        let client = client()?;
        let model = Model::start(roles);
        let mut command = sandbox.command("timeout");
        command
            .arg(SESSION_SECONDS_MAX)
            .arg(client)
            .env("ANTHROPIC_BASE_URL", format!("http://127.0.0.1:{}", model.port))
            .env("ANTHROPIC_API_KEY", "none")
            .env("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1")
            .env("DISABLE_AUTOUPDATER", "1")
            .args(["-p", "go", "--permission-mode", "acceptEdits", "--allowedTools"])
            .args(["Bash,Write,Edit,Read,Agent,NotebookEdit", "--output-format", "json"])
            .arg("--debug-file")
            .arg(sandbox.home.join("debug.log"));
        let ran = feed(&mut command, b"");
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let result = serde_json::from_str(&ran.stdout).unwrap();
        Some(Self { sandbox, model, result })
    }

    /// The session went through to the main session's last words.
    #[track_caller]
    fn ended_well(&self) {
        assert_eq!(self.result["result"], "all done", "{}", self.result);
    }
}

/// The main session, which starts these agents one after the other.
fn main_session(agents: &[&str]) -> Role {
    let start = |agent: &&str| {
        let input = json!({
            "description": "work", "prompt": "do your part", "subagent_type": agent,
            "run_in_background": false,
        });
        Turn::Use("Agent", input)
    };
    let mut turns: Vec<_> = agents.iter().map(start).collect();
    turns.push(Turn::Say("all done".to_owned()));
    Role { marker: "", turns }
}

fn write(path: &str, content: &str) -> Turn {
    Turn::Use("Write", json!({"file_path": format!("<cwd>/{path}"), "content": content}))
}

fn bash(command: &str) -> Turn {
    Turn::Use("Bash", json!({"command": command, "description": "work"}))
}

fn say(text: &str) -> Turn {
    Turn::Say(text.to_owned())
}

const HELPER: &str = "---\nname: helper\ndescription: Helps\ntools: Bash, Write\n---\n\
                      You are the helper.\n";

#[test]
fn an_agent_without_boundaries_works_as_before() {
    let sandbox = project(&[("helper", HELPER)]);
    let turns = vec![write("a.txt", "a\n"), bash("echo b > b.txt"), say("done")];
    let helper = Role { marker: "You are the helper", turns };
    let Some(session) = Session::run(sandbox, vec![helper, main_session(&["helper"])]) else {
        return;
    };
    session.ended_well();
    assert_eq!(session.sandbox.read("a.txt"), "a\n");
    assert_eq!(session.sandbox.read("b.txt"), "b\n");
}

#[test]
fn a_guard_that_cannot_start_lets_nothing_through() {
    let sandbox = project(&[("helper", HELPER)]);
    std::fs::remove_file(sandbox.path(".claude/hooks/agent/boundary-guard")).unwrap();
    let helper = Role { marker: "You are the helper", turns: vec![write("a.txt", "a"), say("x")] };
    let Some(session) = Session::run(sandbox, vec![helper, main_session(&["helper"])]) else {
        return;
    };
    session.ended_well();
    assert!(!session.sandbox.path("a.txt").exists());
    // The main session's own call of the Agent tool is refused already.
    let told = session.model.told_after("", 0);
    assert!(told.contains("PreToolUse:Agent hook error"), "{told}");
}
