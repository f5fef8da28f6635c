//! The command line: the real program in a clean environment.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

struct Cli {
    home: TempDir,
}

impl Cli {
    fn new() -> Self {
        Self {
            home: tempfile::tempdir().expect("a folder"),
        }
    }

    /// Without any credentials of whoever runs the tests.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bedrock-playground"));
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .current_dir(self.home.path())
            .args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program runs")
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.home.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path
    }

    fn photograph(&self, name: &str) -> PathBuf {
        let path = self.home.path().join(name);
        image::RgbImage::from_pixel(320, 200, image::Rgb([30, 80, 200]))
            .save(&path)
            .expect("saved");
        path
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn lines(output: &Output) -> Vec<Value> {
    stdout(output)
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of text")
}

#[test]
fn the_price_of_the_worked_example_is_exact() {
    let cli = Cli::new();
    let price = [
        "price",
        "amazon.nova-lite-v1:0",
        "--input",
        "2000",
        "--output",
        "1000",
    ];
    let output = cli.run(&price);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(
        stdout(&output)
            .lines()
            .last()
            .is_some_and(|line| line.ends_with("$0.000360")),
        "{}",
        stdout(&output)
    );
    let json = lines(&cli.run(&[&price[..], &["--json"]].concat()));
    // 2,000 × 0.06 / 1M = 0.00012; 1,000 × 0.24 / 1M = 0.00024
    assert_eq!(json[0]["cost"]["total"], "0.00036000");
    assert_eq!(json[0]["cost"]["lines"][0]["amount"], "0.00012000");
    assert_eq!(json[0]["cost"]["lines"][1]["unitPrice"], "0.24");
}

#[test]
fn an_unknown_price_is_said_and_is_no_success() {
    let output = Cli::new().run(&["price", "example.model-v1:0", "--input", "1"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("unknown"), "{}", stdout(&output));
    assert!(!stdout(&output).contains("$0"), "{}", stdout(&output));
}

#[test]
fn models_are_listed_one_a_line() {
    let output = Cli::new().run(&["--demo", "models", "--json"]);
    let models = lines(&output);
    assert_eq!(models.len(), 183);
    let nova = models
        .iter()
        .find(|model| model["modelId"] == "amazon.nova-lite-v1:0")
        .expect("Nova Lite");
    assert_eq!(nova["price"]["input"], "0.06");
    assert_eq!(nova["contextWindow"], 300_000);
}

#[test]
fn an_answer_has_the_promised_members() {
    let output = Cli::new().run(&[
        "--demo",
        "--speed",
        "0",
        "ask",
        "amazon.nova-lite-v1:0",
        "Why?",
        "--json",
    ]);
    assert!(output.status.success(), "{}", stderr(&output));
    let answer = &lines(&output)[0];
    for pointer in [
        "/modelId",
        "/text",
        "/stopReason",
        "/usage/inputTokens",
        "/usage/outputTokens",
        "/usage/totalTokens",
        "/usage/cacheReadInputTokens",
        "/usage/cacheWriteInputTokens",
        "/metrics/latencyMs",
        "/metrics/timeToFirstTokenMs",
        "/cost/currency",
        "/cost/total",
        "/cost/lines/0/meter",
        "/cost/lines/0/quantity",
        "/cost/lines/0/unitPrice",
        "/cost/lines/0/per",
        "/cost/lines/0/amount",
        "/cost/lines/0/source",
        "/requestId",
    ] {
        assert!(
            answer.pointer(pointer).is_some(),
            "{pointer} is missing: {answer}"
        );
    }
    assert_eq!(answer["simulated"], true);
    assert_eq!(answer["stopReason"], "end_turn");
    assert!(answer.get("file").is_none());
    assert!(
        answer["text"]
            .as_str()
            .is_some_and(|text| text.contains("simulate")),
        "{answer}"
    );
}

#[test]
fn an_answer_in_words_says_that_nothing_is_charged() {
    for arguments in [&[][..], &["--no-stream"]] {
        let ask = [
            "--demo",
            "--speed",
            "0",
            "ask",
            "amazon.nova-lite-v1:0",
            "Why?",
        ];
        let output = Cli::new().run(&[&ask[..], arguments].concat());
        assert!(stdout(&output).starts_with("## "), "{}", stdout(&output));
        assert!(
            stderr(&output).contains("simulated, not charged"),
            "{}",
            stderr(&output)
        );
    }
}

#[test]
fn alt_text_for_each_file_and_a_reason_for_each_that_fails() {
    let cli = Cli::new();
    let photograph = cli.photograph("sky.jpg");
    let notes = cli.file("notes.txt", b"hello");
    let gone = cli.home.path().join("gone.png");
    let output = cli.run(&[
        "--demo",
        "--speed",
        "0",
        "alt-text",
        text(&notes),
        text(&photograph),
        text(&gone),
        "--json",
    ]);
    assert_eq!(output.status.code(), Some(1), "one failed");
    let results = lines(&output);
    assert_eq!(results[0]["file"], "notes.txt");
    assert_eq!(results[0]["error"]["code"], "NotAnImage");
    assert!(results[0]["error"]["advice"].is_string());
    assert_eq!(results[1]["file"], "sky.jpg");
    let words = results[1]["text"].as_str().expect("text");
    assert!(
        words.contains("blue") && words.contains("320 × 200") && words.contains("simulated"),
        "{words}"
    );
    assert_eq!(results[2]["error"]["code"], "FileNotFound");
}

#[test]
fn without_credentials_and_without_demo_nothing_is_simulated() {
    let output = Cli::new().run(&["ask", "amazon.nova-lite-v1:0", "Why?"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(stdout(&output), "");
    let words = stderr(&output);
    for looked_for in [
        "AWS_ACCESS_KEY_ID",
        "AWS_BEARER_TOKEN_BEDROCK",
        "profile",
        "--demo",
    ] {
        assert!(
            words.contains(looked_for),
            "{looked_for} is not named: {words}"
        );
    }
}

#[test]
fn a_refused_connection_is_an_error_with_advice() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port")
        .port();
    let cli = Cli::new();
    let url = format!("http://127.0.0.1:{port}");
    let output = cli
        .command(&[
            "--endpoint-url",
            &url,
            "ask",
            "amazon.nova-lite-v1:0",
            "Why?",
            "--json",
        ])
        .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "example-secret")
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(1));
    let failure = &lines(&output)[0]["error"];
    assert!(
        failure["code"]
            .as_str()
            .is_some_and(|code| code.contains("Refused")),
        "{failure}"
    );
    assert!(failure["advice"].is_string());
    assert!(!stderr(&output).contains("example-secret"));
}

#[test]
fn the_services_words_and_code_are_passed_on() {
    let output = Cli::new().run(&["--demo", "ask", "example.model-v1:0", "Why?", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let failure = &lines(&output)[0]["error"];
    assert_eq!(failure["code"], "ValidationException");
    assert_eq!(failure["status"], 400);
    // As recorded for an unknown model.
    assert_eq!(
        failure["message"],
        "The provided model identifier is invalid."
    );
}

/// Ends the endpoint with the test.
struct Endpoint(Child);

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[test]
fn the_endpoint_serves_another_process() {
    let cli = Cli::new();
    let mut child = cli
        .command(&["emulate", "--speed", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program runs");
    let mut first = String::new();
    let output = child.stdout.take().expect("a pipe");
    let endpoint = Endpoint(child);
    BufReader::new(output)
        .read_line(&mut first)
        .expect("a line");
    let url = first
        .trim()
        .strip_prefix("listening on ")
        .expect("its first line says where");
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    let answer = cli
        .command(&[
            "--endpoint-url",
            url,
            "ask",
            "amazon.nova-lite-v1:0",
            "Why?",
            "--json",
        ])
        .env("AWS_ACCESS_KEY_ID", "any")
        .env("AWS_SECRET_ACCESS_KEY", "any")
        .output()
        .expect("the program runs");
    assert_eq!(
        lines(&answer)[0]["simulated"],
        json!(true),
        "{}",
        stderr(&answer)
    );
    drop(endpoint);
}

#[test]
fn faults_can_be_asked_of_the_endpoint() {
    let cli = Cli::new();
    let mut child = cli
        .command(&[
            "emulate",
            "--speed",
            "0",
            "--fail-nth",
            "1",
            "--fail-with",
            "access-denied",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program runs");
    let mut first = String::new();
    let output = child.stdout.take().expect("a pipe");
    let _endpoint = Endpoint(child);
    BufReader::new(output)
        .read_line(&mut first)
        .expect("a line");
    let url = first
        .trim()
        .strip_prefix("listening on ")
        .expect("its first line says where");
    let ask = |expected: i32| {
        let answer = cli
            .command(&[
                "--endpoint-url",
                url,
                "ask",
                "amazon.nova-lite-v1:0",
                "Why?",
                "--json",
            ])
            .env("AWS_ACCESS_KEY_ID", "any")
            .env("AWS_SECRET_ACCESS_KEY", "any")
            .output()
            .expect("the program runs");
        assert_eq!(answer.status.code(), Some(expected), "{}", stderr(&answer));
        lines(&answer).remove(0)
    };
    assert_eq!(ask(1)["error"]["code"], "AccessDeniedException");
    assert_eq!(
        ask(0)["stopReason"],
        "end_turn",
        "only the first was to fail"
    );
}
