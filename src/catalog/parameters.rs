//! Inference parameters: the range and default each model has for them.

use super::{Family, ModelId, facts};

/// The longest answer asked for where no source says what a model can give.
const MAX_TOKENS_UNKNOWN: u32 = 4_096;

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
}

/// `topK` is no parameter of Converse: each family has its own place for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TopK {
    /// Its range.
    pub range: ParameterRange,
    /// Where it goes in `additionalModelRequestFields`.
    pub path: &'static [&'static str],
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
            max_tokens: facts(id)
                .and_then(|facts| facts.max_output_tokens)
                .unwrap_or(MAX_TOKENS_UNKNOWN),
            max_stop_sequences: match family {
                Family::Claude | Family::ClaudeExclusive => Some(8_191),
                Family::Nova | Family::Nova2 => Some(4),
                Family::Mistral | Family::DeepSeek => Some(10),
                _ => None,
            },
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

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
