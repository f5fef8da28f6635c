//! A keyring in memory, in the place of the system's.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use bedrock_playground::bedrock::Secret;
use bedrock_playground::keyring::{Keyring, KeyringError};

/// What several windows of one test share.
#[derive(Clone, Default)]
pub struct TestKeyring(pub Arc<Mutex<BTreeMap<String, Secret>>>);

impl Keyring for TestKeyring {
    fn read(&self, name: &str) -> Result<Option<Secret>, KeyringError> {
        Ok(self.0.lock().expect("not poisoned").get(name).cloned())
    }

    fn keep(&self, name: &str, secret: &Secret) -> Result<(), KeyringError> {
        let mut secrets = self.0.lock().expect("not poisoned");
        secrets.insert(name.to_owned(), secret.clone());
        Ok(())
    }

    fn forget(&self, name: &str) -> Result<(), KeyringError> {
        self.0.lock().expect("not poisoned").remove(name);
        Ok(())
    }
}

/// A system without one.
pub struct NoKeyring;

impl NoKeyring {
    fn error() -> KeyringError {
        KeyringError::NotThere("nobody answers".to_owned())
    }
}

impl Keyring for NoKeyring {
    fn read(&self, _: &str) -> Result<Option<Secret>, KeyringError> {
        Err(Self::error())
    }

    fn keep(&self, _: &str, _: &Secret) -> Result<(), KeyringError> {
        Err(Self::error())
    }

    fn forget(&self, _: &str) -> Result<(), KeyringError> {
        Err(Self::error())
    }
}
