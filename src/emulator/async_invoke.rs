//! Asynchronous invocations: started, asked after, listed. Nothing is written to S3, and the answer's
//! place says so.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use axum::extract::{Path, Query, State};
use axum::{Extension, Json};
use bytes::Bytes;
use serde_json::{Value, json};
use std::collections::HashMap;

use super::account::ACCOUNT;
use super::api_error::ApiError;
use super::router::{Endpoint, Region};
use super::timestamp::timestamp;
use crate::catalog::Modality;

/// Tokens' worth of time that a video takes; at the believable pace ten seconds.
const WORK_TOKENS: u64 = 800;

/// The invocations of this endpoint, by ARN. Held only while one is read or written.
#[derive(Clone, Debug, Default)]
pub struct Invocations(Arc<Mutex<BTreeMap<String, Started>>>);

#[derive(Clone, Debug)]
struct Started {
    model_arn: String,
    output: Value,
    submitted: SystemTime,
    at: Instant,
    takes: Duration,
}

impl Started {
    fn describe(&self, arn: &str) -> Value {
        let done = self.at.elapsed() >= self.takes;
        let mut answer = json!({
            "invocationArn": arn,
            "modelArn": self.model_arn,
            "status": if done { "Completed" } else { "InProgress" },
            "submitTime": timestamp(self.submitted),
            "lastModifiedTime": timestamp(self.submitted),
            "outputDataConfig": self.output,
        });
        if done {
            answer["endTime"] = json!(timestamp(self.submitted + self.takes));
        }
        answer
    }
}

/// `POST /async-invoke`
pub async fn start(
    State(endpoint): State<Endpoint>,
    Extension(Region(region)): Extension<Region>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let body: Value = serde_json::from_slice(&body)
        .map_err(|_| ApiError::serialization("The request body could not be read as JSON"))?;
    let id = body["modelId"].as_str().unwrap_or_default();
    let admitted = endpoint.faults.admit(endpoint.pace, id).await?;
    let model = endpoint.invoked(id, &region)?;
    if !model.output_modalities.contains(&Modality::Video) {
        return Err(ApiError::validation(
            "The provided model doesn't support asynchronous invocation.",
        ));
    }
    let uri = body["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"]
        .as_str()
        .unwrap_or_default();
    if !uri.starts_with("s3://") {
        return Err(ApiError::validation(format!(
            "1 validation error detected: Value '{uri}' at 'outputDataConfig.s3OutputDataConfig.s3Uri' failed to satisfy constraint: \
             Member must satisfy regular expression pattern: s3://.+"
        )));
    }
    if !body["modelInput"].is_object() {
        return Err(ApiError::validation(
            "Malformed input request: modelInput must be an object.",
        ));
    }
    let started = Started {
        model_arn: format!("arn:aws:bedrock:{region}::foundation-model/{}", model.id),
        output: body["outputDataConfig"].clone(),
        submitted: SystemTime::now(),
        at: Instant::now(),
        takes: admitted.pace.tokens(WORK_TOKENS),
    };
    let arn = endpoint.invocations.with(|invocations| {
        let arn = format!(
            "arn:aws:bedrock:{region}:{ACCOUNT}:async-invoke/simulated{:04}",
            invocations.len() + 1
        );
        invocations.insert(arn.clone(), started);
        arn
    });
    Ok(Json(json!({ "invocationArn": arn })))
}

/// `GET /async-invoke/{invocationArn}`
pub async fn get(
    State(endpoint): State<Endpoint>,
    Path(arn): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let answer = endpoint
        .invocations
        .with(|invocations| invocations.get(&arn).map(|started| started.describe(&arn)));
    answer
        .map(Json)
        .ok_or_else(|| ApiError::validation("The provided invocation ARN is invalid."))
}

/// `GET /async-invoke`
pub async fn list(
    State(endpoint): State<Endpoint>,
    Query(filters): Query<HashMap<String, String>>,
) -> Json<Value> {
    let status = filters.get("statusEquals");
    let summaries: Vec<Value> = endpoint.invocations.with(|invocations| {
        invocations
            .iter()
            .map(|(arn, started)| started.describe(arn))
            .filter(|summary| status.is_none_or(|status| summary["status"] == **status))
            .collect()
    });
    Json(json!({ "asyncInvokeSummaries": summaries }))
}

impl Invocations {
    fn with<T>(&self, act: impl FnOnce(&mut BTreeMap<String, Started>) -> T) -> T {
        // Whoever panicked while holding it left whole values behind: each is put in at once.
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
