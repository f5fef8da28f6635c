//! What went over the wire for one invocation, for those who want to look: plain text, without
//! secrets.

/// A request and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// What was sent.
    pub request: ExchangeRequest,
    /// What came back; `None` as long as it is coming, and when nothing came.
    pub response: Option<ExchangeResponse>,
}

/// A request as it was sent, the first time when there were several attempts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExchangeRequest {
    /// For instance `POST`.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// Names and values in the order of sending; secrets are [`LEFT_OUT`].
    pub headers: Vec<(String, String)>,
    /// The body as it was sent; in one over a megabyte, media are `<N bytes>`.
    pub body: String,
}

/// The last answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExchangeResponse {
    /// HTTP status.
    pub status: u16,
    /// Names and values; secrets are [`LEFT_OUT`].
    pub headers: Vec<(String, String)>,
    /// The body as it came, or of a stream its events, one JSON object a line: `{"messageStart":{…}}`.
    /// In what is over a megabyte, media are `<N bytes>`.
    pub body: String,
    /// Whether the body is the events of a stream.
    pub is_stream: bool,
}

/// Stands in the place of a secret.
pub const LEFT_OUT: &str = "(left out)";
