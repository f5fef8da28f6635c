//! Fetching a public file, piece by piece: no credentials go along, and the proxy that is set is
//! used. With the calls of the SDK this is the only way to the network.

use std::time::{Duration, SystemTime};

use aws_smithy_runtime_api::client::http::HttpConnector as _;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::DateTime;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::date_time::Format;
use bytes::Bytes;

use super::endpoint;
use super::error::{Answer, Call, Error, ErrorKind, NetworkFailure, from_connector};
use super::http;
use super::proxy::Proxy;

/// How long a server may take to begin its answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long it may be silent within one.
const SILENCE: Duration = Duration::from_secs(30);

/// What became of asking for a file.
#[derive(Debug)]
pub enum Fetched {
    /// It comes.
    Coming(Box<Download>),
    /// It is what it was when it had this tag.
    NotModified,
    /// There is no such file.
    NotThere,
}

/// A file that is coming. Dropping it gives it up.
#[derive(Debug)]
pub struct Download {
    body: ByteStream,
    etag: Option<String>,
    call: Call,
}

/// By how many seconds this computer's clock is ahead of a server's (negative: behind), by the `date` of
/// its answer to a request that carries no credentials; `None` when it does not say.
///
/// # Errors
/// When the server cannot be reached.
pub async fn clock_ahead(url: &str, proxy: &Proxy) -> Result<Option<i64>, Error> {
    let call = Call {
        operation: "Connect",
        url: url.to_owned(),
        ..Call::default()
    };
    let answer = http::connector(url, proxy)?.call(request(url, None, &call)?);
    let answer = tokio::time::timeout(PATIENCE, answer)
        .await
        .map_err(|_| Error::network(NetworkFailure::TimedOut, &call, silent(url)))?
        .map_err(|error| from_connector(&error, &call))?;
    let date = answer.headers().get("date");
    let theirs = date.and_then(|date| DateTime::from_str(date, Format::HttpDate).ok());
    let ours = DateTime::from(SystemTime::now());
    Ok(theirs.map(|theirs| ours.secs() - theirs.secs()))
}

/// Asks for a file; only if it has changed, where the tag of an earlier state is given.
///
/// # Errors
/// When the address is neither `https` nor this computer's own, or the server cannot be reached or
/// refuses.
pub async fn download(
    url: &str,
    known_etag: Option<&str>,
    proxy: &Proxy,
) -> Result<Fetched, Error> {
    let call = Call {
        operation: "GetPriceFile",
        url: url.to_owned(),
        ..Call::default()
    };
    if !url.starts_with("https://") && !endpoint::is_plain_loopback(url) {
        let message =
            format!("Only https keeps others on the way from changing a file: {url} is refused");
        return Err(Error::own(
            ErrorKind::InvalidEndpoint,
            "InvalidEndpoint",
            &call,
            message,
        ));
    }
    let request = request(url, known_etag, &call)?;
    let answer = http::connector(url, proxy)?.call(request);
    let answer = tokio::time::timeout(PATIENCE, answer)
        .await
        .map_err(|_| Error::network(NetworkFailure::TimedOut, &call, silent(url)))?
        .map_err(|error| from_connector(&error, &call))?;
    let status = answer.status().as_u16();
    match status {
        200 => Ok(Fetched::Coming(Box::new(Download {
            etag: answer.headers().get("etag").map(str::to_owned),
            body: ByteStream::new(answer.into_body()),
            call,
        }))),
        304 => Ok(Fetched::NotModified),
        // The store behind AWS's files answers 403 for what is not there.
        403 | 404 => Ok(Fetched::NotThere),
        _ => Err(Error::answered(
            &call,
            Answer {
                status: Some(status),
                message: Some(format!("The server answered {status} to {url}")),
                ..Answer::default()
            },
        )),
    }
}

impl Download {
    /// What the server calls this state of the file.
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        self.etag.as_deref()
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// When the connection breaks or falls silent.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        let piece = tokio::time::timeout(SILENCE, self.body.next())
            .await
            .map_err(|_| {
                Error::network(NetworkFailure::TimedOut, &self.call, silent(&self.call.url))
            })?;
        piece.transpose().map_err(|error| {
            let message = format!("The file broke off: {error}: {}", self.call.url);
            Error::network(NetworkFailure::ConnectionReset, &self.call, message)
        })
    }
}

fn silent(url: &str) -> String {
    format!("Nothing came in the time allowed: {url}")
}

fn request(url: &str, known_etag: Option<&str>, call: &Call) -> Result<HttpRequest, Error> {
    let invalid = |error: &dyn std::fmt::Display| {
        let message = format!("{url} is no address: {error}");
        Error::own(ErrorKind::InvalidEndpoint, "InvalidEndpoint", call, message)
    };
    let mut request = HttpRequest::get(url).map_err(|error| invalid(&error))?;
    let headers = request.headers_mut();
    headers.insert("accept", "application/json");
    if let Some(etag) = known_etag {
        headers
            .try_insert("if-none-match", etag.to_owned())
            .map_err(|error| invalid(&error))?;
    }
    Ok(request)
}
