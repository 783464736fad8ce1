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
use crate::sandbox::{EXECUTABLES, Sandbox, executable, feed, shared};

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
pub(crate) struct Session {
    pub(crate) sandbox: Sandbox,
    pub(crate) model: Model,
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
    pub(crate) fn run(sandbox: Sandbox, roles: Vec<Role>) -> Option<Self> {
        Self::run_with(sandbox, roles, &[])
    }

    /// The same with further options of the client.
    fn run_with(sandbox: Sandbox, roles: Vec<Role>, options: &[&str]) -> Option<Self> {
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
            .args(options)
            .arg("--debug-file")
            .arg(sandbox.home.join("debug.log"));
        let ran = feed(&mut command, b"");
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let result = serde_json::from_str(&ran.stdout).unwrap();
        Some(Self { sandbox, model, result })
    }

    /// A JSON file of the project.
    fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.sandbox.read(name)).unwrap_or_default()
    }

    /// The session went through to the main session's last words.
    #[track_caller]
    pub(crate) fn ended_well(&self) {
        assert_eq!(self.result["result"], "all done", "{}", self.result);
    }
}

/// The main session, which starts these agents one after the other.
pub(crate) fn main_session(agents: &[&str]) -> Role {
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

pub(crate) fn write(path: &str, content: &str) -> Turn {
    Turn::Use("Write", json!({"file_path": format!("<cwd>/{path}"), "content": content}))
}

pub(crate) fn bash(command: &str) -> Turn {
    Turn::Use("Bash", json!({"command": command, "description": "work"}))
}

pub(crate) fn say(text: &str) -> Turn {
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

const API_BUILDER: &str = include_str!("../demo/agents/api-builder.md");
const SCREEN_BUILDER: &str = include_str!("../demo/agents/screen-builder.md");
const COPY_EDITOR: &str = include_str!("../demo/agents/copy-editor.md");
pub(crate) const API: &str = "Build real, working endpoints";
pub(crate) const SCREENS: &str = "Build accessible screens";
const COPY: &str = "Read the texts of the shop";

pub(crate) const REPORT: &str = r#"The order list is there and tested.

```json
{
  "feature": "order-list",
  "endpoints_created": [{"method": "GET", "path": "/api/orders", "auth": "bearer"}],
  "files_changed": ["backend/api/orders.py"],
  "test_commands": ["curl -s localhost:8000/api/orders"]
}
```"#;

pub(crate) const SCREENS_REPORT: &str =
    "```json\n{\"screens_created\": [], \"endpoints_used\": []}\n```";

/// A request that the model's own server answers with 200.
fn try_endpoint(path: &str) -> Turn {
    bash(&format!("curl -s -i <server>{path}"))
}

pub(crate) fn agents() -> Sandbox {
    project(&[
        ("api-builder", API_BUILDER),
        ("screen-builder", SCREEN_BUILDER),
        ("copy-editor", COPY_EDITOR),
    ])
}

#[test]
fn a_missing_report_is_sent_back_and_the_corrected_one_published_and_handed_off() {
    let api = Role {
        marker: API,
        turns: vec![
            write("backend/api/orders.py", "orders = []\n"),
            try_endpoint("/api/orders"),
            say("All done, everything works."),
            say(REPORT),
        ],
    };
    let screens = Role { marker: SCREENS, turns: vec![say(SCREENS_REPORT)] };
    let copy = Role { marker: COPY, turns: vec![say("Nothing is unclear.")] };
    let main = main_session(&["api-builder", "screen-builder", "copy-editor"]);
    let Some(session) = Session::run(agents(), vec![api, screens, copy, main]) else { return };
    session.ended_well();

    let sent_back = session.model.told_after(API, 2);
    for key in ["feature", "endpoints_created", "files_changed", "test_commands"] {
        assert!(sent_back.contains(&format!("`{key}`")), "{sent_back}");
    }
    assert!(sent_back.contains("complete corrected report"), "{sent_back}");
    assert_eq!(session.model.requests(API).len(), 4, "sent back once, then accepted");

    let published = session.json(".claude/context/session/state.json");
    assert_eq!(published["tasks_completed"][0]["agent"], "api-builder", "{published}");
    assert_eq!(published["tasks_pending"], json!([]));
    let report = session.json(".claude/context/agents/api-builder.json");
    assert_eq!(report["context"]["endpoints_created"][0]["path"], "/api/orders", "{report}");

    let handed_over = session.model.told_at_start(SCREENS);
    assert!(handed_over.contains("/api/orders"), "{handed_over}");
    let third = session.model.told_at_start(COPY);
    assert!(!third.contains("/api/orders"), "{third}");
}

#[test]
fn a_run_that_never_complies_ends_and_arrives_as_blocked() {
    let api = Role { marker: API, turns: vec![say("All done, everything works.")] };
    let screens = Role { marker: SCREENS, turns: vec![say(SCREENS_REPORT)] };
    let main = main_session(&["api-builder", "screen-builder"]);
    let Some(session) = Session::run(agents(), vec![api, screens, main]) else { return };
    session.ended_well();

    assert_eq!(session.model.requests(API).len(), 3, "two times sent back, then let go");
    let published = session.json(".claude/context/session/state.json");
    assert_eq!(published["tasks_pending"][0]["agent"], "api-builder", "{published}");
    let handed_over = session.model.told_at_start(SCREENS);
    assert!(handed_over.contains("`api-builder`"), "{handed_over}");
    assert!(handed_over.contains("blocked"), "{handed_over}");
}

#[test]
fn a_write_outside_the_lane_is_refused_and_one_inside_allowed() {
    let api = Role {
        marker: API,
        turns: vec![
            write("frontend/orders.tsx", "x\n"),
            write("backend/api/orders.py", "orders = []\n"),
            try_endpoint("/api/orders"),
            say(REPORT),
        ],
    };
    let Some(session) = Session::run(agents(), vec![api, main_session(&["api-builder"])]) else {
        return;
    };
    let refused = session.model.told_after(API, 0);
    for part in ["PreToolUse:Write hook error", "api-builder.md:", "`backend/**`"] {
        assert!(refused.contains(part), "{refused}");
    }
    assert!(!session.sandbox.path("frontend").exists());
    assert_eq!(session.sandbox.read("backend/api/orders.py"), "orders = []\n");
}

#[test]
fn a_command_that_writes_outside_the_lane_is_refused_and_one_inside_allowed() {
    let api = Role {
        marker: API,
        turns: vec![
            bash("echo x > frontend/note.txt"),
            bash("cd backend && mkdir -p ../frontend/api && touch ../frontend/api/a"),
            bash("mkdir -p backend/api && cd backend && echo ok > api/note.txt && ls -la api"),
            say(REPORT),
        ],
    };
    let Some(session) = Session::run(agents(), vec![api, main_session(&["api-builder"])]) else {
        return;
    };
    for turn in [0, 1] {
        let refused = session.model.told_after(API, turn);
        assert!(refused.contains("PreToolUse:Bash hook error"), "{refused}");
        assert!(refused.contains("api-builder.md:"), "{refused}");
    }
    assert!(!session.sandbox.path("frontend").exists());
    assert_eq!(session.sandbox.read("backend/api/note.txt"), "ok\n");
}

/// Code may do anything, and is allowed; what it did is seen when the run ends.
#[test]
fn what_no_call_showed_is_caught_when_the_run_ends() {
    let plan = "import os; os.mkdir('frontend'); open('frontend/a.tsx', 'w').write('x')\n";
    let api = Role {
        marker: API,
        turns: vec![
            write("backend/plan", plan),
            bash("python3 -c \"exec(open('backend/plan').read())\""),
            try_endpoint("/api/orders"),
            say(REPORT),
            say(REPORT),
        ],
    };
    let Some(session) = Session::run(agents(), vec![api, main_session(&["api-builder"])]) else {
        return;
    };
    session.ended_well();
    assert_eq!(session.sandbox.read("frontend/a.tsx"), "x", "allowed, and never reverted by us");
    let sent_back = session.model.told_after(API, 3);
    assert!(sent_back.contains("frontend/a.tsx"), "{sent_back}");
    assert_eq!(session.model.requests(API).len(), 5, "once, then recorded");
    let log = session.sandbox.run("boundary-guard", &["log"], b"").stdout;
    assert!(log.contains("violation"), "{log}");
}

/// The client keeps Write in the worktree by itself, but not Bash.
#[test]
fn a_worktree_agent_does_not_reach_the_main_checkout() {
    let sandbox = agents();
    sandbox.write("backend/api/old.py", "old\n");
    sandbox.git(&["add", "-A", "backend", ".claude/agents"]);
    sandbox.git(&["commit", "-q", "-m", "start"]);
    let outside = sandbox.path("backend/api/outside.py");
    let api = Role {
        marker: API,
        turns: vec![
            bash(&format!("echo x > {}", outside.display())),
            bash("echo inside > backend/api/inside.py && cat backend/api/inside.py"),
            try_endpoint("/api/orders"),
            say(REPORT),
        ],
    };
    let mut main = main_session(&["api-builder"]);
    if let Some(Turn::Use(_, input)) = main.turns.first_mut() {
        input["isolation"] = json!("worktree");
    }
    let Some(session) = Session::run(sandbox, vec![api, main]) else { return };
    session.ended_well();
    let refused = session.model.told_after(API, 0);
    assert!(refused.contains("another working tree"), "{refused}");
    assert!(!outside.exists());
    let allowed = session.model.told_after(API, 1);
    assert!(allowed.contains("inside"), "{allowed}");
    assert!(!session.sandbox.path("backend/api/inside.py").exists(), "written in the worktree");
    let published = session.json(".claude/context/session/state.json");
    assert_eq!(published["tasks_completed"][0]["agent"], "api-builder", "{published}");
}

#[test]
fn a_write_through_a_link_planted_by_bash_is_refused() {
    let api = Role {
        marker: API,
        turns: vec![
            bash("mkdir -p backend && ln -s ../frontend backend/api"),
            write("backend/api/orders.tsx", "x\n"),
            say(REPORT),
        ],
    };
    let sandbox = agents();
    sandbox.write("frontend/page.tsx", "page\n");
    let Some(session) = Session::run(sandbox, vec![api, main_session(&["api-builder"])]) else {
        return;
    };
    let refused = session.model.told_after(API, 1);
    assert!(refused.contains("PreToolUse:Write hook error"), "{refused}");
    assert!(!session.sandbox.path("frontend/orders.tsx").exists());
}

/// A definition as its author wrote it, from the development data beside the repository.
#[test]
fn a_definition_from_the_field_is_held_to_its_word() {
    let Some(seed) = shared("seeds/003_2797c3a846a980ff.txt") else { return };
    let seed = std::fs::read_to_string(seed).unwrap();
    let receiver = "---\nname: frontend-ui-developer\ndescription: d\ntools: Read\n---\n\
                    Screens marker.\n";
    let sandbox = project(&[
        ("backend-system-architect", &seed),
        ("frontend-ui-developer", receiver),
        ("helper", HELPER),
    ]);
    let report = json!({
        "feature": "login",
        "endpoints_created": [{"method": "GET", "path": "/api/v1/login", "auth": "none",
                               "rate_limit": "10/min"}],
        "models_created": [], "middleware_added": [], "security_measures": ["bcrypt"],
        "test_commands": ["curl localhost:8500/api/v1/login"],
        "documentation": {"openapi_updated": true, "postman_collection": "docs/auth.json"},
    });
    let backend = Role {
        marker: "microservice boundaries, and distributed system patterns",
        turns: vec![
            write("frontend/login.tsx", "x\n"),
            write("backend/app/api/login.py", "x = 1\n"),
            try_endpoint("/api/v1/login"),
            say("It works."),
            say(&format!("Done.\n\n```json\n{report:#}\n```")),
        ],
    };
    let screens = Role { marker: "Screens marker", turns: vec![say("Seen.")] };
    let helper = Role { marker: "You are the helper", turns: vec![say("Seen.")] };
    let main = main_session(&["backend-system-architect", "frontend-ui-developer", "helper"]);
    let (backend_marker, screens_marker) = (backend.marker, screens.marker);
    let roles = vec![backend, screens, helper, main];
    let Some(session) = Session::run(sandbox, roles) else { return };
    session.ended_well();
    let refused = session.model.told_after(backend_marker, 0);
    assert!(refused.contains("[lane.forbidden]"), "{refused}");
    assert_eq!(session.sandbox.read("backend/app/api/login.py"), "x = 1\n");
    let sent_back = session.model.told_after(backend_marker, 3);
    assert!(sent_back.contains("`models_created`"), "{sent_back}");
    assert_eq!(session.model.requests(backend_marker).len(), 5);
    assert!(session.model.told_at_start(screens_marker).contains("/api/v1/login"));
    assert!(!session.model.told_at_start("You are the helper").contains("/api/v1/login"));
}

#[test]
fn the_checkout_works_as_a_plugin() {
    let sandbox = Sandbox::new();
    sandbox.write(".claude/agents/api-builder.md", API_BUILDER);
    let plugin = sandbox.base().join("plugin");
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["hooks/hooks.json", ".claude-plugin/plugin.json"] {
        let to = plugin.join(name);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(checkout.join(name), to).unwrap();
    }
    std::fs::create_dir(plugin.join("bin")).unwrap();
    for name in EXECUTABLES {
        std::os::unix::fs::symlink(executable(name), plugin.join("bin").join(name)).unwrap();
    }
    let turns = vec![write("frontend/orders.tsx", "x\n"), say("All done.")];
    let roles = vec![Role { marker: API, turns }, main_session(&["api-builder"])];
    let options = ["--plugin-dir", plugin.to_str().unwrap()];
    let Some(session) = Session::run_with(sandbox, roles, &options) else { return };
    session.ended_well();
    let refused = session.model.told_after(API, 0);
    assert!(refused.contains("[lane.forbidden]"), "{refused}");
    assert!(!session.sandbox.path("frontend").exists());
    let sent_back = session.model.told_after(API, 1);
    assert!(sent_back.contains("complete corrected report"), "{sent_back}");
    let published = session.json(".claude/context/session/state.json");
    assert_eq!(published["tasks_pending"][0]["agent"], "api-builder", "{published}");
}
