//! What holds for a job, as it is kept and chosen.

use serde::{Deserialize, Serialize};

use super::job::JobOptions;
use super::prompt::Instructions;
use crate::catalog::ModelId;
use crate::pricing::{Prices, Usd};

/// Longest text unless another limit is chosen: what many screen readers say in one breath.
const MAX_LENGTH: usize = 125;

/// Fewest and most requests at once that a person can choose.
pub const AT_ONCE: std::ops::RangeInclusive<usize> = 1..=32;

/// What holds for a job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct JobSettings {
    /// The model; none until there is one that takes images.
    pub model_id: Option<ModelId>,
    /// What is asked for each picture.
    pub instructions: Instructions,
    /// Whether the file's name goes along as what is true of a picture.
    pub file_name_as_context: bool,
    /// Most requests at once.
    pub at_once: usize,
    /// What the job may cost.
    pub max_cost: Option<Usd>,
}

impl Default for JobSettings {
    fn default() -> Self {
        Self {
            model_id: None,
            instructions: Instructions {
                max_length: Some(MAX_LENGTH),
                may_be_decorative: true,
                ..Instructions::default()
            },
            file_name_as_context: false,
            at_once: 4,
            max_cost: None,
        }
    }
}

impl JobSettings {
    /// The options of a job with a model; what was spent before counts towards the cap.
    #[must_use]
    pub fn options(&self, model_id: ModelId, prices: Prices, spent: Usd) -> JobOptions {
        JobOptions {
            instructions: self.instructions.clone(),
            at_once: self.at_once.clamp(*AT_ONCE.start(), *AT_ONCE.end()),
            max_cost: self
                .max_cost
                .map(|most| most.minus(spent).unwrap_or(Usd::ZERO)),
            prices,
            order: super::Order::Done,
            ..JobOptions::new(model_id)
        }
    }
}
