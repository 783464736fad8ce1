//! The demo: recorded from the real client, and shown in the README as it is.
//!
//! `UPDATE=1 cargo test demo` records anew; the README is edited by hand.

use std::fmt::Write;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};

use crate::model::{Role, Turn};
use crate::real_client::{
    API, REPORT, SCREENS, SCREENS_REPORT, Session, agents, bash, main_session, say, write,
};
use crate::sandbox::{Sandbox, executable, feed};

/// What the scripted agent does, in the demo's words.
fn script() -> Vec<(&'static str, Turn)> {
    let script = "mkdir -p frontend && echo '[]' > frontend/orders.json\n";
    vec![
        ("writes backend/api/orders.py", write("backend/api/orders.py", "ORDERS = []\n")),
        ("writes frontend/orders.html", write("frontend/orders.html", "<ul></ul>\n")),
        (
            "runs: curl -s localhost:8000/api/orders | tee frontend/orders.json",
            bash("curl -s <server>/api/orders | tee frontend/orders.json"),
        ),
        (
            "writes backend/export.sh, which writes frontend/orders.json",
            write("backend/export.sh", script),
        ),
        ("runs: sh backend/export.sh", bash("sh backend/export.sh")),
        ("runs: curl -s -i localhost:8000/api/orders", bash("curl -s -i <server>/api/orders")),
        ("stops and says: All done, everything works.", say("All done, everything works.")),
        ("stops again, now with its report", say(REPORT)),
    ]
}

fn repository(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A project whose every subagent event is also written to a file.
fn recording_project() -> Sandbox {
    let sandbox = agents();
    let recorder = sandbox.base().join("record");
    let text = "#!/bin/sh\nmkdir -p \"${0%/*}/events\"\ncat >\"${0%/*}/events/$(date +%s%N)\"\n";
    fs::write(&recorder, text).unwrap();
    fs::set_permissions(&recorder, fs::Permissions::from_mode(0o755)).unwrap();
    let hooks = json!([{"hooks": [{"type": "command", "command": recorder, "args": []}]}]);
    let settings =
        json!({"hooks": {"PreToolUse": hooks, "SubagentStart": hooks, "SubagentStop": hooks}});
    sandbox.write(".claude/settings.local.json", &settings.to_string());
    sandbox
}

/// The subagents' events in the order in which they happened.
fn events(sandbox: &Sandbox) -> Vec<Value> {
    let entries = fs::read_dir(sandbox.base().join("events")).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let events = paths
        .iter()
        .map(|path| serde_json::from_str::<Value>(&fs::read_to_string(path).unwrap()).unwrap());
    events.filter(|event| event.get("agent_id").is_some()).collect()
}

#[test]
fn the_demo_is_a_recording() {
    let (titles, turns): (Vec<_>, Vec<_>) = script().into_iter().unzip();
    let api = Role { marker: API, turns };
    let screens = Role { marker: SCREENS, turns: vec![say(SCREENS_REPORT)] };
    let main = main_session(&["api-builder", "screen-builder"]);
    let Some(session) = Session::run(recording_project(), vec![api, screens, main]) else { return };
    session.ended_well();

    let mut events = events(&session.sandbox);
    let transcript = events[events.len() - 3]["agent_transcript_path"].as_str().unwrap().to_owned();
    // The second agent's own stop is not part of the story.
    events.pop();
    let mut recorded = String::new();
    let titles = ["starts"].into_iter().chain(titles).map(|title| format!("api-builder {title}"));
    let titles: Vec<_> = titles.chain(["screen-builder starts".to_owned()]).collect();
    assert_eq!(events.len(), titles.len(), "{events:#?}");
    for (title, event) in titles.iter().zip(&events) {
        let _ = write!(recorded, "> {title}\n< {event}\n");
        if let Some(effect) = effect(event) {
            let _ = writeln!(recorded, "$ {effect}");
        }
    }
    let plain = Plain::of(&session, &events);
    same("demo/session.txt", &plain.text(&recorded));
    if updating() {
        // Holds the hooks' own words; the README's block keeps those in step.
        fs::write(repository("demo/transcript.jsonl"), plain.text(&essence(&transcript))).unwrap();
    }
}

/// What the call does when it is let through, as a shell command.
fn effect(event: &Value) -> Option<String> {
    let input = &event["tool_input"];
    let cwd = event["cwd"].as_str()?;
    if let Some(command) = input["command"].as_str() {
        return (!command.contains("curl")).then(|| command.to_owned());
    }
    let path = input["file_path"].as_str()?.strip_prefix(cwd)?.trim_start_matches('/');
    let content = input["content"].as_str()?.trim_end().replace('\'', r"'\''");
    let folder = Path::new(path).parent()?.display().to_string();
    Some(format!("mkdir -p {folder} && printf '%s\\n' '{content}' > {path}"))
}

/// The lines of a transcript that say what was called and what came back.
fn essence(path: &str) -> String {
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let calls = lines.filter(|line| line["type"] == "user" || line["type"] == "assistant");
    let calls = calls.map(|line| {
        let message = &line["message"];
        let message = json!({"role": message["role"], "content": message["content"]});
        json!({"type": line["type"], "isSidechain": true, "message": message}).to_string()
    });
    calls.map(|line| line + "\n").collect()
}

/// What differs from recording to recording, and what it is called in the demo.
struct Plain(Vec<(String, String)>);

impl Plain {
    fn of(session: &Session, events: &[Value]) -> Self {
        let mut names = vec![
            (format!("127.0.0.1:{}", session.model.port), "localhost:8000".to_owned()),
            (session.sandbox.project.display().to_string(), "<project>".to_owned()),
        ];
        let mut name = |value: &Value, plain: String| {
            if let Some(value) = value.as_str()
                && !names.iter().any(|(known, _)| known == value)
            {
                // Longest first: a path before the id in it.
                names.insert(0, (value.to_owned(), plain));
            }
        };
        for (number, event) in (1..).zip(events) {
            name(&event["agent_id"], format!("a{number:016}"));
            name(&event["session_id"], "5e551011-0000-4000-8000-000000000001".to_owned());
            name(&event["prompt_id"], "90390000-0000-4000-8000-000000000001".to_owned());
            name(&event["tool_use_id"], format!("toolu_{number:04}"));
        }
        for event in events {
            name(&event["transcript_path"], "<home>/session.jsonl".to_owned());
            name(&event["agent_transcript_path"], "<home>/transcript.jsonl".to_owned());
        }
        Self(names)
    }

    fn text(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (value, plain)| text.replace(value, plain))
    }
}

fn updating() -> bool {
    std::env::var_os("UPDATE").is_some()
}

#[track_caller]
fn same(name: &str, text: &str) {
    let path = repository(name);
    if updating() {
        fs::write(path, text).unwrap();
    } else {
        assert_eq!(fs::read_to_string(path).unwrap(), text, "{name}: UPDATE=1 records anew");
    }
}

#[test]
fn the_readme_shows_what_the_demo_prints() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command("sh");
    let executables = executable("boundary-guard");
    let executables = executables.parent().unwrap();
    let ran = feed(command.arg(repository("demo/play")).arg(executables), b"");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{}", ran.stdout);
    let left = fs::read_dir(sandbox.tmp()).unwrap().count();
    assert_eq!(left, 0, "the demo leaves nothing behind");
    println!("{}", ran.stdout);

    let readme = fs::read_to_string(repository("README.md")).unwrap();
    let shown = readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next());
    let shown = shown.expect("the README shows the demo");
    // An ellipsis on a line of its own stands for what is left out.
    for part in shown.split("…\n") {
        assert!(
            ran.stdout.contains(part),
            "not what the demo prints:\n{part}\nbut:\n{}",
            ran.stdout
        );
    }
}
