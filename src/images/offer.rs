//! What each model offers: its tasks, what each of them takes, and within which limits.
//!
//! From the public request forms of Amazon Nova Canvas, Amazon Titan Image Generator and Stability AI's
//! models and image services, as AWS's user guides give them.

mod amazon;
mod stability;

use std::ops::RangeInclusive;

use super::Task;
use crate::catalog::ModelId;

/// Whether something has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It is not sent.
    None,
    /// It may be there.
    Optional,
    /// Without it nothing is made.
    Required,
}

/// The form of request and answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Amazon's: a task, its parameters in a member of their own, and a configuration for all tasks.
    Amazon {
        /// `taskType`
        task_type: &'static str,
        /// The member that holds its parameters.
        parameters: &'static str,
        /// Whether it takes `imageGenerationConfig`.
        configured: bool,
    },
    /// Stability AI's: everything in one object, one picture a request.
    Stability {
        /// `mode`, where the model has several.
        mode: Option<&'static str>,
    },
}

/// Sizes that follow a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PixelRule {
    /// Pixels a side.
    pub side: RangeInclusive<u32>,
    /// Sides are multiples of this.
    pub step: u32,
    /// The longer side is at most so many times the shorter, in hundredths.
    pub ratio_percent: u32,
    /// Pixels in all, at least.
    pub least_pixels: u32,
    /// Pixels in all, at most.
    pub most_pixels: u32,
}

/// How large what is made may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SizeRule {
    /// Width and height within a rule.
    Pixels(PixelRule),
    /// One of these.
    Listed(&'static [(u32, u32)]),
    /// The model decides: by the picture that comes in, or by an aspect ratio.
    ByModel,
}

/// A number that only some tasks have, by its own name in the request.
#[derive(Clone, Debug, PartialEq)]
pub struct Knob {
    /// Its name in the request.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// What it does.
    pub help: &'static str,
    /// From where to where.
    pub range: RangeInclusive<f64>,
    /// What the model takes without it.
    pub default: f64,
    /// Whether it has no decimals.
    pub whole: bool,
}

/// A word out of a list that only some tasks have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its name in the request.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// The words.
    pub options: &'static [&'static str],
    /// What the model takes without it; `None` is nothing of the kind.
    pub default: Option<&'static str>,
}

/// A mask that a task takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaskOffer {
    /// Its name in the request.
    pub name: &'static str,
    /// Whether white means what is changed; else black does.
    pub changes_white: bool,
    /// The name of words that may stand in its place.
    pub prompt: Option<&'static str>,
}

/// Colours that a task takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colors {
    /// At most so many.
    pub most: usize,
}

/// One task of one model.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// What it does.
    pub task: Task,
    /// How it is written.
    pub form: Form,
    /// Whether there are words.
    pub prompt: Need,
    /// Most characters of the words.
    pub most_characters: usize,
    /// The name of words for what must not be seen, where it takes them.
    pub negative: Option<&'static str>,
    /// The name of words for what is looked for.
    pub search: Option<&'static str>,
    /// The name of the pictures that come in.
    pub picture: Option<&'static str>,
    /// How many come in; none where none is needed.
    pub pictures: RangeInclusive<usize>,
    /// What holds for them.
    pub picture_rule: PixelRule,
    /// The name of a second picture, whose style is taken.
    pub style_picture: Option<&'static str>,
    /// A mask.
    pub mask: Option<MaskOffer>,
    /// Colours.
    pub colors: Option<Colors>,
    /// How large the result may be.
    pub size: SizeRule,
    /// Whether there is a choice between standard and premium.
    pub has_quality: bool,
    /// Most pictures of one request.
    pub most_images: u32,
    /// How closely the words are followed: from, to, and without it.
    pub cfg_scale: Option<(f64, f64, f64)>,
    /// The highest seed; `None` where there is none.
    pub most_seed: Option<u32>,
    /// Numbers of its own.
    pub knobs: &'static [Knob],
    /// Words of its own.
    pub choices: &'static [Choice],
}

impl Offer {
    /// Whether one request makes one picture only.
    #[must_use]
    pub fn makes_one(&self) -> bool {
        self.most_images == 1
    }

    /// The knob of a name.
    #[must_use]
    pub fn knob(&self, name: &str) -> Option<&'static Knob> {
        self.knobs.iter().find(|knob| knob.name == name)
    }

    /// The choice of a name.
    #[must_use]
    pub fn choice(&self, name: &str) -> Option<&'static Choice> {
        self.choices.iter().find(|choice| choice.name == name)
    }
}

/// The tasks of a model, in the order they are shown; none for one that makes no pictures, or that
/// this program does not know.
#[must_use]
pub fn offers(model: &ModelId) -> &'static [Offer] {
    let id = model.foundation_model_id();
    if id.starts_with("amazon.nova-canvas") {
        amazon::nova_canvas()
    } else if id.starts_with("amazon.titan-image-generator-v1") {
        amazon::titan_v1()
    } else if id.starts_with("amazon.titan-image-generator") {
        amazon::titan_v2()
    } else if id.starts_with("stability.") {
        stability::of(id)
    } else {
        &[]
    }
}
