//! What must hold of the facts. Each problem names its row.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::dataset::{Dataset, Model, PriceRow, size};
use crate::emit::{LIFECYCLES, METERS, MODALITIES, POLICIES, QUALITIES, TIERS, UNITS, name_in};

/// Everything that is wrong with the dataset.
pub fn problems(dataset: &Dataset) -> Vec<String> {
    let mut problems = Vec::new();
    if dataset.schema != "bedrock-playground-facts/1" {
        problems.push(format!(
            "schema {:?} is not the one this build reads",
            dataset.schema
        ));
    }
    if !is_day(&dataset.as_of) {
        problems.push(format!("asOf {:?} is not a day", dataset.as_of));
    }
    for (name, source) in &dataset.sources {
        if source.what.is_empty() || source.as_of.is_empty() || source.licence.is_empty() {
            problems.push(format!(
                "source {name}: says not what, how old, or under which licence"
            ));
        }
    }
    let mut ids = BTreeSet::new();
    for model in &dataset.models {
        for id in std::iter::once(&model.id).chain(model.profiles.iter().map(|profile| &profile.id))
        {
            if !ids.insert(id) {
                problems.push(format!("{id}: stands twice"));
            }
        }
        check_model(dataset, model, &mut problems);
    }
    for row in &dataset.guardrails {
        if name_in(POLICIES, &row.policy).is_none() {
            problems.push(format!("guardrails: unknown policy {:?}", row.policy));
        }
        check_amount(
            dataset,
            "guardrails",
            &row.policy,
            row.usd,
            &row.source,
            &mut problems,
        );
    }
    problems
}

fn check_model(dataset: &Dataset, model: &Model, problems: &mut Vec<String>) {
    let id = &model.id;
    if name_in(LIFECYCLES, &model.lifecycle).is_none() {
        problems.push(format!("{id}: unknown lifecycle {:?}", model.lifecycle));
    }
    for modality in model.input.iter().chain(&model.output) {
        if name_in(MODALITIES, modality).is_none() {
            problems.push(format!("{id}: unknown modality {modality:?}"));
        }
    }
    if model.end_of_life.as_ref().is_some_and(|day| !is_day(day)) {
        problems.push(format!(
            "{id}: end of life {:?} is not a day",
            model.end_of_life
        ));
    }
    for profile in &model.profiles {
        if !profile.id.ends_with(&format!(".{id}")) {
            problems.push(format!("{}: is not a profile of {id}", profile.id));
        }
        if profile.priced_as_model && model.prices.iter().any(|row| row.id == profile.id) {
            problems.push(format!(
                "{}: is priced as its model, and has rows of its own",
                profile.id
            ));
        }
    }
    let regions = model
        .on_demand_regions
        .iter()
        .chain(
            model
                .profiles
                .iter()
                .flat_map(|profile| &profile.source_regions),
        )
        .chain(model.prices.iter().filter_map(|row| row.region.as_ref()));
    for region in regions.filter(|region| !is_region(region)) {
        problems.push(format!("{id}: {region:?} is not a region"));
    }
    if let Some(other) = &model.priced_as
        && !dataset.models.iter().any(|model| model.id == *other)
    {
        problems.push(format!("{id}: priced as {other}, which is not there"));
    }
    for row in &model.prices {
        check_prices(dataset, model, row, problems);
    }
    check_unit_prices(dataset, model, problems);
}

fn check_unit_prices(dataset: &Dataset, model: &Model, problems: &mut Vec<String>) {
    let id = &model.id;
    for (at, row) in model.unit_prices.iter().enumerate() {
        if name_in(UNITS, &row.unit).is_none() {
            problems.push(format!("{id}: unknown unit {:?}", row.unit));
        }
        if row.up_to.as_ref().is_some_and(|text| size(text).is_none()) {
            problems.push(format!("{id}: {:?} is not a size", row.up_to));
        }
        let quality = row.quality.as_ref();
        if quality.is_some_and(|quality| name_in(QUALITIES, quality).is_none()) {
            problems.push(format!("{id}: unknown quality {quality:?}"));
        }
        if model.unit_prices[..at].iter().any(|other| {
            (&other.unit, &other.up_to, &other.quality) == (&row.unit, &row.up_to, &row.quality)
        }) {
            problems.push(format!("{id}: two prices for {} {:?}", row.unit, row.up_to));
        }
        check_amount(dataset, id, &row.unit, row.usd, &row.source, problems);
    }
}

fn check_amount(
    dataset: &Dataset,
    id: &str,
    what: &str,
    usd: Decimal,
    source: &str,
    problems: &mut Vec<String>,
) {
    if usd.is_sign_negative() {
        problems.push(format!("{id}: {what} is below zero"));
    }
    if !dataset.sources.contains_key(source) {
        problems.push(format!("{id}: {what} has the unknown source {source:?}"));
    }
}

fn check_prices(dataset: &Dataset, model: &Model, row: &PriceRow, problems: &mut Vec<String>) {
    let id = &row.id;
    if *id != model.id && !model.profiles.iter().any(|profile| profile.id == *id) {
        problems.push(format!(
            "{id}: has a price but is no profile of {}",
            model.id
        ));
    }
    if name_in(TIERS, &row.tier).is_none() {
        problems.push(format!("{id}: unknown tier {:?}", row.tier));
    }
    let same = |other: &&PriceRow| {
        other.id == row.id
            && other.region == row.region
            && other.tier == row.tier
            && other.above_input_tokens == row.above_input_tokens
    };
    if model.prices.iter().filter(same).count() > 1 {
        problems.push(format!(
            "{id}: two rows for {} in {:?}",
            row.tier, row.region
        ));
    }
    for (meter, amount) in &row.per_1m {
        if name_in(METERS, meter).is_none() {
            problems.push(format!("{id}: unknown meter {meter:?}"));
        }
        check_amount(dataset, id, meter, amount.usd, &amount.source, problems);
        let counterpart = |of: &str, above: Option<u64>| {
            let row = model.prices.iter().find(|other| {
                other.id == of
                    && other.tier == row.tier
                    && other.region == row.region
                    && other.above_input_tokens == above
            })?;
            row.per_1m.get(meter).map(|amount| amount.usd)
        };
        let regional = counterpart(&model.id, row.above_input_tokens);
        if id.starts_with("global.") && regional.is_some_and(|price| amount.usd > price) {
            problems.push(format!(
                "{id}: {} {meter} costs more than in a region",
                row.tier
            ));
        }
        if row.above_input_tokens.is_some()
            && counterpart(id, None).is_some_and(|short| amount.usd < short)
        {
            problems.push(format!(
                "{id}: {} {meter} costs less in a long context",
                row.tier
            ));
        }
    }
}

/// `YYYY-MM-DD`
fn is_day(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    parts.len() == 3
        && parts.iter().map(|part| part.len()).eq([4, 2, 2])
        && parts
            .iter()
            .all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `us-east-1`, `us-gov-west-1`
fn is_region(text: &str) -> bool {
    let mut parts = text.rsplit('-');
    let number = parts.next().unwrap_or_default();
    let names: Vec<_> = parts.collect();
    number.parse::<u8>().is_ok()
        && (2..=3).contains(&names.len())
        && names
            .iter()
            .all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase()))
}
