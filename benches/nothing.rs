//! The yardstick of benches/hook_cost.rs: a static program that does nothing.

fn main() {}
