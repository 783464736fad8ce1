//! The audit against real working trees: changes made behind the guard's back
//! are found, and nobody is blamed for what is his or another's.
//!
//! Each case is a fresh project, the events of a run as the client sends them,
//! and in between what a shell, a program, git or an editor does.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use crate::sandbox::{Ran, Sandbox};

const AGENT: &str = "---\nname: NAME\ndescription: d\n---\n\n## Boundaries\n\n- Allowed: OWN/**\n- Forbidden: OTHER/**\n";

/// A project with a commit, uncommitted work of the user, ignored files, two agents.
fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    for (name, own, other) in [("be", "backend", "frontend"), ("fe", "frontend", "backend")] {
        let text = AGENT.replace("NAME", name).replace("OWN", own).replace("OTHER", other);
        sandbox.write(&format!(".claude/agents/{name}.md"), &text);
    }
    for folder in ["backend", "frontend"] {
        sandbox.write(&format!("{folder}/clean.txt"), "one\ntwo\n");
        sandbox.write(&format!("{folder}/dirty.txt"), "one\ntwo\n");
        sandbox.write(&format!("{folder}/deep/er/clean.txt"), "deep\n");
        sandbox.write(&format!("{folder}/a b.txt"), "blank\n");
        sandbox.write(&format!("{folder}/ünï.txt"), "letters\n");
        sandbox.link(&format!("{folder}/link"), "clean.txt");
    }
    sandbox.write(".gitignore", "*.log\nout/\nnode_modules/\n__pycache__/\n.claude/logs/\n");
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-q", "-m", "start"]);
    sandbox.git(&["branch", "other"]);
    for folder in ["backend", "frontend"] {
        sandbox.write(&format!("{folder}/dirty.txt"), "one\nof the user\n");
        sandbox.write(&format!("{folder}/loose.txt"), "untracked\n");
        sandbox.write(&format!("{folder}/secret.log"), "ignored\n");
        sandbox.write(&format!("{folder}/out/built.js"), "built\n");
        sandbox.write(&format!("{folder}/node_modules/lib/index.js"), "lib\n");
    }
    sandbox
}

fn event(sandbox: &Sandbox, name: &str, agent: &str, more: &Value) -> Ran {
    let mut event = json!({
        "hook_event_name": name,
        "session_id": "s",
        "cwd": sandbox.project,
        "agent_id": format!("run-{agent}"),
        "agent_type": agent,
    });
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    sandbox.hook("boundary-guard", event.to_string().as_bytes())
}

fn start(sandbox: &Sandbox, agent: &str) {
    let ran = event(sandbox, "SubagentStart", agent, &json!({}));
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (Some(0), "", ""));
}

/// Stops the run; gives what it is sent back with, if it is.
fn stop(sandbox: &Sandbox, agent: &str) -> Option<String> {
    let ran = event(sandbox, "SubagentStop", agent, &json!({ "stop_hook_active": false }));
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{}", ran.stdout);
    if ran.stdout.is_empty() {
        return None;
    }
    let reply: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(reply["decision"], "block", "{reply}");
    Some(reply["reason"].as_str().unwrap().to_owned())
}

fn bash(sandbox: &Sandbox, script: &str) {
    let output = sandbox.command("bash").args(["-e", "-c", script]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}: {said}");
}

/// What is done to a file: a name, and a script with `D` for the folder.
const DEEDS: &[(&str, &str, &[&str])] = &[
    ("modifies a clean file", "echo x >> D/clean.txt", &["clean.txt"]),
    ("modifies in place, same size", "printf 'ONE\\ntwo\\n' > D/clean.txt", &["clean.txt"]),
    (
        "modifies and puts the times back",
        "touch -r D/clean.txt T; printf 'ONE\\ntwo\\n' > D/clean.txt; touch -r T D/clean.txt; rm T",
        &["clean.txt"],
    ),
    (
        "replaces like an editor",
        "printf 'x\\n' > D/.clean.swp2; mv D/.clean.swp2 D/clean.txt",
        &["clean.txt"],
    ),
    ("modifies the user's work", "echo x >> D/dirty.txt", &["dirty.txt"]),
    ("takes the user's work back", "printf 'one\\ntwo\\n' > D/dirty.txt", &["dirty.txt"]),
    ("modifies an untracked file", "echo x >> D/loose.txt", &["loose.txt"]),
    ("modifies an ignored file", "echo x >> D/secret.log", &["secret.log"]),
    ("modifies in an ignored folder", "echo more >> D/out/built.js", &["out/built.js"]),
    (
        "modifies a dependency",
        "echo more >> D/node_modules/lib/index.js",
        &["node_modules/lib/index.js"],
    ),
    ("adds a file", "echo x > D/new.txt", &["new.txt"]),
    ("adds an ignored file", "echo x > D/new.log", &["new.log"]),
    ("adds to an ignored folder", "echo x > D/out/new.js", &["out/new.js"]),
    ("adds a folder with a file", "mkdir -p D/more/sub; echo x > D/more/sub/f", &["more/sub/f"]),
    ("adds an empty folder", "mkdir D/empty", &["empty"]),
    ("adds an empty file", ": > D/empty.txt", &["empty.txt"]),
    ("deletes a clean file", "rm D/clean.txt", &["clean.txt"]),
    ("deletes the user's work", "rm D/dirty.txt", &["dirty.txt"]),
    ("deletes an untracked file", "rm D/loose.txt", &["loose.txt"]),
    ("deletes an ignored file", "rm D/secret.log", &["secret.log"]),
    ("deletes an ignored folder", "rm -r D/out", &["out/built.js"]),
    ("deletes a tracked folder", "rm -r D/deep", &["deep/er/clean.txt"]),
    ("renames a file", "mv D/clean.txt D/renamed.txt", &["clean.txt", "renamed.txt"]),
    ("renames a folder", "mv D/deep D/shallow", &["deep/er/clean.txt", "shallow/er/clean.txt"]),
    ("makes a file executable", "chmod +x D/clean.txt", &["clean.txt"]),
    ("changes the mode of an untracked file", "chmod 600 D/loose.txt", &["loose.txt"]),
    ("turns a file into a link", "rm D/clean.txt; ln -s dirty.txt D/clean.txt", &["clean.txt"]),
    ("points a link elsewhere", "ln -sfn dirty.txt D/link", &["link"]),
    ("adds a link", "ln -s /etc/hosts D/hosts", &["hosts"]),
    (
        "turns a file into a folder",
        "rm D/clean.txt; mkdir D/clean.txt; echo x > D/clean.txt/f",
        &["clean.txt"],
    ),
    ("modifies a name with a blank", "echo x >> 'D/a b.txt'", &["a b.txt"]),
    ("modifies a name with letters", "echo x >> D/ünï.txt", &["ünï.txt"]),
    ("adds a name with a line break", "echo x > $'D/new\\nline.txt'", &["new\\nline.txt"]),
    ("adds a name that is no text", "echo x > $'D/\\xff.txt'", &[".txt"]),
];

/// How it is hidden, once done: with `D` for the folder.
const COVERS: &[(&str, &str)] = &[
    ("", ":"),
    ("staged", "git add -A D 2>/dev/null; git add -f D/clean.txt 2>/dev/null || true"),
    ("committed", "git add -A D; git commit -q -m work --allow-empty"),
    (
        "hidden from git status",
        "git ls-files -z D | xargs -0 git update-index --skip-worktree 2>/dev/null || true",
    ),
    (
        "excluded and committed elsewhere",
        "git checkout -q -b side; git add -A D; git commit -q --allow-empty -m work",
    ),
];

/// Deeds that git itself does, with what must be named.
const BY_GIT: &[(&str, &str, &[&str])] = &[
    (
        "a commit on a branch left again",
        "git stash -q; git checkout -q other; echo x > D/side.txt; git add -A; git commit -q -m side; git checkout -q main; git stash pop -q",
        &["D/side.txt"],
    ),
    (
        "a commit taken back",
        "echo x > D/c.txt; git add D/c.txt; git commit -q -m c D/c.txt; git reset -q --hard HEAD~1 2>/dev/null || true; git stash list >/dev/null",
        &["D/c.txt", "D/dirty.txt"],
    ),
    ("a stash of the user's work", "git stash -q", &["D/dirty.txt"]),
    (
        "a stash of its own change",
        "cp D/dirty.txt T; echo x >> D/clean.txt; git stash push -q D/clean.txt; rm T",
        &["D/clean.txt"],
    ),
    (
        "a stash with an untracked file",
        "echo x > D/u.txt; git stash push -q -u -- D/u.txt",
        &["D/u.txt"],
    ),
    ("a hard reset", "git reset -q --hard", &["D/dirty.txt"]),
    ("git checkout of a file", "git checkout -q -- D/dirty.txt", &["D/dirty.txt"]),
    ("git restore of a file", "git restore D/dirty.txt", &["D/dirty.txt"]),
    ("git clean", "git clean -fdqx D", &["D/loose.txt", "D/secret.log"]),
    ("git rm", "git rm -q D/clean.txt", &["D/clean.txt"]),
    ("git mv", "git mv D/clean.txt D/moved.txt", &["D/clean.txt", "D/moved.txt"]),
    (
        "git apply",
        "printf -- '--- a/D/clean.txt\\n+++ b/D/clean.txt\\n@@ -1,2 +1,2 @@\\n-one\\n+ONE\\n two\\n' | git apply",
        &["D/clean.txt"],
    ),
    (
        "an amended commit",
        "echo x >> D/clean.txt; git commit -q --amend -m start D/clean.txt",
        &["D/clean.txt"],
    ),
    (
        "a cherry-pick",
        "git stash -q; git checkout -q other; echo x > D/p.txt; git add -A; git commit -q -m p; git checkout -q main; git cherry-pick other >/dev/null; git stash pop -q",
        &["D/p.txt"],
    ),
    (
        "a switch to a branch that differs",
        "git stash -q; git checkout -q other; echo x >> D/clean.txt; git commit -q -am o",
        &["D/clean.txt", "D/dirty.txt"],
    ),
];

struct Case {
    name: String,
    script: String,
    /// Must be named, when it is done outside the lane.
    paths: Vec<String>,
}

fn cases(folder: &str) -> Vec<Case> {
    let fill =
        |text: &str| text.replace("D/", &format!("{folder}/")).replace(" D", &format!(" {folder}"));
    let mut cases = Vec::new();
    for (at, (deed, script, paths)) in DEEDS.iter().enumerate() {
        // Bare, and under two covers in turn: every cover meets many deeds.
        for cover in [0, 1 + at % (COVERS.len() - 1), 1 + (at + 1) % (COVERS.len() - 1)] {
            let (cover, hide) = COVERS[cover];
            cases.push(Case {
                name: format!("{deed}, {cover}"),
                script: format!("{}; {}", fill(script), fill(hide)),
                paths: paths.iter().map(|path| (*path).to_owned()).collect(),
            });
        }
    }
    for (deed, script, paths) in BY_GIT {
        cases.push(Case {
            name: (*deed).to_owned(),
            script: fill(script),
            paths: paths.iter().map(|path| fill(path)).collect(),
        });
    }
    cases
}

/// Runs cases on a few threads; each gives what is wrong with it.
fn all(cases: &[Case], check: impl Fn(&Case) -> Option<String> + Sync) {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let wrong = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(case) =
                    cases.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
                {
                    if let Some(what) = check(case) {
                        wrong.lock().unwrap().push(format!("{}: {what}", case.name));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn every_change_outside_the_lane_is_found() {
    let cases = cases("frontend");
    assert!(cases.len() >= 100, "{}", cases.len());
    all(&cases, |case| {
        let sandbox = project();
        start(&sandbox, "be");
        bash(&sandbox, &case.script);
        let Some(reason) = stop(&sandbox, "be") else { return Some("not found".to_owned()) };
        let missing: Vec<_> =
            case.paths.iter().filter(|path| !reason.contains(path.as_str())).collect();
        (!missing.is_empty()).then(|| format!("{missing:?} not named in\n{reason}"))
    });
}

#[test]
fn the_same_in_the_lane_is_nobody_s_fault() {
    // What git does to the whole tree takes the user's work elsewhere with it.
    let tree_wide = |case: &Case| {
        ["git stash", "reset -q --hard", "hosts"].iter().any(|word| case.script.contains(word))
    };
    let cases: Vec<Case> = cases("backend").into_iter().filter(|case| !tree_wide(case)).collect();
    assert!(cases.len() >= 100, "{}", cases.len());
    all(&cases, |case| {
        let sandbox = project();
        start(&sandbox, "be");
        bash(&sandbox, &case.script);
        stop(&sandbox, "be")
    });
}

#[test]
fn what_is_no_change_is_not_found() {
    let scripts = [
        (":", "nothing"),
        ("touch frontend/clean.txt frontend/dirty.txt", "touched"),
        (
            "cp frontend/clean.txt T; echo x >> frontend/clean.txt; cp T frontend/clean.txt; rm T",
            "put back",
        ),
        ("git status >/dev/null; git add -A backend; git diff HEAD >/dev/null", "git looks"),
        ("git stash -q; git stash pop -q", "stashed and back"),
        (
            "git stash -q; git checkout -q other; git checkout -q main; git stash pop -q",
            "switched and back",
        ),
        ("git commit -q -am 'the work of the user'", "commits the user's work"),
        ("git gc -q", "packs"),
        ("git branch topic; git tag v1", "names"),
        ("git checkout -q -b topic", "a branch for itself"),
        (
            "git checkout -q -b topic; echo x >> backend/clean.txt; git commit -q backend/clean.txt -m w; git checkout -q main",
            "a branch for its work",
        ),
        (
            "mkdir .pytest_cache; echo '*' > .pytest_cache/.gitignore; echo x > .pytest_cache/v; echo x > frontend/a.pyc",
            "a cache that nobody ignores",
        ),
        ("mkdir -p frontend/__pycache__; echo x > frontend/__pycache__/a.pyc", "a cache"),
        ("mkdir -p node_modules/.cache; echo x > node_modules/.cache/x", "a cache of a tool"),
        (
            "mkdir -p node_modules/a; echo x > node_modules/a/i.js; echo '{}' > node_modules/.package-lock.json",
            "an install",
        ),
        ("echo x > \"$TMPDIR/x\"; mkdir \"$TMPDIR/d\"", "temporary files"),
        (
            "mkdir -p .claude/context .claude/logs/x; echo '{}' > .claude/context/c.json; echo x > .claude/logs/x/y",
            "the hooks' own files",
        ),
        ("git config branch.main.remote origin", "a branch is tracked"),
        (
            "git worktree add -q .claude/worktrees/w other; echo x > .claude/worktrees/w/frontend/clean.txt",
            "another working tree",
        ),
        ("sleep 0; git update-index --refresh -q || true", "a refreshed index"),
        (
            "git rm -q --cached frontend/clean.txt; git add frontend/clean.txt",
            "staged back and forth",
        ),
    ];
    let cases: Vec<Case> = scripts
        .iter()
        .map(|(script, name)| Case {
            name: (*name).to_owned(),
            script: (*script).to_owned(),
            paths: Vec::new(),
        })
        .collect();
    all(&cases, |case| {
        let sandbox = project();
        start(&sandbox, "be");
        bash(&sandbox, &case.script);
        stop(&sandbox, "be")
    });
}

/// A tool call of an agent; the guard lets it through.
fn call(sandbox: &Sandbox, agent: &str, tool: &str, input: &Value) -> Ran {
    event(sandbox, "PreToolUse", agent, &json!({ "tool_name": tool, "tool_input": input }))
}

#[test]
fn parallel_agents_answer_for_themselves() {
    let sandbox = project();
    start(&sandbox, "be");
    start(&sandbox, "fe");
    let page = sandbox.path("frontend/page.tsx");
    assert_eq!(
        call(&sandbox, "fe", "Write", &json!({ "file_path": page, "content": "x" })).code,
        Some(0)
    );
    sandbox.write("frontend/page.tsx", "x");
    let api = sandbox.path("backend/api.ts");
    assert_eq!(call(&sandbox, "be", "Edit", &json!({ "file_path": api })).code, Some(0));
    sandbox.write("backend/api.ts", "x");
    assert_eq!(stop(&sandbox, "be"), None);
    assert_eq!(stop(&sandbox, "fe"), None);
}

#[test]
fn a_parallel_agent_is_no_excuse() {
    let sandbox = project();
    start(&sandbox, "be");
    start(&sandbox, "fe");
    let page = sandbox.path("frontend/page.tsx");
    call(&sandbox, "fe", "Write", &json!({ "file_path": page, "content": "x" }));
    sandbox.write("frontend/page.tsx", "x");
    sandbox.write("frontend/clean.txt", "by the other one\n");
    let reason = stop(&sandbox, "be").unwrap();
    assert!(reason.contains("frontend/clean.txt") && !reason.contains("page.tsx"), "{reason}");
    assert!(reason.contains("`fe`"), "the owner is named: {reason}");
    assert_eq!(stop(&sandbox, "fe"), None);
}

#[test]
fn the_main_session_is_not_taken_for_its_subagents() {
    let sandbox = project();
    start(&sandbox, "be");
    let event = json!({
        "hook_event_name": "PreToolUse", "session_id": "s", "cwd": sandbox.project,
        "tool_name": "Write", "tool_input": { "file_path": sandbox.path("frontend/m.txt"), "content": "x" },
    });
    let ran = sandbox.hook("boundary-guard", event.to_string().as_bytes());
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""));
    sandbox.write("frontend/m.txt", "x");
    assert_eq!(stop(&sandbox, "be"), None);
}

#[test]
fn the_stop_is_sent_back_once_and_then_recorded() {
    let sandbox = project();
    start(&sandbox, "be");
    sandbox.write("frontend/new.txt", "x");
    fs::write(sandbox.path("frontend/dirty.txt"), "other\n").unwrap();
    let reason = stop(&sandbox, "be").unwrap();
    for part in [
        "2 changes outside",
        "complete report again",
        "mv frontend/new.txt /tmp/",
        "uncommitted work",
    ] {
        assert!(reason.contains(part), "`{part}` in\n{reason}");
    }
    let ran = event(&sandbox, "SubagentStop", "be", &json!({ "stop_hook_active": true }));
    assert!(
        ran.stdout.contains("systemMessage") && ran.stdout.contains("frontend/new.txt"),
        "{ran:?}"
    );
    let ledger = sandbox.read(".claude/logs/lanekeeper/ledger.jsonl");
    let line: Value = serde_json::from_str(ledger.lines().last().unwrap()).unwrap();
    assert_eq!((&line["decision"], &line["rule"]), (&json!("violation"), &json!("audit.outside")));
    assert_eq!(line["paths"], json!(["frontend/dirty.txt", "frontend/new.txt"]));
    // Nothing was reverted, and nothing is left of the run.
    assert_eq!(sandbox.read("frontend/new.txt"), "x");
    assert_eq!(sandbox.run("boundary-guard", &["audit"], b"").stdout, "no run is being audited\n");
    // Sent back by another hook, the run stops again: what is known is not told twice.
    assert_eq!(stop(&sandbox, "be"), None);
    sandbox.write("frontend/more.txt", "x");
    let ran = event(&sandbox, "SubagentStop", "be", &json!({}));
    assert!(ran.stdout.contains("frontend/more.txt"), "{ran:?}");
}

#[test]
fn a_run_that_another_hook_sends_back_is_still_audited() {
    let sandbox = project();
    start(&sandbox, "be");
    assert_eq!(stop(&sandbox, "be"), None);
    sandbox.write("frontend/new.txt", "x");
    assert!(stop(&sandbox, "be").unwrap().contains("frontend/new.txt"));
    // Resumed later, it starts afresh.
    start(&sandbox, "be");
    assert_eq!(stop(&sandbox, "be"), None);
}

#[test]
fn who_was_seen_through_is_not_blamed_for_who_was_not() {
    let sandbox = project();
    start(&sandbox, "be");
    start(&sandbox, "fe");
    call(
        &sandbox,
        "be",
        "Write",
        &json!({ "file_path": sandbox.path("backend/x"), "content": "x" }),
    );
    call(&sandbox, "fe", "Bash", &json!({ "command": "./tools/unknown" }));
    sandbox.write("docs/made.txt", "by the unknown program");
    assert_eq!(stop(&sandbox, "be"), None);
    assert!(stop(&sandbox, "fe").unwrap().contains("docs/made.txt"));
}

#[test]
fn the_main_session_is_audited_by_turns() {
    let sandbox = project();
    sandbox.write(".claude/lanekeeper.json", r#"{"agents":{"main":{"allowed":["backend/**"]}}}"#);
    let event = |name: &str, more: &Value| {
        let mut event =
            json!({ "hook_event_name": name, "session_id": "s", "cwd": sandbox.project });
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        sandbox.hook("boundary-guard", event.to_string().as_bytes())
    };
    let write = json!({ "tool_name": "Write", "tool_input": { "file_path": sandbox.path("backend/x"), "content": "x" } });
    assert_eq!(event("SessionStart", &json!({ "source": "startup" })).stdout, "");
    sandbox.write("frontend/x", "x");
    assert!(event("Stop", &json!({})).stdout.contains("\"block\""));
    fs::remove_file(sandbox.path("frontend/x")).unwrap();
    assert_eq!(event("Stop", &json!({})).stdout, "");
    // Between the turns the user edits.
    sandbox.write("frontend/user", "x");
    assert_eq!(event("PreToolUse", &write).code, Some(0));
    assert_eq!(event("Stop", &json!({})).stdout, "");
}

#[test]
fn what_was_told_may_be_undone_and_nothing_else() {
    let sandbox = project();
    sandbox.write("frontend/loose.txt", "work of the user\n");
    start(&sandbox, "be");
    sandbox.write("frontend/clean.txt", "x");
    sandbox.write("frontend/new.txt", "x");
    sandbox.write("frontend/loose.txt", "x");
    let write = |path: &str| {
        let input = json!({ "file_path": sandbox.path(path), "content": "one\ntwo\n" });
        call(&sandbox, "be", "Write", &input).code
    };
    let run = |command: &str| call(&sandbox, "be", "Bash", &json!({ "command": command })).code;
    let restore = "git restore -- frontend/clean.txt";
    assert_eq!(run(restore), Some(2), "not before it is told");
    stop(&sandbox, "be").unwrap();
    for way_back in [
        restore,
        "git checkout -- frontend/clean.txt",
        "git diff > /tmp/outside.patch; git restore -- frontend/clean.txt",
        "mv frontend/new.txt /tmp/",
        "rm frontend/new.txt && git restore -- frontend/clean.txt",
    ] {
        assert_eq!(run(way_back), Some(0), "{way_back}");
    }
    assert_eq!(write("frontend/loose.txt"), Some(0), "nobody else knows what it held");
    for another in [
        "echo x > frontend/clean.txt",
        "rm frontend/clean.txt",
        "rm frontend/loose.txt",
        "echo x > frontend/new.txt",
        "mv backend/clean.txt frontend/new.txt",
        "git restore -- frontend/clean.txt; echo x >> frontend/clean.txt",
        "git restore -- frontend/clean.txt && npm test",
        "git restore -- frontend",
        "rm -r frontend",
    ] {
        assert_eq!(run(another), Some(2), "{another}");
    }
    for path in ["frontend/clean.txt", "frontend/new.txt", "frontend/a b.txt"] {
        assert_eq!(write(path), Some(2), "{path}");
    }
    let second = event(&sandbox, "SubagentStop", "be", &json!({})).stdout;
    assert!(second.contains("recorded as a violation"), "{second}");
    assert_eq!(run(restore), Some(2), "not after it is recorded");
}

#[test]
fn a_worktree_agent_answers_for_the_main_checkout_too() {
    let sandbox = project();
    sandbox.git(&["worktree", "add", "-q", ".claude/worktrees/w", "other"]);
    let tree = sandbox.path(".claude/worktrees/w");
    let run = |name: &str| event(&sandbox, name, "be", &json!({ "cwd": tree }));
    assert_eq!(run("SubagentStart").stdout, "");
    fs::write(tree.join("backend/clean.txt"), "in the lane\n").unwrap();
    fs::write(tree.join("frontend/clean.txt"), "outside\n").unwrap();
    sandbox.write("backend/clean.txt", "of the main checkout\n");
    let reply = run("SubagentStop").stdout;
    assert!(
        reply.contains("frontend/clean.txt") && reply.contains("another working tree"),
        "{reply}"
    );
    assert!(reply.contains("2 changes"), "{reply}");
}

#[test]
fn without_a_repository_it_says_so_once() {
    // Outside of every repository, that of this test included.
    let dir = tempfile::tempdir().unwrap();
    let mut sandbox = Sandbox::without_git();
    sandbox.project = dir.path().canonicalize().unwrap();
    sandbox.write(
        ".claude/agents/be.md",
        &AGENT.replace("NAME", "be").replace("OWN", "backend").replace("OTHER", "frontend"),
    );
    let first = event(&sandbox, "SubagentStart", "be", &json!({}));
    assert!(
        first.stdout.contains("not audited") && first.stdout.contains("no git repository"),
        "{first:?}"
    );
    let second = event(&sandbox, "SubagentStop", "be", &json!({}));
    assert_eq!((second.code, second.stdout.as_str()), (Some(0), ""));
}

#[test]
fn hard_links_out_of_the_lane_are_told() {
    let sandbox = project();
    start(&sandbox, "be");
    bash(&sandbox, "ln frontend/clean.txt backend/mine.txt");
    let reason = stop(&sandbox, "be").unwrap();
    assert!(
        reason.contains("`backend/mine.txt`")
            && reason.contains("`frontend/clean.txt` (a hard link)"),
        "{reason}"
    );
}

#[test]
fn git_s_own_configuration_and_hooks_are_watched() {
    for script in [
        "printf '#!/bin/sh\\n' > .git/hooks/pre-commit",
        "mkdir -p .git/hooks; echo x > .git/hooks/post-checkout; chmod +x .git/hooks/post-checkout",
        "mkdir -p .git/info; echo frontend > .git/info/exclude",
        "git config core.hooksPath frontend",
    ] {
        let sandbox = project();
        fs::create_dir_all(sandbox.path(".git/hooks")).unwrap();
        start(&sandbox, "be");
        bash(&sandbox, script);
        let reason = stop(&sandbox, "be").unwrap_or_default();
        assert!(reason.contains(".git/"), "{script}: {reason}");
    }
}

#[test]
fn the_guard_s_own_settings_and_definitions_are_watched() {
    for path in [".claude/agents/be.md", ".claude/settings.json", ".claude/lanekeeper.json"] {
        let sandbox = project();
        start(&sandbox, "be");
        let before = sandbox.read(path);
        sandbox.write(path, &format!("{}\n", if before.is_empty() { "{}" } else { &before }));
        let reason = stop(&sandbox, "be").unwrap_or_default();
        assert!(reason.contains(path), "{path}: {reason}");
    }
}

#[test]
fn by_hand_it_lists_the_runs() {
    let sandbox = project();
    let audit = |args: &[&str]| sandbox.run("boundary-guard", &[&["audit"], args].concat(), b"");
    assert_eq!(audit(&[]).stdout, "no run is being audited\n");
    start(&sandbox, "be");
    start(&sandbox, "fe");
    sandbox.write("frontend/x.txt", "x");
    let ran = audit(&["--json", "--agent", "be"]);
    assert_eq!(ran.code, Some(1));
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["runs"][0]["outside"][0]["path"], "frontend/x.txt");
    assert_eq!(json["runs"].as_array().unwrap().len(), 1);
    let text = audit(&[]).stdout;
    assert!(
        text.contains("1 changed, 1 outside the lane") && text.contains("1 changed, 0 outside"),
        "{text}"
    );
    assert_eq!(audit(&["--session", "another"]).stdout, "no run is being audited\n");
}

#[test]
fn by_hand_it_counts_and_lists_what_allows_a_red_flag() {
    let sandbox = project();
    start(&sandbox, "be");
    sandbox.write(
        "backend/new.ts",
        "a() // lanekeeper:allow sql-identifier from a fixed list\nb() // lanekeeper:allow secret-jwt\n",
    );
    let text = sandbox.run("boundary-guard", &["audit"], b"").stdout;
    let expected = "2 new lines allow a red flag\n\
        \x20 backend/new.ts:1: sql-identifier: from a fixed list\n\
        \x20 backend/new.ts:2: secret-jwt: no reason, so it does not count\n";
    assert!(text.ends_with(expected), "{text}");
    let json = sandbox.run("boundary-guard", &["audit", "--json"], b"").stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["allowed"]["count"], 2);
    assert_eq!(json["allowed"]["lines"][0]["reason"], "from a fixed list");
}

#[test]
fn a_helper_without_a_name_is_left_alone() {
    let sandbox = project();
    let ran = event(&sandbox, "SubagentStop", "", &json!({}));
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""));
}

#[test]
fn files_that_cannot_be_read_do_not_stop_the_audit() {
    let sandbox = project();
    start(&sandbox, "be");
    fs::set_permissions(sandbox.path("frontend/loose.txt"), fs::Permissions::from_mode(0o000))
        .unwrap();
    let reason = stop(&sandbox, "be").unwrap();
    assert!(reason.contains("frontend/loose.txt"), "{reason}");
}
