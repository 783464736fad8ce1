//! What is done with a string: joined, formatted, appended to, handed over.
//!
//! Reads the tokens around a string; a value counts as put in when it is
//! neither written out nor made safe.

use std::collections::HashMap;

use super::super::text::{byte, slice};
use super::lexer::{Form, Kind, Language, Piece, Token, pieces};
use super::statement::{Slot, slot_after};

/// The most tokens that one expression is followed over.
const EXPRESSION_TOKENS_MAX: usize = 600;

/// A string together with everything that is joined to it.
#[derive(Clone, Debug, Default)]
pub(super) struct Joined {
    /// The words, with `\u{1}` where a value goes.
    pub(super) words: String,
    /// Where each value goes.
    pub(super) slots: Vec<Slot>,
    /// The token after it.
    pub(super) end: usize,
}

/// Whether names of the text are only ever given literals.
pub(super) struct Constants<'a> {
    literal: HashMap<&'a [u8], bool>,
}

pub(super) struct Source<'a> {
    pub(super) text: &'a [u8],
    pub(super) tokens: &'a [Token],
    pub(super) language: Language,
    pub(super) constants: Constants<'a>,
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
                matches!(
                    token.kind,
                    Kind::Number | Kind::Text { form: Form::Plain | Form::Dollar, .. }
                )
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

    fn is_constant(&self, name: &[u8]) -> bool {
        self.literal.get(name).copied().unwrap_or(false)
    }
}

impl Source<'_> {
    fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    fn sign(&self, at: usize) -> u8 {
        match self.token(at).map(|token| token.kind) {
            Some(Kind::Sign(sign)) => sign,
            _ => 0,
        }
    }

    fn name(&self, at: usize) -> &[u8] {
        match self.token(at) {
            Some(token) if token.kind == Kind::Name => token.text(self.text),
            _ => b"",
        }
    }

    /// The string at `head` and all that is joined, formatted or put into it.
    pub(super) fn joined(&self, head: usize) -> Joined {
        let mut joined = Joined { end: head, ..Joined::default() };
        let opens = self.opening_parens(head);
        let mut at = head;
        let stop = head + EXPRESSION_TOKENS_MAX;
        while at < stop {
            let Some(token) = self.token(at) else { break };
            if let Kind::Text { body, length, form } = token.kind {
                self.add_text(&mut joined, body, length, form);
                at += 1;
            } else {
                let end = self.operand_end(at);
                if end == at {
                    break;
                }
                self.add_operand(&mut joined, at, end);
                at = end;
            }
            joined.end = at;
            at = self.after_closing(at, opens);
            at = self.add_method(&mut joined, at);
            joined.end = joined.end.max(at);
            match self.continues(at) {
                Some(next) => at = next,
                None => break,
            }
        }
        joined
    }

    /// How many parentheses that only group open right before the string.
    fn opening_parens(&self, head: usize) -> usize {
        let mut count = 0;
        while count < 4 && head > count && self.sign(head - count - 1) == b'(' {
            let before = head.checked_sub(count + 2);
            let called = before.is_some_and(|before| {
                let keyword = matches!(
                    self.name(before),
                    b"return" | b"in" | b"await" | b"yield" | b"and" | b"or" | b"not"
                );
                self.token(before).is_some_and(|token| token.kind == Kind::Name) && !keyword
                    || matches!(self.sign(before), b')' | b']')
            });
            if called {
                break;
            }
            count += 1;
        }
        count
    }

    fn after_closing(&self, mut at: usize, opens: usize) -> usize {
        for _ in 0..opens {
            if self.sign(at) != b')' {
                break;
            }
            at += 1;
        }
        at
    }

    /// The place of the next operand when the string goes on: `+`, `.` in PHP,
    /// or simply the next string.
    fn continues(&self, at: usize) -> Option<usize> {
        let sign = self.sign(at);
        let next = self.sign(at + 1);
        let plus = sign == b'+' && next != b'=' && next != b'+';
        let dot = sign == b'.' && self.language == Language::Php && next != b'=';
        if plus || dot {
            return Some(at + 1);
        }
        let is_text = self.token(at).is_some_and(|token| matches!(token.kind, Kind::Text { .. }));
        (is_text && matches!(self.language, Language::Python | Language::Ruby)).then_some(at)
    }

    fn add_text(&self, joined: &mut Joined, body: usize, length: usize, form: Form) {
        for piece in pieces(self.text, body, length, form) {
            match piece {
                Piece::Words(span) => {
                    joined.words.push_str(&String::from_utf8_lossy(slice(self.text, span)));
                }
                Piece::Code(span) => {
                    let code = slice(self.text, span);
                    // `$${index}` numbers a parameter.
                    let numbered =
                        joined.words.ends_with(['$', ':', '@']) && form == Form::Template;
                    if numbered || self.is_safe(code) {
                        joined.words.push('0');
                    } else {
                        joined.slots.push(slot_of(code, &joined.words));
                        joined.words.push('\u{1}');
                    }
                }
            }
        }
    }

    fn add_operand(&self, joined: &mut Joined, at: usize, end: usize) {
        let start = self.token(at).map_or(0, |token| token.start);
        let close = self.token(end - 1).map_or(start, |token| token.end);
        let code = slice(self.text, start..close);
        let number = self.token(at).is_some_and(|token| token.kind == Kind::Number);
        if (number && end == at + 1) || self.is_safe(code) {
            joined.words.push('0');
        } else {
            joined.slots.push(slot_of(code, &joined.words));
            joined.words.push('\u{1}');
        }
    }

    /// `.format(x)`, `% x`, `.replace(a, x)`, `.concat(x)` after the string.
    fn add_method(&self, joined: &mut Joined, at: usize) -> usize {
        let percent =
            self.sign(at) == b'%' && matches!(self.language, Language::Python | Language::Ruby);
        if percent && joined.words.contains('%') {
            let end = self.operand_end(at + 1);
            let safe = self.is_literal(at + 1, end) || self.all_safe(at + 1, end);
            return formatted(joined, at, end, safe, has_percent(&joined.words));
        }
        if self.sign(at) != b'.' || self.sign(at + 2) != b'(' {
            return at;
        }
        let end = self.closing(at + 2);
        let safe = self.is_literal(at + 3, end.saturating_sub(1))
            || self.all_safe(at + 3, end.saturating_sub(1));
        let takes = match self.name(at + 1) {
            b"format" | b"formatted" => joined.words.contains('{') || joined.words.contains('%'),
            b"replace" | b"replaceAll" | b"concat" | b"gsub" | b"sub" => true,
            _ => return at,
        };
        formatted(joined, at, end, safe, takes)
    }

    /// The end of one operand: `a.b(c)[d]`, `(…)`, `!x`, `await x`.
    pub(super) fn operand_end(&self, start: usize) -> usize {
        let mut at = start;
        while matches!(self.sign(at), b'!' | b'-' | b'&' | b'*' | b'~')
            || matches!(self.name(at), b"await" | b"new" | b"not")
        {
            at += 1;
        }
        let begins = at;
        match self.token(at).map(|token| token.kind) {
            Some(Kind::Name | Kind::Number | Kind::Text { .. }) => at += 1,
            Some(Kind::Sign(b'(' | b'[')) => at = self.closing(at),
            _ => return start,
        }
        if at == begins {
            return start;
        }
        while at < start + EXPRESSION_TOKENS_MAX {
            let arrow = self.sign(at) == b'-' && self.sign(at + 1) == b'>';
            let scope = self.sign(at) == b':' && self.sign(at + 1) == b':';
            let optional = self.sign(at) == b'?' && self.sign(at + 1) == b'.';
            match self.sign(at) {
                b'.' if self.language == Language::Php => break,
                b'.' if !self.name(at + 1).is_empty() => at += 2,
                b'!' if matches!(self.sign(at + 1), b'.' | b')' | b'[') => at += 1,
                _ if arrow || scope || optional => {
                    at += 2 + usize::from(!self.name(at + 2).is_empty());
                }
                b'(' | b'[' => at = self.closing(at),
                _ => break,
            }
        }
        at
    }

    /// The place after the bracket that closes the one at `open`.
    pub(super) fn closing(&self, open: usize) -> usize {
        let mut depth = 0_usize;
        for at in open..self.tokens.len().min(open + EXPRESSION_TOKENS_MAX) {
            match self.sign(at) {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return at + 1;
                    }
                }
                _ => {}
            }
        }
        open
    }

    fn is_literal(&self, start: usize, end: usize) -> bool {
        start < end
            && (start..end).all(|at| match self.token(at).map(|token| token.kind) {
                Some(Kind::Text { body, length, form }) => !pieces(self.text, body, length, form)
                    .iter()
                    .any(|piece| matches!(piece, Piece::Code(_))),
                Some(Kind::Number | Kind::Sign(b',' | b'(' | b')' | b'[' | b']' | b'*')) => true,
                _ => false,
            })
    }

    /// Whether every argument is safe by itself.
    fn all_safe(&self, start: usize, end: usize) -> bool {
        let (Some(first), Some(last)) = (self.token(start), self.token(end.saturating_sub(1)))
        else {
            return false;
        };
        let code = slice(self.text, first.start..last.end);
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
        let tokens = super::lexer::tokens(slice(code, 0..code.len().min(400)), self.language);
        let plain = |token: Option<&Token>| {
            token.is_some_and(|token| matches!(token.kind, Kind::Text { form: Form::Plain | Form::Dollar, .. } | Kind::Number)
                || matches!(token.kind, Kind::Text { form: Form::Template, body, length } if !slice(code, body..body + length).contains(&b'$')))
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
        self.language == Language::Python
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

/// Marks where a format puts its values.
fn formatted(joined: &mut Joined, at: usize, end: usize, safe: bool, takes: bool) -> usize {
    if safe || !takes {
        return if end > at { end } else { at };
    }
    let slots = format_slots(&joined.words);
    if slots.is_empty() && !joined.words.contains('{') && has_percent(&joined.words) {
        // Nothing but numbers can go into `%d`.
        return end;
    }
    let all_names = !slots.is_empty() && slots.iter().all(|slot| *slot == Slot::Identifier);
    joined.slots.push(if all_names { Slot::Identifier } else { Slot::Value });
    joined.words.push('\u{1}');
    end
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

fn slot_of(code: &[u8], before: &str) -> Slot {
    if is_fragment(code) && !before.ends_with('\'') { Slot::Identifier } else { slot_after(before) }
}

/// Whether a value is itself a piece of SQL, made and judged elsewhere.
fn is_fragment(code: &[u8]) -> bool {
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

/// Whether the words hold a `%s`, `%d`, `%(name)s`.
fn has_percent(words: &str) -> bool {
    words.match_indices('%').any(|(at, _)| {
        words.get(at + 1..).is_some_and(|rest| {
            rest.starts_with(['s', 'd', 'r', 'i', '(', 'v', 'q', 'f', '-', '0'])
        })
    })
}

/// What each `%s` and `{}` of a format stands for.
pub(super) fn format_slots(words: &str) -> Vec<Slot> {
    let mut slots = Vec::new();
    for (at, mark) in words.match_indices(['%', '{']) {
        let rest = words.get(at + 1..).unwrap_or_default();
        let takes = match mark {
            "%" => rest.starts_with(['s', 'r', '(', 'v', 'q']),
            _ => {
                rest.starts_with('}')
                    || rest.find('}').is_some_and(|end| end < 40) && !rest.starts_with('{')
            }
        };
        if takes {
            slots.push(slot_after(words.get(..at).unwrap_or_default()));
        }
    }
    slots
}
