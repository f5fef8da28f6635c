//! Inference profiles as `ListInferenceProfiles` describes them.

use super::ModelId;

/// Who made a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileKind {
    /// `SYSTEM_DEFINED`: a cross-Region profile that AWS offers.
    SystemDefined,
    /// `APPLICATION`: made in the account, to tell usage apart.
    Application,
}

/// One inference profile as the endpoint lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct InferenceProfile {
    /// The id, for instance `us.amazon.nova-lite-v1:0`; opaque for application profiles.
    pub id: ModelId,
    /// The ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// What its maker wrote about it.
    pub description: Option<String>,
    /// Who made it.
    pub kind: ProfileKind,
    /// Whether its status is `ACTIVE`.
    pub active: bool,
    /// The models it routes to, one ARN for each region.
    pub model_arns: Vec<String>,
}

impl InferenceProfile {
    /// The id of the model this profile routes to.
    #[must_use]
    pub fn foundation_model_id(&self) -> Option<&str> {
        match self.model_arns.first() {
            Some(arn) => arn.rsplit('/').next(),
            None if self.id.geography().is_some() => Some(self.id.foundation_model_id()),
            None => None,
        }
    }
}
