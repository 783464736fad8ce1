//! The one decision on a tool call, for the hook, `check` and `replay` alike.
//!
//! Looks at the disk for links and present file texts; writes nothing and
//! words nothing: [`super::reason`] does.

use std::path::Path;

use super::added::{self, Addition};
use super::patch;
use super::tools::{self, Added, Effect, Language, Planned};
use crate::agent::Definition;
use crate::config::{self, Config, Mode};
use crate::flags::Severity;
use crate::hook::{Place, ToolCall};
use crate::lane::{Lane, Refusal, Target};
use crate::order;
use crate::project::Project;
use crate::shell::{self, Analysis, WriteKind};

/// How many findings one call is given; the first refuses it already.
const FINDINGS_MAX: usize = 32;

/// Everything that a decision depends on.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The call.
    pub call: &'a ToolCall,
    /// What governs it, with what the configuration adds.
    pub definition: &'a Definition,
    /// Where it happens.
    pub project: &'a Project,
    /// How strictly.
    pub config: &'a Config,
    /// The home and temporary folders.
    pub place: &'a Place,
}

/// What becomes of a call.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    /// What speaks against the call: what refuses it first, then what warns.
    pub findings: Vec<Finding>,
    /// Every file that the call is known to change.
    pub changes: Vec<Change>,
    /// Parts of a command whose effect cannot be told.
    pub unknown: Vec<String>,
    /// The command, if the call runs one.
    pub command: Option<String>,
}

/// One file that a call changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where it would land: relative to the working tree if it lies in it.
    pub path: String,
    /// How it changes.
    pub kind: WriteKind,
    /// Whether it changes on every run of the command.
    pub certain: bool,
}

/// One thing that speaks against a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// What the configuration makes of it; never off.
    pub mode: Mode,
    /// What was found.
    pub what: What,
}

/// What was found against a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A path outside the lane, and the part of the command that writes it.
    Lane(Refusal, Option<String>),
    /// A certain write to a path that cannot be told.
    Unnamed {
        /// The part of the command.
        part: String,
        /// Why not.
        why: String,
    },
    /// A command that cannot be read whole and may write.
    Unparsed(String),
    /// A writing tool whose input does not say where.
    Malformed(String),
    /// A red flag in added text.
    Flag {
        /// The file.
        path: String,
        /// 1-based line of the added text.
        line: usize,
        /// What was found and how to mend it.
        message: String,
    },
    /// Added text that a prose entry of the definition forbids.
    Concept {
        /// The file.
        path: String,
        /// 1-based line of the added text.
        line: usize,
        /// The text that was found.
        word: String,
        /// The entry as written.
        entry: String,
        /// Its 1-based line of the definition.
        entry_line: usize,
        /// The agent that the entry names as owner.
        owner: Option<String>,
    },
}

impl Decision {
    /// What refuses the call, if anything does.
    pub fn refusal(&self) -> Option<&Finding> {
        self.findings.first().filter(|finding| finding.mode == Mode::Enforce)
    }

    /// Whether the call does something that is worth a line in the ledger.
    pub fn is_notable(&self) -> bool {
        !self.findings.is_empty() || !self.changes.is_empty() || !self.unknown.is_empty()
    }
}

/// Decides on a call.
pub fn decide(case: Case<'_>) -> Decision {
    let mut judge = Judge {
        case,
        lane: Lane::new(case.definition, case.project, case.place),
        decision: Decision::default(),
    };
    match tools::effect(case.call) {
        Effect::Reads => {}
        Effect::Writes(planned) => judge.writes(&planned),
        Effect::Runs(language, command) => judge.command(language, command),
        Effect::Malformed(why) => judge.find("tool.malformed", What::Malformed(why)),
    }
    // Stable: the first of the strictest stays first.
    order::by_key(&mut judge.decision.findings, |finding| finding.mode != Mode::Enforce);
    judge.decision
}

struct Judge<'a> {
    case: Case<'a>,
    lane: Lane<'a>,
    decision: Decision,
}

impl Judge<'_> {
    fn writes(&mut self, planned: &[Planned]) {
        for change in planned {
            let target = Target { path: &change.path, kind: change.kind, subtree: false };
            self.path(target, true, None);
            // Some tools take `~` for the home folder, some for a name.
            if let (Ok(rest), Some(home)) = (change.path.strip_prefix("~"), &self.case.place.home) {
                self.path(Target { path: &home.join(rest), ..target }, true, None);
            }
            if let Some(added) = &change.added {
                self.added(&change.path, added);
            }
        }
    }

    fn command(&mut self, language: Language, command: String) {
        let setting = shell::Setting {
            cwd: &self.case.project.cwd,
            tree: &self.case.project.tree,
            home: self.case.place.home.as_deref(),
            tmp: self.case.place.tmp_dir.as_deref(),
        };
        let analysis = match language {
            Language::Posix => shell::analyse(&command, &setting),
            Language::PowerShell => shell::powershell::analyse_powershell(&command, &setting),
        };
        // Some clients give their patch tool the shell's clothes.
        if command.contains("apply_patch") && command.contains(patch::BEGIN) {
            let mut planned = Vec::new();
            patch::read(&command, &mut planned);
            self.writes(&planned);
        }
        self.decision.command = Some(command);
        self.analysis(&analysis);
    }

    fn analysis(&mut self, analysis: &Analysis) {
        for write in &analysis.writes {
            let target = Target { path: &write.path, kind: write.kind, subtree: write.subtree };
            self.path(target, write.certain, Some(&write.part));
        }
        self.through_fresh_links(&analysis.writes);
        if self.lane.is_bounded() {
            for unnamed in &analysis.unnamed {
                let (part, why) = (unnamed.part.clone(), unnamed.why.clone());
                self.find("shell.unnamed", What::Unnamed { part, why });
            }
            if let Some(unparsed) = analysis.unparsed.as_ref().filter(|unparsed| unparsed.may_write)
            {
                self.find("shell.unparsed", What::Unparsed(unparsed.why.clone()));
            }
        }
        for added in &analysis.added {
            let text = Added { before: None, after: added.text.clone() };
            self.added(added.path.as_deref().unwrap_or(Path::new("")), &text);
        }
        let unparsed = analysis.unparsed.as_ref().map(|unparsed| unparsed.why.clone());
        let unnamed = analysis.unnamed.iter().map(|unnamed| unnamed.part.clone());
        self.decision
            .unknown
            .extend(unnamed.chain(analysis.opaque.iter().cloned()).chain(unparsed));
    }

    /// A link that the command itself makes is not on the disk to be followed.
    fn through_fresh_links(&mut self, writes: &[shell::Write]) {
        let links = || writes.iter().filter(|write| write.kind == WriteKind::Link);
        for write in writes.iter().filter(|write| {
            matches!(write.kind, WriteKind::Write | WriteKind::Attributes | WriteKind::MakeFolder)
                || (write.kind == WriteKind::Delete && links().any(|link| link.path != write.path))
        }) {
            if self.lane.is_bounded() && links().any(|link| write.path.starts_with(&link.path)) {
                let why = "it goes through a link that the same command makes".to_owned();
                self.find("shell.unnamed", What::Unnamed { part: write.part.clone(), why });
            }
        }
    }

    fn path(&mut self, target: Target<'_>, certain: bool, part: Option<&str>) {
        let judged = self.lane.judge(target);
        let change = Change { path: judged.landed, kind: target.kind, certain };
        if !self.decision.changes.contains(&change) {
            self.decision.changes.push(change);
        }
        if let Some(refusal) = judged.refusal {
            self.find(refusal.why.rule(), What::Lane(refusal, part.map(str::to_owned)));
        }
    }

    fn added(&mut self, path: &Path, added: &Added) {
        let addition = Addition {
            path: path.strip_prefix(&self.case.project.tree).unwrap_or(path),
            absolute: &self.case.project.cwd.join(path),
            added,
        };
        let found = added::findings(&addition, self.case.definition, self.case.config);
        for (rule, severity, what) in found {
            let mode = match severity {
                Severity::Block => self.mode(&rule),
                Severity::Warn if self.mode(&rule) == Mode::Off => Mode::Off,
                Severity::Warn => Mode::Warn,
            };
            self.add(rule, mode, what);
        }
    }

    fn find(&mut self, rule: &str, what: What) {
        let mode = match (rule, self.mode(rule)) {
            // At the main session sits a person, who is asked.
            ("shell.unnamed" | "shell.unparsed", Mode::Enforce) if self.is_main() => Mode::Warn,
            (_, mode) => mode,
        };
        self.add(rule.to_owned(), mode, what);
    }

    fn add(&mut self, rule: String, mode: Mode, what: What) {
        let findings = &mut self.decision.findings;
        let full = findings.len() >= FINDINGS_MAX && mode != Mode::Enforce;
        if mode != Mode::Off && !full {
            findings.push(Finding { rule, mode, what });
        }
    }

    fn mode(&self, rule: &str) -> Mode {
        self.case.config.mode(rule, &self.case.definition.name)
    }

    fn is_main(&self) -> bool {
        self.case.definition.name == config::MAIN
    }
}
