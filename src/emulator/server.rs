//! The listening socket and its connections.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};

use super::application_profiles::ApplicationProfiles;
use super::faults::{FaultSource, Faults};
use super::pace::Pace;
use super::prompt_cache::PromptCache;
use super::router::{Endpoint, router};
use super::upstream::Upstream;
use super::{async_invoke, batch, guardrails, s3};

/// Connections that are served at once; more wait in the system's queue.
const CONNECTIONS: usize = 512;
/// How long a client may take over its request's head.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);

/// How the endpoint is started.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Where to listen; port 0 lets the system choose.
    pub address: SocketAddr,
    /// Whether addresses other than loopback are allowed.
    pub allow_remote: bool,
    /// How fast answers come.
    pub pace: Pace,
    /// The region of requests that do not say one.
    pub region: String,
    /// Gives other answers to the same requests.
    pub seed: u64,
    /// What shall go wrong.
    pub faults: Faults,
    /// Whether there is a guardrail from the beginning, to look at and to try.
    pub example_guardrail: bool,
    /// A local server that answers instead of the simulation.
    pub upstream: Option<Upstream>,
    /// Streams this many deltas of the same words as every answer of `ConverseStream`, as fast as they
    /// are taken; for measuring clients.
    pub deltas: Option<usize>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            allow_remote: false,
            pace: Pace::default(),
            region: "us-east-1".to_owned(),
            seed: 0,
            faults: Faults::default(),
            example_guardrail: false,
            upstream: None,
            deltas: None,
        }
    }
}

/// Why the endpoint did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is not loopback.
    #[error(
        "{0} is no loopback address; the endpoint checks no passwords, so others must not reach it"
    )]
    NotLoopback(SocketAddr),
    /// The local server that shall answer is not on this computer, and nobody insisted.
    #[error(
        "{0} is not on this computer: prompts and images would leave it, readable by everyone on the way"
    )]
    RemoteUpstream(String),
    /// The port is taken, or may not be used.
    #[error("the endpoint cannot listen on {address}: {source}")]
    Bind {
        /// Where it should have listened.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}

/// A running endpoint. Dropping it closes every connection.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    upstream: Option<Upstream>,
    faults: watch::Sender<Faults>,
    invocations: Arc<AtomicU64>,
    accepting: JoinHandle<()>,
}

impl Server {
    /// Listens and serves in the background.
    ///
    /// # Errors
    /// When the address is not loopback and that is not allowed, or cannot be listened on.
    pub async fn start(settings: Settings) -> Result<Self, StartError> {
        let wanted = settings.address;
        if !wanted.ip().is_loopback() && !settings.allow_remote {
            return Err(StartError::NotLoopback(wanted));
        }
        if let Some(upstream) = settings.upstream.as_ref().filter(|it| !it.is_allowed()) {
            return Err(StartError::RemoteUpstream(upstream.url().to_owned()));
        }
        let bind = |source| StartError::Bind {
            address: wanted,
            source,
        };
        let listener = TcpListener::bind(wanted).await.map_err(bind)?;
        let address = listener.local_addr().map_err(bind)?;
        let (faults, in_force) = watch::channel(settings.faults);
        let invocations = Arc::new(AtomicU64::new(0));
        let endpoint = Endpoint {
            pace: settings.pace,
            seed: settings.seed,
            faults: FaultSource::new(in_force, Arc::clone(&invocations)),
            guardrails: if settings.example_guardrail {
                guardrails::Store::with_example(&settings.region)
            } else {
                guardrails::Store::default()
            },
            application_profiles: ApplicationProfiles::default(),
            prompt_cache: PromptCache::default(),
            invocations: async_invoke::Invocations::default(),
            jobs: batch::Jobs::default(),
            objects: s3::Objects::default(),
            deltas: settings.deltas,
        };
        let router = router(endpoint, settings.region, settings.upstream.as_ref());
        Ok(Self {
            address,
            upstream: settings.upstream,
            faults,
            invocations,
            accepting: tokio::spawn(accept(listener, router)),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address for clients.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The local server that answers, if one does.
    #[must_use]
    pub fn upstream(&self) -> Option<&Upstream> {
        self.upstream.as_ref()
    }

    /// Sets what shall go wrong from now on; invocations are counted anew.
    pub fn set_faults(&self, faults: Faults) {
        self.invocations.store(0, Ordering::Relaxed);
        self.faults.send_replace(faults);
    }

    /// What goes wrong now.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.faults.borrow().clone()
    }

    /// Serves until a future is done, for a program that does nothing else.
    pub async fn run_until(self, end: impl Future<Output = ()>) {
        end.await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Takes connections in; they are dropped with this future.
async fn accept(listener: TcpListener, router: Router) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else {
            return;
        };
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let router = router.clone();
                    connections.spawn(async move {
                        serve(stream, router).await;
                        drop(permit);
                    });
                }
                // Out of file descriptors, or a client that went away: others may still be served.
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    // Without descriptors it fails at once, and would all day long.
                    tokio::time::sleep(ACCEPT_AGAIN_AFTER).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// How long to wait with another try when no connection can be accepted.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(100);

async fn serve(stream: TcpStream, router: Router) {
    // Small frames must not wait for one another.
    stream.set_nodelay(true).ok();
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT);
    builder.http2().timer(TokioTimer::new());
    let served = builder
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended early");
    }
}
