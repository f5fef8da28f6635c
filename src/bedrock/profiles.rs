//! The named profiles of `~/.aws/config` and `~/.aws/credentials`, to choose from.

use aws_config::profile::{Profile, ProfileSet};

use super::environment::Environment;
use super::settings::{load_profiles, profile_files};
use super::sign_in::SignedOnProfile;

/// One profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileSummary {
    /// Its name.
    pub name: String,
    /// The region it names.
    pub region: Option<String>,
    /// Where its credentials come from.
    pub credentials: ProfileCredentials,
    /// Whether a sign-in with the browser brings them, at once or to take on a role with.
    pub signs_in: bool,
}

/// Where a profile's credentials come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileCredentials {
    /// Keys in the file.
    Keys,
    /// A sign-in through IAM Identity Center.
    Sso {
        /// The `sso-session`, when the profile names one.
        session: Option<String>,
        /// The account.
        account: Option<String>,
        /// The role in it.
        role: Option<String>,
    },
    /// A role that is taken on.
    Role {
        /// The role.
        arn: String,
        /// The profile or the place whose credentials take it on.
        source: Option<String>,
        /// Whether it may want a code from an MFA device, which cannot be asked for here.
        mfa: bool,
    },
    /// A role by a web identity token.
    WebIdentity,
    /// What a program prints.
    Process,
    /// A sign-in with `aws login`.
    Login,
    /// None: the profile sets other things only.
    None,
}

impl ProfileCredentials {
    /// How a person would write it.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Keys => "Access keys".into(),
            Self::Sso {
                account: Some(account),
                role: Some(role),
                ..
            } => format!("Single sign-on, {role} in {account}"),
            Self::Sso { .. } => "Single sign-on".into(),
            Self::Role { arn, .. } => {
                format!("Role {}", arn.rsplit('/').next().unwrap_or(arn))
            }
            Self::WebIdentity => "Web identity".into(),
            Self::Process => "Program".into(),
            Self::Login => "AWS login".into(),
            Self::None => "No credentials".into(),
        }
    }
}

/// Every profile, `default` first, the others by name. Files that cannot be read count as empty; the
/// log says why.
pub async fn profiles(environment: &Environment) -> Vec<ProfileSummary> {
    let files = profile_files(environment);
    let all = load_profiles(&environment.to_sdk(), &files, "default").await;
    let mut profiles: Vec<_> = all
        .profiles()
        .filter_map(|name| all.get_profile(name))
        .map(|profile| summary(profile, &all))
        .collect();
    profiles.sort_by(|a, b| {
        let key = |profile: &ProfileSummary| (profile.name != "default", profile.name.clone());
        key(a).cmp(&key(b))
    });
    profiles
}

fn summary(profile: &Profile, all: &ProfileSet) -> ProfileSummary {
    ProfileSummary {
        name: profile.name().to_owned(),
        region: profile.get("region").map(str::to_owned),
        credentials: credentials(profile),
        signs_in: SignedOnProfile::of(all, profile.name()).is_some(),
    }
}

/// The order is the SDK's: what it would take first.
fn credentials(profile: &Profile) -> ProfileCredentials {
    let value = |key: &str| profile.get(key).map(str::to_owned);
    if let Some(arn) = value("role_arn") {
        if value("web_identity_token_file").is_some() {
            return ProfileCredentials::WebIdentity;
        }
        return ProfileCredentials::Role {
            arn,
            source: value("source_profile").or_else(|| value("credential_source")),
            mfa: value("mfa_serial").is_some(),
        };
    }
    if profile.get("sso_session").is_some() || profile.get("sso_start_url").is_some() {
        return ProfileCredentials::Sso {
            session: value("sso_session"),
            account: value("sso_account_id"),
            role: value("sso_role_name"),
        };
    }
    if profile.get("login_session").is_some() {
        return ProfileCredentials::Login;
    }
    if profile.get("credential_process").is_some() {
        return ProfileCredentials::Process;
    }
    if profile.get("aws_access_key_id").is_some() {
        return ProfileCredentials::Keys;
    }
    ProfileCredentials::None
}

/// What a profile's credentials rest on that this program cannot do, along its chain of sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// A code from this MFA device.
    Mfa(String),
    /// A sign-in with `aws login`.
    Login,
}

/// Longest chain of profiles that is followed; AWS's own tools stop at loops, this stops in any case.
const LONGEST_CHAIN: usize = 16;

pub(super) fn obstacle(profiles: &ProfileSet, name: &str) -> Option<Obstacle> {
    let mut name = name;
    for _ in 0..LONGEST_CHAIN {
        let profile = profiles.get_profile(name)?;
        if profile.get("login_session").is_some() {
            return Some(Obstacle::Login);
        }
        if let (Some(_), Some(device)) = (profile.get("role_arn"), profile.get("mfa_serial")) {
            return Some(Obstacle::Mfa(device.to_owned()));
        }
        name = profile
            .get("source_profile")
            .filter(|source| *source != name)?;
    }
    None
}
