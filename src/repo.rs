//! What git knows; nothing else names `git2`.
