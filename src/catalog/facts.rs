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
    &[]
}

/// The facts of the model behind an id, a profile's id or an ARN.
#[must_use]
pub fn facts(_id: &ModelId) -> Option<&'static ModelFacts> {
    None
}

/// The facts of an inference profile.
#[must_use]
pub fn profile_facts(_id: &ModelId) -> Option<&'static ProfileFacts> {
    None
}
