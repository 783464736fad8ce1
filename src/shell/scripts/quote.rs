//! String, regular expression and heredoc literals of five languages.

use super::Language;
use super::lex::{Heredoc, Lexer, Piece, Token};
use super::text::{Style, pieces};

/// Longest delimiter word of a heredoc, in characters.
const DELIMITER_CHARS_MAX: usize = 64;

/// Reads a literal if one starts here.
pub(super) fn literal(lexer: &mut Lexer<'_>) -> bool {
    match lexer.language {
        Language::Python => python(lexer),
        Language::JavaScript => javascript(lexer),
        Language::Perl => perl(lexer),
        Language::Ruby => ruby(lexer),
        Language::Php => php(lexer),
    }
}

fn python(lexer: &mut Lexer<'_>) -> bool {
    let prefix = (0..3)
        .take_while(|ahead| lexer.peek(*ahead).is_some_and(|c| "rRbBfFuU".contains(c)))
        .count();
    let Some(quote @ ('\'' | '"')) = lexer.peek(prefix) else { return false };
    let letters: String = (0..prefix).filter_map(|ahead| lexer.peek(ahead)).collect();
    let style = match letters.to_ascii_lowercase() {
        letters if letters.contains('f') => Style::Braces,
        letters if letters.contains('r') => Style::Verbatim,
        _ => Style::Escaped,
    };
    lexer.at += prefix;
    let triple = [quote; 3];
    let end: &[char] = if triple.iter().enumerate().all(|(at, c)| lexer.peek(at) == Some(*c)) {
        &triple
    } else {
        &triple[..1]
    };
    lexer.at += end.len();
    text(lexer, None, end, style);
    true
}

fn javascript(lexer: &mut Lexer<'_>) -> bool {
    match lexer.peek(0) {
        Some(quote @ ('\'' | '"')) => quoted(lexer, quote, Style::Escaped),
        Some('`') => quoted(lexer, '`', Style::Template),
        Some('/')
            if !lexer.after_operand() && !lexer.looking_at("//") && !lexer.looking_at("/*") =>
        {
            regex(lexer)
        }
        _ => false,
    }
}

fn php(lexer: &mut Lexer<'_>) -> bool {
    match lexer.peek(0) {
        Some('\'') => quoted(lexer, '\'', Style::Raw),
        Some('"') => quoted(lexer, '"', Style::Dollar),
        Some('`') => shell(lexer, None, '`', Style::Dollar),
        Some('<') if lexer.looking_at("<<<") => heredoc(lexer, 3),
        _ => false,
    }
}

fn perl(lexer: &mut Lexer<'_>) -> bool {
    match lexer.peek(0) {
        Some('\'') => quoted(lexer, '\'', Style::Raw),
        Some('"') => quoted(lexer, '"', Style::Dollar),
        Some('`') => shell(lexer, None, '`', Style::Dollar),
        Some('/') if !lexer.after_operand() => regex(lexer),
        Some('<') if lexer.looking_at("<<") => heredoc(lexer, 2),
        Some('q' | 'm' | 's' | 'y' | 't') => perl_operator(lexer),
        _ => false,
    }
}

fn ruby(lexer: &mut Lexer<'_>) -> bool {
    match lexer.peek(0) {
        Some('\'') => quoted(lexer, '\'', Style::Raw),
        Some('"') => quoted(lexer, '"', Style::Hash),
        Some('`') => shell(lexer, None, '`', Style::Hash),
        Some('/') if !lexer.after_operand() => regex(lexer),
        Some('<') if lexer.looking_at("<<") => heredoc(lexer, 2),
        Some('%') if !lexer.after_operand() => ruby_percent(lexer),
        _ => false,
    }
}

fn quoted(lexer: &mut Lexer<'_>, quote: char, style: Style) -> bool {
    lexer.at += 1;
    text(lexer, None, &[quote], style);
    true
}

fn text(lexer: &mut Lexer<'_>, open: Option<char>, end: &[char], style: Style) {
    let pieces = pieces(lexer, open, end, style);
    lexer.tokens.push(Token::Text(pieces));
}

fn shell(lexer: &mut Lexer<'_>, open: Option<char>, end: char, style: Style) -> bool {
    if open.is_none() {
        lexer.at += 1;
    }
    let pieces = pieces(lexer, open, &[end], style);
    lexer.tokens.push(Token::Shell(pieces));
    true
}

fn regex(lexer: &mut Lexer<'_>) -> bool {
    lexer.at += 1;
    let mut class = false;
    while let Some(c) = lexer.peek(0) {
        lexer.at += 1;
        match c {
            '\\' => lexer.at += 1,
            '[' => class = true,
            ']' => class = false,
            '/' if !class => break,
            '\n' => break,
            _ => {}
        }
    }
    flags(lexer);
    lexer.tokens.push(Token::Regex);
    true
}

fn flags(lexer: &mut Lexer<'_>) {
    while lexer.peek(0).is_some_and(char::is_alphabetic) {
        lexer.at += 1;
    }
}

/// `q() qq() qw() qx() qr() m() s()() tr()() y()()`.
fn perl_operator(lexer: &mut Lexer<'_>) -> bool {
    if matches!(lexer.tokens.last(), Some(Token::Op("->" | "{"))) {
        return false;
    }
    let Some(name) = ["qq", "qw", "qx", "qr", "tr", "q", "m", "s", "y"]
        .iter()
        .find(|name| lexer.looking_at(name))
    else {
        return false;
    };
    let mut ahead = name.len();
    while lexer.peek(ahead).is_some_and(|c| c == ' ') {
        ahead += 1;
    }
    let Some(open) = lexer.peek(ahead) else { return false };
    let spaced = ahead > name.len();
    if open.is_alphanumeric()
        || open.is_whitespace()
        || "_,;)=".contains(open)
        || (spaced && open == '-')
    {
        return false;
    }
    lexer.at += ahead + 1;
    let end = closing(open);
    let nests = (end != open).then_some(open);
    match *name {
        "q" => text(lexer, nests, &[end], Style::Raw),
        "qq" => text(lexer, nests, &[end], Style::Dollar),
        "qx" => return shell(lexer, Some(open), end, Style::Dollar),
        "qw" => words(lexer, nests, end),
        _ => {
            pieces(lexer, nests, &[end], Style::Verbatim);
            if matches!(*name, "s" | "tr" | "y") {
                if end != open {
                    while lexer.peek(0).is_some_and(char::is_whitespace) {
                        lexer.at += 1;
                    }
                    lexer.at += 1;
                }
                pieces(lexer, nests, &[end], Style::Verbatim);
            }
            flags(lexer);
            lexer.tokens.push(Token::Regex);
        }
    }
    true
}

/// `%w[] %i[] %q() %Q() %x() %r{} %()`.
fn ruby_percent(lexer: &mut Lexer<'_>) -> bool {
    let (letter, ahead) = match lexer.peek(1) {
        Some(letter) if letter.is_ascii_alphabetic() => (letter, 2),
        _ => ('Q', 1),
    };
    let Some(open) = lexer.peek(ahead).filter(|c| c.is_ascii_punctuation() && *c != '=') else {
        return false;
    };
    lexer.at += ahead + 1;
    let end = closing(open);
    let nests = (end != open).then_some(open);
    match letter {
        'w' | 'W' | 'i' | 'I' => words(lexer, nests, end),
        'q' => text(lexer, nests, &[end], Style::Raw),
        'x' => return shell(lexer, Some(open), end, Style::Hash),
        'r' => {
            pieces(lexer, nests, &[end], Style::Verbatim);
            flags(lexer);
            lexer.tokens.push(Token::Regex);
        }
        _ => text(lexer, nests, &[end], Style::Hash),
    }
    true
}

fn words(lexer: &mut Lexer<'_>, open: Option<char>, end: char) {
    let pieces = pieces(lexer, open, &[end], Style::Verbatim);
    lexer.tokens.push(Token::Op("["));
    for piece in pieces {
        if let Piece::Plain(text) = piece {
            for word in text.split_whitespace() {
                lexer.tokens.push(Token::Text(vec![Piece::Plain(word.to_owned())]));
                lexer.tokens.push(Token::Op(","));
            }
        }
    }
    lexer.tokens.push(Token::Op("]"));
}

fn closing(open: char) -> char {
    match open {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        '<' => '>',
        other => other,
    }
}

/// The start of a heredoc, whose body follows the line.
fn heredoc(lexer: &mut Lexer<'_>, operator: usize) -> bool {
    let mut ahead = operator;
    while lexer.peek(ahead).is_some_and(|c| matches!(c, '~' | '-') || (c == ' ' && operator == 3)) {
        ahead += 1;
    }
    let quote = lexer.peek(ahead).filter(|c| matches!(c, '\'' | '"' | '`'));
    ahead += usize::from(quote.is_some());
    let start = ahead;
    while ahead < start + DELIMITER_CHARS_MAX
        && lexer.peek(ahead).is_some_and(|c| c.is_alphanumeric() || c == '_')
    {
        ahead += 1;
    }
    let end: Vec<char> = (start..ahead).filter_map(|at| lexer.peek(at)).collect();
    let shouts = end.first().is_some_and(|c| c.is_uppercase() || *c == '_');
    if end.is_empty() || (quote.is_none() && !shouts && operator == 2) {
        return false;
    }
    lexer.at += ahead + usize::from(quote.is_some());
    lexer.here.push(Heredoc { token: lexer.tokens.len(), end, raw: quote == Some('\'') });
    let pieces = vec![Piece::Hole];
    lexer.tokens.push(if quote == Some('`') { Token::Shell(pieces) } else { Token::Text(pieces) });
    true
}

/// Reads the bodies of the heredocs that the last line began.
pub(super) fn heredoc_bodies(lexer: &mut Lexer<'_>) {
    for heredoc in std::mem::take(&mut lexer.here) {
        let start = lexer.at;
        let mut body_end = lexer.chars.len();
        while lexer.at < lexer.chars.len() {
            let line_start = lexer.at;
            while lexer.peek(0).is_some_and(|c| c != '\n') {
                lexer.at += 1;
            }
            let line = lexer.chars.get(line_start..lexer.at).unwrap_or_default();
            lexer.at += 1;
            let trimmed: Vec<char> = line
                .iter()
                .copied()
                .skip_while(|c| c.is_whitespace())
                .take_while(|c| !matches!(c, ';' | '\r'))
                .collect();
            if trimmed == heredoc.end {
                body_end = line_start;
                break;
            }
        }
        let body: String = lexer.chars.get(start..body_end).unwrap_or_default().iter().collect();
        let interpolates = !heredoc.raw && body.contains(['$', '#']);
        let filled = vec![if interpolates { Piece::Hole } else { Piece::Plain(body) }];
        if let Some(Token::Text(pieces) | Token::Shell(pieces)) =
            lexer.tokens.get_mut(heredoc.token)
        {
            *pieces = filled;
        }
    }
}
