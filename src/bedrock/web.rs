//! Pages of the web and the images on them, for a person who gave the address: no credentials go along, no cookies,
//! and the proxy that is set is used.
//!
//! A page of the web shall not make this program ask addresses of the person's own network: what a page names is asked
//! there only where the page itself is from.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::HttpConnector as _;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::byte_stream::ByteStream;
use url::{Host, Url};

use super::error::{Call, Error, NetworkFailure, from_connector};
use super::http;
use super::proxy::Proxy;

/// How long a server may take to begin its answer, and be silent within one.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often one address may lead to another.
const MOST_REDIRECTS: usize = 5;

/// Some servers refuse who does not say what they are.
const USER_AGENT: &str = concat!("BedrockPlayground/", env!("CARGO_PKG_VERSION"));

/// Something on the web that is wanted.
#[derive(Clone, Copy, Debug)]
pub struct WebRequest<'a> {
    /// Where it is.
    pub address: &'a str,
    /// Who names that address: the page an image is on, or the address itself, which a person gave. An image of a
    /// file is named by nobody.
    pub named_by: Option<&'a str>,
    /// What it may be, as in the header `accept`.
    pub accept: &'static str,
    /// Most bytes that are taken.
    pub limit: usize,
}

/// What came.
#[derive(Clone, Debug)]
pub struct WebFile {
    /// Where it is in the end.
    pub address: String,
    /// What the server calls it, such as `text/html`.
    pub content_type: Option<String>,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// Why nothing came from an address.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// It leads nowhere.
    #[error("{0} is no address of a page, such as https://example.com/page")]
    NoAddress(String),
    /// It is not for strangers.
    #[error(
        "{address} does not let everybody in ({status}); save the page in your browser and drop the file here"
    )]
    Refused {
        /// The address.
        address: String,
        /// The status.
        status: u16,
    },
    /// There is nothing.
    #[error("There is nothing at {address} ({status})")]
    NotThere {
        /// The address.
        address: String,
        /// The status.
        status: u16,
    },
    /// The server has some other reason.
    #[error("The server answered {status} to {address}")]
    Answered {
        /// The address.
        address: String,
        /// The status.
        status: u16,
    },
    /// One address leads to the next.
    #[error("{0} leads on to more than {MOST_REDIRECTS} other addresses")]
    Redirected(String),
    /// More than is taken.
    #[error("{address} is too large: more than {megabytes} MB")]
    TooLarge {
        /// The address.
        address: String,
        /// The limit.
        megabytes: usize,
    },
    /// It is named by somebody from elsewhere.
    #[error("{0} is in your own network, where only pages from there may lead")]
    OwnNetwork(String),
    /// It cannot be reached, or breaks off.
    #[error(transparent)]
    Network(#[from] Error),
}

/// Fetches a page or an image, wherever its address leads.
///
/// # Errors
/// When there is no such thing, it is too large, or may not be asked for.
pub async fn fetch(request: WebRequest<'_>, proxy: &Proxy) -> Result<WebFile, WebError> {
    let named_by = request.named_by.and_then(on_the_web);
    let mut address = on_the_web(request.address)
        .ok_or_else(|| WebError::NoAddress(request.address.to_owned()))?;
    for _ in 0..=MOST_REDIRECTS {
        if !may_ask(&address, named_by.as_ref()) {
            return Err(WebError::OwnNetwork(address.into()));
        }
        let call = Call {
            operation: "GetPage",
            url: address.to_string(),
            ..Call::default()
        };
        let answer = ask(&address, request.accept, proxy, &call).await?;
        let status = answer.status().as_u16();
        match status {
            200 => return whole(answer, &address, request.limit, &call).await,
            301 | 302 | 303 | 307 | 308 => {
                let Some(next) = answer.headers().get("location") else {
                    let address = address.into();
                    return Err(WebError::Answered { address, status });
                };
                let to = address.join(next).ok().and_then(public);
                address = to.ok_or_else(|| WebError::NoAddress(next.to_owned()))?;
            }
            401 | 403 | 407 => {
                let address = address.into();
                return Err(WebError::Refused { address, status });
            }
            404 | 410 => {
                let address = address.into();
                return Err(WebError::NotThere { address, status });
            }
            _ => {
                let address = address.into();
                return Err(WebError::Answered { address, status });
            }
        }
    }
    Err(WebError::Redirected(request.address.to_owned()))
}

async fn ask(
    address: &Url,
    accept: &'static str,
    proxy: &Proxy,
    call: &Call,
) -> Result<HttpResponse, WebError> {
    let no_address = || WebError::NoAddress(address.to_string());
    let mut request = HttpRequest::get(address.as_str()).map_err(|_| no_address())?;
    let headers = request.headers_mut();
    headers.insert("accept", accept);
    headers.insert("user-agent", USER_AGENT);
    let answer = http::connector(address.as_str(), proxy)?.call(request);
    let answer = tokio::time::timeout(PATIENCE, answer)
        .await
        .map_err(|_| silent(call))?
        .map_err(|error| from_connector(&error, call))?;
    Ok(answer)
}

async fn whole(
    answer: HttpResponse,
    address: &Url,
    limit: usize,
    call: &Call,
) -> Result<WebFile, WebError> {
    let too_large = || WebError::TooLarge {
        address: address.to_string(),
        megabytes: limit / 1_000_000,
    };
    let header = |name: &str| answer.headers().get(name).map(str::to_owned);
    let announced = header("content-length").and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let content_type = header("content-type");
    let mut body = ByteStream::new(answer.into_body());
    let mut bytes = Vec::with_capacity(announced.unwrap_or_default());
    loop {
        let piece = tokio::time::timeout(PATIENCE, body.next())
            .await
            .map_err(|_| silent(call))?;
        let Some(piece) = piece else { break };
        let piece = piece.map_err(|error| {
            let message = format!("What came from {address} broke off: {error}");
            Error::network(NetworkFailure::ConnectionReset, call, message)
        })?;
        if bytes.len() + piece.len() > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(WebFile {
        address: address.to_string(),
        content_type,
        bytes,
    })
}

fn silent(call: &Call) -> Error {
    let message = format!("Nothing came in the time allowed: {}", call.url);
    Error::network(NetworkFailure::TimedOut, call, message)
}

/// An address in a page, by the address of the page, without the part of the page it may name; `None` for what is not
/// on the web.
#[must_use]
pub fn resolve(page: &str, address: &str) -> Option<String> {
    let mut resolved = on_the_web(page)?
        .join(address.trim())
        .ok()
        .and_then(public)?;
    resolved.set_fragment(None);
    Some(resolved.into())
}

fn on_the_web(address: &str) -> Option<Url> {
    Url::parse(address.trim()).ok().and_then(public)
}

/// An address of the web, without a name and a password in it: none are sent, and none are shown.
fn public(mut address: Url) -> Option<Url> {
    let is_web = matches!(address.scheme(), "http" | "https") && address.has_host();
    address.set_username("").ok()?;
    address.set_password(None).ok()?;
    is_web.then_some(address)
}

/// Whether an address may be asked that something else names.
fn may_ask(address: &Url, named_by: Option<&Url>) -> bool {
    let Some(host) = address.host() else {
        return false;
    };
    !is_own_network(&host) || named_by.is_some_and(|page| page.host() == Some(host))
}

fn is_own_network(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let last = name.rsplit('.').next().unwrap_or_default();
            !name.contains('.') || matches!(last, "localhost" | "local" | "internal" | "lan")
        }
        Host::Ipv4(address) => is_own_ipv4(*address),
        Host::Ipv6(address) => is_own_ipv6(*address),
    }
}

fn is_own_ipv4(address: Ipv4Addr) -> bool {
    address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_unspecified()
        || address.is_broadcast()
        // Shared by the customers of a provider (RFC 6598).
        || matches!(address.octets(), [100, 64..=127, ..])
}

fn is_own_ipv6(address: Ipv6Addr) -> bool {
    address.is_loopback()
        || address.is_unspecified()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || address.to_ipv4_mapped().is_some_and(is_own_ipv4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_resolved_as_rfc_3986_says() {
        // Section 5.4 of the RFC, with its base.
        let base = "http://a/b/c/d;p?q";
        for (address, expected) in [
            ("g", Some("http://a/b/c/g")),
            ("./g", Some("http://a/b/c/g")),
            ("g/", Some("http://a/b/c/g/")),
            ("/g", Some("http://a/g")),
            ("//g", Some("http://g/")),
            ("?y", Some("http://a/b/c/d;p?y")),
            ("g?y", Some("http://a/b/c/g?y")),
            ("#s", Some("http://a/b/c/d;p?q")),
            ("g#s", Some("http://a/b/c/g")),
            ("../../g", Some("http://a/g")),
            ("../../../g", Some("http://a/g")),
            ("https://h/i", Some("https://h/i")),
            ("data:image/png;base64,AA", None),
            ("file:///etc/passwd", None),
            ("javascript:alert(1)", None),
        ] {
            assert_eq!(resolve(base, address).as_deref(), expected, "{address}");
        }
        assert_eq!(resolve("file:///a/b.html", "c.png"), None);
        let secret = resolve("https://me:secret@a.example/b", "//you:more@c.example/d");
        assert_eq!(secret.as_deref(), Some("https://c.example/d"));
    }

    #[test]
    fn a_page_does_not_lead_into_a_network_it_is_not_from() {
        let url = |address| Url::parse(address).unwrap();
        let page = url("https://example.com/page");
        for own in [
            "http://127.0.0.1/x",
            "http://127.1:8080/x",
            "http://0x7f000001/",
            "http://localhost/x",
            "http://a.localhost/x",
            "http://10.0.0.1/x",
            "http://172.16.9.9/x",
            "http://192.168.1.1/x",
            "http://169.254.169.254/latest/meta-data/",
            "http://100.64.0.1/x",
            "http://0.0.0.0/x",
            "http://[::1]/x",
            "http://[::ffff:10.0.0.1]/x",
            "http://[fe80::1]/x",
            "http://[fd00::1]/x",
            "http://printer.local/x",
            "http://metadata.google.internal./x",
            "http://router/x",
        ] {
            let own = url(own);
            assert!(!may_ask(&own, Some(&page)), "{own}");
            assert!(!may_ask(&own, None), "{own}");
            assert!(may_ask(&own, Some(&own)), "{own}");
        }
        for public in [
            "https://cdn.example.org/x",
            "http://8.8.8.8/x",
            "http://[2606:4700::1]/",
        ] {
            assert!(may_ask(&url(public), Some(&page)), "{public}");
            assert!(may_ask(&url(public), None), "{public}");
        }
    }
}
