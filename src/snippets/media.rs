//! The files that stand for a request's pictures, documents, films and sounds.

use std::sync::Arc;

use crate::chat::{ContentBlock, DocumentSource, MediaSource, Request, ToolResultContent};

/// A file that a snippet reads.
#[derive(Clone, PartialEq, Eq)]
pub struct SnippetFile {
    /// For instance `image-1.jpeg`; letters, digits, hyphens and one dot.
    pub name: String,
    /// What must be in it.
    pub bytes: Arc<[u8]>,
}

impl std::fmt::Debug for SnippetFile {
    /// Names the size instead of printing megabytes.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SnippetFile({}, {})", self.name, self.bytes.len())
    }
}

/// The files that the snippets of a request read, each once; the same bytes have one name.
#[must_use]
pub fn files(request: &Request) -> Vec<SnippetFile> {
    take_out(&mut request.clone()).0
}

/// Takes the bytes out of a request. What is left has empty bytes in their places; the second list
/// says for each of these, in the order of the blocks, the name of its file.
pub(super) fn take_out(request: &mut Request) -> (Vec<SnippetFile>, Vec<String>) {
    let mut taken = Taken::default();
    let blocks = request
        .messages
        .iter_mut()
        .flat_map(|message| &mut message.content);
    for block in blocks {
        match block {
            ContentBlock::Image(image) | ContentBlock::GuardImage(image) => {
                taken.media("image", image.format.as_str(), &mut image.source);
            }
            ContentBlock::Document(document) => taken.document(document),
            ContentBlock::Video(video) => taken.media("video", &video.format, &mut video.source),
            ContentBlock::Audio { format, source } => taken.media("audio", format, source),
            ContentBlock::ToolResult(result) => {
                for part in &mut result.content {
                    match part {
                        ToolResultContent::Image(image) => {
                            taken.media("image", image.format.as_str(), &mut image.source);
                        }
                        ToolResultContent::Document(document) => taken.document(document),
                        ToolResultContent::Video(video) => {
                            taken.media("video", &video.format, &mut video.source);
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    (taken.files, taken.names)
}

#[derive(Default)]
struct Taken {
    files: Vec<SnippetFile>,
    names: Vec<String>,
}

impl Taken {
    fn document(&mut self, document: &mut crate::chat::Document) {
        if let DocumentSource::Media(source) = &mut document.source {
            self.media("document", document.format.as_str(), source);
        }
    }

    fn media(&mut self, kind: &str, format: &str, source: &mut MediaSource) {
        let MediaSource::Bytes(bytes) = source else {
            return;
        };
        let bytes = std::mem::replace(bytes, Arc::from([]));
        let extension = extension(format);
        let known = self.files.iter().find(|file| {
            file.name.starts_with(kind)
                && file.name.ends_with(&format!(".{extension}"))
                && (Arc::ptr_eq(&file.bytes, &bytes) || file.bytes == bytes)
        });
        let name = if let Some(file) = known {
            file.name.clone()
        } else {
            let number = 1 + self
                .files
                .iter()
                .filter(|file| file.name.starts_with(kind))
                .count();
            let name = format!("{kind}-{number}.{extension}");
            self.files.push(SnippetFile {
                name: name.clone(),
                bytes,
            });
            name
        };
        self.names.push(name);
    }
}

/// A format's usual ending. Some formats are free text, which must not lead out of the folder.
fn extension(format: &str) -> String {
    match format {
        "three_gp" => "3gp".to_owned(),
        format
            if !format.is_empty()
                && format
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '-') =>
        {
            format.to_owned()
        }
        _ => "bin".to_owned(),
    }
}
