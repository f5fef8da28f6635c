//! What the `modelId` of a path refers to.

use axum::http::StatusCode;

use super::api_error::ApiError;
use crate::catalog::{Lifecycle, ModelFacts, ModelId, facts, profile_facts};

/// Finds the model of an id, a profile's id or an ARN, as an invocation does.
pub fn invoked(id: &str, region: &str) -> Result<&'static ModelFacts, ApiError> {
    let unknown = || ApiError::validation("The provided model identifier is invalid.");
    let model_id = ModelId::from(id);
    let model = facts(&model_id).ok_or_else(unknown)?;
    let through_profile = model_id.resource_id() != model.id;
    if through_profile && profile_facts(&model_id).is_none() {
        return Err(unknown());
    }
    let needs_profile = runs_only_through_profiles(model, region);
    if !through_profile && needs_profile {
        return Err(ApiError::validation(format!(
            "Invocation of model ID {} with on-demand throughput isn\u{2019}t supported. Retry your request with \
             the ID or ARN of an inference profile that contains this model.",
            model.id
        )));
    }
    Ok(model)
}

/// Whether a model cannot be invoked by its own id in a region. Of retired ones no source says where
/// they ran, and most did on demand.
pub fn runs_only_through_profiles(model: &ModelFacts, region: &str) -> bool {
    model.lifecycle != Lifecycle::Retired
        && !model.profiles.is_empty()
        && !model.on_demand_regions.contains(&region)
}

/// Finds a model for reading about it.
pub fn described(id: &str) -> Result<&'static ModelFacts, ApiError> {
    let model_id = ModelId::from(id);
    facts(&model_id)
        .filter(|facts| facts.id == model_id.resource_id())
        .ok_or_else(|| {
            ApiError::new(
                StatusCode::NOT_FOUND,
                "ResourceNotFoundException",
                format!("Could not resolve the foundation model from the model identifier: {id}."),
            )
        })
}
