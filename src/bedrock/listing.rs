//! `ListFoundationModels` and `ListInferenceProfiles`: what a connection offers.

use aws_sdk_bedrock::types::{
    FoundationModelSummary, InferenceProfileModel, InferenceProfileSummary, InferenceProfileType,
    ModelModality,
};

use super::Connection;
use super::error::{self, Error};
use crate::catalog::{
    Catalog, FoundationModel, InferenceProfile, InferenceType, Lifecycle, Modality, ModelId,
    ProfileKind,
};

/// What a connection offers, and what of it could not be listed.
#[derive(Clone, Debug)]
pub struct Listing {
    /// What was listed.
    pub catalog: Catalog,
    /// Why inference profiles are missing, when listing them failed while listing models worked.
    pub profiles_missing: Option<Error>,
}

impl Connection {
    /// Lists models and inference profiles. Profiles that may not be listed are left out, with a
    /// warning in the log; [`listing`](Self::listing) says why.
    ///
    /// # Errors
    /// When models cannot be listed.
    pub async fn catalog(&self) -> Result<Catalog, Error> {
        let listing = self.listing().await?;
        if let Some(error) = listing.profiles_missing {
            tracing::warn!(
                code = error.code(),
                "inference profiles are not listed: {error}"
            );
        }
        Ok(listing.catalog)
    }

    /// Lists models and inference profiles, both at once.
    ///
    /// # Errors
    /// When models cannot be listed.
    pub async fn listing(&self) -> Result<Listing, Error> {
        let (models, system, application) = futures_util::join!(
            self.foundation_models(),
            self.inference_profiles(InferenceProfileType::SystemDefined),
            self.inference_profiles(InferenceProfileType::Application),
        );
        let models = models?;
        let mut profiles = Vec::new();
        let mut profiles_missing = None;
        for listed in [system, application] {
            match listed {
                Ok(listed) => profiles.extend(listed),
                Err(error) => profiles_missing = profiles_missing.or(Some(error)),
            }
        }
        // An endpoint that does not filter by type gives every profile twice.
        let mut seen = std::collections::HashSet::new();
        profiles.retain(|profile| seen.insert(profile.arn.clone()));
        Ok(Listing {
            catalog: Catalog::new(models, profiles),
            profiles_missing,
        })
    }

    /// One inference profile by its id or ARN; for application profiles, what they route to.
    ///
    /// # Errors
    /// [`NotFound`](super::ErrorKind::NotFound) when there is none, or as for every call.
    pub async fn inference_profile(&self, id: &ModelId) -> Result<InferenceProfile, Error> {
        let call = self.control_call("GetInferenceProfile", None);
        let found = self
            .control()
            .get_inference_profile()
            .inference_profile_identifier(id.as_str())
            .send()
            .await
            .map_err(|error| error::from_sdk(&error, &call))?;
        let kind = profile_kind(&found.r#type);
        let arn = found.inference_profile_arn;
        Ok(InferenceProfile {
            id: invoked_by(kind, found.inference_profile_id, &arn),
            arn,
            name: found.inference_profile_name,
            description: found.description,
            kind,
            active: found.status.as_str() == "ACTIVE",
            model_arns: model_arns(found.models),
        })
    }

    /// The same id; that of an application profile with what it routes to, where the service tells.
    pub async fn recognise(&self, id: ModelId) -> ModelId {
        if !id.is_application_profile() {
            return id;
        }
        match self.inference_profile(&id).await {
            Ok(profile) => match profile.routes_to(&[]) {
                Some(of) => id.routing_to(&of),
                None => id,
            },
            Err(error) => {
                // It can be invoked all the same; its prices are not known then.
                tracing::warn!(code = error.code(), "{id} is not described: {error}");
                id
            }
        }
    }

    async fn foundation_models(&self) -> Result<Vec<FoundationModel>, Error> {
        let call = self.control_call("ListFoundationModels", None);
        let answer = self
            .control()
            .list_foundation_models()
            .send()
            .await
            .map_err(|error| error::from_sdk(&error, &call))?;
        Ok(answer
            .model_summaries
            .unwrap_or_default()
            .into_iter()
            .map(model)
            .collect())
    }

    async fn inference_profiles(
        &self,
        kind: InferenceProfileType,
    ) -> Result<Vec<InferenceProfile>, Error> {
        let call = self.control_call("ListInferenceProfiles", None);
        let mut pages = self
            .control()
            .list_inference_profiles()
            .type_equals(kind)
            .into_paginator()
            .send();
        let mut profiles = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| error::from_sdk(&error, &call))?;
            let summaries = page.inference_profile_summaries.unwrap_or_default();
            profiles.extend(summaries.into_iter().map(profile));
        }
        Ok(profiles)
    }
}

fn model(summary: FoundationModelSummary) -> FoundationModel {
    let modalities = |modalities: Option<Vec<ModelModality>>| {
        modalities
            .unwrap_or_default()
            .iter()
            .map(|modality| Modality::parse(modality.as_str()))
            .collect()
    };
    let status = summary
        .model_lifecycle
        .as_ref()
        .map(|lifecycle| lifecycle.status.as_str());
    FoundationModel {
        lifecycle: if status == Some("LEGACY") {
            Lifecycle::Legacy
        } else {
            Lifecycle::Active
        },
        name: summary
            .model_name
            .unwrap_or_else(|| summary.model_id.clone()),
        id: summary.model_id.into(),
        arn: summary.model_arn,
        provider: summary.provider_name.unwrap_or_default(),
        input_modalities: modalities(summary.input_modalities),
        output_modalities: modalities(summary.output_modalities),
        inference_types: summary
            .inference_types_supported
            .unwrap_or_default()
            .iter()
            .map(|kind| InferenceType::parse(kind.as_str()))
            .collect(),
        response_streaming: summary.response_streaming_supported,
    }
}

fn profile(summary: InferenceProfileSummary) -> InferenceProfile {
    let kind = profile_kind(&summary.r#type);
    let arn = summary.inference_profile_arn;
    InferenceProfile {
        id: invoked_by(kind, summary.inference_profile_id, &arn),
        arn,
        name: summary.inference_profile_name,
        description: summary.description,
        kind,
        active: summary.status.as_str() == "ACTIVE",
        model_arns: model_arns(summary.models),
    }
}

fn invoked_by(kind: ProfileKind, id: String, arn: &str) -> ModelId {
    match kind {
        ProfileKind::SystemDefined => id.into(),
        ProfileKind::Application => arn.into(),
    }
}

fn profile_kind(kind: &InferenceProfileType) -> ProfileKind {
    if kind.as_str() == "APPLICATION" {
        ProfileKind::Application
    } else {
        ProfileKind::SystemDefined
    }
}

fn model_arns(models: Vec<InferenceProfileModel>) -> Vec<String> {
    models
        .into_iter()
        .filter_map(|model| model.model_arn)
        .collect()
}
