//! What a final message says: the template's fields, from JSON or Markdown.
//!
//! Agents write `context`, `decisions` and `nextSteps` in many spellings; what
//! has no field of its own stays in the context.

use serde_json::{Map, Value, json};

use super::markdown::{Section, bullets, sections};
use super::value::redacted;
use crate::flags;
use crate::hook::clip;

/// The parts of a final message, without secrets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// One line of prose.
    pub summary: String,
    /// The report, or the message's sections by title.
    pub context: Value,
    /// Objects or strings, as the agent wrote them.
    pub decisions: Vec<Value>,
    /// What the agent says comes next.
    pub next_steps: Vec<String>,
    /// Files that the agent says it changed.
    pub files: Vec<String>,
    /// What the agent says is in its way.
    pub blockers: Vec<String>,
}

const SUMMARY_CHARS_MAX: usize = 300;
const ITEMS_MAX: usize = 50;
const ITEM_CHARS_MAX: usize = 500;

/// What a field or a section holds, told by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Topic {
    Decisions,
    NextSteps,
    Files,
    Blockers,
}

impl Topic {
    /// `nextSteps`, `next_steps`, `Next Phase Suggestion:` and the like.
    fn of(name: &str) -> Option<Self> {
        let letters = name.chars().filter(|c| c.is_alphanumeric());
        let word: String = letters.flat_map(char::to_lowercase).take(60).collect();
        let is = |names: &[&str]| names.iter().any(|name| *name == word);
        let has = |part: &str| word.contains(part);
        if word.ends_with("decisions") || word.ends_with("decision") || word == "decisionsmade" {
            Some(Self::Decisions)
        } else if word.starts_with("nextstep")
            || word.starts_with("nextphase")
            || word.starts_with("nextaction")
            || is(&["followup", "followups", "next"])
        {
            Some(Self::NextSteps)
        } else if has("files")
            && (word == "files"
                || ["changed", "modified", "created", "written", "touched", "edited", "updated"]
                    .iter()
                    .any(|verb| has(verb)))
        {
            Some(Self::Files)
        } else if has("blocker") || is(&["blockedby", "blocked", "openissues", "openquestions"]) {
            Some(Self::Blockers)
        } else {
            None
        }
    }
}

/// Reads a message; `report` is the JSON report found in it, if one was.
///
/// Secrets go before anything is cut or taken apart: half a token, or a key
/// without its first line, is told by nobody.
pub fn read(message: &str, report: Option<&Value>) -> Said {
    let own = if report.is_none() { json_in(message) } else { None };
    let report = report.or(own.as_ref()).map(redacted);
    let message = flags::redact(message);
    let sections = sections(&message);
    let mut said = Said::default();
    match &report {
        Some(report) => take_json(report, &mut said),
        None => take_sections(&sections, &mut said),
    }
    // Beside a JSON report, Markdown adds what the report has no field for.
    for section in &sections {
        take_section(section, &mut said);
    }
    // A message that is nothing but JSON has no prose.
    if said.summary.is_empty() && !message.trim_start().starts_with('{') {
        said.summary = first_line(&sections);
    }
    if said.summary.is_empty() {
        let named = report.as_ref().map(|report| text_of(report, &["feature", "title", "name"]));
        said.summary = named.unwrap_or_default();
    }
    said.summary = clip(&said.summary, SUMMARY_CHARS_MAX);
    said
}

fn take_json(report: &Value, said: &mut Said) {
    let context = report.get("context").filter(|context| context.is_object());
    said.context = context.unwrap_or(report).clone();
    for object in [Some(report), context].into_iter().flatten() {
        for (key, value) in object.as_object().into_iter().flatten() {
            match Topic::of(key) {
                Some(Topic::Decisions) if said.decisions.is_empty() => {
                    said.decisions = decisions_in(value);
                }
                Some(Topic::NextSteps) if said.next_steps.is_empty() => {
                    said.next_steps = lines_in(value);
                }
                Some(Topic::Files) => said.files.extend(lines_in(value)),
                Some(Topic::Blockers) if said.blockers.is_empty() => {
                    said.blockers = lines_in(value);
                }
                _ => {}
            }
        }
    }
    said.summary = text_of(report, &["summary", "task"]);
}

/// The first of these fields that is a text.
fn text_of(report: &Value, keys: &[&str]) -> String {
    let found = keys.iter().find_map(|key| report.get(*key)?.as_str());
    found.unwrap_or_default().trim().to_owned()
}

fn take_sections(sections: &[Section<'_>], said: &mut Said) {
    const SECTIONS_MAX: usize = 30;
    let titled = sections.iter().filter(|section| !section.title.is_empty());
    let text = |section: &Section<'_>| Value::String(section.text().trim().to_owned());
    let by_title: Map<String, Value> = titled
        .filter(|section| !section.text().trim().is_empty())
        .take(SECTIONS_MAX)
        .map(|section| (clip(section.title, 120), text(section)))
        .collect();
    said.context = match sections.first() {
        _ if !by_title.is_empty() => json!({"sections": by_title}),
        Some(only) if !only.text().trim().is_empty() => json!({"message": only.text().trim()}),
        _ => json!({}),
    };
}

fn take_section(section: &Section<'_>, said: &mut Said) {
    let lines =
        || bullets(section).into_iter().take(ITEMS_MAX).map(|line| clip(&line, ITEM_CHARS_MAX));
    match Topic::of(section.title) {
        Some(Topic::Decisions) if said.decisions.is_empty() => {
            said.decisions = lines().map(Value::String).collect();
        }
        Some(Topic::NextSteps) if said.next_steps.is_empty() => said.next_steps = lines().collect(),
        Some(Topic::Files) if said.files.is_empty() => {
            said.files = lines().filter_map(|line| leading_path(&line)).collect();
        }
        Some(Topic::Blockers) if said.blockers.is_empty() => said.blockers = lines().collect(),
        _ => {}
    }
}

fn decisions_in(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items.iter().take(ITEMS_MAX).cloned().collect(),
        Value::Object(fields) => {
            let named =
                |(key, value): (&String, &Value)| json!({"decision": key, "rationale": value});
            fields.iter().take(ITEMS_MAX).map(named).collect()
        }
        Value::String(text) if !text.trim().is_empty() => vec![Value::String(text.clone())],
        _ => Vec::new(),
    }
}

fn lines_in(value: &Value) -> Vec<String> {
    let line = |value: &Value| match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Object(fields) => {
            let named = ["path", "file", "step", "description", "task", "issue", "name"];
            let found = named.iter().find_map(|key| fields.get(*key)?.as_str());
            found.map_or_else(|| value.to_string(), str::to_owned)
        }
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let lines: Vec<String> = match value {
        Value::Array(items) => items.iter().map(line).collect(),
        Value::Object(groups) => groups
            .values()
            .flat_map(|group| match group {
                Value::Array(items) => items.iter().map(line).collect(),
                other => vec![line(other)],
            })
            .collect(),
        // `"blockers": "none"`, `"files_changed": 3`
        Value::String(_) => vec![line(value)],
        _ => Vec::new(),
    };
    let kept = lines.into_iter().filter(|line| !line.is_empty() && !is_nothing(line));
    kept.take(ITEMS_MAX).map(|line| clip(&line, ITEM_CHARS_MAX)).collect()
}

/// "None", "N/A" and the like, where a list was asked for.
pub(super) fn is_nothing(line: &str) -> bool {
    let word = line.trim().trim_end_matches('.').to_lowercase();
    matches!(word.as_str(), "none" | "n/a" | "na" | "no" | "-" | "nothing" | "none identified")
}

/// The path that a bullet begins with: `` `src/a.rs`: what changed ``.
fn leading_path(line: &str) -> Option<String> {
    let unquoted = line.trim_start_matches(['`', '*']);
    let end = unquoted.find(|c: char| c.is_whitespace() || "`*:,(".contains(c));
    let path = end.and_then(|end| unquoted.get(..end)).unwrap_or(unquoted);
    (path.contains(['/', '.']) && path.len() > 1).then(|| path.to_owned())
}

fn first_line(sections: &[Section<'_>]) -> String {
    let prose = sections.iter().flat_map(Section::prose);
    let mut lines = prose.map(|line| line.trim_start_matches(['-', '*', '#', '>', ' ']).trim());
    lines.find(|line| line.chars().any(char::is_alphanumeric)).unwrap_or_default().to_owned()
}

/// The JSON object in a message: the last fenced one, or all of it.
fn json_in(message: &str) -> Option<Value> {
    let object = |text: &str| serde_json::from_str::<Value>(text).ok().filter(Value::is_object);
    let fences = super::markdown::fences(message);
    let mut objects = fences.iter().rev().filter_map(|fence| object(fence));
    objects.next().or_else(|| object(message.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_template() {
        let said = read(
            "Done.\n```json\n{\"agent\":\"a\",\"context\":{\"api\":[1]},\"decisions\":[{\"decision\":\"PostgreSQL\"}],\"nextSteps\":[\"UI can start\"]}\n```\n",
            None,
        );
        assert_eq!(said.summary, "Done.");
        assert_eq!(said.context, json!({"api": [1]}));
        assert_eq!(said.decisions, [json!({"decision": "PostgreSQL"})]);
        assert_eq!(said.next_steps, ["UI can start"]);
    }

    #[test]
    fn keeps_a_report_of_another_shape_as_context() {
        let report = json!({
            "feature": "login",
            "endpoints_created": [{"path": "/login"}],
            "architecture_decisions": {"JWT": "stateless"},
            "files_changed": ["a.py", {"path": "b.py"}],
            "blockers": "none",
        });
        let said = read("", Some(&report));
        assert_eq!(said.summary, "login");
        assert_eq!(said.context, report);
        assert_eq!(said.decisions, [json!({"decision": "JWT", "rationale": "stateless"})]);
        assert_eq!(said.files, ["a.py", "b.py"]);
        assert!(said.blockers.is_empty());
    }

    #[test]
    fn reads_markdown_sections() {
        let said = read(
            "API design complete:\n- POST /login\n\n## Key Decisions\n- Use JWT\n  for all\n- bcrypt\n\n**Files changed:**\n- `src/a.rs`: new\n- none here\n\nNext Phase Suggestion:\n- security-auditor should review\n",
            None,
        );
        assert_eq!(said.summary, "API design complete:");
        assert_eq!(said.decisions, [json!("Use JWT for all"), json!("bcrypt")]);
        assert_eq!(said.files, ["src/a.rs"]);
        assert_eq!(said.next_steps, ["security-auditor should review"]);
        assert_eq!(said.context["sections"]["API design complete"], "- POST /login");
    }

    #[test]
    fn what_is_cut_off_leaves_no_half_of_a_secret() {
        let token = "ghp_aB3dE5gH7jK9mN1pQ3sT5vW7xY9zA2cD4eF6";
        let key = format!(
            "-----BEGIN RSA PRIVATE KEY-----\n{}-----END RSA PRIVATE KEY-----",
            "aB3dE5gH7jK9mN1pQ3sT5vW7xY9zA2cD4eF6aB3dE5gH7jK9mN1pQ3sT5vW7xY9z\n".repeat(25)
        );
        let check = |message: &str| {
            let said = format!("{:?}", read(message, None));
            assert!(said.contains("[redacted") && !said.contains("B3dE5gH7jK9"), "{said}");
        };
        for before in [250, 280, 440, 480] {
            let text = format!("{} {token} {}", "x".repeat(before), "tail ".repeat(40));
            check(&text);
            check(&format!("Done.\n## Decisions\n- {text}"));
            check(&json!({"summary": text, "nextSteps": [text]}).to_string());
        }
        check(&format!("Done.\n## Decisions\n{key}\n"));
    }

    #[test]
    fn plain_prose_is_context_too() {
        let said = read("All well.\nNothing else.", None);
        assert_eq!(said.summary, "All well.");
        assert_eq!(said.context, json!({"message": "All well.\nNothing else."}));
        assert_eq!(read("", None).context, json!({}));
        assert_eq!(read("{\n\"feature\": \"login\"\n}", None).summary, "login");
    }
}
