//! The endpoints that a report claims, and whether somebody called them.

use serde_json::{Map, Value};

use super::Finding;
use super::evidence::answer::Answer;
use super::evidence::outcome::Outcome;
use super::evidence::{Evidence, Requested};
use super::route::Route;
use super::rules::{self, Kind};
use crate::flags::Severity;
use crate::hook::printable;

/// More endpoints of a report are not checked.
const ENDPOINTS_MAX: usize = 200;

/// Reports nested deeper are not searched.
const DEPTH_MAX: usize = 16;

/// The endpoints that a report says exist.
pub(super) fn claimed(report: Option<&Value>) -> Vec<Route> {
    let mut found = Vec::new();
    if let Some(report) = report {
        collect(report, "", 0, &mut found);
    }
    found
}

fn collect(value: &Value, key: &str, depth: usize, found: &mut Vec<Route>) {
    if depth > DEPTH_MAX || found.len() >= ENDPOINTS_MAX || speaks_of_others(key) {
        return;
    }
    match value {
        Value::Object(object) => {
            if is_open(object) {
                return;
            }
            match endpoint(object) {
                Some(route) if !found.contains(&route) => found.push(route),
                Some(_) => {}
                None => {
                    for (key, value) in object {
                        collect(value, key, depth + 1, found);
                    }
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                let text = item.as_str().filter(|_| names_endpoints(key));
                match text.and_then(of_text) {
                    Some(route) if !found.contains(&route) => found.push(route),
                    _ => collect(item, key, depth + 1, found),
                }
            }
        }
        _ => {}
    }
}

/// `{"method": "POST", "path": "/x"}` under whatever names.
fn endpoint(object: &Map<String, Value>) -> Option<Route> {
    let text = |keys: &[&str]| keys.iter().find_map(|key| object.get(*key).and_then(Value::as_str));
    let path = text(&["path", "route", "url", "uri", "endpoint"])?;
    match text(&["method", "http_method", "httpMethod", "verb"]) {
        Some(method) => is_http(method).then(|| Route::new(method, path))?,
        None => of_text(path),
    }
    .filter(|route| route.path.starts_with('/'))
}

/// `POST /x`.
fn of_text(text: &str) -> Option<Route> {
    let (method, path) = text.trim().split_once(' ')?;
    let path = path.split_whitespace().next()?;
    (is_http(method) && path.starts_with(['/', 'h'])).then(|| Route::new(method, path))?
}

fn is_http(method: &str) -> bool {
    const METHODS: &[&str] =
        &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY", "ALL"];
    let mut words =
        method.split(|letter: char| !letter.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    let first = words.next().map(str::to_ascii_uppercase);
    first.is_some_and(|first| METHODS.contains(&first.as_str()))
}

fn names_endpoints(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.contains("endpoint") || key.contains("route")
}

/// Keys under which endpoints are named that were not made here.
fn speaks_of_others(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    rules::words().other_endpoints.iter().any(|word| key.contains(word))
}

/// An entry that says of itself that it is not done.
fn is_open(object: &Map<String, Value>) -> bool {
    let said = ["status", "state", "implemented", "tested", "verified"]
        .iter()
        .filter_map(|key| object.get(*key));
    said.into_iter().any(|value| match value {
        Value::Bool(done) => !done,
        Value::String(text) => {
            let text = text.to_ascii_lowercase();
            [
                "plan",
                "todo",
                "pending",
                "not ",
                "untested",
                "removed",
                "blocked",
                "proposed",
                "deprecated",
                "no",
            ]
            .iter()
            .any(|word| text.starts_with(word))
        }
        _ => false,
    })
}

/// What is wrong with the evidence for each endpoint.
pub(super) fn findings(claimed: &[Route], evidence: &Evidence) -> Vec<Finding> {
    claimed
        .iter()
        .enumerate()
        .filter_map(|(at, route)| {
            let (rule, severity, message) = judge(at, route, evidence)?;
            let place = printable(&route.to_string());
            Some(Finding { rule: rule.to_owned(), severity, place, message })
        })
        .collect()
}

fn judge(
    at: usize,
    route: &Route,
    evidence: &Evidence,
) -> Option<(&'static str, Severity, String)> {
    let block = |rule, message| Some((rule, Severity::Block, message));
    let edits = evidence.edits.iter().filter(|edit| edit.routes.contains(&at) && !edit.in_test);
    let changed = edits.max_by_key(|edit| edit.at);
    let calls: Vec<&Requested> =
        evidence.requests.iter().filter(|request| route.is_called_by(&request.route)).collect();
    let Some(before) = calls.last() else {
        let severity = if is_tested(at, evidence) { Severity::Warn } else { Severity::Block };
        return Some((
            "endpoint-untested",
            severity,
            "the report claims this endpoint, and the transcript shows no request to it; call it and report what it answers, or do not claim it".to_owned(),
        ));
    };
    let from = changed.map_or(0, |edit| edit.at + 1);
    let fresh: Vec<&&Requested> = calls.iter().filter(|call| call.at >= from).collect();
    let Some(last) = fresh.last() else {
        let what = changed.map(|edit| edit.what.as_str()).unwrap_or_default();
        return block(
            "endpoint-stale",
            format!(
                "`{}` was changed after the last request (`{}`); call it again",
                printable(what),
                printable(&before.command)
            ),
        );
    };
    let command = printable(&last.command);
    let success = fresh.iter().any(|call| call.answer == Answer::Success);
    match last.answer {
        Answer::NoConnection => {
            block("connection-refused", format!("the last request got no connection (`{command}`)"))
        }
        Answer::ServerError(status) => block(
            "server-error",
            format!("the last request was answered with {status} (`{command}`)"),
        ),
        _ if success => None,
        Answer::Refusal(0) => block(
            "endpoint-failing",
            format!("no request succeeded; the last failed (`{command}`)"),
        ),
        Answer::Refusal(status) => block(
            "endpoint-failing",
            format!("no request succeeded; the last was answered with {status} (`{command}`)"),
        ),
        Answer::Quiet => Some((
            "endpoint-unseen",
            Severity::Warn,
            format!(
                "the request printed nothing (`{command}`); show its status, for example with `-i`"
            ),
        )),
        _ => block(
            "endpoint-unseen",
            format!(
                "nobody could see the answer (`{command}`); show its status, for example with `-i`"
            ),
        ),
    }
}

/// A test suite that names the endpoint passed: weaker than a request, better than nothing.
fn is_tested(at: usize, evidence: &Evidence) -> bool {
    let changed =
        evidence.edits.iter().filter(|edit| edit.routes.contains(&at)).map(|edit| edit.at).max();
    let named = evidence.edits.iter().any(|edit| edit.in_test && edit.routes.contains(&at));
    named
        && evidence.runs.iter().any(|ran| {
            ran.run.shows.contains(&Kind::Tests)
                && ran.outcome == Outcome::Passed
                && ran.at > changed.unwrap_or_default()
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "reads better in a line per case")]
    fn check(report: Value, expected: &[&str]) {
        let shown: Vec<String> = claimed(Some(&report)).iter().map(ToString::to_string).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn finds_the_endpoints_that_a_report_claims() {
        check(json!({"endpoints_created": [{"method": "POST", "path": "/a"}]}), &["POST /a"]);
        check(json!({"method": "get", "path": "/a", "response": {"200": {}}}), &["GET /a"]);
        check(
            json!({"context": {"api_endpoints": [{"verb": "PUT", "url": "/b/{id}"}]}}),
            &["PUT /b/{id}"],
        );
        check(json!({"endpoints": ["GET /a", "POST /b (new)"]}), &["GET /a", "POST /b"]);
        check(json!({"routes": [{"endpoint": "DELETE /c"}]}), &["DELETE /c"]);
    }

    #[test]
    fn leaves_out_what_is_not_claimed() {
        check(json!({"endpoints_planned": [{"method": "POST", "path": "/a"}]}), &[]);
        check(
            json!({"endpoints": [{"method": "POST", "path": "/a", "status": "not implemented"}]}),
            &[],
        );
        check(json!({"external_apis": [{"method": "GET", "path": "/v1/pay"}]}), &[]);
        check(json!({"files": [{"path": "src/a.py", "method": "edit"}]}), &[]);
        check(json!({"sockets": [{"method": "WS", "path": "/ws"}]}), &[]);
        check(json!({"test_commands": ["curl -X POST localhost/a"]}), &[]);
    }
}
