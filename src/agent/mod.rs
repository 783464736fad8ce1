//! An agent definition file, read as the policy that its author meant.
//!
//! Reading is pure: text in, [`Definition`] out. What to do about it is
//! [`crate::lane`]'s, [`crate::report`]'s and [`crate::context`]'s affair.

mod boundaries;
mod concepts;
mod contracts;
mod coordination;
mod dictionary;
mod entries;
mod find;
mod folders;
mod frontmatter;
mod globs;
mod handoffs;
mod hooks;
mod inline;
mod items;
mod label;
mod lexicon;
mod limits;
mod marks;
mod names;
mod outline;
mod qualifiers;
mod read;
mod read_only;
mod sentences;
mod tokens;
mod tools;
mod trim;
mod words;
mod yaml;

use std::path::PathBuf;

pub use find::{all, find, load, of_event};

/// Agents that come with the client: they have no definition file, and their
/// prompts are the client's own, not a policy that anybody wrote for this project.
pub const BUILT_IN: [&str; 7] = [
    "general-purpose",
    "Explore",
    "Plan",
    "fork",
    "claude",
    "claude-code-guide",
    "statusline-setup",
];

/// Everything that one definition file says, each part with its line (1-based).
#[derive(Clone, Debug, Default)]
pub struct Definition {
    /// The frontmatter's `name`, else the file stem.
    pub name: String,
    /// Where it was read.
    pub file: PathBuf,
    /// What it may use.
    pub tools: Tools,
    /// Which files it may touch.
    pub boundaries: Boundaries,
    /// "TypeScript only, no JavaScript" and the like.
    pub technology: Vec<Item>,
    /// Files that the definition tells the agent to read or write.
    pub coordination: Coordination,
    /// JSON examples under Output Format or Required Outputs.
    pub contracts: Vec<Contract>,
    /// Under "Red Flags …".
    pub red_flags: Vec<Item>,
    /// Under "Success Criteria", checkpoints and the like.
    pub success_criteria: Vec<Item>,
    /// Whom it hands off to and receives from.
    pub handoffs: Handoffs,
    /// What will not work as written, or could not be read.
    pub warnings: Vec<Item>,
    /// The whole text, for what only one reader looks for.
    pub text: String,
}

/// One line of a definition: a rule, a criterion, a warning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// As written, without its list marker.
    pub text: String,
    /// 1-based line of the file.
    pub line: usize,
}

/// The tools of an agent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Tools {
    /// No `tools:` key: everything.
    #[default]
    All,
    /// Everything without what `disallowedTools` takes away.
    AllBut(Vec<String>),
    /// Those named, without what `disallowedTools` takes away.
    Only(Vec<String>),
}

/// Which files an agent may write.
#[derive(Clone, Debug, Default)]
pub struct Boundaries {
    /// Globs that may be written.
    pub allowed: Vec<Rule>,
    /// Globs that may not.
    pub forbidden: Vec<Rule>,
    /// Whether the allow-list shuts out everything else.
    pub containment: Containment,
    /// Why and where (line) the agent may write no project file at all.
    pub read_only: Option<Item>,
    /// Prose entries that the dictionary of concepts gives a meaning.
    pub concepts: Vec<Concept>,
    /// Entries that are no globs: shown, not enforced as paths.
    pub advisory: Vec<Item>,
}

/// A prose entry ("CI/CD", "direct LLM calls") with what it means in files.
///
/// On the forbidden side it refuses a path that one of `globs` matches and none
/// of `except`, and added text in code files that holds one of `content`. It is
/// narrower than a folder that is allowed around it, and yields to an allowed
/// glob that names the same thing (`.github/workflows/**` beside "CI/CD").
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Concept {
    /// Its name in `hooks/concepts.json`.
    pub id: &'static str,
    /// The entry as written.
    pub text: String,
    /// 1-based line of the definition.
    pub line: usize,
    /// Which list the entry stands in.
    pub side: Side,
    /// The agent that the entry names as owner.
    pub owner: Option<String>,
    /// The paths that it means.
    pub globs: Vec<&'static str>,
    /// Paths that it does not mean although a glob of it matches.
    pub except: Vec<&'static str>,
    /// Text that it means, wherever it is added to code.
    pub content: Vec<&'static str>,
}

/// The list of the boundaries that an entry stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// What may be written.
    Allowed,
    /// What may not.
    #[default]
    Forbidden,
}

/// One glob of a boundary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// Relative to the working tree; a folder is `dir/**`. Else as written:
    /// a leading `./`, placeholders (`{app}`, `<ROOT>`) and Next.js segments
    /// (`[id]`) are for whoever matches it to read.
    pub glob: String,
    /// 1-based line of the definition.
    pub line: usize,
    /// Globs carved out of this one (`.env*` except `.env.example`).
    pub except: Vec<String>,
    /// The agent that the entry names as owner.
    pub owner: Option<String>,
    /// "All other …": yields to any more specific rule.
    pub residual: bool,
}

/// Whether an allow-list is exhaustive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Containment {
    /// Nothing outside `allowed` may be written.
    Closed,
    /// What is not forbidden may be written.
    #[default]
    Open,
}

/// Files by which agents talk to each other.
#[derive(Clone, Debug, Default)]
pub struct Coordination {
    /// Globs to read before starting.
    pub reads: Vec<Item>,
    /// Files that the definition tells the agent to write; implicitly allowed.
    pub writes: Vec<Item>,
    /// Paths of the context protocol (`.claude/context/…`).
    pub context_files: Vec<Item>,
}

/// A JSON example that the report must have the shape of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contract {
    /// The bold label or heading above it ("API Contracts").
    pub label: String,
    /// The fenced text, not parsed.
    pub example: String,
    /// 1-based line of its first line.
    pub line: usize,
}

/// The agent's place in the pipeline.
#[derive(Clone, Debug, Default)]
pub struct Handoffs {
    /// Agents that receive this one's work.
    pub to: Vec<Receiver>,
    /// Agents whose work this one reads (`reads_from`, Receives from).
    pub from: Vec<Receiver>,
    /// Receivers and givers that are no agent names ("Product requirements").
    pub prose: Vec<Item>,
    /// "(that's x)": what this agent leaves to whom.
    pub delegates: Vec<Receiver>,
}

/// One end of a handoff.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receiver {
    /// The agent's name; `*` for every agent.
    pub agent: String,
    /// "(API contracts)", or the **When** of its trigger.
    pub reason: String,
    /// The items under **Context Provided**.
    pub wants: Vec<String>,
    /// 1-based line of the definition.
    pub line: usize,
}
