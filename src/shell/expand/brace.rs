//! Brace expansion: `{a,b}`, `{1..9}`, `{a..e}`, over bare text only.

use super::super::parse::tree::Piece;
use super::super::text::NAME;

/// Most words that one word becomes.
const WORDS: usize = 256;
/// Most characters that all of them have together.
const TOKENS: usize = 64 * 1024;
/// Deepest nesting of braces.
const DEPTH: u32 = 8;

/// A part of a word after brace expansion.
#[derive(Clone, Debug)]
pub(super) enum Part<'a> {
    /// Bare text cut from a literal.
    Bare(String),
    /// A piece as it was.
    Piece(&'a Piece),
}

/// The words that a word's braces make of it; past [`WORDS`] the braces are one unknown name.
pub(super) fn expand(pieces: &[Piece]) -> Vec<Vec<Part<'_>>> {
    let braced =
        pieces.iter().any(|piece| matches!(piece, Piece::Literal(text) if text.contains('{')));
    let parts: Vec<Part<'_>> = pieces.iter().map(Part::Piece).collect();
    if !braced {
        return vec![parts];
    }
    // One token per bare character, so that quoted braces and commas stay text.
    let mut tokens = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Literal(text) => tokens.extend(text.chars().map(Token::Char)),
            piece => tokens.push(Token::Piece(piece)),
        }
    }
    let words = words(&tokens, 0);
    words.into_iter().map(|word| join(&word)).collect()
}

#[derive(Clone, Copy)]
enum Token<'a> {
    Char(char),
    Piece(&'a Piece),
}

fn join<'a>(tokens: &[Token<'a>]) -> Vec<Part<'a>> {
    let mut parts: Vec<Part<'a>> = Vec::new();
    for token in tokens {
        match token {
            Token::Char(char) => match parts.last_mut() {
                Some(Part::Bare(text)) => text.push(*char),
                _ => parts.push(Part::Bare(char.to_string())),
            },
            Token::Piece(piece) => parts.push(Part::Piece(piece)),
        }
    }
    parts
}

fn words<'a>(tokens: &[Token<'a>], depth: u32) -> Vec<Vec<Token<'a>>> {
    let mut from = 0;
    while let Some((open, close, commas)) = next_brace(tokens, from) {
        let inside = tokens.get(open + 1..close).unwrap_or_default();
        let choices = if commas.is_empty() {
            let Some(range) = range(inside) else {
                from = open + 1;
                continue;
            };
            range
        } else if depth < DEPTH {
            choices(inside, &commas, open, depth)
        } else {
            vec![vec![Token::Char(NAME)]]
        };
        let before = tokens.get(..open).unwrap_or_default();
        if depth >= DEPTH {
            let rest = tokens.get(close + 1..).unwrap_or_default();
            return vec![[before, &[Token::Char(NAME)], rest].concat()];
        }
        let after = words(tokens.get(close + 1..).unwrap_or_default(), depth + 1);
        let made = choices.len().saturating_mul(after.len());
        if made > WORDS || made.saturating_mul(tokens.len()) > TOKENS {
            let rest = tokens.get(close + 1..).unwrap_or_default();
            return vec![[before, &[Token::Char(NAME)], rest].concat()];
        }
        let mut all = Vec::new();
        for choice in &choices {
            for rest in &after {
                all.push([before, choice, rest].concat());
            }
        }
        return all;
    }
    vec![tokens.to_vec()]
}

/// Each alternative between the commas, itself expanded.
fn choices<'a>(
    inside: &[Token<'a>],
    commas: &[usize],
    open: usize,
    depth: u32,
) -> Vec<Vec<Token<'a>>> {
    let mut choices = Vec::new();
    let mut start = 0;
    for comma in commas.iter().map(|at| at - open - 1).chain([inside.len()]) {
        choices.extend(words(inside.get(start..comma).unwrap_or_default(), depth + 1));
        start = comma + 1;
        if choices.len() > WORDS {
            return vec![vec![Token::Char(NAME)]; WORDS + 1];
        }
    }
    choices
}

/// The next balanced braces at or after `from`, with their own commas.
fn next_brace(tokens: &[Token<'_>], from: usize) -> Option<(usize, usize, Vec<usize>)> {
    let mut open: Vec<(usize, Vec<usize>)> = Vec::new();
    for (at, token) in tokens.iter().enumerate().skip(from) {
        match token {
            Token::Char('{') => open.push((at, Vec::new())),
            Token::Char(',') => {
                if let Some((_, commas)) = open.last_mut() {
                    commas.push(at);
                }
            }
            Token::Char('}') => {
                let Some((start, commas)) = open.pop() else { continue };
                if open.is_empty() {
                    return Some((start, at, commas));
                }
            }
            _ => {}
        }
    }
    // An outer brace that never closes is text: look inside it.
    let (first, _) = open.first()?;
    if first + 1 < tokens.len() && from <= *first && open.len() < 64 {
        return next_brace(tokens, first + 1);
    }
    None
}

/// `a..b` and `a..b..step`.
fn range<'a>(inside: &[Token<'a>]) -> Option<Vec<Vec<Token<'a>>>> {
    let mut text = String::new();
    for token in inside {
        match token {
            Token::Char(char) => text.push(*char),
            Token::Piece(_) => return None,
        }
    }
    let mut ends = text.split("..");
    let (first, last, step) = (ends.next()?, ends.next()?, ends.next());
    let chars = |text: &str| -> Vec<Token<'a>> { text.chars().map(Token::Char).collect() };
    if let (Ok(first), Ok(last)) = (first.parse::<i64>(), last.parse::<i64>()) {
        let step = step.and_then(|step| step.parse::<i64>().ok()).unwrap_or(1);
        let step = usize::try_from(step.unsigned_abs().max(1)).unwrap_or(1);
        if first.abs_diff(last) > 1_000 {
            return Some(vec![vec![Token::Char(NAME)]]);
        }
        let (low, high) = (first.min(last), first.max(last));
        return Some((low..=high).step_by(step).map(|number| chars(&number.to_string())).collect());
    }
    let (mut one, mut two) = (first.chars(), last.chars());
    let (first, last) = (one.next()?, two.next()?);
    if one.next().is_some() || two.next().is_some() || !first.is_ascii() || !last.is_ascii() {
        return None;
    }
    let (low, high) = (first.min(last), first.max(last));
    Some((low..=high).map(|char| vec![Token::Char(char)]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let pieces = [Piece::Literal(text.to_owned())];
        let words: Vec<String> = expand(&pieces)
            .iter()
            .map(|word| {
                word.iter()
                    .map(|part| match part {
                        Part::Bare(text) | Part::Piece(Piece::Literal(text)) => text.as_str(),
                        Part::Piece(_) => "?",
                    })
                    .collect()
            })
            .collect();
        assert_eq!(words, expected, "{text}");
    }

    #[test]
    fn braces_make_words() {
        check("a", &["a"]);
        check("{a,b}", &["a", "b"]);
        check("x{a,b}y", &["xay", "xby"]);
        check("x{,.bak}", &["x", "x.bak"]);
        check("{a,b}{1,2}", &["a1", "a2", "b1", "b2"]);
        check("{a,{b,c}d}", &["a", "bd", "cd"]);
        check("{1..3}", &["1", "2", "3"]);
        check("{c..a}", &["a", "b", "c"]);
        check("{a}", &["{a}"]);
        check("{a,b", &["{a,b"]);
        check("{}", &["{}"]);
    }
}
