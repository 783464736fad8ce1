//! Red flags on the labelled sets.
