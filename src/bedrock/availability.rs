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

    /// What is missing, and what to do about each; nothing when the model can be used.
    #[must_use]
    pub fn what_to_do(&self) -> Vec<String> {
        let mut steps = Vec::new();
        if self.region != "AVAILABLE" {
            steps.push(
                "This region does not have the model: change the connection's region, or use an \
                 inference profile that can be called from here"
                    .to_owned(),
            );
        }
        if self.authorization != "AUTHORIZED" {
            steps.push(
                "The account is not let in: an administrator must allow bedrock:InvokeModel for the \
                 model, and no policy of the organisation may deny it"
                    .to_owned(),
            );
        }
        match self.agreement.as_deref() {
            None | Some("AVAILABLE") => {}
            Some("PENDING") => steps.push(
                "The agreement with the provider is being made: look again in a few minutes"
                    .to_owned(),
            ),
            Some(_) => {
                let why = self.agreement_error.as_deref().unwrap_or_default();
                let words = "There is no agreement with the provider: accept its terms in the model \
                             catalog of the Bedrock console (that needs aws-marketplace:Subscribe); \
                             Anthropic wants a use case form first";
                steps.push(if why.is_empty() {
                    words.to_owned()
                } else {
                    format!("{words}. The service says: {why}")
                });
            }
        }
        if self.entitlement != "AVAILABLE" {
            steps.push(
                "The account is not entitled to the model yet: ask for access in the Bedrock console, \
                 or accept the terms above and look again in a few minutes"
                    .to_owned(),
            );
        }
        steps
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn for_each_thing_that_is_missing_there_is_something_to_do() {
        let well = ModelAvailability {
            agreement: Some("AVAILABLE".to_owned()),
            agreement_error: None,
            authorization: "AUTHORIZED".to_owned(),
            entitlement: "AVAILABLE".to_owned(),
            region: "AVAILABLE".to_owned(),
        };
        assert!(well.can_be_used());
        assert!(well.what_to_do().is_empty());
        let refused = ModelAvailability {
            agreement: Some("ERROR".to_owned()),
            agreement_error: Some("no card".to_owned()),
            authorization: "NOT_AUTHORIZED".to_owned(),
            entitlement: "NOT_AVAILABLE".to_owned(),
            region: "NOT_AVAILABLE".to_owned(),
        };
        let steps = refused.what_to_do();
        assert_eq!(steps.len(), 4);
        assert!(steps[2].ends_with("no card"), "{}", steps[2]);
    }
}
