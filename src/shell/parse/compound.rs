//! Compound commands: groups, conditions, loops, `case`, functions, `coproc`.

use super::cursor::{Cursor, Read, is_meta};
use super::tree::{Arm, For, Kind, Span, Word};

/// Words that begin a compound command.
const OPENING: [&str; 10] =
    ["if", "while", "until", "for", "select", "case", "function", "coproc", "[[", "{"];
/// Words that cannot begin a command.
const CLOSING: [&str; 8] = ["then", "else", "elif", "fi", "do", "done", "esac", "}"];

impl Cursor<'_> {
    /// Whether the reserved word `word` stands here, whole and bare.
    pub(super) fn keyword(&self, word: &str) -> bool {
        self.starts_with(word) && {
            let next = self.ahead(word.len());
            next == 0 || is_meta(next) || (next == b'\r' && self.ahead(word.len() + 1) == b'\n')
        }
    }

    fn take(&mut self, word: &str) -> Read<()> {
        self.lines()?;
        if self.keyword(word) {
            self.pos += word.len();
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    /// A compound command if one begins here.
    pub(super) fn compound(&mut self) -> Read<Option<Kind>> {
        match self.peek() {
            b'(' => return self.nested(Self::parenthesis).map(Some),
            b'a'..=b'z' | b'{' | b'}' | b'[' => {}
            _ => return Ok(None),
        }
        if CLOSING.iter().any(|word| self.keyword(word)) {
            return Err(self.unexpected());
        }
        let Some(word) = OPENING.iter().find(|word| self.keyword(word)) else { return Ok(None) };
        if *word == "{"
            && !matches!(self.ahead(1), b' ' | b'\t' | b'\n' | b'(' | b';' | b'<' | b'>' | b'\r')
        {
            return Ok(None);
        }
        self.pos += word.len();
        self.nested(|cursor| cursor.opened(word)).map(Some)
    }

    /// What follows an opening word.
    fn opened(&mut self, word: &str) -> Read<Kind> {
        match word {
            "if" => self.if_clause(),
            "while" | "until" => {
                let condition = self.script(|cursor| cursor.keyword("do"))?;
                let body = self.do_group()?;
                Ok(Kind::Loop { until: word == "until", condition, body })
            }
            "for" | "select" => self.for_clause(),
            "case" => self.case_clause(),
            "function" => self.function_clause(),
            "coproc" => self.coproc_clause(),
            "[[" => self.test_clause(),
            _ => {
                let script = self.script(|cursor| cursor.keyword("}"))?;
                self.take("}")?;
                Ok(Kind::Group(script))
            }
        }
    }

    /// `( … )`, or `(( … ))` when it closes as one.
    fn parenthesis(&mut self) -> Read<Kind> {
        if self.starts_with("((")
            && let Some(end) = self.arithmetic_end(self.pos + 2)?
        {
            let start = self.pos + 2;
            let pieces = self.pieces_between(start, end)?;
            self.pos = end + 2;
            return Ok(Kind::Arithmetic(Box::new(Word { pieces, span: Span { start, end } })));
        }
        self.pos += 1;
        let script = self.script(|cursor| cursor.peek() == b')')?;
        self.expect(")")?;
        Ok(Kind::Subshell(script))
    }

    fn if_clause(&mut self) -> Read<Kind> {
        let mut branches = Vec::new();
        loop {
            let condition = self.script(|cursor| cursor.keyword("then"))?;
            self.take("then")?;
            let body = self.script(|cursor| {
                cursor.keyword("elif") || cursor.keyword("else") || cursor.keyword("fi")
            })?;
            branches.push((condition, body));
            if self.keyword("elif") {
                self.pos += "elif".len();
                continue;
            }
            let otherwise = if self.keyword("else") {
                self.pos += "else".len();
                Some(self.script(|cursor| cursor.keyword("fi"))?)
            } else {
                None
            };
            self.take("fi")?;
            return Ok(Kind::If(branches, otherwise));
        }
    }

    fn for_clause(&mut self) -> Read<Kind> {
        self.blanks()?;
        if self.starts_with("((") {
            let start = self.pos + 2;
            let Some(end) = self.arithmetic_end(start)? else { return Err(self.unexpected()) };
            let pieces = self.pieces_between(start, end)?;
            self.pos = end + 2;
            self.blanks()?;
            self.eat(";");
            let header = Box::new(Word { pieces, span: Span { start, end } });
            return Ok(Kind::Counting(header, self.do_group()?));
        }
        let Some(name) = self.word()? else { return Err(self.unexpected()) };
        let name = name.span.of(self.slice_from_zero()).into();
        self.lines()?;
        let words = if self.keyword("in") {
            self.pos += "in".len();
            Some(self.for_words()?)
        } else {
            self.eat(";");
            None
        };
        Ok(Kind::For(Box::new(For { name, words, body: self.do_group()? })))
    }

    fn for_words(&mut self) -> Read<Vec<Word>> {
        let mut words = Vec::new();
        loop {
            self.blanks()?;
            match self.word()? {
                Some(word) => words.push(word),
                None if self.peek() == b';' => {
                    self.pos += 1;
                    return Ok(words);
                }
                None if self.peek() == b'\n' => return Ok(words),
                None => return Err(self.unexpected()),
            }
        }
    }

    /// `do … done`, or `{ … }`, which bash also takes after `for`.
    fn do_group(&mut self) -> Read<super::tree::Script> {
        self.lines()?;
        let (open, close) = if self.keyword("{") { ("{", "}") } else { ("do", "done") };
        self.take(open)?;
        let script = self.script(|cursor| cursor.keyword(close))?;
        self.take(close)?;
        Ok(script)
    }

    fn case_clause(&mut self) -> Read<Kind> {
        self.blanks()?;
        let Some(subject) = self.word()? else { return Err(self.unexpected()) };
        self.take("in")?;
        let mut arms = Vec::new();
        loop {
            self.lines()?;
            if self.keyword("esac") {
                self.pos += "esac".len();
                return Ok(Kind::Case(Box::new(subject), arms));
            }
            let arm = self.arm()?;
            arms.push(arm);
        }
    }

    fn arm(&mut self) -> Read<Arm> {
        self.eat("(");
        let mut patterns = Vec::new();
        loop {
            self.blanks()?;
            let Some(pattern) = self.word()? else { return Err(self.unexpected()) };
            patterns.push(pattern);
            self.blanks()?;
            if self.eat(")") {
                break;
            }
            self.expect("|")?;
        }
        let body = self.script_or_nothing(|cursor| {
            cursor.starts_with(";;") || cursor.starts_with(";&") || cursor.keyword("esac")
        })?;
        if !(self.eat(";;&") || self.eat(";;") || self.eat(";&") || self.keyword("esac")) {
            return Err(self.unexpected());
        }
        Ok(Arm { patterns, body })
    }

    fn function_clause(&mut self) -> Read<Kind> {
        self.blanks()?;
        let start = self.pos;
        let Some(name) = self.word()? else { return Err(self.unexpected()) };
        let name = name.span.of(self.slice_from_zero()).into();
        self.blanks()?;
        if self.eat("(") {
            self.blanks()?;
            self.expect(")")?;
        }
        Ok(self.function(start, name)?.kind)
    }

    fn coproc_clause(&mut self) -> Read<Kind> {
        self.blanks()?;
        let mut look = self.within(self.pos, self.end);
        // `coproc NAME compound`: the name only counts before a compound command.
        let named = look.word().is_ok_and(|word| word.is_some())
            && look.blanks().is_ok()
            && (look.peek() == b'(' || OPENING.iter().any(|word| look.keyword(word)));
        let opens = self.peek() == b'(' || OPENING.iter().any(|word| self.keyword(word));
        if named && !opens {
            self.pos = look.pos;
        }
        Ok(Kind::Coproc(Box::new(self.command()?)))
    }
}
