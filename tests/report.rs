//! Reports against contracts, claims against transcripts.
//!
//! A scenario of `tests/cases/report/*.txt` is a run of an agent, line by line:
//!
//! | line | meaning |
//! | --- | --- |
//! | `edit PATH \| TEXT` | a file is written (`\n` is a line break) |
//! | `bash COMMAND` | a command is run |
//! | `read PATH`, `tool NAME JSON` | another tool is called |
//! | `> TEXT` | a line of the output of the call before |
//! | `exit N`, `interrupted`, `no answer`, `background`, `refused TEXT` | how that call ended |
//! | `report METHOD PATH, …` | the final message holds a JSON report with these endpoints |
//! | `want report` | a report is asked for, and not given |
//! | `say TEXT` | the final message says this |
//! | `flag TEXT`, `criterion TEXT`, `tools LIST`, `quiet` | the definition: quiet asks for no requests |
//! | `no transcript`, `lagging`, `cut off`, `junk`, `broken line` | what the transcript lacks |
//! | `expect pass`, `expect RULE @ PLACE` | the verdict: all that sends the agent back |
//! | `unchecked TEXT` | listed as not checked |

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use lanekeeper::agent::Definition;
use lanekeeper::config::Config;
use lanekeeper::flags::Severity;
use lanekeeper::report::{Freshness, Source, Verdict, judge_source};
use serde_json::{Value, json};

use crate::sandbox::shared;

#[test]
fn every_scenario_is_judged_as_written() {
    let (mut count, mut passing, mut failures) = (0, 0, Vec::new());
    for path in files_in("tests/cases/report") {
        for scenario in scenarios(&fs::read_to_string(&path).unwrap()) {
            count += 1;
            passing += usize::from(scenario.expected.is_empty());
            if let Some(difference) = scenario.difference() {
                let file = path.file_name().unwrap().to_string_lossy().into_owned();
                failures.push(format!("{file}: {}\n{difference}", scenario.title));
            }
        }
    }
    println!("{count} scenarios, {passing} of them pass");
    assert!(failures.is_empty(), "{} fail\n\n{}", failures.len(), failures.join("\n"));
    assert!(count >= 150 && passing * 2 >= count, "{passing} of {count} pass");
}

fn files_in(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "lines that a scenario has or has not")]
struct Scenario {
    title: String,
    transcript: Transcript,
    endpoints: Option<Vec<String>>,
    wants_report: bool,
    prose: Vec<String>,
    flags: Vec<String>,
    criteria: Vec<String>,
    tools: Option<String>,
    quiet: bool,
    no_transcript: bool,
    lagging: bool,
    cut_off: bool,
    expected: Vec<String>,
    unchecked: Vec<String>,
}

fn scenarios(text: &str) -> Vec<Scenario> {
    let mut found: Vec<Scenario> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("== ") {
            found.push(Scenario { title: title.to_owned(), ..Scenario::default() });
        } else if let Some(scenario) = found.last_mut() {
            scenario.add(line);
        }
    }
    found
}

impl Scenario {
    fn add(&mut self, line: &str) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let text = rest.replace("\\n", "\n");
        let transcript = &mut self.transcript;
        match (word, rest) {
            ("", _) | ("expect", "pass") => {}
            ("edit", _) => {
                let (path, content) = text.split_once(" | ").unwrap();
                transcript.call("Write", json!({"file_path": path, "content": content}));
            }
            ("bash", _) => transcript.call("Bash", json!({"command": command(rest)})),
            ("read", _) => transcript.call("Read", json!({"file_path": rest})),
            ("tool", _) => {
                let (name, input) = rest.split_once(' ').unwrap();
                transcript.call(name, serde_json::from_str(input).unwrap());
            }
            (">", _) => transcript.output(rest),
            ("exit", code) => transcript.last().code = code.parse().unwrap(),
            ("interrupted", _) => transcript.last().interrupted = true,
            ("no", "answer") => transcript.last().unanswered = true,
            ("background", _) => transcript.last().background(),
            ("refused", _) => transcript.last().refusal = Some(text),
            ("report", "") => self.endpoints = Some(Vec::new()),
            ("report", list) => {
                self.endpoints = Some(list.split(", ").map(str::to_owned).collect());
            }
            ("want", "report") => self.wants_report = true,
            ("say", _) => self.prose.push(text),
            ("flag", _) => self.flags.push(text),
            ("criterion", _) => self.criteria.push(text),
            ("tools", _) => self.tools = Some(text),
            ("quiet", _) => self.quiet = true,
            ("no", "transcript") => self.no_transcript = true,
            ("lagging", _) => self.lagging = true,
            ("cut", "off") => self.cut_off = true,
            ("junk", _) => transcript.raw.push((transcript.calls.len(), JUNK.to_owned())),
            ("broken", "line") => {
                let broken = r#"{"type":"assistant","message":{"content":[{"type":"tool_use","id":"x","name":"Bash","input":{"comm"#;
                transcript.raw.push((transcript.calls.len(), broken.to_owned()));
            }
            ("expect", _) => self.expected.push(text),
            ("unchecked", _) => self.unchecked.push(text),
            _ => panic!("{}: unknown line `{line}`", self.title),
        }
    }

    fn definition(&self) -> Definition {
        let mut text = "---\nname: worker\n".to_owned();
        if let Some(tools) = &self.tools {
            let _ = writeln!(text, "tools: {tools}");
        }
        text.push_str("---\n");
        if !self.quiet {
            text.push_str("- Test endpoints with curl before marking complete\n");
        }
        if self.endpoints.is_some() || self.wants_report {
            text.push_str("\n## Output Format\n```json\n{\"feature\": \"x\", \"endpoints_created\": [{\"method\": \"GET\", \"path\": \"/\"}]}\n```\n");
        }
        for (title, items) in [("Red Flags", &self.flags), ("Success Criteria", &self.criteria)] {
            if !items.is_empty() {
                let _ = writeln!(text, "\n## {title}\n");
                text.extend(items.iter().map(|item| format!("- {item}\n")));
            }
        }
        Definition::parse(&text, Path::new("worker.md")).unwrap()
    }

    fn message(&self) -> String {
        let mut message = self.prose.join("\n");
        if let Some(endpoints) = &self.endpoints {
            let list: Vec<Value> = endpoints
                .iter()
                .map(|route| route.split_once(' ').unwrap())
                .map(|(method, path)| json!({"method": method, "path": path}))
                .collect();
            let report = json!({"feature": "x", "endpoints_created": list});
            let _ = write!(message, "\n```json\n{report:#}\n```");
        }
        message
    }

    fn judge(&self) -> Verdict {
        let message = self.message();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("agent.jsonl");
        let mut text = self.transcript.text();
        if !self.lagging {
            text.push_str(&said(&message));
        }
        if self.cut_off {
            text.truncate(text.len() - 40);
        }
        if !self.no_transcript {
            fs::write(&path, text).unwrap();
        }
        let source = Source {
            message: Some(message),
            transcript: Some(path),
            tree: None,
            freshness: Freshness::Live,
        };
        judge_source(&source, &self.definition(), &Config::default())
    }

    fn difference(&self) -> Option<String> {
        let verdict = self.judge();
        let seen = blocking(&verdict);
        let mut left = seen.clone();
        let mut missing = Vec::new();
        for expected in &self.expected {
            let (rule, place) = expected.split_once(" @ ").unwrap_or((expected, ""));
            let fits = |one: &String| {
                let (found, at) = one.split_once(" @ ").unwrap();
                found == rule && at.starts_with(place)
            };
            match left.iter().position(fits) {
                Some(at) => drop(left.remove(at)),
                None => missing.push(expected.clone()),
            }
        }
        for text in &self.unchecked {
            if !verdict.not_checked.iter().any(|line| line.contains(text)) {
                missing.push(format!("unchecked {text}"));
            }
        }
        (!missing.is_empty() || !left.is_empty()).then(|| {
            format!(
                "  expected {:?}\n  found {:#?}\n  {:?}",
                self.expected, verdict.findings, verdict.not_checked
            )
        })
    }
}

/// `\n` in a command line is a line break only around here-documents and comments.
fn command(text: &str) -> String {
    if text.contains("<<") || text.starts_with('#') {
        text.replace("\\n", "\n")
    } else {
        text.to_owned()
    }
}

const JUNK: &str = "{\"type\":\"future-thing\",\"payload\":[1,2,{\"tool_use\":\"no\"}]}\nnot json at all\n\n{\"type\":\"user\",\"message\":null}";

/// Everything that sends the agent back, as `rule @ place`.
fn blocking(verdict: &Verdict) -> Vec<String> {
    let blocking = verdict.findings.iter().filter(|finding| finding.severity == Severity::Block);
    blocking.map(|finding| format!("{} @ {}", finding.rule, finding.place)).collect()
}

/// A transcript in the making.
#[derive(Default)]
struct Transcript {
    calls: Vec<Call>,
    /// Lines as they are, before the call of that number.
    raw: Vec<(usize, String)>,
}

#[derive(Default)]
struct Call {
    tool: String,
    input: Value,
    output: Vec<String>,
    code: i32,
    interrupted: bool,
    unanswered: bool,
    refusal: Option<String>,
}

impl Call {
    fn background(&mut self) {
        self.input["run_in_background"] = json!(true);
    }
}

impl Transcript {
    fn call(&mut self, tool: &str, input: Value) {
        self.calls.push(Call { tool: tool.to_owned(), input, ..Call::default() });
    }

    fn last(&mut self) -> &mut Call {
        self.calls.last_mut().expect("a call before")
    }

    fn output(&mut self, line: &str) {
        self.last().output.push(line.to_owned());
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let mut add = |line: &str| text.extend([line, "\n"]);
        add(&json!({"type": "user", "message": {"role": "user", "content": "do it"}}).to_string());
        for (at, call) in self.calls.iter().enumerate() {
            for (_, raw) in self.raw.iter().filter(|(before, _)| *before == at) {
                add(raw);
            }
            let id = format!("toolu_{at}");
            let block =
                json!({"type": "tool_use", "id": id, "name": call.tool, "input": call.input});
            add(
                &json!({"type": "assistant", "message": {"role": "assistant", "content": [block]}})
                    .to_string(),
            );
            if call.unanswered {
                continue;
            }
            let output = call.output.join("\n");
            let content = match (&call.refusal, call.interrupted, call.code) {
                (Some(refusal), ..) => refusal.clone(),
                (None, true, _) => format!("[Request interrupted by user for tool use]\n{output}"),
                (None, _, 0) => output,
                (None, _, code) => format!("Exit code {code}\n{output}"),
            };
            let failed = call.refusal.is_some() || call.interrupted || call.code != 0;
            let block = json!({"tool_use_id": id, "type": "tool_result", "content": content, "is_error": failed});
            add(&json!({"type": "user", "message": {"role": "user", "content": [block]}})
                .to_string());
        }
        for (_, raw) in self.raw.iter().filter(|(before, _)| *before == self.calls.len()) {
            add(raw);
        }
        text
    }
}

/// The line by which the agent says its final message.
fn said(message: &str) -> String {
    let block = json!({"type": "text", "text": message});
    json!({"type": "assistant", "message": {"role": "assistant", "content": [block]}}).to_string()
        + "\n"
}

#[test]
fn the_recorded_runs_are_judged_right() {
    let Some(folder) = shared("claude-code-2.1.328/transcripts") else { return };
    let Some(seed) = shared("seeds/003_2797c3a846a980ff.txt") else { return };
    let definition =
        Definition::parse(&fs::read_to_string(seed).unwrap(), Path::new("a.md")).unwrap();
    let verdict = |name: &str| {
        let payload = fs::read_to_string(folder.join(format!("{name}.SubagentStop.json"))).unwrap();
        let payload: Value = serde_json::from_str(&payload).unwrap();
        let source = Source {
            message: payload["last_assistant_message"].as_str().map(str::to_owned),
            transcript: Some(folder.join(format!("{name}.jsonl"))),
            tree: None,
            freshness: Freshness::Live,
        };
        blocking(&judge_source(&source, &definition, &Config::default()))
    };
    assert_eq!(verdict("verified"), [""; 0]);
    assert_eq!(verdict("refused-then-fixed"), [""; 0]);
    assert_eq!(
        verdict("untested-endpoint"),
        [
            "endpoint-untested @ POST /api/v1/auth/register",
            "endpoint-untested @ POST /api/v1/auth/refresh"
        ]
    );
    assert_eq!(verdict("connection-refused"), ["connection-refused @ POST /api/v1/auth/login"]);
    assert_eq!(verdict("server-error"), ["server-error @ POST /api/v1/auth/login"]);
    assert_eq!(verdict("no-report"), ["report-missing @ the final message"]);
    assert_eq!(verdict("malformed-report"), ["report-malformed @ the JSON block"]);
}

#[test]
fn the_seeds_ask_for_the_reports_that_they_show() {
    let Some(folder) = shared("seeds") else { return };
    let definition = |number: &str| {
        let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let named =
            |file: &PathBuf| file.file_name().unwrap().to_string_lossy().starts_with(number);
        let file = files.into_iter().find(named).unwrap();
        Definition::parse(&fs::read_to_string(file).unwrap(), Path::new("a.md")).unwrap()
    };
    let verdict = |definition: &Definition, examples: &[&str]| {
        let fenced = examples.iter().map(|example| format!("```json\n{example}\n```\n"));
        let message = format!("Done, as asked.\n{}", fenced.collect::<String>());
        let source = Source {
            message: Some(message),
            transcript: None,
            tree: None,
            freshness: Freshness::Settled,
        };
        blocking(&judge_source(&source, definition, &Config::default()))
    };
    let shown = |definition: &Definition| -> Vec<String> {
        definition.contracts.iter().map(|contract| contract.example.clone()).collect()
    };

    let two = definition("001");
    let [contracts, schema] = &shown(&two)[..] else { panic!("two reports are asked for") };
    assert_eq!(verdict(&two, &[contracts, schema]), [""; 0]);
    assert_eq!(verdict(&two, &[contracts]), ["report-missing @ the final message"]);
    assert_eq!(verdict(&two, &[contracts, r#"{"tables": 3}"#]), ["report-type @ $.tables"]);

    let one = definition("003");
    let [report] = &shown(&one)[..] else { panic!("one report is asked for") };
    assert_eq!(verdict(&one, &[report]), [""; 0]);
    assert_eq!(verdict(&one, &["{}"]), ["report-missing @ the final message"]);

    // Its JSON is what it publishes for other agents, under no report heading.
    let none = definition("004");
    assert_eq!(shown(&none), [""; 0]);
    assert_eq!(verdict(&none, &[]), [""; 0]);
}

/// Prints the table of the labelled claims: `cargo test --test all claims -- --nocapture`.
#[test]
fn the_labelled_claims_are_told_apart() {
    let Some(folder) = shared("redflags/claims") else { return };
    let mut table: BTreeMap<String, Counts> = BTreeMap::new();
    let mut total = Counts::default();
    for line in fs::read_to_string(folder.join("labels.jsonl")).unwrap().lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        let own = |key: &str| event[key].as_str().map(|path| folder.join(path));
        let source = Source {
            message: event["final_message"].as_str().map(str::to_owned),
            transcript: own("agent_transcript_path").or_else(|| own("session_path")),
            tree: None,
            freshness: Freshness::Live,
        };
        let verdict = judge_source(&source, &Definition::default(), &Config::default());
        let found = verdict.findings.iter().any(|finding| finding.rule == "claim-unsupported");
        let labels = event["labels"].as_array().unwrap();
        let wanted = labels.iter().any(|label| label["label"] == "unsupported");
        let kind = labels.first().map_or("none", |label| label["type"].as_str().unwrap());
        table.entry(kind.to_owned()).or_default().add(wanted, found);
        total.add(wanted, found);
        if wanted != found {
            println!(
                "{} `{}`: {:?}",
                event["scenario_id"], event["final_message"], verdict.findings
            );
        }
    }
    println!("{:18} {:>5} {:>5} {:>5} {:>5}", "claim", "right", "false", "missed", "quiet");
    table.insert("all".to_owned(), total);
    for (kind, counts) in &table {
        println!(
            "{kind:18} {:>5} {:>5} {:>5} {:>5}",
            counts.hit, counts.false_alarm, counts.missed, counts.quiet
        );
    }
    let (precision, recall) = total.precision_and_recall();
    println!("precision {precision:.3}, recall {recall:.3}");
    assert!(precision >= 0.985 && recall >= 0.90, "precision {precision}, recall {recall}");
}

#[derive(Clone, Copy, Default)]
struct Counts {
    hit: u32,
    false_alarm: u32,
    missed: u32,
    quiet: u32,
}

impl Counts {
    fn add(&mut self, wanted: bool, found: bool) {
        match (wanted, found) {
            (true, true) => self.hit += 1,
            (false, true) => self.false_alarm += 1,
            (true, false) => self.missed += 1,
            (false, false) => self.quiet += 1,
        }
    }

    fn precision_and_recall(self) -> (f64, f64) {
        let [hit, false_alarm, missed] = [self.hit, self.false_alarm, self.missed].map(f64::from);
        (hit / (hit + false_alarm), hit / (hit + missed))
    }
}
