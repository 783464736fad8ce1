//! SQL built by joining strings: the way an injection gets in.
//!
//! A string that is a statement, joined with a value that is not a constant,
//! is found where the string begins. Handing the value over as a parameter is
//! what everybody should do instead.

mod expression;
mod format;
mod prefilter;
mod safe;
mod statement;

use std::collections::HashSet;

pub(super) use prefilter::may_be_joined;

use expression::{Joined, Source};
use format::format_slots;
use safe::Constants;
use statement::Slot;

use super::source::code::Code;
use super::source::{Form, Kind, Language, Token};
use super::text::Hit;

/// Every statement of the text that is built by joining.
pub(super) fn find(code: Code<'_>, hits: &mut Vec<Hit>) {
    let language = code.language;
    let constants = Constants::of(code.text, &code.tokens);
    let source = Source { code, constants };
    // Measured: elsewhere the rule is not precise enough to block.
    let sure = matches!(language, Language::JavaScript | Language::Python);
    let mut search = Search { source: &source, sure, variables: HashSet::new(), hits };
    let mut at = 0;
    while at < source.code.tokens.len() {
        at = search.step(at).max(at + 1);
    }
}

struct Search<'a> {
    source: &'a Source<'a>,
    sure: bool,
    /// Names that hold the begin of a statement.
    variables: HashSet<&'a [u8]>,
    hits: &'a mut Vec<Hit>,
}

impl<'a> Search<'a> {
    /// Looks at one token; the place to go on from.
    fn step(&mut self, at: usize) -> usize {
        let Some(token) = self.source.code.tokens.get(at) else { return at + 1 };
        match token.kind {
            Kind::Text(form) => self.text(at, token, form),
            Kind::Name if self.variables.contains(token.text(self.source.code.text)) => {
                self.variable(at, token);
                at + 1
            }
            _ => at + 1,
        }
    }

    fn text(&mut self, at: usize, token: &Token, form: Form) -> usize {
        if self.is_tagged(at, form) {
            return at + 1;
        }
        let joined = self.source.joined(at);
        let appended = self.appends_to_statement(at);
        let condition = self.is_argument_of_where(at) && statement::is_condition(&joined.words);
        let is_sql = statement::is_sql(&joined.words);
        if !is_sql
            && !condition
            && !(appended && (statement::is_clause(&joined.words) || !joined.slots.is_empty()))
        {
            return at + 1;
        }
        if is_sql && let Some(name) = self.assigned_to(at) {
            self.variables.insert(name);
        }
        let mut slots = joined.slots.clone();
        if slots.is_empty() && is_sql {
            slots = self.formatted_by_call(at, &joined);
        }
        if statement::is_definition(&joined.words) {
            slots.fill(Slot::Identifier);
        }
        if !slots.is_empty() && !self.is_message(at) {
            self.report(token, &slots);
        }
        joined.end
    }

    fn report(&mut self, token: &Token, slots: &[Slot]) {
        let names_only = slots.iter().all(|slot| *slot == Slot::Identifier);
        let (rule, kind) = match (names_only, self.sure) {
            (true, _) => ("sql-identifier", "a name is put into an SQL statement"),
            (false, true) => ("sql-concatenation", "a value is put into an SQL statement"),
            (false, false) => ("sql-concatenation-other", "a value is put into an SQL statement"),
        };
        self.hits.push(Hit { rule, span: token.span(), kind: kind.to_owned(), secret: false });
    }

    /// A name that holds a statement: `sql + x`, `sql % x`, `sql += x`, `sql.format(x)`.
    fn variable(&mut self, at: usize, token: &Token) {
        let source = self.source;
        let sign = |offset: usize| {
            source.code.tokens.get(at + offset).map_or(0, |token| match token.kind {
                Kind::Sign(sign) => sign,
                _ => 0,
            })
        };
        let python = source.code.language == Language::Python;
        let value = match (sign(1), sign(2)) {
            (b'+', b'=') => at + 3,
            (b'+', next) if next != b'+' => at + 2,
            (b'.', b'=') if source.code.language == Language::Php => at + 3,
            (b'%', _) if python => at + 2,
            (b'.', _) if python && sign(3) == b'(' && self.name(at + 2) == b"format" => at + 3,
            _ => return,
        };
        let end = source.code.operand_end(value);
        let (Some(first), Some(last)) =
            (source.code.tokens.get(value), source.code.tokens.get(end.saturating_sub(1)))
        else {
            return;
        };
        // A string that is appended is looked at when it is reached.
        let is_text = matches!(first.kind, Kind::Text(_) | Kind::Number) && end == value + 1;
        let code = super::text::slice(source.code.text, first.start()..last.end());
        let inner =
            code.strip_prefix(b"(").and_then(|code| code.strip_suffix(b")")).unwrap_or(code);
        let other_statement = self.variables.contains(inner) || is_clause_name(inner);
        if end > value
            && !is_text
            && !other_statement
            && !source.is_safe(inner)
            && !self.is_message(at)
        {
            self.report(token, &[Slot::Value]);
        }
    }

    fn name(&self, at: usize) -> &'a [u8] {
        self.source.code.name(at)
    }

    fn sign(&self, at: usize) -> u8 {
        self.source.code.sign(at)
    }

    /// Whether a template belongs to a tag that makes parameters of its values.
    fn is_tagged(&self, at: usize, form: Form) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        if form != Form::Template {
            return false;
        }
        let word = self.name(before);
        let keyword = matches!(
            word,
            b"return"
                | b"await"
                | b"yield"
                | b"case"
                | b"typeof"
                | b"in"
                | b"of"
                | b"default"
                | b"else"
                | b"throw"
                | b"void"
        );
        let call = self.sign(before) == b')' || self.sign(before) == b'>';
        let adjacent = self.source.code.tokens.get(before).map(Token::end)
            == self.source.code.tokens.get(at).map(Token::start);
        (!word.is_empty() && !keyword && word != b"raw")
            || (call && adjacent && self.sign(before.wrapping_sub(1)) != b'=')
    }

    /// The name that the expression beginning at `at` is assigned to.
    fn assigned_to(&self, at: usize) -> Option<&'a [u8]> {
        let mut before = at.checked_sub(1)?;
        while self.sign(before) == b'(' || matches!(self.name(before), b"await") {
            before = before.checked_sub(1)?;
        }
        if self.sign(before) != b'=' {
            return None;
        }
        before = before.checked_sub(1)?;
        if matches!(self.sign(before), b':' | b'+') {
            before = before.checked_sub(1)?;
        }
        let name = self.name(before);
        // `var sql string =`
        let go = self.source.code.language == Language::Go
            && before >= 2
            && self.name(before - 2) == b"var";
        let name = if go { self.name(before - 1) } else { name };
        // `let sql: string =`
        let typed = before
            .checked_sub(2)
            .filter(|two| self.sign(two + 1) == b':')
            .map(|two| self.name(two));
        Some(typed.filter(|name| !name.is_empty()).unwrap_or(name)).filter(|name| !name.is_empty())
    }

    /// `sql += "…"`, `sql = sql + "…"`
    fn appends_to_statement(&self, at: usize) -> bool {
        let Some(plus) = at.checked_sub(1) else { return false };
        let name = |back: usize| plus.checked_sub(back).map_or(&b""[..], |at| self.name(at));
        let appended = self.sign(plus) == b'='
            && plus.checked_sub(1).is_some_and(|at| matches!(self.sign(at), b'+' | b'.'))
            && self.variables.contains(name(2));
        appended || (self.sign(plus) == b'+' && self.variables.contains(name(1)))
    }

    /// The names that are called around the expression: `db`, `query`.
    fn callee(&self, at: usize) -> Vec<&'a [u8]> {
        let mut before = at;
        while before > 0 && matches!(self.sign(before - 1), b'(' | b'[') && before + 4 > at {
            before -= 1;
            if self.sign(before) == b'(' && before > 0 && !self.name(before - 1).is_empty() {
                let mut names = vec![self.name(before - 1)];
                let mut dot = before.saturating_sub(2);
                while names.len() < 4 && dot > 0 && matches!(self.sign(dot), b'.' | b':') {
                    names.push(self.name(dot - 1));
                    dot = dot.saturating_sub(2);
                }
                return names;
            }
        }
        Vec::new()
    }

    /// Whether the expression is a message to people: a log, an error.
    fn is_message(&self, at: usize) -> bool {
        self.callee(at).iter().any(|name| {
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
            ) || lower.ends_with("error")
                || lower.ends_with("exception")
                || lower.ends_with("logger")
                || lower.ends_with("warning")
        })
    }

    /// `qb.where("…")`, `knex.whereRaw("…")`
    fn is_argument_of_where(&self, at: usize) -> bool {
        let callee = self.callee(at);
        let known = callee.first().is_some_and(|name| {
            matches!(
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
                    | b"RawSQL"
                    | b"raw"
            )
        });
        known && callee.len() > 1
    }

    /// `format("SELECT … %s", x)`, `fmt.Sprintf(…)`, `format!(…)`.
    fn formatted_by_call(&self, at: usize, joined: &Joined) -> Vec<Slot> {
        let callee = self.callee(at);
        let Some(name) = callee.first() else { return self.formatted_by_macro(at, joined) };
        let formats = matches!(
            *name,
            b"format"
                | b"sprintf"
                | b"Sprintf"
                | b"vsprintf"
                | b"Format"
                | b"Appendf"
                | b"formatted"
                | b"Fprintf"
        );
        let more = self.sign(joined.end) == b',';
        let safe_format = joined.words.contains("%L") || joined.words.contains("%I");
        let end = if more { self.source.code.closing(at - 1) } else { at };
        let literal = (joined.end + 1..end.saturating_sub(1)).all(|at| {
            matches!(
                self.source.code.tokens.get(at).map(|token| token.kind),
                Some(Kind::Text(_) | Kind::Number | Kind::Sign(b','))
            ) || self.source.code.tokens.get(at).is_some_and(|token| {
                token.kind == Kind::Name && self.source.is_safe(token.text(self.source.code.text))
            })
        });
        if formats && more && !safe_format && !literal {
            format_slots(&joined.words)
        } else {
            Vec::new()
        }
    }

    /// `format!("SELECT … {}", x)` and `format!("SELECT … {x}")`
    fn formatted_by_macro(&self, at: usize, joined: &Joined) -> Vec<Slot> {
        let is_macro = self.source.code.language == Language::Rust
            && at
                .checked_sub(3)
                .is_some_and(|at| self.name(at) == b"format" && self.sign(at + 1) == b'!');
        if is_macro { format_slots(&joined.words) } else { Vec::new() }
    }
}

/// Names of prepared clauses, which are looked at where they are made.
fn is_clause_name(name: &[u8]) -> bool {
    let lower = String::from_utf8_lossy(name).to_ascii_lowercase();
    [
        "clause",
        "conditions",
        "wheresql",
        "where_sql",
        "wherestr",
        "placeholders",
        "suffix_sql",
        "order_by",
        "orderby",
        "limit_clause",
    ]
    .iter()
    .any(|part| lower.contains(part))
}
