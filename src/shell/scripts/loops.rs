//! Loops, comprehensions and callbacks: what their variables run through.

use super::Language;
use super::assign::{names_from, part_of};
use super::lex::{Code, Token};
use super::scan::Statements;
use super::value::Value;

impl Statements<'_, '_> {
    /// `for x in list`, `for (const x of list)`, `foreach my $x (@list)`, `foreach ($list as $k => $v)`.
    pub(super) fn each(&mut self, at: usize) {
        let php = self.walk.language == Language::Php;
        if php && self.code.is(at + 1, "(") {
            let (list, end) = self.walk.expr(self.code, at + 2);
            if self.code.word(end) != Some("as") {
                return;
            }
            let Some(first) = self.code.word(end + 1).map(str::to_owned) else { return };
            match (self.code.op(end + 2), self.code.word(end + 3)) {
                (Some("=>"), Some(second)) => {
                    self.bind(first, list.element());
                    let value = match &list {
                        Value::Map(items) => items
                            .iter()
                            .map(|(_, value)| value.clone())
                            .fold(Value::Texts(Vec::new()), Value::or),
                        other => other.element(),
                    };
                    self.bind(second.to_owned(), value);
                }
                _ => self.bind(first, list.element()),
            }
            return;
        }
        let mut start = at + 1;
        while matches!(self.code.get(start), Some(Token::Op("(" | "[" | "{")))
            || matches!(
                self.code.word(start),
                Some("my" | "our" | "const" | "let" | "var" | "await")
            )
        {
            start += 1;
        }
        let (names, mut end) = names_from(self.code, start);
        while matches!(self.code.op(end), Some(")" | "]" | "}")) {
            end += 1;
        }
        let list = match self.code.word(end) {
            Some("in" | "of") => end + 1,
            _ if self.walk.language == Language::Perl && self.code.is(end, "(") => end,
            _ => return,
        };
        let (list, _) = self.walk.expr(self.code, list);
        let list = if self.walk.language == Language::Perl && !matches!(list, Value::List(_)) {
            Value::list(vec![list])
        } else {
            list
        };
        self.bind_all(names, &list.element());
    }

    pub(super) fn bind_all(&mut self, names: Vec<String>, value: &Value) {
        let single = names.len() == 1;
        for (position, name) in names.into_iter().enumerate() {
            let value = if single { value.clone() } else { part_of(value, position) };
            self.bind(name, value);
        }
    }

    /// The loop of a comprehension stands behind what it repeats.
    pub(super) fn comprehension(&mut self, open: usize) {
        if self.walk.language != Language::Python {
            return;
        }
        let close = self.code.close(open);
        let mut at = open + 1;
        while at < close {
            match self.code.get(at) {
                Some(Token::Word(word)) if word == "for" => {
                    self.each(at);
                    at += 1;
                }
                Some(Token::Op("(" | "[" | "{")) => at = self.code.close(at) + 1,
                _ => at += 1,
            }
        }
    }

    /// `list.forEach(x => …)`, `list.each { |x| … }`, `list.each do |x|`.
    pub(super) fn callbacks(&mut self, at: usize) {
        if !matches!(self.walk.language, Language::JavaScript | Language::Ruby) {
            return;
        }
        // Only when the chain that starts here has such a method is it folded.
        let mut end = at;
        let mut steps = 0;
        while let Some(token) = self.code.get(end) {
            steps += 1;
            match token {
                Token::Op("(" | "[") => end = self.code.close(end) + 1,
                Token::Op("." | "?." | "&." | "->") => {
                    if let Some(
                        "forEach" | "map" | "flatMap" | "filter" | "each" | "each_with_index"
                        | "each_pair" | "some" | "every",
                    ) = self.code.word(end + 1)
                    {
                        return self.callback(at, end);
                    }
                    end += 2;
                }
                Token::Word(_) if end == at => end += 1,
                _ => return,
            }
            if steps > 16 {
                return;
            }
        }
    }

    pub(super) fn callback(&mut self, at: usize, dot: usize) {
        let list = self.upto(at, dot);
        let mut item = dot + 2;
        if self.code.is(item, "(") || self.code.is(item, "{") || self.code.word(item) == Some("do")
        {
            item += 1;
        }
        while matches!(self.code.get(item), Some(Token::Op("(" | "[" | "|")))
            || matches!(self.code.word(item), Some("async" | "function"))
        {
            item += 1;
        }
        let (names, end) = names_from(self.code, item);
        let paired = matches!(list, Value::Map(_)) && names.len() > 1;
        let value = match &list {
            Value::Map(items) if paired => items
                .iter()
                .map(|(key, value)| Value::list(vec![key.clone(), value.clone()]))
                .fold(Value::Texts(Vec::new()), Value::or),
            list => list.element(),
        };
        let ends = matches!(self.code.op(end), Some("=>" | "|" | ")" | "]"));
        if !ends {
            return;
        }
        let listed = matches!(value, Value::List(_));
        for (position, name) in names.into_iter().enumerate() {
            let worth = match (listed, position) {
                (true, position) => part_of(&value, position),
                (false, 0) => value.clone(),
                _ => Value::Unknown,
            };
            self.bind(name, worth);
        }
    }

    /// The value of the chain from `at`, without what starts at `end`.
    pub(super) fn upto(&mut self, at: usize, end: usize) -> Value {
        let tokens = self.code.tokens.get(at..end).unwrap_or_default();
        if tokens.len() > 64 {
            return self.walk.chain(self.code, at, false).0;
        }
        let part = Code::of(tokens.to_vec());
        self.walk.chain(&part, 0, false).0
    }
}
