//! `Converse` and `ConverseStream`.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Value, json};

use super::answer::{Answer, AnswerBlock, answer};
use super::api_error::ApiError;
use super::event_stream::{CONTENT_TYPE, event};
use super::pace::Pace;
use super::request::ConverseRequest;
use super::router::{Endpoint, Region};
use super::{model_ref, validate};
use crate::emulator::tokens;

/// Characters of one delta; recorded streams send a few words at a time.
const DELTA_CHARS: usize = 14;

/// `POST /model/{modelId}/converse`
pub async fn converse(
    State(endpoint): State<Endpoint>,
    Extension(Region(region)): Extension<Region>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, ApiError> {
    let started = Instant::now();
    let (answer, request) = prepare(endpoint, &id, &region, body).await?;
    tokio::time::sleep(whole(endpoint.pace, &answer)).await;
    let content: Vec<Value> = answer.blocks.iter().map(block).collect();
    let mut response = json!({
        "output": { "message": { "role": "assistant", "content": content } },
        "stopReason": answer.stop_reason,
        "usage": usage(&answer),
        "metrics": { "latencyMs": millis(started.elapsed()) },
    });
    tier(&mut response, &request);
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
    let (answer, request) = prepare(endpoint, &id, &region, body).await?;
    let frames = Frames {
        steps: steps(endpoint.pace, &answer),
        answer,
        request,
        started,
        sequence: 0,
        ended: false,
    };
    // A step is taken when the connection asks for it: a client that does not read costs nothing,
    // and one that goes away ends the work.
    let body = Body::from_stream(stream::unfold(frames, |mut frames| async move {
        let frame = frames.next().await?;
        Some((Ok::<_, std::convert::Infallible>(frame), frames))
    }));
    let mut response = body.into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    Ok(response)
}

/// Reads, checks and answers; decoding pictures is kept off the threads that serve.
async fn prepare(
    endpoint: Endpoint,
    id: &str,
    region: &str,
    body: Bytes,
) -> Result<(Answer, ConverseRequest), ApiError> {
    let model = model_ref::invoked(id, region)?;
    let prepared = tokio::task::spawn_blocking(move || {
        let request = ConverseRequest::parse(&body)?;
        validate::converse(&request, model)?;
        let answer = answer(&request, model, endpoint.seed)?;
        Ok((answer, request))
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
    json!({
        "inputTokens": answer.input_tokens,
        "outputTokens": answer.output_tokens,
        "totalTokens": answer.input_tokens + answer.output_tokens,
        "cacheReadInputTokens": 0,
        "cacheWriteInputTokens": 0,
    })
}

fn tier(response: &mut Value, request: &ConverseRequest) {
    if let Some(tier) = &request.service_tier {
        response["serviceTier"] = json!({ "type": tier });
    }
}

fn whole(pace: Pace, answer: &Answer) -> Duration {
    pace.first_token(answer.input_tokens) + pace.tokens(answer.output_tokens)
}

/// At least one: the service never measures nothing.
fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis())
        .unwrap_or(u64::MAX)
        .max(1)
}

/// An event, and how long after the one before it comes.
struct Step {
    wait: Duration,
    name: &'static str,
    payload: Value,
}

/// All events but the last, whose latency is known only then.
fn steps(pace: Pace, answer: &Answer) -> VecDeque<Step> {
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
    push(
        Duration::ZERO,
        "messageStop",
        json!({ "stopReason": answer.stop_reason }),
    );
    steps
}

/// A text in pieces of a few words, cut at white space where there is some.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut count = 0;
    for (at, c) in text.char_indices() {
        count += 1;
        let end = at + c.len_utf8();
        if (count >= DELTA_CHARS && c.is_whitespace()) || count >= 3 * DELTA_CHARS {
            pieces.push(&text[start..end]);
            (start, count) = (end, 0);
        }
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

/// A stream under way.
struct Frames {
    steps: VecDeque<Step>,
    answer: Answer,
    request: ConverseRequest,
    started: Instant,
    sequence: usize,
    ended: bool,
}

impl Frames {
    async fn next(&mut self) -> Option<Bytes> {
        if self.ended {
            return None;
        }
        self.sequence += 1;
        let Some(step) = self.steps.pop_front() else {
            self.ended = true;
            return Some(self.metadata());
        };
        if !step.wait.is_zero() {
            tokio::time::sleep(step.wait).await;
        }
        Some(event(step.name, step.payload, self.sequence))
    }

    fn metadata(&self) -> Bytes {
        let mut metadata = json!({
            "usage": usage(&self.answer),
            "metrics": { "latencyMs": millis(self.started.elapsed()) },
        });
        tier(&mut metadata, &self.request);
        event("metadata", metadata, self.sequence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_text() {
        let text = "Grüße aus der Ferne, with a_very_long_word_that_has_no_space_in_it_at_all_and_goes_on and 日本語";
        let pieces = pieces(text);
        assert_eq!(pieces.concat(), text);
        assert!(pieces.len() > 3);
    }
}
