//! From the SDK's errors to ours, without losing the service's words when the SDK does.

use std::error::Error as StdError;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use serde_json::Value;

use super::{Answer, Call, Error, ErrorKind, NetworkFailure, network};
use crate::bedrock::frame::RawEvent;
use crate::chat::Failure;

/// Longest text taken from a body that is no JSON: enough to see what answered.
const LONGEST_FOREIGN_TEXT: usize = 300;

/// A failure of an operation.
pub(in crate::bedrock) fn from_sdk<E>(error: &SdkError<E, HttpResponse>, call: &Call) -> Error
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    match error {
        SdkError::ServiceError(failure) => {
            let mut answer = from_response(failure.raw());
            let meta = failure.err().meta();
            answer.code = meta.code().map(bare_code).or(answer.code);
            answer.message = meta.message().map(str::to_owned).or(answer.message);
            Error::answered(call, answer)
        }
        SdkError::ResponseError(failure) if failure.raw().status().is_success() => {
            let request_id = request_id(failure.raw());
            Error::own(
                ErrorKind::Unexpected,
                "UnreadableAnswer",
                call,
                format!("The answer could not be read: {}", network::in_words(error)),
            )
            .with_request_id(request_id)
        }
        SdkError::ResponseError(failure) => Error::answered(call, from_response(failure.raw())),
        SdkError::TimeoutError(_) => Error::network(
            NetworkFailure::TimedOut,
            call,
            "No answer came in the time allowed",
        ),
        SdkError::DispatchFailure(failure) => match failure.as_connector_error() {
            Some(connector) if credentials(connector).is_none() => {
                let failure = network::failure(connector);
                let message = network::describe(failure, connector, &call.url);
                Error::network(failure, call, message)
            }
            _ => before_sending(error, call),
        },
        _ => before_sending(error, call),
    }
}

/// What never left: credentials that could not be had, or a request that could not be built.
fn before_sending(error: &(dyn StdError + 'static), call: &Call) -> Error {
    match credentials(error) {
        Some(cause) => from_credentials(cause, call),
        None => Error::own(
            ErrorKind::Validation,
            "InvalidRequest",
            call,
            format!(
                "The request could not be made: {}",
                network::in_words(error)
            ),
        ),
    }
}

fn credentials<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a CredentialsError> {
    network::chain(error).find_map(|cause| cause.downcast_ref::<CredentialsError>())
}

/// Credentials that could not be had. A sign-in that ran out, or was never made, is told apart: it has
/// a remedy.
pub(in crate::bedrock) fn from_credentials(cause: &CredentialsError, call: &Call) -> Error {
    let words = network::in_words(cause);
    let lower = words.to_lowercase().replace('\\', "/");
    // The last is the file that a profile without an `sso-session` misses.
    let signs = [
        "expired",
        "sso token",
        "unauthorizedexception",
        ".aws/sso/cache/",
    ];
    let sign_in = signs.into_iter().any(|sign| lower.contains(sign));
    if sign_in {
        Error::own(
            ErrorKind::ExpiredToken,
            Failure::SIGN_IN_REQUIRED,
            call,
            words,
        )
    } else {
        Error::own(
            ErrorKind::CredentialsFailed,
            "CredentialsFailed",
            call,
            words,
        )
    }
}

fn request_id(response: &HttpResponse) -> Option<String> {
    response
        .headers()
        .get("x-amzn-requestid")
        .map(str::to_owned)
}

fn from_response(response: &HttpResponse) -> Answer {
    let (code, message) = response.body().bytes().map(read_body).unwrap_or_default();
    Answer {
        code: response
            .headers()
            .get("x-amzn-errortype")
            .map(bare_code)
            .or(code),
        message,
        status: Some(response.status().as_u16()),
        request_id: request_id(response),
    }
}

/// The code and the words in the body of a failed answer, whatever wrote it.
pub(in crate::bedrock) fn read_body(body: &[u8]) -> (Option<String>, Option<String>) {
    if let Ok(json) = serde_json::from_slice::<Value>(body) {
        return (json_code(&json), json_message(&json));
    }
    let text = String::from_utf8_lossy(body);
    let text = text.trim();
    if text.is_empty() {
        return (None, None);
    }
    if let Some(code) = xml_code(text) {
        let message = between(text, "<Message>", "</Message>").map(str::to_owned);
        return (Some(code), message);
    }
    (
        None,
        Some(text.chars().take(LONGEST_FOREIGN_TEXT).collect()),
    )
}

fn json_code(json: &Value) -> Option<String> {
    ["__type", "code", "Code"]
        .into_iter()
        .find_map(|member| json.get(member)?.as_str())
        .or_else(|| json.pointer("/Output/__type")?.as_str())
        .map(bare_code)
}

fn json_message(json: &Value) -> Option<String> {
    let words = ["message", "Message", "errorMessage", "error_description"]
        .into_iter()
        .find_map(|member| json.get(member)?.as_str())?;
    match json.get("originalMessage").and_then(Value::as_str) {
        Some(original) if original != words => Some(format!("{words} ({original})")),
        _ => Some(words.to_owned()),
    }
}

/// `<UnknownOperationException/>`, or the `Code` of an `ErrorResponse`.
fn xml_code(text: &str) -> Option<String> {
    if !text.starts_with('<') {
        return None;
    }
    if let Some(code) = between(text, "<Code>", "</Code>") {
        return Some(code.to_owned());
    }
    text.split('<')
        .skip(1)
        .filter_map(|element| element.split(|c: char| !c.is_ascii_alphanumeric()).next())
        .find(|name| name.ends_with("Exception"))
        .map(str::to_owned)
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once(end).map(|(inner, _)| inner)
}

/// `com.amazon.coral.service#Name:http://…` is `Name`.
fn bare_code(code: &str) -> String {
    let code = code.split(':').next().unwrap_or(code);
    code.rsplit('#').next().unwrap_or(code).trim().to_owned()
}

/// The failure that an exception or error frame tells of; `None` for an ordinary event.
pub(in crate::bedrock) fn of_event(
    event: &RawEvent,
    call: &Call,
    status: Option<u16>,
) -> Option<Error> {
    let code =
        event.text_header(|name| [&b":exception-type"[..], b":error-code"].contains(&name))?;
    let (_, words) = read_body(event.payload());
    let words = words.or_else(|| {
        let said = event.text_header(|name| name == b":error-message")?;
        Some(said.to_owned())
    });
    Some(Error::answered(
        call,
        Answer {
            code: Some(capitalised(code)),
            message: words,
            status,
            request_id: None,
        },
    ))
}

/// Frames spell `validationException`, headers `ValidationException`.
fn capitalised(code: &str) -> String {
    let mut letters = code.chars();
    match letters.next() {
        Some(first) => first.to_ascii_uppercase().to_string() + letters.as_str(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> (Option<String>, Option<String>) {
        read_body(text.as_bytes())
    }

    #[test]
    fn codes_and_words_are_found_in_every_kind_of_body() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(body(r#"{"message":"isn’t"}"#), (None, some("isn’t")));
        assert_eq!(body(r#"{"Message":"no"}"#), (None, some("no")));
        assert_eq!(
            body(r#"{"__type":"com.amazon.coral.service#X","message":"m"}"#),
            (some("X"), some("m"))
        );
        assert_eq!(
            body("<UnknownOperationException/>"),
            (some("UnknownOperationException"), None)
        );
        assert_eq!(
            body("<ErrorResponse><Error><Code>Throttling</Code><Message>slow</Message></Error>"),
            (some("Throttling"), some("slow"))
        );
        assert_eq!(body("Bad gateway"), (None, some("Bad gateway")));
        assert_eq!(body(""), (None, None));
        assert_eq!(
            body(r#"{"message":"failed","originalMessage":"boom","originalStatusCode":500}"#),
            (None, some("failed (boom)"))
        );
    }

    #[test]
    fn a_code_loses_its_wrapping() {
        assert_eq!(
            bare_code("ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/"),
            "ValidationException"
        );
        assert_eq!(capitalised("validationException"), "ValidationException");
    }
}
