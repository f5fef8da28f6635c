//! The SDK's types for a request: what is built, what is chosen, and under which names.

/// How a member's value is written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Text,
    Flag,
    Whole,
    Float,
    /// A name of an enumeration, which may be one that the SDK does not know.
    Name(&'static str),
    /// A variant of an enumeration, called like its name on the wire.
    Variant(&'static str),
    /// Free JSON.
    Document,
    Bytes,
    Struct(&'static Struct),
    Union(&'static Union),
    List(&'static Kind),
    /// Texts by name.
    Map,
}

/// A type with a builder.
#[derive(Debug)]
pub(super) struct Struct {
    pub(super) name: &'static str,
    /// Whether building it may fail, since something required could be missing.
    pub(super) fallible: bool,
    pub(super) members: &'static [Member],
}

/// A type of which one variant is chosen.
#[derive(Debug)]
pub(super) struct Union {
    pub(super) name: &'static str,
    pub(super) members: &'static [Member],
}

/// The name on the wire, the name in Rust, and the value.
pub(super) type Member = (&'static str, &'static str, Kind);

use Kind::{Bytes, Document, Flag, Float, List, Map, Name, Text, Variant, Whole};

const fn fallible(name: &'static str, members: &'static [Member]) -> Struct {
    Struct {
        name,
        fallible: true,
        members,
    }
}

const fn infallible(name: &'static str, members: &'static [Member]) -> Struct {
    Struct {
        name,
        fallible: false,
        members,
    }
}

const fn union(name: &'static str, members: &'static [Member]) -> Union {
    Union { name, members }
}

/// The operation's own arguments; it has no type of its own to name.
pub(super) fn converse(stream: bool) -> &'static Struct {
    if stream { &CONVERSE_STREAM } else { &CONVERSE }
}

static CONVERSE: Struct = infallible("", &arguments(Kind::Struct(&GUARDRAIL)));
static CONVERSE_STREAM: Struct = infallible("", &arguments(Kind::Struct(&GUARDRAIL_STREAM)));

const fn arguments(guardrail: Kind) -> [Member; 11] {
    [
        ("messages", "messages", Kind::Struct(&MESSAGE)),
        ("system", "system", Kind::Union(&SYSTEM)),
        (
            "inferenceConfig",
            "inference_config",
            Kind::Struct(&INFERENCE),
        ),
        ("toolConfig", "tool_config", Kind::Struct(&TOOLS)),
        ("guardrailConfig", "guardrail_config", guardrail),
        (
            "additionalModelRequestFields",
            "additional_model_request_fields",
            Document,
        ),
        (
            "additionalModelResponseFieldPaths",
            "additional_model_response_field_paths",
            Text,
        ),
        (
            "performanceConfig",
            "performance_config",
            Kind::Struct(&PERFORMANCE),
        ),
        ("serviceTier", "service_tier", Kind::Struct(&SERVICE_TIER)),
        ("requestMetadata", "request_metadata", Map),
        ("outputConfig", "output_config", Kind::Struct(&OUTPUT)),
    ]
}

static MESSAGE: Struct = fallible(
    "Message",
    &[
        ("role", "role", Variant("ConversationRole")),
        ("content", "content", Kind::Union(&CONTENT)),
    ],
);
static CONTENT: Union = union(
    "ContentBlock",
    &[
        ("text", "Text", Text),
        ("image", "Image", Kind::Struct(&IMAGE)),
        ("document", "Document", Kind::Struct(&DOCUMENT)),
        ("video", "Video", Kind::Struct(&VIDEO)),
        ("audio", "Audio", Kind::Struct(&AUDIO)),
        ("toolUse", "ToolUse", Kind::Struct(&TOOL_USE)),
        ("toolResult", "ToolResult", Kind::Struct(&TOOL_RESULT)),
        ("guardContent", "GuardContent", Kind::Union(&GUARD_CONTENT)),
        ("cachePoint", "CachePoint", Kind::Struct(&CACHE_POINT)),
        (
            "reasoningContent",
            "ReasoningContent",
            Kind::Union(&REASONING),
        ),
        (
            "citationsContent",
            "CitationsContent",
            Kind::Struct(&CITATIONS),
        ),
        ("searchResult", "SearchResult", Kind::Struct(&SEARCH_RESULT)),
    ],
);
static SYSTEM: Union = union(
    "SystemContentBlock",
    &[
        ("text", "Text", Text),
        ("guardContent", "GuardContent", Kind::Union(&GUARD_CONTENT)),
        ("cachePoint", "CachePoint", Kind::Struct(&CACHE_POINT)),
    ],
);
static S3: Struct = fallible(
    "S3Location",
    &[("uri", "uri", Text), ("bucketOwner", "bucket_owner", Text)],
);
static IMAGE: Struct = fallible(
    "ImageBlock",
    &[
        ("format", "format", Variant("ImageFormat")),
        ("source", "source", Kind::Union(&IMAGE_SOURCE)),
    ],
);
static IMAGE_SOURCE: Union = union(
    "ImageSource",
    &[
        ("bytes", "Bytes", Bytes),
        ("s3Location", "S3Location", Kind::Struct(&S3)),
    ],
);
static DOCUMENT: Struct = fallible(
    "DocumentBlock",
    &[
        ("format", "format", Variant("DocumentFormat")),
        ("name", "name", Text),
        ("source", "source", Kind::Union(&DOCUMENT_SOURCE)),
        ("context", "context", Text),
        ("citations", "citations", Kind::Struct(&CITATIONS_CONFIG)),
    ],
);
static DOCUMENT_SOURCE: Union = union(
    "DocumentSource",
    &[
        ("bytes", "Bytes", Bytes),
        ("s3Location", "S3Location", Kind::Struct(&S3)),
        ("text", "Text", Text),
        ("content", "Content", List(&Kind::Union(&DOCUMENT_CONTENT))),
    ],
);
static DOCUMENT_CONTENT: Union = union("DocumentContentBlock", &[("text", "Text", Text)]);
static CITATIONS_CONFIG: Struct = fallible("CitationsConfig", &[("enabled", "enabled", Flag)]);
static VIDEO: Struct = fallible(
    "VideoBlock",
    &[
        ("format", "format", Name("VideoFormat")),
        ("source", "source", Kind::Union(&VIDEO_SOURCE)),
    ],
);
static VIDEO_SOURCE: Union = union(
    "VideoSource",
    &[
        ("bytes", "Bytes", Bytes),
        ("s3Location", "S3Location", Kind::Struct(&S3)),
    ],
);
static AUDIO: Struct = fallible(
    "AudioBlock",
    &[
        ("format", "format", Name("AudioFormat")),
        ("source", "source", Kind::Union(&AUDIO_SOURCE)),
    ],
);
static AUDIO_SOURCE: Union = union(
    "AudioSource",
    &[
        ("bytes", "Bytes", Bytes),
        ("s3Location", "S3Location", Kind::Struct(&S3)),
    ],
);
static TOOL_USE: Struct = fallible(
    "ToolUseBlock",
    &[
        ("toolUseId", "tool_use_id", Text),
        ("name", "name", Text),
        ("input", "input", Document),
        ("type", "r#type", Variant("ToolUseType")),
    ],
);
static TOOL_RESULT: Struct = fallible(
    "ToolResultBlock",
    &[
        ("toolUseId", "tool_use_id", Text),
        ("content", "content", Kind::Union(&TOOL_RESULT_CONTENT)),
        ("status", "status", Variant("ToolResultStatus")),
        ("type", "r#type", Text),
    ],
);
static TOOL_RESULT_CONTENT: Union = union(
    "ToolResultContentBlock",
    &[
        ("json", "Json", Document),
        ("text", "Text", Text),
        ("image", "Image", Kind::Struct(&IMAGE)),
        ("document", "Document", Kind::Struct(&DOCUMENT)),
        ("video", "Video", Kind::Struct(&VIDEO)),
        ("searchResult", "SearchResult", Kind::Struct(&SEARCH_RESULT)),
    ],
);
static SEARCH_RESULT: Struct = fallible(
    "SearchResultBlock",
    &[
        ("source", "source", Text),
        ("title", "title", Text),
        ("content", "content", Kind::Struct(&SEARCH_RESULT_CONTENT)),
        ("citations", "citations", Kind::Struct(&CITATIONS_CONFIG)),
    ],
);
static SEARCH_RESULT_CONTENT: Struct =
    fallible("SearchResultContentBlock", &[("text", "text", Text)]);
static GUARD_CONTENT: Union = union(
    "GuardrailConverseContentBlock",
    &[
        ("text", "Text", Kind::Struct(&GUARD_TEXT)),
        ("image", "Image", Kind::Struct(&GUARD_IMAGE)),
    ],
);
static GUARD_TEXT: Struct = fallible(
    "GuardrailConverseTextBlock",
    &[
        ("text", "text", Text),
        (
            "qualifiers",
            "qualifiers",
            Name("GuardrailConverseContentQualifier"),
        ),
    ],
);
static GUARD_IMAGE: Struct = fallible(
    "GuardrailConverseImageBlock",
    &[
        ("format", "format", Name("GuardrailConverseImageFormat")),
        ("source", "source", Kind::Union(&GUARD_IMAGE_SOURCE)),
    ],
);
static GUARD_IMAGE_SOURCE: Union =
    union("GuardrailConverseImageSource", &[("bytes", "Bytes", Bytes)]);
static CACHE_POINT: Struct = fallible(
    "CachePointBlock",
    &[
        ("type", "r#type", Variant("CachePointType")),
        ("ttl", "ttl", Name("CacheTtl")),
    ],
);
static REASONING: Union = union(
    "ReasoningContentBlock",
    &[
        (
            "reasoningText",
            "ReasoningText",
            Kind::Struct(&REASONING_TEXT),
        ),
        ("redactedContent", "RedactedContent", Bytes),
    ],
);
static REASONING_TEXT: Struct = fallible(
    "ReasoningTextBlock",
    &[("text", "text", Text), ("signature", "signature", Text)],
);
static CITATIONS: Struct = infallible(
    "CitationsContentBlock",
    &[
        ("content", "content", Kind::Union(&CITED_CONTENT)),
        ("citations", "citations", Kind::Struct(&CITATION)),
    ],
);
static CITED_CONTENT: Union = union("CitationGeneratedContent", &[("text", "Text", Text)]);
static CITATION: Struct = infallible(
    "Citation",
    &[
        ("title", "title", Text),
        ("source", "source", Text),
        (
            "sourceContent",
            "source_content",
            Kind::Union(&CITATION_SOURCE),
        ),
        ("location", "location", Kind::Union(&LOCATION)),
    ],
);
static CITATION_SOURCE: Union = union("CitationSourceContent", &[("text", "Text", Text)]);
static LOCATION: Union = union(
    "CitationLocation",
    &[
        ("web", "Web", Kind::Struct(&WEB)),
        ("documentChar", "DocumentChar", Kind::Struct(&DOCUMENT_CHAR)),
        ("documentPage", "DocumentPage", Kind::Struct(&DOCUMENT_PAGE)),
        (
            "documentChunk",
            "DocumentChunk",
            Kind::Struct(&DOCUMENT_CHUNK),
        ),
        (
            "searchResultLocation",
            "SearchResultLocation",
            Kind::Struct(&SEARCH_RESULT_LOCATION),
        ),
    ],
);
static WEB: Struct = infallible(
    "WebLocation",
    &[("url", "url", Text), ("domain", "domain", Text)],
);
const IN_DOCUMENT: &[Member] = &[
    ("documentIndex", "document_index", Whole),
    ("start", "start", Whole),
    ("end", "end", Whole),
];
static DOCUMENT_CHAR: Struct = infallible("DocumentCharLocation", IN_DOCUMENT);
static DOCUMENT_PAGE: Struct = infallible("DocumentPageLocation", IN_DOCUMENT);
static DOCUMENT_CHUNK: Struct = infallible("DocumentChunkLocation", IN_DOCUMENT);
static SEARCH_RESULT_LOCATION: Struct = infallible(
    "SearchResultLocation",
    &[
        ("searchResultIndex", "search_result_index", Whole),
        ("start", "start", Whole),
        ("end", "end", Whole),
    ],
);
static INFERENCE: Struct = infallible(
    "InferenceConfiguration",
    &[
        ("maxTokens", "max_tokens", Whole),
        ("temperature", "temperature", Float),
        ("topP", "top_p", Float),
        ("stopSequences", "stop_sequences", Text),
    ],
);
static TOOLS: Struct = fallible(
    "ToolConfiguration",
    &[
        ("tools", "tools", Kind::Union(&TOOL)),
        ("toolChoice", "tool_choice", Kind::Union(&TOOL_CHOICE)),
    ],
);
static TOOL: Union = union(
    "Tool",
    &[
        ("toolSpec", "ToolSpec", Kind::Struct(&TOOL_SPEC)),
        ("systemTool", "SystemTool", Kind::Struct(&SYSTEM_TOOL)),
        ("cachePoint", "CachePoint", Kind::Struct(&CACHE_POINT)),
    ],
);
static TOOL_SPEC: Struct = fallible(
    "ToolSpecification",
    &[
        ("name", "name", Text),
        ("description", "description", Text),
        ("inputSchema", "input_schema", Kind::Union(&INPUT_SCHEMA)),
    ],
);
static INPUT_SCHEMA: Union = union("ToolInputSchema", &[("json", "Json", Document)]);
static SYSTEM_TOOL: Struct = fallible("SystemTool", &[("name", "name", Text)]);
static TOOL_CHOICE: Union = union(
    "ToolChoice",
    &[
        ("auto", "Auto", Kind::Struct(&AUTO)),
        ("any", "Any", Kind::Struct(&ANY)),
        ("tool", "Tool", Kind::Struct(&SPECIFIC)),
    ],
);
static AUTO: Struct = infallible("AutoToolChoice", &[]);
static ANY: Struct = infallible("AnyToolChoice", &[]);
static SPECIFIC: Struct = fallible("SpecificToolChoice", &[("name", "name", Text)]);
static GUARDRAIL: Struct = infallible(
    "GuardrailConfiguration",
    &[
        ("guardrailIdentifier", "guardrail_identifier", Text),
        ("guardrailVersion", "guardrail_version", Text),
        ("trace", "trace", Variant("GuardrailTrace")),
    ],
);
static GUARDRAIL_STREAM: Struct = infallible(
    "GuardrailStreamConfiguration",
    &[
        ("guardrailIdentifier", "guardrail_identifier", Text),
        ("guardrailVersion", "guardrail_version", Text),
        ("trace", "trace", Variant("GuardrailTrace")),
        (
            "streamProcessingMode",
            "stream_processing_mode",
            Variant("GuardrailStreamProcessingMode"),
        ),
    ],
);
static PERFORMANCE: Struct = infallible(
    "PerformanceConfiguration",
    &[("latency", "latency", Variant("PerformanceConfigLatency"))],
);
static SERVICE_TIER: Struct = fallible(
    "ServiceTier",
    &[("type", "r#type", Variant("ServiceTierType"))],
);
static OUTPUT: Struct = infallible(
    "OutputConfig",
    &[("textFormat", "text_format", Kind::Struct(&OUTPUT_FORMAT))],
);
static OUTPUT_FORMAT: Struct = fallible(
    "OutputFormat",
    &[
        ("type", "r#type", Variant("OutputFormatType")),
        ("structure", "structure", Kind::Union(&OUTPUT_STRUCTURE)),
    ],
);
static OUTPUT_STRUCTURE: Union = union(
    "OutputFormatStructure",
    &[("jsonSchema", "JsonSchema", Kind::Struct(&JSON_SCHEMA))],
);
static JSON_SCHEMA: Struct = fallible(
    "JsonSchemaDefinition",
    &[("schema", "schema", Text), ("name", "name", Text)],
);
