//! The model catalog, and the dialog in which a model is chosen.

use egui_kittest::kittest::Queryable as _;
use serde_json::json;

use super::Scene;
use crate::support::replay::{Ending, Reply};
use crate::support::window::{click, wait_for, write};

pub const SCENES: &[Scene] = &[
    Scene("catalog_table", |stage| {
        stage.go_and_see("Model catalog", "Nova 2 Lite");
    }),
    Scene("catalog_cards", |stage| {
        stage.go_and_see("Model catalog", "Nova 2 Lite");
        click(&mut stage.harness, "Cards");
    }),
    Scene("catalog_details", |stage| {
        stage.go_and_see("Model catalog", "Nova 2 Lite");
        click(&mut stage.harness, "Nova Lite amazon.nova-lite-v1:0");
        wait_for(&mut stage.harness, "Close details");
        wait_for(&mut stage.harness, "The account may use this model");
    }),
    Scene("catalog_nothing_found", |stage| {
        stage.go_and_see("Model catalog", "Nova 2 Lite");
        write(&mut stage.harness, "Find models", "aubergine");
        wait_for(&mut stage.harness, "No model matches");
    }),
    Scene("catalog_side_by_side", |stage| {
        stage.go_and_see("Model catalog", "Nova 2 Lite");
        for model in ["Nova Lite", "Nova Micro", "Nova Pro"] {
            let tick = format!("Compare {model}");
            write_anew(&mut stage.harness, model);
            click(&mut stage.harness, &tick);
        }
        click(&mut stage.harness, "Compare 3 of up to 4");
        wait_for(&mut stage.harness, "Models side by side");
    }),
    Scene("catalog_busy", |stage| {
        let silent = Reply::json(200, "").ending(Ending::Silent);
        stage.on_a_service([silent]);
        wait_for(&mut stage.harness, "access keys");
        stage.go_without_models("Model catalog", "Listing foundation models…");
    }),
    Scene("catalog_error", |stage| {
        stage.on_no_endpoint();
        stage.go_without_models("Model catalog", "Try again");
    }),
    Scene("catalog_refused", |stage| {
        let words = "User: arn:aws:iam::123456789012:user/example is not authorized to perform: \
                     bedrock:ListFoundationModels because no identity-based policy allows the \
                     bedrock:ListFoundationModels action";
        let refusal = Reply::json(403, json!({ "message": words }).to_string())
            .header("x-amzn-errortype", "AccessDeniedException");
        stage.on_a_service([refusal]);
        stage.go_without_models("Model catalog", "AccessDeniedException (HTTP 403)");
    }),
    Scene("model_picker", |stage| {
        stage.connect();
        click(&mut stage.harness, "Model: Nova Lite");
        wait_for(&mut stage.harness, "Model id or ARN");
    }),
];

/// Looks for these words instead of those before.
fn write_anew(
    harness: &mut egui_kittest::Harness<'static, bedrock_playground::ui::App>,
    words: &str,
) {
    harness.get_by_label("Find models").focus();
    harness.step();
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    harness.step();
    write(harness, "Find models", words);
    harness.run_steps(2);
}
