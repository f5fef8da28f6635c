//! The events of a stream, from the JSON that they carry.
//!
//! `frame` says why the SDK does not read them. What is absent or null is read as the SDK reads it, and
//! what this version does not know is named. Shapes: `ConverseStreamOutput` and `ResponseStream` of the
//! service model.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Result, Value};

use super::{answer, usage};
use crate::bedrock::frame::RawEvent;
use crate::chat::{
    BlockDelta, BlockStart, Citation, CitationLocation, Metadata, Metrics, StopReason, StreamEvent,
    ToolResultContent,
};

/// An event of `ConverseStream`.
pub(in crate::bedrock) fn event(raw: &RawEvent) -> Result<StreamEvent> {
    Ok(match raw.name() {
        "contentBlockDelta" => {
            let event: ContentBlockDelta = raw.read()?;
            StreamEvent::BlockDelta {
                index: index(event.content_block_index),
                delta: block_delta(event.delta)?,
            }
        }
        "contentBlockStart" => {
            let event: ContentBlockStart = raw.read()?;
            StreamEvent::BlockStart {
                index: index(event.content_block_index),
                start: block_start(event.start)?,
            }
        }
        "contentBlockStop" => {
            let event: ContentBlockStop = raw.read()?;
            StreamEvent::BlockStop {
                index: index(event.content_block_index),
            }
        }
        "messageStart" => {
            let event: MessageStart = raw.read()?;
            StreamEvent::MessageStart(answer::role_named(&event.role.unwrap_or_default()))
        }
        "messageStop" => {
            let event: MessageStop = raw.read()?;
            StreamEvent::MessageStop {
                stop_reason: StopReason::parse(&event.stop_reason.unwrap_or_default()),
                additional_model_response_fields: event.additional_model_response_fields,
            }
        }
        "metadata" => StreamEvent::Metadata(Box::new(metadata(raw)?)),
        name => StreamEvent::Unknown(name.to_owned()),
    })
}

/// A chunk of `InvokeModelWithResponseStream`, in the model's own form.
pub(in crate::bedrock) fn chunk(raw: &RawEvent) -> Result<Bytes> {
    let chunk: Chunk = raw.read()?;
    Ok(chunk.bytes.unwrap_or_default().0.into())
}

/// A union: one member, by its name.
type Union = Map<String, Value>;

#[derive(Deserialize)]
struct MessageStart {
    role: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ContentBlockStart {
    content_block_index: Option<i32>,
    start: Option<Union>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ContentBlockDelta {
    content_block_index: Option<i32>,
    delta: Option<Union>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ContentBlockStop {
    content_block_index: Option<i32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MessageStop {
    stop_reason: Option<String>,
    additional_model_response_fields: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ConverseStreamMetadata {
    usage: Option<usage::TokenUsage>,
    metrics: Option<ConverseStreamMetrics>,
    performance_config: Option<PerformanceConfiguration>,
    service_tier: Option<ServiceTier>,
    trace: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ConverseStreamMetrics {
    latency_ms: Option<i64>,
}

#[derive(Deserialize)]
struct PerformanceConfiguration {
    latency: Option<String>,
}

#[derive(Deserialize)]
struct ServiceTier {
    r#type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToolUseStart {
    tool_use_id: Option<String>,
    name: Option<String>,
    r#type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToolResultStart {
    tool_use_id: Option<String>,
    status: Option<String>,
    r#type: Option<String>,
}

#[derive(Deserialize)]
struct ImageStart {
    format: Option<String>,
}

#[derive(Deserialize)]
struct ToolUseDelta {
    input: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CitationsDelta {
    title: Option<String>,
    source: Option<String>,
    source_content: Option<Vec<SourceContent>>,
    location: Option<Union>,
}

#[derive(Deserialize)]
struct SourceContent {
    text: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    url: Option<String>,
    domain: Option<String>,
    document_index: Option<i32>,
    search_result_index: Option<i32>,
    start: Option<i32>,
    end: Option<i32>,
}

#[derive(Deserialize)]
struct ImageDelta {
    source: Option<Union>,
    error: Option<ErrorBlock>,
}

#[derive(Deserialize)]
struct ErrorBlock {
    message: Option<String>,
}

#[derive(Deserialize)]
struct S3Location {
    uri: Option<String>,
}

#[derive(Deserialize)]
struct Chunk {
    bytes: Option<Blob>,
}

/// Bytes, in JSON as base64.
#[derive(Default)]
struct Blob(Vec<u8>);

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = BASE64.decode(text).map_err(serde::de::Error::custom)?;
        Ok(Self(bytes))
    }
}

/// The member that is there, as it is named.
fn member(union: Option<Union>) -> (String, Value) {
    union
        .into_iter()
        .flatten()
        .find(|(_, value)| !value.is_null())
        .unwrap_or_else(|| ("unknown".to_owned(), Value::Null))
}

fn block_start(start: Option<Union>) -> Result<BlockStart> {
    let (name, value) = member(start);
    Ok(match name.as_str() {
        "toolUse" => {
            let tool = ToolUseStart::deserialize(value)?;
            BlockStart::ToolUse {
                id: tool.tool_use_id.unwrap_or_default(),
                name: tool.name.unwrap_or_default(),
                kind: tool.r#type,
            }
        }
        "toolResult" => {
            let result = ToolResultStart::deserialize(value)?;
            BlockStart::ToolResult {
                tool_use_id: result.tool_use_id.unwrap_or_default(),
                status: result
                    .status
                    .as_deref()
                    .and_then(answer::tool_result_status),
                kind: result.r#type,
            }
        }
        "image" => BlockStart::Image(ImageStart::deserialize(value)?.format.unwrap_or_default()),
        _ => BlockStart::Unknown(name),
    })
}

fn block_delta(delta: Option<Union>) -> Result<BlockDelta> {
    let (name, value) = member(delta);
    Ok(match name.as_str() {
        "text" => BlockDelta::Text(String::deserialize(value)?),
        "toolUse" => {
            BlockDelta::ToolInput(ToolUseDelta::deserialize(value)?.input.unwrap_or_default())
        }
        "toolResult" => {
            let pieces = Vec::<Union>::deserialize(value)?.into_iter();
            BlockDelta::ToolResult(pieces.map(tool_result_piece).collect::<Result<_>>()?)
        }
        "reasoningContent" => reasoning_delta(Union::deserialize(value)?)?,
        "citation" => BlockDelta::Citation(citation(CitationsDelta::deserialize(value)?)?),
        "image" => image_delta(ImageDelta::deserialize(value)?)?,
        _ => BlockDelta::Unknown(name),
    })
}

fn tool_result_piece(piece: Union) -> Result<ToolResultContent> {
    let (name, value) = member(Some(piece));
    Ok(match name.as_str() {
        "text" => ToolResultContent::Text(String::deserialize(value)?),
        "json" => ToolResultContent::Json(value),
        _ => ToolResultContent::Unknown(name),
    })
}

fn reasoning_delta(piece: Union) -> Result<BlockDelta> {
    let (name, value) = member(Some(piece));
    Ok(match name.as_str() {
        "text" => BlockDelta::ReasoningText(String::deserialize(value)?),
        "signature" => BlockDelta::ReasoningSignature(String::deserialize(value)?),
        "redactedContent" => BlockDelta::RedactedReasoning(bytes(value)?),
        _ => BlockDelta::Unknown(format!("reasoningContent.{name}")),
    })
}

fn image_delta(image: ImageDelta) -> Result<BlockDelta> {
    let (name, value) = member(image.source);
    Ok(match name.as_str() {
        "bytes" => BlockDelta::Image(bytes(value)?),
        "s3Location" => {
            let uri = S3Location::deserialize(value)?.uri.unwrap_or_default();
            BlockDelta::Unknown(format!("image at {uri}"))
        }
        _ => BlockDelta::Unknown(match image.error.and_then(|error| error.message) {
            Some(message) => format!("image that failed: {message}"),
            None => "image without a source".to_owned(),
        }),
    })
}

fn bytes(value: Value) -> Result<Arc<[u8]>> {
    Ok(Blob::deserialize(value)?.0.into())
}

fn citation(delta: CitationsDelta) -> Result<Citation> {
    let content = delta.source_content.into_iter().flatten();
    Ok(Citation {
        title: delta.title,
        source: delta.source,
        source_content: content.filter_map(|part| part.text).collect(),
        location: match delta.location {
            Some(union) => Some(location(union)?),
            None => None,
        },
    })
}

fn location(union: Union) -> Result<CitationLocation> {
    let (name, value) = member(Some(union));
    let read = || Location::deserialize(value);
    Ok(match name.as_str() {
        "web" => {
            let Location { url, domain, .. } = read()?;
            CitationLocation::Web { url, domain }
        }
        "documentChar" => {
            let (document, start, end) = read()?.of_document();
            CitationLocation::DocumentChar {
                document,
                start,
                end,
            }
        }
        "documentPage" => {
            let (document, start, end) = read()?.of_document();
            CitationLocation::DocumentPage {
                document,
                start,
                end,
            }
        }
        "documentChunk" => {
            let (document, start, end) = read()?.of_document();
            CitationLocation::DocumentChunk {
                document,
                start,
                end,
            }
        }
        "searchResultLocation" => {
            let place = read()?;
            CitationLocation::SearchResult {
                search_result: answer::index(place.search_result_index),
                start: answer::index(place.start),
                end: answer::index(place.end),
            }
        }
        _ => CitationLocation::Unknown,
    })
}

impl Location {
    fn of_document(&self) -> (Option<u32>, Option<u32>, Option<u32>) {
        (
            answer::index(self.document_index),
            answer::index(self.start),
            answer::index(self.end),
        )
    }
}

fn metadata(raw: &RawEvent) -> Result<Metadata> {
    let event: ConverseStreamMetadata = raw.read()?;
    Ok(Metadata {
        usage: event.usage.map(Into::into),
        metrics: Metrics {
            latency_ms: event
                .metrics
                .and_then(|metrics| usage::latency_ms(metrics.latency_ms?)),
            time_to_first_token_ms: None,
        },
        service_tier: event
            .service_tier
            .and_then(|tier| usage::service_tier(&tier.r#type?)),
        latency: event
            .performance_config
            .and_then(|config| usage::latency(&config.latency?)),
        trace: event.trace,
    })
}

fn index(index: Option<i32>) -> usize {
    index
        .and_then(|index| usize::try_from(index).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::chat::ToolResultStatus;

    fn start(start: Value) -> BlockStart {
        block_start(Some(union(start))).unwrap()
    }

    fn delta(delta: Value) -> BlockDelta {
        block_delta(Some(union(delta))).unwrap()
    }

    fn union(value: Value) -> Union {
        Union::deserialize(value).unwrap()
    }

    #[test]
    fn a_block_begins_as_what_it_will_be() {
        assert_eq!(
            start(json!({"toolUse": {"toolUseId": "t", "name": "n", "type": "server_tool_use"}})),
            BlockStart::ToolUse {
                id: "t".into(),
                name: "n".into(),
                kind: Some("server_tool_use".into()),
            }
        );
        assert_eq!(
            start(json!({"toolResult": {"toolUseId": "t", "status": "error"}})),
            BlockStart::ToolResult {
                tool_use_id: "t".into(),
                status: Some(ToolResultStatus::Error),
                kind: None,
            }
        );
        assert_eq!(
            start(json!({"image": {"format": "webp"}})),
            BlockStart::Image("webp".into())
        );
        assert_eq!(
            block_start(None).unwrap(),
            BlockStart::Unknown("unknown".into())
        );
    }

    #[test]
    fn every_kind_of_delta_is_read() {
        let text = |text: &str| text.to_owned();
        assert_eq!(delta(json!({"text": "é\n"})), BlockDelta::Text(text("é\n")));
        assert_eq!(
            delta(json!({"toolUse": {"input": "{\"a"}})),
            BlockDelta::ToolInput(text("{\"a"))
        );
        assert_eq!(
            delta(json!({"toolResult": [{"text": "x"}, {"json": {"y": 1.5}}, {"smell": "rose"}]})),
            BlockDelta::ToolResult(vec![
                ToolResultContent::Text(text("x")),
                ToolResultContent::Json(json!({"y": 1.5})),
                ToolResultContent::Unknown(text("smell")),
            ])
        );
        assert_eq!(
            delta(json!({"reasoningContent": {"text": null, "signature": "s"}})),
            BlockDelta::ReasoningSignature(text("s"))
        );
        // "abcd" in base64 is YWJjZA==.
        let abcd: Arc<[u8]> = Arc::from(*b"abcd");
        assert_eq!(
            delta(json!({"reasoningContent": {"redactedContent": "YWJjZA=="}})),
            BlockDelta::RedactedReasoning(Arc::clone(&abcd))
        );
        assert_eq!(
            delta(json!({"image": {"source": {"bytes": "YWJjZA=="}}})),
            BlockDelta::Image(abcd)
        );
        assert_eq!(
            delta(json!({"image": {"error": {"message": "too dark"}}})),
            BlockDelta::Unknown(text("image that failed: too dark"))
        );
    }

    #[test]
    fn citations_say_where() {
        let cited = |location: Value| {
            let delta = delta(json!({"citation": {
                "title": "T", "sourceContent": [{"text": "one"}, {}], "location": location}}));
            let BlockDelta::Citation(citation) = delta else {
                panic!("a citation: {delta:?}");
            };
            assert_eq!(citation.source_content, ["one"]);
            citation.location
        };
        assert_eq!(cited(Value::Null), None);
        assert_eq!(
            cited(json!({"documentPage": {"documentIndex": 0, "start": 3, "end": -1}})),
            Some(CitationLocation::DocumentPage {
                document: Some(0),
                start: Some(3),
                end: None,
            })
        );
        assert_eq!(
            cited(json!({"searchResultLocation": {"searchResultIndex": 2}})),
            Some(CitationLocation::SearchResult {
                search_result: Some(2),
                start: None,
                end: None,
            })
        );
        assert_eq!(
            cited(json!({"web": {"url": "https://example.com/", "domain": "example.com"}})),
            Some(CitationLocation::Web {
                url: Some("https://example.com/".into()),
                domain: Some("example.com".into()),
            })
        );
        assert_eq!(
            cited(json!({"hologram": "blue"})),
            Some(CitationLocation::Unknown)
        );
    }

    #[test]
    fn what_is_no_base64_is_an_error() {
        assert!(bytes(json!("%")).is_err());
        assert!(block_delta(Some(union(json!({"text": 7})))).is_err());
    }
}
