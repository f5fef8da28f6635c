//! What is known of a call, as it stands beside an answer in JSON: in files and in the history.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Failure, Invocation, InvocationId, InvocationStatus, Latency, Metrics, Retry, ServiceTier,
    StopReason, Usage,
};
use crate::catalog::ModelId;

/// A call, without what went over the wire. Names follow the service's where it has any.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvocationRecord {
    model_id: String,
    /// What an application profile routed to, for its prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    routes_to: Option<String>,
    region: String,
    status: Status,
    #[serde(default)]
    simulated: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stop_reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    usage: Option<Usage>,
    #[serde(default)]
    metrics: Metrics,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    service_tier: Option<ServiceTier>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    latency: Option<Latency>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    additional_model_response_fields: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trace: Option<Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unknown_events: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    attempts: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retried_because: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failure: Option<Failure>,
}

/// The names a record may have, to tell what there was no place for.
const MEMBERS: &[&str] = &[
    "modelId",
    "routesTo",
    "region",
    "status",
    "simulated",
    "requestId",
    "stopReason",
    "usage",
    "metrics",
    "serviceTier",
    "latency",
    "additionalModelResponseFields",
    "trace",
    "unknownEvents",
    "attempts",
    "retriedBecause",
    "failure",
];

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Complete,
    Stopped,
    Failed,
}

impl InvocationRecord {
    /// The names it may have, to tell what there was no place for.
    pub const MEMBERS: &[&str] = MEMBERS;

    /// What is known of a call. One that is still running is written as stopped.
    #[must_use]
    pub fn of(invocation: &Invocation) -> Self {
        let (status, failure) = match &invocation.status {
            InvocationStatus::Complete => (Status::Complete, None),
            // What is still running is stopped as far as whoever reads it is concerned.
            InvocationStatus::Waiting | InvocationStatus::Streaming | InvocationStatus::Stopped => {
                (Status::Stopped, None)
            }
            InvocationStatus::Failed(failure) => (Status::Failed, Some(failure.clone())),
        };
        Self {
            model_id: invocation.model_id.as_str().to_owned(),
            routes_to: invocation.model_id.routes_to().map(str::to_owned),
            region: invocation.region.clone(),
            status,
            simulated: invocation.simulated,
            request_id: invocation.request_id.clone(),
            stop_reason: invocation
                .stop_reason
                .as_ref()
                .map(|reason| reason.as_str().to_owned()),
            usage: invocation.usage.clone(),
            metrics: invocation.metrics,
            service_tier: invocation.service_tier,
            latency: invocation.latency,
            additional_model_response_fields: invocation.additional_model_response_fields.clone(),
            trace: invocation.trace.clone(),
            unknown_events: invocation.unknown_events.clone(),
            attempts: invocation.retry.as_ref().map(|retry| retry.attempt),
            retried_because: invocation.retry.as_ref().map(|retry| retry.because.clone()),
            failure,
        }
    }

    /// The call again, under an id of this run.
    #[must_use]
    pub fn into_invocation(self, id: InvocationId) -> Invocation {
        let mut model_id = ModelId::from(self.model_id);
        if let Some(of) = self.routes_to {
            model_id = model_id.routing_to(&of);
        }
        let mut invocation = Invocation::new(id, model_id, self.region);
        invocation.status = match (self.status, self.failure) {
            (Status::Complete, _) => InvocationStatus::Complete,
            (Status::Stopped, _) => InvocationStatus::Stopped,
            (Status::Failed, Some(failure)) => InvocationStatus::Failed(failure),
            (Status::Failed, None) => InvocationStatus::Failed(Failure::local(
                "Unknown",
                "The file does not say why this answer failed",
                "Ask again",
            )),
        };
        invocation.simulated = self.simulated;
        invocation.request_id = self.request_id;
        invocation.stop_reason = self.stop_reason.as_deref().map(StopReason::parse);
        invocation.usage = self.usage;
        invocation.metrics = self.metrics;
        invocation.service_tier = self.service_tier;
        invocation.latency = self.latency;
        invocation.additional_model_response_fields = self.additional_model_response_fields;
        invocation.trace = self.trace;
        invocation.unknown_events = self.unknown_events;
        invocation.retry = self.attempts.map(|attempt| Retry {
            attempt,
            because: self.retried_because.unwrap_or_default(),
        });
        invocation
    }
}
