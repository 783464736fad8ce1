//! Modules and their names: what `import`, `require` and `use` bind, and under
//! which one name the tables know a call.

use super::Language;
use super::eval::{Call, Walk};
use super::lex::{Code, Token};
use super::value::Value;

/// Python modules that run none of the project's code and whose calls are in
/// the tables; importing anything else is opaque.
const PYTHON_KNOWN: &[&str] = &[
    "__future__",
    "abc",
    "argparse",
    "array",
    "ast",
    "base64",
    "bisect",
    "calendar",
    "codecs",
    "collections",
    "contextlib",
    "copy",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "enum",
    "errno",
    "fileinput",
    "fnmatch",
    "fractions",
    "functools",
    "gc",
    "getpass",
    "glob",
    "gzip",
    "hashlib",
    "heapq",
    "html",
    "http",
    "inspect",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "locale",
    "logging",
    "math",
    "mimetypes",
    "operator",
    "os",
    "pathlib",
    "pickle",
    "platform",
    "pprint",
    "queue",
    "random",
    "re",
    "secrets",
    "shlex",
    "shutil",
    "signal",
    "socket",
    "sqlite3",
    "stat",
    "statistics",
    "string",
    "struct",
    "subprocess",
    "sys",
    "tarfile",
    "tempfile",
    "textwrap",
    "threading",
    "time",
    "timeit",
    "tokenize",
    "tomllib",
    "traceback",
    "types",
    "typing",
    "unicodedata",
    "urllib",
    "uuid",
    "warnings",
    "xml",
    "yaml",
    "zipfile",
    "zlib",
    "numpy",
    "pandas",
];

const NODE_KNOWN: &[&str] = &[
    "fs",
    "path",
    "os",
    "util",
    "child_process",
    "crypto",
    "assert",
    "events",
    "stream",
    "url",
    "querystring",
    "readline",
    "zlib",
    "http",
    "https",
    "net",
    "buffer",
    "timers",
    "perf_hooks",
    "process",
    "string_decoder",
];

/// The one name under which the tables know a module or a call.
pub(super) fn canonical(language: Language, name: &str) -> String {
    match language {
        Language::JavaScript => {
            let name = name.strip_prefix("node:").unwrap_or(name);
            let name = name
                .replace("fs/promises", "fs")
                .replace("fs-extra", "fs")
                .replace("graceful-fs", "fs");
            let name = name
                .replace("fs.promises", "fs")
                .replace("fs.default", "fs")
                .replace("path.posix", "path");
            name.replace("path/posix", "path")
        }
        Language::Python => name
            .replace("posixpath.", "os.path.")
            .replace("builtins.", "")
            .replace("__builtins__.", "")
            .replace("pathlib.PosixPath", "pathlib.Path")
            .replace("pathlib.PurePath", "pathlib.Path"),
        Language::Ruby => name.trim_start_matches("::").replace("Kernel.", "").replace("::", "."),
        Language::Perl => {
            name.trim_start_matches('&').replace("CORE::", "").replace("GLOBAL::", "")
        }
        Language::Php => name.trim_start_matches('\\').to_ascii_lowercase(),
    }
}

/// What a name that the script does not bind is worth.
pub(super) fn builtin(language: Language, name: &str) -> Value {
    match (language, name) {
        (
            _,
            "None" | "True" | "False" | "null" | "undefined" | "true" | "false" | "nil" | "undef"
            | "this" | "self",
        ) => Value::Unknown,
        (Language::Perl, "$ARGV") => Value::Name("@ARGV".to_owned()),
        (Language::Perl | Language::Php, name)
            if name.starts_with(['$', '@', '%']) && !matches!(name, "@ARGV" | "$0" | "$argv") =>
        {
            Value::Unknown
        }
        _ => Value::Name(name.to_owned()),
    }
}

/// Method names that also mean something harmless, told apart by their arguments.
pub(super) fn is_ambiguous(language: Language, method: &str, call: &Call<'_>) -> bool {
    let positional = call.args.iter().filter(|(key, _)| key.is_none()).count();
    let textual = matches!(call.receiver, Some(Value::Texts(_)));
    match (language, method) {
        // `str.replace(a, b)`, `df.rename(columns=…)`, `list.copy()`.
        (Language::Python, "replace") => positional != 1 || !textual,
        (Language::Python, "rename" | "move" | "copy" | "chmod") => positional == 0 || !textual,
        (Language::Python, "open") | (Language::Ruby, "delete" | "write" | "rename" | "open") => {
            !textual
        }
        _ => false,
    }
}

/// `import a.b as c, d`, `from a import b as c`.
pub(super) fn python(walk: &mut Walk<'_>, code: &Code, at: usize) {
    let (module, mut at) = dotted(code, at + 1);
    let root = module.split('.').next().unwrap_or_default();
    if !PYTHON_KNOWN.contains(&root) {
        walk.effects.opaque = true;
    }
    if code.word(at) == Some("import") {
        at += 1;
        while let Some(name) = item(code, &mut at) {
            let local = alias(code, &mut at).unwrap_or_else(|| name.clone());
            walk.names.insert(local, (Value::Name(format!("{module}.{name}")), 0));
        }
        return;
    }
    bind_module(walk, code, &module, &mut at);
    while code.is(at, ",") {
        let (module, next) = dotted(code, at + 1);
        at = next;
        bind_module(walk, code, &module, &mut at);
    }
}

fn bind_module(walk: &mut Walk<'_>, code: &Code, module: &str, at: &mut usize) {
    let worth = if let Some(local) = alias(code, at) {
        (local, module)
    } else {
        let root = module.split('.').next().unwrap_or_default();
        (root.to_owned(), root)
    };
    walk.names.insert(worth.0, (Value::Name(worth.1.to_owned()), 0));
}

fn dotted(code: &Code, at: usize) -> (String, usize) {
    let mut name = String::new();
    let mut at = at;
    loop {
        match code.get(at) {
            Some(Token::Op(op @ ("." | "..."))) => name.push_str(op),
            Some(Token::Word(word)) if word != "import" && word != "as" => {
                if !name.is_empty() && !name.ends_with('.') {
                    return (name, at);
                }
                name.push_str(word);
            }
            _ => return (name, at),
        }
        at += 1;
    }
}

fn item(code: &Code, at: &mut usize) -> Option<String> {
    while matches!(code.op(*at), Some("(" | ",")) {
        *at += 1;
    }
    let name = code.word(*at)?.to_owned();
    *at += 1;
    Some(name)
}

fn alias(code: &Code, at: &mut usize) -> Option<String> {
    if code.word(*at) != Some("as") {
        return None;
    }
    let name = code.word(*at + 1)?.to_owned();
    *at += 2;
    Some(name)
}

/// `import fs, {writeFileSync as w} from 'fs'`, `import * as fs from 'fs'`.
pub(super) fn javascript(walk: &mut Walk<'_>, code: &Code, at: usize) {
    let from = (at + 1..at + 128).find(|at| {
        code.word(*at) == Some("from")
            || matches!(code.get(*at), Some(Token::Text(_) | Token::Op(";")) | None)
    });
    let Some(from) = from else { return };
    let source = if code.word(from) == Some("from") { from + 1 } else { from };
    let Some(Token::Text(pieces)) = code.get(source) else { return };
    let module = walk.fold(pieces);
    let Some(module) = module.known().map(|name| canonical(Language::JavaScript, name)) else {
        return;
    };
    if !NODE_KNOWN.contains(&module.as_str()) {
        walk.effects.opaque = true;
    }
    let mut at = at + 1;
    let mut inside = false;
    while at < from {
        match (code.get(at), code.word(at + 1), code.word(at + 2)) {
            (Some(Token::Op("{")), ..) => inside = true,
            (Some(Token::Op("*")), Some("as"), Some(local)) => {
                walk.names.insert(local.to_owned(), (Value::Name(module.clone()), 0));
                at += 2;
            }
            (Some(Token::Word(name)), next, local) => {
                let renamed = next == Some("as");
                let local = if renamed { local.unwrap_or(name) } else { name };
                let worth = if inside { format!("{module}.{name}") } else { module.clone() };
                walk.names.insert(local.to_owned(), (Value::Name(worth), 0));
                at += if renamed { 2 } else { 0 };
            }
            _ => {}
        }
        at += 1;
    }
}

/// Perl's `use`, Ruby's `require`: the project's own files are opaque.
pub(super) fn library(walk: &mut Walk<'_>, code: &Code, at: usize) {
    let own = match code.get(at + 1) {
        Some(Token::Text(pieces)) => {
            let name = walk.fold(pieces);
            code.word(at) == Some("require_relative")
                || name.known().is_none_or(|name| name.contains(['/', '.']))
        }
        _ => false,
    };
    walk.effects.opaque |= own;
}

/// Whether a Node module runs code that is not seen here.
pub(super) fn is_known_node(module: &str) -> bool {
    NODE_KNOWN.contains(&module)
        || module.rsplit_once('.').is_some_and(|(_, ending)| ending == "json")
}
