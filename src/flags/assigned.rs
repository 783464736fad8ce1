//! A value given to a name, in whatever language: `password = "x"`,
//! `"password": "x"`, `setPassword("x")`, `<password>x</password>`, `--password x`.
//!
//! What stands between the two is [`super::link`]'s, what is far apart
//! [`super::apart`]'s. What the name promises is [`super::name`]'s, whether the
//! value keeps it [`super::given`]'s.

use std::ops::Range;

use memchr::memmem;

use super::apart;
use super::given::Given;
use super::link::{Link, link_after, name_around};
use super::literal::value_at;
use super::name::{self, Promise};
use super::paths::Syntax;
use super::text::{Hit, slice};

/// The password or key that is given to the name around `word`.
pub(super) fn at(text: &[u8], word: usize, syntax: Syntax) -> Option<Hit> {
    let span = name_around(text, word)?;
    if let Some(hit) = equals(text, &span, syntax) {
        return Some(hit);
    }
    let name = slice(text, span.clone());
    // The cheapest question first: most words are given nothing.
    let near = link_after(text, &span, syntax)
        .and_then(|(link, start)| Some((link, start, value_at(text, start, link, syntax)?)));
    let given = Given { text, name: &span, syntax };
    let near = near.and_then(|(link, start, value)| {
        let hashed = memmem::find(slice(text, start..value.span.start), b"hash").is_some();
        let link = if hashed { Link::Hashed } else { link };
        given.hit(promise(name, link)?, link, value)
    });
    near.or_else(|| {
        let (link, value) = apart::value_of(text, &span)?;
        given.hit(promise(name, link)?, link, value)
    })
}

/// `password.equals("x")`
fn equals(text: &[u8], span: &Range<usize>, syntax: Syntax) -> Option<Hit> {
    const METHODS: [&[u8]; 4] = [b".equals", b".Equals", b".equalsIgnoreCase", b".contentEquals"];
    let whole = slice(text, span.clone());
    let method = METHODS.iter().find(|method| whole.ends_with(method))?;
    let name = span.start..span.end - method.len();
    let value = value_at(text, span.end + 1, Link::Compare, syntax)?;
    let given = Given { text, name: &name, syntax };
    given.hit(promise(slice(text, name.clone()), Link::Compare)?, Link::Compare, value)
}

/// The passwords that SQL gives to its users: `IDENTIFIED BY 'x'`.
pub(super) fn identified_by(text: &[u8], syntax: Syntax, hits: &mut Vec<Hit>) {
    for phrase in [&b"DENTIFIED BY"[..], b"dentified by"] {
        let places = memmem::find_iter(text, phrase);
        hits.extend(places.filter_map(|place| at(text, place.checked_sub(1)?, syntax)));
    }
    for phrase in [&b"DENTIFIED WITH"[..], b"dentified with"] {
        let places = memmem::find_iter(text, phrase);
        hits.extend(places.filter_map(|place| identified_with(text, place, syntax)));
    }
}

/// `IDENTIFIED WITH plugin BY 'x'`
fn identified_with(text: &[u8], place: usize, syntax: Syntax) -> Option<Hit> {
    const REACH: usize = 80;
    let window = slice(text, place..text.len().min(place + REACH)).to_ascii_lowercase();
    let by = memmem::find(&window, b" by ")?;
    let value = value_at(text, place + by + 4, Link::Space, Syntax::Code)?;
    let name = place.checked_sub(1)?..place + b"dentified with".len();
    Given { text, name: &name, syntax }.hit(Promise::Password, Link::Equals, value)
}

/// A long run of letters that is given to a personal access token: `GITHUB_PAT=…`.
pub(super) fn access_token(text: &[u8], run: &Range<usize>, syntax: Syntax) -> Option<Hit> {
    const REACH: usize = 24;
    let from = run.start.saturating_sub(REACH);
    let before = slice(text, from..run.start).to_ascii_lowercase();
    let pat = memmem::rfind(&before, b"pat")?;
    at(text, from + pat, syntax).filter(|hit| hit.span.end > run.start)
}

/// What the name promises; the name of a field counts where its text is compared.
fn promise(name: &[u8], link: Link) -> Option<Promise> {
    match link {
        Link::Hashed => name::promise(name::without_hash(name)),
        Link::Compare => name::promise(name::without_field(name)),
        // What is shown in a field is seldom its label when it looks like a password.
        Link::Equals if name::without_field(name).len() < name.len() => {
            name::promise(name::without_field(name)).map(|_| Promise::Perhaps)
        }
        _ => name::promise(name),
    }
}
