//! The connection that a person asked to be remembered: all of it is one secret in the keyring, so that
//! nobody who can write a settings file can send a key elsewhere.

use serde::{Deserialize, Serialize};

use super::{Demo, SessionOptions};
use crate::bedrock::{ConnectionOptions, CredentialsSource, Secret};
use crate::keyring::{Keyring, KeyringError};

/// The name of the secret.
const NAME: &str = "connection";

/// A connection as the keyring has it.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Record {
    region: Option<String>,
    endpoint_url: Option<String>,
    api_key: Option<String>,
    access_key_id: Option<String>,
    secret_access_key: Option<String>,
    session_token: Option<String>,
}

/// The same, with texts that stay where they are: copies would not be wiped.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Borrowed<'a> {
    region: Option<&'a str>,
    endpoint_url: Option<&'a str>,
    api_key: Option<&'a str>,
    access_key_id: Option<&'a str>,
    secret_access_key: Option<&'a str>,
    session_token: Option<&'a str>,
}

/// Keeps a connection with typed keys or an API key in the keyring; one that has no secret is not kept.
/// Blocks.
///
/// # Errors
/// When the keyring is not there, or refuses; then nothing is kept.
pub fn remember(keyring: &dyn Keyring, options: &SessionOptions) -> Result<(), KeyringError> {
    let connection = &options.connection;
    let mut record = Borrowed {
        region: connection.region.as_deref(),
        endpoint_url: connection.endpoint_url.as_deref(),
        ..Borrowed::default()
    };
    match &connection.credentials {
        CredentialsSource::DefaultChain => return Ok(()),
        CredentialsSource::ApiKey(key) => record.api_key = Some(key.expose()),
        CredentialsSource::Keys {
            access_key_id,
            secret_access_key,
            session_token,
        } => {
            record.access_key_id = Some(access_key_id);
            record.secret_access_key = Some(secret_access_key.expose());
            record.session_token = session_token.as_ref().map(Secret::expose);
        }
    }
    let text = serde_json::to_string(&record).map_err(|_| KeyringError::Unreadable)?;
    keyring.keep(NAME, &Secret::new(text))
}

/// The connection that was remembered; `None` when there is none. Blocks.
///
/// # Errors
/// When the keyring is not there or refuses, or holds something else.
pub fn recall(keyring: &dyn Keyring) -> Result<Option<SessionOptions>, KeyringError> {
    let Some(text) = keyring.read(NAME)? else {
        return Ok(None);
    };
    // The reason would quote what it stumbles over.
    let record: Record =
        serde_json::from_str(text.expose()).map_err(|_| KeyringError::Unreadable)?;
    let credentials = match (
        record.api_key,
        record.access_key_id,
        record.secret_access_key,
    ) {
        (Some(key), _, _) => CredentialsSource::ApiKey(key.into()),
        (None, Some(access_key_id), Some(secret)) => CredentialsSource::Keys {
            access_key_id,
            secret_access_key: secret.into(),
            session_token: record.session_token.map(Secret::from),
        },
        _ => return Err(KeyringError::Unreadable),
    };
    Ok(Some(SessionOptions {
        demo: Demo::Never,
        connection: ConnectionOptions {
            region: record.region,
            endpoint_url: record.endpoint_url,
            credentials,
            ..ConnectionOptions::default()
        },
        ..SessionOptions::default()
    }))
}

/// Forgets the connection that was remembered. Blocks.
///
/// # Errors
/// When the keyring is not there, or refuses.
pub fn forget(keyring: &dyn Keyring) -> Result<(), KeyringError> {
    keyring.forget(NAME)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Default)]
    struct InMemory(Mutex<Option<Secret>>);

    impl Keyring for InMemory {
        fn read(&self, _: &str) -> Result<Option<Secret>, KeyringError> {
            Ok(self.0.lock().unwrap().clone())
        }

        fn keep(&self, _: &str, secret: &Secret) -> Result<(), KeyringError> {
            *self.0.lock().unwrap() = Some(secret.clone());
            Ok(())
        }

        fn forget(&self, _: &str) -> Result<(), KeyringError> {
            *self.0.lock().unwrap() = None;
            Ok(())
        }
    }

    fn with(credentials: CredentialsSource) -> SessionOptions {
        SessionOptions {
            demo: Demo::Never,
            connection: ConnectionOptions {
                region: Some("eu-west-1".into()),
                credentials,
                ..ConnectionOptions::default()
            },
            ..SessionOptions::default()
        }
    }

    #[test]
    fn what_is_remembered_comes_back_until_it_is_forgotten() {
        for credentials in [
            CredentialsSource::ApiKey(Secret::new("an \"odd\" key\n")),
            CredentialsSource::Keys {
                access_key_id: "AKIDEXAMPLE".into(),
                secret_access_key: Secret::new("secret"),
                session_token: Some(Secret::new("token")),
            },
        ] {
            let keyring = InMemory::default();
            assert_eq!(recall(&keyring).unwrap(), None);
            let options = with(credentials);
            remember(&keyring, &options).unwrap();
            assert_eq!(recall(&keyring).unwrap(), Some(options));
            forget(&keyring).unwrap();
            assert_eq!(recall(&keyring).unwrap(), None);
        }
    }

    #[test]
    fn what_has_no_secret_is_not_kept_and_what_is_no_connection_is_said() {
        let keyring = InMemory::default();
        remember(&keyring, &with(CredentialsSource::DefaultChain)).unwrap();
        assert_eq!(recall(&keyring).unwrap(), None);
        for text in ["PLANTED", "{}", "{\"accessKeyId\": \"PLANTED\"}"] {
            keyring.keep(NAME, &text.into()).unwrap();
            let error = recall(&keyring).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("PLANTED"));
        }
    }
}
