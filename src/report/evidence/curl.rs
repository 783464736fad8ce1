//! The requests of a curl command line, and what it shows of their answers.

use super::request::{Request, View, request};

/// `GET`, or what `-X`, data and the like make of it.
pub(super) fn curl(arguments: &[String]) -> Vec<Request> {
    let (mut method, mut data, mut get) = (None, None, false);
    let mut view = View::default();
    let mut urls = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let (name, joined) = split_option(argument);
        let mut value = || joined.map(str::to_owned).or_else(|| rest.next().cloned());
        match name {
            "-X" | "--request" => method = value(),
            "-d" | "--data" | "--data-raw" | "--data-binary" | "--data-urlencode" | "--json"
            | "-F" | "--form" | "--form-string" | "--data-ascii" => {
                value();
                data = Some("POST");
            }
            "-T" | "--upload-file" => {
                value();
                data = Some("PUT");
            }
            "-o" | "--output" => {
                view.discards |= value().is_some_and(|file| file != "-");
            }
            "-w" | "--write-out" => {
                view.written = value().and_then(|format| before_status(&format));
            }
            "--url" => urls.extend(value()),
            "-H" | "--header" | "-u" | "--user" | "-A" | "--user-agent" | "-b" | "--cookie"
            | "-c" | "--cookie-jar" | "-e" | "--referer" | "-m" | "--max-time" | "-x"
            | "--proxy" | "--connect-timeout" | "--retry" | "--retry-delay"
            | "--retry-max-time" | "-E" | "--cert" | "--key" | "--cacert" | "--resolve" | "-D"
            | "--dump-header" | "-K" | "--config" | "--unix-socket" | "--limit-rate"
            | "--oauth2-bearer" | "-r" => {
                let value = value();
                view.headers |= name == "-D" && value.is_some_and(|file| file == "-");
            }
            "--get" => get = true,
            "--head" => method = Some("HEAD".to_owned()),
            "--include" | "--verbose" | "--show-headers" => view.headers = true,
            "--fail" | "--fail-with-body" => view.fails = true,
            _ if name.starts_with("--") => {}
            _ if name.starts_with('-') && name.len() > 1 => {
                curl_letters(name, &mut view, &mut method, &mut get, &mut || rest.next().cloned());
            }
            _ => urls.push(argument.clone()),
        }
    }
    if method.as_deref() == Some("HEAD") {
        view.headers = true;
    }
    let default = if get { "GET" } else { data.unwrap_or("GET") };
    let method = method.unwrap_or_else(|| default.to_owned());
    urls.iter().filter_map(|url| request(&method, url, view.clone())).collect()
}

/// `-sSiX POST`: single letters joined, the last of which may take a value.
fn curl_letters(
    letters: &str,
    view: &mut View,
    method: &mut Option<String>,
    get: &mut bool,
    next: &mut dyn FnMut() -> Option<String>,
) {
    for (at, letter) in letters.char_indices().skip(1) {
        let after = letters.get(at + letter.len_utf8()..).unwrap_or_default();
        let value = |next: &mut dyn FnMut() -> Option<String>| {
            if after.is_empty() { next() } else { Some(after.to_owned()) }
        };
        match letter {
            'i' | 'v' => view.headers = true,
            'f' => view.fails = true,
            'I' => *method = Some("HEAD".to_owned()),
            'G' => *get = true,
            'X' => {
                *method = value(next);
                return;
            }
            'o' => {
                view.discards |= value(next).is_some_and(|file| file != "-");
                return;
            }
            'w' => {
                view.written = value(next).and_then(|format| before_status(&format));
                return;
            }
            'd' | 'F' => {
                value(next);
                method.get_or_insert_with(|| "POST".to_owned());
                return;
            }
            'H' | 'u' | 'A' | 'b' | 'c' | 'e' | 'm' | 'x' | 'E' | 'D' | 'K' | 'r' | 'T' => {
                value(next);
                return;
            }
            _ => {}
        }
    }
}

/// `--name=value`, `-XPOST`, `-ofile`, `-d@file`.
fn split_option(argument: &str) -> (&str, Option<&str>) {
    if argument.starts_with("--") {
        return match argument.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (argument, None),
        };
    }
    match argument.get(..2) {
        Some(name @ ("-X" | "-d" | "-w" | "-o" | "-H" | "-F" | "-u" | "-m" | "-T")) => {
            (name, argument.get(2..).filter(|value| !value.is_empty()))
        }
        _ => (argument, None),
    }
}

/// What a write-out format prints before the status; `None` without one.
fn before_status(format: &str) -> Option<String> {
    let at = format.find("%{http_code}").or_else(|| format.find("%{response_code}"))?;
    let before = format.get(..at)?.replace("\\n", "\n").replace("\\t", "\t");
    let line = before.rsplit('\n').next().unwrap_or_default();
    // Variables of curl or the shell before it print what nobody can know.
    let known = line.rsplit(['}', '$']).next().unwrap_or_default();
    Some(if line.contains('$') { String::new() } else { known.to_owned() })
}
