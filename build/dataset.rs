//! The form of `assets/models.json`.
//!
//! One object a model. A price row belongs to the id it is billed under: the model's own (its price
//! in us-east-1, or in `region`), or that of an inference profile with a price of its own. A profile
//! `pricedAsModel` has been seen to cost what the model costs; of one that is neither, no source
//! knows the price. Amounts are decimal text, US dollars, with the short name
//! of the source they were read from; `sources` says what and how old each is. A member that is
//! missing means that no source says, never "no".

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Dataset {
    pub schema: String,
    pub as_of: String,
    pub sources: BTreeMap<String, Source>,
    pub guardrails: Vec<GuardrailPrice>,
    pub models: Vec<Model>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Source {
    pub what: String,
    pub as_of: String,
    pub licence: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Model {
    pub id: String,
    pub provider: String,
    pub name: String,
    pub lifecycle: String,
    pub end_of_life: Option<String>,
    pub input: Vec<String>,
    pub output: Vec<String>,
    pub context_window: Option<u32>,
    pub max_output_tokens: Option<u32>,
    #[serde(default)]
    pub supports: Supports,
    pub prompt_cache_min_tokens: Option<u32>,
    #[serde(default)]
    pub embedding_dimensions: Vec<u32>,
    #[serde(default)]
    pub on_demand_regions: Vec<String>,
    #[serde(default)]
    pub profiles: Vec<Profile>,
    /// The id whose price list this one shares.
    pub priced_as: Option<String>,
    #[serde(default)]
    pub prices: Vec<PriceRow>,
    #[serde(default)]
    pub unit_prices: Vec<UnitPriceRow>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Supports {
    pub streaming: Option<bool>,
    pub system: Option<bool>,
    pub tools: Option<bool>,
    pub vision: Option<bool>,
    pub documents: Option<bool>,
    pub reasoning: Option<bool>,
    pub prompt_caching: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Profile {
    pub id: String,
    pub source_regions: Vec<String>,
    /// A source gives this profile the model's own prices.
    #[serde(default)]
    pub priced_as_model: bool,
}

/// Prices of one id for a million tokens.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PriceRow {
    pub id: String,
    pub region: Option<String>,
    pub tier: String,
    /// The row holds for requests with more input tokens than this, cached ones counted in.
    pub above_input_tokens: Option<u64>,
    #[serde(rename = "per1M")]
    pub per_1m: BTreeMap<String, Amount>,
    /// Why the row deserves doubt.
    pub caveat: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    pub usd: Decimal,
    pub source: String,
}

/// The price of one image, second of video or search.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnitPriceRow {
    pub unit: String,
    /// `1024x1024`: the row holds up to this size; for every size where it is missing.
    pub up_to: Option<String>,
    /// The row holds for every quality where it is missing.
    pub quality: Option<String>,
    pub usd: Decimal,
    pub source: String,
}

/// The price of one unit of a guardrail policy: 1,000 characters of text, or an image.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuardrailPrice {
    pub policy: String,
    pub usd: Decimal,
    pub source: String,
}

/// Width and height of `1024x1024`.
pub fn size(text: &str) -> Option<(u32, u32)> {
    let (width, height) = text.split_once('x')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}
