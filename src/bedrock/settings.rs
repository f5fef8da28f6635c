//! Region, profile and endpoints: what is set, and where.
//!
//! Explicit options win over the environment, which wins over the profile. Every value keeps the
//! name of the place it came from, for the window shows it.

use aws_config::profile::ProfileSet;
use aws_runtime::env_config::EnvConfigValue;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_smithy_async::time::SystemTimeSource;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_types::app_name::AppName;
use aws_types::os_shim_internal::{Env, Fs};
use aws_types::region::Region;
use aws_types::{SdkConfig, sdk_config};

use super::environment::{Environment, parse_flag};
use super::error::Error;
use super::patience::control_timeouts;
use super::{ConnectionOptions, behavior_version, endpoint, http};

/// Where Bedrock is tried when nothing names a region: the region that offers most models.
pub(super) const DEFAULT_REGION: &str = "us-east-1";

/// Everything but credentials. It has no `Debug`: profiles hold keys.
pub(super) struct Settings {
    pub(super) region: Option<(String, String)>,
    /// The profile in effect, whether or not it exists.
    pub(super) profile: String,
    /// The files, read once.
    pub(super) files: EnvConfigFiles,
    pub(super) profiles: ProfileSet,
    pub(super) runtime_endpoint: Option<String>,
    pub(super) control_endpoint: Option<String>,
    pub(super) sts_endpoint: Option<String>,
    /// Where a sign-in is made.
    pub(super) oidc_endpoint: Option<String>,
    /// Where credentials are had for a sign-in.
    pub(super) portal_endpoint: Option<String>,
    pub(super) fips: bool,
    pub(super) dual_stack: bool,
    pub(super) max_attempts: Option<u32>,
    /// What calls go through.
    pub(super) http_client: SharedHttpClient,
}

impl Settings {
    pub(super) async fn resolve(
        options: &ConnectionOptions,
        environment: &Environment,
    ) -> Result<Self, Error> {
        let env = environment.to_sdk();
        let files = profile_files(environment);
        let profile = options
            .profile
            .clone()
            .or_else(|| environment.value("AWS_PROFILE").map(str::to_owned))
            .unwrap_or_else(|| "default".to_owned());
        let profiles = load_profiles(&env, &files, &profile).await;
        let (runtime_endpoint, control_endpoint) = match &options.endpoint_url {
            Some(url) => (Some(url.clone()), Some(url.clone())),
            None => (
                configured_endpoint("Bedrock Runtime", environment, &env, &profiles),
                configured_endpoint("Bedrock", environment, &env, &profiles),
            ),
        };
        let configured = |service| configured_endpoint(service, environment, &env, &profiles);
        let sts_endpoint = configured("STS");
        let oidc_endpoint = configured("SSO OIDC");
        let portal_endpoint = configured("SSO");
        let endpoints = [
            &runtime_endpoint,
            &control_endpoint,
            &sts_endpoint,
            &oidc_endpoint,
            &portal_endpoint,
        ];
        for url in endpoints.into_iter().flatten() {
            endpoint::check(url)?;
        }
        let http_client = http::client(options.proxy.config(environment)?);
        let switch = |variable: &str, key: &str| {
            environment
                .flag(variable)
                .or_else(|| profiles.get(key).and_then(parse_flag))
                .unwrap_or(false)
        };
        Ok(Self {
            region: region(options, environment, &profiles, &profile),
            fips: options
                .fips
                .unwrap_or_else(|| switch("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")),
            dual_stack: options
                .dual_stack
                .unwrap_or_else(|| switch("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")),
            max_attempts: EnvConfigValue::new()
                .env("AWS_MAX_ATTEMPTS")
                .profile("max_attempts")
                .load(&env, Some(&profiles))
                .and_then(|(value, _)| value.trim().parse().ok())
                .filter(|attempts| *attempts > 0),
            http_client,
            profile,
            files,
            profiles,
            runtime_endpoint,
            control_endpoint,
            sts_endpoint,
            oidc_endpoint,
            portal_endpoint,
        })
    }

    /// What all clients are made from.
    pub(super) fn sdk_config(&self, region: &str) -> sdk_config::Builder {
        let mut config = SdkConfig::builder()
            .behavior_version(behavior_version())
            .region(Region::new(region.to_owned()))
            .use_fips(self.fips)
            .use_dual_stack(self.dual_stack);
        config.set_http_client(Some(self.http_client.clone()));
        config.set_app_name(AppName::new("bedrock-playground").ok());
        config
    }

    /// What clients are made from that nobody needs to be signed in for.
    pub(super) fn sign_in_config(&self, region: &str, endpoint_url: Option<&str>) -> SdkConfig {
        let mut config = self
            .sdk_config(region)
            .retry_config(RetryConfig::standard())
            .timeout_config(control_timeouts())
            .time_source(SystemTimeSource::new());
        config.set_endpoint_url(endpoint_url.map(str::to_owned));
        if let Some(client) = http::loopback_client(endpoint_url) {
            config.set_http_client(Some(client));
        }
        config.build()
    }
}

fn region(
    options: &ConnectionOptions,
    environment: &Environment,
    profiles: &ProfileSet,
    profile: &str,
) -> Option<(String, String)> {
    let explicit = options
        .region
        .as_deref()
        .map(str::trim)
        .filter(|region| !region.is_empty());
    if let Some(region) = explicit {
        return Some((region.to_owned(), "as given".to_owned()));
    }
    let of_profile = || {
        let region = profiles.get("region")?.trim();
        (!region.is_empty()).then(|| (region.to_owned(), format!("profile {profile}")))
    };
    let of_environment = || {
        ["AWS_REGION", "AWS_DEFAULT_REGION"]
            .into_iter()
            .find_map(|name| {
                let (region, origin) = environment.get(name)?;
                Some((region.to_owned(), format!("{} ({name})", origin.label())))
            })
    };
    of_environment().or_else(of_profile)
}

/// The endpoint that environment or profile name for a service; its own before the one for all.
fn configured_endpoint(
    service_id: &str,
    environment: &Environment,
    env: &Env,
    profiles: &ProfileSet,
) -> Option<String> {
    let ignored = environment
        .flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
        .or_else(|| {
            profiles
                .get("ignore_configured_endpoint_urls")
                .and_then(parse_flag)
        })
        .unwrap_or(false);
    if ignored {
        return None;
    }
    let value = EnvConfigValue::new()
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .service_id(service_id);
    let (url, _) = value.load(env, Some(profiles))?;
    let url = url.trim();
    (!url.is_empty()).then(|| url.to_owned())
}

/// `~/.aws/config` and `~/.aws/credentials`, or the files the environment names. A file that is not
/// there counts as empty.
pub(super) fn profile_files(environment: &Environment) -> EnvConfigFiles {
    let mut files = EnvConfigFiles::builder();
    for (kind, variable, name) in [
        (EnvConfigFileKind::Config, "AWS_CONFIG_FILE", "config"),
        (
            EnvConfigFileKind::Credentials,
            "AWS_SHARED_CREDENTIALS_FILE",
            "credentials",
        ),
    ] {
        let home = environment.home();
        let path = match environment.value(variable) {
            Some(path) => match (path.strip_prefix("~/"), home) {
                (Some(rest), Some(home)) => Some(home.join(rest)),
                _ => Some(path.into()),
            },
            None => home.map(|home| home.join(".aws").join(name)),
        };
        let text = path
            .and_then(|path| match std::fs::read_to_string(&path) {
                Ok(text) => Some(text),
                Err(error) => {
                    tracing::debug!(path = %path.display(), %error, "profile file not read");
                    None
                }
            })
            .unwrap_or_default();
        files = files.with_contents(kind, text);
    }
    files.build()
}

/// Profiles that cannot be read are as good as none, as in AWS's own tools; the log says why.
pub(super) async fn load_profiles(env: &Env, files: &EnvConfigFiles, selected: &str) -> ProfileSet {
    match aws_config::profile::load(&Fs::real(), env, files, Some(selected.to_owned().into())).await
    {
        Ok(profiles) => profiles,
        Err(error) => {
            tracing::warn!(%error, "the profile files cannot be read");
            ProfileSet::default()
        }
    }
}
