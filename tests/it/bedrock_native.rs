//! Models in their own language: what is asked, field by field, and what comes of it.

use axum::body::Bytes;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bedrock_playground::bedrock::{
    ErrorKind, GuardrailContent, GuardrailSource, InvokeModelEvent, InvokeModelRequest,
};
use bedrock_playground::chat::{
    GuardrailConfig, Image, ImageFormat, Latency, MediaSource, ServiceTier,
};
use serde_json::{Value, json};

use crate::support::frames::{event, exception};
use crate::support::outcome::outcome;
use crate::support::replay::{Asked, ReplayServer, Reply};

fn request() -> InvokeModelRequest {
    InvokeModelRequest {
        guardrail: Some(GuardrailConfig {
            id: "gr1".into(),
            version: "2".into(),
            trace: true,
            asynchronous: false,
        }),
        latency: Some(Latency::Optimized),
        service_tier: Some(ServiceTier::Priority),
        request_metadata: vec![("team".into(), "a11y".into())],
        ..InvokeModelRequest::json(
            "amazon.titan-embed-text-v2:0".into(),
            &json!({"inputText": "Hello", "dimensions": 512}),
        )
    }
}

fn assert_fields(asked: &Asked) {
    assert_eq!(
        asked.json(),
        json!({"inputText": "Hello", "dimensions": 512})
    );
    for (header, value) in [
        ("content-type", "application/json"),
        ("x-amzn-bedrock-trace", "ENABLED"),
        ("x-amzn-bedrock-guardrailidentifier", "gr1"),
        ("x-amzn-bedrock-guardrailversion", "2"),
        ("x-amzn-bedrock-performanceconfig-latency", "optimized"),
        ("x-amzn-bedrock-service-tier", "priority"),
        ("x-amzn-bedrock-request-metadata", r#"{"team":"a11y"}"#),
    ] {
        assert_eq!(asked.header(header), Some(value), "{header}");
    }
}

#[tokio::test]
async fn a_native_request_carries_every_field() {
    let reply = Reply::json(200, r#"{"embedding":[0.5]}"#)
        .header("x-amzn-requestid", "r-3")
        .header("x-amzn-bedrock-service-tier", "default")
        .header("x-amzn-bedrock-performanceconfig-latency", "standard")
        .header("x-bedrock-playground-simulated", "true");
    let server = ReplayServer::start([reply]).await;
    let answer = server
        .connect()
        .await
        .invoke_model(request())
        .await
        .unwrap();
    let asked = &server.asked()[0];
    assert_eq!(asked.path, "/model/amazon.titan-embed-text-v2%3A0/invoke");
    assert_eq!(asked.header("accept"), Some("application/json"));
    assert_fields(asked);
    assert_eq!(answer.body, r#"{"embedding":[0.5]}"#);
    assert_eq!(answer.request_id.as_deref(), Some("r-3"));
    assert_eq!(answer.service_tier, Some(ServiceTier::Default));
    assert_eq!(answer.latency, Some(Latency::Standard));
    assert!(answer.simulated);
    assert_eq!(answer.measures.usage, None, "nothing was counted");
}

fn chunk(body: &Value) -> Bytes {
    event(
        "chunk",
        &json!({"bytes": BASE64.encode(body.to_string()), "p": "abc"}),
    )
}

#[tokio::test]
async fn a_native_stream_carries_every_field_and_keeps_what_came() {
    let reply = Reply::events(vec![
        chunk(&json!({"completion": "So"})),
        event("surprise", &json!({})),
        exception("modelTimeoutException", &json!({"message": "Too slow"})),
    ]);
    let server = ReplayServer::start([reply]).await;
    let stream = server.connect().await.invoke_model_stream(request());
    let (events, error) = outcome(stream).await;
    let asked = &server.asked()[0];
    assert!(asked.path.ends_with("/invoke-with-response-stream"));
    assert_eq!(
        asked.header("x-amzn-bedrock-accept"),
        Some("application/json")
    );
    assert_fields(asked);
    assert!(matches!(events[0], InvokeModelEvent::Accepted(_)));
    assert_eq!(
        events[1..],
        [
            InvokeModelEvent::Chunk(r#"{"completion":"So"}"#.into()),
            InvokeModelEvent::Unknown("surprise".into()),
        ]
    );
    let error = error.unwrap();
    assert_eq!(error.kind(), &ErrorKind::ModelTimeout);
    assert_eq!(error.message(), "Too slow");
}

#[tokio::test]
async fn a_native_call_that_may_have_been_billed_is_asked_once() {
    let server = ReplayServer::start([Reply::json(500, r#"{"message":"no"}"#)]).await;
    let connection = server.connect().await;
    assert!(connection.invoke_model(request()).await.is_err());
    assert_eq!(server.asked().len(), 1);
    outcome(connection.invoke_model_stream(request())).await;
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn a_guardrail_looks_at_pictures_too() {
    let body = r#"{"action":"NONE","outputs":[],"assessments":[],"usage":{}}"#;
    let server = ReplayServer::start([Reply::json(200, body)]).await;
    let picture = GuardrailContent::Image(Image {
        format: ImageFormat::Png,
        source: MediaSource::Bytes((*b"abc").into()),
    });
    let verdict = server
        .connect()
        .await
        .apply_guardrail("gr1", "DRAFT", GuardrailSource::Output, &[picture], false)
        .await
        .unwrap();
    assert!(!verdict.intervened);
    assert_eq!(
        server.asked()[0].json(),
        json!({"source": "OUTPUT",
            "content": [{"image": {"format": "png", "source": {"bytes": "YWJj"}}}]})
    );
}
