//! Price files as AWS publishes them, from published rows and generated ones.

use std::path::Path;
use std::sync::Arc;

use bedrock_playground::catalog::ModelId;
use bedrock_playground::pricing::price_list::{
    self, PriceList, ReadError, Reading, RejectReason, Review, Scope,
};
use bedrock_playground::pricing::{Day, Meter, Offer, PriceQuery, Prices, Tier};
use serde_json::{Map, Value, json};

/// A row of a price file: attributes, unit, dollars, day from which it holds.
pub struct Row {
    pub attributes: Value,
    pub unit: &'static str,
    usd: &'static str,
    pub from: &'static str,
}

pub fn row(attributes: Value, unit: &'static str, usd: &'static str) -> Row {
    Row {
        attributes,
        unit,
        usd,
        from: "2026-07-01T00:00:00Z",
    }
}

pub fn nova(suffix: &str, usd: &'static str) -> Row {
    let usagetype = format!("USE1-NovaLite-{suffix}");
    let attributes = json!({"regionCode": "us-east-1", "usagetype": usagetype, "model": "Nova Lite",
        "feature": "On-demand Inference", "inferenceType": "Input tokens"});
    row(attributes, "1K tokens", usd)
}

pub fn sonnet(words: &str, usd: &'static str) -> Row {
    let usagetype = format!("USE1-MP:USE1_{words}-Units");
    let attributes = json!({"regionCode": "us-east-1", "usagetype": usagetype,
        "servicename": "Claude Sonnet 4 (Amazon Bedrock Edition)"});
    row(attributes, "Units", usd)
}

/// A file in the form of the bulk files.
pub fn file(offer: Offer, rows: &[Row]) -> String {
    let (mut products, mut terms) = (Map::new(), Map::new());
    for (at, row) in rows.iter().enumerate() {
        let sku = format!("SKU{at}");
        let product =
            json!({"sku": sku, "productFamily": "Amazon Bedrock", "attributes": row.attributes});
        let dimension = json!({"unit": row.unit, "description": "…", "beginRange": "0", "endRange": "Inf",
            "pricePerUnit": {"USD": row.usd}});
        let term = json!({"effectiveDate": row.from, "priceDimensions": {format!("{sku}.T.D"): dimension}});
        products.insert(sku.clone(), product);
        terms.insert(sku.clone(), json!({format!("{sku}.T"): term}));
    }
    let products = Value::Object(products);
    let terms = Value::Object(terms);
    format!(
        r#"{{"formatVersion":"v1.0","disclaimer":"…","offerCode":"{}","version":"20261120000000",
            "publicationDate":"2026-11-20T08:00:00Z","products":{products},"terms":{{"OnDemand":{terms},"Reserved":{{}}}}}}"#,
        offer.code()
    )
}

fn today() -> Day {
    Day::parse("2026-11-21").unwrap()
}

fn read(offer: Offer, rows: &[Row]) -> Reading {
    price_list::read(file(offer, rows).as_bytes(), offer, today()).unwrap()
}

/// Model, meter, tier, scope, long context, dollars: in short, and in the order of the alphabet.
fn prices(reading: &Reading) -> Vec<String> {
    let prices = reading.prices.iter();
    let mut lines: Vec<_> = prices
        .map(|(key, usd)| {
            let long = if key.long_context { " long" } else { "" };
            let scope = if key.scope == Scope::Global {
                " global"
            } else {
                ""
            };
            let (id, meter) = (&key.model_id, key.meter.as_str());
            format!("{id} {meter} {:?}{scope}{long} {}", key.tier, usd.amount())
        })
        .collect();
    lines.sort();
    lines
}

fn reasons(review: &Review) -> Vec<RejectReason> {
    let rejects = review.rejects.iter();
    rejects.map(|reject| reject.reason.clone()).collect()
}

#[test]
fn published_rows_are_read() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/pricing/pricelist_examples.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("skipped: no published rows beside this checkout");
        return;
    };
    let data: Value = serde_json::from_str(&text).unwrap();
    let mut found = Vec::new();
    for offer in Offer::ALL {
        let (mut products, mut terms) = (Map::new(), Map::new());
        for example in data["examples"].as_array().unwrap() {
            // The first is an answer of the query API: product and terms stand a level deeper.
            let of = example["offer"].as_str().unwrap_or("AmazonBedrock");
            let inner = &example["product"]["product"];
            let (product, term) = if inner.is_null() {
                (&example["product"], example["term"].clone())
            } else {
                let sku = inner["sku"].as_str().unwrap();
                (
                    inner,
                    example["product"]["terms"]["OnDemand"].as_object().map_or(
                        Value::Null,
                        |terms| {
                            assert!(terms.keys().all(|key| key.starts_with(sku)));
                            Value::Object(terms.clone())
                        },
                    ),
                )
            };
            if of == offer.code() {
                let sku = product["sku"].as_str().unwrap().to_owned();
                products.insert(sku.clone(), product.clone());
                terms.insert(sku, term);
            }
        }
        let file = json!({"offerCode": offer.code(), "publicationDate": "2026-11-20T08:00:00Z",
            "version": "1", "products": products, "terms": {"OnDemand": terms}});
        // The order of members matters to a reader that keeps no more than it must.
        let (products, terms) = (&file["products"], &file["terms"]);
        let text = format!(
            r#"{{"offerCode":"{}","publicationDate":"2026-11-20T08:00:00Z","products":{products},"terms":{terms}}}"#,
            offer.code()
        );
        let reading = price_list::read(text.as_bytes(), offer, today()).unwrap();
        assert!(reading.rejects.is_empty(), "{:?}", reading.rejects);
        found.extend(prices(&reading));
    }
    assert_eq!(
        found,
        [
            // 0.000135 for a thousand. Claude 2.0 has no reviewed name, and is passed over.
            "amazon.nova-2-multimodal-embeddings-v1:0 input Standard 0.135",
            // 0.006 for a thousand
            "anthropic.claude-sonnet-4-20250514-v1:0 input Standard global long 6",
            "anthropic.claude-sonnet-4-20250514-v1:0 input Standard global 3",
            // Reserved capacity, by the hour, is passed over.
            "cohere.rerank-v3-5:0 searchUnit Standard 0.002",
        ]
    );
}

/// The pitfalls that public readers of these files have fallen into.
#[test]
fn units_tiers_and_scopes_are_told_apart() {
    let mut by_feature = nova("output-tokens", "0.00012");
    by_feature.attributes["feature"] = json!("BatchInference");
    let mut by_service_tier = nova("output-tokens", "0.00042");
    by_service_tier.attributes["service_tier"] = json!("priority");
    let mut of_images = nova("input-tokens", "9");
    of_images.attributes["inferenceType"] = json!("Input Image Token Count");
    let mut in_millions = nova("cache-read-input-token-count", "0.015");
    in_millions.unit = "1M tokens";
    let reading = read(
        Offer::Bedrock,
        &[
            nova("input-tokens", "0.0000600000"),
            nova("input-tokens-batch", "0.00003"),
            nova("input-tokens-flex", "0.00003"),
            nova("input-tokens-cross-region-global", "0.00005"),
            nova("input-tokens-custom-model", "0.00006"),
            nova("Customization-Training", "0.002"),
            by_feature,
            by_service_tier,
            of_images,
            in_millions,
        ],
    );
    assert_eq!(
        prices(&reading),
        [
            "amazon.nova-lite-v1:0 cacheRead Standard 0.015",
            "amazon.nova-lite-v1:0 input Batch 0.03",
            "amazon.nova-lite-v1:0 input Flex 0.03",
            "amazon.nova-lite-v1:0 input Standard 0.06",
            "amazon.nova-lite-v1:0 input Standard global 0.05",
            "amazon.nova-lite-v1:0 output Batch 0.12",
            "amazon.nova-lite-v1:0 output Priority 0.42",
        ]
    );
}

#[test]
fn the_newest_price_that_already_holds_counts() {
    let mut file: Value =
        serde_json::from_str(&file(Offer::Bedrock, &[nova("input-tokens", "0.00006")])).unwrap();
    let terms = &mut file["terms"]["OnDemand"]["SKU0"];
    for (day, usd) in [
        ("2025-01-01", "0.00009"),
        ("2026-11-21", "0.00007"),
        ("2026-12-01", "0.00005"),
    ] {
        terms[day] = json!({"effectiveDate": format!("{day}T00:00:00Z"),
            "priceDimensions": {"D": {"unit": "1K tokens", "pricePerUnit": {"USD": usd}}}});
    }
    let text = format!(
        r#"{{"offerCode":"AmazonBedrock","publicationDate":"2026-11-20T08:00:00Z","products":{},"terms":{}}}"#,
        file["products"], file["terms"]
    );
    let reading = price_list::read(text.as_bytes(), Offer::Bedrock, today()).unwrap();
    assert_eq!(
        prices(&reading),
        ["amazon.nova-lite-v1:0 input Standard 0.07"]
    );
    assert_eq!(reading.next_terms, Day::parse("2026-12-01"));
}

#[test]
fn rows_that_contradict_or_surprise_are_rejected() {
    let mut odd_unit = nova("cache-read-input-token-count", "0.000015");
    odd_unit.unit = "10K tokens";
    let mut two_tiers = nova("input-tokens-batch", "0.00003");
    two_tiers.attributes["service_tier"] = json!("flex");
    let reading = read(
        Offer::Bedrock,
        &[
            nova("input-tokens", "0.00006"),
            nova("input-tokens", "0.00007"),
            nova("input-tokens", "0.00006"),
            nova("output-tokens", "-1"),
            odd_unit,
            two_tiers,
        ],
    );
    assert!(reading.prices.is_empty(), "{:?}", prices(&reading));
    let mut reasons: Vec<_> = reading
        .rejects
        .iter()
        .map(|reject| reject.reason.to_string())
        .collect();
    reasons.sort();
    assert_eq!(
        reasons,
        [
            "another row has another price for the same",
            "another row has another price for the same",
            "it names two tiers",
            "its price is no amount of dollars",
            "its unit \"10K tokens\" is not known",
        ]
    );
}

#[test]
fn a_review_holds_back_what_looks_wrong_beside_known_prices() {
    let reading = read(
        Offer::Bedrock,
        &[
            nova("input-tokens", "0.00006"),
            // 0.24 so far: 0.361 is more than half more
            nova("output-tokens", "0.000361"),
            nova("input-tokens-cross-region-global", "0.000061"),
            nova("cache-read-input-token-count", "0.00002"),
        ],
    );
    let review = price_list::review([reading], &Prices::default());
    let changes: Vec<_> = review
        .changes
        .iter()
        .map(|change| change.key.meter)
        .collect();
    assert_eq!(changes, [Meter::CacheRead], "0.015 so far, now 0.02");
    let reasons = reasons(&review);
    assert_eq!(reasons.len(), 2, "{reasons:?}");
    assert!(reasons.contains(&RejectReason::GlobalAboveRegional));
    assert!(
        reasons
            .iter()
            .any(|reason| matches!(reason, RejectReason::Moved { .. }))
    );

    let long = read(
        Offer::FoundationModels,
        &[
            sonnet("input_tokens_standard", "3"),
            sonnet("input_tokens_long_ctx_standard", "2.2"),
            sonnet("output_tokens_standard", "15"),
        ],
    );
    let review = price_list::review([long], &Prices::default());
    assert_eq!(self::reasons(&review), [RejectReason::LongBelowShort]);
}

/// One model's rates stand in several files.
#[test]
fn files_are_reviewed_together() {
    let service = |words: &str, usd| {
        let usagetype = format!("USE1-Claude4Sonnet-{words}");
        let attributes = json!({"regionCode": "us-east-1", "usagetype": usagetype,
            "model": "Claude Sonnet 4"});
        row(attributes, "1K tokens", usd)
    };
    let readings = [
        read(
            Offer::Service,
            &[
                // 2.50 for a million: below the short rate in the other file.
                service("input-tokens-long-context", "0.0025"),
                // 15.5 for a million, 15 in the other file.
                service("output-tokens", "0.0155"),
            ],
        ),
        read(
            Offer::FoundationModels,
            &[
                sonnet("input_tokens_standard", "3"),
                sonnet("output_tokens_standard", "15"),
            ],
        ),
    ];
    let review = price_list::review(readings, &Prices::default());
    let mut reasons: Vec<_> = review
        .rejects
        .iter()
        .map(|reject| format!("{}: {}", reject.name, reject.reason))
        .collect();
    reasons.sort();
    let model = "anthropic.claude-sonnet-4-20250514-v1:0, us-east-1";
    assert_eq!(
        reasons,
        [
            format!("{model}, input, long context: the long-context rate is below the short one"),
            format!("{model}, output: another row has another price for the same"),
        ]
    );
    assert_eq!(review.len(), 1, "the short input rate, which is known");
    assert!(review.changes.is_empty(), "{:?}", review.changes);
}

/// A rate is looked at beside the one that was known, when the file has only one of the two.
#[test]
fn a_global_rate_above_the_known_regional_one_is_held_back() {
    let reading = read(
        Offer::FoundationModels,
        &[sonnet("input_tokens_global_standard", "3.5")],
    );
    let review = price_list::review([reading], &Prices::default());
    assert_eq!(reasons(&review), [RejectReason::GlobalAboveRegional]);
}

#[test]
fn accepted_prices_stand_before_the_bundled_ones_in_their_region_alone() {
    let reading = read(Offer::Bedrock, &[nova("input-tokens", "0.00007")]);
    let mut list = PriceList::default();
    assert!(list.is_empty());
    list.accept(price_list::review([reading], &Prices::default()), []);
    assert_eq!(list.len(), 1);
    let stored = serde_json::to_string(&list).unwrap();
    assert_eq!(serde_json::from_str::<PriceList>(&stored).unwrap(), list);
    let prices = Prices {
        price_list: Arc::new(list),
        ..Prices::default()
    };
    let price = |id: &str, region, tier| {
        let id = ModelId::from(id);
        let query = PriceQuery {
            tier: Some(tier),
            ..PriceQuery::on_demand(&id, region)
        };
        let price = prices.unit_price(Meter::Input, &query)?;
        Some(format!("{} {}", price.amount, price.source))
    };
    let model = "amazon.nova-lite-v1:0";
    let refreshed = Some("$0.07 AWS price list 2026-11-20".to_owned());
    assert_eq!(price(model, "us-east-1", Tier::Standard), refreshed);
    let profile = "us.amazon.nova-lite-v1:0";
    assert_eq!(
        price(profile, "us-east-1", Tier::Standard),
        refreshed,
        "a geography costs what its source region does"
    );
    let bundled = |usd: &str| Some(format!("{usd} bundled 2026-11-21"));
    assert_eq!(price(model, "us-west-2", Tier::Standard), bundled("$0.06"));
    assert_eq!(price(model, "us-east-1", Tier::Batch), bundled("$0.03"));
}

#[test]
fn what_is_no_price_file_is_an_error() {
    let whole = file(Offer::Bedrock, &[nova("input-tokens", "0.00006")]);
    let read = |text: &str, offer| price_list::read(text.as_bytes(), offer, today());
    for end in [0, 1, whole.len() / 2, whole.len() - 1] {
        let mut end = end;
        while !whole.is_char_boundary(end) {
            end += 1;
        }
        let cut = read(&whole[..end], Offer::Bedrock);
        assert!(matches!(cut, Err(ReadError::Format(_))), "cut at {end}");
    }
    assert!(matches!(
        read(&whole, Offer::Service),
        Err(ReadError::OtherOffer(_))
    ));
    assert!(matches!(
        read(r#"{"offerCode":"AmazonBedrock"}"#, Offer::Bedrock),
        Err(ReadError::NoPublicationDate)
    ));
    for text in ["[]", "<html>", r#"{"terms":{}}"#, &format!("{whole}x")] {
        assert!(
            matches!(read(text, Offer::Bedrock), Err(ReadError::Format(_))),
            "{text}"
        );
    }
}

/// A file of the size of the real ones, made while it is read.
#[test]
fn a_large_file_streams_through() {
    let products = (0..40_000).map(|at| {
        let comma = if at == 0 { "" } else { "," };
        format!(r#"{comma}"S{at}":{{"sku":"S{at}","attributes":{{"usagetype":"USE1-Other{at}-input-tokens","regionCode":"us-east-1"}}}}"#)
    });
    let head =
        r#"{"offerCode":"AmazonBedrock","publicationDate":"2026-11-20T08:00:00Z","products":{"#;
    let tail = r#"},"terms":{"OnDemand":{}}}"#;
    let pieces = std::iter::once(head.to_owned())
        .chain(products)
        .chain(std::iter::once(tail.to_owned()));
    let reading = price_list::read(Pieces(pieces, Vec::new()), Offer::Bedrock, today()).unwrap();
    assert!(reading.prices.is_empty());
}

struct Pieces<I>(I, Vec<u8>);

impl<I: Iterator<Item = String>> std::io::Read for Pieces<I> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.1.is_empty() {
            self.1 = self.0.next().unwrap_or_default().into_bytes();
        }
        let length = self.1.len().min(buffer.len());
        buffer[..length].copy_from_slice(&self.1[..length]);
        self.1.drain(..length);
        Ok(length)
    }
}
