//! The embedded endpoint's `InvokeModel` and its relatives, through the real SDK; and faults on
//! request, as this program's own client sees them.

use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::error::ProvideErrorMetadata as _;
use aws_sdk_bedrockruntime::primitives::Blob;
use aws_sdk_bedrockruntime::types::ResponseStream;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bedrock_playground::bedrock::{Connection, ErrorKind};
use bedrock_playground::chat::{BlockDelta, ContentBlock, Message, Request, StreamEvent};
use bedrock_playground::emulator::{FaultKind, FaultReach, Faults, Pace, Server, Settings};
use serde_json::{Value, json};

use crate::support::outcome::outcome;
use crate::support::replay::connect;
use crate::support::sdk;

async fn server() -> Server {
    let settings = Settings {
        pace: Pace::Instant,
        ..Settings::default()
    };
    Server::start(settings).await.expect("the endpoint starts")
}

fn client(server: &Server) -> Client {
    sdk::runtime(&server.url())
}

async fn invoke(client: &Client, model: &str, body: Value) -> Value {
    let answer = client
        .invoke_model()
        .model_id(model)
        .body(Blob::new(body.to_string()))
        .send()
        .await
        .expect("an answer");
    serde_json::from_slice(answer.body().as_ref()).expect("JSON")
}

async fn refused(client: &Client, model: &str, body: Value) -> String {
    let error = client
        .invoke_model()
        .model_id(model)
        .body(Blob::new(body.to_string()))
        .send()
        .await
        .expect_err("a refusal");
    assert_eq!(error.code(), Some("ValidationException"));
    error.message().unwrap_or_default().to_owned()
}

async fn streamed(client: &Client, model: &str, body: &Value) -> Vec<Value> {
    let mut stream = client
        .invoke_model_with_response_stream()
        .model_id(model)
        .body(Blob::new(body.to_string()))
        .send()
        .await
        .expect("a stream")
        .body;
    let mut chunks = Vec::new();
    while let Some(event) = stream.recv().await.expect("an event") {
        let ResponseStream::Chunk(part) = event else {
            panic!("a chunk")
        };
        let bytes = part.bytes().expect("bytes").as_ref().to_vec();
        chunks.push(serde_json::from_slice(&bytes).expect("JSON"));
    }
    chunks
}

/// Model, body, where its whole answer's text is, and where a chunk's is.
fn families() -> Vec<(&'static str, Value, &'static str, &'static str)> {
    let messages = json!([{ "role": "user", "content": "Rivers" }]);
    vec![
        (
            "us.anthropic.claude-haiku-4-5-20251001-v1:0",
            json!({ "anthropic_version": "bedrock-2023-05-31", "max_tokens": 500, "messages": messages }),
            "/content/0/text",
            "/delta/text",
        ),
        (
            "amazon.nova-micro-v1:0",
            json!({ "messages": [{ "role": "user", "content": [{ "text": "Rivers" }] }] }),
            "/output/message/content/0/text",
            "/contentBlockDelta/delta/text",
        ),
        (
            "amazon.titan-text-express-v1",
            json!({ "inputText": "Rivers" }),
            "/results/0/outputText",
            "/outputText",
        ),
        (
            "meta.llama3-70b-instruct-v1:0",
            json!({ "prompt": "Rivers" }),
            "/generation",
            "/generation",
        ),
        (
            "mistral.mistral-7b-instruct-v0:2",
            json!({ "prompt": "Rivers" }),
            "/outputs/0/text",
            "/outputs/0/text",
        ),
        (
            "cohere.command-r-v1:0",
            json!({ "message": "Rivers" }),
            "/text",
            "/text",
        ),
        (
            "openai.gpt-oss-20b-1:0",
            json!({ "messages": messages }),
            "/choices/0/message/content",
            "/choices/0/delta/content",
        ),
    ]
}

#[tokio::test]
async fn each_family_gets_the_same_text_whole_and_in_pieces() {
    let server = server().await;
    let client = client(&server);
    for (model, body, whole, piece) in families() {
        let answer = invoke(&client, model, body.clone()).await;
        let text = answer
            .pointer(whole)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("{model}: {answer}"));
        assert!(
            text.contains("Rivers") && text.contains("simulate"),
            "{model}: {text}"
        );
        let chunks = streamed(&client, model, &body).await;
        let joined: String = chunks
            .iter()
            .filter_map(|chunk| chunk.pointer(piece)?.as_str())
            .collect();
        assert_eq!(joined, text, "{model}");
        let last = chunks.last().expect("a last chunk");
        // Recorded: every family's last chunk carries these.
        for name in [
            "inputTokenCount",
            "outputTokenCount",
            "invocationLatency",
            "firstByteLatency",
        ] {
            assert!(
                last["amazon-bedrock-invocationMetrics"][name].is_u64(),
                "{model}: {last}"
            );
        }
    }
}

#[tokio::test]
async fn anthropics_required_members_are_required() {
    let server = server().await;
    let client = client(&server);
    let body = json!({ "anthropic_version": "bedrock-2023-05-31", "messages": [] });
    let message = refused(&client, "us.anthropic.claude-haiku-4-5-20251001-v1:0", body).await;
    assert_eq!(message, "max_tokens: Field required");
}

#[tokio::test]
async fn embeddings_have_the_dimensions_asked_for() {
    let server = server().await;
    let client = client(&server);
    for (model, body, pointer, dimensions) in [
        (
            "amazon.titan-embed-text-v1",
            json!({ "inputText": "Hello World!" }),
            "/embedding",
            1_536,
        ),
        (
            "amazon.titan-embed-text-v2:0",
            json!({ "inputText": "Hello World!" }),
            "/embedding",
            1_024,
        ),
        (
            "amazon.titan-embed-text-v2:0",
            json!({ "inputText": "Hello World!", "dimensions": 512 }),
            "/embedding",
            512,
        ),
        (
            "cohere.embed-english-v3",
            json!({ "texts": ["a", "b"], "input_type": "search_document" }),
            "/embeddings/1",
            1_024,
        ),
        (
            "us.cohere.embed-v4:0",
            json!({ "texts": ["a"], "input_type": "search_document", "output_dimension": 512 }),
            "/embeddings/float/0",
            512,
        ),
    ] {
        let answer = invoke(&client, model, body).await;
        let vector = answer
            .pointer(pointer)
            .and_then(Value::as_array)
            .unwrap_or_else(|| panic!("{model}: {answer}"));
        assert_eq!(vector.len(), dimensions, "{model}");
        let length: f64 = vector
            .iter()
            .filter_map(Value::as_f64)
            .map(|value| value * value)
            .sum();
        // The first Titan leaves its vectors as they are; a recorded one is 19.76 long.
        let expected = if model.ends_with("text-v1") {
            400.0
        } else {
            1.0
        };
        assert!((length / expected - 1.0).abs() < 1e-6, "{model}: {length}");
    }
    let message = refused(
        &client,
        "amazon.titan-embed-text-v2:0",
        json!({ "inputText": "x", "dimensions": 7 }),
    )
    .await;
    assert!(message.contains("#/dimensions"), "{message}");
}

/// A length that is not offered is refused before room is made for it.
#[tokio::test]
async fn embeddings_of_lengths_not_offered_are_refused() {
    let server = server().await;
    let client = client(&server);
    for wanted in [json!(0), json!(u64::MAX), json!(-1), json!("512")] {
        let body =
            json!({ "texts": ["a"], "input_type": "search_document", "output_dimension": wanted });
        refused(&client, "cohere.embed-v4:0", body.clone()).await;
        refused(&client, "cohere.embed-english-v3", body).await;
    }
}

#[tokio::test]
async fn images_have_the_size_asked_for_and_the_seed_decides() {
    let server = server().await;
    let client = client(&server);
    let body = |width: u32, seed: u64| {
        json!({
            "taskType": "TEXT_IMAGE",
            "textToImageParams": { "text": "a lake" },
            "imageGenerationConfig": { "width": width, "height": 512, "seed": seed, "numberOfImages": 1 },
        })
    };
    let mut images = Vec::new();
    for seed in [42, 42, 43] {
        let answer = invoke(&client, "amazon.nova-canvas-v1:0", body(512, seed)).await;
        let coded = answer["images"][0].as_str().expect("an image").to_owned();
        let picture =
            image::load_from_memory(&STANDARD.decode(&coded).expect("base64")).expect("a PNG");
        assert_eq!((picture.width(), picture.height()), (512, 512));
        images.push(coded);
    }
    assert_eq!(images[0], images[1]);
    assert_ne!(images[0], images[2]);
    let message = refused(&client, "amazon.nova-canvas-v1:0", body(330, 1)).await;
    assert!(message.contains("multiples of 16"), "{message}");
}

#[tokio::test]
async fn tokens_are_counted_for_claude_alone() {
    let server = server().await;
    let connection = connect(&server.url()).await;
    let request = |model: &str| {
        Request::new(
            model.into(),
            vec![Message::user(vec![ContentBlock::Text(
                "four and four".into(),
            )])],
        )
    };
    let counted = connection
        .count_tokens(&request("anthropic.claude-sonnet-4-20250514-v1:0"))
        .await
        .expect("a count");
    // 13 characters at four a token.
    assert_eq!(counted, 4);
    let error = connection
        .count_tokens(&request("amazon.nova-lite-v1:0"))
        .await
        .expect_err("unsupported");
    // As recorded.
    assert_eq!(
        error.message(),
        "The provided model doesn't support counting tokens."
    );
}

async fn ask(connection: &Connection) -> (String, Option<ErrorKind>) {
    let message = Message::user(vec![ContentBlock::Text("Rivers".into())]);
    let (events, error) =
        outcome(connection.invoke(Request::new("amazon.nova-lite-v1:0".into(), vec![message])))
            .await;
    let text = events
        .iter()
        .filter_map(|event| match event {
            StreamEvent::BlockDelta {
                delta: BlockDelta::Text(text),
                ..
            } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    (text, error.map(|error| error.kind().clone()))
}

#[tokio::test]
async fn faults_come_when_they_are_asked_for_and_go_again() {
    let server = server().await;
    let connection = connect(&server.url()).await;
    let (whole, error) = ask(&connection).await;
    assert_eq!(error, None);

    server.set_faults(Faults {
        fail_nth: Some((2, FaultKind::AccessDenied)),
        ..Faults::default()
    });
    assert_eq!(ask(&connection).await.1, None, "the first goes through");
    assert!(
        matches!(ask(&connection).await.1, Some(ErrorKind::AccessDenied(_))),
        "the second does not"
    );

    server.set_faults(Faults {
        cut_after_events: Some(4),
        ..Faults::default()
    });
    let (text, error) = ask(&connection).await;
    assert_eq!(error, Some(ErrorKind::StreamCut));
    assert!(
        !text.is_empty() && whole.starts_with(&text),
        "what came before is kept: {text}"
    );

    server.set_faults(Faults {
        break_after_events: Some(4),
        ..Faults::default()
    });
    let (text, error) = ask(&connection).await;
    assert_eq!(error, Some(ErrorKind::StreamCut));
    assert!(
        whole.starts_with(&text),
        "a broken connection is no end: {text}"
    );

    server.set_faults(Faults {
        corrupt_event: Some(3),
        ..Faults::default()
    });
    let (text, error) = ask(&connection).await;
    assert!(error.is_some(), "a checksum that does not fit is an error");
    assert!(whole.starts_with(&text));

    server.set_faults(Faults {
        throttling_share: 1.0,
        ..Faults::default()
    });
    assert_eq!(ask(&connection).await.1, Some(ErrorKind::Throttled));

    server.set_faults(Faults::default());
    assert_eq!(ask(&connection).await, (whole, None));
}

#[tokio::test]
async fn an_asynchronous_invocation_is_started_and_asked_after() {
    let server = server().await;
    let client = client(&server);
    let start = |uri: &str| {
        client
            .start_async_invoke()
            .model_id("amazon.nova-reel-v1:0")
            .model_input(aws_smithy_types::Document::Object(
                std::collections::HashMap::new(),
            ))
            .output_data_config(
                aws_sdk_bedrockruntime::types::AsyncInvokeOutputDataConfig::S3OutputDataConfig(
                    aws_sdk_bedrockruntime::types::AsyncInvokeS3OutputDataConfig::builder()
                        .s3_uri(uri)
                        .build()
                        .expect("a place"),
                ),
            )
            .send()
    };
    let arn = start("s3://bucket/videos")
        .await
        .expect("it starts")
        .invocation_arn()
        .to_owned();
    let asked = client
        .get_async_invoke()
        .invocation_arn(&arn)
        .send()
        .await
        .expect("it is known");
    assert_eq!(asked.invocation_arn(), arn);
    assert_eq!(
        asked.status().as_str(),
        "Completed",
        "at once, as this endpoint was told"
    );
    let listed = client.list_async_invokes().send().await.expect("a list");
    assert_eq!(listed.async_invoke_summaries().len(), 1);
    let error = start("elsewhere").await.expect_err("no place in S3");
    assert_eq!(error.code(), Some("ValidationException"));
}

#[tokio::test]
async fn lists_meet_only_faults_that_are_for_them() {
    let server = server().await;
    let connection = connect(&server.url()).await;
    let denied = |reach| Faults {
        reach,
        fail_nth: Some((1, FaultKind::AccessDenied)),
        ..Faults::default()
    };
    server.set_faults(denied(FaultReach::Invocations));
    assert!(connection.guardrails(None).await.is_ok(), "not meant");
    let denied_kind = |error: Option<ErrorKind>| matches!(error, Some(ErrorKind::AccessDenied(_)));
    assert!(denied_kind(ask(&connection).await.1));

    server.set_faults(denied(FaultReach::Lists));
    assert_eq!(ask(&connection).await.1, None, "neither met nor counted");
    let error = connection
        .guardrails(None)
        .await
        .expect_err("the first list");
    assert!(denied_kind(Some(error.kind().clone())));
    assert!(connection.guardrails(None).await.is_ok(), "the second");

    server.set_faults(denied(FaultReach::Everything));
    assert!(connection.guardrails(None).await.is_err(), "the first");
    assert_eq!(ask(&connection).await.1, None, "the second");
}
