//! What made a picture, written into its PNG as international text (`iTXt`), and read back.
//!
//! Pictures that came in are not written: they may be large, or not for everyone's eyes.

use std::sync::Arc;

use bytes::Bytes;
use img_parts::png::{Png, PngChunk};
use serde::{Deserialize, Serialize};

use super::Draft;

/// The keyword of the text.
const KEYWORD: &str = "Bedrock Playground";
/// PNG's own name for such a chunk.
const ITXT: [u8; 4] = *b"iTXt";

/// What made a picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Parameters {
    /// Everything that was set; its seed is the one of this picture.
    pub draft: Draft,
    /// Whether the embedded endpoint drew it.
    #[serde(default)]
    pub simulated: bool,
}

/// The same picture with its parameters; the picture itself when it is no PNG.
#[must_use]
pub fn write(png: &Arc<[u8]>, parameters: &Parameters) -> Arc<[u8]> {
    let Ok(text) = serde_json::to_string(parameters) else {
        return Arc::clone(png);
    };
    let Ok(mut picture) = Png::from_bytes(Bytes::copy_from_slice(png)) else {
        return Arc::clone(png);
    };
    let chunks = picture.chunks_mut();
    chunks.retain(|chunk| text_of(chunk).is_none());
    // Texts may stand anywhere after the head.
    let place = chunks.len().min(1);
    chunks.insert(place, PngChunk::new(ITXT, content(&text)));
    let bytes: Vec<u8> = picture.encoder().bytes().to_vec();
    bytes.into()
}

/// What made a picture; `None` when it does not say, or it is no PNG.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Parameters> {
    let picture = Png::from_bytes(Bytes::copy_from_slice(bytes)).ok()?;
    let text = picture.chunks().iter().find_map(text_of)?;
    serde_json::from_str(text).ok()
}

/// Keyword, not compressed, no language, no translated keyword, text.
fn content(text: &str) -> Bytes {
    let mut content = KEYWORD.as_bytes().to_vec();
    content.extend([0, 0, 0, 0, 0]);
    content.extend(text.as_bytes());
    content.into()
}

fn text_of(chunk: &PngChunk) -> Option<&str> {
    if chunk.kind() != ITXT {
        return None;
    }
    let rest = chunk.contents().strip_prefix(KEYWORD.as_bytes())?;
    let text = rest.strip_prefix(&[0, 0, 0, 0, 0])?;
    std::str::from_utf8(text).ok()
}
