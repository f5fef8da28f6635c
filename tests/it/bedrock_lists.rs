//! Lists: their pages, their parts that fail, and what an account has of its own.

use bedrock_playground::bedrock::{ErrorKind, ModelAvailability, OwnModelKind};
use bedrock_playground::catalog::{Modality, ProfileKind};
use serde_json::{Value, json};

use crate::support::replay::{ReplayServer, Reply};

fn ok(at: &str, body: &Value) -> Reply {
    Reply::json(200, body.to_string()).at(at)
}

fn denied(at: &str, action: &str) -> Reply {
    let words = format!("User: u is not authorized to perform: {action} on resource: *");
    Reply::json(403, json!({"Message": words}).to_string())
        .header("x-amzn-errortype", "AccessDeniedException")
        .at(at)
}

fn models() -> Reply {
    ok(
        "/foundation-models",
        &json!({"modelSummaries": [{
            "modelArn": "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",
            "modelId": "amazon.nova-lite-v1:0", "modelName": "Nova Lite", "providerName": "Amazon",
            "inputModalities": ["TEXT", "IMAGE", "SMELL"], "outputModalities": ["TEXT"],
            "responseStreamingSupported": null,
            "inferenceTypesSupported": ["ON_DEMAND", "INFERENCE_PROFILE"],
            "modelLifecycle": {"status": "ACTIVE"}}]}),
    )
}

fn profile(id: &str, kind: &str) -> Value {
    json!({"inferenceProfileId": id, "inferenceProfileName": id, "status": "ACTIVE", "type": kind,
        "inferenceProfileArn": format!("arn:aws:bedrock:us-east-1:123456789012:inference-profile/{id}"),
        "models": [{"modelArn": "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"}]})
}

const SYSTEM: &str = "/inference-profiles?type=SYSTEM_DEFINED";
const APPLICATION: &str = "/inference-profiles?type=APPLICATION";

#[tokio::test]
async fn every_page_of_both_kinds_of_profile_is_listed() {
    let server = ReplayServer::start([
        models(),
        ok(
            "/inference-profiles?nextToken=two&type=SYSTEM_DEFINED",
            &json!({"inferenceProfileSummaries": [profile("eu.b", "SYSTEM_DEFINED")]}),
        ),
        ok(
            SYSTEM,
            &json!({"inferenceProfileSummaries": [profile("us.a", "SYSTEM_DEFINED")],
                "nextToken": "two"}),
        ),
        ok(
            APPLICATION,
            &json!({"inferenceProfileSummaries": [profile("c", "APPLICATION")]}),
        ),
    ])
    .await;
    let listing = server.connect().await.listing().await.unwrap();
    assert!(listing.profiles_missing.is_none());
    let held: Vec<_> = listing
        .catalog
        .profiles
        .iter()
        .map(|profile| (profile.id.as_str(), profile.kind))
        .collect();
    assert_eq!(
        held,
        [
            ("us.a", ProfileKind::SystemDefined),
            ("eu.b", ProfileKind::SystemDefined),
            // An application profile is invoked by its ARN.
            (
                "arn:aws:bedrock:us-east-1:123456789012:inference-profile/c",
                ProfileKind::Application
            ),
        ]
    );
    let model = &listing.catalog.models[0];
    assert_eq!(model.response_streaming, None);
    assert!(
        model
            .input_modalities
            .contains(&Modality::Other("SMELL".into()))
    );
}

#[tokio::test]
async fn profiles_that_may_not_be_listed_do_not_hide_the_models() {
    let server = ReplayServer::start([
        models(),
        denied("/inference-profiles", "bedrock:ListInferenceProfiles"),
    ])
    .await;
    let connection = server.connect().await;
    let listing = connection.listing().await.unwrap();
    assert_eq!(listing.catalog.models.len(), 1);
    let error = listing.profiles_missing.unwrap();
    assert!(error.advice().contains("bedrock:ListInferenceProfiles"));
    assert_eq!(connection.catalog().await.unwrap().models.len(), 1);
}

#[tokio::test]
async fn models_that_may_not_be_listed_are_a_failure() {
    let server = ReplayServer::start([
        denied("/foundation-models", "bedrock:ListFoundationModels"),
        ok(
            "/inference-profiles",
            &json!({"inferenceProfileSummaries": []}),
        ),
    ])
    .await;
    let error = server.connect().await.catalog().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::AccessDenied(_)));
    assert_eq!(error.operation(), "ListFoundationModels");
}

#[tokio::test]
async fn what_an_account_has_of_its_own_is_listed_and_what_fails_is_told() {
    let time = "2026-01-01T00:00:00Z";
    let server = ReplayServer::start([
        ok(
            "/provisioned-model-throughputs",
            &json!({"provisionedModelSummaries": [{
                "provisionedModelName": "Fast", "provisionedModelArn": "arn:p", "modelArn": "arn:m",
                "desiredModelArn": "arn:m", "foundationModelArn": "arn:f", "modelUnits": 1,
                "desiredModelUnits": 1, "status": "InService", "creationTime": time,
                "lastModifiedTime": time}]}),
        ),
        ok(
            "/model-customization/custom-model-deployments",
            &json!({"modelDeploymentSummaries": [{
                "customModelDeploymentArn": "arn:d", "customModelDeploymentName": "Mine",
                "modelArn": "arn:c", "createdAt": time, "status": "Active"}]}),
        ),
        ok(
            "/imported-models",
            &json!({"modelSummaries": [{"modelArn": "arn:i", "modelName": "Brought",
                "creationTime": time}]}),
        ),
        ok(
            "/prompt-routers",
            &json!({"promptRouterSummaries": [{"promptRouterName": "Router",
                "promptRouterArn": "arn:r", "models": [{"modelArn": "arn:x"}, {"modelArn": "arn:y"}],
                "status": "AVAILABLE", "type": "default"}]}),
        ),
        denied("/marketplace-model/endpoints", "bedrock:ListMarketplaceModelEndpoints"),
    ])
    .await;
    let own = server.connect().await.own_models().await;
    let held: Vec<_> = own
        .models
        .iter()
        .map(|model| (model.kind, model.id.as_str(), model.name.as_str()))
        .collect();
    assert_eq!(
        held,
        [
            (OwnModelKind::Provisioned, "arn:p", "Fast"),
            (OwnModelKind::CustomDeployment, "arn:d", "Mine"),
            (OwnModelKind::Imported, "arn:i", "Brought"),
            (OwnModelKind::PromptRouter, "arn:r", "Router"),
        ]
    );
    assert_eq!(own.models[3].base_models, ["arn:x", "arn:y"]);
    assert_eq!(own.models[0].status.as_deref(), Some("InService"));
    assert_eq!(own.missing.len(), 1);
    assert_eq!(own.missing[0].operation(), "ListMarketplaceModelEndpoints");
}

#[tokio::test]
async fn availability_names_what_is_missing() {
    let path = "/foundation-model-availability/amazon.nova-lite-v1%3A0";
    let answer = |entitlement: &str| {
        json!({"modelId": "amazon.nova-lite-v1:0",
            "agreementAvailability": {"status": "AVAILABLE"}, "authorizationStatus": "AUTHORIZED",
            "entitlementAvailability": entitlement, "regionAvailability": "AVAILABLE"})
    };
    let server = ReplayServer::start([
        ok(path, &answer("AVAILABLE")),
        ok(path, &answer("NOT_AVAILABLE")),
    ])
    .await;
    let connection = server.connect().await;
    // The profile's prefix is taken off: the path would not fit otherwise.
    let id = "us.amazon.nova-lite-v1:0".into();
    let open = connection.foundation_model_availability(&id).await.unwrap();
    assert!(open.can_be_used());
    let closed = connection.foundation_model_availability(&id).await.unwrap();
    assert_eq!(
        closed,
        ModelAvailability {
            entitlement: "NOT_AVAILABLE".into(),
            ..open
        }
    );
    assert!(!closed.can_be_used());
}

#[tokio::test]
async fn versions_of_a_guardrail_are_listed_page_by_page() {
    let entry = |version: &str| {
        json!({"id": "gr1", "arn": "arn:g", "status": "READY", "name": "Guard", "version": version,
            "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z",
            "crossRegionDetails": {"guardrailProfileId": "us.guardrail.v1:0",
                "guardrailProfileArn": "arn:gp"}})
    };
    let server = ReplayServer::start([
        ok(
            "/guardrails?guardrailIdentifier=gr1&nextToken=two",
            &json!({"guardrails": [entry("1")]}),
        ),
        ok(
            "/guardrails?guardrailIdentifier=gr1",
            &json!({"guardrails": [entry("DRAFT")], "nextToken": "two"}),
        ),
    ])
    .await;
    let held = server
        .connect()
        .await
        .guardrails(Some("gr1"))
        .await
        .unwrap();
    let versions: Vec<_> = held.iter().map(|guard| guard.version.as_str()).collect();
    assert_eq!(versions, ["DRAFT", "1"]);
    assert_eq!(
        held[0].cross_region_profile.as_deref(),
        Some("us.guardrail.v1:0")
    );
}

#[tokio::test]
async fn a_guardrail_that_is_not_there_is_not_found() {
    let reply = Reply::json(404, r#"{"message":"The guardrail was not found."}"#)
        .header("x-amzn-errortype", "ResourceNotFoundException");
    let server = ReplayServer::start([reply]).await;
    let error = server.connect().await.guardrail("gr1", None).await;
    assert_eq!(error.unwrap_err().kind(), &ErrorKind::NotFound);
}
