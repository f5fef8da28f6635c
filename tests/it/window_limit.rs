//! The limit of one call, where many calls are made at once.

use std::path::Path;

use bedrock_playground::emulator::Pace;
use bedrock_playground::pricing::Usd;
use bedrock_playground::store::{DataFolder, Settings, save_settings};

use crate::support::comparison::{Window, compare, count, is_idle, send, wait_for_answers};
use crate::support::window::{click, go_to, keeping_window, shows, wait_for, wait_until};

/// Half of what 84 tokens of answer cost, at Nova Lite's $0.24 a million.
const LIMIT: &str = "0.00001";

const QUESTION: &str = "above your limit of $0.00001";

fn limited_window(folder: &Path) -> Window {
    let mut settings = Settings::default();
    settings.ask_above = Some(Usd::new(LIMIT.parse().expect("an amount")));
    let data = DataFolder::find(Some(folder)).expect("a folder");
    save_settings(&data, &settings).expect("saved");
    keeping_window(folder, Pace::Instant)
}

fn gone(harness: &mut Window) {
    wait_until(harness, "no question", |harness| !shows(harness, QUESTION));
}

#[test]
fn a_comparison_waits_for_a_word_and_so_does_its_judge() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = limited_window(folder.path());
    compare(&mut harness);
    send(&mut harness, "Name a river");
    wait_for(&mut harness, QUESTION);
    click(&mut harness, "Don't send");
    gone(&mut harness);
    assert!(is_idle(&harness) && count(&harness, "Rate 1 of 5") == 0);
    assert!(
        shows(&harness, "Name a river"),
        "it is still in the composer"
    );
    send(&mut harness, " and a lake");
    wait_for(&mut harness, QUESTION);
    click(&mut harness, "Send anyway");
    wait_for_answers(&mut harness, 4);
    assert!(
        !shows(&harness, QUESTION),
        "one word is enough for all four"
    );
    assert_eq!(count(&harness, "Name a river and a lake"), 4);
    // Another try is as dear.
    click(&mut harness, "Ask Nova Lite again");
    wait_for(&mut harness, QUESTION);
    click(&mut harness, "Don't send");
    gone(&mut harness);
    wait_for_answers(&mut harness, 4);
    // Answers of this length are no cheaper to judge.
    click(&mut harness, "More");
    wait_for(&mut harness, "Judge the answers…");
    click(&mut harness, "Judge the answers…");
    wait_for(&mut harness, "Choose the judge…");
    click(&mut harness, "Choose the judge…");
    wait_for(&mut harness, "Model id or ARN");
    crate::support::window::write(&mut harness, "Model id or ARN", "amazon.nova-pro-v1:0");
    click(&mut harness, "Apply");
    click(&mut harness, "Judge 4 answers");
    wait_for(&mut harness, QUESTION);
}

#[test]
fn a_run_over_a_table_waits_for_a_word() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = limited_window(folder.path());
    go_to(&mut harness, "Prompts");
    wait_for(&mut harness, "Open prompt Classify a message");
    click(&mut harness, "Open prompt Classify a message");
    wait_for(&mut harness, "Variables");
    click(&mut harness, "Run");
    click(&mut harness, "Run 1 row");
    wait_for(&mut harness, "Send anyway");
    click(&mut harness, "Don't send");
    gone(&mut harness);
    assert!(shows(&harness, "Run 1 row"), "nothing was asked");
    click(&mut harness, "Run 1 row");
    wait_for(&mut harness, "Send anyway");
    click(&mut harness, "Send anyway");
    wait_for(&mut harness, "1 of 1 answered");
    // The next run is asked about again.
    wait_for(&mut harness, "Run 1 row again");
    click(&mut harness, "Run 1 row again");
    wait_for(&mut harness, "Send anyway");
    assert!(shows(&harness, "1 of 1 answered"), "its answers stay");
}
