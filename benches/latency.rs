//! How long a delta takes from the wire to the frame that shows it.
//!
//! `cargo bench --bench latency` opens the window on a service that stamps each delta as it sends it, at
//! the pace of a talkative model, and paints at 60 Hz and only when the window asks for it, as a screen
//! does. What is measured ends when the triangles of the frame are ready for the GPU. Everything but the
//! one stream is answered by the embedded endpoint.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    dead_code,
    reason = "a measurement that cannot go on has none to give; of the tests' support not all is used"
)]

#[path = "../tests/it/support/frames.rs"]
mod frames;
#[path = "support/headless.rs"]
mod headless;
#[path = "../tests/it/support/keyring.rs"]
mod keyring;
#[path = "../tests/it/support/painted.rs"]
mod painted;
#[path = "../tests/it/support/session.rs"]
mod session;
#[path = "../tests/it/support/window.rs"]
mod window;

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bedrock_playground::emulator::{Pace, Server, Settings};
use egui::Shape;
use egui::epaint::ClippedShape;
use futures_util::stream;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::json;

use headless::{Frames, quantile};
use window::{ChosenFiles, ask, open, wait_for};

const DELTAS: usize = 1_000;
/// The longest pause between two deltas; the mean is half of it. Models send 20 to 100 of them a second.
const LONGEST_PAUSE: Duration = Duration::from_millis(40);
const REFRESH: Duration = Duration::from_nanos(16_666_667);

fn main() {
    // As the program does.
    bedrock_playground_heap::give_back_what_is_freed();
    let (sent, stamps) = mpsc::channel();
    let serving = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("threads");
    let (url, _endpoint) = serving.block_on(service(sent));
    let mut harness = open(session::service_at(&url), ChosenFiles::default(), None);
    wait_for(&mut harness, "Model: Nova Lite");
    ask(&mut harness, "Count.");
    let shown = watch(Frames::of(harness));
    let sent: Vec<Instant> = stamps.try_iter().collect();
    let frames: Vec<f64> = sent
        .iter()
        .zip(&shown)
        .map(|(sent, shown)| (*shown - *sent).as_secs_f64() / REFRESH.as_secs_f64())
        .collect();
    assert_eq!(
        frames.len(),
        DELTAS,
        "a delta was sent or shown that was not counted"
    );
    println!(
        "{DELTAS} deltas, one every {:?} on average, shown at 60 Hz",
        LONGEST_PAUSE / 2
    );
    println!(
        "{:<42} {:>8} {:>8} {:>8}",
        "from the wire to a frame", "median", "p99", "most"
    );
    println!(
        "{:<42} {:>8.2} {:>8.2} {:>8.2}",
        "in frames of 1/60 s",
        quantile(&frames, 50),
        quantile(&frames, 99),
        quantile(&frames, 100)
    );
}

/// When each delta was on a frame first.
fn watch(mut window: Frames) -> Vec<Instant> {
    let (wanted, repaints) = mpsc::channel();
    window.ctx.set_request_repaint_callback(move |info| {
        if let Some(due) = Instant::now().checked_add(info.delay) {
            // Nobody listens after the last delta.
            wanted.send(due).ok();
        }
    });
    // What was asked for before is not asked for again: the first frame comes by itself.
    window.paint(Vec::new(), |_| {});
    let mut shown = Vec::with_capacity(DELTAS);
    let mut next = Instant::now();
    while shown.len() < DELTAS {
        let mut due = repaints
            .recv_timeout(Duration::from_secs(20))
            .expect("the window asks for a frame while an answer comes");
        // A frame that is wanted later gives way to one that is wanted now.
        while let Ok(other) = repaints.recv_timeout(due.saturating_duration_since(Instant::now())) {
            due = due.min(other);
        }
        while next < Instant::now() {
            next += REFRESH;
        }
        thread::park_timeout(next.saturating_duration_since(Instant::now()));
        // All that was asked for until now is in this frame.
        while repaints.try_recv().is_ok() {}
        let mut newest = None;
        window.paint(Vec::new(), |shapes| newest = newest_delta(shapes));
        let now = Instant::now();
        if let Some(newest) = newest {
            shown.resize(shown.len().max(newest + 1), now);
        }
    }
    shown
}

/// The number of the newest delta on a frame.
fn newest_delta(shapes: &[ClippedShape]) -> Option<usize> {
    fn within(shape: &Shape) -> Option<usize> {
        match shape {
            Shape::Vec(shapes) => shapes.iter().filter_map(within).max(),
            Shape::Text(text) => text
                .galley
                .text()
                .split(' ')
                .filter_map(|word| word.strip_prefix("delta-")?.parse().ok())
                .max(),
            _ => None,
        }
    }
    shapes
        .iter()
        .filter_map(|clipped| within(&clipped.shape))
        .max()
}

/// The embedded endpoint, in front of it one that streams and keeps the time.
async fn service(sent: mpsc::Sender<Instant>) -> (String, Server) {
    let endpoint = Server::start(Settings {
        pace: Pace::Instant,
        ..Settings::default()
    })
    .await
    .expect("the endpoint starts");
    let behind = endpoint.url();
    let client: Client<_, Body> = Client::builder(TokioExecutor::new()).build_http();
    let handler = move |mut request: Request| {
        let (behind, client, sent) = (behind.clone(), client.clone(), sent.clone());
        async move {
            if request.uri().path().ends_with("/converse-stream") {
                return streaming(sent);
            }
            let path = request
                .uri()
                .path_and_query()
                .map_or("/", |path| path.as_str());
            *request.uri_mut() = format!("{behind}{path}").parse().expect("an address");
            match client.request(request).await {
                Ok(answer) => answer.into_response(),
                Err(_) => StatusCode::BAD_GATEWAY.into_response(),
            }
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        use axum::serve::ListenerExt as _;

        let listener = listener.tap_io(|stream| stream.set_nodelay(true).expect("no delay"));
        axum::serve(listener, axum::Router::new().fallback(handler))
            .await
            .expect("served");
    });
    (url, endpoint)
}

fn streaming(sent: mpsc::Sender<Instant>) -> Response {
    let events = stream::unfold(0, move |at| {
        let sent = sent.clone();
        async move {
            let event = match at {
                0 => frames::event("messageStart", &json!({ "role": "assistant" })),
                at if at <= DELTAS => {
                    tokio::time::sleep(LONGEST_PAUSE.mul_f64(fastrand::f64())).await;
                    let delta = json!({ "text": format!("delta-{} ", at - 1) });
                    let delta = json!({ "contentBlockIndex": 0, "delta": delta });
                    let event = frames::event("contentBlockDelta", &delta);
                    sent.send(Instant::now()).expect("somebody counts");
                    event
                }
                at if at == DELTAS + 1 => {
                    frames::event("contentBlockStop", &json!({ "contentBlockIndex": 0 }))
                }
                at if at == DELTAS + 2 => {
                    frames::event("messageStop", &json!({ "stopReason": "end_turn" }))
                }
                at if at == DELTAS + 3 => frames::event(
                    "metadata",
                    &json!({
                        "metrics": { "latencyMs": 1 },
                        "usage": { "inputTokens": 1, "outputTokens": DELTAS, "totalTokens": DELTAS + 1 },
                    }),
                ),
                _ => return None,
            };
            Some((Ok::<Bytes, std::convert::Infallible>(event), at + 1))
        }
    });
    let headers = [(header::CONTENT_TYPE, "application/vnd.amazon.eventstream")];
    (headers, Body::from_stream(events)).into_response()
}
