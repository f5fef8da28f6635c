//! A local server behind the endpoint: Ollama, llama.cpp, LM Studio or any other that speaks
//! `OpenAI`'s chat completions answers instead of the simulation.
//!
//! Its models have ids of their own, `local.` and the server's name for them. Nothing is made up
//! here: where such a server says nothing of tokens, nothing is said. What is asked goes to that
//! server and nowhere else; unless someone insists, it is on this computer.

mod client;
mod events;
mod invoke;
mod models;
mod reply;
mod request;
mod routes;
mod sse;

pub use routes::routes;

use std::str::FromStr;

use axum::http::Uri;

/// On every answer of a local server, with its address.
pub const LOCAL_HEADER: &str = "x-bedrock-playground-local";

/// Where a local server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upstream {
    /// Without a slash at its end and without `/v1`.
    url: String,
    is_local: bool,
    may_be_remote: bool,
}

/// An address that cannot be a local server's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no address of a local server; it looks like http://127.0.0.1:11434")]
pub struct UpstreamError(String);

impl Upstream {
    /// Takes this server on another computer too: what is asked leaves this one, in clear text.
    #[must_use]
    pub fn allowing_remote(self, allowed: bool) -> Self {
        Self {
            may_be_remote: allowed,
            ..self
        }
    }

    /// Whether it is on this computer, or someone insisted that it need not be.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.is_local || self.may_be_remote
    }

    /// Whether it is on this computer.
    #[must_use]
    pub fn is_on_this_computer(&self) -> bool {
        self.is_local
    }

    /// Its address, without a path.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl FromStr for Upstream {
    type Err = UpstreamError;

    /// Reads `http://host:port`; the scheme may be left out, and `/v1` at the end may be there.
    fn from_str(address: &str) -> Result<Self, UpstreamError> {
        let malformed = || UpstreamError(address.to_owned());
        let rest = address.trim();
        let rest = rest.strip_prefix("http://").unwrap_or(rest);
        let rest = rest.trim_end_matches('/');
        let rest = rest.strip_suffix("/v1").unwrap_or(rest);
        // Another scheme, or a path.
        if rest.is_empty() || rest.contains('/') {
            return Err(malformed());
        }
        let url = format!("http://{rest}");
        let uri: Uri = url.parse().map_err(|_| malformed())?;
        let host = uri.host().filter(|host| !host.is_empty());
        let (Some(host), Some(authority)) = (host, uri.authority()) else {
            return Err(malformed());
        };
        // A password in an address would be shown wherever the address is.
        if authority.as_str().contains('@') || uri.query().is_some() {
            return Err(malformed());
        }
        Ok(Self {
            is_local: is_loopback(host),
            url,
            may_be_remote: false,
        })
    }
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_people_write_them() {
        for (written, url) in [
            ("http://127.0.0.1:11434", "http://127.0.0.1:11434"),
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://localhost:1234/v1/", "http://localhost:1234"),
            (" http://[::1]:1234 ", "http://[::1]:1234"),
        ] {
            let upstream: Upstream = written.parse().unwrap();
            assert_eq!(upstream.url(), url);
            assert!(upstream.is_allowed());
        }
        for wrong in [
            "",
            "https://127.0.0.1:1",
            "http://",
            "http://user:secret@127.0.0.1:1",
            "ftp://localhost",
            "not an address",
        ] {
            assert!(wrong.parse::<Upstream>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn other_computers_must_be_asked_for() {
        for away in ["http://192.168.1.5:11434", "http://127.0.0.1.example.org"] {
            let upstream: Upstream = away.parse().unwrap();
            assert!(!upstream.is_allowed());
            assert!(upstream.allowing_remote(true).is_allowed());
        }
    }
}
