//! What each model offers, as the public request forms of Amazon Nova Reel and Luma Ray have it.

use crate::catalog::ModelId;
use crate::pricing::PixelSize;

/// Whose form a request has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maker {
    /// Amazon Nova Reel.
    Amazon,
    /// Luma Ray.
    Luma,
}

/// What a model takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VideoOffer {
    /// The form of its request.
    pub maker: Maker,
    /// Seconds that can be asked for.
    pub seconds: &'static [u32],
    /// Most characters of the prompt.
    pub most_characters: usize,
    /// Aspect ratios, the usual one first; one alone cannot be chosen.
    pub ratios: &'static [&'static str],
    /// Lines, the usual ones first.
    pub resolutions: &'static [&'static str],
    /// Whether the end may run into the beginning.
    pub can_loop: bool,
    /// Whether an image may be its beginning, and of which size.
    pub first_image: Option<PixelSize>,
    /// The highest seed.
    pub most_seed: Option<u32>,
}

const HD: PixelSize = PixelSize {
    width: 1_280,
    height: 720,
};
const REEL: VideoOffer = VideoOffer {
    maker: Maker::Amazon,
    seconds: &[6],
    most_characters: 512,
    ratios: &["16:9"],
    resolutions: &["720p"],
    can_loop: false,
    first_image: Some(HD),
    most_seed: Some(2_147_483_646),
};
/// From twelve seconds on it cuts several shots together.
const REEL_LONG: VideoOffer = VideoOffer {
    seconds: &[
        6, 12, 18, 24, 30, 36, 42, 48, 54, 60, 66, 72, 78, 84, 90, 96, 102, 108, 114, 120,
    ],
    most_characters: 4_000,
    ..REEL
};
const RAY: VideoOffer = VideoOffer {
    maker: Maker::Luma,
    seconds: &[5, 9],
    most_characters: 5_000,
    ratios: &["16:9", "9:16", "1:1", "4:3", "3:4", "21:9", "9:21"],
    resolutions: &["720p", "540p"],
    can_loop: true,
    first_image: None,
    most_seed: None,
};

/// What a model offers; `None` for one that makes no videos, or that this program does not know.
#[must_use]
pub fn video_offer(model: &ModelId) -> Option<&'static VideoOffer> {
    let id = model.foundation_model_id();
    if id.starts_with("amazon.nova-reel-v1:0") {
        Some(&REEL)
    } else if id.starts_with("amazon.nova-reel") {
        Some(&REEL_LONG)
    } else if id.starts_with("luma.ray") {
        Some(&RAY)
    } else {
        None
    }
}
