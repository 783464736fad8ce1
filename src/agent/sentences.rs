//! Sentences that confine: "only write to `x`", "do not modify files outside `x`".
//!
//! "Never edit `x`" is right in three of five real files and wrong in two, so
//! it only advises.

use super::boundaries::Draft;
use super::outline::Outline;

/// Adds what the sentences of the body say.
pub(super) fn read(_outline: &Outline<'_>, _draft: &mut Draft) {}
