//! install.sh, run for real.
