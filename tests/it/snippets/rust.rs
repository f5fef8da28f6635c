//! The Rust snippets as they are shown, compiled with the tests.

use std::path::PathBuf;
use std::process::Command;

use bedrock_playground::chat::Request;
use bedrock_playground::snippets::{Language, Target, files, snippet};

use super::{REGION, assert_asks, environment, everything, reply, streamed, text};
use crate::support::replay::ReplayServer;

/// The crate as a snippet has it; its default client would bring another TLS into all tests.
mod aws_config {
    pub use ::aws_config::*;

    pub fn defaults(version: BehaviorVersion) -> ConfigLoader {
        ::aws_config::defaults(version).http_client(crate::support::sdk::http_client())
    }
}

#[expect(
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "a program of its own, as people are shown it"
)]
mod converse {
    use super::aws_config;
    include!("../../snippets/converse.rs");
    pub(super) fn run() {
        main().expect("it runs");
    }
}

#[expect(
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "a program of its own, as people are shown it"
)]
mod converse_stream {
    use super::aws_config;
    include!("../../snippets/converse_stream.rs");
    pub(super) fn run() {
        main().expect("it runs");
    }
}

/// Set for the process that is to be a snippet.
const PROGRAM: &str = "SNIPPET";

#[test]
#[ignore = "not a test but the program that the tests below run"]
fn program() {
    match std::env::var(PROGRAM).as_deref() {
        Ok("converse") => converse::run(),
        Ok("converse_stream") => converse_stream::run(),
        _ => {}
    }
}

/// That the file with this name is the snippet, which is how it comes to be compiled.
fn is_shown(name: &str, request: &Request) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/snippets")
        .join(format!("{name}.rs"));
    let target = Target {
        region: REGION.into(),
        endpoint_url: None,
    };
    let code = snippet(Language::Rust, request, &target);
    if std::env::var_os("UPDATE_SNIPPETS").is_some() {
        std::fs::write(&path, &code).expect("written");
    }
    let kept = std::fs::read_to_string(&path).expect("a snippet");
    assert!(
        code == kept,
        "{} is another snippet: run with UPDATE_SNIPPETS=1, then once more to compile it",
        path.display()
    );
}

async fn asks_the_same(name: &str, request: &Request) {
    is_shown(name, request);
    let server = ReplayServer::start([reply(request.stream)]).await;
    let folder = tempfile::tempdir().expect("a folder");
    for file in files(request) {
        std::fs::write(folder.path().join(&file.name), &file.bytes).expect("written");
    }
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    environment(&mut command, folder.path());
    command
        .args([
            "--exact",
            "snippets::rust::program",
            "--ignored",
            "--nocapture",
        ])
        .env(PROGRAM, name)
        .env("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", server.url());
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .expect("no panic")
        .expect("it runs");
    let printed = text(&output);
    assert!(printed.contains("Yes, sir\n"), "{printed}");
    assert_asks(&server.asked()[0], request);
}

#[tokio::test]
async fn converse_is_compiled_and_asks_the_same() {
    asks_the_same("converse", &everything()).await;
}

#[tokio::test]
async fn converse_stream_is_compiled_and_asks_the_same() {
    asks_the_same("converse_stream", &streamed(everything())).await;
}
