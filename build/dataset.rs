//! The form of `assets/models.json`.
//!
//! One object a model. A price row belongs to the id it is billed under: the model's own (its price
//! in us-east-1, or in `region`), or that of an inference profile with a price of its own. Profiles
//! without rows cost what the model costs. Amounts are decimal text, US dollars, with the short name
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

/// The price of one image, second of video or search. Checked here; the program bills tokens so far.
#[derive(Deserialize)]
#[expect(dead_code, reason = "read for their form")]
#[serde(deny_unknown_fields)]
pub struct UnitPriceRow {
    pub unit: String,
    pub size: String,
    pub quality: String,
    pub usd: Decimal,
    pub source: String,
}
