//! The control plane: models, inference profiles, guardrails.

use std::time::{Duration, SystemTime};

use bedrock_playground::bedrock::GuardrailSummary;
use bedrock_playground::catalog::{InferenceProfile, Lifecycle, ProfileKind};
use serde_json::{Value, json};

use super::assert_failure;
use crate::support::recording::Recording;
use crate::support::replay::ReplayServer;

fn raw(recording: &Recording) -> Value {
    serde_json::from_slice(&recording.body).unwrap_or_default()
}

/// A list as the service wrote it; `null` reads as empty.
fn list(value: &Value) -> Value {
    match value {
        Value::Null => json!([]),
        other => other.clone(),
    }
}

#[tokio::test]
async fn list_foundation_models() {
    let Some(recordings) = Recording::of(&["ListFoundationModels"]) else {
        return;
    };
    for recording in &recordings {
        let name = &recording.name;
        let server = ReplayServer::start([recording.reply()]).await;
        let catalog = server.connect().await.catalog().await;
        if recording.is_error() {
            let error = catalog.expect_err(name);
            assert_eq!(error.status(), Some(recording.status), "{name}");
            continue;
        }
        let catalog = catalog.unwrap_or_else(|error| panic!("{name}: {error}"));
        let raw = raw(recording);
        let summaries = raw["modelSummaries"].as_array().unwrap();
        assert_eq!(catalog.models.len(), summaries.len(), "{name}");
        for (model, raw) in catalog.models.iter().zip(summaries) {
            let legacy = raw["modelLifecycle"]["status"] == "LEGACY";
            assert_eq!(model.lifecycle == Lifecycle::Legacy, legacy, "{raw}");
            let spelled = |names: Vec<&str>| json!(names);
            for (held, member) in [
                (json!(model.id.as_str()), "modelId"),
                (json!(model.arn), "modelArn"),
                (json!(model.name), "modelName"),
                (json!(model.provider), "providerName"),
                (
                    json!(model.response_streaming),
                    "responseStreamingSupported",
                ),
                (
                    spelled(
                        model
                            .input_modalities
                            .iter()
                            .map(bedrock_playground::catalog::Modality::as_str)
                            .collect(),
                    ),
                    "inputModalities",
                ),
                (
                    spelled(
                        model
                            .output_modalities
                            .iter()
                            .map(bedrock_playground::catalog::Modality::as_str)
                            .collect(),
                    ),
                    "outputModalities",
                ),
                (
                    spelled(
                        model
                            .inference_types
                            .iter()
                            .map(bedrock_playground::catalog::InferenceType::as_str)
                            .collect(),
                    ),
                    "inferenceTypesSupported",
                ),
            ] {
                let expected = if held.is_array() {
                    list(&raw[member])
                } else {
                    raw[member].clone()
                };
                assert_eq!(held, expected, "{member} of {raw}");
            }
        }
    }
}

fn assert_profile(held: &InferenceProfile, raw: &Value) {
    let arns: Vec<Value> = held
        .model_arns
        .iter()
        .map(|arn| json!({"modelArn": arn}))
        .collect();
    // An application profile is invoked by its ARN.
    let id = if raw["type"] == "APPLICATION" {
        "inferenceProfileArn"
    } else {
        "inferenceProfileId"
    };
    assert_eq!(held.id.as_str(), raw[id]);
    assert_eq!(held.arn, raw["inferenceProfileArn"].as_str().unwrap());
    assert_eq!(held.name, raw["inferenceProfileName"].as_str().unwrap());
    assert_eq!(held.description.as_deref(), raw["description"].as_str());
    assert_eq!(json!(arns), raw["models"]);
    assert_eq!(held.active, raw["status"] == "ACTIVE");
    assert_eq!(
        held.kind == ProfileKind::Application,
        raw["type"] == "APPLICATION"
    );
}

#[tokio::test]
async fn list_inference_profiles() {
    let Some(recordings) = Recording::of(&["ListInferenceProfiles"]) else {
        return;
    };
    for recording in &recordings {
        let server = ReplayServer::start([recording.reply()]).await;
        let listing = server.connect().await.listing().await;
        if recording.is_error() {
            assert!(listing.is_err());
            continue;
        }
        let listing = listing.unwrap();
        assert!(listing.profiles_missing.is_none());
        let raw = raw(recording);
        let summaries = raw["inferenceProfileSummaries"].as_array().unwrap();
        assert_eq!(listing.catalog.profiles.len(), summaries.len());
        for (held, raw) in listing.catalog.profiles.iter().zip(summaries) {
            assert_profile(held, raw);
        }
    }
}

/// Its times have nanoseconds, and it has members the service model does not.
#[tokio::test]
async fn get_inference_profile() {
    let Some(recordings) = Recording::of(&["GetInferenceProfile"]) else {
        return;
    };
    for recording in &recordings {
        let server = ReplayServer::start([recording.reply()]).await;
        let id = recording.model_id.as_str().into();
        let profile = server.connect().await.inference_profile(&id).await;
        if recording.is_error() {
            assert_failure(recording, profile.err());
            continue;
        }
        assert_profile(&profile.unwrap(), &raw(recording));
    }
}

fn assert_guardrail(held: &GuardrailSummary, raw: &Value) {
    assert_eq!(held.name, raw["name"].as_str().unwrap());
    assert_eq!(held.version, raw["version"].as_str().unwrap());
    assert_eq!(held.status, raw["status"].as_str().unwrap());
    assert_eq!(held.description.as_deref(), raw["description"].as_str());
    assert!(held.created.is_some() && held.updated.is_some());
}

#[tokio::test]
async fn list_guardrails() {
    let Some(recordings) = Recording::of(&["ListGuardrails"]) else {
        return;
    };
    for recording in &recordings {
        let server = ReplayServer::start([recording.reply()]).await;
        let guardrails = server.connect().await.guardrails(None).await;
        if recording.is_error() {
            assert_failure(recording, guardrails.err());
            continue;
        }
        let raw = raw(recording);
        let expected = raw["guardrails"].as_array().unwrap();
        let held = guardrails.unwrap();
        assert_eq!(held.len(), expected.len());
        for (held, raw) in held.iter().zip(expected) {
            assert_eq!(held.id, raw["id"].as_str().unwrap());
            assert_eq!(held.arn, raw["arn"].as_str().unwrap());
            assert_guardrail(held, raw);
        }
    }
}

#[tokio::test]
async fn get_guardrail() {
    let Some(recordings) = Recording::of(&["GetGuardrail"]) else {
        return;
    };
    for recording in &recordings {
        let server = ReplayServer::start([recording.reply()]).await;
        let guardrail = server.connect().await.guardrail("gr1", Some("DRAFT")).await;
        assert_eq!(
            server.asked()[0].path,
            "/guardrails/gr1?guardrailVersion=DRAFT"
        );
        if recording.is_error() {
            assert_failure(recording, guardrail.err());
            continue;
        }
        let held = guardrail.unwrap();
        let raw = raw(recording);
        assert_eq!(held.summary.id, raw["guardrailId"].as_str().unwrap());
        assert_eq!(held.summary.arn, raw["guardrailArn"].as_str().unwrap());
        assert_guardrail(&held.summary, &raw);
        assert_eq!(
            held.blocked_input_messaging,
            raw["blockedInputMessaging"].as_str().unwrap()
        );
        assert_eq!(
            held.blocked_outputs_messaging,
            raw["blockedOutputsMessaging"].as_str().unwrap()
        );
        let policies: serde_json::Map<_, _> = raw
            .as_object()
            .unwrap()
            .iter()
            .filter(|(member, _)| member.ends_with("Policy"))
            .map(|(member, policy)| (member.clone(), policy.clone()))
            .collect();
        assert_eq!(held.policies, policies);
    }
}

/// 2026-03-02T09:29:53.195709Z: days from 1970 to 2026-03-02 are 56 × 365 + 14 leap days + 31 + 28
/// + 1 = 20,514; and 9 h 29 min 53.195709 s are 34,193.195709 s.
#[tokio::test]
async fn times_are_the_services() {
    let Some(recording) = Recording::named("GetGuardrail__word-policy.json") else {
        return;
    };
    let server = ReplayServer::start([recording.reply()]).await;
    let guardrail = server.connect().await.guardrail("gr1", None).await.unwrap();
    let expected = SystemTime::UNIX_EPOCH
        + Duration::from_secs(20_514 * 86_400 + 34_193)
        + Duration::from_micros(195_709);
    assert_eq!(guardrail.summary.created, Some(expected));
}
