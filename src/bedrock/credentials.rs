//! Credentials: where they are looked for, which were found, and keeping them.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::imds::region::ImdsRegionProvider;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::web_identity_token::{StaticConfiguration, WebIdentityTokenCredentialsProvider};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider, future};
use aws_types::region::Region;
use tokio::sync::Mutex;

use super::environment::Environment;
use super::error::{self, Call, Error, ErrorKind};
use super::profiles::{Obstacle, obstacle};
use super::settings::{DEFAULT_REGION, Settings};
use super::sign_in::SignedOnProfile;
use super::{ConnectionOptions, CredentialsSource, Secret, SignIn, behavior_version};
use crate::chat::Failure;

/// How long the instance metadata service may take: it answers at once where there is one, and its
/// address swallows packets where there is none.
const METADATA_CONNECT: Duration = Duration::from_millis(400);
const METADATA_TOTAL: Duration = Duration::from_millis(1500);
/// How long a sign-in, a role or a program may take.
const PROVIDER_TOTAL: Duration = Duration::from_mins(1);
/// Credentials are renewed this long before they end.
const RENEW_BEFORE: Duration = Duration::from_mins(5);

/// What requests are signed with.
#[derive(Clone, Debug)]
pub(super) enum Auth {
    Signed(SharedCredentialsProvider),
    Bearer(Secret),
}

/// Credentials that were found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) auth: Auth,
    /// Where, in words.
    pub(super) source: String,
    /// The profile they came from.
    pub(super) profile: Option<String>,
    /// The region the metadata service names, when the credentials are from there.
    pub(super) instance_region: Option<String>,
}

impl Found {
    fn new(auth: Auth, source: impl Into<String>) -> Self {
        Self {
            auth,
            source: source.into(),
            profile: None,
            instance_region: None,
        }
    }
}

/// Finds credentials that can really be had, without calling Bedrock.
pub(super) async fn find(
    options: &ConnectionOptions,
    environment: &Environment,
    settings: &Settings,
) -> Result<Found, Error> {
    match &options.credentials {
        CredentialsSource::ApiKey(key) => Ok(Found::new(Auth::Bearer(key.clone()), "API key")),
        CredentialsSource::Keys {
            access_key_id,
            secret_access_key,
            session_token,
        } => Ok(Found::new(
            static_keys(
                access_key_id,
                secret_access_key.expose(),
                session_token.as_ref().map(Secret::expose),
            ),
            "access keys",
        )),
        CredentialsSource::DefaultChain => {
            let mut chain = Chain {
                environment,
                settings,
                sign_in: options.sign_in.as_ref(),
                explicit_profile: options.profile.is_some(),
                looked_for: Vec::new(),
            };
            chain.walk().await
        }
    }
}

fn static_keys(access_key_id: &str, secret_access_key: &str, session_token: Option<&str>) -> Auth {
    Auth::Signed(SharedCredentialsProvider::new(Credentials::new(
        access_key_id,
        secret_access_key,
        session_token.map(str::to_owned),
        None,
        "bedrock-playground",
    )))
}

/// The usual chain, walked once: what is found is kept, what is not is listed.
struct Chain<'a> {
    environment: &'a Environment,
    settings: &'a Settings,
    sign_in: Option<&'a SignIn>,
    explicit_profile: bool,
    looked_for: Vec<String>,
}

impl Chain<'_> {
    async fn walk(&mut self) -> Result<Found, Error> {
        // A profile that was asked for by name is what is wanted, whatever else there is.
        if self.explicit_profile {
            return match self.profile().await? {
                Some(found) => Ok(found),
                None => Err(self.nothing_found()),
            };
        }
        if let Some(found) = self.api_key().or_else(|| self.keys()) {
            return Ok(found);
        }
        if let Some(found) = self.profile().await? {
            return Ok(found);
        }
        if let Some(found) = self.web_identity().await? {
            return Ok(found);
        }
        if let Some(found) = self.container().await? {
            return Ok(found);
        }
        match self.instance_metadata().await {
            Some(found) => Ok(found),
            None => Err(self.nothing_found()),
        }
    }

    fn api_key(&mut self) -> Option<Found> {
        let Some((key, origin)) = self.environment.get("AWS_BEARER_TOKEN_BEDROCK") else {
            self.looked_for
                .push("AWS_BEARER_TOKEN_BEDROCK (not set)".into());
            return None;
        };
        Some(Found::new(
            Auth::Bearer(key.into()),
            format!("{} (AWS_BEARER_TOKEN_BEDROCK)", origin.label()),
        ))
    }

    fn keys(&mut self) -> Option<Found> {
        let id = self.environment.get("AWS_ACCESS_KEY_ID");
        let secret = self.environment.value("AWS_SECRET_ACCESS_KEY");
        let (Some((id, origin)), Some(secret)) = (id, secret) else {
            let missing = match (id, secret) {
                (None, None) => "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (not set)",
                (None, Some(_)) => "AWS_ACCESS_KEY_ID (not set, though AWS_SECRET_ACCESS_KEY is)",
                _ => "AWS_SECRET_ACCESS_KEY (not set, though AWS_ACCESS_KEY_ID is)",
            };
            self.looked_for.push(missing.into());
            return None;
        };
        let auth = static_keys(id, secret, self.environment.value("AWS_SESSION_TOKEN"));
        Some(Found::new(auth, origin.label()))
    }

    async fn profile(&mut self) -> Result<Option<Found>, Error> {
        let name = &self.settings.profile;
        if self.settings.profiles.get_profile(name).is_none() {
            self.looked_for.push(format!(
                "profile {name} in ~/.aws/config and ~/.aws/credentials (no such profile)"
            ));
            return Ok(None);
        }
        #[expect(
            deprecated,
            reason = "aws-config still takes the files under their old name"
        )]
        let files: aws_config::profile::profile_file::ProfileFiles = self.settings.files.clone();
        let provider = ProfileFileCredentialsProvider::builder()
            .configure(&self.provider_config())
            .profile_files(files)
            .profile_name(name)
            .build();
        let (provider, source) = match Box::pin(self.signed_in()).await {
            Some(provider) => (provider, format!("sign-in for profile {name}")),
            None => (
                SharedCredentialsProvider::new(provider),
                format!("profile {name}"),
            ),
        };
        let found = match self.try_provider(provider, &source, Some(name)).await {
            Ok(found) => found,
            Err(error) => return Err(self.explained(error)),
        };
        Ok(found.map(|found| Found {
            profile: Some(name.clone()),
            ..found
        }))
    }

    /// What gives the profile's credentials when a person signed in for it in this program.
    async fn signed_in(&self) -> Option<SharedCredentialsProvider> {
        let sign_in = self.sign_in?;
        let profile = SignedOnProfile::of(&self.settings.profiles, &self.settings.profile)?;
        sign_in.provider(profile, self.settings).await
    }

    /// Some things the SDK cannot do it does not name; the profile tells.
    fn explained(&self, error: Error) -> Error {
        let name = &self.settings.profile;
        if error.code() == Failure::SIGN_IN_REQUIRED
            && SignedOnProfile::of(&self.settings.profiles, name).is_some()
        {
            let call = connect_call(Some(name.clone()));
            let message = format!("The sign-in for profile {name} has ended, or was never made");
            return Error::own(ErrorKind::ExpiredToken, error.code(), &call, message);
        }
        if error.kind() != &ErrorKind::CredentialsFailed {
            return error;
        }
        let (code, message) = match obstacle(&self.settings.profiles, name) {
            Some(Obstacle::Mfa(device)) => (
                "MfaRequired",
                format!(
                    "profile {name} may need a code from the MFA device {device}, which cannot be \
                     asked for here: {}",
                    error.message()
                ),
            ),
            Some(Obstacle::Login) => (
                "LoginUnsupported",
                format!("profile {name} signs in with `aws login`, which cannot be used directly"),
            ),
            None => return error,
        };
        let call = connect_call(Some(name.clone()));
        Error::own(ErrorKind::CredentialsFailed, code, &call, message)
    }

    async fn web_identity(&mut self) -> Result<Option<Found>, Error> {
        let value = |name| self.environment.value(name);
        let (Some(file), Some(role)) =
            (value("AWS_WEB_IDENTITY_TOKEN_FILE"), value("AWS_ROLE_ARN"))
        else {
            self.looked_for
                .push("web identity (AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN not set)".into());
            return Ok(None);
        };
        let provider = WebIdentityTokenCredentialsProvider::builder()
            .configure(&self.provider_config())
            .static_configuration(StaticConfiguration {
                web_identity_token_file: file.into(),
                role_arn: role.to_owned(),
                session_name: value("AWS_ROLE_SESSION_NAME")
                    .unwrap_or("bedrock-playground")
                    .to_owned(),
            })
            .build();
        self.try_provider(provider, "web identity", None).await
    }

    async fn container(&mut self) -> Result<Option<Found>, Error> {
        let names = [
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        ];
        if names
            .into_iter()
            .all(|name| self.environment.value(name).is_none())
        {
            self.looked_for
                .push("container role (AWS_CONTAINER_CREDENTIALS_… not set)".into());
            return Ok(None);
        }
        let provider = EcsCredentialsProvider::builder()
            .configure(&self.provider_config())
            .build();
        self.try_provider(provider, "container role", None).await
    }

    async fn instance_metadata(&mut self) -> Option<Found> {
        if self.environment.flag("AWS_EC2_METADATA_DISABLED") == Some(true) {
            self.looked_for
                .push("instance metadata (switched off by AWS_EC2_METADATA_DISABLED)".into());
            return None;
        }
        let client = imds::Client::builder()
            .configure(&self.provider_config())
            .connect_timeout(METADATA_CONNECT)
            .read_timeout(METADATA_TOTAL)
            .max_attempts(1)
            .build();
        let provider = Kept::new(
            ImdsCredentialsProvider::builder()
                .configure(&self.provider_config())
                .imds_client(client.clone())
                .build(),
        );
        let answered = tokio::time::timeout(METADATA_TOTAL, provider.provide_credentials()).await;
        if !matches!(answered, Ok(Ok(_))) {
            self.looked_for.push("instance metadata (no answer)".into());
            return None;
        }
        let region = ImdsRegionProvider::builder()
            .configure(&self.provider_config())
            .imds_client(client)
            .build();
        let region = tokio::time::timeout(METADATA_TOTAL, region.region()).await;
        Some(Found {
            instance_region: region.ok().flatten().map(|region| region.to_string()),
            ..Found::new(
                Auth::Signed(SharedCredentialsProvider::new(provider)),
                "instance metadata",
            )
        })
    }

    /// Asks a provider once. `None` when it has nothing; an error when it should have something and
    /// cannot give it, for then going on would hide what is wrong.
    async fn try_provider(
        &mut self,
        provider: impl ProvideCredentials + 'static,
        source: &str,
        profile: Option<&String>,
    ) -> Result<Option<Found>, Error> {
        let provider = Kept::new(provider);
        let asked = tokio::time::timeout(PROVIDER_TOTAL, provider.provide_credentials()).await;
        let cause = match asked {
            Ok(Ok(_)) => {
                let auth = Auth::Signed(SharedCredentialsProvider::new(provider));
                return Ok(Some(Found::new(auth, source)));
            }
            Ok(Err(CredentialsError::CredentialsNotLoaded(_))) => {
                self.looked_for
                    .push(format!("{source} (holds no credentials)"));
                return Ok(None);
            }
            Ok(Err(cause)) => cause,
            Err(_) => CredentialsError::provider_timed_out(PROVIDER_TOTAL),
        };
        let call = connect_call(profile.cloned());
        let error = error::from_credentials(&cause, &call);
        let message = format!("{source} cannot give credentials: {}", error.message());
        let code = error.code().to_owned();
        Err(Error::own(error.kind().clone(), &code, &call, message))
    }

    fn provider_config(&self) -> ProviderConfig {
        let region = self
            .settings
            .region
            .as_ref()
            .map_or(DEFAULT_REGION, |(region, _)| region);
        ProviderConfig::without_region()
            .with_region(Some(Region::new(region.to_owned())))
            .with_behavior_version(Some(behavior_version()))
            .with_use_fips(Some(self.settings.fips))
            .with_use_dual_stack(Some(self.settings.dual_stack))
            .with_http_client(self.settings.http_client.clone())
    }

    fn nothing_found(&self) -> Error {
        let profile = self.explicit_profile.then(|| self.settings.profile.clone());
        Error::own(
            ErrorKind::NoCredentials,
            "NoCredentials",
            &connect_call(profile),
            format!(
                "No AWS credentials were found. Looked for: {}",
                self.looked_for.join("; ")
            ),
        )
    }
}

fn connect_call(profile: Option<String>) -> Call {
    Call {
        operation: "Connect",
        profile,
        ..Call::default()
    }
}

/// Keeps what a provider gave until it nears its end. The SDK caches too, but each client for
/// itself, and a sign-in program must not be started three times.
#[derive(Clone, Debug)]
struct Kept<P> {
    provider: Arc<P>,
    last: Arc<Mutex<Option<Credentials>>>,
}

impl<P: ProvideCredentials> Kept<P> {
    fn new(provider: P) -> Self {
        Self {
            provider: Arc::new(provider),
            last: Arc::default(),
        }
    }

    async fn get(&self) -> provider::Result {
        let mut last = self.last.lock().await;
        if let Some(credentials) = last.as_ref()
            && credentials
                .expiry()
                .is_none_or(|end| end > SystemTime::now() + RENEW_BEFORE)
        {
            return Ok(credentials.clone());
        }
        let fresh = self.provider.provide_credentials().await?;
        *last = Some(fresh.clone());
        Ok(fresh)
    }
}

impl<P: ProvideCredentials> ProvideCredentials for Kept<P> {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.get())
    }
}
