//! What pictures cost.

use super::Draft;
use crate::pricing::{CostBreakdown, ImageQuality, Meter, PriceQuery, Prices};

impl Draft {
    /// What so many pictures of this kind cost; a price that no source has stays unknown.
    #[must_use]
    pub fn bill(&self, prices: &Prices, region: &str, images: u32) -> Option<CostBreakdown> {
        let model = self.model.as_ref()?;
        let offer = self.offer()?;
        let quality = if offer.has_quality && self.premium {
            ImageQuality::Premium
        } else {
            ImageQuality::Standard
        };
        let meter = Meter::Image {
            size: self.billed_size(),
            quality,
        };
        let query = PriceQuery::on_demand(model, region);
        Some(prices.bill([(meter, u64::from(images))], &query))
    }
}
