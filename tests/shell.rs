//! Shell commands against what they really wrote.
