//! The connection that a person asked to be remembered: the keyring is asked in the background, since
//! it may first ask the person.

use std::sync::Arc;

use super::App;
use crate::bedrock::{ConnectionOptions, CredentialsSource};
use crate::keyring::Keyring;
use crate::tasks::{self, Demo, Job, SessionOptions, finished};
use crate::ui::screens::connection::Remembering;

/// The keyring, and what it is asked.
pub struct Secrets {
    keyring: Arc<dyn Keyring>,
    recalling: Option<Job<Result<Option<SessionOptions>, String>>>,
    changing: Option<Job<Result<Changed, String>>>,
}

/// What the keyring has done.
#[derive(Clone, Copy)]
enum Changed {
    Kept,
    Forgotten,
}

impl Secrets {
    /// Nothing is asked yet.
    pub fn new(keyring: Arc<dyn Keyring>) -> Self {
        Self {
            keyring,
            recalling: None,
            changing: None,
        }
    }
}

impl App {
    /// Opens the first connection: the remembered one, unless the person has asked for another when
    /// starting the program.
    pub(super) fn begin(&mut self) {
        if !self.remembers_connection() || !is_open(&self.session_options) {
            self.connect();
            return;
        }
        let keyring = Arc::clone(&self.secrets.keyring);
        self.secrets.recalling = Some(self.tasks.spawn_blocking(move || {
            tasks::recall(keyring.as_ref()).map_err(|error| error.to_string())
        }));
    }

    /// Opens the connection that a person put together, and keeps it for the next start if they want.
    pub(super) fn connect_with(&mut self, options: SessionOptions, remember: bool) {
        self.secrets.recalling = None;
        self.session_options = options.clone();
        self.connect();
        if remember {
            let keyring = Arc::clone(&self.secrets.keyring);
            self.secrets.changing = Some(self.tasks.spawn_blocking(move || {
                tasks::remember(keyring.as_ref(), &options)
                    .map(|()| Changed::Kept)
                    .map_err(|error| {
                        format!("Not remembered. {error}; the keys stay in memory until the program ends")
                    })
            }));
        }
    }

    /// Removes the remembered connection; the one in use stays open.
    pub(super) fn forget_connection(&mut self) {
        // Also when the keyring refuses: it is not asked again.
        self.set_remembers_connection(false);
        let keyring = Arc::clone(&self.secrets.keyring);
        self.secrets.changing = Some(self.tasks.spawn_blocking(move || {
            tasks::forget(keyring.as_ref())
                .map(|()| Changed::Forgotten)
                .map_err(|error| {
                    format!("It is not used any more, but could not be removed. {error}")
                })
        }));
    }

    /// Takes in what the keyring said.
    pub(super) fn collect_secrets(&mut self) {
        match finished(&mut self.secrets.changing) {
            Some(Ok(Changed::Kept)) => {
                self.set_remembers_connection(true);
                self.notices.done("Remembered in the system's keyring");
            }
            Some(Ok(Changed::Forgotten)) => self
                .notices
                .done("Forgotten: the system's keyring has no keys of this program"),
            Some(Err(problem)) => self.notices.failed(problem),
            None => {}
        }
        match finished(&mut self.secrets.recalling) {
            Some(Ok(Some(remembered))) => {
                let given = &self.session_options;
                self.session_options = SessionOptions {
                    pace: given.pace,
                    connection: ConnectionOptions {
                        region: given
                            .connection
                            .region
                            .clone()
                            .or_else(|| remembered.connection.region.clone()),
                        ..remembered.connection
                    },
                    ..remembered
                };
                self.connect();
            }
            Some(Ok(None)) => {
                self.set_remembers_connection(false);
                self.notices
                    .failed("The system's keyring has no remembered connection any more");
                self.connect();
            }
            Some(Err(problem)) => {
                self.notices
                    .failed(format!("The remembered connection is not used. {problem}"));
                self.connect();
            }
            None => {}
        }
    }

    /// What the connection dialog may offer.
    pub(super) fn remembering(&self) -> Remembering {
        Remembering {
            can: self.preferences.settings().is_some(),
            has: self.remembers_connection(),
        }
    }
}

/// Whether whoever started the program left open which connection it shall be.
fn is_open(options: &SessionOptions) -> bool {
    let connection = &options.connection;
    options.demo == Demo::WithoutCredentials
        && connection.profile.is_none()
        && connection.endpoint_url.is_none()
        && connection.credentials == CredentialsSource::DefaultChain
}
