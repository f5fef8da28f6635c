//! Every source of prices, in the order they count.

use std::sync::Arc;

use super::price_list::PriceList;
use super::trace::{guardrail_units, routed_model};
use super::{
    CostBreakdown, Meter, Overrides, PriceOrigin, PriceQuery, PriceSource, Tier, UnitPrice, Usd,
    bundled,
};
use crate::chat::{Invocation, Usage};

/// The prices one connection is billed by: the user's own, else those of the last refresh, else the
/// bundled ones, else unknown. A plain value, handed to whoever works out a bill.
#[derive(Clone, Debug, Default)]
pub struct Prices {
    /// The user's own prices and discount.
    pub overrides: Arc<Overrides>,
    /// What the last refresh from AWS's price files gave.
    pub price_list: Arc<PriceList>,
}

impl Prices {
    /// The price of a meter; `None` when no source has one.
    #[must_use]
    pub fn unit_price(&self, meter: Meter, query: &PriceQuery<'_>) -> Option<UnitPrice> {
        let above = bundled::passed_threshold(query);
        let own = self.overrides.unit_price(meter, query, above);
        own.or_else(|| {
            if query.model_id.is_local() {
                return Some(UnitPrice {
                    amount: Usd::ZERO,
                    per: meter.per(),
                    source: PriceSource {
                        origin: PriceOrigin::Local,
                        discount_percent: None,
                    },
                });
            }
            let public = self.public_price(meter, query)?;
            Some(self.overrides.discounted(public))
        })
    }

    /// Whether nobody charges for what is asked, so that nothing has to be counted before: a local model
    /// without prices of a person's own.
    #[must_use]
    pub fn is_free(&self, query: &PriceQuery<'_>) -> bool {
        let is_free = |meter| {
            let price = self.unit_price(meter, query);
            price.is_some_and(|price| price.amount == Usd::ZERO)
        };
        query.model_id.is_local() && is_free(Meter::Input) && is_free(Meter::Output)
    }

    /// Whether the request has passed a threshold beyond which its model has other rates.
    pub(super) fn has_long_context_rates(query: &PriceQuery<'_>) -> bool {
        bundled::passed_threshold(query).is_some()
    }

    /// What a call that is over costs, by what the response says served it; `None` when the service
    /// said nothing of tokens. A local model costs nothing, counted or not.
    #[must_use]
    pub fn of_invocation(&self, invocation: &Invocation) -> Option<CostBreakdown> {
        let uncounted = Usage::default();
        let usage = match &invocation.usage {
            Some(usage) => usage,
            None if invocation.model_id.is_local() => &uncounted,
            None => return None,
        };
        // A prompt router's answer is billed as the model it chose.
        let routed = invocation.trace.as_ref().and_then(routed_model);
        let query = PriceQuery {
            tier: Tier::served_by(invocation.service_tier, invocation.latency),
            ..PriceQuery::on_demand(
                routed.as_ref().unwrap_or(&invocation.model_id),
                &invocation.region,
            )
        };
        let mut bill = self.breakdown(usage, &query);
        let units = invocation.trace.as_ref().map(guardrail_units);
        let units = units.into_iter().flatten().map(|(policy, units)| {
            // By the policy alone: a guardrail costs the same with every model and tier.
            (Meter::GuardrailUnit(policy), units)
        });
        let guarded = PriceQuery {
            tier: Some(Tier::Standard),
            ..query
        };
        bill.lines.extend(self.bill(units, &guarded).lines);
        Some(bill)
    }

    /// The price AWS asks everyone.
    pub(super) fn public_price(&self, meter: Meter, query: &PriceQuery<'_>) -> Option<UnitPrice> {
        let is_long = bundled::passed_threshold(query).is_some();
        self.price_list
            .unit_price(meter, query, is_long)
            .or_else(|| bundled::unit_price(meter, query))
    }

    /// What some usage costs.
    #[must_use]
    pub fn breakdown(&self, usage: &Usage, query: &PriceQuery<'_>) -> CostBreakdown {
        CostBreakdown::of_usage(self, usage, query)
    }

    /// What the usage of several calls costs together, none of which is longer than the query says.
    #[must_use]
    pub fn breakdown_of_calls(&self, usage: &Usage, query: &PriceQuery<'_>) -> CostBreakdown {
        CostBreakdown::of_calls(self, usage, query)
    }

    /// The fewest input tokens beyond which any model has other rates.
    #[must_use]
    pub fn lowest_threshold() -> Option<u64> {
        bundled::lowest_threshold()
    }

    /// What any quantities cost, a line each.
    #[must_use]
    pub fn bill(
        &self,
        quantities: impl IntoIterator<Item = (Meter, u64)>,
        query: &PriceQuery<'_>,
    ) -> CostBreakdown {
        CostBreakdown::of_quantities(self, quantities, query)
    }
}

/// The bundled price of a meter; `None` when the table has none.
#[must_use]
pub fn unit_price(meter: Meter, query: &PriceQuery<'_>) -> Option<UnitPrice> {
    bundled::unit_price(meter, query)
}

/// What some usage costs by the bundled prices.
#[must_use]
pub fn breakdown(usage: &Usage, query: &PriceQuery<'_>) -> CostBreakdown {
    Prices::default().breakdown(usage, query)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::ModelId;
    use crate::pricing::{Day, GuardrailPolicy, ImageQuality, OverrideError, OwnPrice, PixelSize};

    const NOVA_LITE: &str = "amazon.nova-lite-v1:0";

    fn own(model_id: &str, usd: &str) -> OwnPrice {
        OwnPrice {
            model_id: model_id.to_owned(),
            meter: Meter::Input,
            tier: Tier::Standard,
            region: None,
            above_input_tokens: None,
            usd: usd.parse().unwrap(),
            entered: Day::parse("2026-11-20").unwrap(),
        }
    }

    fn with(prices: impl IntoIterator<Item = OwnPrice>, discount: Option<&str>) -> Prices {
        let mut overrides = Overrides::default();
        for price in prices {
            overrides.set(price).unwrap();
        }
        let discount = discount.map(|percent| percent.parse().unwrap());
        overrides.set_discount(discount).unwrap();
        Prices {
            overrides: Arc::new(overrides),
            ..Prices::default()
        }
    }

    fn input(prices: &Prices, query: &PriceQuery<'_>) -> Option<(String, String)> {
        let price = prices.unit_price(Meter::Input, query)?;
        Some((price.amount.amount().to_string(), price.source.to_string()))
    }

    fn found(amount: &str, source: &str) -> (String, String) {
        (amount.to_owned(), source.to_owned())
    }

    #[test]
    fn an_own_price_stands_before_the_bundled_one_for_its_id_and_tier_alone() {
        let id = ModelId::from(NOVA_LITE);
        let profile = ModelId::from("us.amazon.nova-lite-v1:0");
        let prices = with([own(NOVA_LITE, "0.05")], None);
        let query = PriceQuery::on_demand(&id, "us-east-1");
        assert_eq!(
            input(&prices, &query),
            Some(found("0.05", "override 2026-11-20"))
        );
        let elsewhere = PriceQuery::on_demand(&id, "eu-west-2");
        assert_eq!(
            input(&prices, &elsewhere),
            Some(found("0.05", "override 2026-11-20")),
            "no region said: everywhere"
        );
        let through_profile = PriceQuery::on_demand(&profile, "us-east-1");
        assert_eq!(
            input(&prices, &through_profile),
            Some(found("0.06", "bundled 2026-11-21"))
        );
        let batch = PriceQuery {
            tier: Some(Tier::Batch),
            ..query
        };
        assert_eq!(
            input(&prices, &batch),
            Some(found("0.03", "bundled 2026-11-21"))
        );
    }

    #[test]
    fn local_models_cost_nothing_and_the_source_says_why() {
        let id = ModelId::local("llava:13b");
        let query = PriceQuery::on_demand(&id, "us-east-1");
        let prices = with([], Some("12.5"));
        assert_eq!(
            input(&prices, &query),
            Some(found("0", "local model, free")),
            "and there is nothing to take a discount off"
        );
        let usage = Usage {
            input_tokens: 1_000_000,
            output_tokens: 1_000_000,
            ..Usage::default()
        };
        assert_eq!(prices.breakdown(&usage, &query).total(), Some(Usd::ZERO));
        assert!(prices.is_free(&query));
        let electricity = with([own("local.llava:13b", "0.01")], None);
        assert!(!electricity.is_free(&query), "an own price counts");
    }

    #[test]
    fn an_own_price_for_a_region_stands_before_one_for_all() {
        let id = ModelId::from(NOVA_LITE);
        let regional = OwnPrice {
            region: Some("eu-west-2".to_owned()),
            ..own(NOVA_LITE, "0.07")
        };
        let prices = with([regional, own(NOVA_LITE, "0.05")], None);
        let at = |region| input(&prices, &PriceQuery::on_demand(&id, region)).map(|(usd, _)| usd);
        assert_eq!(at("eu-west-2").as_deref(), Some("0.07"));
        assert_eq!(at("us-east-1").as_deref(), Some("0.05"));
    }

    #[test]
    fn an_own_price_for_short_requests_says_nothing_of_long_ones() {
        let model = "anthropic.claude-sonnet-4-20250514-v1:0";
        let id = ModelId::from(model);
        let prices = with([own(model, "2")], None);
        let query = PriceQuery {
            context_tokens: 300_000,
            ..PriceQuery::on_demand(&id, "us-east-1")
        };
        // Beyond 200,000 tokens: 6 for a million.
        assert_eq!(
            input(&prices, &query),
            Some(found("6", "bundled 2026-11-21"))
        );
    }

    #[test]
    fn a_discount_is_taken_off_public_prices_and_named() {
        let id = ModelId::from(NOVA_LITE);
        let query = PriceQuery::on_demand(&id, "us-east-1");
        // 0.06 × (100 − 12.5) ÷ 100 = 0.0525
        let prices = with([], Some("12.5"));
        assert_eq!(
            input(&prices, &query),
            Some(found("0.05250", "bundled 2026-11-21, less 12.5 %"))
        );
        let prices = with([own(NOVA_LITE, "0.05")], Some("12.5"));
        assert_eq!(
            input(&prices, &query),
            Some(found("0.05", "override 2026-11-20"))
        );
    }

    #[test]
    fn what_is_no_price_is_not_taken_from_people_or_the_store() {
        let mut overrides = Overrides::default();
        for wrong in ["-0.01", "1000001", "0.0000000000001"] {
            let refused = overrides.set(own(NOVA_LITE, wrong));
            assert_eq!(refused, Err(OverrideError::Price), "{wrong}");
        }
        for wrong in ["-1", "100.5", "0.00001"] {
            let refused = overrides.set_discount(Some(wrong.parse().unwrap()));
            assert_eq!(refused, Err(OverrideError::Discount), "{wrong}");
        }
        let stored =
            r#"{"prices":[{"modelId":"m","meter":"input","usd":"-1","entered":"2026-11-20"}]}"#;
        assert!(serde_json::from_str::<Overrides>(stored).is_err());
    }

    #[test]
    fn overrides_come_back_from_the_store_as_they_went() {
        let mut overrides = Overrides::default();
        overrides.set(own(NOVA_LITE, "0.05")).unwrap();
        overrides.set(own(NOVA_LITE, "0.04")).unwrap();
        assert_eq!(overrides.prices().len(), 1, "the newer takes the place");
        overrides
            .set_discount(Some("7.5".parse().unwrap()))
            .unwrap();
        let stored = serde_json::to_string(&overrides).unwrap();
        assert_eq!(
            serde_json::from_str::<Overrides>(&stored).unwrap(),
            overrides
        );
        overrides.remove(&own(NOVA_LITE, "0"));
        assert!(overrides.prices().is_empty());
    }

    fn one(id: &str, region: &str, meter: Meter, quantity: u64) -> Option<String> {
        let id = ModelId::from(id);
        let bill = Prices::default().bill([(meter, quantity)], &PriceQuery::on_demand(&id, region));
        bill.total().map(|total| total.to_string())
    }

    #[test]
    fn images_cost_by_size_and_quality() {
        let image = |size, quality| Meter::Image {
            size: PixelSize::parse(size).unwrap(),
            quality,
        };
        let canvas = |size, quality| {
            one(
                "amazon.nova-canvas-v1:0",
                "us-east-1",
                image(size, quality),
                3,
            )
        };
        // 3 × 0.04, 3 × 0.06, 3 × 0.08
        assert_eq!(
            canvas("1024x1024", ImageQuality::Standard).as_deref(),
            Some("$0.12")
        );
        assert_eq!(
            canvas("1024x1024", ImageQuality::Premium).as_deref(),
            Some("$0.18")
        );
        assert_eq!(
            canvas("2048x2048", ImageQuality::Premium).as_deref(),
            Some("$0.24")
        );
        assert_eq!(
            canvas("1280x720", ImageQuality::Standard),
            None,
            "longer than 1024, yet no larger than 1024x1024: the price list leaves it open"
        );
        assert_eq!(canvas("4096x4096", ImageQuality::Standard), None);
        let core = image("1536x640", ImageQuality::Standard);
        assert_eq!(
            one("stability.stable-image-core-v1:1", "us-west-2", core, 1).as_deref(),
            Some("$0.04")
        );
        assert_eq!(one(NOVA_LITE, "us-east-1", core, 1), None);
    }

    #[test]
    fn searches_seconds_and_guardrail_units_have_prices_where_they_are_listed() {
        let reel = Meter::VideoSecond {
            size: PixelSize::parse("1280x720").unwrap(),
        };
        let topic = Meter::GuardrailUnit(GuardrailPolicy::Topic);
        for (id, meter, quantity, expected) in [
            ("cohere.rerank-v3-5:0", Meter::SearchUnit, 5, "$0.01"),
            ("amazon.nova-reel-v1:1", reel, 6, "$0.48"),
            (NOVA_LITE, topic, 4, "$0.000600"),
        ] {
            assert_eq!(
                one(id, "us-east-1", meter, quantity).as_deref(),
                Some(expected)
            );
            assert_eq!(one(id, "ap-south-2", meter, quantity), None);
        }
    }

    #[test]
    fn a_sum_that_cannot_be_written_is_unknown_and_stops_nothing() {
        let prices = with([own(NOVA_LITE, "1000000")], None);
        let id = ModelId::from(NOVA_LITE);
        let usage = Usage {
            input_tokens: u64::MAX,
            cache_read_input_tokens: u64::MAX,
            ..Usage::default()
        };
        let bill = prices.breakdown(&usage, &PriceQuery::on_demand(&id, "us-east-1"));
        // (2^64 − 1) × 1,000,000 ÷ 1,000,000
        assert_eq!(
            bill.lines[0].amount.unwrap().amount().to_string(),
            "18446744073709551615"
        );
        assert!(bill.total().is_some());
    }
}
