//! `log`: the ledger, read.

use std::fmt::Write;

use anyhow::{Context, bail};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::ledger::{self, Line, Outcome};
use crate::cli::{Args, Takes};
use crate::hook::{Command, Printed, clip, printable};

const TAKES: Takes =
    Takes { flags: &["json"], values: &["agent", "decision", "since", "until", "project", "cwd"] };

const COMMAND_CHARS_MAX: usize = 120;

/// What lines are asked for.
struct Filter {
    agent: Option<String>,
    decision: Option<Outcome>,
    since: Option<String>,
    until: Option<String>,
}

pub(super) fn run(command: &Command<'_>) -> anyhow::Result<Printed> {
    let args = Args::parse(command.args.get(1..).unwrap_or_default(), TAKES)?;
    let filter = Filter {
        agent: args.text("agent")?,
        decision: args.text("decision")?.map(|text| outcome(&text)).transpose()?,
        since: args.text("since")?.map(|text| moment(&text)).transpose()?,
        until: args.text("until")?.map(|text| moment(&text)).transpose()?,
    };
    let project = args.project(command.place)?;
    let lines = ledger::read(&project).into_iter().filter(|line| filter.takes(line));
    let mut text = String::new();
    for line in lines {
        if args.flag("json") {
            let _ = writeln!(text, "{}", serde_json::to_string(&line)?);
        } else {
            text.push_str(&as_text(&line));
        }
    }
    if text.is_empty() && !args.flag("json") {
        text = format!("nothing in `{}`\n", printable(&ledger::path(&project).to_string_lossy()));
    }
    Ok(Printed::ok(text))
}

impl Filter {
    fn takes(&self, line: &Line) -> bool {
        // Times are compared as far as they are given: `2026-01-31` is the day.
        let upto = |limit: &String| line.time.get(..limit.len()).unwrap_or(&line.time) <= &**limit;
        self.agent.as_ref().is_none_or(|agent| *agent == line.agent)
            && self.decision.is_none_or(|decision| decision == line.decision)
            && self.since.as_ref().is_none_or(|since| line.time >= *since)
            && self.until.as_ref().is_none_or(upto)
    }
}

fn outcome(text: &str) -> anyhow::Result<Outcome> {
    Ok(match text {
        "allow" => Outcome::Allow,
        "warn" => Outcome::Warn,
        "deny" => Outcome::Deny,
        "ungoverned" => Outcome::Ungoverned,
        other => bail!(
            "unknown decision `{}`, expected one of `allow`, `warn`, `deny`, `ungoverned`",
            printable(other)
        ),
    })
}

/// A point in time: the beginning of an RFC 3339 time, or an age (`90m`, `12h`, `7d`).
fn moment(text: &str) -> anyhow::Result<String> {
    let wrong = || {
        format!(
            "`{}` is no time\nhint: `2026-01-31`, `2026-01-31T12:00:00Z`, `90m`, `12h` or `7d`",
            printable(text)
        )
    };
    let is_date = text.as_bytes().get(4) == Some(&b'-') && text.len() >= 7;
    if is_date && text.bytes().all(|byte| byte.is_ascii_digit() || b"-:TZ".contains(&byte)) {
        return Ok(text.to_owned());
    }
    let unit = text.chars().last().with_context(wrong)?;
    let number = text.strip_suffix(unit).and_then(|number| number.parse::<u32>().ok());
    let number = i64::from(number.with_context(wrong)?);
    let age = match unit {
        'm' => Duration::minutes(number),
        'h' => Duration::hours(number),
        'd' => Duration::days(number),
        _ => bail!(wrong()),
    };
    let since = OffsetDateTime::now_utc().replace_nanosecond(0)?.checked_sub(age);
    Ok(since.with_context(wrong)?.format(&Rfc3339)?)
}

fn as_text(line: &Line) -> String {
    let what = match line.decision {
        Outcome::Allow => "allow",
        Outcome::Warn => "warn",
        Outcome::Deny => "deny",
        Outcome::Ungoverned => "ungoverned",
        Outcome::Violation => "violation",
    };
    let mut text = format!(
        "{} {what:<5} {} {}",
        printable(&line.time),
        printable(&line.agent),
        printable(&line.tool)
    );
    if !line.rule.is_empty() {
        let _ = write!(text, " [{}]", printable(&line.rule));
    }
    for path in &line.paths {
        let _ = write!(text, " {}", printable(path));
    }
    if let Some(command) = &line.command {
        let _ = write!(text, " $ {}", clip(&printable(command), COMMAND_CHARS_MAX));
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_prefixes_or_ages() {
        assert_eq!(moment("2026-01-31").unwrap(), "2026-01-31");
        assert!(moment("12h").unwrap().ends_with('Z'));
        for wrong in ["", "yesterday", "h", "12x", "99999999999d"] {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_day_is_taken_whole() {
        let line: Line =
            serde_json::from_str(r#"{"time":"2026-01-31T23:00:00Z","decision":"deny"}"#).unwrap();
        let filter = |since: &str, until: &str| Filter {
            agent: None,
            decision: Some(Outcome::Deny),
            since: Some(since.to_owned()),
            until: Some(until.to_owned()),
        };
        assert!(filter("2026-01-31", "2026-01-31").takes(&line));
        assert!(!filter("2026-02-01", "2026-02-01").takes(&line));
        assert!(!filter("2026-01-30", "2026-01-31T22").takes(&line));
    }
}
