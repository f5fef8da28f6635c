//! Signing in through IAM Identity Center: a person confirms a code in the browser, and this program gets a token
//! for it. The token stays in memory; the AWS CLI's files of sign-ins are neither read nor written here.

mod profile;
mod role;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_ssooidc::Client as Oidc;
use aws_sdk_ssooidc::operation::create_token::{CreateTokenError, CreateTokenOutput};
use aws_smithy_types::error::display::DisplayErrorContext;
use tokio::sync::Mutex;
use tokio::time::Instant;

use self::profile::SignOn;
pub(super) use self::profile::SignedOnProfile;
use super::environment::Environment;
use super::error::{self, Call, Error, ErrorKind};
use super::settings::Settings;
use super::{ConnectionOptions, Secret};

/// What the browser shows the person as who asks.
const CLIENT_NAME: &str = "Bedrock Playground";
/// How a token is asked for with a code that a person confirms (RFC 8628, 3.4).
const BY_DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// How a token is asked for with the one that renews it (RFC 6749, 6).
const BY_REFRESH_TOKEN: &str = "refresh_token";
/// The least time between two questions whether the code was confirmed.
const LEAST_INTERVAL: Duration = Duration::from_secs(1);
/// What is added to it when the service wants to be asked less often (RFC 8628, 3.5).
const SLOWER_BY: Duration = Duration::from_secs(5);
/// Tokens are renewed this long before they end.
const RENEW_BEFORE: Duration = Duration::from_mins(5);

/// What a person must do in the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInPrompt {
    /// The profile it is for.
    pub profile: String,
    /// Where the person signs in, as the profile has it.
    pub start_url: String,
    /// The code that the browser shows or asks for.
    pub user_code: String,
    /// The page to open.
    pub address: String,
    /// How long the code can be confirmed.
    pub valid_for: Duration,
}

/// A sign-in that waits for the person.
pub struct PendingSignIn {
    sign_on: SignOn,
    oidc: Oidc,
    client: RegisteredClient,
    device_code: Secret,
    interval: Duration,
    end: Instant,
    call: Call,
}

/// This program, as the service knows it.
struct RegisteredClient {
    id: String,
    secret: Secret,
}

/// Begins to sign in for the profile of a connection.
///
/// # Errors
/// [`ErrorKind::CredentialsFailed`] for a profile that rests on no sign-in; otherwise as for every call.
pub async fn begin_sign_in(
    options: &ConnectionOptions,
    environment: &Environment,
) -> Result<(SignInPrompt, PendingSignIn), Error> {
    let settings = Settings::resolve(options, environment).await?;
    let profile = settings.profile.clone();
    let mut call = Call {
        operation: "StartDeviceAuthorization",
        profile: Some(profile.clone()),
        ..Call::default()
    };
    let Some(SignedOnProfile { sign_on, .. }) = SignedOnProfile::of(&settings.profiles, &profile)
    else {
        let message = format!("profile {profile} names no sign-in of IAM Identity Center");
        let kind = ErrorKind::CredentialsFailed;
        return Err(Error::own(kind, "NoSignIn", &call, message));
    };
    call.region.clone_from(&sign_on.region);
    call.url = settings
        .oidc_endpoint
        .clone()
        .unwrap_or_else(|| format!("https://oidc.{}.amazonaws.com", sign_on.region));
    let config = settings.sign_in_config(&sign_on.region, settings.oidc_endpoint.as_deref());
    let oidc = Oidc::new(&config);
    let registered = oidc
        .register_client()
        .client_name(CLIENT_NAME)
        .client_type("public")
        .set_scopes((!sign_on.scopes.is_empty()).then(|| sign_on.scopes.clone()))
        .send()
        .await
        .map_err(|error| error::from_sdk(&error, &call))?;
    let client = RegisteredClient {
        id: registered.client_id.unwrap_or_default(),
        secret: registered.client_secret.unwrap_or_default().into(),
    };
    let begun = oidc
        .start_device_authorization()
        .client_id(&client.id)
        .client_secret(client.secret.expose())
        .start_url(&sign_on.start_url)
        .send()
        .await
        .map_err(|error| error::from_sdk(&error, &call))?;
    let valid_for = seconds(begun.expires_in);
    let address = begun
        .verification_uri_complete
        .or(begun.verification_uri)
        .filter(|address| super::endpoint::check(address).is_ok());
    let (Some(user_code), Some(address)) = (begun.user_code, address) else {
        let message = "The sign-in service names no page to open and no code";
        return Err(Error::own(
            ErrorKind::Unexpected,
            "NoSignInPage",
            &call,
            message,
        ));
    };
    let prompt = SignInPrompt {
        profile,
        start_url: sign_on.start_url.clone(),
        user_code,
        address,
        valid_for,
    };
    let pending = PendingSignIn {
        sign_on,
        oidc,
        client,
        device_code: begun.device_code.unwrap_or_default().into(),
        interval: seconds(begun.interval).max(LEAST_INTERVAL),
        end: Instant::now() + valid_for,
        call,
    };
    Ok((prompt, pending))
}

impl PendingSignIn {
    /// Waits until the person has confirmed the code.
    ///
    /// # Errors
    /// When the person refuses, when the code runs out, and as for every call.
    pub async fn confirmed(mut self) -> Result<SignIn, Error> {
        loop {
            tokio::time::sleep(self.interval).await;
            let asked = self
                .oidc
                .create_token()
                .client_id(&self.client.id)
                .client_secret(self.client.secret.expose())
                .grant_type(BY_DEVICE_CODE)
                .device_code(self.device_code.expose())
                .send()
                .await;
            let error = match asked {
                Ok(answer) => return self.signed_in(answer),
                Err(error) => error,
            };
            match error.as_service_error() {
                Some(CreateTokenError::AuthorizationPendingException(_)) => {}
                Some(CreateTokenError::SlowDownException(_)) => self.interval += SLOWER_BY,
                Some(CreateTokenError::ExpiredTokenException(_)) => return Err(self.too_late()),
                Some(CreateTokenError::AccessDeniedException(_)) => {
                    let message = "The sign-in was refused in the browser";
                    return Err(self.failed("SignInRefused", message));
                }
                _ => return Err(error::from_sdk(&error, &self.call)),
            }
            if Instant::now() >= self.end {
                return Err(self.too_late());
            }
        }
    }

    fn signed_in(self, answer: CreateTokenOutput) -> Result<SignIn, Error> {
        let Some(token) = Token::of(answer) else {
            return Err(self.failed("NoSignInToken", "The sign-in brought no token"));
        };
        Ok(SignIn {
            inner: Arc::new(Inner {
                sign_on: self.sign_on,
                oidc: self.oidc,
                client: self.client,
                token: Mutex::new(token),
            }),
        })
    }

    fn too_late(&self) -> Error {
        self.failed("SignInCodeExpired", "The code was not confirmed in time")
    }

    fn failed(&self, code: &str, message: &str) -> Error {
        Error::own(ErrorKind::CredentialsFailed, code, &self.call, message)
    }
}

/// A sign-in that a person made in this program: what profiles of the same start page give credentials with.
///
/// It is in memory only, and ends with the program.
#[derive(Clone)]
pub struct SignIn {
    inner: Arc<Inner>,
}

struct Inner {
    sign_on: SignOn,
    oidc: Oidc,
    client: RegisteredClient,
    token: Mutex<Token>,
}

struct Token {
    access: Secret,
    refresh: Option<Secret>,
    end: SystemTime,
}

impl Token {
    fn of(answer: CreateTokenOutput) -> Option<Self> {
        Some(Self {
            access: answer.access_token?.into(),
            refresh: answer.refresh_token.map(Secret::from),
            end: SystemTime::now() + seconds(answer.expires_in),
        })
    }

    fn lasts(&self, span: Duration) -> bool {
        self.end > SystemTime::now() + span
    }
}

impl SignIn {
    /// Whether it is for the start page of this profile.
    fn is_for(&self, profile: &SignedOnProfile) -> bool {
        self.inner.sign_on == profile.sign_on
    }

    /// The token, renewed when it is about to end.
    async fn access_token(&self) -> Result<Secret, CredentialsError> {
        let mut token = self.inner.token.lock().await;
        if token.lasts(RENEW_BEFORE) {
            return Ok(token.access.clone());
        }
        if let Some(refresh) = &token.refresh {
            match self.renewed(refresh).await {
                Ok(renewed) => *token = renewed,
                Err(why) => tracing::debug!(%why, "the sign-in is not renewed"),
            }
        }
        if token.lasts(Duration::ZERO) {
            Ok(token.access.clone())
        } else {
            Err(CredentialsError::provider_error("the sign-in has expired"))
        }
    }

    async fn renewed(&self, refresh: &Secret) -> Result<Token, String> {
        let Inner { oidc, client, .. } = &*self.inner;
        let answer = oidc
            .create_token()
            .client_id(&client.id)
            .client_secret(client.secret.expose())
            .grant_type(BY_REFRESH_TOKEN)
            .refresh_token(refresh.expose())
            .send()
            .await
            .map_err(|error| DisplayErrorContext(error).to_string())?;
        // Where none comes with it, the one that there is goes on (RFC 6749, 6).
        let mut token = Token::of(answer).ok_or("no token came")?;
        token.refresh.get_or_insert_with(|| refresh.clone());
        Ok(token)
    }
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn")
            .field("sign_on", &self.inner.sign_on)
            .finish_non_exhaustive()
    }
}

/// Two are the same when a person signed in once.
impl PartialEq for SignIn {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }
}

impl Eq for SignIn {}

fn seconds(count: i32) -> Duration {
    Duration::from_secs(count.try_into().unwrap_or_default())
}
