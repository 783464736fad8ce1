//! What an awk program writes: `print > file`, `print | command`, `system()`.
//!
//! Its own small reader, since awk joins texts by writing them side by side and
//! `>` is a comparison everywhere but behind `print`.

use std::collections::HashMap;

use super::value::{HOLE, Value};
use super::{
    Rest, Run, SOURCE_BYTES_MAX, ScriptCommand, ScriptDir, ScriptEffects, ScriptWrite, UNKNOWN_WORD,
};
use crate::shell::WriteKind;

/// Deepest brackets in an expression.
const DEPTH_MAX: usize = 32;

/// What the program would do with these input files and `-v` variables.
pub fn awk(program: &str, files: &[String], variables: &[(String, String)]) -> ScriptEffects {
    let mut effects = ScriptEffects::default();
    if program.len() > SOURCE_BYTES_MAX {
        effects.opaque = true;
        return effects;
    }
    let tokens = lex(program);
    let mut names: HashMap<String, Value> =
        variables.iter().map(|(name, value)| (name.clone(), Value::text(value.clone()))).collect();
    let files = files
        .iter()
        .map(|file| Value::text(file.clone()))
        .fold(Value::Texts(Vec::new()), Value::or);
    names.insert("FILENAME".to_owned(), files);
    // Once for the assignments, which may follow their use in a loop.
    for pass in 0..2 {
        let found =
            Program { tokens: &tokens, names: &mut names, effects: ScriptEffects::default() }
                .read();
        if pass == 1 {
            effects = found;
        }
    }
    effects
}

#[derive(Debug, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Field,
    Op(&'static str),
    Line,
}

const OPERATORS: &[&str] = &[
    "||", "&&", "==", "!=", "<=", ">=", ">>", "|&", "++", "--", "+=", "-=", "*=", "/=", "%=", "^=",
    "(", ")", "{", "}", "[", "]", ";", ",", "=", ">", "<", "|", "?", ":", "+", "-", "*", "/", "%",
    "^", "!", "~", "@",
];

struct Program<'a> {
    tokens: &'a [Token],
    names: &'a mut HashMap<String, Value>,
    effects: ScriptEffects,
}

impl Program<'_> {
    fn read(mut self) -> ScriptEffects {
        for (at, token) in self.tokens.iter().enumerate() {
            match token {
                Token::Word(word) if word == "print" || word == "printf" => self.print(at),
                Token::Word(word) if word == "system" && self.is(at + 1, "(") => {
                    let command = self.expr(at + 2, 0).0;
                    self.command(&command);
                }
                Token::Word(word)
                    if word == "getline"
                        && (self.is(at.wrapping_sub(1), "|")
                            || self.is(at.wrapping_sub(1), "|&")) =>
                {
                    let command = self.operand_before(at - 1);
                    self.command(&command);
                }
                Token::Word(name) if self.is(at + 1, "=") => {
                    let value = self.expr(at + 2, 0).0;
                    let known = self.names.remove(name).unwrap_or(Value::Texts(Vec::new()));
                    self.names.insert(name.clone(), known.or(value));
                }
                Token::Op("@") => self.effects.opaque = true,
                _ => {}
            }
        }
        self.effects
    }

    fn is(&self, at: usize, op: &str) -> bool {
        matches!(self.tokens.get(at), Some(Token::Op(known)) if *known == op)
    }

    /// A `print` up to its end: the redirection outside brackets.
    fn print(&mut self, at: usize) {
        let mut depth = 0_usize;
        for next in at + 1..self.tokens.len() {
            match self.tokens.get(next) {
                Some(Token::Op("(" | "[")) => depth += 1,
                Some(Token::Op(")" | "]")) => depth = depth.saturating_sub(1),
                Some(Token::Line | Token::Op(";" | "}")) => return,
                Some(Token::Op(">" | ">>")) if depth == 0 => {
                    let path = self.expr(next + 1, 0).0;
                    return self.write(&path);
                }
                Some(Token::Op("|" | "|&")) if depth == 0 => {
                    let command = self.expr(next + 1, 0).0;
                    return self.command(&command);
                }
                _ => {}
            }
        }
    }

    fn write(&mut self, path: &Value) {
        for path in path.texts() {
            let (known, rest) = match path.split_once(HOLE) {
                None => (path.as_str(), Rest::Complete),
                Some((known, _)) => (known, Rest::Unknown),
            };
            if matches!(known, "/dev/stdout" | "/dev/stderr" | "/dev/null" | "/dev/tty" | "-") {
                continue;
            }
            if known.is_empty() {
                self.effects.unnamed("awk print");
                continue;
            }
            self.effects.write(ScriptWrite {
                path: known.to_owned(),
                rest,
                kind: WriteKind::Write,
                subtree: false,
                into: None,
                part: "awk print".to_owned(),
            });
        }
    }

    fn command(&mut self, command: &Value) {
        for text in command.texts() {
            let run = Run::Shell(text.replace(HOLE, UNKNOWN_WORD));
            self.effects.command(ScriptCommand { run, dir: ScriptDir::Same });
        }
    }

    /// Operands side by side, joined; stops at anything else.
    fn expr(&self, at: usize, depth: usize) -> (Value, usize) {
        let mut at = at;
        let mut value: Option<Value> = None;
        loop {
            let (next, after) = match self.tokens.get(at) {
                Some(Token::Text(text)) => (Value::text(text.clone()), at + 1),
                Some(Token::Field) => (Value::hole(), at + 1),
                Some(Token::Word(word)) if word == "getline" || word == "in" => break,
                Some(Token::Word(word)) => self.name(word, at),
                Some(Token::Op("(")) if depth < DEPTH_MAX => {
                    let (value, end) = self.expr(at + 1, depth + 1);
                    let end = if self.is(end, ")") { end + 1 } else { self.close(at) };
                    (value, end)
                }
                Some(Token::Op("?")) if depth < DEPTH_MAX => {
                    let (one, next) = self.expr(at + 1, depth + 1);
                    let (other, next) = if self.is(next, ":") {
                        self.expr(next + 1, depth + 1)
                    } else {
                        (one.clone(), next)
                    };
                    return (one.or(other), next);
                }
                Some(Token::Op(
                    "==" | "!=" | "~" | "<" | "+" | "-" | "*" | "/" | "%" | "&&" | "||" | "<="
                    | ">=" | "!",
                )) => {
                    value = Some(Value::hole());
                    at += 1;
                    continue;
                }
                _ => break,
            };
            value = Some(value.map_or(next.clone(), |before| before.concat(&next)));
            at = after;
        }
        (value.unwrap_or(Value::hole()), at)
    }

    fn name(&self, word: &str, at: usize) -> (Value, usize) {
        if self.is(at + 1, "(") || self.is(at + 1, "[") {
            return (Value::hole(), self.close(at + 1));
        }
        (self.names.get(word).cloned().unwrap_or(Value::hole()), at + 1)
    }

    /// The token behind the bracket that closes the one at `at`.
    fn close(&self, at: usize) -> usize {
        let mut depth = 0_usize;
        for next in at..self.tokens.len() {
            match self.tokens.get(next) {
                Some(Token::Op("(" | "[")) => depth += 1,
                Some(Token::Op(")" | "]")) => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return next + 1;
            }
        }
        self.tokens.len()
    }

    /// The command in front of `| getline`.
    fn operand_before(&self, pipe: usize) -> Value {
        let starts = |at: usize| {
            matches!(
                self.tokens.get(at),
                Some(Token::Text(_) | Token::Field | Token::Word(_) | Token::Op(")" | "("))
            )
        };
        let mut start = pipe;
        while start > 0 && starts(start - 1) && pipe - start < 64 {
            start -= 1;
        }
        while start < pipe && matches!(self.tokens.get(start), Some(Token::Op("(" | ")")))
            || matches!(self.tokens.get(start), Some(Token::Word(word)) if matches!(word.as_str(), "while" | "if" | "BEGIN" | "END" | "do"))
        {
            start += 1;
        }
        self.expr(start, 0).0
    }
}

fn lex(program: &str) -> Vec<Token> {
    let chars: Vec<char> = program.chars().collect();
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    let looking = |at: usize, text: &str| {
        text.chars().enumerate().all(|(ahead, c)| chars.get(at + ahead) == Some(&c))
    };
    while let Some(c) = chars.get(at) {
        let operand = matches!(
            tokens.last(),
            Some(Token::Word(_) | Token::Text(_) | Token::Field | Token::Op(")" | "]"))
        );
        match c {
            '\n' => {
                tokens.push(Token::Line);
                at += 1;
            }
            '\\' if looking(at, "\\\n") => at += 2,
            '#' => {
                while chars.get(at).is_some_and(|c| *c != '\n') {
                    at += 1;
                }
            }
            '"' => {
                let (text, end) = literal(&chars, at + 1, '"');
                tokens.push(Token::Text(text));
                at = end;
            }
            '/' if !operand => {
                at = literal(&chars, at + 1, '/').1;
                tokens.push(Token::Field);
            }
            '$' => {
                tokens.push(Token::Field);
                at += 1;
                // The field's number belongs to it; `$(…)` is left to brackets.
                while chars.get(at).is_some_and(|c| c.is_alphanumeric() || *c == '_') {
                    at += 1;
                }
            }
            _ if c.is_alphanumeric() || *c == '_' => {
                let start = at;
                while chars.get(at).is_some_and(|c| c.is_alphanumeric() || *c == '_') {
                    at += 1;
                }
                let word: String = chars.get(start..at).unwrap_or_default().iter().collect();
                tokens.push(if c.is_ascii_digit() { Token::Text(word) } else { Token::Word(word) });
            }
            _ => match OPERATORS.iter().find(|op| looking(at, op)) {
                Some(op) => {
                    tokens.push(Token::Op(op));
                    at += op.len();
                }
                None => at += 1,
            },
        }
    }
    tokens
}

fn literal(chars: &[char], start: usize, end: char) -> (String, usize) {
    let mut text = String::new();
    let mut at = start;
    while let Some(c) = chars.get(at) {
        match c {
            '\\' => {
                match chars.get(at + 1) {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some(c) => text.push(*c),
                    None => {}
                }
                at += 1;
            }
            c if *c == end => return (text, at + 1),
            '\n' => return (text, at),
            c => text.push(*c),
        }
        at += 1;
    }
    (text, at)
}
