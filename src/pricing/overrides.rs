//! The user's own prices: private offers and credits are in no public source.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Day, Meter, PriceOrigin, PriceQuery, PriceSource, Tier, UnitPrice, Usd};

/// Most digits after the point of a price, so that sums stay exact.
const MAX_PRICE_DECIMALS: u32 = 12;

/// Most digits after the point of a discount, for the same reason.
const MAX_DISCOUNT_DECIMALS: u32 = 4;

/// Dearest price taken, in dollars: anything above is a slip of the hand.
const MAX_PRICE: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);

/// Why a price or a discount is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OverrideError {
    /// A price below zero or absurdly high, or with too many digits.
    #[error("A price is between 0 and 1,000,000 dollars, with at most 12 decimals")]
    Price,
    /// A discount that is no share, or with too many digits.
    #[error("A discount is between 0 and 100 percent, with at most 4 decimals")]
    Discount,
}

/// One own price: of one id and meter, in place of every other source's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnPrice {
    /// The model's or profile's id, exactly as requests are sent with it, without the parts of an
    /// ARN before it.
    pub model_id: String,
    /// What it prices.
    pub meter: Meter,
    /// How requests are served.
    #[serde(default)]
    pub tier: Tier,
    /// Where; everywhere when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// For requests with more input tokens than this; for short ones when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above_input_tokens: Option<u64>,
    /// Dollars, for a million tokens or for one of anything else.
    pub usd: Decimal,
    /// When it was entered.
    pub entered: Day,
}

impl OwnPrice {
    fn is_for_same(&self, other: &Self) -> bool {
        (&self.model_id, self.meter, self.tier) == (&other.model_id, other.meter, other.tier)
            && (&self.region, self.above_input_tokens) == (&other.region, other.above_input_tokens)
    }

    fn check(&self) -> Result<(), OverrideError> {
        let fits = (Decimal::ZERO..=MAX_PRICE).contains(&self.usd)
            && self.usd.normalize().scale() <= MAX_PRICE_DECIMALS;
        if fits {
            Ok(())
        } else {
            Err(OverrideError::Price)
        }
    }
}

/// Own prices, and what the account gets off all others. A plain value: the store keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked", rename_all = "camelCase")]
pub struct Overrides {
    prices: Vec<OwnPrice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    discount_percent: Option<Decimal>,
}

/// Overrides as they were stored: nobody knows by whom.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Unchecked {
    #[serde(default)]
    prices: Vec<OwnPrice>,
    discount_percent: Option<Decimal>,
}

impl TryFrom<Unchecked> for Overrides {
    type Error = OverrideError;

    fn try_from(stored: Unchecked) -> Result<Self, OverrideError> {
        let mut overrides = Self::default();
        overrides.set_discount(stored.discount_percent)?;
        for price in stored.prices {
            overrides.set(price)?;
        }
        Ok(overrides)
    }
}

impl Overrides {
    /// Takes a price, in place of an earlier one for the same.
    ///
    /// # Errors
    ///
    /// When the price is below zero, absurdly high or has too many digits.
    pub fn set(&mut self, price: OwnPrice) -> Result<(), OverrideError> {
        price.check()?;
        self.prices.retain(|old| !old.is_for_same(&price));
        self.prices.push(price);
        Ok(())
    }

    /// Takes today's price of a meter on demand, in every region; with none, the public price counts
    /// again.
    ///
    /// # Errors
    ///
    /// As [`set`](Self::set).
    pub fn enter(
        &mut self,
        model_id: &str,
        meter: Meter,
        usd: Option<Usd>,
    ) -> Result<(), OverrideError> {
        let price = OwnPrice {
            model_id: model_id.to_owned(),
            meter,
            tier: Tier::Standard,
            region: None,
            above_input_tokens: None,
            usd: usd.unwrap_or_default().amount(),
            entered: Day::today(),
        };
        if usd.is_some() {
            return self.set(price);
        }
        self.remove(&price);
        Ok(())
    }

    /// Drops the price that is for the same as this one.
    pub fn remove(&mut self, price: &OwnPrice) {
        self.prices.retain(|old| !old.is_for_same(price));
    }

    /// The own prices, in the order they were entered.
    #[must_use]
    pub fn prices(&self) -> &[OwnPrice] {
        &self.prices
    }

    /// Sets what the account gets off every price that is not its own.
    ///
    /// # Errors
    ///
    /// When it is no share of a hundred, or has too many digits.
    pub fn set_discount(&mut self, percent: Option<Decimal>) -> Result<(), OverrideError> {
        let percent = percent.filter(|percent| !percent.is_zero());
        let fits = percent.is_none_or(|percent| {
            (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&percent)
                && percent.normalize().scale() <= MAX_DISCOUNT_DECIMALS
        });
        if !fits {
            return Err(OverrideError::Discount);
        }
        self.discount_percent = percent;
        Ok(())
    }

    /// What the account gets off, in percent.
    #[must_use]
    pub fn discount_percent(&self) -> Option<Decimal> {
        self.discount_percent
    }

    /// The own price for a request that has passed a long-context threshold, or none. A price for a
    /// region wins over one for all.
    pub(super) fn unit_price(
        &self,
        meter: Meter,
        query: &PriceQuery<'_>,
        above: Option<u64>,
    ) -> Option<UnitPrice> {
        let tier = query.tier?;
        let id = query.model_id.resource_id();
        let price = self
            .prices
            .iter()
            .filter(|price| price.model_id == id && price.meter == meter && price.tier == tier)
            .filter(|price| price.above_input_tokens == above)
            .filter(|price| {
                let region = price.region.as_deref();
                region.is_none_or(|region| region == query.region)
            })
            .max_by_key(|price| price.region.is_some())?;
        Some(UnitPrice {
            amount: Usd::new(price.usd),
            per: meter.per(),
            source: PriceSource {
                origin: PriceOrigin::Override {
                    entered: price.entered,
                },
                discount_percent: None,
            },
        })
    }

    /// A public price, less the discount.
    pub(super) fn discounted(&self, price: UnitPrice) -> UnitPrice {
        let Some(percent) = self.discount_percent else {
            return price;
        };
        let share = (Decimal::ONE_HUNDRED - percent) / Decimal::ONE_HUNDRED;
        UnitPrice {
            amount: Usd::new(price.amount.amount() * share),
            source: PriceSource {
                discount_percent: Some(percent),
                ..price.source
            },
            ..price
        }
    }
}
