//! Is a value a secret, or a stand-in for one?
//!
//! Placeholders, references to the environment, templates and documented
//! examples are no secrets. Which name or prefix promised one, is left to the
//! matchers.

use super::name;
use super::random::Shape;
use super::text::byte;

/// Words that mark a value as a stand-in wherever they occur in it.
const STAND_INS: &[&str] = &[
    "example",
    "changeme",
    "change_me",
    "change-me",
    "placeholder",
    "your_",
    "your-",
    "yourpass",
    "yourtoken",
    "yoursecret",
    "yourkey",
    "yourapi",
    "<your",
    "dummy",
    "redacted",
    "xxxx",
    "****",
    "....",
    "insert_",
    "insert-",
    "insert ",
    "replace_",
    "replace-",
    "replaceme",
    "todo",
    "sample",
    "notreal",
    "not-real",
    "fixme",
    "enter_",
    "enter-",
    "-here",
    "_here",
];
/// Values that name a kind of value, a state or an input, not a secret.
const NO_SECRETS: &str = "password passwd pwd pass passphrase passcode secret token key null none nil undefined \
    true false string str text hidden required optional yes no on off empty value default \
    username user varchar bytes object number int integer boolean any basic bearer oauth \
    oauth2 jwt md5 sha1 sha256 sha512 bcrypt plain plaintext pbkdf2 prompt ask file env \
    input field email login fake test mock xxx foo bar baz foobar abc auth api apikey \
    api_key http https header query tiger";

/// Whether a value is a stand-in: `your_token_here`, `AKIA…EXAMPLE`, `xxxx…`.
pub(super) fn is_placeholder(value: &[u8]) -> bool {
    let value = value.get(..256).unwrap_or(value);
    let lower = value.to_ascii_lowercase();
    let long = value.len() >= 40;
    STAND_INS.iter().any(|word| {
        // In a long random value four equal letters or `todo` come by chance.
        let by_chance =
            long && word.len() <= 4 && word.starts_with(|c: char| c.is_ascii_alphabetic());
        !by_chance && memchr::memmem::find(&lower, word.as_bytes()).is_some()
    })
}

/// Whether a value says where the secret is instead of being it.
pub(super) fn is_reference(value: &[u8]) -> bool {
    let whole = |open: &[u8], close: &[u8]| value.starts_with(open) && value.ends_with(close);
    let starts = |start: &str| value.starts_with(start.as_bytes());
    let is_name = |text: &[u8]| {
        text.iter().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'.' | b'-'))
    };
    whole(b"${", b"}")
        || whole(b"$(", b")")
        || whole(b"{{", b"}}")
        || whole(b"<", b">")
        || whole(b"[", b"]")
        || whole(b"{", b"}")
        || whole(b"%", b"%")
        || whole(b"#{", b"}")
        || whole(b"@", b"@")
        || whole(b"__", b"__")
        || whole(b"((", b"))")
        || whole(b"`", b"`")
        || whole(b"%(", b"s")
        || whole(b":", b":")
        || matches!(value, b"%s" | b"%d" | b"%v" | b"%q" | b"{}" | b"?" | b"...")
        || (byte(value, 0) == b'$' && is_name(value.get(1..).unwrap_or_default()))
        || (byte(value, 0) == b'$'
            && byte(value, 1) == b'{'
            && value.contains(&b'}')
            && memchr::memchr_iter(b'$', value).count()
                == value.windows(2).filter(|two| *two == b"${").count()
            && !value.contains(&b'('))
        || [
            "ENC[",
            "ENC(",
            "!vault",
            "vault:",
            "env:",
            "env.",
            "arn:",
            "op://",
            "file:",
            "http://",
            "https://",
            "/run/",
            "/etc/",
            "/var/",
            "/opt/",
            "/home/",
            "/tmp/",
            "./",
            "../",
            "~/",
            "process.env",
            "os.environ",
            "os.getenv",
            "getenv",
            "System.getenv",
            "secrets.",
            "secretsmanager",
            "ssm:",
            "sm://",
            "kms:",
            "gcp:",
            "aws:",
            "azure:",
            "keyring:",
            "keychain:",
        ]
        .iter()
        .any(|start| starts(start))
}

/// Whether a value that was assigned to a password's name is a password.
///
/// `strict` asks for a digit or a sign in it: the name alone says little.
pub(super) fn is_password(value: &[u8], name: &[u8], strict: bool) -> bool {
    if !(4..=256).contains(&value.len()) || is_reference(value) || is_placeholder(value) {
        return false;
    }
    let Ok(text) = std::str::from_utf8(value) else { return false };
    let lower = text.to_ascii_lowercase();
    let letters: String = lower.chars().filter(char::is_ascii_alphabetic).collect();
    let plain = text
        .chars()
        .all(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '-' | '.' | ' ' | ':' | '!' | '?'));
    if name::listed(NO_SECRETS, &lower) || all_same(value) || is_hash(text) || is_pattern(text) {
        return false;
    }
    if text.contains(' ') && is_prose(text) || text.chars().all(|c| !c.is_ascii_alphanumeric()) {
        return false;
    }
    if text.bytes().all(|byte| !byte.is_ascii_alphabetic()) && text.contains('.') {
        // A version of a package.
        return false;
    }
    if plain && (strict || speaks_of_itself(&letters, name)) {
        return false;
    }
    // `password1` under the name `password1` is a field's name.
    let name: String = name::words(name).concat();
    lower.chars().filter(char::is_ascii_alphanumeric).collect::<String>() != name
}

/// Whether a value that was assigned to a key's name is one. Quoted ones may
/// be short; bare ones must look random.
pub(super) fn is_key(value: &[u8], quoted: bool) -> bool {
    if value.len() < 8 || is_reference(value) || is_placeholder(value) {
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

/// A plain word that names a password (`newPassword`, `user-secret`) or the name's own words.
fn speaks_of_itself(letters: &str, name: &[u8]) -> bool {
    const ABOUT: &str = "password passwd passphrase passwort credential secret token required invalid field input \
    optional missing label apikey";
    ABOUT.split(' ').any(|word| letters.contains(word))
        || letters.ends_with("pwd")
        || name::words(name).iter().any(|word| word == letters)
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
        "{0}", "{}",
    ]
    .iter()
    .any(|part| text.contains(part))
        || (text.starts_with('^') && text.ends_with('$'))
        || (text.starts_with(['#', '.'])
            && text.chars().skip(1).all(|c| c.is_ascii_alphabetic() || c == '-' || c == '_'))
        || (text.starts_with("%(") || text.starts_with("%{"))
}

/// Two spaces or words of nothing but letters: a sentence, a label.
fn is_prose(text: &str) -> bool {
    text.matches(' ').count() >= 2
        || text.split(' ').all(|word| word.chars().all(|c| !c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, password: bool) {
        assert_eq!(is_password(value.as_bytes(), b"db_password", false), password, "{value}");
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
