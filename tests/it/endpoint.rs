//! The embedded endpoint as other clients see it: over both HTTP versions, with and without
//! authorization, and through the real SDK.

use aws_sdk_bedrock::error::ProvideErrorMetadata as _;
use aws_sdk_bedrock::operation::RequestId as _;
use aws_sdk_bedrock::types::{InferenceProfileType, InferenceType, ModelModality};
use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode, Version};
use bedrock_playground::emulator::{Pace, SIMULATED_HEADER, Server, Settings, StartError};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::sdk;

const SIGNED: &str = "AWS4-HMAC-SHA256 Credential=AKID/20261121/us-east-1/bedrock/aws4_request, \
                      SignedHeaders=host;x-amz-date, Signature=0123";

async fn server() -> Server {
    let settings = Settings {
        pace: Pace::Instant,
        ..Settings::default()
    };
    Server::start(settings).await.expect("the endpoint starts")
}

/// A request without an SDK; `authorization` may be empty.
async fn raw(
    server: &Server,
    version: Version,
    method: Method,
    path: &str,
    authorization: &str,
    body: impl Into<Body>,
) -> (StatusCode, axum::http::HeaderMap, String) {
    let client = Client::builder(TokioExecutor::new())
        .http2_only(version == Version::HTTP_2)
        .build_http();
    let mut request = Request::builder()
        .method(method)
        .uri(format!("{}{path}", server.url()))
        .version(version)
        .header("content-type", "application/json");
    if !authorization.is_empty() {
        request = request.header("authorization", authorization);
    }
    let response: Response<_> = client
        .request(request.body(body.into()).expect("a request"))
        .await
        .expect("an answer");
    assert_eq!(response.version(), version);
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(Body::new(body), usize::MAX)
        .await
        .expect("a body");
    (
        parts.status,
        parts.headers,
        String::from_utf8_lossy(&bytes).into_owned(),
    )
}

fn control_plane(server: &Server) -> aws_sdk_bedrock::Client {
    sdk::control_plane(&server.url())
}

fn prompt(text: &str) -> Value {
    json!({ "messages": [{ "role": "user", "content": [{ "text": text }] }] })
}

#[tokio::test]
async fn both_versions_of_http_are_served_on_one_port() {
    let server = server().await;
    for version in [Version::HTTP_11, Version::HTTP_2] {
        let (status, headers, body) = raw(
            &server,
            version,
            Method::GET,
            "/foundation-models",
            SIGNED,
            Body::empty(),
        )
        .await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers[SIMULATED_HEADER], "true");
        assert!(headers.contains_key("x-amzn-requestid"));
        let list: Value = serde_json::from_str(&body).expect("JSON");
        // As many as the dataset has models.
        assert_eq!(list["modelSummaries"].as_array().map(Vec::len), Some(183));
    }
}

#[tokio::test]
async fn without_authorization_there_is_the_error_aws_gives() {
    let server = server().await;
    let converse = "/model/amazon.nova-lite-v1%3A0/converse";
    for (method, path) in [
        (Method::GET, "/foundation-models"),
        (Method::POST, converse),
    ] {
        let (status, headers, body) = raw(
            &server,
            Version::HTTP_11,
            method,
            path,
            "",
            prompt("hi").to_string(),
        )
        .await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        let kind = headers["x-amzn-errortype"].to_str().expect("text");
        assert!(
            kind.starts_with("MissingAuthenticationTokenException"),
            "{kind}"
        );
        assert_eq!(body, r#"{"message":"Missing Authentication Token"}"#);
    }
    let (status, ..) = raw(
        &server,
        Version::HTTP_11,
        Method::GET,
        "/foundation-models",
        "Bearer key",
        Body::empty(),
    )
    .await;
    assert_eq!(status, StatusCode::OK, "an API key will do");
}

#[tokio::test]
async fn the_four_filters_narrow_the_list() {
    let server = server().await;
    let client = control_plane(&server);
    let all = client
        .list_foundation_models()
        .send()
        .await
        .expect("a list");
    assert!(all.request_id().is_some());
    let by = |summaries: &[aws_sdk_bedrock::types::FoundationModelSummary]| summaries.len();
    let amazon = client
        .list_foundation_models()
        .by_provider("Amazon")
        .send()
        .await
        .expect("a list");
    assert!(
        amazon
            .model_summaries()
            .iter()
            .all(|model| model.provider_name() == Some("Amazon"))
    );
    // The dataset has 33 entries of Amazon, 12 of them profiles counted apart.
    assert!(by(amazon.model_summaries()) > 10 && by(amazon.model_summaries()) < 33);
    let images = client
        .list_foundation_models()
        .by_output_modality(ModelModality::Image)
        .send()
        .await
        .expect("a list");
    assert!(!images.model_summaries().is_empty());
    assert!(
        images
            .model_summaries()
            .iter()
            .all(|model| model.output_modalities().contains(&ModelModality::Image))
    );
    let on_demand = client
        .list_foundation_models()
        .by_inference_type(InferenceType::OnDemand)
        .send()
        .await
        .expect("a list");
    assert!(by(on_demand.model_summaries()) < by(all.model_summaries()));
    let (status, _, body) = raw(
        &server,
        Version::HTTP_11,
        Method::GET,
        "/foundation-models?byOutputModality=SMELL",
        SIGNED,
        Body::empty(),
    )
    .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body.contains("'SMELL' at 'byOutputModality'"), "{body}");
}

#[tokio::test]
async fn one_model_can_be_read_and_an_unknown_one_is_not_found() {
    let server = server().await;
    let client = control_plane(&server);
    let nova = client
        .get_foundation_model()
        .model_identifier("amazon.nova-lite-v1:0")
        .send()
        .await
        .expect("a model");
    assert_eq!(
        nova.model_details()
            .and_then(|details| details.model_name()),
        Some("Nova Lite")
    );
    let error = client
        .get_foundation_model()
        .model_identifier("example.model-v1:0")
        .send()
        .await
        .expect_err("unknown");
    assert_eq!(error.code(), Some("ResourceNotFoundException"));
}

#[tokio::test]
async fn profiles_come_in_pages() {
    let server = server().await;
    let client = control_plane(&server);
    let mut pages = client
        .list_inference_profiles()
        .type_equals(InferenceProfileType::SystemDefined)
        .max_results(50)
        .into_paginator()
        .send();
    let mut ids = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.expect("a page");
        assert!(page.inference_profile_summaries().len() <= 50);
        ids.extend(
            page.inference_profile_summaries()
                .iter()
                .map(|profile| profile.inference_profile_id().to_owned()),
        );
    }
    // Counted in the dataset.
    assert_eq!(ids.len(), 219);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 219, "no page repeats another");
    let error = client
        .list_inference_profiles()
        .next_token("made-up")
        .send()
        .await
        .expect_err("a bad token");
    assert_eq!(error.code(), Some("ValidationException"));
}

/// Each refusal with the service's words where a recording has them.
#[tokio::test]
async fn requests_are_checked_as_the_service_does() {
    let server = server().await;
    let text = |text: &str| json!({ "text": text });
    let user = |content: Value| json!({ "role": "user", "content": content });
    let document =
        json!({ "document": { "name": "a", "format": "txt", "source": { "bytes": "aGk=" } } });
    let cases = [
        (
            "no.such-model",
            prompt("hi"),
            "The provided model identifier is invalid.",
        ),
        (
            "deepseek.r1-v1%3A0",
            prompt("hi"),
            "with on-demand throughput isn\u{2019}t supported",
        ),
        (
            "amazon.nova-lite-v1%3A0",
            json!({ "messages": [] }),
            "must start with a user message",
        ),
        (
            "amazon.nova-lite-v1%3A0",
            json!({ "messages": [user(json!([]))] }),
            "The content field in the Message object at messages.0 is empty.",
        ),
        (
            "amazon.nova-lite-v1%3A0",
            json!({ "messages": [user(json!([text("a")])), user(json!([text("b")]))] }),
            "must alternate between user and assistant roles",
        ),
        (
            "amazon.nova-lite-v1%3A0",
            json!({ "messages": [user(json!([document]))] }),
            "A text block must be included when using documents.",
        ),
        (
            "amazon.nova-lite-v1%3A0",
            json!({ "messages": prompt("hi")["messages"], "inferenceConfig": { "temperature": 1.5 } }),
            "'inferenceConfig.temperature' failed to satisfy constraint",
        ),
        (
            "amazon.nova-lite-v1%3A0",
            json!({ "messages": prompt("hi")["messages"], "inferenceConfig": { "maxTokens": 5001 } }),
            "exceeds the model limit of 5000",
        ),
        (
            "amazon.nova-micro-v1%3A0",
            json!({ "messages": [user(json!([{ "image": { "format": "png", "source": { "bytes": "aGk=" } } }]))] }),
            "doesn't support the image content block",
        ),
        (
            "amazon.nova-lite-v1%3A0",
            json!({ "messages": [user(json!([{ "image": { "format": "png", "source": { "bytes": "aGk=" } } }]))] }),
            "Could not process image",
        ),
        (
            "us.meta.llama3-2-3b-instruct-v1%3A0",
            json!({ "messages": prompt("hi")["messages"], "toolConfig": { "tools": [{ "toolSpec": { "name": "t", "inputSchema": { "json": {} } } }] } }),
            "doesn't support tool use",
        ),
    ];
    for (model, body, words) in cases {
        let path = format!("/model/{model}/converse");
        let (status, headers, answer) = raw(
            &server,
            Version::HTTP_11,
            Method::POST,
            &path,
            SIGNED,
            body.to_string(),
        )
        .await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{model}: {answer}");
        assert!(
            headers["x-amzn-errortype"]
                .to_str()
                .expect("text")
                .starts_with("ValidationException")
        );
        assert!(
            answer.contains(words),
            "{model}: {answer} does not contain {words}"
        );
    }
}

#[tokio::test]
async fn what_is_no_request_is_refused_and_nothing_breaks() {
    let server = server().await;
    let converse = "/model/amazon.nova-lite-v1%3A0/converse";
    let too_large = "x".repeat(26 * 1024 * 1024);
    for (method, path, body, status) in [
        (
            Method::POST,
            converse,
            "{".to_owned(),
            StatusCode::BAD_REQUEST,
        ),
        (
            Method::POST,
            converse,
            "[]".to_owned(),
            StatusCode::BAD_REQUEST,
        ),
        (
            Method::POST,
            converse,
            r#"{"messages":7}"#.to_owned(),
            StatusCode::BAD_REQUEST,
        ),
        (Method::POST, converse, too_large, StatusCode::BAD_REQUEST),
        (
            Method::GET,
            "/no/such/path",
            String::new(),
            StatusCode::NOT_FOUND,
        ),
        (
            Method::DELETE,
            converse,
            String::new(),
            StatusCode::NOT_FOUND,
        ),
    ] {
        let (got, headers, _) = raw(&server, Version::HTTP_2, method, path, SIGNED, body).await;
        assert_eq!(got, status, "{path}");
        assert!(headers.contains_key("x-amzn-errortype"), "{path}");
    }
    let (status, ..) = raw(
        &server,
        Version::HTTP_11,
        Method::POST,
        converse,
        SIGNED,
        prompt("still there?").to_string(),
    )
    .await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn the_same_request_gets_the_same_answer() {
    let server = server().await;
    let mut answers = Vec::new();
    for _ in 0..2 {
        let path = "/model/amazon.nova-lite-v1%3A0/converse";
        let (_, _, body) = raw(
            &server,
            Version::HTTP_11,
            Method::POST,
            path,
            SIGNED,
            prompt("Why?").to_string(),
        )
        .await;
        let answer: Value = serde_json::from_str(&body).expect("JSON");
        answers.push(answer["output"].clone());
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn addresses_that_others_could_reach_are_refused() {
    let settings = Settings {
        address: ([0, 0, 0, 0], 0).into(),
        ..Settings::default()
    };
    assert!(matches!(
        Server::start(settings).await,
        Err(StartError::NotLoopback(_))
    ));
}

#[tokio::test]
async fn many_connections_at_once_are_all_answered() {
    let server = server().await;
    let requests = (0..200).map(|_| {
        raw(
            &server,
            Version::HTTP_11,
            Method::GET,
            "/inference-profiles?maxResults=1",
            SIGNED,
            Body::empty(),
        )
    });
    let answers = futures_util::future::join_all(requests).await;
    assert!(answers.iter().all(|(status, ..)| *status == StatusCode::OK));
}

/// The answer to bytes written by hand; where `hang_up`, nothing more will come behind them.
async fn answer_to_bytes(server: &Server, bytes: &[u8], hang_up: bool) -> String {
    let mut stream = tokio::net::TcpStream::connect(server.address())
        .await
        .expect("a connection");
    stream.write_all(bytes).await.expect("written");
    if hang_up {
        stream.shutdown().await.expect("closed");
    }
    let mut answer = Vec::new();
    // A connection that is reset is an answer too.
    stream.read_to_end(&mut answer).await.ok();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_body_that_ends_early_or_is_no_json_by_its_own_word_is_refused() {
    let server = server().await;
    let head = |content_type: &str, length: usize| {
        format!(
            "POST /model/amazon.nova-lite-v1%3A0/converse HTTP/1.1\r\nHost: localhost\r\n\
             Authorization: {SIGNED}\r\nContent-Type: {content_type}\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n"
        )
    };
    let body = prompt("Hello").to_string();
    let truncated = format!("{}{body}", head("application/json", body.len() + 100));
    let answer = answer_to_bytes(&server, truncated.as_bytes(), true).await;
    assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
    let mistyped = format!("{}{body}", head("text/xml", body.len()));
    let answer = answer_to_bytes(&server, mistyped.as_bytes(), false).await;
    assert!(answer.starts_with("HTTP/1.1 415"), "{answer}");
    let whole = format!(
        "{}{body}",
        head("application/json; charset=utf-8", body.len())
    );
    let answer = answer_to_bytes(&server, whole.as_bytes(), false).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// A stream is written only as fast as it is read: clients that never read hold no text, and others
/// are served meanwhile.
#[tokio::test]
async fn clients_that_never_read_do_not_keep_others_waiting() {
    let server = server().await;
    let body = prompt("Write 2000 words").to_string();
    let request = format!(
        "POST /model/amazon.nova-lite-v1%3A0/converse-stream HTTP/1.1\r\nHost: localhost\r\n\
         Authorization: {SIGNED}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut silent = Vec::new();
    for _ in 0..100 {
        let mut stream = tokio::net::TcpStream::connect(server.address())
            .await
            .expect("a connection");
        stream.write_all(request.as_bytes()).await.expect("written");
        silent.push(stream);
    }
    let path = "/model/amazon.nova-lite-v1%3A0/converse";
    let (status, ..) = raw(&server, Version::HTTP_11, Method::POST, path, SIGNED, body).await;
    assert_eq!(status, StatusCode::OK);
    drop(silent);
}

#[tokio::test]
async fn a_prefix_is_written_to_the_cache_once_and_read_from_then_on() {
    let server = server().await;
    // 4,800 characters of English at four a token: above the 1,024 tokens that Claude asks for.
    let long = "word ".repeat(960);
    let body = |question: &str, ttl: &str| {
        json!({
            "system": [{ "text": long }, { "cachePoint": { "type": "default", "ttl": ttl } }],
            "messages": [{ "role": "user", "content": [{ "text": question }] }],
        })
    };
    let mut usages = Vec::new();
    for question in ["Why?", "How?"] {
        let path = "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse";
        let text = body(question, "1h").to_string();
        let (status, _, answer) =
            raw(&server, Version::HTTP_11, Method::POST, path, SIGNED, text).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        let answer: Value = serde_json::from_str(&answer).expect("JSON");
        usages.push(answer["usage"].clone());
    }
    let [first, second] = &usages[..] else {
        unreachable!("two were asked")
    };
    assert_eq!(first["cacheWriteInputTokens"], 1_200);
    assert_eq!(first["cacheReadInputTokens"], 0);
    assert_eq!(
        first["cacheDetails"],
        json!([{ "ttl": "1h", "inputTokens": 1_200 }])
    );
    assert_eq!(first["inputTokens"], 1, "one token of question");
    assert_eq!(second["cacheWriteInputTokens"], 0);
    assert_eq!(second["cacheReadInputTokens"], 1_200);
    let total = second["outputTokens"].as_u64().expect("a number") + 1_201;
    assert_eq!(second["totalTokens"], total);
}

#[tokio::test]
async fn fields_of_the_models_own_answer_come_along() {
    let server = server().await;
    let ask = async |model: &str, operation: &str, path: &str, stops: Value| {
        let mut body = prompt("Name a river");
        body["inferenceConfig"] = json!({ "stopSequences": stops });
        body["additionalModelResponseFieldPaths"] = json!([path]);
        let address = format!("/model/{model}/{operation}");
        let body = body.to_string();
        raw(
            &server,
            Version::HTTP_11,
            Method::POST,
            &address,
            SIGNED,
            body,
        )
        .await
    };
    let claude = "us.anthropic.claude-sonnet-4-5-20250929-v1%3A0";
    let fields = |body: &str| {
        let answer: Value = serde_json::from_str(body).expect("JSON");
        answer.get("additionalModelResponseFields").cloned()
    };
    // Every answer says in its beginning that it is simulated.
    let (_, _, body) = ask(claude, "converse", "/stop_sequence", json!(["imulated"])).await;
    assert_eq!(fields(&body), Some(json!({ "stop_sequence": "imulated" })));
    let (_, _, body) = ask(claude, "converse", "/no/such", json!([])).await;
    assert_eq!(fields(&body), None);
    // Recorded of Nova: a pointer that leads nowhere is left out.
    let nova = "amazon.nova-lite-v1%3A0";
    let path = "/amazon-bedrock-invocationMetrics";
    let (status, _, body) = ask(nova, "converse", path, json!([])).await;
    assert_eq!((status, fields(&body)), (StatusCode::OK, None));
    let (status, ..) = ask(nova, "converse", "stop_sequence", json!([])).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    // Recorded of a stream: the objects on the way come along, and null is a value.
    let (_, _, stream) = ask(claude, "converse-stream", "/delta/stop_sequence", json!([])).await;
    let words = r#""additionalModelResponseFields":{"delta":{"stop_sequence":null}}"#;
    assert!(stream.contains(words), "{stream}");
}
