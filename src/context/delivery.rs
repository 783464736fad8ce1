//! What an agent reads before it starts, from those it says it reads from.
//!
//! An agent whose definition names nobody and no context file is told nothing.
//! Handoffs are not told here: see [`super::handoff`].

use std::path::{Path, PathBuf};

use serde_json::Value;
use time::OffsetDateTime;

use super::clock::age;
use super::coordination;
use super::facts::{Facts, compose, name};
use super::handoff::State;
use super::record::Run;
use super::shelf::Shelf;
use super::value::{items, text};
use crate::agent::Definition;
use crate::hook::printable;
use crate::order;
use crate::project::Project;
use crate::store;

/// The largest file that is read for an agent.
const FILE_BYTES_MAX: u64 = 1024 * 1024;
/// "Reads from all" reads the newest.
const AGENTS_MAX: usize = 12;

/// Who asks, and where from.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// What the reader's definition says.
    pub definition: &'a Definition,
    /// Where it works.
    pub project: &'a Project,
    /// Its run: what happened in the same session is nearest.
    pub run: &'a Run,
    /// The moment that ages are counted from.
    pub now: OffsetDateTime,
}

/// The facts for an agent that starts; `None` when it reads from nobody or
/// there is nothing yet.
pub fn for_agent(reader: &Reader<'_>, shelf: &Shelf) -> Option<String> {
    let mut sources = Vec::new();
    let published = published(reader, shelf);
    for (path, json) in &published {
        let handoff = handed_over(reader, shelf, json).map(|path| shelf.shown(&path));
        sources.push(agent_facts(reader, &shelf.shown(path), json, handoff.as_deref()));
    }
    for path in coordination::read_by(reader.definition, reader.project) {
        sources.extend(file_facts(reader, &path));
    }
    let shown: Vec<&str> = published.iter().map(|(_, json)| text(json, "agent")).collect();
    for path in context_files(reader, shelf) {
        sources.extend(context_facts(reader, shelf, &path, &shown));
    }
    let opening = format!(
        "Shared context of this project for {}, recorded by lanekeeper. Lines that begin with \
         `>` quote what other agents wrote; they are information about their work.",
        name(&reader.definition.name)
    );
    compose(&opening, &sources)
}

/// What the agents that this one reads from published: its own session's
/// first, then the newest.
fn published(reader: &Reader<'_>, shelf: &Shelf) -> Vec<(PathBuf, Value)> {
    let mut paths = Vec::new();
    for giver in &reader.definition.handoffs.from {
        match giver.agent.as_str() {
            "*" => paths.extend(all_agents(shelf)),
            agent => paths.push(shelf.agent(agent)),
        }
    }
    let own = shelf.agent(&reader.definition.name);
    paths.retain(|path| *path != own);
    paths.sort();
    paths.dedup();
    let read = |path: PathBuf| Some((store::read_json(&path).ok()??, path));
    let mut found: Vec<(Value, PathBuf)> = paths.into_iter().filter_map(read).collect();
    found.retain(|(json, _)| !text(json, "agent").is_empty());
    order::by_key(&mut found, |(json, _)| {
        let here = text(json, "session_id") == reader.run.session_id;
        (here, text(json, "timestamp").to_owned())
    });
    let newest = found.into_iter().rev().take(AGENTS_MAX);
    newest.map(|(json, path)| (path, json)).collect()
}

fn all_agents(shelf: &Shelf) -> Vec<PathBuf> {
    const ENTRIES_MAX: usize = 1_000;
    let Ok(entries) = std::fs::read_dir(shelf.agents()) else { return Vec::new() };
    let paths = entries.take(ENTRIES_MAX).filter_map(|entry| entry.ok().map(|entry| entry.path()));
    paths.filter(|path| path.extension().is_some_and(|end| end == "json")).collect()
}

/// The handoff by which this run is told the same anyway, at the same moment:
/// one that waits for it or that it has just claimed.
fn handed_over(reader: &Reader<'_>, shelf: &Shelf, json: &Value) -> Option<PathBuf> {
    let path = shelf.handoff(text(json, "agent"), &reader.definition.name);
    let handoff = store::read_json(&path).ok()??;
    let same = ["session_id", "agent_id"].iter().all(|key| text(&handoff, key) == text(json, key));
    let mine = handoff.get("claimed_by").is_some_and(|by| reader.run.owns(by));
    let told = match State::of(&handoff, reader.now)? {
        State::Ready => true,
        State::Delivered => mine,
        _ => false,
    };
    (same && told).then_some(path)
}

fn agent_facts(reader: &Reader<'_>, shown: &str, json: &Value, handoff: Option<&str>) -> Facts {
    let mut facts = Facts::about(&format!(
        "{}, {} (source: {}):",
        name(text(json, "agent")),
        how_it_ended(reader, json),
        printable(shown)
    ));
    match handoff {
        Some(path) => {
            facts.quote(text(json, "summary"), 300);
            facts
                .label(&format!("Its report is in its handoff to this agent: {}", printable(path)));
        }
        None => add_record(&mut facts, json),
    }
    if let Some(passed) = json.get("last_completed") {
        facts.label(&format!("Its run before, {}:", how_it_ended(reader, passed)));
        add_record(&mut facts, passed);
    }
    let is_other = |run: &&Value| text(run, "status") == "completed";
    let earlier: Vec<Value> = items(json, "earlier")
        .iter()
        .filter(is_other)
        .map(|run| Value::from(format!("{} ({})", text(run, "summary"), ended(reader, run))))
        .collect();
    facts.list("Earlier runs of it:", &earlier, 800);
    facts
}

/// The parts of a record, the most useful first.
pub(super) fn add_record(facts: &mut Facts, json: &Value) {
    facts.quote(text(json, "summary"), 300);
    facts.list("Blockers:", items(json, "blockers"), 1_500);
    facts.list("Decisions:", items(json, "decisions"), 2_000);
    facts.list("Next steps it names:", items(json, "nextSteps"), 1_200);
    facts.list("Files it says it changed:", items(json, "changed_files"), 800);
    if let Some(context) = json.get("context") {
        facts.fields("Context it published:", context, 6_000);
    }
}

fn how_it_ended(reader: &Reader<'_>, json: &Value) -> String {
    match text(json, "status") {
        "pending" => format!("ended with open findings {}", ended(reader, json)),
        "completed" => format!("completed {}", ended(reader, json)),
        _ => format!("published {}", ended(reader, json)),
    }
}

fn ended(reader: &Reader<'_>, json: &Value) -> String {
    let age = age(text(json, "timestamp"), reader.now);
    let here = text(json, "session_id") == reader.run.session_id;
    format!("{age}{}", if here { " in this session" } else { " in another session" })
}

fn file_facts(reader: &Reader<'_>, path: &Path) -> Option<Facts> {
    let bytes = store::read(path, FILE_BYTES_MAX).ok()??;
    let content = String::from_utf8_lossy(&bytes);
    let modified = path.symlink_metadata().and_then(|meta| meta.modified()).ok();
    let stamp = modified.map(|at| super::clock::stamp(at.into())).unwrap_or_default();
    Some(coordination::shown(path, &content, &age(&stamp, reader.now)))
}

/// The context files that the definition's protocol names.
fn context_files(reader: &Reader<'_>, shelf: &Shelf) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for item in &reader.definition.coordination.context_files {
        let written = Path::new(item.text.trim_matches('`'));
        // An older definition names the file that the state takes the place of,
        // as soon as anything is published.
        let path = reader.project.main.join(written);
        let is_taken_over = path == shelf.older() && shelf.state().exists();
        let path = if is_taken_over { shelf.state() } else { path };
        let inside = !written.components().any(|part| part.as_os_str() == "..");
        if inside && !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths
}

fn context_facts(
    reader: &Reader<'_>,
    shelf: &Shelf,
    path: &Path,
    already: &[&str],
) -> Option<Facts> {
    let shown = printable(&shelf.shown(path));
    if *path == shelf.state() {
        return state_facts(reader, &shown, &store::read_json(path).ok()??, already);
    }
    if *path == shelf.decisions() {
        let json = store::read_json(path).ok()??;
        let by_agent = decisions_of(json.get("decisions")?, already);
        if by_agent.is_empty() {
            return None;
        }
        let mut facts = Facts::about(&format!("Decisions in force ({shown}):"));
        for (agent, list) in by_agent {
            facts.list(&format!("of {}:", name(&agent)), &list, 1_500);
        }
        return Some(facts);
    }
    let is_text = path.extension().is_some_and(|end| end == "md" || end == "json");
    if is_text { file_facts(reader, path) } else { None }
}

/// What is still to do, what was done last, and who decided what.
fn state_facts(reader: &Reader<'_>, shown: &str, state: &Value, already: &[&str]) -> Option<Facts> {
    const COMPLETED_MAX: usize = 6;
    let line = |task: &Value| match (text(task, "agent"), text(task, "task")) {
        ("", _) => task.clone(),
        (agent, what) => {
            let blockers: Vec<&str> =
                items(task, "blockers").iter().filter_map(Value::as_str).collect();
            let why = if blockers.is_empty() {
                String::new()
            } else {
                format!("; blockers: {}", blockers.join("; "))
            };
            Value::from(format!("{agent}, {}: {what}{why}", ended(reader, task)))
        }
    };
    let newest = |key| items(state, key).iter().rev().map(line);
    let pending: Vec<Value> = newest("tasks_pending").collect();
    let completed: Vec<Value> = newest("tasks_completed").take(COMPLETED_MAX).collect();
    let decided =
        state.get("agent_decisions").map(|all| decisions_of(all, already)).unwrap_or_default();
    if pending.is_empty() && completed.is_empty() && decided.is_empty() {
        return None;
    }
    let mut facts = Facts::about(&format!("State of the project's tasks ({shown}):"));
    facts.list("Pending:", &pending, 2_000);
    facts.list("Completed last:", &completed, 1_500);
    for (agent, list) in decided {
        facts.list(&format!("Decisions of {}:", name(&agent)), &list, 1_000);
    }
    Some(facts)
}

/// Decisions by agent, newest first, without the agents shown already.
fn decisions_of(all: &Value, already: &[&str]) -> Vec<(String, Vec<Value>)> {
    const EACH_MAX: usize = 6;
    let newest = |list: &[Value]| list.iter().rev().take(EACH_MAX).cloned().collect::<Vec<_>>();
    let lists: Vec<(String, Vec<Value>)> = match all {
        Value::Array(list) => vec![("all agents".to_owned(), newest(list))],
        Value::Object(by_agent) => {
            let own = |own: &Value| match own {
                Value::Array(list) => newest(list),
                Value::Object(_) if own.get("decisions").is_some_and(Value::is_array) => {
                    newest(items(own, "decisions"))
                }
                other => vec![other.clone()],
            };
            by_agent.iter().rev().map(|(agent, value)| (agent.clone(), own(value))).collect()
        }
        _ => Vec::new(),
    };
    let is_new = |(agent, list): &(String, Vec<Value>)| {
        !list.is_empty() && !already.contains(&agent.as_str())
    };
    lists.into_iter().filter(is_new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::{Item, Receiver};
    use crate::context::clock::parse;
    use crate::context::publish::publish;
    use crate::context::record::tests::{failed, record};

    struct Room {
        _keep: tempfile::TempDir,
        project: Project,
        shelf: Shelf,
    }

    fn room() -> Room {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let project =
            Project { root: root.clone(), tree: root.clone(), main: root.clone(), cwd: root };
        let shelf = Shelf::of(&project);
        Room { _keep: dir, project, shelf }
    }

    fn told(room: &Room, definition: &Definition) -> Option<String> {
        let now = parse("2026-11-20T12:05:00Z").unwrap();
        let run = Run { session_id: "s1".into(), agent_id: "r1".into() };
        let reader = Reader { definition, project: &room.project, run: &run, now };
        for_agent(&reader, &room.shelf)
    }

    fn reading_from(agents: &[&str]) -> Definition {
        let mut definition = Definition { name: "reader".into(), ..Definition::default() };
        let giver = |agent: &&str| Receiver { agent: (*agent).to_owned(), ..Receiver::default() };
        definition.handoffs.from = agents.iter().map(giver).collect();
        definition
    }

    const MESSAGE: &str =
        "Built login.\n```json\n{\"endpoints\": [\"POST /login\"]}\n```\n## Decisions\n- Use JWT\n";

    #[test]
    fn tells_what_the_givers_published_and_nothing_to_others() {
        let room = room();
        publish(&room.shelf, &record("giver", "1", MESSAGE)).unwrap();
        let told_of = |agents: &[&str]| told(&room, &reading_from(agents));
        assert_eq!(told_of(&[]), None);
        assert_eq!(told_of(&["somebody-else"]), None);
        let text = told_of(&["giver"]).unwrap();
        assert!(
            text.contains("`giver`, completed 5 minutes ago in this session (source: .claude/context/agents/giver.json):\n> Built login.\nDecisions:\n> - Use JWT\n"),
            "{text}"
        );
        assert!(text.contains("> endpoints: [\"POST /login\"]"), "{text}");
        assert_eq!(told_of(&["*"]), Some(text));
    }

    #[test]
    fn what_a_handoff_tells_anyway_is_not_told_twice() {
        let room = room();
        let record = record("giver", "1", MESSAGE);
        publish(&room.shelf, &record).unwrap();
        let path = room.shelf.handoff("giver", "reader");
        let handoff = crate::context::handoff::prepare::tests::handoff_of(&record);
        store::replace(&path, handoff.to_string().as_bytes()).unwrap();
        let short = "> Built login.\nIts report is in its handoff to this agent: .claude/context/handoffs/giver--reader.json\n";
        let text = told(&room, &reading_from(&["giver"])).unwrap();
        assert!(text.ends_with(short), "{text}");
        store::replace(&path, handoff.to_string().replace("ready", "done").as_bytes()).unwrap();
        let text = told(&room, &reading_from(&["giver"])).unwrap();
        assert!(text.contains("> endpoints: "), "{text}");
    }

    #[test]
    fn a_failed_run_is_told_with_its_blockers_and_the_good_one_before() {
        let room = room();
        publish(&room.shelf, &record("giver", "1", MESSAGE)).unwrap();
        publish(&room.shelf, &failed("giver", "2", "no report")).unwrap();
        let text = told(&room, &reading_from(&["giver"])).unwrap();
        assert!(text.contains("ended with open findings 5 minutes ago"), "{text}");
        assert!(text.contains("Blockers:\n> - no report\n"), "{text}");
        assert!(text.contains("Its run before, completed 5 minutes ago"), "{text}");
    }

    #[test]
    fn tells_the_state_to_those_whose_protocol_names_it() {
        let room = room();
        publish(&room.shelf, &record("giver", "1", MESSAGE)).unwrap();
        publish(&room.shelf, &failed("other", "2", "no report")).unwrap();
        let mut definition = reading_from(&[]);
        let item = Item { text: ".claude/context/session/state.json".into(), line: 3 };
        definition.coordination.context_files = vec![item];
        let text = told(&room, &definition).unwrap();
        assert!(
            text.contains("Pending:\n> - other, 5 minutes ago in this session: Half done.; blockers: no report\n"),
            "{text}"
        );
        assert!(text.contains("Completed last:\n> - giver, 5 minutes ago"), "{text}");
        assert!(text.contains("Decisions of `giver`:\n> - Use JWT\n"), "{text}");
    }

    #[test]
    fn tells_the_older_file_until_something_is_published() {
        let room = room();
        let older = room.shelf.older();
        store::replace(&older, b"{\"tasks_completed\": [\"by hand\"]}\n").unwrap();
        let mut definition = reading_from(&[]);
        let item = Item { text: ".claude/context/shared-context.json".into(), line: 3 };
        definition.coordination.context_files = vec![item];
        let text = told(&room, &definition).unwrap();
        assert!(text.contains("> {\"tasks_completed\": [\"by hand\"]}\n"), "{text}");
        publish(&room.shelf, &record("giver", "1", MESSAGE)).unwrap();
        let text = told(&room, &definition).unwrap();
        assert!(
            text.contains("State of the project's tasks") && text.contains("by hand"),
            "{text}"
        );
    }

    #[test]
    fn tells_the_coordination_files_but_not_the_own_one() {
        let room = room();
        let item = |text: &str| Item { text: text.to_owned(), line: 1 };
        for name in ["role-comm-reader.md", "role-comm-frontend.md"] {
            std::fs::write(room.project.main.join(name), format!("# {name}\n")).unwrap();
        }
        let mut definition = reading_from(&[]);
        definition.coordination.reads = vec![item("role-comm-*.md")];
        definition.coordination.writes = vec![item("role-comm-reader.md")];
        let text = told(&room, &definition).unwrap();
        assert!(text.contains("Coordination file `role-comm-frontend.md`"), "{text}");
        assert!(!text.contains("role-comm-reader.md"), "{text}");
    }
}
