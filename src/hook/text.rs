//! Foreign text made fit to be shown.
//!
//! File names, commands and reports come from elsewhere: control characters
//! and bidirectional marks in them must not move a reader's cursor or eye.

use std::fmt::Write;

/// How many characters of a reply reach the model whole. Claude Code replaces
/// more than 10,000 by a preview; measured with 2.1.328: 9,000 arrive. It
/// counts as JavaScript does, see [`width`].
pub const REPLY_CHARS_MAX: usize = 9_000;

/// The text with control characters, bidirectional marks and other invisible
/// characters escaped as `\u{…}`. Newlines are escaped as well: one value, one line.
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if is_invisible(character) {
            let _ = write!(out, "{}", character.escape_default());
        } else {
            out.push(character);
        }
    }
    out
}

/// The text cut to `chars_max` characters as the client counts them, with how
/// many there were.
pub fn clip(text: &str, chars_max: usize) -> String {
    if text.len() <= chars_max {
        return text.to_owned();
    }
    let total = width(text);
    if total <= chars_max {
        return text.to_owned();
    }
    let note = format!("… [{total} characters in all]");
    let mut left = chars_max.saturating_sub(width(&note));
    let fits = |character: &char| {
        let rest = left.checked_sub(character.len_utf16());
        left = rest.unwrap_or_default();
        rest.is_some()
    };
    text.chars().take_while(fits).collect::<String>() + &note
}

/// The length of a text as the client counts it: UTF-16 units, of which an
/// emoji has two.
pub fn width(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_would_move_a_cursor_or_an_eye() {
        assert_eq!(printable("plain ünïcode"), "plain ünïcode");
        assert_eq!(printable("a\u{1b}[2Jb\nc"), "a\\u{1b}[2Jb\\nc");
        assert_eq!(printable("x\u{202e}txt"), "x\\u{202e}txt");
    }

    #[test]
    fn clips_to_whole_characters_and_says_so() {
        assert_eq!(clip("short", 10), "short");
        assert_eq!(clip("äöü", 3), "äöü");
        assert_eq!(clip(&"ä".repeat(50), 30), format!("{}… [50 characters in all]", "ä".repeat(6)));
        assert_eq!(
            clip(&"😀".repeat(25), 31),
            format!("{}… [50 characters in all]", "😀".repeat(3))
        );
        assert_eq!(width(&clip(&"😀".repeat(9_000), REPLY_CHARS_MAX)), REPLY_CHARS_MAX - 1);
    }
}
