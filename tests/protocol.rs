//! What the client may count on, whatever it sends.

use std::fs;

use crate::sandbox::{EXECUTABLES, Ran, Sandbox, executable, feed, shared};

/// Input that is no event; all of it must be told apart from one.
fn bad_inputs() -> Vec<(&'static str, Vec<u8>, String)> {
    let mebibytes_64 = 64 * 1024 * 1024;
    let mut huge = br#"{"hook_event_name":"PreToolUse","x":""#.to_vec();
    huge.resize(mebibytes_64, b'a');
    let limit = lanekeeper::hook::EVENT_BYTES_MAX;
    vec![
        ("empty", Vec::new(), "stdin is empty, expected one JSON object".to_owned()),
        ("text", b"hello".to_vec(), "stdin is not a JSON object".to_owned()),
        ("array", b"[1, 2]".to_vec(), "stdin is not a JSON object".to_owned()),
        ("64 MiB", huge, format!("stdin is larger than {limit} bytes")),
        (
            "invalid UTF-8",
            b"{\"hook_event_name\":\"Stop\",\"x\":\"\xff\"}".to_vec(),
            "stdin is not UTF-8: invalid utf-8 sequence of 1 bytes from index 31".to_owned(),
        ),
    ]
}

#[test]
fn bad_input_is_one_clear_line_and_no_file() {
    let sandbox = Sandbox::new();
    let files = sandbox.files();
    for (what, input, message) in bad_inputs() {
        for name in EXECUTABLES {
            let expected = Ran {
                code: Some(if name == "boundary-guard" { 2 } else { 1 }),
                stdout: String::new(),
                stderr: format!("{name}: could not read the hook event: {message}\n"),
            };
            assert_eq!(sandbox.hook(name, &input), expected, "{name} on {what}");
            assert_eq!(sandbox.files(), files, "{name} on {what} touched a file");
        }
    }
}

#[test]
fn a_panic_of_the_guard_refuses() {
    let panics = executable("boundary-guard").with_file_name("examples").join("panics");
    assert!(panics.exists(), "`{}` is missing: `cargo build --examples`", panics.display());
    let sandbox = Sandbox::new();
    for session in ["alone", "thread"] {
        let event = format!(
            r#"{{"hook_event_name":"PreToolUse","tool_name":"Write","session_id":"{session}"}}"#
        );
        let ran = feed(&mut sandbox.command(&panics), event.as_bytes());
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{session}: {}", ran.stderr);
        let line = ran.stderr.strip_prefix("panics: internal error at tests/panics.rs:");
        assert_eq!(line.map(|line| line.lines().count()), Some(1), "{}", ran.stderr);
    }
}

/// Recorded payloads, moved from the recording's project into a sandbox.
#[test]
fn every_recorded_payload_gets_a_valid_reply() {
    let Some(folder) = shared("claude-code-2.1.328/payloads") else { return };
    let sandbox = Sandbox::new();
    if let Some(seed) = shared("seeds/003_2797c3a846a980ff.txt") {
        let seed = fs::read_to_string(seed).unwrap();
        sandbox.write(".claude/agents/backend-system-architect.md", &seed);
    }
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let text = text.replace("/home/dev/shop", &sandbox.project.to_string_lossy());
        for name in EXECUTABLES {
            let ran = sandbox.hook(name, text.as_bytes());
            valid_reply(&ran).unwrap_or_else(|problem| {
                panic!("{name} on {}: {problem}\n{ran:?}", path.display())
            });
        }
    }
}

/// Exit 0 with nothing or one object, or a refusal that says why in both places.
fn valid_reply(ran: &Ran) -> Result<(), String> {
    let object = match ran.stdout.strip_suffix('\n') {
        None if ran.stdout.is_empty() => None,
        None => return Err("stdout does not end in a newline".into()),
        Some(line) => {
            let value = serde_json::from_str::<serde_json::Value>(line);
            let value = value.map_err(|error| format!("stdout is not JSON: {error}"))?;
            Some(value.as_object().cloned().ok_or("stdout is no object")?)
        }
    };
    let denies = object.as_ref().is_some_and(|object| {
        let of_tool = object.get("hookSpecificOutput");
        of_tool.is_some_and(|of_tool| of_tool.get("permissionDecision") == Some(&"deny".into()))
    });
    match ran.code {
        Some(0) if !denies && ran.stderr.is_empty() => Ok(()),
        Some(2) if denies && !ran.stderr.is_empty() => Ok(()),
        code => Err(format!("exit code {code:?} does not go with the reply")),
    }
}
