//! Where secrets are kept when a person asks for it: the keyring of the system, and nowhere else.
//!
//! Keyrings answer when they like, perhaps after a person has typed a password, so they are asked from
//! worker threads only. This module must not know egui, the AWS SDK, the data folder or the screens.

mod system;

pub use system::SystemKeyring;

use crate::bedrock::Secret;

/// Why a keyring gave or kept nothing.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// There is none, or it does not answer.
    #[error("No keyring of the system answers ({0})")]
    NotThere(String),
    /// It is locked, or refuses this program.
    #[error("The system's keyring is locked or refuses ({0})")]
    Refused(String),
    /// It takes nothing as long as this.
    #[error("The system's keyring takes at most {most} bytes, and this is longer")]
    TooLong {
        /// In bytes.
        most: u32,
    },
    /// What it holds under the name is nothing of ours.
    #[error("What the system's keyring holds cannot be read; forget it and type it again")]
    Unreadable,
}

/// A place for secrets, each under a name.
pub trait Keyring: Send + Sync {
    /// The secret of this name; `None` when there is none. Blocks.
    ///
    /// # Errors
    /// When the keyring is not there, or refuses.
    fn read(&self, name: &str) -> Result<Option<Secret>, KeyringError>;

    /// Keeps a secret in place of the one that had the name. Blocks.
    ///
    /// # Errors
    /// When the keyring is not there, or refuses; then nothing is kept.
    fn keep(&self, name: &str, secret: &Secret) -> Result<(), KeyringError>;

    /// Removes a secret; nothing happens when there is none. Blocks.
    ///
    /// # Errors
    /// When the keyring is not there, or refuses.
    fn forget(&self, name: &str) -> Result<(), KeyringError>;
}
