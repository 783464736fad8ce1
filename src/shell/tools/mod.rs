//! The programs whose arguments say what they write.
//!
//! Most are lines of the command table and done in [`roles`]; those with a
//! language of their own have a room here.

mod archives;
mod builds;
mod copies;
mod databases;
mod editors;
mod effects;
mod filters;
mod finds;
mod git;
mod interpreters;
mod items;
mod packages;
mod roles;
mod shells;
mod transfer;
mod wrappers;

use super::machine::{Call, Machine, Outcome};
use super::text::{self, Values};

type Follow = fn(&mut Machine<'_>, Call) -> Outcome;

/// The program of that name, where it has code of its own.
pub(super) fn find(name: &str) -> Option<Follow> {
    let name = name.rsplit('/').next().unwrap_or(name);
    Some(match name {
        "bash" | "sh" | "dash" | "zsh" | "ksh" | "ash" | "rbash" | "mksh" => shells::shell,
        "env" => wrappers::env,
        "su" => wrappers::su,
        "watch" => wrappers::watch,
        "script" => wrappers::script,
        "ssh" => wrappers::ssh,
        "flock" => wrappers::flock,
        "xargs" | "gxargs" => items::xargs,
        "parallel" => items::parallel,
        "find" | "gfind" => finds::find,
        "fd" | "fdfind" => finds::fd,
        "tar" | "gtar" | "bsdtar" => archives::tar,
        "unzip" => archives::unzip,
        "zip" => archives::zip,
        "cpio" => archives::cpio,
        "curl" => transfer::curl,
        "wget" => transfer::wget,
        "dd" => transfer::dd,
        "mktemp" => transfer::mktemp,
        "split" => transfer::split,
        "sqlite3" => databases::sqlite3,
        "git" => git::git,
        "sed" | "gsed" => editors::sed,
        "awk" | "gawk" | "mawk" | "nawk" => editors::awk,
        "ed" | "ex" | "vi" | "vim" | "nvim" | "red" => editors::ed,
        "make" | "gmake" => builds::make,
        "patch" => builds::patch,
        "npm" | "yarn" | "pnpm" => packages::npm,
        "npx" | "bunx" | "pnpx" => packages::npx,
        "tsc" => builds::tsc,
        name if interpreters::is_one(name) => interpreters::run,
        _ => return None,
    })
}

/// A script file runs: its first line says what reads it.
pub(super) fn script(
    machine: &mut Machine<'_>,
    content: &Values,
    path: &str,
    call: Call,
) -> Outcome {
    let Some(source) = content.first().filter(|source| !text::is_hole(source)) else {
        machine.opaque();
        return Outcome::of(call.state);
    };
    let first = source.lines().next().unwrap_or_default();
    let reader = first.strip_prefix("#!").map(|line| {
        let mut words = line.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word));
        let first = words.next().unwrap_or_default();
        if first == "env" {
            words.find(|word| !word.starts_with('-')).unwrap_or_default()
        } else {
            first
        }
    });
    let reader = reader.unwrap_or("sh").to_owned();
    let mut words = vec![reader.clone(), path.to_owned()];
    words.extend(call.arguments().iter().cloned());
    let call = Call { words, ..call };
    if let Some(follow) = find(&reader) {
        machine.deeper(|it| follow(it, call.clone())).unwrap_or_else(|| Outcome::of(call.state))
    } else {
        machine.opaque();
        Outcome::of(call.state)
    }
}
