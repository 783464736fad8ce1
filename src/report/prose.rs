//! The sentences of a message in which its author speaks for themselves.
//!
//! Quotations, advice, open items and questions are left out; what a sentence
//! claims is [`super::claims`]'s.

use super::rules;

/// More sentences are not looked at.
const SENTENCES_MAX: usize = 2_000;

/// A sentence longer than this is no claim.
const WORDS_MAX: usize = 80;

/// A word of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// Lower case, without punctuation.
    Plain(String),
    /// A number; "12 of 12" and "12/12" are two.
    Number(u64),
    /// `code`, as written.
    Code(String),
    /// ✅ and its like.
    Tick,
    /// A colon, dash or table bar: what follows belongs to what stands before.
    Colon,
    /// A comma.
    Comma,
}

/// A sentence: its words, and how it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sentence {
    pub(super) words: Vec<Word>,
    pub(super) text: String,
}

/// The sentences of prose that state something.
pub(super) fn sentences(prose: &str) -> Vec<Sentence> {
    let mut found = Vec::new();
    let mut advice = false;
    for line in prose.lines() {
        let text = line.trim();
        if text.starts_with('#') || (text.starts_with("**") && text.ends_with("**")) {
            advice = is_advice(text);
        }
        if advice || text.is_empty() {
            continue;
        }
        let Some(text) = item(text) else { continue };
        for sentence in split(&text) {
            if found.len() < SENTENCES_MAX {
                found.extend(Sentence::of(sentence));
            }
        }
    }
    found
}

/// A heading under which nothing is claimed.
fn is_advice(heading: &str) -> bool {
    let lower = heading.to_ascii_lowercase();
    rules::words().advice.iter().any(|words| lower.contains(words))
}

/// The text of a list item or table row; `None` for an open item of a check list.
fn item(text: &str) -> Option<String> {
    let bare = text.trim_start_matches('#').trim_start();
    let bare = bare
        .strip_prefix(['-', '*', '+'])
        .filter(|rest| rest.starts_with(' '))
        .unwrap_or(bare)
        .trim_start();
    if bare.starts_with("[ ]") {
        return None;
    }
    for done in ["[x]", "[X]"] {
        if let Some(rest) = bare.strip_prefix(done) {
            return Some(format!("✅ {}", rest.trim_start()));
        }
    }
    if bare.starts_with('|') {
        return Some(bare.trim_matches('|').replace('|', " : "));
    }
    Some(bare.to_owned())
}

/// At full stops, semicolons and the like; not within numbers, paths or code.
fn split(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let (mut start, mut in_code) = (0, false);
    for (at, letter) in text.char_indices() {
        if letter == '`' {
            in_code = !in_code;
        }
        let end = at + letter.len_utf8();
        let ends = match letter {
            _ if in_code => false,
            ';' => true,
            '.' | '!' | '?' => text.get(end..).is_none_or(|rest| {
                rest.is_empty() || rest.starts_with([' ', '\t', '*', '_', '"', '”', ')'])
            }),
            _ => false,
        };
        if ends {
            sentences.extend(text.get(start..end));
            start = end;
        }
    }
    sentences.extend(text.get(start..));
    sentences
}

impl Sentence {
    /// `None` for questions, and for what is too long or empty.
    fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.ends_with('?') {
            return None;
        }
        let words = words(&without_quotes(text));
        let real = words.iter().any(|word| !matches!(word, Word::Colon | Word::Comma));
        (real && words.len() <= WORDS_MAX).then(|| Self { words, text: text.to_owned() })
    }
}

/// What others said is not claimed here.
fn without_quotes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(['"', '“', '«']) {
        let (before, quoted) = rest.split_at_checked(start).unwrap_or((rest, ""));
        out.push_str(before);
        let body =
            quoted.get(quoted.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default();
        match body.find(['"', '”', '»']) {
            Some(end) => {
                out.push_str(" quoted ");
                let close =
                    body.get(end..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
                rest = body.get(end + close..).unwrap_or_default();
            }
            None => {
                rest = body;
            }
        }
    }
    out.push_str(rest);
    out
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for (at, piece) in text.split('`').enumerate() {
        if at % 2 == 1 {
            words.push(Word::Code(piece.to_owned()));
        } else {
            for word in piece.split_whitespace().filter(|word| !word.starts_with("--")) {
                plain_words(word, &mut words);
            }
        }
    }
    words
}

fn plain_words(text: &str, words: &mut Vec<Word>) {
    let mut word = String::new();
    let flush = |word: &mut String, words: &mut Vec<Word>| {
        let bare = word.trim_matches(['\'', '’', '/', '.']);
        if !bare.is_empty() {
            words.push(bare.parse().map_or_else(|_| Word::Plain(bare.to_owned()), Word::Number));
        }
        word.clear();
    };
    for letter in text.chars() {
        match letter {
            _ if letter.is_alphanumeric() => word.extend(letter.to_lowercase()),
            '\'' | '’' => word.push('\''),
            '.' if word.ends_with(|last: char| last.is_ascii_alphanumeric()) => word.push('.'),
            '#' | '@' if word.is_empty() => word.push(letter),
            _ => {
                flush(&mut word, words);
                match letter {
                    '✅' | '✓' | '✔' | '☑' | '🟢' => words.push(Word::Tick),
                    ':' | '—' | '–' | '→' | '=' => words.push(Word::Colon),
                    ',' => words.push(Word::Comma),
                    '❌' | '✗' | '✘' | '⚠' | '🔴' => {
                        words.push(Word::Plain("failed".to_owned()));
                    }
                    '/' => words.push(Word::Plain("of".to_owned())),
                    _ => {}
                }
            }
        }
    }
    flush(&mut word, words);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(prose: &str, expected: &[&str]) {
        let found: Vec<String> = sentences(prose).into_iter().map(|one| one.text).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn finds_what_is_stated() {
        check("One. Two! Is it?\n- Three; four", &["One.", "Two!", "Three;", "four"]);
        check("Version 1.2 in `a. b` of ./x.", &["Version 1.2 in `a. b` of ./x."]);
        check("- [ ] open\n- [x] done", &["✅ done"]);
        check("## Next steps\nDo it.\n## Results\nDone.", &["Results", "Done."]);
        check("", &[]);
    }

    #[test]
    fn takes_a_sentence_apart() {
        let words = |text: &str| sentences(text).remove(0).words;
        assert_eq!(
            words("42/42 OK"),
            [
                Word::Number(42),
                Word::Plain("of".into()),
                Word::Number(42),
                Word::Plain("ok".into())
            ]
        );
        assert_eq!(
            words("✅ `a b`: it's"),
            [Word::Tick, Word::Code("a b".into()), Word::Colon, Word::Plain("it's".into())]
        );
        assert_eq!(
            words("a \"b c\" d-e"),
            ["a", "quoted", "d", "e"].map(|word| Word::Plain(word.into()))
        );
    }
}
