//! Digests a transcript, call by call, into [`Evidence`].
use std::collections::HashMap;

use serde_json::Value;

use super::super::HANDBACK_TOOL;
use super::super::route::Route;
use super::background;
use super::code;
use super::command::{self, Exit, Part};
use super::edit::{self, Edit};
use super::outcome::{self, Outcome, Shown};
use super::request::{self, Request, View};
use super::run::{self, Run};
use super::{Edited, Evidence, Failure, Moment, Ran, Requested, answer, database, wrapper};
use crate::hook::clip;
use crate::order;
use crate::transcript::{Ending, Entry};

/// As many facts of one sort are kept; more make a gap.
const FACTS_MAX: usize = 20_000;

/// As many calls wait for their answers at once.
const PENDING_MAX: usize = 1_000;

/// As many scripts are remembered with the requests in them.
const SCRIPTS_MAX: usize = 100;

/// For the parts of one command.
const PARTS_PER_CALL: Moment = 1_000;

/// Characters of a command that are shown.
const COMMAND_CHARS: usize = 120;

/// How a run ended, and how many tests it says passed.
#[derive(Clone, Copy)]
pub(super) struct Ended {
    outcome: Outcome,
    passed: Option<u64>,
}

impl From<Outcome> for Ended {
    fn from(outcome: Outcome) -> Self {
        Self { outcome, passed: None }
    }
}

pub(super) struct Collector<'a> {
    claimed: &'a [Route],
    pub(super) evidence: Evidence,
    now: Moment,
    pending: HashMap<String, Pending>,
    /// Requests in scripts that were written, by file name.
    scripts: HashMap<String, Vec<Request>>,
    /// Runs in the background, by the name of their task.
    pub(super) background: HashMap<String, Pending>,
}

/// A call that waits for its answer.
#[derive(Clone)]
pub(super) struct Pending {
    pub(super) at: Moment,
    pub(super) call: Call,
}

#[derive(Clone)]
pub(super) enum Call {
    Shell {
        command: String,
        background: bool,
    },
    Edit {
        edit: Edit,
    },
    Fetch {
        url: String,
    },
    /// Looks at the output of a task in the background.
    Look {
        task: String,
    },
}

impl<'a> Collector<'a> {
    pub(super) fn new(claimed: &'a [Route]) -> Self {
        Self {
            claimed,
            evidence: Evidence::default(),
            now: 0,
            pending: HashMap::new(),
            scripts: HashMap::new(),
            background: HashMap::new(),
        }
    }

    /// Takes one entry in; whether its answer is wanted.
    pub(super) fn take(&mut self, entry: Entry<'_>) -> bool {
        match entry {
            Entry::Call { id, tool, input } => self.call(&id, &tool, input),
            Entry::Answer { id, text, ending } => {
                if let Some(pending) = self.pending.remove(&*id) {
                    self.answer(&pending, &text, ending);
                }
                false
            }
        }
    }

    /// Calls that were never answered, and what is left.
    pub(super) fn finish(mut self) -> Evidence {
        for pending in std::mem::take(&mut self.pending).into_values() {
            if let Call::Shell { command, .. } = &pending.call {
                for (part, at) in numbered(command::parts(command), pending.at) {
                    if let Some(run) = run::of_part(&part) {
                        self.add_run(at, run, Outcome::Unanswered.into(), command);
                    }
                }
            }
        }
        order::by_key(&mut self.evidence.runs, |run| run.at);
        self.evidence
    }

    fn call(&mut self, id: &str, tool: &str, mut input: Value) -> bool {
        self.now += PARTS_PER_CALL;
        let text =
            |key: &str| input.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let call = match tool {
            "Bash" | "Execute" | "Shell" | "PowerShell" | "Monitor" | "exec_command" => {
                Call::Shell {
                    command: text("command"),
                    background: input
                        .get("run_in_background")
                        .and_then(Value::as_bool)
                        .unwrap_or_default(),
                }
            }
            "WebFetch" | "FetchUrl" => Call::Fetch { url: text("url") },
            "Read" | "BashOutput" | "TaskOutput" => {
                let names = [text("file_path"), text("bash_id"), text("task_id")];
                match self.task_named(&names) {
                    Some(task) => Call::Look { task },
                    None => return false,
                }
            }
            HANDBACK_TOOL => {
                if let Some(Value::String(message)) = input.get_mut("message").map(Value::take) {
                    self.evidence.handback = Some(message);
                }
                return false;
            }
            _ => match edit::of_tool(tool, &input) {
                Some(edit) if matches!(tool, "Agent" | "Task") => {
                    self.add_edit(self.now, &edit);
                    return false;
                }
                Some(edit) => Call::Edit { edit },
                None => return false,
            },
        };
        if self.pending.len() >= PENDING_MAX {
            self.evidence.gap = Some("too many calls without an answer".to_owned());
            return false;
        }
        self.pending.insert(id.to_owned(), Pending { at: self.now, call });
        true
    }

    fn answer(&mut self, pending: &Pending, text: &str, ending: Ending) {
        let at = pending.at;
        match &pending.call {
            Call::Edit { edit } if ending == Ending::Normal => {
                self.remember_script(edit);
                self.add_edit(at, edit);
            }
            Call::Edit { .. } => {}
            Call::Fetch { url } => self.fetched(at, url, ending),
            Call::Look { task } => self.looked(&task.clone(), text),
            Call::Shell { background: true, .. } => {
                if let Some(task) = background::task_of(text) {
                    self.background.insert(task, pending.clone());
                }
                self.ran(pending, text, ending, true);
            }
            Call::Shell { command, .. } => {
                if let Some(task) = self.task_named(std::slice::from_ref(command)) {
                    self.looked(&task, text);
                }
                self.ran(pending, text, ending, false);
            }
        }
    }

    /// A shell command that came back with `text`.
    fn ran(&mut self, pending: &Pending, text: &str, ending: Ending, background: bool) {
        let Call::Shell { command, .. } = &pending.call else { return };
        let shown = Shown::of(text, ending);
        if shown.is_refusal() {
            return;
        }
        let mut parts = command::parts(command);
        if background {
            for part in &mut parts {
                part.exit = Exit::Background;
            }
        }
        let alone = parts.len() == 1;
        let mut requests = Vec::new();
        let mut checks = false;
        for (part, at) in numbered(parts, pending.at) {
            let run = run::of_part(&part);
            if let Some(edit) = edit::of_part(&part).filter(|_| !(alone && ending == Ending::Error))
            {
                // A formatter that reports first changes the code after that.
                self.add_edit(if run.is_some() { at + 1 } else { at }, &edit);
            }
            let made = self.requests_of(&part);
            requests.extend(made.into_iter().map(|request| (at, request, part.exit.clone())));
            if let Some(run) = run {
                checks = true;
                let ended = Ended {
                    outcome: outcome::of(&shown, &part.exit, &run.shows),
                    passed: outcome::passed_count(&shown, command.contains('|')),
                };
                self.add_run(at, run, ended, command);
            }
        }
        self.requested(requests, &shown, command);
        if checks && let Some(line) = database::failure_in(shown.output) {
            let quote = clip(line.trim(), COMMAND_CHARS);
            self.evidence.database_failures.push(Failure { at: pending.at, quote });
            self.evidence.database_failures.truncate(FACTS_MAX);
        }
    }

    /// The requests that a part makes, in scripts that it runs as well.
    fn requests_of(&self, part: &Part) -> Vec<Request> {
        let mut found = request::of_part(part);
        for word in part.words.iter().take(4) {
            if let Some(requests) = self.scripts.get(wrapper::name(word)) {
                found.extend(requests.iter().cloned());
            }
        }
        found
    }

    fn requested(
        &mut self,
        requests: Vec<(Moment, Request, Exit)>,
        shown: &Shown<'_>,
        command: &str,
    ) {
        let borrowed: Vec<(&Request, &Exit)> =
            requests.iter().map(|(_, request, exit)| (request, exit)).collect();
        let answers = answer::of(&borrowed, shown);
        for ((at, request, _), answer) in requests.into_iter().zip(answers) {
            self.add_request(at, request, answer, command);
        }
    }

    fn fetched(&mut self, at: Moment, url: &str, ending: Ending) {
        let answer = match ending {
            Ending::Normal => answer::Answer::Success,
            Ending::Error | Ending::Interrupted => answer::Answer::Refusal(0),
        };
        if let Some(route) = Route::new("GET", url) {
            let request = Request { route, host: String::new(), view: View::default() };
            self.add_request(at, request, answer, url);
        }
    }

    fn remember_script(&mut self, edit: &Edit) {
        let name = wrapper::name(&edit.what);
        let requests = code::in_script(name, &edit.text);
        if !requests.is_empty() && self.scripts.len() < SCRIPTS_MAX {
            self.scripts.insert(name.to_owned(), requests);
        }
    }

    fn add_edit(&mut self, at: Moment, edit: &Edit) {
        let routes = self.claimed.iter().enumerate();
        let routes = routes.filter(|(_, route)| route.is_named_in(&edit.text)).map(|(at, _)| at);
        let in_test = crate::flags::paths::is_test(std::path::Path::new(&edit.what));
        let edited =
            Edited { at, routes: routes.collect(), in_test, what: clip(&edit.what, COMMAND_CHARS) };
        if self.has_room(self.evidence.edits.len()) {
            self.evidence.files.insert(edit.what.clone().into());
            self.evidence.edits.push(edited);
        }
    }

    pub(super) fn add_run(&mut self, at: Moment, run: Run, ended: Ended, command: &str) {
        if self.has_room(self.evidence.runs.len()) {
            let command = clip(command.trim(), COMMAND_CHARS);
            let Ended { outcome, passed } = ended;
            self.evidence.runs.push(Ran { at, run, outcome, passed, command });
        }
    }

    fn add_request(&mut self, at: Moment, request: Request, answer: answer::Answer, command: &str) {
        if self.has_room(self.evidence.requests.len()) {
            let command = clip(command.trim(), COMMAND_CHARS);
            let Request { route, host, .. } = request;
            self.evidence.requests.push(Requested { at, route, host, answer, command });
        }
    }

    fn has_room(&mut self, count: usize) -> bool {
        if count >= FACTS_MAX {
            self.evidence.gap = Some("the run is too long to be followed whole".to_owned());
        }
        count < FACTS_MAX
    }
}

/// The parts of a call with their moments, room for an edit between two.
pub(super) fn numbered(parts: Vec<Part>, at: Moment) -> impl Iterator<Item = (Part, Moment)> {
    parts.into_iter().zip((0..PARTS_PER_CALL / 2).map(move |part| at + part * 2))
}
