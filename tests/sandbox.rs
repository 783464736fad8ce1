//! A temporary project with a pinned environment.
