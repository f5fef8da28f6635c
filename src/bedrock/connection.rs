//! A connection: region, credentials and endpoints, and the clients made from them.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_bedrockruntime::config::endpoint::{DefaultResolver, Params, ResolveEndpoint as _};
use aws_sdk_bedrockruntime::config::{IdentityCache, StalledStreamProtectionConfig, Token};
use aws_smithy_runtime_api::client::auth::http::HTTP_BEARER_AUTH_SCHEME_ID;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;

use super::credentials::{self, Auth};
use super::environment::Environment;
use super::error::{self, Call, Error, ErrorKind};
use super::http::loopback_client;
use super::patience::{CONNECT, Patience, control_timeouts};
use super::proxy::Proxy;
use super::retry::NeverBilledTwice;
use super::settings::{DEFAULT_REGION, Settings};
use super::{Secret, SignIn, endpoint};
use crate::catalog::ModelId;

/// How long an upload may stand still.
const UPLOAD_GRACE: Duration = Duration::from_secs(30);

/// What a connection is made from. What is `None` comes from the environment or the profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectionOptions {
    /// The region, for instance `eu-central-1`.
    pub region: Option<String>,
    /// The profile of `~/.aws/config` and `~/.aws/credentials`.
    pub profile: Option<String>,
    /// Where both of Bedrock's services are reached instead of their own addresses.
    pub endpoint_url: Option<String>,
    /// Who asks.
    pub credentials: CredentialsSource,
    /// Whether FIPS endpoints are used.
    pub fips: Option<bool>,
    /// Whether endpoints that speak IPv6 too are used.
    pub dual_stack: Option<bool>,
    /// The proxy that calls go through.
    pub proxy: Proxy,
    /// The sign-in that profiles of its start page get their credentials with.
    pub sign_in: Option<SignIn>,
}

/// Where credentials come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CredentialsSource {
    /// Environment, profile, web identity, container, instance metadata: the first that has any.
    #[default]
    DefaultChain,
    /// These keys.
    Keys {
        /// The access key's id; not a secret.
        access_key_id: String,
        /// The secret that belongs to it.
        secret_access_key: Secret,
        /// For temporary keys.
        session_token: Option<Secret>,
    },
    /// An Amazon Bedrock API key.
    ApiKey(Secret),
}

/// A way to Bedrock. Cheap to clone; clones share clients and their open connections.
#[derive(Clone)]
pub struct Connection {
    inner: Arc<Inner>,
    patience: Patience,
}

struct Inner {
    control: aws_sdk_bedrock::Client,
    runtime: aws_sdk_bedrockruntime::Client,
    sts: Option<aws_sdk_sts::Client>,
    s3: Option<aws_sdk_s3::Client>,
    region: String,
    region_source: String,
    credentials_source: String,
    profile: Option<String>,
    endpoint_url: Option<String>,
    runtime_url: String,
    control_url: String,
}

impl Connection {
    /// Opens a connection: finds region and credentials and tries that they can be had, without
    /// calling Bedrock. A `.env` file in the working folder may name credentials, region and profile.
    ///
    /// # Errors
    /// [`ErrorKind::NoCredentials`](super::ErrorKind::NoCredentials) when nothing has any,
    /// [`ErrorKind::ExpiredToken`](super::ErrorKind::ExpiredToken) when a sign-in ran out,
    /// [`ErrorKind::InvalidEndpoint`](super::ErrorKind::InvalidEndpoint) for plain http to another
    /// computer.
    pub async fn open(options: ConnectionOptions) -> Result<Self, Error> {
        Self::open_in(options, &Environment::of_program()).await
    }

    /// Opens a connection with other variables than the process's.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn open_in(
        options: ConnectionOptions,
        environment: &Environment,
    ) -> Result<Self, Error> {
        let settings = Settings::resolve(&options, environment).await?;
        let found = credentials::find(&options, environment, &settings).await?;
        let (region, region_source) = settings
            .region
            .clone()
            .or_else(|| {
                let region = found.instance_region.clone()?;
                Some((region, "instance metadata".to_owned()))
            })
            .unwrap_or_else(|| (DEFAULT_REGION.to_owned(), "default".to_owned()));
        let shared = shared_config(&settings, &found.auth, &region);
        let runtime_url = runtime_url(&settings, &region).await?;
        let control_url = settings
            .control_endpoint
            .clone()
            // The two services' own addresses differ in this alone.
            .unwrap_or_else(|| runtime_url.replacen("bedrock-runtime", "bedrock", 1));
        Ok(Self {
            inner: Arc::new(Inner {
                control: control_client(&shared, settings.control_endpoint.as_deref()),
                runtime: runtime_client(&shared, settings.runtime_endpoint.as_deref()),
                sts: sts_client(&shared, &found.auth, &settings),
                s3: s3_client(&shared, &found.auth, settings.runtime_endpoint.as_deref()),
                region,
                region_source,
                credentials_source: found.source,
                profile: found.profile,
                endpoint_url: settings.runtime_endpoint,
                runtime_url,
                control_url,
            }),
            patience: Patience::default(),
        })
    }

    /// The same connection with other limits to silence.
    #[must_use]
    pub fn with_patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// The region requests go to.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.inner.region
    }

    /// Where the region was named: `explicit`, `environment (AWS_REGION)`, `profile dev`,
    /// `instance metadata`, or `default` when nothing names one.
    #[must_use]
    pub fn region_source(&self) -> &str {
        &self.inner.region_source
    }

    /// Where the credentials are from: `explicit`, `environment`, `profile dev` and the like.
    #[must_use]
    pub fn credentials_source(&self) -> &str {
        &self.inner.credentials_source
    }

    /// The profile the credentials are from.
    #[must_use]
    pub fn profile(&self) -> Option<&str> {
        self.inner.profile.as_deref()
    }

    /// Where models are invoked, when it is not AWS's own address.
    #[must_use]
    pub fn endpoint_url(&self) -> Option<&str> {
        self.inner.endpoint_url.as_deref()
    }

    /// Where models are invoked.
    #[must_use]
    pub fn runtime_url(&self) -> &str {
        &self.inner.runtime_url
    }

    /// Where models are listed.
    #[must_use]
    pub fn control_url(&self) -> &str {
        &self.inner.control_url
    }

    /// Whether models are invoked on this machine, and so perhaps simulated.
    #[must_use]
    pub fn is_local(&self) -> bool {
        endpoint::is_plain_loopback(self.runtime_url())
    }

    pub(super) fn control(&self) -> &aws_sdk_bedrock::Client {
        &self.inner.control
    }

    pub(super) fn runtime(&self) -> &aws_sdk_bedrockruntime::Client {
        &self.inner.runtime
    }

    pub(super) fn sts(&self) -> Option<&aws_sdk_sts::Client> {
        self.inner.sts.as_ref()
    }

    pub(super) fn s3(&self) -> Option<&aws_sdk_s3::Client> {
        self.inner.s3.as_ref()
    }

    pub(super) fn patience(&self) -> Patience {
        self.patience
    }

    /// What an operation of the runtime is about to ask.
    pub(super) fn call(&self, operation: &'static str, model: Option<&ModelId>) -> Call {
        Call {
            operation,
            model: model.cloned(),
            region: self.inner.region.clone(),
            profile: self.inner.profile.clone(),
            url: self.inner.runtime_url.clone(),
        }
    }

    /// What an operation of the control plane is about to ask.
    pub(super) fn control_call(&self, operation: &'static str, model: Option<&ModelId>) -> Call {
        Call {
            url: self.inner.control_url.clone(),
            ..self.call(operation, model)
        }
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection")
            .field("region", &self.inner.region)
            .field("endpoint_url", &self.inner.endpoint_url)
            .field("credentials_source", &self.inner.credentials_source)
            .finish_non_exhaustive()
    }
}

fn shared_config(settings: &Settings, auth: &Auth, region: &str) -> SdkConfig {
    let mut retries = RetryConfig::standard();
    if let Some(attempts) = settings.max_attempts {
        retries = retries.with_max_attempts(attempts);
    }
    let mut config = settings
        .sdk_config(region)
        .retry_config(retries)
        .timeout_config(TimeoutConfig::builder().connect_timeout(CONNECT).build())
        .identity_cache(IdentityCache::lazy().build());
    match auth {
        Auth::Signed(provider) => config.set_credentials_provider(Some(provider.clone())),
        Auth::Bearer(key) => {
            let token = Token::new(key.expose(), None);
            config.set_auth_scheme_preference(Some([HTTP_BEARER_AUTH_SCHEME_ID]));
            config.set_token_provider(Some(
                aws_credential_types::provider::token::SharedTokenProvider::new(token),
            ))
        }
    };
    config.build()
}

/// The address the SDK's own rules lead to; some settings exclude each other, and that is better said
/// now than on the first call.
async fn runtime_url(settings: &Settings, region: &str) -> Result<String, Error> {
    let failed = |error: &(dyn std::error::Error + 'static)| {
        let call = Call {
            operation: "Connect",
            ..Call::default()
        };
        let message = format!("There is no endpoint: {}", error::in_words(error));
        Error::own(
            ErrorKind::InvalidEndpoint,
            "InvalidEndpoint",
            &call,
            message,
        )
    };
    let params = Params::builder()
        .region(region)
        .use_fips(settings.fips)
        .use_dual_stack(settings.dual_stack)
        .set_endpoint(settings.runtime_endpoint.clone())
        .build()
        .map_err(|error| failed(&error))?;
    let endpoint = DefaultResolver::new()
        .resolve_endpoint(&params)
        .await
        .map_err(|error| failed(error.as_ref()))?;
    Ok(endpoint.url().to_owned())
}

fn control_client(shared: &SdkConfig, endpoint_url: Option<&str>) -> aws_sdk_bedrock::Client {
    let mut config =
        aws_sdk_bedrock::config::Builder::from(shared).timeout_config(control_timeouts());
    config.set_endpoint_url(endpoint_url.map(str::to_owned));
    if let Some(client) = loopback_client(endpoint_url) {
        config.set_http_client(Some(client));
    }
    aws_sdk_bedrock::Client::from_conf(config.build())
}

/// A client to ask who one is. There is none for an API key, which has no identity to tell, nor where
/// models are on this computer and STS is not: made-up keys are not shown to AWS.
fn sts_client(shared: &SdkConfig, auth: &Auth, settings: &Settings) -> Option<aws_sdk_sts::Client> {
    let endpoint_url = settings.sts_endpoint.as_deref();
    let is_local = settings
        .runtime_endpoint
        .as_deref()
        .is_some_and(endpoint::is_plain_loopback);
    if matches!(auth, Auth::Bearer(_)) || (is_local && endpoint_url.is_none()) {
        return None;
    }
    let mut config = aws_sdk_sts::config::Builder::from(shared).timeout_config(control_timeouts());
    config.set_endpoint_url(endpoint_url.map(str::to_owned));
    if let Some(client) = loopback_client(endpoint_url) {
        config.set_http_client(Some(client));
    }
    Some(aws_sdk_sts::Client::from_conf(config.build()))
}

/// A client for files of batch jobs; S3 takes no API key. Where models are on this computer, so are
/// the files: made-up keys are not shown to AWS.
fn s3_client(
    shared: &SdkConfig,
    auth: &Auth,
    endpoint_url: Option<&str>,
) -> Option<aws_sdk_s3::Client> {
    if matches!(auth, Auth::Bearer(_)) {
        return None;
    }
    let mut config = aws_sdk_s3::config::Builder::from(shared);
    if let Some(client) = loopback_client(endpoint_url) {
        config.set_http_client(Some(client));
        config.set_endpoint_url(endpoint_url.map(str::to_owned));
        config.set_force_path_style(Some(true));
    }
    Some(aws_sdk_s3::Client::from_conf(config.build()))
}

fn runtime_client(
    shared: &SdkConfig,
    endpoint_url: Option<&str>,
) -> aws_sdk_bedrockruntime::Client {
    let mut config = aws_sdk_bedrockruntime::config::Builder::from(shared)
        .retry_classifier(NeverBilledTwice)
        // A model may think for minutes between two words; `Patience` watches over downloads.
        .stalled_stream_protection(
            StalledStreamProtectionConfig::enabled()
                .download_enabled(false)
                .grace_period(UPLOAD_GRACE)
                .build(),
        );
    config.set_endpoint_url(endpoint_url.map(str::to_owned));
    if let Some(client) = loopback_client(endpoint_url) {
        config.set_http_client(Some(client));
    }
    aws_sdk_bedrockruntime::Client::from_conf(config.build())
}
