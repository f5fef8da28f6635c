//! What an invocation costs, line by line, and where each unit price comes from.
//!
//! Money is exact: decimals, never floats; rounded only for display. A price that is not known is
//! unknown: never 0, never a similar model's. This module is plain data and arithmetic; it must not
//! know egui, the AWS SDK, tokio or the disk.

mod breakdown;
mod meter;
mod table;
mod unit_price;
mod usd;

pub use breakdown::{CostBreakdown, CostLine, breakdown};
pub use meter::Meter;
pub use unit_price::{PriceQuery, PriceSource, Tier, UnitPrice, unit_price};
pub use usd::Usd;
