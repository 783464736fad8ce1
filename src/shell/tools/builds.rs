//! `make` and `patch`: their recipes and targets are read from files.

use super::super::WriteKind;
use super::super::machine::{Call, Machine, Outcome};
use super::super::run::Io;
use super::super::scripts::{Makefile, PatchChange, patched_files};
use super::super::state::State;
use super::super::{target, text};

/// `make`
pub(super) fn make(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut state = call.state.clone();
    let mut file: Option<String> = None;
    let mut overrides: Vec<(String, String)> = Vec::new();
    let mut targets: Vec<String> = Vec::new();
    let mut added = String::new();
    let mut dry = false;
    let all = call.arguments().to_vec();
    let mut words = all.iter();
    while let Some(word) = words.next() {
        let (name, attached) = option(word, "Cf");
        let mut value = || attached.clone().or_else(|| words.next().cloned()).unwrap_or_default();
        match name.as_str() {
            "-C" | "--directory" => {
                let dir = value();
                let dirs = state.dirs.iter().map(|from| target::absolute(from, &dir)).collect();
                state.enter(dirs);
            }
            "-f" | "--file" | "--makefile" => file = Some(value()),
            "--eval" | "-E" => {
                added.push_str(&value());
                added.push('\n');
            }
            "-n" | "--just-print" | "--dry-run" | "--recon" | "-q" | "--question" | "-p"
            | "--version" | "-v" => dry = true,
            "-I" | "-o" | "-W" | "--include-dir" => drop(value()),
            name if name.starts_with('-') => {
                dry |= !name.starts_with("--") && name.contains('n');
            }
            _ => match word.split_once('=') {
                Some((name, value)) => {
                    overrides.push((
                        name.trim_end_matches([':', '+', '?']).to_owned(),
                        value.to_owned(),
                    ));
                }
                None => targets.push(word.clone()),
            },
        }
    }
    if dry {
        return Outcome::of(call.state);
    }
    let content = match file.as_deref() {
        Some("-" | "/dev/stdin") => call.stdin.clone().unwrap_or_else(text::unknown),
        Some(name) => machine.content(name, &state),
        None => {
            let names = ["GNUmakefile", "makefile", "Makefile"];
            let found = names.iter().find(|name| machine.exists(&state, name));
            found.map_or_else(|| vec![String::new()], |name| machine.content(name, &state))
        }
    };
    for text in content {
        if text::is_hole(&text) {
            machine.opaque();
            continue;
        }
        recipes(
            machine,
            &format!("{text}\n{}", one_line_rules(&added)),
            &overrides,
            &targets,
            &state,
        );
    }
    Outcome::of(call.state)
}

/// `a: ; recipe` as two lines.
fn one_line_rules(text: &str) -> String {
    text.lines()
        .map(|line| {
            line.replacen("; ", "\n\t", 1).replacen(';', "\n\t", usize::from(!line.contains("; ")))
                + "\n"
        })
        .collect()
}

fn recipes(
    machine: &mut Machine<'_>,
    text: &str,
    overrides: &[(String, String)],
    targets: &[String],
    state: &State,
) {
    let file = Makefile::parse(text, overrides);
    if file.opaque {
        machine.opaque();
    }
    let first: Vec<String> = file.default_target().map(str::to_owned).into_iter().collect();
    for target in if targets.is_empty() { &first } else { targets } {
        for line in file.recipes(target).into_iter().flat_map(|recipe| recipe.lines) {
            machine.in_file(|it| it.text(&line, state.clone(), &Io::default()));
        }
    }
}

/// `patch`
pub(super) fn patch(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut state = call.state.clone();
    let mut strip = None;
    let mut input = None;
    let mut output = None;
    let mut operands = Vec::new();
    let mut dry = false;
    let all = call.arguments().to_vec();
    let mut words = all.iter();
    while let Some(word) = words.next() {
        let (name, attached) = option(word, "pdiorBDFVYz");
        let mut value = || attached.clone().or_else(|| words.next().cloned()).unwrap_or_default();
        match name.as_str() {
            "-p" | "--strip" => strip = value().parse::<usize>().ok(),
            "-d" | "--directory" => {
                let dir = value();
                let dirs = state.dirs.iter().map(|from| target::absolute(from, &dir)).collect();
                state.enter(dirs);
            }
            "-i" | "--input" => input = Some(value()),
            "-o" | "--output" | "-r" | "--reject-file" => output = Some(value()),
            "-B" | "-D" | "-F" | "-V" | "-Y" | "-z" | "--prefix" | "--suffix" | "--fuzz"
            | "--ifdef" => drop(value()),
            "--dry-run" | "-C" | "--check" => dry = true,
            name if name.starts_with('-') => {}
            _ => operands.push(word.clone()),
        }
    }
    if dry {
        return Outcome::of(call.state);
    }
    if let Some(output) = output {
        machine.write(&state, &output, WriteKind::Write);
        return Outcome::of(call.state);
    }
    if let Some(original) = operands.first() {
        machine.write(&state, original, WriteKind::Write);
        return Outcome::of(call.state);
    }
    let texts = match input.as_deref().or(operands.get(1).map(String::as_str)) {
        // The file is named from where the command stands, before `-d`.
        Some(name) => machine.content(name, &call.state),
        None => call.stdin.clone().unwrap_or_else(|| vec![String::new()]),
    };
    machine.patched(&texts, strip, "", &state);
    Outcome::of(call.state)
}

impl Machine<'_> {
    /// The files that patches change, below `prefix`.
    pub(super) fn patched(
        &mut self,
        texts: &[String],
        strip: Option<usize>,
        prefix: &str,
        state: &State,
    ) {
        for text in texts {
            if text::is_hole(text) {
                self.unnamed("the patch is only known when it runs");
                continue;
            }
            for file in patched_files(text, strip) {
                let names = match file.change {
                    PatchChange::Add | PatchChange::Copy => vec![(file.new, WriteKind::Write)],
                    PatchChange::Delete => vec![(file.old, WriteKind::Delete)],
                    PatchChange::Rename => {
                        vec![(file.old, WriteKind::Delete), (file.new, WriteKind::Replace)]
                    }
                    PatchChange::Modify if file.old == file.new => {
                        vec![(file.new, WriteKind::Replace)]
                    }
                    // Which of two names is there decides.
                    PatchChange::Modify => {
                        vec![(file.old, WriteKind::Replace), (file.new, WriteKind::Replace)]
                    }
                };
                let there: Vec<bool> = names
                    .iter()
                    .map(|(name, _)| name.as_ref().is_some_and(|name| self.exists(state, name)))
                    .collect();
                let choose = file.change == PatchChange::Modify && there.contains(&true);
                for ((name, kind), there) in names.into_iter().zip(there) {
                    if let Some(name) = name.filter(|_| there || !choose) {
                        self.write(state, &format!("{prefix}{name}"), kind);
                    }
                }
            }
        }
    }
}

/// `tsc`: writes next to its sources unless told not to.
pub(super) fn tsc(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let arguments = call.arguments();
    let has = |name: &str| arguments.iter().any(|word| word.eq_ignore_ascii_case(name));
    if has("--noEmit")
        || has("--version")
        || has("-v")
        || has("--help")
        || has("--showConfig")
        || has("--listFilesOnly")
    {
        return Outcome::of(call.state);
    }
    if has("--init") {
        machine.write(&call.state, "tsconfig.json", WriteKind::Write);
        return Outcome::of(call.state);
    }
    let out = ["--outDir", "--outFile", "--declarationDir"]
        .iter()
        .find_map(|name| super::packages::after(arguments, name));
    if let Some(out) = out {
        machine.write_tree(&call.state, &out, WriteKind::Write);
    } else {
        let mut sources = arguments
            .iter()
            .filter(|word| matches!(word.rsplit_once('.'), Some((_, "ts" | "tsx" | "mts" | "cts"))))
            .peekable();
        if sources.peek().is_none() {
            // The project's own configuration says where to.
            machine.opaque();
        }
        for source in sources {
            let out = source.trim_end_matches('x').trim_end_matches("ts").to_owned() + "js";
            machine.write(&call.state, &out, WriteKind::Write);
        }
    }
    Outcome::of(call.state)
}

/// An option and the value attached to it: `--name=value`, or `-Nvalue` for one
/// of the letters in `valued`. A word that is neither is its own name.
fn option(word: &str, valued: &str) -> (String, Option<String>) {
    let (name, value) = match word.split_once('=') {
        Some(split) if word.starts_with("--") => split,
        _ if word.starts_with('-')
            && !word.starts_with("--")
            && word.len() > 2
            && valued.contains(word.chars().nth(1).unwrap_or(' ')) =>
        {
            word.split_at(2)
        }
        _ => return (word.to_owned(), None),
    };
    (name.to_owned(), Some(value.to_owned()))
}
