//! The shell's own commands.

mod directory;
mod evaluate;
mod print;
mod variables;

use super::machine::{Call, Machine, Outcome};
use super::text;

/// How a command is followed.
pub(super) type Follow = fn(&mut Machine<'_>, Call) -> Outcome;

/// The builtin of that name.
pub(super) fn find(name: &str) -> Option<Follow> {
    Some(match name {
        ":" | "true" => |_, call| Outcome::sure(call.state),
        "false" => |_, call| Outcome::failure(call.state),
        "[" | "test" => |machine, call| {
            let words = call.words;
            machine.test(&words, call.state)
        },
        "cd" | "chdir" => directory::cd,
        "pushd" => directory::pushd,
        "popd" => directory::popd,
        "dirs" => directory::dirs,
        "pwd" => |_, call| {
            let out = call.state.dirs.iter().map(|dir| format!("{dir}\n")).collect();
            Outcome::sure(call.state).printing(out)
        },
        "exit" | "logout" => |_, _| Outcome::gone(),
        "return" | "break" | "continue" => |machine, call| {
            machine.jumps.push(call.state);
            Outcome::gone()
        },
        "echo" => print::echo,
        "printf" => print::printf,
        "eval" => evaluate::eval,
        "source" | "." => evaluate::source,
        "exec" => evaluate::exec,
        "command" => evaluate::command,
        "builtin" => |machine, call| machine.program(call.without(1)),
        "trap" => evaluate::trap,
        "alias" => evaluate::alias,
        "unalias" => |_, call| Outcome::silent(call.state),
        "set" => variables::set,
        "shopt" => variables::shopt,
        "shift" => variables::shift,
        "unset" => variables::unset,
        "export" | "declare" | "typeset" | "local" | "readonly" => variables::declare,
        "read" => variables::read,
        "mapfile" | "readarray" => variables::mapfile,
        "let" => variables::let_,
        "compgen" | "complete" => evaluate::complete,
        "wait" | "jobs" | "umask" | "getopts" | "type" | "ulimit" | "kill" | "times" | "help"
        | "disown" | "bg" | "fg" | "caller" | "suspend" | "compopt" => {
            |_, call| Outcome::of(call.state)
        }
        "enable" | "bind" | "fc" => |machine, call| {
            if call
                .arguments()
                .iter()
                .any(|word| matches!(word.as_str(), "-f" | "-x" | "-e" | "-s"))
            {
                machine.opaque();
            }
            Outcome::of(call.state)
        },
        "history" => variables::history,
        "hash" => evaluate::hash,
        _ => return None,
    })
}

/// The first known argument that is no option.
fn operand(words: &[String]) -> Option<&String> {
    let mut words = words.iter().skip(1);
    while let Some(word) = words.next() {
        if word == "--" {
            return words.next();
        }
        if !word.starts_with('-') || word == "-" || text::has_hole(word) {
            return Some(word);
        }
    }
    None
}
