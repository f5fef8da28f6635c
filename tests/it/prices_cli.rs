//! Prices and usage on the command line: the real program in a clean environment.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;

use bedrock_playground::emulator::{Pace, Server, Settings};
use bedrock_playground::pricing::Offer;
use bedrock_playground::store::{DataFolder, Store, UnixMs};
use serde_json::{Value, json};

use crate::cli::{Cli, lines, stderr, stdout};
use crate::price_list::nova;
use crate::price_refresh::PriceServer;
use crate::store_spend::row;

const NOVA: &str = "amazon.nova-lite-v1:0";

fn total(cli: &Cli, arguments: &[&str]) -> Value {
    let all = [&["price"], arguments, &["--json"]].concat();
    let output = cli.run(&all);
    lines(&output)[0]["cost"]["total"].clone()
}

#[test]
fn every_quantity_is_priced() {
    let cli = Cli::new();
    let sonnet = "anthropic.claude-sonnet-4-5-20250929-v1:0";
    // 1,000 × 3.30 + 100 × 16.50 + 1,000 × 0.33 + 1,000 × 4.125 + 2,000 × 6.60, for a million
    let bill = [
        sonnet,
        "--input",
        "1000",
        "--output",
        "100",
        "--cache-read",
        "1000",
        "--cache-write-5m",
        "1000",
        "--cache-write-1h",
        "2000",
    ];
    assert_eq!(total(&cli, &bill), "0.02260500");
    // 3 × 0.06
    let images = [
        "amazon.nova-canvas-v1:0",
        "--images",
        "3",
        "--size",
        "1024x1024",
        "--quality",
        "premium",
    ];
    assert_eq!(total(&cli, &images), "0.18000000");
    let batch = [
        NOVA, "--input", "2000", "--output", "1000", "--tier", "batch",
    ];
    assert_eq!(total(&cli, &batch), "0.00018000");
    let in_gov = [
        NOVA,
        "--input",
        "2000",
        "--output",
        "1000",
        "--region",
        "us-gov-west-1",
    ];
    assert_eq!(total(&cli, &in_gov), "0.00043200");
    let sizeless = cli.run(&["price", "amazon.nova-canvas-v1:0", "--images", "3"]);
    assert_eq!(sizeless.status.code(), Some(2), "a size is needed");
}

#[test]
fn own_prices_are_kept_and_stand_first() {
    let cli = Cli::new();
    let set = cli.run(&[
        "prices",
        "set",
        "example.model-v1:0",
        "input=2",
        "output=10.5",
    ]);
    assert!(set.status.success(), "{}", stderr(&set));
    // 1,000,000 × 2 + 100,000 × 10.5
    let bill = [
        "example.model-v1:0",
        "--input",
        "1000000",
        "--output",
        "100000",
    ];
    assert_eq!(total(&cli, &bill), "3.05000000");
    cli.run(&["prices", "set", "--discount", "50"]);
    assert_eq!(
        total(&cli, &bill),
        "3.05000000",
        "no discount on one's own price"
    );
    // 0.06 less 50 %
    assert_eq!(total(&cli, &[NOVA, "--input", "1000000"]), "0.03000000");
    let listed = stdout(&cli.run(&["prices", "list"]));
    assert!(listed.contains("example.model-v1:0"), "{listed}");
    assert!(listed.contains("50 %"), "{listed}");
    cli.run(&["prices", "set", "example.model-v1:0", "input=none"]);
    assert_eq!(total(&cli, &bill), Value::Null);
    for wrong in [
        &["prices", "set", NOVA, "input=-1"][..],
        &["prices", "set", NOVA, "lunch=1"],
        &["prices", "set", NOVA],
        &["prices", "set", "--discount", "120"],
    ] {
        let output = cli.run(wrong);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{wrong:?}: {}",
            stderr(&output)
        );
    }
}

#[test]
fn every_price_of_a_model_is_listed_with_its_source() {
    let cli = Cli::new();
    let rows = lines(&cli.run(&["prices", "list", NOVA, "--json"]));
    let input = rows
        .iter()
        .find(|row| row["tier"] == "standard" && row["meter"] == "input")
        .expect("a price");
    assert_eq!(input["unitPrice"], "0.06");
    assert_eq!(input["per"], 1_000_000);
    assert!(
        input["detail"]
            .as_str()
            .is_some_and(|words| words.contains("2026-11-21"))
    );
    assert!(rows.iter().any(|row| row["tier"] == "batch"));
    let unknown = cli.run(&["prices", "list", "example.model-v1:0"]);
    assert_eq!(unknown.status.code(), Some(1));
}

#[test]
fn a_damaged_file_of_own_prices_is_said_and_nothing_is_priced_without_it() {
    let cli = Cli::new();
    let folder = cli.home.path().join("data");
    std::fs::create_dir(&folder).expect("made");
    std::fs::write(folder.join("prices.json"), "{\"prices\": [").expect("written");
    let arguments = ["--data-dir", "data", "price", NOVA, "--input", "1"];
    let output = cli.run(&arguments);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("prices.json"),
        "{}",
        stderr(&output)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_is_shown_before_it_is_taken() {
    let server = PriceServer::default();
    server.put(
        Offer::Bedrock,
        "us-east-1",
        &[nova("input-tokens", "0.00007")],
    );
    let url = server.serve().await;
    tokio::task::spawn_blocking(move || {
        let cli = Cli::new();
        let refresh = ["prices", "refresh", "--from", &url];
        let shown = cli.run(&refresh);
        assert!(shown.status.success(), "{}", stderr(&shown));
        assert!(stdout(&shown).contains("$0.07"), "{}", stdout(&shown));
        assert!(
            stderr(&shown).contains("Nothing was taken"),
            "{}",
            stderr(&shown)
        );
        let million = [NOVA, "--input", "1000000"];
        assert_eq!(total(&cli, &million), "0.06000000");
        let taken = cli.run(&[&refresh[..], &["--yes"]].concat());
        assert!(taken.status.success(), "{}", stderr(&taken));
        assert_eq!(total(&cli, &million), "0.07000000");
        let listed = stdout(&cli.run(&["prices", "list"]));
        assert!(listed.contains("published 2026-11-20"), "{listed}");
    })
    .await
    .expect("no panic");
}

/// A proxy that is asked for the connection to AWS, and refuses it.
#[test]
fn the_proxy_of_the_environment_is_used() {
    let proxy = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = proxy.local_addr().expect("an address");
    let asked = std::thread::Builder::new()
        .spawn(move || {
            let (mut stream, _) = proxy.accept().expect("a connection");
            let mut line = String::new();
            BufReader::new(stream.try_clone().expect("a stream"))
                .read_line(&mut line)
                .expect("a request");
            stream
                .write_all(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n")
                .expect("answered");
            line
        })
        .expect("a thread");
    let cli = Cli::new();
    let output = cli
        .command(&["prices", "refresh"])
        .env("HTTPS_PROXY", format!("http://{address}"))
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        asked.join().expect("no panic").trim_end(),
        "CONNECT pricing.us-east-1.amazonaws.com:443 HTTP/1.1"
    );
}

#[test]
fn simulated_calls_are_kept_apart_and_never_counted_as_spend() {
    let cli = Cli::new();
    let nothing = cli.run(&["usage"]);
    assert!(
        stdout(&nothing).starts_with("No call was charged"),
        "{}",
        stdout(&nothing)
    );
    let ask = [
        "--demo",
        "--speed",
        "0",
        "ask",
        NOVA,
        "Name a river",
        "--tag",
        "Atlas",
    ];
    let asked = cli.run(&ask);
    assert!(asked.status.success(), "{}", stderr(&asked));
    let usage = &lines(&cli.run(&["usage", "--by", "tag", "--json"]))[0];
    assert_eq!(usage["charged"]["total"]["calls"], 0);
    assert_eq!(usage["charged"]["total"]["knownCost"], "0.00000000");
    assert_eq!(usage["simulated"]["total"]["calls"], 1);
    assert_eq!(usage["simulated"]["groups"][0]["name"], "Atlas");
    assert_eq!(usage["by"], json!("project tag"));
    let by_model = stdout(&cli.run(&["usage", "--by", "model"]));
    assert!(
        by_model.contains("not charged") && by_model.contains(NOVA),
        "{by_model}"
    );
    let csv = stdout(&cli.run(&["usage", "--csv"]));
    assert_eq!(csv.lines().count(), 2, "{csv}");
    assert!(csv.contains(",yes,amazon.nova-lite-v1:0,"), "{csv}");
    let backwards = cli.run(&["usage", "--from", "2026-11-21", "--to", "2026-11-20"]);
    assert_eq!(backwards.status.code(), Some(2));
}

#[test]
fn alt_texts_are_in_the_ledger_each_once() {
    let cli = Cli::new();
    cli.photograph("lake.png");
    let job = cli.run(&["--demo", "--speed", "0", "alt-text", "lake.png"]);
    assert!(job.status.success(), "{}", stderr(&job));
    let usage = &lines(&cli.run(&["usage", "--by", "screen", "--json"]))[0];
    assert_eq!(usage["simulated"]["groups"][0]["name"], "Alt text");
    assert_eq!(usage["simulated"]["groups"][0]["calls"], 1);
}

#[test]
fn compared_models_are_in_the_ledger_too() {
    let cli = Cli::new();
    let job = cli.run(&[
        "--demo",
        "--speed",
        "0",
        "compare",
        "--model",
        NOVA,
        "--model",
        "amazon.nova-pro-v1:0",
        "Name a river",
    ]);
    assert!(job.status.success(), "{}", stderr(&job));
    let usage = &lines(&cli.run(&["usage", "--by", "screen", "--json"]))[0];
    assert_eq!(usage["simulated"]["groups"][0]["name"], "Compare models");
    assert_eq!(usage["simulated"]["groups"][0]["calls"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_budget_that_is_spent_stops_commands_before_they_send() {
    let endpoint = Server::start(Settings {
        pace: Pace::Instant,
        ..Settings::default()
    });
    let endpoint = endpoint.await.expect("the endpoint starts");
    let url = endpoint.url();
    tokio::task::spawn_blocking(move || {
        let cli = Cli::new();
        cli.photograph("lake.png");
        let place = cli.home.path().join("data");
        let data = DataFolder::find(Some(&place)).expect("a folder");
        let store = Store::open(&data).expect("a ledger").store;
        let paid = row(UnixMs::now().0, Some("4.50"));
        store.record_spend(&paid).expect("recorded");
        drop(store);
        let budget = |usd: &str| {
            let settings = json!({ "budgets": { "month": { "usd": usd, "stop": true } } });
            std::fs::write(place.join("settings.json"), settings.to_string()).expect("written");
        };
        let run = |command: &[&str]| {
            let global = ["--data-dir", "data", "--endpoint-url", url.as_str()];
            cli.command(&[&global[..], command].concat())
                .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
                .env("AWS_SECRET_ACCESS_KEY", "example")
                .env("AWS_REGION", "us-east-1")
                .output()
                .expect("the program runs")
        };
        let ask = ["ask", NOVA, "Name a river"];
        budget("5");
        let warned = run(&ask);
        assert!(warned.status.success(), "{}", stderr(&warned));
        assert!(stderr(&warned).contains("(90 %)"), "{}", stderr(&warned));
        budget("4.50");
        let compare = ["compare", "Name a river", "--model", NOVA, "--model", NOVA];
        for command in [&ask[..], &["alt-text", "lake.png"], &compare] {
            let stopped = run(command);
            assert_eq!(stopped.status.code(), Some(3), "{}", stderr(&stopped));
            assert!(
                stderr(&stopped).contains("nothing was sent"),
                "{}",
                stderr(&stopped)
            );
            assert!(stdout(&stopped).is_empty(), "{}", stdout(&stopped));
        }
    })
    .await
    .expect("no panic");
    drop(endpoint);
}
