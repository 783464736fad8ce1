//! One run of one agent, ready to be published.
//!
//! Bounded when made, of what [`message`] left without secrets: nothing
//! downstream sees one.

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::clock::stamp;
use super::governed::Governed;
use super::message::{self, Said};
use super::value::{bounded, text};
use crate::flags;
use crate::hook::{Event, clip};
use crate::report::{self, Verdict};

/// The largest context of one run, in bytes of JSON.
const CONTEXT_BYTES_MAX: usize = 24 * 1024;
/// The largest list of one run, in bytes of JSON.
const LIST_BYTES_MAX: usize = 8 * 1024;
const BLOCKERS_MAX: usize = 8;
const BLOCKER_CHARS_MAX: usize = 300;

/// The run that an entry belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The client's session.
    pub session_id: String,
    /// The subagent's id, `main` for the main session.
    pub agent_id: String,
}

impl Run {
    /// The run of an event.
    pub fn of(event: &Event) -> Self {
        Self { session_id: event.session_id.clone(), agent_id: event.run_id().to_owned() }
    }

    /// Whether this is the main session, not a subagent.
    pub fn is_main(&self) -> bool {
        self.agent_id == "main"
    }

    /// Whether an entry of a context file belongs to this run.
    pub fn owns(&self, entry: &Value) -> bool {
        text(entry, "agent_id") == self.agent_id
            && text(entry, "session_id") == self.session_id
            && entry.get("session_id").is_some()
    }
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Its verdict passed.
    Completed,
    /// Its verdict failed; the blockers say why.
    Pending,
}

impl Status {
    /// As the files spell it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Pending => "pending",
        }
    }
}

/// What a run is known to have done, beside what it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Did {
    /// Paths that it was allowed to write.
    pub files: Vec<String>,
    /// The commit that its working tree is on.
    pub commit: Option<String>,
}

/// What one run did and decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The agent's name, as its definition has it.
    pub agent: String,
    /// Whose record this is.
    pub run: Run,
    /// When it was published, RFC 3339.
    pub timestamp: String,
    /// How it ended.
    pub status: Status,
    /// One line.
    pub summary: String,
    /// The report, or the sections of the message.
    pub context: Value,
    /// Objects or strings.
    pub decisions: Vec<Value>,
    /// What the agent says comes next.
    pub next_steps: Vec<Value>,
    /// Paths relative to the working tree.
    pub changed_files: Vec<Value>,
    /// Why it is pending, or what it says is in its way.
    pub blockers: Vec<Value>,
    /// The commit that the working tree was on.
    pub commit: Option<String>,
}

impl Record {
    /// The record of the run that a stop event ends, its verdict computed here.
    pub fn of_stop(event: &Event, of: &Governed, did: &Did, now: OffsetDateTime) -> Self {
        let verdict = report::judge(event, &of.definition, &of.project, &of.config);
        Self::of_verdict(event, &of.definition.name, &verdict, did, now)
    }

    fn of_verdict(
        event: &Event,
        agent: &str,
        verdict: &Verdict,
        did: &Did,
        now: OffsetDateTime,
    ) -> Self {
        let last = event.stop().and_then(|stop| stop.last_message.as_deref());
        let text = verdict.message.as_deref().or(last).unwrap_or_default();
        let mut said = message::read(text, verdict.report.as_ref());
        said.files = merged(&did.files, &said.files);
        let status = if verdict.passes() { Status::Completed } else { Status::Pending };
        let blockers = blockers(verdict, &said);
        let record = Self::clean(agent, Run::of(event), &stamp(now), status, &said, &blockers);
        Self { commit: did.commit.clone(), ..record }
    }

    fn clean(
        agent: &str,
        run: Run,
        timestamp: &str,
        status: Status,
        said: &Said,
        blockers: &[String],
    ) -> Self {
        let list = |all: &[Value]| match bounded(&json!(all), LIST_BYTES_MAX) {
            Value::Array(items) => items,
            _ => Vec::new(),
        };
        let lines = |all: &[String]| list(&all.iter().map(|line| json!(line)).collect::<Vec<_>>());
        Self {
            agent: agent.to_owned(),
            run,
            timestamp: timestamp.to_owned(),
            status,
            summary: said.summary.clone(),
            context: bounded(&said.context, CONTEXT_BYTES_MAX),
            decisions: list(&said.decisions),
            next_steps: lines(&said.next_steps),
            changed_files: lines(&said.files),
            blockers: lines(blockers),
            commit: None,
        }
    }

    /// The record as `agents/<agent>.json` and the history hold it.
    pub fn to_json(&self) -> Value {
        let mut json = json!({
            "agent": self.agent,
            "timestamp": self.timestamp,
            "status": self.status.word(),
            "session_id": self.run.session_id,
            "agent_id": self.run.agent_id,
            "summary": self.summary,
            "context": self.context,
            "decisions": self.decisions,
            "nextSteps": self.next_steps,
            "changed_files": self.changed_files,
        });
        self.add_optional(&mut json);
        json
    }

    /// The record as `tasks_completed` and `tasks_pending` hold it.
    pub fn to_task(&self) -> Value {
        const TASK_FILES_MAX: usize = 10;
        let files: Vec<&Value> = self.changed_files.iter().take(TASK_FILES_MAX).collect();
        let mut json = json!({
            "agent": self.agent,
            "task": self.summary,
            "timestamp": self.timestamp,
            "session_id": self.run.session_id,
            "agent_id": self.run.agent_id,
            "changed_files": files,
        });
        self.add_optional(&mut json);
        json
    }

    fn add_optional(&self, json: &mut Value) {
        let Some(fields) = json.as_object_mut() else { return };
        if self.status == Status::Pending || !self.blockers.is_empty() {
            fields.insert("blockers".to_owned(), Value::Array(self.blockers.clone()));
        }
        if let Some(commit) = &self.commit {
            fields.insert("commit".to_owned(), Value::String(commit.clone()));
        }
    }

    /// Each decision as an object that names its run.
    pub fn decision_entries(&self) -> Vec<Value> {
        const DECISIONS_MAX: usize = 12;
        let mut entries = Vec::new();
        for decision in self.decisions.iter().take(DECISIONS_MAX) {
            let mut entry = match bounded(decision, 1_000) {
                object @ Value::Object(_) => object,
                other => json!({"decision": other}),
            };
            if let Some(fields) = entry.as_object_mut() {
                fields.insert("timestamp".to_owned(), json!(self.timestamp));
                fields.insert("session_id".to_owned(), json!(self.run.session_id));
                fields.insert("agent_id".to_owned(), json!(self.run.agent_id));
            }
            entries.push(entry);
        }
        entries
    }
}

/// What was seen to be written, then what the message adds.
fn merged(seen: &[String], said: &[String]) -> Vec<String> {
    const FILES_MAX: usize = 100;
    let mut files: Vec<String> = Vec::new();
    // What was said comes without secrets already.
    let seen = seen.iter().take(FILES_MAX).map(|file| flags::redact(file));
    for file in seen.chain(said.iter().cloned()) {
        if files.len() < FILES_MAX && !files.contains(&file) {
            files.push(file);
        }
    }
    files
}

/// What failed the verdict, then what the agent itself names.
fn blockers(verdict: &Verdict, said: &Said) -> Vec<String> {
    let blocking = |finding: &&report::Finding| {
        !verdict.passes() && finding.severity == flags::Severity::Block
    };
    let found = verdict.findings.iter().filter(blocking).map(|finding| {
        let place =
            if finding.place.is_empty() { String::new() } else { format!(" ({})", finding.place) };
        format!("{}: {}{place}", finding.rule, flags::redact(&finding.message))
    });
    let own = said.blockers.iter().cloned();
    found.chain(own).take(BLOCKERS_MAX).map(|line| clip(&line, BLOCKER_CHARS_MAX)).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::context::clock::parse;

    /// The record of a passing run that says `message`.
    pub(in crate::context) fn record(agent: &str, agent_id: &str, message: &str) -> Record {
        let event = format!(
            r#"{{"hook_event_name":"SubagentStop","session_id":"s1","agent_id":"{agent_id}","last_assistant_message":{}}}"#,
            json!(message)
        );
        let now = parse("2026-11-20T12:00:00Z").unwrap();
        Record::of_verdict(
            &Event::parse(&event).unwrap(),
            agent,
            &Verdict::default(),
            &Did::default(),
            now,
        )
    }

    /// The same run, its verdict failed.
    pub(in crate::context) fn failed(agent: &str, agent_id: &str, blocker: &str) -> Record {
        let passing = record(agent, agent_id, "Half done.");
        Record { status: Status::Pending, blockers: vec![json!(blocker)], ..passing }
    }

    #[test]
    fn a_failed_verdict_is_pending_and_names_its_blockers() {
        let verdict = Verdict {
            findings: vec![report::Finding {
                rule: "report-missing".into(),
                severity: flags::Severity::Block,
                place: "$.feature".into(),
                message: "no JSON report".into(),
            }],
            ..Verdict::default()
        };
        let event = Event::parse(r#"{"hook_event_name":"SubagentStop","session_id":"s"}"#).unwrap();
        let now = parse("2026-11-20T12:00:00Z").unwrap();
        let record = Record::of_verdict(&event, "a", &verdict, &Did::default(), now);
        assert_eq!(record.status, Status::Pending);
        assert_eq!(
            record.to_task()["blockers"],
            json!(["report-missing: no JSON report ($.feature)"])
        );
        assert_eq!(record.run.agent_id, "main");
    }

    #[test]
    fn what_was_seen_to_be_written_comes_before_what_is_said() {
        let files = |list: &[&str]| list.iter().map(|file| (*file).to_owned()).collect::<Vec<_>>();
        assert_eq!(merged(&files(&["b", "b"]), &files(&["a", "b"])), ["b", "a"]);
    }

    #[test]
    fn entries_of_others_are_not_ours() {
        let run = Run { session_id: String::new(), agent_id: "main".into() };
        assert!(!run.owns(&json!({"agent_id": "main"})));
        assert!(run.owns(&json!({"agent_id": "main", "session_id": ""})));
    }
}
