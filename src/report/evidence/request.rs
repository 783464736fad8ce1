//! The requests that a command makes: curl, httpie, wget, PowerShell, and
//! calls in Python and Node code that can be seen.
//!
//! What came back is [`super::answer`]'s.

use super::super::route::Route;
use super::code::in_code;
use super::command::Part;
use super::curl::curl;
use super::wrapper;

/// More requests of one command are not looked at.
pub(super) const REQUESTS_MAX: usize = 200;

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

pub(super) fn request(method: &str, url: &str, view: View) -> Option<Request> {
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
