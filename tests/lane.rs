//! The guard's decision corpus: each case through the decision, the hook's own
//! stdin, `check` and `replay`.
//!
//! One case per line of `tests/corpus/boundary-guard/*.txt`, tab-separated:
//! the agent (`be@backend` works in `backend`), the tool, its input (JSON, or
//! the one argument that matters), and the rule where the file asks for one.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use lanekeeper::agent;
use lanekeeper::boundary_guard::decide::{Case, decide};
use lanekeeper::config::Config;
use lanekeeper::hook::{Place, ToolCall};
use lanekeeper::project::Project;
use serde_json::{Value, json};

use crate::sandbox::Sandbox;

mod links;
mod record;

/// What the corpus must hold at least.
const CASES_MIN: usize = 400;
const BYPASSES_MIN: usize = 150;

struct Line {
    at: String,
    agent: String,
    cwd: String,
    tool: String,
    input: Value,
    /// `allow`, `deny`, or a rule.
    expected: String,
}

/// The corpus's project: folders, links, definitions, a linked worktree.
fn fixture() -> Sandbox {
    let sandbox = Sandbox::new();
    for file in
        ["backend/a.ts", "backend/sub/b.ts", "frontend/page.tsx", "frontend/page.ts", "api/x.ts"]
    {
        sandbox.write(file, "a\n");
    }
    for agent in fs::read_dir(corpus("agents")).unwrap() {
        let path = agent.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        sandbox.write(&format!(".claude/agents/{name}"), &fs::read_to_string(&path).unwrap());
    }
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-q", "-m", "start"]);
    sandbox.git(&["worktree", "add", "-q", ".claude/worktrees/wt"]);
    sandbox.write("backend/nested/.git/HEAD", "ref: refs/heads/main\n");
    sandbox.write("backend/submodule/.git", "gitdir: ../../.git/modules/submodule\n");
    sandbox.write("role-comm-backend.md", "");
    let project = sandbox.project.to_str().unwrap().to_owned();
    for (name, target) in [
        ("backend/out", "../frontend"),
        ("backend/page.ts", "../frontend/page.ts"),
        ("backend/dangling.ts", "../frontend/new.ts"),
        ("backend/chain", "chain2"),
        ("backend/chain2", "../frontend"),
        ("backend/abs", &format!("{project}/frontend")),
        ("backend/loop", "loop"),
        ("backend/home", sandbox.home.to_str().unwrap()),
        ("backend/up", ".."),
        ("backend/fsroot", "/"),
        ("backend/settings.json", "../.claude/settings.json"),
        ("backend/agents", "../.claude/agents"),
        ("backend/githooks", "../.git/hooks"),
        ("backend/procfs", "/proc/self/cwd"),
        ("backend/here", "sub"),
        ("backend/toapi", "../api"),
        ("database", "frontend"),
        ("frontend/in", "../backend"),
        (".claude/worktrees/wt/backend/tomain", &format!("{project}/backend")),
        ("~/in", &format!("{project}/backend")),
        ("../tmp/link", &format!("{project}/frontend")),
        ("../tmp/ok", &format!("{project}/backend")),
        ("../tmp/dangling", &format!("{project}/frontend/new.ts")),
        ("../alias", &project),
    ] {
        sandbox.link(name, target);
    }
    sandbox.write("../tmp/repo/.git/HEAD", "ref: refs/heads/main\n");
    sandbox
}

fn corpus(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/boundary-guard").join(name)
}

fn read(name: &str, default: &str, sandbox: &Sandbox) -> Vec<Line> {
    let text = fs::read_to_string(corpus(name)).unwrap();
    let cases =
        (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty() && !line.starts_with("# "));
    let cases = cases.map(|(number, line)| {
        let line = placed(line, sandbox);
        let mut fields = line.split('\t');
        let mut field =
            || fields.next().unwrap_or_else(|| panic!("{name}:{number}: a field is missing"));
        let (who, tool, argument) = (field(), field().to_owned(), field());
        let (agent, cwd) = who.split_once('@').unwrap_or((who, ""));
        Line {
            at: format!("{name}:{number}"),
            agent: agent.to_owned(),
            cwd: sandbox.project.join(cwd).to_str().unwrap().to_owned(),
            input: input(&tool, argument, &sandbox.project.join(cwd)),
            tool,
            expected: fields.next().unwrap_or(default).to_owned(),
        }
    });
    cases.collect()
}

fn placed(line: &str, sandbox: &Sandbox) -> String {
    let project = sandbox.project.to_str().unwrap();
    line.replace("{proj}", project)
        .replace("{long}", &"a".repeat(5_000))
        .replace("{deep}", &"d/".repeat(2_100))
        .replace("{base}", sandbox.base().to_str().unwrap())
        .replace("{home}", sandbox.home.to_str().unwrap())
        .replace("{tmp}", sandbox.tmp().to_str().unwrap())
        .replace("{wt}", &format!("{project}/.claude/worktrees/wt"))
}

/// The tool's input: JSON as it stands, else the argument that matters.
fn input(tool: &str, argument: &str, _cwd: &Path) -> Value {
    let path = if argument == "\"\"" { "" } else { argument };
    match tool {
        _ if argument.starts_with(['{', '['])
            && serde_json::from_str::<Value>(argument).is_ok() =>
        {
            serde_json::from_str(argument).unwrap()
        }
        _ if argument == "null" => Value::Null,
        "Bash" | "PowerShell" | "Execute" | "Shell" | "Monitor" => {
            json!({ "command": argument.replace("\\n", "\n").replace("\\\\", "\\") })
        }
        "NotebookEdit" => json!({ "notebook_path": path, "new_source": "x" }),
        "Edit" => json!({ "file_path": path, "old_string": "a", "new_string": "b" }),
        "Read" | "Write" | "Create" | "MultiEdit" => json!({ "file_path": path, "content": "x" }),
        other => panic!("`{other}` needs its input as JSON: {argument}"),
    }
}

fn place(sandbox: &Sandbox) -> Place {
    Place {
        project_dir: Some(sandbox.project.clone()),
        home: Some(sandbox.home.clone()),
        tmp_dir: Some(sandbox.tmp()),
        ..Place::default()
    }
}

/// What the decision itself says: `allow`, or the rule that refuses.
fn decided(line: &Line, sandbox: &Sandbox) -> String {
    let place = place(sandbox);
    let project = Project::by_hand(Path::new(&line.cwd), place.project_dir.as_deref()).unwrap();
    let Some(definition) = agent::find(&line.agent, &project, &place).unwrap() else {
        return "allow".to_owned();
    };
    let call = ToolCall { name: line.tool.clone(), input: line.input.clone(), id: None };
    let config = Config::default();
    let case = Case {
        call: &call,
        definition: &definition,
        project: &project,
        config: &config,
        place: &place,
    };
    let decision = decide(case);
    decision.refusal().map_or("allow", |finding| &finding.rule).to_owned()
}

/// What the hook answers to the event on its stdin.
fn hooked(line: &Line, sandbox: &Sandbox) -> String {
    let event = json!({
        "hook_event_name": "PreToolUse",
        "session_id": "corpus",
        "agent_id": line.at,
        "agent_type": line.agent,
        "cwd": line.cwd,
        "tool_name": line.tool,
        "tool_input": line.input,
    });
    let ran = sandbox.hook("boundary-guard", event.to_string().as_bytes());
    let reply: Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
    let output = &reply["hookSpecificOutput"];
    match ran.code {
        Some(0) if output.is_null() => "allow".to_owned(),
        Some(2) if output["permissionDecision"] == "deny" => {
            let reason = output["permissionDecisionReason"].as_str().unwrap_or_default();
            rule_of(reason).to_owned()
        }
        _ => format!("{ran:?}"),
    }
}

/// What `check` says.
fn checked(line: &Line, sandbox: &Sandbox) -> String {
    let input = line.input.to_string();
    let args = [
        "check",
        "--json",
        "--agent",
        &line.agent,
        "--tool",
        &line.tool,
        "--input",
        &input,
        "--cwd",
        &line.cwd,
    ];
    let ran = sandbox.run("boundary-guard", &args, b"");
    if line.agent == "nobody" {
        return if ran.code == Some(1) { "allow".to_owned() } else { format!("{ran:?}") };
    }
    let said: Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
    match (said["decision"].as_str(), ran.code) {
        (Some("allow" | "warn"), Some(0)) => "allow".to_owned(),
        (Some("deny"), Some(1)) => said["rule"].as_str().unwrap_or_default().to_owned(),
        _ => format!("{ran:?}"),
    }
}

/// What `replay` says of a transcript that holds every case, by its line.
fn replayed(lines: &[Line], sandbox: &Sandbox) -> HashMap<usize, String> {
    let entry = |line: &Line| {
        json!({
            "type": "assistant",
            "attributionAgent": line.agent,
            "cwd": line.cwd,
            "message": {"content": [{"type": "tool_use", "id": "t", "name": line.tool, "input": line.input}]},
        })
        .to_string()
    };
    let start = json!({ "type": "user", "cwd": sandbox.project }).to_string();
    let text: Vec<String> = std::iter::once(start).chain(lines.iter().map(entry)).collect();
    sandbox.write("~/session.jsonl", &text.join("\n"));
    let transcript = sandbox.path("~/session.jsonl");
    let ran =
        sandbox.run("boundary-guard", &["replay", "--json", transcript.to_str().unwrap()], b"");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let said: Value = serde_json::from_str(&ran.stdout).unwrap();
    let refused = said["refusals"].as_array().unwrap().iter();
    let refused = refused.filter(|refused| refused["decision"] == "deny");
    // The first line of the transcript is the user's, and lines count from one.
    let index = |refused: &Value| usize::try_from(refused["line"].as_u64().unwrap()).unwrap() - 2;
    refused.map(|refused| (index(refused), refused["rule"].as_str().unwrap().to_owned())).collect()
}

fn rule_of(reason: &str) -> &str {
    reason.strip_prefix('[').and_then(|rest| rest.split(']').next()).unwrap_or(reason)
}

fn holds(said: &str, expected: &str) -> bool {
    said == expected || (expected == "deny" && said != "allow")
}

fn lines(sandbox: &Sandbox) -> Vec<Line> {
    let files =
        [("allow.txt", "allow"), ("deny.txt", "deny"), ("bypass.txt", "deny"), ("edge.txt", "?")];
    let lines = files.into_iter().flat_map(|(name, default)| read(name, default, sandbox));
    lines.collect()
}

#[test]
fn the_corpus_is_decided_as_it_says() {
    let sandbox = fixture();
    let lines = lines(&sandbox);
    let bypasses = lines.iter().filter(|line| line.at.starts_with("bypass.txt")).count();
    assert!(
        lines.len() >= CASES_MIN && bypasses >= BYPASSES_MIN,
        "{} cases, {bypasses} bypasses",
        lines.len()
    );
    let wrong: Vec<String> = lines
        .iter()
        .map(|line| (line, decided(line, &sandbox)))
        .filter(|(line, said)| !holds(said, &line.expected))
        .map(|(line, said)| {
            format!("{}: {} {}: {said}, not {}", line.at, line.tool, line.input, line.expected)
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), lines.len(), wrong.join("\n"));
}

#[test]
fn replay_says_what_the_decision_says() {
    let sandbox = fixture();
    let lines = lines(&sandbox);
    let replayed = replayed(&lines, &sandbox);
    for (index, line) in lines.iter().enumerate() {
        let replayed = replayed.get(&index).map_or("allow", |rule| rule);
        assert_eq!(replayed, decided(line, &sandbox), "{}", line.at);
    }
}

#[test]
fn hook_and_check_say_what_the_decision_says() {
    let sandbox = fixture();
    let lines = lines(&sandbox);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut wrong = Vec::new();
        while let Some(line) = lines.get(next.fetch_add(1, Ordering::Relaxed)) {
            let (decided, hooked) = (decided(line, &sandbox), hooked(line, &sandbox));
            let checked = checked(line, &sandbox);
            if decided != hooked || decided != checked {
                wrong.push(format!(
                    "{}: decided {decided}, hook {hooked}, check {checked}",
                    line.at
                ));
            }
        }
        wrong
    };
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
