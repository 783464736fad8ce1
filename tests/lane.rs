//! The guard's decision corpus.
