//! Calls go through the proxy that is set, and none gets between this computer and itself.

use std::net::SocketAddr;
use std::time::Duration;

use bedrock_playground::bedrock::{
    Connection, ConnectionOptions, CredentialsSource, Environment, Proxy, Secret, WebRequest,
    download, fetch,
};
use bedrock_playground::emulator::{Pace, Server, Settings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{Receiver, channel};

use crate::cli::Cli;

const DEADLINE: Duration = Duration::from_secs(60);

/// A proxy that lets nobody through, and tells what it is asked.
async fn proxy() -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (asked, heard) = channel(64);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                match stream.read_u8().await {
                    Ok(byte) => request.push(byte),
                    Err(_) => break,
                }
            }
            stream
                .write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
                .await
                .ok();
            let text = String::from_utf8_lossy(&request).into_owned();
            if asked.send(text).await.is_err() {
                return;
            }
        }
    });
    (address, heard)
}

/// What the proxy was asked first.
async fn first(heard: &mut Receiver<String>) -> String {
    let asked = tokio::time::timeout(DEADLINE, heard.recv()).await;
    asked.expect("asked in time").expect("asked")
}

fn options(endpoint_url: Option<String>, proxy: Proxy) -> ConnectionOptions {
    ConnectionOptions {
        region: Some("eu-west-1".into()),
        endpoint_url,
        credentials: CredentialsSource::Keys {
            access_key_id: "AKIDEXAMPLE".into(),
            secret_access_key: Secret::new("PLANTED"),
            session_token: None,
        },
        proxy,
        ..ConnectionOptions::default()
    }
}

async fn listed(options: ConnectionOptions, environment: &Environment) -> bool {
    let connection = Connection::open_in(options, environment).await.unwrap();
    connection.catalog().await.is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_to_aws_ask_the_proxy_for_a_way() {
    let (address, mut heard) = proxy().await;
    let set = Environment::from_iter([("HTTPS_PROXY", format!("http://{address}"))]);
    for (proxy, environment) in [
        (Proxy::Environment, &set),
        (
            Proxy::Through(format!("http://{address}")),
            &Environment::default(),
        ),
    ] {
        assert!(!listed(options(None, proxy), environment).await);
        let asked = first(&mut heard).await;
        assert!(
            asked.starts_with("CONNECT bedrock.eu-west-1.amazonaws.com:443 HTTP/1.1"),
            "{asked}"
        );
        assert!(!asked.contains("PLANTED") && !asked.contains("AKIDEXAMPLE"));
        // Retries of the same.
        while heard.try_recv().is_ok() {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_of_the_environment_goes_to_the_proxy_alone() {
    let (address, mut heard) = proxy().await;
    let set = Environment::from_iter([("HTTPS_PROXY", format!("http://me:word@{address}"))]);
    assert!(!listed(options(None, Proxy::Environment), &set).await);
    let asked = first(&mut heard).await;
    // "me:word" in base64.
    assert!(asked.contains("Basic bWU6d29yZA=="), "{asked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn this_computer_is_reached_directly() {
    let (address, mut heard) = proxy().await;
    let server = Server::start(Settings {
        pace: Pace::Instant,
        ..Settings::default()
    })
    .await
    .unwrap();
    let proxy = Proxy::Through(format!("http://{address}"));
    assert!(listed(options(Some(server.url()), proxy), &Environment::default()).await);
    assert!(heard.try_recv().is_err(), "the proxy was not asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_that_are_exempt_are_reached_directly() {
    let (address, mut heard) = proxy().await;
    // There is no such host, and so no answer either; but the proxy hears nothing of it.
    let exempt = Environment::from_iter([
        ("HTTPS_PROXY", format!("http://{address}")),
        ("NO_PROXY", ".test.invalid".to_owned()),
    ]);
    let url = Some("https://bedrock.test.invalid".to_owned());
    assert!(!listed(options(url.clone(), Proxy::Environment), &exempt).await);
    let direct = Environment::from_iter([("HTTPS_PROXY", format!("http://{address}"))]);
    assert!(!listed(options(url, Proxy::Direct), &direct).await);
    assert!(heard.try_recv().is_err(), "the proxy was not asked");
}

/// The SDK reads the variables of the program itself, past what the connection was told.
#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_told_to_go_directly_does_whatever_its_environment_says() {
    let (address, mut heard) = proxy().await;
    let list = |setting: &'static str| {
        let program = move || {
            let cli = Cli::new();
            let kept = cli.home.path().join("data");
            std::fs::create_dir(&kept).expect("a folder");
            std::fs::write(kept.join("settings.json"), setting).expect("written");
            let url = "https://bedrock.test.invalid";
            cli.command(&["models", "--data-dir", "data", "--endpoint-url", url])
                .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
                .env("AWS_SECRET_ACCESS_KEY", "PLANTED")
                .env("AWS_REGION", "us-east-1")
                .env("AWS_MAX_ATTEMPTS", "1")
                .env("HTTPS_PROXY", format!("http://{address}"))
                .output()
                .expect("the program runs")
        };
        tokio::task::spawn_blocking(program)
    };
    assert!(!list("{}").await.expect("it ran").status.success());
    let asked = heard.try_recv().expect("the proxy of the environment");
    assert!(
        asked.starts_with("CONNECT bedrock.test.invalid:443"),
        "{asked}"
    );
    while heard.try_recv().is_ok() {}
    let direct = list(r#"{"proxy": "direct"}"#).await.expect("it ran");
    assert!(!direct.status.success());
    assert_eq!(heard.try_recv().ok(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn price_files_come_through_it_too() {
    let (address, mut heard) = proxy().await;
    let proxy = Proxy::Through(format!("http://{address}"));
    assert!(
        download("https://prices.test.invalid/file", None, &proxy)
            .await
            .is_err()
    );
    let asked = first(&mut heard).await;
    assert!(
        asked.starts_with("CONNECT prices.test.invalid:443"),
        "{asked}"
    );
}

#[tokio::test]
async fn an_address_that_is_none_is_said_before_anything_is_sent() {
    let bad = options(None, Proxy::Through("ftp://x".into()));
    let error = Connection::open_in(bad, &Environment::default())
        .await
        .unwrap_err();
    assert_eq!(error.code(), "InvalidProxy");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_the_web_come_through_it_too() {
    let (address, mut heard) = proxy().await;
    let proxy = Proxy::Through(format!("http://{address}"));
    for (page, asked_for) in [
        (
            "https://me:secret@pages.example.com/a",
            "CONNECT pages.example.com:443 ",
        ),
        (
            "http://me:secret@pages.example.com/a",
            "GET http://pages.example.com/a ",
        ),
    ] {
        let request = WebRequest {
            address: page,
            named_by: None,
            accept: "text/html",
            limit: 1_000,
        };
        let error = fetch(request, &proxy).await.unwrap_err().to_string();
        assert!(!error.contains("secret"), "{error}");
        let asked = first(&mut heard).await;
        assert!(asked.starts_with(asked_for), "{asked}");
        assert!(!asked.contains("secret"), "{asked}");
    }
}
