//! Looking at the connection and changing it.

use bedrock_playground::emulator::Pace;
use bedrock_playground::ui::App;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::support::endpoint::Endpoint;
use crate::support::session::embedded_at;
use crate::support::window::{click, demo_window, on_screen, painted, shows, wait_for, wait_until};

fn open_dialog() -> Harness<'static, App> {
    let mut harness = demo_window();
    wait_for(&mut harness, "Model: Nova Lite");
    click(&mut harness, "Connection");
    wait_for(&mut harness, "In use");
    harness
}

/// The field called this, not the words above it that call it so.
fn input<'a>(harness: &'a Harness<'static, App>, name: &'a str) -> egui_kittest::Node<'a> {
    harness
        .query_all_by_label(name)
        .find(|node| node.accesskit_node().role() != egui::accesskit::Role::Label)
        .expect("a field of this name")
}

pub fn type_into(harness: &mut Harness<'static, App>, field: &str, text: &str) {
    input(harness, field).focus();
    harness.step();
    input(harness, field).type_text(text);
    harness.step();
}

#[test]
fn the_connection_in_use_is_shown_with_its_sources() {
    let harness = open_dialog();
    assert!(
        shows(&harness, "Embedded in this program; answers are simulated"),
        "{}",
        on_screen(&harness)
    );
}

#[test]
fn what_is_missing_is_said() {
    let mut harness = open_dialog();
    click(&mut harness, "API key");
    wait_for(&mut harness, "Type or paste the API key");
    click(&mut harness, "Profile");
    wait_for(&mut harness, "Choose a profile");
}

#[test]
fn keys_lead_to_another_endpoint_and_are_never_shown() {
    let other = Endpoint::start();
    let mut harness = open_dialog();
    click(&mut harness, "Access keys");
    type_into(&mut harness, "Access key id", "AKIDEXAMPLE");
    type_into(&mut harness, "Secret access key", "planted-secret");
    type_into(&mut harness, "Endpoint, if not Bedrock's own", &other.url());
    assert!(!shows(&harness, "planted-secret"), "a secret is on screen");
    click(&mut harness, "Connect");
    wait_until(&mut harness, "leaving the demo", |harness| {
        !shows(harness, "Demo: simulated answers")
    });
    wait_for(&mut harness, "Model: Nova Lite");
    click(&mut harness, "Connection");
    wait_for(&mut harness, &other.url());
    assert!(!shows(&harness, "planted-secret"), "a secret is on screen");
    // All that is said of a connection and all that keys want is higher than a small window.
    harness.set_size(egui::vec2(1024.0, 700.0));
    harness.run_steps(3);
    harness.get_by_label("Connect").scroll_to_me();
    harness.run_steps(20);
    let connect = harness.get_by_label("Connect").rect();
    assert!(connect.bottom() < 700.0, "it is at {connect:?}");
}

#[test]
fn an_answer_goes_on_while_the_connection_changes() {
    let mut harness = crate::support::window::window(embedded_at(Pace::Times(4.0)));
    wait_for(&mut harness, "Model: Nova Lite");
    type_into(&mut harness, "Prompt", "Rivers");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    wait_for(&mut harness, "Copy answer");
    click(&mut harness, "Connection");
    wait_for(&mut harness, "In use");
    click(&mut harness, "Connect");
    wait_for(&mut harness, "Regenerate");
    assert!(
        shows(&harness, "end_turn"),
        "the answer came whole: {}",
        on_screen(&harness)
    );
}

#[test]
fn faults_can_be_asked_for_in_the_window() {
    let mut harness = demo_window();
    wait_for(&mut harness, "Model: Nova Lite");
    click(&mut harness, "Faults on request…");
    wait_for(&mut harness, "Cut streams after events");
    click(&mut harness, "Cut streams after events");
    click(&mut harness, "Apply");
    wait_until(&mut harness, "closing the dialog", |harness| {
        !shows(harness, "Damage the event")
    });
    // A dialog keeps the focus for the frame in which it closes.
    harness.run_steps(2);
    type_into(&mut harness, "Prompt", "Rivers");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    wait_for(&mut harness, "The answer ended early; this is what came");
    click(&mut harness, "Faults on request…");
    wait_for(&mut harness, "No faults");
    click(&mut harness, "No faults");
    wait_until(&mut harness, "closing the dialog", |harness| {
        !shows(harness, "Damage the event")
    });
    harness.run_steps(2);
    click(&mut harness, "Ask again");
    wait_for(&mut harness, "end_turn");
}

#[test]
fn a_low_window_shows_all_of_a_short_dialog() {
    let mut harness = demo_window();
    wait_for(&mut harness, "Model: Nova Lite");
    harness.set_size(egui::vec2(853.0, 533.0));
    harness.run_steps(3);
    click(&mut harness, "Connection");
    wait_for(&mut harness, "In use");
    harness.run_steps(3);
    // What is out of view is not painted.
    let words = painted(&harness, "Connect");
    assert!(
        words.iter().any(|(words, _)| words == "Connect"),
        "{words:?}"
    );
}
