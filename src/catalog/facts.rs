//! What no list tells about models: compiled from `assets/models.json` by `build.rs`.

use super::{Lifecycle, Modality, ModelId};

/// Facts about one foundation model, each from a source named in `assets/models.json`.
#[derive(Debug)]
pub struct ModelFacts {
    /// The foundation model's id.
    pub id: &'static str,
    /// Who makes it.
    pub provider: &'static str,
    /// The name a person knows it by.
    pub name: &'static str,
    /// Where it is in its life.
    pub lifecycle: Lifecycle,
    /// The day it stops, `YYYY-MM-DD`, where announced.
    pub end_of_life: Option<&'static str>,
    /// What it takes.
    pub input_modalities: &'static [Modality],
    /// What it gives.
    pub output_modalities: &'static [Modality],
    /// Tokens of prompt and answer together.
    pub context_window: Option<u32>,
    /// Tokens of one answer at the most.
    pub max_output_tokens: Option<u32>,
    /// What it can do.
    pub supports: Support,
    /// Shortest prefix that is cached, in tokens.
    pub prompt_cache_min_tokens: Option<u32>,
    /// Vector lengths an embedding model offers, its default first.
    pub embedding_dimensions: &'static [u32],
    /// Regions where it runs by its own id; empty when it does not, or when no source says.
    pub on_demand_regions: &'static [&'static str],
    /// Its system-defined inference profiles.
    pub profiles: &'static [ProfileFacts],
}

/// What a model can do. `None` means that no source says, never "no".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Support {
    /// Answers piece by piece.
    pub streaming: Option<bool>,
    /// Takes a system prompt.
    pub system: Option<bool>,
    /// Asks for tools.
    pub tools: Option<bool>,
    /// Takes images.
    pub vision: Option<bool>,
    /// Takes documents.
    pub documents: Option<bool>,
    /// Thinks before it answers.
    pub reasoning: Option<bool>,
    /// Caches prompts.
    pub prompt_caching: Option<bool>,
}

/// Facts about one system-defined inference profile.
#[derive(Debug)]
pub struct ProfileFacts {
    /// The profile's id, with its prefix.
    pub id: &'static str,
    /// The regions it can be called from; empty when no source says.
    pub source_regions: &'static [&'static str],
}

/// Every model known to this version, retired ones included, by id.
#[must_use]
pub fn all_facts() -> &'static [ModelFacts] {
    MODELS
}

/// The facts of the model behind an id, a profile's id or an ARN.
#[must_use]
pub fn facts(id: &ModelId) -> Option<&'static ModelFacts> {
    let id = id.foundation_model_id();
    let at = MODELS.binary_search_by(|facts| facts.id.cmp(id)).ok()?;
    Some(&MODELS[at])
}

/// The facts of an inference profile.
#[must_use]
pub fn profile_facts(id: &ModelId) -> Option<&'static ProfileFacts> {
    let id = id.resource_id();
    let at = PROFILES
        .binary_search_by(|(profile, ..)| (*profile).cmp(id))
        .ok()?;
    let (_, model, profile) = PROFILES[at];
    Some(&MODELS[model].profiles[profile])
}

include!(concat!(env!("OUT_DIR"), "/facts.rs"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_and_profiles_are_found_by_every_form_of_their_id() {
        // Counted in the dataset this one was made from: 183 models, 219 profiles.
        assert_eq!(all_facts().len(), 183);
        let profiles: usize = all_facts().iter().map(|facts| facts.profiles.len()).sum();
        assert_eq!(profiles, 219);
        for model in all_facts() {
            assert_eq!(
                facts(&model.id.into()).map(|facts| facts.id),
                Some(model.id)
            );
            for profile in model.profiles {
                let id = profile.id.into();
                assert_eq!(profile_facts(&id).map(|facts| facts.id), Some(profile.id));
                assert_eq!(facts(&id).map(|facts| facts.id), Some(model.id));
            }
        }
        assert!(facts(&"amazon.nova-litter-v1:0".into()).is_none());
    }

    #[test]
    fn nova_lite_is_as_its_model_card_says() {
        let facts = facts(&"amazon.nova-lite-v1:0".into()).unwrap();
        assert_eq!(facts.context_window, Some(300_000));
        assert_eq!(facts.supports.vision, Some(true));
        assert_eq!(
            facts.input_modalities,
            [Modality::Image, Modality::Text, Modality::Video]
        );
        assert!(facts.on_demand_regions.contains(&"us-east-1"));
    }
}
