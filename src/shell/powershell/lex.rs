//! PowerShell text to words, strings and operators.

/// Stands for unknown text inside a word.
pub(super) const HOLE: char = '\u{FFFC}';

/// Longest word, in characters; the rest is not known.
const WORD_CHARS_MAX: usize = 4096;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A bare word: a command, a parameter, an argument.
    Word(String),
    /// A quoted string, variables still to be put in where `expands`.
    Text { text: String, expands: bool },
    /// `$name`, `$env:name`.
    Variable(String),
    /// An operator, bracket or the end of a statement (`;`).
    Op(&'static str),
}

const OPERATORS: &[&str] = &[
    "2>&1", "*>&1", "*>>", "2>>", "3>>", "1>>", "*>", "2>", "3>", "1>", ">>", ">", "&&", "||", "|",
    "&", ";", "{", "}", "(", ")", ",", "::", "+=", "=",
];

/// The tokens of a command.
pub(super) fn lex(command: &str) -> Vec<Token> {
    let chars: Vec<char> = command.chars().collect();
    let mut lexer = Lexer { chars: &chars, at: 0, tokens: Vec::new() };
    while lexer.at < chars.len() {
        lexer.step();
    }
    lexer.tokens
}

struct Lexer<'a> {
    chars: &'a [char],
    at: usize,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn looking_at(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(ahead, c)| self.peek(ahead) == Some(c))
    }

    fn step(&mut self) {
        let Some(c) = self.peek(0) else { return };
        let after_space = self.at == 0 || self.chars.get(self.at - 1).is_some_and(|c| !is_bare(*c));
        match c {
            '\n' => {
                self.at += 1;
                self.tokens.push(Token::Op(";"));
            }
            '`' if matches!(self.peek(1), Some('\n' | '\r')) => self.at += 2,
            _ if c.is_whitespace() => self.at += 1,
            '<' if self.looking_at("<#") => self.until("#>"),
            '#' if after_space => {
                while self.peek(0).is_some_and(|c| c != '\n') {
                    self.at += 1;
                }
            }
            '@' if self.looking_at("@'") || self.looking_at("@\"") => self.here_string(),
            '\'' => self.single(),
            '"' => self.double(),
            '$' if self.looking_at("$(") => self.at += 1,
            '$' => self.variable(),
            '@' if matches!(self.peek(1), Some('(' | '{')) => self.at += 1,
            _ => match OPERATORS.iter().find(|op| self.looking_at(op)) {
                Some(op) if after_space || !op.starts_with(|c: char| c.is_ascii_digit()) => {
                    self.at += op.len();
                    self.tokens.push(Token::Op(op));
                }
                _ => self.word(),
            },
        }
    }

    fn until(&mut self, end: &str) {
        while self.at < self.chars.len() && !self.looking_at(end) {
            self.at += 1;
        }
        self.at += end.len();
    }

    fn here_string(&mut self) {
        let expands = self.peek(1) == Some('"');
        let end = if expands { "\n\"@" } else { "\n'@" };
        self.at += 2;
        while self.peek(0).is_some_and(|c| c == ' ' || c == '\r') {
            self.at += 1;
        }
        let start = self.at + 1;
        self.until(end);
        let end = self.at.saturating_sub(end.len()).max(start);
        let text = self.chars.get(start..end).unwrap_or_default().iter().collect();
        self.tokens.push(Token::Text { text, expands });
    }

    fn single(&mut self) {
        self.at += 1;
        let mut text = String::new();
        while let Some(c) = self.peek(0) {
            self.at += 1;
            if c == '\'' {
                if self.peek(0) != Some('\'') {
                    break;
                }
                self.at += 1;
            }
            text.push(c);
        }
        self.tokens.push(Token::Text { text, expands: false });
    }

    fn double(&mut self) {
        self.at += 1;
        let mut text = String::new();
        while let Some(c) = self.peek(0) {
            self.at += 1;
            match c {
                '`' => {
                    let escaped = match self.peek(0) {
                        Some('n') => '\n',
                        Some('t') => '\t',
                        // A dollar that stays one cannot be told apart later.
                        Some('$') | None => HOLE,
                        Some(other) => other,
                    };
                    text.push(escaped);
                    self.at += 1;
                }
                '"' if self.peek(0) == Some('"') => {
                    self.at += 1;
                    text.push('"');
                }
                '"' => break,
                other => text.push(other),
            }
        }
        self.tokens.push(Token::Text { text, expands: true });
    }

    fn variable(&mut self) {
        let start = self.at + 1;
        self.at += 1;
        if self.peek(0) == Some('{') {
            self.until("}");
        } else {
            while self.peek(0).is_some_and(|c| {
                c.is_alphanumeric() || c == '_' || c == ':' && self.peek(1) != Some(':')
            }) {
                self.at += 1;
            }
        }
        let name: String = self
            .chars
            .get(start..self.at.min(self.chars.len()))
            .unwrap_or_default()
            .iter()
            .collect();
        let joins = self.peek(0).is_some_and(|c| is_bare(c) && c != '.' && c != '[');
        let name = name.trim_matches(['{', '}']).to_owned();
        if !joins {
            self.tokens.push(Token::Variable(name));
            return;
        }
        // `$dir/file`: the variable is the beginning of a word.
        let rest = self.bare();
        self.tokens.push(Token::Text { text: format!("${{{name}}}{rest}"), expands: true });
    }

    fn word(&mut self) {
        let word = self.bare();
        if word.is_empty() {
            self.at += 1;
        } else if word.contains('$') {
            self.tokens.push(Token::Text { text: word, expands: true });
        } else {
            self.tokens.push(Token::Word(word));
        }
    }

    fn bare(&mut self) -> String {
        let mut word = String::new();
        while let Some(c) = self.peek(0) {
            match c {
                '`' => {
                    self.at += 1;
                    word.extend(self.peek(0));
                }
                ':' if self.looking_at("::") => break,
                c if is_bare(c) => word.push(c),
                _ => break,
            }
            self.at += 1;
            if word.len() > WORD_CHARS_MAX {
                word.push(HOLE);
                break;
            }
        }
        word
    }
}

/// Characters of a bare word.
fn is_bare(c: char) -> bool {
    !c.is_whitespace() && !"|&;{}(),<>'\"=#".contains(c)
}
