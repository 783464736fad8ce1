//! The shared context and the handoffs.
