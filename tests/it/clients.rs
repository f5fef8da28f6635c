//! Clients that nobody here wrote, against the embedded endpoint; and this program's client against an
//! emulator that nobody here wrote. `script/test` installs them and says where in `BEDROCK_CLIENTS`.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::endpoint::Endpoint;

/// Where a client was installed; says aloud when it was not.
pub fn installed(what: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("BEDROCK_CLIENTS").map(|folder| Path::new(&folder).join(what));
    let found = folder.filter(|folder| folder.exists());
    if found.is_none() {
        eprintln!("skipped: {what} is not installed; script/test installs it");
    }
    found
}

/// The system's Node.js, or the one that `script/clients` had to bring.
pub fn node_program() -> PathBuf {
    std::env::var_os("BEDROCK_CLIENTS")
        .map(|folder| Path::new(&folder).join("node/node_modules/node/bin/node"))
        .filter(|brought| brought.exists())
        .unwrap_or_else(|| PathBuf::from("node"))
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/clients")
        .join(name)
}

/// Runs a client and reads the one object it prints.
fn run(command: &mut Command) -> Value {
    let output = command.output().expect("the client runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).expect("text");
    serde_json::from_str(text.lines().last().unwrap_or_default()).expect("one object")
}

/// A module is looked for beside the file that asks for it, so the script goes there.
fn node(folder: &Path, name: &str) -> Command {
    let copy = folder.join(name);
    std::fs::copy(script(name), &copy).expect("copied");
    let mut command = Command::new(node_program());
    command.arg(copy);
    command
}

#[test]
fn boto3_is_content() {
    let Some(folder) = installed("boto3") else {
        return;
    };
    let endpoint = Endpoint::start();
    let got = run(Command::new(folder.join("bin/python"))
        .arg(script("boto3_client.py"))
        .arg(endpoint.url()));
    assert_eq!(
        got["missing"],
        json!([]),
        "members that botocore's model requires"
    );
    // Counted in the dataset.
    assert_eq!(
        (&got["models"], &got["profiles"]),
        (&json!(183), &json!(219))
    );
    assert!(
        got["converse"]
            .as_str()
            .is_some_and(|text| text.contains("simulate")),
        "{got}"
    );
    assert_eq!(
        got["stream"], got["converse"],
        "the stream adds up to the same answer"
    );
    let events = got["events"].as_array().expect("events");
    assert_eq!(events.first(), Some(&json!("messageStart")));
    assert_eq!(events.last(), Some(&json!("metadata")));
    assert_eq!(got["dimensions"], 256);
    assert_eq!(got["guardrails"], 1);
    assert_eq!(got["blocked"], json!(["guardrail_intervened", "Not that"]));
    assert_eq!(
        got["applied"],
        json!(["GUARDRAIL_INTERVENED", "Write to {EMAIL}"])
    );
    assert_eq!(got["refused"], "The provided model identifier is invalid.");
}

#[test]
fn the_aws_sdk_for_javascript_is_content() {
    let Some(folder) = installed("js") else {
        return;
    };
    let endpoint = Endpoint::start();
    let got = run(node(&folder, "aws_sdk.mjs").arg(endpoint.url()));
    assert_eq!(got["models"], 183);
    assert!(
        got["converse"]
            .as_str()
            .is_some_and(|text| text.contains("simulate")),
        "{got}"
    );
    assert_eq!(got["stream"], got["converse"]);
    assert!(got["requestId"].as_str().is_some_and(|id| !id.is_empty()));
    assert!(got["usage"]["inputTokens"].is_u64(), "{got}");
    assert_eq!(
        got["refused"],
        json!([
            "ValidationException",
            "The provided model identifier is invalid."
        ])
    );
}

#[test]
fn the_ai_sdk_is_content() {
    let Some(folder) = installed("js") else {
        return;
    };
    let endpoint = Endpoint::start();
    let mut picture = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(90, 60, image::Rgb([20, 160, 40]))
        .write_to(&mut picture, image::ImageFormat::Png)
        .expect("encoded");
    let picture = STANDARD.encode(picture.into_inner());
    let got = run(node(&folder, "ai_sdk.mjs").arg(endpoint.url()).arg(picture));
    let text = got["text"].as_str().expect("text");
    assert!(text.contains("rivers") || text.contains("Rivers"), "{text}");
    assert!(got["requestId"].as_str().is_some_and(|id| !id.is_empty()));
    assert!(
        got["stream"]
            .as_str()
            .is_some_and(|text| text.contains("simulate")),
        "{got}"
    );
    assert_eq!(got["finishReason"], "stop");
    let seen = got["seen"].as_str().expect("a description");
    assert!(seen.contains("90 × 60") && seen.contains("green"), "{seen}");
    assert!(
        got["read"]
            .as_str()
            .is_some_and(|text| text.contains("1 documents")),
        "{got}"
    );
    assert_eq!(got["dimensions"], 512);
    let painted = STANDARD
        .decode(got["image"].as_str().expect("an image"))
        .expect("base64");
    let painted = image::load_from_memory(&painted).expect("a picture");
    assert_eq!((painted.width(), painted.height()), (512, 512));
    assert_eq!(got["bearer"], got["text"], "an API key serves as well");
}

/// An emulator of somebody else's; ended with the test.
struct MiniStack {
    child: Child,
    url: String,
}

impl MiniStack {
    fn start(folder: &Path) -> Self {
        // Free a moment ago; the emulator wants to be told its port.
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a port")
            .port();
        let child = Command::new(folder.join("bin/ministack"))
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", port.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("MiniStack runs");
        let started = Self {
            child,
            url: format!("http://127.0.0.1:{port}"),
        };
        let deadline = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "MiniStack does not listen");
            std::thread::yield_now();
        }
        started
    }

    fn ask(&self, arguments: &[&str]) -> Vec<Value> {
        let output = Command::new(env!("CARGO_BIN_EXE_bedrock-playground"))
            .env_clear()
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .args(["--endpoint-url", &self.url, "--region", "us-east-1"])
            .args(arguments)
            .output()
            .expect("the program runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let text = String::from_utf8(output.stdout).expect("text");
        text.lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    }
}

impl Drop for MiniStack {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[test]
fn this_programs_client_understands_an_emulator_of_others() {
    let Some(folder) = installed("ministack") else {
        return;
    };
    let other = MiniStack::start(&folder);
    let models = other.ask(&["models", "--json"]);
    assert!(
        models
            .iter()
            .any(|model| model["modelId"] == "amazon.nova-lite-v1:0"),
        "{models:?}"
    );
    for more in [&[][..], &["--no-stream"]] {
        let ask = [
            "ask",
            "amazon.nova-lite-v1:0",
            "Tell me of rivers",
            "--json",
        ];
        let answer = &other.ask(&[&ask[..], more].concat())[0];
        // So it marks what it makes up.
        assert!(
            answer["text"]
                .as_str()
                .is_some_and(|text| text.starts_with("[ministack mock")),
            "{answer}"
        );
        assert_eq!(answer["stopReason"], "end_turn");
        assert!(
            answer["usage"]["outputTokens"]
                .as_u64()
                .is_some_and(|tokens| tokens > 0)
        );
        assert_eq!(
            answer["simulated"], false,
            "it is not this program's endpoint"
        );
    }
}
