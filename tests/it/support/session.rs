//! Whom the tests talk to.

use bedrock_playground::bedrock::{ConnectionOptions, CredentialsSource, Secret};
use bedrock_playground::emulator::Pace;
use bedrock_playground::tasks::{Demo, SessionOptions};

/// The embedded endpoint, which answers at once.
pub fn embedded() -> SessionOptions {
    embedded_at(Pace::Instant)
}

/// The embedded endpoint at this pace.
pub fn embedded_at(pace: Pace) -> SessionOptions {
    SessionOptions {
        demo: Demo::Always,
        pace,
        ..SessionOptions::default()
    }
}

/// A service at this address, for which any keys do.
pub fn service_at(url: &str) -> SessionOptions {
    SessionOptions {
        demo: Demo::Never,
        connection: ConnectionOptions {
            region: Some("us-east-1".into()),
            endpoint_url: Some(url.into()),
            credentials: CredentialsSource::Keys {
                access_key_id: "AKIDEXAMPLE".into(),
                secret_access_key: Secret::new("example"),
                session_token: None,
            },
            ..ConnectionOptions::default()
        },
        ..SessionOptions::default()
    }
}
