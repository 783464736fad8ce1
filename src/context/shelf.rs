//! Where each context file lies, and which file name an agent has.

use std::path::{Path, PathBuf};

use crate::project::Project;

/// The context folder of a project: `.claude/context` of the main checkout,
/// also for agents that work in a linked worktree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    root: PathBuf,
}

impl Shelf {
    /// The shelf of a project.
    pub fn of(project: &Project) -> Self {
        Self { root: project.main.join(".claude/context") }
    }

    /// Sessions, decisions by agent, tasks completed and pending.
    pub fn state(&self) -> PathBuf {
        self.root.join("session/state.json")
    }

    /// The decisions in force, by agent.
    pub fn decisions(&self) -> PathBuf {
        self.root.join("knowledge/decisions/active.json")
    }

    /// The folder with one file for each agent.
    pub fn agents(&self) -> PathBuf {
        self.root.join("agents")
    }

    /// What the last run of an agent published.
    pub fn agent(&self, agent: &str) -> PathBuf {
        self.agents().join(format!("{}.json", file_stem(agent)))
    }

    /// Every publication there was, one line each; older ones beside it.
    pub fn history(&self) -> PathBuf {
        self.root.join("history/runs.jsonl")
    }

    /// The folder with one file for each pair of agents.
    pub fn handoffs(&self) -> PathBuf {
        self.root.join("handoffs")
    }

    /// The handoff from one agent to another.
    pub fn handoff(&self, from: &str, to: &str) -> PathBuf {
        self.handoffs().join(format!("{}--{}.json", file_stem(from), file_stem(to)))
    }

    /// The one file that the older hooks shared.
    pub fn older(&self) -> PathBuf {
        self.root.join("shared-context.json")
    }

    /// The path as it is shown: relative to the project.
    pub fn shown(&self, path: &Path) -> String {
        let below = path.strip_prefix(&self.root);
        below.map_or_else(
            |_| path.display().to_string(),
            |below| format!(".claude/context/{}", below.display()),
        )
    }
}

/// A file name for an agent's name: the name itself where it is a plain one,
/// else what is left of it with a hash, so that no two names share a file and
/// none leads elsewhere.
pub fn file_stem(agent: &str) -> String {
    const PLAIN_CHARS_MAX: usize = 80;
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    // Two hyphens part the names of a pair.
    let starts_well = agent.starts_with(|c: char| c.is_ascii_alphanumeric());
    if starts_well
        && agent.chars().all(is_plain)
        && agent.len() <= PLAIN_CHARS_MAX
        && !agent.contains("--")
        && !agent.ends_with('-')
    {
        return agent.to_owned();
    }
    let plain = |c: char| if is_plain(c) && c != '-' { c } else { '_' };
    let kept: String = agent.to_lowercase().chars().take(40).map(plain).collect();
    format!("{}-{:08x}", kept.trim_matches('_'), fnv1a(agent) & 0xffff_ffff)
}

/// A small stable hash; only has to tell names apart, not to resist anyone.
pub fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_are_their_own_file_names() {
        for name in ["backend-system-architect", "ba", "agent_2"] {
            assert_eq!(file_stem(name), name);
        }
    }

    #[test]
    fn other_names_stay_apart_and_inside_the_folder() {
        let names =
            ["../../etc/passwd", "B.A.", "b.a.", "a--b", "a-", "", ".", "größe", "plugin:x", "-x"];
        let mut stems: Vec<String> = names.map(file_stem).into();
        for stem in &stems {
            assert!(!stem.contains(['/', '.', ':']) && !stem.contains("--"), "{stem}");
        }
        stems.sort();
        stems.dedup();
        assert_eq!(stems.len(), names.len());
    }
}
