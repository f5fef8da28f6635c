//! Streams that go as they should, and all the ways in which they do not.

use std::time::Duration;

use axum::body::Bytes;
use bedrock_playground::bedrock::{ErrorKind, NetworkFailure, Patience};
use bedrock_playground::chat::{
    BlockDelta, BlockStart, ContentBlock, Message, Request, Retry, Role, StopReason, StreamEvent,
};
use futures_util::StreamExt as _;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::frames::{event, exception, frame};
use crate::support::outcome::steps;
use crate::support::replay::{Ending, ReplayServer, Reply, connect};

fn request(stream: bool) -> Request {
    Request {
        stream,
        ..Request::new(
            "amazon.nova-lite-v1:0".into(),
            vec![Message::user(vec![ContentBlock::Text("Hello".into())])],
        )
    }
}

fn text(words: &str) -> Bytes {
    event(
        "contentBlockDelta",
        &json!({"contentBlockIndex": 0, "delta": {"text": words}, "p": "abcdef"}),
    )
}

fn start() -> Bytes {
    event("messageStart", &json!({"role": "assistant"}))
}

fn stop() -> Bytes {
    event("messageStop", &json!({"stopReason": "end_turn"}))
}

/// All text that came.
fn said(events: &[StreamEvent]) -> String {
    events
        .iter()
        .filter_map(|event| match event {
            StreamEvent::BlockDelta {
                delta: BlockDelta::Text(text),
                ..
            } => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

async fn run(reply: Reply) -> (Vec<StreamEvent>, Option<bedrock_playground::bedrock::Error>) {
    let server = ReplayServer::start([reply]).await;
    steps(server.connect().await.invoke(request(true))).await
}

#[tokio::test]
async fn the_steps_of_an_answer_come_in_order() {
    let reply = Reply::events(vec![
        start(),
        text(""),
        text("Hel"),
        text("lo"),
        event("contentBlockStop", &json!({"contentBlockIndex": 0})),
        stop(),
        event(
            "metadata",
            &json!({"usage": {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5},
                    "metrics": {"latencyMs": 77}}),
        ),
    ])
    .header("x-amzn-requestid", "r-1")
    .header("x-bedrock-playground-simulated", "true");
    let (events, error) = run(reply).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(
        events[0],
        StreamEvent::Accepted {
            request_id: Some("r-1".into()),
            simulated: true,
        }
    );
    assert_eq!(events[1], StreamEvent::MessageStart(Role::Assistant));
    let first = events
        .iter()
        .position(|event| matches!(event, StreamEvent::FirstToken(_)))
        .unwrap();
    assert_eq!(
        events[first + 1],
        StreamEvent::BlockDelta {
            index: 0,
            delta: BlockDelta::Text("Hel".into()),
        },
        "an empty text is not the first token"
    );
    let Some(StreamEvent::Metadata(metadata)) = events.last() else {
        panic!("expected metadata last: {events:?}");
    };
    assert_eq!(metadata.usage.as_ref().unwrap().total_tokens, 5);
    assert_eq!(metadata.metrics.latency_ms, Some(77));
}

#[tokio::test]
async fn the_real_service_is_not_taken_for_the_embedded_endpoint() {
    let (events, _) = run(Reply::events(vec![start(), stop()])).await;
    assert_eq!(
        events[0],
        StreamEvent::Accepted {
            request_id: None,
            simulated: false,
        }
    );
}

#[tokio::test]
async fn frames_may_come_in_any_pieces() {
    let whole: Vec<u8> = [start(), text("one "), text("two"), stop()].concat();
    for size in [1, 7, 64, whole.len()] {
        let pieces = whole.chunks(size).map(Bytes::copy_from_slice).collect();
        let (events, error) = run(Reply::events(pieces)).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(said(&events), "one two");
    }
}

#[tokio::test]
async fn what_is_unknown_is_named() {
    let (events, error) = run(Reply::events(vec![
        start(),
        event("moodChange", &json!({"mood": "sunny"})),
        event(
            "contentBlockStart",
            &json!({"contentBlockIndex": 1, "start": {"hologram": {"format": "3d"}}}),
        ),
        event(
            "contentBlockDelta",
            &json!({"contentBlockIndex": 1, "delta": {"scent": "rose"}}),
        ),
        event(
            "contentBlockDelta",
            &json!({"contentBlockIndex": 2, "delta": {"reasoningContent": {"drawing": "x"}}}),
        ),
        event("messageStop", &json!({"stopReason": "bored"})),
    ]))
    .await;
    assert!(error.is_none(), "{error:?}");
    for expected in [
        StreamEvent::Unknown("moodChange".into()),
        StreamEvent::BlockStart {
            index: 1,
            start: BlockStart::Unknown("hologram".into()),
        },
        StreamEvent::BlockDelta {
            index: 1,
            delta: BlockDelta::Unknown("scent".into()),
        },
        StreamEvent::BlockDelta {
            index: 2,
            delta: BlockDelta::Unknown("reasoningContent.drawing".into()),
        },
        StreamEvent::MessageStop {
            stop_reason: StopReason::Other("bored".into()),
            additional_model_response_fields: None,
        },
    ] {
        assert!(events.contains(&expected), "{expected:?} in {events:?}");
    }
}

#[tokio::test]
async fn an_unknown_block_of_a_whole_answer_is_named() {
    let body = json!({"output": {"message": {"role": "assistant", "content": [
        {"text": "Look"}, {"hologram": {"format": "3d"}},
        {"toolResult": {"toolUseId": "t", "content": [{"smell": "rose"}]}}]}},
        "stopReason": "end_turn", "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2},
        "metrics": {"latencyMs": 9}});
    let server = ReplayServer::start([Reply::json(200, body.to_string())]).await;
    let (events, error) = steps(server.connect().await.invoke(request(false))).await;
    assert!(error.is_none(), "{error:?}");
    assert!(events.contains(&StreamEvent::Block {
        index: 1,
        block: ContentBlock::Unknown("hologram".into()),
    }));
    assert!(format!("{events:?}").contains(r#"Unknown("smell")"#));
    assert!(
        !events
            .iter()
            .any(|event| matches!(event, StreamEvent::FirstToken(_))),
        "an answer that came whole has no first token"
    );
}

#[tokio::test]
async fn an_exception_in_the_middle_keeps_the_text_before_it() {
    for (name, kind, code) in [
        (
            "throttlingException",
            ErrorKind::Throttled,
            "ThrottlingException",
        ),
        (
            "modelStreamErrorException",
            ErrorKind::ModelError,
            "ModelStreamErrorException",
        ),
        (
            "internalServerException",
            ErrorKind::Internal,
            "InternalServerException",
        ),
        (
            "serviceUnavailableException",
            ErrorKind::ServiceUnavailable,
            "ServiceUnavailableException",
        ),
        (
            "validationException",
            ErrorKind::Validation,
            "ValidationException",
        ),
        // Not in the service model.
        (
            "modelTimeoutException",
            ErrorKind::ModelTimeout,
            "ModelTimeoutException",
        ),
    ] {
        let reply = Reply::events(vec![
            start(),
            text("So far"),
            exception(name, &json!({"message": "It isn’t going on"})),
        ])
        .header("x-amzn-requestid", "r-2");
        let (events, error) = run(reply).await;
        let error = error.unwrap_or_else(|| panic!("{name} is an error"));
        assert_eq!(said(&events), "So far");
        assert_eq!(error.kind(), &kind, "{name}");
        assert_eq!(error.code(), code);
        assert_eq!(error.message(), "It isn’t going on");
        assert_eq!(error.status(), Some(200));
        assert_eq!(error.request_id(), Some("r-2"));
        assert_eq!(error.operation(), "ConverseStream");
    }
}

#[tokio::test]
async fn an_error_frame_without_a_model_is_told_too() {
    let (events, error) = run(Reply::events(vec![
        start(),
        text("So far"),
        frame(
            &[
                (":message-type", "error"),
                (":error-code", "InternalFailure"),
                (":error-message", "An internal server error occurred"),
            ],
            Bytes::new(),
        ),
    ]))
    .await;
    let error = error.unwrap();
    assert_eq!(said(&events), "So far");
    assert_eq!(error.code(), "InternalFailure");
    assert_eq!(error.message(), "An internal server error occurred");
}

#[tokio::test]
async fn a_stream_that_just_ends_is_cut() {
    let (events, error) = run(Reply::events(vec![start(), text("So far")])).await;
    let error = error.unwrap();
    assert_eq!(said(&events), "So far");
    assert_eq!(error.kind(), &ErrorKind::StreamCut);
    assert!(error.may_have_been_billed());
}

#[tokio::test]
async fn a_broken_connection_is_a_cut() {
    let reply = Reply::events(vec![start(), text("So far")]).ending(Ending::Broken);
    let (events, error) = run(reply).await;
    assert_eq!(said(&events), "So far");
    assert_eq!(error.unwrap().kind(), &ErrorKind::StreamCut);
}

/// A dead connection does not hang for ever, and what came is kept.
#[tokio::test]
async fn silence_has_an_end() {
    let server =
        ReplayServer::start([Reply::events(vec![start(), text("So far")]).ending(Ending::Silent)])
            .await;
    let connection = server.connect().await.with_patience(Patience {
        between_events: Duration::from_millis(50),
        ..Patience::default()
    });
    let (events, error) = steps(connection.invoke(request(true))).await;
    assert_eq!(said(&events), "So far");
    assert_eq!(
        error.unwrap().kind(),
        &ErrorKind::Network(NetworkFailure::TimedOut)
    );
}

/// What asks for no model's words waits for less, and has an end too.
#[tokio::test]
async fn a_count_that_is_never_answered_has_an_end() {
    let server = ReplayServer::start([Reply::json(200, "{").ending(Ending::Silent)]).await;
    let connection = server.connect().await.with_patience(Patience {
        short_answer: Duration::from_millis(50),
        ..Patience::default()
    });
    let error = connection.count_tokens(&request(false)).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Network(NetworkFailure::TimedOut));
}

#[tokio::test]
async fn half_a_frame_is_a_cut() {
    let mut half = text("lost");
    half.truncate(half.len() - 5);
    let (events, error) = run(Reply::events(vec![start(), text("So far"), half])).await;
    assert_eq!(said(&events), "So far");
    assert_eq!(error.unwrap().kind(), &ErrorKind::StreamCut);
}

#[tokio::test]
async fn a_damaged_frame_is_told_and_the_text_before_it_kept() {
    let good = text("lost");
    for at in [9, good.len() - 1, good.len() / 2] {
        let mut damaged = good.to_vec();
        damaged[at] ^= 0x01;
        let (events, error) = run(Reply::events(vec![
            start(),
            text("So far"),
            damaged.into(),
            stop(),
        ]))
        .await;
        assert_eq!(said(&events), "So far", "byte {at}");
        let error = error.unwrap();
        assert_eq!(error.kind(), &ErrorKind::StreamCut, "byte {at}");
        assert_eq!(error.code(), "DamagedStream", "byte {at}");
    }
}

#[tokio::test]
async fn what_no_frame_can_be_is_damage_too() {
    let too_short = Bytes::from_static(&[0, 0, 0, 8, 0, 0, 0, 0]);
    let no_json = frame(
        &[
            (":message-type", "event"),
            (":event-type", "contentBlockDelta"),
        ],
        Bytes::from_static(b"{\"delta\": {\"text\":"),
    );
    let no_text = event("contentBlockDelta", &json!({"delta": {"text": 7}}));
    for damage in [too_short, no_json, no_text] {
        let (events, error) = run(Reply::events(vec![
            start(),
            text("So far"),
            damage.clone(),
            stop(),
        ]))
        .await;
        assert_eq!(said(&events), "So far");
        assert_eq!(error.unwrap().code(), "DamagedStream", "{damage:?}");
    }
}

#[tokio::test]
async fn what_is_null_was_left_out() {
    let (events, error) = run(Reply::events(vec![
        event("messageStart", &json!({"role": "assistant"})),
        event(
            "contentBlockDelta",
            &json!({"contentBlockIndex": 0, "delta": {"toolUse": null, "text": "Hello"}}),
        ),
        event(
            "messageStop",
            &json!({"stopReason": "end_turn", "additionalModelResponseFields": null}),
        ),
        event(
            "metadata",
            &json!({"usage": null, "metrics": {"latencyMs": null}, "trace": null,
                    "serviceTier": null, "performanceConfig": {"latency": null}}),
        ),
    ]))
    .await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(said(&events), "Hello");
    assert_eq!(
        events.last(),
        Some(&StreamEvent::Metadata(Box::default())),
        "nothing was told"
    );
}

#[tokio::test]
async fn a_stream_that_is_no_stream_says_what_it_was() {
    let body = r#"{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}"#;
    let (_, error) = run(Reply::json(200, body)).await;
    let error = error.unwrap();
    assert_eq!(error.code(), "UnknownOperationException");
    assert_eq!(error.kind(), &ErrorKind::UnknownOperation);
    assert_eq!(error.status(), Some(200));
}

#[tokio::test]
async fn an_answer_without_a_message_is_an_error() {
    let server = ReplayServer::start([Reply::json(200, "{}")]).await;
    let (events, error) = steps(server.connect().await.invoke(request(false))).await;
    assert!(events.is_empty());
    assert_eq!(error.unwrap().code(), "MissingMessage");
}

#[tokio::test]
async fn throttling_is_retried() {
    let throttled = Reply::json(429, r#"{"message":"Too many requests"}"#).header(
        "x-amzn-errortype",
        "ThrottlingException:http://internal.amazon.com/coral/com.amazon.bedrock/",
    );
    let server =
        ReplayServer::start([throttled, Reply::events(vec![start(), text("Yes"), stop()])]).await;
    let (events, error) = steps(server.connect().await.invoke(request(true))).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(said(&events), "Yes");
    assert_eq!(server.asked().len(), 2);
    assert_eq!(
        events[0],
        StreamEvent::Retrying(Retry {
            attempt: 2,
            because: "Too many requests".into(),
        }),
        "the person is told"
    );
}

#[tokio::test]
async fn what_may_have_been_billed_is_asked_once() {
    for (status, name) in [
        (500, "InternalServerException"),
        (503, "ServiceUnavailableException"),
        (502, ""),
        (504, ""),
        (408, "ModelTimeoutException"),
        (424, "ModelErrorException"),
    ] {
        for stream in [true, false] {
            let mut reply = Reply::json(status, r#"{"message":"no"}"#);
            if !name.is_empty() {
                reply = reply.header("x-amzn-errortype", name);
            }
            let server = ReplayServer::start([reply]).await;
            let (_, error) = steps(server.connect().await.invoke(request(stream))).await;
            assert_eq!(error.unwrap().status(), Some(status));
            assert_eq!(server.asked().len(), 1, "{status}, streamed: {stream}");
        }
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_not_asked_for_again() {
    let server = ReplayServer::start([Reply::json(200, r#"{"output": 7"#)]).await;
    let (_, error) = steps(server.connect().await.invoke(request(false))).await;
    assert_eq!(error.unwrap().kind(), &ErrorKind::Unexpected);
    assert_eq!(server.asked().len(), 1);
}

/// A server that reads a request and hangs up; it counts.
#[tokio::test]
async fn a_call_that_was_sent_and_not_answered_is_not_repeated() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (count, mut counted) = tokio::sync::watch::channel(0);
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut buffer = [0; 4096];
            assert!(socket.read(&mut buffer).await.unwrap() > 0);
            count.send_modify(|count| *count += 1);
        }
    });
    let (_, error) = steps(connect(&url).await.invoke(request(false))).await;
    let error = error.unwrap();
    assert!(matches!(error.kind(), ErrorKind::Network(_)), "{error:?}");
    assert!(error.may_have_been_billed());
    assert_eq!(*counted.borrow_and_update(), 1);
}

#[tokio::test]
async fn a_refused_connection_says_so() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let (_, error) = steps(connect(&url).await.invoke(request(true))).await;
    let error = error.unwrap();
    assert_eq!(
        error.kind(),
        &ErrorKind::Network(NetworkFailure::ConnectionRefused)
    );
    assert_eq!(error.code(), "ConnectionRefused");
    assert_eq!(error.message(), format!("Connection refused: {url}"));
    assert_eq!(error.status(), None);
    assert!(!error.may_have_been_billed());
}

#[tokio::test]
async fn a_name_without_an_address_says_so() {
    let (_, error) = steps(
        connect("https://bedrock.invalid")
            .await
            .invoke(request(true)),
    )
    .await;
    assert_eq!(
        error.unwrap().kind(),
        &ErrorKind::Network(NetworkFailure::Dns)
    );
}

#[tokio::test]
async fn a_server_without_tls_says_so() {
    let server = ReplayServer::start([Reply::json(200, "{}")]).await;
    let url = server.url().replace("http://", "https://");
    let (_, error) = steps(connect(&url).await.invoke(request(true))).await;
    let error = error.unwrap();
    assert_eq!(
        error.kind(),
        &ErrorKind::Network(NetworkFailure::Tls),
        "{error}"
    );
}

/// The other end sees the connection close when the stream is dropped.
#[tokio::test]
async fn dropping_the_stream_cancels_the_request() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (closed, mut is_closed) = tokio::sync::watch::channel(false);
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut buffer = [0; 8192];
        assert!(socket.read(&mut buffer).await.unwrap() > 0);
        socket
            .write_all(
                b"HTTP/1.1 200 OK\r\ncontent-type: application/vnd.amazon.eventstream\r\n\
                  content-length: 1000000\r\n\r\n",
            )
            .await
            .unwrap();
        socket.write_all(&start()).await.unwrap();
        while !matches!(socket.read(&mut buffer).await, Ok(0) | Err(_)) {}
        closed.send_replace(true);
    });
    let mut stream = connect(&url).await.invoke(request(true));
    assert!(matches!(
        stream.next().await,
        Some(Ok(StreamEvent::Sent(_)))
    ));
    assert!(matches!(
        stream.next().await,
        Some(Ok(StreamEvent::Accepted { .. }))
    ));
    assert!(matches!(
        stream.next().await,
        Some(Ok(StreamEvent::MessageStart(_)))
    ));
    drop(stream);
    tokio::time::timeout(
        Duration::from_secs(10),
        is_closed.wait_for(|closed| *closed),
    )
    .await
    .expect("the connection closes")
    .unwrap();
}
