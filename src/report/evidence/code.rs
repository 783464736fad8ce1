//! The requests of Python and JavaScript code, as far as they can be seen.

use super::command;
use super::request::{REQUESTS_MAX, Request, View, request};

/// Code longer than this is not searched for calls.
const CODE_BYTES_MAX: usize = 256 * 1024;

/// The requests of a script, told by the ending of its name.
pub(super) fn in_script(name: &str, text: &str) -> Vec<Request> {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("py" | "js" | "mjs" | "cjs" | "ts" | "mts" | "rb") => in_code(text),
        Some("sh" | "bash") => {
            command::parts(text).iter().flat_map(super::request::of_part).collect()
        }
        _ => Vec::new(),
    }
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
                (arguments.method(), arguments.first.clone().or_else(|| arguments.url()))
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
        let (first, rest) = literal(after_base(text.trim_start()));
        let rest = rest.trim_start().strip_prefix(',').unwrap_or_default().trim_start();
        Self { first, second: literal(rest).0, text }
    }

    /// `url: '…'` of an object of options.
    fn url(&self) -> Option<String> {
        let options = self.text.trim_start().strip_prefix('{')?;
        let rest = options.split_once("url")?.1.trim_start_matches(['"', '\'']).trim_start();
        literal(rest.strip_prefix(':')?.trim_start()).0
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

/// What follows the base in `BASE + "/x"`.
fn after_base(text: &str) -> &str {
    let rest = text
        .trim_start_matches(|letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.'));
    match rest.trim_start().strip_prefix('+') {
        Some(rest) if !text.starts_with(rest) => rest.trim_start(),
        _ => text,
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
