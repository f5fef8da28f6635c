//! The credentials that a sign-in gives: those of the profile's role, and of the roles taken on with it.

use std::time::{Duration, SystemTime};

use aws_config::sts::AssumeRoleProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider, future};
use aws_sdk_sso::Client as Portal;

use super::{SignIn, SignedOnProfile};
use crate::bedrock::settings::{DEFAULT_REGION, Settings};

/// What the role of a signed-on profile is asked for with.
#[derive(Debug)]
struct RoleCredentials {
    sign_in: SignIn,
    portal: Portal,
    account: String,
    role: String,
}

impl SignIn {
    /// What gives the credentials of a profile; `None` for a profile of another start page.
    pub(in crate::bedrock) async fn provider(
        &self,
        profile: SignedOnProfile,
        settings: &Settings,
    ) -> Option<SharedCredentialsProvider> {
        if !self.is_for(&profile) {
            return None;
        }
        let portal = settings.portal_endpoint.as_deref();
        let portal = settings.sign_in_config(&profile.sign_on.region, portal);
        let mut provider = SharedCredentialsProvider::new(RoleCredentials {
            sign_in: self.clone(),
            portal: Portal::new(&portal),
            account: profile.account,
            role: profile.role,
        });
        let region = settings.region.as_ref();
        let region = region.map_or(DEFAULT_REGION, |(region, _)| region);
        let sts = settings.sign_in_config(region, settings.sts_endpoint.as_deref());
        for role in profile.assumed {
            let session_name = role.session_name.as_deref().unwrap_or("bedrock-playground");
            let mut taken_on = AssumeRoleProvider::builder(role.arn)
                .configure(&sts)
                .session_name(session_name);
            if let Some(id) = role.external_id {
                taken_on = taken_on.external_id(id);
            }
            if let Some(seconds) = role.seconds {
                taken_on = taken_on.session_length(Duration::from_secs(seconds));
            }
            provider = SharedCredentialsProvider::new(taken_on.build_from_provider(provider).await);
        }
        Some(provider)
    }
}

impl RoleCredentials {
    async fn get(&self) -> provider::Result {
        let token = self.sign_in.access_token().await?;
        let answer = self
            .portal
            .get_role_credentials()
            .access_token(token.expose())
            .account_id(&self.account)
            .role_name(&self.role)
            .send()
            .await
            .map_err(CredentialsError::provider_error)?;
        let found = answer.role_credentials;
        let found = found.ok_or_else(|| CredentialsError::unhandled("no credentials came"))?;
        let missing = || CredentialsError::unhandled("half of the credentials is missing");
        let end = u64::try_from(found.expiration).map_err(CredentialsError::unhandled)?;
        Ok(Credentials::new(
            found.access_key_id.ok_or_else(missing)?,
            found.secret_access_key.ok_or_else(missing)?,
            found.session_token,
            Some(SystemTime::UNIX_EPOCH + Duration::from_millis(end)),
            "bedrock-playground",
        ))
    }
}

impl ProvideCredentials for RoleCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.get())
    }
}
