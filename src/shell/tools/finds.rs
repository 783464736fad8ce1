//! `find`: its simple tests are evaluated on disk, its actions followed on what it finds.

use super::super::WriteKind;
use super::super::disk::Found;
use super::super::expand::pattern;
use super::super::machine::{Call, Machine, Outcome};
use super::super::state::State;
use super::super::{target, text};
use super::roles::anything_in;

/// Most paths that are found one by one.
const PATHS: usize = 200;
/// Deepest folder that is entered.
const DEPTH: usize = 16;

/// What `find` is asked.
#[derive(Default)]
struct Query {
    roots: Vec<String>,
    /// Patterns of `-name`/`-path`; several alternatives are joined by `-o`.
    names: Vec<(Test, String)>,
    folders: Option<bool>,
    most: Option<usize>,
    least: usize,
    /// `-o`, `!`, parentheses: the tests only narrow and are not applied.
    vague: bool,
    actions: Vec<Action>,
    zero: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Test {
    Name,
    NameAnyCase,
    Path,
}

enum Action {
    Delete,
    /// Command words, whether in the folder of the file, whether asked first.
    Run(Vec<String>, bool, bool),
    File(String),
}

/// `find`
pub(super) fn find(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let query = read(call.arguments());
    for action in &query.actions {
        if let Action::File(file) = action {
            machine.write(&call.state, file, WriteKind::Write);
        }
    }
    let acts = query.actions.iter().any(|action| !matches!(action, Action::File(_)));
    if !acts && !call.wanted {
        return Outcome::of(call.state);
    }
    let found = found(machine, &query, &call.state);
    for action in &query.actions {
        act(machine, action, &found, &call.state);
    }
    let end = if query.zero { '\0' } else { '\n' };
    let out = found.iter().fold(String::new(), |out, path| out + path + &end.to_string());
    Outcome::of(call.state).printing(vec![text::bounded(out)])
}

fn act(machine: &mut Machine<'_>, action: &Action, found: &[String], state: &State) {
    match action {
        Action::File(_) => {}
        Action::Delete => {
            for path in found {
                machine.write(state, path, WriteKind::Delete);
            }
        }
        Action::Run(words, in_folder, asks) => {
            // Asked first: nobody answers.
            if *asks {
                return;
            }
            let holds = words.iter().any(|word| word.contains("{}"));
            if !holds {
                if !found.is_empty() {
                    machine.run_words(words.clone(), state, None);
                }
                return;
            }
            for path in found {
                let mut own = state.clone();
                let mut name = path.clone();
                if *in_folder {
                    let (folder, base) = path.rsplit_once('/').unwrap_or((".", path));
                    let dirs = state.dirs.iter().map(|dir| target::absolute(dir, folder)).collect();
                    own.enter(dirs);
                    name = format!("./{base}");
                }
                let words = words.iter().map(|word| word.replace("{}", &name)).collect();
                machine.run_words(words, &own, None);
            }
        }
    }
}

fn read(words: &[String]) -> Query {
    let mut query = Query::default();
    let mut words = words.iter().peekable();
    while let Some(word) = words.next_if(|word| {
        !(matches!(word.as_str(), "(" | "!") || word.starts_with('-') && word.len() > 1)
    }) {
        query.roots.push(word.clone());
    }
    if query.roots.is_empty() {
        query.roots.push(".".to_owned());
    }
    while let Some(word) = words.next() {
        let mut value = || words.next().cloned().unwrap_or_default();
        match word.as_str() {
            "-name" => query.names.push((Test::Name, value())),
            "-iname" => query.names.push((Test::NameAnyCase, value())),
            "-path" | "-wholename" => query.names.push((Test::Path, value())),
            "-type" => query.folders = Some(value().starts_with('d')),
            "-maxdepth" => query.most = value().parse().ok(),
            "-mindepth" => query.least = value().parse().unwrap_or(0),
            "-delete" => query.actions.push(Action::Delete),
            "-fprint" | "-fprint0" | "-fls" => query.actions.push(Action::File(value())),
            "-fprintf" => {
                query.actions.push(Action::File(value()));
                words.next();
            }
            "-exec" | "-execdir" | "-ok" | "-okdir" => {
                let mut command = Vec::new();
                let mut last = String::new();
                for next in words.by_ref() {
                    if next == ";" || next == "+" && last == "{}" {
                        break;
                    }
                    last.clone_from(next);
                    command.push(next.clone());
                }
                let in_folder = word.ends_with("dir");
                query.actions.push(Action::Run(command, in_folder, word.starts_with("-ok")));
            }
            "-print0" => query.zero = true,
            "-o" | "-or" | "!" | "-not" | "(" | ")" | "-prune" | "," => query.vague = true,
            "-regex" | "-iregex" | "-newer" | "-mtime" | "-mmin" | "-size" | "-user" | "-perm"
            | "-group" | "-ipath" | "-ctime" | "-cmin" | "-atime" | "-amin" | "-links"
            | "-inum" | "-samefile" | "-printf" | "-newermt" | "-lname" | "-fstype"
            | "-regextype" => {
                value();
            }
            _ => {}
        }
    }
    query
}

/// The paths that are found; a folder that cannot be listed stands for all below it.
fn found(machine: &mut Machine<'_>, query: &Query, state: &State) -> Vec<String> {
    let mut found = Vec::new();
    for root in &query.roots {
        let Some(dir) =
            state.dirs.first().filter(|dir| text::is_known(dir) && state.dirs.len() == 1)
        else {
            found.push(anything_in(root));
            continue;
        };
        let absolute = target::absolute(dir, root);
        if !text::is_known(root) {
            found.push(root.clone());
            continue;
        }
        let before = found.len();
        walk(machine, query, &absolute, root, 0, &mut found);
        if found.len() >= PATHS || !machine.disk.can_list() {
            found.truncate(before);
            found.push(anything_in(root));
        }
    }
    found
}

fn walk(
    machine: &mut Machine<'_>,
    query: &Query,
    path: &str,
    shown: &str,
    depth: usize,
    out: &mut Vec<String>,
) {
    if out.len() >= PATHS {
        return;
    }
    let Some(kind) = machine.disk.find(path) else { return };
    let link = depth > 0 && machine.disk.is_link(path);
    let folder = kind == Found::Folder && !link;
    if depth >= query.least && query.fits(shown, folder) {
        out.push(shown.to_owned());
    }
    if !folder || depth >= query.most.unwrap_or(DEPTH).min(DEPTH) || !machine.disk.can_list() {
        return;
    }
    for name in machine.disk.list(path) {
        // What git keeps for itself is huge, and protected anyway.
        if name == ".git"
            && !query.names.iter().any(|(_, pattern)| pattern.contains(".git"))
            && depth == 0
            && query.narrows()
        {
            continue;
        }
        let below = format!("{}/{name}", path.trim_end_matches('/'));
        let shown = format!("{}/{name}", shown.trim_end_matches('/'));
        walk(machine, query, &below, &shown, depth + 1, out);
    }
}

impl Query {
    fn narrows(&self) -> bool {
        !self.names.is_empty()
    }

    fn fits(&self, path: &str, folder: bool) -> bool {
        let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
        let fits = |(test, wanted): &(Test, String)| match test {
            Test::Name => pattern::matches(wanted, name),
            Test::NameAnyCase => pattern::matches(&wanted.to_lowercase(), &name.to_lowercase()),
            Test::Path => pattern::matches(wanted, path),
        };
        if self.vague {
            return self.names.is_empty() || self.names.iter().any(fits);
        }
        self.folders.is_none_or(|wanted| wanted == folder) && self.names.iter().all(fits)
    }
}

/// `fd -x`: its matches are not evaluated, only where it looks.
pub(super) fn fd(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let arguments = call.arguments();
    let runs = arguments
        .iter()
        .position(|word| matches!(word.as_str(), "-x" | "--exec" | "-X" | "--exec-batch"));
    let (query, command) = arguments.split_at(runs.unwrap_or(arguments.len()));
    let folders: Vec<&String> =
        query.iter().filter(|word| !word.starts_with('-')).skip(1).collect();
    let folders: Vec<String> = if folders.is_empty() {
        vec![format!("./{}", text::HOLE)]
    } else {
        folders.into_iter().map(|folder| anything_in(folder)).collect()
    };
    if let Some((_, command)) = command.split_first() {
        for folder in &folders {
            let mut words: Vec<String> =
                command.iter().map(|word| word.replace("{}", folder)).collect();
            if !command.iter().any(|word| word.contains('{')) {
                words.push(folder.clone());
            }
            machine.run_words(words, &call.state, None);
        }
    }
    let out = folders.join("\n");
    Outcome::of(call.state).printing(vec![out])
}
