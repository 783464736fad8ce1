//! What reading verbs print, for the commands that read it.

use super::super::super::machine::Machine;
use super::super::super::text::{self, HOLE, NAME, Values};
use super::Git;

impl Machine<'_> {
    /// What reading verbs print, as far as paths are concerned.
    pub(super) fn git_prints(&mut self, git: &Git) -> Values {
        match git.verb.as_str() {
            "rev-parse" if git.has(&["--show-toplevel"]) => {
                vec![format!("{}\n", self.git_root(&git.state))]
            }
            "rev-parse" if git.has(&["--show-prefix"]) => {
                let root = self.git_root(&git.state);
                let dir = git.state.dirs.first().cloned().unwrap_or_default();
                let prefix =
                    dir.strip_prefix(&root).map(|rest| rest.trim_start_matches('/').to_owned());
                match prefix {
                    Some(prefix) if prefix.is_empty() => vec!["\n".to_owned()],
                    Some(prefix) => vec![format!("{prefix}/\n")],
                    None => text::unknown(),
                }
            }
            "rev-parse" if git.has(&["--abbrev-ref"]) => text::unknown(),
            "rev-parse" | "describe" | "hash-object" | "rev-list" | "write-tree" | "merge-base" => {
                vec![format!("{NAME}\n")]
            }
            "diff"
                if git.has(&["--name-only"])
                    && git.operands(&[]).iter().all(|word| word == "HEAD") =>
            {
                let names = self.git_dirty_names(&git.state);
                vec![names.iter().flat_map(|name| [name.as_str(), "\n"]).collect()]
            }
            "ls-files" | "grep"
                if git.verb == "ls-files"
                    || git.has(&["-l", "--name-only", "--files-with-matches"]) =>
            {
                let mut paths = git.operands(&["-e", "-x", "-X"]);
                if git.verb == "grep" && !paths.is_empty() {
                    paths.remove(0);
                }
                let below = format!("/{HOLE}\n");
                if paths.is_empty() || paths.iter().any(|path| path.contains(['*', '?'])) {
                    return vec![format!("{HOLE}\n")];
                }
                vec![
                    paths
                        .iter()
                        .flat_map(|path| [path.trim_end_matches('/'), below.as_str()])
                        .collect(),
                ]
            }
            _ => text::unknown(),
        }
    }
}
