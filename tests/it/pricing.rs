//! Every price of the research data, through the public API, and the rules that money follows.

use std::path::Path;

use bedrock_playground::catalog::{self, ModelId};
use bedrock_playground::chat::Usage;
use bedrock_playground::pricing::{self, ImageQuality, Meter, PixelSize, PriceQuery, Tier, Usd};
use proptest::prelude::*;
use serde_json::Value;

const TIERS: &[(&str, Tier)] = &[
    ("standard", Tier::Standard),
    ("long_context", Tier::Standard),
    ("batch", Tier::Batch),
    ("flex", Tier::Flex),
    ("priority", Tier::Priority),
    ("latency_optimized", Tier::LatencyOptimized),
    ("ultrafast", Tier::Ultrafast),
];

/// The research data; `None` where a checkout has none beside it.
fn research() -> Option<Vec<Value>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/pricing/models.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: no research data beside this checkout");
        return None;
    };
    let data: Value = serde_json::from_str(&text).expect("JSON");
    Some(data["models"].as_array().expect("models").clone())
}

/// A price as it stands in the data, without trailing zeros. Most are text; numbers are short.
fn written(price: &Value) -> String {
    let text = price
        .as_str()
        .map_or_else(|| price.to_string(), str::to_owned);
    if text.contains('.') {
        let digits = text.trim_end_matches('0').trim_end_matches('.');
        digits.to_owned()
    } else {
        text
    }
}

fn found(meter: Meter, query: &PriceQuery<'_>) -> Option<String> {
    pricing::unit_price(meter, query).map(|price| price.amount.amount().normalize().to_string())
}

fn meter(name: &str, ttl: &Value) -> Option<Meter> {
    Some(match name {
        "input" => Meter::Input,
        "output" => Meter::Output,
        "cache_read" => Meter::CacheRead,
        "cache_write" if ttl == "30m" => Meter::CacheWrite30m,
        "cache_write" => Meter::CacheWrite5m,
        "cache_write_1h" => Meter::CacheWrite1h,
        _ => return None,
    })
}

/// Compares every price of one set with what the program finds; gives how many there were.
fn compare(set: &Value, ttl: &Value, query: &PriceQuery<'_>, wrong: &mut Vec<String>) -> usize {
    let prices = set.as_object().expect("prices by meter");
    let mut compared = 0;
    for (name, price) in prices {
        let Some(meter) = meter(name, ttl).filter(|_| !price.is_null()) else {
            continue;
        };
        compared += 1;
        let got = found(meter, query);
        if got != Some(written(price)) {
            wrong.push(format!("{query:?} {name}: {price} but {got:?}"));
        }
    }
    compared
}

#[test]
fn every_price_of_every_model_and_profile_is_found() {
    let Some(models) = research() else { return };
    let (mut compared, mut wrong) = (0, Vec::new());
    for model in &models {
        let id = ModelId::from(model["id"].as_str().expect("an id"));
        let source = model["source_regions"][0].as_str();
        let prices = &model["prices"];
        let ttl = &prices["cache_write_ttl"];
        for (name, tier) in TIERS {
            let set = &prices[*name];
            if set.is_null() {
                continue;
            }
            let above = set["threshold_tokens"].as_u64();
            let query = PriceQuery {
                tier: Some(*tier),
                context_tokens: above.map_or(0, |above| above + 1),
                ..PriceQuery::on_demand(&id, source.unwrap_or("us-east-1"))
            };
            compared += compare(set, ttl, &query, &mut wrong);
        }
        for (name, meter) in [
            ("input", Meter::InputSpeech),
            ("output", Meter::OutputSpeech),
        ] {
            let price = &prices["audio"][name];
            if !price.is_null() {
                compared += 1;
                let query = PriceQuery::on_demand(&id, "us-east-1");
                if found(meter, &query) != Some(written(price)) {
                    wrong.push(format!("{id} speech {name}"));
                }
            }
        }
        for (region, set) in model["region_prices"].as_object().into_iter().flatten() {
            compared += compare(set, ttl, &PriceQuery::on_demand(&id, region), &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    // Counted in the data with another program: so many prices for tokens and speech.
    assert_eq!(compared, 1_920);
}

#[test]
fn a_profile_seen_to_cost_what_its_model_costs_does() {
    let Some(models) = research() else { return };
    let mut compared = 0;
    for model in &models {
        let base = ModelId::from(model["id"].as_str().expect("an id"));
        for profile in model["inference_profiles"].as_array().into_iter().flatten() {
            let id = ModelId::from(profile["id"].as_str().expect("an id"));
            if profile["price"] != "same as base" {
                continue;
            }
            compared += 1;
            let region = profile["source_regions"][0].as_str().unwrap_or("us-east-1");
            let of = |id, region| found(Meter::Input, &PriceQuery::on_demand(id, region));
            // A row for the very region is nearer than the profile's one price.
            let expected = match model["region_prices"][region]["input"] {
                Value::Null => of(&base, "us-east-1"),
                ref regional if catalog_geography_is_regional(&id) => Some(written(regional)),
                _ => of(&base, "us-east-1"),
            };
            assert_eq!(of(&id, region), expected, "{id} from {region}");
        }
    }
    assert_eq!(compared, 140);
}

fn catalog_geography_is_regional(id: &ModelId) -> bool {
    id.geography() != Some(catalog::Geography::Global)
}

#[test]
fn a_profile_that_no_source_prices_costs_what_its_source_region_does_or_is_unknown() {
    let Some(models) = research() else { return };
    let mut compared = 0;
    for model in &models {
        let base = ModelId::from(model["id"].as_str().expect("an id"));
        for profile in model["inference_profiles"].as_array().into_iter().flatten() {
            if profile["price"] != "no source prices this profile" {
                continue;
            }
            compared += 1;
            let id = ModelId::from(profile["id"].as_str().expect("an id"));
            for region in ["us-east-1", "eu-central-1", "ap-south-1"] {
                let of = |id| found(Meter::Input, &PriceQuery::on_demand(id, region));
                assert_eq!(of(&id), of(&base), "{id} from {region}");
            }
        }
    }
    assert_eq!(compared, 19);
}

#[test]
fn images_videos_and_searches_cost_what_the_data_says() {
    let Some(models) = research() else { return };
    let mut compared = 0;
    for model in &models {
        let id = ModelId::from(model["id"].as_str().expect("an id"));
        let query = PriceQuery::on_demand(&id, "us-east-1");
        for row in model["image_prices"]["prices"]
            .as_array()
            .into_iter()
            .flatten()
        {
            // "<=1024x1024", ">512 (1024x1024)" or "any"
            let text = row["size"].as_str().expect("a size");
            let digits = text
                .rsplit(['=', '('])
                .next()
                .unwrap_or(text)
                .trim_end_matches(')');
            let size = PixelSize::parse(digits).unwrap_or(PixelSize {
                width: 1024,
                height: 1024,
            });
            let quality = if row["quality"] == "premium" {
                ImageQuality::Premium
            } else {
                ImageQuality::Standard
            };
            let got = found(Meter::Image { size, quality }, &query);
            assert_eq!(got, Some(written(&row["usd"])), "{id} {text}");
            compared += 1;
        }
        let embedding = &model["embedding"];
        for (price, meter) in [
            (&model["rerank"]["usd_per_query"], Meter::SearchUnit),
            (&embedding["usd_per_image"], Meter::InputImage),
            (&embedding["usd_per_video_second"], Meter::InputVideoSecond),
            (&embedding["usd_per_audio_second"], Meter::InputAudioSecond),
        ] {
            if !price.is_null() {
                assert_eq!(found(meter, &query), Some(written(price)), "{id} {meter:?}");
                compared += 1;
            }
        }
    }
    assert!(compared > 30, "{compared}");
}

#[test]
fn every_model_and_profile_is_priced_or_unknown_everywhere_without_a_panic() {
    let usage = Usage {
        input_tokens: u64::MAX,
        output_tokens: u64::MAX,
        cache_read_input_tokens: u64::MAX,
        cache_write_input_tokens: u64::MAX,
        ..Usage::default()
    };
    for model in catalog::all_facts() {
        let profiles = model.profiles.iter().map(|profile| profile.id);
        for id in std::iter::once(model.id).chain(profiles) {
            let id = ModelId::from(id);
            for (region, _) in catalog::REGIONS {
                let bill = pricing::breakdown(&usage, &PriceQuery::on_demand(&id, region));
                for line in &bill.lines {
                    assert_eq!(line.amount.is_some(), line.unit_price.is_some());
                }
            }
        }
    }
}

#[test]
fn money_is_never_a_float() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pricing");
    let mut sources = vec![folder.with_extension("rs")];
    for entry in folder.read_dir().expect("a folder") {
        sources.push(entry.expect("an entry").path());
    }
    for path in sources.iter().filter(|path| path.is_file()) {
        let text = std::fs::read_to_string(path).expect("text");
        for word in ["f32", "f64", "to_f", "from_f"] {
            assert!(!text.contains(word), "{} has {word}", path.display());
        }
    }
}

fn priced_ids() -> impl Strategy<Value = &'static str> {
    let ids: Vec<_> = catalog::all_facts()
        .iter()
        .flat_map(|model| {
            std::iter::once(model.id).chain(model.profiles.iter().map(|profile| profile.id))
        })
        .collect();
    prop::sample::select(ids)
}

proptest! {
    #[test]
    fn lines_sum_to_the_total_exactly(
        id in priced_ids(),
        input in 0..2_000_000_u64,
        output in 0..200_000_u64,
        read in 0..1_000_000_u64,
        written in 0..1_000_000_u64,
    ) {
        let id = ModelId::from(id);
        let usage = Usage {
            input_tokens: input,
            output_tokens: output,
            cache_read_input_tokens: read,
            cache_write_input_tokens: written,
            ..Usage::default()
        };
        let bill = pricing::breakdown(&usage, &PriceQuery::on_demand(&id, "us-east-1"));
        let counted: u64 = bill.lines.iter().map(|line| line.quantity).sum();
        prop_assert_eq!(counted, input + output + read + written);
        let mut pico_dollars = Some(0_i128);
        for line in &bill.lines {
            // Prices have at most 6 decimals for a million, so pico-dollars a token are whole.
            let each = line.unit_price.map(|price| {
                let amount = price.amount.amount();
                amount.mantissa() * 10_i128.pow(6 - amount.scale())
            });
            prop_assert_eq!(each.is_some(), line.amount.is_some());
            if line.quantity > 0 {
                pico_dollars = pico_dollars.zip(each).map(|(sum, each)| sum + each * i128::from(line.quantity));
            }
        }
        let total = bill.total().map(|total| {
            let amount = total.amount();
            amount.mantissa() * 10_i128.pow(12 - amount.scale())
        });
        prop_assert_eq!(total, pico_dollars);
    }

    #[test]
    fn an_amount_reads_back_as_it_was(mantissa in any::<i64>(), scale in 0..15_u32) {
        let amount = rust_decimal::Decimal::new(mantissa, scale);
        let text = Usd::new(amount).to_decimal_string();
        prop_assert!(!text.contains('e'));
        prop_assert_eq!(text.parse::<rust_decimal::Decimal>().unwrap(), amount);
    }
}
