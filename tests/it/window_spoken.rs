//! What a screen reader says by itself, without anybody going there.

use bedrock_playground::emulator::{FaultKind, Faults, Pace};
use bedrock_playground::store::{DataFolder, Settings, save_settings};
use bedrock_playground::ui::App;
use egui::accesskit::Live;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::support::endpoint::Endpoint;
use crate::support::session::embedded_at;
use crate::support::window::{
    ask, click, connected, go_to, keeping_window, wait_for, wait_until, window,
};

/// Whether these words are read aloud when they appear, and how.
fn spoken(harness: &Harness<'static, App>, words: &str) -> Option<Live> {
    let mut found = harness.query_all_by(|node| {
        let texts = [node.label(), node.value()];
        texts.iter().flatten().any(|text| text.contains(words))
    });
    let live = |node: egui_kittest::Node<'_>| node.accesskit_node().live();
    found.find_map(|node| Some(live(node)).filter(|live| *live != Live::Off))
}

#[test]
fn the_window_has_a_name() {
    let harness = connected();
    let name = harness.root().accesskit_node().label();
    assert_eq!(name.as_deref(), Some("Bedrock Playground"));
}

#[test]
fn an_answer_is_said_to_have_ended() {
    // At once, it could begin and end between two frames.
    let mut harness = window(embedded_at(Pace::Believable));
    wait_for(&mut harness, "Model: Nova Lite");
    ask(&mut harness, "Name a river");
    wait_until(&mut harness, "the first words", |harness| {
        spoken(harness, "The answer is coming") == Some(Live::Polite)
    });
    wait_until(&mut harness, "the words", |harness| {
        spoken(harness, "The answer has ended") == Some(Live::Polite)
    });
}

#[test]
fn a_failure_is_said_at_once() {
    let endpoint = Endpoint::start();
    endpoint.server.set_faults(Faults {
        fail_nth: Some((1, FaultKind::AccessDenied)),
        ..Faults::default()
    });
    let mut harness = window(endpoint.session());
    wait_for(&mut harness, "Model: Nova Lite");
    ask(&mut harness, "Name a river");
    wait_for(&mut harness, "AccessDeniedException");
    let failure = spoken(&harness, "AccessDeniedException");
    assert_eq!(failure, Some(Live::Assertive));
}

#[test]
fn a_notice_is_said() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = DataFolder::find(Some(place.path())).expect("a folder");
    let mut settings = Settings::default();
    settings.font = Some("No Such Family".into());
    save_settings(&folder, &settings).expect("saved");
    let mut harness = keeping_window(place.path(), Pace::Instant);
    wait_for(&mut harness, "no font family");
    let failed = spoken(&harness, "no font family");
    assert_eq!(failed, Some(Live::Assertive));
    go_to(&mut harness, "Settings");
    wait_for(&mut harness, "Begin like the current conversation");
    click(&mut harness, "Begin like the current conversation");
    wait_for(&mut harness, "New conversations begin like this one");
    let done = spoken(&harness, "New conversations begin like this one");
    assert_eq!(done, Some(Live::Polite));
}
