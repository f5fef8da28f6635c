//! What a person has set, what of it would be refused, and the request it becomes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::offer::{Maker, VideoOffer, video_offer};
use crate::catalog::ModelId;
use crate::images::Picture;
use crate::pricing::{CostBreakdown, Meter, PixelSize, PriceQuery, Prices};

/// The longest that is one shot for Amazon's models.
const ONE_SHOT: u32 = 6;
/// Most characters of the prompt of one shot.
const ONE_SHOT_CHARACTERS: usize = 512;

/// Everything that can be set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VideoDraft {
    /// The model or profile that is asked.
    pub model: Option<ModelId>,
    /// What is to be seen.
    pub prompt: String,
    /// How long.
    pub seconds: u32,
    /// The aspect ratio; empty for the usual one.
    pub ratio: String,
    /// The lines; empty for the usual ones.
    pub resolution: String,
    /// Whether the end runs into the beginning.
    pub loops: bool,
    /// The seed; `None` leaves it to the model.
    pub seed: Option<u32>,
    /// What it begins with.
    pub first_image: Option<Picture>,
    /// The folder in S3 that the video is put into.
    pub folder: String,
}

/// A reason not to send.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// No model is chosen, or it makes no videos.
    #[error("Choose a model that makes videos")]
    NoModel,
    /// There are no words.
    #[error("Write what the video shall show")]
    NoPrompt,
    /// Too many words.
    #[error("The prompt has {length} characters; at most {most} are taken here")]
    TooLong {
        /// How many there are.
        length: usize,
        /// How many at most.
        most: usize,
    },
    /// A length the model does not make.
    #[error("The model makes videos of {} seconds", listed(offered))]
    Seconds {
        /// What it makes.
        offered: &'static [u32],
    },
    /// A word that the model does not know.
    #[error("{value} is not offered: choose {offered}")]
    NotOffered {
        /// What it is.
        value: String,
        /// What there is.
        offered: String,
    },
    /// The image has another size than the video.
    #[error("The first image must be {needed}, not {given}")]
    ImageSize {
        /// What it must be.
        needed: PixelSize,
        /// What it is.
        given: PixelSize,
    },
    /// The image is not taken for this length, or by this model.
    #[error("A first image is taken for {ONE_SHOT} seconds of Nova Reel only")]
    NoImageHere,
    /// There is no place for the video.
    #[error("Say where in S3 the video shall be put, such as s3://my-bucket/videos")]
    NoFolder,
}

fn listed(seconds: &[u32]) -> String {
    let words: Vec<String> = seconds.iter().map(ToString::to_string).collect();
    words.join(", ")
}

impl VideoDraft {
    /// What the chosen model offers.
    #[must_use]
    pub fn offer(&self) -> Option<&'static VideoOffer> {
        video_offer(self.model.as_ref()?)
    }

    /// Chooses a model; what it does not offer becomes what is usual for it.
    pub fn use_model(&mut self, model: ModelId) {
        self.model = Some(model);
        let Some(offer) = self.offer() else { return };
        if !offer.seconds.contains(&self.seconds) {
            self.seconds = offer.seconds.first().copied().unwrap_or(ONE_SHOT);
        }
        let usual = |chosen: &mut String, offered: &[&str]| {
            if !offered.contains(&chosen.as_str()) {
                offered
                    .first()
                    .copied()
                    .unwrap_or_default()
                    .clone_into(chosen);
            }
        };
        usual(&mut self.ratio, offer.ratios);
        usual(&mut self.resolution, offer.resolutions);
    }

    /// Everything that would be refused; nothing when it can be sent.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let Some(offer) = self.offer() else {
            return vec![Problem::NoModel];
        };
        let mut problems = Vec::new();
        let length = self.prompt.chars().count();
        let one_shot = offer.maker == Maker::Amazon && self.seconds == ONE_SHOT;
        let most = if one_shot {
            ONE_SHOT_CHARACTERS
        } else {
            offer.most_characters
        };
        if self.prompt.trim().is_empty() {
            problems.push(Problem::NoPrompt);
        } else if length > most {
            problems.push(Problem::TooLong { length, most });
        }
        if !offer.seconds.contains(&self.seconds) {
            let offered = offer.seconds;
            problems.push(Problem::Seconds { offered });
        }
        for (value, offered) in [
            (&self.ratio, offer.ratios),
            (&self.resolution, offer.resolutions),
        ] {
            if !value.is_empty() && !offered.contains(&value.as_str()) {
                problems.push(Problem::NotOffered {
                    value: value.clone(),
                    offered: offered.join(", "),
                });
            }
        }
        if let Some(image) = &self.first_image {
            let given = PixelSize {
                width: image.width,
                height: image.height,
            };
            match offer.first_image {
                Some(_) if !one_shot => problems.push(Problem::NoImageHere),
                Some(needed) if needed != given => {
                    problems.push(Problem::ImageSize { needed, given });
                }
                Some(_) => {}
                None => problems.push(Problem::NoImageHere),
            }
        }
        let bucket = self.folder.trim().strip_prefix("s3://").unwrap_or_default();
        if bucket.trim_matches('/').is_empty() {
            problems.push(Problem::NoFolder);
        }
        problems
    }

    /// The request in the model's own JSON; `None` without a model. Pictures are encoded, so it blocks.
    #[must_use]
    pub fn body(&self) -> Option<Value> {
        let offer = self.offer()?;
        let text = self.prompt.trim();
        if offer.maker == Maker::Luma {
            return Some(json!({
                "prompt": text,
                "aspect_ratio": self.ratio,
                "loop": self.loops,
                "duration": format!("{}s", self.seconds),
                "resolution": self.resolution,
            }));
        }
        let mut config = json!({
            "durationSeconds": self.seconds, "fps": 24, "dimension": "1280x720",
        });
        if let Some(seed) = self.seed {
            config["seed"] = json!(seed);
        }
        if self.seconds > ONE_SHOT {
            return Some(json!({
                "taskType": "MULTI_SHOT_AUTOMATED",
                "multiShotAutomatedParams": { "text": text },
                "videoGenerationConfig": config,
            }));
        }
        let mut parameters = json!({ "text": text });
        if let Some(image) = &self.first_image {
            let is_png = image.bytes.starts_with(b"\x89PNG");
            parameters["images"] = json!([{
                "format": if is_png { "png" } else { "jpeg" },
                "source": { "bytes": STANDARD.encode(&image.bytes) },
            }]);
        }
        Some(json!({
            "taskType": "TEXT_VIDEO",
            "textToVideoParams": parameters,
            "videoGenerationConfig": config,
        }))
    }

    /// Pixels across and down, where they are known.
    #[must_use]
    pub fn size(&self) -> Option<PixelSize> {
        let (across, down) = self.ratio.split_once(':')?;
        let (across, down): (u32, u32) = (across.parse().ok()?, down.parse().ok()?);
        let lines: u32 = self.resolution.strip_suffix('p')?.parse().ok()?;
        // The lines are those of the shorter side.
        let (width, height) = if across >= down {
            (lines.checked_mul(across)?.checked_div(down)?, lines)
        } else {
            (lines, lines.checked_mul(down)?.checked_div(across)?)
        };
        Some(PixelSize { width, height })
    }

    /// What it costs; a price that no source has stays unknown.
    #[must_use]
    pub fn bill(&self, prices: &Prices, region: &str) -> Option<CostBreakdown> {
        let model = self.model.as_ref()?;
        let meter = Meter::VideoSecond { size: self.size()? };
        let query = PriceQuery::on_demand(model, region);
        Some(prices.bill([(meter, u64::from(self.seconds))], &query))
    }
}
