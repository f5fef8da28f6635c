//! From what the HTTP client says to what went wrong on the way.

use std::error::Error as StdError;
use std::io;

use aws_smithy_runtime_api::client::result::ConnectorError;
use hyper_util::client::legacy::Error as HyperError;

use super::NetworkFailure;

/// Sorts a failure by its chain of causes.
pub(super) fn failure(error: &ConnectorError) -> NetworkFailure {
    let connecting = never_sent(error);
    if error.is_timeout() {
        return if connecting {
            NetworkFailure::ConnectTimedOut
        } else {
            NetworkFailure::TimedOut
        };
    }
    let words = in_words(error).to_lowercase();
    match io_kind(error) {
        Some(io::ErrorKind::ConnectionRefused) => NetworkFailure::ConnectionRefused,
        Some(io::ErrorKind::TimedOut) if connecting => NetworkFailure::ConnectTimedOut,
        Some(io::ErrorKind::TimedOut) => NetworkFailure::TimedOut,
        _ if words.contains("dns error") || words.contains("resolve") => NetworkFailure::Dns,
        _ if is_tls(&words) => NetworkFailure::Tls,
        Some(
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof,
        ) => NetworkFailure::ConnectionReset,
        _ if words.contains("connection closed") || words.contains("connection was not ready") => {
            NetworkFailure::ConnectionReset
        }
        _ => NetworkFailure::Other,
    }
}

/// What went wrong on the way, in a sentence that ends with where it was to go.
pub(super) fn describe(failure: NetworkFailure, error: &ConnectorError, url: &str) -> String {
    let cause = chain(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default();
    let what = match failure {
        NetworkFailure::ConnectionRefused => "Connection refused".to_owned(),
        NetworkFailure::Dns => format!("The name has no address ({cause})"),
        NetworkFailure::Tls => format!("No secure connection can be made ({cause})"),
        NetworkFailure::ConnectTimedOut => "No connection could be made in time".to_owned(),
        NetworkFailure::TimedOut => "The request was sent and no answer came in time".to_owned(),
        NetworkFailure::ConnectionReset => {
            format!("The connection broke before an answer came ({cause})")
        }
        NetworkFailure::Other => format!("No answer came ({cause})"),
    };
    format!("{what}: {url}")
}

/// Whether the request certainly did not leave: the failure was in making the connection.
pub(in crate::bedrock) fn never_sent(error: &ConnectorError) -> bool {
    chain(error)
        .filter_map(|cause| cause.downcast_ref::<HyperError>())
        .any(HyperError::is_connect)
}

/// The whole chain of causes in one line, each cause once.
pub(in crate::bedrock) fn in_words(error: &(dyn StdError + 'static)) -> String {
    let mut words: Vec<String> = Vec::new();
    for cause in chain(error) {
        let cause = cause.to_string();
        if !words.iter().any(|earlier| earlier.contains(&cause)) {
            words.push(cause);
        }
    }
    words.join(": ")
}

/// An error and its causes; the payload of an `io::Error`, which `source` skips, included.
pub(super) fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| {
        match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => error.source(),
        }
    })
}

fn io_kind(error: &(dyn StdError + 'static)) -> Option<io::ErrorKind> {
    chain(error)
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .map(io::Error::kind)
        .filter(|kind| *kind != io::ErrorKind::Other)
        .last()
}

/// The TLS library's error type is not ours to name; its words are stable enough to tell.
fn is_tls(words: &str) -> bool {
    ["certificate", "tls", "handshake", "corrupt message", "ssl"]
        .into_iter()
        .any(|word| words.contains(word))
}
