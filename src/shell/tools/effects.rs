//! What foreign code was found to do, applied to this machine.

use super::super::machine::Machine;
use super::super::run::Io;
use super::super::scripts::{Rest, Run, ScriptDir, ScriptEffects, UNKNOWN_WORD};
use super::super::state::State;
use super::super::target;
use super::super::text::{self, HOLE};

impl Machine<'_> {
    /// Records what a piece of code writes and follows the commands that it runs.
    pub(in crate::shell) fn effects(&mut self, effects: ScriptEffects, state: &State) {
        for write in effects.writes {
            let mut path = write.path;
            if write.rest == Rest::Unknown {
                path.push(HOLE);
            }
            if let Some(name) =
                write.into.filter(|_| path.ends_with('/') || self.is_folder(state, &path))
            {
                path = format!("{}/{name}", path.trim_end_matches('/'));
            }
            if write.subtree {
                self.write_tree(state, &path, write.kind);
            } else {
                self.write(state, &path, write.kind);
            }
        }
        for call in effects.unnamed {
            self.unnamed(format!("`{call}` writes to a path that is only known when it runs"));
        }
        if effects.opaque {
            self.opaque();
        }
        for command in effects.commands {
            if !self.step() {
                return;
            }
            let mut own = state.clone();
            match command.dir {
                ScriptDir::Same => {}
                ScriptDir::At(dir) => {
                    let dirs = own.dirs.iter().map(|from| target::absolute(from, &dir)).collect();
                    own.enter(dirs);
                }
                ScriptDir::Unknown => own.enter(text::unknown()),
            }
            match command.run {
                Run::Shell(code) => drop(self.text(&code, own, &Io::default())),
                Run::Argv(words) => {
                    let hole = HOLE.to_string();
                    let words =
                        words.iter().map(|word| word.replace(UNKNOWN_WORD, &hole)).collect();
                    drop(self.run_words(words, &own, None));
                }
            }
        }
    }
}
