//! Definitions against the labelled files.
