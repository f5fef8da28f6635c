//! Every snippet is run: by the language's own tools, against an endpoint that keeps what it was
//! asked, and against the embedded one.

mod rust;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bedrock_playground::chat::{
    ContentBlock, Image, ImageFormat, InferenceConfig, Message, Reasoning, Request, SystemBlock,
    ToolChoice, ToolConfig, ToolDefinition, ToolResult, ToolResultContent, ToolUse,
};
use bedrock_playground::emulator::{Pace, Server, Settings};
use bedrock_playground::snippets::{Language, NativeRequest, Target, files, snippet};
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::clients::{installed, node_program};
use crate::support::frames;
use crate::support::replay::{Asked, ReplayServer, Reply, connect};
use crate::support::requests::{self, TRICKY, bytes, hello, s3};

const REGION: &str = "us-east-1";

/// What runs a snippet, and the folder that it wants to be in.
struct Tools {
    program: PathBuf,
    folder: TempDir,
}

fn tools(language: Language) -> Option<Tools> {
    let (program, folder) = match language {
        Language::Python => (installed("boto3")?.join("bin/python"), tempfile::tempdir()),
        Language::JavaScript | Language::AiSdk => {
            // A module is looked for beside the file that asks for it, and above.
            (node_program(), tempfile::tempdir_in(installed("js")?))
        }
        Language::AwsCli => (PathBuf::from("/bin/sh"), tempfile::tempdir()),
        Language::Curl => {
            if Command::new("curl").arg("--version").output().is_err() {
                eprintln!("skipped: there is no curl");
                return None;
            }
            (PathBuf::from("/bin/sh"), tempfile::tempdir())
        }
        Language::Rust => panic!("Rust is compiled with the tests"),
    };
    if cfg!(windows) {
        eprintln!("skipped: run where there is a POSIX shell");
        return None;
    }
    Some(Tools {
        program,
        folder: folder.expect("a folder"),
    })
}

/// Made-up keys, no settings of this computer's.
fn environment(command: &mut Command, folder: &Path) {
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AWS_")) {
        command.env_remove(name);
    }
    command
        .env("HOME", folder)
        .env("NO_PROXY", "127.0.0.1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ACCESS_KEY_ID", "any")
        .env("AWS_SECRET_ACCESS_KEY", "any")
        .current_dir(folder);
}

/// Runs a snippet where its files are.
async fn run(language: Language, request: &Request, url: &str) -> Option<Output> {
    let tools = tools(language)?;
    Some(run_with(tools, language, request, url, path(language)?).await)
}

/// Where programs are looked for.
fn path(language: Language) -> Option<std::ffi::OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if language != Language::AwsCli {
        return Some(path);
    }
    let bin = installed("awscli")?.join("bin");
    let folders = [bin].into_iter().chain(std::env::split_paths(&path));
    Some(std::env::join_paths(folders).expect("a path"))
}

async fn run_with(
    tools: Tools,
    language: Language,
    request: &Request,
    url: &str,
    path: std::ffi::OsString,
) -> Output {
    for file in files(request) {
        let folder = tools.folder.path();
        std::fs::write(folder.join(&file.name), &file.bytes).expect("written");
    }
    let code = snippet(language, request, &target(url));
    run_code(tools, language, &code, path).await
}

fn target(url: &str) -> Target {
    Target {
        region: REGION.into(),
        endpoint_url: Some(url.into()),
    }
}

async fn run_code(
    tools: Tools,
    language: Language,
    code: &str,
    path: std::ffi::OsString,
) -> Output {
    let folder = tools.folder.path();
    let script = folder.join(format!("snippet.{}", language.file_extension()));
    std::fs::write(&script, code).expect("written");
    let mut command = Command::new(&tools.program);
    environment(&mut command, folder);
    command.arg(&script).env("PATH", path);
    if language == Language::Curl {
        command
            .env_remove("AWS_ACCESS_KEY_ID")
            .env("AWS_BEARER_TOKEN_BEDROCK", "made-up");
    }
    tokio::task::spawn_blocking(move || command.output())
        .await
        .expect("no panic")
        .expect("it runs")
}

fn text(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout.clone()).expect("text")
}

/// An answer in either form, with what the languages' libraries insist on.
fn reply(stream: bool) -> Reply {
    let usage = json!({"inputTokens": 1, "outputTokens": 1, "totalTokens": 2});
    if !stream {
        return Reply::json(
            200,
            json!({"output": {"message": {"role": "assistant", "content": [{"text": "Yes, sir"}]}},
                "stopReason": "end_turn", "usage": usage, "metrics": {"latencyMs": 5}})
            .to_string(),
        );
    }
    let delta = |text: &str| json!({"contentBlockIndex": 0, "delta": {"text": text}});
    Reply::events(vec![
        frames::event("messageStart", &json!({"role": "assistant"})),
        frames::event("contentBlockDelta", &delta("Yes,")),
        frames::event("contentBlockDelta", &delta(" sir")),
        frames::event("contentBlockStop", &json!({"contentBlockIndex": 0})),
        frames::event("messageStop", &json!({"stopReason": "end_turn"})),
        frames::event(
            "metadata",
            &json!({"usage": usage, "metrics": {"latencyMs": 5}}),
        ),
    ])
}

/// What a snippet asks, once it has printed the answer.
async fn asks(language: Language, request: &Request, streams: bool) -> Option<Asked> {
    let server = ReplayServer::start([reply(streams)]).await;
    let output = run(language, request, &server.url()).await?;
    let printed = text(&output);
    if language == Language::Curl {
        let answer: Value = serde_json::from_str(&printed).expect("an answer in JSON");
        assert_eq!(
            answer["output"]["message"]["content"][0]["text"],
            "Yes, sir"
        );
    } else {
        assert_eq!(printed.trim_end(), "Yes, sir", "{language:?}");
    }
    let asked = server.asked().remove(0);
    let operation = if streams {
        "converse-stream"
    } else {
        "converse"
    };
    assert_eq!(
        asked.path,
        format!("/model/amazon.nova-lite-v1%3A0/{operation}")
    );
    Some(asked)
}

/// Numbers as doubles and the parameters as singles: languages and libraries write them in other ways.
fn numbers(value: Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().map(rounded).into(),
        Value::Array(items) => items.into_iter().map(numbers).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| (name, numbers(value)))
            .collect(),
        other => other,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "that is what is compared")]
fn rounded(number: f64) -> f64 {
    f64::from(number as f32)
}

/// Everything at once.
fn everything() -> Request {
    Request {
        messages: requests::content().messages,
        ..requests::parameters()
    }
}

fn streamed(request: Request) -> Request {
    Request {
        stream: true,
        ..request
    }
}

fn assert_asks(asked: &Asked, request: &Request) {
    assert_eq!(
        numbers(asked.json()),
        numbers(request.to_converse_json()),
        "compared with what this program sends"
    );
}

async fn both_ways(language: Language) {
    for request in [everything(), streamed(everything())] {
        let Some(asked) = asks(language, &request, request.stream).await else {
            return;
        };
        assert_asks(&asked, &request);
    }
}

#[tokio::test]
async fn python_asks_the_same() {
    both_ways(Language::Python).await;
}

#[tokio::test]
async fn javascript_asks_the_same() {
    both_ways(Language::JavaScript).await;
}

#[tokio::test]
async fn curl_asks_the_same_whole() {
    for request in [everything(), streamed(hello())] {
        let Some(asked) = asks(Language::Curl, &request, false).await else {
            return;
        };
        assert_asks(&asked, &request);
        assert_eq!(asked.header("authorization"), Some("Bearer made-up"));
        assert_eq!(asked.header("content-type"), Some("application/json"));
    }
}

#[tokio::test]
async fn the_aws_cli_asks_the_same_whole() {
    for request in [requests::parameters(), streamed(hello())] {
        let Some(asked) = asks(Language::AwsCli, &request, false).await else {
            return;
        };
        assert_asks(&asked, &request);
    }
}

/// Version 2, which takes bytes, is no package of pip's: what it would get is looked at.
#[tokio::test]
async fn the_aws_cli_is_given_bytes_as_base64() {
    let request = everything();
    let Some(tools) = tools(Language::AwsCli) else {
        return;
    };
    let stand_in = tools.folder.path().join("aws");
    std::fs::write(
        &stand_in,
        "#!/bin/sh\nprintf '%s\\n' \"$@\" >&2\ncat request.json\n",
    )
    .expect("written");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&stand_in, std::fs::Permissions::from_mode(0o755))
            .expect("made a program");
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folder = tools.folder.path().to_owned();
    let path = std::env::join_paths([folder].into_iter().chain(std::env::split_paths(&path)))
        .expect("a path");
    let output = run_with(
        tools,
        Language::AwsCli,
        &request,
        "http://127.0.0.1:9",
        path,
    )
    .await;
    let mut given: Value = serde_json::from_str(&text(&output)).expect("JSON");
    let model = given
        .as_object_mut()
        .and_then(|body| body.remove("modelId"));
    assert_eq!(model, Some(json!("amazon.nova-lite-v1:0")));
    assert_eq!(numbers(given), numbers(request.to_converse_json()));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr)
            .lines()
            .collect::<Vec<_>>(),
        [
            "bedrock-runtime",
            "converse",
            "--region",
            REGION,
            "--endpoint-url",
            "http://127.0.0.1:9",
            "--cli-binary-format",
            "base64",
            "--output",
            "text",
            "--query",
            "output.message.content[].text",
            "--cli-input-json",
            "file://request.json",
        ]
    );
}

/// What the AI SDK has a way for.
fn sayable() -> Request {
    let image = |source| Image {
        format: ImageFormat::Jpeg,
        source,
    };
    let everything = requests::parameters();
    Request {
        system: vec![
            everything.system[0].clone(),
            everything.system[1].clone(),
            SystemBlock::Text("Be brief".into()),
        ],
        messages: vec![
            Message::user(vec![
                ContentBlock::Text(TRICKY.into()),
                ContentBlock::Image(image(bytes(b"\xff\xd8\xff not a picture"))),
                ContentBlock::Image(image(match s3("a.jpeg") {
                    bedrock_playground::chat::MediaSource::S3 { uri, .. } => {
                        bedrock_playground::chat::MediaSource::S3 {
                            uri,
                            bucket_owner: None,
                        }
                    }
                    other => other,
                })),
                ContentBlock::Document(bedrock_playground::chat::Document {
                    format: bedrock_playground::chat::DocumentFormat::Pdf,
                    name: "Report".into(),
                    source: bedrock_playground::chat::DocumentSource::Media(bytes(b"%PDF-1.4")),
                    context: None,
                    citations: true,
                }),
                ContentBlock::CachePoint(bedrock_playground::chat::CachePoint::default()),
            ]),
            Message::assistant(vec![
                ContentBlock::Reasoning(Reasoning::Text {
                    text: "hm".into(),
                    signature: Some("sig".into()),
                }),
                ContentBlock::Reasoning(Reasoning::Redacted([0, 1, 255].into())),
                ContentBlock::Text("Let me see".into()),
                ContentBlock::ToolUse(ToolUse {
                    id: "t1".into(),
                    name: "weather".into(),
                    input: json!({"place": "Saint-Étienne's", "days": 3}),
                    kind: None,
                }),
            ]),
            Message::user(vec![
                ContentBlock::ToolResult(ToolResult {
                    tool_use_id: "t1".into(),
                    content: vec![
                        ToolResultContent::Text("warm".into()),
                        ToolResultContent::Image(image(bytes(b"another"))),
                    ],
                    status: None,
                    kind: None,
                }),
                ContentBlock::Text("And now?".into()),
            ]),
        ],
        tools: Some(ToolConfig {
            tools: everything
                .tools
                .iter()
                .flat_map(|config| &config.tools)
                .filter(|tool| matches!(tool, ToolDefinition::Spec { .. }))
                .cloned()
                .collect(),
            // The library fails when a tool must be used and the answer uses none.
            choice: Some(ToolChoice::Auto),
        }),
        ..everything
    }
}

#[tokio::test]
async fn the_ai_sdk_asks_the_same_where_it_can() {
    for request in [sayable(), streamed(sayable())] {
        let Some(asked) = asks(Language::AiSdk, &request, request.stream).await else {
            return;
        };
        assert_asks(&asked, &request);
        let code = snippet(
            Language::AiSdk,
            &request,
            &Target {
                region: REGION.into(),
                endpoint_url: None,
            },
        );
        assert!(!code.contains("Not the same"), "{code}");
    }
}

#[tokio::test]
async fn the_ai_sdk_says_what_it_cannot() {
    let request = Request {
        tools: requests::content().tools,
        ..everything()
    };
    let Some(asked) = asks(Language::AiSdk, &request, false).await else {
        return;
    };
    let body = asked.json();
    let expected = request.to_converse_json();
    // What is said to be missing is missing, and what is not said is there.
    for member in [
        "inferenceConfig",
        "guardrailConfig",
        "outputConfig",
        "requestMetadata",
    ] {
        assert_eq!(
            numbers(body[member].clone()),
            numbers(expected[member].clone())
        );
    }
    let code = snippet(
        Language::AiSdk,
        &request,
        &Target {
            region: REGION.into(),
            endpoint_url: None,
        },
    );
    let notes: Vec<_> = code
        .lines()
        .filter_map(|line| line.strip_prefix("// Not the same here: the AI SDK "))
        .collect();
    assert_eq!(
        notes,
        [
            "sends no guarded text.",
            "does not say who owns a bucket.",
            "sends no context with documents.",
            "sends documents as bytes only, none from S3, as text or in chunks.",
            "sends no videos.",
            "sends no sounds.",
            "sends no guarded images.",
            "sends no search results.",
            "sends cited text without its citations.",
            "sends no calls of system tools.",
            "does not say that a tool failed.",
            "sends no type with results of tools.",
            "sends JSON of tools as text.",
            "knows no system tools (nova_grounding).",
            "sets no cache points between tools.",
        ]
    );
}

/// What this program itself gets from the embedded endpoint.
async fn own_answer(request: Request, url: &str) -> String {
    use bedrock_playground::chat::{Invocation, InvocationId, Transcript};
    let id = InvocationId(1);
    let mut transcript = Transcript::default();
    transcript.begin(Invocation::new(id, request.model_id.clone(), REGION));
    let mut events = connect(url).await.invoke(request);
    while let Some(event) = events.next().await {
        transcript.apply(id, event.expect("an event"));
    }
    transcript
        .last()
        .map(|(_, turn)| turn.message.text())
        .expect("an answer")
}

#[tokio::test]
async fn the_embedded_endpoint_answers_all_alike() {
    let server = Server::start(Settings {
        pace: Pace::Instant,
        ..Settings::default()
    })
    .await
    .expect("the endpoint starts");
    let request = Request {
        system: vec![SystemBlock::Text("Be brief".into())],
        inference: InferenceConfig {
            max_tokens: Some(60),
            temperature: Some(0.3),
            ..InferenceConfig::default()
        },
        ..streamed(hello())
    };
    let expected = own_answer(request.clone(), &server.url()).await;
    assert!(expected.len() > 40, "{expected}");
    for language in Language::ALL {
        if language == Language::Rust {
            continue;
        }
        let Some(output) = run(language, &request, &server.url()).await else {
            continue;
        };
        let printed = text(&output);
        let answer = if language == Language::Curl {
            let answer: Value = serde_json::from_str(&printed).expect("JSON");
            answer["output"]["message"]["content"][0]["text"]
                .as_str()
                .expect("text")
                .to_owned()
        } else {
            printed
        };
        assert_eq!(answer.trim_end(), expected.trim_end(), "{language:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn videos_are_begun_from_code() {
    let settings = Settings {
        pace: Pace::Instant,
        ..Settings::default()
    };
    let server = Server::start(settings).await.expect("the endpoint starts");
    let request = NativeRequest {
        model_id: "amazon.nova-reel-v1:1".into(),
        body: json!({
            "taskType": "TEXT_VIDEO",
            "textToVideoParams": { "text": "A fox that's in \"deep\" snow: $5" },
            "videoGenerationConfig": { "durationSeconds": 6, "fps": 24, "dimension": "1280x720" },
        }),
        output_folder: Some("s3://demo-bucket/films".into()),
    };
    for language in NativeRequest::LANGUAGES {
        let (Some(tools), Some(path)) = (tools(language), path(language)) else {
            continue;
        };
        let code = request
            .snippet(language, &target(&server.url()))
            .expect("code");
        let output = run_code(tools, language, &code, path).await;
        let printed = text(&output);
        assert!(
            printed.contains(":async-invoke/simulated"),
            "{language:?}: {printed}"
        );
    }
}
