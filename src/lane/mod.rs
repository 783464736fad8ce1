//! May this agent write this path: boundaries at work.
//!
//! [`Lane`] answers for one path at a time. It looks at the disk for links and
//! writes nothing. Which paths a tool call writes is [`crate::boundary_guard`]'s
//! and [`crate::shell`]'s to say.

mod dialect;
mod glob;
mod owner;
mod path;
mod position;
mod protected;
mod refusal;
mod rules;
mod verdict;
mod wildcard;

pub use owner::owners;
pub use refusal::{Entry, Refusal, Why};
pub use verdict::{Judged, Lane, Target};
