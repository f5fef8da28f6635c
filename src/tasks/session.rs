//! A connection that is open, with the embedded endpoint behind it when there is no AWS.

use std::sync::Arc;

use crate::bedrock::{
    self, Connection, ConnectionOptions, CredentialsSource, Environment, ErrorKind, Secret,
};
use crate::chat::Failure;
use crate::emulator::{self, Faults, Pace, Server, Settings, Upstream};

/// When the embedded endpoint answers instead of AWS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Demo {
    /// Never: without credentials there is an error. What scripts need.
    Never,
    /// When no credentials are found: what the window does.
    #[default]
    WithoutCredentials,
    /// Always.
    Always,
}

/// Which connection to open.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SessionOptions {
    /// Whether the embedded endpoint may answer.
    pub demo: Demo,
    /// Region, profile, endpoint and credentials.
    pub connection: ConnectionOptions,
    /// How fast the embedded endpoint answers.
    pub pace: Pace,
    /// A local server that answers instead of AWS, behind the embedded endpoint.
    pub upstream: Option<Upstream>,
}

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// No connection could be opened.
    #[error("{0}")]
    Connection(#[from] bedrock::Error),
    /// The embedded endpoint did not start.
    #[error("{0}")]
    EmbeddedEndpoint(#[from] emulator::StartError),
}

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Connection(error) => error.into(),
            SessionError::EmbeddedEndpoint(error) => Self::local(
                "EmbeddedEndpointNotStarted",
                error.to_string(),
                match error {
                    emulator::StartError::RemoteUpstream(_) => {
                        "Choose a server on this computer, or begin with --allow-remote-upstream"
                    }
                    _ => "Check that programs may listen on 127.0.0.1",
                },
            ),
        }
    }
}

/// An open connection; while it lives, so does the embedded endpoint it may need.
#[derive(Clone, Debug)]
pub struct Session {
    connection: Connection,
    embedded: Option<Arc<Server>>,
}

impl Session {
    /// Opens a connection to AWS, or to the embedded endpoint.
    ///
    /// # Errors
    /// When credentials are needed and none are found, when a named profile does not exist, or when
    /// the embedded endpoint finds no port.
    pub async fn open(options: SessionOptions) -> Result<Self, SessionError> {
        Self::open_in(options, &Environment::of_program()).await
    }

    /// The same with other variables than the process's.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn open_in(
        options: SessionOptions,
        environment: &Environment,
    ) -> Result<Self, SessionError> {
        if options.demo == Demo::Always || options.upstream.is_some() {
            return Self::open_embedded(options).await;
        }
        match Connection::open_in(options.connection.clone(), environment).await {
            Ok(connection) => Ok(Self {
                connection,
                embedded: None,
            }),
            // An explicit wish (a profile, an endpoint) that fails is an error, not a demo.
            Err(error)
                if options.demo == Demo::WithoutCredentials
                    && error.kind() == &ErrorKind::NoCredentials
                    && options.connection.profile.is_none()
                    && options.connection.endpoint_url.is_none() =>
            {
                tracing::info!("no AWS credentials found: opening the embedded endpoint");
                Self::open_embedded(options).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The open connection.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The local server that answers through the embedded endpoint, if one does.
    #[must_use]
    pub fn upstream(&self) -> Option<&Upstream> {
        self.embedded.as_ref()?.upstream()
    }

    /// Whether nothing is asked of AWS: the embedded endpoint answers, or a local server through it.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        self.embedded.is_some()
    }

    /// What a person calls the connection; never a credential.
    #[must_use]
    pub fn label(&self) -> String {
        if self.upstream().is_some() {
            return "Local models".to_owned();
        }
        if self.is_embedded() {
            return "Embedded endpoint".to_owned();
        }
        self.connection
            .profile()
            .or(self.connection.endpoint_url())
            .unwrap_or("AWS")
            .to_owned()
    }

    /// What goes wrong at the embedded endpoint; nothing at AWS that could be asked for.
    #[must_use]
    pub fn faults(&self) -> Option<Faults> {
        self.embedded.as_ref().map(|server| server.faults())
    }

    /// Sets what shall go wrong at the embedded endpoint.
    pub fn set_faults(&self, faults: Faults) {
        if let Some(server) = &self.embedded {
            server.set_faults(faults);
        }
    }

    /// Keeps the embedded endpoint alive, for work that outlives this session.
    pub(super) fn endpoint(&self) -> Option<Arc<Server>> {
        self.embedded.clone()
    }

    async fn open_embedded(options: SessionOptions) -> Result<Self, SessionError> {
        let mut settings = Settings {
            pace: options.pace,
            example_guardrail: options.upstream.is_none(),
            upstream: options.upstream,
            ..Settings::default()
        };
        if let Some(region) = options.connection.region {
            settings.region = region;
        }
        let region = settings.region.clone();
        let server = Server::start(settings).await?;
        let connection = Connection::open(ConnectionOptions {
            region: Some(region),
            endpoint_url: Some(server.url()),
            credentials: CredentialsSource::Keys {
                access_key_id: "EMBEDDED".into(),
                secret_access_key: Secret::new("embedded"),
                session_token: None,
            },
            ..ConnectionOptions::default()
        })
        .await?;
        Ok(Self {
            connection,
            embedded: Some(Arc::new(server)),
        })
    }
}
