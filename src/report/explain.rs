//! What would be checked of an agent's reports, and what would not.

use super::criteria::{self, Check};
use super::{contract, shape};
use crate::agent::Definition;
use crate::hook::printable;

/// Both lists, each line ready to be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explained {
    /// What is checked, with the line of the definition it comes from.
    pub checked: Vec<String>,
    /// What the definition asks for and nothing here can tell.
    pub not_checked: Vec<String>,
}

/// What the definition makes `output-validator` look at.
pub fn explain(definition: &Definition) -> Explained {
    let mut explained = Explained::default();
    let (asked, unread) = contract::asked_by(definition);
    for one in &asked {
        explained.checked.push(format!(
            "line {}: a JSON report{} with {}",
            one.line,
            if one.label.is_empty() {
                String::new()
            } else {
                format!(" ({})", printable(&one.label))
            },
            keys(&one.shape)
        ));
    }
    for example in unread {
        explained.not_checked.push(format!("line {}: the example names no keys", example.line));
    }
    if definition.contracts.is_empty() {
        explained
            .checked
            .push("that there is a final message (no report format is given)".to_owned());
    }
    if criteria::asks_for_requests(definition) {
        explained.checked.push("that every endpoint of the report was called and answered with success after its last change".to_owned());
    }
    explained.checked.push(
        "claims (tests pass, builds, lint, types, fixed, verified, deployed) against the runs in the transcript".to_owned(),
    );
    for item in definition.red_flags.iter().chain(&definition.success_criteria) {
        let line = format!("line {}: {}", item.line, printable(&item.text));
        match criteria::check_of(&item.text) {
            Check::Nothing => explained.not_checked.push(line),
            check => explained.checked.push(format!("{line} ({})", by(check))),
        }
    }
    explained
}

fn keys(shape: &shape::Shape) -> String {
    let keys: Vec<String> =
        shape.required_keys().iter().map(|key| format!("`{}`", printable(key))).collect();
    keys.join(", ")
}

fn by(check: Check) -> &'static str {
    match check {
        Check::Connection => "by the last request to every host",
        Check::ServerError => "by the last answer of every endpoint",
        Check::Database => "by the output of commands",
        Check::Endpoints => "by the requests in the transcript",
        Check::Run(_) => "by a run after the last change",
        Check::Text => "by the rules on added text",
        Check::Nothing => "not at all",
    }
}
