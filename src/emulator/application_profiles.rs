//! Inference profiles that an account makes, to tell its usage apart; kept in memory.
//!
//! Each runs as what it was made from. It must not know how a model answers.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use bytes::Bytes;
use serde_json::{Value, json};

use super::account::ACCOUNT;
use super::api_error::ApiError;
use super::control_plane;
use super::router::{Endpoint, Region};
use super::timestamp::timestamp;

/// What stands in an ARN before the id.
const RESOURCE: &str = ":application-inference-profile/";

/// Profiles by id. Held only while one is read or written.
#[derive(Clone, Debug, Default)]
pub struct ApplicationProfiles(Arc<Mutex<BTreeMap<String, Profile>>>);

#[derive(Clone, Debug)]
struct Profile {
    summary: Value,
    /// The model or system-defined profile that it was made from.
    source: String,
}

impl ApplicationProfiles {
    /// As lists tell of them, in the order they were made in.
    pub fn summaries(&self) -> Vec<Value> {
        self.with(|profiles| {
            let all = profiles.values();
            all.map(|profile| profile.summary.clone()).collect()
        })
    }

    /// One of them, by its id or ARN.
    pub fn summary(&self, id: &str) -> Option<Value> {
        self.with(|profiles| Some(profiles.get(plain(id))?.summary.clone()))
    }

    /// What one of them runs as.
    pub fn source(&self, id: &str) -> Option<String> {
        self.with(|profiles| Some(profiles.get(plain(id))?.source.clone()))
    }

    fn create(&self, body: &Value, region: &str) -> Result<Value, ApiError> {
        let text = |name: &str| body[name].as_str().unwrap_or_default();
        check("inferenceProfileName", text("inferenceProfileName"), 1, 64)?;
        check("description", text("description"), 0, 200)?;
        let from = body["modelSource"]["copyFrom"].as_str().unwrap_or_default();
        let (source, models) = control_plane::source_of_profile(from, region)
            .filter(|_| from.starts_with("arn:"))
            .ok_or_else(|| ApiError::validation("The provided model identifier is invalid."))?;
        self.with(|profiles| {
            // Counted from the last one: after a deletion their number is in use.
            let last = profiles.last_key_value();
            let last = last.and_then(|(id, _)| id.strip_prefix("sim")?.parse::<u64>().ok());
            let id = format!("sim{:09}", last.unwrap_or(0) + 1);
            let arn = format!("arn:aws:bedrock:{region}:{ACCOUNT}{RESOURCE}{id}");
            let now = timestamp(SystemTime::now());
            let mut summary = json!({
                "inferenceProfileName": text("inferenceProfileName"),
                "inferenceProfileArn": arn,
                "inferenceProfileId": id,
                "models": models,
                "createdAt": now,
                "updatedAt": now,
                "status": "ACTIVE",
                "type": "APPLICATION",
            });
            if !text("description").is_empty() {
                summary["description"] = body["description"].clone();
            }
            profiles.insert(id, Profile { summary, source });
            Ok(json!({ "inferenceProfileArn": arn, "status": "ACTIVE" }))
        })
    }

    fn delete(&self, id: &str) -> Result<(), ApiError> {
        let removed = self.with(|profiles| profiles.remove(plain(id)));
        removed.map(|_| ()).ok_or_else(|| {
            ApiError::not_found(
                "The specified inference profile was not found. Check its id or ARN and try your request again.",
            )
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut BTreeMap<String, Profile>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// `POST /inference-profiles`
pub async fn create(
    State(endpoint): State<Endpoint>,
    Extension(Region(region)): Extension<Region>,
    body: Bytes,
) -> Result<Response, ApiError> {
    let body = serde_json::from_slice(&body)
        .map_err(|_| ApiError::serialization("The request body could not be read as JSON"))?;
    let created = endpoint.application_profiles.create(&body, &region)?;
    Ok((StatusCode::CREATED, Json(created)).into_response())
}

/// `DELETE /inference-profiles/{inferenceProfileIdentifier}`
pub async fn delete(
    State(endpoint): State<Endpoint>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    endpoint.application_profiles.delete(&id)?;
    Ok(Json(json!({})))
}

/// The id in an ARN, or the id itself.
fn plain(id: &str) -> &str {
    id.split_once(RESOURCE).map_or(id, |(_, id)| id)
}

/// The service model's pattern: letters and digits, in descriptions colons and full stops too, and behind each of them
/// one sign at the most.
fn check(member: &str, value: &str, least: usize, most: usize) -> Result<(), ApiError> {
    let is_sign = |byte: &u8| b" _-".contains(byte);
    let is_letter = |byte: &u8| {
        byte.is_ascii_alphanumeric() || (member == "description" && b":.".contains(byte))
    };
    let bytes = value.as_bytes();
    let fits = bytes.iter().all(|byte| is_letter(byte) || is_sign(byte));
    let begins = bytes.first().is_none_or(is_letter);
    let crowded = bytes.windows(2).any(|two| two.iter().all(is_sign));
    if (least..=most).contains(&bytes.len()) && fits && begins && !crowded {
        return Ok(());
    }
    Err(ApiError::validation(format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must \
         have a length of {least} to {most}, of letters, digits, spaces, hyphens and underscores"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_service_model() {
        for (member, value, fits) in [
            ("inferenceProfileName", "Team A", true),
            ("inferenceProfileName", "team-a_b 2 ", true),
            ("inferenceProfileName", "", false),
            ("inferenceProfileName", " Team", false),
            ("inferenceProfileName", "Team  A", false),
            ("inferenceProfileName", "Team: A", false),
            ("description", "Costs of team A: all. ", true),
            ("description", "Costs (all)", false),
        ] {
            assert_eq!(check(member, value, 1, 64).is_ok(), fits, "{value:?}");
        }
    }
}
