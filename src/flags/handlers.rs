//! The functions that answer requests, and what they answer with: Express, Koa,
//! Fastify, Hono, NestJS, Next.js, Remix, Flask, FastAPI, Django, aiohttp.
//!
//! Whether an answer is made up is for [`super::placeholders`] to say.

mod answers;
mod javascript;
mod names;
pub(super) mod outline;
mod python;

pub(super) use answers::{Answer, answers, answers_within};
use outline::{Function, Outline};

use super::name::listed;
use super::source::Language;
use super::text::slice;

const METHODS: &str = "get post put patch delete all route api_route options head";
/// Receivers of routes that only tests and browsers know.
const STAND_INS: &str =
    "http rest msw nock mock cy page server_mock fetchMock graphql mockServer axiosMock";
/// Decorators that make a method a handler.
const DECORATORS: &str = "Get Post Put Patch Delete All Query Mutation ResolveField api_view require_GET \
    require_POST require_http_methods require_safe action get post put patch delete";
/// Calls around a function that make it a handler.
const WRAPPERS: &str =
    "defineEventHandler eventHandler defineCachedEventHandler cachedEventHandler onRequest onCall";
/// Names that a framework calls when they are exported.
const EXPORTED: &str = "GET POST PUT PATCH DELETE HEAD loader getServerSideProps getStaticProps";
/// Endings of the classes whose methods are handlers.
const VIEWS: [&str; 9] = [
    "View",
    "APIView",
    "Resource",
    "ViewSet",
    "Viewset",
    "HTTPEndpoint",
    "RequestHandler",
    "Controller",
    "Endpoint",
];
/// Methods of such classes.
const VIEW_METHODS: &str = "get post put patch delete list retrieve create update destroy";

/// One function that answers requests.
#[derive(Clone, Debug)]
pub(super) struct Handler {
    /// The number of the function in the outline.
    pub(super) function: usize,
    /// The route as written, empty when something else says it.
    pub(super) route: String,
    /// The token where its declaration begins.
    pub(super) start: usize,
    /// Whether the function is wrapped in a call that may catch for it.
    pub(super) wrapped: bool,
}

/// Every handler of a text.
pub(super) fn handlers(outline: &Outline<'_>) -> Vec<Handler> {
    let registered = (0..outline.code.tokens.len()).flat_map(|at| registered(outline, at));
    let declared = outline.functions.iter().enumerate().filter_map(|(number, function)| {
        let route = match outline.code.language {
            Language::JavaScript => declared(outline, function),
            Language::Python => decorated(outline, function),
            _ => None,
        }?;
        Some(Handler { function: number, route, start: function.start, wrapped: false })
    });
    registered.chain(declared).collect()
}

/// `router.get("/users", (req, res) => { … })`
fn registered(outline: &Outline<'_>, at: usize) -> Vec<Handler> {
    let code = outline.code;
    let dotted = at > 1 && code.sign(at - 1) == b'.' && code.sign(at + 1) == b'(';
    if code.language != Language::JavaScript || !dotted || !named(METHODS, code.name(at)) {
        return Vec::new();
    }
    let close = outline.closing(at + 1);
    let Some(route) = route_at(outline, at + 2) else { return Vec::new() };
    if named(STAND_INS, code.name(at - 2)) || close <= at + 1 {
        return Vec::new();
    }
    let within = outline.function_at(at);
    let first = outline.functions.partition_point(|one| one.body.start <= at);
    let all = outline.functions.iter().enumerate().skip(first);
    let inner = all.take_while(|(_, one)| one.body.start < close).take(64);
    let direct = inner.filter(|(_, one)| outline.function_at(one.start) == within);
    direct
        .map(|(function, one)| {
            let before = one.start.saturating_sub(1);
            let wrapped = code.sign(before) == b'(' && before != at + 1;
            Handler { function, route: route.clone(), start: at - 2, wrapped }
        })
        .collect()
}

/// What a framework calls by its name, its place or its decorator.
fn declared(outline: &Outline<'_>, function: &Function<'_>) -> Option<String> {
    let code = outline.code;
    let before = function.start.checked_sub(1)?;
    let exported = (function.start.saturating_sub(8)..=before).any(|at| code.name(at) == b"export");
    if exported && named(EXPORTED, function.name) {
        return Some(String::new());
    }
    if code.sign(before) == b'(' && before > 0 {
        if named(WRAPPERS, code.name(before - 1)) {
            return Some(String::new());
        }
        let procedure = (before.saturating_sub(60)..before)
            .any(|at| code.name(at).to_ascii_lowercase().ends_with(b"procedure"));
        if procedure && matches!(code.name(before - 1), b"query" | b"mutation") {
            return Some(String::new());
        }
    }
    if function.name == b"handler" {
        let takes = function.parameters.clone().next().map(|at| code.name(at));
        if takes.is_some_and(|name| matches!(name, b"event" | b"_event")) {
            return Some(String::new());
        }
        // `{ method: "GET", url: "/users", handler: … }`
        return (function.start.saturating_sub(80)..before).rev().find_map(|at| {
            let key = matches!(code.name(at), b"url" | b"path") && code.sign(at + 1) == b':';
            if key { route_at(outline, at + 2) } else { None }
        });
    }
    decorators_before(outline, function.start)
}

/// `@Get("users")` before a method.
fn decorators_before(outline: &Outline<'_>, start: usize) -> Option<String> {
    let code = outline.code;
    let mut at = start.checked_sub(1)?;
    for _ in 0..12 {
        while named("async public private protected static", code.name(at)) {
            at = at.checked_sub(1)?;
        }
        let open = outline.opening(at).filter(|_| code.sign(at) == b')')?;
        let name = open.checked_sub(1)?;
        let sign = name.checked_sub(1).filter(|&at| code.sign(at) == b'@')?;
        if named(DECORATORS, code.name(name)) {
            let text = code.token(open + 1).filter(|token| token.is_string());
            let route = text.map(|token| slice(code.text, token.content())).unwrap_or_default();
            return Some(String::from_utf8_lossy(route).into_owned());
        }
        at = sign.checked_sub(1)?;
    }
    None
}

/// `@app.get("/users")` above a function, `get` of a view.
fn decorated(outline: &Outline<'_>, function: &Function<'_>) -> Option<String> {
    let code = outline.code;
    let class = outline.class_at(function.start);
    let view = class.is_some_and(|class| {
        class.head.clone().any(|at| {
            let name = String::from_utf8_lossy(code.name(at));
            VIEWS.iter().any(|view| name.ends_with(view)) && code.name(at) != class.name
        })
    });
    if (view && named(VIEW_METHODS, function.name)) || function.name == b"lambda_handler" {
        return Some(String::new());
    }
    let column = outline.column(function.start)?;
    let mut at = function.start;
    for _ in 0..200 {
        at = at.checked_sub(1)?;
        let Some(here) = outline.column(at) else { continue };
        if here > column || matches!(code.sign(at), b')' | b']' | b'}') {
            continue;
        }
        if here < column || code.sign(at) != b'@' {
            return None;
        }
        let open = (at + 2..at + 10).find(|&at| code.sign(at) == b'(');
        let name = code.name(open.map_or(at + 1, |open| open - 1));
        let mocked = named("mock patch responses respx requests_mock", code.name(at + 1));
        if mocked {
            return None;
        }
        if named(METHODS, name) || named(DECORATORS, name) {
            let route = open.and_then(|open| {
                let token = code.token(open + 1).filter(|token| token.is_string())?;
                Some(String::from_utf8_lossy(slice(code.text, token.content())).into_owned())
            });
            return Some(route.unwrap_or_default());
        }
    }
    None
}

fn route_at(outline: &Outline<'_>, at: usize) -> Option<String> {
    let token = outline.code.token(at).filter(|token| token.is_string())?;
    let route = String::from_utf8_lossy(slice(outline.code.text, token.content()));
    (route.starts_with('/') || route.is_empty() || route == "*").then(|| route.into_owned())
}

pub(super) fn named(list: &str, name: &[u8]) -> bool {
    !name.is_empty() && std::str::from_utf8(name).is_ok_and(|name| listed(list, name))
}
