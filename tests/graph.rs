//! The drawn pipeline in a real browser.
//!
//! Headless Chromium (`chromium`, or what `CHROMIUM` names) loads the page and
//! takes pictures into `target/pictures/`, for a person to look at. Without one
//! the test says so and passes.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::sandbox::Sandbox;

const EVIL: &str = "<script>document.title='owned'</script><b onload=x>\"'&";

fn chromium() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("CHROMIUM") {
        return Some(PathBuf::from(path));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let mut found = std::env::split_paths(&path)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .filter(|path| path.is_file());
    let first = found.next();
    if first.is_none() {
        println!("skipped: no Chromium on this machine");
    }
    first
}

fn agent(name: &str, allowed: &str, to: &str) -> (String, String) {
    let text = format!(
        "---\nname: {name}\ndescription: d\n---\n## Boundaries\n- Allowed: {allowed}\n\n\
         ## Integration\n- **Hands off to:** {to}\n"
    );
    (format!(".claude/agents/{name}.md"), text)
}

/// A pipeline with every kind of agent and state.
fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    for (file, text) in [
        agent(
            "workflow-architect",
            "workflows/**",
            "backend-system-architect (API integration points)",
        ),
        agent(
            "backend-system-architect",
            "backend/app/api/**, backend/app/services/**",
            "database-engineer (for migrations), code-quality-reviewer (for validation), frontend-ui-developer (API contracts)",
        ),
        agent("database-engineer", "backend/alembic/**", "code-quality-reviewer (schema)"),
        agent(
            "frontend-ui-developer",
            "frontend/**",
            "code-quality-reviewer (for validation), release-engineer (bundles)",
        ),
        agent("code-quality-reviewer", "reports/**", "frontend-ui-developer (findings)"),
        agent("incident-writer", "incidents/**", "nobody at all"),
    ] {
        sandbox.write(&file, &text);
    }
    let report = json!({"endpoints": ["POST /login"]});
    let message = format!("Built login. {EVIL}\n```json\n{report}\n```\n");
    stop(&sandbox, "backend-system-architect", &message);
    stop(&sandbox, "workflow-architect", "Planned the login.");
    stop(&sandbox, "database-engineer", "");
    let start = json!({
        "hook_event_name": "SubagentStart", "session_id": "s1", "cwd": sandbox.project,
        "agent_id": "f1", "agent_type": "frontend-ui-developer",
    });
    let ran = sandbox.hook("handoff-preparer", start.to_string().as_bytes());
    assert!(ran.stdout.contains("POST /login"), "{ran:?}");
    let start = start.to_string().replace("frontend-ui-developer", "backend-system-architect");
    sandbox.hook(
        "handoff-preparer",
        start.replace("\"f1\"", "\"backend-system-architect\"").as_bytes(),
    );
    stop(&sandbox, "backend-system-architect", &message);
    sandbox
}

fn stop(sandbox: &Sandbox, agent: &str, message: &str) {
    let mut event = json!({
        "hook_event_name": "SubagentStop", "session_id": "s1", "cwd": sandbox.project,
        "agent_id": agent, "agent_type": agent,
    });
    if !message.is_empty() {
        event["last_assistant_message"] = json!(message);
    }
    let ran = sandbox.hook("handoff-preparer", event.to_string().as_bytes());
    assert_eq!(ran.code, Some(0), "{ran:?}");
}

fn draw(sandbox: &Sandbox, format: &str) -> String {
    let ran = sandbox.run("handoff-preparer", &["graph", "--format", format], b"");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    ran.stdout
}

#[test]
fn the_graph_names_states_and_oddities() {
    let sandbox = project();
    let graph: Value = serde_json::from_str(&draw(&sandbox, "json")).unwrap();
    let mut states: Vec<String> = graph["handoffs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| {
            format!("{} → {}: {}", edge["from"], edge["to"], edge["state"]).replace('"', "")
        })
        .collect();
    states.sort();
    let expected = [
        "backend-system-architect → code-quality-reviewer: ready",
        "backend-system-architect → database-engineer: ready",
        "backend-system-architect → frontend-ui-developer: delivered",
        "code-quality-reviewer → frontend-ui-developer: null",
        "database-engineer → code-quality-reviewer: blocked",
        "frontend-ui-developer → code-quality-reviewer: null",
        "frontend-ui-developer → release-engineer: null",
        "workflow-architect → backend-system-architect: done",
    ];
    assert_eq!(states, expected);
    assert_eq!(graph["unknown"], json!(["release-engineer"]));
    assert_eq!(graph["never_handed_to"], json!(["incident-writer", "workflow-architect"]));
    assert_eq!(graph["cycles"], json!([["code-quality-reviewer", "frontend-ui-developer"]]));
}

#[test]
fn a_browser_shows_the_page() {
    let Some(chromium) = chromium() else { return };
    let sandbox = project();
    sandbox.write("pipeline.html", &draw(&sandbox, "html"));
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
    fs::create_dir_all(&pictures).unwrap();
    for (name, dark) in [("pipeline-light", false), ("pipeline-dark", true)] {
        let picture = pictures.join(format!("{name}.png"));
        let _ = fs::remove_file(&picture);
        let arguments = [format!("--screenshot={}", picture.display())];
        browse(&sandbox, &chromium, &arguments, dark);
        let bytes = fs::read(&picture).unwrap();
        assert!(bytes.starts_with(b"\x89PNG") && bytes.len() > 20_000, "{}", bytes.len());
        println!("a picture is in `{}`", picture.display());
    }
    let dom = browse(&sandbox, &chromium, &["--dump-dom".to_owned()], false);
    // As the browser read it: what was foreign is text, and nothing ran.
    assert!(dom.contains("<title>Agents of shop</title>"), "{dom}");
    assert_eq!(dom.matches("<script").count(), 0, "{dom}");
    assert!(dom.contains("&lt;script&gt;document.title="), "{dom}");
    let boxes = ["agent\"", "agent unknown\""]
        .map(|class| dom.matches(&format!("<g class=\"{class}")).count());
    assert_eq!(boxes, [6, 1]);
    for state in ["ready", "delivered", "done", "blocked"] {
        assert!(dom.contains(&format!("class=\"edge {state}")), "{state}");
    }
}

fn browse(sandbox: &Sandbox, chromium: &Path, arguments: &[String], dark: bool) -> String {
    // The browser keeps a socket there, whose path may be 107 bytes long.
    let short = tempfile::tempdir().unwrap();
    let mut command = sandbox.command("timeout");
    command.env("TMPDIR", short.path());
    command.arg("60").arg(chromium).args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--window-size=1440,1150",
    ]);
    if dark {
        command.arg("--blink-settings=preferredColorScheme=0");
    }
    let page = format!("file://{}", sandbox.path("pipeline.html").display());
    let output = command.args(arguments).arg(page).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
