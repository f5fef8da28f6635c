//! Guardrails made, changed, numbered and deleted.

use super::to_sdk::{self, Policies};
use crate::bedrock::error::{self, Error};
use crate::bedrock::{Connection, Guardrail};
use crate::guardrails::{Definition, Kept};

impl Guardrail {
    /// What it is defined by, to be edited.
    #[must_use]
    pub fn definition(&self) -> Definition {
        let definition = Definition {
            name: self.summary.name.clone(),
            description: self.summary.description.clone().unwrap_or_default(),
            blocked_input_messaging: self.blocked_input_messaging.clone(),
            blocked_outputs_messaging: self.blocked_outputs_messaging.clone(),
            kept: Kept {
                cross_region_profile: self.summary.cross_region_profile.clone(),
                kms_key: self.kms_key.clone(),
                ..Kept::default()
            },
            ..Definition::default()
        };
        definition.with_policies(&self.policies)
    }
}

impl Connection {
    /// Makes a guardrail; its id.
    ///
    /// # Errors
    /// [`Conflict`](crate::bedrock::ErrorKind::Conflict) when the name is taken, or as for every call.
    pub async fn create_guardrail(&self, definition: &Definition) -> Result<String, Error> {
        let call = self.control_call("CreateGuardrail", None);
        let Policies {
            topics,
            content,
            words,
            data,
            grounding,
            reasoning,
            cross_region,
        } = to_sdk::policies(definition)?;
        let created = self
            .control()
            .create_guardrail()
            .name(&definition.name)
            .set_description(to_sdk::description(definition))
            .blocked_input_messaging(&definition.blocked_input_messaging)
            .blocked_outputs_messaging(&definition.blocked_outputs_messaging)
            .set_topic_policy_config(topics)
            .set_content_policy_config(content)
            .set_word_policy_config(words)
            .set_sensitive_information_policy_config(data)
            .set_contextual_grounding_policy_config(grounding)
            .set_automated_reasoning_policy_config(reasoning)
            .set_cross_region_config(cross_region)
            .set_kms_key_id(definition.kept.kms_key.clone())
            .send()
            .await
            .map_err(|error| error::from_sdk(&error, &call))?;
        Ok(created.guardrail_id)
    }

    /// Puts a definition in the place of a guardrail's draft. Numbered versions stay as they are.
    ///
    /// # Errors
    /// [`NotFound`](crate::bedrock::ErrorKind::NotFound) when it is gone,
    /// [`Conflict`](crate::bedrock::ErrorKind::Conflict) when the name is taken or another change is
    /// under way, or as for every call.
    pub async fn update_guardrail(&self, id: &str, definition: &Definition) -> Result<(), Error> {
        let call = self.control_call("UpdateGuardrail", None);
        let Policies {
            topics,
            content,
            words,
            data,
            grounding,
            reasoning,
            cross_region,
        } = to_sdk::policies(definition)?;
        self.control()
            .update_guardrail()
            .guardrail_identifier(id)
            .name(&definition.name)
            .set_description(to_sdk::description(definition))
            .blocked_input_messaging(&definition.blocked_input_messaging)
            .blocked_outputs_messaging(&definition.blocked_outputs_messaging)
            .set_topic_policy_config(topics)
            .set_content_policy_config(content)
            .set_word_policy_config(words)
            .set_sensitive_information_policy_config(data)
            .set_contextual_grounding_policy_config(grounding)
            .set_automated_reasoning_policy_config(reasoning)
            .set_cross_region_config(cross_region)
            .set_kms_key_id(definition.kept.kms_key.clone())
            .send()
            .await
            .map_err(|error| error::from_sdk(&error, &call))?;
        Ok(())
    }

    /// Makes a numbered version of a guardrail's draft; its number.
    ///
    /// # Errors
    /// As for every call.
    pub async fn create_guardrail_version(
        &self,
        id: &str,
        description: Option<&str>,
    ) -> Result<String, Error> {
        let call = self.control_call("CreateGuardrailVersion", None);
        let created = self
            .control()
            .create_guardrail_version()
            .guardrail_identifier(id)
            .set_description(description.map(str::to_owned))
            .send()
            .await
            .map_err(|error| error::from_sdk(&error, &call))?;
        Ok(created.version)
    }

    /// Deletes a version of a guardrail, or without one the guardrail with all its versions.
    ///
    /// # Errors
    /// As for every call.
    pub async fn delete_guardrail(&self, id: &str, version: Option<&str>) -> Result<(), Error> {
        let call = self.control_call("DeleteGuardrail", None);
        self.control()
            .delete_guardrail()
            .guardrail_identifier(id)
            .set_guardrail_version(version.map(str::to_owned))
            .send()
            .await
            .map_err(|error| error::from_sdk(&error, &call))?;
        Ok(())
    }
}
