//! Definitions against the labelled files, and against many more.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use lanekeeper::agent::{Containment, Definition, Item, Receiver, Rule};
use serde_json::Value;

fn shared() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/agents");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: `{}` is not there", folder.display());
    None
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for part in ["labelled", "unlabelled"] {
        for entry in fs::read_dir(folder.join(part)).unwrap() {
            found.push(entry.unwrap().path());
        }
    }
    found.sort();
    found
}

fn parse(file: &Path) -> anyhow::Result<Definition> {
    Definition::parse(&fs::read_to_string(file).unwrap(), file)
}

/// What the definition says and what the label says, per field that differs.
fn differences(definition: &Definition, truth: &Value) -> Vec<String> {
    let strings = |key: &str| -> BTreeSet<String> {
        let list = truth[key].as_array().map(Vec::as_slice).unwrap_or_default();
        list.iter().map(|item| item.as_str().unwrap().to_owned()).collect()
    };
    let globs = |rules: &[Rule]| -> BTreeSet<String> {
        rules.iter().filter(|rule| !rule.residual).map(|rule| rule.glob.clone()).collect()
    };
    let agents = |side: &[Receiver]| -> BTreeSet<String> {
        side.iter().map(|receiver| receiver.agent.clone()).collect()
    };
    let boundaries = &definition.boundaries;
    let mut found = Vec::new();
    let mut compare = |key: &str, read: BTreeSet<String>| {
        let expected = strings(key);
        if read != expected {
            found.push(format!("{key}\n    read     {read:?}\n    expected {expected:?}"));
        }
    };
    compare("allowed", globs(&boundaries.allowed));
    compare("forbidden", globs(&boundaries.forbidden));
    compare("hands_off_to", agents(&definition.handoffs.to));
    compare("receives_from", agents(&definition.handoffs.from));
    let told = |key: &str, items: &[Item]| -> Vec<String> {
        let known = |file: &&String| !items.iter().any(|item| item.text == **file);
        strings(key).iter().filter(known).cloned().collect()
    };
    for (key, items) in [
        ("coordination_read", &definition.coordination.reads),
        ("coordination_write", &definition.coordination.writes),
        ("handoff_write", &definition.coordination.writes),
    ] {
        let missing = told(key, items);
        if !missing.is_empty() {
            found.push(format!("{key} lacks {missing:?}"));
        }
    }
    if truth["containment"] == true && boundaries.containment == Containment::Open {
        found.push("nothing outside may be written, but it is open".to_owned());
    }
    let read_only = boundaries.read_only.is_some();
    if truth["read_only"].as_bool() != Some(read_only) {
        found.push(format!("read_only is {read_only}"));
    }
    found
}

#[test]
fn every_labelled_file_is_read_exactly() {
    let Some(folder) = shared() else { return };
    let mut wrong = Vec::new();
    for line in fs::read_to_string(folder.join("boundary_truth.jsonl")).unwrap().lines() {
        let truth: Value = serde_json::from_str(line).unwrap();
        let file = folder.join(truth["file"].as_str().unwrap());
        for difference in differences(&parse(&file).unwrap(), &truth) {
            wrong.push(format!("{}: {difference}", file.file_stem().unwrap().to_string_lossy()));
        }
    }
    assert!(wrong.is_empty(), "{} fields differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_file_gives_a_policy_or_a_stated_reason() {
    let Some(folder) = shared() else { return };
    for file in files(&folder) {
        let definition = parse(&file).unwrap_or_else(|error| panic!("{error:#}"));
        assert!(!definition.name.is_empty(), "{}", file.display());
    }
}

/// Past a limit there is an error that names it, and never a policy.
#[test]
fn limits_are_errors_that_name_themselves() {
    let head = "---\nname: a\n---\n";
    let refused = |text: String, why: &str| {
        let error = Definition::parse(&text, Path::new("a.md")).expect_err(why);
        let message = format!("{error:#}");
        assert!(message.contains(why), "{message}");
    };
    refused(format!("{head}{}", "x\n".repeat(2_500_000)), "larger than 524288 bytes");
    refused(format!("{head}{}", "x".repeat(100_000)), "line 4 of the definition is longer");
    refused(format!("{head}{}", "x\n".repeat(30_000)), "more than 20000 lines");
    refused(
        format!("{head}a\u{1b}[2J"),
        "line 4 of the definition has the control character U+001B",
    );
    refused(format!("{head}{}", "# a\n".repeat(3_000)), "headings, more than 2000");
    let globs: Vec<String> = (0..100_000).map(|n| format!("{n}/**")).collect();
    let lines: Vec<String> =
        globs.chunks(100).map(|globs| format!("- Allowed: {}", globs.join(", "))).collect();
    refused(format!("{head}{}", lines.join("\n")), "larger than");
    let lines = lines.get(..30).unwrap();
    refused(format!("{head}{}", lines.join("\n")), "more than 1000 globs");
}

/// The JSON of `explain` is a contract; the seed-like agent of the tests is read by it.
#[test]
fn explain_and_lint_say_what_was_read() {
    let sandbox = crate::sandbox::Sandbox::new();
    sandbox.write("backend/a.ts", "a\n");
    sandbox.write(
        ".claude/agents/be.md",
        "---\nname: be\ndescription: d\ntools: [Read, Write]\n---\n\
         ## Boundaries\n- Allowed: backend/**\n- Forbidden: frontend/**, CI/CD, good taste\n\
         ## Integration\n- **Hands off to:** fe-developer (specs)\n",
    );
    let run = sandbox.run("boundary-guard", &["explain", "--json", "be"], b"");
    let json: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(json["agent"], "be");
    assert_eq!(json["containment"], "closed");
    assert_eq!(json["read_only"], false);
    assert_eq!(json["allowed"], serde_json::json!([{"glob": "backend/**", "line": 7}]));
    assert_eq!(json["forbidden"], serde_json::json!([{"glob": "frontend/**", "line": 8}]));
    assert_eq!(json["concepts"][0]["concept"], "ci-cd");
    assert_eq!(json["advisory"], serde_json::json!([{"text": "good taste", "line": 8}]));
    assert_eq!(json["hands_off_to"], serde_json::json!(["fe-developer"]));
    let run = sandbox.run("boundary-guard", &["lint", "--json"], b"");
    assert_eq!(run.code, Some(1));
    let json: Value = serde_json::from_str(&run.stdout).unwrap();
    let kinds: BTreeSet<&str> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["severity"] == "problem")
        .map(|finding| finding["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, BTreeSet::from(["dead-glob", "unknown-agent"]));
}
