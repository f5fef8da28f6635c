//! The keyring of the system: the Secret Service on Linux, the keychain on macOS, the credential
//! manager on Windows.

use std::sync::Arc;

use keyring_core::api::CredentialStore;
use keyring_core::{Entry, Error};

use super::{Keyring, KeyringError};
use crate::bedrock::Secret;

/// What entries are filed under.
const SERVICE: &str = "bedrock-playground";

/// The system's own. It is looked for at each call, since a keyring may be started or unlocked while
/// the program runs.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemKeyring;

impl Keyring for SystemKeyring {
    fn read(&self, name: &str) -> Result<Option<Secret>, KeyringError> {
        match entry(name)?.get_secret() {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Ok(Some(Secret::new(text))),
                Err(_) => Err(KeyringError::Unreadable),
            },
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(said(error)),
        }
    }

    fn keep(&self, name: &str, secret: &Secret) -> Result<(), KeyringError> {
        entry(name)?
            .set_secret(secret.expose().as_bytes())
            .map_err(said)
    }

    fn forget(&self, name: &str) -> Result<(), KeyringError> {
        match entry(name)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(said(error)),
        }
    }
}

fn entry(name: &str) -> Result<Entry, KeyringError> {
    store()
        .and_then(|store| store.build(SERVICE, name, None))
        .map_err(said)
}

#[cfg(all(unix, not(target_os = "macos")))]
fn store() -> Result<Arc<CredentialStore>, Error> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn store() -> Result<Arc<CredentialStore>, Error> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(target_os = "windows")]
fn store() -> Result<Arc<CredentialStore>, Error> {
    Ok(windows_native_keyring_store::Store::new()?)
}

/// Without what the errors hold: some have the secret itself with them.
fn said(error: Error) -> KeyringError {
    match error {
        Error::NoStorageAccess(reason) => KeyringError::Refused(reason.to_string()),
        Error::TooLong(_, most) => KeyringError::TooLong { most },
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::Ambiguous(_) => {
            KeyringError::Unreadable
        }
        Error::PlatformFailure(reason) => KeyringError::NotThere(reason.to_string()),
        other => KeyringError::NotThere(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_wrong_is_told_without_the_secret() {
        for error in [
            Error::BadEncoding(b"PLANTED".to_vec()),
            Error::BadDataFormat(b"PLANTED".to_vec(), "not in the usual form".into()),
        ] {
            let said = said(error);
            assert!(!format!("{said} {said:?}").contains("PLANTED"));
        }
        let locked = said(Error::NoStorageAccess("it is locked".into()));
        assert!(locked.to_string().contains("it is locked"));
    }
}
