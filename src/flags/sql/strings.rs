//! What a string may bring into a statement, by all that is put into it.
//!
//! The expressions in it are [`super::safe`]'s to judge.

use super::safe::{Place, Source, Verdict, in_slot, is_numbered};
use crate::flags::source::code::Code;
use crate::flags::source::{Form, Kind, Piece, Token, pieces};
use crate::flags::text::slice;

impl Source<'_> {
    /// A string, with all that is put into it.
    pub(super) fn string(&self, code: &Code<'_>, token: &Token, place: Place) -> Verdict {
        let Kind::Text(form) = token.kind else { return Verdict::Unknown };
        if form == Form::Plain {
            return Verdict::Harmless;
        }
        let parts = pieces(code.text, token.content(), form);
        let mut worst = Verdict::Harmless;
        let mut before = String::new();
        for (index, piece) in parts.iter().enumerate() {
            match piece {
                Piece::Words(span) => {
                    before.push_str(&String::from_utf8_lossy(slice(code.text, span.clone())));
                }
                Piece::Code(span) => {
                    let judged = if is_numbered(&before) {
                        Verdict::Harmless
                    } else {
                        self.hole(slice(code.text, span.clone()), place)
                    };
                    let after = match parts.get(index + 1) {
                        Some(Piece::Words(span)) => {
                            String::from_utf8_lossy(slice(code.text, span.clone()))
                        }
                        _ => "".into(),
                    };
                    worst = worst.max(in_slot(judged, &before, &after));
                    before.push('\u{1}');
                }
            }
        }
        worst
    }
}
