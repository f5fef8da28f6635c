//! `Converse` and `ConverseStream`.

use bedrock_playground::bedrock::{Error, ErrorKind};
use bedrock_playground::chat::{
    CacheTtl, ContentBlock, Invocation, InvocationId, Latency, Message, Request, ServiceTier,
    StreamEvent, Transcript,
};
use serde_json::{Value, json};

use super::{assert_exception, assert_failure};
use crate::support::outcome::outcome;
use crate::support::recording::Recording;
use crate::support::replay::ReplayServer;
use crate::support::wire::{assemble, frames, of_block, without_nulls};

const ID: InvocationId = InvocationId(1);

#[tokio::test]
async fn converse() {
    let Some(recordings) = Recording::of(&["Converse"]) else {
        return;
    };
    for recording in &recordings {
        let (transcript, error) = replay(recording).await;
        let raw: Value = serde_json::from_slice(&recording.body).unwrap_or_default();
        if recording.is_error() || raw.get("output").is_none() {
            if recording.is_error() {
                assert_failure(recording, error);
            } else {
                assert!(error.is_some(), "{}: no answer", recording.name);
            }
            continue;
        }
        assert!(error.is_none(), "{}: {error:?}", recording.name);
        let content = raw["output"]["message"]["content"].as_array().unwrap();
        assert_content(recording, &transcript, content);
        let invocation = invocation(&transcript);
        assert_eq!(
            invocation
                .stop_reason
                .as_ref()
                .map(bedrock_playground::chat::StopReason::as_str),
            raw["stopReason"].as_str(),
            "{}",
            recording.name
        );
        assert_metadata(recording, invocation, &raw);
    }
}

#[tokio::test]
async fn converse_stream() {
    let Some(recordings) = Recording::of(&["ConverseStream"]) else {
        return;
    };
    for recording in &recordings {
        let (transcript, error) = replay(recording).await;
        if recording.is_error() {
            assert_failure(recording, error);
            continue;
        }
        let events = frames(&recording.body);
        assert!(!events.is_empty(), "{}: no frames", recording.name);
        assert_content(recording, &transcript, &assemble(&events));
        if let Some((exception, payload)) =
            events.iter().find(|(name, _)| name.ends_with("Exception"))
        {
            assert_exception(recording, exception, payload, error);
            continue;
        }
        assert!(error.is_none(), "{}: {error:?}", recording.name);
        let invocation = invocation(&transcript);
        assert!(
            invocation.metrics.time_to_first_token_ms.is_some(),
            "{}",
            recording.name
        );
        for (name, payload) in &events {
            match name.as_str() {
                "messageStop" => {
                    assert_eq!(
                        invocation
                            .stop_reason
                            .as_ref()
                            .map(bedrock_playground::chat::StopReason::as_str),
                        payload["stopReason"].as_str()
                    );
                    assert_eq!(
                        invocation.additional_model_response_fields,
                        payload.get("additionalModelResponseFields").cloned()
                    );
                }
                "metadata" => assert_metadata(recording, invocation, payload),
                _ => {}
            }
        }
    }
}

/// What the person would have before them, and how it ended.
async fn replay(recording: &Recording) -> (Transcript, Option<Error>) {
    let server = ReplayServer::start([recording.reply()]).await;
    let message = Message::user(vec![ContentBlock::Text("Hello".into())]);
    let request = Request {
        stream: recording.operation == "ConverseStream",
        ..Request::new(recording.model_id.as_str().into(), vec![message])
    };
    let (events, error) = outcome(server.connect().await.invoke(request)).await;
    let mut transcript = Transcript::default();
    transcript.push_user(vec![ContentBlock::Text("Hello".into())]);
    transcript.begin(Invocation::new(
        ID,
        recording.model_id.as_str().into(),
        "us-east-1",
    ));
    for event in events {
        let unexpected = matches!(event, StreamEvent::Unknown(_));
        assert!(!unexpected, "{}: {event:?}", recording.name);
        transcript.apply(ID, event);
    }
    match &error {
        Some(error) => transcript.fail(ID, error.clone().into()),
        None => transcript.complete(ID),
    }
    (transcript, error)
}

fn invocation(transcript: &Transcript) -> &Invocation {
    transcript.last().unwrap().1.invocation.as_ref().unwrap()
}

fn assert_content(recording: &Recording, transcript: &Transcript, expected: &[Value]) {
    let (_, answer) = transcript.last().unwrap();
    let held: Vec<Value> = answer.message.content.iter().map(of_block).collect();
    let expected: Vec<Value> = expected.iter().map(expected_block).collect();
    assert_eq!(json!(held), json!(expected), "{}", recording.name);
}

/// A recorded block as it must be held: a kind this program knows whole, any other by its name.
fn expected_block(raw: &Value) -> Value {
    const KNOWN: [&str; 6] = [
        "text",
        "image",
        "toolUse",
        "toolResult",
        "reasoningContent",
        "citationsContent",
    ];
    let raw = without_nulls(raw.clone());
    let kind = raw
        .as_object()
        .and_then(|block| block.keys().next())
        .map_or("unknown", String::as_str);
    match kind {
        "citationsContent" => {
            // An absent list and an empty one say the same.
            let part = |name: &str| raw[kind].get(name).cloned().unwrap_or(json!([]));
            json!({kind: {"content": part("content"), "citations": part("citations")}})
        }
        kind if KNOWN.contains(&kind) => raw,
        kind => json!({"unknown": kind}),
    }
}

/// Everything that is billed or measured.
fn assert_metadata(recording: &Recording, invocation: &Invocation, raw: &Value) {
    let name = &recording.name;
    let request_id = recording.header("x-amzn-requestid");
    assert_eq!(invocation.request_id.as_deref(), request_id, "{name}");
    assert_eq!(
        invocation.metrics.latency_ms,
        raw["metrics"]["latencyMs"]
            .as_u64()
            .filter(|latency| *latency > 0),
        "{name}"
    );
    if let Some(usage) = raw.get("usage") {
        let held = invocation
            .usage
            .as_ref()
            .unwrap_or_else(|| panic!("{name}: usage"));
        for (held, member) in [
            (held.input_tokens, "inputTokens"),
            (held.output_tokens, "outputTokens"),
            (held.total_tokens, "totalTokens"),
            (held.cache_read_input_tokens, "cacheReadInputTokens"),
            (held.cache_write_input_tokens, "cacheWriteInputTokens"),
        ] {
            assert_eq!(
                held,
                usage[member].as_u64().unwrap_or(0),
                "{name}: {member}"
            );
        }
        let details: Vec<Value> = held
            .cache_details
            .iter()
            .map(|detail| {
                let ttl = match detail.ttl {
                    CacheTtl::FiveMinutes => "5m",
                    CacheTtl::OneHour => "1h",
                };
                json!({"ttl": ttl, "inputTokens": detail.input_tokens})
            })
            .collect();
        let expected = usage.get("cacheDetails").cloned().unwrap_or(json!([]));
        assert_eq!(json!(details), expected, "{name}");
    }
    assert_eq!(invocation.trace.as_ref(), raw.get("trace"), "{name}");
    let tier = invocation.service_tier.map(|tier| match tier {
        ServiceTier::Priority => "priority",
        ServiceTier::Default => "default",
        ServiceTier::Flex => "flex",
        ServiceTier::Reserved => "reserved",
    });
    assert_eq!(tier, raw["serviceTier"]["type"].as_str(), "{name}");
    let latency = invocation.latency.map(|latency| match latency {
        Latency::Standard => "standard",
        Latency::Optimized => "optimized",
    });
    assert_eq!(
        latency,
        raw["performanceConfig"]["latency"].as_str(),
        "{name}"
    );
}

/// The recordings hold what the walk above is meant to find; were they replaced by poorer ones, it
/// would prove less without saying so.
#[test]
fn the_recordings_are_rich_enough() {
    let Some(recordings) = Recording::of(&["Converse", "ConverseStream"]) else {
        return;
    };
    let all: String = recordings
        .iter()
        .map(|recording| {
            let frames = frames(&recording.body);
            String::from_utf8_lossy(&recording.body).into_owned() + &json!(frames).to_string()
        })
        .collect();
    for word in [
        "documentChar",
        "documentPage",
        "documentChunk",
        "searchResultLocation",
        "\"web\"",
        "redactedContent",
        "signature",
        "cacheDetails",
        "guardrail_intervened",
        "toolResult",
        "performanceConfig",
        "serviceTier",
    ] {
        assert!(
            std::env::var_os("BEDROCK_TRAFFIC").is_some() || all.contains(word),
            "{word}"
        );
    }
}

/// A failed answer is not taken for one that came whole.
#[tokio::test]
async fn an_endpoint_that_answers_200_with_an_error_fails() {
    let Some(recording) = Recording::named("Converse__http200-UnknownOperationException-body.json")
    else {
        return;
    };
    let (_, error) = replay(&recording).await;
    assert_eq!(error.unwrap().kind(), &ErrorKind::UnknownOperation);
}
