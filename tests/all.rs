//! The one integration binary; each module is a file of this folder.
#![allow(
    missing_docs,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "tests lay out files, run the executables and say why they fail"
)]

mod agents;
mod audit;
mod cases;
mod context;
mod demo;
mod flags;
mod graph;
mod install;
mod lane;
mod model;
mod protocol;
mod real_client;
mod report;
mod sandbox;
mod shell;
mod tidy;
