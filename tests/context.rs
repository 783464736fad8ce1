//! The shared context under load and failure, through the real executables.
//!
//! `LANEKEEPER_FULL=1` runs the full sizes: 64 processes at once for 50 rounds,
//! 1,000 kills.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::sandbox::{Sandbox, executable, feed};

const GIVER: &str = "\
---
name: api-giver
description: gives
---
## Context Protocol
- Before: Read `.claude/context/session/state.json`

## Handoff Triggers

### To ui-receiver
**When**: the API is ready
**Context Provided**:
- OpenAPI specifications
- Wire frames
";

const RECEIVER: &str = "\
---
name: ui-receiver
description: receives
---
## Integration
- **Receives from:** api-giver (API contracts)
";

const LONER: &str = "---\nname: loner\ndescription: reads from nobody\n---\nWork alone.\n";

/// Asks for a report, so that a message without one fails its verdict.
const ASKED: &str = "\
---
name: asked
description: must report
---
## Output Format
```json
{\"feature\": \"x\"}
```

## Integration
- **Hands off to:** ui-receiver (API contracts)
";

const MESSAGE: &str =
    "Built login.\n```json\n{\"endpoints\": [\"POST /login\"]}\n```\n## Decisions\n- Use JWT\n";

fn full() -> bool {
    std::env::var_os("LANEKEEPER_FULL").is_some()
}

fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    for (name, text) in
        [("api-giver", GIVER), ("ui-receiver", RECEIVER), ("loner", LONER), ("asked", ASKED)]
    {
        sandbox.write(&format!(".claude/agents/{name}.md"), text);
    }
    sandbox
}

fn event(kind: &str, agent: &str, agent_id: &str, cwd: &Path) -> Value {
    json!({
        "hook_event_name": kind, "session_id": "s1", "cwd": cwd,
        "agent_id": agent_id, "agent_type": agent,
    })
}

fn stop(agent: &str, agent_id: &str, message: &str, cwd: &Path) -> String {
    let mut event = event("SubagentStop", agent, agent_id, cwd);
    event["last_assistant_message"] = json!(message);
    event.to_string()
}

/// Starts an executable with its event written and its stdin closed.
fn start(sandbox: &Sandbox, name: &str, stdin: &str) -> Child {
    use std::io::Write;
    let mut child = sandbox
        .command(executable(name))
        .env("CLAUDE_PROJECT_DIR", &sandbox.project)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    child
}

fn publish(sandbox: &Sandbox, agent: &str, agent_id: &str, message: &str) {
    let ran = sandbox
        .hook("context-publisher", stop(agent, agent_id, message, &sandbox.project).as_bytes());
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
}

fn hand_off(sandbox: &Sandbox, agent: &str, agent_id: &str, message: &str) {
    let ran = sandbox
        .hook("handoff-preparer", stop(agent, agent_id, message, &sandbox.project).as_bytes());
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
}

/// What an agent is told at its start; empty when nothing.
fn told(sandbox: &Sandbox, executable: &str, agent: &str, agent_id: &str) -> String {
    let event = event("SubagentStart", agent, agent_id, &sandbox.project);
    let ran = sandbox.hook(executable, event.to_string().as_bytes());
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    context_of(&ran.stdout)
}

fn context_of(stdout: &str) -> String {
    if stdout.is_empty() {
        return String::new();
    }
    let reply: Value = serde_json::from_str(stdout).unwrap();
    reply["hookSpecificOutput"]["additionalContext"].as_str().unwrap().to_owned()
}

fn json_file(sandbox: &Sandbox, name: &str) -> Value {
    let text = sandbox.read(&format!(".claude/context/{name}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"))
}

/// Every file below the context folder, by its path there.
fn context_files(sandbox: &Sandbox) -> Vec<String> {
    let files = sandbox.files();
    let names = files.keys().filter_map(|name| name.strip_prefix(".claude/context/"));
    names.map(str::to_owned).collect()
}

const FILES_AFTER_A_PUBLICATION: [&str; 4] = [
    "agents/api-giver.json",
    "history/runs.jsonl",
    "knowledge/decisions/active.json",
    "session/state.json",
];

/// The runs in the history: each once, whatever was killed.
fn recorded(sandbox: &Sandbox) -> Vec<String> {
    let ran = sandbox.run("context-publisher", &["history", "--json", "--runs", "100000"], b"");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let runs: Value = serde_json::from_str(&ran.stdout).unwrap();
    runs.as_array().unwrap().iter().map(|run| run["agent_id"].as_str().unwrap().into()).collect()
}

#[test]
fn many_publishers_at_once_lose_nothing() {
    let sandbox = project();
    let cwd = sandbox.project.clone();
    check_many_at_once(&sandbox, &[cwd]);
}

#[test]
fn publishers_in_two_worktrees_share_one_context() {
    let sandbox = project();
    sandbox.git(&["commit", "-q", "--allow-empty", "-m", "start"]);
    let trees: Vec<PathBuf> = ["one", "two"]
        .map(|name| {
            let tree = format!(".claude/worktrees/{name}");
            sandbox.git(&["worktree", "add", "-q", &tree]);
            sandbox.path(&tree)
        })
        .into();
    check_many_at_once(&sandbox, &trees);
    for tree in trees {
        assert!(!tree.join(".claude/context").exists());
    }
}

fn check_many_at_once(sandbox: &Sandbox, cwds: &[PathBuf]) {
    let (processes, rounds) = if full() { (64, 50) } else { (64, 3) };
    let done = AtomicBool::new(false);
    let reads = std::thread::scope(|scope| {
        let reader = scope.spawn(|| read_until(sandbox, &done));
        for round in 0..rounds {
            let children: Vec<Child> = (0..processes)
                .map(|process| {
                    let agent = ["api-giver", "ui-receiver", "loner"][process % 3];
                    let cwd = &cwds[process % cwds.len()];
                    let stop = stop(agent, &format!("{round}-{process}"), MESSAGE, cwd);
                    start(sandbox, "context-publisher", &stop)
                })
                .collect();
            for child in children {
                let output = child.wait_with_output().unwrap();
                assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
            }
        }
        done.store(true, Ordering::Relaxed);
        reader.join().unwrap()
    });
    let mut runs = recorded(sandbox);
    let lines = sandbox.read(".claude/context/history/runs.jsonl").lines().count();
    println!("{} of {} recorded, {reads} files read meanwhile", runs.len(), processes * rounds);
    assert_eq!((runs.len(), lines), (processes * rounds, processes * rounds));
    runs.sort();
    runs.dedup();
    assert_eq!(runs.len(), processes * rounds);
    let expected: BTreeSet<&str> = FILES_AFTER_A_PUBLICATION
        .into_iter()
        .chain(["agents/loner.json", "agents/ui-receiver.json"])
        .collect();
    let files = context_files(sandbox);
    assert_eq!(files.iter().map(String::as_str).collect::<BTreeSet<_>>(), expected);
}

/// Reads every JSON file again and again; each must parse, every time.
fn read_until(sandbox: &Sandbox, done: &AtomicBool) -> usize {
    let mut reads = 0;
    while !done.load(Ordering::Relaxed) {
        for name in
            ["session/state.json", "knowledge/decisions/active.json", "agents/api-giver.json"]
        {
            let path = sandbox.path(&format!(".claude/context/{name}"));
            let Ok(text) = fs::read_to_string(path) else { continue };
            let parsed = serde_json::from_str::<Value>(&text);
            assert!(parsed.is_ok(), "{name} is torn: {text}");
            reads += 1;
        }
        std::thread::yield_now();
    }
    reads
}

#[test]
fn a_killed_publisher_tears_nothing_and_holds_nobody_up() {
    let kills = if full() { 1_000 } else { 60 };
    let sandbox = project();
    let began = Instant::now();
    publish(&sandbox, "api-giver", "whole", MESSAGE);
    let usual = began.elapsed();
    let mut acknowledged = vec!["whole".to_owned()];
    let (mut killed, mut random) = (0, 42_u32);
    for number in 0..kills {
        let id = format!("k{number}");
        let stop = stop("api-giver", &id, MESSAGE, &sandbox.project);
        let mut child = start(&sandbox, "context-publisher", &stop);
        // The moment is what is tried, so it has to be waited for.
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        std::thread::sleep(usual.mul_f64(f64::from(random >> 16) / 65_536.0));
        child.kill().unwrap();
        match child.wait().unwrap().code() {
            Some(0) => acknowledged.push(id),
            None => killed += 1,
            Some(code) => panic!("exit {code}"),
        }
        for name in context_files(&sandbox)
            .iter()
            .filter(|name| !name.contains("history/") && !name.contains(".tmp"))
        {
            json_file(&sandbox, name);
        }
    }
    let began = Instant::now();
    publish(&sandbox, "api-giver", "after", MESSAGE);
    let after = began.elapsed();
    assert!(after < usual * 20 + Duration::from_secs(1), "held up for {after:?}");
    let recorded: BTreeSet<String> = recorded(&sandbox).into_iter().collect();
    let lost: Vec<&String> = acknowledged.iter().filter(|id| !recorded.contains(*id)).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    println!("{killed} of {kills} killed in time, {} recorded", recorded.len());
    assert!(killed > 0, "no kill came in time");
    assert_eq!(context_files(&sandbox), FILES_AFTER_A_PUBLICATION);
}

/// Publishing must fail with these words and change no file.
#[track_caller]
fn check_refused(sandbox: &Sandbox, words: &[&str]) {
    let before = sandbox.files();
    let stop = stop("api-giver", "1", MESSAGE, &sandbox.project);
    let ran = sandbox.hook("context-publisher", stop.as_bytes());
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{ran:?}");
    for word in words {
        assert!(ran.stderr.contains(word), "{word}: {}", ran.stderr);
    }
    let mut after = sandbox.files();
    // The history is first and may have its line.
    after.remove(".claude/context/history/runs.jsonl");
    let mut before = before;
    before.remove(".claude/context/history/runs.jsonl");
    assert_eq!(after, before);
}

#[test]
fn says_what_is_in_the_way_and_changes_nothing() {
    let sandbox = project();
    fs::create_dir_all(sandbox.path(".claude/context/session/state.json")).unwrap();
    check_refused(&sandbox, &["could not publish the state", "session/state.json` is a folder"]);

    let sandbox = project();
    sandbox.write(".claude/context", "a file");
    check_refused(&sandbox, &["could not add to the history", ".claude/context` is a file"]);
}

#[test]
fn follows_no_link_planted_in_the_context_folder() {
    let sandbox = project();
    sandbox.write("victim/state.json", "{\"mine\": true}");
    sandbox.link(".claude/context/session", "../../victim");
    check_refused(&sandbox, &["session` is a symbolic link"]);

    let sandbox = project();
    sandbox.write("victim.json", "{\"mine\": true}");
    sandbox.link(".claude/context/session/state.json", "../../../victim.json");
    check_refused(&sandbox, &["session/state.json` is a symbolic link"]);
}

#[test]
fn a_full_disk_leaves_the_old_content() {
    let sandbox = project();
    let filler = "x".repeat(8_000);
    sandbox.write(".claude/context/session/state.json", &json!({"filler": filler}).to_string());
    let before = sandbox.files();
    let stop = stop("api-giver", "1", MESSAGE, &sandbox.project);
    // No file may grow beyond 4 × 512 bytes (1,024 with some shells): the line
    // of the history passes, the state does not.
    let mut limited = sandbox.command("sh");
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f 4; exec \"$0\""])
        .arg(executable("context-publisher"))
        .env("CLAUDE_PROJECT_DIR", &sandbox.project);
    let ran = feed(&mut limited, stop.as_bytes());
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{ran:?}");
    for words in ["could not publish the state", "could not write", "session/state.json"] {
        assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
    let mut after = sandbox.files();
    assert!(after.remove(".claude/context/history/runs.jsonl").is_some());
    assert_eq!(after, before);
}

#[test]
fn a_folder_without_write_permission_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = project();
    sandbox.write(".claude/context/session/state.json", "{}");
    let folder = sandbox.path(".claude/context/session");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o500)).unwrap();
    if fs::write(folder.join("probe"), "").is_ok() {
        fs::remove_file(folder.join("probe")).unwrap();
        println!("skipped: this user may write everywhere");
        return;
    }
    check_refused(&sandbox, &["could not publish the state", "session/state.json", "hint:"]);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_file_that_holds_no_json_is_set_aside_and_said() {
    let sandbox = project();
    sandbox.write(".claude/context/session/state.json", "{half");
    let stop = stop("api-giver", "1", MESSAGE, &sandbox.project);
    let ran = sandbox.hook("context-publisher", stop.as_bytes());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("state.json.unreadable-1"), "{}", ran.stdout);
    assert_eq!(sandbox.read(".claude/context/session/state.json.unreadable-1"), "{half");
    assert_eq!(
        json_file(&sandbox, "session/state.json")["tasks_completed"][0]["agent"],
        "api-giver"
    );
}

#[test]
fn the_next_agent_gets_it_and_others_get_nothing() {
    let sandbox = project();
    publish(&sandbox, "api-giver", "g1", MESSAGE);
    hand_off(&sandbox, "api-giver", "g1", MESSAGE);
    for executable in ["context-publisher", "handoff-preparer"] {
        assert_eq!(told(&sandbox, executable, "loner", "l1"), "");
    }
    let handoff = told(&sandbox, "handoff-preparer", "ui-receiver", "r1");
    assert!(handoff.contains("> endpoints: [\"POST /login\"]"), "{handoff}");
    assert!(handoff.contains("> - OpenAPI specifications: see endpoints"), "{handoff}");
    assert!(handoff.contains("Not found in its report:\n> - Wire frames"), "{handoff}");
    assert_eq!(told(&sandbox, "handoff-preparer", "ui-receiver", "r1"), "", "resumed");
    // What the handoff told this run is not told again; another run has it from here.
    let context = told(&sandbox, "context-publisher", "ui-receiver", "r1");
    assert!(context.contains("Its report is in its handoff to this agent"), "{context}");
    let context = told(&sandbox, "context-publisher", "ui-receiver", "r2");
    assert!(context.contains("> endpoints: [\"POST /login\"]"), "{context}");
    hand_off(&sandbox, "ui-receiver", "r1", "Built the form.");
    assert_eq!(json_file(&sandbox, "handoffs/api-giver--ui-receiver.json")["state"], "done");
}

#[test]
fn a_file_in_the_way_of_one_handoff_costs_no_other() {
    let sandbox = project();
    hand_off(&sandbox, "api-giver", "1", MESSAGE);
    let handoffs = sandbox.path(".claude/context/handoffs");
    fs::create_dir(handoffs.join("aa--ui-receiver.json")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", handoffs.join("zz--ui-receiver.json")).unwrap();
    let text = told(&sandbox, "handoff-preparer", "ui-receiver", "r1");
    assert!(text.contains("POST /login"), "{text}");
    assert_eq!(text.matches("A handoff could not be read:\n> ").count(), 2, "{text}");
    let end = stop("ui-receiver", "r1", "Done.", &sandbox.project);
    let ran = sandbox.hook("handoff-preparer", end.as_bytes());
    assert!(ran.code == Some(1) && ran.stderr.contains("aa--ui-receiver.json"), "{ran:?}");
    assert_eq!(json_file(&sandbox, "handoffs/api-giver--ui-receiver.json")["state"], "done");
}

#[test]
fn a_file_in_the_way_of_one_receiver_costs_no_other() {
    let sandbox = project();
    let two = "---\nname: two-giver\ndescription: gives\n---\n## Integration\n\
               - **Hands off to:** `loner` (a), ui-receiver (b)\n";
    sandbox.write(".claude/agents/two-giver.md", two);
    let handoffs = sandbox.path(".claude/context/handoffs");
    fs::create_dir_all(handoffs.join("two-giver--loner.json")).unwrap();
    let stopped = stop("two-giver", "1", "Done.", &sandbox.project);
    let ran = sandbox.hook("handoff-preparer", stopped.as_bytes());
    assert!(ran.code == Some(1) && ran.stderr.contains("two-giver--loner.json"), "{ran:?}");
    assert_eq!(json_file(&sandbox, "handoffs/two-giver--ui-receiver.json")["state"], "ready");
}

#[test]
fn an_unreadable_handoff_is_set_aside_and_said() {
    let sandbox = project();
    let file = ".claude/context/handoffs/api-giver--ui-receiver.json";
    sandbox.write(file, "{half");
    let stopped = stop("api-giver", "1", MESSAGE, &sandbox.project);
    let ran = sandbox.hook("handoff-preparer", stopped.as_bytes());
    assert!(ran.code == Some(0) && ran.stdout.contains("systemMessage"), "{ran:?}");
    assert_eq!(sandbox.read(&format!("{file}.unreadable-1")), "{half");
    assert_eq!(json_file(&sandbox, "handoffs/api-giver--ui-receiver.json")["state"], "ready");
}

#[test]
fn a_session_started_as_the_receiver_gets_the_handoff_again_after_compaction() {
    let sandbox = project();
    hand_off(&sandbox, "api-giver", "1", MESSAGE);
    let start = |session: &str, source: &str| {
        let event = json!({
            "hook_event_name": "SessionStart", "session_id": session, "source": source,
            "cwd": sandbox.project, "agent_type": "ui-receiver",
        });
        let ran = sandbox.hook("handoff-preparer", event.to_string().as_bytes());
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
        context_of(&ran.stdout)
    };
    let text = start("m1", "startup");
    assert!(text.contains("POST /login"), "{text}");
    assert_eq!(start("m1", "resume"), "", "it is in the transcript");
    assert_eq!(start("m1", "compact"), text);
    assert_eq!(start("m2", "compact"), "", "another session");
    assert_eq!(told(&sandbox, "handoff-preparer", "ui-receiver", "r1"), "");
    let ended = json!({
        "hook_event_name": "Stop", "session_id": "m1", "cwd": sandbox.project,
        "agent_type": "ui-receiver", "last_assistant_message": "Done.",
    });
    let ran = sandbox.hook("handoff-preparer", ended.to_string().as_bytes());
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    assert_eq!(json_file(&sandbox, "handoffs/api-giver--ui-receiver.json")["state"], "done");
    assert_eq!(start("m1", "compact"), "", "done");
}

#[test]
fn two_receivers_at_once_do_not_both_get_it() {
    let sandbox = project();
    for round in 0..5 {
        hand_off(&sandbox, "api-giver", &format!("g{round}"), MESSAGE);
        let starts: Vec<Child> = (0..16)
            .map(|number| {
                let id = format!("r{round}-{number}");
                let event = event("SubagentStart", "ui-receiver", &id, &sandbox.project);
                start(&sandbox, "handoff-preparer", &event.to_string())
            })
            .collect();
        let outputs = starts.into_iter().map(|child| child.wait_with_output().unwrap());
        let told = outputs.filter(|output| {
            assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
            !output.stdout.is_empty()
        });
        assert_eq!(told.count(), 1, "round {round}");
    }
}

#[test]
fn a_failed_run_arrives_as_blocked_until_it_passes() {
    let sandbox = project();
    let report = "```json\n{\"feature\": \"login\"}\n```";
    for message in ["No report here.", report] {
        publish(&sandbox, "asked", "a1", message);
        hand_off(&sandbox, "asked", "a1", message);
        let state = json_file(&sandbox, "session/state.json");
        let handoff = json_file(&sandbox, "handoffs/asked--ui-receiver.json");
        let told = told(&sandbox, "handoff-preparer", "ui-receiver", "r1");
        let lists =
            ["tasks_pending", "tasks_completed"].map(|key| state[key].as_array().unwrap().len());
        if message == report {
            assert_eq!((lists, &handoff["state"]), ([0, 1], &json!("ready")));
            assert!(told.contains("`asked` handed off"), "{told}");
        } else {
            assert_eq!((lists, &handoff["state"]), ([1, 0], &json!("blocked")));
            assert!(
                told.contains(
                    "ended less than a minute ago with open findings; its handoff is blocked"
                ),
                "{told}"
            );
            assert!(!state["tasks_pending"][0]["blockers"].as_array().unwrap().is_empty());
        }
    }
}

#[test]
fn what_is_told_fits_into_a_reply() {
    let sandbox = project();
    let long = json!({"endpoints": vec!["POST /login ".repeat(20); 400]});
    let message =
        format!("Built.\n```json\n{long}\n```\n## Decisions\n{}", "- decided äöü\n".repeat(500));
    publish(&sandbox, "api-giver", "g1", &message);
    hand_off(&sandbox, "api-giver", "g1", &message);
    let handoff = told(&sandbox, "handoff-preparer", "ui-receiver", "r1");
    let context = told(&sandbox, "context-publisher", "ui-receiver", "r2");
    for text in [handoff, context] {
        let count = text.chars().count();
        assert!((4_000..=9_000).contains(&count), "{count} characters");
    }
}

#[test]
fn everything_written_keeps_to_its_schema() {
    let sandbox = project();
    let report = "```json\n{\"feature\": \"login\"}\n```";
    sandbox.write(".claude/context/shared-context.json", "{\"tasks_completed\": [{\"old\": 1}]}");
    for (agent, id, message) in [
        ("api-giver", "g1", MESSAGE),
        ("asked", "a1", "none"),
        ("asked", "a2", report),
        ("asked", "a3", "none"),
        ("api-giver", "g2", "Plain prose."),
    ] {
        publish(&sandbox, agent, id, message);
        hand_off(&sandbox, agent, id, message);
    }
    told(&sandbox, "handoff-preparer", "ui-receiver", "r1");
    check_schema(&sandbox, "state", "session/state.json");
    check_schema(&sandbox, "decisions", "knowledge/decisions/active.json");
    for name in context_files(&sandbox) {
        if name.starts_with("agents/") {
            check_schema(&sandbox, "agent-context", &name);
        } else if name.starts_with("handoffs/") {
            check_schema(&sandbox, "handoff", &name);
        }
    }
}

#[track_caller]
fn check_schema(sandbox: &Sandbox, schema: &str, file: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("hooks/schemas");
    let path = path.join(format!("{schema}.schema.json"));
    let text = fs::read_to_string(&path).unwrap();
    let mut compiler = boon::Compiler::new();
    compiler.enable_format_assertions();
    compiler.add_resource("schema.json", serde_json::from_str(&text).unwrap()).unwrap();
    let mut schemas = boon::Schemas::new();
    let index = compiler.compile("schema.json", &mut schemas).unwrap();
    let json = json_file(sandbox, file);
    if let Err(error) = schemas.validate(&json, index) {
        panic!("{file}: {error}\n{json:#}");
    }
    // A schema that lets everything pass is none.
    assert!(schemas.validate(&json!({"version": 1}), index).is_err(), "{schema}");
}
