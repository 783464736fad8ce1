//! The shared context and the handoffs: what one run leaves for the next.
//!
//! Pure reading and merging of values; [`crate::store`] does the writing, and
//! the two executables decide on which event. In the order of the data:
//!
//! - [`shelf`]: where each file lies, and which name an agent's file has.
//! - [`message`]: what a final message says, JSON or Markdown.
//! - [`record`]: one run, ready to be published.
//! - [`state`], [`decisions`], [`agents`]: the record merged into each file.
//! - [`publish`]: all of them written, with the history and the coordination files.
//! - [`handoff`]: one receiver's share, from `ready` to `done`.
//! - [`delivery`]: what the next agent is told, as [`facts`].

pub mod agents;
pub mod clock;
pub mod coordination;
pub mod decisions;
pub mod delivery;
pub mod facts;
mod governed;
pub mod handoff;
pub mod history;
mod markdown;
pub mod message;
mod migrate;
pub mod publish;
pub mod record;
pub mod shelf;
pub mod state;
mod value;

pub use governed::Governed;
pub use record::{Did, Record, Run, Status};
pub use shelf::Shelf;
