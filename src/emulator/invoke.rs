//! `InvokeModel`, `InvokeModelWithResponseStream` and `CountTokens`.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};

use super::answer;
use super::api_error::ApiError;
use super::guardrails::{Guarded, Store, guard};
use super::native::{Native, merged, metrics};
use super::request::ConverseRequest;
use super::router::{Endpoint, Region};
use super::stream::{Script, Step, millis};
use super::{embed, model_ref, paint, validate};
use crate::catalog::{Modality, ModelFacts};

/// What an invocation gave, before it is written to the wire.
struct Invoked {
    body: Value,
    input_tokens: u64,
    output_tokens: Option<u64>,
}

/// `POST /model/{modelId}/invoke`
pub async fn invoke(
    State(endpoint): State<Endpoint>,
    Extension(Region(region)): Extension<Region>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let started = Instant::now();
    let pace = endpoint.faults.admit(endpoint.pace, &id).await?.pace;
    let model = endpoint.invoked(&id, &region)?;
    let (seed, store, guardrail) = (
        endpoint.seed,
        endpoint.guardrails.clone(),
        guardrail(&headers),
    );
    let invoked = off_thread(move || run(model, &parse(&body)?, seed, &store, &guardrail)).await?;
    let wait =
        pace.first_token(invoked.input_tokens) + pace.tokens(invoked.output_tokens.unwrap_or(0));
    tokio::time::sleep(wait).await;
    let mut response = Json(invoked.body).into_response();
    let mut header = |name: &'static str, value: u64| {
        response
            .headers_mut()
            .insert(HeaderName::from_static(name), HeaderValue::from(value));
    };
    header(
        "x-amzn-bedrock-invocation-latency",
        millis(started.elapsed()),
    );
    header("x-amzn-bedrock-input-token-count", invoked.input_tokens);
    if let Some(tokens) = invoked.output_tokens {
        header("x-amzn-bedrock-output-token-count", tokens);
    }
    Ok(response)
}

/// `POST /model/{modelId}/invoke-with-response-stream`
pub async fn invoke_with_response_stream(
    State(endpoint): State<Endpoint>,
    Extension(Region(region)): Extension<Region>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let started = Instant::now();
    let admitted = endpoint.faults.admit(endpoint.pace, &id).await?;
    let model = endpoint.invoked(&id, &region)?;
    let (seed, store, guardrail) = (
        endpoint.seed,
        endpoint.guardrails.clone(),
        guardrail(&headers),
    );
    let native = Native::of(model);
    let (answer, verdict) = off_thread(move || {
        let mut request = native.request(&parse(&body)?)?;
        validate::converse(&request, model)?;
        let guarded = guard(&store, &guardrail, &mut request, |request| {
            answer::answer(request, model, seed)
        })?;
        let verdict = verdict(&guardrail, &guarded);
        Ok((guarded.answer, verdict))
    })
    .await?;
    let pace = admitted.pace;
    let first_byte = pace.first_token(answer.input_tokens);
    let mut chunks = native.chunks(model, &answer);
    let last = chunks.pop_back().map_or(Value::Null, |chunk| chunk.payload);
    let steps: VecDeque<Step> = chunks
        .into_iter()
        .enumerate()
        .map(|(index, chunk)| Step {
            wait: pace.tokens(chunk.tokens)
                + if index == 0 {
                    first_byte
                } else {
                    Duration::ZERO
                },
            name: "chunk",
            payload: packed(&chunk.payload),
        })
        .collect();
    let ending = Box::new(move |took| {
        (
            "chunk",
            packed(&merged(
                merged(last, verdict),
                metrics(&answer, took, millis(first_byte)),
            )),
        )
    });
    let mut response = Script {
        steps: Box::new(steps.into_iter()),
        ending,
        started,
        faults: admitted.stream,
    }
    .into_response();
    response.headers_mut().insert(
        HeaderName::from_static("x-amzn-bedrock-content-type"),
        HeaderValue::from_static("application/json"),
    );
    Ok(response)
}

/// `POST /model/{modelId}/count-tokens`
pub async fn count_tokens(
    Extension(Region(_)): Extension<Region>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let unsupported =
        || ApiError::validation("The provided model doesn't support counting tokens.");
    let model = model_ref::described(&id).map_err(|_| unsupported())?;
    // Claude alone is counted, by its own id (recorded).
    if !model.id.starts_with("anthropic.") {
        return Err(unsupported());
    }
    let tokens = off_thread(move || {
        let body = parse(&body)?;
        let input = &body["input"];
        let request = if let Some(coded) = input["invokeModel"]["body"].as_str() {
            let native = STANDARD
                .decode(coded)
                .map_err(|_| ApiError::serialization("Invalid base64 in a blob"))?;
            Native::of(model).request(&parse(&native)?)?
        } else {
            ConverseRequest::from_json(&input["converse"])?
        };
        answer::count_input(&request, model)
    })
    .await?;
    Ok(Json(json!({ "inputTokens": tokens })))
}

/// A chunk's payload: base64 within JSON.
fn packed(payload: &Value) -> Value {
    json!({ "bytes": STANDARD.encode(payload.to_string()) })
}

fn parse(body: &[u8]) -> Result<Value, ApiError> {
    serde_json::from_slice(body).map_err(|_| {
        ApiError::validation("Malformed input request, please reformat your input and try again.")
    })
}

/// Decoding and painting are kept off the threads that serve.
async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|_| Err(ApiError::internal()))
}

/// The guardrail that headers name, in Converse's form.
fn guardrail(headers: &HeaderMap) -> Value {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match header("x-amzn-bedrock-guardrailidentifier") {
        None => Value::Null,
        Some(id) => json!({
            "guardrailIdentifier": id,
            "guardrailVersion": header("x-amzn-bedrock-guardrailversion").unwrap_or("DRAFT"),
            "trace": header("x-amzn-bedrock-trace").unwrap_or_default().to_lowercase(),
        }),
    }
}

/// What a guardrail adds to a body, where one was asked for.
fn verdict(guardrail: &Value, guarded: &Guarded) -> Value {
    if guardrail.is_null() {
        return Value::Null;
    }
    let action = if guarded.intervened {
        "INTERVENED"
    } else {
        "NONE"
    };
    let mut verdict = json!({ "amazon-bedrock-guardrailAction": action });
    if let Some(trace) = &guarded.trace {
        verdict["amazon-bedrock-trace"] = trace.clone();
    }
    verdict
}

fn run(
    model: &'static ModelFacts,
    body: &Value,
    seed: u64,
    store: &Store,
    guardrail: &Value,
) -> Result<Invoked, ApiError> {
    let gives = |modality: &Modality| model.output_modalities.contains(modality);
    if gives(&Modality::Embedding) {
        let (body, input_tokens) = embed::run(model, body)?;
        return Ok(Invoked {
            body,
            input_tokens,
            output_tokens: None,
        });
    }
    if gives(&Modality::Image) {
        let body = paint::run(model, body, seed)?;
        return Ok(Invoked {
            body,
            input_tokens: 0,
            output_tokens: None,
        });
    }
    let native = Native::of(model);
    let mut request = native.request(body)?;
    validate::converse(&request, model)?;
    let guarded = guard(store, guardrail, &mut request, |request| {
        answer::answer(request, model, seed)
    })?;
    let verdict = verdict(guardrail, &guarded);
    let answer = guarded.answer;
    let body = merged(native.response(model, &answer), verdict);
    Ok(Invoked {
        body,
        input_tokens: answer.input_tokens,
        output_tokens: Some(answer.output_tokens),
    })
}
