//! Where requests go, and that secrets do not go there in the clear.

use std::borrow::Cow;
use std::net::IpAddr;

use hyper::Uri;

use super::error::{Call, Error, ErrorKind};

/// Whether an address is this computer's own, by plain http.
pub(super) fn is_plain_loopback(url: &str) -> bool {
    parse(url).is_some_and(|(secure, host)| !secure && is_loopback(&host))
}

/// Takes an address that requests with credentials may be sent to: https anywhere, http only to this
/// computer.
pub(super) fn check(url: &str) -> Result<(), Error> {
    let call = Call {
        operation: "Connect",
        ..Call::default()
    };
    match parse(url) {
        None => Err(Error::own(
            ErrorKind::InvalidEndpoint,
            "InvalidEndpoint",
            &call,
            format!(
                "The endpoint is not an http or https address: {}",
                without_userinfo(url)
            ),
        )),
        Some((false, host)) if !is_loopback(&host) => Err(Error::own(
            ErrorKind::InvalidEndpoint,
            "InsecureEndpoint",
            &call,
            format!(
                "Credentials are not sent over plain http to another computer: {}",
                without_userinfo(url)
            ),
        )),
        // It would be shown and written wherever the address is.
        Some(_) if without_userinfo(url) != url => Err(Error::own(
            ErrorKind::InvalidEndpoint,
            "InvalidEndpoint",
            &call,
            format!(
                "The endpoint's address has a name or a password before the @: give {}",
                without_userinfo(url)
            ),
        )),
        Some(_) => Ok(()),
    }
}

/// An address without the name and the password that may stand in it.
fn without_userinfo(url: &str) -> Cow<'_, str> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..end].rfind('@') {
        None => Cow::Borrowed(url),
        Some(at) if scheme.is_empty() => Cow::Borrowed(&rest[at + 1..]),
        Some(at) => Cow::Owned(format!("{scheme}://{}", &rest[at + 1..])),
    }
}

/// Whether it is https, and the host.
fn parse(url: &str) -> Option<(bool, String)> {
    let uri: Uri = url.parse().ok()?;
    let secure = match uri.scheme_str()? {
        "https" => true,
        "http" => false,
        _ => return None,
    };
    let host = uri.host().filter(|host| !host.is_empty())?;
    Some((secure, host.to_ascii_lowercase()))
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.ends_with(".localhost")
        || address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_computer_only() {
        for fine in [
            "http://127.0.0.1:8080",
            "http://localhost",
            "http://[::1]:9/",
            "http://127.9.9.9",
            "https://bedrock-runtime.eu-west-1.amazonaws.com",
            "https://vpce-1.bedrock-runtime.us-east-1.vpce.amazonaws.com",
        ] {
            assert!(check(fine).is_ok(), "{fine}");
        }
        for (bad, code) in [
            ("http://bedrock.example", "InsecureEndpoint"),
            ("http://127.0.0.1.example", "InsecureEndpoint"),
            ("http://localhost.example", "InsecureEndpoint"),
            ("http://localhost@stranger.example", "InsecureEndpoint"),
            ("https://me:hunter2@gateway.example/v1", "InvalidEndpoint"),
            ("http://me:hunter2@gateway.example", "InsecureEndpoint"),
            ("ftp://me:hunter2@gateway.example", "InvalidEndpoint"),
            ("me:hunter2@gateway.example", "InvalidEndpoint"),
            ("http://me:hunter2@127.0.0.1:8080", "InvalidEndpoint"),
            ("http://0.0.0.0", "InsecureEndpoint"),
            ("ftp://127.0.0.1", "InvalidEndpoint"),
            ("127.0.0.1:8080", "InvalidEndpoint"),
            ("", "InvalidEndpoint"),
        ] {
            assert_eq!(
                check(bad).map_err(|e| e.code().to_owned()),
                Err(code.into())
            );
        }
    }
}
