//! HTTP to the local server, and what its failures are called in Bedrock's words.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use bytes::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

use super::Upstream;
use crate::emulator::api_error::ApiError;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a question about models may take.
const LISTING: Duration = Duration::from_secs(10);
/// The largest answer that does not stream, in bytes.
const ANSWER_LIMIT: usize = 16 * 1024 * 1024;
/// Of a message that is no JSON: as much as a person would read.
const MESSAGE_LIMIT: usize = 300;

/// A way to the local server. Cheap to clone.
#[derive(Clone, Debug)]
pub struct LocalServer {
    client: Client<HttpConnector, Body>,
    url: String,
}

impl LocalServer {
    pub fn new(upstream: &Upstream) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(CONNECT));
        connector.set_nodelay(true);
        Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            url: upstream.url().to_owned(),
        }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Asks for something about models.
    pub async fn look_up(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, ApiError> {
        let asked = async {
            let answer = self.send(method, path, body).await?;
            self.whole(answer).await
        };
        let bytes = tokio::time::timeout(LISTING, asked).await.map_err(|_| {
            ApiError::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "ServiceUnavailableException",
                format!("The local server at {} does not answer", self.url),
            )
        })??;
        serde_json::from_slice(&bytes).map_err(|_| self.nonsense())
    }

    /// Asks for a chat completion; a model may take as long as it likes.
    pub async fn complete(&self, body: &Value) -> Result<Body, ApiError> {
        self.send(Method::POST, "/v1/chat/completions", Some(body))
            .await
    }

    /// The whole of an answer.
    pub async fn whole(&self, answer: Body) -> Result<Bytes, ApiError> {
        to_bytes(answer, ANSWER_LIMIT)
            .await
            .map_err(|_| self.broken_off())
    }

    /// What is said of an answer that ended early.
    pub fn broken_off(&self) -> ApiError {
        ApiError::new(
            StatusCode::FAILED_DEPENDENCY,
            "ModelErrorException",
            format!("The local server at {} broke off its answer", self.url),
        )
    }

    /// What is said of an answer that is not what it should be.
    pub fn nonsense(&self) -> ApiError {
        ApiError::new(
            StatusCode::FAILED_DEPENDENCY,
            "ModelErrorException",
            format!(
                "What answers at {} is no server of the OpenAI kind, or not one this program understands",
                self.url
            ),
        )
    }

    /// The body of an answer that is no error.
    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Body, ApiError> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())))
            .map_err(|_| self.unreachable())?;
        let answer = self.client.request(request).await.map_err(|error| {
            tracing::debug!(%error, "the local server was not reached");
            if error.is_connect() {
                self.unreachable()
            } else {
                self.broken_off()
            }
        })?;
        let (head, body) = answer.into_parts();
        let body = Body::new(body);
        if head.status.is_success() {
            return Ok(body);
        }
        let bytes = self.whole(body).await.unwrap_or_default();
        Err(refusal(head.status, &message(&bytes)))
    }

    fn unreachable(&self) -> ApiError {
        ApiError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "ServiceUnavailableException",
            format!(
                "The local server at {} cannot be reached: nothing answers there",
                self.url
            ),
        )
    }
}

/// What a server said went wrong: `{"error": {"message": …}}`, `{"error": …}`, or plain text.
pub fn message(body: &[u8]) -> String {
    let json: Value = serde_json::from_slice(body).unwrap_or_default();
    let said = json["error"]["message"]
        .as_str()
        .or(json["error"].as_str())
        .or(json["message"].as_str());
    match said {
        Some(words) => words.to_owned(),
        None => String::from_utf8_lossy(body)
            .chars()
            .filter(|c| !c.is_control())
            .take(MESSAGE_LIMIT)
            .collect(),
    }
}

/// A server's refusal in the service's form.
pub fn refusal(status: StatusCode, words: &str) -> ApiError {
    let (as_status, kind) = match status.as_u16() {
        401 | 403 => (403, "AccessDeniedException"),
        404 => (404, "ResourceNotFoundException"),
        408 | 504 => (408, "ModelTimeoutException"),
        429 => (429, "ThrottlingException"),
        503 => (503, "ServiceUnavailableException"),
        400..=499 => (400, "ValidationException"),
        _ => (424, "ModelErrorException"),
    };
    let words = if words.is_empty() {
        format!("The local server answered with status {}", status.as_u16())
    } else {
        format!("The local server says: {words}")
    };
    ApiError::new(
        StatusCode::from_u16(as_status).unwrap_or(StatusCode::FAILED_DEPENDENCY),
        kind,
        words,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_have_the_services_names() {
        for (status, kind, as_status) in [
            (400, "ValidationException", 400),
            (401, "AccessDeniedException", 403),
            (404, "ResourceNotFoundException", 404),
            (413, "ValidationException", 400),
            (429, "ThrottlingException", 429),
            (500, "ModelErrorException", 424),
            (503, "ServiceUnavailableException", 503),
            (504, "ModelTimeoutException", 408),
        ] {
            let error = refusal(StatusCode::from_u16(status).unwrap(), "no");
            assert_eq!((error.kind, error.status.as_u16()), (kind, as_status));
        }
    }

    #[test]
    fn what_servers_say_is_found_in_each_form() {
        for (body, words) in [
            (
                r#"{"error":{"message":"model not found"}}"#,
                "model not found",
            ),
            (r#"{"error":"model not found"}"#, "model not found"),
            ("Loading\nmodel", "Loadingmodel"),
            ("", ""),
        ] {
            assert_eq!(message(body.as_bytes()), words);
        }
    }
}
