//! The shell's words and operators; what they mean is [`super::command`]'s.

use super::command::Part;

/// How a part is joined to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    End,
    And,
    Or,
    Then,
    Pipe,
    Background,
}

/// A part as scanned.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) part: Part,
    pub(super) link: Link,
    /// The commands of `$(…)` in its words.
    pub(super) nested: Vec<String>,
    pub(super) is_condition: bool,
}

/// Splits at the shell's operators, minding quotes.
pub(super) struct Scanner<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    raws: Vec<Raw>,
    part: Part,
    nested: Vec<String>,
    is_condition: bool,
    word: Option<String>,
    /// The delimiters of here-documents whose text follows the line.
    documents: Vec<String>,
    /// The next word is the target of a redirection.
    redirect: Option<Redirect>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Redirect {
    Out,
    Errors,
    In,
    Document,
    Text,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(command: &'a str) -> Self {
        Self {
            rest: command.chars().peekable(),
            raws: Vec::new(),
            part: Part::default(),
            nested: Vec::new(),
            is_condition: false,
            word: None,
            documents: Vec::new(),
            redirect: None,
        }
    }

    pub(super) fn scan(mut self) -> Vec<Raw> {
        while let Some(letter) = self.rest.next() {
            match letter {
                '\'' => self.single_quoted(),
                '"' => self.double_quoted(),
                '\\' => self.escaped(),
                '$' => self.dollar(),
                '`' => self.backticks(),
                '#' if self.word.is_none() => self.comment(),
                '\n' => self.end_line(),
                ';' => self.end_part(Link::Then),
                '|' => self.pipe(),
                '&' => self.ampersand(),
                '<' | '>' => self.redirection(letter),
                '(' if self.word.is_none() => {}
                ' ' | '\t' | '\r' | ')' => self.end_word(),
                _ => self.push(letter),
            }
        }
        self.end_part(Link::End);
        if let Some(last) = self.raws.last_mut()
            && last.link == Link::Then
        {
            last.link = Link::End;
        }
        self.raws
    }

    fn push(&mut self, letter: char) {
        self.word.get_or_insert_default().push(letter);
    }

    fn single_quoted(&mut self) {
        self.word.get_or_insert_default();
        while let Some(letter) = self.rest.next().filter(|letter| *letter != '\'') {
            self.push(letter);
        }
    }

    fn double_quoted(&mut self) {
        self.word.get_or_insert_default();
        while let Some(letter) = self.rest.next() {
            match letter {
                '"' => return,
                '\\' => match self.rest.next() {
                    Some(escaped @ ('"' | '\\' | '$' | '`')) => self.push(escaped),
                    Some('\n') | None => {}
                    Some(other) => {
                        self.push('\\');
                        self.push(other);
                    }
                },
                '$' => self.dollar(),
                '`' => self.backticks(),
                _ => self.push(letter),
            }
        }
    }

    fn escaped(&mut self) {
        match self.rest.next() {
            Some('\n') | None => {}
            Some(letter) => self.push(letter),
        }
    }

    /// `$NAME`, `${NAME}` and `$?` stay as written, `$(…)` is a command of its own.
    fn dollar(&mut self) {
        match self.rest.peek() {
            Some('(') => {
                self.rest.next();
                let inner = self.until_closed('(', ')');
                if !inner.starts_with('(') {
                    self.nested.push(inner);
                }
                self.word.get_or_insert_default().push_str("$()");
            }
            Some('{') => {
                self.rest.next();
                let name = self.until_closed('{', '}');
                let word = self.word.get_or_insert_default();
                word.push_str("${");
                word.push_str(&name);
                word.push('}');
            }
            Some('\'') if self.word.is_none() => {
                self.rest.next();
                self.single_quoted();
            }
            _ => self.push('$'),
        }
    }

    fn backticks(&mut self) {
        let inner: String = self.rest.by_ref().take_while(|letter| *letter != '`').collect();
        self.nested.push(inner);
        self.word.get_or_insert_default().push_str("$()");
    }

    /// The text up to the bracket that closes one already taken, minding quotes.
    fn until_closed(&mut self, open: char, close: char) -> String {
        let (mut inner, mut depth, mut quote) = (String::new(), 1_usize, None);
        while let Some(letter) = self.rest.next() {
            match (quote, letter) {
                (_, '\\') => {
                    inner.push(letter);
                    inner.extend(self.rest.next());
                    continue;
                }
                (None, '\'' | '"') => quote = Some(letter),
                (Some(open), _) if letter == open => quote = None,
                (None, _) if letter == open => depth += 1,
                (None, _) if letter == close => {
                    depth -= 1;
                    if depth == 0 {
                        return inner;
                    }
                }
                _ => {}
            }
            inner.push(letter);
        }
        inner
    }

    fn comment(&mut self) {
        while self.rest.next_if(|letter| *letter != '\n').is_some() {}
    }

    fn pipe(&mut self) {
        if self.rest.next_if_eq(&'|').is_some() {
            self.end_part(Link::Or);
        } else {
            self.rest.next_if_eq(&'&');
            self.end_part(Link::Pipe);
        }
    }

    fn ampersand(&mut self) {
        if self.rest.next_if_eq(&'&').is_some() {
            self.end_part(Link::And);
        } else if self.rest.peek() == Some(&'>') {
            self.end_word();
        } else {
            self.end_part(Link::Background);
        }
    }

    fn redirection(&mut self, letter: char) {
        let descriptor = self.word.take().filter(|word| !word.is_empty());
        let errors = descriptor.as_deref() == Some("2");
        if descriptor.as_deref().is_some_and(|word| !word.chars().all(|one| one.is_ascii_digit())) {
            self.word = descriptor;
            self.end_word();
        }
        self.redirect = Some(if letter == '<' {
            if self.rest.next_if_eq(&'<').is_none() {
                Redirect::In
            } else if self.rest.next_if_eq(&'<').is_some() {
                Redirect::Text
            } else {
                self.rest.next_if_eq(&'-');
                Redirect::Document
            }
        } else {
            self.rest.next_if_eq(&'>');
            self.rest.next_if_eq(&'|');
            if errors { Redirect::Errors } else { Redirect::Out }
        });
        // `2>&1` names no file.
        if self.rest.next_if_eq(&'&').is_some() {
            while self.rest.next_if(|one| one.is_ascii_digit() || *one == '-').is_some() {}
            self.redirect = None;
        }
    }

    fn end_word(&mut self) {
        let Some(word) = self.word.take() else { return };
        match self.redirect.take() {
            None => self.add_word(word),
            Some(Redirect::Out) if word == "/dev/null" => self.part.discards = true,
            Some(Redirect::Out) => self.part.files.push(word),
            Some(Redirect::Document) => self.documents.push(word),
            Some(Redirect::Text) => self.part.stdin = Some(word),
            Some(Redirect::Errors | Redirect::In) => {}
        }
    }

    fn add_word(&mut self, word: String) {
        if self.part.words.is_empty() {
            match word.as_str() {
                "if" | "while" | "until" | "elif" | "!" => {
                    self.is_condition = true;
                    return;
                }
                "then" | "do" | "else" | "{" | "}" | "fi" | "done" | "esac" => return,
                _ => {}
            }
        }
        self.part.words.push(word);
    }

    fn end_line(&mut self) {
        self.end_word();
        for delimiter in std::mem::take(&mut self.documents) {
            let text = self.document(&delimiter);
            self.part.stdin = Some(text);
        }
        self.end_part(Link::Then);
    }

    fn document(&mut self, delimiter: &str) -> String {
        let mut text = String::new();
        loop {
            let line: String = self.rest.by_ref().take_while(|letter| *letter != '\n').collect();
            if line.trim() == delimiter || (line.is_empty() && self.rest.peek().is_none()) {
                return text;
            }
            text.push_str(&line);
            text.push('\n');
        }
    }

    fn end_part(&mut self, link: Link) {
        self.end_word();
        let part = std::mem::take(&mut self.part);
        let nested = std::mem::take(&mut self.nested);
        let is_condition = std::mem::take(&mut self.is_condition);
        if part == Part::default() && nested.is_empty() {
            // `done | tail`, `) || true`: what follows a group joins its last part.
            if let (Some(last), false) = (self.raws.last_mut(), link == Link::Then) {
                last.link = if last.link == Link::Then { link } else { last.link };
            }
            return;
        }
        self.raws.push(Raw { part, link, nested, is_condition });
    }
}
