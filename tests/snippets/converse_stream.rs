// cargo add aws-config aws-sdk-bedrockruntime
// cargo add tokio --features full
// cargo add aws-smithy-types serde_json
// Reads image-1.jpeg, document-1.pdf, video-1.3gp, audio-1.mp3, image-2.png, image-3.webp, document-2.pdf from this folder.
use std::collections::HashMap;
use std::io::Write as _;

use aws_config::BehaviorVersion;
use aws_sdk_bedrockruntime::primitives::Blob;
use aws_sdk_bedrockruntime::types::{
    AudioBlock, AudioFormat, AudioSource, CachePointBlock, CachePointType, CacheTtl, Citation,
    CitationGeneratedContent, CitationLocation, CitationSourceContent, CitationsConfig,
    CitationsContentBlock, ContentBlock, ContentBlockDelta, ConversationRole, ConverseStreamOutput,
    DocumentBlock, DocumentCharLocation, DocumentChunkLocation, DocumentContentBlock,
    DocumentFormat, DocumentPageLocation, DocumentSource, GuardrailConverseContentBlock,
    GuardrailConverseContentQualifier, GuardrailConverseImageBlock, GuardrailConverseImageFormat,
    GuardrailConverseImageSource, GuardrailConverseTextBlock, GuardrailStreamConfiguration,
    GuardrailStreamProcessingMode, GuardrailTrace, ImageBlock, ImageFormat, ImageSource,
    InferenceConfiguration, JsonSchemaDefinition, Message, OutputConfig, OutputFormat,
    OutputFormatStructure, OutputFormatType, PerformanceConfigLatency, PerformanceConfiguration,
    ReasoningContentBlock, ReasoningTextBlock, S3Location, SearchResultBlock,
    SearchResultContentBlock, SearchResultLocation, ServiceTier, ServiceTierType,
    SpecificToolChoice, SystemContentBlock, SystemTool, Tool, ToolChoice, ToolConfiguration,
    ToolInputSchema, ToolResultBlock, ToolResultContentBlock, ToolResultStatus, ToolSpecification,
    ToolUseBlock, ToolUseType, VideoBlock, VideoFormat, VideoSource, WebLocation,
};
use aws_smithy_types::{Document, Number};
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = aws_config::defaults(BehaviorVersion::latest())
        .region("us-east-1")
        .load()
        .await;
    let client = aws_sdk_bedrockruntime::Client::new(&config);
    let mut response = client
        .converse_stream()
        .model_id("amazon.nova-lite-v1:0")
        .system(SystemContentBlock::Text("He said \"it's\" `$HOME` ${x} $(date) \\n \\\\ %s %% {y} #{z} <b>&amp; 'JSON'\nJSON\nEOF\ttab\r\nnext\u{7} \"\"\" שלום مرحبا 日本 🦀 \u{2028}end\\".into()))
        .system(SystemContentBlock::CachePoint(
            CachePointBlock::builder()
                .r#type(CachePointType::Default)
                .ttl(CacheTtl::from("1h"))
                .build()?,
        ))
        .system(SystemContentBlock::GuardContent(GuardrailConverseContentBlock::Text(
            GuardrailConverseTextBlock::builder()
                .text("Look at this")
                .qualifiers(GuardrailConverseContentQualifier::from("query"))
                .build()?,
        )))
        .messages(
            Message::builder()
                .role(ConversationRole::User)
                .content(ContentBlock::Text("He said \"it's\" `$HOME` ${x} $(date) \\n \\\\ %s %% {y} #{z} <b>&amp; 'JSON'\nJSON\nEOF\ttab\r\nnext\u{7} \"\"\" שלום مرحبا 日本 🦀 \u{2028}end\\".into()))
                .content(ContentBlock::Image(
                    ImageBlock::builder()
                        .format(ImageFormat::Jpeg)
                        .source(ImageSource::Bytes(Blob::new(std::fs::read("image-1.jpeg")?)))
                        .build()?,
                ))
                .content(ContentBlock::Image(
                    ImageBlock::builder()
                        .format(ImageFormat::Png)
                        .source(ImageSource::S3Location(
                            S3Location::builder()
                                .uri("s3://bucket/a.png")
                                .bucket_owner("123456789012")
                                .build()?,
                        ))
                        .build()?,
                ))
                .content(ContentBlock::Document(
                    DocumentBlock::builder()
                        .format(DocumentFormat::Pdf)
                        .name("Report")
                        .source(DocumentSource::Bytes(Blob::new(std::fs::read("document-1.pdf")?)))
                        .context("From 2025")
                        .citations(CitationsConfig::builder().enabled(true).build()?)
                        .build()?,
                ))
                .content(ContentBlock::Document(
                    DocumentBlock::builder()
                        .format(DocumentFormat::Pdf)
                        .name("Words")
                        .source(DocumentSource::Text("Words".into()))
                        .build()?,
                ))
                .content(ContentBlock::Document(
                    DocumentBlock::builder()
                        .format(DocumentFormat::Pdf)
                        .name("Chunks")
                        .source(DocumentSource::Content(vec![DocumentContentBlock::Text("a".into()), DocumentContentBlock::Text("b".into())]))
                        .build()?,
                ))
                .content(ContentBlock::Video(
                    VideoBlock::builder()
                        .format(VideoFormat::from("three_gp"))
                        .source(VideoSource::Bytes(Blob::new(std::fs::read("video-1.3gp")?)))
                        .build()?,
                ))
                .content(ContentBlock::Video(
                    VideoBlock::builder()
                        .format(VideoFormat::from("mp4"))
                        .source(VideoSource::S3Location(
                            S3Location::builder()
                                .uri("s3://bucket/film.mp4")
                                .bucket_owner("123456789012")
                                .build()?,
                        ))
                        .build()?,
                ))
                .content(ContentBlock::Audio(
                    AudioBlock::builder()
                        .format(AudioFormat::from("mp3"))
                        .source(AudioSource::Bytes(Blob::new(std::fs::read("audio-1.mp3")?)))
                        .build()?,
                ))
                .content(ContentBlock::GuardContent(GuardrailConverseContentBlock::Text(
                    GuardrailConverseTextBlock::builder()
                        .text("x")
                        .qualifiers(GuardrailConverseContentQualifier::from("grounding_source"))
                        .qualifiers(GuardrailConverseContentQualifier::from("query"))
                        .build()?,
                )))
                .content(ContentBlock::GuardContent(GuardrailConverseContentBlock::Image(
                    GuardrailConverseImageBlock::builder()
                        .format(GuardrailConverseImageFormat::from("png"))
                        .source(GuardrailConverseImageSource::Bytes(Blob::new(std::fs::read("image-2.png")?)))
                        .build()?,
                )))
                .content(ContentBlock::SearchResult(
                    SearchResultBlock::builder()
                        .title("A")
                        .source("https://a.example/x?y=1&z=2")
                        .content(SearchResultContentBlock::builder().text("one").build()?)
                        .content(SearchResultContentBlock::builder().text("two").build()?)
                        .citations(CitationsConfig::builder().enabled(true).build()?)
                        .build()?,
                ))
                .content(ContentBlock::CachePoint(
                    CachePointBlock::builder()
                        .r#type(CachePointType::Default)
                        .ttl(CacheTtl::from("5m"))
                        .build()?,
                ))
                .build()?,
        )
        .messages(
            Message::builder()
                .role(ConversationRole::Assistant)
                .content(ContentBlock::ReasoningContent(ReasoningContentBlock::ReasoningText(
                    ReasoningTextBlock::builder()
                        .text("hm")
                        .signature("sig")
                        .build()?,
                )))
                .content(ContentBlock::ReasoningContent(ReasoningContentBlock::RedactedContent(Blob::new(b"\x00\x01\xff"))))
                .content(ContentBlock::CitationsContent(
                    CitationsContentBlock::builder()
                        .content(CitationGeneratedContent::Text("So it is".into()))
                        .citations(
                            Citation::builder()
                                .title("T")
                                .source_content(CitationSourceContent::Text("words".into()))
                                .build(),
                        )
                        .citations(
                            Citation::builder()
                                .title("T")
                                .source("s")
                                .location(CitationLocation::Web(
                                    WebLocation::builder()
                                        .url("https://a.example/x")
                                        .domain("a.example")
                                        .build(),
                                ))
                                .source_content(CitationSourceContent::Text("words".into()))
                                .build(),
                        )
                        .citations(
                            Citation::builder()
                                .title("T")
                                .source("s")
                                .location(CitationLocation::DocumentChar(
                                    DocumentCharLocation::builder()
                                        .document_index(0)
                                        .start(1)
                                        .end(2)
                                        .build(),
                                ))
                                .source_content(CitationSourceContent::Text("words".into()))
                                .build(),
                        )
                        .citations(
                            Citation::builder()
                                .title("T")
                                .source("s")
                                .location(CitationLocation::DocumentPage(
                                    DocumentPageLocation::builder()
                                        .document_index(0)
                                        .start(1)
                                        .build(),
                                ))
                                .source_content(CitationSourceContent::Text("words".into()))
                                .build(),
                        )
                        .citations(
                            Citation::builder()
                                .title("T")
                                .source("s")
                                .location(CitationLocation::DocumentChunk(
                                    DocumentChunkLocation::builder()
                                        .document_index(0)
                                        .start(1)
                                        .end(2)
                                        .build(),
                                ))
                                .source_content(CitationSourceContent::Text("words".into()))
                                .build(),
                        )
                        .citations(
                            Citation::builder()
                                .title("T")
                                .source("s")
                                .location(CitationLocation::SearchResultLocation(
                                    SearchResultLocation::builder()
                                        .search_result_index(0)
                                        .start(1)
                                        .end(2)
                                        .build(),
                                ))
                                .source_content(CitationSourceContent::Text("words".into()))
                                .build(),
                        )
                        .build(),
                ))
                .content(ContentBlock::ToolUse(
                    ToolUseBlock::builder()
                        .tool_use_id("t1")
                        .name("weather")
                        .input(document(r#"{"days": 3, "exact": 0.1, "place": "Saint-Étienne's"}"#)?)
                        .build()?,
                ))
                .content(ContentBlock::ToolUse(
                    ToolUseBlock::builder()
                        .tool_use_id("t2")
                        .name("nova_grounding")
                        .r#type(ToolUseType::ServerToolUse)
                        .input(document(r"{}")?)
                        .build()?,
                ))
                .build()?,
        )
        .messages(
            Message::builder()
                .role(ConversationRole::User)
                .content(ContentBlock::ToolResult(
                    ToolResultBlock::builder()
                        .tool_use_id("t1")
                        .r#type("search")
                        .content(ToolResultContentBlock::Json(document(r#"{"c": 21.5, "list": [null]}"#)?))
                        .content(ToolResultContentBlock::Text("warm".into()))
                        .content(ToolResultContentBlock::Image(
                            ImageBlock::builder()
                                .format(ImageFormat::Webp)
                                .source(ImageSource::Bytes(Blob::new(std::fs::read("image-3.webp")?)))
                                .build()?,
                        ))
                        .content(ToolResultContentBlock::Document(
                            DocumentBlock::builder()
                                .format(DocumentFormat::Pdf)
                                .name("Forecast")
                                .source(DocumentSource::Bytes(Blob::new(std::fs::read("document-2.pdf")?)))
                                .build()?,
                        ))
                        .content(ToolResultContentBlock::Video(
                            VideoBlock::builder()
                                .format(VideoFormat::from("webm"))
                                .source(VideoSource::S3Location(
                                    S3Location::builder()
                                        .uri("s3://bucket/w.webm")
                                        .bucket_owner("123456789012")
                                        .build()?,
                                ))
                                .build()?,
                        ))
                        .content(ToolResultContentBlock::SearchResult(
                            SearchResultBlock::builder()
                                .title("A")
                                .source("https://a.example/x?y=1&z=2")
                                .content(SearchResultContentBlock::builder().text("one").build()?)
                                .content(SearchResultContentBlock::builder().text("two").build()?)
                                .citations(CitationsConfig::builder().enabled(true).build()?)
                                .build()?,
                        ))
                        .status(ToolResultStatus::Error)
                        .build()?,
                ))
                .content(ContentBlock::Text("And now?".into()))
                .build()?,
        )
        .inference_config(
            InferenceConfiguration::builder()
                .max_tokens(300)
                .temperature(0.3)
                .top_p(0.9)
                .stop_sequences("END")
                .stop_sequences("\n\n'\"")
                .build(),
        )
        .tool_config(
            ToolConfiguration::builder()
                .tools(Tool::ToolSpec(
                    ToolSpecification::builder()
                        .name("weather")
                        .description("The weather of a place")
                        .input_schema(ToolInputSchema::Json(document(r#"{
                            "properties": {
                                "days": {"minimum": 1, "type": "integer"},
                                "place": {"type": "string"}
                            },
                            "required": ["place"],
                            "type": "object"
                        }"#)?))
                        .build()?,
                ))
                .tools(Tool::SystemTool(SystemTool::builder().name("nova_grounding").build()?))
                .tools(Tool::CachePoint(
                    CachePointBlock::builder()
                        .r#type(CachePointType::Default)
                        .build()?,
                ))
                .tool_choice(ToolChoice::Tool(SpecificToolChoice::builder().name("weather").build()?))
                .build()?,
        )
        .guardrail_config(
            GuardrailStreamConfiguration::builder()
                .guardrail_identifier("gr1")
                .guardrail_version("DRAFT")
                .stream_processing_mode(GuardrailStreamProcessingMode::Async)
                .trace(GuardrailTrace::Enabled)
                .build(),
        )
        .additional_model_request_fields(document(r#"{
            "below": -3,
            "flag": true,
            "it's": "He said \"it's\" `$HOME` ${x} $(date) \\n \\\\ %s %% {y} #{z} <b>&amp; 'JSON'\nJSON\nEOF\ttab\r\nnext\u0007 \"\"\" שלום مرحبا 日本 🦀 \u2028end\\",
            "none": null,
            "ratio": 0.1,
            "thinking": {"list": [1, "two", [], {}], "type": "disabled"},
            "top_k": 50,
            "whole": 2.0
        }"#)?)
        .additional_model_response_field_paths("/stop_sequence")
        .performance_config(
            PerformanceConfiguration::builder()
                .latency(PerformanceConfigLatency::Standard)
                .build(),
        )
        .service_tier(
            ServiceTier::builder()
                .r#type(ServiceTierType::Default)
                .build()?,
        )
        .request_metadata("project", "a11y")
        .request_metadata("team", "é")
        .output_config(
            OutputConfig::builder()
                .text_format(
                    OutputFormat::builder()
                        .r#type(OutputFormatType::JsonSchema)
                        .structure(OutputFormatStructure::JsonSchema(
                            JsonSchemaDefinition::builder()
                                .name("answer")
                                .schema("{\"properties\":{\"alt\":{\"description\":\"it's \\\"quoted\\\"\",\"type\":\"string\"}},\"required\":[\"alt\"],\"type\":\"object\"}")
                                .build()?,
                        ))
                        .build()?,
                )
                .build(),
        )
        .send()
        .await?;
    while let Some(event) = response.stream.recv().await? {
        if let ConverseStreamOutput::ContentBlockDelta(event) = event
            && let Some(ContentBlockDelta::Text(text)) = event.delta
        {
            print!("{text}");
            std::io::stdout().flush()?;
        }
    }
    println!();
    Ok(())
}

/// JSON as the SDK wants it.
fn document(json: &str) -> Result<Document, serde_json::Error> {
    fn of(value: Value) -> Document {
        match value {
            Value::Null => Document::Null,
            Value::Bool(flag) => Document::Bool(flag),
            Value::Number(number) => Document::Number(
                number
                    .as_u64()
                    .map(Number::PosInt)
                    .or_else(|| number.as_i64().map(Number::NegInt))
                    .unwrap_or_else(|| Number::Float(number.as_f64().unwrap_or_default())),
            ),
            Value::String(text) => Document::String(text),
            Value::Array(items) => Document::Array(items.into_iter().map(of).collect()),
            Value::Object(members) => Document::Object(
                members
                    .into_iter()
                    .map(|(name, value)| (name, of(value)))
                    .collect::<HashMap<_, _>>(),
            ),
        }
    }
    serde_json::from_str(json).map(of)
}
