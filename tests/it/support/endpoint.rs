//! An endpoint of a test's own, which answers at once, for windows and commands that reach it as a service.

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
    pub fn start() -> Self {
        let runtime = Runtime::new().expect("threads");
        let settings = Settings {
            pace: Pace::Instant,
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
