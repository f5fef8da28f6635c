//! Whom everything here belongs to.

/// The account of every example in AWS's own documentation.
pub const ACCOUNT: &str = "123456789012";
