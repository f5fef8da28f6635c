//! `models` with its filters, as the real program against the embedded endpoint.

use serde_json::Value;

use super::cli::{Cli, lines, stderr, stdout};

fn models(arguments: &[&str]) -> Vec<Value> {
    let command = ["--demo", "models", "--json"];
    lines(&Cli::new().run(&[&command, arguments].concat()))
}

#[test]
fn models_are_found_by_what_they_give_and_take() {
    let embedding = models(&["--gives", "embedding", "--takes", "image"]);
    let ids: Vec<_> = embedding
        .iter()
        .filter_map(|model| model["modelId"].as_str())
        .collect();
    assert!(ids.contains(&"amazon.titan-embed-image-v1"), "{ids:?}");
    assert!(!ids.contains(&"amazon.titan-embed-text-v2:0"), "{ids:?}");
    let nova = models(&["--search", "LITE amazon nova-lite-v1", "--active"]);
    assert_eq!(nova.len(), 1);
    assert_eq!(nova[0]["supports"]["vision"], true);
    assert_eq!(nova[0]["contextWindow"], 300_000);
    let regions = nova[0]["onDemandRegions"].as_array().expect("regions");
    assert!(regions.contains(&"us-east-1".into()));
}

#[test]
fn the_end_of_a_model_is_told() {
    let found = models(&["--search", "marengo-embed-2-7"]);
    assert_eq!(found[0]["endOfLife"], "2026-11-30");
    let table = Cli::new().run(&["--demo", "models", "--search", "marengo-embed-2-7"]);
    assert!(
        stdout(&table).contains("ends 2026-11-30"),
        "{}",
        stdout(&table)
    );
}

#[test]
fn access_is_asked_of_the_account() {
    let cli = Cli::new();
    let output = cli.run(&["--demo", "models", "--access", "us.amazon.nova-lite-v1:0"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("The account may use us.amazon.nova-lite-v1:0"));
    let output = cli.run(&["--demo", "models", "--access", "nobody.model", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(lines(&output)[0]["error"]["code"].is_string());
}
