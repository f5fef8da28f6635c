//! What a person has set, and the requests it becomes.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Offer, Picture, SizeRule, Task, offers};
use crate::catalog::ModelId;
use crate::pricing::PixelSize;

/// Random seeds are drawn up to this: the highest that every model and version takes.
const MOST_RANDOM_SEED: u32 = 858_993_459;

/// Everything that can be set. What the chosen model and task do not take is kept and not sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Draft {
    /// The model or profile that is asked.
    pub model: Option<ModelId>,
    /// What it is asked to do.
    pub task: Task,
    /// What is to be seen.
    pub prompt: String,
    /// What is not.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub negative: String,
    /// What is looked for in the picture.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub search: String,
    /// What the mask covers, in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mask_prompt: String,
    /// Colours, each as `#RRGGBB`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub colors: Vec<String>,
    /// Pixels across, where the model asks.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Premium instead of standard quality.
    pub premium: bool,
    /// How many pictures.
    pub count: u32,
    /// How closely the words are followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cfg_scale: Option<f64>,
    /// The seed; `None` draws another one each time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u32>,
    /// Numbers of the task, by their names in the request.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub knobs: BTreeMap<String, f64>,
    /// Words of the task, by their names in the request.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub choices: BTreeMap<String, String>,
    /// The pictures that come in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<Picture>,
    /// What of the first is changed, in the model's own black and white.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mask: Option<Picture>,
    /// The picture whose style is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub style_picture: Option<Picture>,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            model: None,
            task: Task::default(),
            prompt: String::new(),
            negative: String::new(),
            search: String::new(),
            mask_prompt: String::new(),
            colors: Vec::new(),
            width: 1_024,
            height: 1_024,
            premium: false,
            count: 1,
            cfg_scale: None,
            seed: None,
            knobs: BTreeMap::new(),
            choices: BTreeMap::new(),
            pictures: Vec::new(),
            mask: None,
            style_picture: None,
        }
    }
}

/// One request: what was set, and what was drawn by lot for it.
#[derive(Clone, Debug)]
pub struct Call {
    /// The model or profile that is asked.
    pub model: ModelId,
    /// What was set.
    pub draft: Arc<Draft>,
    /// The seed of the first picture.
    pub seed: Option<u32>,
    /// How many pictures this request asks for.
    pub images: u32,
}

impl Draft {
    /// The task of the chosen model; `None` when there is no model, or it does not do that.
    #[must_use]
    pub fn offer(&self) -> Option<&'static Offer> {
        offers(self.model.as_ref()?)
            .iter()
            .find(|offer| offer.task == self.task)
    }

    /// Chooses a model; where it does not do what was chosen, the first thing it does.
    pub fn use_model(&mut self, model: ModelId) {
        let offered = offers(&model);
        if let Some(first) = offered.first()
            && offered.iter().all(|offer| offer.task != self.task)
        {
            self.task = first.task;
        }
        self.model = Some(model);
        if let Some(offer) = self.offer()
            && let SizeRule::Listed(sizes) = offer.size
            && !sizes.contains(&(self.width, self.height))
        {
            (self.width, self.height) = sizes.first().copied().unwrap_or((1_024, 1_024));
        }
    }

    /// The requests it becomes: one, or one a picture where a model makes only one at a time.
    #[must_use]
    pub fn calls(&self, mut draw: impl FnMut(u32) -> u32) -> Vec<Call> {
        let (Some(offer), Some(model)) = (self.offer(), &self.model) else {
            return Vec::new();
        };
        let draft = Arc::new(self.clone());
        let requests = if offer.makes_one() { self.count } else { 1 };
        (0..requests)
            .map(|index| Call {
                model: model.clone(),
                draft: Arc::clone(&draft),
                seed: offer.most_seed.map(|most| match self.seed {
                    // The same seed would make the same picture.
                    Some(seed) => seed.saturating_add(index).min(most),
                    None => draw(MOST_RANDOM_SEED),
                }),
                images: if offer.makes_one() { 1 } else { self.count },
            })
            .collect()
    }

    /// The size that is billed: of what is asked for, or of what came in.
    #[must_use]
    pub fn billed_size(&self) -> PixelSize {
        let of_input = self
            .pictures
            .first()
            .map(|picture| (picture.width, picture.height));
        let by_model = matches!(
            self.offer().map(|offer| &offer.size),
            Some(SizeRule::ByModel)
        );
        let (width, height) = match of_input {
            Some(size) if by_model => size,
            None if by_model => (1_024, 1_024),
            _ => (self.width, self.height),
        };
        PixelSize { width, height }
    }

    /// The value of a knob that is sent; `None` leaves it to the model.
    #[must_use]
    pub fn knob(&self, name: &str) -> Option<f64> {
        self.knobs.get(name).copied()
    }

    /// Without the pictures: what can be written into a picture.
    #[must_use]
    pub fn without_pictures(&self) -> Self {
        Self {
            pictures: Vec::new(),
            mask: None,
            style_picture: None,
            ..self.clone()
        }
    }
}
