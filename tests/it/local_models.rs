//! A local server behind the endpoint: a small one of the `OpenAI` kind that these tests start, seen
//! through the real SDK, the command line and the window.

mod server;

use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::error::ProvideErrorMetadata as _;
use aws_sdk_bedrockruntime::operation::converse_stream::ConverseStreamOutput;
use aws_sdk_bedrockruntime::primitives::Blob;
use aws_sdk_bedrockruntime::types::{
    ContentBlock, ContentBlockDelta, ContentBlockStart, ConversationRole,
    ConverseStreamOutput as Event, ImageBlock, ImageFormat, ImageSource, Message, StopReason,
};
use axum::body::Body;
use bedrock_playground::catalog::Modality;
use bedrock_playground::emulator::{LOCAL_HEADER, Server, Settings, StartError, Upstream};
use bedrock_playground::tasks::{Session, SessionOptions};
use serde_json::{Value, json};

use self::server::OpenAiLike;
use crate::cli::{Cli, lines, stderr, text};
use crate::support::sdk;
use crate::support::window::{ask_and_wait, on_screen, shows, wait_for, window};

async fn endpoint(upstream: Upstream) -> Server {
    let settings = Settings {
        upstream: Some(upstream),
        ..Settings::default()
    };
    Server::start(settings).await.expect("the endpoint starts")
}

fn sdk(server: &Server) -> Client {
    sdk::runtime_without_retries(&server.url())
}

fn said(content: ContentBlock) -> Message {
    Message::builder()
        .role(ConversationRole::User)
        .content(content)
        .build()
        .expect("a message")
}

async fn all(mut answer: ConverseStreamOutput) -> Vec<Event> {
    let mut events = Vec::new();
    while let Some(event) = answer.stream.recv().await.expect("an event") {
        events.push(event);
    }
    events
}

/// On this thread; the server has its own.
fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new()
        .expect("threads")
        .block_on(future)
}

#[test]
fn models_are_listed_with_ids_of_their_own_and_what_they_can_do() {
    let server = OpenAiLike::start();
    let catalog = run(async {
        let session = Session::open(SessionOptions {
            upstream: Some(server.upstream()),
            ..SessionOptions::default()
        })
        .await
        .expect("a session");
        assert_eq!(session.label(), "Local models");
        session.connection().catalog().await.expect("a list")
    });
    let listed: Vec<(&str, bool)> = catalog
        .models
        .iter()
        .map(|model| (model.id.as_str(), model.describes_images()))
        .collect();
    assert_eq!(
        listed,
        [("local.seer:7b", true), ("local.talker", false)],
        "what only embeds is no model to talk to"
    );
    assert_eq!(catalog.models[1].input_modalities, [Modality::Text]);
    assert!(catalog.profiles.is_empty());
}

#[test]
fn an_answer_streams_as_bedrocks_do() {
    let server = OpenAiLike::start();
    let events = run(async {
        let endpoint = endpoint(server.upstream()).await;
        let image = ImageBlock::builder()
            .format(ImageFormat::Png)
            .source(ImageSource::Bytes(Blob::new([1_u8, 2, 3])))
            .build()
            .expect("an image");
        let message = Message::builder()
            .role(ConversationRole::User)
            .content(ContentBlock::Image(image))
            .content(ContentBlock::Text("What is this?".into()))
            .build()
            .expect("a message");
        let answer = sdk(&endpoint)
            .converse_stream()
            .model_id("local.seer:7b")
            .system(aws_sdk_bedrockruntime::types::SystemContentBlock::Text(
                "Be brief".into(),
            ))
            .messages(message)
            .inference_config(
                aws_sdk_bedrockruntime::types::InferenceConfiguration::builder()
                    .max_tokens(50)
                    .temperature(0.5)
                    .stop_sequences("END")
                    .build(),
            )
            .send()
            .await
            .expect("an answer");
        all(answer).await
    });
    assert_eq!(
        server.last_asked(),
        json!({
            "model": "seer:7b",
            "messages": [
                { "role": "system", "content": "Be brief" },
                { "role": "user", "content": [
                    // base64 of the bytes 1, 2, 3
                    { "type": "image_url", "image_url": { "url": "data:image/png;base64,AQID" } },
                    { "type": "text", "text": "What is this?" },
                ] },
            ],
            "max_tokens": 50,
            "temperature": 0.5,
            "stop": ["END"],
            "stream": true,
            "stream_options": { "include_usage": true },
        })
    );
    let words: String = events
        .iter()
        .filter_map(|event| match event {
            Event::ContentBlockDelta(event) => match event.delta.as_ref()? {
                ContentBlockDelta::Text(text) => Some(text.as_str()),
                _ => None,
            },
            _ => None,
        })
        .collect();
    assert_eq!(words, "A blue square");
    // Reasoning is a block of its own, before the text.
    let stops: Vec<i32> = events
        .iter()
        .filter_map(|event| match event {
            Event::ContentBlockStop(stop) => Some(stop.content_block_index),
            _ => None,
        })
        .collect();
    assert_eq!(stops, [0, 1]);
    let [.., Event::MessageStop(stop), Event::Metadata(metadata)] = &events[..] else {
        panic!("the end is not as Bedrock's: {events:?}");
    };
    assert_eq!(stop.stop_reason, StopReason::EndTurn);
    let usage = metadata.usage.as_ref().expect("usage");
    assert_eq!(
        (usage.input_tokens, usage.output_tokens, usage.total_tokens),
        (21, 4, 25)
    );
}

#[test]
fn tools_are_offered_called_and_answered() {
    let server = OpenAiLike::start();
    let body = json!({
        "messages": [
            { "role": "user", "content": [{ "text": "Weather?" }] },
            { "role": "assistant", "content": [
                { "toolUse": { "toolUseId": "call_1", "name": "weather", "input": { "city": "Rome" } } },
            ] },
            { "role": "user", "content": [
                { "toolResult": { "toolUseId": "call_1", "content": [{ "json": { "celsius": 21 } }] } },
                { "text": "And Oslo?" },
            ] },
        ],
        "toolConfig": {
            "tools": [{ "toolSpec": { "name": "weather", "description": "Tells it",
                "inputSchema": { "json": { "type": "object" } } } }],
            "toolChoice": { "any": {} },
        },
    });
    let (whole, streamed) = run(async {
        let endpoint = endpoint(server.upstream()).await;
        let (status, headers, whole) = post_raw(&endpoint, "local.talker/converse", &body).await;
        assert_eq!(
            (status, headers[LOCAL_HEADER].as_bytes()),
            (200, server.url.as_bytes())
        );
        assert!(!headers.contains_key("x-bedrock-playground-simulated"));
        let tool = aws_sdk_bedrockruntime::types::ToolSpecification::builder()
            .name("weather")
            .input_schema(aws_sdk_bedrockruntime::types::ToolInputSchema::Json(
                aws_smithy_types::Document::Object(std::collections::HashMap::default()),
            ))
            .build()
            .expect("a tool");
        let tools = aws_sdk_bedrockruntime::types::ToolConfiguration::builder()
            .tools(aws_sdk_bedrockruntime::types::Tool::ToolSpec(tool))
            .build()
            .expect("tools");
        let streamed = sdk(&endpoint)
            .converse_stream()
            .model_id("local.talker")
            .messages(said(ContentBlock::Text("Oslo?".into())))
            .tool_config(tools)
            .send()
            .await
            .expect("an answer");
        (whole, all(streamed).await)
    });
    let first = server.asked.lock().expect("not poisoned")[0].clone();
    assert_eq!(
        first["messages"],
        json!([
            { "role": "user", "content": "Weather?" },
            { "role": "assistant", "content": "", "tool_calls": [{ "id": "call_1", "type": "function",
                "function": { "name": "weather", "arguments": "{\"city\":\"Rome\"}" } }] },
            { "role": "tool", "tool_call_id": "call_1", "content": "{\"celsius\":21}" },
            { "role": "user", "content": "And Oslo?" },
        ])
    );
    assert_eq!(first["tool_choice"], "required");
    assert_eq!(
        first["tools"][0]["function"],
        json!({ "name": "weather", "description": "Tells it", "parameters": { "type": "object" } })
    );
    assert_eq!(whole["stopReason"], "tool_use");
    assert_eq!(
        whole["output"]["message"]["content"][0]["toolUse"],
        json!({ "toolUseId": "call_7", "name": "weather", "input": { "city": "Oslo" } })
    );
    assert!(
        whole.get("usage").is_none(),
        "what was not counted is not told"
    );
    let mut input = String::new();
    let mut reason = None;
    for event in streamed {
        match event {
            Event::ContentBlockStart(start) => {
                let Some(ContentBlockStart::ToolUse(tool)) = start.start else {
                    panic!("no tool");
                };
                assert_eq!((tool.name(), tool.tool_use_id()), ("weather", "call_7"));
            }
            Event::ContentBlockDelta(delta) => {
                if let Some(ContentBlockDelta::ToolUse(piece)) = delta.delta {
                    input.push_str(piece.input());
                }
            }
            Event::MessageStop(stop) => reason = Some(stop.stop_reason),
            _ => {}
        }
    }
    assert_eq!(input, "{\"city\":\"Oslo\"}");
    assert_eq!(reason, Some(StopReason::ToolUse));
}

async fn post_raw(
    server: &Server,
    path: &str,
    body: &Value,
) -> (u16, axum::http::HeaderMap, Value) {
    use hyper_util::client::legacy::Client;
    let client = Client::builder(hyper_util::rt::TokioExecutor::new()).build_http();
    let request = axum::http::Request::post(format!("{}/model/{path}", server.url()))
        .header("content-type", "application/json")
        .header("authorization", "Bearer anything")
        .body(Body::from(body.to_string()))
        .expect("a request");
    let answer = client.request(request).await.expect("an answer");
    let (head, body) = answer.into_parts();
    let bytes = axum::body::to_bytes(Body::new(body), usize::MAX)
        .await
        .expect("a body");
    let body = serde_json::from_slice(&bytes).unwrap_or_default();
    (head.status.as_u16(), head.headers, body)
}

#[test]
fn a_native_body_is_a_chat_completion() {
    let server = OpenAiLike::start();
    let body = json!({ "messages": [{ "role": "user", "content": "Hi" }], "seed": 7 });
    let (status, headers, answer) = run(async {
        let endpoint = endpoint(server.upstream()).await;
        post_raw(&endpoint, "local.talker/invoke", &body).await
    });
    assert_eq!(status, 200);
    assert_eq!(answer["choices"][0]["message"]["content"], "A blue square");
    assert_eq!(headers["x-amzn-bedrock-output-token-count"], "4");
    let asked = server.last_asked();
    assert_eq!(
        (&asked["model"], &asked["seed"]),
        (&json!("talker"), &json!(7))
    );
}

#[test]
fn errors_have_the_services_form() {
    let server = OpenAiLike::start();
    let (refused, broken, cut) = run(async {
        let endpoint = endpoint(server.upstream()).await;
        let client = sdk(&endpoint);
        let mut refused = Vec::new();
        for model in ["local.absent", "local.crowded", "amazon.nova-lite-v1:0"] {
            let error = client
                .converse()
                .model_id(model)
                .messages(said(ContentBlock::Text("Hi".into())))
                .send()
                .await
                .expect_err("an error");
            refused.push(format!(
                "{}: {}",
                error.code().unwrap_or_default(),
                error.message().unwrap_or_default()
            ));
        }
        let mut late = Vec::new();
        for model in ["local.breaking", "local.silent"] {
            let mut answer = client
                .converse_stream()
                .model_id(model)
                .messages(said(ContentBlock::Text("Hi".into())))
                .send()
                .await
                .expect("a beginning");
            let error = loop {
                match answer.stream.recv().await {
                    Ok(Some(_)) => {}
                    Ok(None) => panic!("the end came without an error"),
                    Err(error) => break error,
                }
            };
            late.push(format!("{error:?}"));
        }
        (refused, late.remove(0), late.remove(0))
    });
    assert_eq!(
        refused[0],
        "ResourceNotFoundException: The local server says: model not found, try pulling it first"
    );
    assert_eq!(
        refused[1],
        "ValidationException: The local server says: the prompt is longer than the context"
    );
    assert!(refused[2].contains("begin with local."), "{}", refused[2]);
    for words in ["ModelStreamErrorException", "out of memory"] {
        assert!(broken.contains(words), "{broken}");
    }
    assert!(cut.contains("broke off its answer"), "{cut}");
}

#[test]
fn a_server_that_is_not_there_and_one_elsewhere_are_told_apart() {
    // A port that was free a moment ago.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = gone.local_addr().expect("an address");
    drop(gone);
    let upstream: Upstream = format!("http://{address}").parse().expect("an address");
    run(async {
        let endpoint = endpoint(upstream).await;
        let body = json!({ "messages": [{ "role": "user", "content": [{ "text": "Hi" }] }] });
        let (status, headers, answer) = post_raw(&endpoint, "local.x/converse", &body).await;
        assert_eq!(status, 503);
        let kind = headers["x-amzn-errortype"].to_str().expect("text");
        assert!(kind.starts_with("ServiceUnavailableException"), "{kind}");
        assert_eq!(
            answer["message"],
            format!(
                "The local server at http://{address} cannot be reached: nothing answers there"
            )
        );
        let elsewhere: Upstream = "http://192.0.2.1:11434".parse().expect("an address");
        let refused = Server::start(Settings {
            upstream: Some(elsewhere),
            ..Settings::default()
        })
        .await;
        assert!(matches!(refused, Err(StartError::RemoteUpstream(_))));
    });
}

#[test]
fn alt_text_from_the_command_line_is_real_and_free() {
    let server = OpenAiLike::start();
    let cli = Cli::new();
    let photo = cli.photograph("photo.jpg");
    let output = cli.run(&[
        "--upstream",
        &server.url,
        "alt-text",
        text(&photo),
        "--model",
        "local.seer:7b",
        "--max-cost",
        "0.01",
        "--write-metadata",
        "copy",
        "--json",
    ]);
    assert!(output.status.success(), "{}", stderr(&output));
    let result = &lines(&output)[0];
    assert_eq!(result["text"], "A blue square");
    assert_eq!(result["simulated"], false);
    assert_eq!(result["cost"]["total"], "0.00000000");
    assert_eq!(result["cost"]["lines"][0]["source"], "local model, free");
    assert!(
        cli.home.path().join("photo-alt.jpg").exists(),
        "what a model really said is written into images"
    );
    let picture = server.last_asked()["messages"][0]["content"].to_string();
    assert!(picture.contains("data:image/jpeg;base64,"), "{picture}");
    let usage = cli.run(&["usage", "--json"]);
    let usage = &lines(&usage)[0];
    let total = &usage["charged"]["total"];
    assert_eq!(total["knownCost"], "0.00000000", "{usage}");
    assert_eq!(total["callsOfUnknownCost"], 0, "{usage}");
}

#[test]
fn the_window_says_where_prompts_go_and_that_answers_are_local() {
    let server = OpenAiLike::start();
    let mut harness = window(SessionOptions {
        upstream: Some(server.upstream()),
        ..SessionOptions::default()
    });
    wait_for(&mut harness, "Model: seer:7b");
    let where_to = format!(
        "Prompts and images go to {}; nothing is charged",
        server.url
    );
    assert!(shows(&harness, &where_to), "{}", on_screen(&harness));
    ask_and_wait(&mut harness, "Hello");
    for words in ["Local", "A blue square", "none: a local model"] {
        assert!(shows(&harness, words), "{words}: {}", on_screen(&harness));
    }
    assert!(!shows(&harness, "Simulated"), "{}", on_screen(&harness));
}

#[test]
fn the_window_says_when_no_server_is_there() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = gone.local_addr().expect("an address");
    drop(gone);
    let mut harness = window(SessionOptions {
        upstream: Some(format!("http://{address}").parse().expect("an address")),
        ..SessionOptions::default()
    });
    crate::support::window::click(&mut harness, "Model catalog");
    wait_for(&mut harness, "cannot be reached: nothing answers there");
    wait_for(&mut harness, "ollama serve");
}
