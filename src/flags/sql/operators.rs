//! The operators of an expression, and the ranges between them.
//!
//! Only those outside of every bracket; what they mean for a value is
//! [`super::safe`]'s.

use crate::flags::source::code::Code;

/// The ranges between operators.
pub(super) fn parts(
    from: usize,
    operators: &[(usize, usize)],
    to: usize,
) -> impl Iterator<Item = (usize, usize)> {
    let begins = std::iter::once(from).chain(operators.iter().map(|operator| operator.1));
    let ends = operators.iter().map(|operator| operator.0).chain(std::iter::once(to));
    begins.zip(ends)
}

/// The operators of an expression that are not within brackets.
#[derive(Default)]
pub(super) struct Operators {
    /// `?` and `:`
    pub(super) choice: Option<(usize, usize)>,
    /// `if` and `else`
    pub(super) inline: Option<(usize, usize)>,
    /// Where each `||`, `??`, or `or` begins and ends.
    pub(super) or: Vec<(usize, usize)>,
    pub(super) and: Vec<(usize, usize)>,
    pub(super) plus: Vec<(usize, usize)>,
    pub(super) times: Vec<usize>,
    pub(super) compares: bool,
    /// `a, b`
    pub(super) lists: bool,
}

impl Operators {
    pub(super) fn of(code: &Code<'_>, from: usize, to: usize) -> Self {
        let mut found = Self::default();
        let mut at = from;
        let mut question = None;
        let mut condition = None;
        while at < to {
            let (here, next) = (code.sign(at), code.sign(at + 1));
            match here {
                b'(' | b'[' | b'{' => {
                    at = code.closing(at).max(at + 1);
                    continue;
                }
                b',' => found.lists = true,
                b'=' if next == b'>' => return Self::default(),
                b'|' | b'?' if next == here => {
                    found.or.push((at, at + 2));
                    at += 1;
                }
                b'&' if next == here => {
                    found.and.push((at, at + 2));
                    at += 1;
                }
                b'?' if next != b'.' && question.is_none() => question = Some(at),
                b':' if found.choice.is_none() => {
                    found.choice = question.map(|question| (question, at));
                }
                b'=' | b'!' if next == b'=' => {
                    found.compares = true;
                    at += 1;
                }
                b'+' if at > from => found.plus.push((at, at + 1)),
                b'*' | b'/' | b'%' | b'-' if at > from && next != b'>' => found.times.push(at),
                _ => match code.name(at) {
                    b"or" => found.or.push((at, at + 1)),
                    b"and" => found.and.push((at, at + 1)),
                    b"if" if condition.is_none() => condition = Some(at),
                    b"else" => found.inline = condition.map(|condition| (condition, at)),
                    _ => {}
                },
            }
            at += 1;
        }
        found
    }
}
