//! `InvokeModel` and its stream: a model in its own language, for what Converse does not do
//! (embeddings, images) and for those who want to see the native bodies.

use aws_sdk_bedrockruntime::types as sdk;
use aws_smithy_types::Blob;
use bytes::Bytes;
use serde_json::Value;

use super::Connection;
use super::convert::request::{latency_type, service_tier_type};
use super::convert::stream;
use super::error::{self, Error};
use super::event_stream::{EventStream, Events};
use super::observe::{Head, Observer};
use super::patience::silence;
use super::receive::Receiver;
use crate::catalog::ModelId;
use crate::chat::{GuardrailConfig, Latency, ServiceTier, Usage};

/// What `InvokeModel` is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct InvokeModelRequest {
    /// The model, profile or ARN.
    pub model_id: ModelId,
    /// The body in the model's own form; JSON for every model there is.
    pub body: Bytes,
    /// The body's type.
    pub content_type: String,
    /// The type wanted back.
    pub accept: String,
    /// The guardrail that looks at prompt and answer; it has no asynchronous mode here.
    pub guardrail: Option<GuardrailConfig>,
    /// Standard or latency-optimised inference.
    pub latency: Option<Latency>,
    /// What is paid for priority.
    pub service_tier: Option<ServiceTier>,
    /// Names and values that invocation logs carry.
    pub request_metadata: Vec<(String, String)>,
}

impl InvokeModelRequest {
    /// A request in JSON with all else left out.
    #[must_use]
    pub fn json(model_id: ModelId, body: &Value) -> Self {
        Self {
            model_id,
            body: body.to_string().into(),
            content_type: "application/json".into(),
            accept: "application/json".into(),
            guardrail: None,
            latency: None,
            service_tier: None,
            request_metadata: Vec::new(),
        }
    }
}

/// What `InvokeModel` answers, or how its stream begins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InvokeModelAnswer {
    /// The body in the model's own form; empty for a stream.
    pub body: Bytes,
    /// The body's type.
    pub content_type: String,
    /// What it took, as the service counted it.
    pub measures: Measures,
    /// The latency mode that really served the request.
    pub latency: Option<Latency>,
    /// The tier that really served the request.
    pub service_tier: Option<ServiceTier>,
    /// What AWS support asks for.
    pub request_id: Option<String>,
    /// Whether the embedded endpoint answered.
    pub simulated: bool,
}

/// What a call took, as the service counted it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measures {
    /// Tokens, when they were counted.
    pub usage: Option<Usage>,
    /// Milliseconds from the request's arrival to the answer's end.
    pub latency_ms: Option<u64>,
    /// Milliseconds to the first piece; streams only.
    pub first_byte_latency_ms: Option<u64>,
}

/// One step of a native stream.
#[derive(Clone, Debug, PartialEq)]
pub enum InvokeModelEvent {
    /// The service accepted the request; before any chunk.
    Accepted(Box<InvokeModelAnswer>),
    /// A piece in the model's own form.
    Chunk(Bytes),
    /// What it took; the service hangs it onto the last chunk.
    Measured(Measures),
    /// An event this program does not know, by name.
    Unknown(String),
}

/// Hands a request to the builder of either operation.
macro_rules! fill {
    ($builder:expr, $request:expr) => {{
        let request = $request;
        $builder
            .model_id(request.model_id.as_str())
            .body(Blob::new(request.body))
            .content_type(request.content_type)
            .accept(request.accept)
            .set_trace(request.guardrail.as_ref().map(trace))
            .set_guardrail_identifier(request.guardrail.as_ref().map(|used| used.id.clone()))
            .set_guardrail_version(request.guardrail.map(|used| used.version))
            .set_performance_config_latency(request.latency.map(latency_type))
            .set_service_tier(request.service_tier.map(service_tier_type))
            .set_request_metadata(metadata(&request.request_metadata))
    }};
}

impl Connection {
    /// Invokes a model in its own language and waits for the whole answer.
    ///
    /// # Errors
    /// As for every invocation. One that may have been billed is not repeated.
    pub async fn invoke_model(
        &self,
        request: InvokeModelRequest,
    ) -> Result<InvokeModelAnswer, Error> {
        let call = self.call("InvokeModel", Some(&request.model_id));
        let observer = Observer::default();
        let sending = fill!(self.runtime().invoke_model(), request)
            .customize()
            .interceptor(observer.clone())
            .send();
        let output = tokio::time::timeout(self.patience().whole_answer, sending)
            .await
            .map_err(|_| silence(&call, self.patience().whole_answer))?
            .map_err(|error| error::from_sdk(&error, &call))?;
        let head = observer.head();
        Ok(InvokeModelAnswer {
            body: output.body.into_inner().into(),
            content_type: output.content_type,
            measures: from_headers(&head),
            latency: latency(output.performance_config_latency.as_ref()),
            service_tier: service_tier(output.service_tier.as_ref()),
            request_id: head.request_id,
            simulated: head.simulated,
        })
    }

    /// Invokes a model in its own language and gives the answer piece by piece. Nothing is sent
    /// before the first event is asked for; dropping the stream cancels the call.
    pub fn invoke_model_stream(
        &self,
        request: InvokeModelRequest,
    ) -> EventStream<InvokeModelEvent> {
        let connection = self.clone();
        EventStream::of(move |events| async move { connection.stream_model(request, events).await })
    }

    async fn stream_model(
        &self,
        request: InvokeModelRequest,
        events: Events<InvokeModelEvent>,
    ) -> Result<(), Error> {
        let call = self.call("InvokeModelWithResponseStream", Some(&request.model_id));
        let observer = Observer::of_events();
        let sending = fill!(self.runtime().invoke_model_with_response_stream(), request)
            .customize()
            .interceptor(observer.clone())
            .send();
        let output = tokio::time::timeout(self.patience().first_event, sending)
            .await
            .map_err(|_| silence(&call, self.patience().first_event))?
            .map_err(|error| error::from_sdk(&error, &call))?;
        let head = observer.head();
        let begin = InvokeModelAnswer {
            body: Bytes::new(),
            content_type: output.content_type.clone(),
            measures: Measures::default(),
            latency: latency(output.performance_config_latency.as_ref()),
            service_tier: service_tier(output.service_tier.as_ref()),
            request_id: head.request_id.clone(),
            simulated: head.simulated,
        };
        events
            .put(InvokeModelEvent::Accepted(Box::new(begin)))
            .await;
        let silence_allowed = self.patience().between_events;
        let received = async {
            let receiver = Receiver::begin(&call, &observer, silence_allowed).await?;
            receive(receiver, &events).await
        };
        received
            .await
            .map_err(|error| error.with_request_id(head.request_id))
    }
}

async fn receive(
    mut receiver: Receiver<'_>,
    events: &Events<InvokeModelEvent>,
) -> Result<(), Error> {
    while let Some(event) = receiver.next().await? {
        if event.name() != "chunk" {
            let name = event.name().to_owned();
            events.put(InvokeModelEvent::Unknown(name)).await;
            continue;
        }
        let chunk = stream::chunk(&event).map_err(|error| receiver.damaged(error))?;
        let measured = from_chunk(&chunk);
        events.put(InvokeModelEvent::Chunk(chunk)).await;
        if let Some(measures) = measured {
            events.put(InvokeModelEvent::Measured(measures)).await;
        }
    }
    Ok(())
}

fn trace(guardrail: &GuardrailConfig) -> sdk::Trace {
    if guardrail.trace {
        sdk::Trace::Enabled
    } else {
        sdk::Trace::Disabled
    }
}

/// The header takes a JSON object.
fn metadata(pairs: &[(String, String)]) -> Option<String> {
    let object: serde_json::Map<String, Value> = pairs
        .iter()
        .map(|(name, value)| (name.clone(), value.clone().into()))
        .collect();
    (!object.is_empty()).then(|| Value::Object(object).to_string())
}

fn latency(latency: Option<&sdk::PerformanceConfigLatency>) -> Option<Latency> {
    match latency?.as_str() {
        "standard" => Some(Latency::Standard),
        "optimized" => Some(Latency::Optimized),
        _ => None,
    }
}

fn service_tier(tier: Option<&sdk::ServiceTierType>) -> Option<ServiceTier> {
    match tier?.as_str() {
        "priority" => Some(ServiceTier::Priority),
        "default" => Some(ServiceTier::Default),
        "flex" => Some(ServiceTier::Flex),
        "reserved" => Some(ServiceTier::Reserved),
        _ => None,
    }
}

/// A whole answer carries its measures in headers.
fn from_headers(head: &Head) -> Measures {
    let number = |name: &str| head.measures.get(name)?.trim().parse::<u64>().ok();
    Measures {
        usage: usage(
            number("input-token-count"),
            number("output-token-count"),
            number("cache-read-input-token-count"),
            number("cache-write-input-token-count"),
        ),
        latency_ms: number("invocation-latency"),
        first_byte_latency_ms: None,
    }
}

/// A stream carries them in its last chunk.
fn from_chunk(chunk: &[u8]) -> Option<Measures> {
    let json: Value = serde_json::from_slice(chunk).ok()?;
    let metrics = json.get("amazon-bedrock-invocationMetrics")?;
    let number = |name: &str| metrics.get(name).and_then(Value::as_u64);
    Some(Measures {
        usage: usage(
            number("inputTokenCount"),
            number("outputTokenCount"),
            number("cacheReadInputTokenCount"),
            number("cacheWriteInputTokenCount"),
        ),
        latency_ms: number("invocationLatency"),
        first_byte_latency_ms: number("firstByteLatency"),
    })
}

/// Usage, when any of it was counted. Models without text count no output.
fn usage(
    input: Option<u64>,
    output: Option<u64>,
    cache_read: Option<u64>,
    cache_write: Option<u64>,
) -> Option<Usage> {
    input.or(output)?;
    let count = |tokens: Option<u64>| tokens.unwrap_or_default();
    Some(Usage {
        input_tokens: count(input),
        output_tokens: count(output),
        total_tokens: count(input) + count(output) + count(cache_read) + count(cache_write),
        cache_read_input_tokens: count(cache_read),
        cache_write_input_tokens: count(cache_write),
        cache_details: Vec::new(),
    })
}
