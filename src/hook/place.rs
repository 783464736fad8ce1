//! The environment of the process, read once.
//!
//! Nothing else reads an environment variable or the working directory, so
//! that a decision depends on nothing that a test does not hand it.

use std::path::PathBuf;

/// Where and for whom this process runs.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// The folder that the session was started in (`CLAUDE_PROJECT_DIR`, or
    /// `FACTORY_PROJECT_DIR`). Does not follow `cd` or worktrees.
    pub project_dir: Option<PathBuf>,
    /// The user's home folder.
    pub home: Option<PathBuf>,
    /// Where the client keeps its configuration, when it is not `~/.claude`.
    pub claude_config_dir: Option<PathBuf>,
    /// The plugin that this executable belongs to, if it runs as one.
    pub plugin_root: Option<PathBuf>,
    /// The agent's name by the older hooks' convention; read last.
    pub agent_name: Option<String>,
    /// The folder for temporary files (`TMPDIR`).
    pub tmp_dir: Option<PathBuf>,
    /// The working directory of the process.
    pub cwd: Option<PathBuf>,
    /// Whether output to a terminal may be coloured (`NO_COLOR` is not set).
    pub wants_colour: bool,
    /// This executable's own file.
    pub executable: Option<PathBuf>,
}

impl Place {
    /// The place of this process.
    #[expect(clippy::disallowed_methods, reason = "the one reading of the environment")]
    pub(super) fn of_process() -> Self {
        let path = |name: &str| {
            std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
        };
        Self {
            project_dir: path("CLAUDE_PROJECT_DIR").or_else(|| path("FACTORY_PROJECT_DIR")),
            home: path("HOME"),
            claude_config_dir: path("CLAUDE_CONFIG_DIR"),
            plugin_root: path("CLAUDE_PLUGIN_ROOT"),
            agent_name: std::env::var("CLAUDE_AGENT_NAME").ok().filter(|name| !name.is_empty()),
            tmp_dir: path("TMPDIR"),
            cwd: std::env::current_dir().ok(),
            wants_colour: path("NO_COLOR").is_none(),
            executable: std::env::current_exe().ok(),
        }
    }
}
