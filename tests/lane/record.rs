//! What is kept of decisions, and what the configuration makes of them.

use serde_json::{Value, json};

use crate::sandbox::{Ran, Sandbox};

const DEFINITION: &str =
    "---\nname: be\n---\n\n## Boundaries\n- Allowed: backend/**\n- Forbidden: frontend/**\n";

fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(".claude/agents/be.md", DEFINITION);
    sandbox
}

fn call(sandbox: &Sandbox, agent: Option<&str>, tool: &str, input: &Value) -> Ran {
    let mut event = json!({
        "hook_event_name": "PreToolUse",
        "session_id": "s1",
        "cwd": sandbox.project,
        "tool_name": tool,
        "tool_input": input,
    });
    if let Some(agent) = agent {
        event["agent_id"] = json!("run-1");
        event["agent_type"] = json!(agent);
    }
    sandbox.hook("boundary-guard", event.to_string().as_bytes())
}

fn write(sandbox: &Sandbox, agent: Option<&str>, path: &str) -> Ran {
    call(sandbox, agent, "Write", &json!({ "file_path": path, "content": "x" }))
}

fn ledger(sandbox: &Sandbox) -> Vec<Value> {
    let text = sandbox.read(".claude/logs/lanekeeper/ledger.jsonl");
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_write_decision_is_one_line() {
    let sandbox = project();
    assert_eq!(write(&sandbox, Some("be"), "backend/a.ts").code, Some(0));
    assert_eq!(write(&sandbox, Some("be"), "frontend/a.ts").code, Some(2));
    call(&sandbox, Some("be"), "Read", &json!({ "file_path": "frontend/a.ts" }));
    let lines = ledger(&sandbox);
    let said: Vec<_> = lines
        .iter()
        .map(|line| {
            format!(
                "{} {} {} {} {}",
                line["agent"], line["run"], line["tool"], line["decision"], line["paths"]
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            r#""be" "run-1" "Write" "allow" ["backend/a.ts"]"#,
            r#""be" "run-1" "Write" "deny" ["frontend/a.ts"]"#,
        ]
    );
    assert_eq!(lines[1]["rule"], "lane.forbidden");
}

#[test]
fn a_refused_write_tried_through_another_tool_is_named() {
    let sandbox = project();
    let first = write(&sandbox, Some("be"), "frontend/a.ts");
    let input = json!({ "path": sandbox.path("frontend/a.ts") });
    let again = call(&sandbox, Some("be"), "mcp__fs__write_file", &input);
    let named = "This write to `frontend/a.ts` was refused before, through Write; another tool does not change that.";
    assert!(!first.stdout.contains("refused before"), "{}", first.stdout);
    assert!(again.stdout.contains(named), "{}", again.stdout);
}

#[test]
fn an_agent_without_a_definition_is_said_once() {
    let sandbox = project();
    let first = write(&sandbox, Some("ghost"), "frontend/a.ts");
    assert_eq!(
        first,
        Ran {
            code: Some(0),
            stdout: "{\"systemMessage\":\"boundary-guard: no definition of `ghost` was found, nothing is enforced\"}\n".to_owned(),
            stderr: String::new(),
        }
    );
    assert_eq!(write(&sandbox, Some("ghost"), "frontend/b.ts").stdout, "");
    assert_eq!(ledger(&sandbox).len(), 1);
    assert_eq!(ledger(&sandbox)[0]["decision"], "ungoverned");
}

#[test]
fn a_rule_that_warns_lets_through_and_says_so() {
    let sandbox = project();
    sandbox
        .write(".claude/lanekeeper.json", r#"{"agents": {"be": {"rules": {"lane.*": "warn"}}}}"#);
    let ran = write(&sandbox, Some("be"), "frontend/a.ts");
    assert_eq!(ran.code, Some(0));
    assert!(
        ran.stdout.starts_with(
            "{\"systemMessage\":\"be (not refused: the rule only warns): [lane.forbidden]"
        ),
        "{}",
        ran.stdout
    );
    assert_eq!(ledger(&sandbox)[0]["decision"], "warn");
    sandbox.write(".claude/lanekeeper.json", r#"{"rules": {"lane.forbidden": "off"}}"#);
    assert_eq!(write(&sandbox, Some("be"), "frontend/a.ts").stdout, "");
    assert_eq!(write(&sandbox, Some("be"), "docs/a.md").code, Some(2));
}

#[test]
fn the_main_session_is_governed_by_the_configuration_only() {
    let sandbox = project();
    assert_eq!(write(&sandbox, None, ".claude/agents/be.md").code, Some(0));
    sandbox.write(".claude/lanekeeper.json", r#"{"agents": {"main": {"allowed": ["docs/**"]}}}"#);
    assert_eq!(write(&sandbox, None, "docs/a.md").code, Some(0));
    assert_eq!(write(&sandbox, None, "src/a.ts").code, Some(2));
    assert_eq!(write(&sandbox, None, ".claude/lanekeeper.json").code, Some(2));
    assert_eq!(write(&sandbox, Some("be"), "backend/a.ts").code, Some(0));
}

#[test]
fn a_broken_configuration_refuses_rather_than_guess() {
    let sandbox = project();
    sandbox.write(".claude/lanekeeper.json", r#"{"rulez": {}}"#);
    let ran = write(&sandbox, Some("be"), "backend/a.ts");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("unknown field `rulez`, expected one of"), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1);
    // The main session may mend it, unless it is governed itself.
    assert_eq!(write(&sandbox, None, ".claude/lanekeeper.json").code, Some(0));
    sandbox.write(".claude/lanekeeper.json", r#"{"agents": {"main": {"x": 1}}}"#);
    assert_eq!(write(&sandbox, None, "a").code, Some(2));
}

#[test]
fn a_ledger_that_cannot_be_written_does_not_change_the_verdict() {
    let sandbox = project();
    sandbox.write(".claude/logs", "no folder");
    let ran = write(&sandbox, Some("be"), "backend/a.ts");
    assert_eq!(ran.code, Some(0));
    assert!(ran.stdout.contains("boundary-guard: not recorded: "), "{}", ran.stdout);
    assert_eq!(write(&sandbox, Some("be"), "frontend/a.ts").code, Some(2));
}

#[test]
fn the_log_is_filtered() {
    let sandbox = project();
    for path in ["backend/a.ts", "frontend/a.ts", "docs/a.md"] {
        write(&sandbox, Some("be"), path);
    }
    let log = |args: &[&str]| sandbox.run("boundary-guard", &[&["log"], args].concat(), b"").stdout;
    assert_eq!(log(&[]).lines().count(), 3);
    assert_eq!(log(&["--decision", "deny", "--json"]).lines().count(), 2);
    assert_eq!(log(&["--agent", "fe", "--json"]), "");
    assert_eq!(log(&["--since", "1h"]).lines().count(), 3);
    assert_eq!(log(&["--until", "2020", "--json"]).lines().count(), 0, "a year alone is no time");
    let deny = log(&["--decision", "deny"]);
    assert!(deny.contains(" deny  be Write [lane.forbidden] frontend/a.ts\n"), "{deny}");
}

#[test]
fn several_owners_are_named() {
    let sandbox = project();
    for name in ["fe", "ui", "ux", "vx", "wx"] {
        sandbox.write(
            &format!(".claude/agents/{name}.md"),
            &format!("---\nname: {name}\n---\n## Boundaries\n- Allowed: frontend/**\n"),
        );
    }
    let reason = write(&sandbox, Some("be"), "frontend/page.tsx").stderr;
    let told = "`frontend/page.tsx` belongs to fe, ui, ux and 2 more; hand it off to one of them.";
    assert!(reason.contains(told), "{reason}");
    assert!(reason.contains("`.claude/agents/be.md:7` forbids `frontend/**`"), "{reason}");
}

#[test]
fn file_names_are_shown_printable() {
    let sandbox = project();
    let reason = write(&sandbox, Some("be"), "frontend/\u{1b}[2J\u{202e}x.ts").stderr;
    assert!(reason.contains("frontend/\\u{1b}[2J\\u{202e}x.ts"), "{reason}");
    assert_eq!(reason.lines().count(), 1, "{reason}");
}
