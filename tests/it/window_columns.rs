//! The columns of a comparison: found again with all answers, read from what was asked, and still while they grow.

use std::path::Path;

use bedrock_playground::chat::{BlockDelta, Configuration, Invocation, InvocationId, StreamEvent};
use bedrock_playground::compare::{Comparison, Prompt};
use bedrock_playground::emulator::Pace;
use bedrock_playground::store::{DataFolder, Store};
use egui_kittest::kittest::Queryable as _;

use crate::support::comparison::{
    Window, compare, count, draft, is_idle, send, stored, wait_for_answers,
};
use crate::support::session::embedded_at;
use crate::support::window::{click, go_to, keeping_window, shows, wait_for, wait_until, window};

#[test]
fn a_comparison_is_found_in_the_history_with_all_answers() {
    let folder = tempfile::tempdir().expect("a folder");
    {
        let mut harness = keeping_window(folder.path(), Pace::Instant);
        compare(&mut harness);
        send(&mut harness, "Name a river");
        wait_for_answers(&mut harness, 4);
        wait_until(&mut harness, "saving", |_| stored(folder.path()) == 4);
    }
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    go_to(&mut harness, "History");
    wait_for(&mut harness, "4 models: Name a river");
    click(&mut harness, "Open conversation 4 models: Name a river");
    wait_for_answers(&mut harness, 4);
    assert!(shows(&harness, "Cheapest"));
    send(&mut harness, "And a lake");
    wait_until(&mut harness, "four more", |harness| {
        is_idle(harness) && stored(folder.path()) == 8
    });
}

/// So long that no column has room for what is said to it.
fn long_prompt() -> String {
    let lines: Vec<String> = (1..=12)
        .map(|line| format!("{line}. What is this rule of the house for?"))
        .collect();
    lines.join("\n")
}

#[test]
fn answers_are_read_from_what_was_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    compare(&mut harness);
    send(&mut harness, &long_prompt());
    wait_for_answers(&mut harness, 4);
    harness.run_steps(5);
    let first_line = "1. What is this rule";
    assert_eq!(count(&harness, first_line), 4, "after the run");
    send(&mut harness, "And in the garden?");
    wait_until(&mut harness, "four more", |harness| {
        is_idle(harness) && stored(folder.path()) == 8
    });
    harness.run_steps(5);
    assert_eq!(count(&harness, "And in the garden?"), 4, "another round");
    drop(harness);
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    go_to(&mut harness, "History");
    wait_for(&mut harness, "Open conversation 4 models");
    let named = |node: &egui_kittest::kittest::AccessKitNode<'_>| {
        node.label()
            .is_some_and(|label| label.starts_with("Open conversation 4 models"))
    };
    harness.get_by(named).click_accesskit();
    wait_for(&mut harness, "And in the garden?");
    harness.run_steps(5);
    assert_eq!(count(&harness, "And in the garden?"), 4, "from the history");
}

/// Eight columns of so many rounds, saved as if they had been had.
fn long_comparison(folder: &Path, rounds: u64) {
    let models = (0..8).map(|at| format!("example.model-{at}").into());
    let mut comparison = Comparison::new(Configuration::default(), models);
    let columns: Vec<_> = comparison
        .columns()
        .iter()
        .map(|column| column.id)
        .collect();
    let row = comparison.add_row();
    let mut call = 0;
    for round in 0..rounds {
        comparison.ask(row, Prompt::typed(format!("Prompt {round}"), Vec::new()));
        for column in &columns {
            call += 1;
            let id = InvocationId(call);
            let request = comparison.prepare(row, *column).expect("a request");
            comparison.begin(
                row,
                *column,
                Invocation::new(id, request.model_id, "us-east-1"),
            );
            let delta = BlockDelta::Text(format!("Answer {round}"));
            comparison.apply(id, StreamEvent::BlockDelta { index: 0, delta });
            comparison.complete(id);
        }
    }
    let folder = DataFolder::find(Some(folder)).expect("a folder");
    let store = Store::open(&folder).expect("the history").store;
    store
        .save_conversation(&draft("Long", &comparison))
        .expect("saved");
}

#[test]
fn a_frame_draws_what_is_in_view_however_long_the_history() {
    let folder = tempfile::tempdir().expect("a folder");
    long_comparison(folder.path(), 150);
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    go_to(&mut harness, "History");
    wait_for(&mut harness, "Open conversation Long");
    click(&mut harness, "Open conversation Long");
    wait_until(&mut harness, "the last answers", |harness| {
        count(harness, "Answer 149") == 8
    });
    for _ in 0..5 {
        harness.step();
    }
    let drawn = count(&harness, "Rate 1 of 5");
    assert!(drawn < 8 * 12, "{drawn} of 1,200 answers were drawn");
}

/// A model and its profile, which share a name; and the model once more.
#[test]
fn columns_of_one_name_have_titles_of_their_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let lite = "amazon.nova-lite-v1:0";
    let models = [
        lite,
        "us.amazon.nova-lite-v1:0",
        lite,
        "amazon.nova-micro-v1:0",
    ];
    let mut comparison = Comparison::new(Configuration::default(), models.map(Into::into));
    comparison.add_row();
    let data = DataFolder::find(Some(folder.path())).expect("a folder");
    let store = Store::open(&data).expect("the history").store;
    store
        .save_conversation(&draft("One name", &comparison))
        .expect("saved");
    drop(store);
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    go_to(&mut harness, "History");
    wait_for(&mut harness, "Open conversation One name");
    click(&mut harness, "Open conversation One name");
    for name in [
        "Nova Lite amazon.nova-lite-v1:0 (1)",
        "Nova Lite us.amazon.nova-lite-v1:0",
        "Nova Lite amazon.nova-lite-v1:0 (2)",
        "Nova Micro",
    ] {
        wait_for(&mut harness, &format!("More for {name}"));
    }
}

/// Where the repeated prompt and the heading of the answer below it stand, of every column.
fn tops(harness: &Window) -> Vec<f32> {
    let texts = harness.query_all_by(|node| {
        node.role() == egui::accesskit::Role::Label
            && node
                .value()
                .is_some_and(|value| value == "Name a river" || value == "Name river")
    });
    texts.map(|node| node.rect().top()).collect()
}

#[test]
fn no_answer_moves_when_one_is_whole_or_when_all_are() {
    nothing_moves(false);
}

#[test]
fn no_answer_moves_below_all_figures_either() {
    nothing_moves(true);
}

/// A badge stands in the last row: of the other three Llama is the cheapest.
#[test]
fn no_answer_moves_when_the_last_of_the_figures_is_ahead() {
    let mut harness = window(embedded_at(Pace::Times(0.4)));
    harness.set_size(egui::vec2(1280.0, 800.0));
    compare(&mut harness);
    click(&mut harness, "More for Nova Lite");
    click(&mut harness, "Remove this column");
    send(&mut harness, "Name a river");
    click(&mut harness, "Figures");
    wait_until(&mut harness, "the beginning of each", |harness| {
        tops(harness).len() == 6
    });
    harness.run_steps(3);
    let streaming = tops(&harness);
    wait_for_answers(&mut harness, 3);
    harness.run_steps(3);
    assert_eq!(tops(&harness), streaming);
}

fn nothing_moves(with_figures: bool) {
    let mut harness = window(embedded_at(Pace::Times(0.4)));
    harness.set_size(egui::vec2(1280.0, 800.0));
    compare(&mut harness);
    send(&mut harness, "Name a river");
    if with_figures {
        click(&mut harness, "Figures");
    }
    wait_until(&mut harness, "the beginning of each", |harness| {
        tops(harness).len() == 8
    });
    // The page is held at the prompt from the second frame on.
    harness.run_steps(3);
    let streaming = tops(&harness);
    assert!(!shows(&harness, "Rate 1 of 5"), "none is whole");
    wait_until(&mut harness, "a whole answer", |harness| {
        shows(harness, "Rate 1 of 5")
    });
    harness.run_steps(3);
    assert_eq!(tops(&harness), streaming, "one is whole");
    wait_for_answers(&mut harness, 4);
    harness.run_steps(3);
    assert_eq!(tops(&harness), streaming, "all are whole");
}
