//! What stands over every screen.

use std::path::PathBuf;

use egui::{HoveredFile, Key, Modifiers};

use super::{Scene, Stage};
use crate::support::window::{ask, click, wait_for};
use crate::window_desktop::close;

pub const SCENES: &[Scene] = &[
    Scene("welcome", |stage| {
        stage.on_first_run();
        stage.connect();
        wait_for(&mut stage.harness, "Stay in the demo");
        wait_for(&mut stage.harness, "An AWS profile");
        crate::support::window::wait_until(&mut stage.harness, "looking around", |harness| {
            !crate::support::window::shows(harness, "In progress")
        });
    }),
    Scene("welcome_tried", |stage| {
        stage.on_first_run();
        click(&mut stage.harness, "Stay in the demo");
        wait_for(&mut stage.harness, "models; the clock is near enough");
        stage.connect();
    }),
    Scene("command_palette", |stage| {
        stage.connect();
        let command = Modifiers::COMMAND;
        stage.harness.key_press_modifiers(command, Key::K);
        wait_for(&mut stage.harness, "Next conversation");
    }),
    Scene("guide", |stage| {
        stage.connect();
        stage.harness.key_press(Key::F1);
        wait_for(&mut stage.harness, "Getting started");
    }),
    Scene("faults", |stage| {
        stage.connect();
        click(&mut stage.harness, "Faults on request…");
        click(&mut stage.harness, "Fail the n-th");
        wait_for(&mut stage.harness, "ThrottlingException (429)");
    }),
    Scene("quit", |stage| {
        stage.on_a_slow_endpoint();
        stage.connect();
        ask(&mut stage.harness, "What is a guardrail?");
        wait_for(&mut stage.harness, "Waiting for the first token");
        // Whose answer it is comes with the head of the answer.
        wait_for(&mut stage.harness, "Simulated");
        close(&mut stage.harness);
        wait_for(&mut stage.harness, "Quit anyway");
    }),
    Scene("drop_on_chat", |stage| {
        stage.connect();
        hold_files(stage, 1);
    }),
    Scene("drop_on_alt_text", |stage| {
        stage.go("Alt text");
        hold_files(stage, 3);
    }),
];

/// A file manager drags so many files over the window.
fn hold_files(stage: &mut Stage, count: usize) {
    let file = |number| HoveredFile {
        path: Some(PathBuf::from(format!("photo-{number}.jpg"))),
        ..HoveredFile::default()
    };
    let hovered = &mut stage.harness.input_mut().hovered_files;
    hovered.extend((1..=count).map(file));
}
