//! Embeddings.

use bedrock_playground::ui::App;
use egui_kittest::Harness;

use super::{Scene, Stage};
use crate::support::window::{click, shows, wait_for, wait_until, write};

pub const SCENES: &[Scene] = &[
    Scene("embeddings_empty", |stage| stage.go("Embeddings")),
    Scene("embeddings_busy", |stage| {
        stage.on_a_slow_endpoint();
        stage.go("Embeddings");
        click(&mut stage.harness, "Try it with examples");
        click(&mut stage.harness, "Embed 9 texts");
        wait_for(&mut stage.harness, "0 of 9");
    }),
    Scene("embeddings_full", embedded_texts),
    Scene("embeddings_similarity", |stage| {
        embedded_texts(stage);
        click(&mut stage.harness, "Similarity");
        wait_for(&mut stage.harness, "Cosine similarity");
        wait_until_worked_out(&mut stage.harness);
    }),
    Scene("embeddings_map", |stage| {
        embedded_texts(stage);
        click(&mut stage.harness, "Map");
        wait_for(&mut stage.harness, "Principal components");
        wait_until_worked_out(&mut stage.harness);
    }),
    Scene("embeddings_error", |stage| {
        stage.go("Embeddings");
        stage.refuse_the_next();
        let text = "A river in spring";
        write(&mut stage.harness, "New texts, one a line", text);
        click(&mut stage.harness, "Add");
        click(&mut stage.harness, "Embed 1 text");
        wait_for(&mut stage.harness, "Retry 1 failed");
        click(&mut stage.harness, "Text 1: A river in spring");
        wait_until_worked_out(&mut stage.harness);
    }),
    Scene("embeddings_unreachable", |stage| {
        stage.on_no_profile();
        stage.go_without_models("Embeddings", "Connect again");
    }),
];

fn embedded_texts(stage: &mut Stage) {
    stage.go("Embeddings");
    click(&mut stage.harness, "Try it with examples");
    click(&mut stage.harness, "Embed 9 texts");
    wait_for(&mut stage.harness, "92 tokens in 9 requests");
    wait_until_worked_out(&mut stage.harness);
}

fn wait_until_worked_out(harness: &mut Harness<'static, App>) {
    wait_until(harness, "working everything out", |harness| {
        !shows(harness, "Working out")
    });
}
