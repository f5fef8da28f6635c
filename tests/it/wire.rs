//! The JSON form of requests against the SDK's own: what it puts on the wire is what is expected.

use bedrock_playground::chat::{Citation, Citations, Message, Request, SystemBlock, ToolResult};
use bedrock_playground::chat::{CitationLocation, ContentBlock, Image, ImageFormat, MediaSource};
use bedrock_playground::chat::{DocumentFormat, DocumentSource, ToolResultContent};
use futures_util::StreamExt as _;
use serde_json::Value;

use crate::support::replay::{ReplayServer, Reply};
use crate::support::requests::{self, hello, s3};

/// The body that the SDK sends.
async fn sdk_body(request: Request) -> Value {
    let server = ReplayServer::start([Reply::json(400, "{}")]).await;
    let mut events = server.connect().await.invoke(request);
    while let Some(Ok(_)) = events.next().await {}
    server.asked().remove(0).json()
}

/// Single floats as such: the SDK writes every digit of the nearest double.
fn singles(mut body: Value) -> Value {
    for name in ["temperature", "topP"] {
        if let Some(number) = body.pointer_mut(&format!("/inferenceConfig/{name}")) {
            let exact = number.as_f64().expect("a number");
            #[expect(clippy::cast_possible_truncation, reason = "that is what is compared")]
            let single = exact as f32;
            *number = f64::from(single).into();
        }
    }
    body
}

#[tokio::test]
async fn requests_are_written_as_the_sdk_writes_them() {
    for (what, request) in requests::all() {
        let expected = sdk_body(request.clone()).await;
        assert_eq!(
            singles(request.to_converse_json()),
            singles(expected),
            "{what}"
        );
    }
}

#[tokio::test]
async fn what_the_sdk_writes_is_read_back() {
    for (what, request) in requests::all() {
        let body = sdk_body(request.clone()).await;
        let read = Request::from_converse_json(request.model_id.clone(), &body).expect(what);
        assert_eq!(read.left_out, [""; 0], "{what}");
        let mut expected = Request {
            // Not in the body.
            stream: true,
            ..request.clone()
        };
        if let Some(guardrail) = &mut expected.guardrail {
            guardrail.asynchronous &= request.stream;
        }
        assert_eq!(read.value, expected, "{what}");
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_left_out_as_the_sdk_leaves_it_out() {
    let image = |source| Image {
        format: ImageFormat::Png,
        source,
    };
    let request = Request {
        system: vec![SystemBlock::Text(String::new())],
        messages: vec![
            Message::user(vec![
                ContentBlock::Text(String::new()),
                ContentBlock::Unknown("hologram".into()),
                ContentBlock::Image(image(MediaSource::Unknown)),
                ContentBlock::GuardImage(image(s3("a.png"))),
                ContentBlock::Document(bedrock_playground::chat::Document {
                    format: DocumentFormat::Txt,
                    name: "D".into(),
                    source: DocumentSource::Media(MediaSource::Unknown),
                    context: None,
                    citations: false,
                }),
                ContentBlock::ToolResult(ToolResult {
                    tool_use_id: "t".into(),
                    content: vec![
                        ToolResultContent::Unknown("hologram".into()),
                        ToolResultContent::Text(String::new()),
                    ],
                    status: None,
                    kind: None,
                }),
            ]),
            Message::assistant(vec![ContentBlock::Citations(Citations {
                content: Vec::new(),
                citations: vec![Citation {
                    title: None,
                    source: None,
                    source_content: Vec::new(),
                    location: Some(CitationLocation::Unknown),
                }],
            })]),
            Message::user(Vec::new()),
        ],
        ..hello()
    };
    assert_eq!(request.to_converse_json(), sdk_body(request).await);
}

#[test]
fn a_message_goes_both_ways_alone() {
    for message in requests::content().messages {
        let written = message.to_converse_json();
        let read = Message::from_converse_json(&written, "messages[0]").expect("readable");
        assert_eq!((read.value, read.left_out.len()), (message, 0));
    }
}
