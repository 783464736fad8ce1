//! Stand-ins for work that was not done: endpoints that answer with made-up
//! data, functions that say they are not implemented.
//!
//! Whether a route exists at all, and was tried, is [`crate::report`]'s.

use memchr::memmem;

use super::handlers::{Handler, handlers};
use super::source::code::Code;
use super::source::{Kind, Language};
use super::text::Hit;

/// Words of made-up data, in lower case.
const MADE_UP: [&str; 18] = [
    "john doe",
    "jane doe",
    "john smith",
    "jane smith",
    "john@",
    "jane@",
    "@example.com",
    "lorem ipsum",
    "acme",
    "123 main st",
    "555-",
    "test user",
    "foo bar",
    "mock",
    "dummy",
    "fake",
    "sample ",
    "placeholder",
];
/// Routes whose answer is a literal by nature.
const LITERAL_BY_NATURE: &str = "health healthz version ping status ready readyz live livez metrics config robots docs openapi manifest favicon constants enums";
/// Calls that only form an answer.
const ANSWERS: &str = "json send status jsonify Response NextResponse sendStatus code reply header set type dict list JSONResponse make_response \
    end toISOString now Date String Number log info debug setHeader writeHead ok map";
/// Admissions in comments, in lower case.
const ADMISSIONS: [&[u8]; 8] = [
    b"in a real implementation",
    b"in a real app",
    b"replace with actual",
    b"replace with real",
    b"mock data for now",
    b"mock response",
    b"placeholder implementation",
    b"hardcoded for now",
];

/// Whether a text can hold a route at all: most files do not, and are not cut
/// into tokens for it.
pub(super) fn may_hold_routes(text: &[u8]) -> bool {
    const SIGNS: [&[u8]; 8] = [
        b"(\"/",
        b"('/",
        b"(`/",
        b"function GET",
        b"function POST",
        b"function PUT",
        b"function PATCH",
        b"function DELETE",
    ];
    SIGNS.iter().any(|sign| memmem::find(text, sign).is_some())
}

/// Everything that stands in for work in a text.
pub(super) fn find(code: &Code<'_>, hits: &mut Vec<Hit>) {
    for handler in handlers(code) {
        if is_made_up(code, &handler) {
            hits.push(hit(
                "placeholder-endpoint",
                handler.start,
                handler.end,
                "the handler answers with literal data",
            ));
        }
    }
    not_implemented(code, hits);
    admissions(code.text, hits);
}

/// Whether a handler answers with records that are written out, and calls nothing.
fn is_made_up(code: &Code<'_>, handler: &Handler) -> bool {
    if handler.route.split('/').any(|part| super::name::listed(LITERAL_BY_NATURE, part)) {
        return false;
    }
    let mut made_up = false;
    let mut records = 0;
    for at in handler.body.clone() {
        let Some(token) = code.tokens.get(at) else { break };
        match token.kind {
            Kind::Name => {
                let name = code.name(at);
                let word = String::from_utf8_lossy(name);
                let called = code.sign(at + 1) == b'(' && code.sign(at.wrapping_sub(1)) != b'@';
                if matches!(name, b"await" | b"yield" | b"raise" | b"throw")
                    || (called
                        && !super::name::listed(ANSWERS, &word)
                        && !matches!(
                            name,
                            b"if" | b"for" | b"switch" | b"catch" | b"function" | b"def"
                        ))
                {
                    return false;
                }
            }
            Kind::Text(_) => {
                let lower = code.words(at, 400);
                made_up |=
                    MADE_UP.iter().any(|word| memmem::find(&lower, word.as_bytes()).is_some());
            }
            Kind::Sign(b'{') => records += usize::from(is_record(code, at)),
            _ => {}
        }
    }
    made_up && records >= 1 || records >= 3
}

/// `{ id: 1, name: "x" }`: at least two keys whose values are written out.
fn is_record(code: &Code<'_>, open: usize) -> bool {
    let close = code.closing(open).min(open + 60);
    let values = (open + 1..close).filter(|&at| {
        let value = code
            .tokens
            .get(at + 1)
            .is_some_and(|token| matches!(token.kind, Kind::Text(_) | Kind::Number));
        code.sign(at) == b':' && value
    });
    values.count() >= 2
}

/// `throw new Error("not implemented")`, `todo!()`.
fn not_implemented(code: &Code<'_>, hits: &mut Vec<Hit>) {
    for at in 0..code.tokens.len() {
        let admits = match code.language {
            Language::JavaScript | Language::Java | Language::CSharp | Language::Php => {
                code.name(at) == b"throw" && admits(code, at + 1)
            }
            Language::Python => {
                code.name(at) == b"raise"
                    && code.name(at + 1) != b"NotImplementedError"
                    && admits(code, at + 1)
            }
            Language::Rust => code.name(at) == b"todo" && code.sign(at + 1) == b'!',
            Language::Go => code.name(at) == b"panic" && admits(code, at + 1),
            Language::Ruby => false,
        };
        if let (true, Some(token)) = (admits, code.tokens.get(at)) {
            hits.push(hit(
                "placeholder-not-implemented",
                token.start(),
                token.end(),
                "this is not implemented",
            ));
        }
    }
}

/// Whether one of the next few tokens is a text that says so.
fn admits(code: &Code<'_>, from: usize) -> bool {
    (from..from + 5).any(|at| match code.tokens.get(at).map(|token| token.kind) {
        Some(Kind::Text(_)) => {
            let lower = code.words(at, 200);
            [&b"not implemented"[..], b"not yet implemented", b"unimplemented", b"todo"].iter().any(
                |word| {
                    lower.starts_with(word) || memmem::find(&lower, b"not implemented").is_some()
                },
            )
        }
        _ => false,
    })
}

/// Comments that admit it.
fn admissions(text: &[u8], hits: &mut Vec<Hit>) {
    let mut at = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n').take(200_000) {
        let start = at;
        at += line.len();
        let trimmed = line.trim_ascii_start();
        let comment = [&b"//"[..], b"#", b"*", b"/*"].iter().any(|mark| trimmed.starts_with(mark));
        if comment && line.len() < 400 {
            let lower = trimmed.to_ascii_lowercase();
            if ADMISSIONS.iter().any(|words| memmem::find(&lower, words).is_some()) {
                hits.push(hit(
                    "placeholder-admitted",
                    start,
                    at,
                    "a comment says that this is a stand-in",
                ));
            }
        }
    }
}

fn hit(rule: &'static str, start: usize, end: usize, kind: &str) -> Hit {
    Hit { rule, span: start..end, kind: kind.to_owned(), secret: false }
}
