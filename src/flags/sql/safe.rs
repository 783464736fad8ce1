//! Can a value carry foreign text into a statement?
//!
//! Constants, numbers, lists of placeholders and what was escaped cannot. Where
//! the value goes is [`super::statement`]'s.

use std::collections::HashMap;

use super::expression::Source;
use crate::flags::source::{Form, Kind, Language, Piece, Token, pieces, tokens};
use crate::flags::text::{byte, slice};

/// Whether names of the text are only ever given literals.
pub(super) struct Constants<'a> {
    literal: HashMap<&'a [u8], bool>,
}

impl<'a> Constants<'a> {
    /// `const table = "users"`, with nothing else ever assigned to `table`.
    pub(super) fn of(text: &'a [u8], tokens: &[Token]) -> Self {
        let mut literal: HashMap<&[u8], bool> = HashMap::new();
        for (at, token) in tokens.iter().enumerate() {
            let sign = |offset: usize| tokens.get(at + offset).map(|token| token.kind);
            if token.kind != Kind::Name {
                continue;
            }
            let colon_equals =
                sign(1) == Some(Kind::Sign(b':')) && sign(2) == Some(Kind::Sign(b'='));
            let value = if sign(1) == Some(Kind::Sign(b'=')) && sign(2) != Some(Kind::Sign(b'=')) {
                at + 2
            } else if colon_equals {
                at + 3
            } else {
                let appended =
                    sign(1) == Some(Kind::Sign(b'+')) && sign(2) == Some(Kind::Sign(b'='));
                if appended {
                    literal.insert(token.text(text), false);
                }
                continue;
            };
            let is_literal = tokens.get(value).is_some_and(|token| {
                matches!(token.kind, Kind::Number | Kind::Text(Form::Plain | Form::Dollar))
            }) && tokens
                .get(value + 1)
                .is_none_or(|next| !matches!(next.kind, Kind::Sign(b'+' | b'.' | b'%' | b'?')));
            literal
                .entry(token.text(text))
                .and_modify(|all| *all &= is_literal)
                .or_insert(is_literal);
        }
        Self { literal }
    }

    pub(super) fn is_constant(&self, name: &[u8]) -> bool {
        self.literal.get(name).copied().unwrap_or(false)
    }
}

impl Source<'_> {
    pub(super) fn is_literal(&self, start: usize, end: usize) -> bool {
        start < end
            && (start..end).all(|at| match self.code.token(at).map(|token| (token.kind, token)) {
                Some((Kind::Text(form), token)) => !pieces(self.code.text, token.content(), form)
                    .iter()
                    .any(|piece| matches!(piece, Piece::Code(_))),
                Some((Kind::Number | Kind::Sign(b',' | b'(' | b')' | b'[' | b']' | b'*'), _)) => {
                    true
                }
                _ => false,
            })
    }

    /// Whether every argument is safe by itself.
    pub(super) fn all_safe(&self, start: usize, end: usize) -> bool {
        let (Some(first), Some(last)) =
            (self.code.token(start), self.code.token(end.saturating_sub(1)))
        else {
            return false;
        };
        let code = slice(self.code.text, first.start()..last.end());
        let code = code.strip_prefix(b"(").and_then(|code| code.strip_suffix(b")")).unwrap_or(code);
        self.is_safe(code)
            || !code.is_empty()
                && code
                    .split(|byte| *byte == b',')
                    .map(<[u8]>::trim_ascii)
                    .filter(|part| !part.is_empty())
                    .all(|part| {
                        let value = part
                            .iter()
                            .position(|byte| *byte == b'=')
                            .map_or(part, |at| slice(part, at + 1..part.len()).trim_ascii());
                        self.is_safe(value)
                    })
    }

    /// Whether an expression cannot carry foreign text: a constant, a number,
    /// a list of placeholders, something escaped.
    pub(super) fn is_safe(&self, code: &[u8]) -> bool {
        let code = code.trim_ascii();
        let last = code.rsplit(|byte| matches!(byte, b'.' | b':')).next().unwrap_or(code);
        let shouted = last.iter().any(u8::is_ascii_uppercase)
            && last
                .iter()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_');
        let number =
            !code.is_empty() && code.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
        let lower = String::from_utf8_lossy(code).to_ascii_lowercase();
        let has = |part: &str| lower.contains(part);
        let marks = has("placeholder")
            || has("qmarks")
            || has("questionmarks")
            || (has("join") || has("repeat") || has("map") || has("*"))
                && [
                    "'?'", "\"?\"", "'%s'", "\"%s\"", "`$$", "'$'", "\"?,\"", "'?,'", "\"?, \"",
                    "'?, '", "`?`", "\"$\"",
                ]
                .iter()
                .any(|mark| has(mark));
        let made_safe = [
            "escape(",
            "escapeid(",
            "quote(",
            "quote_ident(",
            "escapeidentifier(",
            "escapeliteral(",
            "sqlstring",
            "parseint(",
            "number(",
            "int(",
            "float(",
            "identifier(",
            "quoteidentifier(",
            "quotename(",
            "quote_name(",
            "sanitize_identifier",
            "atoi(",
            "literal(",
            "wrap(",
            "bind_param",
            "bindparam",
            "parametrize",
            "intval(",
            "quote_table",
            "quote_column",
            "qn(",
            "sql.id",
            "sql.raw`",
            ".length",
            "len(",
        ]
        .iter()
        .any(|call| {
            lower.starts_with(call)
                || has(&format!(".{call}"))
                || has(call) && lower.ends_with(')') && !has("+")
        });
        let made_safe = made_safe || is_escaping_call(code);
        let literal = code.len() > 1
            && matches!(byte(code, 0), b'"' | b'\'')
            && code.last() == code.first()
            && !slice(code, 1..code.len() - 1).contains(&byte(code, 0));
        // `cond ? "ASC" : "DESC"`
        let choice = self.is_choice_of_literals(code);
        shouted && last.len() > 1
            || number
            || marks
            || made_safe
            || literal
            || choice
            || self.constants.is_constant(code)
    }

    /// `a ? 'x' : 'y'`, `'x' if a else 'y'`: only literals can come out.
    fn is_choice_of_literals(&self, code: &[u8]) -> bool {
        let tokens = tokens(slice(code, 0..code.len().min(400)), self.code.language);
        let plain = |token: Option<&Token>| {
            token.is_some_and(|token| match token.kind {
                Kind::Text(Form::Plain | Form::Dollar) | Kind::Number => true,
                Kind::Text(Form::Template) => !slice(code, token.content()).contains(&b'$'),
                _ => false,
            })
        };
        let question = tokens.iter().position(|token| token.is(b'?'));
        let branches = question.map(|at| slice_tokens(&tokens, at + 1));
        if let Some(branches) = branches {
            return branches.len() == 3
                && plain(branches.first())
                && branches.get(1).is_some_and(|token| token.is(b':'))
                && plain(branches.get(2));
        }
        let is_word =
            |token: &Token, word: &[u8]| token.kind == Kind::Name && token.text(code) == word;
        self.code.language == Language::Python
            && plain(tokens.first())
            && plain(tokens.last())
            && tokens.get(1).is_some_and(|token| is_word(token, b"if"))
            && tokens
                .len()
                .checked_sub(2)
                .and_then(|at| tokens.get(at))
                .is_some_and(|token| is_word(token, b"else"))
    }
}

/// `this.escapePath(x)`, `quote_name(x)`: one call whose name says so.
fn is_escaping_call(code: &[u8]) -> bool {
    let Some(open) = memchr::memchr(b'(', code) else { return false };
    let name = slice(code, 0..open);
    let last = name
        .rsplit(|byte| matches!(byte, b'.' | b':' | b'>'))
        .next()
        .unwrap_or(name)
        .to_ascii_lowercase();
    let last = last.strip_prefix(b"_").unwrap_or(&last);
    code.ends_with(b")")
        && (last.starts_with(b"escape")
            || last.starts_with(b"quote")
            || last.starts_with(b"sanitize_id"))
}

/// Whether a value is itself a piece of SQL, made and judged elsewhere.
pub(super) fn is_fragment(code: &[u8]) -> bool {
    let code = code.trim_ascii();
    let lower = String::from_utf8_lossy(code).to_ascii_lowercase();
    let name = lower.rsplit(['.', '>']).next().unwrap_or(&lower).trim_end_matches("()");
    let plain =
        lower.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '>' | '-'));
    let ends = [
        "sql",
        "query",
        "clause",
        "clauses",
        "condition",
        "conditions",
        "columns",
        "cols",
        "column",
        "column_names",
        "columnnames",
        "fields",
        "table",
        "tablename",
        "table_name",
        "tables",
        "where",
        "orderby",
        "order_by",
        "joins",
        "select",
        "column_name",
        "columnname",
        "schema",
    ];
    let joined = lower.contains(".join(")
        && ends
            .iter()
            .any(|end| lower.split(".join(").next().is_some_and(|list| list.ends_with(end)));
    (plain && ends.iter().any(|end| name.ends_with(end))) || joined
}

fn slice_tokens(tokens: &[Token], from: usize) -> &[Token] {
    tokens.get(from..).unwrap_or_default()
}
