//! What a text declares: its functions, its classes, and which values its
//! names stand for.
//!
//! Built in one pass over the tokens; every look-up afterwards is bounded. It
//! knows JavaScript and Python; of other languages only the brackets.

use std::collections::HashMap;
use std::ops::Range;

use super::{javascript, python};
use crate::flags::source::code::Code;
use crate::flags::source::{Language, Token};
use crate::flags::text::slice;

/// Functions within functions that a name is looked up through.
const NESTING_MAX: usize = 16;
/// Values of one name in one function that are looked at.
const VALUES_MAX: usize = 6;
/// Tokens of one expression, brackets counted as one.
const STEPS_MAX: usize = 400;

/// One function with its places as tokens.
#[derive(Clone, Debug)]
pub(in crate::flags) struct Function<'a> {
    /// Empty when it has none.
    pub(in crate::flags) name: &'a [u8],
    /// Where it begins, its name or its parameters.
    pub(in crate::flags) start: usize,
    pub(in crate::flags) parameters: Range<usize>,
    /// Without the braces of a block.
    pub(in crate::flags) body: Range<usize>,
    /// `x => expression`: the body is the answer.
    pub(in crate::flags) expression: bool,
}

/// One class with its places as tokens.
#[derive(Clone, Debug)]
pub(in crate::flags) struct Class<'a> {
    pub(in crate::flags) name: &'a [u8],
    /// From its name to its body.
    pub(in crate::flags) head: Range<usize>,
    pub(in crate::flags) body: Range<usize>,
}

/// A text, its tokens and what they declare.
pub(in crate::flags) struct Outline<'a> {
    pub(in crate::flags) code: &'a Code<'a>,
    pub(in crate::flags) functions: Vec<Function<'a>>,
    pub(in crate::flags) classes: Vec<Class<'a>>,
    /// Of each bracket the place of its other half.
    pairs: Vec<u32>,
    /// Of each token its column when it is the first of its line.
    columns: Vec<Option<u32>>,
    /// Of each token the innermost function and class, counted from 1.
    function_of: Vec<u32>,
    class_of: Vec<u32>,
    values: HashMap<(&'a [u8], usize), Vec<Range<usize>>>,
    written: std::collections::HashSet<&'a [u8]>,
}

impl<'a> Outline<'a> {
    pub(in crate::flags) fn of(code: &'a Code<'a>) -> Self {
        let mut outline = Self {
            code,
            functions: Vec::new(),
            classes: Vec::new(),
            pairs: pairs(code),
            columns: columns(code),
            function_of: Vec::new(),
            class_of: Vec::new(),
            values: HashMap::new(),
            written: std::collections::HashSet::new(),
        };
        match code.language {
            Language::JavaScript => javascript::declare(&mut outline),
            Language::Python => python::declare(&mut outline),
            _ => {}
        }
        outline.functions.sort_by_key(|function| function.body.start);
        outline.classes.sort_by_key(|class| class.body.start);
        let length = code.tokens.len();
        outline.function_of = owners(outline.functions.iter().map(|one| &one.body), length);
        outline.class_of = owners(outline.classes.iter().map(|one| &one.body), length);
        super::names::bind(&mut outline);
        outline
    }

    /// The place after the bracket that closes the one at `open`; `open` when
    /// there is none.
    pub(in crate::flags) fn closing(&self, open: usize) -> usize {
        match self.pairs.get(open) {
            Some(&close) if close as usize > open => close as usize + 1,
            _ => open,
        }
    }

    /// The bracket that the one at `close` closes.
    pub(in crate::flags) fn opening(&self, close: usize) -> Option<usize> {
        let open = *self.pairs.get(close)? as usize;
        (open < close).then_some(open)
    }

    /// The column of a token that begins its line.
    pub(in crate::flags) fn column(&self, at: usize) -> Option<u32> {
        self.columns.get(at).copied().flatten()
    }

    /// The innermost function around a token, as its number.
    pub(in crate::flags) fn function_at(&self, at: usize) -> Option<usize> {
        (*self.function_of.get(at)? as usize).checked_sub(1)
    }

    /// The innermost class around a token.
    pub(in crate::flags) fn class_at(&self, at: usize) -> Option<&Class<'a>> {
        self.classes.get((*self.class_of.get(at)? as usize).checked_sub(1)?)
    }

    /// The functions around a token, innermost first.
    pub(in crate::flags) fn around(&self, at: usize) -> impl Iterator<Item = usize> {
        let outer = |&number: &usize| {
            let start = self.functions.get(number)?.body.start;
            // The braces of a block belong to the function around it.
            self.function_at(start.checked_sub(1)?).filter(|&outer| outer < number)
        };
        std::iter::successors(self.function_at(at), outer).take(NESTING_MAX)
    }

    /// What a name stands for at a place, and whether it is a value of the
    /// whole module; nothing when the text does not say.
    pub(in crate::flags) fn values(&self, name: &'a [u8], at: usize) -> (&[Range<usize>], bool) {
        for number in self.around(at) {
            if let Some(values) = self.values.get(&(name, number + 1)) {
                return (values.as_slice(), false);
            }
            if self.is_parameter(number, name) {
                return (&[], false);
            }
        }
        (self.values.get(&(name, 0)).map_or(&[], Vec::as_slice), true)
    }

    /// Whether a function around the place takes something of this name.
    pub(in crate::flags) fn is_taken(&self, name: &[u8], at: usize) -> bool {
        self.around(at).any(|number| self.is_parameter(number, name))
    }

    fn is_parameter(&self, number: usize, name: &[u8]) -> bool {
        self.functions
            .get(number)
            .is_some_and(|one| one.parameters.clone().take(80).any(|at| self.code.name(at) == name))
    }

    /// Whether the text changes what a name of the module holds.
    pub(in crate::flags) fn is_written(&self, name: &'a [u8]) -> bool {
        self.written.contains(name)
    }

    pub(super) fn add_value(&mut self, name: &'a [u8], at: usize, value: Range<usize>) {
        let owner = self.function_at(at).map_or(0, |number| number + 1);
        self.add_value_of(name, owner, value);
    }

    pub(super) fn add_value_of(&mut self, name: &'a [u8], owner: usize, value: Range<usize>) {
        let values = self.values.entry((name, owner)).or_default();
        if values.len() < VALUES_MAX {
            values.push(value);
        }
    }

    pub(super) fn has_value(&self, name: &[u8], owner: usize) -> bool {
        self.values.contains_key(&(name, owner))
    }

    pub(super) fn add_written(&mut self, name: &'a [u8]) {
        self.written.insert(name);
    }

    /// The end of the expression that begins at a token: a comma, a bracket
    /// that closes, a semicolon, or a line that cannot go on with it.
    pub(in crate::flags) fn expression_end(&self, start: usize) -> usize {
        let mut at = start;
        for _ in 0..STEPS_MAX {
            let sign = self.code.sign(at);
            if at >= self.code.tokens.len() || matches!(sign, b',' | b';' | b')' | b']' | b'}') {
                return at;
            }
            if at > start && self.column(at).is_some() && !self.goes_on(at) {
                return at;
            }
            at = match sign {
                b'(' | b'[' | b'{' => self.closing(at).max(at + 1),
                _ => at + 1,
            };
        }
        at
    }

    /// Whether the first token of a line continues the line before.
    fn goes_on(&self, at: usize) -> bool {
        let code = self.code;
        if code.language == Language::Python {
            return false;
        }
        let before = at.checked_sub(1).map_or(0, |at| code.sign(at));
        let open = !matches!(before, 0 | b')' | b']' | b'}');
        let here = code.sign(at);
        let goes = matches!(
            here,
            b'.' | b'?' | b':' | b'+' | b'-' | b'*' | b'/' | b'|' | b'&' | b'=' | b'<' | b'>'
        );
        open || goes
            || matches!(code.name(at), b"as" | b"in" | b"of" | b"instanceof" | b"satisfies")
    }

    /// The bytes between two tokens: blanks and comments.
    pub(in crate::flags) fn gap(&self, at: usize) -> Range<usize> {
        let tokens = &self.code.tokens;
        let from = at.checked_sub(1).and_then(|at| tokens.get(at)).map_or(0, Token::end);
        from..tokens.get(at).map_or(self.code.text.len(), Token::start)
    }

    pub(in crate::flags) fn bytes(&self, span: Range<usize>) -> &'a [u8] {
        slice(self.code.text, span)
    }
}

fn short(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn pairs(code: &Code<'_>) -> Vec<u32> {
    let mut pairs: Vec<u32> = (0..code.tokens.len()).map(short).collect();
    let mut open: Vec<(usize, u8)> = Vec::new();
    for at in 0..code.tokens.len() {
        let opens = match code.sign(at) {
            sign @ (b'(' | b'[' | b'{') => {
                open.push((at, sign));
                continue;
            }
            b')' => b'(',
            b']' => b'[',
            b'}' => b'{',
            _ => continue,
        };
        // One that is closed by another kind was no bracket, or is not complete.
        let found = open.iter().rev().take(8).position(|(_, sign)| *sign == opens);
        let Some(found) = found else { continue };
        open.truncate(open.len() - found);
        if let Some((from, _)) = open.pop() {
            if let Some(slot) = pairs.get_mut(from) {
                *slot = short(at);
            }
            if let Some(slot) = pairs.get_mut(at) {
                *slot = short(from);
            }
        }
    }
    pairs
}

fn columns(code: &Code<'_>) -> Vec<Option<u32>> {
    let mut line = 0;
    let mut end = 0;
    let mut columns = Vec::with_capacity(code.tokens.len());
    for (number, token) in code.tokens.iter().enumerate() {
        let between = slice(code.text, end..token.start());
        let first = match memchr::memrchr(b'\n', between) {
            Some(newline) => {
                line = end + newline + 1;
                true
            }
            None => number == 0,
        };
        columns.push(first.then(|| short(token.start() - line)));
        end = token.end();
    }
    columns
}

/// Of each token the innermost of some ranges, counted from 1. The ranges come
/// in order of their beginnings.
fn owners<'r>(ranges: impl Iterator<Item = &'r Range<usize>>, length: usize) -> Vec<u32> {
    let mut owners = vec![0; length];
    let mut open: Vec<(u32, usize)> = Vec::new();
    let mut ranges = (1..).zip(ranges).peekable();
    for (at, slot) in owners.iter_mut().enumerate() {
        while open.last().is_some_and(|(_, end)| *end <= at) {
            open.pop();
        }
        while let Some((number, range)) = ranges.next_if(|(_, range)| range.start <= at) {
            if range.end > at {
                open.push((number, range.end));
            }
        }
        *slot = open.last().map_or(0, |(number, _)| *number);
    }
    owners
}
