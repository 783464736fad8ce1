//! From a command's name to what it does: function, builtin, known tool, script, table, or opaque.

use super::super::disk::Made;
use super::super::machine::{Call, Machine, Outcome};
use super::super::state::{State, Variable};
use super::super::{builtin, table, target, text, tools};
use super::Io;

/// Folders whose programs are what their names say.
const SYSTEM: [&str; 8] = [
    "/bin",
    "/sbin",
    "/usr/bin",
    "/usr/sbin",
    "/usr/local/bin",
    "/usr/local/sbin",
    "/opt/homebrew/bin",
    "/snap/bin",
];

impl Call {
    /// The command's name.
    pub(in crate::shell) fn name(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    /// The arguments.
    pub(in crate::shell) fn arguments(&self) -> &[String] {
        self.words.get(1..).unwrap_or_default()
    }

    /// The same call of another command: `skip` words are dropped.
    pub(in crate::shell) fn without(mut self, skip: usize) -> Call {
        self.words.drain(..skip.min(self.words.len()));
        self
    }

    pub(in crate::shell) fn io(&self) -> Io {
        Io { stdin: self.stdin.clone(), wanted: self.wanted }
    }
}

impl Machine<'_> {
    /// Follows an expanded command, shell functions first.
    pub(in crate::shell) fn dispatch(&mut self, call: Call) -> Outcome {
        if !self.step() || call.name().is_empty() {
            return Outcome::silent(call.state);
        }
        if call.state.options.aliases
            && let Some(alias) = call.state.aliases.get(call.name()).cloned()
        {
            let mut words = call.words.clone();
            let mut state = call.state.clone();
            std::rc::Rc::make_mut(&mut state.aliases).remove(call.name());
            words.remove(0);
            let rest: Vec<String> = words.iter().map(|word| quote(word)).collect();
            return self.text(&format!("{alias} {}", rest.join(" ")), state, &call.io());
        }
        if let Some(function) = call.state.functions.get(call.name()).cloned() {
            let io = call.io();
            return self.call_function(&function, &call.words, call.state, &io);
        }
        self.program(call)
    }

    /// Follows a command that is no shell function.
    pub(in crate::shell) fn program(&mut self, call: Call) -> Outcome {
        if call.name().contains('/') {
            return self.at_path(call);
        }
        if call.state.variables.contains_key("PATH")
            && let Some(path) = self.on_changed_path(&call)
        {
            let mut call = call;
            if let Some(name) = call.words.first_mut() {
                *name = path;
            }
            return self.at_path(call);
        }
        let name = call.name().to_owned();
        self.named(&name, call)
    }

    /// Follows the command that `name` stands for.
    fn named(&mut self, name: &str, call: Call) -> Outcome {
        if let Some(follow) = builtin::find(name) {
            return follow(self, call);
        }
        if let Some(follow) = tools::find(name) {
            return follow(self, call);
        }
        if let Some(row) = table::row(name) {
            return self.tabled(&row, call);
        }
        self.opaque();
        Outcome::of(call.state)
    }

    /// A command spelled with its folder: a system tool, a script, or a program of the project.
    fn at_path(&mut self, call: Call) -> Outcome {
        let spelled = call.name().to_owned();
        let (folder, base) = spelled.rsplit_once('/').unwrap_or(("", &spelled));
        if !text::is_known(&spelled) {
            // `"$VENV/bin/python"` is python wherever it is.
            if text::is_known(base) {
                return self.named(base, call);
            }
            self.opaque();
            return Outcome::of(call.state);
        }
        if SYSTEM.contains(&folder) {
            let base = self.system_name(folder, base);
            return self.named(&base, call);
        }
        let paths: Vec<String> =
            call.state.dirs.iter().map(|dir| target::absolute(dir, &spelled)).collect();
        let mut done: Option<Outcome> = None;
        for path in paths {
            let own = self.file_at(&path, call.clone());
            done = Some(match done {
                Some(before) => before.or(own),
                None => own,
            });
        }
        done.unwrap_or_else(|| Outcome::silent(call.state))
    }

    /// The file at an absolute path runs: a link or copy of a tool, a script, or something opaque.
    fn file_at(&mut self, path: &str, call: Call) -> Outcome {
        match self.disk.made(path).cloned() {
            Some(Made::Copy(of) | Made::Link(of)) => {
                let of =
                    target::absolute(path.rsplit_once('/').map_or("/", |(folder, _)| folder), &of);
                let mut call = call;
                if let Some(name) = call.words.first_mut() {
                    *name = of;
                }
                return self
                    .deeper(|it| it.program(call.clone()))
                    .unwrap_or_else(|| Outcome::of(call.state));
            }
            Some(Made::Folder) => return Outcome::failure(call.state),
            Some(Made::Text(_)) | None => {}
        }
        let real = self.disk.real(path);
        if let Some((folder, base)) = real.rsplit_once('/')
            && (SYSTEM.contains(&folder) || folder.starts_with("/usr/lib/"))
        {
            let base = base.to_owned();
            return self.named(&base, call);
        }
        if let Some(base) = path.rsplit('/').next()
            && (path.contains("/node_modules/") || path.contains("/bin/"))
        {
            if let Some(row) = table::row(base) {
                return self.tabled(&row, call);
            }
            if let Some(follow) = tools::find(base) {
                return follow(self, call);
            }
        }
        let vendored = ["/node_modules/", "/.venv/", "/venv/", "/site-packages/"];
        if vendored.iter().any(|folder| path.contains(folder)) || self.is_foreign(path, &call.state)
        {
            self.opaque();
            return Outcome::of(call.state);
        }
        if let Some(content) = self.disk.read(path) {
            tools::script(self, &content, path, call)
        } else {
            self.opaque();
            Outcome::of(call.state)
        }
    }

    /// Whether a file is the user's or the system's own: not below the working tree or a
    /// temporary folder, and not made by the command.
    pub(in crate::shell) fn is_foreign(&mut self, name: &str, state: &State) -> bool {
        state.dirs.iter().all(|dir| {
            let path = target::absolute(dir, name);
            let own = self.setting.tree.to_str().is_some_and(|tree| path.starts_with(tree));
            let ours = own
                || path.starts_with(self.tmp())
                || path.starts_with("/dev/")
                || path.starts_with("/tmp/");
            let near = state.dirs.iter().any(|dir| path.starts_with(dir.as_str()));
            text::is_known(&path) && !ours && !near && self.disk.made(&path).is_none()
        })
    }

    /// The name in a system folder; a glob there is matched on disk.
    fn system_name(&mut self, folder: &str, base: &str) -> String {
        let real = self.disk.made(&format!("{folder}/{base}")).cloned();
        match real {
            Some(Made::Link(of) | Made::Copy(of)) => {
                of.rsplit('/').next().unwrap_or(base).to_owned()
            }
            _ => base.to_owned(),
        }
    }

    /// The script that a changed `PATH` puts before the system's programs.
    fn on_changed_path(&mut self, call: &Call) -> Option<String> {
        let Some(Variable::Scalar(paths)) = call.state.variables.get("PATH").cloned() else {
            return None;
        };
        for folder in paths.iter().flat_map(|path| path.split(':')) {
            if folder.is_empty() || !text::is_known(folder) || SYSTEM.contains(&folder) {
                continue;
            }
            for dir in call.state.dirs.iter() {
                let path = target::absolute(dir, &format!("{folder}/{}", call.name()));
                if self.disk.find(&path).is_some() {
                    return Some(path);
                }
            }
        }
        None
    }
}

/// A word as bash would read it back.
pub(in crate::shell) fn quote(word: &str) -> String {
    let plain = |char: char| char.is_ascii_alphanumeric() || "/._-=+:,%@".contains(char);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
