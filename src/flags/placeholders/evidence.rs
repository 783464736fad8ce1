//! How much of an answer is written out instead of found out.
//!
//! An expression is read as far as it takes to tell literal data from what
//! comes out of a call, and names are followed to what they stand for.

use std::cell::Cell;
use std::ops::Range;

use super::vocabulary::{self, Weight};
use crate::flags::handlers::named;
use crate::flags::handlers::outline::Outline;
use crate::flags::source::{Kind, Language};

/// How deep records lie in records, and names stand for names.
const DEPTH_MAX: usize = 10;
/// Tokens that are looked at for one answer.
const TOKENS_MAX: usize = 3000;

/// Calls that make nothing up and find nothing out; methods of lists and texts.
const NEUTRAL: &str = "map filter slice sort find findIndex some every includes concat flat flatMap reduce forEach join split \
    trim toFixed toISOString toString toLowerCase toUpperCase toLocaleString padStart padEnd replace startsWith endsWith \
    keys values entries items from of fill floor round ceil abs min max now parse stringify json isArray assign freeze \
    Number String Boolean Date Array Object parseInt parseFloat Math JSON Promise resolve setTimeout fromEntries \
    len sum list dict str int float bool range sorted enumerate zip any all set tuple round Decimal datetime date timedelta \
    isoformat utcnow today jsonify JsonResponse JSONResponse json_response Response make_response strftime lower upper \
    strip format get status code send getTime toJSON at length Map Set reverse param query header NextResponse \
    HttpResponse render dumps model_dump timestamp replaceAll substring substr charAt pop shift lambda print log info \
    debug warn ok";
/// Words of a language, and values that say nothing.
const WORDS: &str = "await async new function return const let var if else for in of typeof instanceof as satisfies true false \
    null undefined None True False and or not is lambda yield void this self process Infinity NaN default case switch \
    break continue Math Date JSON Array Object Number String Boolean Promise parseInt parseFloat setTimeout Intl console \
    list dict str int float bool range datetime date timedelta timezone Decimal sum len min max sorted round enumerate \
    jsonify JsonResponse JSONResponse json_response Response NextResponse HttpResponse make_response web random status \
    resolve reject try catch throw while do export static public private protected readonly number string boolean any \
    request req res reply c ctx context time math json uuid os pass def class import from with";
/// What a request is handed over as.
const REQUESTS: &str =
    "req request ctx context c event res response reply params query body dto input args info";
/// Methods that draw a value.
const RANDOM: &str = "random randint uniform choice choices gauss randrange sample";
/// Keys under which a random value is what it should be.
const RANDOM_BY_NATURE: &str = "id uuid token code key nonce otp seed salt color colour jitter delay ref reference number name filename secret pin";

/// What an expression amounts to.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::flags) struct Evidence {
    /// How much is written out, in half points.
    pub(in crate::flags) points: u32,
    /// Whether a word or a name says that it is made up.
    pub(in crate::flags) made_up: bool,
    /// Whether a part comes out of something that this text does not tell.
    pub(in crate::flags) real: bool,
    /// Whether a name of what it is made of is literal by nature.
    pub(in crate::flags) by_nature: bool,
}

impl Evidence {
    fn add(&mut self, other: Self) {
        self.points += other.points;
        self.made_up |= other.made_up;
        self.real |= other.real;
        self.by_nature |= other.by_nature;
    }

    fn weigh(&mut self, weight: Weight) {
        self.points += weight.points;
        self.made_up |= weight.made_up;
    }
}

/// What the expression of these tokens amounts to.
pub(in crate::flags) fn of(outline: &Outline<'_>, value: Range<usize>) -> Evidence {
    let reader = Reader { outline, left: Cell::new(TOKENS_MAX) };
    reader.expression(value, b"", DEPTH_MAX)
}

struct Reader<'o, 'a> {
    outline: &'o Outline<'a>,
    left: Cell<usize>,
}

impl<'a> Reader<'_, 'a> {
    fn name(&self, at: usize) -> &'a [u8] {
        self.outline.code.name(at)
    }

    fn sign(&self, at: usize) -> u8 {
        self.outline.code.sign(at)
    }

    /// Whether there is still something to spend.
    fn spend(&self, tokens: usize) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(tokens));
        left > tokens
    }

    fn expression(&self, value: Range<usize>, key: &[u8], depth: usize) -> Evidence {
        let mut all = Evidence::default();
        if depth == 0 || value.start >= value.end || !self.spend(1) {
            return all;
        }
        let mut at = value.start;
        while matches!(self.name(at), b"return" | b"await" | b"new") && at < value.end {
            at += 1;
        }
        while at < value.end && self.spend(1) {
            let next = match self.outline.code.token(at).map(|token| token.kind) {
                None => break,
                Some(Kind::Sign(b'{')) if self.is_record(at, value.start) => {
                    let close = self.outline.closing(at);
                    all.add(self.record(at + 1..close.saturating_sub(1), depth));
                    close
                }
                Some(Kind::Sign(b'[')) if self.is_list(at, value.start) => {
                    let close = self.outline.closing(at);
                    all.add(self.list(at + 1..close.saturating_sub(1), depth));
                    close
                }
                Some(Kind::Sign(_)) => at + 1,
                Some(Kind::Number) => {
                    // Part of a calculation says nothing.
                    if value.end - value.start <= 2 {
                        let token = self.outline.code.token(at);
                        let number = token.map(|one| one.text(self.outline.code.text));
                        all.weigh(vocabulary::of_number(key, number.unwrap_or_default()));
                    }
                    at + 1
                }
                Some(Kind::Text(_)) => {
                    let token = self.outline.code.token(at);
                    let text = token.map(|one| self.outline.bytes(one.content()));
                    let text = text.unwrap_or_default();
                    let cut = text.get(..200).unwrap_or(text);
                    if value.end - value.start <= 2 {
                        all.weigh(vocabulary::of_text(key, cut));
                    }
                    at + 1
                }
                Some(Kind::Name) => {
                    if matches!(self.name(at), b"as" | b"satisfies") {
                        // A type runs to the end of the operand.
                        self.outline.expression_end(at + 1)
                    } else {
                        all.add(self.named_value(at, key, depth));
                        self.after_name(at, &mut all, depth)
                    }
                }
            };
            at = next.max(at + 1);
        }
        all
    }

    /// Not the block of a function.
    fn is_record(&self, at: usize, start: usize) -> bool {
        let before = at.saturating_sub(1);
        let arrow = self.sign(before) == b'>' && before > 0 && self.sign(before - 1) == b'=';
        self.outline.closing(at) > at && !(arrow || (self.sign(before) == b')' && at > start))
    }

    /// Not the index of something.
    fn is_list(&self, at: usize, start: usize) -> bool {
        let before = at.saturating_sub(1);
        let indexes = matches!(self.sign(before), b')' | b']')
            || (!self.name(before).is_empty()
                && !matches!(
                    self.name(before),
                    b"return" | b"in" | b"of" | b"await" | b"else" | b"or" | b"and"
                ));
        self.outline.closing(at) > at && (at == start || !indexes)
    }

    /// Where to go on after a name: past the arguments of a record's class.
    fn after_name(&self, at: usize, all: &mut Evidence, depth: usize) -> usize {
        let python = self.outline.code.language == Language::Python;
        let begins = self.name(at).first().is_some_and(u8::is_ascii_uppercase);
        let close = self.outline.closing(at + 1);
        let keyed = self.sign(at + 3) == b'=' && !self.name(at + 2).is_empty();
        if python && begins && keyed && self.sign(at + 1) == b'(' && self.sign(close) != b'.' {
            all.add(self.record(at + 2..close.saturating_sub(1), depth));
            return close;
        }
        at + 1
    }

    fn parts(&self, inner: Range<usize>) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let mut start = inner.start;
        let mut at = inner.start;
        while at < inner.end && self.spend(1) {
            at = match self.sign(at) {
                b',' => {
                    parts.push(start..at);
                    start = at + 1;
                    at + 1
                }
                b'(' | b'[' | b'{' => self.outline.closing(at).max(at + 1),
                _ => at + 1,
            };
        }
        if start < inner.end {
            parts.push(start..inner.end);
        }
        parts
    }

    /// `{ id: 1, name, ...rest }`, `User(id=1)`
    fn record(&self, inner: Range<usize>, depth: usize) -> Evidence {
        let (mut own, mut nested) = (Evidence::default(), Evidence::default());
        for part in self.parts(inner) {
            let first = part.start;
            let key = match self.outline.code.token(first) {
                Some(token) if token.is_string() => self.outline.bytes(token.content()),
                _ => self.name(first),
            };
            if vocabulary::is_error(key) {
                return Evidence { real: true, ..nested };
            }
            let keyed = matches!(self.sign(first + 1), b':' | b'=') && self.sign(first + 2) != b'=';
            let value = if keyed { first + 2..part.end } else { part };
            let one = self.expression(value.clone(), key, depth - 1);
            let inner = matches!(self.sign(value.start), b'{' | b'[');
            // A value that is found out does not make those beside it real when
            // they lie in a record of their own, and the other way round.
            if inner { nested.add(one) } else { own.add(one) }
        }
        let literal = if own.real && !own.made_up { 0 } else { own.points };
        nested.points += literal;
        nested.made_up |= own.made_up;
        nested.real |= own.real;
        nested.by_nature |= own.by_nature;
        nested
    }

    fn list(&self, inner: Range<usize>, depth: usize) -> Evidence {
        let mut all = Evidence::default();
        let comprehension =
            (inner.start..inner.end.min(inner.start + 200)).any(|at| self.name(at) == b"for");
        if comprehension && self.outline.code.language == Language::Python {
            return self.expression(inner, b"", depth - 1);
        }
        for part in self.parts(inner) {
            let one = self.expression(part, b"", depth - 1);
            // What has an id and nothing else is an option to choose.
            if one.points >= 2 || one.made_up {
                all.add(one);
            } else {
                all.real |= one.real;
            }
        }
        all
    }

    /// What a name within an expression brings in.
    fn named_value(&self, at: usize, key: &[u8], depth: usize) -> Evidence {
        let name = self.name(at);
        let mut found = Evidence::default();
        let before = at.checked_sub(1).map(|at| self.sign(at)).unwrap_or_default();
        let called = self.sign(at + 1) == b'(';
        let dots = before == b'.' && at > 1 && self.sign(at - 2) == b'.';
        let own = before == b'.' && at > 1 && matches!(self.name(at - 2), b"this" | b"self");
        if self.is_random(at) {
            let calculates = !vocabulary_of(key)
                .iter()
                .any(|word| crate::flags::name::listed(RANDOM_BY_NATURE, word));
            let compared = (at..at + 6)
                .any(|at| matches!(self.sign(at), b'<' | b'>') || self.name(at) == b"toString");
            if calculates && !compared {
                found.points += 4;
            }
            return found;
        }
        if before == b'.' && !own && !dots {
            found.real = called && !named(NEUTRAL, name) && !named(RANDOM, name);
            return found;
        }
        // A key, or the name of an argument.
        if matches!(self.sign(at + 1), b':' | b'=')
            && self.sign(at + 2) != b'='
            && self.sign(at + 2) != b'>'
            && before != b'?'
        {
            return found;
        }
        if !own && named(WORDS, name) && self.outline.values(name, at).0.is_empty() {
            return found;
        }
        if vocabulary::is_admitted(name) {
            found.points += 4;
            found.made_up = true;
            return found;
        }
        let (values, of_module) =
            if own { self.outline.values(name, 0) } else { self.outline.values(name, at) };
        let values: Vec<Range<usize>> = values.to_vec();
        if !values.is_empty() && !values.iter().any(|value| value.contains(&at)) {
            if of_module && self.outline.is_written(name) {
                found.real = true;
                return found;
            }
            found.by_nature |= of_module && vocabulary::is_by_nature(name);
            for value in values {
                found.add(self.expression(value, key, depth - 1));
            }
            return found;
        }
        if let Some(function) =
            self.outline.functions.iter().take(200).position(|one| one.name == name)
        {
            if called || own {
                found.add(self.function(function, key, depth));
            }
            return found;
        }
        if self.is_parameter(at) {
            return found;
        }
        if self.outline.is_taken(name, at) || self.is_looped(name, at) {
            let asks = called
                || (self.sign(at + 1) == b'.'
                    && self.sign(at + 3) == b'('
                    && !named(NEUTRAL, self.name(at + 2)));
            found.real = asks && !named(REQUESTS, name);
            return found;
        }
        let record = called
            && name.first().is_some_and(u8::is_ascii_uppercase)
            && self.sign(at + 2) != b')'
            && self.sign(self.outline.closing(at + 1)) != b'.';
        found.real = !(record || (called && named(NEUTRAL, name)));
        found
    }

    /// `Math.random()`, `random.randint(…)`, `faker.person()`
    fn is_random(&self, at: usize) -> bool {
        match (self.name(at), self.name(at + 2)) {
            (b"Math", b"random") => self.sign(at + 1) == b'.',
            (b"random" | b"rng", method) => self.sign(at + 1) == b'.' && named(RANDOM, method),
            (b"faker" | b"fake" | b"Faker" | b"chance", method) => {
                self.sign(at + 1) == b'.' && !method.is_empty()
            }
            _ => false,
        }
    }

    /// Whether it is where a function says what it takes.
    fn is_parameter(&self, at: usize) -> bool {
        let functions = &self.outline.functions;
        let next = functions.partition_point(|one| one.body.start <= at);
        functions.iter().skip(next).take(2).any(|one| one.parameters.contains(&at))
    }

    /// `for name in`, of a comprehension or a loop close by.
    fn is_looped(&self, name: &[u8], at: usize) -> bool {
        (at.saturating_sub(60)..at + 60).any(|at| {
            self.name(at) == name && (at.saturating_sub(5)..at).any(|at| self.name(at) == b"for")
        })
    }

    /// What a function of this text returns.
    fn function(&self, number: usize, key: &[u8], depth: usize) -> Evidence {
        let mut all = Evidence::default();
        let Some(function) = self.outline.functions.get(number) else { return all };
        if depth <= 2 {
            all.real = true;
            return all;
        }
        if function.expression {
            return self.expression(function.body.clone(), key, depth - 2);
        }
        for at in function.body.clone().take(TOKENS_MAX) {
            if !self.spend(1) {
                break;
            }
            if self.name(at) == b"return" && self.outline.function_at(at) == Some(number) {
                let value = at + 1..self.outline.expression_end(at + 1);
                all.add(self.expression(value, key, depth - 2));
            }
        }
        all
    }
}

fn vocabulary_of(key: &[u8]) -> Vec<String> {
    crate::flags::name::words(key)
}
