//! The arguments of a call: where they stand, and what they are worth.

use super::Language;
use super::calls::{Arg, find};
use super::eval::{Call, Walk};
use super::lex::{Code, Token};
use super::value::Value;

impl Walk<'_> {
    /// The first token after the next comma of this bracket.
    pub(super) fn after_comma(&mut self, code: &Code, mut at: usize, close: usize) -> usize {
        while at < close {
            match code.op(at) {
                Some(",") => return at + 1,
                Some("(" | "[" | "{") => at = code.close(at) + 1,
                _ => at += 1,
            }
            self.fuel = self.fuel.saturating_sub(1);
        }
        close
    }

    /// Where each argument in brackets starts.
    pub(super) fn bracketed(&mut self, code: &Code, open: usize) -> Vec<(Option<String>, usize)> {
        let close = code.close(open);
        let mut args = Vec::new();
        let mut at = open + 1;
        while at < close && self.fuel > 0 {
            if matches!(code.get(at), Some(Token::Line(_))) {
                at += 1;
                continue;
            }
            args.push(keyword(code, at));
            at = self.after_comma(code, at, close);
        }
        args
    }

    /// The arguments of a call without brackets, and where it ends.
    pub(super) fn bare(&mut self, code: &Code, at: usize) -> (Vec<(Option<String>, usize)>, usize) {
        let mut args = vec![keyword(code, at)];
        let mut at = at;
        loop {
            self.fuel = self.fuel.saturating_sub(1);
            match code.get(at) {
                None | Some(Token::Line(_) | Token::Op(";" | ")" | "]" | "}" | "||" | "&&")) => {
                    break;
                }
                Some(Token::Word(word))
                    if matches!(
                        word.as_str(),
                        "or" | "and"
                            | "if"
                            | "unless"
                            | "for"
                            | "foreach"
                            | "while"
                            | "do"
                            | "rescue"
                            | "until"
                    ) =>
                {
                    break;
                }
                Some(Token::Op("{"))
                    if self.language == Language::Ruby
                        && !matches!(code.before(at), Some(Token::Op(_))) =>
                {
                    break;
                }
                Some(Token::Op(",")) => {
                    args.push(keyword(code, at + 1));
                    at += 1;
                }
                Some(Token::Op("(" | "[" | "{")) => at = code.close(at) + 1,
                Some(_) => at += 1,
            }
        }
        (args, at)
    }

    pub(super) fn is_bare_call(
        &self,
        code: &Code,
        at: usize,
        value: &Value,
        method: Option<&(Value, String)>,
    ) -> bool {
        if !matches!(self.language, Language::Perl | Language::Ruby) {
            return false;
        }
        let callable = match (method, value) {
            (Some((_, name)), _) => {
                find(self.rows().1, name).is_some() || self.functions.contains_key(name)
            }
            (None, Value::Name(name)) => {
                find(self.rows().0, name).is_some() || self.functions.contains_key(name)
            }
            _ => false,
        } || matches!(value, Value::Name(name) if find(self.rows().0, name).is_some());
        let begins = match code.get(at) {
            Some(Token::Text(_) | Token::Shell(_) | Token::Number(_)) => true,
            Some(Token::Word(word)) => !matches!(
                word.as_str(),
                "or" | "and"
                    | "if"
                    | "unless"
                    | "for"
                    | "foreach"
                    | "while"
                    | "do"
                    | "eq"
                    | "ne"
                    | "x"
                    | "then"
                    | "end"
                    | "rescue"
            ),
            Some(Token::Op("\\" | "<")) => self.language == Language::Perl,
            _ => false,
        };
        callable && begins
    }

    /// The value of an argument.
    pub(super) fn arg(&mut self, call: &Call<'_>, arg: Arg) -> Value {
        let positions: Vec<usize> =
            call.args.iter().filter(|(key, _)| key.is_none()).map(|(_, at)| *at).collect();
        let one = |walk: &mut Self, at: Option<&usize>| {
            at.map_or(Value::Unknown, |at| walk.expr(call.code, *at).0)
        };
        match arg {
            Arg::At(at, key) => {
                match call.args.iter().find(|(name, _)| name.as_deref() == Some(key)) {
                    Some((_, at)) => self.expr(call.code, *at).0,
                    None => one(self, positions.get(at)),
                }
            }
            Arg::Key(key) => self.keyword(call, key),
            Arg::From(from) => {
                let mut values = Vec::new();
                for at in positions.get(from..).unwrap_or_default() {
                    values.push(self.expr(call.code, *at).0);
                }
                Value::list(values)
            }
            Arg::AllButLast => {
                let mut values = Vec::new();
                for at in positions.split_last().map_or(&[][..], |(_, all)| all) {
                    values.push(self.expr(call.code, *at).0);
                }
                Value::list(values)
            }
            Arg::Last => one(self, positions.last()),
            Arg::Receiver => call.receiver.clone().unwrap_or(Value::Unknown),
        }
    }

    pub(super) fn given(call: &Call<'_>, arg: Arg) -> bool {
        let positional = call.args.iter().filter(|(key, _)| key.is_none()).count();
        let named = |key: &str| call.args.iter().any(|(name, _)| name.as_deref() == Some(key));
        match arg {
            Arg::At(at, key) => at < positional || named(key),
            Arg::Key(key) => named(key),
            Arg::From(from) => from < positional,
            Arg::AllButLast => positional > 1,
            Arg::Last => positional > 0,
            Arg::Receiver => call.receiver.is_some(),
        }
    }

    pub(super) fn keyword(&mut self, call: &Call<'_>, key: &str) -> Value {
        match call.args.iter().find(|(name, _)| name.as_deref() == Some(key)) {
            Some((_, at)) => self.expr(call.code, *at).0,
            None => Value::Unknown,
        }
    }

    /// A named option: a keyword argument, or a key of a map given as the last one.
    pub(super) fn option(&mut self, call: &Call<'_>, key: &str) -> Value {
        if call.args.iter().any(|(name, _)| name.as_deref() == Some(key)) {
            return match self.keyword(call, key) {
                Value::Unknown => Value::hole(),
                value => value,
            };
        }
        match self.arg(call, Arg::Last) {
            Value::Map(items) => items
                .into_iter()
                .find(|(name, _)| name.known() == Some(key))
                .map_or(Value::Unknown, |(_, value)| {
                    if value == Value::Unknown { Value::hole() } else { value }
                }),
            _ => Value::Unknown,
        }
    }
}

/// An argument's keyword (`mode="w"`, `chdir: "x"`), and where its value starts.
fn keyword(code: &Code, at: usize) -> (Option<String>, usize) {
    match (code.get(at), code.op(at + 1)) {
        (Some(Token::Word(name)), Some("=" | ":"))
            if !matches!(code.get(at + 2), Some(Token::Op(":"))) =>
        {
            (Some(name.clone()), at + 2)
        }
        _ => (None, at),
    }
}
