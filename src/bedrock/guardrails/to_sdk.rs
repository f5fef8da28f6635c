//! A guardrail's definition as the SDK's requests have it.

use aws_sdk_bedrock::types as sdk;

use crate::bedrock::error::Error;
use crate::guardrails::{
    ContentFilter, Definition, GroundingFilter, Pattern, PiiEntity, Sides, Topic, Word,
};

/// The policies of a request; those that have nothing in them are left out, as the service wants it.
pub struct Policies {
    pub topics: Option<sdk::GuardrailTopicPolicyConfig>,
    pub content: Option<sdk::GuardrailContentPolicyConfig>,
    pub words: Option<sdk::GuardrailWordPolicyConfig>,
    pub data: Option<sdk::GuardrailSensitiveInformationPolicyConfig>,
    pub grounding: Option<sdk::GuardrailContextualGroundingPolicyConfig>,
    pub reasoning: Option<sdk::GuardrailAutomatedReasoningPolicyConfig>,
    pub cross_region: Option<sdk::GuardrailCrossRegionConfig>,
}

pub fn policies(definition: &Definition) -> Result<Policies, Error> {
    let kept = &definition.kept;
    Ok(Policies {
        topics: topics(definition)?,
        content: content(definition)?,
        words: words(definition)?,
        data: data(definition)?,
        grounding: grounding(definition)?,
        reasoning: if kept.automated_reasoning.is_empty() {
            None
        } else {
            let policies = kept.automated_reasoning.clone();
            let policy = sdk::GuardrailAutomatedReasoningPolicyConfig::builder()
                .set_policies(Some(policies))
                .set_confidence_threshold(kept.automated_reasoning_confidence);
            Some(policy.build()?)
        },
        cross_region: kept
            .cross_region_profile
            .as_ref()
            .map(|profile| {
                sdk::GuardrailCrossRegionConfig::builder()
                    .guardrail_profile_identifier(profile)
                    .build()
            })
            .transpose()?,
    })
}

/// The description; an empty one is none.
pub fn description(definition: &Definition) -> Option<String> {
    Some(definition.description.clone()).filter(|text| !text.trim().is_empty())
}

fn all<T, S>(
    items: &[T],
    convert: impl Fn(&T) -> Result<S, Error>,
) -> Result<Option<Vec<S>>, Error> {
    let converted: Vec<S> = items.iter().map(convert).collect::<Result<_, _>>()?;
    Ok(Some(converted).filter(|items| !items.is_empty()))
}

fn topics(definition: &Definition) -> Result<Option<sdk::GuardrailTopicPolicyConfig>, Error> {
    let Some(topics) = all(&definition.topics, topic)? else {
        return Ok(None);
    };
    let tier = definition.kept.topic_tier.as_deref().map(|name| {
        sdk::GuardrailTopicsTierConfig::builder()
            .tier_name(name.into())
            .build()
    });
    let policy = sdk::GuardrailTopicPolicyConfig::builder()
        .set_topics_config(Some(topics))
        .set_tier_config(tier.transpose()?);
    Ok(Some(policy.build()?))
}

fn topic(topic: &Topic) -> Result<sdk::GuardrailTopicConfig, Error> {
    let Sides { input, output } = topic.sides;
    Ok(sdk::GuardrailTopicConfig::builder()
        .name(&topic.name)
        .definition(&topic.definition)
        .set_examples(Some(topic.examples.clone()).filter(|examples| !examples.is_empty()))
        .r#type(sdk::GuardrailTopicType::Deny)
        .input_enabled(input.enabled)
        .output_enabled(output.enabled)
        .input_action(input.action.as_str().into())
        .output_action(output.action.as_str().into())
        .build()?)
}

fn content(definition: &Definition) -> Result<Option<sdk::GuardrailContentPolicyConfig>, Error> {
    let Some(filters) = all(&definition.content, content_filter)? else {
        return Ok(None);
    };
    let tier = definition.kept.content_tier.as_deref().map(|name| {
        sdk::GuardrailContentFiltersTierConfig::builder()
            .tier_name(name.into())
            .build()
    });
    let policy = sdk::GuardrailContentPolicyConfig::builder()
        .set_filters_config(Some(filters))
        .set_tier_config(tier.transpose()?);
    Ok(Some(policy.build()?))
}

fn content_filter(filter: &ContentFilter) -> Result<sdk::GuardrailContentFilterConfig, Error> {
    let modalities = |images: bool| {
        images.then(|| vec![sdk::GuardrailModality::Text, sdk::GuardrailModality::Image])
    };
    let Sides { input, output } = filter.sides;
    Ok(sdk::GuardrailContentFilterConfig::builder()
        .r#type(filter.kind.as_str().into())
        .input_strength(filter.input_strength.as_str().into())
        .output_strength(filter.output_strength.as_str().into())
        .set_input_modalities(modalities(filter.input_images))
        .set_output_modalities(modalities(filter.output_images))
        .input_enabled(input.enabled)
        .output_enabled(output.enabled)
        .input_action(input.action.as_str().into())
        .output_action(output.action.as_str().into())
        .build()?)
}

fn words(definition: &Definition) -> Result<Option<sdk::GuardrailWordPolicyConfig>, Error> {
    let words = all(&definition.words, word)?;
    let managed = definition.profanity.map(managed_words).transpose()?;
    if words.is_none() && managed.is_none() {
        return Ok(None);
    }
    let policy = sdk::GuardrailWordPolicyConfig::builder()
        .set_words_config(words)
        .set_managed_word_lists_config(managed.map(|list| vec![list]));
    Ok(Some(policy.build()))
}

fn word(word: &Word) -> Result<sdk::GuardrailWordConfig, Error> {
    let Sides { input, output } = word.sides;
    Ok(sdk::GuardrailWordConfig::builder()
        .text(&word.text)
        .input_enabled(input.enabled)
        .output_enabled(output.enabled)
        .input_action(input.action.as_str().into())
        .output_action(output.action.as_str().into())
        .build()?)
}

fn managed_words(sides: Sides) -> Result<sdk::GuardrailManagedWordsConfig, Error> {
    let Sides { input, output } = sides;
    Ok(sdk::GuardrailManagedWordsConfig::builder()
        .r#type(sdk::GuardrailManagedWordsType::Profanity)
        .input_enabled(input.enabled)
        .output_enabled(output.enabled)
        .input_action(input.action.as_str().into())
        .output_action(output.action.as_str().into())
        .build()?)
}

fn data(
    definition: &Definition,
) -> Result<Option<sdk::GuardrailSensitiveInformationPolicyConfig>, Error> {
    let entities = all(&definition.pii, pii_entity)?;
    let patterns = all(&definition.patterns, pattern)?;
    if entities.is_none() && patterns.is_none() {
        return Ok(None);
    }
    let policy = sdk::GuardrailSensitiveInformationPolicyConfig::builder()
        .set_pii_entities_config(entities)
        .set_regexes_config(patterns);
    Ok(Some(policy.build()))
}

fn pii_entity(entity: &PiiEntity) -> Result<sdk::GuardrailPiiEntityConfig, Error> {
    let Sides { input, output } = entity.sides;
    Ok(sdk::GuardrailPiiEntityConfig::builder()
        .r#type(entity.kind.as_str().into())
        // Required, and of no effect where both sides have their own.
        .action(input.action.as_str().into())
        .input_enabled(input.enabled)
        .output_enabled(output.enabled)
        .input_action(input.action.as_str().into())
        .output_action(output.action.as_str().into())
        .build()?)
}

fn pattern(pattern: &Pattern) -> Result<sdk::GuardrailRegexConfig, Error> {
    let Sides { input, output } = pattern.sides;
    let description = Some(pattern.description.clone()).filter(|text| !text.trim().is_empty());
    Ok(sdk::GuardrailRegexConfig::builder()
        .name(&pattern.name)
        .set_description(description)
        .pattern(&pattern.pattern)
        .action(input.action.as_str().into())
        .input_enabled(input.enabled)
        .output_enabled(output.enabled)
        .input_action(input.action.as_str().into())
        .output_action(output.action.as_str().into())
        .build()?)
}

fn grounding(
    definition: &Definition,
) -> Result<Option<sdk::GuardrailContextualGroundingPolicyConfig>, Error> {
    let Some(filters) = all(&definition.grounding, grounding_filter)? else {
        return Ok(None);
    };
    let tier = definition.kept.grounding_tier.as_deref().map(|name| {
        sdk::GuardrailContextualGroundingTierConfig::builder()
            .tier_name(name.into())
            .build()
    });
    let policy = sdk::GuardrailContextualGroundingPolicyConfig::builder()
        .set_filters_config(Some(filters))
        .set_tier_config(tier.transpose()?);
    Ok(Some(policy.build()?))
}

fn grounding_filter(
    filter: &GroundingFilter,
) -> Result<sdk::GuardrailContextualGroundingFilterConfig, Error> {
    Ok(sdk::GuardrailContextualGroundingFilterConfig::builder()
        .r#type(filter.kind.as_str().into())
        .threshold(filter.threshold)
        .enabled(filter.on.enabled)
        .action(filter.on.action.as_str().into())
        .build()?)
}
