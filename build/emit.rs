//! Writes the facts as Rust tables, sorted so that they can be searched.

use std::fmt::{self, Write as _};

use rust_decimal::Decimal;

use crate::dataset::{Dataset, Model, PriceRow, size};

/// Names in the dataset, and what they are called in the program.
pub type Names = &'static [(&'static str, &'static str)];

pub const LIFECYCLES: Names = &[
    ("active", "Active"),
    ("legacy", "Legacy"),
    ("retired", "Retired"),
];

pub const MODALITIES: Names = &[
    ("text", "Text"),
    ("image", "Image"),
    ("embedding", "Embedding"),
    ("video", "Video"),
    ("audio", "Audio"),
    ("speech", "Speech"),
];

pub const TIERS: Names = &[
    ("standard", "Standard"),
    ("batch", "Batch"),
    ("flex", "Flex"),
    ("priority", "Priority"),
    ("latencyOptimized", "LatencyOptimized"),
    ("ultrafast", "Ultrafast"),
];

pub const METERS: Names = &[
    ("input", "Input"),
    ("output", "Output"),
    ("cacheRead", "CacheRead"),
    ("cacheWrite5m", "CacheWrite5m"),
    ("cacheWrite30m", "CacheWrite30m"),
    ("cacheWrite1h", "CacheWrite1h"),
    ("inputSpeech", "InputSpeech"),
    ("outputSpeech", "OutputSpeech"),
];

pub const UNITS: Names = &[
    ("image", "Image"),
    ("videoSecond", "VideoSecond"),
    ("searchUnit", "SearchUnit"),
    ("inputImage", "InputImage"),
    ("inputVideoSecond", "InputVideoSecond"),
    ("inputAudioSecond", "InputAudioSecond"),
];

pub const QUALITIES: Names = &[("standard", "Standard"), ("premium", "Premium")];

pub const POLICIES: Names = &[
    ("content", "Content"),
    ("contentImage", "ContentImage"),
    ("topic", "Topic"),
    ("contextualGrounding", "ContextualGrounding"),
    ("sensitiveInformation", "SensitiveInformation"),
    ("automatedReasoning", "AutomatedReasoning"),
    ("word", "Word"),
    ("regex", "Regex"),
];

/// The program's name for a dataset's name.
pub fn name_in(names: Names, name: &str) -> Option<&'static str> {
    names
        .iter()
        .find(|(from, _)| *from == name)
        .map(|(_, to)| *to)
}

fn variant(kind: &str, names: Names, name: &str) -> String {
    format!("{kind}::{}", name_in(names, name).unwrap_or("Unchecked"))
}

/// The models and their profiles.
pub fn facts(dataset: &Dataset) -> Result<String, fmt::Error> {
    let mut models: Vec<&Model> = dataset.models.iter().collect();
    models.sort_by(|a, b| a.id.cmp(&b.id));
    let mut text = String::from("static MODELS: &[ModelFacts] = &[\n");
    for model in &models {
        let profiles: Vec<_> = model
            .profiles
            .iter()
            .map(|profile| {
                format!(
                    "ProfileFacts {{ id: {:?}, source_regions: &{:?} }}",
                    profile.id, profile.source_regions
                )
            })
            .collect();
        let supports = &model.supports;
        writeln!(
            text,
            "ModelFacts {{ id: {:?}, provider: {:?}, name: {:?}, lifecycle: {}, end_of_life: {:?}, \
             input_modalities: {}, output_modalities: {}, context_window: {:?}, max_output_tokens: {:?}, \
             supports: Support {{ streaming: {:?}, system: {:?}, tools: {:?}, vision: {:?}, documents: {:?}, \
             reasoning: {:?}, prompt_caching: {:?} }}, prompt_cache_min_tokens: {:?}, \
             embedding_dimensions: &{:?}, on_demand_regions: &{:?}, profiles: &[{}] }},",
            model.id,
            model.provider,
            model.name,
            variant("Lifecycle", LIFECYCLES, &model.lifecycle),
            model.end_of_life,
            modalities(&model.input),
            modalities(&model.output),
            model.context_window,
            model.max_output_tokens,
            supports.streaming,
            supports.system,
            supports.tools,
            supports.vision,
            supports.documents,
            supports.reasoning,
            supports.prompt_caching,
            model.prompt_cache_min_tokens,
            model.embedding_dimensions,
            model.on_demand_regions,
            profiles.join(", "),
        )?;
    }
    text.push_str("];\n\n/// Profile ids with the places of model and profile.\nstatic PROFILES: &[(&str, usize, usize)] = &[\n");
    let mut profiles: Vec<_> = models
        .iter()
        .enumerate()
        .flat_map(|(model, facts)| {
            facts
                .profiles
                .iter()
                .enumerate()
                .map(move |(at, profile)| (&profile.id, model, at))
        })
        .collect();
    profiles.sort();
    for (id, model, at) in profiles {
        writeln!(text, "({id:?}, {model}, {at}),")?;
    }
    text.push_str("];\n");
    Ok(text)
}

fn modalities(names: &[String]) -> String {
    let names: Vec<_> = names
        .iter()
        .map(|name| variant("Modality", MODALITIES, name))
        .collect();
    format!("&[{}]", names.join(", "))
}

/// The prices and their sources.
pub fn prices(dataset: &Dataset) -> Result<String, fmt::Error> {
    let mut text = format!("const AS_OF: &str = {:?};\n\n", dataset.as_of);
    text.push_str("static SOURCES: &[(&str, DatasetSource)] = &[\n");
    for (name, source) in &dataset.sources {
        writeln!(
            text,
            "({name:?}, DatasetSource {{ what: {:?}, as_of: {:?} }}),",
            source.what, source.as_of
        )?;
    }
    text.push_str("];\n\nstatic TOKEN_PRICES: &[TokenPrices] = &[\n");
    let mut rows: Vec<&PriceRow> = dataset
        .models
        .iter()
        .flat_map(|model| &model.prices)
        .collect();
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    for row in rows {
        let amounts: Vec<_> = row
            .per_1m
            .iter()
            .map(|(meter, amount)| {
                let meter = variant("Meter", METERS, meter);
                format!("({meter}, {}, {:?})", decimal(amount.usd), amount.source)
            })
            .collect();
        writeln!(
            text,
            "TokenPrices {{ id: {:?}, region: {:?}, tier: {}, above_input_tokens: {:?}, caveat: {:?}, per_million: &[{}] }},",
            row.id,
            row.region,
            variant("Tier", TIERS, &row.tier),
            row.above_input_tokens,
            row.caveat,
            amounts.join(", "),
        )?;
    }
    text.push_str("];\n\n/// Models that share another's price list.\nstatic PRICED_AS: &[(&str, &str)] = &[\n");
    for model in &dataset.models {
        if let Some(other) = &model.priced_as {
            writeln!(text, "({:?}, {other:?}),", model.id)?;
        }
    }
    text.push_str("];\n");
    unit_prices(dataset, &mut text)?;
    Ok(text)
}

/// Everything that is not billed by the token.
fn unit_prices(dataset: &Dataset, text: &mut String) -> fmt::Result {
    text.push_str(
        "\n/// Profiles that cost what their model costs.\nstatic PRICED_AS_MODEL: &[&str] = &[\n",
    );
    let mut profiles: Vec<_> = dataset
        .models
        .iter()
        .flat_map(|model| &model.profiles)
        .filter(|profile| profile.priced_as_model)
        .map(|profile| &profile.id)
        .collect();
    profiles.sort();
    for id in profiles {
        writeln!(text, "{id:?},")?;
    }
    text.push_str("];\n\nstatic UNIT_PRICES: &[UnitPriceRow] = &[\n");
    let mut models: Vec<_> = dataset.models.iter().collect();
    models.sort_by(|a, b| a.id.cmp(&b.id));
    for model in models {
        for row in &model.unit_prices {
            let quality = row.quality.as_ref().map_or_else(
                || "None".to_owned(),
                |quality| format!("Some({})", variant("ImageQuality", QUALITIES, quality)),
            );
            writeln!(
                text,
                "UnitPriceRow {{ id: {:?}, unit: {}, up_to: {:?}, quality: {quality}, usd: {}, source: {:?} }},",
                model.id,
                variant("Unit", UNITS, &row.unit),
                row.up_to.as_deref().and_then(size),
                decimal(row.usd),
                row.source,
            )?;
        }
    }
    text.push_str("];\n\nstatic GUARDRAIL_PRICES: &[(GuardrailPolicy, Decimal, &str)] = &[\n");
    for row in &dataset.guardrails {
        let policy = variant("GuardrailPolicy", POLICIES, &row.policy);
        writeln!(text, "({policy}, {}, {:?}),", decimal(row.usd), row.source)?;
    }
    text.push_str("];\n");
    Ok(())
}

fn decimal(value: Decimal) -> String {
    let parts = value.unpack();
    format!(
        "Decimal::from_parts({}, {}, {}, false, {})",
        parts.lo, parts.mid, parts.hi, parts.scale
    )
}
