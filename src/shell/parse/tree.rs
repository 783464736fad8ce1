//! The tree of a parsed command: what bash's grammar says, nothing of its meaning.
//!
//! Lists are vectors, so that walking and dropping them never recurses on their
//! length; nesting is bounded by [`super::DEPTH`]. Words keep their quoting as
//! [`Piece`]s until the analyser expands them.

use std::cell::OnceCell;
use std::rc::Rc;

/// Bytes `start..end` of the source that a node was read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The text of the span, empty when `source` is not the text it was read from.
    pub fn of(self, source: &str) -> &str {
        source.get(self.start..self.end).unwrap_or_default()
    }
}

/// A list of commands.
#[derive(Debug, Default)]
pub struct Script {
    /// In order of execution.
    pub items: Vec<Item>,
}

/// One `&&`/`||` chain with what ends it.
#[derive(Debug)]
pub struct Item {
    /// The first pipeline.
    pub first: Pipeline,
    /// The others, each with what joins it to those before.
    pub rest: Vec<(Joint, Pipeline)>,
    /// Ended by `&`.
    pub background: bool,
}

/// What joins two pipelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    /// `&&`
    And,
    /// `||`
    Or,
}

/// Commands joined by `|`.
#[derive(Debug)]
pub struct Pipeline {
    /// Preceded by an odd number of `!`.
    pub negated: bool,
    /// The commands, at least one unless a bare `!` or `time`.
    pub commands: Vec<Command>,
}

/// A command with its redirections.
#[derive(Debug)]
pub struct Command {
    /// What it is.
    pub kind: Kind,
    /// In order.
    pub redirects: Vec<Redirect>,
    /// Where it was read.
    pub span: Span,
}

/// The kinds of command.
#[derive(Debug)]
pub enum Kind {
    /// Assignments and words.
    Simple(Box<Simple>),
    /// `( … )`
    Subshell(Script),
    /// `{ …; }`
    Group(Script),
    /// `if`/`elif` conditions with their bodies, and `else`.
    If(Vec<(Script, Script)>, Option<Script>),
    /// `while` or `until`: condition and body.
    Loop {
        /// `until`: goes on while the condition fails.
        until: bool,
        /// The condition.
        condition: Script,
        /// The body.
        body: Script,
    },
    /// `for` or `select` over words.
    For(Box<For>),
    /// `for (( … ))`: the header as one word, and the body.
    Counting(Box<Word>, Script),
    /// `case`
    Case(Box<Word>, Vec<Arm>),
    /// `(( … ))`
    Arithmetic(Box<Word>),
    /// `[[ … ]]`, flat.
    Test(Vec<Word>),
    /// A function is defined.
    Function(Box<str>, Rc<Command>),
    /// `coproc`
    Coproc(Box<Command>),
}

/// A simple command.
#[derive(Debug, Default)]
pub struct Simple {
    /// `name=value` before the words.
    pub assignments: Vec<Assignment>,
    /// The command's name and its arguments.
    pub words: Vec<Word>,
}

/// `name=value`, `name[index]+=value`, `name=(…)`.
#[derive(Debug)]
pub struct Assignment {
    /// The variable.
    pub name: Box<str>,
    /// The text between the brackets.
    pub index: Option<Word>,
    /// `+=`
    pub append: bool,
    /// The value; an array is one [`Piece::Array`].
    pub value: Word,
}

/// `for name in words; do body; done`
#[derive(Debug)]
pub struct For {
    /// The variable.
    pub name: Box<str>,
    /// Absent: the positional parameters.
    pub words: Option<Vec<Word>>,
    /// The body.
    pub body: Script,
}

/// One arm of a `case`.
#[derive(Debug)]
pub struct Arm {
    /// The patterns.
    pub patterns: Vec<Word>,
    /// What runs.
    pub body: Script,
}

/// A redirection.
#[derive(Debug)]
pub struct Redirect {
    /// The descriptor as written: digits, or a variable's name in braces.
    pub descriptor: Option<Box<str>>,
    /// The operator.
    pub operator: Operator,
    /// File, descriptor, here-string, or a heredoc's delimiter.
    pub target: Word,
    /// The body of a heredoc, once its lines were read.
    pub body: Rc<OnceCell<Heredoc>>,
}

/// The redirection operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `<`
    Read,
    /// `>`
    Write,
    /// `>>`
    Append,
    /// `>|`
    Clobber,
    /// `<>`
    ReadWrite,
    /// `<<` and `<<-`
    Heredoc,
    /// `<<<`
    HereString,
    /// `>&`
    DuplicateOut,
    /// `<&`
    DuplicateIn,
    /// `&>`
    Both,
    /// `&>>`
    AppendBoth,
}

/// The lines of a heredoc.
#[derive(Debug)]
pub struct Heredoc {
    /// The delimiter with its quotes removed.
    pub delimiter: String,
    /// A quoted delimiter: nothing in the body is expanded.
    pub quoted: bool,
    /// The body, ready to expand.
    pub body: Word,
}

/// A word before expansion.
#[derive(Debug, Default)]
pub struct Word {
    /// Its parts in order.
    pub pieces: Vec<Piece>,
    /// Where it was read.
    pub span: Span,
}

/// A part of a word.
#[derive(Debug)]
pub enum Piece {
    /// Bare text: braces, globs and a leading tilde count.
    Literal(String),
    /// Text from single quotes, a backslash or `$'…'`.
    Quoted(String),
    /// Between double quotes: literals in it are quoted.
    Double(Vec<Piece>),
    /// `$name`, `${…}`
    Parameter(Box<Parameter>),
    /// `$(…)` or backticks.
    Command(Box<Substitution>),
    /// `<(…)`; `>(…)` when the flag is set.
    Process(Box<Substitution>, bool),
    /// `$((…))`, `$[…]`
    Arithmetic(Vec<Piece>),
    /// `(…)` after `name=`.
    Array(Vec<Word>),
}

/// A nested script.
#[derive(Debug)]
pub struct Substitution {
    /// The script.
    pub script: Script,
    /// The text that its spans refer to, when it is not that of the enclosing script.
    pub source: Option<Rc<str>>,
}

/// A parameter expansion.
#[derive(Debug, Default)]
pub struct Parameter {
    /// Variable, position or special parameter; empty when it could not be read.
    pub name: Box<str>,
    /// `[index]`
    pub index: Option<Vec<Piece>>,
    /// `${!name}`
    pub indirect: bool,
    /// `${#name}`
    pub length: bool,
    /// The operator (`:-`, `##`, `//`, …), empty for none.
    pub operator: Box<str>,
    /// What follows the operator.
    pub argument: Vec<Piece>,
}
