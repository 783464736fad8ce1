//! `python -c`, `node -e`, `perl -pi`, `ruby -e`, `php -r`: the code they run is
//! read by [`crate::shell::scripts`]; here it is found.

use super::super::WriteKind;
use super::super::machine::{Call, Machine, Outcome};
use super::super::scripts::{self, Language};
use super::super::{table, text};

/// What an interpreter is asked to run.
#[derive(Default)]
struct Asked {
    code: Option<String>,
    module: Option<String>,
    in_place: bool,
    /// Script and its arguments, or the arguments of the code.
    operands: Vec<String>,
}

/// How an interpreter spells its options.
struct Spelling {
    language: Language,
    /// Letters whose value is code.
    code: &'static str,
    /// Letters that take a value.
    values: &'static str,
    /// Letters whose value, if any, is attached.
    attached: &'static str,
    /// Long options whose value is code.
    long: &'static [&'static str],
    /// Long options that take a value.
    long_values: &'static [&'static str],
}

const PYTHON: Spelling = Spelling {
    language: Language::Python,
    code: "c",
    values: "WXm",
    attached: "",
    long: &[],
    long_values: &["--check-hash-based-pycs"],
};
const NODE: Spelling = Spelling {
    language: Language::JavaScript,
    code: "ep",
    values: "rC",
    attached: "",
    long: &["--eval", "--print"],
    long_values: &[
        "--require",
        "--import",
        "--loader",
        "--conditions",
        "--env-file",
        "--input-type",
    ],
};
const PERL: Spelling = Spelling {
    language: Language::Perl,
    code: "eE",
    values: "",
    attached: "iMmI0lFCxDd",
    long: &[],
    long_values: &[],
};
const RUBY: Spelling = Spelling {
    language: Language::Ruby,
    code: "e",
    values: "rIC",
    attached: "i0FKxW",
    long: &[],
    long_values: &[],
};
const PHP: Spelling = Spelling {
    language: Language::Php,
    code: "r",
    values: "dcfz",
    attached: "",
    long: &["--run"],
    long_values: &["--define"],
};

/// The interpreter of that name, versions included (`python3.12`).
fn spelling(name: &str) -> Option<&'static Spelling> {
    let bare = name.trim_end_matches(|char: char| char.is_ascii_digit() || char == '.');
    Some(match bare {
        "python" | "pypy" => &PYTHON,
        "node" | "nodejs" | "tsx" | "ts-node" | "bun" | "deno" => &NODE,
        "perl" => &PERL,
        "ruby" => &RUBY,
        "php" => &PHP,
        _ => return None,
    })
}

/// Whether the name is an interpreter's.
pub(super) fn is_one(name: &str) -> bool {
    spelling(name).is_some()
}

/// Runs code, a script file, or what comes in.
pub(super) fn run(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let name = call.name().rsplit('/').next().unwrap_or_default().to_owned();
    let Some(spelling) = spelling(&name) else { return Outcome::of(call.state) };
    let arguments = call.arguments();
    let arguments = match (name.as_str(), arguments) {
        ("bun" | "deno", [first, rest @ ..]) if matches!(first.as_str(), "run" | "eval") => {
            if first == "eval" {
                let code = rest.first().cloned().unwrap_or_default();
                followed(machine, spelling.language, &[code], &["-".to_owned()], &call);
                return Outcome::of(call.state);
            }
            rest
        }
        ("bun" | "deno", [first, ..]) if !first.starts_with('-') && !first.contains('.') => {
            machine.opaque();
            return Outcome::of(call.state);
        }
        (_, arguments) => arguments,
    };
    let asked = read(spelling, arguments);
    if asked.in_place {
        for operand in &asked.operands {
            machine.write(&call.state, operand, WriteKind::Replace);
        }
    }
    if let Some(module) = &asked.module {
        return run_module(machine, module, &asked, call);
    }
    if let Some(code) = asked.code {
        let argv: Vec<String> = ["-c".to_owned()].into_iter().chain(asked.operands).collect();
        followed(machine, spelling.language, &[code], &argv, &call);
        return Outcome::of(call.state);
    }
    match asked.operands.first().map(String::as_str) {
        Some("-" | "/dev/stdin") | None => {
            if let Some(stdin) = call.stdin.clone() {
                let argv =
                    if asked.operands.is_empty() { vec!["-".to_owned()] } else { asked.operands };
                followed(machine, spelling.language, &stdin, &argv, &call);
            }
        }
        Some(script) => {
            let script = script.to_owned();
            if let Some(row) = tool_of(&script) {
                let mut words = asked.operands.clone();
                if let Some(first) = words.first_mut() {
                    stem(&script).clone_into(first);
                }
                return machine.tabled(&row, Call { words, ..call });
            }
            let content = machine.content(&script, &call.state);
            if content.iter().any(|source| text::is_hole(source)) && !script.starts_with("/dev/fd/")
            {
                machine.opaque();
            } else {
                machine.in_file(|it| {
                    followed(it, spelling.language, &content, &asked.operands, &call);
                });
            }
        }
    }
    Outcome::of(call.state)
}

/// A tool that is started by its file (`node node_modules/prettier/bin/prettier.cjs`).
fn tool_of(script: &str) -> Option<table::Row> {
    script.contains("node_modules/").then(|| table::row(stem(script))).flatten()
}

fn stem(path: &str) -> &str {
    let base = path.rsplit('/').next().unwrap_or(path);
    base.split_once('.').map_or(base, |(stem, _)| stem)
}

/// `python -m module`
fn run_module(machine: &mut Machine<'_>, module: &str, asked: &Asked, call: Call) -> Outcome {
    match module {
        "json.tool" => {
            let files: Vec<&String> =
                asked.operands.iter().filter(|word| !word.starts_with('-')).collect();
            if let Some(out) = files.get(1) {
                machine.write(&call.state, out, WriteKind::Write);
            }
        }
        "venv" | "virtualenv" => {
            for folder in asked.operands.iter().filter(|word| !word.starts_with('-')) {
                machine.write_tree(&call.state, folder, WriteKind::Write);
            }
        }
        "http.server" | "timeit" | "this" | "site" | "sysconfig" | "platform" | "calendar"
        | "base64" | "pydoc" => {}
        _ => match table::row(module) {
            Some(row) if row.role != "opaque" => {
                let words = [module.to_owned()].into_iter().chain(asked.operands.clone()).collect();
                return machine.tabled(&row, Call { words, ..call });
            }
            _ => machine.opaque(),
        },
    }
    Outcome::of(call.state)
}

/// Follows what each possible source would do.
fn followed(
    machine: &mut Machine<'_>,
    language: Language,
    sources: &[String],
    argv: &[String],
    call: &Call,
) {
    for source in sources {
        if text::is_hole(source.trim()) {
            machine.unnamed("the code that an interpreter runs is only known when it runs");
            continue;
        }
        let effects = scripts::script(language, source, argv);
        machine.effects(effects, &call.state);
    }
}

fn read(spelling: &Spelling, words: &[String]) -> Asked {
    let mut asked = Asked::default();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        if word == "--" || word == "-" || !word.starts_with('-') {
            let from = if word == "--" { at } else { at - 1 };
            asked.operands = words.get(from..).unwrap_or_default().to_vec();
            break;
        }
        if word.starts_with("--") {
            let (name, value) = word
                .split_once('=')
                .map_or((word.as_str(), None), |(name, value)| (name, Some(value)));
            if spelling.long.contains(&name) {
                let code = value.map(str::to_owned).or_else(|| {
                    at += 1;
                    words.get(at - 1).cloned()
                });
                asked.add_code(code);
            } else if spelling.long_values.contains(&name) && value.is_none() {
                at += 1;
            }
            continue;
        }
        at += asked.cluster(spelling, word, words.get(at));
        // The code or module ends Python's own options.
        if matches!(spelling.language, Language::Python)
            && (asked.code.is_some() || asked.module.is_some())
        {
            asked.operands = words.get(at..).unwrap_or_default().to_vec();
            break;
        }
    }
    asked
}

impl Asked {
    fn add_code(&mut self, code: Option<String>) {
        match (&mut self.code, code) {
            (Some(before), Some(code)) => {
                before.push('\n');
                before.push_str(&code);
            }
            (none, code) => *none = code,
        }
    }

    /// One cluster of letters; returns whether the next word is its value.
    fn cluster(&mut self, spelling: &Spelling, word: &str, next: Option<&String>) -> usize {
        for (at, letter) in word.char_indices().skip(1) {
            let rest = word.get(at + letter.len_utf8()..).unwrap_or_default();
            self.in_place |= letter == 'i' && spelling.attached.contains('i');
            if spelling.code.contains(letter) {
                // `node -p` alone prints what `-e` gives; `-pe` is both.
                if !rest.is_empty() && matches!(spelling.language, Language::JavaScript) {
                    continue;
                }
                let used = usize::from(rest.is_empty());
                self.add_code(if rest.is_empty() { next.cloned() } else { Some(rest.to_owned()) });
                return used;
            }
            if spelling.values.contains(letter) {
                let value = if rest.is_empty() { next.cloned() } else { Some(rest.to_owned()) };
                if letter == 'm' {
                    self.module = value;
                }
                return usize::from(rest.is_empty());
            }
            if spelling.attached.contains(letter) {
                // Digits after `-0` and `-l` end by themselves; other values take the rest.
                if matches!(letter, '0' | 'l') {
                    continue;
                }
                return 0;
            }
        }
        0
    }
}
