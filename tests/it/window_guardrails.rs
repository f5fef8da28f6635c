//! Guardrails in the window: made, edited, tried on the bench, numbered, deleted; nothing edited goes
//! without a question.

use bedrock_playground::ui::App;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::support::window::{
    click, connected, go_to, keeping_window, shows, unfold, wait_for, wait_until, write,
};

fn go_to_guardrails(harness: &mut Harness<'static, App>) {
    go_to(harness, "Guardrails");
    wait_for(harness, "Open guardrail example-guardrail");
}

fn open_example(harness: &mut Harness<'static, App>) {
    go_to_guardrails(harness);
    click(harness, "Open guardrail example-guardrail");
    wait_for(harness, "Ready");
}

fn make(harness: &mut Harness<'static, App>, name: &str) {
    click(harness, "New guardrail");
    wait_for(harness, "Not made yet");
    wait_for(harness, "The name is empty");
    write(harness, "Name of the guardrail", name);
    unfold(harness, "Words");
    write(harness, "Words", "heist\nloot");
    click(harness, "Save");
}

/// Saves in the dialog that asks before changes are left.
fn save_when_asked(harness: &mut Harness<'static, App>) {
    wait_for(harness, "Save the changes?");
    harness
        .get_all_by_role_and_label(Role::Button, "Save")
        .last()
        .expect("the dialog's")
        .click_accesskit();
}

#[test]
fn a_guardrail_is_made_tried_and_numbered() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = keeping_window(folder.path(), bedrock_playground::emulator::Pace::Instant);
    go_to_guardrails(&mut harness);
    make(&mut harness, "shop");
    wait_for(&mut harness, "Open guardrail shop");
    wait_for(&mut harness, "Ready");
    click(&mut harness, "Test");
    write(&mut harness, "Text to test", "Plan a heist");
    // Twelve characters are one unit of each of two policies.
    wait_for(&mut harness, "Expected: 2 units");
    click(&mut harness, "Test the text");
    wait_for(&mut harness, "After: what is shown instead");
    for words in [
        "Blocked",
        "Word filter",
        "Sorry, this question cannot be answered here.",
        "Guardrail word filter units",
        "Simulated, not charged",
    ] {
        wait_for(&mut harness, words);
    }
    click(&mut harness, "Versions");
    click(&mut harness, "Make a version");
    wait_for(&mut harness, "Show Version 1");
    click(&mut harness, "Show Version 1");
    wait_for(&mut harness, "Version 1, as it was made");
}

#[test]
fn a_name_that_is_taken_is_said_in_the_services_words() {
    let mut harness = connected();
    go_to_guardrails(&mut harness);
    make(&mut harness, "example-guardrail");
    wait_for(&mut harness, "ConflictException");
    wait_for(&mut harness, "already has the name example-guardrail");
    assert!(shows(&harness, "Not made yet"));
}

#[test]
fn what_was_edited_does_not_go_without_a_question() {
    let mut harness = connected();
    open_example(&mut harness);
    write(&mut harness, "Description", " and more");
    wait_for(&mut harness, "Not saved");
    click(&mut harness, "New guardrail");
    wait_for(&mut harness, "Save the changes?");
    click(&mut harness, "Go on editing");
    wait_for(&mut harness, "Not saved");
    click(&mut harness, "New guardrail");
    save_when_asked(&mut harness);
    wait_for(&mut harness, "Not made yet");
    wait_for(&mut harness, "Open guardrail example-guardrail");
    click(&mut harness, "Open guardrail example-guardrail");
    wait_for(&mut harness, "and more");
    assert!(!shows(&harness, "Not saved"));
}

#[test]
fn deleting_asks_once_and_says_what_uses_it() {
    let mut harness = connected();
    open_example(&mut harness);
    click(&mut harness, "Guardrail menu");
    wait_for(&mut harness, "Use in chat");
    click(&mut harness, "Use in chat");
    wait_for(&mut harness, "Model: Nova Lite");
    go_to_guardrails(&mut harness);
    click(&mut harness, "Guardrail menu");
    wait_for(&mut harness, "Delete this guardrail…");
    click(&mut harness, "Delete this guardrail…");
    wait_for(&mut harness, "It is used here by the open conversation.");
    click(&mut harness, "Delete it");
    wait_for(&mut harness, "This account has no guardrails here");
}

#[test]
fn personal_data_is_masked_on_the_bench() {
    let mut harness = connected();
    open_example(&mut harness);
    click(&mut harness, "Test");
    write(&mut harness, "Text to test", "Write to me@example.com");
    click(&mut harness, "Test the text");
    wait_for(&mut harness, "After: what passes");
    wait_for(&mut harness, "Write to {EMAIL}");
    wait_until(&mut harness, "the finding", |harness| {
        shows(harness, "“me@example.com”")
    });
}

#[test]
fn a_version_is_looked_at_while_the_draft_is_being_changed() {
    let mut harness = connected();
    open_example(&mut harness);
    click(&mut harness, "Versions");
    click(&mut harness, "Make a version");
    wait_for(&mut harness, "Show Version 1");
    click(&mut harness, "Policies");
    write(&mut harness, "Description", " and more");
    wait_for(&mut harness, "Not saved");
    click(&mut harness, "Versions");
    click(&mut harness, "Show Version 1");
    wait_for(&mut harness, "Version 1, as it was made");
    wait_for(
        &mut harness,
        "What you changed in the draft is kept here, and not saved.",
    );
    click(&mut harness, "Policies");
    assert!(
        !shows(&harness, "and more"),
        "the version is as it was made"
    );
    // It does not get lost from here either.
    click(&mut harness, "New guardrail");
    wait_for(&mut harness, "Save the changes?");
    click(&mut harness, "Go on editing");
    click(&mut harness, "Back to the draft");
    wait_for(&mut harness, "and more");
    wait_for(&mut harness, "Not saved");
    click(&mut harness, "Save");
    wait_until(&mut harness, "saved", |harness| {
        !shows(harness, "Not saved") && shows(harness, "and more")
    });
}

#[test]
fn what_waits_in_the_draft_is_saved_from_a_version_too() {
    let mut harness = connected();
    open_example(&mut harness);
    click(&mut harness, "Versions");
    click(&mut harness, "Make a version");
    wait_for(&mut harness, "Show Version 1");
    click(&mut harness, "Policies");
    write(&mut harness, "Description", " and more");
    click(&mut harness, "Versions");
    click(&mut harness, "Show Version 1");
    wait_for(&mut harness, "Version 1, as it was made");
    click(&mut harness, "New guardrail");
    save_when_asked(&mut harness);
    wait_for(&mut harness, "Not made yet");
    click(&mut harness, "Open guardrail example-guardrail");
    wait_for(&mut harness, "and more");
    assert!(!shows(&harness, "ot saved"));
}

#[test]
fn grounding_is_edited_and_an_answer_is_scored_against_its_source() {
    let mut harness = connected();
    open_example(&mut harness);
    unfold(&mut harness, "Contextual grounding");
    wait_for(&mut harness, "Threshold, Grounding");
    click(&mut harness, "Relevance");
    click(&mut harness, "Save");
    wait_until(&mut harness, "saved", |harness| {
        !shows(harness, "Not saved")
    });
    click(&mut harness, "Test");
    click(&mut harness, "an answer");
    wait_for(&mut harness, "only looked at with a source and a question");
    write(
        &mut harness,
        "Text to test",
        "The capital of Japan is Tokyo",
    );
    write(
        &mut harness,
        "Grounding source",
        "Tokyo is the capital of Japan.",
    );
    write(&mut harness, "Question", "What is the capital of Japan?");
    click(&mut harness, "Test the text");
    // Every telling word of the answer stands in the source.
    wait_for(&mut harness, "Grounding 1.00, at least 0.60 is asked for");
    wait_for(&mut harness, "Enough");
    wait_for(&mut harness, "The scores are simulated");
    assert!(!shows(&harness, "Relevance 0"), "it was switched off");
    // And none in another.
    write(&mut harness, "Grounding source", " ");
    harness.get_by_label("Grounding source").focus();
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    harness.step();
    write(&mut harness, "Grounding source", "Whales live in oceans.");
    click(&mut harness, "Test the text");
    wait_for(&mut harness, "Grounding 0.00, at least 0.60 is asked for");
    wait_for(&mut harness, "Too little");
    wait_for(&mut harness, "Blocked");
}
