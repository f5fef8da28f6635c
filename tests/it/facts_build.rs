//! The checks that stop the build on a wrong row of `assets/models.json`: each is seen to fail.

#[path = "../../build/check.rs"]
mod check;
#[path = "../../build/dataset.rs"]
mod dataset;
#[expect(dead_code, reason = "only its tables of names are of use here")]
#[path = "../../build/emit.rs"]
mod emit;

use serde_json::{Value, json};

/// A small dataset without a fault.
fn sound() -> Value {
    json!({
        "schema": "bedrock-playground-facts/1",
        "asOf": "2026-11-21",
        "sources": {"page": {"what": "a page", "asOf": "2026-11", "licence": "facts"}},
        "guardrails": [{"policy": "topic", "usd": "0.00015", "source": "page"}],
        "models": [{
            "id": "maker.model-v1:0",
            "provider": "Maker",
            "name": "Model",
            "lifecycle": "active",
            "endOfLife": "2027-01-31",
            "input": ["text", "image"],
            "output": ["text"],
            "onDemandRegions": ["us-east-1", "us-gov-west-1"],
            "profiles": [
                {"id": "us.maker.model-v1:0", "sourceRegions": ["us-east-1"], "pricedAsModel": true},
                {"id": "global.maker.model-v1:0", "sourceRegions": ["eu-west-1"]},
            ],
            "prices": [
                {"id": "maker.model-v1:0", "tier": "standard", "per1M": {"input": {"usd": "3.3", "source": "page"}}},
                {"id": "maker.model-v1:0", "tier": "standard", "aboveInputTokens": 200_000,
                 "per1M": {"input": {"usd": "6.6", "source": "page"}}},
                {"id": "global.maker.model-v1:0", "tier": "standard",
                 "per1M": {"input": {"usd": "3", "source": "page"}}},
            ],
            "unitPrices": [{"unit": "image", "upTo": "1024x1024", "quality": "premium", "usd": "0.04", "source": "page"}],
        }],
    })
}

fn problems(data: Value) -> Vec<String> {
    check::problems(&serde_json::from_value(data).expect("the form of the dataset"))
}

#[test]
fn a_sound_dataset_passes() {
    assert_eq!(problems(sound()), Vec::<String>::new());
}

#[test]
fn every_wrong_row_is_named() {
    for (member, wrong, expected) in [
        ("/schema", json!("other/1"), "schema \"other/1\""),
        ("/asOf", json!("today"), "asOf \"today\" is not a day"),
        ("/sources/page/asOf", json!(""), "source page: says not"),
        (
            "/guardrails/0/policy",
            json!("taste"),
            "guardrails: unknown policy \"taste\"",
        ),
        (
            "/guardrails/0/source",
            json!("nobody"),
            "guardrails: topic has the unknown source \"nobody\"",
        ),
        ("lifecycle", json!("gone"), "unknown lifecycle \"gone\""),
        ("endOfLife", json!("31.1.2027"), "is not a day"),
        ("input/1", json!("smell"), "unknown modality \"smell\""),
        (
            "onDemandRegions/0",
            json!("mars-1"),
            "\"mars-1\" is not a region",
        ),
        (
            "profiles/1/sourceRegions/0",
            json!("eu"),
            "\"eu\" is not a region",
        ),
        (
            "profiles/0/id",
            json!("us.maker.other-v1:0"),
            "us.maker.other-v1:0: is not a profile",
        ),
        (
            "profiles/1/id",
            json!("us.maker.model-v1:0"),
            "us.maker.model-v1:0: stands twice",
        ),
        (
            "profiles/1/pricedAsModel",
            json!(true),
            "is priced as its model, and has rows of its own",
        ),
    ] {
        assert_named(member, &wrong, expected);
    }
}

#[test]
fn every_wrong_price_is_named() {
    for (member, wrong, expected) in [
        (
            "prices/0/id",
            json!("eu.maker.model-v1:0"),
            "is no profile of",
        ),
        ("prices/0/tier", json!("cheap"), "unknown tier \"cheap\""),
        (
            "prices/0/region",
            json!("nowhere"),
            "\"nowhere\" is not a region",
        ),
        (
            "prices/0/per1M/input/usd",
            json!("-1"),
            "input is below zero",
        ),
        (
            "prices/0/per1M/input/source",
            json!("nobody"),
            "input has the unknown source",
        ),
        (
            "prices/0/per1M",
            json!({"smiles": {"usd": "1", "source": "page"}}),
            "unknown meter \"smiles\"",
        ),
        (
            "prices/1/per1M/input/usd",
            json!("3"),
            "standard input costs less in a long context",
        ),
        (
            "prices/1/aboveInputTokens",
            Value::Null,
            "two rows for standard",
        ),
        (
            "prices/2/per1M/input/usd",
            json!("3.31"),
            "global.maker.model-v1:0: standard input costs more than in a region",
        ),
        ("pricedAs", json!("maker.other"), "priced as maker.other"),
        (
            "unitPrices/0/unit",
            json!("smile"),
            "unknown unit \"smile\"",
        ),
        ("unitPrices/0/upTo", json!("large"), "is not a size"),
        ("unitPrices/0/quality", json!("fine"), "unknown quality"),
        ("unitPrices/0/usd", json!("-0.04"), "image is below zero"),
    ] {
        assert_named(member, &wrong, expected);
    }
}

/// A member of the model, or of the whole where it begins with a stroke, is set wrong; the build
/// must say so.
fn assert_named(member: &str, wrong: &Value, expected: &str) {
    let mut data = sound();
    let pointer = match member.strip_prefix('/') {
        Some(_) => member.to_owned(),
        None => format!("/models/0/{member}"),
    };
    set(&mut data, &pointer, wrong.clone());
    let found = problems(data);
    assert!(
        found.iter().any(|problem| problem.contains(expected)),
        "{member}: {found:?} has no {expected:?}"
    );
}

/// Sets a member, new or not.
fn set(data: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').expect("a member");
    let parent = data.pointer_mut(parent).expect("its parent");
    match parent {
        Value::Array(items) => items[name.parse::<usize>().expect("a place")] = value,
        _ => parent[name] = value,
    }
}

#[test]
fn amounts_are_exact_text() {
    let mut data = sound();
    set(
        &mut data,
        "/models/0/unitPrices/0/usd",
        json!("a few cents"),
    );
    assert!(serde_json::from_value::<dataset::Dataset>(data).is_err());
    let mut data = sound();
    set(&mut data, "/models/0/surprise", json!(1));
    assert!(
        serde_json::from_value::<dataset::Dataset>(data).is_err(),
        "an unknown member"
    );
}
