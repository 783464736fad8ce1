//! lanekeeper holds every Claude Code subagent to its own definition.
//!
//! Four executables share this library; each is run by the client as a hook.
//! Data flows one way:
//!
//! ```text
//! stdin → hook::Event → agent::Definition → a decision (pure) → hook::Reply → stdout, exit code
//!                                       ↘ store (the only writer of files)
//! ```
//!
//! Read in this order:
//!
//! - [`hook`]: the client's side: events, replies, exit codes, what a failure does.
//! - [`project`]: where we are: the checkout, the linked worktree, the home folder.
//! - [`config`]: the optional `.claude/lanekeeper.json`.
//! - [`cli`]: the options of the subcommands.
//! - [`agent`]: a definition file read as policy.
//! - [`lane`]: may this agent write this path.
//! - [`shell`]: what a shell command writes.
//! - [`ledger`]: what was decided on each write.
//! - [`flags`]: red flags in added content.
//! - [`transcript`]: what the agent really did and saw.
//! - [`report`]: is the final report what the definition asks for, and true.
//! - [`context`]: the shared context and the handoffs.
//! - [`store`]: files written whole or not at all; [`repo`]: what git knows.
//! - `order`: sorting with one compiled sort.
//! - [`setup`]: the hooks entered into a project's settings.
//! - [`boundary_guard`], [`output_validator`], [`context_publisher`],
//!   [`handoff_preparer`]: what each executable does with each event.
//!
//! `ARCHITECTURE.md` names the walls between these rooms and the tests that hold them.
#![cfg_attr(
    test,
    allow(
        clippy::disallowed_methods,
        reason = "tests lay out the files that the code under test reads"
    )
)]

pub mod agent;
pub mod boundary_guard;
pub mod cli;
pub mod config;
pub mod context;
pub mod context_publisher;
pub mod flags;
pub mod handoff_preparer;
pub mod hook;
pub mod lane;
pub mod ledger;
mod order;
pub mod output_validator;
pub mod project;
pub mod repo;
pub mod report;
pub mod setup;
pub mod shell;
pub mod store;
pub mod transcript;
