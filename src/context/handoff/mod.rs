//! One receiver's share of a run.
