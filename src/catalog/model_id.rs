//! What a model is invoked by, and what such an id tells of the model behind it.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Geography;

/// What ids of local servers' models begin with. No provider on Bedrock is called that.
const LOCAL_PREFIX: &str = "local.";

/// What goes into the `modelId` of an invocation: the id of a foundation model or an inference
/// profile, or an ARN of either.
///
/// The id of an application profile tells nothing of its model. One that was listed knows beside it what it routes
/// to, so that parameters, abilities and prices are found; what it routes to is no part of what the id is: it is
/// not compared, and kept with a call alone.
#[derive(Clone, Debug)]
pub struct ModelId {
    id: String,
    routes_to: Option<Box<str>>,
}

impl ModelId {
    /// The id as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.id
    }

    /// The same id, with the model or system-defined profile that it routes to.
    #[must_use]
    pub fn routing_to(self, id: &str) -> Self {
        Self {
            routes_to: Some(id.into()),
            ..self
        }
    }

    /// The model or system-defined profile that this application profile routes to, where that is known.
    #[must_use]
    pub fn routes_to(&self) -> Option<&str> {
        self.routes_to.as_deref()
    }

    /// Whether it is the ARN of an application profile.
    #[must_use]
    pub fn is_application_profile(&self) -> bool {
        self.is_arn() && self.id.contains(":application-inference-profile/")
    }

    /// The id of a local server's model, by that server's name for it.
    #[must_use]
    pub fn local(name: &str) -> Self {
        Self::from(format!("{LOCAL_PREFIX}{name}"))
    }

    /// What a local server calls the model; `None` for models of Bedrock.
    #[must_use]
    pub fn local_name(&self) -> Option<&str> {
        self.id
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
        self.id.starts_with("arn:")
    }

    /// The plain id that tells of the model: what an application profile routes to; of an ARN the part behind its
    /// last `/`; else the id itself.
    #[must_use]
    pub fn resource_id(&self) -> &str {
        let id = self.routes_to().unwrap_or(&self.id);
        if id.starts_with("arn:") {
            id.rsplit('/').next().unwrap_or(id)
        } else {
            id
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
        Self {
            id: id.into(),
            routes_to: None,
        }
    }
}

impl Serialize for ModelId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.id.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ModelId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl PartialEq for ModelId {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for ModelId {}

impl Hash for ModelId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

impl PartialOrd for ModelId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ModelId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.id.cmp(&other.id)
    }
}

impl fmt::Display for ModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const APPLICATION: &str =
        "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/1arbu5hu2sjr";

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
    fn what_an_application_profile_routes_to_tells_of_its_model() {
        let id = ModelId::from(APPLICATION);
        assert!(id.is_application_profile());
        assert_eq!(id.foundation_model_id(), "1arbu5hu2sjr");
        let known = id
            .clone()
            .routing_to("global.anthropic.claude-haiku-4-5-20251001-v1:0");
        assert_eq!(known.as_str(), APPLICATION);
        assert_eq!(
            known.foundation_model_id(),
            "anthropic.claude-haiku-4-5-20251001-v1:0"
        );
        assert_eq!(known.geography(), Some(Geography::Global));
        assert_eq!(known, id, "it is the same profile");
        assert_eq!(serde_json::to_value(&known).unwrap(), APPLICATION);
    }
}
