//! Words to the arguments they become.
//!
//! In bash's order: braces, then tilde, parameters, substitutions and arithmetic
//! together, then splitting, then globs. Every step keeps alternatives, because a
//! variable may have several possible values. What a substitution does to files
//! is recorded on the way.

mod arithmetic;
mod brace;
mod glob;
mod operator;
mod parameter;
pub(super) mod pattern;
mod split;

use super::machine::Machine;
use super::parse::tree::{Piece, Substitution, Word};
use super::state::State;
use super::text::{self, Values};

/// Most argument lists that one command is followed with.
const CALLS: usize = 24;

/// A stretch of an expanded word.
#[derive(Clone, Debug)]
pub(super) enum Chunk {
    /// Text; `quoted` text is neither split nor a glob.
    Text {
        /// The text.
        text: String,
        /// Whether it was quoted.
        quoted: bool,
        /// Whether it came from an expansion and is split.
        split: bool,
    },
    /// A new field begins: between the elements of `"$@"`.
    Break,
}

/// One possible expansion of a word.
pub(super) type Chunks = Vec<Chunk>;

impl Chunk {
    pub(super) fn quoted(text: impl Into<String>) -> Self {
        Chunk::Text { text: text.into(), quoted: true, split: false }
    }

    fn bare(text: impl Into<String>) -> Self {
        Chunk::Text { text: text.into(), quoted: false, split: false }
    }

    pub(super) fn of(text: impl Into<String>, quoted: bool) -> Self {
        Chunk::Text { text: text.into(), quoted, split: !quoted }
    }
}

impl Machine<'_> {
    /// The argument lists that the words of a command can become.
    pub(super) fn expand_words(&mut self, words: &[Word], state: &mut State) -> Vec<Vec<String>> {
        let fields: Vec<Vec<Vec<String>>> =
            words.iter().map(|word| self.expand_fields(word, state)).collect();
        let calls: usize = fields.iter().map(Vec::len).fold(1, usize::saturating_mul);
        let longest = fields.iter().map(Vec::len).max().unwrap_or(1);
        if calls > CALLS {
            // Too many combinations: each alternative of each word is seen at least once.
            return (0..longest.min(CALLS))
                .map(|index| {
                    let chosen =
                        fields.iter().filter_map(|word| word.get(index % word.len().max(1)));
                    chosen.flatten().cloned().collect()
                })
                .collect();
        }
        let mut lists: Vec<Vec<String>> = vec![Vec::new()];
        for word in fields {
            if let [only] = word.as_slice() {
                for list in &mut lists {
                    list.extend(only.iter().cloned());
                }
                continue;
            }
            lists = lists
                .iter()
                .flat_map(|list| word.iter().map(|fields| [list.as_slice(), fields].concat()))
                .collect();
        }
        lists
    }

    /// The fields that one word can become.
    pub(super) fn expand_fields(&mut self, word: &Word, state: &mut State) -> Vec<Vec<String>> {
        if let [Piece::Literal(text)] = word.pieces.as_slice()
            && !text.contains(['{', '*', '?', '[', '~'])
        {
            return vec![vec![text.clone()]];
        }
        let mut lists: Vec<Vec<String>> = vec![Vec::new()];
        for parts in brace::expand(&word.pieces) {
            let alternatives = self.expand_parts(&parts, state);
            let mut longer = Vec::new();
            for chunks in alternatives {
                for fields in self.fields(&chunks, state) {
                    for list in &lists {
                        if longer.len() < CALLS {
                            longer.push([list.as_slice(), fields.as_slice()].concat());
                        }
                    }
                }
            }
            lists = longer;
        }
        lists
    }

    /// The values of a word that is neither split nor a glob.
    pub(super) fn expand_text(&mut self, word: &Word, state: &mut State) -> Values {
        self.expand_value(&word.pieces, state)
    }

    /// As [`Machine::expand_text`], of bare pieces.
    pub(super) fn expand_value(&mut self, pieces: &[Piece], state: &mut State) -> Values {
        if let [Piece::Literal(text)] = pieces
            && !text.starts_with('~')
        {
            return vec![text.clone()];
        }
        let parts: Vec<brace::Part<'_>> = pieces.iter().map(brace::Part::Piece).collect();
        let mut values = Values::new();
        for chunks in self.expand_parts(&parts, state) {
            let mut joined = String::new();
            for chunk in &chunks {
                match chunk {
                    Chunk::Text { text, .. } => joined.push_str(text),
                    Chunk::Break => joined.push(' '),
                }
            }
            text::add(&mut values, text::bounded(joined));
        }
        values
    }

    /// The patterns that pieces can become: quoted characters are escaped.
    pub(super) fn expand_pattern(&mut self, pieces: &[Piece], state: &mut State) -> Values {
        let parts: Vec<brace::Part<'_>> = pieces.iter().map(brace::Part::Piece).collect();
        let mut values = Values::new();
        for chunks in self.expand_parts(&parts, state) {
            let mut joined = String::new();
            for chunk in &chunks {
                match chunk {
                    Chunk::Text { text, quoted: true, .. } => pattern::escape(text, &mut joined),
                    Chunk::Text { text, .. } => joined.push_str(text),
                    Chunk::Break => joined.push(' '),
                }
            }
            text::add(&mut values, text::bounded(joined));
        }
        values
    }

    fn expand_parts(&mut self, parts: &[brace::Part<'_>], state: &mut State) -> Vec<Chunks> {
        let mut all: Vec<Chunks> = vec![Vec::new()];
        for (index, part) in parts.iter().enumerate() {
            let next = match part {
                brace::Part::Bare(text) | brace::Part::Piece(Piece::Literal(text)) => {
                    self.bare(text, index == 0)
                }
                brace::Part::Piece(piece) => self.expand_piece(piece, state, false),
            };
            all = combine(all, &next);
        }
        all
    }

    /// Bare text, with the home folder for a tilde at the start.
    fn bare(&self, text: &str, first: bool) -> Vec<Chunks> {
        let Some(rest) = text.strip_prefix('~').filter(|_| first) else {
            return vec![vec![Chunk::bare(text)]];
        };
        let (user, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let homes = match user {
            "" => self.home(),
            "+" => return vec![vec![Chunk::bare(format!(".{path}"))]],
            _ => text::unknown(),
        };
        homes.into_iter().map(|home| vec![Chunk::quoted(home), Chunk::bare(path)]).collect()
    }

    /// The expansions of one piece, inside double quotes or not.
    fn expand_piece(&mut self, piece: &Piece, state: &mut State, double: bool) -> Vec<Chunks> {
        match piece {
            Piece::Literal(text) if double => vec![vec![Chunk::quoted(text.as_str())]],
            Piece::Literal(text) => vec![vec![Chunk::bare(text.as_str())]],
            Piece::Quoted(text) => vec![vec![Chunk::quoted(text.as_str())]],
            Piece::Double(inner) => {
                if let [Piece::Parameter(only)] = inner.as_slice() {
                    return self.deeper(|it| it.parameter(only, state, true)).unwrap_or_default();
                }
                let mut all: Vec<Chunks> = vec![vec![Chunk::quoted("")]];
                for piece in inner {
                    let next = self.deeper(|it| it.expand_piece(piece, state, true));
                    all = combine(all, &next.unwrap_or_default());
                }
                all
            }
            Piece::Parameter(parameter) => {
                self.deeper(|it| it.parameter(parameter, state, double)).unwrap_or_default()
            }
            Piece::Command(inner) => {
                let values = self.substitute(inner, state);
                values.into_iter().map(|value| vec![Chunk::of(value, double)]).collect()
            }
            Piece::Process(inner, writes) => {
                let path = self.process(inner, *writes, state);
                vec![vec![Chunk::quoted(path)]]
            }
            Piece::Arithmetic(inner) => {
                let values = self.deeper(|it| it.arithmetic(inner, state)).unwrap_or_default();
                values.into_iter().map(|value| vec![Chunk::quoted(value)]).collect()
            }
            Piece::Array(words) => {
                for word in words {
                    self.expand_fields(word, state);
                }
                vec![vec![Chunk::quoted("")]]
            }
        }
    }

    /// What `$(…)` becomes: the output without the line ends after it.
    fn substitute(&mut self, inner: &Substitution, state: &State) -> Values {
        let out = self.captured(inner, state, None);
        out.into_iter().map(|value| value.trim_end_matches('\n').to_owned()).collect()
    }

    /// The descriptor of `<(…)` or `>(…)`, with the text that can be read from it.
    fn process(&mut self, inner: &Substitution, writes: bool, state: &State) -> String {
        let stdin = writes.then(text::unknown);
        let out = self.captured(inner, state, stdin);
        self.pipes += 1;
        let path = format!("/dev/fd/{}", 63_u32.saturating_add(self.pipes));
        self.disk.make(&path, super::disk::Made::Text(out));
        path
    }
}

/// Every expansion of `before` followed by every one of `after`, as far as they are few.
fn combine(before: Vec<Chunks>, after: &[Chunks]) -> Vec<Chunks> {
    if let [only] = after {
        let mut before = before;
        for chunks in &mut before {
            chunks.extend(only.iter().cloned());
        }
        return before;
    }
    let mut all = Vec::new();
    for left in &before {
        for right in after {
            if all.len() < text::ALTERNATIVES {
                all.push([left.as_slice(), right.as_slice()].concat());
            }
        }
    }
    all
}
