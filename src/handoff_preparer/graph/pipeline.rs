//! Agents and the handoffs between them, and what is odd about them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::cycles;
use crate::agent::{Definition, Receiver};
use crate::context::handoff::State;
use crate::hook::{clip, printable};

/// More than any project has; what is over is not drawn.
const AGENTS_MAX: usize = 1_000;

/// The pipeline of all definitions. Foreign text in it is printable.
#[derive(Clone, Debug, Default)]
pub(super) struct Pipeline {
    /// The project's folder name.
    pub(super) project: String,
    /// By name; those without a definition last.
    pub(super) agents: Vec<Agent>,
    /// Each pair once.
    pub(super) edges: Vec<Edge>,
    /// Files that could not be read, and why.
    pub(super) unreadable: Vec<(String, String)>,
    /// Agents that hand to each other in a ring, by index.
    pub(super) cycles: Vec<Vec<usize>>,
}

/// One agent.
#[derive(Clone, Debug, Default)]
pub(super) struct Agent {
    pub(super) name: String,
    /// Relative to the project where it lies in it; `None`: no definition.
    pub(super) file: Option<String>,
    pub(super) allowed: Vec<String>,
    pub(super) forbidden: Vec<String>,
    pub(super) read_only: bool,
}

/// One agent's work going to another, by index into the agents.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) reason: String,
    pub(super) declared: Declared,
    /// Where the last handoff of the pair stands.
    pub(super) state: Option<State>,
}

/// Whose definition names the pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Declared {
    /// The giver hands off to the receiver.
    Giver,
    /// Only the receiver says that it reads from the giver.
    Receiver,
    /// Neither: a message named the receiver.
    Message,
}

impl Pipeline {
    pub(super) fn of(
        definitions: Vec<(PathBuf, anyhow::Result<Definition>)>,
        handoffs: &[Value],
        root: &Path,
        now: OffsetDateTime,
    ) -> Self {
        let mut pipeline = Self {
            project: shown(&root.file_name().unwrap_or_default().to_string_lossy()),
            ..Self::default()
        };
        let mut found: BTreeMap<String, Definition> = BTreeMap::new();
        for (file, definition) in definitions {
            match definition {
                // The first of a name is the one that governs.
                Ok(definition) if found.len() < AGENTS_MAX => {
                    found.entry(definition.name.clone()).or_insert(definition);
                }
                Ok(_) => {}
                Err(error) => {
                    let why = printable(&format!("{error:#}"));
                    pipeline.unreadable.push((relative(&file, root), why));
                }
            }
        }
        let mut index = BTreeMap::new();
        for definition in found.values() {
            index.insert(definition.name.clone(), pipeline.agents.len());
            pipeline.agents.push(Agent::of(definition, root));
        }
        pipeline.add_declared(&found, &mut index);
        pipeline.add_states(handoffs, &mut index, now);
        pipeline.cycles = cycles::find(pipeline.agents.len(), &pipeline.pairs());
        pipeline
    }

    fn add_declared(
        &mut self,
        found: &BTreeMap<String, Definition>,
        index: &mut BTreeMap<String, usize>,
    ) {
        let named = |receivers: &[Receiver]| -> Vec<(String, String)> {
            let known = receivers.iter().filter(|receiver| receiver.agent != "*");
            known.map(|receiver| (receiver.agent.clone(), receiver.reason.clone())).collect()
        };
        for (name, definition) in found {
            for (to, reason) in named(&definition.handoffs.to) {
                self.add(index, (name, &to), &reason, Declared::Giver);
            }
        }
        for (name, definition) in found {
            for (from, reason) in named(&definition.handoffs.from) {
                self.add(index, (&from, name), &reason, Declared::Receiver);
            }
        }
    }

    fn add_states(
        &mut self,
        handoffs: &[Value],
        index: &mut BTreeMap<String, usize>,
        now: OffsetDateTime,
    ) {
        for handoff in handoffs {
            let text = |key: &str| handoff.get(key).and_then(Value::as_str).unwrap_or_default();
            if !text("to").is_empty() {
                self.add(index, (text("from"), text("to")), text("reason"), Declared::Message);
            }
            let pair = (index.get(text("from")).copied(), index.get(text("to")).copied());
            let state = State::of(handoff, now);
            let of_pair = |edge: &&mut Edge| (Some(edge.from), Some(edge.to)) == pair;
            if let Some(edge) = self.edges.iter_mut().find(of_pair) {
                edge.state = state;
            }
        }
    }

    fn add(
        &mut self,
        index: &mut BTreeMap<String, usize>,
        (from, to): (&str, &str),
        reason: &str,
        declared: Declared,
    ) {
        const EDGES_MAX: usize = 5_000;
        let mut of_name = |name: &str| {
            *index.entry(name.to_owned()).or_insert_with(|| {
                self.agents.push(Agent { name: shown(name), ..Agent::default() });
                self.agents.len() - 1
            })
        };
        let (from, to) = (of_name(from), of_name(to));
        let known = self.edges.iter().any(|edge| (edge.from, edge.to) == (from, to));
        if from != to && !known && self.edges.len() < EDGES_MAX {
            self.edges.push(Edge { from, to, reason: shown(reason), declared, state: None });
        }
    }

    pub(super) fn pairs(&self) -> Vec<(usize, usize)> {
        self.edges.iter().map(|edge| (edge.from, edge.to)).collect()
    }

    pub(super) fn name(&self, agent: usize) -> &str {
        self.agents.get(agent).map_or("", |agent| agent.name.as_str())
    }

    /// Names that no definition has.
    pub(super) fn unknown(&self) -> Vec<usize> {
        let agents = self.agents.iter().enumerate();
        agents.filter(|(_, agent)| agent.file.is_none()).map(|(at, _)| at).collect()
    }

    /// Agents with a definition that nobody hands to.
    pub(super) fn never_handed_to(&self) -> Vec<usize> {
        let receivers: BTreeSet<usize> = self.edges.iter().map(|edge| edge.to).collect();
        let agents = self.agents.iter().enumerate();
        let known = agents.filter(|(at, agent)| agent.file.is_some() && !receivers.contains(at));
        known.map(|(at, _)| at).collect()
    }

    /// Agents that take no part: nobody hands to them, and they to nobody.
    pub(super) fn apart(&self) -> Vec<usize> {
        let ends = self.edges.iter().flat_map(|edge| [edge.from, edge.to]);
        let ends: BTreeSet<usize> = ends.collect();
        (0..self.agents.len()).filter(|at| !ends.contains(at)).collect()
    }

    pub(super) fn to_json(&self) -> Value {
        let names = |list: &[usize]| list.iter().map(|at| self.name(*at)).collect::<Vec<_>>();
        let agents = self.agents.iter().map(|agent| {
            json!({
                "name": agent.name, "file": agent.file, "allowed": agent.allowed,
                "forbidden": agent.forbidden, "read_only": agent.read_only,
            })
        });
        let edges = self.edges.iter().map(|edge| {
            json!({
                "from": self.name(edge.from), "to": self.name(edge.to), "reason": edge.reason,
                "state": edge.state.map(State::word),
            })
        });
        json!({
            "agents": agents.collect::<Vec<_>>(),
            "handoffs": edges.collect::<Vec<_>>(),
            "unknown": names(&self.unknown()),
            "never_handed_to": names(&self.never_handed_to()),
            "cycles": self.cycles.iter().map(|ring| names(ring)).collect::<Vec<_>>(),
            "unreadable": self.unreadable.iter().map(|(file, why)| json!({"file": file, "why": why})).collect::<Vec<_>>(),
        })
    }
}

impl Agent {
    fn of(definition: &Definition, root: &Path) -> Self {
        const GLOBS_MAX: usize = 40;
        let globs = |rules: &[crate::agent::Rule]| {
            rules.iter().take(GLOBS_MAX).map(|rule| shown(&rule.glob)).collect()
        };
        Self {
            name: shown(&definition.name),
            file: Some(relative(&definition.file, root)),
            allowed: globs(&definition.boundaries.allowed),
            forbidden: globs(&definition.boundaries.forbidden),
            read_only: definition.boundaries.read_only.is_some(),
        }
    }

    /// What it may write, in a few words.
    pub(super) fn lane(&self) -> String {
        match (&self.file, self.read_only, self.allowed.as_slice(), self.forbidden.as_slice()) {
            (None, ..) => "no definition".to_owned(),
            (_, true, ..) => "writes nothing".to_owned(),
            (_, _, [], []) => "no boundaries".to_owned(),
            (_, _, [], [first, rest @ ..]) => format!("not {first}{}", more(rest)),
            (_, _, [first, rest @ ..], _) => format!("{first}{}", more(rest)),
        }
    }
}

fn more(rest: &[String]) -> String {
    if rest.is_empty() { String::new() } else { format!(" +{}", rest.len()) }
}

fn relative(path: &Path, root: &Path) -> String {
    shown(&path.strip_prefix(root).unwrap_or(path).display().to_string())
}

fn shown(foreign: &str) -> String {
    printable(&clip(foreign, 200))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A pipeline of agents that hand off to these receivers.
    pub(in crate::handoff_preparer::graph) fn pipeline(agents: &[(&str, &[&str])]) -> Pipeline {
        let definition = |(name, to): &(&str, &[&str])| {
            let file = PathBuf::from(format!("/shop/.claude/agents/{name}.md"));
            let mut definition = Definition {
                name: (*name).to_owned(),
                file: file.clone(),
                ..Definition::default()
            };
            let receiver =
                |agent: &&str| Receiver { agent: (*agent).to_owned(), ..Receiver::default() };
            definition.handoffs.to = to.iter().map(receiver).collect();
            (file, Ok(definition))
        };
        let now = crate::context::clock::parse("2026-11-20T12:00:00Z").unwrap();
        Pipeline::of(agents.iter().map(definition).collect(), &[], Path::new("/shop"), now)
    }

    #[test]
    fn tells_who_is_unknown_in_a_ring_or_never_handed_to() {
        let pipeline = pipeline(&[("a", &["b", "x"]), ("b", &["c"]), ("c", &["b"]), ("d", &[])]);
        let names = |list: Vec<usize>| {
            list.into_iter().map(|at| pipeline.name(at).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(pipeline.unknown()), ["x"]);
        assert_eq!(names(pipeline.never_handed_to()), ["a", "d"]);
        assert_eq!(names(pipeline.apart()), ["d"]);
        assert_eq!(pipeline.cycles.len(), 1);
        assert_eq!(names(pipeline.cycles[0].clone()), ["b", "c"]);
    }
}
