//! What `$`, backticks and `<(` begin.

use std::rc::Rc;

use super::cursor::{Cursor, Read, in_name, starts_name};
use super::tree::{Parameter, Piece, Substitution};
use super::word::push_literal;
use super::{ansi, parse_apart};

impl Cursor<'_> {
    /// What stands after `$`; a lone `$` is text.
    pub(super) fn dollar(&mut self, pieces: &mut Vec<Piece>, quoted: bool) -> Read<()> {
        self.pos += 1;
        // Bash joins lines before it looks further.
        while self.starts_with("\\\n") {
            self.pos += 2;
        }
        let piece = match self.peek() {
            b'(' if self.ahead(1) == b'(' => self.nested(Self::double_parenthesis)?,
            b'(' => Piece::Command(Box::new(self.nested(Self::substitution)?)),
            b'{' => Piece::Parameter(Box::new(self.nested(|cursor| cursor.braced(quoted))?)),
            b'[' => self.old_arithmetic()?,
            b'\'' if !quoted => Piece::Quoted(self.ansi_quoted()?),
            // `$"…"` is a translated string: the quotes follow as usual.
            b'"' if !quoted => return Ok(()),
            byte if starts_name(byte) => {
                let start = self.pos;
                self.pos += self.rest().iter().take_while(|byte| in_name(**byte)).count();
                named(self.slice(start, self.pos))
            }
            byte if byte.is_ascii_digit() || is_special_parameter(byte) => {
                self.pos += 1;
                named(self.slice(self.pos - 1, self.pos))
            }
            _ => {
                push_literal(pieces, "$");
                return Ok(());
            }
        };
        pieces.push(piece);
        Ok(())
    }

    /// `(…)` of `$(…)`, `<(…)` or `>(…)`.
    pub(super) fn substitution(&mut self) -> Read<Substitution> {
        self.pos += 1;
        let script = self.script_or_nothing(|cursor| cursor.peek() == b')')?;
        self.pos += 1;
        Ok(Substitution { script, source: self.own.clone() })
    }

    /// `$((…))` where it closes as arithmetic, else `$( (…) … )`.
    fn double_parenthesis(&mut self) -> Read<Piece> {
        if let Some(end) = self.arithmetic_end(self.pos + 2)? {
            let pieces = self.pieces_between(self.pos + 2, end)?;
            self.pos = end + 2;
            return Ok(Piece::Arithmetic(pieces));
        }
        Ok(Piece::Command(Box::new(self.substitution()?)))
    }

    fn old_arithmetic(&mut self) -> Read<Piece> {
        let Some(end) = self.bracket_end()? else { return Err(self.unexpected()) };
        let pieces = self.pieces_between(self.pos + 1, end)?;
        self.pos = end + 1;
        Ok(Piece::Arithmetic(pieces))
    }

    pub(super) fn process(&mut self) -> Read<Piece> {
        let writes = self.peek() == b'>';
        self.pos += 1;
        let substitution = self.nested(Self::substitution)?;
        Ok(Piece::Process(Box::new(substitution), writes))
    }

    fn ansi_quoted(&mut self) -> Read<String> {
        self.pos += 1;
        let start = self.pos;
        let mut escaped = false;
        let length = self.rest().iter().position(|byte| match byte {
            _ if escaped => {
                escaped = false;
                false
            }
            b'\\' => {
                escaped = true;
                false
            }
            byte => *byte == b'\'',
        });
        let Some(length) = length else {
            self.pos = self.end;
            return Err(self.unexpected());
        };
        self.pos = start + length + 1;
        Ok(ansi::decode(self.slice(start, start + length)))
    }

    /// The script between backticks, whose backslashes are undone before it is read.
    pub(super) fn backtick(&mut self, quoted: bool) -> Read<Piece> {
        self.pos += 1;
        let mut text = String::new();
        loop {
            match self.peek() {
                b'`' => break,
                0 if self.at_end() => return Err(self.unexpected()),
                b'\\'
                    if matches!(self.ahead(1), b'`' | b'\\' | b'$')
                        || quoted && self.ahead(1) == b'"' =>
                {
                    text.push_str(self.slice(self.pos + 1, self.pos + 2));
                    self.pos += 2;
                }
                _ => {
                    let length = 1 + self
                        .rest()
                        .iter()
                        .skip(1)
                        .take_while(|byte| !matches!(byte, b'`' | b'\\'))
                        .count();
                    text.push_str(self.slice(self.pos, self.pos + length));
                    self.pos += length;
                }
            }
        }
        self.pay(text.len())?;
        self.pos += 1;
        let source: Rc<str> = text.into();
        let script = self.nested(|cursor| {
            let (script, fuel) = parse_apart(Rc::clone(&source), cursor.depth, cursor.fuel);
            cursor.fuel = fuel;
            script
        })?;
        Ok(Piece::Command(Box::new(Substitution { script, source: Some(source) })))
    }

    /// `${…}`. What bash would call a bad substitution is read to its brace all the same.
    fn braced(&mut self, quoted: bool) -> Read<Parameter> {
        self.pos += 1;
        let mut parameter = Parameter::default();
        if self.peek() == b'#'
            && !matches!(self.ahead(1), b'}' | b':' | b'-' | b'=' | b'?' | b'+' | b'%' | b'/')
            && !(self.ahead(1) == b'#' && self.ahead(2) != b'}')
        {
            self.pos += 1;
            parameter.length = true;
        }
        if self.peek() == b'!' && self.ahead(1) != b'}' {
            self.pos += 1;
            parameter.indirect = true;
        }
        let start = self.pos;
        if starts_name(self.peek()) {
            self.pos += self.rest().iter().take_while(|byte| in_name(**byte)).count();
        } else if self.peek().is_ascii_digit() {
            self.pos += self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        } else if is_special_parameter(self.peek()) {
            self.pos += 1;
        }
        parameter.name = self.slice(start, self.pos).into();
        if self.peek() == b'['
            && let Some(end) = self.bracket_end()?
        {
            parameter.index = Some(self.pieces_between(self.pos + 1, end)?);
            self.pos = end + 1;
        }
        let operator = self.parameter_operator();
        parameter.operator = operator.into();
        let pattern = matches!(operator.as_bytes().first(), Some(b'#' | b'%' | b'/' | b'^' | b','));
        loop {
            if self.eat("}") {
                return Ok(parameter);
            }
            let goes_on = if quoted && !pattern {
                if self.peek() == b'"' {
                    self.word_piece(&mut parameter.argument, true)?
                } else {
                    self.quoted_piece(&mut parameter.argument, b'}')?
                }
            } else {
                self.argument_piece(&mut parameter.argument)?
            };
            if !goes_on {
                return Err(self.unexpected());
            }
        }
    }

    /// A piece of a bare argument in `${…}`, which ends at `}`.
    fn argument_piece(&mut self, pieces: &mut Vec<Piece>) -> Read<bool> {
        if matches!(self.peek(), b'\\' | b'\'' | b'"' | b'$' | b'`') {
            return self.word_piece(pieces, true);
        }
        if matches!(self.peek(), b'<' | b'>') && self.ahead(1) == b'(' {
            let piece = self.process()?;
            pieces.push(piece);
            return Ok(true);
        }
        let length = self
            .rest()
            .iter()
            .enumerate()
            .take_while(|(index, byte)| {
                !matches!(byte, b'\\' | b'\'' | b'"' | b'$' | b'`' | b'}')
                    && (*index == 0 || !matches!(byte, b'<' | b'>'))
            })
            .count();
        self.pay(length)?;
        push_literal(pieces, self.slice(self.pos, self.pos + length));
        self.pos += length;
        Ok(length > 0)
    }

    fn parameter_operator(&mut self) -> &'static str {
        const OPERATORS: [&str; 19] = [
            ":-", ":=", ":?", ":+", "##", "%%", "//", "/#", "/%", "^^", ",,", "-", "=", "?", "+",
            "#", "%", "/", "^",
        ];
        const LAST: [&str; 4] = [",", ":", "@", "*"];
        let found = OPERATORS.into_iter().chain(LAST).find(|token| self.starts_with(token));
        let found = found.unwrap_or_default();
        self.pos += found.len();
        found
    }
}

fn named(name: &str) -> Piece {
    Piece::Parameter(Box::new(Parameter { name: name.into(), ..Parameter::default() }))
}

fn is_special_parameter(byte: u8) -> bool {
    matches!(byte, b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!')
}
