//! What crosses modules, in one binary.

#![expect(
    clippy::expect_used,
    reason = "a helper that cannot go on fails its test"
)]

mod support;
mod window;
