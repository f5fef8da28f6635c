//! Guardrails, kept in memory: made, changed, versioned, and really evaluated.

mod limits;
pub mod policy;
mod store;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use bytes::Bytes;
use serde_json::{Value, json};
use std::collections::HashMap;

pub use store::Store;

use self::policy::{Source, Subject, Verdict};
use super::answer::{Answer, AnswerBlock};
use super::api_error::ApiError;
use super::control_plane;
use super::prompt_cache::CacheUse;
use super::request::ConverseRequest;
use super::router::{Endpoint, Region};
use super::tokens;

/// Characters that are one unit of a policy.
const UNIT: usize = 1_000;

/// `POST /guardrails`
pub async fn create(
    State(endpoint): State<Endpoint>,
    Extension(Region(region)): Extension<Region>,
    body: Bytes,
) -> Result<Response, ApiError> {
    let created = endpoint.guardrails.create(&parse(&body)?, &region)?;
    Ok((StatusCode::ACCEPTED, Json(created)).into_response())
}

/// `PUT /guardrails/{guardrailIdentifier}`
pub async fn update(
    State(endpoint): State<Endpoint>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, ApiError> {
    let updated = endpoint.guardrails.update(&id, &parse(&body)?)?;
    Ok((StatusCode::ACCEPTED, Json(updated)).into_response())
}

/// `POST /guardrails/{guardrailIdentifier}`
pub async fn create_version(
    State(endpoint): State<Endpoint>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, ApiError> {
    let body = if body.is_empty() {
        json!({})
    } else {
        parse(&body)?
    };
    let version = endpoint
        .guardrails
        .create_version(&id, body["description"].as_str())?;
    Ok((StatusCode::ACCEPTED, Json(version)).into_response())
}

/// `DELETE /guardrails/{guardrailIdentifier}`
pub async fn delete(
    State(endpoint): State<Endpoint>,
    Path(id): Path<String>,
    Query(parameters): Query<HashMap<String, String>>,
) -> Result<Response, ApiError> {
    endpoint
        .guardrails
        .delete(&id, parameters.get("guardrailVersion").map(String::as_str))?;
    Ok((StatusCode::ACCEPTED, Json(json!({}))).into_response())
}

/// `GET /guardrails/{guardrailIdentifier}`
pub async fn get(
    State(endpoint): State<Endpoint>,
    Path(id): Path<String>,
    Query(parameters): Query<HashMap<String, String>>,
) -> Result<Json<Value>, ApiError> {
    let version = parameters
        .get("guardrailVersion")
        .map_or("DRAFT", String::as_str);
    endpoint.guardrails.version(&id, version).map(Json)
}

/// `GET /guardrails`
pub async fn list(
    State(endpoint): State<Endpoint>,
    Query(parameters): Query<HashMap<String, String>>,
) -> Result<Json<Value>, ApiError> {
    let of = parameters.get("guardrailIdentifier").map(String::as_str);
    let all = endpoint.guardrails.summaries(of)?;
    control_plane::page("guardrails", all, &parameters).map(Json)
}

/// `POST /guardrail/{guardrailIdentifier}/version/{guardrailVersion}/apply`
pub async fn apply(
    State(endpoint): State<Endpoint>,
    Path((id, version)): Path<(String, String)>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let guardrail = endpoint.guardrails.version(&id, &version)?;
    let body = parse(&body)?;
    let source = match body["source"].as_str() {
        Some("INPUT") => Source::Input,
        Some("OUTPUT") => Source::Output,
        other => {
            return Err(ApiError::validation(format!(
                "1 validation error detected: Value '{}' at 'source' failed to satisfy constraint: \
                 Member must satisfy enum value set: [INPUT, OUTPUT]",
                other.unwrap_or_default()
            )));
        }
    };
    let content = Content::read(&body["content"])?;
    let subject = Subject {
        text: &content.text,
        source,
        grounding_source: &content.grounding_source,
        query: &content.query,
        full: body["outputScope"] == "FULL",
    };
    let verdict = policy::assess_subject(&guardrail, &subject);
    let (outputs, reason) = match &verdict {
        Verdict { blocked: true, .. } => (
            json!([{ "text": blocked_message(&guardrail, source) }]),
            "Guardrail blocked. (simulated)",
        ),
        Verdict {
            masked: true, text, ..
        } => (json!([{ "text": text }]), "Guardrail masked. (simulated)"),
        _ => (json!([]), "No action. (simulated)"),
    };
    let intervened = verdict.blocked || verdict.masked;
    let mut usage = units(&guardrail, source, content.lengths());
    if content.images > 0 && guardrail["contentPolicy"].is_object() {
        usage["contentPolicyImageUnits"] = json!(content.images);
    }
    let mut assessment = with_metrics(&guardrail, source, verdict.assessment, content.lengths());
    assessment["invocationMetrics"]["usage"] = usage.clone();
    assessment["appliedGuardrailDetails"] = json!({
        "guardrailId": guardrail["guardrailId"],
        "guardrailVersion": version,
        "guardrailArn": guardrail["guardrailArn"],
        "guardrailOrigin": ["REQUEST"],
        "guardrailOwnership": "SELF",
    });
    Ok(Json(json!({
        "action": if intervened { "GUARDRAIL_INTERVENED" } else { "NONE" },
        "actionReason": reason,
        "outputs": outputs,
        "assessments": [assessment],
        "usage": usage,
        "guardrailCoverage": coverage(content.lengths()),
    })))
}

/// What is to be looked at, by its parts.
#[derive(Default)]
struct Content {
    text: String,
    grounding_source: String,
    query: String,
    images: usize,
}

impl Content {
    fn read(blocks: &Value) -> Result<Self, ApiError> {
        let mut content = Self::default();
        let blocks = blocks.as_array().map_or(&[][..], Vec::as_slice);
        for block in blocks {
            if block["image"].is_object() {
                content.images += 1;
            }
            let text = block["text"]["text"].as_str().unwrap_or_default();
            let is = |name: &str| {
                let qualifiers = block["text"]["qualifiers"].as_array();
                qualifiers.is_some_and(|names| names.iter().any(|one| one == name))
            };
            let part = if is("grounding_source") {
                &mut content.grounding_source
            } else if is("query") {
                &mut content.query
            } else {
                &mut content.text
            };
            part.push_str(text);
        }
        if content.text.is_empty() && content.images == 0 {
            return Err(ApiError::validation(
                "The content to be assessed is empty. Provide at least one block with text or an image.",
            ));
        }
        Ok(content)
    }

    fn lengths(&self) -> Lengths {
        let count = |text: &str| text.chars().count();
        Lengths {
            text: count(&self.text),
            around: count(&self.grounding_source) + count(&self.query),
        }
    }
}

/// How long what was looked at is, in characters.
#[derive(Clone, Copy)]
struct Lengths {
    text: usize,
    /// What it was to be grounded in, and what it was to answer.
    around: usize,
}

impl Lengths {
    fn of(text: &str) -> Self {
        Self {
            text: text.chars().count(),
            around: 0,
        }
    }
}

/// An answer that a guardrail has looked at, with its reasons where they are asked for.
pub struct Guarded {
    pub answer: Answer,
    pub trace: Option<Value>,
    pub intervened: bool,
}

/// Lets a guardrail look at prompt and answer. What it masks in the prompt the answer never sees.
pub fn guard(
    store: &Store,
    config: &Value,
    request: &mut ConverseRequest,
    answer: impl FnOnce(&ConverseRequest) -> Result<Answer, ApiError>,
) -> Result<Guarded, ApiError> {
    let Some(id) = config["guardrailIdentifier"].as_str() else {
        return Ok(Guarded {
            answer: answer(request)?,
            trace: None,
            intervened: false,
        });
    };
    let version = config["guardrailVersion"].as_str().unwrap_or("DRAFT");
    let guardrail = store.version(id, version).map_err(|_| {
        ApiError::validation(
            "The guardrail identifier or version provided in the request does not exist.",
        )
    })?;
    let id = guardrail["guardrailId"].as_str().unwrap_or(id).to_owned();
    let traced = matches!(config["trace"].as_str(), Some("enabled" | "enabled_full"));
    let prompt = joined(&request.guarded_texts());
    let full = config["trace"] == "enabled_full";
    let look = |text: &str, source| {
        let subject = Subject {
            full,
            ..Subject::text(text, source)
        };
        policy::assess_subject(&guardrail, &subject)
    };
    let input = look(&prompt, Source::Input);
    let assessment = with_metrics(
        &guardrail,
        Source::Input,
        input.assessment,
        Lengths::of(&prompt),
    );
    let mut trace = json!({ "inputAssessment": { &id: assessment } });
    if input.blocked {
        let answer = refusal(blocked_message(&guardrail, Source::Input));
        return Ok(Guarded {
            answer,
            trace: traced.then(|| json!({ "guardrail": trace })),
            intervened: true,
        });
    }
    if input.masked {
        for text in request.guarded_texts() {
            *text = policy::assess(&guardrail, text, Source::Input).text;
        }
    }
    let mut answered = answer(request)?;
    let text = answered.text();
    let output = look(&text, Source::Output);
    let intervened = output.blocked || output.masked;
    let assessment = with_metrics(
        &guardrail,
        Source::Output,
        output.assessment,
        Lengths::of(&text),
    );
    trace["outputAssessments"] = json!({ &id: [assessment] });
    if intervened {
        trace["modelOutput"] = json!([text]);
        let shown = if output.blocked {
            blocked_message(&guardrail, Source::Output).to_owned()
        } else {
            output.text
        };
        answered.output_tokens = tokens::of_text(&shown);
        answered.blocks = vec![AnswerBlock::Text(shown)];
        answered.stop_reason = "guardrail_intervened";
        answered.stop_sequence = None;
    }
    Ok(Guarded {
        answer: answered,
        trace: traced.then(|| json!({ "guardrail": trace })),
        intervened,
    })
}

/// The model was not asked, so nothing was used.
fn refusal(message: &str) -> Answer {
    Answer {
        blocks: vec![AnswerBlock::Text(message.to_owned())],
        stop_reason: "guardrail_intervened",
        stop_sequence: None,
        input_tokens: 0,
        output_tokens: 0,
        cache: CacheUse::default(),
    }
}

fn joined(texts: &[&mut String]) -> String {
    let texts: Vec<&str> = texts.iter().map(|text| text.as_str()).collect();
    texts.join("\n")
}

fn blocked_message(guardrail: &Value, source: Source) -> &str {
    let member = match source {
        Source::Input => "blockedInputMessaging",
        Source::Output => "blockedOutputsMessaging",
    };
    guardrail[member].as_str().unwrap_or_default()
}

fn coverage(lengths: Lengths) -> Value {
    json!({ "textCharacters": { "guarded": lengths.text, "total": lengths.text + lengths.around } })
}

/// Units by policy, as the recordings have them: a policy that looks at this side is billed, whatever it
/// finds; regular expressions are counted apart, free of charge.
fn units(guardrail: &Value, source: Source, lengths: Lengths) -> Value {
    let side = match source {
        Source::Input => "inputEnabled",
        Source::Output => "outputEnabled",
    };
    let of = |policy: &str, lists: &[&str]| {
        let entries = lists
            .iter()
            .filter_map(|list| guardrail[policy][*list].as_array())
            .flatten();
        let looks = entries.filter(|entry| entry[side] != json!(false)).count() > 0;
        if looks {
            lengths.text.div_ceil(UNIT)
        } else {
            0
        }
    };
    let grounding = &guardrail["contextualGroundingPolicy"];
    let grounds = grounding.is_object() && source == Source::Output && lengths.around > 0;
    let grounding = if grounds {
        (lengths.text + lengths.around).div_ceil(UNIT)
    } else {
        0
    };
    json!({
        "topicPolicyUnits": of("topicPolicy", &["topics"]),
        "contentPolicyUnits": of("contentPolicy", &["filters"]),
        "wordPolicyUnits": of("wordPolicy", &["words", "managedWordLists"]),
        "sensitiveInformationPolicyUnits": of("sensitiveInformationPolicy", &["piiEntities"]),
        "sensitiveInformationPolicyFreeUnits": of("sensitiveInformationPolicy", &["regexes"]),
        "contextualGroundingPolicyUnits": grounding,
    })
}

fn with_metrics(
    guardrail: &Value,
    source: Source,
    mut assessment: Value,
    lengths: Lengths,
) -> Value {
    assessment["invocationMetrics"] = json!({
        "guardrailProcessingLatency": 1,
        "usage": units(guardrail, source, lengths),
        "guardrailCoverage": coverage(lengths),
    });
    assessment
}

fn parse(body: &[u8]) -> Result<Value, ApiError> {
    serde_json::from_slice(body)
        .map_err(|_| ApiError::serialization("The request body could not be read as JSON"))
}
