//! `Converse` and `ConverseStream`.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use bytes::Bytes;
use serde_json::{Value, json};

use super::answer::{Answer, AnswerBlock, answer};
use super::api_error::ApiError;
use super::guardrails::{Guarded, guard};
use super::native::response_fields;
use super::pace::Pace;
use super::request::ConverseRequest;
use super::router::{Endpoint, Region};
use super::stream::{Script, Step, Steps, millis, pieces};
use super::{prompt_cache, validate};
use crate::catalog::ModelFacts;
use crate::emulator::tokens;

/// The model's own fields, in an answer and in the event that ends a stream.
const RESPONSE_FIELDS: &str = "additionalModelResponseFields";

/// `POST /model/{modelId}/converse`
pub async fn converse(
    State(endpoint): State<Endpoint>,
    Extension(Region(region)): Extension<Region>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, ApiError> {
    let started = Instant::now();
    let admitted = endpoint.faults.admit(endpoint.pace, &id).await?;
    let (Guarded { answer, trace, .. }, request) = prepare(&endpoint, &id, &region, body).await?;
    let paths = &request.response_field_paths;
    let fields = response_fields(endpoint.invoked(&id, &region)?, &answer, paths, false);
    tokio::time::sleep(whole(admitted.pace, &answer)).await;
    let content: Vec<Value> = answer.blocks.iter().map(block).collect();
    let mut response = json!({
        "output": { "message": { "role": "assistant", "content": content } },
        "stopReason": answer.stop_reason,
        "usage": usage(&answer),
        "metrics": { "latencyMs": millis(started.elapsed()) },
    });
    if let Some(fields) = fields {
        response[RESPONSE_FIELDS] = fields;
    }
    extras(&mut response, &request, trace);
    Ok(Json(response).into_response())
}

/// `POST /model/{modelId}/converse-stream`
pub async fn converse_stream(
    State(endpoint): State<Endpoint>,
    Extension(Region(region)): Extension<Region>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, ApiError> {
    let started = Instant::now();
    let admitted = endpoint.faults.admit(endpoint.pace, &id).await?;
    let (Guarded { answer, trace, .. }, request) = prepare(&endpoint, &id, &region, body).await?;
    let paths = &request.response_field_paths;
    let fields = response_fields(endpoint.invoked(&id, &region)?, &answer, paths, true);
    let steps: Steps = match endpoint.deltas {
        Some(deltas) => Box::new(repeated(deltas)),
        None => Box::new(steps(admitted.pace, &answer, fields).into_iter()),
    };
    let ending = Box::new(move |took| {
        let mut metadata = json!({ "usage": usage(&answer), "metrics": { "latencyMs": took } });
        extras(&mut metadata, &request, trace);
        ("metadata", metadata)
    });
    Ok(Script {
        steps,
        ending,
        started,
        faults: admitted.stream,
    }
    .into_response())
}

/// The answer to one record of a batch job. Blocks.
pub fn answer_record(body: &Value, model: &ModelFacts, seed: u64) -> Result<Value, ApiError> {
    let request = ConverseRequest::from_json(body)?;
    validate::converse(&request, model)?;
    let answer = answer(&request, model, seed)?;
    let content: Vec<Value> = answer.blocks.iter().map(block).collect();
    Ok(json!({
        "output": { "message": { "role": "assistant", "content": content } },
        "stopReason": answer.stop_reason,
        "usage": usage(&answer),
    }))
}

/// Reads, checks and answers; decoding pictures is kept off the threads that serve.
async fn prepare(
    endpoint: &Endpoint,
    id: &str,
    region: &str,
    body: Bytes,
) -> Result<(Guarded, ConverseRequest), ApiError> {
    let model = endpoint.invoked(id, region)?;
    let (seed, store) = (endpoint.seed, endpoint.guardrails.clone());
    let cache = endpoint.prompt_cache.clone();
    let prepared = tokio::task::spawn_blocking(move || {
        let body: Value = serde_json::from_slice(&body)
            .map_err(|_| ApiError::serialization("The request body could not be read as JSON"))?;
        let mut request = ConverseRequest::from_json(&body)?;
        validate::converse(&request, model)?;
        let prefixes = prompt_cache::prefixes(&body, model)?;
        let config = request.guardrail.clone();
        let guarded = guard(&store, &config, &mut request, |request| {
            let mut answer = answer(request, model, seed)?;
            answer.cache = cache.take(&prefixes, Instant::now());
            answer.input_tokens = answer
                .input_tokens
                .saturating_sub(answer.cache.read + answer.cache.write());
            Ok(answer)
        })?;
        Ok((guarded, request))
    });
    prepared.await.unwrap_or_else(|_| Err(ApiError::internal()))
}

fn block(block: &AnswerBlock) -> Value {
    match block {
        AnswerBlock::Text(text) => json!({ "text": text }),
        AnswerBlock::Reasoning(text) => {
            json!({ "reasoningContent": { "reasoningText": { "text": text, "signature": SIGNATURE } } })
        }
        AnswerBlock::ToolUse { id, name, input } => {
            json!({ "toolUse": { "toolUseId": id, "name": name, "input": input } })
        }
    }
}

/// Seals nothing, and says so.
const SIGNATURE: &str = "c2ltdWxhdGVk";

fn usage(answer: &Answer) -> Value {
    let cache = &answer.cache;
    let mut usage = json!({
        "inputTokens": answer.input_tokens,
        "outputTokens": answer.output_tokens,
        "totalTokens": answer.input_tokens + cache.read + cache.write() + answer.output_tokens,
        "cacheReadInputTokens": cache.read,
        "cacheWriteInputTokens": cache.write(),
    });
    if !cache.written.is_empty() {
        usage["cacheDetails"] = cache.details();
    }
    usage
}

/// What only some requests ask for.
fn extras(response: &mut Value, request: &ConverseRequest, trace: Option<Value>) {
    if let Some(trace) = trace {
        response["trace"] = trace;
    }
    if let Some(tier) = &request.service_tier {
        response["serviceTier"] = json!({ "type": tier });
    }
}

fn whole(pace: Pace, answer: &Answer) -> Duration {
    pace.first_token(answer.input_tokens) + pace.tokens(answer.output_tokens)
}

/// The same words again and again, at once: nothing is made before it is sent.
fn repeated(deltas: usize) -> impl Iterator<Item = Step> + Send {
    let step = |name, payload| Step {
        wait: Duration::ZERO,
        name,
        payload,
    };
    let start = step("messageStart", json!({ "role": "assistant" }));
    let delta = json!({ "contentBlockIndex": 0, "delta": { "text": "simulated words " } });
    let words = (0..deltas).map(move |_| step("contentBlockDelta", delta.clone()));
    let end = [
        step("contentBlockStop", json!({ "contentBlockIndex": 0 })),
        step("messageStop", json!({ "stopReason": "end_turn" })),
    ];
    std::iter::once(start).chain(words).chain(end)
}

/// All events but the last, whose latency is known only then.
fn steps(pace: Pace, answer: &Answer, fields: Option<Value>) -> VecDeque<Step> {
    let mut steps = VecDeque::new();
    let mut push = |wait, name, payload| {
        steps.push_back(Step {
            wait,
            name,
            payload,
        });
    };
    push(
        pace.first_token(answer.input_tokens),
        "messageStart",
        json!({ "role": "assistant" }),
    );
    for (index, block) in answer.blocks.iter().enumerate() {
        let delta = |value: Value| json!({ "contentBlockIndex": index, "delta": value });
        match block {
            AnswerBlock::Text(text) => {
                for piece in pieces(text) {
                    push(
                        pace.tokens(tokens::of_text(piece)),
                        "contentBlockDelta",
                        delta(json!({ "text": piece })),
                    );
                }
            }
            AnswerBlock::Reasoning(text) => {
                for piece in pieces(text) {
                    let payload = delta(json!({ "reasoningContent": { "text": piece } }));
                    push(
                        pace.tokens(tokens::of_text(piece)),
                        "contentBlockDelta",
                        payload,
                    );
                }
                let payload = delta(json!({ "reasoningContent": { "signature": SIGNATURE } }));
                push(Duration::ZERO, "contentBlockDelta", payload);
            }
            AnswerBlock::ToolUse { id, name, input } => {
                let start = json!({ "toolUse": { "toolUseId": id, "name": name } });
                push(
                    Duration::ZERO,
                    "contentBlockStart",
                    json!({ "contentBlockIndex": index, "start": start }),
                );
                for piece in pieces(&input.to_string()) {
                    let payload = delta(json!({ "toolUse": { "input": piece } }));
                    push(
                        pace.tokens(tokens::of_text(piece)),
                        "contentBlockDelta",
                        payload,
                    );
                }
            }
        }
        push(
            Duration::ZERO,
            "contentBlockStop",
            json!({ "contentBlockIndex": index }),
        );
    }
    let mut stop = json!({ "stopReason": answer.stop_reason });
    if let Some(fields) = fields {
        stop[RESPONSE_FIELDS] = fields;
    }
    push(Duration::ZERO, "messageStop", stop);
    steps
}
