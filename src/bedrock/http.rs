//! How calls leave this computer: HTTP, TLS and the proxy that is set, in place of the SDK's own client,
//! which asks the program's environment about proxies whatever it is told. It knows no operation and no credentials.

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Builder, Connector, tls};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::endpoint;
use super::environment::Environment;
use super::error::Error;
use super::proxy::Proxy;

/// A client that goes through a proxy, or through none.
pub fn client(proxy: ProxyConfig) -> SharedHttpClient {
    Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder().proxy_config(proxy.clone());
        connector.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        connector.tls_provider(provider()).build()
    })
}

/// A client for this computer's own addresses, which loads no certificates and lets no proxy between; `None` for
/// others.
pub fn loopback_client(url: Option<&str>) -> Option<SharedHttpClient> {
    url.is_some_and(endpoint::is_plain_loopback)
        .then(|| Builder::new().build_http())
}

/// What connects for requests that are not the SDK's: to this computer's own addresses as
/// [`loopback_client`] does.
pub fn connector(url: &str, proxy: &Proxy) -> Result<Connector, Error> {
    if endpoint::is_plain_loopback(url) {
        return Ok(Connector::builder().build_http());
    }
    let connector = Connector::builder().proxy_config(proxy.config(&Environment::process())?);
    Ok(connector.tls_provider(provider()).build())
}

fn provider() -> tls::Provider {
    tls::Provider::Rustls(CryptoMode::Ring)
}
