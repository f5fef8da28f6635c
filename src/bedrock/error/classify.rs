//! From the service's code and words to a kind.

use super::{Answer, Call, Denial, ErrorKind, clock};
use crate::catalog::{Geography, ModelId, facts};

pub(super) fn classify(call: &Call, answer: &Answer) -> ErrorKind {
    let message = answer.message.as_deref().unwrap_or_default();
    match answer.code.as_deref() {
        Some(code) => {
            by_code(code, call, message).unwrap_or_else(|| by_status(answer.status, call, message))
        }
        None => by_status(answer.status, call, message),
    }
}

fn by_code(code: &str, call: &Call, message: &str) -> Option<ErrorKind> {
    Some(match code {
        "ExpiredTokenException" | "ExpiredToken" | "RequestExpired" => ErrorKind::ExpiredToken,
        "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "InvalidAccessKeyId"
        | "IncompleteSignature"
        | "IncompleteSignatureException"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException" => ErrorKind::InvalidCredentials,
        "InvalidSignatureException" | "SignatureDoesNotMatch" | "RequestTimeTooSkewed" => {
            signature(code, message)
        }
        "AccessDeniedException"
        | "AccessDenied"
        | "UnauthorizedOperation"
        | "ForbiddenException" => ErrorKind::AccessDenied(denial(message)),
        "ResourceNotFoundException" => not_found(call, message),
        "ValidationException" => validation(call, message),
        "ThrottlingException" | "Throttling" | "TooManyRequestsException" => throttling(message),
        "ServiceQuotaExceededException" => ErrorKind::Quota,
        "ModelNotReadyException" => ErrorKind::ModelNotReady,
        "ModelTimeoutException" => ErrorKind::ModelTimeout,
        "ModelErrorException" | "ModelStreamErrorException" => ErrorKind::ModelError,
        "ServiceUnavailableException" | "ServiceUnavailable" => ErrorKind::ServiceUnavailable,
        "InternalServerException" | "InternalFailure" | "InternalServerError" => {
            ErrorKind::Internal
        }
        "UnknownOperationException" => ErrorKind::UnknownOperation,
        "ConflictException" => ErrorKind::Conflict,
        _ => return None,
    })
}

/// For answers without a code: a proxy's, another server's, or AWS's with its header lost.
fn by_status(status: Option<u16>, call: &Call, message: &str) -> ErrorKind {
    match status {
        Some(400 | 413 | 422) => validation(call, message),
        Some(401) => ErrorKind::InvalidCredentials,
        Some(403) => match message {
            words if words.contains("security token") && words.contains("expired") => {
                ErrorKind::ExpiredToken
            }
            words if words.contains("security token") => ErrorKind::InvalidCredentials,
            words if words.starts_with("Signature ") => signature("", words),
            words => ErrorKind::AccessDenied(denial(words)),
        },
        Some(404) => not_found(call, message),
        Some(408) => ErrorKind::ModelTimeout,
        Some(409) => ErrorKind::Conflict,
        Some(424) => ErrorKind::ModelError,
        Some(429) => throttling(message),
        Some(502..=504) => ErrorKind::ServiceUnavailable,
        Some(500..) => ErrorKind::Internal,
        _ => ErrorKind::Unexpected,
    }
}

fn signature(code: &str, message: &str) -> ErrorKind {
    let about_time = code == "RequestTimeTooSkewed"
        || message.starts_with("Signature expired")
        || message.starts_with("Signature not yet current");
    if about_time {
        ErrorKind::ClockSkew {
            behind_seconds: clock::behind_seconds(message),
        }
    } else {
        ErrorKind::InvalidCredentials
    }
}

fn denial(message: &str) -> Denial {
    let has = |words: &str| message.contains(words);
    if has("aws-marketplace:") || has("AWS Marketplace") {
        Denial::Marketplace
    } else if has("not authorized to perform") {
        let action = word_after(message, "not authorized to perform: ");
        if has("service control policy") || has("resource control policy") {
            Denial::ServiceControlPolicy { action }
        } else {
            Denial::Iam {
                action,
                resource: word_after(message, "on resource: "),
            }
        }
    } else if has("API Key") || has("API key") || has("bearer token") {
        Denial::ApiKey
    } else if has("use case details") {
        Denial::UseCaseForm
    } else if has("access to the model") {
        Denial::ModelAccess
    } else if has("account is not authorized") {
        Denial::Account
    } else {
        Denial::Other
    }
}

/// The word that follows some words.
fn word_after(message: &str, words: &str) -> Option<String> {
    let (_, rest) = message.split_once(words)?;
    rest.split_whitespace().next().map(str::to_owned)
}

fn not_found(call: &Call, message: &str) -> ErrorKind {
    if message.contains("use case details") {
        ErrorKind::AccessDenied(Denial::UseCaseForm)
    } else if message.contains("end of its life") {
        ErrorKind::ModelEndOfLife
    } else if call.model.is_some() {
        ErrorKind::ModelNotFound
    } else {
        ErrorKind::NotFound
    }
}

fn throttling(message: &str) -> ErrorKind {
    if message.contains("per day") {
        ErrorKind::Quota
    } else {
        ErrorKind::Throttled
    }
}

fn validation(call: &Call, message: &str) -> ErrorKind {
    let words = message.to_lowercase();
    let has = |part: &str| words.contains(part);
    if has("with on-demand throughput") {
        ErrorKind::OnDemandUnsupported {
            profile: call
                .model
                .as_ref()
                .and_then(|model| known_profile(model, &call.region)),
        }
    } else if has("model identifier is invalid")
        || (has("at 'modelid' failed") && has("constraint"))
    {
        ErrorKind::ModelNotFound
    } else if has("too many images") || (has("image") && has("exceed") && has("number of")) {
        ErrorKind::TooManyImages
    } else if has("input is too long")
        || has("prompt is too long")
        || has("input tokens exceeded")
        || has("too many input tokens")
        || has("maximum context length")
        || has("exceed context limit")
        || has("too many total text bytes")
    {
        ErrorKind::ContextTooLong
    } else if has("support tool use") || has("support tools") || has("toolconfig field") {
        ErrorKind::ToolsUnsupported
    } else if has("doesn't support the") || has("does not support the") {
        ErrorKind::ContentUnsupported
    } else {
        ErrorKind::Validation
    }
}

/// A profile that contains the model and runs from the region, by the facts that are shipped: of the
/// region's own geography before the global one.
fn known_profile(model: &ModelId, region: &str) -> Option<ModelId> {
    facts(model)?
        .profiles
        .iter()
        .filter(|profile| {
            profile.source_regions.is_empty() || profile.source_regions.contains(&region)
        })
        .map(|profile| ModelId::from(profile.id))
        .filter(|id| {
            id.geography()
                .is_some_and(|geography| geography.covers(region))
        })
        .min_by_key(|id| id.geography() == Some(Geography::Global))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(code: &str, message: &str) -> ErrorKind {
        let call = Call {
            model: Some("anthropic.claude-sonnet-4-20250514-v1:0".into()),
            region: "us-east-1".into(),
            ..Call::default()
        };
        let answer = Answer {
            code: Some(code.into()),
            message: Some(message.into()),
            status: Some(400),
            request_id: None,
        };
        classify(&call, &answer)
    }

    #[test]
    fn a_service_control_policy_is_told_from_the_callers_own() {
        let words = |why: &str| {
            format!(
                "User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: \
                 bedrock:InvokeModel on resource: arn:aws:bedrock:us-east-1::foundation-model/m {why}"
            )
        };
        let action = Some("bedrock:InvokeModel".to_owned());
        assert_eq!(
            kind(
                "AccessDeniedException",
                &words("with an explicit deny in a service control policy")
            ),
            ErrorKind::AccessDenied(Denial::ServiceControlPolicy {
                action: action.clone()
            })
        );
        assert_eq!(
            kind(
                "AccessDeniedException",
                &words("because no identity-based policy allows the bedrock:InvokeModel action")
            ),
            ErrorKind::AccessDenied(Denial::Iam {
                action,
                resource: Some("arn:aws:bedrock:us-east-1::foundation-model/m".into()),
            })
        );
    }

    #[test]
    fn validation_is_told_apart_by_its_words() {
        let cases = [
            (
                "Input is too long for requested model.",
                ErrorKind::ContextTooLong,
            ),
            (
                "The model returned the following errors: prompt is too long: 201000 tokens > 200000",
                ErrorKind::ContextTooLong,
            ),
            (
                "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000",
                ErrorKind::ContextTooLong,
            ),
            (
                "messages.0: too many images and documents: 21 + 0 > 20",
                ErrorKind::TooManyImages,
            ),
            (
                "This model doesn't support tool use.",
                ErrorKind::ToolsUnsupported,
            ),
            (
                "This model doesn't support tool use in streaming mode.",
                ErrorKind::ToolsUnsupported,
            ),
            (
                "This model doesn't support the video content block that you provided.",
                ErrorKind::ContentUnsupported,
            ),
            (
                "The provided model identifier is invalid.",
                ErrorKind::ModelNotFound,
            ),
            (
                "A conversation must start with a user message.",
                ErrorKind::Validation,
            ),
        ];
        for (message, expected) in cases {
            assert_eq!(kind("ValidationException", message), expected, "{message}");
        }
    }

    #[test]
    fn a_daily_limit_is_a_quota() {
        assert_eq!(
            kind(
                "ThrottlingException",
                "Too many tokens per day, please wait"
            ),
            ErrorKind::Quota
        );
        assert_eq!(
            kind("ThrottlingException", "Too many tokens, please wait"),
            ErrorKind::Throttled
        );
    }

    #[test]
    fn a_wrong_signature_is_not_a_wrong_clock() {
        assert_eq!(
            kind(
                "InvalidSignatureException",
                "The request signature we calculated does not match the signature you provided."
            ),
            ErrorKind::InvalidCredentials
        );
    }
}
