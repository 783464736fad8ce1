//! A decision in words: every refusal teaches.
//!
//! Rule id, the line of the definition, what would be allowed, who owns the
//! path. Everything foreign in it is made printable here.

use std::fmt::Write;
use std::path::Path;

use super::decide::{Case, Decision, Finding, What};
use super::ledger::Earlier;
use crate::config::Mode;
use crate::hook::{clip, printable};
use crate::lane::{self, Refusal, Why};

/// How many findings are told, and how many globs and owners are listed.
const FINDINGS_SHOWN: usize = 5;
const GLOBS_SHOWN: usize = 12;
const OWNERS_SHOWN: usize = 3;
const PART_CHARS_MAX: usize = 200;

/// Why a call is refused, for the agent.
pub(super) fn refusal(case: Case<'_>, decision: &Decision, earlier: Option<&Earlier>) -> String {
    let refusing = decision.findings.iter().filter(|finding| finding.mode == Mode::Enforce);
    let mut text = told(case, &refusing.collect::<Vec<_>>());
    if let Some(earlier) = earlier {
        let _ = write!(
            text,
            "\nThis write to `{}` was refused before, through {}; another tool does not change that.",
            printable(&earlier.path),
            printable(&earlier.tool)
        );
    }
    text
}

/// What is said of a call that goes through with a warning, for the user.
pub(super) fn warning(case: Case<'_>, decision: &Decision) -> String {
    let findings: Vec<&Finding> = decision.findings.iter().collect();
    format!("{} (not refused: the rule only warns): {}", agent(case), told(case, &findings))
}

fn told(case: Case<'_>, findings: &[&Finding]) -> String {
    let mut text = String::new();
    for (index, finding) in findings.iter().take(FINDINGS_SHOWN).enumerate() {
        if index > 0 {
            text.push('\n');
        }
        let _ = write!(text, "[{}] ", printable(&finding.rule));
        what(case, &finding.what, &mut text);
        if index == 0 {
            advice(case, &finding.what, &mut text);
        }
    }
    if let Some(more) = findings.len().checked_sub(FINDINGS_SHOWN).filter(|more| *more > 0) {
        let _ = write!(text, "\n… and {more} more");
    }
    text
}

fn what(case: Case<'_>, what: &What, text: &mut String) {
    let _ = match what {
        What::Lane(refusal, part) => {
            if let Some(part) = part {
                let _ = write!(text, "`{}`: ", clip(&printable(part), PART_CHARS_MAX));
            }
            lane(case, refusal, text);
            Ok(())
        }
        What::Unnamed { part, why } => write!(
            text,
            "`{}` writes to a path that cannot be told: {}.",
            clip(&printable(part), PART_CHARS_MAX),
            printable(why)
        ),
        What::Unparsed(why) => {
            write!(text, "the command cannot be read whole ({}) and may write.", printable(why))
        }
        What::Malformed(why) => write!(text, "{}.", printable(why)),
        What::Flag { path, line, message } => {
            write!(text, "{}, line {line} of what is added: {}", quoted(path), printable(message))
        }
        What::Concept { path, line, word, entry, entry_line, owner } => {
            let _ = write!(
                text,
                "{}, line {line} of what is added, has `{}`: {} forbids {}.",
                quoted(path),
                printable(word),
                at_line(case, *entry_line),
                quoted(entry)
            );
            match owner {
                Some(owner) => write!(text, " Hand it off to {}.", printable(owner)),
                None => Ok(()),
            }
        }
    };
}

fn lane(case: Case<'_>, refusal: &Refusal, text: &mut String) {
    let path = quoted(&refusal.path);
    let _ = match &refusal.spelled {
        Some(spelled) => write!(text, "{} leads to {path}, which ", quoted(spelled)),
        None => write!(text, "{path} "),
    };
    let who = agent(case);
    let at = source(case, refusal);
    let entry = refusal.entry.as_ref().map(|entry| quoted(&entry.text)).unwrap_or_default();
    let _ = match &refusal.why {
        Why::Forbidden => write!(text, "is forbidden to {who}: {at} forbids {entry}."),
        Why::Holds => write!(text, "holds what is forbidden to {who}: {at} forbids {entry}."),
        Why::NotAllowed => write!(text, "is outside the boundaries of {who} ({at})."),
        Why::ReadOnly => write!(
            text,
            "may not be changed: {who} is read-only ({at}: {}). Temporary files go to `/tmp`.",
            printable(refusal.entry.as_ref().map_or("", |entry| &entry.text))
        ),
        Why::Protected(what) => write!(
            text,
            "is protected ({what}): an agent writes it only if its boundaries name it."
        ),
        Why::OtherTree => write!(
            text,
            "lies in another working tree of this project; {who} works in `{}`.",
            printable(&case.project.tree.to_string_lossy())
        ),
        Why::Home => write!(text, "lies in the home folder, outside the project."),
        Why::Elsewhere => write!(text, "lies outside the project."),
        Why::Unresolved(why) => write!(text, "cannot be followed: {}.", printable(why)),
    };
}

/// What would be allowed, who owns the path, how to say it plainly.
fn advice(case: Case<'_>, what: &What, text: &mut String) {
    match what {
        What::Lane(refusal, _) => {
            if matches!(refusal.why, Why::Unresolved(_)) {
                return;
            }
            allowed(case, text);
            if matches!(refusal.why, Why::Forbidden | Why::NotAllowed | Why::ReadOnly | Why::Holds)
            {
                ownership(case, refusal, text);
            }
        }
        What::Unnamed { .. } => {
            allowed(case, text);
            text.push_str(
                " Write the path literally, one command per call, or use the Write and Edit tools.",
            );
        }
        What::Unparsed(_) => {
            text.push_str(" Split it into shorter, plain commands with literal paths.");
        }
        What::Malformed(_) | What::Flag { .. } | What::Concept { .. } => {}
    }
}

fn allowed(case: Case<'_>, text: &mut String) {
    let boundaries = &case.definition.boundaries;
    if boundaries.read_only.is_some() || boundaries.allowed.is_empty() {
        return;
    }
    let globs = boundaries.allowed.iter().map(|rule| quoted(&rule.glob));
    let _ = write!(text, " Allowed: {}", globs.take(GLOBS_SHOWN).collect::<Vec<_>>().join(", "));
    match boundaries.allowed.len().checked_sub(GLOBS_SHOWN).filter(|more| *more > 0) {
        Some(more) => {
            let _ = write!(text, " and {more} more.");
        }
        None => text.push('.'),
    }
}

fn ownership(case: Case<'_>, refusal: &Refusal, text: &mut String) {
    let name = &case.definition.name;
    let mut owners = lane::owners(Path::new(&refusal.path), name, case.project, case.place);
    if let Some(named) = &refusal.owner {
        owners.retain(|owner| owner != named);
        owners.insert(0, named.clone());
    }
    let Some((first, others)) = owners.split_first() else {
        return;
    };
    let path = quoted(&refusal.path);
    if others.is_empty() {
        let _ = write!(text, " {path} belongs to {}; hand it off.", printable(first));
        return;
    }
    let shown: Vec<String> = owners.iter().take(OWNERS_SHOWN).map(|name| printable(name)).collect();
    let more = match owners.len().checked_sub(OWNERS_SHOWN).filter(|more| *more > 0) {
        Some(more) => format!(" and {more} more"),
        None => String::new(),
    };
    let _ =
        write!(text, " {path} belongs to {}{more}; hand it off to one of them.", shown.join(", "));
}

/// `file:line` of the entry that decides.
fn source(case: Case<'_>, refusal: &Refusal) -> String {
    at_line(case, refusal.entry.as_ref().map_or(0, |entry| entry.line))
}

fn at_line(case: Case<'_>, line: usize) -> String {
    if line == 0 {
        return "`.claude/lanekeeper.json`".to_owned();
    }
    let file = &case.definition.file;
    let file = file.strip_prefix(&case.project.root).unwrap_or(file);
    format!("`{}:{line}`", printable(&file.to_string_lossy()))
}

fn agent(case: Case<'_>) -> String {
    printable(&case.definition.name)
}

fn quoted(text: &str) -> String {
    format!("`{}`", printable(text))
}
