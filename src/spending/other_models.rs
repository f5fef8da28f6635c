//! What the same usage would have cost on any other model.

use std::collections::BTreeMap;

use crate::catalog::{Lifecycle, Modality, ModelFacts, ModelId, all_facts};
use crate::chat::{CacheDetail, Usage};
use crate::pricing::{Meter, PriceQuery, Prices, Usd};
use crate::store::LedgerRow;

/// A model, and what the usage would have cost on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherModel {
    /// The id it would be asked by; in several regions the first one's.
    pub id: ModelId,
    /// What a person calls it.
    pub name: &'static str,
    /// At today's prices, on demand.
    pub cost: Usd,
}

/// Usage that is billed alike: that of one long request, or of many short ones together.
#[derive(Clone, Debug, Default)]
struct Part {
    usage: Usage,
    /// The length of the one request; 0 for short ones.
    context_tokens: u64,
}

type ByRegion<'a> = BTreeMap<&'a str, Vec<Part>>;

/// Every model that answers in text and whose prices are known for all of the usage, the cheapest
/// first. The same number of tokens is reckoned with, although models count differently. A model
/// without a price for cached tokens reads them anew.
pub fn other_models<'a>(
    rows: impl IntoIterator<Item = &'a LedgerRow>,
    prices: &Prices,
) -> Vec<OtherModel> {
    let usage = by_region(rows, Prices::lowest_threshold());
    if usage.is_empty() {
        return Vec::new();
    }
    let mut models: Vec<OtherModel> = all_facts()
        .iter()
        .filter(|facts| {
            facts.lifecycle != Lifecycle::Retired
                && facts.output_modalities.contains(&Modality::Text)
        })
        .filter_map(|facts| on_model(facts, &usage, prices))
        .collect();
    models.sort_by_key(|model| (model.cost, model.name));
    models
}

/// A request beyond the lowest threshold stands by itself, since its length sets its price.
fn by_region<'a>(
    rows: impl IntoIterator<Item = &'a LedgerRow>,
    lowest_threshold: Option<u64>,
) -> ByRegion<'a> {
    let mut all: ByRegion<'a> = BTreeMap::new();
    for row in rows {
        let usage = &row.spend.usage;
        // The first part is that of the short requests.
        let parts = all
            .entry(row.spend.region.as_str())
            .or_insert_with(|| vec![Part::default()]);
        if lowest_threshold.is_some_and(|threshold| context(usage) > threshold) {
            parts.push(Part {
                usage: usage.clone(),
                context_tokens: context(usage),
            });
        } else {
            add(&mut parts[0].usage, usage);
        }
    }
    all
}

fn context(usage: &Usage) -> u64 {
    usage
        .input_tokens
        .saturating_add(usage.cache_read_input_tokens)
        .saturating_add(usage.cache_write_input_tokens)
}

fn add(sum: &mut Usage, usage: &Usage) {
    let plus = |sum: &mut u64, more: u64| *sum = sum.saturating_add(more);
    plus(&mut sum.input_tokens, usage.input_tokens);
    plus(&mut sum.output_tokens, usage.output_tokens);
    plus(&mut sum.total_tokens, usage.total_tokens);
    plus(
        &mut sum.cache_read_input_tokens,
        usage.cache_read_input_tokens,
    );
    plus(
        &mut sum.cache_write_input_tokens,
        usage.cache_write_input_tokens,
    );
    for detail in &usage.cache_details {
        match sum.cache_details.iter_mut().find(|of| of.ttl == detail.ttl) {
            Some(of) => plus(&mut of.input_tokens, detail.input_tokens),
            None => sum.cache_details.push(CacheDetail { ..*detail }),
        }
    }
}

fn on_model(facts: &ModelFacts, usage: &ByRegion<'_>, prices: &Prices) -> Option<OtherModel> {
    let (mut first, mut cost) = (None, Usd::ZERO);
    for (region, parts) in usage {
        let id = callable(facts, region, prices)?;
        for part in parts {
            cost = cost + on_id(&id, region, part, prices)?;
        }
        first.get_or_insert(id);
    }
    Some(OtherModel {
        id: first?,
        name: facts.name,
        cost,
    })
}

fn on_id(id: &ModelId, region: &str, part: &Part, prices: &Prices) -> Option<Usd> {
    let usage = &part.usage;
    let query = PriceQuery {
        context_tokens: part.context_tokens,
        ..PriceQuery::on_demand(id, region)
    };
    let bill = prices.breakdown_of_calls(usage, &query);
    bill.total().or_else(|| {
        let uncached = Usage {
            input_tokens: context(usage),
            output_tokens: usage.output_tokens,
            ..Usage::default()
        };
        let caches = prices.unit_price(Meter::CacheRead, &query).is_some();
        let bill = prices.breakdown_of_calls(&uncached, &query);
        bill.total().filter(|_| !caches)
    })
}

/// The id the model is asked by in a region: its own, else that of a profile that serves the region.
fn callable(facts: &ModelFacts, region: &str, prices: &Prices) -> Option<ModelId> {
    let profiles = facts
        .profiles
        .iter()
        .filter(|profile| profile.source_regions.contains(&region))
        .map(|profile| profile.id);
    std::iter::once(facts.id)
        .chain(profiles)
        .map(ModelId::from)
        .find(|id| {
            let query = PriceQuery::on_demand(id, region);
            prices.unit_price(Meter::Input, &query).is_some()
        })
}
