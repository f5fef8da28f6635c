//! What an account itself has to invoke: provisioned throughput, deployments of custom models,
//! imported models, prompt routers, marketplace endpoints.

use super::Connection;
use super::error::{self, Error};
use crate::catalog::ModelId;

/// What kind of thing of the account's own is invoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OwnModelKind {
    /// Bought throughput.
    Provisioned,
    /// A custom model deployed for on-demand use.
    CustomDeployment,
    /// An imported model.
    Imported,
    /// A router that chooses a model for each prompt.
    PromptRouter,
    /// An endpoint of a marketplace model.
    MarketplaceEndpoint,
}

impl OwnModelKind {
    /// How a person would write it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Provisioned => "Provisioned throughput",
            Self::CustomDeployment => "Custom model",
            Self::Imported => "Imported model",
            Self::PromptRouter => "Prompt router",
            Self::MarketplaceEndpoint => "Marketplace endpoint",
        }
    }
}

/// One thing of the account's own that can be invoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnModel {
    /// What it is.
    pub kind: OwnModelKind,
    /// The ARN it is invoked by.
    pub id: ModelId,
    /// Its name.
    pub name: String,
    /// The models behind it, by ARN.
    pub base_models: Vec<String>,
    /// The service's word for its state, where it has one.
    pub status: Option<String>,
}

/// What could be listed, and why the rest could not. Many accounts may list some kinds only, and many
/// regions do not have all of them.
#[derive(Clone, Debug, Default)]
pub struct OwnModels {
    /// What was listed.
    pub models: Vec<OwnModel>,
    /// Why kinds are missing.
    pub missing: Vec<Error>,
}

/// Walks the pages of a list and makes each entry an [`OwnModel`].
macro_rules! walk {
    ($connection:expr, $operation:literal, $list:ident, $entries:ident, $make:expr) => {{
        let call = $connection.control_call($operation, None);
        let mut pages = $connection.control().$list().into_paginator().send();
        let mut models = Vec::new();
        loop {
            match pages.next().await {
                Some(Ok(page)) => {
                    models.extend(page.$entries.unwrap_or_default().into_iter().map($make));
                }
                Some(Err(error)) => break Err(error::from_sdk(&error, &call)),
                None => break Ok(models),
            }
        }
    }};
}

impl Connection {
    /// Lists what the account itself has to invoke. A kind that cannot be listed does not hide the
    /// others.
    pub async fn own_models(&self) -> OwnModels {
        let (provisioned, deployed, imported, routers, endpoints) = futures_util::join!(
            self.provisioned_throughput(),
            self.custom_deployments(),
            self.imported_models(),
            self.prompt_routers(),
            self.marketplace_endpoints(),
        );
        let mut own = OwnModels::default();
        for listed in [provisioned, deployed, imported, routers, endpoints] {
            match listed {
                Ok(models) => own.models.extend(models),
                Err(error) => own.missing.push(error),
            }
        }
        own
    }

    async fn provisioned_throughput(&self) -> Result<Vec<OwnModel>, Error> {
        walk!(
            self,
            "ListProvisionedModelThroughputs",
            list_provisioned_model_throughputs,
            provisioned_model_summaries,
            |entry| OwnModel {
                kind: OwnModelKind::Provisioned,
                id: entry.provisioned_model_arn.into(),
                name: entry.provisioned_model_name,
                base_models: vec![entry.foundation_model_arn],
                status: Some(entry.status.as_str().to_owned()),
            }
        )
    }

    async fn custom_deployments(&self) -> Result<Vec<OwnModel>, Error> {
        walk!(
            self,
            "ListCustomModelDeployments",
            list_custom_model_deployments,
            model_deployment_summaries,
            |entry| OwnModel {
                kind: OwnModelKind::CustomDeployment,
                id: entry.custom_model_deployment_arn.into(),
                name: entry.custom_model_deployment_name,
                base_models: vec![entry.model_arn],
                status: Some(entry.status.as_str().to_owned()),
            }
        )
    }

    async fn imported_models(&self) -> Result<Vec<OwnModel>, Error> {
        walk!(
            self,
            "ListImportedModels",
            list_imported_models,
            model_summaries,
            |entry| OwnModel {
                kind: OwnModelKind::Imported,
                id: entry.model_arn.into(),
                name: entry.model_name,
                base_models: Vec::new(),
                status: None,
            }
        )
    }

    async fn prompt_routers(&self) -> Result<Vec<OwnModel>, Error> {
        walk!(
            self,
            "ListPromptRouters",
            list_prompt_routers,
            prompt_router_summaries,
            |entry| OwnModel {
                kind: OwnModelKind::PromptRouter,
                id: entry.prompt_router_arn.into(),
                name: entry.prompt_router_name,
                base_models: entry
                    .models
                    .into_iter()
                    .filter_map(|model| model.model_arn)
                    .collect(),
                status: Some(entry.status.as_str().to_owned()),
            }
        )
    }

    async fn marketplace_endpoints(&self) -> Result<Vec<OwnModel>, Error> {
        walk!(
            self,
            "ListMarketplaceModelEndpoints",
            list_marketplace_model_endpoints,
            marketplace_model_endpoints,
            |entry| OwnModel {
                kind: OwnModelKind::MarketplaceEndpoint,
                name: entry
                    .endpoint_arn
                    .rsplit('/')
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
                id: entry.endpoint_arn.into(),
                base_models: vec![entry.model_source_identifier],
                status: entry.status.map(|status| status.as_str().to_owned()),
            }
        )
    }
}
