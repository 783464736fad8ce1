//! Commands that fetch or cut files: `curl`, `wget`, `dd`, `mktemp`, `split`.

use super::super::WriteKind;
use super::super::machine::{Call, Machine, Outcome};
use super::super::state::{State, Variable};
use super::super::text::{self, NAME};

/// The value of an option: attached, after `=`, or the next word.
struct Words<'a> {
    words: std::slice::Iter<'a, String>,
}

impl Words<'_> {
    fn next(&mut self) -> Option<String> {
        self.words.next().cloned()
    }
}

/// The last part of an address.
fn remote_name(address: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or(address);
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    match path.trim_end_matches('/').rsplit_once('/') {
        Some((_, name)) if text::is_known(name) && !name.is_empty() => name.to_owned(),
        _ => NAME.to_string(),
    }
}

/// `curl`
pub(super) fn curl(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut files: Vec<String> = Vec::new();
    let mut plain: Vec<String> = Vec::new();
    let mut addresses: Vec<String> = Vec::new();
    let (mut remote, mut folder, mut config) = (false, None, None);
    let mut words = Words { words: call.arguments().iter() };
    while let Some(word) = words.next() {
        if let Some(long) = word.strip_prefix("--") {
            match long {
                "output" => files.extend(words.next()),
                "remote-name" | "remote-name-all" => remote = true,
                "output-dir" => folder = words.next(),
                "dump-header" | "cookie-jar" | "trace" | "trace-ascii" | "stderr" | "libcurl"
                | "etag-save" | "hsts" | "alt-svc" => plain.extend(words.next()),
                "config" => config = words.next(),
                "url" => addresses.extend(words.next()),
                "header" | "data" | "request" | "user" | "data-raw" | "data-binary" | "form"
                | "max-time" | "connect-timeout" | "retry" | "user-agent" | "cookie"
                | "write-out" | "proxy" | "cacert" | "cert" | "key" | "range" | "referer"
                | "upload-file" | "json" | "data-urlencode" | "resolve" | "retry-delay"
                | "limit-rate" => {
                    words.next();
                }
                _ => {}
            }
            continue;
        }
        if !word.starts_with('-') || word == "-" {
            addresses.push(word);
            continue;
        }
        let letters = word.char_indices().skip(1);
        for (at, letter) in letters {
            if letter == 'O' {
                remote = true;
            }
            if !"oDcKTHdXuFmAbweExrYyzCPQtU".contains(letter) {
                continue;
            }
            let rest = word.get(at + letter.len_utf8()..).unwrap_or_default();
            let value = if rest.is_empty() { words.next() } else { Some(rest.to_owned()) };
            match letter {
                'o' => files.extend(value),
                'D' | 'c' => plain.extend(value),
                'K' => config = value,
                _ => {}
            }
            break;
        }
    }
    if let Some(config) = config {
        let content = match config.as_str() {
            "-" => call.stdin.clone().unwrap_or_else(text::unknown),
            name => machine.content(name, &call.state),
        };
        for line in content.iter().flat_map(|text| text.lines()) {
            configured(machine, line, &call.state);
        }
    }
    if remote {
        files.extend(addresses.iter().map(|address| remote_name(address)));
    }
    for file in &files {
        let path = match &folder {
            Some(folder) => format!("{folder}/{file}"),
            None => file.clone(),
        };
        if file != "-" {
            machine.write(&call.state, &path, WriteKind::Write);
        }
    }
    for file in plain.iter().filter(|file| *file != "-") {
        machine.write(&call.state, file, WriteKind::Write);
    }
    let local = addresses.first().and_then(|address| address.strip_prefix("file://"));
    let out = local.map_or_else(text::unknown, |path| machine.content(path, &call.state));
    let out = if files.is_empty() { out } else { vec![String::new()] };
    Outcome::of(call.state).printing(out)
}

/// A line of a `curl` configuration file.
fn configured(machine: &mut Machine<'_>, line: &str, state: &State) {
    let line = line.trim().trim_start_matches('-');
    let (key, value) = line.split_once(['=', ' ', ':']).unwrap_or((line, ""));
    let value = value.trim_matches(['"', ' ', '=', '\'']);
    match key.trim() {
        "output" | "o" | "dump-header" | "D" | "cookie-jar" | "c" | "trace" | "stderr" => {
            machine.write(state, value, WriteKind::Write);
        }
        "remote-name" | "O" => machine.write(state, &NAME.to_string(), WriteKind::Write),
        _ if text::has_hole(line) => machine.opaque(),
        _ => {}
    }
}

/// `wget`
pub(super) fn wget(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut output = None;
    let mut folder: Option<String> = None;
    let mut addresses = Vec::new();
    let mut harmless = false;
    let mut words = Words { words: call.arguments().iter() };
    while let Some(word) = words.next() {
        let (name, attached) = match word.split_once('=') {
            Some((name, value)) if word.starts_with("--") => {
                (name.to_owned(), Some(value.to_owned()))
            }
            _ => (word.clone(), None),
        };
        if let Some(long) = name.strip_prefix("--") {
            match long {
                "output-document" => output = attached.or_else(|| words.next()),
                "directory-prefix" => folder = attached.or_else(|| words.next()),
                "output-file" | "append-output" | "save-cookies" | "warc-file" => {
                    if let Some(file) = attached.or_else(|| words.next()) {
                        machine.write(&call.state, &file, WriteKind::Write);
                    }
                }
                "spider" | "version" | "help" => harmless = true,
                "header" | "user-agent" | "tries" | "timeout" | "input-file" | "post-data"
                | "user" | "password"
                    if attached.is_none() =>
                {
                    words.next();
                }
                _ => {}
            }
            continue;
        }
        if !name.starts_with('-') || name == "-" {
            addresses.push(name);
            continue;
        }
        for (at, letter) in word.char_indices().skip(1) {
            if !"OPoaiUtTQwelARDIX".contains(letter) {
                continue;
            }
            let rest = word.get(at + letter.len_utf8()..).unwrap_or_default();
            let value = if rest.is_empty() { words.next() } else { Some(rest.to_owned()) };
            match letter {
                'O' => output = value,
                'P' => folder = value,
                'o' | 'a' => {
                    if let Some(file) = value {
                        machine.write(&call.state, &file, WriteKind::Write);
                    }
                }
                _ => {}
            }
            break;
        }
    }
    if !harmless && !addresses.is_empty() {
        match (output.as_deref(), folder) {
            (Some("-"), _) => {}
            (Some(file), _) => machine.write(&call.state, file, WriteKind::Write),
            (None, Some(folder)) => machine.write_tree(&call.state, &folder, WriteKind::Write),
            (None, None) => {
                for address in &addresses {
                    machine.write(&call.state, &remote_name(address), WriteKind::Write);
                }
            }
        }
    }
    Outcome::of(call.state)
}

/// `dd of=`
pub(super) fn dd(machine: &mut Machine<'_>, call: Call) -> Outcome {
    for word in call.arguments() {
        if let Some(file) = word.strip_prefix("of=") {
            machine.write(&call.state, file, WriteKind::Write);
        }
    }
    Outcome::of(call.state)
}

/// `mktemp`: prints the name that it made.
pub(super) fn mktemp(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut template = None;
    let mut folder: Option<String> = None;
    let mut dry = false;
    let mut words = Words { words: call.arguments().iter() };
    while let Some(word) = words.next() {
        match word.as_str() {
            "-p" => folder = words.next(),
            "--tmpdir" | "-t" => folder = Some(machine.tmp().to_owned()),
            "--suffix" => drop(words.next()),
            word if word.starts_with("--tmpdir=") => {
                folder = word.split_once('=').map(|(_, value)| value.to_owned());
            }
            word if word.starts_with("-p") => folder = word.get(2..).map(str::to_owned),
            word if word.starts_with('-') => {
                dry |= !word.starts_with("--") && word.contains('u') || word == "--dry-run";
            }
            word => template = Some(word.trim_end_matches('X').to_owned()),
        }
    }
    let base = match (template, folder) {
        (Some(template), None) => format!("{template}{NAME}"),
        (Some(template), Some(folder)) => format!("{folder}/{template}{NAME}"),
        (None, folder) => {
            let set = match call.state.variables.get("TMPDIR") {
                Some(Variable::Scalar(values)) => values.first().cloned(),
                _ => None,
            };
            let folder = folder.or(set).filter(|folder| !folder.is_empty());
            format!("{}/tmp.{NAME}", folder.as_deref().unwrap_or_else(|| machine.tmp()))
        }
    };
    if !dry {
        machine.write(&call.state, &base, WriteKind::Write);
    }
    Outcome::sure(call.state).printing(vec![format!("{base}\n")])
}

/// `split`: its second operand begins the names.
pub(super) fn split(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut operands = Vec::new();
    let mut words = Words { words: call.arguments().iter() };
    let mut ended = false;
    while let Some(word) = words.next() {
        match word.as_str() {
            "--" => ended = true,
            "-l"
            | "-b"
            | "-n"
            | "-a"
            | "-C"
            | "-t"
            | "--lines"
            | "--bytes"
            | "--number"
            | "--suffix-length"
            | "--additional-suffix"
            | "--line-bytes"
            | "--separator"
                if !ended =>
            {
                words.next();
            }
            "--filter" if !ended => {
                if let Some(code) = words.next() {
                    super::filters::run_text(machine, &code, &call);
                }
            }
            word if word.starts_with("--filter=") && !ended => {
                let code = word.get("--filter=".len()..).unwrap_or_default().to_owned();
                super::filters::run_text(machine, &code, &call);
            }
            word if word.starts_with('-') && word.len() > 1 && !ended => {}
            word => operands.push(word.to_owned()),
        }
    }
    let prefix = operands.get(1).map_or("x", String::as_str);
    machine.write(&call.state, &format!("{prefix}{NAME}"), WriteKind::Write);
    Outcome::of(call.state)
}
