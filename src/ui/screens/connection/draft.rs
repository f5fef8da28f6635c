//! A connection that is being put together.

use zeroize::Zeroize as _;

use crate::bedrock::{ConnectionOptions, CredentialsSource, Secret, SignIn};
use crate::emulator::{Pace, Settings, Upstream};
use crate::tasks::{Demo, SessionOptions};

/// Where Ollama listens unless it was told otherwise.
const USUAL_LOCAL_SERVER: &str = "http://127.0.0.1:11434";

/// Who shall be asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Automatic,
    Profile,
    ApiKey,
    Keys,
    Demo,
    Local,
}

impl Who {
    pub const ALL: [Self; 6] = [
        Self::Automatic,
        Self::Profile,
        Self::ApiKey,
        Self::Keys,
        Self::Demo,
        Self::Local,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Self::Automatic => "Automatic",
            Self::Profile => "Profile",
            Self::ApiKey => "API key",
            Self::Keys => "Access keys",
            Self::Demo => "Demo",
            Self::Local => "Local models",
        }
    }

    pub fn explanation(self) -> &'static str {
        match self {
            Self::Automatic => {
                "Environment, default profile, web identity, instance: the first that has credentials"
            }
            Self::Profile => "A profile of ~/.aws/config: sign-on, role, keys or program",
            Self::ApiKey => "An Amazon Bedrock API key, short-term or long-term",
            Self::Keys => "An access key of a user or a role, with its session token if it has one",
            Self::Demo => "The embedded endpoint simulates answers; nothing is charged",
            Self::Local => {
                "Ollama, llama.cpp, LM Studio: prompts and images go to that server alone; nothing is charged"
            }
        }
    }
}

/// What has been typed and chosen. Secrets are wiped when it goes.
pub struct Draft {
    pub who: Who,
    pub profile: Option<String>,
    pub region: Option<String>,
    pub endpoint_url: String,
    pub local_server: String,
    pub api_key: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    pub session_token: String,
    pub remember: bool,
    sign_in: Option<SignIn>,
    pace: Pace,
    may_be_remote: bool,
}

impl Draft {
    /// Begins with the connection in use, without its secrets.
    pub fn of(options: &SessionOptions, embedded: bool) -> Self {
        let connection = &options.connection;
        let who = match (&connection.credentials, &connection.profile) {
            _ if options.upstream.is_some() => Who::Local,
            _ if embedded => Who::Demo,
            (CredentialsSource::ApiKey(_), _) => Who::ApiKey,
            (CredentialsSource::Keys { .. }, _) => Who::Keys,
            (CredentialsSource::DefaultChain, Some(_)) => Who::Profile,
            (CredentialsSource::DefaultChain, None) => Who::Automatic,
        };
        Self {
            who,
            profile: connection.profile.clone(),
            region: connection.region.clone(),
            endpoint_url: connection.endpoint_url.clone().unwrap_or_default(),
            local_server: options
                .upstream
                .as_ref()
                .map_or(USUAL_LOCAL_SERVER, Upstream::url)
                .to_owned(),
            api_key: roomy(),
            access_key_id: String::new(),
            secret_access_key: roomy(),
            session_token: roomy(),
            remember: false,
            sign_in: connection.sign_in.clone(),
            pace: options.pace,
            may_be_remote: options
                .upstream
                .as_ref()
                .is_some_and(|upstream| !upstream.is_on_this_computer() && upstream.is_allowed()),
        }
    }

    /// What must still be typed or chosen.
    pub fn missing(&self) -> Option<&'static str> {
        match self.who {
            Who::Automatic | Who::Demo => None,
            Who::Local => match self.local_server.parse::<Upstream>() {
                Err(_) => Some("Type an address such as http://127.0.0.1:11434"),
                Ok(upstream) if !self.allowed(upstream.clone()).is_allowed() => {
                    Some("Not on this computer: begin with --allow-remote-upstream if you mean it")
                }
                Ok(_) => None,
            },
            Who::Profile => self.profile.is_none().then_some("Choose a profile"),
            Who::ApiKey => self
                .api_key
                .trim()
                .is_empty()
                .then_some("Type or paste the API key"),
            Who::Keys => (self.access_key_id.trim().is_empty()
                || self.secret_access_key.trim().is_empty())
            .then_some("Type the access key id and the secret access key"),
        }
    }

    /// Where calls go while no region is chosen: the demo asks neither a profile nor the environment.
    pub fn automatic_region(&self) -> String {
        match self.who {
            Who::Demo | Who::Local => {
                format!("{}, the demo's own", Settings::default().region)
            }
            Who::Automatic | Who::Profile | Who::ApiKey | Who::Keys => {
                "As the profile or the environment says".to_owned()
            }
        }
    }

    /// Whether something is typed that must not be seen.
    pub fn has_secrets(&self) -> bool {
        matches!(self.who, Who::ApiKey | Who::Keys)
    }

    /// Whether the keyring shall keep it.
    pub fn remembers(&self) -> bool {
        self.remember && self.has_secrets()
    }

    /// The connection as it has been put together.
    pub fn options(&self) -> SessionOptions {
        let secret = |text: &str| Secret::new(text.trim());
        let optional = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let credentials = match self.who {
            Who::ApiKey => CredentialsSource::ApiKey(secret(&self.api_key)),
            Who::Keys => CredentialsSource::Keys {
                access_key_id: self.access_key_id.trim().to_owned(),
                secret_access_key: secret(&self.secret_access_key),
                session_token: optional(&self.session_token).map(Secret::new),
            },
            Who::Automatic | Who::Profile | Who::Demo | Who::Local => {
                CredentialsSource::DefaultChain
            }
        };
        SessionOptions {
            demo: if self.who == Who::Demo {
                Demo::Always
            } else {
                Demo::Never
            },
            connection: ConnectionOptions {
                region: self.region.clone(),
                profile: self.profile.clone().filter(|_| self.who == Who::Profile),
                endpoint_url: optional(&self.endpoint_url)
                    .filter(|_| !matches!(self.who, Who::Demo | Who::Local)),
                credentials,
                sign_in: self.sign_in.clone(),
                ..ConnectionOptions::default()
            },
            pace: self.pace,
            upstream: (self.who == Who::Local)
                .then(|| self.local_server.parse().ok())
                .flatten()
                .map(|upstream| self.allowed(upstream)),
        }
    }

    /// On another computer only where the program was begun that way.
    fn allowed(&self, upstream: Upstream) -> Upstream {
        upstream.allowing_remote(self.may_be_remote)
    }
}

/// Room for any key, so that a text that grows leaves no copies behind.
fn roomy() -> String {
    String::with_capacity(8 << 10)
}

impl Drop for Draft {
    fn drop(&mut self) {
        self.api_key.zeroize();
        self.secret_access_key.zeroize();
        self.session_token.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(who: Who) -> Draft {
        let mut draft = Draft::of(&SessionOptions::default(), false);
        draft.who = who;
        draft
    }

    #[test]
    fn what_is_chosen_alone_counts() {
        let mut draft = draft(Who::Profile);
        assert_eq!(draft.missing(), Some("Choose a profile"));
        draft.profile = Some("work".into());
        assert_eq!(draft.missing(), None);
        assert_eq!(draft.options().connection.profile.as_deref(), Some("work"));
        draft.who = Who::Automatic;
        assert_eq!(draft.options().connection.profile, None);
        assert_eq!(draft.options().demo, Demo::Never);
    }

    #[test]
    fn keys_are_taken_without_the_space_that_pasting_brings() {
        let mut draft = draft(Who::ApiKey);
        draft.api_key = " key \n".into();
        let CredentialsSource::ApiKey(key) = draft.options().connection.credentials else {
            panic!("an API key was chosen");
        };
        assert_eq!(key.expose(), "key");
    }

    #[test]
    fn a_local_server_is_on_this_computer() {
        let mut draft = draft(Who::Local);
        let options = draft.options();
        assert_eq!(
            options.upstream.as_ref().map(Upstream::url),
            Some("http://127.0.0.1:11434")
        );
        assert_eq!(draft.missing(), None);
        draft.local_server = "http://192.168.1.5:11434".into();
        assert!(
            draft
                .missing()
                .is_some_and(|why| why.contains("Not on this computer"))
        );
        draft.local_server = "no address".into();
        assert!(draft.missing().is_some());
        draft.who = Who::Demo;
        assert_eq!(draft.options().upstream, None);
    }

    #[test]
    fn the_demo_is_in_a_region_of_its_own() {
        assert_eq!(
            draft(Who::Demo).automatic_region(),
            "us-east-1, the demo's own"
        );
        let region = draft(Who::ApiKey).automatic_region();
        assert_eq!(region, "As the profile or the environment says");
    }

    #[test]
    fn the_demo_goes_nowhere_else() {
        let mut draft = draft(Who::Demo);
        draft.endpoint_url = "https://example.org".into();
        let options = draft.options();
        assert_eq!(options.demo, Demo::Always);
        assert_eq!(options.connection.endpoint_url, None);
    }
}
