//! Comparisons in the history: kept whole, found by what was answered, listed with the conversations.

use bedrock_playground::chat::{
    BlockDelta, Configuration, ContentBlock, Image, ImageFormat, Invocation, InvocationId,
    MediaSource, StreamEvent, Transcript,
};
use bedrock_playground::compare::{Comparison, Prompt};
use bedrock_playground::store::{ConversationDraft, ConversationId, HistoryQuery, Screen, Store};

use super::store::{options, place};
use crate::support::comparison;

fn comparison() -> Comparison {
    let models = ["amazon.nova-lite-v1:0", "amazon.nova-micro-v1:0"];
    let models = models.map(Into::into);
    let mut comparison = Comparison::new(Configuration::default(), models);
    let picture = ContentBlock::Image(Image {
        format: ImageFormat::Png,
        source: MediaSource::Bytes(vec![7; 4_096].into()),
    });
    let row = comparison.add_row();
    comparison.ask(row, Prompt::typed("Which boat?", vec![picture]));
    let columns: Vec<_> = comparison
        .columns()
        .iter()
        .map(|column| column.id)
        .collect();
    for (call, (column, text)) in (1..).zip(columns.into_iter().zip(["A red dinghy", "A yawl"])) {
        let request = comparison.prepare(row, column).unwrap();
        let id = InvocationId(call);
        comparison.begin(
            row,
            column,
            Invocation::new(id, request.model_id, "us-east-1"),
        );
        let delta = BlockDelta::Text(text.to_owned());
        comparison.apply(id, StreamEvent::BlockDelta { index: 0, delta });
        comparison.complete(id);
    }
    comparison
}

fn draft(id: ConversationId, comparison: &Comparison) -> ConversationDraft {
    ConversationDraft {
        id,
        ..comparison::draft("Which boat?", comparison)
    }
}

fn said(comparison: &Comparison) -> Vec<String> {
    let columns = comparison.columns().iter();
    let runs = columns.flat_map(|column| comparison.runs(column.id));
    runs.map(|run| run.message.text()).collect()
}

#[test]
fn a_comparison_is_there_again_after_a_restart_and_goes_on() {
    let place = place();
    let id = ConversationId::new();
    let mut comparison = comparison();
    place
        .store
        .save_conversation(&draft(id, &comparison))
        .unwrap();
    let first = comparison.columns()[0].id;
    comparison.verdicts_mut().pick(0, 0, Some(first));
    let saved = place
        .store
        .save_conversation(&draft(id, &comparison))
        .unwrap();
    assert_eq!(saved.turns_written, 0, "a verdict rewrites no answer");
    drop(place.store);
    let store = Store::open_with(&place.folder, options()).unwrap().store;
    let stored = store.load_conversation(id).unwrap();
    assert_eq!(stored.screen, Screen::compare());
    let sheet = stored.sheet.unwrap();
    let again = Comparison::restore(stored.configuration, &sheet, &stored.transcript).unwrap();
    assert_eq!(said(&again), ["A red dinghy", "A yawl"]);
    assert_eq!(again.verdicts().winner(0, 0), Some(first));
    assert_eq!(
        again.rows()[0].rounds,
        comparison.rows()[0].rounds,
        "the picture too"
    );
}

#[test]
fn it_is_listed_and_found_among_the_conversations() {
    let place = place();
    let id = ConversationId::new();
    let store = &place.store;
    store.save_conversation(&draft(id, &comparison())).unwrap();
    let mut chat = draft(ConversationId::new(), &comparison());
    chat.screen = Screen::chat();
    chat.sheet = None;
    chat.transcript = Transcript::default();
    chat.transcript
        .push_user(vec![ContentBlock::Text("Hello".into())]);
    store.save_conversation(&chat).unwrap();
    let list = |query: HistoryQuery| -> Vec<ConversationId> {
        let page = store.history(&query).unwrap();
        page.rows.into_iter().map(|row| row.id).collect()
    };
    assert_eq!(list(HistoryQuery::default()).len(), 2);
    let screen = Some(Screen::compare());
    assert_eq!(
        list(HistoryQuery {
            screen,
            ..HistoryQuery::default()
        }),
        [id]
    );
    let text = "yawl".to_owned();
    assert_eq!(
        list(HistoryQuery {
            text,
            ..HistoryQuery::default()
        }),
        [id]
    );
}

#[test]
fn a_copy_has_its_sheet() {
    let place = place();
    let id = ConversationId::new();
    place
        .store
        .save_conversation(&draft(id, &comparison()))
        .unwrap();
    let copy = place.store.duplicate(id).unwrap();
    let stored = place.store.load_conversation(copy).unwrap();
    let sheet = stored.sheet.unwrap();
    let again = Comparison::restore(stored.configuration, &sheet, &stored.transcript).unwrap();
    assert_eq!(said(&again).len(), 2);
}
