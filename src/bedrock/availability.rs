//! `GetFoundationModelAvailability`: whether the account may use a model, and what is missing.

use super::Connection;
use super::error::{self, Error};
use crate::catalog::ModelId;

/// What stands between an account and a model, each in the service's own word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelAvailability {
    /// The agreement with the provider: `AVAILABLE`, `PENDING`, `NOT_AVAILABLE`, `ERROR`.
    pub agreement: Option<String>,
    /// Why there is no agreement.
    pub agreement_error: Option<String>,
    /// Whether the account is let in: `AUTHORIZED`, `NOT_AUTHORIZED`.
    pub authorization: String,
    /// Whether access was asked for and given: `AVAILABLE`, `NOT_AVAILABLE`.
    pub entitlement: String,
    /// Whether the region has the model: `AVAILABLE`, `NOT_AVAILABLE`.
    pub region: String,
}

impl ModelAvailability {
    /// Whether nothing is missing.
    #[must_use]
    pub fn can_be_used(&self) -> bool {
        self.agreement
            .as_deref()
            .is_none_or(|word| word == "AVAILABLE")
            && self.authorization == "AUTHORIZED"
            && self.entitlement == "AVAILABLE"
            && self.region == "AVAILABLE"
    }
}

impl Connection {
    /// Asks whether the account may use a foundation model; a profile's id means the model behind it.
    ///
    /// # Errors
    /// As for every call.
    pub async fn foundation_model_availability(
        &self,
        id: &ModelId,
    ) -> Result<ModelAvailability, Error> {
        let call = self.control_call("GetFoundationModelAvailability", Some(id));
        let found = self
            .control()
            .get_foundation_model_availability()
            .model_id(id.foundation_model_id())
            .send()
            .await
            .map_err(|error| error::from_sdk(&error, &call))?;
        let agreement = found.agreement_availability;
        Ok(ModelAvailability {
            agreement: agreement
                .as_ref()
                .map(|agreement| agreement.status.as_str().to_owned()),
            agreement_error: agreement.and_then(|agreement| agreement.error_message),
            authorization: found.authorization_status.as_str().to_owned(),
            entitlement: found.entitlement_availability.as_str().to_owned(),
            region: found.region_availability.as_str().to_owned(),
        })
    }
}
