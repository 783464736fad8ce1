//! What names within an expression bring in: values written out elsewhere in
//! the text, values drawn by chance, or what this text does not tell.

use std::ops::Range;

use super::evidence::{Evidence, Reader, TOKENS_MAX};
use super::vocabulary;
use crate::flags::handlers::named;
use crate::flags::name::listed;

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

impl Reader<'_, '_> {
    /// What a name within an expression brings in.
    pub(super) fn named_value(&self, at: usize, key: &[u8], depth: usize) -> Evidence {
        let name = self.name(at);
        let mut found = Evidence::default();
        let before = at.checked_sub(1).map(|at| self.sign(at)).unwrap_or_default();
        let called = self.sign(at + 1) == b'(';
        let dots = before == b'.' && at > 1 && self.sign(at - 2) == b'.';
        let own = before == b'.' && at > 1 && matches!(self.name(at - 2), b"this" | b"self");
        if self.is_random(at) {
            let invents = matches!(name, b"faker" | b"fake" | b"Faker" | b"chance");
            let calculates = invents
                || !crate::flags::name::words(key)
                    .iter()
                    .any(|word| listed(RANDOM_BY_NATURE, word));
            let compared = (at..at + 6)
                .any(|at| matches!(self.sign(at), b'<' | b'>') || self.name(at) == b"toString");
            if calculates && !compared {
                found.points += 4;
                found.made_up |= invents;
            }
            return found;
        }
        if before == b'.' && !own && !dots {
            let invented = at > 3 && named("faker fake chance", self.name(at - 4));
            let known = named(NEUTRAL, name) || named(RANDOM, name) || invented;
            found.real = called && !known;
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
