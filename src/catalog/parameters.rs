//! Inference parameters: the range and default each model has for them.

use super::{Family, ModelId, all_facts, facts};

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

impl ParameterRange {
    const fn new(min: f32, max: f32, default: Option<f32>) -> Self {
        Self { min, max, default }
    }

    /// The value itself, or the end of the range that it lies beyond.
    #[must_use]
    pub fn nearest(self, value: f32) -> f32 {
        value.clamp(self.min, self.max)
    }
}

/// `topK` is no parameter of Converse: each family has its own place for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TopK {
    /// Its range.
    pub range: ParameterRange,
    /// Where it goes in `additionalModelRequestFields`.
    pub path: &'static [&'static str],
}

/// How a model is asked to think before it answers, and where that goes in
/// `additionalModelRequestFields`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReasoningControl {
    /// `thinking.budget_tokens`: so many tokens at the most, fewer than the longest answer.
    Budget {
        /// The least that may be asked for.
        min: u32,
    },
    /// `thinking.type` `adaptive`: the model decides how long, guided by `output_config.effort`.
    Adaptive,
    /// `reasoningConfig.maxReasoningEffort`
    MaxEffort,
    /// `reasoning_effort`; these models always think.
    Effort,
    /// The model thinks, and nothing can be set.
    Always,
}

/// The parameters a model takes; `None` where it does not take one.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// `temperature`
    pub temperature: Option<ParameterRange>,
    /// `topP`
    pub top_p: Option<ParameterRange>,
    /// `topK`
    pub top_k: Option<TopK>,
    /// Whether temperature and top P may not be sent together.
    pub temperature_excludes_top_p: bool,
    /// How it is asked to think; `None` when it does not, or when no source says how.
    pub reasoning: Option<ReasoningControl>,
    /// Most tokens an answer may have.
    pub max_tokens: u32,
    /// Most stop sequences; `None` when no source says.
    pub max_stop_sequences: Option<u32>,
}

impl Parameters {
    /// The parameters of a model, a profile or an ARN.
    #[must_use]
    pub fn of(id: &ModelId) -> Self {
        let family = Family::of(id);
        let (temperature, top_p) = ranges(family);
        Self {
            temperature: Some(temperature),
            top_p: Some(top_p),
            top_k: top_k(family),
            temperature_excludes_top_p: family == Family::ClaudeExclusive,
            reasoning: reasoning(id, family),
            max_tokens: facts(id)
                .and_then(|facts| facts.max_output_tokens)
                .unwrap_or_else(most_tokens_of_any),
            max_stop_sequences: match family {
                Family::Claude | Family::ClaudeExclusive => Some(8_191),
                Family::Nova | Family::Nova2 => Some(4),
                Family::Mistral | Family::DeepSeek => Some(10),
                _ => None,
            },
        }
    }

    /// How many stop sequences may be sent; where no source says, the service has the last word.
    #[must_use]
    pub fn most_stop_sequences(&self) -> usize {
        self.max_stop_sequences
            .map_or(usize::MAX, |most| most as usize)
    }
}

/// Of a model that no source tells the longest answer of, no answer is cut short and none is called cheaper than
/// it may be; the service has the last word.
fn most_tokens_of_any() -> u32 {
    let known = all_facts().iter();
    known
        .filter_map(|facts| facts.max_output_tokens)
        .max()
        .unwrap_or(u32::MAX)
}

fn ranges(family: Family) -> (ParameterRange, ParameterRange) {
    const fn range(max: f32, default: f32) -> ParameterRange {
        ParameterRange::new(0.0, max, Some(default))
    }
    match family {
        Family::Claude | Family::ClaudeExclusive => (range(1.0, 1.0), range(1.0, 0.999)),
        Family::Nova | Family::Titan => (range(1.0, 0.7), range(1.0, 0.9)),
        Family::Llama => (range(1.0, 0.5), range(1.0, 0.9)),
        Family::Command => (range(1.0, 0.3), ParameterRange::new(0.01, 0.99, Some(0.75))),
        Family::Jamba => (range(2.0, 1.0), range(1.0, 1.0)),
        Family::DeepSeek | Family::OpenAi => (range(1.0, 1.0), range(1.0, 1.0)),
        // Defaults differ within these families, or no source gives them.
        Family::Mistral | Family::Nova2 | Family::Other => (
            ParameterRange::new(0.0, 1.0, None),
            ParameterRange::new(0.0, 1.0, None),
        ),
    }
}

fn top_k(family: Family) -> Option<TopK> {
    let (max, default, min, path): (f32, Option<f32>, f32, &[&str]) = match family {
        Family::Claude | Family::ClaudeExclusive => (500.0, None, 0.0, &["top_k"]),
        Family::Nova | Family::Nova2 => (128.0, Some(50.0), 1.0, &["inferenceConfig", "topK"]),
        Family::Command => (500.0, Some(0.0), 0.0, &["k"]),
        _ => return None,
    };
    Some(TopK {
        range: ParameterRange::new(min, max, default),
        path,
    })
}

/// Claude models up to these take a budget; later ones decide for themselves.
const THINKING_BUDGET: &[&str] = &[
    "anthropic.claude-3-7",
    "anthropic.claude-opus-4-20250514",
    "anthropic.claude-sonnet-4-20250514",
    "anthropic.claude-opus-4-1-",
    "anthropic.claude-opus-4-5-",
    "anthropic.claude-sonnet-4-5-",
    "anthropic.claude-haiku-4-5",
];
/// The least that Anthropic documents for `budget_tokens`.
const LEAST_BUDGET: u32 = 1_024;

fn reasoning(id: &ModelId, family: Family) -> Option<ReasoningControl> {
    if facts(id).and_then(|facts| facts.supports.reasoning) != Some(true) {
        return None;
    }
    let id = id.foundation_model_id();
    match family {
        Family::Claude | Family::ClaudeExclusive => Some(
            if THINKING_BUDGET.iter().any(|prefix| id.starts_with(prefix)) {
                ReasoningControl::Budget { min: LEAST_BUDGET }
            } else {
                ReasoningControl::Adaptive
            },
        ),
        Family::Nova2 => Some(ReasoningControl::MaxEffort),
        Family::OpenAi => Some(ReasoningControl::Effort),
        Family::DeepSeek if id.contains(".r1") => Some(ReasoningControl::Always),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_that_nobody_knows_has_the_ceiling_of_the_largest() {
        let unknown = Parameters::of(&"example.someones-model-v1:0".into());
        let of_any = |facts: &crate::catalog::ModelFacts| facts.max_output_tokens;
        for known in all_facts().iter().filter_map(of_any) {
            assert!(unknown.max_tokens >= known);
        }
    }

    #[test]
    fn ranges_are_those_the_providers_document() {
        let nova = Parameters::of(&"amazon.nova-lite-v1:0".into());
        assert_eq!(
            nova.temperature,
            Some(ParameterRange::new(0.0, 1.0, Some(0.7)))
        );
        assert_eq!(nova.max_tokens, 5_000, "as the model card says");
        let command = Parameters::of(&"cohere.command-r-v1:0".into());
        assert_eq!(
            command.top_p,
            Some(ParameterRange::new(0.01, 0.99, Some(0.75)))
        );
        let claude = Parameters::of(&"us.anthropic.claude-opus-4-1-20250805-v1:0".into());
        assert!(claude.temperature_excludes_top_p);
    }
}
