//! Source text to tokens: words, strings, operators, and little else.
//!
//! Enough to tell a call from a string or a comment in five languages. It
//! accepts anything: what it does not know it skips, since the interpreter
//! itself will refuse what is no program.

use super::Language;
use super::quote;

/// Deepest nesting of code inside strings inside code.
pub(super) const NESTING_MAX: usize = 6;

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A name, with its sigil and its `::` parts.
    Word(String),
    /// A string literal.
    Text(Vec<Piece>),
    /// Backticks: a shell command.
    Shell(Vec<Piece>),
    /// A number, as written.
    Number(String),
    /// A regular expression literal.
    Regex,
    /// An operator or bracket.
    Op(&'static str),
    /// The start of a logical line, with its indentation.
    Line(usize),
}

/// A part of a string literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// As it is.
    Plain(String),
    /// An interpolated expression.
    Code(Code),
    /// Something that was not read.
    Hole,
}

/// Tokens, and for each opening bracket where it closes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Code {
    pub(super) tokens: Vec<Token>,
    close: Vec<usize>,
}

impl Code {
    pub(super) fn get(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    /// The token before `at`.
    pub(super) fn before(&self, at: usize) -> Option<&Token> {
        at.checked_sub(1).and_then(|at| self.get(at))
    }

    pub(super) fn word(&self, at: usize) -> Option<&str> {
        match self.get(at) {
            Some(Token::Word(word)) => Some(word),
            _ => None,
        }
    }

    pub(super) fn op(&self, at: usize) -> Option<&'static str> {
        match self.get(at) {
            Some(Token::Op(op)) => Some(op),
            _ => None,
        }
    }

    pub(super) fn is(&self, at: usize, op: &str) -> bool {
        self.op(at) == Some(op)
    }

    /// Where the bracket at `at` closes; the end when it never does.
    pub(super) fn close(&self, at: usize) -> usize {
        self.close.get(at).copied().unwrap_or(self.tokens.len())
    }

    pub(super) fn of(tokens: Vec<Token>) -> Self {
        let mut close = vec![tokens.len(); tokens.len()];
        let mut open = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            match token {
                Token::Op("(" | "[" | "{") => open.push(at),
                Token::Op(")" | "]" | "}") => {
                    if let Some(slot) = open.pop().and_then(|opened| close.get_mut(opened)) {
                        *slot = at;
                    }
                }
                _ => {}
            }
        }
        Self { tokens, close }
    }
}

/// Longest first within one first character.
const OPERATORS: &[&str] = &[
    "===", "!==", "**=", "...", "<=>", "||=", "&&=", "//=", "??=", ">>>", "==", "!=", "<=", ">=",
    "=>", "->", "+=", "-=", "*=", "/=", ".=", "%=", ":=", "||", "&&", "??", "?.", "&.", "=~", "!~",
    "<<", ">>", "**", "//", "++", "--", "::", "..", "(", ")", "[", "]", "{", "}", "=", "+", "-",
    "*", "/", ".", ",", ";", ":", "?", "!", "<", ">", "|", "&", "%", "@", "^", "~", "\\",
];

/// The tokens of a source text.
pub(super) fn lex(language: Language, source: &str) -> Code {
    lex_nested(language, &source.chars().collect::<Vec<_>>(), 0)
}

pub(super) fn lex_nested(language: Language, chars: &[char], nesting: usize) -> Code {
    let mut lexer = Lexer {
        language,
        chars,
        at: 0,
        nesting,
        tokens: Vec::new(),
        open: Vec::new(),
        here: Vec::new(),
    };
    // PHP inside a string has no opening tag.
    if language == Language::Php && nesting == 0 {
        lexer.skip_to_php();
    }
    lexer.start_line();
    while lexer.at < chars.len() {
        lexer.step();
    }
    Code::of(lexer.tokens)
}

/// A heredoc whose body comes after the line: the token that it fills, and its end.
pub(super) struct Heredoc {
    pub(super) token: usize,
    pub(super) end: Vec<char>,
    pub(super) raw: bool,
}

pub(super) struct Lexer<'a> {
    pub(super) language: Language,
    pub(super) chars: &'a [char],
    pub(super) at: usize,
    pub(super) nesting: usize,
    pub(super) tokens: Vec<Token>,
    open: Vec<&'static str>,
    pub(super) here: Vec<Heredoc>,
}

impl Lexer<'_> {
    pub(super) fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    pub(super) fn looking_at(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(ahead, c)| self.peek(ahead) == Some(c))
    }

    fn step(&mut self) {
        let Some(c) = self.peek(0) else { return };
        match c {
            '\n' => {
                self.at += 1;
                quote::heredoc_bodies(self);
                self.start_line();
            }
            '\\' if self.peek(1) == Some('\n') => self.at += 2,
            _ if c.is_whitespace() => self.at += 1,
            _ if self.comment() || quote::literal(self) => {}
            _ if c.is_ascii_digit() => self.number(),
            _ if self.begins_word(c) => self.word(),
            _ => self.operator(),
        }
    }

    /// New lines end statements where nothing is open.
    fn start_line(&mut self) {
        let indent =
            self.chars.iter().skip(self.at).take_while(|c| matches!(c, ' ' | '\t')).count();
        let blank = matches!(self.peek(indent), None | Some('\n' | '#' | '\r'));
        let inside = match self.language {
            Language::Python => !self.open.is_empty(),
            Language::Ruby => self.open.last().is_some_and(|open| *open != "{"),
            _ => true,
        };
        if !blank && !inside {
            self.tokens.push(Token::Line(indent));
        }
    }

    fn comment(&mut self) -> bool {
        let hash = !matches!(self.language, Language::JavaScript);
        let slashes = matches!(self.language, Language::JavaScript | Language::Php);
        let first_line = self.at == 0 && self.looking_at("#!");
        if (hash && self.peek(0) == Some('#')) || (slashes && self.looking_at("//")) || first_line {
            while self.peek(0).is_some_and(|c| c != '\n') {
                self.at += 1;
            }
            return true;
        }
        if slashes && self.looking_at("/*") {
            self.at += 2;
            while self.at < self.chars.len() && !self.looking_at("*/") {
                self.at += 1;
            }
            self.at += 2;
            return true;
        }
        let margin = self.at == 0 || self.chars.get(self.at - 1) == Some(&'\n');
        if self.language == Language::Perl
            && margin
            && (self.looking_at("__END__") || self.looking_at("__DATA__"))
        {
            self.at = self.chars.len();
            return true;
        }
        if margin
            && self.perl_or_ruby()
            && (self.looking_at("=pod") || self.looking_at("=begin") || self.looking_at("=head"))
        {
            while self.at < self.chars.len()
                && !(self.looking_at("\n=cut") || self.looking_at("\n=end"))
            {
                self.at += 1;
            }
            self.at += 5;
            return true;
        }
        false
    }

    pub(super) fn perl_or_ruby(&self) -> bool {
        matches!(self.language, Language::Perl | Language::Ruby)
    }

    fn number(&mut self) {
        let start = self.at;
        while self.peek(0).is_some_and(|c| c.is_alphanumeric() || c == '_') {
            self.at += 1;
        }
        self.tokens.push(Token::Number(self.since(start)));
    }

    pub(super) fn since(&self, start: usize) -> String {
        self.chars.get(start..self.at.min(self.chars.len())).unwrap_or_default().iter().collect()
    }

    fn begins_word(&self, c: char) -> bool {
        let sigil = match self.language {
            Language::Python => false,
            Language::Perl => c == '$' || (matches!(c, '@' | '%' | '&') && !self.after_operand()),
            Language::Ruby => c == '$' || c == '@',
            Language::JavaScript | Language::Php => c == '$',
        };
        let named =
            self.peek(1).is_some_and(|next| next.is_alphabetic() || next == '_' || next == '$');
        c.is_alphabetic()
            || c == '_'
            || (sigil && (named || c == '$' || (c == '@' && self.peek(1) == Some('@'))))
    }

    fn word(&mut self) {
        let start = self.at;
        while self.peek(0).is_some_and(|c| matches!(c, '$' | '@' | '%' | '&')) {
            self.at += 1;
        }
        let name = self.at;
        loop {
            match self.peek(0) {
                Some(c)
                    if c.is_alphanumeric()
                        || c == '_'
                        || (c == '$' && self.language == Language::JavaScript) =>
                {
                    self.at += 1;
                }
                Some(':')
                    if self.looking_at("::")
                        && self.language != Language::Python
                        && self.peek(2).is_some_and(char::is_alphabetic) =>
                {
                    self.at += 2;
                }
                Some('?' | '!')
                    if self.language == Language::Ruby
                        && self.at > name
                        && self.peek(1) != Some('=')
                        && self.peek(1) != Some(':') =>
                {
                    self.at += 1;
                    break;
                }
                _ => break,
            }
        }
        // `$/`, `$!`, `$0`: one more character, of no interest.
        if self.at == name {
            self.at += 1;
        }
        self.tokens.push(Token::Word(self.since(start)));
    }

    /// Whether the last token ends an operand, so that `/` divides and `%` is modulo.
    pub(super) fn after_operand(&self) -> bool {
        match self.tokens.last() {
            Some(Token::Word(word)) => !matches!(
                word.as_str(),
                "return"
                    | "if"
                    | "unless"
                    | "and"
                    | "or"
                    | "not"
                    | "in"
                    | "of"
                    | "typeof"
                    | "case"
                    | "when"
                    | "print"
                    | "split"
                    | "grep"
                    | "map"
                    | "join"
                    | "push"
                    | "foreach"
                    | "for"
                    | "while"
                    | "puts"
                    | "else"
                    | "unlink"
            ),
            Some(
                Token::Text(_) | Token::Shell(_) | Token::Number(_) | Token::Op(")" | "]" | "}"),
            ) => true,
            _ => false,
        }
    }

    fn operator(&mut self) {
        let Some(op) = OPERATORS.iter().find(|op| self.looking_at(op)) else {
            self.at += 1;
            return;
        };
        // In Python `//` divides; elsewhere comments are gone by now.
        self.at += op.len();
        match *op {
            "(" | "[" | "{" => self.open.push(op),
            ")" | "]" | "}" => {
                self.open.pop();
            }
            _ => {}
        }
        self.tokens.push(Token::Op(op));
    }

    fn skip_to_php(&mut self) {
        let opened = (0..self.chars.len().min(4096))
            .find(|at| self.chars.get(*at..).is_some_and(|rest| rest.starts_with(&['<', '?'])));
        if let Some(at) = opened {
            self.at = at + 2;
            for word in ["php", "="] {
                if self.looking_at(word) {
                    self.at += word.len();
                }
            }
        }
    }
}
