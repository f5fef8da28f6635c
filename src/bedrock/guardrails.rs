//! `ListGuardrails`, `GetGuardrail`, `ApplyGuardrail`; what changes guardrails is in `edit`.

mod edit;
mod to_sdk;

use std::time::SystemTime;

use aws_sdk_bedrock::types::GuardrailSummary as SdkSummary;
use aws_sdk_bedrockruntime::types as sdk;
use aws_smithy_types::{Blob, DateTime};
use serde_json::Value;

use super::Connection;
use super::error::{self, Error};
use super::observe::Observer;
use crate::chat::{Finding, Image, MediaSource, Side, of_assessment};

/// A guardrail, or one version of it, as a list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct GuardrailSummary {
    /// Its id.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// What its maker wrote about it.
    pub description: Option<String>,
    /// A number, or `DRAFT`.
    pub version: String,
    /// The service's word, `READY` when it can be used.
    pub status: String,
    /// When it was made.
    pub created: Option<SystemTime>,
    /// When it was last changed.
    pub updated: Option<SystemTime>,
    /// The profile by which it works across Regions, when it does.
    pub cross_region_profile: Option<String>,
}

/// A guardrail whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Guardrail {
    /// What a list shows.
    pub summary: GuardrailSummary,
    /// What the person reads when the prompt is blocked.
    pub blocked_input_messaging: String,
    /// What the person reads when the answer is blocked.
    pub blocked_outputs_messaging: String,
    /// Why it is not ready, when it is not.
    pub status_reasons: Vec<String>,
    /// The key it is encrypted with, when it is one of the account's.
    pub kms_key: Option<String>,
    /// The policies by the service's names (`topicPolicy`, `wordPolicy` …), as it gave them.
    pub policies: serde_json::Map<String, Value>,
}

/// Whose words a guardrail looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuardrailSource {
    /// A prompt.
    Input,
    /// A model's answer.
    Output,
}

/// A piece of what a guardrail looks at.
#[derive(Clone, Debug, PartialEq)]
pub enum GuardrailContent {
    /// Text, with `grounding_source`, `query` or `guard_content`.
    Text {
        /// The text.
        text: String,
        /// Its part in contextual grounding.
        qualifiers: Vec<String>,
    },
    /// A picture: its bytes, PNG or JPEG.
    Image(Image),
}

/// What a guardrail found.
#[derive(Clone, Debug, PartialEq)]
pub struct GuardrailVerdict {
    /// Whether it stepped in.
    pub intervened: bool,
    /// Why, in the service's words.
    pub action_reason: Option<String>,
    /// What to show instead: the blocked message, or the text with its secrets masked.
    pub outputs: Vec<String>,
    /// Each policy's findings, as the service gave them.
    pub assessments: Vec<Value>,
    /// Units used for each policy: what is billed.
    pub usage: Option<Value>,
    /// How much of the content was looked at.
    pub coverage: Option<Value>,
    /// What AWS support asks for.
    pub request_id: Option<String>,
    /// Whether the embedded endpoint answered.
    pub simulated: bool,
}

impl GuardrailVerdict {
    /// All that was found.
    #[must_use]
    pub fn findings(&self, source: GuardrailSource) -> Vec<Finding> {
        let side = match source {
            GuardrailSource::Input => Side::Input,
            GuardrailSource::Output => Side::Output,
        };
        let mut findings = Vec::new();
        for assessment in &self.assessments {
            of_assessment(assessment, side, &mut findings);
        }
        findings
    }
}

impl GuardrailContent {
    /// A text, with what it is to be grounded in and what it is to answer, where these are given.
    #[must_use]
    pub fn of_text(text: &str, grounding_source: &str, query: &str) -> Vec<Self> {
        let around = [("grounding_source", grounding_source), ("query", query)];
        let around = around
            .into_iter()
            .filter(|(_, text)| !text.trim().is_empty());
        let mut content: Vec<Self> = around
            .map(|(qualifier, text)| Self::Text {
                text: text.to_owned(),
                qualifiers: vec![qualifier.to_owned()],
            })
            .collect();
        // Beside others the text itself must be marked, too.
        let qualifiers = if content.is_empty() {
            Vec::new()
        } else {
            vec!["guard_content".to_owned()]
        };
        content.push(Self::Text {
            text: text.to_owned(),
            qualifiers,
        });
        content
    }
}

impl Connection {
    /// Lists the account's guardrails, or with an id that guardrail's versions; every page.
    ///
    /// # Errors
    /// As for every call.
    pub async fn guardrails(
        &self,
        versions_of: Option<&str>,
    ) -> Result<Vec<GuardrailSummary>, Error> {
        let call = self.control_call("ListGuardrails", None);
        let mut pages = self
            .control()
            .list_guardrails()
            .set_guardrail_identifier(versions_of.map(str::to_owned))
            .into_paginator()
            .send();
        let mut all = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| error::from_sdk(&error, &call))?;
            all.extend(page.guardrails.into_iter().map(summary));
        }
        Ok(all)
    }

    /// A guardrail by its id or ARN; without a version, its draft.
    ///
    /// # Errors
    /// [`NotFound`](super::ErrorKind::NotFound) when there is none, or as for every call.
    pub async fn guardrail(&self, id: &str, version: Option<&str>) -> Result<Guardrail, Error> {
        let call = self.control_call("GetGuardrail", None);
        let observer = Observer::default();
        let found = self
            .control()
            .get_guardrail()
            .guardrail_identifier(id)
            .set_guardrail_version(version.map(str::to_owned))
            .customize()
            .interceptor(observer.clone())
            .send()
            .await
            .map_err(|error| error::from_sdk(&error, &call))?;
        Ok(Guardrail {
            summary: GuardrailSummary {
                id: found.guardrail_id,
                arn: found.guardrail_arn,
                name: found.name,
                description: found.description,
                version: found.version,
                status: found.status.as_str().to_owned(),
                created: time(found.created_at),
                updated: time(found.updated_at),
                cross_region_profile: found
                    .cross_region_details
                    .and_then(|details| details.guardrail_profile_id),
            },
            blocked_input_messaging: found.blocked_input_messaging,
            blocked_outputs_messaging: found.blocked_outputs_messaging,
            status_reasons: found.status_reasons.unwrap_or_default(),
            kms_key: found.kms_key_arn,
            policies: policies(observer.json()),
        })
    }

    /// Lets a guardrail look at some content, without a model. With `full` it tells what it found
    /// and let pass, too.
    ///
    /// # Errors
    /// As for every call; it is billed, so it is not repeated when it may have been done.
    pub async fn apply_guardrail(
        &self,
        id: &str,
        version: &str,
        source: GuardrailSource,
        content: &[GuardrailContent],
        full: bool,
    ) -> Result<GuardrailVerdict, Error> {
        let call = self.call("ApplyGuardrail", None);
        let observer = Observer::default();
        let content = content
            .iter()
            .map(content_to_sdk)
            .collect::<Result<Vec<_>, _>>()?;
        let sending = self
            .runtime()
            .apply_guardrail()
            .guardrail_identifier(id)
            .guardrail_version(version)
            .source(match source {
                GuardrailSource::Input => sdk::GuardrailContentSource::Input,
                GuardrailSource::Output => sdk::GuardrailContentSource::Output,
            })
            .set_content(Some(content))
            .set_output_scope(full.then_some(sdk::GuardrailOutputScope::Full))
            .customize()
            .interceptor(observer.clone())
            .send();
        let answer = self.patience().short(&call, sending).await?;
        let raw = observer.json();
        let part = |name: &str| raw.get(name).filter(|part| !part.is_null()).cloned();
        Ok(GuardrailVerdict {
            intervened: answer.action == sdk::GuardrailAction::GuardrailIntervened,
            action_reason: answer.action_reason,
            outputs: answer
                .outputs
                .into_iter()
                .filter_map(|output| output.text)
                .collect(),
            assessments: match part("assessments") {
                Some(Value::Array(assessments)) => assessments,
                _ => Vec::new(),
            },
            usage: part("usage"),
            coverage: part("guardrailCoverage"),
            request_id: observer.head().request_id,
            simulated: observer.head().simulated,
        })
    }
}

fn summary(summary: SdkSummary) -> GuardrailSummary {
    GuardrailSummary {
        id: summary.id,
        arn: summary.arn,
        name: summary.name,
        description: summary.description,
        version: summary.version,
        status: summary.status.as_str().to_owned(),
        created: time(summary.created_at),
        updated: time(summary.updated_at),
        cross_region_profile: summary
            .cross_region_details
            .and_then(|details| details.guardrail_profile_id),
    }
}

fn content_to_sdk(content: &GuardrailContent) -> Result<sdk::GuardrailContentBlock, Error> {
    Ok(match content {
        GuardrailContent::Text { text, qualifiers } => {
            let qualifiers: Vec<_> = qualifiers.iter().map(|name| name.as_str().into()).collect();
            sdk::GuardrailContentBlock::Text(
                sdk::GuardrailTextBlock::builder()
                    .text(text)
                    .set_qualifiers((!qualifiers.is_empty()).then_some(qualifiers))
                    .build()?,
            )
        }
        GuardrailContent::Image(image) => {
            let bytes = match &image.source {
                MediaSource::Bytes(bytes) => Some(Blob::new(bytes.to_vec())),
                MediaSource::S3 { .. } | MediaSource::Unknown => None,
            };
            sdk::GuardrailContentBlock::Image(
                sdk::GuardrailImageBlock::builder()
                    .format(image.format.as_str().into())
                    .set_source(bytes.map(sdk::GuardrailImageSource::Bytes))
                    .build()?,
            )
        }
    })
}

/// The members of the answer that are policies, whole: the service has more in them than the SDK.
fn policies(raw: Value) -> serde_json::Map<String, Value> {
    match raw {
        Value::Object(members) => members
            .into_iter()
            .filter(|(name, value)| name.ends_with("Policy") && !value.is_null())
            .collect(),
        _ => serde_json::Map::new(),
    }
}

pub(super) fn time(time: DateTime) -> Option<SystemTime> {
    // An absent time reads as the epoch, which no guardrail is as old as.
    SystemTime::try_from(time)
        .ok()
        .filter(|time| *time != SystemTime::UNIX_EPOCH)
}
