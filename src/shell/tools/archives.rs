//! Archives: where they are unpacked, and which file is made.

use super::super::WriteKind;
use super::super::machine::{Call, Machine, Outcome};
use super::super::target;

/// `tar`, with old and new option style.
pub(super) fn tar(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let given = Tar::read(call.arguments());
    let mut state = call.state.clone();
    for code in &given.commands {
        machine.text(code, state.clone(), &super::super::run::Io::default());
    }
    let archive = given.file.as_deref().filter(|file| *file != "-");
    match given.mode {
        Some('x') if !given.printed => {
            for dir in &given.dirs {
                let dirs = state.dirs.iter().map(|from| target::absolute(from, dir)).collect();
                state.enter(dirs);
            }
            machine.unpack(archive, &given, &call, &state);
        }
        Some('c' | 'r' | 'u' | 'A' | 'd') => {
            if given.mode == Some('d') && !given.deletes {
                return Outcome::of(call.state);
            }
            if let Some(archive) = archive {
                machine.write(&call.state, archive, WriteKind::Write);
            }
            if given.removes {
                for dir in &given.dirs {
                    let dirs = state.dirs.iter().map(|from| target::absolute(from, dir)).collect();
                    state.enter(dirs);
                }
                for member in &given.members {
                    machine.write_tree(&state, member, WriteKind::Delete);
                }
            }
        }
        _ => {}
    }
    Outcome::of(call.state)
}

/// What `tar` is asked.
#[derive(Default)]
pub(super) struct Tar {
    mode: Option<char>,
    file: Option<String>,
    dirs: Vec<String>,
    pub(super) members: Vec<String>,
    pub(super) strip: usize,
    printed: bool,
    removes: bool,
    deletes: bool,
    commands: Vec<String>,
}

impl Tar {
    fn read(words: &[String]) -> Tar {
        let mut tar = Tar::default();
        let mut words = words.iter();
        let mut first = true;
        while let Some(word) = words.next() {
            let bundled = first && !word.starts_with('-');
            first = false;
            if let Some(long) = word.strip_prefix("--") {
                let (name, value) = match long.split_once('=') {
                    Some((name, value)) => (name, Some(value)),
                    None => (long, None),
                };
                tar.long(name, value, &mut words);
                continue;
            }
            if !bundled && (!word.starts_with('-') || word == "-") {
                tar.members.push(word.clone());
                continue;
            }
            let letters = word.trim_start_matches('-');
            for (at, letter) in letters.char_indices() {
                match letter {
                    'x' | 'c' | 't' | 'r' | 'u' | 'A' | 'd' => tar.mode = tar.mode.or(Some(letter)),
                    'O' => tar.printed = true,
                    'f' | 'C' | 'T' | 'X' | 'b' | 'H' | 'L' | 'F' | 'I' | 'g' | 'K' | 'N' | 'V' => {
                        let rest = letters.get(at + 1..).unwrap_or_default();
                        let value = if rest.is_empty() || bundled {
                            words.next().cloned()
                        } else {
                            Some(rest.to_owned())
                        };
                        match letter {
                            'f' => tar.file = value,
                            'C' => tar.dirs.extend(value),
                            'F' | 'I' => tar.commands.extend(value),
                            _ => {}
                        }
                        if !bundled {
                            break;
                        }
                    }
                    _ => {}
                }
            }
        }
        tar
    }

    fn long(&mut self, name: &str, value: Option<&str>, words: &mut std::slice::Iter<'_, String>) {
        let mut value = || value.map(str::to_owned).or_else(|| words.next().cloned());
        match name {
            "extract" | "get" => self.mode = Some('x'),
            "create" => self.mode = Some('c'),
            "list" => self.mode = Some('t'),
            "append" => self.mode = Some('r'),
            "update" => self.mode = Some('u'),
            "delete" => {
                self.mode = Some('d');
                self.deletes = true;
            }
            "file" => self.file = value(),
            "directory" | "cd" => self.dirs.extend(value()),
            "to-stdout" => self.printed = true,
            "remove-files" => self.removes = true,
            "strip-components" => {
                self.strip = value().and_then(|value| value.parse().ok()).unwrap_or(0);
            }
            "to-command" | "use-compress-program" | "info-script" | "new-volume-script" => {
                self.commands.extend(value());
            }
            "checkpoint-action" => {
                if let Some(code) = value()
                    .as_deref()
                    .and_then(|value| value.strip_prefix("exec=").map(str::to_owned))
                {
                    self.commands.push(code);
                }
            }
            "exclude" | "transform" | "xform" | "files-from" | "exclude-from" | "owner"
            | "group" | "mode" => {
                drop(value());
            }
            _ => {}
        }
    }
}

impl Machine<'_> {
    /// What an archive holds goes into the state's directory.
    fn unpack(
        &mut self,
        _archive: Option<&str>,
        given: &Tar,
        call: &Call,
        state: &super::super::state::State,
    ) {
        let _ = call;
        if given.members.is_empty() || given.strip > 0 {
            self.write_tree(state, ".", WriteKind::Write);
            return;
        }
        for member in &given.members {
            self.write_tree(state, member, WriteKind::Write);
        }
    }
}

/// `unzip`
pub(super) fn unzip(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut folder = ".".to_owned();
    let mut harmless = false;
    let mut words = call.arguments().iter();
    while let Some(word) = words.next() {
        if word == "-d" {
            folder = words.next().cloned().unwrap_or(folder);
        } else if let Some(flags) = word.strip_prefix('-') {
            if let Some(attached) = flags.strip_prefix('d') {
                attached.clone_into(&mut folder);
            } else {
                harmless |= flags.contains(['l', 't', 'v', 'p', 'z', 'Z']);
            }
        }
    }
    if !harmless {
        machine.write_tree(&call.state, &folder, WriteKind::Write);
    }
    Outcome::of(call.state)
}

/// `zip`
pub(super) fn zip(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let moves = call.arguments().iter().any(|word| {
        word == "--move" || word.starts_with('-') && !word.starts_with("--") && word.contains('m')
    });
    let mut operands =
        call.arguments().iter().filter(|word| !word.starts_with('-') || word.as_str() == "-");
    if let Some(archive) = operands.next().filter(|archive| *archive != "-") {
        machine.write(&call.state, archive, WriteKind::Write);
    }
    if moves {
        for member in operands {
            machine.write_tree(&call.state, member, WriteKind::Delete);
        }
    }
    Outcome::of(call.state)
}

/// `cpio`: `-i` unpacks here, `-p` into its operand.
pub(super) fn cpio(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let flags: String = call
        .arguments()
        .iter()
        .filter(|word| word.starts_with('-') && !word.starts_with("--"))
        .flat_map(|word| word.chars())
        .collect();
    let empty = call.stdin.as_ref().is_some_and(|texts| texts.iter().all(String::is_empty));
    if flags.contains('p') {
        if let Some(folder) = call.arguments().iter().rfind(|word| !word.starts_with('-')) {
            machine.write_tree(&call.state, folder, WriteKind::Write);
        }
    } else if flags.contains('i') && !flags.contains('t') && !empty {
        machine.write_tree(&call.state, ".", WriteKind::Write);
    } else if flags.contains('o') {
        let mut words = call.arguments().iter();
        while let Some(word) = words.next() {
            if matches!(word.as_str(), "-O" | "-F")
                && let Some(file) = words.next()
            {
                machine.write(&call.state, file, WriteKind::Write);
            }
        }
    }
    Outcome::of(call.state)
}
