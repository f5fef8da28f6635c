//! An endpoint of a test's own, for windows, commands and other programs that reach it as a service.

use bedrock_playground::emulator::{Pace, Server, Settings};
use bedrock_playground::tasks::SessionOptions;
use tokio::runtime::Runtime;

use super::session::service_at;

/// The endpoint, whose faults can be set, and the threads that serve it.
pub struct Endpoint {
    pub server: Server,
    pub runtime: Runtime,
}

impl Endpoint {
    /// It answers at once.
    pub fn start() -> Self {
        Self::at(Pace::Instant)
    }

    pub fn at(pace: Pace) -> Self {
        let runtime = Runtime::new().expect("threads");
        let settings = Settings {
            pace,
            ..Settings::default()
        };
        let server = runtime
            .block_on(Server::start(settings))
            .expect("the endpoint starts");
        Self { server, runtime }
    }

    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Reaches it with keys.
    pub fn session(&self) -> SessionOptions {
        service_at(&self.url())
    }
}
