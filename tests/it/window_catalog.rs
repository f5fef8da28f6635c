//! The model catalog in the window, through the embedded endpoint.

use bedrock_playground::ui::App;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::support::window::{click, connected, on_screen, shows, wait_for, write};

fn catalog_window() -> Harness<'static, App> {
    let mut harness = connected();
    click(&mut harness, "Model catalog");
    wait_for(&mut harness, "183 models");
    harness
}

/// Clicks the row or card of a model.
fn choose(harness: &mut Harness<'static, App>, id: &str) {
    harness
        .get_by(|node| {
            node.role() == egui::accesskit::Role::Button
                && node.label().is_some_and(|label| label.contains(id))
        })
        .click_accesskit();
    harness.step();
    harness.step();
}

#[test]
fn a_model_says_whether_it_may_be_used_and_opens_the_playground_that_suits_it() {
    let mut harness = catalog_window();
    write(&mut harness, "Find models", "titan text embeddings v2");
    wait_for(&mut harness, "of 183 models");
    choose(&mut harness, "amazon.titan-embed-text-v2:0");
    wait_for(&mut harness, "The account may use this model");
    wait_for(&mut harness, "1024, 512, 256");
    // The price for a million tokens is 0.02; it has no answers that could cost anything.
    wait_for(&mut harness, "$0.02 for 1M tokens");
    click(&mut harness, "Open in embeddings");
    wait_for(&mut harness, "Texts become vectors");
    let chosen = harness
        .get_by_role_and_label(egui::accesskit::Role::ComboBox, "Embedding model")
        .accesskit_node()
        .value();
    assert!(
        chosen.is_some_and(|value| value.contains("Titan Text Embeddings V2")),
        "{}",
        on_screen(&harness)
    );
}

#[test]
fn what_runs_only_by_a_profile_is_tried_by_the_profile_of_this_region() {
    let mut harness = catalog_window();
    write(&mut harness, "Find models", "claude haiku 4.5");
    wait_for(&mut harness, "of 183 models");
    choose(&mut harness, "anthropic.claude-haiku-4-5-20251001-v1:0");
    wait_for(
        &mut harness,
        "us.anthropic.claude-haiku-4-5-20251001-v1:0 from us-east-1",
    );
    for fact in [
        "Takes",
        "Context window",
        "Longest answer",
        "Can",
        "Copy arn",
        "Copy model id",
    ] {
        wait_for(&mut harness, fact);
    }
    click(&mut harness, "Open in chat playground");
    wait_for(&mut harness, "Model: Claude Haiku 4.5");
    wait_for(&mut harness, "us.anthropic.claude-haiku-4-5-20251001-v1:0");
}

#[test]
fn a_model_that_ends_says_when() {
    let mut harness = catalog_window();
    write(&mut harness, "Find models", "marengo embed v2.7");
    wait_for(&mut harness, "of 183 models");
    choose(&mut harness, "twelvelabs.marengo-embed-2-7-v1:0");
    // How many days are left depends on the day; the date does not.
    wait_for(&mut harness, "2026-11-30");
    wait_for(&mut harness, "move to another model before");
}

#[test]
fn cards_show_the_same_models_and_few_of_them_are_drawn() {
    let mut harness = catalog_window();
    click(&mut harness, "Cards");
    wait_for(&mut harness, "Context ");
    let drawn = harness
        .query_all_by(|node| {
            node.label()
                .is_some_and(|label| label.starts_with("Compare ") && label != "Compare models")
        })
        .count();
    // Of 183 only those in view: 800 points hold five lines of at most four.
    assert!((1..=24).contains(&drawn), "{drawn} cards are drawn");
    write(&mut harness, "Find models", "nova lite amazon");
    wait_for(&mut harness, "of 183 models");
    choose(&mut harness, "amazon.nova-lite-v1:0");
    wait_for(&mut harness, "Open in chat playground");
    // By the table: half of the 0.06 and 0.24 on demand.
    wait_for(&mut harness, "$0.03 in, $0.12 out for 1M tokens");
}

#[test]
fn up_to_four_models_stand_side_by_side() {
    let mut harness = catalog_window();
    write(&mut harness, "Find models", "amazon nova");
    wait_for(&mut harness, "of 183 models");
    click(&mut harness, "Compare Nova Lite");
    wait_for(&mut harness, "Compare 1 of up to 4");
    click(&mut harness, "Compare Nova Micro");
    click(&mut harness, "Compare 2 of up to 4");
    wait_for(&mut harness, "Models side by side");
    // Nova Lite's context is 300,000 tokens, Nova Micro's 128,000.
    for fact in ["300K", "128K", "amazon.nova-micro-v1:0", "Provider"] {
        assert!(shows(&harness, fact), "{fact}: {}", on_screen(&harness));
    }
    click(&mut harness, "Only what differs");
    wait_for(&mut harness, "300K");
    assert!(
        harness.query_by_label("Longest answer").is_none()
            || harness.query_by_label("Context window").is_some()
    );
    let lines = harness.query_all_by_label("System prompt").count();
    assert_eq!(lines, 0, "both take one");
}

#[test]
fn lists_meet_the_faults_that_are_for_them() {
    let mut harness = connected();
    click(&mut harness, "Faults on request…");
    harness.run_steps(3);
    let reach = harness.get_by_role_and_label(egui::accesskit::Role::ComboBox, "Meets");
    reach.click_accesskit();
    harness.run_steps(3);
    click(&mut harness, "Lists of models and more");
    harness.run_steps(3);
    let share = harness.get_by_role_and_label(egui::accesskit::Role::SpinButton, "Throttled");
    share.focus();
    harness.run_steps(2);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    harness.event(egui::Event::Text("100".to_owned()));
    harness.step();
    harness.key_press(egui::Key::Tab);
    harness.run_steps(2);
    click(&mut harness, "Apply");
    click(&mut harness, "Model catalog");
    wait_for(&mut harness, "183 models");
    click(&mut harness, "Refresh");
    wait_for(&mut harness, "ThrottlingException (HTTP 429)");
    click(&mut harness, "Faults on request…");
    click(&mut harness, "No faults");
    click(&mut harness, "Try again");
    wait_for(&mut harness, "183 models");
}

#[test]
fn boxes_of_models_of_one_name_are_called_differently() {
    let mut harness = catalog_window();
    write(&mut harness, "Find models", "nova reel");
    wait_for(&mut harness, "2 of 183 models");
    click(&mut harness, "Compare Nova Reel …v1:0");
    click(&mut harness, "Cards");
    wait_for(&mut harness, "Context ");
    click(&mut harness, "Compare Nova Reel …v1:1");
    wait_for(&mut harness, "Compare 2 of up to 4");
}
