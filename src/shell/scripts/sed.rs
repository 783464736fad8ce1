//! What a sed script writes: `w`, `W`, `s///w`, and the commands it runs (`e`).

use super::{Rest, Run, SOURCE_BYTES_MAX, ScriptCommand, ScriptDir, ScriptEffects, ScriptWrite};
use crate::shell::WriteKind;

/// What the script would do; editing in place (`-i`) is the caller's.
pub fn sed(script: &str) -> ScriptEffects {
    let mut effects = ScriptEffects::default();
    if script.len() > SOURCE_BYTES_MAX {
        effects.opaque = true;
        return effects;
    }
    let chars: Vec<char> = script.chars().collect();
    let mut reader = Reader { chars: &chars, at: 0 };
    while let Some(command) = reader.command() {
        match command {
            Command::Write(path) => write(&mut effects, &path),
            Command::Run(command) => {
                effects.command(ScriptCommand { run: Run::Shell(command), dir: ScriptDir::Same });
            }
            Command::RunLine => effects.opaque = true,
            Command::Other => {}
        }
    }
    effects
}

enum Command {
    Write(String),
    Run(String),
    /// The line itself is run as a command.
    RunLine,
    Other,
}

struct Reader<'a> {
    chars: &'a [char],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn command(&mut self) -> Option<Command> {
        self.addresses();
        let letter = self.peek()?;
        self.at += 1;
        Some(match letter {
            'w' | 'W' => Command::Write(self.line().trim().to_owned()),
            'e' => match self.line().trim() {
                "" => Command::RunLine,
                command => Command::Run(command.to_owned()),
            },
            'a' | 'i' | 'c' => self.text(),
            's' => self.substitute(),
            'y' => {
                self.delimited();
                Command::Other
            }
            'r' | 'R' | 'b' | 't' | 'T' | ':' => {
                self.until(&['\n', ';']);
                Command::Other
            }
            '#' => {
                self.line();
                Command::Other
            }
            _ => Command::Other,
        })
    }

    /// Blanks, separators, addresses and `!` in front of a command.
    fn addresses(&mut self) {
        while let Some(c) = self.peek() {
            match c {
                '/' => self.regex('/', 1),
                '\\' => {
                    let delimiter = self.chars.get(self.at + 1).copied().unwrap_or('/');
                    self.regex(delimiter, 2);
                }
                _ if c.is_whitespace() || c.is_ascii_digit() || "$,~+!;{}".contains(c) => {
                    self.at += 1;
                }
                'I' | 'M' if self.at > 0 && self.chars.get(self.at - 1) == Some(&'/') => {
                    self.at += 1;
                }
                _ => return,
            }
        }
    }

    fn regex(&mut self, delimiter: char, skip: usize) {
        self.at += skip;
        self.part(delimiter);
    }

    /// Up to and past the next bare delimiter.
    fn part(&mut self, delimiter: char) {
        let mut class = false;
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                '\\' => self.at += 1,
                '[' if delimiter != '[' && self.class_closes() => class = true,
                ']' => class = false,
                c if c == delimiter && !class => return,
                _ => {}
            }
        }
    }

    /// Whether a `]` follows on this line, so that `[` opens a class.
    fn class_closes(&self) -> bool {
        const CLASS_CHARS_MAX: usize = 256;
        let rest = self.chars.get(self.at..).unwrap_or_default();
        rest.iter().take(CLASS_CHARS_MAX).take_while(|c| **c != '\n').any(|c| *c == ']')
    }

    fn delimited(&mut self) {
        let Some(delimiter) = self.peek() else { return };
        self.at += 1;
        self.part(delimiter);
        // The replacement knows no classes.
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                '\\' => self.at += 1,
                c if c == delimiter => return,
                _ => {}
            }
        }
    }

    fn substitute(&mut self) -> Command {
        self.delimited();
        let mut runs = false;
        while let Some(c) = self.peek() {
            match c {
                'w' => {
                    self.at += 1;
                    return Command::Write(self.line().trim().to_owned());
                }
                'e' => runs = true,
                'g' | 'p' | 'i' | 'I' | 'm' | 'M' | '0'..='9' => {}
                _ => break,
            }
            self.at += 1;
        }
        if runs { Command::RunLine } else { Command::Other }
    }

    /// The text of `a`, `i` and `c`, with its continued lines.
    fn text(&mut self) -> Command {
        loop {
            let line = self.line();
            if !line.ends_with('\\') || self.at >= self.chars.len() {
                return Command::Other;
            }
        }
    }

    fn line(&mut self) -> String {
        let text = self.until(&['\n']);
        self.at += 1;
        text
    }

    fn until(&mut self, ends: &[char]) -> String {
        let start = self.at;
        while self.peek().is_some_and(|c| !ends.contains(&c)) {
            self.at += 1;
        }
        self.chars
            .get(start.min(self.at)..self.at.min(self.chars.len()))
            .unwrap_or_default()
            .iter()
            .collect()
    }
}

fn write(effects: &mut ScriptEffects, path: &str) {
    if path.is_empty() || matches!(path, "/dev/stdout" | "/dev/stderr" | "/dev/null") {
        return;
    }
    effects.write(ScriptWrite {
        path: path.to_owned(),
        rest: Rest::Complete,
        kind: WriteKind::Write,
        subtree: false,
        into: None,
        part: "sed w".to_owned(),
    });
}
