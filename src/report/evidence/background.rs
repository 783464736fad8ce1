//! Commands in the background: their runs are judged when somebody reads what
//! they printed.

use super::collect::{Call, Collector, Pending, numbered};
use super::command::{self, Exit};
use super::outcome::{self, Outcome, Shown};
use super::run;
use crate::order;
use crate::transcript::Ending;

impl Collector<'_> {
    /// The output of a task in the background was read: its runs are judged by it.
    pub(super) fn looked(&mut self, task: &str, text: &str) {
        let Some(Pending { at, call: Call::Shell { command, .. } }) =
            self.background.get(task).cloned()
        else {
            return;
        };
        let shown = Shown { output: text, ending: Ending::Normal, code: None };
        for (part, moment) in numbered(command::parts(&command), at) {
            let Some(run) = run::of_part(&part) else { continue };
            let outcome = outcome::of(&shown, &Exit::Masked, &run.shows);
            if outcome != Outcome::Hidden {
                self.add_run(moment, run, outcome.into(), &command);
            }
        }
        order::by_key(&mut self.evidence.runs, |run| run.at);
    }

    /// The task in the background that one of these texts names.
    pub(super) fn task_named(&self, texts: &[String]) -> Option<String> {
        let named = |task: &&String| texts.iter().any(|text| text.contains(task.as_str()));
        self.background.keys().find(named).cloned()
    }
}

/// The name of the task that a call in the background became.
pub(super) fn task_of(text: &str) -> Option<String> {
    let rest = text.split_once("with ID: ")?.1;
    let name: String = rest
        .chars()
        .take_while(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
        .collect();
    (name.len() >= 2).then_some(name)
}
