//! What running a snippet does not show.

use std::sync::Arc;

use super::escape::{Escapes, quoted, shell_word};
use super::*;
use crate::chat::{
    ContentBlock, Document, DocumentFormat, DocumentSource, Image, ImageFormat, MediaSource,
    Message, Video,
};

fn target() -> Target {
    Target {
        region: "eu-central-1".into(),
        endpoint_url: None,
    }
}

fn asking(content: Vec<ContentBlock>) -> Request {
    Request::new("amazon.nova-lite-v1:0".into(), vec![Message::user(content)])
}

fn bytes(content: &[u8]) -> MediaSource {
    MediaSource::Bytes(Arc::from(content))
}

fn image(source: MediaSource) -> ContentBlock {
    ContentBlock::Image(Image {
        format: ImageFormat::Png,
        source,
    })
}

#[test]
fn the_same_bytes_are_one_file() {
    let request = asking(vec![
        image(bytes(b"one")),
        image(bytes(b"two")),
        image(bytes(b"one")),
        ContentBlock::Document(Document {
            format: DocumentFormat::Txt,
            name: "D".into(),
            source: DocumentSource::Media(bytes(b"one")),
            context: None,
            citations: false,
        }),
    ]);
    let names: Vec<_> = files(&request).into_iter().map(|file| file.name).collect();
    assert_eq!(names, ["image-1.png", "image-2.png", "document-1.txt"]);
    let python = snippet(Language::Python, &request, &target());
    assert_eq!(python.matches("\"image-1.png\"").count(), 2);
}

#[test]
fn a_request_to_be_read_is_what_is_sent_with_media_by_their_sizes() {
    let mut request = asking(vec![ContentBlock::Text("Say \"grüezi\"\n\u{1}".into())]);
    request.model_id = "arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.x".into();
    request.inference.temperature = Some(0.5);
    let text = request_text(&request, &target());
    let (address, body) = text.split_once("\n\n").unwrap();
    assert_eq!(
        address,
        "POST https://bedrock-runtime.eu-central-1.amazonaws.com/model/\
         arn%3Aaws%3Abedrock%3Aeu-central-1%3A123456789012%3Ainference-profile%2Feu.x/converse-stream"
    );
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body, request.to_converse_json());

    let request = asking(vec![image(bytes(b"three"))]);
    let text = request_text(&request, &target());
    assert!(text.contains("\"<5 bytes: image-1.png>\""), "{text}");
}

#[test]
fn a_format_does_not_lead_out_of_the_folder() {
    let request = asking(vec![ContentBlock::Video(Video {
        format: "../$(x)".into(),
        source: bytes(b"film"),
    })]);
    assert_eq!(files(&request)[0].name, "video-1.bin");
}

#[test]
fn megabytes_are_never_in_the_code() {
    let request = asking(vec![image(bytes(&vec![7; 3_000_000]))]);
    for language in Language::ALL {
        let code = snippet(language, &request, &target());
        assert!(code.len() < 3000, "{language:?}");
        assert!(code.contains("image-1.png"), "{language:?}");
    }
}

#[test]
fn what_a_language_cannot_say_is_said() {
    let request = asking(vec![
        ContentBlock::Text("Hello".into()),
        ContentBlock::Video(Video {
            format: "mp4".into(),
            source: bytes(b"film"),
        }),
    ]);
    for language in [Language::AwsCli, Language::Curl] {
        let code = snippet(language, &request, &target());
        assert!(code.contains("the answer comes whole"), "{code}");
    }
    let cli = snippet(Language::AwsCli, &request, &target());
    assert!(cli.contains("Version 2 is needed"), "{cli}");
    let ai = snippet(Language::AiSdk, &request, &target());
    assert!(ai.contains("// Not the same here: the AI SDK sends no videos."));
    assert!(
        !ai.contains("readFile"),
        "a file that is not sent is not read"
    );
    let mut large = asking(vec![ContentBlock::Text("Hello".into())]);
    large.additional_model_request_fields =
        Some(serde_json::json!({"seed": 9_007_199_254_740_993_u64}));
    for language in [Language::JavaScript, Language::AiSdk] {
        assert!(snippet(language, &large, &target()).contains("rounds whole numbers"));
    }
}

#[test]
fn addresses_follow_the_region() {
    let request = asking(vec![ContentBlock::Text("Hello".into())]);
    let address = |region: &str| {
        let target = Target {
            region: region.into(),
            endpoint_url: None,
        };
        let code = snippet(Language::Curl, &request, &target);
        let begin = code.find("https://").expect("an address");
        code[begin..]
            .split('/')
            .nth(2)
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(
        address("eu-west-3"),
        "bedrock-runtime.eu-west-3.amazonaws.com"
    );
    assert_eq!(
        address("us-gov-west-1"),
        "bedrock-runtime.us-gov-west-1.amazonaws.com"
    );
}

#[test]
fn text_is_quoted() {
    assert_eq!(
        quoted("a\"b\\c\n\u{202e}\u{7}", Escapes::Json),
        r#""a\"b\\c\n\u202e\u0007""#
    );
    assert_eq!(quoted("\u{e0001}🦀", Escapes::Json), "\"\\udb40\\udc01🦀\"");
    assert_eq!(quoted("\u{e0001}", Escapes::Python), r#""\U000e0001""#);
    assert_eq!(quoted("\u{ad}", Escapes::Braces), r#""\u{ad}""#);
    assert_eq!(shell_word("us-east-1"), "us-east-1");
    assert_eq!(shell_word("it's $x"), r"'it'\''s $x'");
    assert_eq!(shell_word(""), "''");
}

#[test]
fn a_tool_can_be_demanded_in_the_ai_sdk() {
    use crate::chat::{ToolChoice, ToolConfig, ToolDefinition};
    let mut request = asking(vec![ContentBlock::Text("Hello".into())]);
    for (choice, expected) in [
        (ToolChoice::Any, "toolChoice: \"required\""),
        (
            ToolChoice::Tool("look".into()),
            "toolChoice: { type: \"tool\", toolName: \"look\" }",
        ),
    ] {
        request.tools = Some(ToolConfig {
            tools: vec![ToolDefinition::Spec {
                name: "look".into(),
                description: None,
                input_schema: serde_json::json!({"type": "object"}),
            }],
            choice: Some(choice),
        });
        let code = snippet(Language::AiSdk, &request, &target());
        assert!(code.contains(expected), "{code}");
    }
}

#[test]
fn a_member_does_not_become_a_prototype() {
    let mut request = asking(vec![ContentBlock::Text("Hello".into())]);
    request.additional_model_request_fields = Some(serde_json::json!({"__proto__": {"a": 1}}));
    let code = snippet(Language::JavaScript, &request, &target());
    assert!(code.contains("{ [\"__proto__\"]: { a: 1 } }"), "{code}");
}
