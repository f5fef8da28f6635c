//! What a trace says of the bill: the units a guardrail assessed, the model a router chose.

use serde_json::Value;

use super::{GuardrailPolicy, Meter};
use crate::catalog::ModelId;

/// `GuardrailUsage`: its members, and the policy each counts.
const UNITS: &[(&str, GuardrailPolicy)] = &[
    ("topicPolicyUnits", GuardrailPolicy::Topic),
    ("contentPolicyUnits", GuardrailPolicy::Content),
    ("contentPolicyImageUnits", GuardrailPolicy::ContentImage),
    ("wordPolicyUnits", GuardrailPolicy::Word),
    (
        "sensitiveInformationPolicyUnits",
        GuardrailPolicy::SensitiveInformation,
    ),
    (
        "sensitiveInformationPolicyFreeUnits",
        GuardrailPolicy::Regex,
    ),
    (
        "contextualGroundingPolicyUnits",
        GuardrailPolicy::ContextualGrounding,
    ),
    (
        "automatedReasoningPolicyUnits",
        GuardrailPolicy::AutomatedReasoning,
    ),
];

/// The units a guardrail assessed, prompt and answer together; policies that did nothing are left
/// out. Empty where the trace tells no units: it is only there when it was asked for.
pub(super) fn guardrail_units(trace: &Value) -> Vec<(GuardrailPolicy, u64)> {
    let guardrail = &trace["guardrail"];
    let of_input = entries(&guardrail["inputAssessment"]);
    let of_output = entries(&guardrail["outputAssessments"])
        .flat_map(|assessments| assessments.as_array().into_iter().flatten());
    let assessments: Vec<&Value> = of_input.chain(of_output).collect();
    UNITS
        .iter()
        .filter_map(|(member, policy)| {
            let units = assessments
                .iter()
                .filter_map(|assessment| assessment["invocationMetrics"]["usage"][*member].as_u64())
                .fold(0, u64::saturating_add);
            (units > 0).then_some((*policy, units))
        })
        .collect()
}

/// The units of `ApplyGuardrail`'s answer, by policy; policies that did nothing are left out.
#[must_use]
pub fn guardrail_usage(usage: &Value) -> Vec<(Meter, u64)> {
    UNITS
        .iter()
        .filter_map(|(member, policy)| {
            let units = usage[*member].as_u64().filter(|units| *units > 0)?;
            Some((Meter::GuardrailUnit(*policy), units))
        })
        .collect()
}

/// The model a prompt router chose.
pub(super) fn routed_model(trace: &Value) -> Option<ModelId> {
    let id = trace["promptRouter"]["invokedModelId"].as_str()?;
    Some(ModelId::from(id))
}

fn entries(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_object().into_iter().flat_map(|map| map.values())
}
