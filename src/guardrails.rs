//! Guardrails as plain data: what one is defined by, what the service's limits say of it, and what it
//! found in a text.
//!
//! Names, lengths and counts are those of the service model of `CreateGuardrail`, so that what cannot be
//! sent is said before it is. What the service alone can know (a name that is taken) it says itself.
//!
//! This module must not know egui, the AWS SDK, tokio, the disk or the command line.

mod check;
mod definition;
mod found;
mod from_json;
mod units;

pub use check::{LONGEST_NAME, Place, Problem};
pub use definition::{
    Action, ContentFilter, ContentKind, Definition, GroundingFilter, GroundingKind, Kept, OnSide,
    PII_KINDS, Pattern, PiiEntity, Sides, Strength, Topic, Word,
};
pub use found::{Decision, Highlight, Score, decision, highlights, scores};
pub use units::{Lengths, bill, billed_as, expected_units};
