//! May this agent write this path: boundaries at work.
