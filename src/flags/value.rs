//! Is a value a secret, or a stand-in for one?
//!
//! Placeholders, references to the environment, templates and documented
//! examples are no secrets. Whether the rest is one, the matchers decide.

/// Words that mark a value as a stand-in wherever they occur in it.
const STAND_INS: [&[u8]; 26] = [
    b"example",
    b"changeme",
    b"change_me",
    b"change-me",
    b"placeholder",
    b"your_",
    b"your-",
    b"yourpass",
    b"yourtoken",
    b"yoursecret",
    b"yourkey",
    b"<your",
    b"dummy",
    b"redacted",
    b"xxxx",
    b"****",
    b"....",
    b"insert_",
    b"insert-",
    b"replace_",
    b"replace-",
    b"todo",
    b"sample",
    b"notreal",
    b"not-real",
    b"fixme",
];

/// Whether a value is a stand-in: `your_token_here`, `AKIA…EXAMPLE`, `xxxx…`.
pub(super) fn is_placeholder(value: &[u8]) -> bool {
    let value = value.get(..256).unwrap_or(value);
    let lower = value.to_ascii_lowercase();
    let long = value.len() >= 40;
    STAND_INS.iter().any(|word| {
        // In a long random value four equal letters or `todo` come by chance.
        !(long && word.len() <= 4 && word.first().is_some_and(u8::is_ascii_alphabetic))
            && memchr::memmem::find(&lower, word).is_some()
    })
}
