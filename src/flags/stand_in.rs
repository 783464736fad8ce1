//! Does a value stand for a secret, or say where it is, instead of being one?
//!
//! Placeholders, references to the environment, templates and documented
//! examples do. Whether the rest is a secret is [`super::value`]'s.

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
        || starts("$$")
        || (byte(value, 0) == b'!' && byte(value, 1).is_ascii_uppercase() && is_name(slice_from(value, 1)))
        || (byte(value, 0) == b'@'
            && value.iter().skip(1).all(|byte| byte.is_ascii_uppercase() || *byte == b'_'))
        // Windows PowerShell's environment, a sealed secret of Kubernetes.
        || starts("$env:")
        || (value.len() >= 40 && (starts("AgA") || starts("AgB")))
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
            "var.",
            "local.",
            "module.",
            "data.",
            "secret/",
            "projects/",
        ]
        .iter()
        .any(|start| starts(start))
}

fn slice_from(value: &[u8], from: usize) -> &[u8] {
    value.get(from..).unwrap_or_default()
}
