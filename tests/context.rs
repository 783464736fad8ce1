//! The shared context under load and failure.
