//! Planted secrets are looked for wherever something is written or shown.

use std::path::Path;
use std::sync::Arc;

use bedrock_playground::bedrock::{ConnectionOptions, CredentialsSource, Secret};
use bedrock_playground::emulator::Pace;
use bedrock_playground::keyring::Keyring;
use bedrock_playground::store::{DataFolder, load_settings};
use bedrock_playground::tasks::{Demo, SessionOptions, recall};
use bedrock_playground::ui::App;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::cli::{Cli, stderr, stdout};
use crate::support::endpoint::Endpoint;
use crate::support::keyring::{NoKeyring, TestKeyring};
use crate::support::window::{
    ChosenFiles, ask_and_wait, click, on_screen, open, open_with_keyring, shows, wait_for,
    wait_until,
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

/// The entries of an archive as files.
fn unpack(archive: &Path, to: &Path) {
    std::fs::create_dir(to).expect("a folder");
    let file = std::fs::File::open(archive).expect("an archive");
    let mut zip = zip::ZipArchive::new(file).expect("an archive");
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).expect("an entry");
        let mut file = std::fs::File::create(to.join(index.to_string())).expect("a file");
        std::io::copy(&mut entry, &mut file).expect("unpacked");
    }
}

fn type_into(harness: &mut Harness<'static, App>, field: &str, text: &str) {
    use egui::accesskit::Role;
    let is_field = |node: &egui_kittest::kittest::AccessKitNode<'_>| {
        node.label().as_deref() == Some(field)
            && matches!(node.role(), Role::TextInput | Role::PasswordInput)
    };
    harness.get_by(is_field).focus();
    harness.step();
    harness.get_by(is_field).type_text(text);
    harness.step();
}

/// A window that keeps things, on whatever connection is found.
fn keeping(folder: &Path, demo: Demo, keyring: Arc<dyn Keyring>) -> Harness<'static, App> {
    let session = SessionOptions {
        demo,
        pace: Pace::Instant,
        ..SessionOptions::default()
    };
    let kept = DataFolder::find(Some(folder)).expect("a folder");
    open_with_keyring(session, ChosenFiles::default(), Some(kept), keyring)
}

/// Types an API key into the dialog and has it remembered.
fn connect_and_remember(harness: &mut Harness<'static, App>, url: &str) {
    wait_for(harness, "Model: Nova Lite");
    click(harness, "Connection");
    wait_for(harness, "In use");
    click(harness, "API key");
    wait_for(harness, "Kept in memory until the program ends");
    type_into(harness, "API key", SECRET);
    type_into(harness, "Endpoint, if not Bedrock's own", url);
    click(harness, "Remember in the system's keyring");
    wait_for(harness, "The next start connects with it");
    click(harness, "Connect");
}

#[test]
fn a_key_is_remembered_by_the_keyring_alone_until_it_is_forgotten() {
    let folder = tempfile::tempdir().expect("a folder");
    let endpoint = Endpoint::start();
    let keyring = TestKeyring::default();
    {
        let mut harness = keeping(folder.path(), Demo::Always, Arc::new(keyring.clone()));
        connect_and_remember(&mut harness, &endpoint.url());
        wait_for(&mut harness, "Remembered in the system's keyring");
        wait_until(&mut harness, "leaving the demo", |harness| {
            !shows(harness, "Demo: simulated answers")
        });
        let data = DataFolder::find(Some(folder.path())).expect("a folder");
        wait_until(&mut harness, "noting it", |_| {
            load_settings(&data).is_ok_and(|settings| settings.remembered_connection)
        });
        assert!(recall(&keyring).expect("a keyring").is_some());
    }
    let mut found = Vec::new();
    contents(folder.path(), &mut found);
    assert!(found.iter().all(|(_, text)| !text.contains(SECRET)));
    // Without the keyring this would be the demo.
    let open = Demo::WithoutCredentials;
    let mut harness = keeping(folder.path(), open, Arc::new(keyring.clone()));
    wait_for(&mut harness, "Model: Nova Lite");
    assert!(!shows(&harness, "Demo: simulated answers"));
    click(&mut harness, "Connection");
    wait_for(&mut harness, "The system's keyring holds a connection");
    assert!(shows(&harness, &endpoint.url()), "{}", on_screen(&harness));
    click(&mut harness, "Forget it");
    wait_for(&mut harness, "Forgotten");
    assert!(recall(&keyring).expect("a keyring").is_none());
    assert!(!shows(&harness, "The system's keyring holds a connection"));
}

#[test]
fn without_a_keyring_the_key_stays_in_memory_and_work_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let endpoint = Endpoint::start();
    let mut harness = keeping(folder.path(), Demo::Always, Arc::new(NoKeyring));
    connect_and_remember(&mut harness, &endpoint.url());
    wait_for(
        &mut harness,
        "Not remembered. No keyring of the system answers",
    );
    wait_until(&mut harness, "leaving the demo", |harness| {
        !shows(harness, "Demo: simulated answers")
    });
    wait_for(&mut harness, "Model: Nova Lite");
    ask_and_wait(&mut harness, "Name a river");
    let mut found = Vec::new();
    contents(folder.path(), &mut found);
    assert!(found.iter().all(|(_, text)| !text.contains(SECRET)));
}

#[test]
fn a_remembered_key_that_cannot_be_had_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(
        folder.path().join("settings.json"),
        "{\"rememberedConnection\": true}",
    )
    .expect("written");
    let mut harness = keeping(folder.path(), Demo::WithoutCredentials, Arc::new(NoKeyring));
    wait_for(&mut harness, "The remembered connection is not used");
}

#[test]
fn secrets_are_in_no_log_and_no_error_however_much_is_logged() {
    let cli = Cli::new();
    let endpoint = Endpoint::start();
    let closed = "http://127.0.0.1:9";
    for url in [endpoint.url().as_str(), closed] {
        for secrets in [
            &[("AWS_BEARER_TOKEN_BEDROCK", SECRET)][..],
            &[
                ("AWS_ACCESS_KEY_ID", "AKIDPLANTED"),
                ("AWS_SECRET_ACCESS_KEY", SECRET),
                ("AWS_SESSION_TOKEN", TOKEN),
            ],
        ] {
            let run = cli
                .command(&[
                    "ask",
                    "amazon.nova-lite-v1:0",
                    "Name a river",
                    "--endpoint-url",
                    url,
                    "--region",
                    "us-east-1",
                ])
                .env("BEDROCK_PLAYGROUND_LOG", "trace")
                .env("RUST_BACKTRACE", "1")
                .envs(secrets.iter().copied())
                .output()
                .expect("the program runs");
            let said = stdout(&run) + &stderr(&run);
            assert!(said.len() > 1_000, "much is logged: {said}");
            for secret in [SECRET, TOKEN] {
                let at = said.find(secret);
                let around = at.map(|at| said[at.saturating_sub(300)..at].to_owned());
                assert_eq!(around, None, "a secret is in the log");
            }
        }
    }
}

#[test]
fn secrets_are_in_no_file_no_export_and_no_code() {
    let folder = tempfile::tempdir().expect("a folder");
    let endpoint = Endpoint::start();
    let files = ChosenFiles::default();
    let session = SessionOptions {
        demo: Demo::Never,
        connection: ConnectionOptions {
            region: Some("us-east-1".into()),
            endpoint_url: Some(endpoint.url()),
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
    let archive = folder.path().join("all.zip");
    files.choose(&archive);
    click(&mut harness, "Close");
    click(&mut harness, "Settings");
    wait_for(&mut harness, "Export everything…");
    click(&mut harness, "Export everything…");
    wait_for(&mut harness, "conversations and lists, ");
    let unpacked = folder.path().join("unpacked");
    unpack(&archive, &unpacked);
    contents(folder.path(), &mut found);
    assert!(found.len() > 12, "there is something to look through");
    assert!(
        found
            .iter()
            .any(|(path, text)| path.contains("unpacked") && text.contains("Name a river")),
        "the archive has the conversation"
    );
    for (place, text) in found {
        for secret in [SECRET, TOKEN] {
            assert!(!text.contains(secret), "a secret is in {place}");
        }
    }
}
