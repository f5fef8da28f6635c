//! What an invocation costs, line by line, and where each unit price comes from.
//!
//! Money is exact: decimals, never floats; rounded only for display. A price that is not known is
//! unknown: never 0, never a similar model's. This module is plain data and arithmetic; it must not
//! know egui, the AWS SDK, tokio or the disk.

mod breakdown;
mod budget;
mod bundled;
mod estimate;
mod image_tokens;
mod meter;
mod overrides;
pub mod price_list;
mod prices;
mod query;
mod source;
mod trace;
mod usd;

pub use breakdown::{CostBreakdown, CostLine};
pub use budget::{Budget, BudgetState, Budgets, ConnectionBudget, Spent, Verdict};
pub use estimate::{Estimate, Prompt, TokenRange, Unknown, estimate, text_tokens};
pub use image_tokens::image_tokens;
pub use meter::{GuardrailPolicy, ImageQuality, Meter, PixelSize};
pub use overrides::{OverrideError, Overrides, OwnPrice};
pub use prices::{Prices, breakdown, unit_price};
pub use query::{PriceQuery, Tier};
pub use source::{Day, Offer, PriceOrigin, PriceSource, UnitPrice};
pub use trace::guardrail_usage;
pub use usd::Usd;
