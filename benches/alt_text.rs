//! What alt text for many photographs costs, beside only opening them.
//!
//! `cargo bench --bench alt_text` makes photographs of 12 megapixels from the samples, has them opened
//! by two threads and nothing else (the floor: decoded, made smaller, encoded), and then runs the whole
//! job against a server that answers at once, and other clients' way of doing the same where
//! `BEDROCK_CLIENTS` says where they are. Only ratios mean something, and that memory does not grow with
//! the number of pictures. `ALT_TEXT_PICTURES` sets how many there are, `ALT_TEXT_ROUNDS` how often all is done.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot go on has none to give"
)]

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::header;
use axum::routing::post;
use bedrock_playground::alt_text::{self, Event, JobOptions, Source};
use bedrock_playground::bedrock::{Connection, ConnectionOptions, CredentialsSource, Secret};
use bedrock_playground::emulator::{Pace, Server, Settings};
use bedrock_playground::media::{self, Limits};
use bytes::Bytes;
use image::RgbImage;
use image::imageops::FilterType;
use libjpeg_turbo_rs::{Encoder, PixelFormat, Subsampling};

const MODEL: &str = "amazon.nova-lite-v1:0";
/// As many as the job opens at once.
const THREADS: usize = 2;
/// What most models scale pictures down to anyway.
const EDGE: u32 = 1_568;

fn main() {
    // As the program does.
    bedrock_playground_heap::give_back_what_is_freed();
    let count = number("ALT_TEXT_PICTURES", 500);
    let rounds = number("ALT_TEXT_ROUNDS", 1);
    let folder = tempfile::tempdir().expect("a folder");
    let pictures = photographs(folder.path(), count);
    let limits = Limits {
        max_edge: Some(EDGE),
        ..Limits::converse()
    };
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let (connection, url) = runtime.block_on(server_that_answers_at_once());
    let run = |pictures: &[PathBuf]| runtime.block_on(job(&connection, pictures, &limits));
    // Once for the caches, and to see what memory a few take.
    run(&pictures[..count.min(100)]);
    let few = peak_memory();
    let peers = peers(&url, folder.path());
    let (mut floors, mut wholes, mut others) = (vec![], vec![], vec![]);
    let mut all = None;
    for _ in 0..rounds {
        wholes.push(run(&pictures));
        // Before other threads than the job's come with memory of their own.
        all = all.or_else(peak_memory);
        floors.push(opened(&pictures, &limits));
        others.push(peers.iter().map(Peer::run).collect::<Vec<_>>());
    }
    let (floor, whole) = (median(floors), median(wholes));
    let each = |time: Duration| {
        time.as_secs_f64() * 1_000.0 / f64::from(u32::try_from(count).unwrap_or(1))
    };
    println!("{count} photographs of 12 megapixels, {THREADS} at once");
    println!("only opened   {:8.2} ms each", each(floor));
    println!("the whole job {:8.2} ms each", each(whole));
    println!(
        "ratio         {:8.3}",
        whole.as_secs_f64() / floor.as_secs_f64()
    );
    if let (Some(few), Some(all)) = (few, all) {
        println!(
            "memory        {few} MB after the first {}, {all} MB after all",
            count.min(100)
        );
    }
    for (at, peer) in peers.iter().enumerate() {
        let time = median(others.iter().map(|round| round[at].0).collect());
        let memory = others.iter().map(|round| round[at].1).max();
        println!(
            "{:<14}{:8.2} ms each, {:.2} times as long, {} MB",
            peer.name,
            each(time),
            time.as_secs_f64() / whole.as_secs_f64(),
            memory.unwrap_or_default()
        );
    }
}

fn number(name: &str, usual: usize) -> usize {
    let value = std::env::var(name).ok();
    value.and_then(|value| value.parse().ok()).unwrap_or(usual)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Another client's way of doing the same.
struct Peer {
    name: &'static str,
    program: PathBuf,
    arguments: Vec<OsString>,
}

impl Peer {
    /// How long it took, and its peak of memory in megabytes.
    fn run(&self) -> (Duration, u64) {
        let output = Command::new(&self.program)
            .args(&self.arguments)
            .output()
            .expect("the client runs");
        let failed = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {failed}", self.name);
        let (seconds, megabytes, _): (f64, f64, usize) =
            serde_json::from_slice(&output.stdout).expect("three numbers");
        let whole = Duration::from_secs_f64(megabytes).as_secs();
        (Duration::from_secs_f64(seconds), whole)
    }
}

fn peers(url: &str, pictures: &Path) -> Vec<Peer> {
    let Some(clients) = std::env::var_os("BEDROCK_CLIENTS").map(PathBuf::from) else {
        println!("BEDROCK_CLIENTS is not set: other clients are left out");
        return Vec::new();
    };
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers");
    let arguments = |script: PathBuf| {
        vec![
            script.into_os_string(),
            url.into(),
            pictures.as_os_str().to_owned(),
            EDGE.to_string().into(),
            THREADS.to_string().into(),
        ]
    };
    // Modules are looked for beside the script.
    let script = clients.join("js/bench_alt_text.mjs");
    std::fs::copy(scripts.join("alt_text.mjs"), &script).expect("copied");
    let own = clients.join("node/node_modules/node/bin/node");
    vec![
        Peer {
            name: "boto3, Pillow",
            program: clients.join("boto3/bin/python"),
            arguments: arguments(scripts.join("alt_text.py")),
        },
        Peer {
            name: "AI SDK, sharp",
            program: if own.exists() { own } else { "node".into() },
            arguments: arguments(script),
        },
    ]
}

/// Photographs as phones save them, grain and all: they differ in their bytes and not in their pixels.
fn photographs(folder: &Path, count: usize) -> Vec<PathBuf> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/samples");
    let large: Vec<Vec<u8>> = ["cat.jpg", "coffee.jpg", "rocket.jpg"]
        .iter()
        .map(|name| {
            let sample = image::open(samples.join(name)).expect("a sample");
            let mut large = sample
                .resize_exact(4_000, 3_000, FilterType::CatmullRom)
                .into_rgb8();
            add_grain(&mut large);
            Encoder::new(&large, 4_000, 3_000, PixelFormat::Rgb)
                .quality(90)
                .subsampling(Subsampling::S420)
                .encode()
                .expect("encoded")
        })
        .collect();
    (0..count)
        .map(|number| {
            let path = folder.join(format!("{number}.jpg"));
            let picture = &large[number % large.len()];
            // A comment right behind the beginning.
            let mut bytes = picture[..2].to_vec();
            bytes.extend([0xff, 0xfe, 0, 10]);
            bytes.extend((number as u64).to_be_bytes());
            bytes.extend(&picture[2..]);
            std::fs::write(&path, bytes).expect("written");
            path
        })
        .collect()
}

/// Samples that were made larger are smooth, which a sensor's pictures are not; nor are they as small.
fn add_grain(picture: &mut RgbImage) {
    let mut random = fastrand::Rng::with_seed(1);
    for value in picture.iter_mut() {
        let grain = random.i16(-4..=4) + random.i16(-4..=4);
        *value = u8::try_from((i16::from(*value) + grain).clamp(0, 255)).unwrap_or_default();
    }
}

/// The floor: opened on both cores, and nothing else.
fn opened(pictures: &[PathBuf], limits: &Limits) -> Duration {
    let (next, began) = (AtomicUsize::new(0), Instant::now());
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(path) = pictures.get(next.fetch_add(1, Ordering::Relaxed)) {
                    media::open_image(path, limits).expect("a picture");
                }
            });
        }
    });
    began.elapsed()
}

/// The whole job, from files to texts.
async fn job(connection: &Connection, pictures: &[PathBuf], limits: &Limits) -> Duration {
    let sources = pictures
        .iter()
        .map(|path| Source {
            path: path.clone(),
            ..Source::default()
        })
        .collect();
    let options = JobOptions {
        limits: limits.clone(),
        ..JobOptions::new(MODEL.into())
    };
    let began = Instant::now();
    let mut job = alt_text::start(connection, sources, options).expect("it begins");
    while let Some(event) = job.next().await {
        if let Event::Finished(result) = event {
            assert!(result.outcome.is_ok(), "{result:?}");
        }
    }
    began.elapsed()
}

/// A server that knows one answer, which the embedded endpoint gave; and a connection to it.
async fn server_that_answers_at_once() -> (Connection, String) {
    let endpoint = Server::start(Settings {
        pace: Pace::Instant,
        ..Settings::default()
    })
    .await
    .expect("the endpoint starts");
    let answer = answer(&endpoint).await;
    let service = Router::new().route(
        "/model/{id}/converse-stream",
        post(move |_: Bytes| async move {
            let kind = "application/vnd.amazon.eventstream";
            ([(header::CONTENT_TYPE, kind)], answer)
        })
        .layer(axum::extract::DefaultBodyLimit::disable()),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, service).await });
    let connection = Connection::open(ConnectionOptions {
        region: Some("us-east-1".to_owned()),
        endpoint_url: Some(url.clone()),
        credentials: CredentialsSource::Keys {
            access_key_id: "any".to_owned(),
            secret_access_key: Secret::new("any"),
            session_token: None,
        },
        ..ConnectionOptions::default()
    })
    .await
    .expect("a connection");
    (connection, url)
}

async fn answer(endpoint: &Server) -> Bytes {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let body = r#"{"messages":[{"role":"user","content":[{"text":"Write alt text"}]}]}"#;
    let mut stream = tokio::net::TcpStream::connect(endpoint.address())
        .await
        .expect("connected");
    // In HTTP/1.0 nothing is chunked, and the end is the end.
    let request = format!(
        "POST /model/{MODEL}/converse-stream HTTP/1.0\r\nAuthorization: Bearer any\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut all = Vec::new();
    stream.read_to_end(&mut all).await.expect("received");
    let end = all
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .expect("a head");
    Bytes::from(all).slice(end + 4..)
}

/// The most memory this process had, in megabytes.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1_000)
}
