//! What a profile says of the sign-in that it rests on.

use aws_config::profile::{Profile, ProfileSet};

/// Longest chain of profiles that is followed; it may lead back to where it began.
const LONGEST_CHAIN: usize = 16;
/// What is asked for where an `sso-session` does not say it.
const DEFAULT_SCOPE: &str = "sso:account:access";

/// Where a person signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignOn {
    pub(super) start_url: String,
    pub(super) region: String,
    /// What the token shall be good for; nothing is named where the profile itself says where to sign in.
    pub(super) scopes: Vec<String>,
}

/// A profile whose credentials come from a sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedOnProfile {
    pub(super) sign_on: SignOn,
    pub(super) account: String,
    pub(super) role: String,
    /// Roles that are taken on with it, one after the other.
    pub(super) assumed: Vec<AssumedRole>,
}

/// A role that is taken on with the credentials of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AssumedRole {
    pub(super) arn: String,
    pub(super) external_id: Option<String>,
    pub(super) session_name: Option<String>,
    pub(super) seconds: Option<u64>,
}

impl SignedOnProfile {
    /// What the profile of this name rests on; `None` when that is no sign-in.
    pub fn of(profiles: &ProfileSet, name: &str) -> Option<Self> {
        let mut name = name;
        let mut assumed = Vec::new();
        for _ in 0..LONGEST_CHAIN {
            let profile = profiles.get_profile(name)?;
            let Some(role) = AssumedRole::of(profile) else {
                assumed.reverse();
                return Some(Self {
                    sign_on: SignOn::of(profiles, profile)?,
                    account: value(profile, "sso_account_id")?,
                    role: value(profile, "sso_role_name")?,
                    assumed,
                });
            };
            assumed.push(role);
            name = profile.get("source_profile")?;
        }
        None
    }
}

impl SignOn {
    fn of(profiles: &ProfileSet, profile: &Profile) -> Option<Self> {
        let Some(session) = profile.get("sso_session") else {
            return Some(Self {
                start_url: value(profile, "sso_start_url")?,
                region: value(profile, "sso_region")?,
                scopes: Vec::new(),
            });
        };
        let session = profiles.sso_session(session.trim())?;
        let value = |key| session.get(key).map(|value| value.trim().to_owned());
        let scopes = value("sso_registration_scopes").unwrap_or_else(|| DEFAULT_SCOPE.to_owned());
        Some(Self {
            start_url: value("sso_start_url")?,
            region: value("sso_region")?,
            scopes: scopes
                .split(',')
                .map(|scope| scope.trim().to_owned())
                .filter(|scope| !scope.is_empty())
                .collect(),
        })
    }
}

impl AssumedRole {
    fn of(profile: &Profile) -> Option<Self> {
        Some(Self {
            arn: value(profile, "role_arn")?,
            external_id: value(profile, "external_id"),
            session_name: value(profile, "role_session_name"),
            seconds: value(profile, "duration_seconds").and_then(|seconds| seconds.parse().ok()),
        })
    }
}

fn value(profile: &Profile, key: &str) -> Option<String> {
    profile.get(key).map(|value| value.trim().to_owned())
}
