//! Messages in the AI SDK's own form.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::chat::{
    CachePoint, CacheTtl, ContentBlock, Document, DocumentFormat, DocumentSource, Image,
    MediaSource, Message, Reasoning, Request, Role, SystemBlock, ToolResult, ToolResultContent,
    ToolResultStatus, ToolUse,
};
use crate::snippets::media;
use crate::snippets::tree::Tree;

type Members = Vec<(String, Tree)>;

/// A request's messages as the AI SDK wants them.
#[derive(Debug, Default)]
pub(super) struct Messages {
    pub(super) system: Vec<Tree>,
    pub(super) conversation: Vec<Tree>,
    /// What the AI SDK does otherwise, each once.
    pub(super) notes: Vec<String>,
    /// The files that are read, each once.
    pub(super) files: Vec<String>,
    /// Whether files are read as base64.
    pub(super) encodes_files: bool,
    pub(super) has_tool_content: bool,
    /// The names of the files to come, in the order of the blocks.
    names: std::vec::IntoIter<String>,
    /// Tools by the id of their calls; results name both.
    called: Vec<(String, String)>,
}

impl Messages {
    pub(super) fn of(request: &Request) -> Self {
        let mut request = request.clone();
        let (_, names) = media::take_out(&mut request);
        let mut messages = Self {
            names: names.into_iter(),
            ..Self::default()
        };
        let mut system: Vec<Members> = Vec::new();
        for block in &request.system {
            match block {
                SystemBlock::Text(text) => {
                    system.push(members([("role", "system"), ("content", text)]));
                }
                SystemBlock::CachePoint(point) => messages.cache(&mut system, *point),
                SystemBlock::GuardText { .. } => messages.note("sends no guarded text"),
            }
        }
        messages.system = system.into_iter().map(Tree::Object).collect();
        for message in &request.messages {
            messages.message(message);
        }
        messages
    }

    pub(super) fn note(&mut self, note: &str) {
        if !self.notes.iter().any(|known| known == note) {
            self.notes.push(note.to_owned());
        }
    }

    /// A message of ours is one or more of theirs: results of tools have a role of their own.
    fn message(&mut self, message: &Message) {
        let mut role = "";
        let mut parts: Vec<Members> = Vec::new();
        for block in &message.content {
            let of = match (message.role, block) {
                (Role::User, ContentBlock::ToolResult(_)) => "tool",
                (Role::User, _) => "user",
                (Role::Assistant, _) => "assistant",
            };
            // A cache point belongs to what is before it.
            if of != role && !matches!(block, ContentBlock::CachePoint(_)) {
                self.finish(role, std::mem::take(&mut parts));
                role = of;
            }
            if let ContentBlock::CachePoint(point) = block {
                self.cache(&mut parts, *point);
            } else if message.role == Role::User {
                parts.extend(self.of_user(block));
            } else {
                parts.extend(self.of_assistant(block));
            }
        }
        self.finish(role, parts);
    }

    fn finish(&mut self, role: &str, mut parts: Vec<Members>) {
        if parts.is_empty() {
            return;
        }
        let content = match &mut parts[..] {
            // The short form of a lone text.
            [part] if part.len() == 2 && part[0].1 == Tree::text("text") => {
                part.pop().map_or(Tree::Null, |(_, text)| text)
            }
            _ => Tree::List(parts.into_iter().map(Tree::Object).collect()),
        };
        let mut message = members([("role", role)]);
        message.push(("content".to_owned(), content));
        self.conversation.push(Tree::Object(message));
    }

    fn of_user(&mut self, block: &ContentBlock) -> Option<Members> {
        match block {
            ContentBlock::Text(text) if text.is_empty() => None,
            ContentBlock::Text(text) => Some(members([("type", "text"), ("text", text)])),
            ContentBlock::Image(image) => self.image(image),
            ContentBlock::Document(document) => self.document(document),
            ContentBlock::ToolResult(result) => Some(self.tool_result(result)),
            block => self.nothing_for(block),
        }
    }

    fn of_assistant(&mut self, block: &ContentBlock) -> Option<Members> {
        match block {
            ContentBlock::Text(text) if text.is_empty() => None,
            ContentBlock::Text(text) => Some(members([("type", "text"), ("text", text)])),
            ContentBlock::ToolUse(tool) if tool.is_run_by_service() => {
                // It would wait for a result from the caller.
                self.note("sends no calls of system tools");
                None
            }
            ContentBlock::ToolUse(tool) => Some(self.tool_use(tool)),
            ContentBlock::Reasoning(thought) => self.reasoning(thought),
            ContentBlock::Citations(cited) => {
                self.note("sends cited text without its citations");
                let text = cited.content.concat();
                (!text.is_empty()).then(|| members([("type", "text"), ("text", &text)]))
            }
            block => self.nothing_for(block),
        }
    }

    /// A block that has no way through. The files of those that have any are passed over.
    fn nothing_for(&mut self, block: &ContentBlock) -> Option<Members> {
        let what = match block {
            ContentBlock::Unknown(_) => return None,
            ContentBlock::Video(video) => {
                self.pass_over(&video.source);
                "videos"
            }
            ContentBlock::Audio { source, .. } => {
                self.pass_over(source);
                "sounds"
            }
            ContentBlock::GuardText { .. } => "guarded text",
            ContentBlock::GuardImage(image) => {
                self.pass_over(&image.source);
                "guarded images"
            }
            ContentBlock::Image(image) => {
                self.pass_over(&image.source);
                "images in answers"
            }
            ContentBlock::Document(document) => {
                if let DocumentSource::Media(source) = &document.source {
                    self.pass_over(source);
                }
                "documents in answers"
            }
            ContentBlock::SearchResult(_) => "search results",
            ContentBlock::ToolResult(result) => {
                for part in &result.content {
                    match part {
                        ToolResultContent::Image(image) => self.pass_over(&image.source),
                        ToolResultContent::Video(video) => self.pass_over(&video.source),
                        ToolResultContent::Document(document) => {
                            if let DocumentSource::Media(source) = &document.source {
                                self.pass_over(source);
                            }
                        }
                        _ => {}
                    }
                }
                "results of tools in answers"
            }
            _ => "blocks of this kind",
        };
        self.note(&format!("sends no {what}"));
        None
    }

    fn pass_over(&mut self, source: &MediaSource) {
        if matches!(source, MediaSource::Bytes(_)) {
            self.names.next();
        }
    }

    /// The next file, from here on one that is read.
    fn file(&mut self) -> String {
        let name = self.names.next().unwrap_or_default();
        if !self.files.contains(&name) {
            self.files.push(name.clone());
        }
        name
    }

    fn cache(&mut self, parts: &mut [Members], point: CachePoint) {
        let Some(part) = parts.last_mut() else {
            self.note("sets no cache point before all content");
            return;
        };
        let mut settings = members([("type", "default")]);
        if let Some(ttl) = point.ttl {
            let ttl = match ttl {
                CacheTtl::FiveMinutes => "5m",
                CacheTtl::OneHour => "1h",
            };
            settings.push(("ttl".to_owned(), Tree::text(ttl)));
        }
        option(part, "cachePoint", settings);
    }

    fn image(&mut self, image: &Image) -> Option<Members> {
        let source = match &image.source {
            MediaSource::Bytes(_) => Tree::File(self.file()),
            MediaSource::S3 { uri, bucket_owner } => {
                if bucket_owner.is_some() {
                    self.note("does not say who owns a bucket");
                }
                Tree::Call("new URL", Box::new(Tree::text(uri)))
            }
            MediaSource::Unknown => return None,
        };
        let mut part = members([("type", "image")]);
        part.push(("image".to_owned(), source));
        part.push(("mediaType".to_owned(), Tree::text(image_type(image))));
        Some(part)
    }

    fn document(&mut self, document: &Document) -> Option<Members> {
        if !has_bytes(document) {
            self.note(BYTES_ONLY);
            return None;
        }
        if document.context.is_some() {
            self.note("sends no context with documents");
        }
        let mut part = members([("type", "file")]);
        part.push(("data".to_owned(), Tree::File(self.file())));
        part.extend(members([
            ("mediaType", media_type(document.format)),
            ("filename", &file_name(document)),
        ]));
        if document.citations {
            option(
                &mut part,
                "citations",
                vec![("enabled".to_owned(), Tree::Flag(true))],
            );
        }
        Some(part)
    }

    fn tool_use(&mut self, tool: &ToolUse) -> Members {
        self.has_tool_content = true;
        self.called.push((tool.id.clone(), tool.name.clone()));
        if !tool.input.is_object() {
            self.note("wraps a tool's input that is no object");
        }
        let mut part = members([
            ("type", "tool-call"),
            ("toolCallId", &tool.id),
            ("toolName", &tool.name),
        ]);
        part.push(("input".to_owned(), Tree::free(tool.input.clone())));
        part
    }

    fn reasoning(&mut self, thought: &Reasoning) -> Option<Members> {
        match thought {
            Reasoning::Text {
                text,
                signature: Some(signature),
            } => {
                let mut part = members([("type", "reasoning"), ("text", text)]);
                option_value(&mut part, "signature", Tree::text(signature));
                Some(part)
            }
            Reasoning::Text { .. } => {
                self.note("sends no reasoning without a signature");
                None
            }
            Reasoning::Redacted(bytes) => {
                let mut part = members([("type", "reasoning"), ("text", "")]);
                let encoded = Tree::text(BASE64.encode(bytes));
                option_value(&mut part, "redactedContent", encoded);
                Some(part)
            }
        }
    }

    fn tool_result(&mut self, result: &ToolResult) -> Members {
        self.has_tool_content = true;
        if result.status == Some(ToolResultStatus::Error) {
            self.note("does not say that a tool failed");
        } else if result.status.is_some() {
            self.note("does not say that a tool succeeded");
        }
        if result.kind.is_some() {
            self.note("sends no type with results of tools");
        }
        let content: Vec<Tree> = result
            .content
            .iter()
            .filter_map(|part| self.tool_result_content(part))
            .collect();
        let name = self
            .called
            .iter()
            .find(|(id, _)| *id == result.tool_use_id)
            .map_or("tool", |(_, name)| name);
        let mut part = members([
            ("type", "tool-result"),
            ("toolCallId", &result.tool_use_id),
            ("toolName", name),
        ]);
        let mut output = members([("type", "content")]);
        output.push(("value".to_owned(), Tree::List(content)));
        part.push(("output".to_owned(), Tree::Object(output)));
        part
    }

    fn tool_result_content(&mut self, part: &ToolResultContent) -> Option<Tree> {
        let part = match part {
            ToolResultContent::Text(text) => members([("type", "text"), ("text", text)]),
            ToolResultContent::Json(value) => {
                self.note("sends JSON of tools as text");
                members([("type", "text"), ("text", &value.to_string())])
            }
            ToolResultContent::Image(image) => {
                if !matches!(image.source, MediaSource::Bytes(_)) {
                    self.note("sends images of tools as bytes only");
                    return None;
                }
                let mut part = members([("type", "image-data")]);
                part.push(("data".to_owned(), self.encoded()));
                part.push(("mediaType".to_owned(), Tree::text(image_type(image))));
                part
            }
            ToolResultContent::Document(document) => {
                if !has_bytes(document) {
                    self.note(BYTES_ONLY);
                    return None;
                }
                let mut part = members([("type", "file-data")]);
                part.push(("data".to_owned(), self.encoded()));
                part.extend(members([
                    ("mediaType", media_type(document.format)),
                    ("filename", &file_name(document)),
                ]));
                part
            }
            ToolResultContent::Video(video) => {
                self.pass_over(&video.source);
                self.note("sends no videos");
                return None;
            }
            ToolResultContent::SearchResult(_) => {
                self.note("sends no search results");
                return None;
            }
            ToolResultContent::Unknown(_) => return None,
        };
        Some(Tree::Object(part))
    }

    fn encoded(&mut self) -> Tree {
        self.encodes_files = true;
        Tree::Call("await base64", Box::new(Tree::text(self.file())))
    }
}

const BYTES_ONLY: &str = "sends documents as bytes only, none from S3, as text or in chunks";

fn has_bytes(document: &Document) -> bool {
    matches!(
        document.source,
        DocumentSource::Media(MediaSource::Bytes(_))
    )
}

fn members<const N: usize>(pairs: [(&str, &str); N]) -> Members {
    pairs
        .into_iter()
        .map(|(name, text)| (name.to_owned(), Tree::text(text)))
        .collect()
}

/// Sets an option of the Bedrock provider on a part or a message.
fn option(part: &mut Members, name: &str, value: Members) {
    option_value(part, name, Tree::Object(value));
}

fn option_value(part: &mut Members, name: &str, value: Tree) {
    if let Some((_, Tree::Object(providers))) = part
        .iter_mut()
        .find(|(member, _)| member == "providerOptions")
        && let Some((_, Tree::Object(options))) = providers.first_mut()
    {
        options.push((name.to_owned(), value));
        return;
    }
    let options = Tree::Object(vec![(name.to_owned(), value)]);
    part.push((
        "providerOptions".to_owned(),
        Tree::Object(vec![("bedrock".to_owned(), options)]),
    ));
}

fn image_type(image: &Image) -> String {
    format!("image/{}", image.format.as_str())
}

/// The provider takes the ending off again.
fn file_name(document: &Document) -> String {
    format!("{}.{}", document.name, document.format.as_str())
}

fn media_type(format: DocumentFormat) -> &'static str {
    match format {
        DocumentFormat::Pdf => "application/pdf",
        DocumentFormat::Csv => "text/csv",
        DocumentFormat::Doc => "application/msword",
        DocumentFormat::Docx => {
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        }
        DocumentFormat::Xls => "application/vnd.ms-excel",
        DocumentFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        DocumentFormat::Html => "text/html",
        DocumentFormat::Txt => "text/plain",
        DocumentFormat::Md => "text/markdown",
    }
}
