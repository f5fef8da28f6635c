//! Foundation models as `ListFoundationModels` describes them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Geography, InferenceProfile, facts, profile_facts};

/// What ids of local servers' models begin with. No provider on Bedrock is called that.
const LOCAL_PREFIX: &str = "local.";

/// What goes into the `modelId` of an invocation: the id of a foundation model or an inference
/// profile, or an ARN of either.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ModelId(String);

impl ModelId {
    /// The id as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of a local server's model, by that server's name for it.
    #[must_use]
    pub fn local(name: &str) -> Self {
        Self(format!("{LOCAL_PREFIX}{name}"))
    }

    /// What a local server calls the model; `None` for models of Bedrock.
    #[must_use]
    pub fn local_name(&self) -> Option<&str> {
        self.0
            .strip_prefix(LOCAL_PREFIX)
            .filter(|name| !name.is_empty())
    }

    /// Whether a local server runs the model, so that nobody charges for it.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.local_name().is_some()
    }

    /// Whether this is an ARN rather than a plain id.
    #[must_use]
    pub fn is_arn(&self) -> bool {
        self.0.starts_with("arn:")
    }

    /// The plain id: of an ARN the part behind its last `/`, else the id itself.
    #[must_use]
    pub fn resource_id(&self) -> &str {
        if self.is_arn() {
            self.0.rsplit('/').next().unwrap_or(&self.0)
        } else {
            &self.0
        }
    }

    /// The foundation model behind this id: the profile's prefix (`us.`, `global.` …) is taken off.
    #[must_use]
    pub fn foundation_model_id(&self) -> &str {
        let id = self.resource_id();
        match id.split_once('.') {
            Some((prefix, rest)) if Geography::from_prefix(prefix).is_some() => rest,
            _ => id,
        }
    }

    /// The geography an inference profile's prefix names; `None` for a foundation model's own id.
    #[must_use]
    pub fn geography(&self) -> Option<Geography> {
        let (prefix, _) = self.resource_id().split_once('.')?;
        Geography::from_prefix(prefix)
    }
}

impl<T: Into<String>> From<T> for ModelId {
    fn from(id: T) -> Self {
        Self(id.into())
    }
}

impl fmt::Display for ModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

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
        let rank = |profile: &&InferenceProfile| match profile.id.geography() {
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
    fn ids_and_arns_lead_to_the_same_model() {
        for id in [
            "amazon.nova-lite-v1:0",
            "us.amazon.nova-lite-v1:0",
            "us-gov.amazon.nova-lite-v1:0",
            "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",
            "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0",
        ] {
            assert_eq!(
                ModelId::from(id).foundation_model_id(),
                "amazon.nova-lite-v1:0"
            );
        }
    }

    #[test]
    fn local_models_keep_their_servers_name() {
        let id = ModelId::local("qwen/qwen2.5-vl:7b");
        assert_eq!(id.as_str(), "local.qwen/qwen2.5-vl:7b");
        assert_eq!(id.local_name(), Some("qwen/qwen2.5-vl:7b"));
        for other in ["local.", "amazon.nova-lite-v1:0", "us.local.x"] {
            assert!(!ModelId::from(other).is_local(), "{other}");
        }
    }

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
        let catalog = Catalog {
            models: vec![model.clone()],
            profiles: vec![
                profile("eu.deepseek.r1-v1:0"),
                profile("global.deepseek.r1-v1:0"),
                profile("us.deepseek.r1-v1:0"),
            ],
        };
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
