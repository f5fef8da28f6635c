//! The operations a local server stands behind; everything else stays as it is.

use std::collections::HashMap;

use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use serde_json::{Value, json};

use super::client::LocalServer;
use super::{LOCAL_HEADER, Upstream, invoke, models};
use crate::emulator::api_error::ApiError;
use crate::emulator::control_plane::one_of;
use crate::emulator::faults::FaultSource;
use crate::emulator::router::Region;

/// What these operations need.
#[derive(Clone, Debug)]
pub struct Local {
    pub server: LocalServer,
    pub faults: FaultSource,
}

/// Models and invocations.
pub fn routes<S: Clone + Send + Sync + 'static>(
    upstream: &Upstream,
    faults: FaultSource,
) -> Router<S> {
    let local = Local {
        server: LocalServer::new(upstream),
        faults,
    };
    Router::new()
        .route("/foundation-models", get(list))
        .route("/foundation-models/{id}", get(describe))
        .route("/foundation-model-availability/{id}", get(availability))
        .route("/inference-profiles", get(no_profiles))
        .route("/inference-profiles/{id}", get(no_profile))
        .route("/model/{id}/converse", post(invoke::converse))
        .route("/model/{id}/converse-stream", post(invoke::converse_stream))
        .route("/model/{id}/invoke", post(invoke::invoke))
        .route(
            "/model/{id}/invoke-with-response-stream",
            post(invoke::invoke_with_response_stream),
        )
        .route("/model/{id}/count-tokens", post(no_counting))
        .layer(middleware::from_fn_with_state(local.clone(), mark))
        .with_state(local)
}

/// Says who answers.
async fn mark(State(local): State<Local>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Ok(url) = HeaderValue::from_str(local.server.url()) {
        response
            .headers_mut()
            .insert(HeaderName::from_static(LOCAL_HEADER), url);
    }
    response
}

/// `GET /foundation-models`
async fn list(
    State(local): State<Local>,
    Extension(Region(region)): Extension<Region>,
    Query(filters): Query<HashMap<String, String>>,
) -> Result<Json<Value>, ApiError> {
    let output = one_of(
        &filters,
        "byOutputModality",
        &["TEXT", "IMAGE", "EMBEDDING"],
    )?;
    let inference = one_of(&filters, "byInferenceType", &["ON_DEMAND", "PROVISIONED"])?;
    let provider = filters.get("byProvider");
    let fits = output.is_none_or(|output| output == "TEXT")
        && inference.is_none_or(|inference| inference == "ON_DEMAND")
        && provider.is_none_or(|provider| provider.eq_ignore_ascii_case("local"))
        && !filters.contains_key("byCustomizationType");
    let models = models::list(&local.server, &region).await?;
    let models = if fits { models } else { Vec::new() };
    Ok(Json(json!({ "modelSummaries": models })))
}

/// `GET /foundation-models/{modelIdentifier}`
async fn describe(
    Extension(Region(region)): Extension<Region>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let model = models::summary_of_unknown(&invoke::name(&id)?, &region);
    Ok(Json(json!({ "modelDetails": model })))
}

/// `GET /foundation-model-availability/{modelId}`: nobody has to allow anything.
async fn availability(Path(id): Path<String>) -> Result<Json<Value>, ApiError> {
    invoke::name(&id)?;
    Ok(Json(json!({
        "modelId": id,
        "agreementAvailability": { "status": "AVAILABLE" },
        "authorizationStatus": "AUTHORIZED",
        "entitlementAvailability": "AVAILABLE",
        "regionAvailability": "AVAILABLE",
    })))
}

/// `GET /inference-profiles`
async fn no_profiles() -> Json<Value> {
    Json(json!({ "inferenceProfileSummaries": [] }))
}

/// `GET /inference-profiles/{inferenceProfileIdentifier}`
async fn no_profile() -> ApiError {
    ApiError::not_found(
        "Inference profile not found. Verify the inference profile identifier and retry your request.",
    )
}

/// `POST /model/{modelId}/count-tokens`
async fn no_counting() -> ApiError {
    ApiError::validation("The provided model doesn't support counting tokens.")
}
