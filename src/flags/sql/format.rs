//! `%s` and `{}`: values that a format puts into a statement.

use super::expression::Joined;
use super::statement::{Slot, slot_after};

/// Marks where a format puts its values.
pub(super) fn formatted(
    joined: &mut Joined,
    at: usize,
    end: usize,
    safe: bool,
    takes: bool,
) -> usize {
    if safe || !takes {
        return if end > at { end } else { at };
    }
    let slots = format_slots(&joined.words);
    if slots.is_empty() && !joined.words.contains('{') && has_percent(&joined.words) {
        // Nothing but numbers can go into `%d`.
        return end;
    }
    let all_names = !slots.is_empty() && slots.iter().all(|slot| *slot == Slot::Identifier);
    joined.slots.push(if all_names { Slot::Identifier } else { Slot::Value });
    joined.words.push('\u{1}');
    end
}

/// Whether the words hold a `%s`, `%d`, `%(name)s`.
pub(super) fn has_percent(words: &str) -> bool {
    words.match_indices('%').any(|(at, _)| {
        words.get(at + 1..).is_some_and(|rest| {
            rest.starts_with(['s', 'd', 'r', 'i', '(', 'v', 'q', 'f', '-', '0'])
        })
    })
}

/// What each `%s` and `{}` of a format stands for.
pub(super) fn format_slots(words: &str) -> Vec<Slot> {
    let mut slots = Vec::new();
    for (at, mark) in words.match_indices(['%', '{']) {
        let rest = words.get(at + 1..).unwrap_or_default();
        let takes = match mark {
            "%" => rest.starts_with(['s', 'r', '(', 'v', 'q']),
            _ => {
                rest.starts_with('}')
                    || rest.find('}').is_some_and(|end| end < 40) && !rest.starts_with('{')
            }
        };
        if takes {
            slots.push(slot_after(words.get(..at).unwrap_or_default()));
        }
    }
    slots
}
