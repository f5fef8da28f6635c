//! History, usage, settings, and the connection.

use bedrock_playground::chat::Usage;
use bedrock_playground::pricing::Usd;
use bedrock_playground::store::{Screen, SpendRow, UnixMs};
use rust_decimal::Decimal;

use super::{Scene, Stage};
use crate::support::session::embedded;
use crate::support::sign_in::{begun, pending, registered};
use crate::support::window::{ask_and_wait, click, go_to, wait_for, wait_until, write};

const DAY: i64 = 86_400_000;

pub const SCENES: &[Scene] = &[
    Scene("history_empty", |stage| {
        stage.go_and_see("History", "Nothing here yet");
    }),
    Scene("history_busy", |stage| {
        stage.on_a_history_that_is_being_opened();
        stage.go_and_see("History", "Opening the history…");
    }),
    Scene("history_error", |stage| {
        stage.go_and_see("History", "Nothing here yet");
        // Nothing but the search reads it.
        stage.lose_table("search");
        write(&mut stage.harness, "Search the history", "river");
        wait_for(&mut stage.harness, "The history cannot be shown");
    }),
    Scene("history_full", history_of_three),
    Scene("history_selected", |stage| {
        history_of_three(stage);
        click(&mut stage.harness, "Select What is a guardrail?");
        click(&mut stage.harness, "Select Name a river");
        wait_for(&mut stage.harness, "2 selected");
    }),
    Scene("history_nothing_found", |stage| {
        stage.go("History");
        write(&mut stage.harness, "Search the history", "aubergine");
        wait_for(&mut stage.harness, "Nothing found");
    }),
    Scene("usage_empty", |stage| {
        stage.go_and_see("Usage", "No usage yet");
    }),
    Scene("usage_busy", |stage| {
        stage.on_a_history_that_is_being_opened();
        stage.go_and_see("Usage", "Adding up…");
    }),
    Scene("usage_error", |stage| {
        stage.go_and_see("Usage", "No usage yet");
        stage.lose_table("spend");
        click(&mut stage.harness, "7 days");
        wait_for(&mut stage.harness, "Usage cannot be added up");
    }),
    Scene("usage_full", |stage| {
        spend(stage);
        stage.on(embedded());
        stage.go_and_see("Usage", "Spend by day");
        // Days are others each day.
        click(&mut stage.harness, "Model");
        wait_for(&mut stage.harness, "amazon.nova-pro-v1:0");
    }),
    Scene("settings", |stage| {
        stage.go_and_see("Settings", "Appearance");
    }),
    Scene("settings_error", |stage| {
        stage.go_and_see("Settings", "Appearance");
        // What cannot be written over.
        let file = stage.folder.path().join("settings.json");
        std::fs::remove_file(&file).expect("a file");
        std::fs::create_dir_all(file.join("in the way")).expect("a folder");
        click(&mut stage.harness, "Reduce motion");
        wait_for(&mut stage.harness, "The settings are not saved");
    }),
    Scene("connection", |stage| {
        stage.connect();
        click(&mut stage.harness, "Connection");
        wait_for(&mut stage.harness, "Change it");
    }),
    Scene("sign_in", |stage| {
        stage.on_a_sign_in([registered(), begun(), pending()]);
        click(&mut stage.harness, "Sign in with the browser");
        wait_for(&mut stage.harness, "ABCD-EFGH");
    }),
    Scene("connection_error", |stage| {
        stage.on_no_profile();
        wait_for(&mut stage.harness, "Connect again");
        click(&mut stage.harness, "Change connection…");
        wait_for(&mut stage.harness, "Change it");
    }),
];

fn history_of_three(stage: &mut Stage) {
    stage.connect();
    for prompt in [
        "Name a river",
        "Write a haiku about rain",
        "What is a guardrail?",
    ] {
        ask_and_wait(&mut stage.harness, prompt);
        click(&mut stage.harness, "New conversation");
    }
    go_to(&mut stage.harness, "History");
    for prompt in ["Name a river", "Write a haiku", "What is a guardrail"] {
        let name = format!("Open conversation {prompt}");
        wait_for(&mut stage.harness, &name);
    }
    wait_until(&mut stage.harness, "every answer", |harness| {
        !crate::support::window::shows(harness, " 0 tokens")
    });
}

/// What was spent on the ten days before today.
fn spend(stage: &Stage) {
    let store = stage.store();
    let today = UnixMs::now().0 / DAY * DAY;
    for ago in 1..=10 {
        let calls = [
            ("amazon.nova-lite-v1:0", ago * 900, 4_100 - ago * 250),
            ("amazon.nova-pro-v1:0", ago * 300, 12_000 + ago * 800),
        ];
        for (model, tokens, millionths) in calls {
            let row = SpendRow {
                at: UnixMs(today - ago * DAY + DAY / 2),
                model: model.into(),
                region: "us-east-1".into(),
                connection: "work".into(),
                tier: None,
                usage: Usage {
                    input_tokens: tokens.unsigned_abs(),
                    output_tokens: 400,
                    total_tokens: tokens.unsigned_abs() + 400,
                    ..Usage::default()
                },
                cost: Some(Usd::new(Decimal::new(millionths, 6))),
                lines: Vec::new(),
                simulated: false,
                screen: Screen::chat(),
                conversation: None,
                project: None,
                estimate: None,
            };
            store.record_spend(&row).expect("recorded");
        }
    }
}
