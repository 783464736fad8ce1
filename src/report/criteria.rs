//! The red flags and success criteria of a definition: which of them a machine
//! checks here, and what it finds. The others are listed, not guessed at.

use super::Finding;
use super::claims;
use super::evidence::Evidence;
use super::evidence::answer::Answer;
use super::rules::Kind;
use super::support;
use crate::agent::{Definition, Item};
use crate::flags::{self, Severity};
use crate::hook::{clip, printable};

/// Characters of an item that are quoted.
const ITEM_CHARS: usize = 120;

/// What checks an item of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    /// The latest request to every host found a server.
    Connection,
    /// No endpoint answers with 5xx in the end.
    ServerError,
    /// The database could be reached in the end.
    Database,
    /// The endpoints of the report were called.
    Endpoints,
    /// A run of this kind passed after the last change.
    Run(Kind),
    /// The rules on added text.
    Text,
    /// Nothing here can tell.
    Nothing,
}

/// What checks an item.
pub(super) fn check_of(text: &str) -> Check {
    let lower = text.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(&["connection refused", "econnrefused", "refused connection", "connection errors"]) {
        Check::Connection
    } else if has(&["database", "db connection"])
        && has(&["connect", "fail", "execute", "quer", "operation"])
    {
        Check::Database
    } else if has(&["500 error", "5xx", "server error", "500 status", "http 500"]) {
        Check::ServerError
    } else if has(&["curl", "httpie"])
        || (has(&["endpoint"]) && has(&["respond", "tested", "work"]))
    {
        Check::Endpoints
    } else if has(&["secret", "credential", "api key", "password", "sql", "concatenat"])
        || flags::is_checked(text)
    {
        Check::Text
    } else {
        claims::of_criterion(text).first().map_or(Check::Nothing, |kind| Check::Run(*kind))
    }
}

/// Whether the definition asks that endpoints be called.
pub(super) fn asks_for_requests(definition: &Definition) -> bool {
    let in_example = definition.contracts.iter().any(|contract| contract.example.contains("curl"));
    let items = definition.success_criteria.iter().chain(&definition.red_flags);
    in_example
        || items
            .into_iter()
            .any(|item| matches!(check_of(&item.text), Check::Endpoints | Check::Connection))
        || tells_to_call(&definition.text)
}

/// "Test every endpoint with curl", "Test with curl" and the like.
fn tells_to_call(text: &str) -> bool {
    text.lines().any(|line| {
        let lower = line.to_ascii_lowercase();
        let client = lower.contains("curl") || lower.contains("httpie");
        let verb = ["test", "verify", "respond", "check"].iter().any(|verb| lower.contains(verb));
        client && verb
    })
}

/// The items that nothing here checks.
pub(super) fn unchecked(definition: &Definition) -> Vec<String> {
    let show = |what: &str, item: &Item| format!("{what} (line {}): {}", item.line, shown(item));
    let flags = definition.red_flags.iter().map(|item| ("red flag", item));
    let criteria = definition.success_criteria.iter().map(|item| ("success criterion", item));
    flags
        .chain(criteria)
        .filter(|(_, item)| check_of(&item.text) == Check::Nothing)
        .map(|(what, item)| show(what, item))
        .collect()
}

/// What the evidence says about the definition's red flags and criteria.
pub(super) fn findings(
    definition: &Definition,
    evidence: &Evidence,
    can_run: bool,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let items = definition.red_flags.iter().chain(&definition.success_criteria);
    let mut done = Vec::new();
    for item in items {
        let check = check_of(&item.text);
        if done.contains(&check) {
            continue;
        }
        match check {
            Check::Connection => findings.extend(refused(evidence, item)),
            Check::ServerError => findings.extend(server_errors(evidence, item)),
            Check::Database => findings.extend(database(evidence, item)),
            Check::Run(kind) if can_run => findings.extend(unmet(kind, evidence, item)),
            _ => {}
        }
        done.push(check);
    }
    findings
}

/// Hosts that were not there the last time somebody called.
fn refused(evidence: &Evidence, item: &Item) -> Vec<Finding> {
    evidence
        .requests
        .iter()
        .enumerate()
        .filter(|(at, request)| {
            let mut later = evidence.requests.iter().skip(at + 1);
            request.answer == Answer::NoConnection && !later.any(|later| later.host == request.host)
        })
        .map(|(_, request)| {
            finding(
                "connection-refused",
                &request.route.to_string(),
                format!(
                    "the last request got no connection (`{}`); red flag of line {}: {}",
                    printable(&request.command),
                    item.line,
                    shown(item)
                ),
            )
        })
        .collect()
}

/// Endpoints whose latest answer is a server error.
fn server_errors(evidence: &Evidence, item: &Item) -> Vec<Finding> {
    evidence
        .requests
        .iter()
        .enumerate()
        .filter_map(|(at, request)| {
            let Answer::ServerError(status) = request.answer else { return None };
            let mut later = evidence.requests.iter().skip(at + 1);
            if later.any(|later| later.route == request.route) {
                return None;
            }
            Some(finding(
                "server-error",
                &request.route.to_string(),
                format!(
                    "the last request was answered with {status} (`{}`); red flag of line {}: {}",
                    printable(&request.command),
                    item.line,
                    shown(item)
                ),
            ))
        })
        .collect()
}

/// A database that could not be reached, and nothing passed after that.
fn database(evidence: &Evidence, item: &Item) -> Option<Finding> {
    let failure = evidence.database_failures.last()?;
    let later = evidence.runs.iter().any(|ran| {
        ran.at >= failure.at + 1_000 && ran.outcome == super::evidence::outcome::Outcome::Passed
    });
    (!later).then(|| {
        finding("database-failure", &format!("\"{}\"", failure.quote), format!(
            "the database could not be reached, and nothing shows that it can be now; line {}: {}",
            item.line, shown(item)
        ))
    })
}

/// A criterion that asks for a run, by an agent that changed code.
fn unmet(kind: Kind, evidence: &Evidence, item: &Item) -> Option<Finding> {
    evidence.last_edit()?;
    let why = support::lack(kind, evidence)?;
    Some(finding(
        "criterion-unmet",
        &format!("\"{}\"", shown(item)),
        format!("line {} of the definition asks for it, but {why}", item.line),
    ))
}

fn shown(item: &Item) -> String {
    printable(&clip(&item.text, ITEM_CHARS))
}

fn finding(rule: &str, place: &str, message: String) -> Finding {
    Finding {
        rule: rule.to_owned(),
        severity: Severity::Block,
        place: printable(&clip(place, 200)),
        message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Check) {
        assert_eq!(check_of(text), expected, "{text}");
    }

    #[test]
    fn knows_what_it_can_check() {
        check("\"Connection refused\" when testing endpoints", Check::Connection);
        check("Database connection failures", Check::Database);
        check("500 errors on any endpoint", Check::ServerError);
        check("All endpoints respond to curl tests", Check::Endpoints);
        check("Hardcoded secrets in code", Check::Text);
        check("All tests pass", Check::Run(Kind::Tests));
        check("Lint is clean", Check::Run(Kind::Lint));
        check("The design is elegant", Check::Nothing);
    }
}
