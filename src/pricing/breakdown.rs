//! Usage times unit prices, line by line.

use serde::ser::{Serialize, SerializeMap as _, SerializeStruct as _, Serializer};

use super::{Meter, PriceQuery, Prices, UnitPrice, Usd};
use crate::chat::{CacheTtl, Usage};

/// One line of a bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostLine {
    /// What is counted.
    pub meter: Meter,
    /// How much of it.
    pub quantity: u64,
    /// Its price; `None` when no source has one.
    pub unit_price: Option<UnitPrice>,
    /// What the line comes to; `None` when the price is unknown.
    pub amount: Option<Usd>,
}

/// What an invocation costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CostBreakdown {
    /// The lines; input and output always, the others when there is something to count.
    pub lines: Vec<CostLine>,
}

impl CostBreakdown {
    /// The sum; `None` when a line that counts something has no known price.
    #[must_use]
    pub fn total(&self) -> Option<Usd> {
        self.lines
            .iter()
            .filter(|line| line.quantity > 0)
            .map(|line| line.amount)
            .sum()
    }

    /// The sum of the lines whose price is known: the least it costs.
    #[must_use]
    pub fn known_total(&self) -> Usd {
        self.lines.iter().filter_map(|line| line.amount).sum()
    }

    /// Whether a line's price may differ from the one billed.
    #[must_use]
    pub fn is_approximate(&self) -> bool {
        self.lines
            .iter()
            .filter(|line| line.quantity > 0)
            .filter_map(|line| line.unit_price)
            .any(|price| price.source.is_approximate())
    }

    /// The usage of one call, whose length is its own.
    pub(super) fn of_usage(prices: &Prices, usage: &Usage, query: &PriceQuery<'_>) -> Self {
        let query = PriceQuery {
            context_tokens: usage
                .input_tokens
                .saturating_add(usage.cache_read_input_tokens)
                .saturating_add(usage.cache_write_input_tokens),
            ..*query
        };
        Self::of_calls(prices, usage, &query)
    }

    /// The usage of calls that are as long as the query says. Written cache tokens are told apart by
    /// how long they are kept; where the service does not say, they are kept for five minutes, its
    /// default.
    pub(super) fn of_calls(prices: &Prices, usage: &Usage, query: &PriceQuery<'_>) -> Self {
        let one_hour = usage
            .cache_details
            .iter()
            .filter(|detail| detail.ttl == CacheTtl::OneHour)
            .fold(0_u64, |sum, detail| sum.saturating_add(detail.input_tokens))
            .min(usage.cache_write_input_tokens);
        let shorter = usage.cache_write_input_tokens - one_hour;
        // A family offers one short lifetime, five minutes or thirty; its price list tells which.
        let short_write = if prices.unit_price(Meter::CacheWrite30m, query).is_some() {
            Meter::CacheWrite30m
        } else {
            Meter::CacheWrite5m
        };
        let quantities = [
            (Meter::Input, usage.input_tokens),
            (Meter::Output, usage.output_tokens),
            (Meter::CacheRead, usage.cache_read_input_tokens),
            (short_write, shorter),
            (Meter::CacheWrite1h, one_hour),
        ];
        let counted = quantities.into_iter().filter(|(meter, quantity)| {
            *quantity > 0 || matches!(meter, Meter::Input | Meter::Output)
        });
        Self::of_quantities(prices, counted, query)
    }

    pub(super) fn of_quantities(
        prices: &Prices,
        quantities: impl IntoIterator<Item = (Meter, u64)>,
        query: &PriceQuery<'_>,
    ) -> Self {
        let line = |(meter, quantity)| {
            let unit_price = prices.unit_price(meter, query);
            CostLine {
                meter,
                quantity,
                unit_price,
                amount: unit_price.and_then(|price| price.amount.times(quantity, price.per)),
            }
        };
        Self {
            lines: quantities.into_iter().map(line).collect(),
        }
    }
}

impl Serialize for CostBreakdown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let total = self.total();
        let mut members = serializer.serialize_struct("cost", 2 + usize::from(total.is_some()))?;
        members.serialize_field("currency", "USD")?;
        match total {
            Some(total) => members.serialize_field("total", &total.to_decimal_string())?,
            None => members.skip_field("total")?,
        }
        members.serialize_field("lines", &self.lines)?;
        members.end()
    }
}

impl Serialize for CostLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("meter", self.meter.as_str())?;
        match self.meter {
            Meter::Image { size, quality } => {
                members.serialize_entry("size", &size.to_string())?;
                members.serialize_entry("quality", quality.as_str())?;
            }
            Meter::VideoSecond { size } => members.serialize_entry("size", &size.to_string())?,
            _ => {}
        }
        members.serialize_entry("quantity", &self.quantity)?;
        if let Some((price, amount)) = self.unit_price.zip(self.amount) {
            let unit_price = price.amount.amount().normalize().to_string();
            members.serialize_entry("unitPrice", &unit_price)?;
            members.serialize_entry("per", &price.per)?;
            members.serialize_entry("amount", &amount.to_decimal_string())?;
            members.serialize_entry("source", &price.source.to_string())?;
        }
        members.end()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::catalog::ModelId;
    use crate::chat::CacheDetail;
    use crate::pricing::{Tier, breakdown, unit_price};

    fn usage(input: u64, output: u64) -> Usage {
        Usage {
            input_tokens: input,
            output_tokens: output,
            total_tokens: input + output,
            ..Usage::default()
        }
    }

    fn total(id: &str, region: &str, tier: Tier, usage: &Usage) -> Option<String> {
        let id = ModelId::from(id);
        let query = PriceQuery {
            tier: Some(tier),
            ..PriceQuery::on_demand(&id, region)
        };
        breakdown(usage, &query).total().map(Usd::to_decimal_string)
    }

    /// `pricing/NOTES`, section 2: 2,000 tokens in and 1,000 out.
    #[test]
    fn the_worked_examples_come_out() {
        for (id, region, tier, expected) in [
            // 2 × 0.000035 + 1 × 0.00014
            (
                "amazon.nova-micro-v1:0",
                "us-east-1",
                Tier::Standard,
                "0.00021000",
            ),
            // 2 × 0.00006 + 1 × 0.00024
            (
                "amazon.nova-lite-v1:0",
                "us-east-1",
                Tier::Standard,
                "0.00036000",
            ),
            (
                "us.amazon.nova-lite-v1:0",
                "us-east-1",
                Tier::Standard,
                "0.00036000",
            ),
            // 2 × 0.0008 + 1 × 0.0032
            (
                "amazon.nova-pro-v1:0",
                "us-east-1",
                Tier::Standard,
                "0.00480000",
            ),
            // 2 × 0.000078 + 1 × 0.000312
            (
                "eu.amazon.nova-lite-v1:0",
                "eu-central-1",
                Tier::Standard,
                "0.00046800",
            ),
            (
                "apac.amazon.nova-lite-v1:0",
                "ap-south-1",
                Tier::Standard,
                "0.00037800",
            ),
            (
                "ca.amazon.nova-lite-v1:0",
                "ca-central-1",
                Tier::Standard,
                "0.00038400",
            ),
            (
                "amazon.nova-lite-v1:0",
                "us-gov-west-1",
                Tier::Standard,
                "0.00043200",
            ),
            (
                "amazon.nova-lite-v1:0",
                "us-east-1",
                Tier::Batch,
                "0.00018000",
            ),
        ] {
            let got = total(id, region, tier, &usage(2_000, 1_000));
            assert_eq!(got.as_deref(), Some(expected), "{id} in {region}, {tier:?}");
        }
    }

    #[test]
    fn the_global_profile_has_its_own_price() {
        // 1M in: 3.30 in a region and through a geography, 3.00 globally.
        let usage = usage(100_000, 0);
        let of = |id: &str| total(id, "us-east-1", Tier::Standard, &usage);
        let model = "anthropic.claude-sonnet-4-5-20250929-v1:0";
        assert_eq!(of(model).as_deref(), Some("0.33000000"));
        assert_eq!(of(&format!("us.{model}")).as_deref(), Some("0.33000000"));
        assert_eq!(
            of(&format!("global.{model}")).as_deref(),
            Some("0.30000000")
        );
    }

    #[test]
    fn cache_writes_are_told_apart_by_their_lifetime() {
        let id = ModelId::from("anthropic.claude-sonnet-4-5-20250929-v1:0");
        let usage = Usage {
            cache_read_input_tokens: 1_000,
            cache_write_input_tokens: 3_000,
            cache_details: vec![
                CacheDetail {
                    ttl: CacheTtl::OneHour,
                    input_tokens: 2_000,
                },
                CacheDetail {
                    ttl: CacheTtl::FiveMinutes,
                    input_tokens: 1_000,
                },
            ],
            ..Usage::default()
        };
        let bill = breakdown(&usage, &PriceQuery::on_demand(&id, "us-east-1"));
        let amounts: Vec<_> = bill
            .lines
            .iter()
            .map(|line| (line.meter, line.amount.map(Usd::to_decimal_string)))
            .collect();
        let amount = |text: &str| Some(text.to_owned());
        assert_eq!(
            amounts,
            [
                (Meter::Input, amount("0.00000000")),
                (Meter::Output, amount("0.00000000")),
                (Meter::CacheRead, amount("0.00033000")), // 1,000 × 0.33 / 1M
                (Meter::CacheWrite5m, amount("0.00412500")), // 1,000 × 4.125 / 1M
                (Meter::CacheWrite1h, amount("0.01320000")), // 2,000 × 6.6 / 1M
            ]
        );
    }

    #[test]
    fn a_long_context_bills_the_whole_request_at_its_rate() {
        let model = "anthropic.claude-sonnet-4-20250514-v1:0";
        // Threshold 200,000: 3 for a million up to it, 6 above.
        let of = |input| total(model, "us-east-1", Tier::Standard, &usage(input, 0));
        assert_eq!(of(200_000).as_deref(), Some("0.60000000"));
        assert_eq!(of(300_000).as_deref(), Some("1.80000000"));
    }

    #[test]
    fn what_is_unknown_stays_unknown() {
        assert_eq!(
            total(
                "example.model-v1:0",
                "us-east-1",
                Tier::Standard,
                &usage(1, 1)
            ),
            None
        );
        // A tier without a price is not the standard one.
        assert_eq!(
            total(
                "amazon.nova-lite-v1:0",
                "us-east-1",
                Tier::Ultrafast,
                &usage(1, 1)
            ),
            None
        );
        let id = ModelId::from("amazon.nova-lite-v1:0");
        let bought = PriceQuery {
            tier: None,
            ..PriceQuery::on_demand(&id, "us-east-1")
        };
        assert_eq!(breakdown(&usage(1, 1), &bought).total(), None);
    }

    /// The price of one region says nothing of another's, unless a source gives the geography's
    /// profile the same price.
    #[test]
    fn another_region_without_a_price_is_unknown() {
        let price = |id: &str, region| {
            let id = ModelId::from(id);
            unit_price(Meter::Input, &PriceQuery::on_demand(&id, region))
                .map(|price| price.source.to_string())
        };
        let nova = "amazon.nova-lite-v1:0";
        let bundled = Some("bundled 2026-11-21".to_owned());
        assert_eq!(price(nova, "us-east-1"), bundled);
        assert_eq!(price(nova, "us-gov-west-1"), bundled, "has a row");
        assert_eq!(price(nova, "us-east-2"), bundled, "us. costs the same");
        assert_eq!(price(nova, "eu-west-2"), None);
        assert_eq!(
            price("eu.amazon.nova-lite-v1:0", "eu-north-1").as_deref(),
            Some("bundled 2026-11-21, EU rate"),
            "one price for a geography whose Regions differ"
        );
    }

    /// The form the command line prints; the figures are worked out by hand.
    #[test]
    fn as_json() {
        let id = ModelId::from("amazon.nova-lite-v1:0");
        let bill = breakdown(&usage(12, 7), &PriceQuery::on_demand(&id, "us-east-1"));
        assert_eq!(
            serde_json::to_value(bill).unwrap(),
            json!({
                "currency": "USD",
                "total": "0.00000240",
                "lines": [
                    {"meter": "input", "quantity": 12, "unitPrice": "0.06", "per": 1_000_000,
                     "amount": "0.00000072", "source": "bundled 2026-11-21"},
                    {"meter": "output", "quantity": 7, "unitPrice": "0.24", "per": 1_000_000,
                     "amount": "0.00000168", "source": "bundled 2026-11-21"},
                ]
            })
        );
    }
}
