//! What the calls around a string do with it: run it, show it to people, take
//! it as a condition.
//!
//! Which calls these are is [`super::context`]'s.

use super::context::Around;
use crate::flags::source::Language;

impl Around<'_> {
    /// Whether the expression is a message to people: a log, an error.
    pub(super) fn is_message(&self) -> bool {
        let key = matches!(
            self.key,
            b"message"
                | b"error"
                | b"msg"
                | b"title"
                | b"label"
                | b"description"
                | b"summary"
                | b"help"
                | b"placeholder"
                | b"detail"
                | b"hint"
                | b"tooltip"
                | b"reason"
        );
        let first = self.calls.first();
        let runs = first.and_then(|names| names.first()).is_some_and(|name| is_sink(name));
        let said = |names: &Vec<&[u8]>| names.iter().any(|name| is_said(name));
        key || self.thrown && !runs
            || first.is_some_and(said)
            || first.is_some_and(|names| is_answer(names))
            || !runs && self.calls.get(1).is_some_and(said)
    }

    /// Whether what the name is given is the string itself, not what a call
    /// made of it.
    pub(super) fn is_kept(&self) -> bool {
        self.calls.iter().all(|names| {
            names.first().is_some_and(|name| {
                matches!(
                    *name,
                    b"text"
                        | b"dedent"
                        | b"cleandoc"
                        | b"Template"
                        | b"SQL"
                        | b"raw"
                        | b"literal"
                        | b"format"
                        | b"String"
                        | b"unsafe"
                        | b"trim"
                        | b"Raw"
                        | b"freeze"
                        | b"join"
                )
            })
        })
    }

    /// `qb.where("…")`, `knex.whereRaw("…")`, `text("…")`: SQL is expected.
    pub(super) fn expects_sql(&self, language: Language) -> bool {
        self.calls.iter().take(2).any(|names| {
            let Some(name) = names.first() else { return false };
            let builder = matches!(
                *name,
                b"where"
                    | b"andWhere"
                    | b"orWhere"
                    | b"whereRaw"
                    | b"andWhereRaw"
                    | b"orWhereRaw"
                    | b"having"
                    | b"andHaving"
                    | b"havingRaw"
                    | b"orHavingRaw"
                    | b"joinRaw"
                    | b"orderByRaw"
                    | b"groupByRaw"
                    | b"raw"
                    | b"unsafe"
                    | b"selectRaw"
                    | b"orHaving"
                    | b"fromRaw"
                    | b"literal_column"
            );
            let own = matches!(*name, b"RawSQL" | b"literal" | b"Raw" | b"literal_column")
                || language == Language::Python && *name == b"text";
            let extra = *name == b"extra" && matches!(self.key, b"where" | b"select" | b"order_by");
            own || extra || builder && names.len() > 1
        })
    }

    /// The function that makes a string of a format, if one is called.
    pub(super) fn formats(&self) -> bool {
        self.calls.first().and_then(|names| names.first()).is_some_and(|name| {
            matches!(
                *name,
                b"format"
                    | b"sprintf"
                    | b"Sprintf"
                    | b"vsprintf"
                    | b"Format"
                    | b"Appendf"
                    | b"formatted"
                    | b"Fprintf"
            )
        })
    }
}

/// Functions that run a statement.
fn is_sink(name: &[u8]) -> bool {
    matches!(
        name,
        b"query"
            | b"execute"
            | b"raw"
            | b"run"
            | b"all"
            | b"exec"
            | b"prepare"
            | b"unsafe"
            | b"executemany"
            | b"executescript"
            | b"read_sql"
            | b"read_sql_query"
            | b"fetch"
            | b"fetchrow"
            | b"fetchval"
            | b"fetch_all"
            | b"fetch_one"
            | b"none"
            | b"one"
            | b"any"
            | b"many"
            | b"oneOrNone"
            | b"manyOrNone"
            | b"batch"
            | b"sql"
            | b"executeSql"
    ) || name.starts_with(b"$")
}

/// `res.send(…)`, `res.status(200).json(…)`
fn is_answer(names: &[&[u8]]) -> bool {
    matches!(
        names.first(),
        Some(
            &b"send"
                | &b"json"
                | &b"end"
                | &b"render"
                | &b"HttpResponse"
                | &b"jsonify"
                | &b"JSONResponse"
                | &b"JsonResponse"
        )
    )
}

fn is_said(name: &[u8]) -> bool {
    let lower = String::from_utf8_lossy(name).to_ascii_lowercase();
    matches!(
        lower.as_str(),
        "console"
            | "log"
            | "logger"
            | "logging"
            | "print"
            | "println"
            | "warn"
            | "warning"
            | "debug"
            | "info"
            | "trace"
            | "assert"
            | "_"
            | "t"
            | "gettext"
            | "describe"
            | "it"
            | "test"
            | "alert"
            | "puts"
            | "echo"
            | "fail"
            | "raise"
            | "fatal"
            | "printf"
            | "eprintln"
            | "confirm"
            | "prompt"
            | "flash"
            | "notify"
            | "toast"
            | "abort"
            | "regexp"
            | "send_message"
            | "reply"
            | "toequal"
            | "tobe"
            | "tocontain"
            | "tomatch"
            | "assertequal"
            | "option"
            | "add_argument"
            | "addoption"
            | "write"
    ) || lower.ends_with("error")
        || lower.ends_with("exception")
        || lower.ends_with("logger")
        || lower.ends_with("warning")
}
