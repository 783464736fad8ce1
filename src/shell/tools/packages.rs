//! `npm`, `yarn`, `pnpm`, `npx`: scripts are read from `package.json`.

use super::super::WriteKind;
use super::super::machine::{Call, Machine, Outcome};
use super::super::run::quote;
use super::super::scripts::Package;
use super::super::state::State;
use super::super::target;
use super::super::text::NAME;

/// What a package manager is asked.
#[derive(Default)]
struct Asked {
    words: Vec<String>,
    workspaces: Vec<String>,
    all_workspaces: bool,
    /// After `--`, or after the script's name: handed to the script.
    handed: Vec<String>,
    options: Vec<String>,
}

/// `npm`, `yarn`, `pnpm`
pub(super) fn npm(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut state = call.state.clone();
    let asked = read(call.arguments(), &mut state);
    let words: Vec<&str> = asked.words.iter().map(String::as_str).collect();
    let yarn = matches!(call.name(), "yarn" | "pnpm" | "bun");
    let states = machine.workspaces(&asked, &state);
    match words.as_slice() {
        ["run" | "run-script" | "rum" | "urn", name, rest @ ..] => {
            for state in &states {
                machine.package_script(name, rest, &asked.handed, state);
            }
        }
        ["test" | "t" | "start" | "stop" | "restart", rest @ ..] => {
            let name = if words.first() == Some(&"t") {
                "test"
            } else {
                words.first().copied().unwrap_or("test")
            };
            for state in &states {
                machine.package_script(name, rest, &asked.handed, state);
            }
        }
        ["run" | "run-script"]
        | []
        | [
            "ls" | "list" | "view" | "info" | "outdated" | "why" | "root" | "prefix" | "bin"
            | "help" | "search" | "whoami" | "ping" | "doctor" | "config" | "get" | "explain"
            | "fund" | "licenses" | "--version",
            ..,
        ] => {}
        ["init" | "create", ..]
            if asked.options.iter().any(|word| word == "-y" || word == "--yes")
                || words.len() > 1 =>
        {
            machine.write(&state, "package.json", WriteKind::Write);
        }
        ["version", _, ..] | ["pkg", "set" | "delete", ..] => {
            for state in &states {
                machine.write(state, "package.json", WriteKind::Write);
            }
        }
        ["pack", ..] => {
            let folder =
                asked.options.iter().find_map(|word| word.strip_prefix("--pack-destination="));
            let folder =
                folder.map(str::to_owned).or_else(|| after(call.arguments(), "--pack-destination"));
            machine.write(
                &state,
                &format!("{}/{NAME}.tgz", folder.as_deref().unwrap_or(".")),
                WriteKind::Write,
            );
        }
        ["exec" | "x" | "dlx", rest @ ..] => {
            let mut command: Vec<String> = rest.iter().map(|word| (*word).to_owned()).collect();
            command.extend(asked.handed.iter().cloned());
            if let Some(code) =
                after(call.arguments(), "-c").or_else(|| after(call.arguments(), "--call"))
            {
                let io = call.io();
                machine.text(&code, state, &io);
            } else if !command.is_empty() {
                machine.run_tool(command, &state, &call);
            }
        }
        [name, rest @ ..] if yarn && machine.has_script(name, &state) => {
            machine.package_script(name, rest, &asked.handed, &state);
        }
        [_, ..] if yarn && !is_manager_verb(words.first().copied().unwrap_or_default()) => {
            let mut command: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            command.extend(asked.handed.iter().cloned());
            machine.run_tool(command, &state, &call);
        }
        _ => machine.opaque(),
    }
    Outcome::of(call.state)
}

fn is_manager_verb(word: &str) -> bool {
    matches!(
        word,
        "install"
            | "i"
            | "add"
            | "remove"
            | "upgrade"
            | "up"
            | "update"
            | "ci"
            | "link"
            | "unlink"
            | "publish"
            | "audit"
            | "cache"
            | "dedupe"
            | "prune"
            | "rebuild"
            | "import"
            | "store"
            | "set"
            | "workspaces"
            | "workspace"
            | "plugin"
    )
}

pub(super) fn after(words: &[String], option: &str) -> Option<String> {
    words.iter().position(|word| word == option).and_then(|at| words.get(at + 1)).cloned()
}

fn read(words: &[String], state: &mut State) -> Asked {
    let mut asked = Asked::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let (name, attached) = match word.split_once('=') {
            Some((name, value)) if word.starts_with('-') => (name, Some(value.to_owned())),
            _ => (word.as_str(), None),
        };
        let mut value = || attached.clone().or_else(|| words.next().cloned()).unwrap_or_default();
        match name {
            "--" => {
                asked.handed = words.cloned().collect();
                break;
            }
            "-C" | "--prefix" | "--dir" | "--cwd" => {
                let dir = value();
                let dirs = state.dirs.iter().map(|from| target::absolute(from, &dir)).collect();
                state.enter(dirs);
            }
            "-w" | "--workspace" | "--filter" | "-F" => asked.workspaces.push(value()),
            "-ws" | "--workspaces" | "-r" | "--recursive" => asked.all_workspaces = true,
            "--pack-destination" | "-c" | "--call" | "-p" | "--package" | "--loglevel"
            | "--registry" | "--tag" => {
                let value = value();
                asked.options.push(format!("{name}={value}"));
            }
            name if name.starts_with('-') => asked.options.push(word.clone()),
            _ => asked.words.push(word.clone()),
        }
    }
    asked
}

impl Machine<'_> {
    fn package(&mut self, state: &State) -> Option<Package> {
        let content = self.content("package.json", state);
        let [text] = content.as_slice() else { return None };
        Package::parse(text)
    }

    fn has_script(&mut self, name: &str, state: &State) -> bool {
        self.package(state).is_some_and(|package| package.script(name).is_some())
    }

    /// Where the scripts run: here, or in the workspaces that are asked for.
    fn workspaces(&mut self, asked: &Asked, state: &State) -> Vec<State> {
        if asked.workspaces.is_empty() && !asked.all_workspaces {
            return vec![state.clone()];
        }
        let listed = self.package(state).map(|package| package.workspaces).unwrap_or_default();
        let mut folders: Vec<String> = Vec::new();
        let candidates = listed.iter().chain(&asked.workspaces);
        for pattern in candidates.take(64) {
            for dir in state.dirs.iter() {
                let found = self.glob(dir, pattern, state.options);
                folders.extend(
                    found
                        .into_iter()
                        .filter(|folder| !folders.contains(folder))
                        .collect::<Vec<_>>(),
                );
            }
        }
        let mut states = Vec::new();
        for folder in folders {
            let mut own = state.clone();
            own.enter(state.dirs.iter().map(|from| target::absolute(from, &folder)).collect());
            let name = self.package(&own).and_then(|package| package.name);
            let wanted = asked.all_workspaces
                || asked.workspaces.iter().any(|wanted| {
                    wanted.trim_start_matches("./").trim_end_matches('/') == folder
                        || name.as_ref() == Some(wanted)
                });
            if wanted {
                states.push(own);
            }
        }
        states
    }

    /// A script of `package.json`, with what runs before and after it.
    fn package_script(&mut self, name: &str, rest: &[&str], handed: &[String], state: &State) {
        let Some(package) = self.package(state) else {
            self.opaque();
            return;
        };
        let runs = package.run(name);
        if runs.is_empty() {
            self.opaque();
        }
        let words = rest.iter().copied().chain(handed.iter().map(String::as_str));
        let extra: String = words.flat_map(|word| [" ".to_owned(), quote(word)]).collect();
        let main = package.script(name).unwrap_or_default();
        for code in runs {
            let code = if code == main { format!("{code}{extra}") } else { code.to_owned() };
            self.in_file(|it| it.text(&code, state.clone(), &super::super::run::Io::default()));
        }
    }

    /// A program of `node_modules/.bin`.
    fn run_tool(&mut self, command: Vec<String>, state: &State, call: &Call) {
        let mut command = command;
        if let Some(name) = command.first_mut() {
            // `prettier@3`
            if let Some((bare, _)) = name.rsplit_once('@').filter(|(bare, _)| !bare.is_empty()) {
                *name = bare.to_owned();
            }
        }
        self.run_words(command, state, call.stdin.clone());
    }
}

/// `npx`, `bunx`, `pnpx`
pub(super) fn npx(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut at = 1;
    while let Some(word) = call.words.get(at).filter(|word| word.starts_with('-')) {
        match word.as_str() {
            "-c" | "--call" => {
                let code = call.words.get(at + 1).cloned().unwrap_or_default();
                let io = call.io();
                return machine.text(&code, call.state.clone(), &io).apart(&call.state);
            }
            "-p" | "--package" | "--prefix" | "-w" => at += 2,
            "--" => {
                at += 1;
                break;
            }
            _ => at += 1,
        }
    }
    let command = call.words.get(at..).unwrap_or_default().to_vec();
    if !command.is_empty() {
        machine.run_tool(command, &call.state, &call);
    }
    Outcome::of(call.state)
}
