//! What went over the wire, as it is kept to be looked at: the same as the other end saw, and no
//! secret in it.

use bedrock_playground::bedrock::{Connection, ConnectionOptions, CredentialsSource};
use bedrock_playground::chat::{
    ContentBlock, Exchange, ExchangeRequest, ExchangeResponse, Image, ImageFormat, Invocation,
    InvocationId, Message, Request, StreamEvent, Transcript,
};
use serde_json::json;

use crate::support::frames;
use crate::support::outcome::outcome;
use crate::support::replay::{Asked, Ending, ReplayServer, Reply, connect};
use crate::support::requests::{self, bytes, hello};

const ANSWER: &str = r#"{"output":{"message":{"role":"assistant","content":[{"text":"Yes"}]}},
    "stopReason":"end_turn","usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2},
    "metrics":{"latencyMs":5}}"#;

/// What an invocation tells of its exchange; what was sent comes first, what came back last.
async fn told(
    connection: &Connection,
    request: Request,
) -> (Option<ExchangeRequest>, Option<ExchangeResponse>, bool) {
    let (events, error) = outcome(connection.invoke(request)).await;
    let count = events.len();
    let (mut sent, mut received) = (None, None);
    for (index, event) in events.into_iter().enumerate() {
        match event {
            StreamEvent::Sent(request) => {
                assert_eq!(index, 0, "the first event, and no other");
                sent = Some(*request);
            }
            StreamEvent::Received(response) => {
                assert_eq!(index, count - 1, "the last event, and no other");
                received = Some(*response);
            }
            _ => {}
        }
    }
    (sent, received, error.is_some())
}

async fn with(url: &str, credentials: CredentialsSource) -> Connection {
    Connection::open(ConnectionOptions {
        region: Some("us-east-1".into()),
        endpoint_url: Some(url.into()),
        credentials,
        ..ConnectionOptions::default()
    })
    .await
    .expect("a connection needs nothing but options")
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(header, _)| header.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

fn assert_as_asked(sent: &ExchangeRequest, asked: &Asked, server: &ReplayServer) {
    assert_eq!(sent.method, asked.method);
    assert_eq!(sent.url, format!("{}{}", server.url(), asked.path));
    assert_eq!(sent.body.as_bytes(), &asked.body[..]);
    for (name, value) in &sent.headers {
        if value != "(left out)" {
            assert_eq!(asked.header(name), Some(value.as_str()), "{name}");
        }
    }
}

#[tokio::test]
async fn keys_are_left_out_and_the_rest_is_as_it_arrived() {
    for stream in [false, true] {
        let server = ReplayServer::start([Reply::json(200, ANSWER)
            .header("x-amzn-requestid", "a-b-c")
            .header("set-cookie", "planted-cookie")])
        .await;
        let keys = CredentialsSource::Keys {
            access_key_id: "AKIDPLANTED".into(),
            secret_access_key: "planted-secret".into(),
            session_token: Some("planted-session".into()),
        };
        let request = Request {
            stream,
            ..requests::parameters()
        };
        let connection = with(&server.url(), keys).await;
        let (sent, received, _) = told(&connection, request).await;
        let (sent, received) = (sent.expect("sent"), received.expect("received"));
        let asked = server.asked().remove(0);
        // The test's own eyes: all of it did go over the wire.
        assert_eq!(
            asked.header("x-amz-security-token"),
            Some("planted-session")
        );
        assert!(
            asked
                .header("authorization")
                .is_some_and(|it| it.contains("AKIDPLANTED"))
        );
        assert_as_asked(&sent, &asked, &server);
        assert_eq!(header(&sent.headers, "authorization"), Some("(left out)"));
        assert_eq!(
            header(&sent.headers, "x-amz-security-token"),
            Some("(left out)")
        );
        assert_eq!(header(&received.headers, "set-cookie"), Some("(left out)"));
        assert_eq!(header(&received.headers, "x-amzn-requestid"), Some("a-b-c"));
        assert_eq!((received.status, received.body.as_str()), (200, ANSWER));
        assert!(!received.is_stream, "JSON came, whatever was asked for");
        let shown = format!("{sent:?}{received:?}").to_lowercase();
        assert!(!shown.contains("planted"), "{shown}");
    }
}

#[tokio::test]
async fn an_api_key_is_left_out() {
    let server = ReplayServer::start([Reply::json(200, ANSWER)]).await;
    let connection = with(
        &server.url(),
        CredentialsSource::ApiKey("planted-key".into()),
    )
    .await;
    let (sent, received, _) = told(&connection, hello()).await;
    let sent = sent.expect("sent");
    let asked = server.asked().remove(0);
    assert_eq!(asked.header("authorization"), Some("Bearer planted-key"));
    assert_as_asked(&sent, &asked, &server);
    assert_eq!(header(&sent.headers, "authorization"), Some("(left out)"));
    assert!(!format!("{sent:?}{received:?}").contains("planted"));
}

fn streamed() -> Request {
    Request {
        stream: true,
        ..hello()
    }
}

#[tokio::test]
async fn the_events_of_a_stream_are_lines() {
    let frames = [
        frames::event("messageStart", &json!({"role": "assistant"})),
        frames::event("moodChange", &json!({"mood": "good"})),
        frames::event(
            "contentBlockDelta",
            &json!({"contentBlockIndex": 0, "delta": {"text": "Yes\n"}, "p": "abc"}),
        ),
        frames::event("messageStop", &json!({"stopReason": "end_turn"})),
        frames::event(
            "metadata",
            &json!({"usage":
            {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}, "metrics": {"latencyMs": 5}}),
        ),
    ];
    // Cut where no frame ends.
    let whole = frames.concat();
    let (one, other) = whole.split_at(whole.len() / 2 + 3);
    let chunks = vec![one.to_vec().into(), other.to_vec().into()];
    let server = ReplayServer::start([Reply::events(chunks)]).await;
    let (sent, received, failed) = told(&server.connect().await, streamed()).await;
    assert!(!failed);
    assert_as_asked(&sent.expect("sent"), &server.asked()[0], &server);
    let received = received.expect("received");
    assert!(received.is_stream);
    assert_eq!(
        received.body,
        "{\"messageStart\":{\"role\":\"assistant\"}}\n\
         {\"moodChange\":{\"mood\":\"good\"}}\n\
         {\"contentBlockDelta\":{\"contentBlockIndex\":0,\"delta\":{\"text\":\"Yes\\n\"},\"p\":\"abc\"}}\n\
         {\"messageStop\":{\"stopReason\":\"end_turn\"}}\n\
         {\"metadata\":{\"metrics\":{\"latencyMs\":5},\"usage\":{\"inputTokens\":1,\"outputTokens\":1,\
         \"totalTokens\":2}}}\n"
    );
}

#[tokio::test]
async fn failures_are_told_as_far_as_they_came() {
    let refused = r#"{"message":"No"}"#;
    let server = ReplayServer::start([Reply::json(403, refused)]).await;
    for request in [hello(), streamed()] {
        let (sent, received, failed) = told(&server.connect().await, request).await;
        assert!(failed && sent.is_some());
        let received = received.expect("received");
        assert_eq!((received.status, received.body.as_str()), (403, refused));
    }
    let start = frames::event("messageStart", &json!({"role": "assistant"}));
    for (chunks, ending, expected) in [
        (
            vec![
                start.clone(),
                frames::exception("throttlingException", &json!({"message": "Slow down"})),
            ],
            Ending::Complete,
            "{\"messageStart\":{\"role\":\"assistant\"}}\n\
             {\"throttlingException\":{\"message\":\"Slow down\"}}\n",
        ),
        (
            vec![start],
            Ending::Broken,
            "{\"messageStart\":{\"role\":\"assistant\"}}\n",
        ),
    ] {
        let server = ReplayServer::start([Reply::events(chunks).ending(ending)]).await;
        let (_, received, failed) = told(&server.connect().await, streamed()).await;
        assert!(failed);
        assert_eq!(received.expect("received").body, expected);
    }
    // Nobody listens there.
    let (sent, received, failed) = told(&connect("http://127.0.0.1:1").await, hello()).await;
    assert!(failed && sent.is_some());
    assert_eq!(received, None);
}

#[tokio::test]
async fn attempts_are_one_exchange() {
    let server = ReplayServer::start([
        Reply::json(429, r#"{"message":"Too many requests"}"#)
            .header("x-amzn-errortype", "ThrottlingException"),
        Reply::json(200, ANSWER),
    ])
    .await;
    let (sent, received, failed) = told(&server.connect().await, hello()).await;
    assert!(!failed && sent.is_some());
    assert_eq!(server.asked().len(), 2);
    assert_eq!(received.expect("received").status, 200);
}

#[tokio::test]
async fn megabytes_of_pictures_are_told_by_their_size() {
    let server = ReplayServer::start([Reply::json(200, ANSWER)]).await;
    let mut request = hello();
    request.messages.insert(
        0,
        Message::user(vec![ContentBlock::Image(Image {
            format: ImageFormat::Png,
            source: bytes(&vec![7; 2_000_001]),
        })]),
    );
    let (sent, ..) = told(&server.connect().await, request).await;
    let body = sent.expect("sent").body;
    assert!(body.len() < 300, "{}", body.len());
    let body: serde_json::Value = serde_json::from_str(&body).expect("still JSON");
    assert_eq!(
        body,
        json!({"messages": [
            {"role": "user", "content": [{"image": {"format": "png", "source":
                {"bytes": "<2000001 bytes>"}}}]},
            {"role": "user", "content": [{"text": "Tell me of rivers"}]}
        ]})
    );
    let asked = server.asked().remove(0).body;
    assert!(asked.len() > 2_600_000, "the picture itself was sent");
}

#[tokio::test]
async fn an_invocation_keeps_its_exchange() {
    let server = ReplayServer::start([Reply::json(200, ANSWER)]).await;
    let id = InvocationId(1);
    let mut transcript = Transcript::default();
    transcript.begin(Invocation::new(id, hello().model_id, "us-east-1"));
    let (events, _) = outcome(server.connect().await.invoke(hello())).await;
    for event in events {
        transcript.apply(id, event);
    }
    transcript.complete(id);
    let invocation = transcript
        .last()
        .and_then(|(_, turn)| turn.invocation.clone())
        .expect("a call");
    let Exchange { request, response } = *invocation.exchange.expect("an exchange");
    assert_as_asked(&request, &server.asked()[0], &server);
    assert_eq!(response.expect("an answer").body, ANSWER);
}
