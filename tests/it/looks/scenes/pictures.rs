//! Images and videos.

use egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use serde_json::{Value, json};

use super::{Scene, Stage, wait_for_pictures};
use crate::support::replay::Reply;
use crate::support::window::{click, wait_for, write};

pub const SCENES: &[Scene] = &[
    Scene("images_empty", |stage| {
        stage.go_and_see("Image playground", "Generate");
    }),
    Scene("images_busy", |stage| {
        stage.on_a_slow_endpoint();
        stage.go_and_see("Image playground", "Generate");
        write(&mut stage.harness, "Prompt", "A lighthouse at dusk");
        click(&mut stage.harness, "Generate");
        wait_for(&mut stage.harness, "Generating…");
    }),
    Scene("images_full", |stage| {
        stage.go_and_see("Image playground", "Generate");
        lock_the_seed(stage);
        write(&mut stage.harness, "Prompt", "A lighthouse at dusk");
        click(&mut stage.harness, "Generate");
        wait_for(&mut stage.harness, "Save image 1");
        wait_for_pictures(&mut stage.harness, 1);
    }),
    Scene("images_error", |stage| {
        stage.go_and_see("Image playground", "Generate");
        stage.refuse_the_next();
        write(&mut stage.harness, "Prompt", "A lighthouse at dusk");
        click(&mut stage.harness, "Generate");
        wait_for(&mut stage.harness, "AccessDeniedException");
    }),
    Scene("images_unreachable", |stage| {
        stage.on_no_profile();
        stage.go_without_models("Image playground", "Connect again");
    }),
    Scene("images_rejected", |stage| {
        stage.go_and_see("Image playground", "Generate");
        write(&mut stage.harness, "Prompt", "gore");
        click(&mut stage.harness, "Generate");
        wait_for(&mut stage.harness, "Rejected by the content policy");
    }),
    Scene("videos_unreachable", |stage| {
        stage.on_no_profile();
        stage.go_without_models("Video playground", "Connect again");
    }),
    Scene("videos_empty", |stage| {
        stage.go_and_see("Video playground", "It takes some minutes");
    }),
    Scene("videos_busy", |stage| {
        stage.on_a_slow_endpoint();
        stage.go_and_see("Video playground", "Make the video");
        write(&mut stage.harness, "Prompt", "A fox runs through snow");
        click(&mut stage.harness, "Make the video");
        wait_for(&mut stage.harness, "async-invoke/simulated0001");
    }),
    Scene("videos_full", |stage| {
        stage.on_a_service(videos_of_an_account());
        wait_for(&mut stage.harness, "Model: Nova Lite");
        stage.go_without_models("Video playground", "Copy the S3 URI");
    }),
    Scene("videos_error", |stage| {
        stage.on_no_endpoint();
        stage.go_without_models("Video playground", "Try again");
    }),
];

/// The same seed paints the same picture.
fn lock_the_seed(stage: &mut Stage) {
    let harness = &mut stage.harness;
    click(harness, "Lock the seed");
    let seed = |node: &egui_kittest::kittest::AccessKitNode<'_>| {
        node.role() == Role::SpinButton && node.label().as_deref() == Some("Seed")
    };
    harness.get_by(seed).focus();
    harness.run_steps(2);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    harness.step();
    harness.event(egui::Event::Text("7".into()));
    harness.key_press(egui::Key::Enter);
    harness.run_steps(2);
}

/// A service with a model of each kind, and videos in every state.
fn videos_of_an_account() -> [Reply; 4] {
    let model = |id: &str, name: &str, gives: &str| {
        json!({
            "modelArn": format!("arn:aws:bedrock:us-east-1::foundation-model/{id}"),
            "modelId": id, "modelName": name, "providerName": "Amazon",
            "inputModalities": ["TEXT", "IMAGE"], "outputModalities": [gives],
            "responseStreamingSupported": gives == "TEXT", "inferenceTypesSupported": ["ON_DEMAND"],
            "modelLifecycle": {"status": "ACTIVE"}
        })
    };
    let models = json!({"modelSummaries": [
        model("amazon.nova-lite-v1:0", "Nova Lite", "TEXT"),
        model("amazon.nova-reel-v1:1", "Nova Reel", "VIDEO"),
    ]});
    let profiles = json!({"inferenceProfileSummaries": []});
    let videos = json!({"asyncInvokeSummaries": [
        video("3f5k2", "Failed", Some("2026-11-20T10:02:11Z")),
        video("9x8c7", "Completed", Some("2026-11-20T09:04:36Z")),
        video("1a2b3", "Completed", Some("2026-11-20T09:01:02Z")),
    ]});
    [
        answer("/foundation-models", &models),
        answer("/inference-profiles", &profiles),
        answer("/async-invoke", &videos),
        Reply::json(404, "{}"),
    ]
}

fn video(id: &str, status: &str, ended: Option<&str>) -> Value {
    let failure = (status == "Failed")
        .then_some("The generated video has been blocked by our content filters.");
    let began = if status == "Failed" {
        "2026-11-20T10:00:00Z"
    } else {
        "2026-11-20T09:00:00Z"
    };
    json!({
        "invocationArn": format!("arn:aws:bedrock:us-east-1:123456789012:async-invoke/{id}"),
        "modelArn": "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-reel-v1:1",
        "status": status,
        "submitTime": began,
        "lastModifiedTime": began,
        "endTime": ended,
        "failureMessage": failure,
        "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": format!("s3://my-bucket/videos/{id}")}},
    })
}

fn answer(path: &str, body: &Value) -> Reply {
    Reply::json(200, body.to_string()).at(path)
}
