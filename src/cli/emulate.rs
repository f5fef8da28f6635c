//! `emulate`: the embedded endpoint for anyone's clients.

use std::future::poll_fn;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::task::Poll;

use super::args::{EmulateArgs, Global};
use super::output::Output;
use super::{CommandError, Outcome};
use crate::emulator::{Pace, Server, Settings};
use crate::tasks::SessionError;

/// Serves until Ctrl+C.
pub async fn run(
    global: &Global,
    args: &EmulateArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let mut settings = Settings {
        address: SocketAddr::from((Ipv4Addr::LOCALHOST, args.port)),
        pace: Pace::from_factor(global.speed),
        faults: args.faults.faults(),
        upstream: global.upstream(),
        ..Settings::default()
    };
    if let Some(region) = &global.region {
        settings.region.clone_from(region);
    }
    let server = Server::start(settings).await.map_err(SessionError::from)?;
    // Listening for Ctrl+C begins when it is first looked for, and whoever reads the address may send it.
    let mut interrupted = pin!(tokio::signal::ctrl_c());
    let already = poll_fn(|context| Poll::Ready(interrupted.as_mut().poll(context).is_ready()));
    if already.await {
        return Ok(Outcome::Done);
    }
    output.piece(&format!("listening on {}\n", server.url()))?;
    output.note(&match server.upstream() {
        None => "Every answer is simulated. Any credentials will do. Ctrl+C ends it".to_owned(),
        Some(upstream) => format!(
            "{} answers: prompts and images go there, and nowhere else. Its models begin with local. \
             Any credentials will do. Ctrl+C ends it",
            upstream.url()
        ),
    });
    server
        .run_until(async { interrupted.await.unwrap_or_default() })
        .await;
    Ok(Outcome::Done)
}
