//! Invocations that the local server answers. Both forms of body are its own: Converse is
//! translated, and a native body is a chat completion already.

use std::collections::VecDeque;
use std::time::Instant;

use axum::Json;
use axum::body::{Body, BodyDataStream};
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use super::client::{LocalServer, message};
use super::events::{Event, Translator};
use super::reply;
use super::request::chat_completion;
use super::routes::Local;
use super::sse::Lines;
use crate::catalog::ModelId;
use crate::emulator::api_error::ApiError;
use crate::emulator::pace::Pace;
use crate::emulator::stream::{self, Source, millis};

/// `POST /model/{modelId}/converse`
pub async fn converse(
    State(local): State<Local>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, ApiError> {
    let started = Instant::now();
    local.faults.admit(Pace::Instant, &id).await?;
    let request = chat_completion(&name(&id)?, &read(&body)?, false)?;
    let answer = local.server.complete(&request).await?;
    let completion = whole(&local.server, answer).await?;
    reply::converse(&completion, millis(started.elapsed()))
        .map(|answer| Json(answer).into_response())
        .ok_or_else(|| local.server.nonsense())
}

/// `POST /model/{modelId}/converse-stream`
pub async fn converse_stream(
    State(local): State<Local>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, ApiError> {
    let started = Instant::now();
    let admitted = local.faults.admit(Pace::Instant, &id).await?;
    let request = chat_completion(&name(&id)?, &read(&body)?, true)?;
    let answer = local.server.complete(&request).await?;
    let writer = Writer::Converse(Translator::new(started));
    let source = Incoming::new(local.server, answer, writer);
    Ok(stream::live(source, admitted.stream))
}

/// `POST /model/{modelId}/invoke`
pub async fn invoke(
    State(local): State<Local>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, ApiError> {
    let started = Instant::now();
    local.faults.admit(Pace::Instant, &id).await?;
    let request = native(&id, &body, false)?;
    let answer = local.server.complete(&request).await?;
    let completion = whole(&local.server, answer).await?;
    let usage = completion["usage"].clone();
    let mut response = Json(completion).into_response();
    let mut tell = |name: &'static str, value: Option<u64>| {
        if let Some(value) = value {
            let headers = response.headers_mut();
            headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
        }
    };
    tell(
        "x-amzn-bedrock-invocation-latency",
        Some(millis(started.elapsed())),
    );
    tell(
        "x-amzn-bedrock-input-token-count",
        usage["prompt_tokens"].as_u64(),
    );
    tell(
        "x-amzn-bedrock-output-token-count",
        usage["completion_tokens"].as_u64(),
    );
    Ok(response)
}

/// `POST /model/{modelId}/invoke-with-response-stream`
pub async fn invoke_with_response_stream(
    State(local): State<Local>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, ApiError> {
    let started = Instant::now();
    let admitted = local.faults.admit(Pace::Instant, &id).await?;
    let request = native(&id, &body, true)?;
    let answer = local.server.complete(&request).await?;
    let writer = Writer::Native(Native {
        started,
        first_byte_ms: None,
        held: None,
        usage: Value::Null,
        finished: false,
    });
    let source = Incoming::new(local.server, answer, writer);
    let mut response = stream::live(source, admitted.stream);
    response.headers_mut().insert(
        HeaderName::from_static("x-amzn-bedrock-content-type"),
        HeaderValue::from_static("application/json"),
    );
    Ok(response)
}

/// The server's own name of a model.
pub fn name(id: &str) -> Result<String, ApiError> {
    let id = ModelId::from(id);
    id.local_name().map(str::to_owned).ok_or_else(|| {
        ApiError::validation(
            "The provided model identifier is invalid. A local server answers here, whose models begin with local.",
        )
    })
}

fn read(body: &[u8]) -> Result<Value, ApiError> {
    serde_json::from_slice(body)
        .ok()
        .filter(Value::is_object)
        .ok_or_else(|| ApiError::serialization("The request body could not be read as JSON"))
}

fn native(id: &str, body: &[u8], stream: bool) -> Result<Value, ApiError> {
    let mut request = read(body)?;
    request["model"] = json!(name(id)?);
    request["stream"] = json!(stream);
    if stream {
        request["stream_options"] = json!({ "include_usage": true });
    }
    Ok(request)
}

async fn whole(server: &LocalServer, answer: Body) -> Result<Value, ApiError> {
    let bytes = server.whole(answer).await?;
    serde_json::from_slice(&bytes).map_err(|_| server.nonsense())
}

/// What becomes of chunks.
enum Writer {
    Converse(Translator),
    Native(Native),
}

/// Chunks as they came. The last is held back, since the measurements belong to it.
struct Native {
    started: Instant,
    first_byte_ms: Option<u64>,
    held: Option<Value>,
    usage: Value,
    finished: bool,
}

impl Native {
    fn chunk(&mut self, chunk: Value) -> Vec<Event> {
        self.first_byte_ms
            .get_or_insert_with(|| millis(self.started.elapsed()));
        if !chunk["usage"].is_null() {
            self.usage = chunk["usage"].clone();
        }
        self.finished |= chunk["choices"][0]["finish_reason"].is_string();
        let before = self.held.replace(chunk);
        before.as_ref().map(packed).into_iter().collect()
    }

    fn end(&mut self) -> Vec<Event> {
        let mut last = self.held.take().unwrap_or_else(|| json!({}));
        let mut metrics = json!({
            "invocationLatency": millis(self.started.elapsed()),
            "firstByteLatency": self.first_byte_ms,
        });
        for (ours, theirs) in [
            ("inputTokenCount", "prompt_tokens"),
            ("outputTokenCount", "completion_tokens"),
        ] {
            if let Some(count) = self.usage[theirs].as_u64() {
                metrics[ours] = json!(count);
            }
        }
        last["amazon-bedrock-invocationMetrics"] = metrics;
        vec![packed(&last)]
    }
}

/// A chunk's payload: base64 within JSON.
fn packed(chunk: &Value) -> Event {
    (
        "chunk",
        json!({ "bytes": STANDARD.encode(chunk.to_string()) }),
    )
}

/// The server's answer while it comes. Dropping it closes the connection, and the server stops.
struct Incoming {
    server: LocalServer,
    body: BodyDataStream,
    lines: Lines,
    writer: Writer,
    ready: VecDeque<Event>,
    ended: bool,
    /// Whether anything came in the form of events at all.
    came: bool,
}

impl Incoming {
    fn new(server: LocalServer, answer: Body, writer: Writer) -> Self {
        Self {
            server,
            body: answer.into_data_stream(),
            lines: Lines::default(),
            writer,
            ready: VecDeque::new(),
            ended: false,
            came: false,
        }
    }

    fn take(&mut self, data: &str) -> Result<(), ApiError> {
        self.came = true;
        if data == "[DONE]" {
            self.end();
            return Ok(());
        }
        let chunk: Value = serde_json::from_str(data).map_err(|_| self.server.nonsense())?;
        if !chunk["error"].is_null() {
            return Err(ApiError {
                message: format!("The local server says: {}", message(data.as_bytes())),
                ..self.server.broken_off()
            });
        }
        let events = match &mut self.writer {
            Writer::Converse(translator) => translator.chunk(&chunk),
            Writer::Native(native) => native.chunk(chunk),
        };
        self.ready.extend(events);
        Ok(())
    }

    fn end(&mut self) {
        if self.ended {
            return;
        }
        self.ended = true;
        let events = match &mut self.writer {
            Writer::Converse(translator) => translator.end(),
            Writer::Native(native) => native.end(),
        };
        self.ready.extend(events);
    }

    /// The connection is over; a server that said why it stopped may leave out the last line.
    fn over(&mut self) -> Result<(), ApiError> {
        let finished = match &self.writer {
            Writer::Converse(translator) => translator.is_finished(),
            Writer::Native(native) => native.finished,
        };
        if !finished {
            return Err(if self.came {
                self.server.broken_off()
            } else {
                self.server.nonsense()
            });
        }
        self.end();
        Ok(())
    }
}

impl Source for Incoming {
    async fn next(&mut self) -> Option<Result<Event, ApiError>> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(Ok(event));
            }
            if self.ended {
                return None;
            }
            let taken = match self.body.next().await {
                Some(Ok(bytes)) => match self.lines.push(&bytes) {
                    Ok(found) => found.iter().try_for_each(|data| self.take(data)),
                    Err(_) => Err(self.server.nonsense()),
                },
                Some(Err(_)) => Err(self.server.broken_off()),
                None => self.over(),
            };
            if let Err(error) = taken {
                self.ended = true;
                return Some(Err(error));
            }
        }
    }
}
