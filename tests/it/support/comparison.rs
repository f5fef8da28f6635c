//! A comparison as a person has it, for the tests of its screen.

use std::path::Path;

use bedrock_playground::chat::Turn;
use bedrock_playground::compare::Comparison;
use bedrock_playground::store::{
    ConversationDraft, ConversationId, ConversationTotals, DataFolder, HistoryQuery, Screen, Store,
};
use bedrock_playground::ui::App;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::window::{go_to, wait_for, wait_until, write};

pub type Window = Harness<'static, App>;

pub fn compare(harness: &mut Window) {
    wait_for(harness, "Model: Nova Lite");
    go_to(harness, "Compare models");
    wait_for(harness, "Ask Nova Lite again");
}

pub fn send(harness: &mut Window, prompt: &str) {
    write(harness, "Prompt", prompt);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    harness.step();
}

/// How many widgets are called so, or say so.
pub fn count(harness: &Window, text: &str) -> usize {
    let found = harness.query_all_by(|node| {
        // A run of text is a part of a label, which is counted.
        node.role() != egui::accesskit::Role::TextRun
            && (node.label().is_some_and(|label| label.contains(text))
                || node.value().is_some_and(|value| value.contains(text)))
    });
    found.count()
}

/// Whether there is nothing to stop.
pub fn is_idle(harness: &Window) -> bool {
    let stops = harness.query_all_by(|node| {
        node.role() == egui::accesskit::Role::Button
            && node.label().is_some_and(|label| label.starts_with("Stop"))
    });
    stops.count() == 0
}

pub fn wait_for_answers(harness: &mut Window, answers: usize) {
    wait_until(harness, "answers", |harness| {
        count(harness, "Rate 1 of 5") == answers && is_idle(harness)
    });
}

/// How many answers of comparisons are kept.
pub fn stored(folder: &Path) -> usize {
    let folder = DataFolder::find(Some(folder)).expect("a folder");
    let store = Store::open(&folder).expect("the history").store;
    let query = HistoryQuery {
        screen: Some(Screen::compare()),
        ..HistoryQuery::default()
    };
    let page = store.history(&query).expect("a page");
    let answers = page.rows.iter().map(|row| {
        let stored = store.load_conversation(row.id).expect("there");
        let answered = |turn: &Turn| {
            turn.invocation
                .as_ref()
                .is_some_and(|call| call.usage.is_some())
        };
        let turns = stored.transcript.all_turns();
        turns.filter(|(_, turn)| answered(turn)).count()
    });
    answers.sum()
}

/// A comparison as the history keeps it.
pub fn draft(title: &str, comparison: &Comparison) -> ConversationDraft {
    let (sheet, transcript) = comparison.save().expect("saved");
    ConversationDraft {
        id: ConversationId::new(),
        title: title.into(),
        screen: Screen::compare(),
        model: None,
        region: "us-east-1".into(),
        connection: "Embedded endpoint".into(),
        configuration: comparison.shared.clone(),
        transcript,
        totals: ConversationTotals::default(),
        sheet: Some(sheet),
    }
}
