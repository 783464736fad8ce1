//! What an expression is worth, and which calls it makes.
//!
//! One evaluator for five languages: they differ in their tables and in a
//! handful of operators. It never runs anything; fuel and depth bound it.

use std::collections::HashMap;

use super::calls::find;
use super::lex::{Code, Piece, Token};
use super::value::{Value, join_path};
use super::{Language, Run, ScriptDir, ScriptEffects};
use super::{imports, javascript, perl, php, python, ruby};

/// Deepest nesting of expressions that is folded.
const DEPTH_MAX: usize = 48;

/// A function that the script itself defines.
#[derive(Clone, Debug, Default)]
pub(super) struct Function {
    pub(super) params: Vec<(String, Option<Value>)>,
    /// What its callers pass, by position.
    pub(super) passed: Vec<Value>,
    /// What it returns.
    pub(super) returns: Option<Value>,
    /// It is handed on as a value, so that anything may be passed.
    pub(super) escapes: bool,
}

/// The state of one pass over a script.
pub(super) struct Walk<'a> {
    pub(super) language: Language,
    pub(super) argv: &'a [String],
    pub(super) names: HashMap<String, (Value, usize)>,
    /// What names were worth at the end of the pass before.
    pub(super) earlier: HashMap<String, (Value, usize)>,
    pub(super) functions: HashMap<String, Function>,
    pub(super) effects: ScriptEffects,
    pub(super) dir: ScriptDir,
    pub(super) fuel: usize,
    pub(super) depth: usize,
    pub(super) nesting: usize,
}

/// One call: its name, and where its arguments stand.
pub(super) struct Call<'c> {
    pub(super) code: &'c Code,
    pub(super) name: String,
    pub(super) receiver: Option<Value>,
    /// First token of each argument, with its keyword.
    pub(super) args: Vec<(Option<String>, usize)>,
}

impl Walk<'_> {
    /// The expression that starts at `at`, and the token after it.
    pub(super) fn expr(&mut self, code: &Code, at: usize) -> (Value, usize) {
        if self.depth >= DEPTH_MAX || self.fuel == 0 {
            self.effects.opaque |= self.fuel == 0;
            return (Value::Unknown, at + 1);
        }
        self.fuel -= 1;
        self.depth += 1;
        let result = self.operators(code, at);
        self.depth -= 1;
        result
    }

    fn operators(&mut self, code: &Code, at: usize) -> (Value, usize) {
        let (mut value, mut at) = self.chain(code, at, false);
        loop {
            let Some(token) = code.get(at) else { return (value, at) };
            let word = match token {
                Token::Op(op) => *op,
                Token::Word(word) => word.as_str(),
                Token::Text(_) if self.language == Language::Python => "text",
                _ => return (value, at),
            };
            match (word, self.language) {
                ("text", _) => (value, at) = self.joined(code, at, &value, Value::concat),
                ("+", Language::Ruby) if matches!(value, Value::Texts(_)) => {
                    (value, at) = self.joined(code, at + 1, &value, Value::concat);
                }
                ("+", Language::Python | Language::JavaScript | Language::Ruby)
                | (".", Language::Perl | Language::Php) => {
                    (value, at) = self.joined(code, at + 1, &value, Value::concat);
                }
                ("/", Language::Python | Language::Ruby) => {
                    (value, at) = self
                        .joined(code, at + 1, &value, |left, right| left.combine(right, join_path));
                }
                ("%", Language::Python | Language::Ruby) => {
                    (value, at) = self.joined(code, at + 1, &value, percent);
                }
                ("or", Language::Perl | Language::Ruby | Language::Php) => return (value, at),
                ("or" | "||" | "??" | "//", _) => {
                    let (other, next) = self.expr(code, at + 1);
                    (value, at) = (value.or(other), next);
                }
                ("?", _) => {
                    let (one, next) = self.expr(code, at + 1);
                    if !code.is(next, ":") {
                        return (one, next);
                    }
                    let (other, next) = self.expr(code, next + 1);
                    (value, at) = (one.or(other), next);
                }
                ("if", Language::Python) => {
                    let (_, next) = self.expr(code, at + 1);
                    if code.word(next) != Some("else") {
                        return (value, at);
                    }
                    let (other, next) = self.expr(code, next + 1);
                    (value, at) = (value.or(other), next);
                }
                ("=>", Language::JavaScript) => {
                    let body = if code.is(at + 1, "{") {
                        code.close(at + 1) + 1
                    } else {
                        self.expr(code, at + 1).1
                    };
                    return (Value::Unknown, body);
                }
                (
                    "and" | "&&" | "==" | "!=" | "===" | "!==" | "<" | ">" | "<=" | ">=" | "-"
                    | "*" | "**" | "|" | "&" | "^" | "<<" | ">>" | "=~" | "!~" | "<=>" | "%" | "+"
                    | "eq" | "ne" | "x" | "instanceof" | "in" | "is" | "not" | "lt" | "gt" | "..",
                    _,
                ) if !(word == "in" && self.language != Language::Python) => {
                    // `O_WRONLY | O_CREAT` keeps the names, for the mode.
                    let (other, next) = self.expr(code, at + 1);
                    value = match (word, value, other) {
                        ("|", Value::Name(left), Value::Name(right))
                            if left.ends_with("RDONLY") =>
                        {
                            Value::Name(right)
                        }
                        ("|", Value::Name(left), _) => Value::Name(left),
                        ("*", Value::List(items), _) => Value::List(items),
                        _ => Value::Unknown,
                    };
                    at = next;
                }
                _ => return (value, at),
            }
        }
    }

    fn joined(
        &mut self,
        code: &Code,
        at: usize,
        left: &Value,
        join: impl Fn(&Value, &Value) -> Value,
    ) -> (Value, usize) {
        let (right, next) = self.chain(code, at, false);
        (join(left, &right), next)
    }

    /// A primary with everything behind it: attributes, indices, calls. With
    /// `emit`, what those calls do is recorded.
    pub(super) fn chain(&mut self, code: &Code, at: usize, emit: bool) -> (Value, usize) {
        if self.depth >= DEPTH_MAX || self.fuel == 0 {
            self.effects.opaque |= self.fuel == 0;
            return (Value::Unknown, at + 1);
        }
        self.fuel -= 1;
        self.depth += 1;
        let (mut value, mut at) = self.primary(code, at, emit);
        // The receiver and the name of a method whose call may follow.
        let mut method: Option<(Value, String)> = None;
        loop {
            match code.get(at) {
                Some(Token::Op(op @ ("." | "?." | "&." | "->" | "::"))) => {
                    let concatenates =
                        *op == "." && matches!(self.language, Language::Perl | Language::Php);
                    match code.get(at + 1) {
                        Some(Token::Word(name)) if !concatenates => {
                            (value, method) = self.attribute(value, name);
                            at += 2;
                        }
                        Some(Token::Op("(" | "[" | "{")) if *op != "." => at += 1,
                        _ => break,
                    }
                }
                Some(Token::Op("(")) => {
                    let args = self.bracketed(code, at);
                    value = self.call(code, &value, method.take(), args, emit);
                    at = code.close(at) + 1;
                }
                Some(Token::Op("[")) => {
                    let index = self.expr(code, at + 1);
                    let whole = index.1 == code.close(at);
                    value = Self::index(&value, &index.0, whole);
                    method = None;
                    at = code.close(at) + 1;
                }
                Some(Token::Op("{"))
                    if self.language == Language::Perl && Self::is_variable(code, at) =>
                {
                    let (index, _) = self.expr(code, at + 1);
                    value = Self::index(&value, &index, true);
                    at = code.close(at) + 1;
                }
                Some(_) if self.is_bare_call(code, at, &value, method.as_ref()) => {
                    let (args, next) = self.bare(code, at);
                    value = self.call(code, &value, method.take(), args, emit);
                    at = next;
                }
                _ => break,
            }
        }
        // `unlink;`, `path.unlink` in Ruby: a call without any argument.
        if self.language == Language::Ruby
            && let Some((receiver, name)) = method
        {
            value = self.call(code, &value, Some((receiver, name)), Vec::new(), emit);
        }
        self.depth -= 1;
        (value, at)
    }

    fn is_variable(code: &Code, at: usize) -> bool {
        code.before(at).is_some_and(|token| {
            matches!(token, Token::Word(word) if word.starts_with('$'))
                || matches!(token, Token::Op("->" | "]" | "}"))
        })
    }

    fn primary(&mut self, code: &Code, at: usize, emit: bool) -> (Value, usize) {
        match code.get(at) {
            Some(Token::Text(pieces)) => (self.fold(pieces), at + 1),
            Some(Token::Shell(pieces)) => {
                if emit {
                    self.shell_literal(pieces);
                }
                (Value::Unknown, at + 1)
            }
            Some(Token::Number(number)) => (Value::text(number.clone()), at + 1),
            Some(Token::Op("(")) => (self.group(code, at), code.close(at) + 1),
            Some(Token::Op("[")) => {
                let items = self.items(code, at);
                (Value::list(items), code.close(at) + 1)
            }
            Some(Token::Op("{")) => (self.pairs(code, at), code.close(at) + 1),
            Some(Token::Op("!" | "-" | "*" | "**" | "..." | "&" | "\\" | "~" | "+" | "::")) => {
                self.expr(code, at + 1)
            }
            Some(Token::Op("<")) if self.language == Language::Perl => (Value::Unknown, at + 1),
            Some(Token::Word(word)) => match word.as_str() {
                "new" | "await" | "not" | "typeof" | "void" | "yield" | "my" | "our" | "local"
                | "const" | "let" | "var" | "async"
                    if matches!(
                        code.get(at + 1),
                        Some(Token::Word(_) | Token::Op("(" | "[" | "{") | Token::Text(_))
                    ) =>
                {
                    self.chain(code, at + 1, emit)
                }
                "lambda" => {
                    let body = (at..code.tokens.len()).find(|at| code.is(*at, ":"));
                    let (_, next) = self.expr(code, body.map_or(at + 1, |at| at + 1));
                    (Value::Unknown, next)
                }
                word => (self.lookup(word), at + 1),
            },
            Some(Token::Op(")" | "]" | "}" | "," | ";" | ":") | Token::Line(_)) | None => {
                (Value::Unknown, at)
            }
            Some(_) => (Value::Unknown, at + 1),
        }
    }

    /// `(a)`, `(a, b)`, or the parameters of an arrow function.
    fn group(&mut self, code: &Code, at: usize) -> Value {
        let mut items = self.items(code, at);
        let close = code.close(at);
        let trailing = matches!(code.before(close), Some(Token::Op(",")));
        match items.len() {
            1 if !trailing => items.pop().unwrap_or(Value::Unknown),
            _ => Value::list(items),
        }
    }

    fn items(&mut self, code: &Code, open: usize) -> Vec<Value> {
        let args = self.bracketed(code, open);
        args.into_iter().map(|(_, start)| self.expr(code, start).0).collect()
    }

    fn pairs(&mut self, code: &Code, open: usize) -> Value {
        let close = code.close(open);
        let mut pairs = Vec::new();
        let mut at = open + 1;
        while at < close && self.fuel > 0 {
            let (key, next) = match (code.get(at), code.get(at + 1)) {
                (Some(Token::Word(word)), Some(Token::Op(":" | "=>")))
                    if self.language != Language::Python =>
                {
                    (Value::text(word.clone()), at + 1)
                }
                _ => self.expr(code, at),
            };
            let mut next = next.max(at);
            if code.is(next, ":") || code.is(next, "=>") {
                let (value, after) = self.expr(code, next + 1);
                pairs.push((key, value));
                next = after;
            } else if code.is(next, ",") || next == close {
                pairs.push((key.clone(), key));
            }
            at = self.after_comma(code, next, close);
        }
        Value::map(pairs)
    }

    /// A string literal's text.
    pub(super) fn fold(&mut self, pieces: &[Piece]) -> Value {
        pieces.iter().fold(Value::text(""), |text, piece| match piece {
            Piece::Plain(plain) => text.concat(&Value::text(plain.clone())),
            Piece::Hole => text.concat(&Value::hole()),
            Piece::Code(code) => {
                let start = usize::from(matches!(code.get(0), Some(Token::Line(_))));
                let (value, _) = self.expr(code, start);
                text.concat(&value)
            }
        })
    }

    fn shell_literal(&mut self, pieces: &[Piece]) {
        for text in self.fold(pieces).texts() {
            let text = text.replace(super::value::HOLE, super::UNKNOWN_WORD);
            let dir = self.dir.clone();
            self.command(Run::Shell(text), dir);
        }
    }

    pub(super) fn rows(&self) -> (&'static [super::calls::Row], &'static [super::calls::Row]) {
        match self.language {
            Language::Python => (python::CALLS, python::METHODS),
            Language::JavaScript => (javascript::CALLS, javascript::METHODS),
            Language::Perl => (perl::CALLS, perl::METHODS),
            Language::Ruby => (ruby::CALLS, ruby::METHODS),
            Language::Php => (php::CALLS, php::METHODS),
        }
    }

    fn call(
        &mut self,
        code: &Code,
        callee: &Value,
        method: Option<(Value, String)>,
        args: Vec<(Option<String>, usize)>,
        emit: bool,
    ) -> Value {
        let (calls, methods) = self.rows();
        let (receiver, name) = match (callee, method) {
            (Value::Name(name), method) => (method.map(|(receiver, _)| receiver), name.clone()),
            (_, Some((receiver, name))) => (Some(receiver), name),
            _ => return Value::Unknown,
        };
        let mut call = Call { code, name, receiver, args };
        if matches!(callee, Value::Name(_)) {
            let name = imports::canonical(self.language, &call.name);
            if let Some(does) = find(calls, &name) {
                call.name = name;
                return self.apply(&call, does, emit);
            }
        }
        let last = call.name.rsplit(['.', ':']).next().unwrap_or_default().to_owned();
        if self.functions.contains_key(&last) {
            return self.call_own(&call, &last);
        }
        if matches!(self.language, Language::JavaScript | Language::Ruby | Language::Python)
            && imports::is_ambiguous(self.language, &last, &call)
        {
            return Value::Unknown;
        }
        match find(methods, &last) {
            Some(does) if call.receiver.is_some() || self.language == Language::JavaScript => {
                self.apply(&call, does, emit)
            }
            _ => Value::Unknown,
        }
    }

    /// A call of one of the script's own functions: what is passed is remembered.
    fn call_own(&mut self, call: &Call<'_>, name: &str) -> Value {
        let params =
            self.functions.get(name).map(|function| function.params.clone()).unwrap_or_default();
        let mut passed = Vec::new();
        for (at, (param, default)) in params.iter().enumerate() {
            let value = match call.args.iter().find(|(key, _)| key.as_deref() == Some(param)) {
                Some((_, at)) => self.expr(call.code, *at).0,
                None => match call.args.get(at) {
                    Some((None, start)) => self.expr(call.code, *start).0,
                    _ => default.clone().unwrap_or(Value::Unknown),
                },
            };
            passed.push(value);
        }
        let Some(function) = self.functions.get_mut(name) else { return Value::Unknown };
        for (at, value) in passed.into_iter().enumerate() {
            match function.passed.get_mut(at) {
                Some(known) => *known = std::mem::replace(known, Value::Unknown).or(value),
                None => function.passed.push(value),
            }
        }
        function.returns.clone().unwrap_or(Value::Unknown)
    }
}

/// `"a/%s" % name`.
fn percent(template: &Value, value: &Value) -> Value {
    let Some(text) = template.known() else { return Value::Unknown };
    let values = match value {
        Value::List(items) => items.clone(),
        other => vec![other.clone()],
    };
    let mut values = values.into_iter();
    let mut out = Value::text("");
    let mut rest = text;
    while let Some((before, field)) = rest.split_once('%') {
        let end = field.find(|c: char| c.is_ascii_alphabetic() || c == '%');
        let Some(after) = end.and_then(|end| field.get(end + 1..)) else { break };
        out = out.concat(&Value::text(before));
        out = if field.starts_with('%') {
            out.concat(&Value::text("%"))
        } else {
            out.concat(&values.next().unwrap_or(Value::Unknown))
        };
        rest = after;
    }
    out.concat(&Value::text(rest))
}
