//! Every recorded stream of the real service, answered into the window and drawn.

use serde_json::json;

use crate::support::recording::Recording;
use crate::support::replay::{ReplayServer, Reply};
use crate::support::session::service_at;
use crate::support::window::{ask, on_screen, scroll_to_top, shows, wait_for, wait_until, window};
use crate::support::wire::{assemble, frames};

#[test]
fn every_recorded_stream_is_drawn() {
    let Some(recordings) = Recording::of(&["ConverseStream"]) else {
        return;
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for recording in &recordings {
        let server = runtime.block_on(ReplayServer::start([
            models().at("/foundation-models"),
            Reply::json(200, r#"{"inferenceProfileSummaries":[]}"#).at("/inference-profiles"),
            recording.reply().at("/model/"),
            Reply::json(404, "{}"),
        ]));
        drawn(recording, &server.url());
    }
}

fn drawn(recording: &Recording, url: &str) {
    let mut harness = window(service_at(url));
    wait_for(&mut harness, "Model: Nova Lite");
    ask(&mut harness, "As recorded");
    wait_until(&mut harness, &recording.name, |harness| {
        shows(harness, "Regenerate") || shows(harness, "Ask again")
    });
    scroll_to_top(&mut harness);
    if recording.is_error() {
        return;
    }
    for block in assemble(&frames(&recording.body)) {
        let Some(word) = block["text"].as_str().and_then(first_word) else {
            continue;
        };
        assert!(
            shows(&harness, word),
            "{}: {word:?} is not on screen:\n{}",
            recording.name,
            on_screen(&harness)
        );
        break;
    }
}

/// A word long enough to be told from others, at the beginning, where no scrolling hides it.
fn first_word(text: &str) -> Option<&str> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .take(12)
        .find(|word| word.len() >= 4)
}

pub fn models() -> Reply {
    let summary = json!({
        "modelArn": "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",
        "modelId": "amazon.nova-lite-v1:0",
        "modelName": "Nova Lite",
        "providerName": "Amazon",
        "inputModalities": ["TEXT", "IMAGE"],
        "outputModalities": ["TEXT"],
        "responseStreamingSupported": true,
        "inferenceTypesSupported": ["ON_DEMAND"],
        "modelLifecycle": { "status": "ACTIVE" },
    });
    Reply::json(200, json!({ "modelSummaries": [summary] }).to_string())
}
