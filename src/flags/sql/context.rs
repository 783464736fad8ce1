//! What stands around a string: the calls it is handed to, the name or list it
//! becomes part of.

use super::names::is_pushing;
use super::safe::Source;
use crate::flags::source::{Form, Language, Token};

/// How many tokens before a string are looked at.
const REACH: usize = 160;

/// What an expression is handed to.
#[derive(Clone, Debug, Default)]
pub(super) struct Around<'a> {
    /// The names that are called around it, the innermost first: each `query`,
    /// then `db`.
    pub(super) calls: Vec<Vec<&'a [u8]>>,
    /// The name that it is given to, appended to, or pushed into.
    pub(super) home: Option<&'a [u8]>,
    /// The list that it is written in: the bracket.
    pub(super) list: Option<usize>,
    /// The key of an object, the name of an argument.
    pub(super) key: &'a [u8],
    /// Whether it is raised or thrown.
    pub(super) thrown: bool,
}

impl<'a> Source<'a> {
    /// What stands around the expression that begins at `at`.
    pub(super) fn around(&self, at: usize) -> Around<'a> {
        let code = &self.code;
        let mut around = Around::default();
        let mut depth = 0_usize;
        let mut here = at;
        while here > 0 && here + REACH > at {
            if depth == 0 && here < at && code.begins_statement(here) {
                break;
            }
            here -= 1;
            match code.sign(here) {
                b')' | b']' | b'}' => depth += 1,
                b'(' | b'[' | b'{' if depth > 0 => depth -= 1,
                b'(' => {
                    if self.is_pushed(here) {
                        around.home = Some(code.name(here.saturating_sub(3)));
                        break;
                    }
                    let names = self.called(here);
                    if !names.is_empty() {
                        around.calls.push(names);
                    }
                }
                b'[' => {
                    around.list.get_or_insert(here);
                }
                b'{' if matches!(code.sign(here.wrapping_sub(1)), b'>' | b')') => break,
                b';' if depth == 0 => break,
                b':' if depth == 0 && around.key.is_empty() && around.calls.is_empty() => {
                    around.key = code.name(here.saturating_sub(1));
                }
                b'=' if depth == 0 => match self.given_to(here) {
                    Target::Name(name) => {
                        around.home = Some(name);
                        break;
                    }
                    Target::Argument(name) => around.key = name,
                    Target::Nothing => {}
                },
                _ if depth == 0 => match code.name(here) {
                    b"throw" | b"raise" => {
                        around.thrown = true;
                        break;
                    }
                    b"return" | b"yield" => break,
                    _ => {}
                },
                _ => {}
            }
        }
        around
    }

    fn is_pushed(&self, open: usize) -> bool {
        open >= 3
            && self.code.sign(open - 2) == b'.'
            && is_pushing(self.code.name(open - 1))
            && !self.code.name(open - 3).is_empty()
    }

    /// What stands before a `=`.
    fn given_to(&self, equals: usize) -> Target<'a> {
        let code = &self.code;
        let Some(before) = equals.checked_sub(1) else { return Target::Nothing };
        if matches!(code.sign(equals + 1), b'=' | b'>')
            || matches!(code.sign(before), b'=' | b'!' | b'<' | b'>')
        {
            return Target::Nothing;
        }
        let mut at = before;
        while matches!(code.sign(at), b'+' | b':' | b'.' | b'|' | b'?' | b']') && at > 0 {
            // `queries["x"] = …`
            at = if code.sign(at) == b']' { at.saturating_sub(3) } else { at - 1 };
        }
        // `let sql: string =`
        let typed =
            at.checked_sub(2).filter(|two| code.sign(two + 1) == b':' && !code.is_on_new_line(at));
        // `var sql string =`
        let go = code.language == Language::Go && at >= 2 && code.name(at - 2) == b"var";
        let name = match typed {
            Some(two) if !code.name(two).is_empty() => code.name(two),
            _ if go => code.name(at - 1),
            _ => code.name(at),
        };
        let first = typed.unwrap_or(at);
        let argument = code.language == Language::Python
            && matches!(code.sign(first.wrapping_sub(1)), b'(' | b',');
        match name {
            b"" => Target::Nothing,
            name if argument => Target::Argument(name),
            name => Target::Name(name),
        }
    }

    /// The names before an opening bracket: `query`, `db`.
    fn called(&self, open: usize) -> Vec<&'a [u8]> {
        let code = &self.code;
        let Some(mut at) = open.checked_sub(1) else { return Vec::new() };
        if code.sign(at) == b'>' {
            let generic = (at.saturating_sub(12)..at).rev().find(|at| code.sign(*at) == b'<');
            at = generic.unwrap_or(at).saturating_sub(1);
        }
        if code.name(at).is_empty() {
            return Vec::new();
        }
        let mut names = vec![code.name(at)];
        while names.len() < 4 && at >= 2 && matches!(code.sign(at - 1), b'.' | b':') {
            names.push(code.name(at - 2));
            at -= 2;
        }
        names
    }

    /// Whether a template belongs to a tag that makes parameters of its values.
    pub(super) fn is_tagged(&self, at: usize, form: Form) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        if form != Form::Template {
            return false;
        }
        let word = self.code.name(before);
        let keyword = matches!(
            word,
            b"return"
                | b"await"
                | b"yield"
                | b"case"
                | b"typeof"
                | b"in"
                | b"of"
                | b"default"
                | b"else"
                | b"throw"
                | b"void"
        );
        let call = matches!(self.code.sign(before), b')' | b'>');
        let adjacent =
            self.code.token(before).map(Token::end) == self.code.token(at).map(Token::start);
        (!word.is_empty()
            && !keyword
            && (word != b"raw" && word != b"unsafe"
                || adjacent && self.code.name(before.wrapping_sub(2)) != b"String"))
            || (call && adjacent && self.code.sign(before.wrapping_sub(1)) != b'=')
    }
}

/// What an expression is given to.
enum Target<'a> {
    Name(&'a [u8]),
    Argument(&'a [u8]),
    Nothing,
}
