//! The output contract of a definition, held against a message.
//!
//! The examples of a definition that share their keys are examples of one
//! report; others ask for one report each. Keys and types are compared, values
//! never. Whether the report is true is [`super::evidence`]'s.

use serde_json::Value;

use super::blocks::Block;
use super::shape::{Mismatch, Shape};
use super::{Finding, lenient};
use crate::agent::{Contract, Definition};
use crate::flags::Severity;
use crate::hook::{clip, printable};

/// As many missing keys are named in one finding.
const KEYS_NAMED_MAX: usize = 12;

/// A report that a definition asks for.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// "API Contracts", or empty.
    pub(super) label: String,
    /// 1-based line of the first example.
    pub(super) line: usize,
    pub(super) shape: Shape,
}

/// What the contract makes of a message.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) findings: Vec<Finding>,
    /// The report, or one entry per label where several are asked for.
    pub(super) report: Option<Value>,
}

/// The reports that a definition asks for, and the examples that cannot be read.
pub(super) fn asked_by(definition: &Definition) -> (Vec<Asked>, Vec<&Contract>) {
    let mut asked: Vec<Asked> = Vec::new();
    let mut unread = Vec::new();
    for contract in &definition.contracts {
        let Some(example) = lenient::read(&contract.example) else {
            unread.push(contract);
            continue;
        };
        let shape = Shape::of_example(&example);
        if shape.required_keys().is_empty() {
            unread.push(contract);
            continue;
        }
        match asked.iter_mut().find(|known| are_examples_of_one(&known.shape, &shape)) {
            Some(known) => {
                let before = std::mem::replace(&mut known.shape, Shape::Any);
                known.shape = before.merge(shape);
            }
            None => {
                asked.push(Asked { label: contract.label.clone(), line: contract.line, shape });
            }
        }
    }
    (asked, unread)
}

/// Holds the JSON of a message against the reports asked for.
pub(super) fn check(asked: &[Asked], blocks: &[Block], definition: &Definition) -> Outcome {
    let values: Vec<&Value> = blocks.iter().filter_map(Block::value).collect();
    if asked.is_empty() {
        return Outcome { findings: Vec::new(), report: values.last().copied().cloned() };
    }
    let candidates = candidates(&values);
    let mut outcome = Outcome::default();
    let mut reports = serde_json::Map::new();
    for one in asked {
        let Some((value, mismatches)) = best(one, &candidates) else {
            outcome.findings.push(absent(one, blocks, definition));
            continue;
        };
        outcome.findings.extend(mismatches.iter().map(|wrong| differs(one, wrong, definition)));
        reports.insert(one.label.clone(), value.clone());
    }
    outcome.report = if asked.len() == 1 {
        reports.into_iter().next().map(|(_, report)| report)
    } else {
        (!reports.is_empty()).then_some(Value::Object(reports))
    };
    merge_absent(&mut outcome.findings);
    outcome
}

/// Whether a finding says that the report itself is not there.
pub(super) fn is_absence(finding: &Finding) -> bool {
    matches!(finding.rule.as_str(), "report-missing" | "report-malformed")
}

impl Block {
    fn value(&self) -> Option<&Value> {
        match self {
            Self::Json(value) => Some(value),
            Self::Broken(_) => None,
        }
    }
}

impl Asked {
    /// Where it is asked for, and what of: for messages.
    fn source(&self, definition: &Definition) -> String {
        let file = definition.file.file_name().map_or_else(
            || format!("{}.md", definition.name),
            |name| name.to_string_lossy().into_owned(),
        );
        let label = if self.label.is_empty() { String::new() } else { format!("{}, ", self.label) };
        printable(&format!("{label}{file}:{}", self.line))
    }
}

/// Two examples of one report share at least half of the keys of the smaller.
fn are_examples_of_one(left: &Shape, right: &Shape) -> bool {
    let (left, right) = (left.required_keys(), right.required_keys());
    let shared = left.iter().filter(|key| right.contains(key)).count();
    shared > 0 && shared * 2 >= left.len().min(right.len())
}

/// The blocks, and one level below them: reports come wrapped (`{"report": {…}}`).
fn candidates<'a>(values: &[&'a Value]) -> Vec<&'a Value> {
    let mut candidates: Vec<&Value> = values.to_vec();
    for value in values {
        if let Value::Object(object) = value {
            candidates.extend(object.values().filter(|inner| is_container(inner)));
        }
    }
    candidates
}

/// The candidate that has the most of the keys asked for; `None` if none has any.
fn best<'a>(asked: &Asked, candidates: &[&'a Value]) -> Option<(&'a Value, Vec<Mismatch>)> {
    let keys = asked.shape.required_keys();
    let mut best: Option<(usize, usize, &Value, Vec<Mismatch>)> = None;
    for candidate in candidates {
        let present = keys_present(candidate, &keys);
        if present == 0 {
            continue;
        }
        let mismatches = mismatches(&asked.shape, candidate);
        let better = best.as_ref().is_none_or(|(most, fewest, ..)| {
            (present, std::cmp::Reverse(mismatches.len())) >= (*most, std::cmp::Reverse(*fewest))
        });
        if better {
            best = Some((present, mismatches.len(), candidate, mismatches));
        }
    }
    best.map(|(_, _, value, mismatches)| (value, mismatches))
}

/// An example of one object also stands for an array of them, and the reverse.
fn mismatches(shape: &Shape, value: &Value) -> Vec<Mismatch> {
    match (shape, value) {
        (Shape::Record(_), Value::Array(_)) => {
            Shape::List(Box::new(shape.clone())).mismatches(value)
        }
        (Shape::List(item), Value::Object(_)) => item.mismatches(value),
        _ => shape.mismatches(value),
    }
}

fn keys_present(value: &Value, keys: &[&str]) -> usize {
    match value {
        Value::Object(object) => keys.iter().filter(|key| object.contains_key(**key)).count(),
        Value::Array(items) => {
            items.iter().take(1).map(|item| keys_present(item, keys)).sum::<usize>()
        }
        _ => 0,
    }
}

fn is_container(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

/// The finding for a report that is not there.
fn absent(asked: &Asked, blocks: &[Block], definition: &Definition) -> Finding {
    let keys = named(asked.shape.required_keys().iter().copied());
    let source = asked.source(definition);
    let broken = blocks.iter().rev().find_map(|block| match block {
        Block::Broken(why) => Some(why),
        Block::Json(_) => None,
    });
    match broken {
        Some(why) => finding(
            "report-malformed",
            "the JSON block",
            format!("the JSON report cannot be read: {why}; asked for: {keys} ({source})"),
        ),
        None if blocks.is_empty() => finding(
            "report-missing",
            "the final message",
            format!("the message holds no JSON report; asked for: {keys} ({source})"),
        ),
        None => finding(
            "report-missing",
            "the final message",
            format!("no JSON block of the message is the report; asked for: {keys} ({source})"),
        ),
    }
}

fn differs(asked: &Asked, mismatch: &Mismatch, definition: &Definition) -> Finding {
    let source = asked.source(definition);
    match mismatch {
        Mismatch::Missing { path, keys } => {
            let keys = named(keys.iter().map(String::as_str));
            finding("report-incomplete", path, format!("missing: {keys} ({source})"))
        }
        Mismatch::Type { path, expected, found } => {
            finding("report-type", path, format!("expected {expected}, found {found} ({source})"))
        }
    }
}

/// One broken block is one finding, however many reports it might have been.
fn merge_absent(findings: &mut Vec<Finding>) {
    let mut seen_broken = false;
    findings.retain(|finding| {
        let broken = finding.rule == "report-malformed";
        let keep = !broken || !seen_broken;
        seen_broken |= broken;
        keep
    });
}

fn named<'a>(keys: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = keys.len().saturating_sub(KEYS_NAMED_MAX);
    let mut names: Vec<String> =
        keys.take(KEYS_NAMED_MAX).map(|key| format!("`{}`", printable(&clip(key, 60)))).collect();
    if more > 0 {
        names.push(format!("{more} more"));
    }
    names.join(", ")
}

fn finding(rule: &str, place: &str, message: String) -> Finding {
    Finding {
        rule: rule.to_owned(),
        severity: Severity::Block,
        place: printable(&clip(place, 120)),
        message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn verdict(examples: &[(&str, &str)], message: &str, expected: &[&str]) -> Option<Value> {
        let contracts = examples.iter().enumerate().map(|(at, (label, example))| Contract {
            label: (*label).to_owned(),
            example: (*example).to_owned(),
            line: at + 1,
        });
        let definition = Definition {
            name: "a".into(),
            file: "a.md".into(),
            contracts: contracts.collect(),
            ..Definition::default()
        };
        let (asked, _) = asked_by(&definition);
        let outcome = check(&asked, &super::super::blocks::of_message(message).blocks, &definition);
        let shown: Vec<String> = outcome
            .findings
            .iter()
            .map(|found| format!("{} {}: {}", found.rule, found.place, found.message))
            .collect();
        assert_eq!(shown, expected);
        outcome.report
    }

    const ONE: &[(&str, &str)] = &[("", r#"{"feature": "x", "list": [{"path": "/a"}]}"#)];
    const TWO: &[(&str, &str)] = &[
        ("API", r#"{"method": "POST", "path": "/a", "response": {"200": {}}}"#),
        ("Schema", r#"{"tables": [{"name": "users"}]}"#),
    ];

    #[test]
    fn accepts_the_report_wherever_it_stands() {
        for message in [
            "```json\n{\"feature\": \"y\", \"list\": []}\n```",
            "{\"feature\": \"y\", \"list\": []}",
            "```json\n{\"x\": 1}\n```\n```json\n{\"feature\": \"y\", \"list\": []}\n```",
            "{\"report\": {\"feature\": \"y\", \"list\": []}}",
        ] {
            assert!(verdict(ONE, message, &[]).is_some());
        }
    }

    #[test]
    fn says_what_is_wrong() {
        verdict(
            ONE,
            "All done.",
            &[
                "report-missing the final message: the message holds no JSON report; asked for: `feature`, `list` (a.md:1)",
            ],
        );
        verdict(
            ONE,
            "```json\n{\"other\": 1}\n```",
            &[
                "report-missing the final message: no JSON block of the message is the report; asked for: `feature`, `list` (a.md:1)",
            ],
        );
        verdict(
            ONE,
            "```json\n{\"feature\": \n```",
            &[
                "report-malformed the JSON block: the JSON report cannot be read: EOF while parsing a value at line 1 column 11; asked for: `feature`, `list` (a.md:1)",
            ],
        );
        verdict(
            ONE,
            r#"{"list": [{}]}"#,
            &[
                "report-incomplete $: missing: `feature` (a.md:1)",
                "report-incomplete $.list[0]: missing: `path` (a.md:1)",
            ],
        );
        verdict(
            ONE,
            r#"{"feature": 1, "list": "none"}"#,
            &[
                "report-type $.feature: expected a string, found a number (a.md:1)",
                "report-type $.list: expected an array, found a string (a.md:1)",
            ],
        );
    }

    #[test]
    fn several_reports_are_each_asked_for() {
        let api = r#"[{"method": "GET", "path": "/b", "response": {}}]"#;
        let tables = r#"{"tables": []}"#;
        let both = format!("```json\n{api}\n```\n```json\n{tables}\n```");
        assert!(verdict(TWO, &both, &[]).is_some());
        verdict(TWO, &format!("{{\"api_contracts\": {api}, \"database_schema\": {tables}}}"), &[]);
        verdict(
            TWO,
            api,
            &[
                "report-missing the final message: no JSON block of the message is the report; asked for: `tables` (Schema, a.md:2)",
            ],
        );
    }

    #[test]
    fn examples_of_one_report_make_the_difference_optional() {
        let examples = [
            ("ok", r#"{"status": "ok", "data": 1}"#),
            ("bad", r#"{"status": "bad", "error": "e"}"#),
        ];
        verdict(&examples, r#"{"status": "ok"}"#, &[]);
    }
}
