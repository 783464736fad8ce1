//! install.sh, run for real.
//!
//! With `--from` the executables under test, so that nothing is built twice.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::sandbox::{EXECUTABLES, Ran, Sandbox, executable, feed};

const SETTINGS: &str = "{\n    \"model\": \"opus\",\n    \"hooks\": {\n        \"Stop\": [{\"hooks\": [{\"type\": \"command\", \"command\": \"mine\"}]}]\n    }\n}\n";

/// Runs install.sh for the sandbox's project.
pub(crate) fn install(sandbox: &Sandbox, args: &[&str]) -> Ran {
    let from = executable("boundary-guard");
    let mut command = sandbox.command("sh");
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("install.sh"));
    command.arg("--project").arg(&sandbox.project).args(args);
    if !args.contains(&"--uninstall") {
        command.arg("--from").arg(from.parent().unwrap());
    }
    feed(&mut command, b"")
}

#[track_caller]
fn succeeds(ran: &Ran) {
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{}", ran.stdout);
}

#[track_caller]
fn fails(ran: &Ran, stderr: &str) {
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), stderr), "{}", ran.stdout);
}

fn names(files: &BTreeMap<String, Vec<u8>>) -> Vec<&str> {
    files.keys().map(String::as_str).collect()
}

#[test]
fn installs_what_it_says_and_nothing_else() {
    let sandbox = Sandbox::new();
    succeeds(&install(&sandbox, &[]));
    let expected = [
        ".claude/hooks/agent/.lanekeeper-folders",
        ".claude/hooks/agent/.lanekeeper.json",
        ".claude/hooks/agent/boundary-guard",
        ".claude/hooks/agent/context-publisher",
        ".claude/hooks/agent/context-publisher.sh",
        ".claude/hooks/agent/handoff-preparer",
        ".claude/hooks/agent/handoff-preparer.sh",
        ".claude/hooks/agent/output-validator",
        ".claude/hooks/agent/output-validator.sh",
        ".claude/settings.json",
    ];
    assert_eq!(names(&sandbox.files()), expected);
    for name in EXECUTABLES {
        let installed = sandbox.path(".claude/hooks/agent").join(name);
        assert_eq!(fs::read(&installed).unwrap(), fs::read(executable(name)).unwrap());
        assert_eq!(fs::metadata(&installed).unwrap().permissions().mode() & 0o777, 0o755);
    }
}

#[test]
fn the_paths_that_older_definitions_name_work() {
    let sandbox = Sandbox::new();
    succeeds(&install(&sandbox, &[]));
    for name in ["output-validator", "context-publisher", "handoff-preparer"] {
        let mut command = sandbox.command("sh");
        let path = format!("\"$CLAUDE_PROJECT_DIR/.claude/hooks/agent/{name}.sh\" --version");
        command.args(["-c", &path]).env("CLAUDE_PROJECT_DIR", &sandbox.project);
        let version = format!("{name} {}\n", env!("CARGO_PKG_VERSION"));
        let ran = feed(&mut command, b"");
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), version.as_str()));
    }
}

#[test]
fn installing_twice_changes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write(".claude/settings.json", SETTINGS);
    succeeds(&install(&sandbox, &[]));
    let once = sandbox.files();
    succeeds(&install(&sandbox, &[]));
    assert!(sandbox.files() == once, "{:?}", names(&sandbox.files()));
}

#[test]
fn uninstalling_puts_everything_back_to_the_byte() {
    let settings = [Some(SETTINGS), Some("{}"), Some("{\r\n}"), Some(" {\"a\":[ ]}\n\n"), None];
    for settings in settings {
        let sandbox = Sandbox::named("my shop (old)");
        if let Some(settings) = settings {
            sandbox.write(".claude/settings.json", settings);
            sandbox.write(".claude/hooks/agent/mine.sh", "echo mine\n");
        }
        let before = sandbox.files();
        succeeds(&install(&sandbox, &[]));
        succeeds(&install(&sandbox, &[]));
        assert!(sandbox.files() != before);
        succeeds(&install(&sandbox, &["--uninstall"]));
        assert!(sandbox.files() == before, "{settings:?}: {:?}", names(&sandbox.files()));
        assert_eq!(sandbox.path(".claude").exists(), settings.is_some());
    }
}

#[test]
fn uninstalling_keeps_what_was_edited_since() {
    let sandbox = Sandbox::new();
    sandbox.write(".claude/settings.json", SETTINGS);
    succeeds(&install(&sandbox, &[]));
    let edited = sandbox.read(".claude/settings.json").replace("opus", "haiku");
    sandbox.write(".claude/settings.json", &edited);
    succeeds(&install(&sandbox, &["--uninstall"]));
    assert_eq!(sandbox.read(".claude/settings.json"), SETTINGS.replace("opus", "haiku"));
}

#[test]
fn a_script_of_the_users_own_is_kept() {
    let sandbox = Sandbox::new();
    sandbox.write(".claude/hooks/agent/output-validator.sh", "echo mine\n");
    succeeds(&install(&sandbox, &[]));
    succeeds(&install(&sandbox, &["--uninstall"]));
    assert_eq!(names(&sandbox.files()), [".claude/hooks/agent/output-validator.sh"]);
    assert_eq!(sandbox.read(".claude/hooks/agent/output-validator.sh"), "echo mine\n");
}

#[test]
fn settings_that_are_not_json_are_left_alone() {
    let sandbox = Sandbox::new();
    sandbox.write(".claude/settings.json", "{\"model\": \"opus\",}\n");
    let before = sandbox.files();
    let message = format!(
        "boundary-guard: `{0}` was left as it is: it is not valid JSON: trailing comma at line 1 column 18\n",
        sandbox.path(".claude/settings.json").display()
    );
    fails(&install(&sandbox, &[]), &message);
    assert!(sandbox.files() == before, "{:?}", names(&sandbox.files()));
}

#[test]
fn an_executable_in_use_is_replaced() {
    let sandbox = Sandbox::new();
    succeeds(&install(&sandbox, &[]));
    let installed = sandbox.path(".claude/hooks/agent/boundary-guard");
    // Waits for its event as long as stdin is open.
    let mut running = sandbox.command(&installed);
    let running = running.stdin(Stdio::piped()).stderr(Stdio::null());
    let mut running = running.spawn().unwrap();
    succeeds(&install(&sandbox, &[]));
    drop(running.stdin.take());
    assert_eq!(running.wait().unwrap().code(), Some(2));
}

#[test]
fn says_in_one_line_what_cannot_be_done() {
    let sandbox = Sandbox::new();
    let project = sandbox.project.display();
    let message = format!("install.sh: lanekeeper is not installed in `{project}`\n");
    fails(&install(&sandbox, &["--uninstall"]), &message);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("install.sh");
    let run = |args: &[&str]| feed(sandbox.command("sh").arg(&script).args(args), b"");
    fails(&run(&["--project", "nowhere"]), "install.sh: `nowhere` is no folder\n");
    fails(&run(&["--project"]), "install.sh: `--project` needs a folder\n");
    fails(&run(&["--now"]), "install.sh: unknown option `--now`; see --help\n");
    let from = format!("install.sh: `{project}/boundary-guard` is missing or not executable\n");
    fails(&run(&["--project", ".", "--from", "."]), &from);
    sandbox.write(".claude", "a file where a folder should be\n");
    fails(&install(&sandbox, &[]), &format!("install.sh: could not make `{project}/.claude`\n"));
}

#[test]
fn every_registered_command_is_an_installed_executable() {
    let sandbox = Sandbox::new();
    succeeds(&install(&sandbox, &[]));
    let settings: Value = serde_json::from_str(&sandbox.read(".claude/settings.json")).unwrap();
    for (event, groups) in settings["hooks"].as_object().unwrap() {
        let groups = groups.as_array().unwrap().iter();
        for hook in groups.flat_map(|group| group["hooks"].as_array().unwrap()) {
            let command = hook["command"].as_str().unwrap();
            let path = command.replace("${CLAUDE_PROJECT_DIR}", &sandbox.project.to_string_lossy());
            assert!(Path::new(&path).is_file(), "{event}: {command}");
        }
    }
}

#[test]
fn the_doctor_finds_why_a_hook_would_not_run() {
    let sandbox = Sandbox::new();
    succeeds(&install(&sandbox, &[]));
    let doctor = || {
        let ran = sandbox.run("boundary-guard", &["doctor"], b"");
        let bad: Vec<_> = ran.stdout.lines().filter(|line| !line.starts_with("ok")).collect();
        (ran.code, bad.join("\n"))
    };
    assert_eq!(doctor(), (Some(0), String::new()));

    let project = sandbox.project.display().to_string();
    let installed = format!("{project}/.claude/hooks/agent");
    fs::write(format!("{installed}/context-publisher"), "").unwrap();
    let no_mode = fs::Permissions::from_mode(0o644);
    fs::set_permissions(format!("{installed}/context-publisher"), no_mode).unwrap();
    fs::write(format!("{installed}/boundary-guard"), "old").unwrap();
    fs::remove_file(format!("{installed}/handoff-preparer")).unwrap();
    sandbox.write("~/.claude.json", "{\"projects\": {}}");
    sandbox.write(".claude/settings.local.json", "{\"disableAllHooks\": true}");
    let agent = "---\nname: a\nhooks:\n  Stop:\n    - command: x\n---\n";
    sandbox.write(".claude/agents/a.md", agent);
    let expected = format!(
        "FAIL `{project}/.claude/settings.local.json` switches all hooks off
     hint: remove `disableAllHooks`
warn `{installed}/boundary-guard` is another build than the one that looks
     hint: `./install.sh --project DIR` brings it up to date
FAIL `{installed}/context-publisher` is not executable
     hint: chmod +x it
FAIL `{installed}/handoff-preparer` is missing
     hint: `./install.sh --project DIR` enters it
warn `{project}` is not trusted yet
     hint: start `claude` there once and accept; until then hooks wait in a terminal, and those of agent files do not run
warn `{project}/.claude/agents/a.md:4`: hook `Stop` is in short form, without an inner `hooks:` list: the client may not run it; install hooks in the settings"
    );
    assert_eq!(doctor(), (Some(1), expected));

    sandbox.write(
        ".claude/settings.json",
        r#"{"hooks": {"PreToolUse": [{"matcher": "Write", "hooks": [{"type": "command",
            "command": "boundary-guard"}]}], "Stop": [{"hooks": [{"command": "output-validator"},
            {"command": "output-validator"}]}]}}"#,
    );
    let (_, found) = doctor();
    for part in [
        "FAIL `boundary-guard` is registered for some of PreToolUse only",
        "warn `output-validator` is registered 2 times for Stop",
        "FAIL `output-validator` is not registered for SubagentStop",
        "has no `onFailure: block`",
    ] {
        assert!(found.contains(part), "{found}");
    }
}
