//! Every recorded exchange with the real service, replayed through the real client: nothing it sent
//! may be dropped.
//!
//! What is expected is read from the recordings by other means than the client's: the JSON as it
//! stands, and frames taken apart by their layout. More recordings can be laid into the folder, or
//! another folder named in `BEDROCK_TRAFFIC`.

mod control;
mod converse;
mod native;

use bedrock_playground::bedrock::Error;
use serde_json::Value;

use crate::support::recording::Recording;

/// A failure keeps the service's code, words, status and request id.
fn assert_failure(recording: &Recording, error: Option<Error>) {
    let name = &recording.name;
    let error = error.unwrap_or_else(|| panic!("{name} is a failure"));
    let body: Value = serde_json::from_slice(&recording.body).unwrap_or_default();
    if let Some(words) = body["message"].as_str().or(body["Message"].as_str()) {
        assert_eq!(error.message(), words, "{name}");
    }
    assert_eq!(error.status(), Some(recording.status), "{name}");
    let code = recording
        .header("x-amzn-errortype")
        .and_then(|code| code.split(':').next())
        .or(body["__type"].as_str());
    if let Some(code) = code {
        assert_eq!(error.code(), code, "{name}");
    }
    assert_eq!(
        error.request_id(),
        recording.header("x-amzn-requestid"),
        "{name}"
    );
    assert!(!error.advice().is_empty(), "{name}");
}

/// A failure in the middle of a stream, by the frame that told it.
fn assert_exception(recording: &Recording, exception: &str, payload: &Value, error: Option<Error>) {
    let name = &recording.name;
    let error = error.unwrap_or_else(|| panic!("{name} ends with an exception"));
    assert!(
        error.code().eq_ignore_ascii_case(exception),
        "{name}: {} for {exception}",
        error.code()
    );
    for words in ["message", "originalMessage"] {
        let words = payload[words].as_str().unwrap_or_default();
        assert!(error.message().contains(words), "{name}: {words}");
    }
    assert_eq!(error.status(), Some(200), "{name}");
}
