//! The requests that a command makes: curl, httpie, wget, PowerShell, and
//! calls in Python and Node code that can be seen.
//!
//! What came back is [`super::answer`]'s.

use super::super::route::Route;
use super::command::Part;
use super::wrapper;

/// More requests of one command are not looked at.
const REQUESTS_MAX: usize = 200;

/// Code longer than this is not searched for calls.
const CODE_BYTES_MAX: usize = 256 * 1024;

/// A request as a command spells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) route: Route,
    /// `localhost:8000`, for "the server answered later".
    pub(super) host: String,
    /// What the command shows of the answer.
    pub(super) view: View,
}

/// What a command shows of an answer.
#[expect(clippy::struct_excessive_bools, reason = "independent options of a client")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct View {
    /// Failure to connect or a status of 400 and more is an error (`-f`).
    pub(super) fails: bool,
    /// The body goes nowhere.
    pub(super) discards: bool,
    /// The headers are shown (`-i`, `-v`, `-I`).
    pub(super) headers: bool,
    /// What is printed before the status (`-w`).
    pub(super) written: Option<String>,
    /// Code that prints what it likes.
    pub(super) by_code: bool,
}

/// The requests of one part of a command.
pub(super) fn of_part(part: &Part) -> Vec<Request> {
    let Some((program, arguments)) = part.words.split_first() else { return Vec::new() };
    let mut found = match wrapper::name(program) {
        "curl" | "curl.exe" | "curlie" => curl(arguments),
        "http" | "https" | "xh" | "xhs" | "httpie" => httpie(arguments),
        "wget" => wget(arguments),
        "Invoke-RestMethod" | "Invoke-WebRequest" | "irm" | "iwr" => powershell(arguments),
        program if is_interpreter(program) => {
            let inline = arguments.iter().map(String::as_str).chain(part.stdin.as_deref());
            inline.flat_map(in_code).collect()
        }
        _ => Vec::new(),
    };
    found.truncate(REQUESTS_MAX);
    for request in &mut found {
        request.view.discards |= part.discards || part.files.iter().any(|file| file == "/dev/null");
    }
    found
}

fn is_interpreter(program: &str) -> bool {
    ["python", "node", "deno", "bun", "tsx", "ruby", "php", "perl"]
        .iter()
        .any(|name| program.starts_with(name))
}

/// `GET`, or what `-X`, data and the like make of it.
fn curl(arguments: &[String]) -> Vec<Request> {
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

fn httpie(arguments: &[String]) -> Vec<Request> {
    let mut words = arguments.iter().filter(|word| !word.starts_with('-'));
    let Some(first) = words.next() else { return Vec::new() };
    let is_method = first.len() > 2 && first.chars().all(|letter| letter.is_ascii_uppercase());
    let (method, url) =
        if is_method { (Some(first.as_str()), words.next()) } else { (None, Some(first)) };
    let Some(url) = url else { return Vec::new() };
    let has_data = words.any(|word| word.contains('=') && !word.contains("=="));
    let method = method.unwrap_or(if has_data { "POST" } else { "GET" });
    let view = View {
        headers: true,
        fails: arguments.iter().any(|word| word == "--check-status"),
        ..View::default()
    };
    request(method, url, view).into_iter().collect()
}

fn wget(arguments: &[String]) -> Vec<Request> {
    let value = |name: &str| arguments.iter().find_map(|word| word.strip_prefix(name));
    let posts = arguments
        .iter()
        .any(|word| word.starts_with("--post-data") || word.starts_with("--post-file"));
    let method = value("--method=").unwrap_or(if posts { "POST" } else { "GET" });
    let headers = arguments.iter().any(|word| matches!(word.as_str(), "-S" | "--server-response"));
    // wget ends with an error on a status of 400 and more.
    let view = View { fails: true, headers, ..View::default() };
    let urls = arguments.iter().filter(|word| {
        !word.starts_with('-') && (word.contains("://") || word.contains('/')) && word.len() > 2
    });
    urls.filter_map(|url| request(method, url, view.clone())).collect()
}

fn powershell(arguments: &[String]) -> Vec<Request> {
    let after = |name: &str| {
        let at = arguments.iter().position(|word| word.eq_ignore_ascii_case(name))?;
        arguments.get(at + 1)
    };
    let url = after("-Uri").or_else(|| arguments.iter().find(|word| word.contains("://")));
    let method = after("-Method").map_or("GET", String::as_str);
    let view = View { fails: true, ..View::default() };
    url.and_then(|url| request(method, url, view)).into_iter().collect()
}

/// Calls in Python and JavaScript: `requests.post("…")`, `fetch("…", {method: …})`.
pub(super) fn in_code(code: &str) -> Vec<Request> {
    const METHODS: &[&str] = &["get", "post", "put", "patch", "delete", "head", "options"];
    let mut found = Vec::new();
    if code.len() > CODE_BYTES_MAX {
        return found;
    }
    for (at, _) in code.match_indices('(') {
        let Some((before, after)) = code.get(..at).zip(code.get(at + 1..)) else { continue };
        let callee: &str = before
            .rsplit(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '_' | '.')))
            .next()
            .unwrap_or_default();
        let name = callee.rsplit('.').next().unwrap_or_default();
        let is_call = callee.contains('.');
        let arguments = Arguments::of(after);
        let (method, url) = match name.to_ascii_lowercase().as_str() {
            "fetch" | "urlopen" | "ofetch" | "got" | "axios" | "request"
                if name == "request" && is_call =>
            {
                (arguments.first.clone(), arguments.second.clone())
            }
            "fetch" | "urlopen" | "request" | "ofetch" | "got" | "axios" => {
                (arguments.method(), arguments.first.clone())
            }
            lower if is_call && METHODS.contains(&lower) => {
                (Some(lower.to_owned()), arguments.first.clone())
            }
            _ => continue,
        };
        let Some(url) = url.filter(|url| url.contains('/')) else { continue };
        // `app.get("/x")` declares a route; a client's call names a host or is a test client.
        let declares = !url.contains("://")
            && !url.contains('$')
            && !url.contains('{')
            && ["app", "router", "api", "server", "bp", "blueprint", "fastify"].iter().any(
                |name| {
                    callee.rsplit('.').nth(1).is_some_and(|owner| owner.eq_ignore_ascii_case(name))
                },
            );
        if declares || found.len() >= REQUESTS_MAX {
            continue;
        }
        let view = View { by_code: true, ..View::default() };
        found.extend(request(&method.unwrap_or_else(|| "GET".to_owned()), &url, view));
    }
    found
}

/// The first string literals of a call, and the text up to its end.
struct Arguments<'a> {
    first: Option<String>,
    second: Option<String>,
    text: &'a str,
}

impl<'a> Arguments<'a> {
    fn of(after: &'a str) -> Self {
        let end =
            after.char_indices().take(600).last().map_or(0, |(at, letter)| at + letter.len_utf8());
        let text = after.get(..end).unwrap_or(after);
        let (first, rest) = literal(text.trim_start());
        let rest = rest.trim_start().strip_prefix(',').unwrap_or_default().trim_start();
        Self { first, second: literal(rest).0, text }
    }

    /// `method: 'POST'`, `method="POST"`.
    fn method(&self) -> Option<String> {
        let at = self.text.find("method")?;
        // A statement later in the text is another call's.
        let close = self.text.find(['\n', ';']).unwrap_or(self.text.len());
        let rest = self.text.get(at + "method".len()..)?;
        let rest = rest.trim_start_matches(['"', '\'', ' ', ':', '=']);
        let word: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
        (at < close && !word.is_empty()).then_some(word)
    }
}

/// A quoted text at the start, and what follows it. `f"…"` counts as well.
fn literal(text: &str) -> (Option<String>, &str) {
    let bare = text
        .strip_prefix(['f', 'r', 'b', 'F'])
        .filter(|rest| rest.starts_with(['"', '\'']))
        .unwrap_or(text);
    let Some(quote) = bare.chars().next().filter(|first| matches!(first, '"' | '\'' | '`')) else {
        return (None, text);
    };
    let body = bare.get(1..).unwrap_or_default();
    match body.find(quote) {
        Some(end) => (body.get(..end).map(str::to_owned), body.get(end + 1..).unwrap_or_default()),
        None => (None, text),
    }
}

fn request(method: &str, url: &str, view: View) -> Option<Request> {
    let route = Route::new(method, url)?;
    let bare = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = bare.split('/').next().unwrap_or_default().to_owned();
    let host = if host.starts_with(':') { format!("localhost{host}") } else { host };
    Some(Request { route, host, view })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(command: &str, expected: &[&str]) {
        let parts = super::super::command::parts(command);
        let shown: Vec<String> =
            parts.iter().flat_map(of_part).map(|request| request.route.to_string()).collect();
        assert_eq!(shown, expected, "{command}");
    }

    #[test]
    fn reads_command_line_clients() {
        check("curl -s localhost:8000/a", &["GET /a"]);
        check("curl -sSiX POST http://localhost/a -H 'X: y' -d @f", &["POST /a"]);
        check("curl -XDELETE \"$BASE/a/$ID\"", &["DELETE /a/$ID"]);
        check("curl -sd '{}' localhost/a", &["POST /a"]);
        check("curl -G -d q=1 localhost/a", &["GET /a"]);
        check("curl -I localhost/a", &["HEAD /a"]);
        check("curl localhost/a localhost/b", &["GET /a", "GET /b"]);
        check("http POST :8000/a x=1", &["POST /a"]);
        check("http :8000/a", &["GET /a"]);
        check("wget -qO- http://localhost:8000/a", &["GET /a"]);
        check("wget --method=PUT -O - http://localhost/a", &["PUT /a"]);
        check("Invoke-RestMethod -Method Post -Uri http://localhost/a", &["POST /a"]);
        check("x=$(curl -s localhost/a | jq -r .id)", &["GET /a"]);
        check("echo curl localhost/a", &[]);
    }

    #[test]
    fn reads_calls_in_code() {
        check(
            "python3 -c \"import requests; requests.post('http://localhost/a', json={})\"",
            &["POST /a"],
        );
        check("python3 - <<'E'\nurllib.request.urlopen(\"http://localhost/a\")\nE", &["GET /a"]);
        check("node -e \"fetch('http://localhost/a', {method: 'PUT'}).then(x)\"", &["PUT /a"]);
        check("node -e \"axios.get('http://localhost/a')\"", &["GET /a"]);
        check("python app.py", &[]);
    }

    #[test]
    fn knows_what_is_shown_of_an_answer() {
        let view =
            |command: &str| of_part(&super::super::command::parts(command)[0])[0].view.clone();
        assert_eq!(
            view("curl -s -o /dev/null -w '%{http_code}' localhost/a").written.as_deref(),
            Some("")
        );
        assert_eq!(
            view("curl -w '\\nStatus: %{http_code}\\n' localhost/a").written.as_deref(),
            Some("Status: ")
        );
        assert!(view("curl -s localhost/a > /dev/null").discards);
        assert!(view("curl -sf localhost/a").fails);
        assert!(view("curl -sv localhost/a").headers);
    }
}
