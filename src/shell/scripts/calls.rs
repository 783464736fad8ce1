//! What a known call does, as data: the tables in `python`, `javascript`, … are
//! written in these words.

use super::eval::{Call, Walk};
use super::value::{HOLE, Value, base, join_path};
pub(super) use super::worth::Gives;
use super::{Rest, Run, ScriptCommand, ScriptDir, ScriptWrite};
use crate::shell::WriteKind;

/// One call and what it does.
pub(super) type Row = (&'static str, &'static [Does]);

/// Which argument is meant.
#[derive(Clone, Copy, Debug)]
pub(super) enum Arg {
    /// By position, or by keyword.
    At(usize, &'static str),
    /// By keyword only.
    Key(&'static str),
    /// All from this position.
    From(usize),
    /// All but the last.
    AllButLast,
    /// The last one.
    Last,
    /// What the method is called on.
    Receiver,
}

/// What a call does with its arguments.
#[derive(Clone, Copy, Debug)]
pub(super) enum Does {
    /// Creates it or changes its content.
    Write(Arg),
    /// The same, if the argument is there (`df.to_csv()` returns a text).
    WriteIfGiven(Arg),
    /// Writes it unless the mode says that it only reads.
    Open { path: Arg, mode: Arg },
    /// Writes under a folder.
    WriteTree(Arg),
    /// Makes a folder.
    Folder(Arg),
    /// Removes a file or an empty folder.
    Delete(Arg),
    /// Removes a folder with all it holds.
    DeleteTree(Arg),
    /// Changes mode, owner or times.
    Attributes(Arg),
    /// Makes a link.
    Link(Arg),
    /// Copies from the first to the second, perhaps into it.
    Copy(Arg, Arg),
    /// Copies a folder.
    CopyTree(Arg, Arg),
    /// Moves from the first to the second, perhaps into it.
    Move(Arg, Arg),
    /// A shell command.
    Shell(Arg),
    /// A program with its arguments as a list; as text, a shell command.
    Run(Arg),
    /// A program, and its arguments as a list.
    RunWith(Arg, Arg),
    /// A program with its arguments one by one.
    Exec,
    /// Changes the working directory.
    ChangeDir(Arg),
    /// Perl's `open`, whose mode may stand in the path.
    PerlOpen,
    /// Runs code given as text.
    Code(Arg),
    /// Its effect cannot be seen.
    Opaque,
    /// Changes nothing and is worth this.
    Gives(Gives),
}

pub(super) fn find(rows: &'static [Row], name: &str) -> Option<&'static [Does]> {
    rows.iter().find(|(known, _)| *known == name).map(|(_, does)| *does)
}

impl Walk<'_> {
    /// Records what a call does, and says what it is worth.
    pub(super) fn apply(&mut self, call: &Call<'_>, does: &[Does], emit: bool) -> Value {
        let mut worth = Value::Unknown;
        for effect in does {
            match effect {
                Does::Gives(gives) => worth = self.gives(call, *gives),
                Does::Code(arg) if emit => self.nested_code(call, *arg),
                Does::ChangeDir(arg) if emit => {
                    let to = self.arg(call, *arg);
                    self.change_dir(&to);
                }
                _ if emit => self.emit(call, *effect),
                _ => {}
            }
        }
        worth
    }

    fn emit(&mut self, call: &Call<'_>, effect: Does) {
        use WriteKind::{Attributes, Delete, Link, MakeFolder, Write};
        match effect {
            Does::Write(arg) => self.record(call, arg, Write, false),
            Does::WriteIfGiven(arg) => {
                if Self::given(call, arg) {
                    self.record(call, arg, Write, false);
                }
            }
            Does::Open { path, mode } => {
                if self.opens_for_writing(call, mode) {
                    self.record(call, path, Write, false);
                }
            }
            Does::WriteTree(arg) => self.record(call, arg, Write, true),
            Does::Folder(arg) => self.record(call, arg, MakeFolder, false),
            Does::Delete(arg) => self.record(call, arg, Delete, false),
            Does::DeleteTree(arg) => self.record(call, arg, Delete, true),
            Does::Attributes(arg) => self.record(call, arg, Attributes, false),
            Does::Link(arg) => self.record(call, arg, Link, false),
            Does::Copy(from, to) => self.record_into(call, from, to, false),
            Does::CopyTree(from, to) => self.record_into(call, from, to, true),
            Does::Move(from, to) => {
                self.record(call, from, Delete, true);
                self.record_into(call, from, to, true);
            }
            Does::Shell(_) | Does::Run(_) | Does::RunWith(..) | Does::Exec => {
                self.run(call, effect);
            }
            Does::Opaque => self.effects.opaque = true,
            Does::PerlOpen => self.perl_open(call),
            Does::ChangeDir(_) | Does::Code(_) | Does::Gives(_) => {}
        }
    }

    fn run(&mut self, call: &Call<'_>, effect: Does) {
        let words = match effect {
            Does::RunWith(program, rest) => {
                let rest = if Self::given(call, rest) {
                    self.arg(call, rest)
                } else {
                    Value::List(Vec::new())
                };
                let program = self.arg(call, program);
                match rest {
                    Value::List(_) => Value::list(vec![program]).concat(&rest),
                    _ => Value::list(vec![program, Value::Unknown]),
                }
            }
            Does::Exec => match self.arg(call, Arg::From(0)) {
                Value::List(mut one) if one.len() == 1 => one.pop().unwrap_or(Value::Unknown),
                many => many,
            },
            Does::Shell(arg) | Does::Run(arg) => self.arg(call, arg),
            _ => return,
        };
        let dir = self.command_dir(call);
        match (effect, words.words()) {
            (Does::Shell(_), _) | (_, None) => {
                for text in words.flat() {
                    self.command(Run::Shell(with_unknown_words(&text)), dir.clone());
                }
            }
            (_, Some(words)) => {
                let words = words.iter().map(|word| with_unknown_words(word)).collect();
                self.command(Run::Argv(words), dir);
            }
        }
    }

    pub(super) fn command(&mut self, run: Run, dir: ScriptDir) {
        self.effects.command(ScriptCommand { run, dir });
    }

    fn record(&mut self, call: &Call<'_>, arg: Arg, kind: WriteKind, subtree: bool) {
        let paths = self.arg(call, arg).flat();
        for path in paths {
            self.record_path(&call.name, &path, kind, subtree, None);
        }
    }

    fn record_into(&mut self, call: &Call<'_>, from: Arg, to: Arg, subtree: bool) {
        let from = self.arg(call, from).flat();
        let to = self.arg(call, to).flat();
        for to in &to {
            for from in &from {
                let name = base(from);
                let into = (!name.contains(HOLE) && !name.is_empty()).then_some(name);
                self.record_path(&call.name, to, WriteKind::Write, subtree, into);
            }
        }
    }

    pub(super) fn record_path(
        &mut self,
        part: &str,
        path: &str,
        kind: WriteKind,
        subtree: bool,
        into: Option<String>,
    ) {
        let path = match &self.dir {
            ScriptDir::Same => path.to_owned(),
            ScriptDir::At(dir) => join_path(dir, path),
            ScriptDir::Unknown => join_path(&HOLE.to_string(), path),
        };
        let (known, rest) = match path.split_once(HOLE) {
            None => (path.as_str(), Rest::Complete),
            Some((known, _)) => (known, Rest::Unknown),
        };
        let nothing_known = rest == Rest::Unknown && matches!(known, "" | "/" | "./" | "~");
        if nothing_known || known.contains('\0') {
            self.effects.unnamed(part);
            return;
        }
        if known.is_empty() || is_discarded(known) {
            return;
        }
        let path = known.to_owned();
        self.effects.write(ScriptWrite { path, rest, kind, subtree, into, part: part.to_owned() });
    }

    /// `open(F, ">$path")`, `open($f, '>', $path)`, `open(P, "|command")`.
    fn perl_open(&mut self, call: &Call<'_>) {
        let modes = self.arg(call, Arg::At(1, "")).flat();
        if Self::given(call, Arg::At(2, "")) {
            let paths = self.arg(call, Arg::At(2, "")).flat();
            for mode in &modes {
                if mode.contains('|') {
                    let words =
                        paths.iter().map(|word| with_unknown_words(word)).collect::<Vec<_>>();
                    self.command(Run::Shell(words.join(" ")), self.dir.clone());
                } else if mode.contains(['>', HOLE]) || mode.starts_with("+<") {
                    for path in &paths {
                        self.record_path("open", path, WriteKind::Write, false, None);
                    }
                }
            }
            return;
        }
        for text in &modes {
            let text = text.trim();
            if let Some(command) = text.strip_prefix('|').or_else(|| text.strip_suffix('|')) {
                self.command(Run::Shell(with_unknown_words(command)), self.dir.clone());
            } else if text.starts_with(['>', HOLE]) || text.starts_with("+<") {
                let path = text.trim_start_matches(['>', '+', '<', ' ']);
                self.record_path("open", path, WriteKind::Write, false, None);
            }
        }
    }

    fn opens_for_writing(&mut self, call: &Call<'_>, mode: Arg) -> bool {
        if !Self::given(call, mode) {
            return false;
        }
        let mode = self.arg(call, mode);
        if let Value::Name(flag) = &mode {
            return !flag.ends_with("RDONLY");
        }
        mode.flat().iter().any(|mode| {
            mode.contains(HOLE)
                || mode.contains(['w', 'a', 'x', '+', '>', 'c'])
                || mode.contains("WR")
        })
    }

    /// Where a command is run: the `cwd` of the call, else the script's own.
    fn command_dir(&mut self, call: &Call<'_>) -> ScriptDir {
        for key in ["cwd", "chdir"] {
            let own = self.option(call, key);
            if own != Value::Unknown {
                return match own.known() {
                    Some(dir) => self.dir_at(dir),
                    None => ScriptDir::Unknown,
                };
            }
        }
        self.dir.clone()
    }

    fn dir_at(&self, dir: &str) -> ScriptDir {
        match &self.dir {
            ScriptDir::Same => ScriptDir::At(dir.to_owned()),
            ScriptDir::At(from) => ScriptDir::At(join_path(from, dir)),
            ScriptDir::Unknown if dir.starts_with('/') => ScriptDir::At(dir.to_owned()),
            ScriptDir::Unknown => ScriptDir::Unknown,
        }
    }

    fn change_dir(&mut self, to: &Value) {
        self.dir = match to.known() {
            Some(dir) => self.dir_at(dir),
            None => ScriptDir::Unknown,
        };
    }

    fn nested_code(&mut self, call: &Call<'_>, arg: Arg) {
        let code = self.arg(call, arg);
        match code.known() {
            Some(source) => {
                let source = source.to_owned();
                self.run_nested(&source);
            }
            None => self.effects.opaque = true,
        }
    }
}

/// Devices that swallow or show what is written.
fn is_discarded(path: &str) -> bool {
    matches!(path, "/dev/null" | "/dev/stdout" | "/dev/stderr" | "/dev/tty")
        || path.starts_with("/dev/fd/")
}

fn with_unknown_words(text: &str) -> String {
    text.replace(HOLE, super::UNKNOWN_WORD)
}
