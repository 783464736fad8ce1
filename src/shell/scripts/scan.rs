//! A script from its first token to its last: what names are worth where they
//! are used, and every call on the way.
//!
//! Three passes: the first two learn what functions are passed and return, the
//! last records effects. Branches join; a later assignment in the same block
//! replaces the earlier.

use std::collections::HashMap;

use super::eval::Walk;
use super::lex::{Code, NESTING_MAX, Piece, Token, lex};
use super::value::Value;
use super::{Language, ScriptEffects, imports};

const PASSES: usize = 3;
/// Evaluation steps per token, and at least.
const FUEL_PER_TOKEN: usize = 64;
const FUEL_MIN: usize = 10_000;
/// Deepest nesting of code that code runs (`exec("exec(…)")`).
const CODE_NESTING_MAX: usize = 3;

/// What a script would do.
pub(super) fn scan(language: Language, source: &str, argv: &[String]) -> ScriptEffects {
    scan_nested(language, source, argv, 0)
}

fn scan_nested(language: Language, source: &str, argv: &[String], nesting: usize) -> ScriptEffects {
    let code = lex(language, source);
    let mut walk = Walk {
        language,
        argv,
        names: HashMap::new(),
        earlier: HashMap::new(),
        functions: HashMap::new(),
        effects: ScriptEffects::default(),
        dir: super::ScriptDir::Same,
        fuel: 0,
        depth: 0,
        nesting,
    };
    for pass in 0..PASSES {
        walk.fuel = FUEL_MIN + FUEL_PER_TOKEN * code.tokens.len();
        walk.earlier = std::mem::take(&mut walk.names);
        walk.dir = super::ScriptDir::Same;
        let emit = pass + 1 == PASSES;
        if emit {
            walk.effects = ScriptEffects::default();
        }
        Statements {
            walk: &mut walk,
            code: &code,
            emit,
            blocks: Blocks::default(),
            pending: Vec::new(),
        }
        .run(0);
    }
    if walk.fuel == 0 {
        walk.effects.unnamed("code past a limit");
    }
    walk.effects
}

impl Walk<'_> {
    /// Code that the script runs as code.
    pub(super) fn run_nested(&mut self, source: &str) {
        if self.nesting >= CODE_NESTING_MAX || self.fuel < source.len() {
            self.effects.opaque = true;
            return;
        }
        self.fuel -= source.len();
        let found = scan_nested(self.language, source, self.argv, self.nesting + 1);
        found.writes.into_iter().for_each(|write| self.effects.write(write));
        found.commands.into_iter().for_each(|command| self.effects.command(command));
        found.unnamed.iter().for_each(|part| self.effects.unnamed(part));
        self.effects.opaque |= found.opaque;
    }
}

/// The blocks around the current token, innermost last.
#[derive(Default)]
pub(super) struct Blocks {
    pub(super) next: usize,
    pub(super) open: Vec<Block>,
}

pub(super) struct Block {
    pub(super) id: usize,
    /// Its indentation, or `None` for one in braces.
    pub(super) indent: Option<usize>,
    /// Names to restore when it ends.
    pub(super) shadowed: Vec<(String, Option<(Value, usize)>)>,
}

pub(super) struct Statements<'w, 'a> {
    pub(super) walk: &'w mut Walk<'a>,
    pub(super) code: &'w Code,
    pub(super) emit: bool,
    pub(super) blocks: Blocks,
    /// Assignments that take effect after their right side was read.
    pub(super) pending: Vec<(usize, String, Value)>,
}

impl Statements<'_, '_> {
    fn run(&mut self, nesting: usize) {
        let code = self.code;
        for (at, token) in code.tokens.iter().enumerate() {
            if self.walk.fuel == 0 {
                return;
            }
            self.settle(at);
            match token {
                Token::Line(indent) => self.dedent(*indent),
                Token::Op("{") => self.open_block(None),
                Token::Op("}") => self.close_block(),
                Token::Op(open @ ("(" | "[")) => {
                    self.comprehension(at);
                    let postfix = self.has_postfix(code.close(at) + 1);
                    if !follows_callee(code, at) && (*open == "(" || postfix) {
                        self.callbacks(at);
                        self.chain(at);
                    }
                }
                Token::Word(word) => self.word(at, word),
                Token::Text(pieces) => {
                    if self.has_postfix(at + 1) {
                        self.chain(at);
                    }
                    self.pieces(pieces, nesting);
                }
                Token::Shell(_) => self.chain(at),
                _ => {}
            }
        }
        self.settle(usize::MAX);
    }

    fn chain(&mut self, at: usize) {
        self.walk.chain(self.code, at, self.emit);
    }

    fn has_postfix(&self, at: usize) -> bool {
        matches!(self.code.op(at), Some("." | "&." | "?.")) && self.code.word(at + 1).is_some()
    }

    /// Calls inside interpolated strings.
    fn pieces(&mut self, pieces: &[Piece], nesting: usize) {
        if nesting >= NESTING_MAX {
            return;
        }
        for piece in pieces {
            if let Piece::Code(code) = piece {
                Statements {
                    walk: self.walk,
                    code,
                    emit: self.emit,
                    blocks: Blocks::default(),
                    pending: Vec::new(),
                }
                .run(nesting + 1);
            }
        }
    }

    fn word(&mut self, at: usize, word: &str) {
        let code = self.code;
        if matches!(code.before(at), Some(Token::Op("." | "?." | "&." | "->")))
            && self.is_attribute(at)
        {
            return;
        }
        if matches!(code.before(at), Some(Token::Word(word)) if matches!(word.as_str(), "def" | "function" | "sub" | "class"))
        {
            return;
        }
        match (word, self.walk.language) {
            ("import" | "from", Language::Python) if starts_statement(code, at) => {
                return imports::python(self.walk, code, at);
            }
            ("import", Language::JavaScript)
                if starts_statement(code, at) || !code.is(at + 1, "(") =>
            {
                return imports::javascript(self.walk, code, at);
            }
            ("use" | "require", Language::Perl)
            | ("require" | "require_relative" | "load", Language::Ruby) => {
                imports::library(self.walk, code, at);
            }
            ("include" | "require" | "include_once" | "require_once", Language::Php) => {
                self.walk.effects.opaque = true;
            }
            ("def", Language::Python | Language::Ruby)
            | ("function", Language::JavaScript | Language::Php)
            | ("sub", Language::Perl) => {
                return self.function(at);
            }
            ("for" | "foreach", _) => self.each(at),
            ("return", _) => self.returns(at),
            ("as", Language::Python) if code.word(at + 1).is_some() => {}
            (
                "delete" | "defined" | "exists" | "my" | "our" | "local" | "const" | "let" | "var"
                | "global" | "if" | "elif" | "elsif" | "while" | "with" | "in" | "of" | "and"
                | "or" | "not" | "else" | "try" | "except" | "await" | "async" | "new" | "lambda"
                | "print" | "end" | "do" | "then",
                _,
            ) if !code.is(at + 1, "(")
                || self.walk.language == Language::Perl && matches!(word, "my" | "our") =>
            {
                if matches!(word, "my" | "our" | "const" | "let" | "var" | "local") {
                    self.destructure(at + 1);
                }
                return;
            }
            _ => {}
        }
        self.escape(at, word);
        self.assignment(at);
        self.callbacks(at);
        self.chain(at);
    }

    /// `a.b` in Perl and PHP is no attribute but a concatenation.
    fn is_attribute(&self, at: usize) -> bool {
        let concatenates = matches!(self.walk.language, Language::Perl | Language::Php);
        !(concatenates && matches!(self.code.before(at), Some(Token::Op("."))))
    }

    pub(super) fn open_block(&mut self, indent: Option<usize>) {
        self.blocks.next += 1;
        self.blocks.open.push(Block { id: self.blocks.next, indent, shadowed: Vec::new() });
    }

    fn close_block(&mut self) {
        let Some(block) = self.blocks.open.pop() else { return };
        for (name, before) in block.shadowed.into_iter().rev() {
            match before {
                Some(before) => self.walk.names.insert(name, before),
                None => self.walk.names.remove(&name),
            };
        }
        // A function's braces lie inside the block of its parameters.
        if block.indent.is_none()
            && self.blocks.open.last().is_some_and(|outer| outer.indent == Some(usize::MAX))
        {
            self.close_block();
        }
    }

    /// The indentation that the body of a definition at `at` exceeds; in
    /// languages with braces, what marks a block that ends with its body.
    pub(super) fn body_indent(&self, at: usize) -> usize {
        match self.walk.language {
            Language::Python | Language::Ruby => {
                let line = (0..=at).rev().take(64).find_map(|at| match self.code.get(at) {
                    Some(Token::Line(indent)) => Some(*indent),
                    _ => None,
                });
                line.unwrap_or(0) + 1
            }
            _ => usize::MAX,
        }
    }

    fn dedent(&mut self, indent: usize) {
        while self
            .blocks
            .open
            .last()
            .is_some_and(|block| block.indent.is_some_and(|own| own > indent && own != usize::MAX))
        {
            self.close_block();
        }
        let deeper = self.blocks.open.last().and_then(|block| block.indent).unwrap_or(0);
        if indent > deeper {
            self.open_block(Some(indent));
        }
    }
}

/// Whether a bracket at `at` belongs to a call or an index.
pub(super) fn follows_callee(code: &Code, at: usize) -> bool {
    match code.before(at) {
        Some(Token::Word(word)) => !matches!(
            word.as_str(),
            "return"
                | "in"
                | "and"
                | "or"
                | "not"
                | "if"
                | "await"
                | "else"
                | "for"
                | "while"
                | "foreach"
        ),
        Some(Token::Op(")" | "]" | "}") | Token::Text(_)) => true,
        _ => false,
    }
}

pub(super) fn starts_statement(code: &Code, at: usize) -> bool {
    matches!(code.before(at), None | Some(Token::Line(_) | Token::Op(";" | "{" | "}" | ":" | ")")))
}
