//! One operand: a literal, a name, and the calls and members behind it.
//!
//! Knows the functions of each language and library that make numbers, lists
//! of placeholders or escaped text. Operators are [`super::safe`]'s.

use super::functions::{
    asks_for_number, escapes, is_constant_name, is_constant_word, is_placeholder_name, is_request,
    keeps_content, makes_numbers,
};
use super::names::How;
use super::safe::{Place, Source, Verdict};
use super::slot::is_fragment_name;
use crate::flags::source::code::{Code, EXPRESSION_TOKENS_MAX};
use crate::flags::source::{Kind, Language};

impl Source<'_> {
    pub(super) fn operand(&self, code: &Code<'_>, from: usize, to: usize, place: Place) -> Verdict {
        let Some(head) = code.token(from) else { return Verdict::Unknown };
        let (mut verdict, mut at) = match head.kind {
            Kind::Number => (Some(Verdict::Harmless), from + 1),
            Kind::Text(_) => (Some(self.string(code, head, place)), from + 1),
            Kind::Sign(b'(') => {
                let end = code.closing(from);
                (Some(self.judge(code, from + 1, end.saturating_sub(1), place)), end)
            }
            Kind::Sign(b'[' | b'{') => {
                let end = code.closing(from);
                (Some(self.arguments(code, from + 1, end.saturating_sub(1), place)), end)
            }
            Kind::Sign(b'.') if code.sign(from + 1) == b'.' => {
                return self.judge(code, from + 3, to, place);
            }
            Kind::Name => (None, from + 1),
            Kind::Sign(_) => return Verdict::Unknown,
        };
        if verdict.is_none() && code.sign(at) == b'(' {
            verdict = Some(self.call(code, code.name(from), at, place));
            at = code.closing(at).max(at + 1);
        }
        // The name that says what the value is.
        let mut last = from;
        while at < to {
            if matches!(code.sign(at), b'!' | b'?') || code.sign(at) == b':' {
                at += 1;
            } else if code.sign(at) == b'.' || code.sign(at) == b'-' && code.sign(at + 1) == b'>' {
                at += if code.sign(at) == b'.' { 1 } else { 2 };
                let open = at + 1;
                if code.sign(open) == b'(' {
                    if !keeps_content(code.name(at)) {
                        last = at;
                    }
                    let base = || self.base(code, from, verdict, place);
                    verdict = Some(self.method(code, at, base, place));
                    at = code.closing(open).max(open + 1);
                } else {
                    last = at;
                    verdict = Some(self.member(code, from, at, verdict, place));
                    at += 1;
                }
            } else if code.sign(at) == b'[' {
                // Looked up in a list of constants.
                verdict = Some(self.base(code, from, verdict, place));
                at = code.closing(at).max(at + 1);
            } else {
                return Verdict::Unknown;
            }
        }
        match self.base(code, from, verdict, place) {
            Verdict::Unknown if is_fragment_name(code.name(last)) => Verdict::Fragment,
            judged => judged,
        }
    }

    /// What is known of the operand so far; its first name when nothing is.
    fn base(
        &self,
        code: &Code<'_>,
        from: usize,
        verdict: Option<Verdict>,
        place: Place,
    ) -> Verdict {
        verdict.unwrap_or_else(|| {
            let name = code.name(from);
            if is_constant_name(name) || is_constant_word(name) || is_placeholder_name(name) {
                return Verdict::Harmless;
            }
            self.name(name, place).unwrap_or(Verdict::Unknown)
        })
    }

    /// `.length`, `.id`
    fn member(
        &self,
        code: &Code<'_>,
        from: usize,
        at: usize,
        verdict: Option<Verdict>,
        place: Place,
    ) -> Verdict {
        let (head, name) = (code.name(from), code.name(at));
        if is_request(head, name) {
            return Verdict::Foreign;
        }
        if matches!(name, b"length" | b"rowCount") || is_constant_name(name) {
            return Verdict::Harmless;
        }
        if verdict.is_none()
            && matches!(head, b"Math" | b"Number" | b"Prisma" | b"sql" | b"this" | b"self")
        {
            return Verdict::Unknown;
        }
        match self.base(code, from, verdict, place) {
            Verdict::Fragment => Verdict::Unknown,
            base => base,
        }
    }

    /// A method, whose name stands at `at`, of what `base` says.
    fn method(
        &self,
        code: &Code<'_>,
        at: usize,
        base: impl Fn() -> Verdict,
        place: Place,
    ) -> Verdict {
        let open = at + 1;
        let end = code.closing(open).saturating_sub(1);
        let of = at.checked_sub(2).map_or(&b""[..], |of| code.name(of));
        let arguments = || self.arguments(code, open + 1, end, place);
        let name = code.name(at);
        if matches!(of, b"Math" | b"Number" | b"strconv")
            || makes_numbers(name)
            || escapes(name)
            || asks_for_number(code, open, end)
            || of == b"Date" && name == b"now"
            || matches!(of, b"Prisma" | b"sql") && matches!(name, b"join" | b"sql" | b"id" | b"ref")
        {
            return Verdict::Harmless;
        }
        match name {
            b"map" | b"flatMap" => self.mapped(code, open, end, base, place),
            b"fill" => arguments(),
            b"join" | b"concat" | b"replace" | b"replaceAll" | b"format" | b"padStart"
            | b"substitute" => base().max(arguments()),
            // Only the value in its stead counts, not what was looked up.
            b"get" | b"setdefault" => {
                let key = code.expression_end(open + 1).min(end);
                base().max(self.arguments(code, key + 1, end, place))
            }
            _ if keeps_content(name) => base(),
            b"from" if of == b"Array" => self.mapped(code, open, end, arguments, place),
            _ if matches!(base(), Verdict::Foreign) => Verdict::Foreign,
            _ => Verdict::Unknown,
        }
    }

    /// `.map((x) => '?')`: what the function returns; `.map(Number)`.
    fn mapped(
        &self,
        code: &Code<'_>,
        open: usize,
        end: usize,
        base: impl Fn() -> Verdict,
        place: Place,
    ) -> Verdict {
        let arrow = (open..end).find(|at| code.sign(*at) == b'=' && code.sign(*at + 1) == b'>');
        let Some(arrow) = arrow else {
            let name = code.name(end.saturating_sub(1));
            return match name {
                _ if makes_numbers(name) || escapes(name) => Verdict::Harmless,
                b"String" | b"str" => base(),
                _ if code.sign(open + 1) == b'{' => Verdict::Unknown,
                _ => Verdict::Unknown,
            };
        };
        if code.sign(arrow + 2) == b'{' {
            return self.returned(code, arrow + 2, code.closing(arrow + 2), place);
        }
        self.judge(code, arrow + 2, code.expression_end(arrow + 2).min(end), place)
    }

    /// The worst of what a block returns.
    fn returned(&self, code: &Code<'_>, from: usize, to: usize, place: Place) -> Verdict {
        let returns = (from..to).filter(|at| code.name(*at) == b"return");
        let judged = returns
            .take(8)
            .map(|at| self.judge(code, at + 1, code.expression_end(at + 1).min(to), place));
        judged.max().unwrap_or(Verdict::Unknown)
    }

    /// `f(…)`
    fn call(&self, code: &Code<'_>, name: &[u8], open: usize, place: Place) -> Verdict {
        let end = code.closing(open).saturating_sub(1);
        let arguments = || self.arguments(code, open + 1, end, place);
        if makes_numbers(name) || escapes(name) || is_placeholder_name(name) {
            return Verdict::Harmless;
        }
        match name {
            b"str" | b"String" | b"min" | b"max" | b"sorted" | b"list" | b"tuple" | b"set"
            | b"reversed" | b"repr" | b"dict" => arguments(),
            b"Array" | b"range" => Verdict::Harmless,
            b"map" if code.language == Language::Python => {
                let first = code.name(open + 1);
                if makes_numbers(first) || escapes(first) {
                    Verdict::Harmless
                } else if first == b"str" {
                    arguments()
                } else {
                    Verdict::Unknown
                }
            }
            _ if asks_for_number(code, open, end) => Verdict::Harmless,
            _ => self.own_function(name, place).unwrap_or(Verdict::Unknown),
        }
    }

    /// What a function of this text returns.
    fn own_function(&self, name: &[u8], place: Place) -> Option<Verdict> {
        let code = &self.code;
        let binding = self.bindings(name, place.at).into_iter().next()?;
        match binding.how {
            How::Declared(value) | How::Assigned(value) if value < code.tokens.len() => {
                let end = code.expression_end(value);
                let is_arrow = |at: &usize| code.sign(*at) == b'=' && code.sign(*at + 1) == b'>';
                let arrow = (value..end).find(is_arrow)? + 2;
                let place = Place { at: arrow, ..place };
                if code.sign(arrow) == b'{' {
                    return Some(self.returned(code, arrow, code.closing(arrow), place));
                }
                Some(self.judge(code, arrow, code.expression_end(arrow), place))
            }
            How::Defined(open) => {
                let body = code.closing(open);
                let end = self.body_end(open, body);
                Some(self.returned(code, body, end, Place { at: body, ..place }))
            }
            _ => None,
        }
    }

    /// The end of the body of a function whose parameters open at `open`.
    fn body_end(&self, open: usize, body: usize) -> usize {
        let code = &self.code;
        let within = body..code.tokens.len().min(body + EXPRESSION_TOKENS_MAX);
        if code.language == Language::Python {
            let column = code.column_of_line(open.saturating_sub(2)).unwrap_or(0);
            let mut after = within.clone().skip(1);
            let end = after.find(|at| code.column_of_line(*at).is_some_and(|one| one <= column));
            return end.unwrap_or(within.end);
        }
        let brace = within.clone().find(|at| code.sign(*at) == b'{');
        brace.map_or(within.end, |brace| code.closing(brace))
    }
}
