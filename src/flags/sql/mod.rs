//! SQL built by joining strings: the way an injection gets in.
//!
//! A string that is a statement, or goes into one, joined with a value that is
//! not a constant, is found where the string begins. Handing the value over as
//! a parameter is what everybody should do instead.

mod bindings;
mod calls;
mod clause;
mod context;
mod expression;
mod format;
mod functions;
mod held;
mod methods;
mod names;
mod operand;
mod operators;
mod parameters;
mod prefilter;
mod safe;
mod slot;
mod statement;
mod strings;
mod variable;

use std::collections::{BTreeMap, HashMap, HashSet};

pub(super) use prefilter::may_be_joined;

use clause::Part;
use context::Around;
use expression::Joined;
use safe::Source;
use slot::Slot;

use super::source::code::Code;
use super::source::{Form, Kind, Language, Token};
use super::text::{Hit, slice};

/// The most names that are remembered of what goes into one statement.
const PARTS_MAX: usize = 12;

/// Every statement of the text that is built by joining.
pub(super) fn find(code: Code<'_>, hits: &mut Vec<Hit>) {
    let source = Source::of(code);
    let mut search = Search::of(&source);
    search.learn();
    let mut at = 0;
    while at < source.code.tokens.len() {
        at = search.step(at, hits).max(at + 1);
    }
}

struct Search<'a> {
    source: &'a Source<'a>,
    /// Whether the rule is precise enough to block, as measured.
    sure: bool,
    /// Names that hold the begin of a statement, and its words.
    statements: HashMap<&'a [u8], String>,
    /// Names whose values are put into a statement.
    parts: HashSet<&'a [u8]>,
    /// Brackets of lists that hold a statement in pieces.
    lists: HashSet<usize>,
    /// What was already put together, by the token it begins with.
    joined: BTreeMap<usize, Joined>,
}

impl<'a> Search<'a> {
    fn of(source: &'a Source<'a>) -> Self {
        Self {
            source,
            sure: matches!(source.code.language, Language::JavaScript | Language::Python),
            statements: HashMap::new(),
            parts: HashSet::new(),
            lists: HashSet::new(),
            joined: BTreeMap::new(),
        }
    }

    /// Looks for statements, the names that hold them, and what goes in.
    fn learn(&mut self) {
        let code = &self.source.code;
        let mut at = 0;
        while let Some(token) = code.token(at) {
            let next = at + 1;
            if let Kind::Text(form) = token.kind
                && prefilter::starts_like_sql(code.text, token.content().start)
                && !self.source.is_tagged(at, form)
            {
                let joined = self.source.joined(at);
                let is_sql = statement::is_sql(&joined.words);
                if is_sql || clause::begins_clause(&joined.words) {
                    self.remember(at, &joined, is_sql);
                    at = joined.end;
                }
                self.joined.insert(next - 1, joined);
            }
            at = at.max(next);
        }
    }

    fn remember(&mut self, at: usize, joined: &Joined, is_sql: bool) {
        if is_sql {
            let around = self.source.around(at);
            let key = Some(around.key).filter(|key| !key.is_empty());
            if let Some(name) = around.home.or(key)
                && around.is_kept()
            {
                self.statements.entry(name).or_insert_with(|| joined.words.clone());
                self.parts.insert(name);
            }
            self.lists.extend(around.list);
        }
        for span in &joined.code {
            let code = slice(self.source.code.text, span.clone());
            let names = code.split(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_');
            self.parts.extend(names.filter(|name| name.len() > 1).take(PARTS_MAX));
        }
    }

    /// Looks at one token; the place to go on from.
    fn step(&mut self, at: usize, hits: &mut Vec<Hit>) -> usize {
        let Some(token) = self.source.code.token(at) else { return at + 1 };
        match token.kind {
            Kind::Text(form) => self.text(at, token, form, hits),
            Kind::Name if self.statements.contains_key(token.text(self.source.code.text)) => {
                if let Some(slots) = self.variable(at) {
                    self.report(token, &slots, hits);
                }
                at + 1
            }
            _ => at + 1,
        }
    }

    fn text(&mut self, at: usize, token: &Token, form: Form, hits: &mut Vec<Hit>) -> usize {
        let known = self.joined.remove(&at);
        if known.is_none() && !self.takes_values(at, token, form) || self.source.is_tagged(at, form)
        {
            return at + 1;
        }
        let mut joined = known.unwrap_or_else(|| self.source.joined(at));
        let is_sql = statement::is_sql(&joined.words);
        let around = self.source.around(at);
        if is_sql && joined.verdicts.is_empty() {
            self.fill_by_call(at, &around, &mut joined);
        }
        if joined.verdicts.is_empty() || !is_sql && !self.goes_into_statement(&joined, &around) {
            return if is_sql { joined.end } else { at + 1 };
        }
        let mut slots = joined.slots();
        if statement::is_definition(&joined.words) {
            statement::keep_quoted(&joined.words, &mut slots);
        }
        if !is_sql && slots.iter().all(|slot| *slot == Slot::Identifier) {
            return joined.end;
        }
        if !slots.is_empty() && !around.is_message() {
            self.report(token, &slots, hits);
        }
        joined.end
    }

    /// Whether anything is joined to the string or put into it.
    fn takes_values(&self, at: usize, token: &Token, form: Form) -> bool {
        let code = &self.source.code;
        let hole = match form {
            Form::Plain => false,
            Form::Template => memchr::memchr(b'$', slice(code.text, token.content())).is_some(),
            _ => true,
        };
        hole || matches!(code.sign(at + 1), b'+' | b'%' | b'.')
            || at > 0 && code.sign(at - 1) == b'+'
            || code.token(at + 1).is_some_and(Token::is_string)
    }

    /// Whether a string that is no statement by itself is a part of one.
    fn goes_into_statement(&self, joined: &Joined, around: &Around<'_>) -> bool {
        let part = clause::part_of(&joined.words);
        let appended = || {
            around.home.is_some_and(|name| self.statements.contains_key(name)) && around.is_kept()
        };
        let put_in = || {
            around.home.is_some_and(|name| self.parts.contains(name))
                || around.list.is_some_and(|list| self.lists.contains(&list))
        };
        let expected = || around.expects_sql(self.source.code.language);
        match part {
            Part::Clause => true,
            Part::Condition => put_in() || appended() || expected(),
            Part::Nothing => appended() || expected() && clause::is_condition(&joined.words),
        }
    }

    fn report(&self, token: &Token, slots: &[Slot], hits: &mut Vec<Hit>) {
        let names_only = slots.iter().all(|slot| *slot == Slot::Identifier);
        let (rule, kind) = match (names_only, self.sure) {
            (true, _) => ("sql-identifier", "a name is put into an SQL statement"),
            (false, true) => ("sql-concatenation", "a value is put into an SQL statement"),
            (false, false) => ("sql-concatenation-other", "a value is put into an SQL statement"),
        };
        hits.push(Hit { rule, span: token.span(), kind: kind.to_owned(), secret: false });
    }
}
