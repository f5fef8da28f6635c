//! The control plane: lists of foundation models and inference profiles, from the catalog's facts.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::account::ACCOUNT;
use super::api_error::ApiError;
use super::model_ref;
use super::router::{Endpoint, Region};
use crate::catalog::{
    Geography, Lifecycle, Modality, ModelFacts, ModelId, ProfileFacts, all_facts, facts,
    profile_facts,
};

/// Profiles on a page when nothing is asked for.
const PAGE: usize = 100;
const LARGEST_PAGE: usize = 1_000;

type Parameters = Query<HashMap<String, String>>;

/// `GET /foundation-models`
pub async fn list_foundation_models(
    Extension(Region(region)): Extension<Region>,
    Query(filters): Parameters,
) -> Result<Json<Value>, ApiError> {
    let choice = |name: &str, values: &[&str]| one_of(&filters, name, values);
    let customization = choice(
        "byCustomizationType",
        &["FINE_TUNING", "CONTINUED_PRE_TRAINING", "DISTILLATION"],
    )?;
    let output = choice("byOutputModality", &["TEXT", "IMAGE", "EMBEDDING"])?;
    let inference = choice("byInferenceType", &["ON_DEMAND", "PROVISIONED"])?;
    let provider = filters.get("byProvider");
    let summaries: Vec<Value> = all_facts()
        .iter()
        // The facts tell no customizations, so none is claimed.
        .filter(|_| customization.is_none())
        .filter(|model| {
            provider.is_none_or(|provider| provider.eq_ignore_ascii_case(model.provider))
        })
        .filter(|model| {
            output.is_none_or(|wanted| {
                model
                    .output_modalities
                    .iter()
                    .any(|has| has.as_str() == wanted)
            })
        })
        .filter(|model| {
            inference.is_none_or(|wanted| inference_types(model, &region).contains(&wanted))
        })
        .map(|model| summary(model, &region))
        .collect();
    Ok(Json(json!({ "modelSummaries": summaries })))
}

/// `GET /foundation-models/{modelIdentifier}`
pub async fn get_foundation_model(
    Extension(Region(region)): Extension<Region>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let model = model_ref::described(&id)?;
    Ok(Json(json!({ "modelDetails": summary(model, &region) })))
}

/// `GET /foundation-model-availability/{modelId}`: here everything is available.
pub async fn get_foundation_model_availability(
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let model = model_ref::described(&id)?;
    Ok(Json(json!({
        "modelId": model.id,
        "agreementAvailability": { "status": "AVAILABLE" },
        "authorizationStatus": "AUTHORIZED",
        "entitlementAvailability": "AVAILABLE",
        "regionAvailability": "AVAILABLE",
    })))
}

/// `GET /inference-profiles`
pub async fn list_inference_profiles(
    State(endpoint): State<Endpoint>,
    Extension(Region(region)): Extension<Region>,
    Query(parameters): Parameters,
) -> Result<Json<Value>, ApiError> {
    let kind = one_of(&parameters, "type", &["SYSTEM_DEFINED", "APPLICATION"])?;
    let mut profiles = Vec::new();
    if kind != Some("APPLICATION") {
        profiles.extend(
            all_profiles().map(|(model, profile)| profile_summary(model, profile, &region)),
        );
    }
    if kind != Some("SYSTEM_DEFINED") {
        profiles.extend(endpoint.application_profiles.summaries());
    }
    page("inferenceProfileSummaries", profiles, &parameters).map(Json)
}

/// The page of a list that `maxResults` and `nextToken` ask for.
pub fn page(
    name: &str,
    items: Vec<Value>,
    parameters: &HashMap<String, String>,
) -> Result<Value, ApiError> {
    let size = match parameters.get("maxResults") {
        None => PAGE,
        Some(text) => text.parse().ok().filter(|size| (1..=LARGEST_PAGE).contains(size)).ok_or_else(|| {
            ApiError::validation(format!(
                "1 validation error detected: Value '{text}' at 'maxResults' failed to satisfy constraint: \
                 Member must be between 1 and {LARGEST_PAGE}"
            ))
        })?,
    };
    let start = match parameters.get("nextToken") {
        None => 0,
        Some(token) => page_start(token)
            .ok_or_else(|| ApiError::validation("The provided nextToken is invalid."))?,
    };
    let count = items.len();
    let items: Vec<Value> = items.into_iter().skip(start).take(size).collect();
    let mut answer = json!({ name: items });
    if start + size < count {
        answer["nextToken"] = json!(page_token(start + size));
    }
    Ok(answer)
}

/// `GET /inference-profiles/{inferenceProfileIdentifier}`
pub async fn get_inference_profile(
    State(endpoint): State<Endpoint>,
    Extension(Region(region)): Extension<Region>,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    if let Some(profile) = endpoint.application_profiles.summary(&id) {
        return Ok(Json(profile).into_response());
    }
    let id = ModelId::from(id);
    match (facts(&id), profile_facts(&id)) {
        (Some(model), Some(profile)) => {
            Ok(Json(profile_summary(model, profile, &region)).into_response())
        }
        _ => Err(ApiError::not_found(
            "Inference profile not found. Verify the inference profile identifier and retry your request.",
        )),
    }
}

fn all_profiles() -> impl Iterator<Item = (&'static ModelFacts, &'static ProfileFacts)> {
    all_facts()
        .iter()
        .flat_map(|model| model.profiles.iter().map(move |profile| (model, profile)))
}

fn summary(model: &ModelFacts, region: &str) -> Value {
    let mut lifecycle =
        json!({ "status": if model.lifecycle == Lifecycle::Active { "ACTIVE" } else { "LEGACY" } });
    if let Some(day) = model.end_of_life {
        lifecycle["endOfLifeTime"] = json!(format!("{day}T00:00:00Z"));
    }
    json!({
        "modelArn": format!("arn:aws:bedrock:{region}::foundation-model/{}", model.id),
        "modelId": model.id,
        "modelName": model.name,
        "providerName": model.provider,
        "inputModalities": names(model.input_modalities),
        "outputModalities": names(model.output_modalities),
        "responseStreamingSupported": model.supports.streaming,
        "customizationsSupported": [],
        "inferenceTypesSupported": inference_types(model, region),
        "modelLifecycle": lifecycle,
    })
}

fn names(modalities: &[Modality]) -> Vec<&str> {
    modalities.iter().map(Modality::as_str).collect()
}

fn inference_types(model: &ModelFacts, region: &str) -> Vec<&'static str> {
    let mut types = Vec::new();
    if !model_ref::runs_only_through_profiles(model, region) {
        types.push("ON_DEMAND");
    }
    if !model.profiles.is_empty() {
        types.push("INFERENCE_PROFILE");
    }
    types
}

/// The entry of a model in a profile; of no region for a global one.
pub fn model_in(region: &str, id: &str) -> Value {
    json!({ "modelArn": format!("arn:aws:bedrock:{region}::foundation-model/{id}") })
}

/// The system-defined profile or the model that an ARN names, with the entries of models that a profile made from
/// it has.
pub fn source_of_profile(arn: &str, region: &str) -> Option<(String, Value)> {
    let id = ModelId::from(arn);
    let model = facts(&id)?;
    let source = id.resource_id().to_owned();
    match profile_facts(&id) {
        Some(profile) => Some((
            source,
            profile_summary(model, profile, region)["models"].clone(),
        )),
        None if source == model.id => Some((source, json!([model_in(region, model.id)]))),
        None => None,
    }
}

fn profile_summary(model: &ModelFacts, profile: &ProfileFacts, region: &str) -> Value {
    let id = ModelId::from(profile.id);
    let geography = id.geography().map_or("", |geography| geography.label());
    let here = [region];
    // Recorded lists of global profiles have a model without a region, and that of their own.
    let anywhere = ["", region];
    let regions = if id.geography() == Some(Geography::Global) {
        &anywhere[..]
    } else if profile.source_regions.is_empty() {
        &here[..]
    } else {
        profile.source_regions
    };
    let models = regions.iter().map(|region| model_in(region, model.id));
    let models: Vec<Value> = models.collect();
    json!({
        "inferenceProfileName": format!("{geography} {} {}", model.provider, model.name),
        "description": format!("Routes requests to {} {} (simulated)", model.provider, model.name),
        "inferenceProfileArn": format!("arn:aws:bedrock:{region}:{ACCOUNT}:inference-profile/{}", profile.id),
        "models": models,
        "inferenceProfileId": profile.id,
        "status": "ACTIVE",
        "type": "SYSTEM_DEFINED",
    })
}

/// The value of a parameter, where it has one of these.
pub fn one_of<'a>(
    parameters: &'a HashMap<String, String>,
    name: &str,
    values: &[&str],
) -> Result<Option<&'a str>, ApiError> {
    match parameters.get(name) {
        None => Ok(None),
        Some(value) if values.contains(&value.as_str()) => Ok(Some(value)),
        Some(value) => Err(ApiError::validation(format!(
            "1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint: \
             Member must satisfy enum value set: [{}]",
            values.join(", ")
        ))),
    }
}

fn page_token(start: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("profiles:{start}"))
}

fn page_start(token: &str) -> Option<usize> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    std::str::from_utf8(&bytes)
        .ok()?
        .strip_prefix("profiles:")?
        .parse()
        .ok()
}
