//! What a PowerShell command writes: the common cmdlets, their aliases,
//! redirections and the static file methods of .NET. Other programs are handed
//! to the shell's analyser; code that is not seen is opaque.

mod commands;
mod lex;
mod write;

use std::path::PathBuf;

use super::{Analysis, Setting};
use commands::{Command, Effect};
use lex::{HOLE, Token};

/// Longest command that is looked at, in bytes.
const COMMAND_BYTES_MAX: usize = 256 * 1024;
/// Most directories that a command may be in.
const DIRS_MAX: usize = 8;

/// What the command would write.
pub fn analyse_powershell(command: &str, setting: &Setting<'_>) -> Analysis {
    if command.len() > COMMAND_BYTES_MAX {
        let why = format!("longer than {COMMAND_BYTES_MAX} bytes");
        let unparsed = super::Unparsed { why, may_write: true };
        return Analysis { unparsed: Some(unparsed), ..Analysis::default() };
    }
    let tokens = lex::lex(command);
    let mut reader = Reader {
        setting,
        dirs: vec![setting.cwd.to_owned()],
        names: Vec::new(),
        found: Analysis::default(),
    };
    reader.read(&tokens);
    reader.found
}

/// The state between the statements of one command.
struct Reader<'a> {
    setting: &'a Setting<'a>,
    /// Possible working directories; empty when unknown.
    dirs: Vec<PathBuf>,
    names: Vec<(String, String)>,
    found: Analysis,
}

impl Reader<'_> {
    fn read(&mut self, tokens: &[Token]) {
        let mut depth = 0_usize;
        let mut start = 0;
        // What flows through the pipe, where it is a literal text.
        let mut piped: Option<String> = None;
        for at in 0..=tokens.len() {
            let op = match tokens.get(at) {
                Some(Token::Op(op)) => *op,
                None => ";",
                Some(_) => continue,
            };
            if !matches!(op, ";" | "|" | "&&" | "||" | "{" | "}" | "(" | ")" | "&") {
                continue;
            }
            let part = tokens.get(start..at).unwrap_or_default();
            // `[IO.File]::WriteAllText('a', …)`: the brackets are the call's.
            if op == "(" && matches!(part.iter().rev().nth(1), Some(Token::Op("::"))) {
                self.method(part, tokens, at);
            } else if !part.is_empty() {
                piped = self.statement(part, piped.as_deref(), depth > 0);
            }
            if op != "|" {
                piped = None;
            }
            match op {
                "{" => depth += 1,
                "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
            start = at + 1;
        }
    }

    /// One element of a pipeline; gives the text that it passes on, if known.
    fn statement(&mut self, part: &[Token], piped: Option<&str>, nested: bool) -> Option<String> {
        let (words, redirected) = self.words(part);
        let shown = shown(part);
        let literal = literal_of(part, &words);
        for target in &redirected {
            self.write(target, super::WriteKind::Write, false, &shown);
            self.added(target, literal.as_deref().or(piped));
        }
        if let [Token::Variable(name), Token::Op("="), ..] = part {
            let value = match part.get(2..) {
                Some([one]) => self.text(one),
                _ => HOLE.to_string(),
            };
            self.bind(name, value, nested);
            return self.statement(part.get(2..).unwrap_or_default(), None, nested);
        }
        let Some(Token::Word(name)) = part.first() else { return literal };
        let command = Command::read(name, words.get(1..).unwrap_or_default());
        self.command(&command, part, piped.or(literal.as_deref()), nested, &shown);
        literal
    }

    fn command(
        &mut self,
        command: &Command,
        part: &[Token],
        piped: Option<&str>,
        nested: bool,
        shown: &str,
    ) {
        match command.effect() {
            Effect::Nothing => {}
            Effect::ChangeDir => self.change_dir(command.path().map(String::as_str), nested),
            Effect::PopDir => self.dirs.clear(),
            Effect::Run => self.nested_code(command, shown),
            Effect::Native => self.native(part),
            Effect::Writes(writes) => {
                for (targets, kind, subtree) in writes {
                    if targets.is_empty() {
                        self.unnamed(shown, "no path is given");
                    }
                    for target in &targets {
                        self.write(target, kind, subtree, shown);
                    }
                }
                if let Some(target) = command.path() {
                    self.added(&target.clone(), command.value().map(String::as_str).or(piped));
                }
            }
        }
    }

    /// The words of one element, and what it redirects to.
    fn words(&self, part: &[Token]) -> (Vec<String>, Vec<String>) {
        let (mut words, mut redirected) = (Vec::new(), Vec::new());
        let mut tokens = part.iter().peekable();
        let mut listed = false;
        while let Some(token) = tokens.next() {
            match token {
                Token::Op(",") => listed = true,
                Token::Op(op) if op.contains('>') && !op.contains('&') => {
                    let target = tokens.next().map_or(HOLE.to_string(), |token| self.text(token));
                    if !target.eq_ignore_ascii_case("${null}") && target != NULL {
                        redirected.push(target);
                    }
                }
                Token::Op(_) => {}
                token => {
                    let text = self.text(token);
                    match words.last_mut() {
                        // A list stays one argument.
                        Some(last) if listed => {
                            let last: &mut String = last;
                            last.push('\0');
                            last.push_str(&text);
                        }
                        _ => words.push(text),
                    }
                    listed = false;
                }
            }
        }
        (words, redirected)
    }

    /// A token's text with its variables put in.
    fn text(&self, token: &Token) -> String {
        match token {
            Token::Word(word) => word.clone(),
            Token::Text { text, expands: false } => text.clone(),
            Token::Text { text, expands: true } => self.expand(text),
            Token::Variable(name) => self.value(name),
            Token::Op(op) => (*op).to_owned(),
        }
    }

    fn expand(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            out.push_str(before);
            let (name, tail) = variable(after);
            match name {
                // `$(…)`: its end is not looked for.
                "" => return out + HOLE.to_string().as_str(),
                name => out.push_str(&self.value(name)),
            }
            rest = tail;
        }
        out + rest
    }

    fn value(&self, name: &str) -> String {
        let name = name.to_ascii_lowercase();
        if let Some((_, value)) = self.names.iter().rev().find(|(known, _)| *known == name) {
            return value.clone();
        }
        let folder = |folder: Option<&std::path::Path>| {
            folder.map_or(HOLE.to_string(), |folder| folder.to_string_lossy().into_owned())
        };
        match name.as_str() {
            "null" => NULL.to_owned(),
            "env:temp" | "env:tmp" | "env:tmpdir" => {
                folder(self.setting.tmp.or(Some(std::path::Path::new("/tmp"))))
            }
            "home" | "env:home" | "env:userprofile" => folder(self.setting.home),
            "pwd" => match self.dirs.as_slice() {
                [dir] => folder(Some(dir)),
                _ => HOLE.to_string(),
            },
            _ => HOLE.to_string(),
        }
    }

    fn bind(&mut self, name: &str, value: String, nested: bool) {
        let name = name.to_ascii_lowercase();
        let known = self.names.iter().position(|(known, _)| *known == name);
        let value = match known {
            // In one branch only: either may stand.
            Some(at) if nested && self.names.get(at).is_some_and(|(_, known)| *known != value) => {
                HOLE.to_string()
            }
            _ => value,
        };
        self.names.retain(|(known, _)| *known != name);
        self.names.push((name, value));
    }

    fn native(&mut self, part: &[Token]) {
        let (words, _) = self.words(part);
        // A number is a value, not a command.
        if words.first().is_some_and(|word| word.parse::<f64>().is_ok()) {
            return;
        }
        let unknown = words.iter().any(|word| word.contains(HOLE));
        let [dir] = self.dirs.as_slice() else {
            self.found.opaque.push(shown(part));
            return;
        };
        let words = words.iter().flat_map(|word| word.split('\0'));
        let words = words.map(|word| format!("'{}'", word.replace('\'', "'\\''")));
        let text = words.collect::<Vec<_>>().join(" ");
        let text = if unknown { text.replace(HOLE, "'\"${LANEKEEPER_UNKNOWN}\"'") } else { text };
        let found = super::analyse(&text, &Setting { cwd: dir, ..self.setting.clone() });
        self.found.writes.extend(found.writes);
        self.found.unnamed.extend(found.unnamed);
        self.found.opaque.extend(found.opaque);
        self.found.added.extend(found.added);
        self.found.steps.extend(found.steps);
    }
}

/// What `$null` is worth.
const NULL: &str = "\u{1}null";

/// The name behind a `$` in a string, and the text after it.
fn variable(text: &str) -> (&str, &str) {
    if let Some(rest) = text.strip_prefix('{') {
        return rest.split_once('}').unwrap_or((rest, ""));
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if name.eq_ignore_ascii_case("env")
        && let Some(rest) = rest.strip_prefix(':')
    {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let whole = name.len() + 1 + end;
        return (text.get(..whole).unwrap_or_default(), text.get(whole..).unwrap_or_default());
    }
    (name, rest)
}

/// A text that the element passes on as it is: a string, `echo text`.
fn literal_of(part: &[Token], words: &[String]) -> Option<String> {
    match part.first()? {
        Token::Text { .. } => words.first().cloned(),
        Token::Word(word)
            if matches!(word.to_ascii_lowercase().as_str(), "echo" | "write-output" | "write") =>
        {
            Some(words.get(1..)?.join(" "))
        }
        _ => None,
    }
}

/// The element as text, for messages.
fn shown(part: &[Token]) -> String {
    let words = part.iter().map(|token| match token {
        Token::Word(text) | Token::Text { text, .. } => text.clone(),
        Token::Variable(name) => format!("${name}"),
        Token::Op(op) => (*op).to_owned(),
    });
    words.collect::<Vec<_>>().join(" ").chars().take(200).collect()
}

#[cfg(test)]
mod tests;
