//! Inference profiles as `ListInferenceProfiles` describes them.

use std::collections::BTreeSet;

use super::ModelId;

/// What the ARN of a model has that runs in no region of its own: that of a global profile.
const ANYWHERE: &str = ":bedrock:::";

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
    /// What it is invoked by: the id, for instance `us.amazon.nova-lite-v1:0`; the ARN of an application profile.
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
    /// What an application profile routes to, among these: the system-defined profile it was made from, else its
    /// model. `None` for profiles whose own id says so.
    #[must_use]
    pub fn routes_to(&self, among: &[Self]) -> Option<String> {
        if self.kind != ProfileKind::Application {
            return None;
        }
        let same = |other: &&Self| {
            other.kind == ProfileKind::SystemDefined && other.models() == self.models()
        };
        if self.model_arns.len() == 1 {
            return self.foundation_model_id().map(str::to_owned);
        }
        if let Some(of) = among.iter().find(same) {
            return Some(of.id.as_str().to_owned());
        }
        let model = self.foundation_model_id()?;
        let is_global = self.models().iter().any(|arn| arn.contains(ANYWHERE));
        let global = is_global.then(|| format!("global.{model}"));
        Some(global.unwrap_or_else(|| model.to_owned()))
    }

    fn models(&self) -> BTreeSet<&str> {
        self.model_arns.iter().map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    const HAIKU: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";

    fn profile(kind: ProfileKind, id: &str, regions: &[&str]) -> InferenceProfile {
        let of = |region: &&str| format!("arn:aws:bedrock:{region}::foundation-model/{HAIKU}");
        InferenceProfile {
            id: id.into(),
            arn: format!("arn:aws:bedrock:us-east-1:123456789012:inference-profile/{id}"),
            name: id.into(),
            description: None,
            kind,
            active: true,
            model_arns: regions.iter().map(of).collect(),
        }
    }

    #[test]
    fn an_application_profile_routes_to_what_it_was_made_from() {
        let made =
            "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/1arbu5hu2sjr";
        let us = format!("us.{HAIKU}");
        let global = format!("global.{HAIKU}");
        let system = [
            // As recorded lists have them.
            profile(
                ProfileKind::SystemDefined,
                &us,
                &["us-east-1", "us-east-2", "us-west-2"],
            ),
            profile(ProfileKind::SystemDefined, &global, &["", "us-east-1"]),
        ];
        for (regions, listed, of) in [
            (&["us-east-1"][..], true, HAIKU),
            (&["us-west-2", "us-east-2", "us-east-1"], true, us.as_str()),
            (&["", "us-east-1"], true, global.as_str()),
            // Where lists may not be seen.
            (&["", "us-east-1"], false, global.as_str()),
            (&["us-east-1", "us-east-2", "us-west-2"], false, HAIKU),
        ] {
            let mut profiles = vec![profile(ProfileKind::Application, made, regions)];
            if listed {
                profiles.extend(system.clone());
            }
            let catalog = Catalog::new(Vec::new(), profiles);
            let mut typed = ModelId::from(made);
            assert!(catalog.recognise(&mut typed));
            assert_eq!(typed.routes_to(), Some(of), "{regions:?}");
            assert!(!catalog.recognise(&mut typed), "it is known already");
        }
    }
}
