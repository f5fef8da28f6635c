//! How large a picture or a document may be.

/// Limits of one request, and of this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of an encoded image.
    pub image_bytes: usize,
    /// Longest side of an image, in pixels.
    pub image_side: u32,
    /// Most bytes of a document.
    pub document_bytes: usize,
    /// Most bytes of a video.
    pub video_bytes: usize,
    /// Most bytes a decoded image may take in memory.
    pub decoded_bytes: u64,
    /// Most bytes of a file that are read at all.
    pub file_bytes: u64,
    /// Longest side of a thumbnail, in pixels.
    pub thumbnail_side: u32,
    /// Longest side the person wants to send, in pixels; models that scale pictures down anyway
    /// answer sooner. `None`: as large as the API takes.
    pub max_edge: Option<u32>,
    /// Whether EXIF, XMP and the like, and with them the place a photo was taken, are sent too.
    /// What must be saved anew loses them all the same.
    pub keep_metadata: bool,
}

impl Limits {
    /// What Converse takes: 3.75 MB and 8,000 pixels a side for an image, 4.5 MB for a
    /// document, 25 MB once encoded for a video.
    #[must_use]
    pub fn converse() -> Self {
        Self {
            image_bytes: 3_750_000,
            image_side: 8_000,
            document_bytes: 4_500_000,
            // A request takes 25 MB, and base64 makes four bytes of three.
            video_bytes: 18_750_000,
            decoded_bytes: 512 * 1024 * 1024,
            file_bytes: 256 * 1024 * 1024,
            thumbnail_side: 320,
            max_edge: None,
            keep_metadata: false,
        }
    }

    /// The longest side an image is sent with, in pixels.
    #[must_use]
    pub fn longest_side(&self) -> u32 {
        self.max_edge
            .map_or(self.image_side, |edge| edge.clamp(1, self.image_side))
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::converse()
    }
}
