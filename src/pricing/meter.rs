//! What is counted for a bill.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a line of a bill counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Meter {
    /// Tokens of the prompt, cached ones not counted.
    Input,
    /// Tokens of the answer, reasoning counted.
    Output,
    /// Tokens read from the cache.
    CacheRead,
    /// Tokens written to the cache for five minutes.
    CacheWrite5m,
    /// Tokens written to the cache for half an hour: some models' only choice.
    CacheWrite30m,
    /// Tokens written to the cache for an hour.
    CacheWrite1h,
    /// Tokens of speech heard, where they have a price of their own.
    InputSpeech,
    /// Tokens of speech spoken, where they have a price of their own.
    OutputSpeech,
    /// Images made.
    Image {
        /// Width and height of each.
        size: PixelSize,
        /// How well they are made.
        quality: ImageQuality,
    },
    /// Seconds of video made.
    VideoSecond {
        /// Width and height of the video.
        size: PixelSize,
    },
    /// Queries to a reranking model, of at most 100 chunks each.
    SearchUnit,
    /// Images embedded.
    InputImage,
    /// Seconds of video embedded.
    InputVideoSecond,
    /// Seconds of audio embedded.
    InputAudioSecond,
    /// Units a guardrail assessed, by policy: 1,000 characters of text, or an image.
    GuardrailUnit(GuardrailPolicy),
}

/// Width and height of an image or a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PixelSize {
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

impl PixelSize {
    /// Reads `1024x768`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (width, height) = text.split_once('x')?;
        let side = |text: &str| text.parse().ok().filter(|side| *side > 0);
        Some(Self {
            width: side(width)?,
            height: side(height)?,
        })
    }
}

impl fmt::Display for PixelSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

/// How well an image is made, as the image models name it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ImageQuality {
    /// `standard`
    #[default]
    Standard,
    /// `premium`
    Premium,
}

impl ImageQuality {
    /// Its name in JSON and in requests.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Premium => "premium",
        }
    }
}

/// A policy of a guardrail; each is billed on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GuardrailPolicy {
    /// `contentPolicyUnits`
    Content,
    /// `contentPolicyImageUnits`
    ContentImage,
    /// `topicPolicyUnits`
    Topic,
    /// `contextualGroundingPolicyUnits`
    ContextualGrounding,
    /// `sensitiveInformationPolicyUnits`
    SensitiveInformation,
    /// `automatedReasoningPolicyUnits`
    AutomatedReasoning,
    /// `wordPolicyUnits`
    Word,
    /// `sensitiveInformationPolicyFreeUnits`: regular expressions.
    Regex,
}

impl GuardrailPolicy {
    /// How a person would write it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Content => "Guardrail content filter units",
            Self::ContentImage => "Guardrail image filter units",
            Self::Topic => "Guardrail denied topic units",
            Self::ContextualGrounding => "Guardrail grounding units",
            Self::SensitiveInformation => "Guardrail sensitive information units",
            Self::AutomatedReasoning => "Guardrail automated reasoning units",
            Self::Word => "Guardrail word filter units",
            Self::Regex => "Guardrail regex units",
        }
    }
}

/// Names in JSON of every meter that has one name; images and videos also have a size.
const NAMES: &[(Meter, &str)] = &[
    (Meter::Input, "input"),
    (Meter::Output, "output"),
    (Meter::CacheRead, "cacheRead"),
    (Meter::CacheWrite5m, "cacheWrite5m"),
    (Meter::CacheWrite30m, "cacheWrite30m"),
    (Meter::CacheWrite1h, "cacheWrite1h"),
    (Meter::InputSpeech, "inputSpeech"),
    (Meter::OutputSpeech, "outputSpeech"),
    (Meter::SearchUnit, "searchUnit"),
    (Meter::InputImage, "inputImage"),
    (Meter::InputVideoSecond, "inputVideoSecond"),
    (Meter::InputAudioSecond, "inputAudioSecond"),
    (
        Meter::GuardrailUnit(GuardrailPolicy::Content),
        "guardrailContent",
    ),
    (
        Meter::GuardrailUnit(GuardrailPolicy::ContentImage),
        "guardrailContentImage",
    ),
    (
        Meter::GuardrailUnit(GuardrailPolicy::Topic),
        "guardrailTopic",
    ),
    (
        Meter::GuardrailUnit(GuardrailPolicy::ContextualGrounding),
        "guardrailContextualGrounding",
    ),
    (
        Meter::GuardrailUnit(GuardrailPolicy::SensitiveInformation),
        "guardrailSensitiveInformation",
    ),
    (
        Meter::GuardrailUnit(GuardrailPolicy::AutomatedReasoning),
        "guardrailAutomatedReasoning",
    ),
    (Meter::GuardrailUnit(GuardrailPolicy::Word), "guardrailWord"),
    (
        Meter::GuardrailUnit(GuardrailPolicy::Regex),
        "guardrailRegex",
    ),
];

impl Meter {
    /// Its name in JSON; the size and quality of an image are members beside it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Image { .. } => "image",
            Self::VideoSecond { .. } => "videoSecond",
            _ => NAMES
                .iter()
                .find(|(meter, _)| *meter == self)
                .map_or("", |(_, name)| name),
        }
    }

    /// Name, size and quality in one word: `input`, `image/1024x1024/premium`.
    #[must_use]
    pub fn key(self) -> String {
        let name = self.as_str();
        match self {
            Self::Image { size, quality } => format!("{name}/{size}/{}", quality.as_str()),
            Self::VideoSecond { size } => format!("{name}/{size}"),
            _ => name.to_owned(),
        }
    }

    /// The meter of a [`key`](Self::key).
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        let mut parts = key.split('/');
        let name = parts.next()?;
        let meter = match name {
            "image" => Self::Image {
                size: PixelSize::parse(parts.next()?)?,
                quality: match parts.next()? {
                    "standard" => ImageQuality::Standard,
                    "premium" => ImageQuality::Premium,
                    _ => return None,
                },
            },
            "videoSecond" => Self::VideoSecond {
                size: PixelSize::parse(parts.next()?)?,
            },
            _ => NAMES.iter().find(|(_, known)| *known == name)?.0,
        };
        parts.next().is_none().then_some(meter)
    }

    /// How a person would write it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Input => "Input tokens",
            Self::Output => "Output tokens",
            Self::CacheRead => "Cache read tokens",
            Self::CacheWrite5m => "Cache write tokens, 5 min",
            Self::CacheWrite30m => "Cache write tokens, 30 min",
            Self::CacheWrite1h => "Cache write tokens, 1 h",
            Self::InputSpeech => "Input speech tokens",
            Self::OutputSpeech => "Output speech tokens",
            Self::Image { .. } => "Images",
            Self::VideoSecond { .. } => "Video seconds",
            Self::SearchUnit => "Search units",
            Self::InputImage => "Input images",
            Self::InputVideoSecond => "Input video seconds",
            Self::InputAudioSecond => "Input audio seconds",
            Self::GuardrailUnit(policy) => policy.label(),
        }
    }

    /// For how many its price is quoted.
    #[must_use]
    pub fn per(self) -> u64 {
        if self.counts_tokens() { 1_000_000 } else { 1 }
    }

    /// Whether it counts tokens.
    #[must_use]
    pub fn counts_tokens(self) -> bool {
        matches!(
            self,
            Self::Input
                | Self::Output
                | Self::CacheRead
                | Self::CacheWrite5m
                | Self::CacheWrite30m
                | Self::CacheWrite1h
                | Self::InputSpeech
                | Self::OutputSpeech
        )
    }
}

impl TryFrom<String> for Meter {
    type Error = String;

    fn try_from(key: String) -> Result<Self, String> {
        Self::from_key(&key).ok_or_else(|| format!("{key:?} is no meter"))
    }
}

impl From<Meter> for String {
    fn from(meter: Meter) -> Self {
        meter.key()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back_to_its_meter() {
        for (meter, name) in NAMES {
            assert_eq!(meter.as_str(), *name);
            assert_eq!(Meter::from_key(name), Some(*meter));
        }
        let size = PixelSize {
            width: 1024,
            height: 768,
        };
        let quality = ImageQuality::Premium;
        let image = Meter::Image { size, quality };
        assert_eq!(image.key(), "image/1024x768/premium");
        for meter in [image, Meter::VideoSecond { size }] {
            assert_eq!(Meter::from_key(&meter.key()), Some(meter));
        }
        for wrong in ["", "image", "image/1x1", "image/1x1/fine", "input/1x1"] {
            assert_eq!(Meter::from_key(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn sizes_are_two_positive_numbers() {
        let size = PixelSize::parse("1024x768").unwrap();
        assert_eq!((size.width, size.height), (1024, 768));
        assert_eq!(size.to_string(), "1024x768");
        for wrong in ["", "1024", "0x768", "-1x5", "1024x768x3", "ax5"] {
            assert_eq!(PixelSize::parse(wrong), None, "{wrong}");
        }
    }
}
