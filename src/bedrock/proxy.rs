//! The proxy that calls to other computers go through. This computer's own addresses are reached
//! directly, whatever is set.

use aws_smithy_http_client::proxy::ProxyConfig;
use hyper::Uri;

use super::environment::Environment;
use super::error::{Call, Error, ErrorKind};

/// Hosts that are never asked through a proxy: this computer, and what tells an instance or a container
/// who it is.
const NEVER: &str = "localhost,127.0.0.0/8,::1,169.254.169.254,169.254.170.2,fd00:ec2::254";

/// What a settings file says where no proxy is wanted.
const DIRECT: &str = "direct";

/// Which proxy is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Proxy {
    /// The one that `HTTPS_PROXY` or `ALL_PROXY` names, but for the hosts of `NO_PROXY`.
    #[default]
    Environment,
    /// None, whatever the environment says.
    Direct,
    /// This one, but for the hosts of `NO_PROXY`.
    Through(String),
}

impl Proxy {
    /// What a settings file means: nothing is the environment's, `direct` is none, and everything else
    /// an address.
    #[must_use]
    pub fn from_setting(setting: Option<&str>) -> Self {
        match setting.map(str::trim) {
            None | Some("") => Self::Environment,
            Some(DIRECT) => Self::Direct,
            Some(address) => Self::Through(address.to_owned()),
        }
    }

    /// The address in effect, and the hosts that are reached without it.
    fn in_effect(&self, environment: &Environment) -> Option<(String, String)> {
        let either = |upper: &str, lower: &str| {
            let value = environment.value(upper);
            value
                .or_else(|| environment.value(lower))
                .map(str::to_owned)
        };
        let address = match self {
            Self::Direct => return None,
            Self::Through(address) => address.clone(),
            Self::Environment => {
                either("HTTPS_PROXY", "https_proxy").or_else(|| either("ALL_PROXY", "all_proxy"))?
            }
        };
        let exempt = match either("NO_PROXY", "no_proxy") {
            Some(hosts) => format!("{NEVER},{hosts}"),
            None => NEVER.to_owned(),
        };
        // Many leave the scheme out.
        let address = if address.contains("://") {
            address
        } else {
            format!("http://{address}")
        };
        Some((address, exempt))
    }

    /// As the SDK takes it.
    pub(super) fn config(&self, environment: &Environment) -> Result<ProxyConfig, Error> {
        let Some((address, exempt)) = self.in_effect(environment) else {
            return Ok(ProxyConfig::disabled());
        };
        let uri = address.parse::<Uri>().ok().filter(|uri| {
            uri.scheme_str()
                .is_some_and(|scheme| scheme == "http" || scheme == "https")
                && uri.host().is_some_and(|host| !host.is_empty())
        });
        let config = uri.and_then(|uri| ProxyConfig::all(uri).ok());
        match config {
            Some(config) => Ok(config.no_proxy(exempt)),
            None => Err(Error::own(
                ErrorKind::InvalidEndpoint,
                "InvalidProxy",
                &Call {
                    operation: "Connect",
                    ..Call::default()
                },
                // Not the address itself: there may be a password in it.
                "The proxy's address is not like http://proxy.example:3128".to_owned(),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        variables.iter().copied().collect()
    }

    fn address(proxy: &Proxy, variables: &[(&str, &str)]) -> Option<String> {
        let (address, _) = proxy.in_effect(&environment(variables))?;
        Some(address)
    }

    #[test]
    fn the_setting_wins_over_the_environment() {
        let set = [("HTTPS_PROXY", "http://of.environment:1")];
        let proxy = Proxy::from_setting(None);
        assert_eq!(
            address(&proxy, &set).as_deref(),
            Some("http://of.environment:1")
        );
        assert_eq!(address(&proxy, &[]), None);
        let other = [("all_proxy", "plain.example:3128")];
        assert_eq!(
            address(&proxy, &other).as_deref(),
            Some("http://plain.example:3128")
        );
        assert_eq!(address(&Proxy::from_setting(Some("direct")), &set), None);
        let own = Proxy::from_setting(Some(" http://own.example:2 "));
        assert_eq!(address(&own, &set).as_deref(), Some("http://own.example:2"));
    }

    #[test]
    fn hosts_without_proxy_are_those_of_the_environment_and_ones_own() {
        let own = Proxy::Through("http://own.example:2".into());
        let (_, exempt) = own
            .in_effect(&environment(&[("NO_PROXY", ".corp.example")]))
            .unwrap();
        assert!(exempt.ends_with(",.corp.example"), "{exempt}");
        assert!(exempt.contains("169.254.169.254"), "{exempt}");
    }

    #[test]
    fn an_address_that_is_none_is_refused_without_being_shown() {
        for bad in ["ftp://user:PLANTED@x", "http://", "not a host PLANTED"] {
            let error = Proxy::Through(bad.into())
                .config(&Environment::default())
                .unwrap_err();
            assert_eq!(error.code(), "InvalidProxy");
            assert!(!format!("{error} {error:?}").contains("PLANTED"));
        }
    }
}
