//! What a hook call costs.
fn main() {}
