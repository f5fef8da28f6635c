//! Inference parameters: the range and default each model has for them.

use super::ModelId;

/// The range of one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParameterRange {
    /// Lowest value.
    pub min: f32,
    /// Highest value.
    pub max: f32,
    /// What the model takes when nothing is sent; `None` when no source says.
    pub default: Option<f32>,
}

/// The parameters a model takes; `None` where it does not take one.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// `temperature`
    pub temperature: Option<ParameterRange>,
    /// `topP`
    pub top_p: Option<ParameterRange>,
    /// Most tokens an answer may have.
    pub max_tokens: u32,
}

impl Parameters {
    /// The parameters of a model, a profile or an ARN.
    #[must_use]
    pub fn of(_id: &ModelId) -> Self {
        let unit = ParameterRange {
            min: 0.0,
            max: 1.0,
            default: None,
        };
        Self {
            temperature: Some(unit),
            top_p: Some(unit),
            max_tokens: 4096,
        }
    }
}
