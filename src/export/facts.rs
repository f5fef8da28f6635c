//! What is said beside a conversation and its answers, as names and values for a table.

use crate::chat::{Invocation, InvocationStatus, Latency, Request, ServiceTier, ToolDefinition};

/// One row.
pub(super) type Fact = (&'static str, String);

/// What stands beside an answer of the embedded endpoint.
pub(super) const SIMULATED: &str =
    "Simulated: the embedded endpoint made this answer up. No model was asked.";

/// What stands beside an answer of a local server.
pub(super) const LOCAL: &str = "Local: a model on a server of one's own answered, at no charge.";

/// What stands above a conversation with such answers.
pub(super) const SOME_SIMULATED: &str =
    "Some answers here are simulated: the embedded endpoint made them up.";

/// The parameters in force.
pub(super) fn of_head(head: &Request) -> Vec<Fact> {
    let mut facts = vec![("Model", head.model_id.as_str().to_owned())];
    let mut fact = |name, value: Option<String>| facts.extend(value.map(|value| (name, value)));
    fact(
        "Max tokens",
        head.inference.max_tokens.map(|it| it.to_string()),
    );
    fact(
        "Temperature",
        head.inference.temperature.map(|it| it.to_string()),
    );
    fact("Top P", head.inference.top_p.map(|it| it.to_string()));
    let stops = &head.inference.stop_sequences;
    fact(
        "Stop sequences",
        (!stops.is_empty()).then(|| {
            let stops: Vec<_> = stops.iter().map(|stop| format!("{stop:?}")).collect();
            stops.join(", ")
        }),
    );
    fact(
        "Additional fields",
        head.additional_model_request_fields
            .as_ref()
            .map(ToString::to_string),
    );
    fact(
        "Tools",
        head.tools.as_ref().map(|config| {
            let names: Vec<_> = config
                .tools
                .iter()
                .filter_map(|tool| match tool {
                    ToolDefinition::Spec { name, .. } | ToolDefinition::System(name) => {
                        Some(name.as_str())
                    }
                    ToolDefinition::CachePoint(_) => None,
                })
                .collect();
            names.join(", ")
        }),
    );
    fact(
        "Guardrail",
        head.guardrail
            .as_ref()
            .map(|config| format!("{} (version {})", config.id, config.version)),
    );
    fact("Service tier", head.service_tier.map(tier));
    fact("Latency mode", head.latency.map(latency));
    fact(
        "Answer schema",
        head.output_schema.as_ref().map(ToString::to_string),
    );
    facts
}

/// What is known of the call behind an answer.
pub(super) fn of_invocation(invocation: &Invocation) -> Vec<Fact> {
    let mut facts = vec![
        ("Model", invocation.model_id.as_str().to_owned()),
        ("Region", invocation.region.clone()),
    ];
    let mut fact = |name, value: Option<String>| facts.extend(value.map(|value| (name, value)));
    let status = match &invocation.status {
        InvocationStatus::Complete => None,
        InvocationStatus::Failed(failure) => Some(format!("Failed: {}", failure.code)),
        _ => Some("Stopped".to_owned()),
    };
    fact("Status", status);
    fact(
        "Stop reason",
        invocation
            .stop_reason
            .as_ref()
            .map(|reason| reason.as_str().to_owned()),
    );
    if let Some(usage) = &invocation.usage {
        let tokens = |count: u64| (count > 0).then(|| count.to_string());
        fact("Input tokens", Some(usage.input_tokens.to_string()));
        fact("Output tokens", Some(usage.output_tokens.to_string()));
        fact("Cache read tokens", tokens(usage.cache_read_input_tokens));
        fact("Cache write tokens", tokens(usage.cache_write_input_tokens));
    }
    let milliseconds = |time: u64| format!("{time} ms");
    fact("Latency", invocation.metrics.latency_ms.map(milliseconds));
    fact(
        "Time to first token",
        invocation.metrics.time_to_first_token_ms.map(milliseconds),
    );
    fact("Service tier", invocation.service_tier.map(tier));
    fact("Latency mode", invocation.latency.map(latency));
    fact("Request id", invocation.request_id.clone());
    facts
}

fn tier(tier: ServiceTier) -> String {
    match tier {
        ServiceTier::Priority => "priority",
        ServiceTier::Default => "default",
        ServiceTier::Flex => "flex",
        ServiceTier::Reserved => "reserved",
    }
    .to_owned()
}

fn latency(latency: Latency) -> String {
    match latency {
        Latency::Standard => "standard",
        Latency::Optimized => "optimized",
    }
    .to_owned()
}
