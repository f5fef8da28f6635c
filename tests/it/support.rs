//! Helpers for the tests.

pub mod window;
