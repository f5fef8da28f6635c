//! Guardrails, kept in memory: made, changed, versioned, and really evaluated.

pub mod policy;
mod store;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use bytes::Bytes;
use serde_json::{Value, json};
use std::collections::HashMap;

pub use store::Store;

use self::policy::{Source, Verdict};
use super::answer::{Answer, AnswerBlock};
use super::api_error::ApiError;
use super::control_plane;
use super::prompt_cache::CacheUse;
use super::request::ConverseRequest;
use super::router::{Endpoint, Region};
use super::tokens;

/// Characters that are one unit of a policy.
const UNIT: usize = 1_000;

/// `POST /guardrails`
pub async fn create(
    State(endpoint): State<Endpoint>,
    Extension(Region(region)): Extension<Region>,
    body: Bytes,
) -> Result<Response, ApiError> {
    let created = endpoint.guardrails.create(&parse(&body)?, &region)?;
    Ok((StatusCode::ACCEPTED, Json(created)).into_response())
}

/// `PUT /guardrails/{guardrailIdentifier}`
pub async fn update(
    State(endpoint): State<Endpoint>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, ApiError> {
    let updated = endpoint.guardrails.update(&id, &parse(&body)?)?;
    Ok((StatusCode::ACCEPTED, Json(updated)).into_response())
}

/// `POST /guardrails/{guardrailIdentifier}`
pub async fn create_version(
    State(endpoint): State<Endpoint>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, ApiError> {
    let body = if body.is_empty() {
        json!({})
    } else {
        parse(&body)?
    };
    let version = endpoint
        .guardrails
        .create_version(&id, body["description"].as_str())?;
    Ok((StatusCode::ACCEPTED, Json(version)).into_response())
}

/// `DELETE /guardrails/{guardrailIdentifier}`
pub async fn delete(
    State(endpoint): State<Endpoint>,
    Path(id): Path<String>,
    Query(parameters): Query<HashMap<String, String>>,
) -> Result<Response, ApiError> {
    endpoint
        .guardrails
        .delete(&id, parameters.get("guardrailVersion").map(String::as_str))?;
    Ok((StatusCode::ACCEPTED, Json(json!({}))).into_response())
}

/// `GET /guardrails/{guardrailIdentifier}`
pub async fn get(
    State(endpoint): State<Endpoint>,
    Path(id): Path<String>,
    Query(parameters): Query<HashMap<String, String>>,
) -> Result<Json<Value>, ApiError> {
    let version = parameters
        .get("guardrailVersion")
        .map_or("DRAFT", String::as_str);
    endpoint.guardrails.version(&id, version).map(Json)
}

/// `GET /guardrails`
pub async fn list(
    State(endpoint): State<Endpoint>,
    Query(parameters): Query<HashMap<String, String>>,
) -> Result<Json<Value>, ApiError> {
    let of = parameters.get("guardrailIdentifier").map(String::as_str);
    let all = endpoint.guardrails.summaries(of)?;
    control_plane::page("guardrails", all, &parameters).map(Json)
}

/// `POST /guardrail/{guardrailIdentifier}/version/{guardrailVersion}/apply`
pub async fn apply(
    State(endpoint): State<Endpoint>,
    Path((id, version)): Path<(String, String)>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let guardrail = endpoint.guardrails.version(&id, &version)?;
    let body = parse(&body)?;
    let source = match body["source"].as_str() {
        Some("INPUT") => Source::Input,
        Some("OUTPUT") => Source::Output,
        other => {
            return Err(ApiError::validation(format!(
                "1 validation error detected: Value '{}' at 'source' failed to satisfy constraint: \
                 Member must satisfy enum value set: [INPUT, OUTPUT]",
                other.unwrap_or_default()
            )));
        }
    };
    let content = body["content"].as_array().map_or(&[][..], Vec::as_slice);
    let text: String = content
        .iter()
        .filter_map(|block| block["text"]["text"].as_str())
        .collect();
    let verdict = policy::assess(&guardrail, &text, source);
    let outputs = match &verdict {
        Verdict { blocked: true, .. } => json!([{ "text": blocked_message(&guardrail, source) }]),
        Verdict {
            masked: true, text, ..
        } => json!([{ "text": text }]),
        _ => json!([]),
    };
    let intervened = verdict.blocked || verdict.masked;
    Ok(Json(json!({
        "action": if intervened { "GUARDRAIL_INTERVENED" } else { "NONE" },
        "outputs": outputs,
        "assessments": [with_metrics(&guardrail, verdict.assessment, &text)],
        "usage": units(&guardrail, &text),
        "guardrailCoverage": coverage(&text),
    })))
}

/// An answer that a guardrail has looked at, with its reasons where they are asked for.
pub struct Guarded {
    pub answer: Answer,
    pub trace: Option<Value>,
    pub intervened: bool,
}

/// Lets a guardrail look at prompt and answer. What it masks in the prompt the answer never sees.
pub fn guard(
    store: &Store,
    config: &Value,
    request: &mut ConverseRequest,
    answer: impl FnOnce(&ConverseRequest) -> Result<Answer, ApiError>,
) -> Result<Guarded, ApiError> {
    let Some(id) = config["guardrailIdentifier"].as_str() else {
        return Ok(Guarded {
            answer: answer(request)?,
            trace: None,
            intervened: false,
        });
    };
    let version = config["guardrailVersion"].as_str().unwrap_or("DRAFT");
    let guardrail = store.version(id, version).map_err(|_| {
        ApiError::validation(
            "The guardrail identifier or version provided in the request does not exist.",
        )
    })?;
    let id = guardrail["guardrailId"].as_str().unwrap_or(id).to_owned();
    let traced = matches!(config["trace"].as_str(), Some("enabled" | "enabled_full"));
    let prompt = joined(&request.guarded_texts());
    let input = policy::assess(&guardrail, &prompt, Source::Input);
    let mut trace =
        json!({ "inputAssessment": { &id: with_metrics(&guardrail, input.assessment, &prompt) } });
    if input.blocked {
        let answer = refusal(blocked_message(&guardrail, Source::Input));
        return Ok(Guarded {
            answer,
            trace: traced.then(|| json!({ "guardrail": trace })),
            intervened: true,
        });
    }
    if input.masked {
        for text in request.guarded_texts() {
            *text = policy::assess(&guardrail, text, Source::Input).text;
        }
    }
    let mut answered = answer(request)?;
    let text = answered.text();
    let output = policy::assess(&guardrail, &text, Source::Output);
    let intervened = output.blocked || output.masked;
    trace["outputAssessments"] =
        json!({ &id: [with_metrics(&guardrail, output.assessment, &text)] });
    if intervened {
        trace["modelOutput"] = json!([text]);
        let shown = if output.blocked {
            blocked_message(&guardrail, Source::Output).to_owned()
        } else {
            output.text
        };
        answered.output_tokens = tokens::of_text(&shown);
        answered.blocks = vec![AnswerBlock::Text(shown)];
        answered.stop_reason = "guardrail_intervened";
    }
    Ok(Guarded {
        answer: answered,
        trace: traced.then(|| json!({ "guardrail": trace })),
        intervened,
    })
}

/// The model was not asked, so nothing was used.
fn refusal(message: &str) -> Answer {
    Answer {
        blocks: vec![AnswerBlock::Text(message.to_owned())],
        stop_reason: "guardrail_intervened",
        input_tokens: 0,
        output_tokens: 0,
        cache: CacheUse::default(),
    }
}

fn joined(texts: &[&mut String]) -> String {
    let texts: Vec<&str> = texts.iter().map(|text| text.as_str()).collect();
    texts.join("\n")
}

fn blocked_message(guardrail: &Value, source: Source) -> &str {
    let member = match source {
        Source::Input => "blockedInputMessaging",
        Source::Output => "blockedOutputsMessaging",
    };
    guardrail[member].as_str().unwrap_or_default()
}

fn coverage(text: &str) -> Value {
    let count = text.chars().count();
    json!({ "textCharacters": { "guarded": count, "total": count } })
}

fn units(guardrail: &Value, text: &str) -> Value {
    let of = |policy: &str| {
        if guardrail[policy].is_object() {
            text.chars().count().div_ceil(UNIT)
        } else {
            0
        }
    };
    json!({
        "topicPolicyUnits": of("topicPolicy"),
        "contentPolicyUnits": of("contentPolicy"),
        "wordPolicyUnits": of("wordPolicy"),
        "sensitiveInformationPolicyUnits": of("sensitiveInformationPolicy"),
        "sensitiveInformationPolicyFreeUnits": 0,
        "contextualGroundingPolicyUnits": 0,
    })
}

fn with_metrics(guardrail: &Value, mut assessment: Value, text: &str) -> Value {
    assessment["invocationMetrics"] = json!({
        "guardrailProcessingLatency": 1,
        "usage": units(guardrail, text),
        "guardrailCoverage": coverage(text),
    });
    assessment
}

fn parse(body: &[u8]) -> Result<Value, ApiError> {
    serde_json::from_slice(body)
        .map_err(|_| ApiError::serialization("The request body could not be read as JSON"))
}
