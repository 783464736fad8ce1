//! Is what a name is given the password or key that the name promises?
//!
//! Weighs the name, what stands between the two and the kind of file; the value
//! by itself is [`super::value`]'s.

use std::ops::Range;

use memchr::memmem;

use super::link::Link;
use super::literal::Value;
use super::name::{self, Promise};
use super::paths::Syntax;
use super::random::Shape;
use super::stand_in::{is_placeholder, is_reference};
use super::text::{Hit, byte, line_before, slice};
use super::value::{self, Proof};

/// A name that something is given to.
pub(super) struct Given<'a> {
    pub(super) text: &'a [u8],
    pub(super) name: &'a Range<usize>,
    pub(super) syntax: Syntax,
}

impl Given<'_> {
    /// The value, if the promise is kept.
    pub(super) fn hit(&self, promise: Promise, link: Link, value: Value) -> Option<Hit> {
        let promise = match promise {
            Promise::Perhaps if self.stands_beside_user() => Promise::Password,
            promise => promise,
        };
        let kept = match promise {
            Promise::Password | Promise::Perhaps => self.is_password(promise, link, &value),
            Promise::Key | Promise::WeakKey => self.is_key(promise, &value),
        };
        let name = String::from_utf8_lossy(slice(self.text, self.name.clone())).into_owned();
        kept.then(|| Hit {
            rule: match (promise, link) {
                (Promise::Key | Promise::WeakKey, _) => "secret-assigned",
                (_, Link::Call) if is_setter(self.name()) => "password-assigned",
                (_, Link::Comma | Link::Call) => "password-handed",
                (_, Link::Space) if self.syntax == Syntax::Code && !self.is_statement() => {
                    "password-handed"
                }
                _ => "password-assigned",
            },
            kind: format!("`{}`", crate::hook::printable(&name)),
            span: value.span,
            secret: true,
        })
    }

    /// `:password "x"` of Clojure, `@password "x"` of Elixir
    fn is_keyword(&self) -> bool {
        matches!(byte(self.text, self.name.start.wrapping_sub(1)), b':' | b'@')
    }

    /// `IDENTIFIED BY 'x'`, `ALTER ROLE … PASSWORD 'x'`, `ConvertTo-SecureString "x"`
    fn is_statement(&self) -> bool {
        let name = self.name().to_ascii_lowercase();
        matches!(name.as_slice(), b"identified by" | b"password") || name.ends_with(b"securestring")
    }

    /// `<password>x`, `<property name="password">x`
    fn is_element(&self) -> bool {
        let line = line_before(self.text, self.name.start, 40);
        let tags: [&[u8]; 4] =
            [b"<property name=\"", b"<prop key=\"", b"<entry key=\"", b"<param name=\""];
        line.ends_with(b"<") || tags.iter().any(|tag| memmem::find(line, tag).is_some())
    }

    fn name(&self) -> &[u8] {
        slice(self.text, self.name.clone())
    }

    /// Whether the value is the password that the name promises.
    fn is_password(&self, promise: Promise, link: Link, value: &Value) -> bool {
        let content = slice(self.text, value.span.clone());
        if self.interpolates(value) || value.quote == Some(b'`') && self.syntax == Syntax::Config {
            return false;
        }
        if value.quote.is_none() {
            return self.is_bare_password(promise, link, value);
        }
        let proof = self.proof(promise, link, content);
        let settled = match link {
            Link::Call => is_setter(self.name()) || self.initialises(value),
            // `("password", "password2")` names two fields.
            Link::Comma => !looks_like_name(content, is_shouted(self.name())),
            _ => true,
        };
        settled && value::is_password(content, self.name(), proof)
    }

    /// A template, an f-string: something else is put in its place.
    fn interpolates(&self, value: &Value) -> bool {
        let content = slice(self.text, value.span.clone());
        let before = byte(self.text, value.span.start.wrapping_sub(2));
        let prefixed = !byte(self.text, value.span.start.wrapping_sub(3)).is_ascii_alphanumeric();
        let takes =
            prefixed && matches!(before, b'f' | b'F' | b'$' | b's') && content.contains(&b'{');
        takes || value.quote == Some(b'`') && memmem::find(content, b"${").is_some()
    }

    /// How much a quoted value must show to be taken for a password.
    fn proof(&self, promise: Promise, link: Link, content: &[u8]) -> Proof {
        let label = content.first().is_some_and(u8::is_ascii_uppercase)
            && content.iter().skip(1).all(|byte| !byte.is_ascii_uppercase());
        let arrow = byte(self.text, self.name.end + 1) == b' '
            && slice(self.text, self.name.end + 2..self.name.end + 4) == b"=>";
        let shouted = is_shouted(self.name());
        match link {
            Link::Default if promise == Promise::Perhaps && self.in_braces() => Proof::NoName,
            // `nickserv_pass`
            _ if promise == Promise::Perhaps && self.name().contains(&b'_') => Proof::Sign,
            _ if promise == Promise::Perhaps && self.syntax == Syntax::Config => Proof::Sign,
            _ if promise == Promise::Perhaps => Proof::Strong,
            Link::Space if self.is_statement() || self.is_keyword() => Proof::NoName,
            Link::Comma | Link::Space => Proof::Sign,
            Link::Element if !self.is_element() || label => Proof::Sign,
            Link::Colon | Link::Default | Link::Insert if label => Proof::Sign,
            Link::Equals if label && arrow => Proof::Sign,
            Link::Equals | Link::Colon | Link::Default
                if shouted && self.syntax == Syntax::Config =>
            {
                Proof::Nothing
            }
            _ => Proof::NoName,
        }
    }

    fn is_bare_password(&self, promise: Promise, link: Link, value: &Value) -> bool {
        let content = slice(self.text, value.span.clone());
        let shape = Shape::of(content);
        let sign = |byte: &u8| {
            byte.is_ascii_punctuation()
                && !matches!(byte, b'_' | b'-' | b'.' | b':' | b'/' | b'\\' | b',' | b'!' | b'?')
        };
        let digit_or_sign = shape.digits > 0 || content.iter().any(sign);
        // `set /p PASSWORD=Enter it:` asks.
        let before = line_before(self.text, self.name.start, 12).to_ascii_lowercase();
        let asks = memmem::find(&before, b"set /p").is_some();
        let settled = !asks
            && match self.syntax {
                Syntax::Config => true,
                Syntax::Prose | Syntax::Markup => digit_or_sign,
                Syntax::Code => {
                    in_connection_string(self.text, self.name, value)
                        && (digit_or_sign || names_a_host(self.text, self.name))
                        || link == Link::Space && self.name().eq_ignore_ascii_case(b"identified by")
                }
            };
        let phrase = self.name().contains(&b' ');
        let proof = match (promise, link) {
            (Promise::Perhaps, _) => Proof::Strong,
            (_, Link::Space) if !phrase => Proof::Sign,
            _ if is_shouted(self.name()) && self.syntax == Syntax::Config => Proof::Nothing,
            _ => Proof::NoName,
        };
        settled && is_bare_literal(content) && value::is_password(content, self.name(), proof)
    }

    /// Whether the value is the key that the name promises.
    fn is_key(&self, promise: Promise, value: &Value) -> bool {
        let content = slice(self.text, value.span.clone());
        if self.interpolates(value) {
            return false;
        }
        if !is_bare_or_quoted_key(content) {
            return value.quote.is_some()
                && promise == Promise::Key
                && (value::is_made_up_secret(self.name(), content)
                    || self.is_session_secret(content));
        }
        let quoted = value.quote.is_some();
        let shape = Shape::of(content);
        if promise == Promise::WeakKey {
            return name::words(self.name()).len() > 1
                && quoted
                && shape.length >= 20
                && shape.random()
                && !is_placeholder(content)
                && !is_reference(content)
                && !is_uuid(content);
        }
        let config = self.syntax == Syntax::Config;
        if (quoted || config) && value::is_made_up_secret(self.name(), content)
            || quoted && self.is_session_secret(content)
        {
            return true;
        }
        let number = is_typed_number(content);
        let bare_ok = quoted || config || (shape.random() && is_bare_literal(content) && !number);
        (content.len() >= 12 || quoted) && bare_ok && value::is_key(content, quoted)
    }

    /// `user: "app", pass: "x"`
    fn stands_beside_user(&self) -> bool {
        const REACH: usize = 100;
        let end = self.text.len().min(self.name.end + REACH);
        let around =
            slice(self.text, self.name.start.saturating_sub(REACH)..end).to_ascii_lowercase();
        memmem::find_iter(&around, b"user").chain(memmem::find_iter(&around, b"login")).any(|at| {
            let after = slice(&around, at + 4..at + 14);
            let sign = after.iter().position(|byte| matches!(byte, b'=' | b':' | b','));
            sign.is_some_and(|sign| {
                !byte(&around, at.wrapping_sub(1)).is_ascii_alphabetic()
                    && matches!(after.get(sign + 1..), Some([b' ' | b'"' | b'\'' | b'=', ..]))
            })
        })
    }

    /// `${NAME:-x}`
    fn in_braces(&self) -> bool {
        byte(self.text, self.name.start.wrapping_sub(1)) == b'{'
    }

    /// What the key is for, where its name does not say: `session({ secret: "x" })`.
    fn is_session_secret(&self, content: &[u8]) -> bool {
        const REACH: usize = 160;
        let before = slice(self.text, self.name.start.saturating_sub(REACH)..self.name.start);
        let signs = [&b"session("[..], b"jwt", b"JWT", b"cookieParser(", b"Session("];
        self.name().eq_ignore_ascii_case(b"secret")
            && signs.iter().any(|sign| memmem::find(before, sign).is_some())
            && value::is_made_up_secret(b"session_secret", content)
    }

    /// `: m_password("x")` of a constructor.
    fn initialises(&self, value: &Value) -> bool {
        let after = slice(self.text, value.span.end + 1..value.span.end + 4);
        let member = self.name().starts_with(b"m_") || self.name().ends_with(b"_");
        member && after.starts_with(b")") && !after.starts_with(b");")
    }
}

/// `DB_PASSWORD`: a constant, whose value is no name of a field.
fn is_shouted(name: &[u8]) -> bool {
    name.contains(&b'_') && !name.iter().any(u8::is_ascii_lowercase)
}

/// Nothing but letters, or a name with a number: `password2`.
fn looks_like_name(content: &[u8], shouted: bool) -> bool {
    let digits = content.iter().filter(|byte| byte.is_ascii_digit()).count();
    let inner = content.windows(3).any(|three| {
        matches!(three, [before, digit, after]
            if before.is_ascii_alphabetic() && digit.is_ascii_digit() && after.is_ascii_lowercase())
    });
    content.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        && digits <= usize::from(!shouted)
        && !inner
}

/// `setPassword`, `db.withPassword`, `.password`.
fn is_setter(name: &[u8]) -> bool {
    let words = name::words(name);
    let verb = words.len().checked_sub(2).and_then(|at| words.get(at));
    name.contains(&b'.') && name.ends_with(b".password")
        || verb.is_some_and(|verb| matches!(verb.as_str(), "set" | "with"))
}

/// Keys have no spaces, no calls and no paths in them.
fn is_bare_or_quoted_key(content: &[u8]) -> bool {
    !content.iter().any(|byte| matches!(byte, b' ' | b'(' | b'{' | b'<' | b'[' | b'\\' | b';'))
        && !content.starts_with(b"http")
        && !content.starts_with(b"/")
}

fn is_bare_literal(content: &[u8]) -> bool {
    let calls = content.iter().any(|byte| matches!(byte, b'(' | b'[' | b'{'));
    // `var.password`, `module.db.password` are looked up.
    let path = content.contains(&b'.')
        && content.iter().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'.' | b'_'));
    // `<set me>` ends for a bare value at the space.
    (!calls || content.starts_with(b"(")) && !content.starts_with(b"<") && !path
}

/// `2147483663i32`, `0xC0000721u32`
fn is_typed_number(content: &[u8]) -> bool {
    let types: [&[u8]; 8] = [b"i32", b"u32", b"i64", b"u64", b"usize", b"u16", b"UL", b"u8"];
    let number = types.iter().find_map(|name| content.strip_suffix(*name));
    number.is_some_and(|number| {
        let hex = number.strip_prefix(b"0x").unwrap_or(number);
        number.first().is_some_and(u8::is_ascii_digit)
            && hex.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'_')
    })
}

fn is_uuid(content: &[u8]) -> bool {
    content.len() == 36 && memchr::memchr_iter(b'-', content).count() == 4
}

/// `…;Password=x;…` or `password=x` within a string of code.
fn in_connection_string(text: &[u8], name: &Range<usize>, value: &Value) -> bool {
    let before = byte(text, name.start.wrapping_sub(1));
    let after = byte(text, value.span.end);
    let tight = byte(text, value.span.start.wrapping_sub(1)) == b'=';
    tight
        && match after {
            b';' | b'&' => matches!(before, b';' | b'?' | b'&' | b'"' | b'\'' | b' '),
            b'"' | b'\'' | b'`' => matches!(before, b';' | b'?' | b'&' | b'"' | b'\'' | b' '),
            b' ' => matches!(before, b'"' | b'\'' | b'`' | b' '),
            _ => false,
        }
}

/// Whether the line before the name says where to connect to.
fn names_a_host(text: &[u8], name: &Range<usize>) -> bool {
    const REACH: usize = 200;
    let line = line_before(text, name.start, REACH).to_ascii_lowercase();
    [&b"host="[..], b"server=", b"user=", b"user id=", b"uid=", b"username=", b"data source="]
        .iter()
        .any(|key| memmem::find(&line, key).is_some())
}
