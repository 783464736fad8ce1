//! What a name promises: `DB_PASSWORD` a password, `apiKey` a key,
//! `passwordField` and `primaryKey` nothing.

/// What a value assigned to a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Promise {
    /// A password that a person made up: any text.
    Password,
    /// `pass`, `pwd` alone, `passcode`: often something else.
    Perhaps,
    /// A key, token or secret that a machine made.
    Key,
    /// `key`, `auth`, `id` beside an issuer's name: only with a random value.
    WeakKey,
}

/// The most words of a name that are looked at, from the end.
const WORDS_MAX: usize = 12;

/// Endings that make a word a password.
const PASSWORDS: &str = "password passwd passphrase passwort pswd psswd passw userpass dbpass rootpass adminpass \
    requirepass keypass storepass smtppass mailpass ftppass sqlpass masterpass motdepasse bindpw \
    rootpw adminpw dbpw userpw";
/// Endings that make a word a key.
const KEYS: &str = "secret token apikey secretkey accesskey privatekey authkey masterkey secrets tokens \
    bearer jwt credential signingkey";
/// Words before `key` that make it a secret one.
const KEY_OF: &str = "api secret access private encryption encrypt signing auth master account service shared \
    storage app application consumer client admin crypto cipher aes hmac jwt session webhook \
    deploy server subscription license write root personal security integration platform \
    production prod live sdk rest user project";
/// Words before `pass` that make it a password, not a step or a success.
const PASS_OF: &str = "db user admin root my sql mysql pg postgres smtp ftp sftp mail email imap ssh redis \
    mongo proxy auth login default app server database http ldap rabbitmq mq key store \
    keystore wifi host jdbc account client basic oracle svc service api site remote backup test \
    demo default the our new real secret super ssl cert p12 vpn proxy wp bot sender sa su sudo web";
/// Words after the promise that do not change it.
const TRAILING: &str = "value val str string text plain plaintext raw prod production dev development stage \
    staging live test testing old new current default main primary secondary base64 b64 \
    encoded backup temp tmp cleartext const constant var s fallback base bytes";
/// Words that make the value something that may be seen.
const PUBLIC: &str = "public pub csrf xsrf primary foreign partition sort next page continuation cancellation \
    cancel hash hashed digest fingerprint checksum no is has show hide require required \
    invalid forgot reset wrong incorrect missing id publishable idempotency change update verify \
    check validate generate recover lost request toggle mask encrypted sealed lbl label hint \
    placeholder caption tooltip";

/// Whether a word is one of a list, whose words are apart by one space.
pub(super) fn listed(list: &str, word: &str) -> bool {
    list.split(' ').any(|one| one == word)
}

/// What the name promises; `None` when nothing.
pub(super) fn promise(name: &[u8]) -> Option<Promise> {
    if name.to_ascii_lowercase().ends_with(b"securestring") {
        return Some(Promise::Password);
    }
    // The key of the password in Java's naming services.
    if name.ends_with(b"SECURITY_CREDENTIALS") {
        return Some(Promise::Password);
    }
    let words = words(name);
    let last = words.iter().rposition(|word| !is_trailing(word))?;
    let word = words.get(last)?.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let before = last.checked_sub(1).and_then(|at| words.get(at)).map_or("", String::as_str);
    // `boardingPass` is none; `pass` alone and `rabbit_pass` may be.
    let snake = name.contains(&b'_');
    let pass = matches!(word, "pass" | "pw") && (before.is_empty() || snake);
    let promise = of_word(word, before).or(pass.then_some(Promise::Perhaps))?;
    let public = words.iter().take(last).any(|word| listed(PUBLIC, word));
    (!public).then_some(promise)
}

fn of_word(word: &str, before: &str) -> Option<Promise> {
    if PASSWORDS.split(' ').any(|end| word.ends_with(end)) {
        return Some(Promise::Password);
    }
    if word.ends_with("pwd") || (matches!(word, "pass" | "pw" | "psw") && listed(PASS_OF, before)) {
        return Some(Promise::Password);
    }
    if matches!(word, "psw" | "passcode" | "psk") {
        return Some(Promise::Perhaps);
    }
    if KEYS.split(' ').any(|end| word.ends_with(end)) {
        return Some(Promise::Key);
    }
    match word {
        "key" if listed(KEY_OF, before) => Some(Promise::Key),
        "auth" | "authorization" | "credentials" | "creds" | "cred" | "pat" | "key" | "keys" => {
            Some(Promise::WeakKey)
        }
        "by" if before == "identified" => Some(Promise::Password),
        _ => None,
    }
}

/// The name without what says that it is hashed: `passwordHash`.
pub(super) fn without_hash(name: &[u8]) -> &[u8] {
    const HASHED: [&[u8]; 6] = [b"_hash", b"Hash", b"_digest", b"Digest", b"_hashed", b"Hashed"];
    HASHED.iter().find_map(|end| name.strip_suffix(*end)).unwrap_or(name)
}

/// The name without the field of a form that it is shown in: `passwordField.text`.
pub(super) fn without_field(name: &[u8]) -> &[u8] {
    const FIELDS: [&[u8]; 12] = [
        b".text",
        b".value",
        b".Text",
        b".Value",
        b"Field",
        b"Input",
        b"TextField",
        b"Box",
        b"TextBox",
        b"_field",
        b"_input",
        b"Entry",
    ];
    let mut name = name;
    for _ in 0..2 {
        name = FIELDS.iter().find_map(|field| name.strip_suffix(*field)).unwrap_or(name);
    }
    name
}

fn is_trailing(word: &str) -> bool {
    listed(TRAILING, word)
        || word.bytes().all(|byte| byte.is_ascii_digit())
        || (word.len() <= 3
            && word.starts_with('v')
            && word.bytes().skip(1).all(|b| b.is_ascii_digit()))
}

/// The lower-case words of a name: `dbPassword_2` is `db`, `password`, `2`.
pub(super) fn words(name: &[u8]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut before = 0_u8;
    for (at, &byte) in name.iter().enumerate() {
        let next_lower = name.get(at + 1).is_some_and(u8::is_ascii_lowercase);
        let hump = byte.is_ascii_uppercase()
            && (before.is_ascii_lowercase() || (before.is_ascii_uppercase() && next_lower));
        if (!byte.is_ascii_alphanumeric() || hump) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if byte.is_ascii_alphanumeric() {
            word.push(char::from(byte.to_ascii_lowercase()));
        }
        before = byte;
    }
    if !word.is_empty() {
        words.push(word);
    }
    let surplus = words.len().saturating_sub(WORDS_MAX);
    words.drain(..surplus);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: Option<Promise>) {
        assert_eq!(promise(name.as_bytes()), expected, "{name}");
    }

    #[test]
    fn reads_the_promise_of_a_name() {
        check("password", Some(Promise::Password));
        check("DB_PASSWORD", Some(Promise::Password));
        check("spring.datasource.password", Some(Promise::Password));
        check("dbPwd2", Some(Promise::Password));
        check("mypassword_prod", Some(Promise::Password));
        check("db_pass", Some(Promise::Password));
        check("pass", Some(Promise::Perhaps));
        check("compass", None);
        check("apiKey", Some(Promise::Key));
        check("githubToken", Some(Promise::Key));
        check("AWS_SECRET_ACCESS_KEY", Some(Promise::Key));
        check("mailchimp_key", Some(Promise::WeakKey));
    }

    #[test]
    fn and_what_only_sounds_like_one() {
        check("passwordField", None);
        check("passwordVariable", None);
        check("public_key", None);
        check("csrf-token", None);
        check("primaryKey", None);
        check("tokenizer", None);
        check("monkey", None);
        check("password_hash", None);
        check("nextPageToken", None);
    }
}
