//! Foundation models as `ListFoundationModels` describes them.

use super::{Geography, InferenceProfile, ModelId, ProfileKind, facts, profile_facts};

/// A kind of content a model takes or gives.
///
/// The service sends values that its own model does not list (`SPEECH`, `VIDEO`, `AUDIO` are seen in
/// recordings), so there is room for any other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Modality {
    /// `TEXT`
    Text,
    /// `IMAGE`
    Image,
    /// `EMBEDDING`
    Embedding,
    /// `VIDEO`
    Video,
    /// `AUDIO`
    Audio,
    /// `SPEECH`
    Speech,
    /// A value this program does not know, kept as it came.
    Other(String),
}

impl Modality {
    /// Reads the service's spelling; upper and lower case are the same.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        match name.to_ascii_uppercase().as_str() {
            "TEXT" => Self::Text,
            "IMAGE" => Self::Image,
            "EMBEDDING" => Self::Embedding,
            "VIDEO" => Self::Video,
            "AUDIO" => Self::Audio,
            "SPEECH" => Self::Speech,
            _ => Self::Other(name.to_owned()),
        }
    }

    /// The service's spelling.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Text => "TEXT",
            Self::Image => "IMAGE",
            Self::Embedding => "EMBEDDING",
            Self::Video => "VIDEO",
            Self::Audio => "AUDIO",
            Self::Speech => "SPEECH",
            Self::Other(name) => name,
        }
    }

    /// How a person would write it.
    #[must_use]
    pub fn label(&self) -> &str {
        match self {
            Self::Text => "Text",
            Self::Image => "Image",
            Self::Embedding => "Embedding",
            Self::Video => "Video",
            Self::Audio => "Audio",
            Self::Speech => "Speech",
            Self::Other(name) => name,
        }
    }
}

/// A way a model can be invoked, as `inferenceTypesSupported` names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum InferenceType {
    /// `ON_DEMAND`: by the model's own id.
    OnDemand,
    /// `PROVISIONED`: by the ARN of bought throughput.
    Provisioned,
    /// `INFERENCE_PROFILE`: by a profile's id; on the wire but not in the service model.
    InferenceProfile,
    /// A value this program does not know, kept as it came.
    Other(String),
}

impl InferenceType {
    /// Reads the service's spelling.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        match name {
            "ON_DEMAND" => Self::OnDemand,
            "PROVISIONED" => Self::Provisioned,
            "INFERENCE_PROFILE" => Self::InferenceProfile,
            _ => Self::Other(name.to_owned()),
        }
    }

    /// The service's spelling.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::OnDemand => "ON_DEMAND",
            Self::Provisioned => "PROVISIONED",
            Self::InferenceProfile => "INFERENCE_PROFILE",
            Self::Other(name) => name,
        }
    }

    /// How a person would write it.
    #[must_use]
    pub fn label(&self) -> &str {
        match self {
            Self::OnDemand => "On-demand",
            Self::Provisioned => "Provisioned",
            Self::InferenceProfile => "Inference profile",
            Self::Other(name) => name,
        }
    }
}

/// Where a model is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lifecycle {
    /// Offered, with no end announced.
    Active,
    /// Still runs; an end is announced or near.
    Legacy,
    /// No longer listed by the service: only price records and old conversations name it.
    Retired,
}

impl Lifecycle {
    /// How a person would write it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Legacy => "Legacy",
            Self::Retired => "Retired",
        }
    }
}

/// One model as the endpoint lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundationModel {
    /// The id, for instance `amazon.nova-lite-v1:0`.
    pub id: ModelId,
    /// The ARN; it carries the region.
    pub arn: String,
    /// The name a person knows it by.
    pub name: String,
    /// Who makes it.
    pub provider: String,
    /// What it takes.
    pub input_modalities: Vec<Modality>,
    /// What it gives.
    pub output_modalities: Vec<Modality>,
    /// How it can be invoked. May be empty, and may leave out profiles that exist.
    pub inference_types: Vec<InferenceType>,
    /// Whether it streams; the service leaves this `null` for some models.
    pub response_streaming: Option<bool>,
    /// Where it is in its life.
    pub lifecycle: Lifecycle,
}

impl FoundationModel {
    /// Whether the model takes images beside text and answers in text: what alt text needs.
    #[must_use]
    pub fn describes_images(&self) -> bool {
        self.input_modalities.contains(&Modality::Image) && self.answers_in_text()
    }

    /// Whether the model holds conversations: text in, text out.
    #[must_use]
    pub fn answers_in_text(&self) -> bool {
        self.input_modalities.contains(&Modality::Text)
            && self.output_modalities.contains(&Modality::Text)
    }
}

/// Everything one connection offers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalog {
    /// Models by `ListFoundationModels`, in the service's order.
    pub models: Vec<FoundationModel>,
    /// Profiles by `ListInferenceProfiles`, every page.
    pub profiles: Vec<InferenceProfile>,
}

impl Catalog {
    /// The listed model behind an id: its own, its profile's, or an ARN's.
    #[must_use]
    pub fn model(&self, id: &ModelId) -> Option<&FoundationModel> {
        let profile = self
            .profiles
            .iter()
            .find(|profile| profile.id == *id || profile.arn == id.as_str());
        let own_id = match profile {
            Some(profile) => profile.foundation_model_id()?,
            None => id.foundation_model_id(),
        };
        self.models
            .iter()
            .find(|model| model.id.as_str() == own_id || model.arn == id.as_str())
    }

    /// A catalog in which the ids of application profiles know what they route to.
    #[must_use]
    pub fn new(models: Vec<FoundationModel>, mut profiles: Vec<InferenceProfile>) -> Self {
        let known: Vec<ModelId> = profiles
            .iter()
            .map(|profile| match profile.routes_to(&profiles) {
                Some(of) => profile.id.clone().routing_to(&of),
                None => profile.id.clone(),
            })
            .collect();
        for (profile, id) in profiles.iter_mut().zip(known) {
            profile.id = id;
        }
        Self { models, profiles }
    }

    /// Lets an id know what it routes to, where it is that of a profile which is listed here; true when that is
    /// news.
    pub fn recognise(&self, id: &mut ModelId) -> bool {
        if !id.is_application_profile() {
            return false;
        }
        let profile = self.profiles.iter().find(|profile| profile.id == *id);
        match profile.and_then(|profile| profile.id.routes_to()) {
            Some(of) if id.routes_to() != Some(of) => {
                *id = id.clone().routing_to(of);
                true
            }
            _ => false,
        }
    }

    /// Whether an id is of the kind that is offered here: a local server knows no model of Bedrock, nor
    /// Bedrock one of a local server's.
    #[must_use]
    pub fn may_have(&self, id: &ModelId) -> bool {
        self.models
            .first()
            .is_none_or(|model| model.id.is_local() == id.is_local())
    }

    /// The profiles that route to a model.
    pub fn profiles_of<'a>(
        &'a self,
        model: &'a ModelId,
    ) -> impl Iterator<Item = &'a InferenceProfile> {
        self.profiles
            .iter()
            .filter(move |profile| profile.foundation_model_id() == Some(model.as_str()))
    }

    /// The id to invoke a model by in a region: its own where it runs on demand there, else the
    /// profile of the region's geography, else the global one, else whatever profile there is.
    ///
    /// A model on demand keeps its own id even when profiles exist: it is what was asked for, and
    /// its data stays in the region.
    #[must_use]
    pub fn invocation_id(&self, model: &FoundationModel, region: &str) -> ModelId {
        let on_demand = model.inference_types.contains(&InferenceType::OnDemand)
            && facts(&model.id).is_none_or(|facts| {
                facts.on_demand_regions.is_empty() || facts.on_demand_regions.contains(&region)
            });
        if on_demand {
            return model.id.clone();
        }
        // A profile of the account is for what it was made for: a person chooses it.
        let rank = |profile: &&InferenceProfile| match profile.id.geography() {
            _ if profile.kind == ProfileKind::Application => 3,
            Some(Geography::Global) => 1,
            Some(geography) if geography.covers(region) => 0,
            _ => 2,
        };
        self.profiles_of(&model.id)
            .filter(|profile| {
                profile_facts(&profile.id).is_none_or(|facts| {
                    facts.source_regions.is_empty() || facts.source_regions.contains(&region)
                })
            })
            .min_by_key(rank)
            .map_or_else(|| model.id.clone(), |profile| profile.id.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::ProfileKind;

    #[test]
    fn a_model_without_on_demand_runs_through_its_geography() {
        let model = FoundationModel {
            id: "deepseek.r1-v1:0".into(),
            arn: "arn:aws:bedrock:us-east-1::foundation-model/deepseek.r1-v1:0".into(),
            name: "DeepSeek-R1".into(),
            provider: "DeepSeek".into(),
            input_modalities: vec![Modality::Text],
            output_modalities: vec![Modality::Text],
            inference_types: vec![InferenceType::InferenceProfile],
            response_streaming: Some(true),
            lifecycle: Lifecycle::Active,
        };
        let profile = |id: &str| InferenceProfile {
            id: id.into(),
            arn: format!("arn:aws:bedrock:us-east-1:123456789012:inference-profile/{id}"),
            name: id.into(),
            description: None,
            kind: ProfileKind::SystemDefined,
            active: true,
            model_arns: vec![model.arn.clone()],
        };
        let catalog = Catalog::new(
            vec![model.clone()],
            vec![
                profile("eu.deepseek.r1-v1:0"),
                profile("global.deepseek.r1-v1:0"),
                profile("us.deepseek.r1-v1:0"),
            ],
        );
        assert_eq!(
            catalog.invocation_id(&model, "us-east-1").as_str(),
            "us.deepseek.r1-v1:0"
        );
        assert_eq!(
            catalog.model(&"us.deepseek.r1-v1:0".into()),
            Some(&catalog.models[0])
        );
    }
}
