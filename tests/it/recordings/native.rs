//! `InvokeModel`, its stream, `CountTokens` and `ApplyGuardrail`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bedrock_playground::bedrock::{
    ErrorKind, GuardrailContent, GuardrailSource, InvokeModelEvent, InvokeModelRequest, Measures,
};
use bedrock_playground::chat::{ContentBlock, Message, Request};
use serde_json::{Value, json};

use super::{assert_exception, assert_failure};
use crate::support::outcome::outcome;
use crate::support::recording::Recording;
use crate::support::replay::ReplayServer;
use crate::support::wire::frames;

fn request(recording: &Recording) -> InvokeModelRequest {
    InvokeModelRequest::json(
        recording.model_id.as_str().into(),
        &json!({"prompt": "Hello"}),
    )
}

#[tokio::test]
async fn invoke_model() {
    let Some(recordings) = Recording::of(&["InvokeModel"]) else {
        return;
    };
    for recording in &recordings {
        let name = &recording.name;
        let server = ReplayServer::start([recording.reply()]).await;
        let answer = server
            .connect()
            .await
            .invoke_model(request(recording))
            .await;
        if recording.is_error() {
            assert_failure(recording, answer.err());
            continue;
        }
        let answer = answer.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(answer.body, recording.body, "{name}");
        assert_eq!(
            answer.request_id.as_deref(),
            recording.header("x-amzn-requestid")
        );
        let number = |header: &str| -> Option<u64> {
            recording
                .header(&format!("x-amzn-bedrock-{header}"))
                .map(|value| value.parse().unwrap())
        };
        assert_eq!(
            answer.measures.latency_ms,
            number("invocation-latency"),
            "{name}"
        );
        let counted = [
            "input-token-count",
            "output-token-count",
            "cache-read-input-token-count",
            "cache-write-input-token-count",
        ]
        .map(number);
        match answer.measures.usage {
            Some(usage) => {
                let held = [
                    usage.input_tokens,
                    usage.output_tokens,
                    usage.cache_read_input_tokens,
                    usage.cache_write_input_tokens,
                ];
                assert_eq!(held, counted.map(Option::unwrap_or_default), "{name}");
            }
            None => assert_eq!(counted, [None; 4], "{name}"),
        }
    }
}

#[tokio::test]
async fn invoke_model_with_response_stream() {
    let Some(recordings) = Recording::of(&["InvokeModelWithResponseStream"]) else {
        return;
    };
    for recording in &recordings {
        let name = &recording.name;
        let server = ReplayServer::start([recording.reply()]).await;
        let (events, error) = outcome(
            server
                .connect()
                .await
                .invoke_model_stream(request(recording)),
        )
        .await;
        if recording.is_error() {
            assert_failure(recording, error);
            continue;
        }
        if name.contains("damaged-frame") {
            assert_eq!(error.unwrap().kind(), &ErrorKind::StreamCut, "{name}");
            continue;
        }
        let sent = frames(&recording.body);
        let chunks: Vec<Vec<u8>> = sent
            .iter()
            .filter_map(|(_, payload)| Some(BASE64.decode(payload["bytes"].as_str()?).unwrap()))
            .collect();
        let held: Vec<Vec<u8>> = events
            .iter()
            .filter_map(|event| match event {
                InvokeModelEvent::Chunk(chunk) => Some(chunk.to_vec()),
                _ => None,
            })
            .collect();
        assert_eq!(held, chunks, "{name}");
        assert!(
            !events
                .iter()
                .any(|event| matches!(event, InvokeModelEvent::Unknown(_))),
            "{name}"
        );
        match sent.iter().find(|(event, _)| event.ends_with("Exception")) {
            Some((exception, payload)) => assert_exception(recording, exception, payload, error),
            None => assert!(error.is_none(), "{name}: {error:?}"),
        }
        let measured = events.iter().find_map(|event| match event {
            InvokeModelEvent::Measured(measures) => Some(measures.clone()),
            _ => None,
        });
        assert_eq!(measured, expected_measures(&chunks), "{name}");
    }
}

/// What the service hung onto a chunk.
fn expected_measures(chunks: &[Vec<u8>]) -> Option<Measures> {
    let metrics = chunks.iter().find_map(|chunk| {
        let json: Value = serde_json::from_slice(chunk).ok()?;
        json.get("amazon-bedrock-invocationMetrics").cloned()
    })?;
    let number = |name: &str| metrics[name].as_u64();
    let count = |name: &str| number(name).unwrap_or(0);
    let parts = [
        "inputTokenCount",
        "outputTokenCount",
        "cacheReadInputTokenCount",
        "cacheWriteInputTokenCount",
    ];
    Some(Measures {
        usage: Some(bedrock_playground::chat::Usage {
            input_tokens: count(parts[0]),
            output_tokens: count(parts[1]),
            cache_read_input_tokens: count(parts[2]),
            cache_write_input_tokens: count(parts[3]),
            total_tokens: parts.into_iter().map(count).sum(),
            cache_details: Vec::new(),
        }),
        latency_ms: number("invocationLatency"),
        first_byte_latency_ms: number("firstByteLatency"),
    })
}

#[tokio::test]
async fn count_tokens() {
    let Some(recordings) = Recording::of(&["CountTokens"]) else {
        return;
    };
    for recording in &recordings {
        let server = ReplayServer::start([recording.reply()]).await;
        let message = Message::user(vec![ContentBlock::Text("Hello".into())]);
        let request = Request::new(
            "us.anthropic.claude-sonnet-4-20250514-v1:0".into(),
            vec![message],
        );
        let counted = server.connect().await.count_tokens(&request).await;
        assert_eq!(
            server.asked()[0].path,
            "/model/anthropic.claude-sonnet-4-20250514-v1%3A0/count-tokens",
            "profiles do not count"
        );
        assert_eq!(
            server.asked()[0].json(),
            json!({"input": {"converse": {
                "messages": [{"role": "user", "content": [{"text": "Hello"}]}]}}})
        );
        if recording.is_error() {
            assert_failure(recording, counted.err());
            continue;
        }
        let raw: Value = serde_json::from_slice(&recording.body).unwrap();
        assert_eq!(
            counted.ok(),
            raw["inputTokens"].as_u64(),
            "{}",
            recording.name
        );
    }
}

#[tokio::test]
async fn apply_guardrail() {
    let Some(recordings) = Recording::of(&["ApplyGuardrail"]) else {
        return;
    };
    for recording in &recordings {
        let name = &recording.name;
        let server = ReplayServer::start([recording.reply()]).await;
        let content = GuardrailContent::Text {
            text: "Hello".into(),
            qualifiers: vec!["query".into()],
        };
        let verdict = server
            .connect()
            .await
            .apply_guardrail("gr1", "1", GuardrailSource::Input, &[content], true)
            .await;
        let asked = &server.asked()[0];
        assert_eq!(asked.path, "/guardrail/gr1/version/1/apply");
        assert_eq!(
            asked.json(),
            json!({"source": "INPUT", "outputScope": "FULL",
                "content": [{"text": {"text": "Hello", "qualifiers": ["query"]}}]})
        );
        if recording.is_error() {
            assert_failure(recording, verdict.err());
            continue;
        }
        let verdict = verdict.unwrap_or_else(|error| panic!("{name}: {error}"));
        let raw: Value = serde_json::from_slice(&recording.body).unwrap();
        assert_eq!(
            verdict.intervened,
            raw["action"] == "GUARDRAIL_INTERVENED",
            "{name}"
        );
        assert_eq!(
            verdict.action_reason.as_deref(),
            raw["actionReason"].as_str()
        );
        let outputs: Vec<Value> = verdict
            .outputs
            .iter()
            .map(|text| json!({"text": text}))
            .collect();
        assert_eq!(json!(outputs), raw["outputs"], "{name}");
        assert_eq!(json!(verdict.assessments), raw["assessments"], "{name}");
        assert_eq!(verdict.usage.as_ref(), raw.get("usage"), "{name}");
        assert_eq!(
            verdict.coverage.as_ref(),
            raw.get("guardrailCoverage"),
            "{name}"
        );
        assert_eq!(
            verdict.request_id.as_deref(),
            recording.header("x-amzn-requestid")
        );
    }
}
