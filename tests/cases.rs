//! Every file in tests/cases, end to end.
