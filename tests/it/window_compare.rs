//! Models side by side in the window, on the real embedded endpoint.

use bedrock_playground::emulator::Faults;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::support::comparison::{Window, compare, count, is_idle, send, wait_for_answers};
use crate::support::endpoint::Endpoint;
use crate::support::session::embedded;
use crate::support::window::{
    ChosenFiles, click, connected, drop_files, shows, wait_for, wait_until, window, window_with,
    write,
};

fn add_model(harness: &mut Window, id: &str) {
    click(harness, "Add model");
    wait_for(harness, "Model id or ARN");
    write(harness, "Model id or ARN", id);
    click(harness, "Apply");
    harness.step();
    harness.step();
}

fn more(harness: &mut Window, item: &str) {
    click(harness, "More");
    wait_for(harness, item);
    click(harness, item);
}

#[test]
fn four_models_answer_at_once_and_figures_say_who_is_ahead() {
    let endpoint = Endpoint::start();
    // At once, all four could take the same time: then each is the fastest, and none only has a latency.
    endpoint.server.set_faults(Faults {
        only_model: Some("amazon.nova-lite-v1:0".into()),
        tokens_per_second: Some(200.0),
        ..Faults::default()
    });
    let mut harness = window(endpoint.session());
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
    // With another rubric the scores would be others.
    more(&mut harness, "Judge the answers…");
    wait_for(&mut harness, "Judge 4 answers again");
    write(&mut harness, "Rubric", "Short");
    click(&mut harness, "Judge 4 answers again");
    wait_until(&mut harness, "four verdicts anew", |harness| {
        is_idle(harness) && count(harness, "Judge: ") == 4
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
    more(&mut harness, "Export as CSV…");
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
fn a_column_that_was_stopped_is_asked_no_further_row_of_a_table() {
    let folder = tempfile::tempdir().expect("a folder");
    let table = folder.path().join("numbers.csv");
    let rows: Vec<String> = (1..=40).map(|row| format!("Say {row}")).collect();
    std::fs::write(&table, format!("prompt\n{}\n", rows.join("\n"))).expect("written");
    let endpoint = Endpoint::start();
    let files = ChosenFiles::default();
    let mut harness = window_with(endpoint.session(), files.clone());
    compare(&mut harness);
    endpoint.server.set_faults(Faults {
        only_model: Some("amazon.nova-pro-v1:0".into()),
        stall_after_events: Some(4),
        ..Faults::default()
    });
    files.choose(&table);
    more(&mut harness, "Ask a table of prompts…");
    wait_for(&mut harness, "Row 1: Say 1");
    click(&mut harness, "Row 1: Say 1");
    wait_for(&mut harness, "Stop Nova Pro");
    click(&mut harness, "Stop Nova Pro");
    endpoint.server.set_faults(Faults::default());
    wait_until(&mut harness, "the others", is_idle);
    let out = folder.path().join("out.csv");
    files.choose(&out);
    more(&mut harness, "Export as CSV…");
    wait_until(&mut harness, "the file", |_| out.exists());
    wait_for(&mut harness, "Saved to");
    let mut reader = csv::Reader::from_path(&out).expect("a table");
    let ended = |model: &str, records: &[csv::StringRecord]| {
        let of_model = records.iter().filter(|row| row[3].contains(model));
        of_model.filter(|row| &row[7] == "end_turn").count()
    };
    let records: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(ended("nova-lite", &records), 40);
    assert_eq!(ended("nova-pro", &records), 0);
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
