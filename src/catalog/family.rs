//! Families of models that take the same parameters in the same places.

use super::ModelId;

/// A family of models. What sets families apart is which parameters they take, in which range and
/// where in the request; the ranges are those the providers document for Bedrock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// Anthropic Claude up to Opus 4 and Sonnet 4: temperature and top P together.
    Claude,
    /// Anthropic Claude from Opus 4.1 on: temperature or top P, not both.
    ClaudeExclusive,
    /// Amazon Nova, first generation.
    Nova,
    /// Amazon Nova, second generation.
    Nova2,
    /// Amazon Titan Text.
    Titan,
    /// Meta Llama.
    Llama,
    /// Mistral AI.
    Mistral,
    /// Cohere Command.
    Command,
    /// AI21 Jamba.
    Jamba,
    /// DeepSeek.
    DeepSeek,
    /// OpenAI's models.
    OpenAi,
    /// A model this program knows nothing special about; Converse's own rules hold.
    Other,
}

/// Ids begin with the provider, so a prefix tells the family. The first that fits counts.
const PREFIXES: &[(&str, Family)] = &[
    ("amazon.nova-2", Family::Nova2),
    ("amazon.nova", Family::Nova),
    ("amazon.titan-text", Family::Titan),
    ("amazon.titan-tg1", Family::Titan),
    ("anthropic.claude-v2", Family::Claude),
    ("anthropic.claude-instant", Family::Claude),
    ("anthropic.claude-3", Family::Claude),
    ("anthropic.claude-opus-4-20250514", Family::Claude),
    ("anthropic.claude-sonnet-4-20250514", Family::Claude),
    ("anthropic.claude", Family::ClaudeExclusive),
    ("meta.", Family::Llama),
    ("mistral.", Family::Mistral),
    ("cohere.command", Family::Command),
    ("ai21.jamba", Family::Jamba),
    ("deepseek.", Family::DeepSeek),
    ("openai.", Family::OpenAi),
];

impl Family {
    /// The family of a model, by its id, its profile's id or an ARN.
    #[must_use]
    pub fn of(id: &ModelId) -> Self {
        let id = id.foundation_model_id();
        PREFIXES
            .iter()
            .find(|(prefix, _)| id.starts_with(prefix))
            .map_or(Self::Other, |(_, family)| *family)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_and_arns_are_of_their_models_family() {
        for (id, family) in [
            ("us.amazon.nova-2-lite-v1:0", Family::Nova2),
            ("amazon.nova-lite-v1:0", Family::Nova),
            ("anthropic.claude-sonnet-4-20250514-v1:0", Family::Claude),
            (
                "global.anthropic.claude-sonnet-4-5-20250929-v1:0",
                Family::ClaudeExclusive,
            ),
            (
                "anthropic.claude-opus-4-1-20250805-v1:0",
                Family::ClaudeExclusive,
            ),
            (
                "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.meta.llama3-3-70b-instruct-v1:0",
                Family::Llama,
            ),
            ("example.model-v1:0", Family::Other),
        ] {
            assert_eq!(Family::of(&id.into()), family, "{id}");
        }
    }
}
