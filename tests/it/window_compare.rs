//! Models side by side in the window, on the real embedded endpoint.

use std::path::Path;

use bedrock_playground::chat::{BlockDelta, Configuration, Invocation, InvocationId, StreamEvent};
use bedrock_playground::compare::{Comparison, Prompt};
use bedrock_playground::emulator::{Faults, Pace, Server, Settings};
use bedrock_playground::store::{
    ConversationDraft, ConversationId, ConversationTotals, DataFolder, HistoryQuery, Screen, Store,
};
use bedrock_playground::tasks::SessionOptions;
use bedrock_playground::ui::App;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::support::session::{embedded, embedded_at, service_at};
use crate::support::window::{
    ChosenFiles, click, connected, drop_files, keeping_window, shows, wait_for, wait_until, window,
    window_with, write,
};

type Window = Harness<'static, App>;

/// An endpoint of its own, whose faults a test can set.
struct Endpoint {
    server: Server,
    _runtime: tokio::runtime::Runtime,
}

impl Endpoint {
    fn start() -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("threads");
        let settings = Settings {
            pace: Pace::Instant,
            ..Settings::default()
        };
        let server = runtime
            .block_on(Server::start(settings))
            .expect("it starts");
        Self {
            server,
            _runtime: runtime,
        }
    }

    fn session(&self) -> SessionOptions {
        service_at(&self.server.url())
    }
}

fn go_to(harness: &mut Window, screen: &str) {
    harness
        .get_by_role_and_label(egui::accesskit::Role::Button, screen)
        .click_accesskit();
    harness.step();
    harness.step();
}

fn compare(harness: &mut Window) {
    wait_for(harness, "Model: Nova Lite");
    go_to(harness, "Compare models");
    wait_for(harness, "Ask Nova Lite again");
}

fn add_model(harness: &mut Window, id: &str) {
    click(harness, "Add model");
    wait_for(harness, "Model id or ARN");
    write(harness, "Model id or ARN", id);
    click(harness, "Apply");
    harness.step();
    harness.step();
}

fn send(harness: &mut Window, prompt: &str) {
    write(harness, "Prompt", prompt);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    harness.step();
}

/// How many widgets are called so, or say so.
fn count(harness: &Window, text: &str) -> usize {
    let found = harness.query_all_by(|node| {
        // A run of text is a part of a label, which is counted.
        node.role() != egui::accesskit::Role::TextRun
            && (node.label().is_some_and(|label| label.contains(text))
                || node.value().is_some_and(|value| value.contains(text)))
    });
    found.count()
}

/// Whether there is nothing to stop.
fn is_idle(harness: &Window) -> bool {
    let stops = harness.query_all_by(|node| {
        node.role() == egui::accesskit::Role::Button
            && node.label().is_some_and(|label| label.starts_with("Stop"))
    });
    stops.count() == 0
}

fn wait_for_answers(harness: &mut Window, answers: usize) {
    wait_until(harness, "answers", |harness| {
        count(harness, "Rate 1 of 5") == answers && is_idle(harness)
    });
}

fn more(harness: &mut Window, item: &str) {
    click(harness, "More");
    wait_for(harness, item);
    click(harness, item);
}

#[test]
fn four_models_answer_at_once_and_figures_say_who_is_ahead() {
    let mut harness = connected();
    compare(&mut harness);
    send(&mut harness, "Name a river");
    wait_for_answers(&mut harness, 4);
    for figure in ["Fastest", "Cheapest", "latency", "1,000 calls"] {
        wait_for(&mut harness, figure);
    }
    assert!(
        !shows(&harness, "Cost of 1,000 calls"),
        "the answers have the room until someone asks for all figures"
    );
    let mut tokens = harness.get_all_by_label("tokens");
    tokens
        .next()
        .expect("a column that is not the longest")
        .hover();
    drop(tokens);
    wait_for(&mut harness, "Tokens/s");
    let answers = top_of_columns(&harness);
    click(&mut harness, "Figures");
    for figure in [
        "Tokens/s",
        "Cost of 1,000 calls",
        "Simulated answers are not charged",
    ] {
        wait_for(&mut harness, figure);
    }
    assert!(
        shows(&harness, "on\u{a0}AWS,\u{a0}not\u{a0}charged"),
        "under each column"
    );
    click(&mut harness, "Figures");
    harness.run_steps(3);
    assert!((top_of_columns(&harness) - answers).abs() < 0.1);
}

/// Where the columns begin.
fn top_of_columns(harness: &Window) -> f32 {
    let column = harness.get_by_label("Drag Nova Lite to another place");
    column.rect().top()
}

#[test]
fn a_slow_column_and_a_refused_one_leave_six_others_alone() {
    let endpoint = Endpoint::start();
    let mut harness = window(endpoint.session());
    compare(&mut harness);
    for id in [
        "amazon.nova-micro-v1:0",
        "mistral.mistral-large-2402-v1:0",
        "example.no-such-model-v1:0",
        "meta.llama3-8b-instruct-v1:0",
    ] {
        add_model(&mut harness, id);
    }
    assert!(
        harness
            .get_by_label("Add model")
            .accesskit_node()
            .is_disabled(),
        "eight are the most"
    );
    endpoint.server.set_faults(Faults {
        only_model: Some("amazon.nova-micro-v1:0".into()),
        stall_after_events: Some(4),
        ..Faults::default()
    });
    send(&mut harness, "Name a river");
    wait_until(&mut harness, "six answers", |harness| {
        count(harness, "Rate 1 of 5") == 6
    });
    assert!(
        shows(&harness, "ValidationException"),
        "the one that is refused says so"
    );
    assert_eq!(
        count(&harness, "Stop Nova Micro"),
        1,
        "the slow one goes on"
    );
    click(&mut harness, "Stop Nova Micro");
    assert!(shows(&harness, "Stopped; what came is kept"));
    endpoint.server.set_faults(Faults::default());
    click(&mut harness, "Ask Nova Micro again");
    wait_for_answers(&mut harness, 7);
}

#[test]
fn a_stream_that_is_cut_fails_its_column_alone() {
    let endpoint = Endpoint::start();
    let mut harness = window(endpoint.session());
    compare(&mut harness);
    endpoint.server.set_faults(Faults {
        only_model: Some("amazon.nova-pro-v1:0".into()),
        cut_after_events: Some(3),
        ..Faults::default()
    });
    send(&mut harness, "Name a river");
    wait_until(&mut harness, "three answers and a failure", |harness| {
        count(harness, "Rate 1 of 5") == 3 && shows(harness, "Ask this column again")
    });
    endpoint.server.set_faults(Faults::default());
    click(&mut harness, "Ask this column again");
    wait_for_answers(&mut harness, 4);
    assert!(
        shows(&harness, "Run 2 of 2"),
        "the first try is still there"
    );
}

#[test]
fn alt_text_by_four_models_is_two_clicks_from_a_dropped_image() {
    let folder = tempfile::tempdir().expect("a folder");
    let picture = folder.path().join("sky.png");
    image::RgbImage::from_pixel(320, 200, image::Rgb([30, 80, 200]))
        .save(&picture)
        .expect("saved");
    let mut harness = connected();
    drop_files(&mut harness, &[&picture]);
    wait_for(&mut harness, "Compare models…");
    click(&mut harness, "Compare models…");
    wait_for(&mut harness, "Write alt text");
    click(&mut harness, "Write alt text");
    wait_for_answers(&mut harness, 4);
    assert!(count(&harness, "blue") >= 4, "each saw the picture");
}

#[test]
fn blind_mode_hides_names_until_the_best_is_picked() {
    let mut harness = connected();
    compare(&mut harness);
    click(&mut harness, "Blind");
    send(&mut harness, "Name a river");
    wait_for_answers(&mut harness, 4);
    for name in [
        "Ask Nova Lite again",
        "Ask Nova Pro again",
        "Cheapest",
        "Tokens out",
    ] {
        assert!(!shows(&harness, name), "{name} is told");
    }
    for place in ["Answer A", "Answer B", "Answer C", "Answer D"] {
        assert!(shows(&harness, place), "{place}");
    }
    harness
        .get_all_by_label("Pick as best")
        .next()
        .expect("one")
        .click_accesskit();
    harness.step();
    harness.step();
    assert!(shows(&harness, "Best answer"));
    wait_for(&mut harness, "Cheapest");
    assert!(shows(&harness, "Nova Lite"), "all is told now");
}

#[test]
fn five_more_runs_stand_beside_the_first() {
    let mut harness = connected();
    compare(&mut harness);
    send(&mut harness, "Name a river");
    wait_for_answers(&mut harness, 4);
    more(&mut harness, "Run 5 times more");
    wait_until(&mut harness, "six runs of each", |harness| {
        count(harness, "Run 6 of 6") == 4 && is_idle(harness)
    });
    harness
        .get_all_by_label("Previous run")
        .next()
        .expect("one")
        .click_accesskit();
    harness.step();
    harness.step();
    assert_eq!(count(&harness, "Run 5 of 6"), 1);
}

#[test]
fn a_judge_scores_every_answer() {
    let mut harness = connected();
    compare(&mut harness);
    send(&mut harness, "Name a river");
    wait_for_answers(&mut harness, 4);
    more(&mut harness, "Judge the answers…");
    wait_for(&mut harness, "Choose the judge…");
    click(&mut harness, "Choose the judge…");
    wait_for(&mut harness, "Model id or ARN");
    write(&mut harness, "Model id or ARN", "amazon.nova-pro-v1:0");
    click(&mut harness, "Apply");
    wait_for(&mut harness, "Judge 4 answers");
    click(&mut harness, "Judge 4 answers");
    wait_until(&mut harness, "four verdicts", |harness| {
        count(harness, "Judge: ") == 4
    });
    click(&mut harness, "Figures");
    // Its own cost.
    wait_for(&mut harness, "judged for $");
}

#[test]
fn two_answers_are_compared_word_by_word() {
    let mut harness = connected();
    compare(&mut harness);
    send(&mut harness, "Name a river");
    wait_for_answers(&mut harness, 4);
    more(&mut harness, "Differences between two answers…");
    wait_for(&mut harness, "only left");
    // The text as it came, with its signs; the answers themselves are drawn without.
    wait_for(&mut harness, "## Name river");
}

#[test]
fn a_table_of_prompts_becomes_a_grid_and_a_spreadsheet() {
    let folder = tempfile::tempdir().expect("a folder");
    let table = folder.path().join("cities.csv");
    std::fs::write(
        &table,
        "prompt,city\nWhere is {{city}}?,Oslo\nWhat is {{city}}?,Rome\n",
    )
    .expect("written");
    let files = ChosenFiles::default();
    let mut harness = window_with(embedded(), files.clone());
    compare(&mut harness);
    files.choose(&table);
    more(&mut harness, "Ask a table of prompts…");
    wait_for(&mut harness, "Row 2: What is Rome?");
    wait_until(&mut harness, "eight answers", |harness| {
        is_idle(harness) && shows(harness, "Cheapest")
    });
    let out = folder.path().join("out.csv");
    files.choose(&out);
    more(&mut harness, "As CSV…");
    wait_until(&mut harness, "the file", |_| out.exists());
    wait_for(&mut harness, "Saved to");
    let mut reader = csv::Reader::from_path(&out).expect("a table");
    let prompts: Vec<String> = reader
        .records()
        .map(|row| row.expect("a row")[4].to_owned())
        .collect();
    assert_eq!(prompts.len(), 8);
    assert_eq!(prompts[0], "Where is Oslo?");
    assert_eq!(prompts[7], "What is Rome?");
    click(&mut harness, "Row 2: What is Rome?");
    wait_for(&mut harness, "Prompt 2 of 2");
}

#[test]
fn a_table_that_cannot_be_asked_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let table = folder.path().join("bad.csv");
    std::fs::write(&table, "prompt\nTo {{land}}\n").expect("written");
    let files = ChosenFiles::default();
    files.choose(&table);
    let mut harness = window_with(embedded(), files);
    compare(&mut harness);
    more(&mut harness, "Ask a table of prompts…");
    wait_for(&mut harness, "no value is given for {{land}}");
}

#[test]
fn a_column_can_have_parameters_of_its_own() {
    let mut harness = connected();
    compare(&mut harness);
    click(&mut harness, "More for Nova Lite");
    wait_for(&mut harness, "Parameters and prompt…");
    click(&mut harness, "Parameters and prompt…");
    write(
        &mut harness,
        "Prompt of this column",
        "In one word: {{prompt}}",
    );
    click(&mut harness, "Follows the shared parameters");
    send(&mut harness, "Name a river");
    wait_for_answers(&mut harness, 4);
    click(&mut harness, "More for Nova Lite");
    wait_for(&mut harness, "Use this model in chat");
    click(&mut harness, "Use this model in chat");
    wait_for(&mut harness, "In one word: Name a river");
}

#[test]
fn columns_are_moved_copied_and_removed() {
    let mut harness = connected();
    compare(&mut harness);
    let item = |harness: &mut Window, of: &str, item: &str| {
        click(harness, &format!("More for {of}"));
        wait_for(harness, item);
        click(harness, item);
    };
    item(&mut harness, "Nova Lite", "Same model again beside it");
    assert!(shows(&harness, "Nova Lite (2)"));
    item(&mut harness, "Nova Lite (1)", "Move to the right");
    item(&mut harness, "Nova Lite (2)", "Remove this column");
    assert!(!shows(&harness, "Nova Lite (2)"));
    assert!(shows(&harness, "Ask Nova Lite again"));
}

#[test]
fn a_model_goes_on_in_the_chat() {
    let mut harness = connected();
    compare(&mut harness);
    send(&mut harness, "Name a river");
    wait_for_answers(&mut harness, 4);
    click(&mut harness, "More for Nova Pro");
    wait_for(&mut harness, "Use this model in chat");
    click(&mut harness, "Use this model in chat");
    wait_for(&mut harness, "Model: Nova Pro");
    wait_for(&mut harness, "Regenerate");
    assert!(shows(&harness, "Name a river"), "with what was said");
}

fn stored(folder: &Path) -> usize {
    let folder = DataFolder::find(Some(folder)).expect("a folder");
    let store = Store::open(&folder).expect("the history").store;
    let query = HistoryQuery {
        screen: Some(Screen::compare()),
        ..HistoryQuery::default()
    };
    let page = store.history(&query).expect("a page");
    let answers = page.rows.iter().map(|row| {
        let stored = store.load_conversation(row.id).expect("there");
        let answered = |turn: &bedrock_playground::chat::Turn| {
            turn.invocation
                .as_ref()
                .is_some_and(|call| call.usage.is_some())
        };
        let turns = stored.transcript.all_turns();
        turns.filter(|(_, turn)| answered(turn)).count()
    });
    answers.sum()
}

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
    let (sheet, transcript) = comparison.save().expect("saved");
    let folder = DataFolder::find(Some(folder)).expect("a folder");
    let store = Store::open(&folder).expect("the history").store;
    let draft = ConversationDraft {
        id: ConversationId::new(),
        title: "Long".into(),
        screen: Screen::compare(),
        model: None,
        region: "us-east-1".into(),
        connection: "Embedded endpoint".into(),
        configuration: comparison.shared.clone(),
        transcript,
        totals: ConversationTotals::default(),
        sheet: Some(sheet),
    };
    store.save_conversation(&draft).expect("saved");
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
