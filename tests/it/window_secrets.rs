//! Planted secrets are looked for wherever something is written or shown.

use std::path::Path;

use bedrock_playground::bedrock::{ConnectionOptions, CredentialsSource, Secret};
use bedrock_playground::emulator::{Pace, Server, Settings};
use bedrock_playground::store::DataFolder;
use bedrock_playground::tasks::{Demo, SessionOptions};

use crate::support::window::{
    ChosenFiles, ask_and_wait, click, on_screen, open, wait_for, wait_until,
};

const SECRET: &str = "PLANTEDsecretACCESSkey0123456789abcdefgh";
const TOKEN: &str = "PLANTEDsessionTOKEN0123456789";

/// Every file below a folder, its bytes as text.
fn contents(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            contents(&path, found);
        } else {
            let bytes = std::fs::read(&path).unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            found.push((path.display().to_string(), text));
        }
    }
}

#[test]
fn secrets_are_in_no_file_no_export_and_no_code() {
    let folder = tempfile::tempdir().expect("a folder");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let server = runtime
        .block_on(Server::start(Settings {
            pace: Pace::Instant,
            ..Settings::default()
        }))
        .expect("the endpoint starts");
    let files = ChosenFiles::default();
    let session = SessionOptions {
        demo: Demo::Never,
        connection: ConnectionOptions {
            region: Some("us-east-1".into()),
            endpoint_url: Some(server.url()),
            credentials: CredentialsSource::Keys {
                access_key_id: "AKIDPLANTED".into(),
                secret_access_key: Secret::new(SECRET),
                session_token: Some(Secret::new(TOKEN)),
            },
            ..ConnectionOptions::default()
        },
        ..SessionOptions::default()
    };
    let kept = DataFolder::find(Some(&folder.path().join("data"))).expect("a folder");
    let mut harness = open(session, files.clone(), Some(kept.clone()));
    wait_for(&mut harness, "Model: Nova Lite");
    ask_and_wait(&mut harness, "Name a river");
    for (item, file) in [
        ("As JSON…", "out.json"),
        ("As Markdown…", "out.md"),
        ("As HTML…", "out.html"),
    ] {
        files.choose(&folder.path().join(file));
        click(&mut harness, "Export or import");
        wait_for(&mut harness, item);
        click(&mut harness, item);
        wait_for(&mut harness, file);
    }
    wait_until(&mut harness, "the conversation on disk", |_| {
        let mut found = Vec::new();
        contents(folder.path(), &mut found);
        found
            .iter()
            .any(|(path, text)| path.contains("playground.db") && text.contains("Name a river"))
    });
    click(&mut harness, "Answer actions");
    wait_for(&mut harness, "View request and response…");
    click(&mut harness, "View request and response…");
    wait_for(&mut harness, "POST http://127.0.0.1");
    let mut found = Vec::new();
    for page in [
        "Request",
        "Response",
        "AWS CLI",
        "Python (boto3)",
        "JavaScript (AWS SDK)",
        "JavaScript (AI SDK)",
        "Rust",
        "curl",
    ] {
        click(&mut harness, page);
        found.push((page.to_owned(), on_screen(&harness)));
    }
    contents(folder.path(), &mut found);
    assert!(found.len() > 12, "there is something to look through");
    for (place, text) in found {
        for secret in [SECRET, TOKEN] {
            assert!(!text.contains(secret), "a secret is in {place}");
        }
    }
}
