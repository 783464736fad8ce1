//! The roles of the command table at work.

use super::super::WriteKind;
use super::super::disk::{Found, Made};
use super::super::machine::{Call, Machine, Outcome};
use super::super::state::State;
use super::super::table::{Arguments, Row};
use super::super::target;
use super::super::text::{self, HOLE, NAME};
use super::filters;

impl Machine<'_> {
    /// Follows a command by its line of the table.
    pub(in crate::shell) fn tabled(&mut self, row: &Row, call: Call) -> Outcome {
        let wrapper = row.role.starts_with("runs") || row.role == "subruns";
        let given = Arguments::read(row, call.arguments(), wrapper);
        self.options(&given, &call);
        if wrapper {
            return self.wrapper(row, &given, call);
        }
        let state = &call.state;
        let harmless = given.has("harmless");
        if !harmless {
            self.operands(row, &given, state);
        }
        match row.role {
            "opaque" => {
                self.opaque();
                Outcome::of(call.state)
            }
            // Prints settings for the shell to take over: nothing to follow.
            "sets-up" => Outcome::of(call.state).printing(vec![String::new()]),
            "runs-stdin" => {
                if let Some(stdin) = call.stdin.clone() {
                    for code in stdin {
                        let io = super::super::run::Io::default();
                        self.maybe(|it| it.text(&code, call.state.clone(), &io));
                    }
                } else {
                    self.opaque();
                }
                Outcome::of(call.state)
            }
            "writes" => {
                let out = call.stdin.clone().unwrap_or_else(text::unknown);
                if row.options.is_empty() && call.stdin.is_some() {
                    let appended = given.named(&["-a", "--append"]);
                    for dir in call.state.dirs.iter() {
                        for file in &given.operands {
                            self.put(&target::absolute(dir, file), out.clone(), appended);
                        }
                    }
                }
                Outcome::silent(call.state).printing(out)
            }
            _ => {
                let out =
                    if call.wanted { filters::output(self, &call, &given) } else { Vec::new() };
                Outcome::of(call.state).printing(out)
            }
        }
    }

    /// What options write by themselves, whatever the role.
    fn options(&mut self, given: &Arguments, call: &Call) {
        for option in &given.options {
            let Some(value) = &option.value else { continue };
            match option.meaning {
                "file" => self.write(&call.state, value, WriteKind::Write),
                "prefix" => self.write(&call.state, &format!("{value}{NAME}"), WriteKind::Write),
                "into" => self.write_tree(&call.state, value, WriteKind::Write),
                "shell" => {
                    let io = call.io();
                    self.text(value, call.state.clone(), &io);
                }
                _ => {}
            }
        }
    }

    fn operands(&mut self, row: &Row, given: &Arguments, state: &State) {
        let operands = given.operands.as_slice();
        let role = operand_role(row, given);
        match role {
            "writes" | "edits" | "replaces" | "deletes" | "removes" | "folders" | "touches" => {
                self.each(role, operands, state);
            }
            "edits1" | "subedits" => {
                self.each("edits", operands.get(1..).unwrap_or_default(), state);
                if row.role == "formats" && operands.len() < 2 {
                    self.each("edits", &[".".to_owned()], state);
                }
            }
            "attributes" => {
                let skip = usize::from(!given.named(MODES));
                self.each(role, operands.get(skip..).unwrap_or_default(), state);
            }
            "attributes0" | "attributes1" => self.each("attributes", operands, state),
            "first" => self.each("writes", operands.get(..1).unwrap_or_default(), state),
            "second" => self.each("writes", operands.get(1..2).unwrap_or_default(), state),
            "last" => self.each(
                "writes",
                operands.last().map(std::slice::from_ref).unwrap_or_default(),
                state,
            ),
            "last-tree" | "mirrors" => self.mirror(role, operands, given, state),
            "copies" | "moves" | "links" => self.transfer(role, operands, given, state),
            "compiles" => {
                let asks = given.named(&["-E", "-v", "--version", "-fsyntax-only", "-M", "-MM"]);
                if !given.has("file") && !given.has("into") && !operands.is_empty() && !asks {
                    self.write(
                        state,
                        if given.named(&["-c"]) { NAME_O } else { "a.out" },
                        WriteKind::Write,
                    );
                }
            }
            _ => {}
        }
    }

    pub(super) fn each(&mut self, role: &str, operands: &[String], state: &State) {
        for operand in operands {
            let kind = match role {
                "deletes" | "removes" => WriteKind::Delete,
                "folders" => WriteKind::MakeFolder,
                "attributes" => WriteKind::Attributes,
                "replaces" => WriteKind::Replace,
                _ => WriteKind::Write,
            };
            match role {
                // Only what is there changes its times.
                "touches" if !self.exists(state, operand) => continue,
                "removes" => self.write_tree(state, operand, kind),
                "edits" if self.is_folder(state, operand) => self.write_tree(state, operand, kind),
                _ => self.write(state, operand, kind),
            }
            if matches!(role, "writes" | "folders") {
                for dir in state.dirs.iter() {
                    let path = target::absolute(dir, operand);
                    if role == "folders" {
                        self.made_folders(&path);
                    } else if self.disk.find(&path).is_none() {
                        self.disk.make(&path, Made::Text(text::unknown()));
                    }
                }
            }
        }
    }

    /// A folder with all those above it that are not there yet.
    fn made_folders(&mut self, path: &str) {
        let mut path = path;
        while !path.is_empty() && self.disk.find(path).is_none() {
            self.disk.make(path, Made::Folder);
            path = path.rsplit_once('/').map_or("", |(parent, _)| parent);
        }
    }

    pub(in crate::shell) fn exists(&mut self, state: &State, name: &str) -> bool {
        !text::is_known(name)
            || state.dirs.iter().any(|dir| {
                !text::is_known(dir) || self.disk.find(&target::absolute(dir, name)).is_some()
            })
    }

    pub(in crate::shell) fn is_folder(&mut self, state: &State, name: &str) -> bool {
        state
            .dirs
            .iter()
            .any(|dir| self.disk.find(&target::absolute(dir, name)) == Some(Found::Folder))
    }

    /// `timeout 5 touch a`, `sudo -u x touch a`: the operands are a command.
    fn wrapper(&mut self, row: &Row, given: &Arguments, call: Call) -> Outcome {
        let mut skip = 1 + given.before;
        match row.role {
            "runs1" => skip += 1,
            "subruns" => {
                let runs =
                    matches!(call.words.get(skip).map(String::as_str), Some("run" | "exec" | "x"));
                skip += 1;
                if !runs {
                    self.opaque();
                    return Outcome::of(call.state);
                }
                while call.words.get(skip).is_some_and(|word| word.starts_with('-')) {
                    skip += if matches!(
                        call.words.get(skip).map(String::as_str),
                        Some("--with" | "--python" | "-p" | "--extra" | "--group" | "--package")
                    ) {
                        2
                    } else {
                        1
                    };
                }
            }
            _ => {}
        }
        let mut call = call;
        while let Some((name, value)) = call.words.get(skip).and_then(|word| word.split_once('=')) {
            if name.is_empty()
                || !name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_')
            {
                break;
            }
            call.state.set(name, vec![value.to_owned()]);
            skip += 1;
        }
        if call.words.len() <= skip {
            return Outcome::silent(call.state);
        }
        let before = call.state.clone();
        for dir in given.values("dir") {
            let dirs = call.state.dirs.iter().map(|from| target::absolute(from, &dir)).collect();
            call.state.enter(dirs);
        }
        call.state.options.aliases = false;
        let ran = self.deeper(|it| it.program(call.without(skip)));
        ran.unwrap_or_else(|| Outcome::silent(before.clone())).apart(&before)
    }

    /// A command given as words, run by another program in this state.
    pub(in crate::shell) fn run_words(
        &mut self,
        words: Vec<String>,
        state: &State,
        stdin: Option<Vec<String>>,
    ) -> Outcome {
        let mut state = state.clone();
        state.options.aliases = false;
        let before = state.clone();
        let call = Call { words, state, stdin, wanted: true };
        let ran = self.deeper(|it| it.program(call));
        ran.unwrap_or_else(|| Outcome::silent(before))
    }
}

/// An object file named after its source.
const NAME_O: &str = "\u{10FFFD}.o";

/// Options in place of a mode: `chmod -r a`, `chattr -i a`.
const MODES: &[&str] =
    &["--reference", "-r", "-w", "-x", "-X", "-s", "-t", "-u", "-g", "-o", "-i", "-a"];

/// What the operands become: the row's role, unless an option changes it.
fn operand_role(row: &Row, given: &Arguments) -> &'static str {
    for option in &given.options {
        match option.meaning {
            "edits" if matches!(row.role, "subedits" | "formats") => return "subedits",
            "edits" => return "edits",
            "edits1" => return "edits1",
            "attributes" => return "touches",
            _ => {}
        }
    }
    match row.role {
        "formats" if given.operands.first().is_some_and(|verb| verb == "format") => "subedits",
        "subedits" | "formats" => "reads",
        role => role,
    }
}

/// The unknown rest of a path below `folder`.
pub(super) fn anything_in(folder: &str) -> String {
    format!("{}/{HOLE}", folder.trim_end_matches('/'))
}
