//! What a name holds where it is used, by everything that it was given.
//!
//! Where that is seen is [`super::names`]'s, what it is worth [`super::safe`]'s.

use super::names::{Binding, How, Names};
use super::safe::{Place, Source, Verdict};

impl Source<'_> {
    /// The bindings of a name that the place sees, the latest first.
    pub(super) fn bindings(&self, name: &[u8], place: usize) -> Vec<Binding> {
        let names = self.names.get_or_init(|| Names::of(&self.code));
        names.visible(name, place, self.code.language)
    }

    /// What a name holds where it is used.
    pub(super) fn name(&self, name: &[u8], place: Place) -> Option<Verdict> {
        let mut worst = None;
        for binding in self.bindings(name, place.at) {
            let judged = match binding.how {
                How::Declared(usize::MAX) | How::Converted => Some(Verdict::Harmless),
                How::Declared(value) | How::Assigned(value) | How::Appended(value) => {
                    let end = self.code.expression_end(value);
                    if (value..end).contains(&place.at) {
                        continue;
                    }
                    Some(self.judge(&self.code, value, end, Place { at: value, ..place }))
                }
                How::Pushed(open) => {
                    let end = self.code.closing(open).saturating_sub(1);
                    Some(self.arguments(&self.code, open + 1, end, place))
                }
                How::Part(value) => {
                    let end = self.code.expression_end(value);
                    (!(value..end).contains(&place.at)).then(|| {
                        part(self.judge(&self.code, value, end, Place { at: value, ..place }))
                    })
                }
                How::Number | How::Parameter | How::Defined(_) => return worst,
            };
            worst = worst.max(judged);
        }
        worst
    }

    /// Whether the name is a parameter that says to be a number.
    pub(super) fn is_number_parameter(&self, name: &[u8], place: usize) -> bool {
        self.bindings(name, place).first().is_some_and(|binding| binding.how == How::Number)
    }
}

/// An element of a list of constants is one; anything else may be foreign.
fn part(whole: Verdict) -> Verdict {
    match whole {
        Verdict::Fragment => Verdict::Unknown,
        whole => whole,
    }
}
