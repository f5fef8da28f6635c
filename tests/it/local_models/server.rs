//! A small server of the `OpenAI` kind, as Ollama and llama.cpp are.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bedrock_playground::emulator::Upstream;
use serde_json::{Value, json};

/// What the server was asked.
pub type Asked = Arc<Mutex<Vec<Value>>>;

/// A server of the `OpenAI` kind. Dropping the runtime ends it.
pub struct OpenAiLike {
    pub url: String,
    pub asked: Asked,
    _runtime: tokio::runtime::Runtime,
}

impl OpenAiLike {
    pub fn start() -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("threads");
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Asked::default();
        let router = Router::new()
            .route("/v1/models", get(list))
            .route("/api/show", post(show))
            .route("/v1/chat/completions", post(complete))
            .with_state(Arc::clone(&asked));
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self {
            url,
            asked,
            _runtime: runtime,
        }
    }

    pub fn upstream(&self) -> Upstream {
        self.url.parse().expect("an address")
    }

    pub fn last_asked(&self) -> Value {
        let asked = self.asked.lock().expect("not poisoned");
        asked.last().cloned().expect("something was asked")
    }
}

async fn list() -> Json<Value> {
    let named = |name: &str| json!({ "id": name, "object": "model", "owned_by": "library" });
    Json(
        json!({ "object": "list", "data": [named("seer:7b"), named("talker"), named("embedder")] }),
    )
}

/// As Ollama tells it.
async fn show(Json(question): Json<Value>) -> Json<Value> {
    Json(json!({ "capabilities": match question["model"].as_str() {
        Some("seer:7b") => vec!["completion", "vision", "tools"],
        Some("embedder") => vec!["embedding"],
        _ => vec!["completion"],
    } }))
}

async fn complete(State(asked): State<Asked>, Json(request): Json<Value>) -> Response {
    asked.lock().expect("not poisoned").push(request.clone());
    let stream = request["stream"] == true;
    match request["model"].as_str() {
        Some("seer:7b" | "talker") if request.get("tools").is_some() => tool_call(stream),
        Some("seer:7b" | "talker") => words(stream),
        Some("breaking") => events(&[
            json!({ "choices": [{ "index": 0, "delta": { "content": "So far" } }] }),
            json!({ "error": { "message": "out of memory" } }),
        ]),
        Some("silent") => {
            events(&[json!({ "choices": [{ "index": 0, "delta": { "content": "So far" } }] })])
        }
        Some("crowded") => (
            StatusCode::BAD_REQUEST,
            Json(json!({ "error": { "message": "the prompt is longer than the context" } })),
        )
            .into_response(),
        _ => (
            StatusCode::NOT_FOUND,
            Json(json!({ "error": { "message": "model not found, try pulling it first" } })),
        )
            .into_response(),
    }
}

fn words(stream: bool) -> Response {
    let usage = json!({ "prompt_tokens": 21, "completion_tokens": 4, "total_tokens": 25 });
    if !stream {
        return Json(json!({
            "choices": [{ "index": 0, "finish_reason": "length",
                "message": { "role": "assistant", "content": "A blue square", "reasoning": "Look." } }],
            "usage": usage,
        }))
        .into_response();
    }
    let delta = |delta: Value| json!({ "choices": [{ "index": 0, "delta": delta, "finish_reason": null }] });
    let mut chunks = vec![
        delta(json!({ "role": "assistant", "content": "" })),
        delta(json!({ "reasoning_content": "Look." })),
        delta(json!({ "content": "A blue" })),
        delta(json!({ "content": " square" })),
        json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": "stop" }] }),
        json!({ "choices": [], "usage": usage }),
    ];
    // In pieces as the network makes them: not at the ends of lines.
    let mut wire: Vec<u8> = chunks
        .drain(..)
        .flat_map(|chunk| format!("data: {chunk}\n\n").into_bytes())
        .collect();
    wire.extend(b"data: [DONE]\n\n");
    let pieces: Vec<Result<Bytes, Infallible>> = wire
        .chunks(17)
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    Body::from_stream(futures_util::stream::iter(pieces)).into_response()
}

fn tool_call(stream: bool) -> Response {
    let call = |arguments: &str| {
        json!([{ "index": 0, "id": "call_7", "type": "function",
        "function": { "name": "weather", "arguments": arguments } }])
    };
    if !stream {
        return Json(json!({ "choices": [{ "index": 0, "finish_reason": "tool_calls",
            "message": { "role": "assistant", "content": null, "tool_calls": call("{\"city\":\"Oslo\"}") } }] }))
        .into_response();
    }
    let rest = json!([{ "index": 0, "function": { "arguments": "\"Oslo\"}" } }]);
    events(&[
        json!({ "choices": [{ "index": 0, "delta": { "tool_calls": call("{\"city\":") } }] }),
        json!({ "choices": [{ "index": 0, "delta": { "tool_calls": rest } }] }),
        // Ollama says so of calls of tools too.
        json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": "stop" }] }),
    ])
}

fn events(chunks: &[Value]) -> Response {
    let mut wire = String::new();
    for chunk in chunks {
        let _ = write!(wire, "data: {chunk}\n\n");
    }
    wire.into_response()
}
