//! What is set, or attached, and a model does not take. It is not sent there, and that is said.

use crate::catalog::{ModelId, Parameters, facts};
use crate::chat::{Configuration, ContentBlock};

/// What does not reach this model, each in a sentence. Where no source says, it is sent, and the
/// service has the last word.
#[must_use]
pub fn lacking(
    configuration: &Configuration,
    media: &[ContentBlock],
    model_id: &ModelId,
) -> Vec<String> {
    let parameters = Parameters::of(model_id);
    let unavailable = configuration.unavailable(&parameters);
    let mut lacking = Vec::new();
    let number = |name: &str, value: Option<f32>, range: Option<(f32, f32)>| {
        let value = value?;
        match range {
            None => Some(format!("Takes no {name}; it is left out")),
            Some((min, max)) if !(min..=max).contains(&value) => {
                let nearest = value.clamp(min, max);
                Some(format!(
                    "Takes a {name} of {min} to {max}; {nearest} is sent"
                ))
            }
            Some(_) => None,
        }
    };
    let of = |range: crate::catalog::ParameterRange| (range.min, range.max);
    lacking.extend(number(
        "temperature",
        configuration.temperature,
        parameters.temperature.map(of),
    ));
    lacking.extend(number(
        "top P",
        configuration.top_p,
        parameters.top_p.map(of),
    ));
    #[expect(
        clippy::cast_precision_loss,
        reason = "ranges of top K are whole numbers up to 500"
    )]
    let top_k = configuration.top_k.map(|value| value as f32);
    lacking.extend(number(
        "top K",
        top_k,
        parameters.top_k.map(|top_k| of(top_k.range)),
    ));
    if configuration
        .max_tokens
        .is_some_and(|most| most > parameters.max_tokens)
    {
        let most = parameters.max_tokens;
        lacking.push(format!(
            "Answers with {most} tokens at the most, and is asked for so many"
        ));
    }
    if configuration.reasoning.on && parameters.reasoning.is_none() {
        lacking.push("Reasoning cannot be set for it; it is left out".to_owned());
    }
    let set = [
        (configuration.temperature.is_some(), unavailable.temperature),
        (configuration.top_p.is_some(), unavailable.top_p),
        (configuration.top_k.is_some(), unavailable.top_k),
        (configuration.max_tokens.is_some(), unavailable.max_tokens),
    ];
    for (_, reason) in set.into_iter().filter(|(is_set, _)| *is_set) {
        let told = |reason: &str| lacking.iter().any(|told| told == reason);
        if let Some(reason) = reason.filter(|reason| !told(reason)) {
            lacking.push(reason.to_owned());
        }
    }
    lacking.extend(unsupported(configuration, media, model_id));
    lacking
}

/// What is sent all the same, and the facts say that the model refuses.
fn unsupported(
    configuration: &Configuration,
    media: &[ContentBlock],
    model_id: &ModelId,
) -> Vec<String> {
    let Some(facts) = facts(model_id) else {
        return Vec::new();
    };
    let has = |is: fn(&ContentBlock) -> bool| media.iter().any(is);
    let is_image = |block: &ContentBlock| matches!(block, ContentBlock::Image(_));
    let is_document = |block: &ContentBlock| matches!(block, ContentBlock::Document(_));
    let system = configuration
        .system
        .iter()
        .any(|text| !text.trim().is_empty());
    let tools = configuration.tools.iter().any(|tool| tool.on);
    [
        (has(is_image), facts.supports.vision, "images"),
        (has(is_document), facts.supports.documents, "documents"),
        (system, facts.supports.system, "system prompt"),
        (tools, facts.supports.tools, "tools"),
    ]
    .into_iter()
    .filter(|(wanted, takes, _)| *wanted && *takes == Some(false))
    .map(|(_, _, what)| format!("Takes no {what}, and will refuse this"))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_model_does_not_take_is_said() {
        let configuration = Configuration {
            temperature: Some(1.5),
            top_k: Some(200),
            max_tokens: Some(100_000),
            ..Configuration::default()
        };
        // The ranges are those of the providers' documents: Nova's temperature ends at 1, its top K
        // at 128, its longest answer at 5,000 tokens, and Jamba's temperature at 2.
        let nova = lacking(&configuration, &[], &"amazon.nova-lite-v1:0".into());
        assert_eq!(
            nova,
            [
                "Takes a temperature of 0 to 1; 1 is sent",
                "Takes a top K of 1 to 128; 128 is sent",
                "Answers with 5000 tokens at the most, and is asked for so many",
            ]
        );
        let jamba = lacking(&configuration, &[], &"ai21.jamba-1-5-mini-v1:0".into());
        assert!(
            jamba.contains(&"Takes no top K; it is left out".to_owned()),
            "{jamba:?}"
        );
        assert!(
            !jamba.iter().any(|text| text.contains("temperature")),
            "{jamba:?}"
        );
    }

    #[test]
    fn temperature_and_top_p_together_are_said_once() {
        let configuration = Configuration {
            temperature: Some(0.5),
            top_p: Some(0.5),
            ..Configuration::default()
        };
        let claude = "us.anthropic.claude-opus-4-1-20250805-v1:0".into();
        let told = lacking(&configuration, &[], &claude);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("not both"), "{told:?}");
    }

    #[test]
    fn defaults_reach_every_model() {
        for facts in crate::catalog::all_facts() {
            let told = lacking(&Configuration::default(), &[], &facts.id.into());
            assert!(told.is_empty(), "{}: {told:?}", facts.id);
        }
    }
}
