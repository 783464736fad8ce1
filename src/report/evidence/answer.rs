//! What came back to a request, from what the agent was shown.
//!
//! Statuses are read where a client prints them: status lines, write-out
//! formats, exit codes, problem bodies. Data that speak of errors are no error.

use serde_json::Value;

use super::super::rules;
use super::command::Exit;
use super::outcome::Shown;
use super::request::Request;
use crate::transcript::Ending;

/// What came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Answer {
    /// A status below 400, or a body that tells of no error.
    Success,
    /// A status of 4xx, or a body that tells of an error; 0 when unknown.
    Refusal(u16),
    /// A status of 5xx.
    ServerError(u16),
    /// No connection, or none that lasted.
    NoConnection,
    /// Nothing that anybody could see.
    Unseen,
    /// Nothing printed, and nothing to complain of.
    Quiet,
}

/// The answers to the requests of one command, in their order.
pub(super) fn of(requests: &[(&Request, &Exit)], shown: &Shown<'_>) -> Vec<Answer> {
    let marks = marks(requests, shown.output);
    let hidden = shown.ending == Ending::Interrupted;
    requests
        .iter()
        .enumerate()
        .map(|(at, (request, exit))| {
            if hidden || **exit == Exit::Background {
                return Answer::Unseen;
            }
            match marks.as_slice() {
                [] => unmarked(request, exit, shown, requests.len() == 1),
                all if all.len() == requests.len() => {
                    all.get(at).copied().unwrap_or(Answer::Unseen)
                }
                all if requests.len() == 1 => all.last().copied().unwrap_or(Answer::Unseen),
                // They cannot be told apart: only what all say is said.
                all => common(all),
            }
        })
        .collect()
}

/// What several answers have in common; in doubt, success.
fn common(marks: &[Answer]) -> Answer {
    match marks.first() {
        Some(first) if marks.iter().all(|mark| mark == first) => *first,
        _ => Answer::Success,
    }
}

/// The statuses and connection failures that the output shows, in its order.
fn marks(requests: &[(&Request, &Exit)], output: &str) -> Vec<Answer> {
    let headers = requests.iter().any(|(request, _)| request.view.headers);
    let by_code = requests.iter().any(|(request, _)| request.view.by_code);
    let written: Vec<&str> =
        requests.iter().filter_map(|(request, _)| request.view.written.as_deref()).collect();
    let mut marks = Vec::new();
    let mut in_headers = false;
    for line in output.lines() {
        if let Some(status) = status_line(line).filter(|_| headers || by_code) {
            // A redirect that was followed, or `100 Continue`: the last one counts.
            if in_headers_again(in_headers, &marks, requests.len()) {
                marks.pop();
            }
            if status >= 200 {
                marks.push(of_status(status));
            }
            in_headers = true;
        } else if let Some(answer) = connection_failure(line) {
            marks.push(answer);
        } else if let Some(status) = written_status(line, &written) {
            // A status line has already told.
            if !(headers && in_headers) {
                marks.push(of_status(status));
            }
            in_headers = false;
        } else if by_code && let Some(status) = leading_status(line) {
            marks.push(of_status(status));
        }
    }
    marks
}

fn in_headers_again(in_headers: bool, marks: &[Answer], requests: usize) -> bool {
    in_headers && marks.len() >= requests
}

/// `HTTP/1.1 200 OK`, also as curl and wget indent it.
fn status_line(line: &str) -> Option<u16> {
    let line = line.trim_start_matches(['<', ' ', '\t', '*']);
    let rest = line.strip_prefix("HTTP/")?;
    let code = rest.split_whitespace().nth(1)?;
    code.parse().ok().filter(|code| (100..=599).contains(code))
}

/// The status where a write-out format prints it.
fn written_status(line: &str, formats: &[&str]) -> Option<u16> {
    formats.iter().find_map(|before| {
        if before.trim().is_empty() {
            return trailing_status(line);
        }
        let at = line.rfind(before.trim())?;
        let rest = line.get(at + before.trim().len()..)?.trim_start();
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        (digits.len() == 3).then(|| digits.parse().ok())?
    })
}

/// Three digits at the end of a line: after a body without a line break too.
fn trailing_status(line: &str) -> Option<u16> {
    let line = line.trim_end();
    let start = line.char_indices().rev().take(3).last()?.0;
    let (body, digits) = line.split_at_checked(start)?;
    let apart =
        body.chars().next_back().is_none_or(|letter| !letter.is_ascii_digit() && letter != '.');
    let code: u16 = digits.parse().ok()?;
    (apart && digits.len() == 3 && (code == 0 || (100..=599).contains(&code))).then_some(code)
}

/// A status as code prints it: first on its line, or after "status".
fn leading_status(line: &str) -> Option<u16> {
    let mut words = line
        .split(|letter: char| {
            letter.is_whitespace() || matches!(letter, ':' | '=' | ',' | '(' | ')')
        })
        .filter(|word| !word.is_empty());
    let mut word = words.next()?;
    while matches!(
        word.to_ascii_lowercase().as_str(),
        "status"
            | "status_code"
            | "code"
            | "http"
            | "statuscode"
            | "response"
            | "->"
            | "get"
            | "post"
            | "put"
            | "patch"
            | "delete"
    ) || word.starts_with('/')
    {
        word = words.next()?;
    }
    let code: u16 = word.parse().ok().filter(|_| word.len() == 3)?;
    matches!(code, 200..=208 | 226 | 300..=308 | 400..=431 | 451 | 500..=511).then_some(code)
}

fn of_status(status: u16) -> Answer {
    match status {
        0 => Answer::NoConnection,
        500.. => Answer::ServerError(status),
        400.. => Answer::Refusal(status),
        _ => Answer::Success,
    }
}

/// What clients print when there was no connection, or curl when `-f` failed.
fn connection_failure(line: &str) -> Option<Answer> {
    if let Some(rest) = line.split_once("curl: (").map(|(_, rest)| rest) {
        let code: u32 = rest.split(')').next()?.parse().ok()?;
        return Some(match code {
            22 => {
                let status = rest.rsplit(' ').next().and_then(|code| code.parse().ok());
                status.map_or(Answer::Refusal(0), of_status)
            }
            _ => Answer::NoConnection,
        });
    }
    tells_no_connection(line).then_some(Answer::NoConnection)
}

/// Words of a connection that could not be made.
pub(super) fn tells_no_connection(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    rules::words().no_connection.iter().any(|words| lower.contains(words))
}

/// No status anywhere: the exit code and the body are left.
fn unmarked(request: &Request, exit: &Exit, shown: &Shown<'_>, alone: bool) -> Answer {
    let view = &request.view;
    let exit_shown = *exit == Exit::Shown;
    if shown.ending == Ending::Error && exit_shown {
        return match shown.code {
            Some(5 | 6 | 7 | 28 | 35 | 52 | 55 | 56) if !view.by_code => Answer::NoConnection,
            Some(4) if view.fails => Answer::NoConnection,
            _ if !shown.output.trim().is_empty() && !view.by_code && alone => {
                of_body(shown.output, view.discards, request)
            }
            _ => Answer::Refusal(0),
        };
    }
    if view.fails && exit_shown {
        return Answer::Success;
    }
    if view.discards {
        return Answer::Unseen;
    }
    let body = shown.output.trim();
    if body.is_empty() {
        let may_be_empty = request.route.methods.iter().any(|method| {
            matches!(method.as_str(), "DELETE" | "PUT" | "PATCH" | "HEAD" | "OPTIONS")
        });
        return match (exit_shown, may_be_empty || view.by_code) {
            (false, _) => Answer::Unseen,
            (true, true) => Answer::Success,
            (true, false) => Answer::Quiet,
        };
    }
    if is_parser_error(body) {
        return Answer::Unseen;
    }
    if alone { of_body(body, false, request) } else { Answer::Success }
}

/// What the program after the pipe says when no JSON came.
fn is_parser_error(output: &str) -> bool {
    ["Expecting value:", "jq: error", "jq: parse error", "parse error:"]
        .iter()
        .any(|start| output.starts_with(start))
}

/// What a body says of itself.
fn of_body(body: &str, discarded: bool, request: &Request) -> Answer {
    if discarded {
        return Answer::Unseen;
    }
    let body = body.trim();
    if let Ok(value) = serde_json::from_str::<Value>(body) {
        return of_json(&value);
    }
    let head: String = body.chars().take(2_000).collect::<String>().to_ascii_lowercase();
    let starts = |words: &str| {
        head.starts_with(words)
            || head.contains(&format!("<title>{words}"))
            || head.contains(&format!("<h1>{words}"))
    };
    let cannot = request
        .route
        .methods
        .iter()
        .any(|method| head.contains(&format!("cannot {} /", method.to_ascii_lowercase())));
    if cannot || starts("404") || starts("not found") {
        return Answer::Refusal(404);
    }
    for (words, status) in [
        ("internal server error", 500),
        ("500 ", 500),
        ("bad gateway", 502),
        ("502 ", 502),
        ("service unavailable", 503),
        ("503 ", 503),
        ("gateway timeout", 504),
        ("504 ", 504),
    ] {
        if starts(words) {
            return Answer::ServerError(status);
        }
    }
    Answer::Success
}

/// Problem bodies (RFC 9457) and what frameworks send in their place.
fn of_json(value: &Value) -> Answer {
    let Some(object) = value.as_object() else { return Answer::Success };
    let text = |key: &str| {
        object.get(key).and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase()
    };
    let explains = ["title", "error", "errors", "message", "detail", "type"]
        .iter()
        .any(|key| object.contains_key(*key));
    let status = ["status", "statusCode", "status_code", "code"].iter().find_map(|key| {
        object.get(*key).and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok())
    });
    if let Some(status) = status.filter(|status| explains && (400..=599).contains(status)) {
        return of_status(status);
    }
    let said = ["detail", "error", "message", "title"].map(text);
    let says = |words: &str| said.iter().any(|text| text.trim_end_matches('.') == words);
    if says("internal server error") {
        return Answer::ServerError(500);
    }
    if says("not found") {
        return Answer::Refusal(404);
    }
    if says("method not allowed") {
        return Answer::Refusal(405);
    }
    let only_talk = object.keys().all(|key| rules::words().error_body_keys.contains(&key.as_str()));
    let error = ["error", "errors"].iter().any(|key| {
        object.get(*key).is_some_and(|error| !matches!(error, Value::Null | Value::Bool(false)))
    });
    if only_talk && error { Answer::Refusal(0) } else { Answer::Success }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::evidence::{command, request};

    #[track_caller]
    fn check(command: &str, text: &str, expected: &[Answer]) {
        let parts = command::parts(command);
        let requests: Vec<(Request, Exit)> = parts
            .iter()
            .flat_map(|part| request::of_part(part).into_iter().map(|one| (one, part.exit.clone())))
            .collect();
        let ending = if text.starts_with("Exit code") { Ending::Error } else { Ending::Normal };
        let borrowed: Vec<(&Request, &Exit)> =
            requests.iter().map(|(one, exit)| (one, exit)).collect();
        assert_eq!(of(&borrowed, &Shown::of(text, ending)), expected, "{command}: {text}");
    }

    #[test]
    fn reads_statuses_where_they_are_printed() {
        use Answer::{NoConnection, Refusal, ServerError, Success};
        check("curl -i localhost/a", "HTTP/1.1 200 OK\r\n\r\n{}", &[Success]);
        check("curl -i localhost/a", "HTTP/1.1 404 Not Found", &[Refusal(404)]);
        check(
            "curl -iL localhost/a",
            "HTTP/1.1 302 Found\n\nHTTP/1.1 503 Oops",
            &[ServerError(503)],
        );
        check(
            "curl -i localhost/a; curl -i localhost/b",
            "HTTP/1.1 200 OK\nHTTP/1.1 500 Oops",
            &[Success, ServerError(500)],
        );
        check("curl -s -w '%{http_code}' localhost/a", "{\"x\": 1}201", &[Success]);
        check("curl -s -w '%{http_code}' localhost/a || true", "000", &[NoConnection]);
        check("curl -s localhost/a", "Exit code 7", &[NoConnection]);
        check(
            "curl -sf localhost/a",
            "Exit code 22\ncurl: (22) The requested URL returned error: 502",
            &[ServerError(502)],
        );
        check(
            "python3 -c \"requests.get('http://localhost/a')\"",
            "status: 500",
            &[ServerError(500)],
        );
    }

    #[test]
    fn believes_bodies_only_so_far() {
        use Answer::{Quiet, Refusal, ServerError, Success, Unseen};
        check("curl -s localhost/a", "{\"id\": 500}", &[Success]);
        check(
            "curl -s localhost/a",
            "{\"statusCode\": 500, \"message\": \"x\"}",
            &[ServerError(500)],
        );
        check("curl -s localhost/a", "{\"error\": \"internal server error\"}", &[ServerError(500)]);
        check("curl -s localhost/a", "{\"detail\":\"Not Found\"}", &[Refusal(404)]);
        check("curl -s localhost/a", "{\"error\":\"Invalid credentials\"}", &[Refusal(0)]);
        check("curl -s localhost/a", "", &[Quiet]);
        check("curl -s -X DELETE localhost/a", "", &[Success]);
        check("curl -s localhost/a | jq .", "", &[Unseen]);
        check("curl -so /dev/null localhost/a", "", &[Unseen]);
        check("curl -sf -o /dev/null localhost/a && echo ok", "ok", &[Success]);
    }
}
