//! The cmdlets that write, their aliases and their parameters, as data.

use crate::shell::WriteKind;

/// What a cmdlet does with which parameter.
struct Cmdlet {
    name: &'static str,
    aliases: &'static [&'static str],
    /// Parameters by position.
    positions: &'static [&'static str],
    does: Does,
}

#[derive(Clone, Copy)]
enum Does {
    /// Writes its path.
    Write(&'static str),
    /// Writes its path if it is given.
    MayWrite(&'static str),
    Delete,
    /// Makes `path`, or `name` in it.
    New,
    Folder,
    Copy,
    Move,
    Rename,
    Attributes,
    /// Writes below a folder.
    Below(&'static str),
    ChangeDir,
    PopDir,
    /// Runs code or programs.
    Run,
}

const fn cmdlet(
    name: &'static str,
    aliases: &'static [&'static str],
    positions: &'static [&'static str],
    does: Does,
) -> Cmdlet {
    Cmdlet { name, aliases, positions, does }
}

const CMDLETS: &[Cmdlet] = &[
    cmdlet("set-content", &["sc"], &["path", "value"], Does::Write("path")),
    cmdlet("add-content", &["ac"], &["path", "value"], Does::Write("path")),
    cmdlet("clear-content", &["clc"], &["path"], Does::Write("path")),
    cmdlet("out-file", &[], &["filepath"], Does::Write("filepath")),
    cmdlet("tee-object", &["tee"], &["filepath"], Does::MayWrite("filepath")),
    cmdlet("export-csv", &["epcsv"], &["path"], Does::Write("path")),
    cmdlet("export-clixml", &[], &["path"], Does::Write("path")),
    cmdlet("start-transcript", &[], &["path"], Does::Write("path")),
    cmdlet("invoke-webrequest", &["iwr", "curl", "wget"], &["uri"], Does::MayWrite("outfile")),
    cmdlet("invoke-restmethod", &["irm"], &["uri"], Does::MayWrite("outfile")),
    cmdlet("start-bitstransfer", &[], &["source", "destination"], Does::Write("destination")),
    cmdlet("new-item", &["ni"], &["path"], Does::New),
    cmdlet("mkdir", &["md"], &["path"], Does::Folder),
    cmdlet("remove-item", &["ri", "rm", "rmdir", "del", "erase", "rd"], &["path"], Does::Delete),
    cmdlet("copy-item", &["cpi", "cp", "copy"], &["path", "destination"], Does::Copy),
    cmdlet("move-item", &["mi", "mv", "move"], &["path", "destination"], Does::Move),
    cmdlet("rename-item", &["rni", "ren"], &["path", "newname"], Does::Rename),
    cmdlet("set-itemproperty", &["sp"], &["path", "name", "value"], Does::Attributes),
    cmdlet("set-acl", &[], &["path"], Does::Attributes),
    cmdlet("expand-archive", &[], &["path", "destinationpath"], Does::Below("destinationpath")),
    cmdlet("compress-archive", &[], &["path", "destinationpath"], Does::Write("destinationpath")),
    cmdlet("set-location", &["cd", "chdir", "sl"], &["path"], Does::ChangeDir),
    cmdlet("push-location", &["pushd"], &["path"], Does::ChangeDir),
    cmdlet("pop-location", &["popd"], &[], Does::PopDir),
    cmdlet("invoke-expression", &["iex"], &["command"], Does::Run),
    cmdlet("invoke-command", &["icm"], &["scriptblock"], Does::Run),
    cmdlet("start-process", &["saps", "start"], &["filepath"], Does::Run),
    cmdlet("start-job", &["sajb"], &["scriptblock"], Does::Run),
];

/// Verbs that change nothing on disk.
const READING_VERBS: &[&str] = &[
    "get",
    "test",
    "select",
    "where",
    "foreach",
    "sort",
    "group",
    "measure",
    "format",
    "convertto",
    "convertfrom",
    "compare",
    "join",
    "split",
    "resolve",
    "write",
    "read",
    "show",
    "find",
    "out",
    "wait",
    "import",
];

/// Words and aliases that change nothing on disk.
const READING_WORDS: &[&str] = &[
    "echo", "cat", "type", "gc", "ls", "dir", "gci", "pwd", "gl", "select", "where", "sort",
    "measure", "ft", "fl", "sls", "diff", "foreach", "if", "else", "elseif", "while", "do", "for",
    "try", "catch", "finally", "return", "function", "param", "switch", "in", "exit", "sleep", "%",
    "?", "throw", "break", "continue",
];

/// One command with its parameters told apart.
pub(super) struct Command {
    name: String,
    /// By parameter in lower case, lists joined by NUL.
    parameters: Vec<(String, String)>,
}

/// What a command does.
pub(super) enum Effect {
    Nothing,
    Writes(Vec<(Vec<String>, WriteKind, bool)>),
    ChangeDir,
    PopDir,
    Run,
    /// A program, no cmdlet.
    Native,
}

impl Command {
    pub(super) fn read(name: &str, words: &[String]) -> Self {
        let name = name.to_ascii_lowercase();
        let cmdlet = find(&name);
        let mut parameters = Vec::new();
        let mut positions = cmdlet.map_or(&[][..], |cmdlet| cmdlet.positions).iter();
        let mut words = words.iter().peekable();
        while let Some(word) = words.next() {
            let parameter =
                word.strip_prefix('-').filter(|rest| rest.starts_with(char::is_alphabetic));
            let Some(parameter) = parameter else {
                if let Some(position) = positions.next() {
                    parameters.push(((*position).to_owned(), word.clone()));
                }
                continue;
            };
            let (parameter, value) = match parameter.split_once(':') {
                Some((parameter, value)) => (parameter, Some(value.to_owned())),
                None => (parameter, None),
            };
            let parameter = full_name(&parameter.to_ascii_lowercase());
            let value = match value {
                None if SWITCHES.contains(&parameter.as_str()) => None,
                None => words.next_if(|next| !next.starts_with('-')).cloned(),
                given => given,
            };
            parameters.push((parameter, value.unwrap_or_default()));
        }
        Self { name, parameters }
    }

    fn get(&self, parameter: &str) -> Vec<String> {
        let found =
            self.parameters.iter().filter(|(name, value)| name == parameter && !value.is_empty());
        found.flat_map(|(_, value)| value.split('\0').map(str::to_owned)).collect()
    }

    /// The path that content goes to, or the directory changed to.
    pub(super) fn path(&self) -> Option<&String> {
        self.parameters
            .iter()
            .find(|(name, _)| matches!(name.as_str(), "path" | "filepath"))
            .map(|(_, value)| value)
    }

    /// The content that is written, or the code that is run.
    pub(super) fn value(&self) -> Option<&String> {
        self.parameters
            .iter()
            .find(|(name, _)| matches!(name.as_str(), "value" | "command"))
            .map(|(_, value)| value)
    }

    pub(super) fn effect(&self) -> Effect {
        use WriteKind::{Attributes, Delete, MakeFolder, Write};
        let Some(cmdlet) = find(&self.name) else {
            let verb = self.name.split_once('-').map_or("", |(verb, _)| verb);
            let reads =
                READING_VERBS.contains(&verb) || READING_WORDS.contains(&self.name.as_str());
            return if reads { Effect::Nothing } else { Effect::Native };
        };
        let paths = || self.get("path");
        let one = |targets, kind, subtree| Effect::Writes(vec![(targets, kind, subtree)]);
        match cmdlet.does {
            Does::MayWrite(parameter) if self.get(parameter).is_empty() => Effect::Nothing,
            Does::Write(parameter) | Does::MayWrite(parameter) => {
                one(self.get(parameter), Write, false)
            }
            Does::Below(parameter) => one(self.get(parameter), Write, true),
            Does::Delete => one(paths(), Delete, true),
            Does::Folder => one(paths(), MakeFolder, false),
            Does::Attributes => one(paths(), Attributes, false),
            Does::Copy => one(self.get("destination"), Write, true),
            Does::Move => Effect::Writes(vec![
                (paths(), Delete, true),
                (self.get("destination"), Write, true),
            ]),
            Does::New => one(self.created(), self.created_kind(), false),
            Does::Rename => {
                let beside =
                    |name: String| paths().first().map_or(name.clone(), |path| beside(path, &name));
                let new = self.get("newname").into_iter().map(beside).collect();
                Effect::Writes(vec![(paths(), Delete, true), (new, Write, true)])
            }
            Does::ChangeDir => Effect::ChangeDir,
            Does::PopDir => Effect::PopDir,
            Does::Run => Effect::Run,
        }
    }

    fn created(&self) -> Vec<String> {
        let (paths, names) = (self.get("path"), self.get("name"));
        if names.is_empty() {
            return paths;
        }
        let folder = paths.first().map_or(".", String::as_str);
        names.iter().map(|name| format!("{folder}/{name}")).collect()
    }

    fn created_kind(&self) -> WriteKind {
        match self.get("itemtype").first().map(|kind| kind.to_ascii_lowercase()).as_deref() {
            Some("directory") => WriteKind::MakeFolder,
            Some("symboliclink" | "hardlink" | "junction") => WriteKind::Link,
            _ => WriteKind::Write,
        }
    }
}

fn find(name: &str) -> Option<&'static Cmdlet> {
    CMDLETS.iter().find(|cmdlet| cmdlet.name == name || cmdlet.aliases.contains(&name))
}

/// Parameters without a value.
const SWITCHES: &[&str] = &[
    "force",
    "recurse",
    "nonewline",
    "append",
    "noclobber",
    "whatif",
    "confirm",
    "passthru",
    "notypeinformation",
    "verbose",
];

/// A parameter by its usual abbreviations.
fn full_name(parameter: &str) -> String {
    let known = [
        ("literalpath", "path"),
        ("pspath", "path"),
        ("lp", "path"),
        ("dest", "destination"),
        ("type", "itemtype"),
        ("r", "recurse"),
        ("rec", "recurse"),
        ("rf", "recurse"),
        ("fo", "force"),
        ("f", "force"),
        ("p", "path"),
        ("o", "outfile"),
    ];
    known
        .iter()
        .find(|(short, _)| *short == parameter)
        .map_or(parameter, |(_, long)| long)
        .to_owned()
}

fn beside(path: &str, name: &str) -> String {
    match path.rfind(['/', '\\']) {
        Some(at) => format!("{}/{name}", path.get(..at).unwrap_or_default()),
        None => name.to_owned(),
    }
}
