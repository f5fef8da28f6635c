//! What a streamed answer costs from the wire to a finished transcript, beside a bare loop of the AWS SDK
//! that only puts the text together, and beside boto3 and the AI SDK doing no more than that.
//!
//! `cargo bench --bench wire` streams 100,000 deltas from the embedded endpoint over loopback, each
//! client in turn, so that all of them meet the machine in the same moods. `BEDROCK_CLIENTS` is where
//! `script/clients` put the other clients; without it they are left out. `WIRE_DELTAS` and `WIRE_ROUNDS`
//! change how much is measured.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measurement that cannot go on has none to give"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use aws_sdk_bedrockruntime::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_bedrockruntime::types::{
    ContentBlock as SdkBlock, ContentBlockDelta, ConversationRole, ConverseStreamOutput,
    Message as SdkMessage,
};
use aws_sdk_bedrockruntime::{Client, Config};
use bedrock_playground::bedrock::{Connection, ConnectionOptions, CredentialsSource, Secret};
use bedrock_playground::chat::{
    ContentBlock, Invocation, InvocationId, Message, Request, Transcript,
};
use bedrock_playground::emulator::{Pace, Server, Settings};
use bedrock_playground::tasks::{Demo, InvocationEvent, Session, SessionOptions, Tasks, Waker};
use cpu_time::ThreadTime;
use futures_util::StreamExt as _;

const MODEL: &str = "amazon.nova-lite-v1:0";
/// What the endpoint repeats.
const WORDS: &str = "simulated words ";

/// One answer taken.
struct Taken {
    /// Seconds from the request to the end.
    seconds: f64,
    /// Seconds of the processor that the client used; where it has several threads, of the one that
    /// takes the events.
    processor: f64,
    characters: usize,
}

fn main() {
    // As the program does.
    bedrock_playground_heap::give_back_what_is_freed();
    let deltas = number("WIRE_DELTAS", 100_000);
    let rounds = number("WIRE_ROUNDS", 5);
    let serving = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("threads");
    let endpoint = serving
        .block_on(Server::start(Settings {
            pace: Pace::Instant,
            deltas: Some(deltas),
            ..Settings::default()
        }))
        .expect("the endpoint starts");
    let url = endpoint.url();
    let mut clients = clients(&url);
    let mut taken: Vec<Vec<Taken>> = clients.iter().map(|_| Vec::new()).collect();
    // The first round opens connections and warms what can be warmed.
    for round in 0..=rounds {
        for ((_, client), taken) in clients.iter_mut().zip(&mut taken) {
            let one = client();
            assert_eq!(one.characters, deltas * WORDS.len());
            if round > 0 {
                taken.push(one);
            }
        }
    }
    println!("{deltas} deltas, {rounds} rounds in turn, medians");
    println!(
        "{:<34} {:>9} {:>9} {:>12} {:>9}",
        "", "seconds", "to bare", "processor s", "to bare"
    );
    let median = |taken: &[Taken], of: fn(&Taken) -> f64| {
        let mut values: Vec<f64> = taken.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let wall = |taken: &[Taken]| median(taken, |one| one.seconds);
    let processor = |taken: &[Taken]| median(taken, |one| one.processor);
    for ((name, _), of_client) in clients.iter().zip(&taken) {
        println!(
            "{name:<34} {:>9.3} {:>9.2} {:>12.3} {:>9.2}",
            wall(of_client),
            wall(of_client) / wall(&taken[0]),
            processor(of_client),
            processor(of_client) / processor(&taken[0]),
        );
    }
}

fn number(name: &str, usual: usize) -> usize {
    let value = std::env::var(name).ok();
    value.and_then(|value| value.parse().ok()).unwrap_or(usual)
}

type Measured = (&'static str, Box<dyn FnMut() -> Taken>);

fn clients(url: &str) -> Vec<Measured> {
    let mut clients: Vec<Measured> = vec![
        ("bare loop of the AWS SDK", bare(url)),
        ("to a finished transcript", transcript(url)),
        ("the same, as the window does it", window(url)),
    ];
    let Some(folder) = std::env::var_os("BEDROCK_CLIENTS").map(PathBuf::from) else {
        println!("BEDROCK_CLIENTS is not set: boto3 and the AI SDK are left out");
        return clients;
    };
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers");
    let python = folder.join("boto3/bin/python");
    clients.push(("boto3", peer(python, peers.join("wire.py"), url)));
    // Modules are looked for beside the script.
    let script = folder.join("js/bench_wire.mjs");
    std::fs::copy(peers.join("wire.mjs"), &script).expect("copied");
    let own = folder.join("node/node_modules/node/bin/node");
    let node = if own.exists() { own } else { "node".into() };
    clients.push(("AI SDK", peer(node, script, url)));
    clients
}

/// The floor: nothing but the SDK, and the text.
fn bare(url: &str) -> Box<dyn FnMut() -> Taken> {
    let client = Client::from_conf(
        Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .endpoint_url(url)
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .credentials_provider(Credentials::new("any", "any", None, None, "bench"))
            .build(),
    );
    let runtime = one_thread();
    Box::new(move || {
        see_what_was_closed(&runtime);
        taken(|| {
            runtime.block_on(async {
                let asked = SdkMessage::builder()
                    .role(ConversationRole::User)
                    .content(SdkBlock::Text("Go on".into()))
                    .build()
                    .expect("a message");
                let mut answer = client
                    .converse_stream()
                    .model_id(MODEL)
                    .messages(asked)
                    .send()
                    .await
                    .expect("an answer");
                let mut text = String::new();
                while let Some(event) = answer.stream.recv().await.expect("an event") {
                    if let ConverseStreamOutput::ContentBlockDelta(delta) = event
                        && let Some(ContentBlockDelta::Text(piece)) = delta.delta
                    {
                        text.push_str(&piece);
                    }
                }
                text.len()
            })
        })
    })
}

/// Events straight into a transcript, as a command does it.
fn transcript(url: &str) -> Box<dyn FnMut() -> Taken> {
    let runtime = one_thread();
    let connection = runtime
        .block_on(Connection::open(connection_to(url)))
        .expect("a connection");
    Box::new(move || {
        see_what_was_closed(&runtime);
        taken(|| {
            runtime.block_on(async {
                let id = InvocationId(1);
                let mut transcript = begun(id);
                let mut answer = connection.invoke(request());
                while let Some(event) = answer.next().await {
                    transcript.apply(id, event.expect("an event"));
                }
                transcript.complete(id);
                characters(&transcript)
            })
        })
    })
}

/// Taken by background threads, collected by this one whenever it is woken.
fn window(url: &str) -> Box<dyn FnMut() -> Taken> {
    let here = thread::current();
    let waker = Waker::new(move || here.unpark());
    let mut tasks = Tasks::new(waker.clone()).expect("threads");
    let session = one_thread()
        .block_on(Session::open(SessionOptions {
            demo: Demo::Never,
            connection: connection_to(url),
            ..SessionOptions::default()
        }))
        .expect("a session");
    let session = Arc::new(session);
    Box::new(move || {
        taken(|| {
            let mut running = tasks.invoke(&session, request());
            let id = running.id();
            let mut transcript = begun(id);
            while transcript.is_running() {
                thread::park();
                waker.collecting();
                while let Some(event) = running.try_next() {
                    match event {
                        InvocationEvent::Stream(event) => transcript.apply(id, event),
                        InvocationEvent::Complete => transcript.complete(id),
                        InvocationEvent::Failed(error) => panic!("{error}"),
                    }
                }
            }
            characters(&transcript)
        })
    })
}

/// Another client, in a process of its own for each answer; it measures itself.
fn peer(program: PathBuf, script: PathBuf, url: &str) -> Box<dyn FnMut() -> Taken> {
    let url = url.to_owned();
    Box::new(move || {
        // The second answer is the one that counts: the first loads and compiles.
        let output = Command::new(&program)
            .arg(&script)
            .args([&url, "2"])
            .output()
            .expect("the client runs");
        let said = String::from_utf8_lossy(&output.stdout);
        let failed = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().last().unwrap_or_else(|| panic!("{failed}"));
        let (seconds, processor, characters) = serde_json::from_str(last).expect("three numbers");
        Taken {
            seconds,
            processor,
            characters,
        }
    })
}

fn taken(take: impl FnOnce() -> usize) -> Taken {
    let (began, before) = (Instant::now(), ThreadTime::now());
    let characters = take();
    Taken {
        seconds: began.elapsed().as_secs_f64(),
        processor: before.elapsed().as_secs_f64(),
        characters,
    }
}

fn one_thread() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// Nothing runs here while others have their turn: a connection that was idle too long for the endpoint
/// would be used once more.
fn see_what_was_closed(runtime: &tokio::runtime::Runtime) {
    runtime.block_on(async { tokio::time::sleep(Duration::from_millis(20)).await });
}

fn connection_to(url: &str) -> ConnectionOptions {
    ConnectionOptions {
        region: Some("us-east-1".to_owned()),
        endpoint_url: Some(url.to_owned()),
        credentials: CredentialsSource::Keys {
            access_key_id: "any".to_owned(),
            secret_access_key: Secret::new("any"),
            session_token: None,
        },
        ..ConnectionOptions::default()
    }
}

fn request() -> Request {
    let asked = Message::user(vec![ContentBlock::Text("Go on".into())]);
    Request::new(MODEL.into(), vec![asked])
}

fn begun(id: InvocationId) -> Transcript {
    let mut transcript = Transcript::default();
    transcript.push_user(vec![ContentBlock::Text("Go on".into())]);
    transcript.begin(Invocation::new(id, MODEL.into(), "us-east-1"));
    transcript
}

fn characters(transcript: &Transcript) -> usize {
    let (_, turn) = transcript.last().expect("an answer");
    let texts = turn.message.content.iter().map(|block| match block {
        ContentBlock::Text(text) => text.len(),
        _ => 0,
    });
    texts.sum()
}
