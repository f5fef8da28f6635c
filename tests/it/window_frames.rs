//! The frame-time overlay, and what idle windows and long histories cost, counted.

use serde_json::Value;

use crate::support::session::embedded;
use crate::support::window::{
    ChosenFiles, click, connected, shows, wait_for, wait_until, window_with, write,
};

#[test]
fn frame_times_are_shown_when_asked_for_and_saved_as_a_trace() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace.json");
    let files = ChosenFiles::default();
    files.choose(&trace);
    let mut harness = window_with(embedded(), files);
    wait_for(&mut harness, "Model: Nova Lite");
    assert!(!shows(&harness, "Save a trace…"));
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::K);
    harness.step();
    write(&mut harness, "Find an action", "frame times");
    click(&mut harness, "Developer: frame times");
    wait_for(&mut harness, "Save a trace…");
    click(&mut harness, "Save a trace…");
    wait_until(&mut harness, "the trace", |_| {
        std::fs::read(&trace)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok())
            .is_some_and(|trace| trace["traceEvents"].is_array())
    });
    click(&mut harness, "Hide frame times");
    wait_until(&mut harness, "the overlay is gone", |harness| {
        !shows(harness, "Save a trace…")
    });
}

#[test]
fn an_idle_window_asks_for_no_frame() {
    let mut harness = connected();
    // What still had to be done is done within a few.
    wait_until(&mut harness, "peace", |harness| {
        let output = harness.output();
        let delay = output
            .viewport_output
            .get(&egui::ViewportId::ROOT)
            .map(|viewport| viewport.repaint_delay);
        delay == Some(std::time::Duration::MAX)
    });
}
