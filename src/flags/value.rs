//! Is a value a secret?
//!
//! Stand-ins are [`super::stand_in`]'s; which name or prefix promised a secret
//! is left to the matchers.

use super::name;
use super::random::Shape;
use super::stand_in::{is_placeholder, is_reference};

/// Values that name a state or a type, never a secret.
const STATES: &str = "null none nil undefined true false string str text hidden required optional sufficient \
    yes no on off empty varchar bytes object number int integer boolean any basic bearer oauth oauth2 jwt \
    md5 sha1 sha256 sha512 bcrypt plain plaintext pbkdf2 prompt ask file env input field email http https \
    header query value default xxx always never utf-8 utf8 latin1 latin-1 ascii utf-16 enabled disabled external unset blank";
/// Values that name a kind of secret, or stand in for one: unless a setting is
/// given them, they are the names of fields.
const KINDS: &str = "password passwd pwd pass passphrase passcode secret token key username user login fake \
    test mock foo bar baz foobar abc auth api apikey api_key secrets tiger credentials";
/// Words of which sentences are made, and passphrases seldom.
const OF_SENTENCES: &str = "a an the your is are for must to of and or not please enter this that should can \
    will be you has have it with in on at from if was";

/// How much a value must show to be taken for a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Proof {
    /// Any word: nothing else is ever given to the name.
    Nothing,
    /// Any word that is no name of a password itself.
    NoName,
    /// A digit or a sign.
    Sign,
    /// More than a word with a number.
    Strong,
}

/// Whether a value that was given to a password's name is a password.
pub(super) fn is_password(value: &[u8], name: &[u8], proof: Proof) -> bool {
    if !(4..=256).contains(&value.len()) || is_reference(value) || is_placeholder(value) {
        return false;
    }
    let Ok(text) = std::str::from_utf8(value) else { return false };
    let lower = text.to_lowercase();
    let bare = lower.trim_start_matches('&').trim_end_matches(['!', '?', '[', ']', ':']);
    if bare != lower && name::listed(KINDS, bare) {
        return false;
    }
    if name::listed(STATES, bare) || all_same(value) || is_hash(text) || is_pattern(text) {
        return false;
    }
    if proof != Proof::Nothing && text.contains(' ') && is_prose(text, name)
        || text.chars().all(|c| !c.is_alphanumeric())
        || is_number_with_points(text)
        || is_route(text)
    {
        return false;
    }
    if text.chars().all(|c| c.is_alphabetic() || c == ' ') && !text.is_ascii() {
        // A word of another script: a label.
        return false;
    }
    let plain = text.chars().all(|c| {
        c.is_alphabetic() || matches!(c, '_' | '-' | '.' | ' ' | ':' | '!' | '?' | '\'' | '/')
    });
    match proof {
        Proof::Nothing => true,
        Proof::NoName => {
            let names_itself = plain && speaks_of_itself(&lower, name);
            !names_itself && !name::listed(KINDS, &lower) && !is_numbered_name(&lower, name)
        }
        Proof::Sign => !plain && !is_numbered_name(&lower, name),
        Proof::Strong => !plain && is_strong(value) && !is_numbered_name(&lower, name),
    }
}

/// `password1` under the name `password1` is a field's name.
fn is_numbered_name(lower: &str, name: &[u8]) -> bool {
    lower.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
        && lower.chars().filter(char::is_ascii_alphanumeric).collect::<String>()
            == name::words(name).concat()
}

/// A sign, two digits, or a digit among letters of both cases.
fn is_strong(value: &[u8]) -> bool {
    let shape = Shape::of(value);
    let sign = value.iter().any(|byte| b"!@#$%^&*+=?~|\\<>{}[]();".contains(byte));
    let mixed = shape.upper > 0 && shape.lower > 0 && shape.digits > 0;
    sign && (shape.digits > 0 || shape.lower > 3) || shape.digits >= 3 || mixed
}

/// A version, an address.
fn is_number_with_points(text: &str) -> bool {
    text.contains('.') && text.bytes().all(|byte| !byte.is_ascii_alphabetic())
}

/// `/account/change-password`, `secret/data/orders`: where something is.
fn is_route(text: &str) -> bool {
    let slashes = text.matches('/').count();
    let plain = text.chars().all(|c| c.is_ascii_lowercase() || "-_/#.:{}*".contains(c));
    plain && (text.starts_with('/') || slashes >= 2)
}

/// Whether a value that was assigned to a key's name is one. Quoted ones may
/// be short; bare ones must look random.
pub(super) fn is_key(value: &[u8], quoted: bool) -> bool {
    let hash = std::str::from_utf8(value).is_ok_and(is_hash);
    if value.len() < 8 || hash || is_reference(value) || is_placeholder(value) {
        return false;
    }
    let shape = Shape::of(value);
    if shape.random() {
        return true;
    }
    let letters = shape.upper + shape.lower;
    quoted
        && shape.length >= 8
        && shape.varied()
        && letters > 0
        && shape.digits >= 2
        && shape.mixes >= 3
        && letters + shape.digits + 4 >= shape.length
}

/// A secret that a person made up: with signs that no identifier has, or words
/// that are joined (`purple-elephants-dance`).
pub(super) fn is_made_up_secret(name: &[u8], content: &[u8]) -> bool {
    const SIGNING: &str = "jwt session cookie signing hmac webhook app access refresh auth token csrf server \
        encryption master";
    let words = name::words(name);
    let last = words.last().map(String::as_str);
    if !matches!(last, Some("secret" | "secrets"))
        && !words.ends_with(&["secret".into(), "key".into()])
    {
        return false;
    }
    let signs = content.iter().filter(|byte| b"!@#^&*?".contains(byte)).count();
    if content.len() >= 8 && signs >= 1 && is_password(content, name, Proof::Sign) {
        return true;
    }
    let signing = words.iter().rev().skip(1).any(|word| name::listed(SIGNING, word))
        || words.last().is_some_and(|word| word == "key");
    let letters: Vec<u8> =
        content.iter().map(u8::to_ascii_lowercase).filter(u8::is_ascii_alphabetic).collect();
    let about = std::str::from_utf8(&letters).is_ok_and(|letters| speaks_of_itself(letters, name));
    let long_word = letters.len() >= 16 && !about || letters.len() >= 24;
    let varied = content.iter().any(u8::is_ascii_digit) && content.len() >= 10;
    let words = content.split(|byte| *byte == b' ').count();
    signing && (long_word || varied) && words <= 4 && is_password(content, name, Proof::Nothing)
}

/// Plain words that name a password (`newPassword`, `user-secret`), or the
/// name's own last word.
fn speaks_of_itself(lower: &str, name: &[u8]) -> bool {
    const ABOUT: &str = "password passwd passphrase passwort credential secret token required invalid field input \
    optional missing label apikey";
    let letters: String = lower.chars().filter(char::is_ascii_alphabetic).collect();
    let words = name::words(name);
    ABOUT.split(' ').any(|word| letters.contains(word))
        || letters.ends_with("pwd")
        || words.last().is_some_and(|word| *word == letters)
        || words.concat() == letters
}

fn all_same(value: &[u8]) -> bool {
    value.iter().all(|byte| Some(byte) == value.first())
}

/// Passwords that are stored as they should be.
fn is_hash(text: &str) -> bool {
    [
        "$2a$", "$2b$", "$2y$", "$argon2", "$6$", "$5$", "$1$", "$apr1$", "pbkdf2", "scrypt:",
        "sha1:", "sha256:", "sha512:", "md5:", "{SHA", "{SSHA", "{bcrypt}", "$scrypt", "$pbkdf2",
    ]
    .iter()
    .any(|start| text.starts_with(start))
}

/// Regular expressions, selectors, formats, percent codes.
fn is_pattern(text: &str) -> bool {
    let percent = text.bytes().zip(text.bytes().skip(1)).zip(text.bytes().skip(2));
    let codes = percent.filter(|((sign, high), low)| {
        *sign == b'%' && high.is_ascii_hexdigit() && low.is_ascii_hexdigit()
    });
    if codes.count() >= 1 {
        return true;
    }
    [
        "(?", "\\d", "\\w", "\\s", "[a-z", "[A-Z", "[0-9", "[^", ".*", ".+", "type=", "\\b", "%s",
        "{0}", "{}", "[name=", "input[", "=\"", "='",
    ]
    .iter()
    .any(|part| text.contains(part))
        || (text.starts_with('^') && text.ends_with('$'))
        // One sign as an escape, a list of validators.
        || (text.starts_with("\\u") || text.starts_with("\\x")) && text.len() <= 8
        || text.contains('|')
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "|:,_".contains(c))
        || (text.starts_with(['#', '.'])
            && text.chars().skip(1).all(|c| c.is_ascii_alphabetic() || c == '-' || c == '_'))
        || (text.starts_with("%(") || text.starts_with("%{"))
}

/// A sentence or a label, and no passphrase of many words.
fn is_prose(text: &str, name: &[u8]) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    let lower = |word: &str| word.chars().all(char::is_lowercase);
    let phrase_named = name.to_ascii_lowercase().ends_with(b"phrase");
    let least = if phrase_named { 3 } else { 4 };
    let no_sentence = words.iter().all(|word| !name::listed(OF_SENTENCES, &word.to_lowercase()))
        && !speaks_of_itself(&text.to_lowercase(), name);
    let passphrase = words.len() >= least
        && words.len() <= 8
        && no_sentence
        && (words.iter().all(|word| lower(word)) || phrase_named)
        && !text.contains(['.', ',', ':', '(', '?']);
    if passphrase {
        return false;
    }
    // Spaces within chance.
    let signs = text.chars().filter(char::is_ascii_punctuation).count();
    if signs >= 4 && text.bytes().filter(u8::is_ascii_digit).count() >= 2 && signs * 6 > text.len()
    {
        return false;
    }
    words.len() >= 3 || words.iter().all(|word| word.chars().all(|c| !c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, password: bool) {
        let proof = Proof::NoName;
        assert_eq!(is_password(value.as_bytes(), b"db_password", proof), password, "{value}");
    }

    #[test]
    fn tells_passwords_from_stand_ins() {
        check("hunter2", true);
        check("hunter", true);
        check("letmein!", true);
        check("$ecret123", true);
        check("m{{h}o)p${e]nob(ody[finds>-_$#thisone}}", true);
        check("correct horse 9 battery", false);
        check("password", false);
        check("changeme", false);
        check("${DB_PASSWORD}", false);
        check("{{ db_password }}", false);
        check("<password>", false);
        check("$DB_PASSWORD", false);
        check("db_password", false);
        check("Enter your password", false);
        check("********", false);
        check("$2b$12$KIXQ4S8b", false);
        check("new-password", false);
        check("#password", false);
        check("string", false);
    }
}
