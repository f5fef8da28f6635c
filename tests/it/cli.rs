//! The command line: the real program in a clean environment.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

pub struct Cli {
    pub home: TempDir,
}

impl Cli {
    pub fn new() -> Self {
        Self {
            home: tempfile::tempdir().expect("a folder"),
        }
    }

    /// Without any credentials of whoever runs the tests.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bedrock-playground"));
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .current_dir(self.home.path())
            .args(arguments);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program runs")
    }

    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.home.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path
    }

    pub fn photograph(&self, name: &str) -> PathBuf {
        let path = self.home.path().join(name);
        image::RgbImage::from_pixel(320, 200, image::Rgb([30, 80, 200]))
            .save(&path)
            .expect("saved");
        path
    }
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn lines(output: &Output) -> Vec<Value> {
    stdout(output)
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect()
}

pub fn text(path: &Path) -> &str {
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

/// The endpoint as a process of its own, which ends with the test.
pub struct Endpoint {
    process: Child,
    pub url: String,
}

impl Endpoint {
    pub fn start(cli: &Cli, arguments: &[&str]) -> Self {
        let mut process = cli
            .command(&[&["emulate", "--speed", "0"], arguments].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        let mut first = String::new();
        BufReader::new(process.stdout.take().expect("a pipe"))
            .read_line(&mut first)
            .expect("a line");
        let url = first
            .trim()
            .strip_prefix("listening on ")
            .expect("its first line says where")
            .to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "{url}");
        Self { process, url }
    }

    /// A question to it; any credentials will do.
    fn ask(&self, cli: &Cli, arguments: &[&str]) -> Command {
        let ask = [
            "--endpoint-url",
            &self.url,
            "ask",
            "amazon.nova-lite-v1:0",
            "Why?",
        ];
        let mut command = cli.command(&[&ask, arguments].concat());
        command
            .env("AWS_ACCESS_KEY_ID", "any")
            .env("AWS_SECRET_ACCESS_KEY", "any");
        command
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

#[test]
fn the_endpoint_serves_another_process() {
    let cli = Cli::new();
    let endpoint = Endpoint::start(&cli, &[]);
    let answer = endpoint.ask(&cli, &["--json"]).output().expect("it runs");
    assert_eq!(
        lines(&answer)[0]["simulated"],
        json!(true),
        "{}",
        stderr(&answer)
    );
}

#[test]
fn faults_can_be_asked_of_the_endpoint() {
    let cli = Cli::new();
    let endpoint = Endpoint::start(&cli, &["--fail-nth", "1", "--fail-with", "access-denied"]);
    let ask = |expected: i32| {
        let answer = endpoint.ask(&cli, &["--json"]).output().expect("it runs");
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

#[test]
fn each_kind_of_bad_file_has_its_reason() {
    let cli = Cli::new();
    let whole = std::fs::read(cli.photograph("whole.jpg")).expect("read");
    let cut = cli.file("cut.jpg", &whole[..whole.len() / 2]);
    let empty = cli.file("empty.jpg", b"");
    let folder = cli.home.path().join("folder");
    std::fs::create_dir(&folder).expect("a folder");
    let output = cli.run(&[
        "--demo",
        "alt-text",
        text(&cut),
        text(&empty),
        text(&folder),
        "--json",
    ]);
    assert_eq!(output.status.code(), Some(1));
    let results = lines(&output);
    assert_eq!(results.len(), 3, "{results:?}");
    let mut messages = Vec::new();
    for (result, file) in results.iter().zip(["cut.jpg", "empty.jpg", "folder"]) {
        assert_eq!(result["file"], file);
        messages.push(result["error"]["message"].as_str().expect("words"));
        assert!(result["error"]["advice"].is_string(), "{result}");
        assert!(result.get("text").is_none(), "{result}");
    }
    messages.sort_unstable();
    messages.dedup();
    assert_eq!(messages.len(), 3, "each has its own reason");
}

#[test]
fn more_tokens_than_can_be_counted_are_no_crash() {
    let most = u64::MAX.to_string();
    let output = Cli::new().run(&[
        "price",
        "anthropic.claude-sonnet-4-5-20250929-v1:0",
        "--input",
        &most,
        "--output",
        &most,
        "--cache-read",
        &most,
        "--cache-write-5m",
        &most,
        "--cache-write-1h",
        &most,
    ]);
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{}",
        stderr(&output)
    );
    assert!(stdout(&output).contains("Total"), "{}", stdout(&output));
}

#[test]
fn wrong_usage_is_two() {
    for arguments in [
        &["ask"][..],
        &["no-such-command"],
        &["price", "amazon.nova-lite-v1:0", "--input", "-1"],
        &["alt-text"],
        &["compare", "--model", "a", "--model", "b"],
        &["compare", "--model", "a", "Why?"],
        &[
            "compare", "--model", "a", "--model", "b", "Why?", "--rubric", "r.txt",
        ],
        &["man", "no-such-command"],
    ] {
        let output = Cli::new().run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(stdout(&output), "", "{arguments:?}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_crash() {
    let cli = Cli::new();
    let mut child = cli
        .command(&["--demo", "models"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
}

#[test]
fn completions_and_manual_know_every_command() {
    let cli = Cli::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = stdout(&cli.run(&["completions", shell]));
        for command in ["models", "ask", "alt-text", "compare", "price", "emulate"] {
            assert!(script.contains(command), "{command} in {shell}");
        }
    }
    let page = stdout(&cli.run(&["man"]));
    assert!(page.contains(".TH bedrock-playground 1"), "{page}");
    let page = stdout(&cli.run(&["man", "ask"]));
    assert!(page.contains(".TH bedrock-playground-ask 1"), "{page}");
    assert!(
        page.contains("no\\-stream") && page.contains("endpoint\\-url"),
        "{page}"
    );
}

/// What Ctrl+C sends.
#[cfg(unix)]
pub fn interrupt(child: &Child) {
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(sent.is_ok_and(|status| status.success()));
}

#[cfg(unix)]
#[test]
fn an_interrupted_endpoint_ends_well() {
    let mut endpoint = Endpoint::start(&Cli::new(), &[]);
    interrupt(&endpoint.process);
    assert_eq!(endpoint.process.wait().expect("it ends").code(), Some(0));
}

#[cfg(unix)]
#[test]
fn an_interrupted_answer_ends_at_once() {
    let cli = Cli::new();
    // Of this answer nothing more would ever come.
    let endpoint = Endpoint::start(&cli, &["--stall-after", "3"]);
    let mut child = endpoint
        .ask(&cli, &[])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program runs");
    let mut output = child.stdout.take().expect("a pipe");
    let mut first = [0];
    std::io::Read::read_exact(&mut output, &mut first).expect("it begins to answer");
    interrupt(&child);
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
}
